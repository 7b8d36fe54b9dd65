"""The library of KPIs, targets of partners, classes and users, and figures typed by hand."""

from datetime import date

import pytest

from portal.kpis.forms import code_from
from portal.kpis.library import LIBRARY, ensure_library
from portal.kpis.models import Kpi, KpiActual, KpiTarget
from portal.kpis.targets import mistake


@pytest.fixture
def library(cast):
    ensure_library(cast.stamp)
    return {kpi.code: kpi for kpi in Kpi.select()}


NEW = {
    "name": "Demo bikes",
    "side": "partner",
    "unit": "count",
    "kind": "level",
    "direction": "higher",
    "weight": "5",
    "floor": "",
    "cap_percent": "100",
    "position": "30",
    "published": "y",
}
TARGET = {"from_on": "2026-01-01", "until_on": "2027-01-01", "target": "1500,50"}


# --- the library ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", ["partner", "vendor"])
def test_the_weights_of_a_side_sum_to_a_hundred(side):
    assert sum(entry.weight for entry in LIBRARY if entry.side == side) == 100


def test_codes_of_the_library_differ():
    assert len({entry.code for entry in LIBRARY}) == len(LIBRARY)


def test_our_margin_is_never_published_and_weighs_nothing():
    margin = next(entry for entry in LIBRARY if entry.code == "margin")
    assert (margin.published, margin.weight) == (False, 0)


def test_the_library_is_added_once(cast, library):
    assert ensure_library(cast.stamp) == []


def test_a_built_in_kpi_stays_as_somebody_set_it(cast, library):
    library["revenue"].change(cast.stamp, weight=77)
    ensure_library(cast.stamp)
    assert Kpi.get(Kpi.code == "revenue").weight == 77


@pytest.mark.parametrize(
    ("direction", "target", "floor", "high", "is_wrong"),
    [
        ("higher", 100, 0, None, False),
        ("higher", 100, 100, None, True),
        ("higher", 0, 0, None, True),
        ("higher", 50, 80, None, True),
        ("lower", 200, 600, None, False),
        ("lower", 0, 600, None, False),
        ("lower", 600, 200, None, True),
        ("range", 10, 0, 20, False),
        ("range", 20, 0, 10, True),
        ("range", 10, 0, None, True),
    ],
)
def test_a_target_that_cannot_be_scored_is_a_mistake(direction, target, floor, high, is_wrong):
    assert (mistake(direction, target, floor, high) is not None) is is_wrong


def test_a_code_is_made_from_the_name():
    assert code_from("Återköp i %", {"aterkop_i"}) == "aterkop_i_2"


# --- pages ----------------------------------------------------------------------------------------------------------


def test_everybody_who_reads_kpis_sees_the_library(cast, library):
    assert "Revenue against plan" in cast.client(cast.par).get("/kpis").text


def test_a_stranger_is_asked_to_sign_in(cast):
    assert cast.client().get("/kpis").status_code == 302


def test_only_an_administrator_changes_the_library(cast, library):
    assert cast.client(cast.maja).get("/kpis/new").status_code == 403
    assert cast.client(cast.maja).get(f"/kpis/{library['revenue'].id}").status_code == 403


def test_an_own_kpi_is_added(cast, library):
    assert cast.client(cast.ada).post("/kpis/new", data=NEW).status_code == 303
    made = Kpi.get(Kpi.code == "demo_bikes")
    assert (made.unit, made.weight, made.floor, made.published, made.gate) == ("count", 5, 0, True, False)


def test_nobody_makes_a_kpi_that_the_portal_would_have_to_measure(cast, library):
    assert cast.client(cast.ada).post("/kpis/new", data=NEW | {"kind": "measured"}).status_code == 422


def test_a_kpi_is_edited(cast, library):
    kpi = library["joint_marketing"]
    page = cast.client(cast.ada).get(f"/kpis/{kpi.id}")
    assert page.status_code == 200
    changed = NEW | {"name": "Marketing", "unit": "percent", "kind": "level", "version": str(kpi.version)}
    assert cast.client(cast.ada).post(f"/kpis/{kpi.id}", data=changed).status_code == 303
    assert Kpi.get_by_id(kpi.id).name == "Marketing"


