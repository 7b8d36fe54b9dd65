"""Points, status and score: the worked examples of spec/4-formulas.md 6.2 and the rules around them."""

from datetime import date

import pytest

from portal.scorecards.scoring import (
    Aim,
    Result,
    blocks_promotion,
    elapsed,
    mistake,
    paced,
    result,
    score_status,
    share,
    status,
)

REVENUE = Aim("higher", 100_000, weight=40)
GROWTH = Aim("higher", 1_000, weight=15)
CERTIFIED = Aim("higher", 500, weight=15)
WIN_RATE = Aim("higher", 3_000, floor=1_000, weight=15)
SATISFACTION = Aim("higher", 450, weight=15)
ANSWER = Aim("lower", 200, floor=600)
STOCK = Aim("range", 400, high=800, floor=200)
GOLDEN = ((90_000, REVENUE), (400, GROWTH), (600, CERTIFIED), (2_400, WIN_RATE), (None, SATISFACTION))


def test_the_golden_shares():
    assert [share(actual, aim) for actual, aim in GOLDEN] == [0.9, 0.4, 1.0, 0.7, None]


def test_the_golden_score():
    scored = result([(share(actual, aim), aim.weight) for actual, aim in GOLDEN])
    assert scored == Result(79.4, 0.85, False, "warn")


def test_lower_is_better():
    assert share(300, ANSWER) == 0.75


def test_lower_than_the_target_earns_no_more_than_the_cap():
    assert share(100, ANSWER) == 1.0


def test_worse_than_the_floor_earns_nothing_and_never_less():
    assert share(900, ANSWER) == 0.0


def test_the_cap_may_be_above_one():
    assert share(150_000, Aim("higher", 100_000, cap=1.2)) == 1.2


@pytest.mark.parametrize(("actual", "points"), [(400, 1), (800, 1), (300, 0.5), (900, 0.5), (100, 0), (1_000, 0)])
def test_a_range_falls_to_nothing_over_its_tolerance(actual, points):
    assert share(actual, STOCK) == points


def test_without_tolerance_outside_the_range_is_nothing():
    assert share(399, Aim("range", 400, high=800)) == 0


def test_zero_is_a_value():
    assert share(0, REVENUE) == 0


def test_missing_is_not_zero():
    assert result([(1.0, 50), (None, 10)]).score == 100


def test_below_eighty_per_cent_completeness_the_score_is_provisional_and_grey():
    assert result([(1.0, 79), (None, 21)]) == Result(100, 0.79, True, "none")


def test_eighty_per_cent_is_complete_enough():
    assert result([(1.0, 80), (None, 20)]).rag == "good"


def test_nothing_measured_is_no_score():
    assert result([(None, 40)]) == Result(None, 0.0, False, "none")


def test_a_kpi_without_weight_does_not_count():
    assert result([(0.5, 10), (1.0, 0)]).score == 50


@pytest.mark.parametrize(("score", "rag"), [(90, "good"), (89.9, "warn"), (70, "warn"), (69.9, "bad")])
def test_the_whole_score_has_its_own_thresholds(score, rag):
    assert score_status(score) == rag


@pytest.mark.parametrize(
    ("actual", "aim", "rag"),
    [
        (100_000, REVENUE, "good"),
        (90_000, REVENUE, "warn"),
        (89_999, REVENUE, "bad"),
        (200, ANSWER, "good"),
        (220, ANSWER, "warn"),
        (221, ANSWER, "bad"),
        (600, STOCK, "good"),
        (300, STOCK, "warn"),
        (299, STOCK, "bad"),
        (900, STOCK, "warn"),
        (None, STOCK, "none"),
        (500, None, "none"),
    ],
)
def test_status(actual, aim, rag):
    assert status(actual, aim) == rag


def test_the_elapsed_share_of_a_year():
    assert round(elapsed(date(2026, 1, 1), date(2027, 1, 1), date(2026, 5, 31)), 3) == 0.414


def test_pace_asks_for_what_was_due():
    passed = elapsed(date(2026, 1, 1), date(2027, 1, 1), date(2026, 5, 31))
    assert round(paced(Aim("higher", 1200), passed).target, 1) == 496.4


def test_on_pace_the_year_is_amber_where_plain_comparison_says_red():
    passed = elapsed(date(2026, 1, 1), date(2027, 1, 1), date(2026, 5, 31))
    year = Aim("higher", 1200)
    assert (status(460, paced(year, passed)), status(460, year)) == ("warn", "bad")


def test_before_its_first_day_nothing_has_passed():
    assert elapsed(date(2026, 1, 1), date(2027, 1, 1), date(2025, 12, 1)) == 0


@pytest.mark.parametrize(
    "aim",
    [
        Aim("higher", 500, floor=500),
        Aim("higher", 0),
        Aim("higher", 400, floor=500),
        Aim("lower", 500, floor=400),
        Aim("lower", 0, floor=0),
        Aim("range", 500),
        Aim("range", 500, high=400),
    ],
)
def test_figures_that_cannot_be_scored_are_refused(aim):
    assert mistake(aim) is not None
    assert share(100, aim) is None
    assert status(100, aim) == "none"


def test_a_target_of_nothing_is_allowed_where_lower_is_better():
    assert mistake(Aim("lower", 0, floor=10)) is None


def test_a_gate_at_nothing_blocks_a_higher_tier():
    assert blocks_promotion(0, True)
    assert not blocks_promotion(0.1, True)
    assert not blocks_promotion(0, False)
    assert not blocks_promotion(None, True)
