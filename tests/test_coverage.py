"""Coverage in numbers that cannot flatter: the worked example, frozen denominators, names behind every figure."""

from datetime import date, timedelta

import pytest

from portal.cadence.models import CadencePolicy, CoverageException
from portal.coverage.attainment import Attainment, PartnerFigures, planned_visits
from portal.coverage.figures import coverage, promised_and_held
from portal.coverage.quality import quality
from portal.coverage.ranges import range_of
from portal.coverage.report import Report
from portal.partners.models import ClassAssignment, OwnerAssignment, Partner, StatusAssignment
from portal.records import AuditEvent
from portal.visits.details import Details, Promise
from portal.visits.models import Visit

# spec/4-formulas.md 6.3: planned, held, scheduled of A1 … C2.
EXAMPLE = ((6, 7, 0), (6, 3, 2), (3, 3, 0), (3, 0, 1), (1, 4, 0), (1, 0, 0))
GOLDEN = Attainment(tuple(PartnerFigures(number, *figures) for number, figures in enumerate(EXAMPLE, start=1)))

# The second quarter of 2026, seen from its middle.
FROM, UNTIL, TODAY = date(2026, 4, 1), date(2026, 7, 1), date(2026, 5, 20)


def test_reach_of_the_worked_example():
    assert round(100 * GOLDEN.reach, 1) == 66.7


def test_frequency_of_the_worked_example():
    assert GOLDEN.frequency == 4.25


def test_activity_of_the_worked_example():
    assert GOLDEN.activity == 0.85


def test_capped_attainment_of_the_worked_example():
    assert GOLDEN.capped == 0.65


def test_over_service_of_the_worked_example():
    assert GOLDEN.over_service == 4


def test_remaining_of_the_worked_example():
    assert [one.remaining for one in GOLDEN.partners] == [0, 3, 0, 3, 0, 1]


def test_to_schedule_of_the_worked_example():
    assert [one.to_schedule for one in GOLDEN.partners] == [0, 1, 0, 2, 0, 1]


def test_projected_attainment_of_the_worked_example():
    assert GOLDEN.projected == 0.8


def test_projected_reach_of_the_worked_example():
    assert round(100 * GOLDEN.projected_reach, 1) == 83.3


def test_nothing_planned_is_no_share():
    assert (Attainment(()).reach, Attainment(()).frequency, Attainment(()).capped) == (None, None, None)


@pytest.mark.parametrize(
    ("visits", "quarters"),
    [(8, [2, 2, 2, 2]), (4, [1, 1, 1, 1]), (2, [1, 0, 1, 0]), (6, [2, 1, 2, 1]), (1, [0, 1, 0, 0])],
)
def test_planned_visits_by_quarter(visits, quarters):
    assert [planned_visits(visits, 3 * number, 3 * number + 3) for number in range(4)] == quarters


@pytest.mark.parametrize("visits", range(1, 60))
def test_the_months_of_a_year_sum_to_the_year(visits):
    assert sum(planned_visits(visits, month, month + 1) for month in range(12)) == visits


# --- who is in the denominator ------------------------------------------------------------------------------------


@pytest.fixture
def all_partners(cast):
    return Partner.allowed(cast.lena, "coverage.read", TODAY)


def members(partners, **changes):
    days = {"from_on": FROM, "until_on": UNTIL, "today": TODAY, **changes}
    return {one.partner_id for one in coverage(partners, **days).partners}


def test_whoever_has_a_class_with_a_target_is_in(cast, all_partners):
    assert members(all_partners) == {cast.orebro.id, cast.falun.id, cast.malmo.id, cast.nobodys.id}


def test_on_demand_stands_beside(cast, all_partners):
    rare = cast.partner("Rare AB", cast.par, "D")
    found = coverage(all_partners, FROM, UNTIL, TODAY)
    assert (found.on_demand, rare.id in {one.partner_id for one in found.partners}) == ((rare.id,), False)


