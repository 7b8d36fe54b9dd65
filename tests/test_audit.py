"""Who did what: who may read it, and whether somebody changed it. spec/7-bar.md AL-1, AL-2, AZ-3."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from peewee import DatabaseError

from portal.accounts import audit
from portal.accounts.models import AuditSeal
from portal.accounts.permissions import MATRIX
from portal.db import database, is_sqlite
from portal.field.audit_names import names
from portal.field.audit_words import happening
from portal.gate.models import Reader
from portal.imports.models import ImportBatch
from portal.propositions.models import Proposition
from portal.publishing.models import Publication
from portal.records import AuditEvent, Record, Stamp
from portal.tables import TABLES

SOURCES = sorted((Path(__file__).parent.parent / "portal").rglob("*.py"))
WRITTEN = re.compile(r'action="(\w+\.\w+)"|AuditEvent\.write\([^\n]*?"(\w+\.[\w.]+)"')


def actions():
    """Every action that the code writes, beside adding, changing and removing rows of every table."""
    found = {match[1] or match[2] for path in SOURCES for match in WRITTEN.finditer(path.read_text())}
    records = [table.__name__ for table in TABLES if issubclass(table, Record)]
    return sorted(found - set(MATRIX) | {f"{name}.{verb}" for name in records for verb in ("add", "change", "remove")})


def test_every_action_reads_as_words():
    assert [action for action in actions() if happening(AuditEvent(action=action)).msgid == action] == []


def test_an_action_without_words_is_shown_by_its_name():
    assert str(happening(AuditEvent(action="100%.new"))) == "100%.new"


def test_a_line_names_who_read_what(cast, now, stamp):
    reader = Reader.add(stamp, contact=cast.contact(cast.orebro), email="kim@example.com", invited_at=now)
    AuditEvent.write(Stamp(now, "reader", reader.id), "page.read", cast.orebro)
    page = cast.client(cast.lena).get("/admin/audit?what=read").text
    assert "Kim Kontakt" in page and "Örebro AB" in page


def test_lines_name_what_they_are_about(cast, stamp):
    march = date(2026, 3, 9)
    batch = ImportBatch.add(stamp, kind="partners", file_name="crm.csv", sha256="0" * 64)
    proposition = Proposition.write(stamp, cast.malmo, "sv", "Tillsammans").proposition
    publication = Publication.add(stamp, number=3, state="published", as_of_on=march)
    visit, action = cast.held(cast.orebro, march), cast.action(cast.falun)
    found = names(AuditEvent.select(), date.isoformat)
    rows = (visit, action, proposition, publication, batch)
    assert [found[type(row).__name__, row.id] for row in rows] == [
        "Örebro AB, 2026-03-09",
        "Falun Oy",
        "Malmö AB",
        "3",
        "crm.csv",
    ]


def test_texts_are_no_part_of_a_name(cast, stamp):
    cast.action(cast.orebro, "Lend a fitter").change(stamp, text="They may leave us")
    cast.held(cast.orebro, date(2026, 3, 9), note="A quarrel")
    said = " ".join(names(AuditEvent.select(), date.isoformat).values())
    assert not [text for text in ("fitter", "leave", "quarrel") if text in said]


@pytest.fixture
def lines(cast, now):
    """One line of each of the cast's users, and one of a reader, from two hours ago."""
    AuditEvent.delete().execute()
    for user in (cast.ada, cast.lena, cast.maja, cast.otto, cast.par, cast.petra, cast.sven):
        AuditEvent.write(Stamp(now - timedelta(hours=2), "user", user.id, "192.0.2.1"), f"test.{user.name.split()[0]}")
    AuditEvent.write(Stamp(now - timedelta(hours=2), "reader", 7), "page.read")
    return list(AuditEvent.select().order_by(AuditEvent.id))


def read_by(user):
    return [event.action for event in audit.readable_by(user).order_by(AuditEvent.id)]


def test_a_pam_reads_the_own_lines(cast, lines):
    assert read_by(cast.par) == ["test.Pär"]


def test_a_manager_reads_the_teams(cast, lines):
    assert read_by(cast.maja) == ["test.Maja", "test.Pär", "test.Petra"]


