"""Nothing internal reaches a published file: a token in every internal column of every table, then every byte is read.

The columns are found by their type, so a new one is covered on the day it is added."""

import base64
import html
import json
import urllib.parse
from dataclasses import replace

import pytest

from portal.accounts.models import SignInSession
from portal.db import InternalJSON, InternalText
from portal.fiscal import add_months, month_start
from portal.markdown import plain_text
from portal.partners.models import Partner
from portal.propositions.models import Proposition
from portal.publishing.internal_texts import columns, forbidden, internal_texts, tables
from portal.publishing.models import PageApproval
from portal.publishing.publication import publish
from portal.publishing.snapshot import head
from portal.tables import TABLES
from tests.planting import plant, through_the_wall

INTERNAL = (InternalText, InternalJSON)


@pytest.fixture
def here(settings, tmp_path):
    return replace(settings, data=tmp_path)


@pytest.fixture
def planted(cast):
    """{token: where it stands} of every internal column, in rows of the published partner and of another."""
    tokens = {}
    kpi = cast.kpi("revenue")
    last = add_months(month_start(head(1, cast.stamp.at).as_of_on), -1)
    for partner in (cast.orebro, cast.malmo):
        cast.actual(kpi, partner, last, 90_000)
        cast.action(partner, f"The shared promise to {partner.name}")
        Proposition.write(cast.stamp, partner, "en", f"Together with {partner.name}").approve(cast.stamp)
        tokens |= plant(cast, partner)
    PageApproval.give(cast.stamp, Partner.select().where(Partner.id == cast.orebro.id))
    return tokens


def names_of(found):
    return sorted((table.__name__, column.name) for table, column in found)


def leaked(release, tokens):
    """The tokens that stand in a file's name or bytes, in any of the disguises that a text may wear."""
    return sorted(
        {token for text in _readings(release) for token in tokens if any(d in text for d in _disguises(token))}
    )


def _readings(release):
    for path in sorted(release.rglob("*")):
        yield str(path.relative_to(release)).casefold()
        if path.is_file():
            text = path.read_bytes().decode("utf-8", "replace")
            # As it is, without its tags, and without any white space: a token may be split.
            yield text.casefold()
            yield plain_text(text).casefold()
            yield "".join(plain_text(text).split()).casefold()


def _disguises(token):
    encoded = base64.b64encode(token.encode()).decode()
    return {
        token.casefold(),
        html.escape(token).casefold(),
        urllib.parse.quote(token).casefold(),
        encoded.rstrip("=").casefold(),
        token.encode().hex(),
        token[::-1].casefold(),
    }


def test_every_internal_column_is_found_by_its_type():
    known = [
        (table, column) for table in TABLES for column in table._meta.sorted_fields if isinstance(column, INTERNAL)
    ]
    assert names_of(columns(INTERNAL)) == names_of(known)


def test_every_table_is_known():
    assert {table.__name__ for table in tables()} == {table.__name__ for table in TABLES}


def test_a_token_stands_in_every_internal_column(cast, planted):
    assert sorted(set(planted.values())) == names_of(columns(INTERNAL))


def test_no_internal_text_is_in_any_published_byte(cast, planted, here):
    published = publish(cast.stamp, here)
    assert (published.state, published.partners) == ("published", 1), published.failure
    assert leaked((here.site / "current").resolve(), planted) == []


def test_no_other_partner_is_in_any_published_byte(cast, planted, here):
    publish(cast.stamp, here)
    assert leaked((here.site / "current").resolve(), ["Malmö AB", "Together with Malmö AB"]) == []


def test_the_scan_sees_what_is_published(cast, planted, here):
    publish(cast.stamp, here)
    assert leaked((here.site / "current").resolve(), ["The shared promise to Örebro AB"]) != []


@pytest.mark.parametrize("kind", ["raw", "small", "escaped", "quoted", "encoded", "split", "name"])
def test_the_scan_sees_through_disguises(tmp_path, kind):
    token = "Canary & Secret 17"
    page = {
        "raw": token,
        "small": token.lower(),
        "escaped": html.escape(token),
        "quoted": urllib.parse.quote(token),
        "encoded": base64.b64encode(token.encode()).decode(),
        "split": "Canary <b>&amp;</b> Sec<i>ret</i> 17",
        "name": "",
    }[kind]
    (tmp_path / (token if kind == "name" else "index.html")).write_text(f"<p>{page}</p>")
    assert leaked(tmp_path, [token]) == [token]


def test_the_build_is_told_of_every_internal_column(cast, planted):
    told = "\n".join(internal_texts())
    assert [where for token, where in planted.items() if token.casefold() not in told] == []


def test_a_copy_of_a_public_text_in_a_structured_note_is_no_secret(cast):
    cast.kpi("long", formula="Sum of all lines of the period without tax")
    assert not [text for text in internal_texts() if "lines of the period" in text]


def test_what_opens_doors_is_forbidden(cast):
    cast.client(cast.par)
    assert any(len(token) == 64 for token in forbidden().tokens)


@pytest.mark.parametrize("where", [("Visit", "note"), ("Action", "text"), ("AuditEvent", "details")])
def test_an_internal_text_that_is_put_through_stops_the_publication(cast, planted, here, monkeypatch, where):
    through_the_wall(monkeypatch, cast.orebro, next(token for token, place in planted.items() if place == where))
    failed = publish(cast.stamp, here)
    assert failed.state == "failed"
    assert {kind for kind, *_rest in failed.report["problems"]} == {"internal text"}
    assert not (here.site / "current").exists()


def test_words_that_were_typed_into_a_note_and_a_promise_alike_are_no_leak(cast, planted, here):
    cast.held(cast.orebro, cast.today, note="Send the new price list to Kim")
    cast.action(cast.orebro, "Send the new price list to Kim")
    assert publish(cast.stamp, here).state == "published"


def test_a_promise_to_another_partner_excuses_no_internal_text(cast, planted, here, monkeypatch):
    note = next(token for token, place in planted.items() if place == ("Visit", "note"))
    cast.action(cast.malmo, note)
    through_the_wall(monkeypatch, cast.orebro, note)
    assert publish(cast.stamp, here).state == "failed"


def test_a_secret_that_is_put_through_stops_the_publication(cast, planted, here, monkeypatch):
    cast.client(cast.par)
    through_the_wall(monkeypatch, cast.orebro, SignInSession.get().token_hash)
    failed = publish(cast.stamp, here)
    assert {kind for kind, *_rest in failed.report["problems"]} == {"token or id"}


def test_the_leak_report_lies_beside_the_release_and_out_of_reach(cast, planted, here):
    publish(cast.stamp, here)
    report = json.loads((here.site / "current" / "leak-report.json").read_text())
    assert report["problems"] == 0
    assert not list((here.site / "current" / "public").rglob("*.json"))