def test_a_class_without_a_policy_is_on_demand(cast, all_partners):
    CadencePolicy.delete().where(CadencePolicy.partner_class == cast.classes["C"]).execute()
    assert coverage(all_partners, FROM, UNTIL, TODAY).on_demand == (cast.nobodys.id,)


def test_no_class_stands_beside(cast, all_partners):
    bare = cast.partner("Bare AB", cast.par)
    assert coverage(all_partners, FROM, UNTIL, TODAY).unclassified == (bare.id,)


def test_a_class_given_within_the_range_counts_from_the_next_one(cast, all_partners):
    cast.partner("Late AB", cast.par, "A", since=date(2026, 4, 2))
    assert len(members(all_partners)) == 4


def test_the_class_is_that_of_the_first_day(cast, all_partners):
    ClassAssignment.assign(cast.stamp, cast.orebro, cast.classes["C"], date(2026, 4, 15))
    planned = {one.partner_id: one.planned for one in coverage(all_partners, FROM, UNTIL, TODAY).partners}
    assert planned[cast.orebro.id] == 2


def test_the_policy_is_that_of_the_first_day(cast, all_partners):
    CadencePolicy.set(cast.stamp, cast.classes["A"], date(2026, 4, 2), ideal_days=7, max_days=9, visits_per_year=48)
    planned = {one.partner_id: one.planned for one in coverage(all_partners, FROM, UNTIL, TODAY).partners}
    assert planned[cast.orebro.id] == 2


def test_who_ended_within_the_range_is_out(cast, all_partners):
    StatusAssignment.assign(cast.stamp, cast.falun, "active", date(2024, 1, 1))
    StatusAssignment.assign(cast.stamp, cast.falun, "ended", date(2026, 6, 30))
    assert cast.falun.id not in members(all_partners)


def test_who_ended_after_the_range_is_in(cast, all_partners):
    StatusAssignment.assign(cast.stamp, cast.falun, "ended", UNTIL)
    assert cast.falun.id in members(all_partners)


def test_a_prospect_is_out(cast, all_partners):
    StatusAssignment.assign(cast.stamp, cast.falun, "prospect", date(2024, 1, 1))
    assert cast.falun.id not in members(all_partners)


def test_a_pause_on_the_first_day_stands_beside(cast, all_partners):
    CoverageException.add(cast.stamp, partner=cast.falun, from_on=date(2026, 3, 1), until_on=date(2026, 4, 2))
    found = coverage(all_partners, FROM, UNTIL, TODAY)
    assert (found.paused, found.size) == ((cast.falun.id,), 3)


def test_a_pause_that_begins_later_does_not_shrink_the_denominator(cast, all_partners):
    CoverageException.add(cast.stamp, partner=cast.falun, from_on=date(2026, 4, 2), until_on=UNTIL)
    assert cast.falun.id in members(all_partners)


def test_archiving_does_not_rewrite_a_past_range(cast, all_partners):
    cast.falun.archive(cast.stamp)
    assert cast.falun.id in members(all_partners)


def test_whoever_is_archived_in_the_range_is_out(cast, all_partners, today):
    cast.falun.archive(cast.stamp)
    this_month = range_of("month", 0, today, 1)
    assert cast.falun.id not in members(all_partners, from_on=this_month[0], until_on=this_month[1])


def test_a_pam_sees_coverage_of_the_own_portfolio(cast):
    own = Partner.allowed(cast.par, "coverage.read", TODAY)
    assert members(own) == {cast.orebro.id, cast.falun.id}


def test_half_a_month_is_refused(cast, all_partners):
    with pytest.raises(ValueError, match="whole months"):
        coverage(all_partners, date(2026, 4, 2), UNTIL, TODAY)


# --- what is counted ----------------------------------------------------------------------------------------------


def figures_of(partner, partners):
    found = {one.partner_id: one for one in coverage(partners, FROM, UNTIL, TODAY).partners}[partner.id]
    return found.planned, found.actual, found.scheduled


