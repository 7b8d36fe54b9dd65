"""What a target must look like to be scored (spec/4-formulas.md 6.2), and for whom it holds."""

from portal.i18n import N_, Message
from portal.kpis.models import KpiTarget

MOST_KPIS = 12


def mistake(direction, target, floor, high=None):
    """Why these figures cannot be scored, or None; the text names the way out.

    For a range `target` and `high` are its ends and `floor` is the tolerance around it."""
    if direction == "range":
        if high is None or high < target:
            return Message(N_("Give the range an upper end that is not below its lower end."))
        return None
    if target == floor:
        return Message(N_("The target equals the floor: choose a floor that is worse than the target."))
    if direction == "lower" and floor < target:
        return Message(N_("Lower is better here: the floor is the worst value and must lie above the target."))
    if direction == "higher" and (target <= 0 or floor > target):
        return Message(N_("Higher is better here: the target must lie above zero and above the floor."))
    return None


def overlapping(kpi, from_on, until_on, *, partner=None, partner_class=None, user=None, but=None):
    """The target that already holds for the same KPI and the same partner, class or user on some of these days."""
    query = KpiTarget.select().where(
        (KpiTarget.kpi == kpi)
        & (KpiTarget.partner.is_null() if partner is None else KpiTarget.partner == partner)
        & (KpiTarget.partner_class.is_null() if partner_class is None else KpiTarget.partner_class == partner_class)
        & (KpiTarget.user.is_null() if user is None else KpiTarget.user == user)
        & (KpiTarget.from_on < until_on)
        & (KpiTarget.until_on > from_on)
    )
    return (query.where(KpiTarget.id != but.id) if but else query).first()