def test_a_measured_kpi_keeps_its_kind(cast, library):
    kpi = library["visits_held"]
    changed = NEW | {"name": "Visits", "unit": "percent", "kind": "measured", "version": str(kpi.version)}
    assert cast.client(cast.ada).post(f"/kpis/{kpi.id}", data=changed).status_code == 303


def test_the_unit_of_stored_figures_does_not_change(cast, library):
    kpi = library["qualified_pipeline"]
    cast.actual(kpi, cast.orebro, date(2026, 1, 1), 5)
    changed = NEW | {"unit": "count", "kind": "flow", "version": str(kpi.version)}
    answer = cast.client(cast.ada).post(f"/kpis/{kpi.id}", data=changed)
    assert answer.status_code == 422
    assert "Figures are stored in it already" in answer.text


def test_two_who_edit_a_kpi_at_once_see_both_texts(cast, library):
    kpi = library["joint_marketing"]
    kpi.change(cast.stamp, name="Theirs")
    changed = NEW | {"name": "Mine", "unit": "percent", "kind": "level", "version": "1"}
    answer = cast.client(cast.ada).post(f"/kpis/{kpi.id}", data=changed)
    assert answer.status_code == 409
    assert "Theirs" in answer.text and "Mine" in answer.text


@pytest.mark.parametrize("version", ["", "²", "x", "9" * 5000])
def test_a_form_that_lost_its_version_overwrites_nothing(cast, library, version):
    kpi = library["joint_marketing"]
    changed = NEW | {"name": "Mine", "unit": "percent", "kind": "level", "version": version}
    assert cast.client(cast.ada).post(f"/kpis/{kpi.id}", data=changed).status_code == 409


def test_a_retired_kpi_comes_back(cast, library):
    kpi, browser = library["joint_marketing"], cast.client(cast.ada)
    browser.post(f"/kpis/{kpi.id}/retirement")
    assert kpi not in Kpi.living()
    browser.post(f"/kpis/{kpi.id}/retirement/delete")
    assert kpi in Kpi.living()


def test_more_than_twelve_kpis_of_a_side_are_warned_of(cast, library):
    for number in range(5):
        cast.kpi(f"own_{number}")
    assert "more than 12 KPIs" in cast.client(cast.par).get("/kpis").text


# --- targets --------------------------------------------------------------------------------------------------------


def post_target(cast, who, kpi, scope, **fields):
    data = TARGET | {"kpi": kpi.id, "scope": scope} | fields
    return cast.client(who).post("/kpis/targets", data=data)


def test_an_administrator_sets_the_target_of_a_class(cast, library):
    kind = cast.classes["A"]
    assert post_target(cast, cast.ada, library["revenue"], f"partner_class:{kind.id}").status_code == 303
    row = KpiTarget.get()
    assert (row.partner_class, row.target, row.until_on) == (kind, 150_050, date(2027, 1, 1))
    assert "Class A" in cast.client(cast.ada).get("/kpis/targets").text


def test_a_manager_sets_targets_of_the_own_team_only(cast, library):
    assert post_target(cast, cast.maja, library["revenue"], f"user:{cast.par.id}").status_code == 303
    assert post_target(cast, cast.maja, library["revenue"], f"user:{cast.sven.id}").status_code == 422
    assert post_target(cast, cast.maja, library["revenue"], f"partner_class:{cast.classes['A'].id}").status_code == 422


def test_a_pam_sets_no_targets(cast, library):
    assert cast.client(cast.par).get("/kpis/targets").status_code == 403


def test_a_target_that_equals_the_floor_is_refused_on_the_page(cast, library):
    answer = post_target(cast, cast.ada, library["revenue"], f"user:{cast.par.id}", target="5", floor="5")
    assert answer.status_code == 422
    assert "choose a floor that is worse" in answer.text


def test_two_targets_do_not_hold_on_the_same_day(cast, library):
    post_target(cast, cast.ada, library["revenue"], f"user:{cast.par.id}")
    answer = post_target(cast, cast.ada, library["revenue"], f"user:{cast.par.id}", until_on="2026-02-01")
    assert "holds from 2026-01-01 until 2027-01-01" in answer.text
    assert KpiTarget.select().count() == 1


def test_a_figure_that_could_be_two_numbers_is_asked_for_again(cast, library):
    answer = post_target(cast, cast.ada, library["revenue"], f"user:{cast.par.id}", target="1.500")
    assert "could mean two numbers" in answer.text