def test_two_visits_on_one_day_are_one(cast, all_partners):
    cast.held(cast.orebro, date(2026, 5, 4))
    cast.held(cast.orebro, date(2026, 5, 4), cast.petra)
    assert figures_of(cast.orebro, all_partners) == (2, 1, 0)


def test_only_days_inside_the_range_count(cast, all_partners):
    for day in (date(2026, 3, 31), FROM, date(2026, 5, 20), UNTIL):
        cast.held(cast.orebro, day)
    assert figures_of(cast.orebro, all_partners) == (2, 2, 0)


def test_what_is_logged_for_tomorrow_does_not_count_today(cast, all_partners):
    cast.held(cast.orebro, TODAY + timedelta(days=1))
    assert figures_of(cast.orebro, all_partners)[1] == 0


def test_a_phone_call_never_counts(cast, all_partners):
    cast.held(cast.orebro, date(2026, 5, 4), mode="phone")
    assert figures_of(cast.orebro, all_partners)[1] == 0


def test_visits_ahead_in_the_range_are_scheduled(cast, all_partners):
    for day in (TODAY - timedelta(days=1), TODAY, date(2026, 6, 30), UNTIL):
        cast.planned(cast.orebro, day)
    assert figures_of(cast.orebro, all_partners)[2] == 2


def test_a_visit_given_up_is_not_scheduled(cast, all_partners):
    cast.planned(cast.orebro, date(2026, 6, 1)).give_up(cast.stamp, "cancelled_us")
    assert figures_of(cast.orebro, all_partners)[2] == 0


def test_a_planned_visit_of_today_is_not_added_to_the_one_held_today(cast, all_partners):
    cast.planned(cast.orebro, TODAY)
    cast.held(cast.orebro, TODAY)
    assert figures_of(cast.orebro, all_partners)[1:] == (1, 0)


def test_promised_and_held_are_the_numbers_of_the_report(cast, all_partners):
    cast.held(cast.orebro, date(2026, 5, 4))
    figures = promised_and_held(all_partners, FROM, UNTIL, TODAY)
    assert figures == {
        cast.orebro.id: (2, 1),
        cast.falun.id: (1, 0),
        cast.malmo.id: (2, 0),
        cast.nobodys.id: (0, 0),
    }


def test_the_queries_do_not_grow_with_the_partners(cast, all_partners, count_queries):
    def asked():
        return count_queries(lambda: coverage(all_partners, FROM, UNTIL, TODAY))

    few = asked()
    for number in range(20):
        cast.held(cast.partner(f"More {number}", cast.par, "B"), date(2026, 5, 4))
    assert asked() == few


# --- the report ---------------------------------------------------------------------------------------------------


@pytest.fixture
def report(all_partners):
    return Report(all_partners, FROM, UNTIL, TODAY)


def test_groups_sum_to_the_whole(cast, report):
    cast.held(cast.orebro, date(2026, 5, 4))
    groups = report.groups("class")
    assert [(group.name, group.figures.reached, group.figures.size) for group in groups] == [
        ("A", 1, 2),
        ("B", 0, 1),
        ("C", 0, 1),
    ]


def test_whom_nobody_looks_after_is_a_group_too(cast, report):
    assert [group.name for group in report.groups("person")] == ["Pär Partner", "Sven Syd", "Nobody"]


def test_owners_are_those_of_the_first_day(cast, report):
    OwnerAssignment.assign(cast.stamp, cast.falun, cast.petra, date(2026, 4, 2))
    assert "Petra Puro" not in [group.name for group in report.groups("person")]


def test_names_stand_behind_a_number(cast, report):
    cast.held(cast.orebro, date(2026, 5, 4))
    assert report.behind("unreached", "class", cast.classes["A"].id) == {cast.malmo.id}


