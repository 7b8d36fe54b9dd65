"""What a new workspace begins with: classes and their cadences, tiers, the library of KPIs."""

from portal.cadence.defaults import ensure_classes
from portal.kpis.library import ensure_library
from portal.partners.models import Tier

TIERS = ("Registered", "Silver", "Gold", "Platinum")


def make_defaults(stamp):
    """Adds what is missing; what exists stays as somebody has set it, so that it may be called again."""
    ensure_classes(stamp)
    if not Tier.select().exists():
        for rank, name in enumerate(TIERS, start=1):
            Tier.add(stamp, name=name, rank=rank)
    ensure_library(stamp)
