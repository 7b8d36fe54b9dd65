"""The list of partners: found by folded words, narrowed, sorted, exported; never more than one may see."""

import csv
import io
from datetime import timedelta

import pytest
from markupsafe import escape

from portal.accounts.models import Region
from portal.field.listing import in_order, lines
from portal.partners.directory import NOBODY, holdings, narrowed, options, ordered
from portal.partners.models import OwnerAssignment, Partner, RegionAssignment, StatusAssignment, Tier, TierAssignment
from portal.records import AuditEvent
from portal.web import now
from tests.cast import LONG_AGO

TODAY = now().date()


def names(query):
    return [partner.name for partner in query]


def all_partners(cast):
    return Partner.visible_to(cast.lena, TODAY)


@pytest.mark.parametrize("query", ["_external=1&_scheme=evil", "endpoint=x", "partner_id=7&_anchor=x", "_method=POST"])
def test_a_query_of_somebody_elses_making_stays_a_query(cast, query):
    page = cast.client(cast.par).get(f"/partners?{query}")
    assert f'href="/partners?{escape(query)}' in page.text


@pytest.mark.parametrize("words", ["orebro", "ÖREBRO", "ab örebro", "  Örebro  AB "])
def test_words_find_a_name_whatever_its_marks_and_case(cast, words):
    assert names(narrowed(all_partners(cast), TODAY, words=words)) == ["Örebro AB"]


def test_every_word_must_be_there(cast):
    assert names(narrowed(all_partners(cast), TODAY, words="orebro falun")) == []


@pytest.mark.parametrize("words", ["%", "_", "\\"])
def test_signs_of_a_pattern_are_plain_letters(cast, words):
    assert names(narrowed(all_partners(cast), TODAY, words=words)) == []


def test_a_changed_town_is_found(cast):
    cast.falun.change(cast.stamp, city="Älmhult")
    assert names(narrowed(all_partners(cast), TODAY, words="almhult")) == ["Falun Oy"]


def test_a_class_narrows_the_list(cast):
    found = narrowed(all_partners(cast), TODAY, partner_class=cast.classes["B"].id)
    assert names(found) == ["Falun Oy"]


def test_those_without_an_owner_are_listed(cast):
    assert names(narrowed(all_partners(cast), TODAY, owner=NOBODY)) == ["Nobody's Ltd"]


def test_an_owner_from_tomorrow_on_is_not_yet_the_owner(cast):
    OwnerAssignment.assign(cast.stamp, cast.nobodys, cast.petra, TODAY + timedelta(days=1))
    assert names(narrowed(all_partners(cast), TODAY, owner=cast.petra.id)) == []


def test_filters_add_up(cast):
    found = narrowed(all_partners(cast), TODAY, country="SE", owner=cast.par.id, partner_class=cast.classes["A"].id)
    assert names(found) == ["Örebro AB"]


def test_names_are_in_order_without_their_marks(cast):
    assert names(ordered(all_partners(cast), "name", TODAY)) == ["Falun Oy", "Malmö AB", "Nobody's Ltd", "Örebro AB"]


def test_those_without_a_town_come_last_both_ways(cast):
    both = [names(ordered(all_partners(cast), sort, TODAY))[-1] for sort in ("city", "-city")]
    assert both == ["Nobody's Ltd", "Nobody's Ltd"]


def test_the_list_is_sorted_by_owner(cast):
    by_owner = names(ordered(all_partners(cast), "owner", TODAY))
    assert by_owner == ["Falun Oy", "Örebro AB", "Malmö AB", "Nobody's Ltd"]


def test_the_longest_without_a_visit_comes_first(cast):
    cast.held(cast.falun, TODAY - timedelta(days=10))
    cast.held(cast.orebro, TODAY - timedelta(days=200))
    ids, _ = in_order(all_partners(cast), TODAY, "last")
    assert ids[:2] == [cast.orebro.id, cast.falun.id]