def test_a_target_is_removed(cast, library):
    post_target(cast, cast.ada, library["revenue"], f"user:{cast.par.id}")
    cast.client(cast.ada).post(f"/kpis/targets/{KpiTarget.get().id}/delete")
    assert KpiTarget.select().count() == 0


def test_the_target_of_another_team_does_not_exist_for_a_manager(cast, library):
    post_target(cast, cast.ada, library["revenue"], f"user:{cast.sven.id}")
    assert cast.client(cast.maja).post(f"/kpis/targets/{KpiTarget.get().id}/delete").status_code == 404


# --- one partner ----------------------------------------------------------------------------------------------------


def type_figure(cast, who, partner, kpi, **fields):
    data = {"kpi": kpi.id, "month_on": "2026-03", "value": "12.5", "comment": "From the fair"} | fields
    return cast.client(who).post(f"/partners/{partner.id}/figures/months", data=data)


def test_a_manager_types_a_figure(cast, library):
    assert type_figure(cast, cast.maja, cast.orebro, library["certified_people"]).status_code == 303
    row = KpiActual.get()
    assert (row.value, row.month_on, row.as_of_on) == (1250, date(2026, 3, 1), date(2026, 3, 31))
    assert (row.source, row.comment) == ("typed", "From the fair")


def test_the_figures_of_a_partner_are_shown(cast, library):
    type_figure(cast, cast.maja, cast.orebro, library["certified_people"])
    page = cast.client(cast.maja).get(f"/partners/{cast.orebro.id}/figures")
    assert "From the fair" in page.text


def test_typing_again_changes_the_month(cast, library):
    type_figure(cast, cast.maja, cast.orebro, library["certified_people"])
    type_figure(cast, cast.maja, cast.orebro, library["certified_people"], value="13")
    assert [row.value for row in KpiActual.select()] == [1300]


def test_a_ratio_is_typed_in_its_parts(cast, library):
    assert type_figure(cast, cast.maja, cast.orebro, library["deal_win_rate"]).status_code == 422
    type_figure(cast, cast.maja, cast.orebro, library["deal_win_rate"], numerator="3", denominator="4")
    assert (KpiActual.get().value, KpiActual.get().numerator, KpiActual.get().denominator) == (None, 300, 400)


def test_what_the_portal_measures_is_not_typed(cast, library):
    assert type_figure(cast, cast.maja, cast.orebro, library["visits_held"]).status_code == 422


def test_a_sum_of_order_lines_is_not_typed_over(cast, library):
    cast.actual(library["revenue"], cast.orebro, date(2026, 3, 1), 5, source="orders")
    assert type_figure(cast, cast.maja, cast.orebro, library["revenue"]).status_code == 409


def test_a_month_that_has_not_begun_is_refused(cast, library):
    assert type_figure(cast, cast.maja, cast.orebro, library["certified_people"], month_on="2099-01").status_code == 422


def test_the_figures_of_another_team_do_not_exist(cast, library):
    assert cast.client(cast.maja).get(f"/partners/{cast.malmo.id}/figures").status_code == 404
    assert type_figure(cast, cast.maja, cast.malmo, library["certified_people"]).status_code == 404


def test_a_partner_gets_a_target(cast, library):
    data = TARGET | {"kpi": library["revenue"].id}
    answer = cast.client(cast.maja).post(f"/partners/{cast.orebro.id}/figures/targets", data=data)
    assert answer.status_code == 303
    assert KpiTarget.get().partner == cast.orebro


def test_a_strangers_partner_gets_no_target(cast, library):
    data = TARGET | {"kpi": library["revenue"].id}
    assert cast.client(cast.maja).post(f"/partners/{cast.malmo.id}/figures/targets", data=data).status_code == 404


@pytest.mark.parametrize(("who", "linked"), [("maja", True), ("ada", True), ("par", False), ("lena", False)])
def test_the_scorecard_leads_to_the_figures_for_who_may_change_them(cast, library, who, linked):
    page = cast.client(getattr(cast, who)).get(f"/partners/{cast.orebro.id}/scorecard")
    assert (f"/partners/{cast.orebro.id}/figures" in page.text) is linked
