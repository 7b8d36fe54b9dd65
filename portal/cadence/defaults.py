"""The four classes that a new portal begins with: fewer and better prepared visits (spec/4-formulas.md 6.3)."""

from datetime import date

from portal.cadence.models import CadencePolicy
from portal.partners.models import PartnerClass

# code, name, days ideal, days at most, visits a year, minutes of a visit
USUAL = (
    ("A", "Strategic", 45, 60, 8, 120),
    ("B", "Growth", 90, 120, 4, 90),
    ("C", "Managed", 180, 240, 2, 90),
    ("D", "On demand", None, None, 0, 60),
)
# Before any visit that an import may bring, so that the past is measured by the same cadence.
SINCE = date(2000, 1, 1)


def ensure_classes(stamp):
    """Adds what is missing of the usual classes, and their policy where a class has none; returns how many it added."""
    return sum(_ensure(stamp, rank, *usual) for rank, usual in enumerate(USUAL, start=1))


def _ensure(stamp, rank, code, name, ideal_days, max_days, visits_per_year, visit_minutes):
    held = PartnerClass.get_or_none(PartnerClass.code == code)
    made = held or PartnerClass.add(stamp, code=code, name=name, rank=rank)
    if made.policies.exists():
        return False
    policy = {"ideal_days": ideal_days, "max_days": max_days, "visits_per_year": visits_per_year}
    CadencePolicy.add(stamp, partner_class=made, from_on=SINCE, visit_minutes=visit_minutes, **policy)
    return True
