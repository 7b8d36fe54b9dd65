"""Scorecards of partners: which months, targets and promises count, and what stays frozen."""

from datetime import date, timedelta

import pytest

from portal.fiscal import months
from portal.kpis.library import GROWTH
from portal.kpis.models import Kpi
from portal.partners.models import Partner
from portal.scorecards.period import scored_period
from portal.scorecards.scorecard import scorecards

TODAY = date(2026, 6, 15)
YEAR, NEXT_YEAR = date(2026, 1, 1), date(2027, 1, 1)
THOUSAND = 100_000


def card_of(partner, today=TODAY, first_month=1):
    return scorecards(Partner.select().where(Partner.id == partner.id), today, first_month)[partner.id]


def line_of(card, code):
    return next(line for line in card.yours.lines + card.ours.lines if line.kpi.code == code)


@pytest.fixture
def revenue(cast):
    return cast.kpi("revenue", weight=30)


@pytest.fixture
def half_year(cast, revenue):
    """Revenue of 92 a month for five closed months: 460 of a year's 1200."""
    for month_on in months(YEAR, date(2026, 6, 1)):
        cast.actual(revenue, cast.orebro, month_on, 92 * THOUSAND)
    cast.target(revenue, YEAR, NEXT_YEAR, 1200 * THOUSAND, partner=cast.orebro)
    return cast


def test_the_period_is_the_fiscal_year_up_to_the_last_closed_month():
    period = scored_period(TODAY, 1)
    assert (period.from_on, period.as_of_on) == (YEAR, date(2026, 5, 31))


def test_a_fiscal_year_may_begin_in_july():
    assert scored_period(TODAY, 7).from_on == date(2025, 7, 1)


def test_in_its_first_month_the_year_before_is_still_the_one_that_is_scored():
    period = scored_period(date(2027, 1, 20), 1)
    assert (period.from_on, period.as_of_on, period.until_on) == (YEAR, date(2026, 12, 31), NEXT_YEAR)


def test_months_of_a_flow_are_summed(half_year):
    assert line_of(card_of(half_year.orebro), "revenue").actual == 460 * THOUSAND


def test_a_flow_is_compared_with_what_was_due_by_then(half_year):
    line = line_of(card_of(half_year.orebro), "revenue")
    assert (line.target, line.rag) == (round(1200 * THOUSAND * 151 / 365), "warn")
    assert round(line.points, 3) == 0.927


def test_pace_runs_up_to_the_day_of_the_figure_and_not_to_today(half_year):
    line = line_of(card_of(half_year.orebro, date(2026, 8, 3)), "revenue")
    assert line.target == round(1200 * THOUSAND * 151 / 365)


def test_a_month_that_is_not_closed_does_not_count(half_year, revenue):
    half_year.actual(revenue, half_year.orebro, date(2026, 6, 1), 900 * THOUSAND)
    assert line_of(card_of(half_year.orebro), "revenue").actual == 460 * THOUSAND


def test_targets_of_months_are_summed(cast, revenue):
    cast.actual(revenue, cast.orebro, YEAR, 50 * THOUSAND)
    cast.actual(revenue, cast.orebro, date(2026, 2, 1), 50 * THOUSAND)
    for start, end in ((YEAR, date(2026, 2, 1)), (date(2026, 2, 1), date(2026, 3, 1))):
        cast.target(revenue, start, end, 60 * THOUSAND, partner=cast.orebro)
    assert line_of(card_of(cast.orebro), "revenue").target == 120 * THOUSAND


def test_a_years_target_and_its_months_are_not_added_up(half_year, revenue):
    half_year.target(revenue, YEAR, date(2026, 2, 1), 90 * THOUSAND, partner=half_year.orebro)
    assert line_of(card_of(half_year.orebro), "revenue").aimed.whole == 1200 * THOUSAND


def test_the_partners_own_target_stands_before_its_classs(half_year, revenue):
    half_year.target(revenue, YEAR, NEXT_YEAR, 9 * THOUSAND, partner_class=half_year.classes["A"])
    assert line_of(card_of(half_year.orebro), "revenue").aimed.scope == "partner"


def test_a_class_target_holds_for_its_partners(cast, revenue):
    cast.actual(revenue, cast.orebro, YEAR, THOUSAND)
    cast.target(revenue, YEAR, NEXT_YEAR, 365 * THOUSAND, partner_class=cast.classes["A"])
    assert line_of(card_of(cast.orebro), "revenue").target == 31 * THOUSAND


def test_a_users_target_is_no_partners_target(cast, revenue):
    cast.actual(revenue, cast.orebro, YEAR, THOUSAND)
    cast.target(revenue, YEAR, NEXT_YEAR, THOUSAND, user=cast.par)
    assert line_of(card_of(cast.orebro), "revenue").aimed is None


def test_without_a_target_a_kpi_shows_its_value_and_has_no_weight(cast, revenue):
    cast.actual(revenue, cast.orebro, YEAR, THOUSAND)
    line = line_of(card_of(cast.orebro), "revenue")
    assert (line.actual, line.weight, line.rag) == (THOUSAND, 0, "none")


def test_of_a_level_the_last_month_counts(cast):
    people = cast.kpi("people", kind="level", unit="count")
    cast.actual(people, cast.orebro, YEAR, 300)
    cast.actual(people, cast.orebro, date(2026, 4, 1), 500)
    assert line_of(card_of(cast.orebro), "people").actual == 500


def test_of_a_ratio_the_parts_are_summed(cast):
    wins = cast.kpi("wins", kind="ratio", unit="percent")
    cast.actual(wins, cast.orebro, YEAR, None, numerator=100, denominator=100)
    cast.actual(wins, cast.orebro, date(2026, 2, 1), None, numerator=100, denominator=300)
    assert line_of(card_of(cast.orebro), "wins").actual == 5_000


