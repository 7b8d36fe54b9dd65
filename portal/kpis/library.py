"""The KPIs that every portal starts with: the two templates of spec/4-formulas.md 6.1, in display order."""

from dataclasses import asdict, dataclass

from portal.i18n import N_
from portal.kpis.models import Kpi

# The two that order lines are summed into (kpis/monthly.py).
REVENUE = "revenue"
MARGIN = "margin"
# Measured by the portal itself (scorecards/measured.py).
GROWTH = "revenue_growth"
PARTNER_PROMISES = "partner_promises_kept"
OUR_PROMISES = "our_promises_kept"
VISITS = "visits_held"


@dataclass(frozen=True)
class BuiltIn:
    """A KPI of the library. `floor` is in hundredths of the unit; weights of one side sum to 100."""

    code: str
    name: str
    meaning: str
    formula: str
    unit: str
    kind: str
    side: str
    category: str
    weight: int
    direction: str = "higher"
    floor: int = 0
    published: bool = True


LIBRARY = (
    BuiltIn(
        REVENUE,
        N_("Revenue against plan"),
        N_("What you bought from us, against what we planned together."),
        N_("Sum of the order lines of the period."),
        unit="money",
        kind="flow",
        side="partner",
        category=N_("Performance"),
        weight=30,
    ),
    BuiltIn(
        GROWTH,
        N_("Growth against the year before"),
        N_("How much more you bought than in the same months a year ago."),
        N_("Revenue of the period ÷ revenue of the same months a year before − 1."),
        unit="percent",
        kind="measured",
        side="partner",
        category=N_("Performance"),
        weight=10,
    ),
    BuiltIn(
        "qualified_pipeline",
        N_("Qualified pipeline created"),
        N_("Value of the new opportunities that both of us call qualified."),
        N_("Sum of the opportunities that were qualified in the period."),
        unit="money",
        kind="flow",
        side="partner",
        category=N_("Performance"),
        weight=10,
    ),
    BuiltIn(
        "deal_win_rate",
        N_("Registered deals won"),
        N_("How many of the deals that you registered were won."),
        N_("Deals won ÷ deals decided in the period."),
        unit="percent",
        kind="ratio",
        side="partner",
        category=N_("Performance"),
        weight=10,
    ),
    BuiltIn(
        "certified_people",
        N_("Certified people against need"),
        N_("How much of the competence that we planned is in place."),
        N_("People with a valid certificate ÷ people that the plan asks for, at the end of the month."),
        unit="percent",
        kind="level",
        side="partner",
        category=N_("Competence"),
        weight=10,
    ),
    BuiltIn(
        "joint_marketing",
        N_("Joint marketing delivered"),
        N_("How much of the marketing plan has been carried out."),
        N_("Activities carried out ÷ activities planned up to the end of the month."),
        unit="percent",
        kind="level",
        side="partner",
        category=N_("Engagement"),
        weight=5,
    ),
    BuiltIn(
        "customer_satisfaction",
        N_("Customer satisfaction"),
        N_("What your customers say when they are asked, from 1 to 5."),
        N_("Sum of the ratings ÷ number of ratings in the period."),
        unit="rating",
        kind="ratio",
        side="partner",
        category=N_("Customers"),
        weight=10,
        floor=100,
    ),
    BuiltIn(
        PARTNER_PROMISES,
        N_("Your promises kept on time"),
        N_("How many of the promises that you gave were kept by the day agreed."),
        N_("Promises kept on time ÷ promises that fell due in the period."),
        unit="percent",
        kind="measured",
        side="partner",
        category=N_("Engagement"),
        weight=15,
    ),
    BuiltIn(
        OUR_PROMISES,
        N_("Our promises kept on time"),
        N_("How many of the promises that we gave were kept by the day agreed."),
        N_("Promises kept on time ÷ promises that fell due in the period."),
        unit="percent",
        kind="measured",
        side="vendor",
        category=N_("Engagement"),
        weight=25,
    ),
    BuiltIn(
        VISITS,
        N_("Visits held of those promised"),
        N_("Whether we came as often as we said we would."),
        N_("Visits held, at most those promised ÷ visits promised in the period."),
        unit="percent",
        kind="measured",
        side="vendor",
        category=N_("Engagement"),
        weight=15,
    ),
    BuiltIn(
        "deal_answer_time",
        N_("Answer to a deal registration"),
        N_("How long you wait for our answer to a deal that you register."),
        N_("Sum of working days until the answer ÷ registrations answered in the period."),
        unit="days",
        kind="ratio",
        side="vendor",
        category=N_("Service"),
        weight=15,
        direction="lower",
        floor=600,
    ),
    BuiltIn(
        "lead_handover_time",
        N_("Handing over a lead"),
        N_("How long a lead lies with us before you get it."),
        N_("Sum of working days until the lead is handed over ÷ leads handed over in the period."),
        unit="days",
        kind="ratio",
        side="vendor",
        category=N_("Service"),
        weight=10,
        direction="lower",
        floor=500,
    ),
    BuiltIn(
        "claims_paid_on_time",
        N_("Marketing claims paid in 30 days"),
        N_("How many of your claims for marketing funds were paid in time."),
        N_("Claims paid within 30 days ÷ claims paid in the period."),
        unit="percent",
        kind="ratio",
        side="vendor",
        category=N_("Service"),
        weight=10,
    ),
    BuiltIn(
        "reviews_held",
        N_("Reviews held on schedule"),
        N_("Whether the reviews that we agreed took place and left minutes."),
        N_("Reviews held on schedule with minutes ÷ reviews due in the period."),
        unit="percent",
        kind="ratio",
        side="vendor",
        category=N_("Engagement"),
        weight=10,
    ),
    BuiltIn(
        "escalations_answered",
        N_("Support cases answered in time"),
        N_("How many of your escalated cases got an answer in the agreed time."),
        N_("Escalations answered in time ÷ escalations of the period."),
        unit="percent",
        kind="ratio",
        side="vendor",
        category=N_("Service"),
        weight=10,
    ),
    BuiltIn(
        "meeting_rating",
        N_("Your rating of our meetings"),
        N_("What you think of the time that we spend together, from 1 to 5."),
        N_("Sum of the ratings ÷ number of ratings in the period."),
        unit="rating",
        kind="ratio",
        side="vendor",
        category=N_("Engagement"),
        weight=5,
        floor=100,
    ),
    # What we earn on a partner is ours to know: it carries no weight and is never published.
    BuiltIn(
        MARGIN,
        N_("Our margin"),
        N_("What remains of the revenue after our cost."),
        N_("Sum of (sales − cost) ÷ sum of sales of the period."),
        unit="percent",
        kind="ratio",
        side="partner",
        category=N_("Performance"),
        weight=0,
        published=False,
    ),
)
BUILT_IN = frozenset(entry.code for entry in LIBRARY)


def ensure_library(stamp):
    """Adds the KPIs of the library that are missing; those that exist stay as somebody has set them."""
    known = {kpi.code for kpi in Kpi.select(Kpi.code)}
    return [
        Kpi.add(stamp, position=position, **asdict(entry))
        for position, entry in enumerate(LIBRARY, start=1)
        if entry.code not in known
    ]


def in_words(kpi, text, say):
    """One of the KPI's texts: of the library as `say` translates it, an own one as it was typed."""
    return say(text) if text and kpi.code in BUILT_IN else text