def test_a_standing_narrows_the_list(cast):
    cast.held(cast.orebro, TODAY - timedelta(days=200))
    ids, _ = in_order(all_partners(cast), TODAY, status="overdue")
    assert ids == [cast.orebro.id]


def test_what_holds_is_told_for_each_partner(cast):
    gold = Tier.add(cast.stamp, name="Gold", rank=1)
    TierAssignment.assign(cast.stamp, cast.orebro, gold, LONG_AGO)
    StatusAssignment.assign(cast.stamp, cast.orebro, "dormant", LONG_AGO)
    RegionAssignment.assign(cast.stamp, cast.orebro, cast.region, LONG_AGO)
    held = holdings([cast.orebro.id], TODAY)[cast.orebro.id]
    assert (held.class_code, held.tier, held.status, held.owner, held.region) == (
        "A",
        "Gold",
        "dormant",
        "Pär Partner",
        "Mälardalen",
    )


def test_choices_are_sorted_by_folded_label(cast):
    Region.add(cast.stamp, name="Åland")
    assert [label for _, label in options(all_partners(cast))["region"]] == ["Åland", "Mälardalen"]


def test_lines_keep_the_order_that_was_asked_for(cast):
    wanted = [cast.malmo.id, cast.falun.id, cast.orebro.id]
    assert [line.partner.id for line in lines(wanted, TODAY)] == wanted


def test_the_page_shows_the_portfolio_and_nothing_else(cast):
    page = cast.client(cast.par).get("/partners").text
    assert "Örebro AB" in page
    assert "Malmö AB" not in page


def test_a_search_on_the_page_folds_marks(cast):
    page = cast.client(cast.par).get("/partners?words=orebro").text
    assert "Örebro AB" in page
    assert "Falun Oy" not in page


@pytest.mark.parametrize(
    "query",
    ["sort=nonsense", "partner_class=x", "owner=9999999999999999999", "page=-3", "page=x", "standing=late", "tier=1e9"],
)
def test_what_nobody_could_have_chosen_is_left_out(cast, query):
    answer = cast.client(cast.par).get(f"/partners?{query}")
    assert answer.status_code == 200
    assert "Örebro AB" in answer.text


def test_a_stranger_signs_in_first(cast):
    assert cast.client().get("/partners").status_code == 302


def exported(client, query=""):
    answer = client.get(f"/partners/export{query}")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def test_an_export_holds_the_portfolio_only(cast):
    rows = exported(cast.client(cast.par))
    assert [row[0] for row in rows] == ["Name", "Falun Oy", "Örebro AB"]


def test_an_export_is_narrowed_and_sorted_like_the_page(cast):
    rows = exported(cast.client(cast.lena), "?sort=-name&country=SE")
    assert [row[0] for row in rows[1:]] == ["Örebro AB", "Malmö AB", "Falun Oy"]


def test_who_took_the_list_along_is_in_the_audit_log(cast):
    exported(cast.client(cast.par))
    event = AuditEvent.get(AuditEvent.action == "export.partners")
    assert (event.actor_id, event.details) == (cast.par.id, {"partners": 2})


def test_an_export_runs_no_formula(cast):
    cast.partner('=HYPERLINK("http://evil.example")', cast.par)
    assert exported(cast.client(cast.par))[1][0].startswith("'=")


def test_long_names_and_other_scripts_survive(cast):
    cast.partner("شركة " + "ä" * 150 + " 🚀", cast.par)
    assert "ä" * 150 in cast.client(cast.par).get("/partners").text


def test_the_number_of_queries_does_not_grow_with_the_list(cast, count_queries):
    client = cast.client(cast.par)
    few = count_queries(lambda: client.get("/partners?sort=due"))
    for number in range(40):
        cast.partner(f"Partner {number}", cast.par, "B")
    assert count_queries(lambda: client.get("/partners?sort=due")) == few