def test_reach_grows_month_by_month_and_is_open_ahead(cast, report):
    cast.held(cast.orebro, date(2026, 4, 4))
    cast.held(cast.falun, date(2026, 5, 4))
    assert [share for _month_on, share in report.reach_by_month()] == [0.25, 0.5, None]


def test_quality_stands_beside_quantity(cast, all_partners):
    contact = cast.contact(cast.orebro)
    details = Details(contacts=(contact,), promises=(Promise("vendor", "Send it"),))
    Visit.log(cast.stamp, cast.par, cast.orebro, details, held_on=date(2026, 5, 4), goal_met="yes")
    cast.held(cast.falun, date(2026, 5, 4))
    found = quality(all_partners, FROM, UNTIL, TODAY)
    assert (found.visits, found.prepared, found.goal_met, found.result, found.named) == (2, 0, 0.5, 0.5, 0.5)


@pytest.mark.parametrize(
    ("span", "back", "days"),
    [
        ("month", 0, (date(2026, 2, 1), date(2026, 3, 1))),
        ("month", 2, (date(2025, 12, 1), date(2026, 1, 1))),
        ("quarter", 0, (date(2026, 2, 1), date(2026, 5, 1))),
        ("quarter", 1, (date(2025, 11, 1), date(2026, 2, 1))),
        ("year", 0, (date(2025, 5, 1), date(2026, 5, 1))),
    ],
)
def test_ranges_follow_the_fiscal_year(span, back, days):
    assert range_of(span, back, date(2026, 2, 28), 5) == days


def test_how_partners_stand_today_begins_with_the_most_urgent(cast, report):
    cast.held(cast.orebro, TODAY)
    assert report.standing_today() == [("never", "bad", 3), ("covered", "good", 1)]


def test_the_last_day_is_within_the_range(report):
    assert report.last_on == UNTIL - timedelta(days=1)


# --- pages --------------------------------------------------------------------------------------------------------


def test_the_first_line_answers(cast, today):
    cast.held(cast.orebro, today)
    page = cast.client(cast.lena).get("/coverage").get_data(as_text=True)
    assert "1 of 4 partners seen; 3 overdue." in page


def test_leadership_compares_persons(cast):
    assert "Sven Syd" in cast.client(cast.lena).get("/coverage").get_data(as_text=True)


def test_a_pam_compares_nobody(cast):
    assert cast.client(cast.par).get("/coverage/names?by=person").status_code == 404


def test_the_names_stop_at_the_portfolio(cast):
    page = cast.client(cast.par).get("/coverage/names").get_data(as_text=True)
    assert ("Falun Oy" in page, "Malmö AB" in page) == (True, False)


def test_the_table_stops_at_the_portfolio(cast):
    table = cast.client(cast.par).get("/coverage/names.csv").get_data(as_text=True)
    assert ("Falun Oy" in table, "Malmö AB" in table, "Partner account manager" in table) == (True, False, False)


def test_a_formula_in_a_name_is_no_formula_in_the_table(cast):
    cast.partner("=HYPERLINK(1)", cast.par, "A")
    assert "'=HYPERLINK(1)" in cast.client(cast.par).get("/coverage/names.csv").get_data(as_text=True)


def test_who_took_the_table_along_is_in_the_audit_log(cast):
    cast.client(cast.par).get("/coverage/names.csv")
    event = AuditEvent.get(AuditEvent.action == "export.coverage")
    assert (event.actor_id, event.details) == (cast.par.id, {"partners": 2})


def test_an_unknown_number_has_no_names(cast):
    assert cast.client(cast.lena).get("/coverage/names?show=nonsense").status_code == 404


def test_garbage_in_the_range_is_this_quarter(cast):
    assert cast.client(cast.lena).get("/coverage?span=x&back=-7").status_code == 200


@pytest.mark.parametrize("address", ["/coverage", "/coverage/names", "/coverage/names.csv"])
def test_strangers_are_asked_to_sign_in(cast, address):
    assert cast.client().get(address).status_code == 302
