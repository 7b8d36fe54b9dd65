"""Which target holds for a partner: its own before its class's; flows by pace, all else by the day (0-decisions 17)."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date

from portal.kpis.models import KpiTarget
from portal.partners.models import ClassAssignment, Partner
from portal.scorecards.scoring import Aim, elapsed, paced


@dataclass(frozen=True)
class Target:
    """A stored target; `scope` says whose it is."""

    id: int
    from_on: date
    until_on: date
    target: int
    high: int | None
    floor: int | None
    weight: int | None
    made_up: bool
    scope: str


@dataclass(frozen=True)
class Aimed:
    """The aim to date and where it comes from; for a flow `whole` is what its targets ask for in all."""

    aim: Aim
    whole: int
    scope: str
    made_up: bool
    target_ids: tuple[int, ...]


class Targets:
    """All targets that touch the period of the partners of a query, read in three queries."""

    def __init__(self, partners, period):
        chosen = partners.select(Partner.id)
        self.period = period
        self._classes = dict(
            ClassAssignment.as_of(period.as_of_on, ClassAssignment.partner, ClassAssignment.partner_class)
            .where(ClassAssignment.partner.in_(chosen))
            .tuples()
        )
        self._own = self._read(KpiTarget.partner, KpiTarget.partner.in_(chosen), "partner")
        self._of_class = self._read(KpiTarget.partner_class, KpiTarget.partner_class.is_null(False), "class")

    def aimed(self, kpi, partner_id, as_of_on):
        """The Aimed of this partner's KPI up to that day, or None: no target, no weight."""
        targets = self._own.get((partner_id, kpi.id)) or self._of_class.get((self._classes.get(partner_id), kpi.id))
        if not targets:
            return None
        return _of_flow(kpi, targets, self.period, as_of_on) if kpi.kind == "flow" else _of_day(kpi, targets, as_of_on)

    def _read(self, owner, condition, scope):
        touching = (KpiTarget.from_on <= self.period.as_of_on) & (KpiTarget.until_on > self.period.from_on)
        query = KpiTarget.select(
            owner,
            KpiTarget.kpi,
            KpiTarget.id,
            KpiTarget.from_on,
            KpiTarget.until_on,
            KpiTarget.target,
            KpiTarget.target_high,
            KpiTarget.floor,
            KpiTarget.weight,
            KpiTarget.made_up,
        )
        found = defaultdict(list)
        for owner_id, kpi_id, *columns in query.where(condition & touching).order_by(KpiTarget.from_on).tuples():
            found[owner_id, kpi_id].append(Target(*columns, scope))
        return found


def _of_flow(kpi, targets, period, as_of_on):
    """What was due of each target up to that day, summed: a year's target counts by the days of it that have passed."""
    counted = _without_overlap(targets)
    due = [
        paced(_aim(kpi, target), elapsed(target.from_on, target.until_on, as_of_on, period.from_on))
        for target in counted
    ]
    high = None if any(aim.high is None for aim in due) else sum(aim.high for aim in due)
    aim = replace(due[-1], target=sum(aim.target for aim in due), floor=sum(aim.floor for aim in due), high=high)
    return _aimed(aim, counted, sum(target.target for target in counted))


def _of_day(kpi, targets, as_of_on):
    holding = [target for target in targets if target.from_on <= as_of_on < target.until_on]
    return _aimed(_aim(kpi, holding[-1]), holding[-1:], holding[-1].target) if holding else None


def _aim(kpi, target):
    return Aim(
        direction=kpi.direction,
        target=target.target,
        floor=kpi.floor if target.floor is None else target.floor,
        high=target.high,
        weight=_weight(kpi, target),
        cap=kpi.cap_percent / 100,
    )


def _aimed(aim, targets, whole):
    ids = tuple(target.id for target in targets)
    return Aimed(aim, whole, targets[-1].scope, any(target.made_up for target in targets), ids)


def _without_overlap(targets):
    """A year's target and the targets of its months must not be added up: the longer range stands."""
    counted = []
    for target in sorted(targets, key=lambda target: target.from_on - target.until_on):
        if all(target.until_on <= other.from_on or target.from_on >= other.until_on for other in counted):
            counted.append(target)
    return sorted(counted, key=lambda target: target.from_on)


def _weight(kpi, target):
    weight = kpi.weight if target.weight is None else target.weight
    # What the partner does not read must not move the score that it reads.
    return weight if kpi.published else 0
