"""How an actual and its aim become points, a status and a score (spec/4-formulas.md 6.2, spec/0-decisions.md 16 to 18).

Figures are integers of hundredths of their unit; shares run from 0 to the cap; scores from 0 to 100."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.kpis import targets

GOOD, WARN, BAD, NONE = "good", "warn", "bad", "none"
AMBER_FROM = 0.9
AMBER_UP_TO = 1.1
SCORE_GREEN, SCORE_AMBER = 90, 70
COMPLETE_ENOUGH = 0.8
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Aim:
    """What an actual is measured against. For a range `target` and `high` are its ends and `floor` is the tolerance."""

    direction: str
    target: float
    floor: float = 0
    high: float | None = None
    weight: float = 0
    cap: float = 1.0


@dataclass(frozen=True)
class Result:
    """The score of several KPIs. None was measured: `score` is None and the status grey."""

    score: float | None
    completeness: float
    provisional: bool
    rag: str


def share(actual, aim):
    """The share of its points that an actual earns: 0 to the cap; 1 at the target. None when nothing was measured."""
    if actual is None or mistake(aim):
        return None
    if aim.direction == "lower":
        reached = (aim.floor - actual) / (aim.floor - aim.target)
    elif aim.direction == "range":
        return _inside(actual, aim)
    else:
        reached = (actual - aim.floor) / (aim.target - aim.floor)
    return min(max(reached, 0.0), aim.cap)


def _inside(actual, aim):
    outside = _distance(actual, aim)
    if outside == 0:
        return 1.0
    return max(1 - outside / aim.floor, 0.0) if aim.floor else 0.0


def _distance(actual, aim):
    """How far an actual lies outside its range; 0 inside."""
    return max(aim.target - actual, actual - aim.high, 0)


def status(actual, aim):
    """Green, amber, red or grey of one KPI (spec/0-decisions.md 18)."""
    if actual is None or aim is None or mistake(aim):
        return NONE
    if aim.direction == "lower":
        return _ranked(actual <= aim.target, actual <= AMBER_UP_TO * aim.target)
    if aim.direction == "range":
        return _ranked(_distance(actual, aim) == 0, _distance(actual, aim) <= aim.floor / 2)
    return _ranked(actual >= aim.target, actual >= AMBER_FROM * aim.target)


def _ranked(is_green, is_amber):
    return GOOD if is_green else WARN if is_amber else BAD


def result(weighted):
    """The result of (share or None, weight) pairs: missing ones lower the completeness, never the score."""
    weighted = [(points, weight) for points, weight in weighted if weight]
    measured = [(points, weight) for points, weight in weighted if points is not None]
    whole, known = (sum(weight for _, weight in pairs) for pairs in (weighted, measured))
    if not known:
        return Result(None, 0.0, False, NONE)
    score = round(100 * sum(points * weight for points, weight in measured) / known, 1)
    completeness = known / whole
    provisional = completeness < COMPLETE_ENOUGH
    return Result(score, completeness, provisional, NONE if provisional else score_status(score))


def score_status(score):
    return _ranked(score >= SCORE_GREEN, score >= SCORE_AMBER)


def paced(aim, elapsed):
    """The aim of a flow inside a running period: what of it was due after the share of its days that has passed."""
    return replace(aim, target=aim.target * elapsed, floor=aim.floor * elapsed, high=aim.high and aim.high * elapsed)


def elapsed(from_on, until_on, as_of_on, since_on=date.min):
    """The share of the days [from_on, until_on) that has passed at the end of `as_of_on`, counted since a day."""
    start, end = max(from_on, since_on), min(until_on, as_of_on + DAY)
    return max((end - start).days, 0) / (until_on - from_on).days


def blocks_promotion(points, is_gate):
    """A gate at nothing blocks a higher tier whatever the score is."""
    return is_gate and points == 0


def mistake(aim):
    """Why these figures cannot be scored, or None; the text names the way out."""
    return targets.mistake(aim.direction, aim.target, aim.floor, aim.high)