@pytest.mark.parametrize("who", ["lena", "ada"])
def test_leadership_and_administrators_read_all(cast, lines, who):
    assert len(read_by(getattr(cast, who))) == 8


def test_the_page_obeys_the_same_rule(cast, lines):
    page = cast.client(cast.par).get("/admin/audit").text
    assert "test.Pär" in page and "test.Sven" not in page
    assert "Sven Syd" not in page


def test_a_filter_shows_nothing_more(cast, lines):
    assert "test.Sven" not in cast.client(cast.par).get(f"/admin/audit?who={cast.sven.id}").text


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("what=read", "Read the partner page", "test.Ada"),
        ("who=reader", "Read the partner page", "test.Ada"),
        ("result=denied", "Nothing here", "test.Ada"),
        ("until_on=2001-01-01", "Nothing here", "test.Ada"),
        ("from_on=2001-01-01", "test.Ada", "Nothing here"),
        ("what=nonsense&who=nonsense&from_on=nonsense", "test.Ada", "Nothing here"),
    ],
)
def test_the_log_is_narrowed(cast, lines, query, shown, hidden):
    page = cast.client(cast.ada).get(f"/admin/audit?{query}").text
    table = page[page.index("</form>") :]
    assert shown in table and hidden not in table


def test_a_change_reads_as_before_and_after(cast, stamp):
    cast.orebro.change(Stamp(stamp.at, "user", cast.ada.id), city="Kumla")
    page = cast.client(cast.ada).get("/admin/audit?what=partners").text
    assert "Partner: changed" in page and "Örebro AB" in page and "Kumla" in page


def test_internal_text_is_in_no_line(cast, stamp):
    cast.orebro.change(stamp, profile="They are about to be bought")
    assert "bought" not in cast.client(cast.ada).get("/admin/audit").text


# --- the chain ----------------------------------------------------------------------------------------------------


def test_what_has_settled_is_sealed_once(lines, now):
    assert audit.seal(now) == 8
    assert audit.seal(now) == 0
    assert audit.verify() == []


def test_what_is_younger_than_an_hour_waits(lines, now):
    AuditEvent.write(Stamp(now), "test.young")
    assert audit.seal(now) == 8


def test_the_chain_goes_on(lines, now):
    audit.seal(now)
    AuditEvent.write(Stamp(now), "test.later")
    assert audit.seal(now + timedelta(hours=2)) == 1
    assert audit.verify() == []


def test_a_changed_line_is_found(lines, now):
    audit.seal(now)
    AuditEvent.update(action="test.forged").where(AuditEvent.id == lines[3].id).execute()
    assert [str(problem) for problem in audit.verify()] == [
        f"Audit lines 1 to {lines[-1].id} were changed after sealing."
    ]


def test_a_missing_line_is_found(lines, now):
    audit.seal(now)
    AuditEvent.delete().where(AuditEvent.id == lines[3].id).execute()
    assert "1 are missing" in str(audit.verify()[0])


def test_a_missing_seal_is_found(lines, now):
    audit.seal(now)
    AuditEvent.write(Stamp(now), "test.later")
    audit.seal(now + timedelta(hours=2))
    AuditSeal.delete().where(AuditSeal.first_event_id == 1).execute()
    assert "is missing" in str(audit.verify()[0])


@pytest.fixture
def append_only(lines):
    """The database as a migration leaves it, for one test."""
    audit.refuse_changes()
    yield
    names = ["audit_is_not_changed", "audit_is_not_deleted"] if is_sqlite() else ["audit_is_append_only ON audit_event"]
    for name in names:
        database.execute_sql(f"DROP TRIGGER {name}")


def test_the_database_refuses_to_change_a_line(append_only):
    with pytest.raises(DatabaseError, match="append-only"), database.atomic():
        AuditEvent.update(action="test.forged").execute()


def test_the_database_refuses_to_delete_a_line(append_only):
    with pytest.raises(DatabaseError, match="append-only"), database.atomic():
        AuditEvent.delete().execute()


def test_the_database_takes_new_lines(append_only, now):
    assert AuditEvent.write(Stamp(now), "test.new").id
