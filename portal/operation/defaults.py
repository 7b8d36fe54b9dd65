"""What a new workspace begins with: classes and their cadences, tiers, the library of KPIs."""

from datetime import date

from portal.cadence.models import CadencePolicy
from portal.kpis.library import ensure_library
from portal.partners.models import PartnerClass, Tier

# code, name, ideal days, most days, visits a year (spec/4-formulas.md 6.3). D is visited on demand.
CLASSES = (
    ("A", "Strategic", 45, 60, 8),
    ("B", "Growth", 90, 120, 4),
    ("C", "Managed", 180, 240, 2),
    ("D", "On demand", None, None, 0),
)
TIERS = ("Registered", "Silver", "Gold", "Platinum")
# Before any visit that an import may bring, so that the past is measured by the same cadence.
ALWAYS_ON = date(2000, 1, 1)


def make_defaults(stamp):
    """Adds what is missing; what exists stays as somebody has set it, so that it may be called again."""
    for rank, (code, name, ideal, most, visits) in enumerate(CLASSES, start=1):
        if PartnerClass.get_or_none(PartnerClass.code == code) is None:
            made = PartnerClass.add(stamp, code=code, name=name, rank=rank)
            CadencePolicy.add(
                stamp,
                partner_class=made,
                from_on=ALWAYS_ON,
                ideal_days=ideal,
                max_days=most,
                visits_per_year=visits,
            )
    if not Tier.select().exists():
        for rank, name in enumerate(TIERS, start=1):
            Tier.add(stamp, name=name, rank=rank)
    ensure_library(stamp)