def test_a_rating_is_a_ratio_of_its_own_unit(cast):
    rating = cast.kpi("rating", kind="ratio", unit="rating")
    cast.actual(rating, cast.orebro, YEAR, None, numerator=900, denominator=200)
    assert line_of(card_of(cast.orebro), "rating").actual == 450


def test_the_trend_has_twelve_closed_months_with_gaps(half_year):
    trend = line_of(card_of(half_year.orebro), "revenue").trend
    assert trend == (None,) * 7 + (92 * THOUSAND,) * 5


def test_growth_compares_the_same_months(half_year, revenue):
    half_year.kpi("revenue_growth", kind="measured", unit="percent")
    for month_on in months(date(2025, 1, 1), YEAR):
        half_year.actual(revenue, half_year.orebro, month_on, 80 * THOUSAND)
    assert line_of(card_of(half_year.orebro), "revenue_growth").actual == 1_500


@pytest.fixture
def stopped_ordering(cast, revenue):
    """Örebro ordered in January and no more; somebody else ordered up to May."""
    cast.actual(revenue, cast.orebro, YEAR, 100 * THOUSAND, source="orders")
    for month_on in months(date(2025, 1, 1), date(2026, 6, 1)):
        cast.actual(revenue, cast.malmo, month_on, 50 * THOUSAND, source="orders")
    cast.target(revenue, YEAR, NEXT_YEAR, 1200 * THOUSAND, partner=cast.orebro)
    return cast


def test_a_month_without_an_order_is_a_month_of_nothing(stopped_ordering):
    line = line_of(card_of(stopped_ordering.orebro), "revenue")
    assert line.trend[-5:] == (100 * THOUSAND, 0, 0, 0, 0)


def test_who_stopped_ordering_is_compared_with_what_was_due_up_to_the_newest_order(stopped_ordering):
    line = line_of(card_of(stopped_ordering.orebro), "revenue")
    assert (line.as_of_on, line.target, line.rag) == (date(2026, 5, 31), 49_643_836, "bad")


def test_before_the_first_order_nothing_is_known(stopped_ordering):
    assert line_of(card_of(stopped_ordering.orebro), "revenue").trend[0] is None


def test_growth_counts_the_months_without_an_order(stopped_ordering):
    growth = stopped_ordering.kpi(GROWTH, kind="measured", unit="percent")
    for month_on in months(date(2025, 1, 1), date(2025, 6, 1)):
        stopped_ordering.actual(
            Kpi.get(code="revenue"), stopped_ordering.orebro, month_on, 40 * THOUSAND, source="orders"
        )
    assert line_of(card_of(stopped_ordering.orebro), growth.code).actual == -5000


def test_growth_needs_a_year_before(half_year):
    half_year.kpi("revenue_growth", kind="measured", unit="percent")
    assert "revenue_growth" not in [line.kpi.code for line in card_of(half_year.orebro).yours.lines]


def test_promises_kept_on_time_are_measured(cast):
    cast.kpi("our_promises_kept", kind="measured", unit="percent", side="vendor")
    due_on = date(2026, 3, 1)
    for done_on in (due_on, due_on - timedelta(days=3), due_on + timedelta(days=3)):
        cast.action(cast.orebro, due_on=due_on, original_due_on=due_on, state="done", done_on=done_on)
    cast.action(cast.orebro, due_on=due_on, original_due_on=due_on)
    assert line_of(card_of(cast.orebro), "our_promises_kept").actual == 5_000


def test_promises_of_an_earlier_year_do_not_count(cast):
    cast.kpi("our_promises_kept", kind="measured", unit="percent", side="vendor")
    due_on = date(2025, 3, 1)
    cast.action(cast.orebro, due_on=due_on, original_due_on=due_on, state="done", done_on=due_on)
    assert card_of(cast.orebro).ours.lines == ()


def test_visits_are_measured_and_never_above_all_of_them(cast):
    cast.kpi("visits_held", kind="measured", unit="percent", side="vendor")
    for day in range(1, 8):
        cast.held(cast.orebro, date(2026, 5, day))
    card = card_of(cast.orebro)
    assert (card.record.promised, card.record.held) == (4, 7)
    assert line_of(card, "visits_held").actual == 10_000


def test_a_kpi_that_is_not_published_moves_no_score(half_year):
    margin = half_year.kpi("margin", published=False, weight=90)
    half_year.actual(margin, half_year.orebro, YEAR, THOUSAND)
    half_year.target(margin, YEAR, NEXT_YEAR, 900 * THOUSAND, partner=half_year.orebro)
    card = card_of(half_year.orebro)
    assert (card.yours.result.score, [line.kpi.code for line in card.yours.published]) == (92.7, ["revenue"])


def test_a_kpi_of_both_sides_stands_on_both(cast):
    joint = cast.kpi("joint", side="joint")
    cast.actual(joint, cast.orebro, YEAR, THOUSAND)
    card = card_of(cast.orebro)
    assert [len(card.yours.lines), len(card.ours.lines)] == [1, 1]


def test_a_retired_kpi_is_not_shown(cast, revenue):
    cast.actual(revenue, cast.orebro, YEAR, THOUSAND)
    revenue.change(cast.stamp, retired_at=date(2026, 2, 1))
    assert card_of(cast.orebro).yours.lines == ()


def test_the_number_of_queries_does_not_grow_with_the_partners(half_year, count_queries):
    one = count_queries(lambda: scorecards(Partner.select().where(Partner.id == half_year.orebro.id), TODAY, 1))
    all_of_them = count_queries(lambda: scorecards(Partner.select(), TODAY, 1))
    assert one == all_of_them <= 15
