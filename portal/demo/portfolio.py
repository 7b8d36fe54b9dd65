"""Classes, tiers and targets that the demo makes up from the revenue of a real channel (spec/0-decisions.md 34)."""

from datetime import date

from peewee import fn

from portal.demo.words import MADE_UP
from portal.fiscal import add_months, fiscal_year_start
from portal.imports import bulk
from portal.kpis.library import GROWTH, OUR_PROMISES, PARTNER_PROMISES, REVENUE, VISITS
from portal.kpis.models import Kpi, KpiActual, KpiTarget
from portal.partners.models import ClassAssignment, PartnerClass, Tier, TierAssignment

# Partners by revenue, largest first, up to these shares of the whole are A, B and C; the others are D.
CUMULATED = (("A", 0.50), ("B", 0.80), ("C", 0.95))
TIER_OF_CLASS = {"A": "Gold", "B": "Silver", "C": "Registered", "D": "Registered"}
CLASS_REASON = f"{MADE_UP} By the revenue of twelve months: 50, 80 and 95 per cent of the whole."
GROWTH_ASKED = (105, 100)  # the same months a year before × 1.05
# KPI, classes, target in hundredths of a per cent
MEASURED_TARGETS = (
    (PARTNER_PROMISES, "ABC", 9000),
    (OUR_PROMISES, "ABC", 9000),
    (VISITS, "ABC", 10000),
    (GROWTH, "ABCD", 500),
)


def store(stamp, table, rows, *, with_ids=False):
    """Stores rows (dicts) in bulk; returns their ids if asked for."""
    blank = bulk.new_row(table, stamp)
    return bulk.insert(table, list(blank), [list((blank | row).values()) for row in rows], with_ids=with_ids)


def last_month():
    """The first day of the newest month with revenue."""
    return KpiActual.select(fn.MAX(KpiActual.month_on)).join(Kpi).where(Kpi.code == REVENUE).scalar()


def revenue(from_on, until_on):
    """{partner id: hundredths} of the months in the range."""
    query = (
        KpiActual.select(KpiActual.partner, fn.SUM(KpiActual.value).cast("bigint"))
        .join(Kpi)
        .where((Kpi.code == REVENUE) & (KpiActual.month_on >= from_on) & (KpiActual.month_on < until_on))
        .group_by(KpiActual.partner)
    )
    return dict(query.tuples())


def classify(stamp, from_on):
    """{partner id: code of the class} of all partners that ever bought, stored with tier and reason from that day."""
    end = add_months(last_month(), 1)
    ever = revenue(date(2000, 1, 1), end)
    codes = dict.fromkeys(ever, "D") | bands(revenue(add_months(end, -12), end))
    _assign(stamp, ClassAssignment, codes, from_on, {row.code: row.id for row in PartnerClass.select()})
    tiers = {row.name: row.id for row in Tier.select()}
    _assign(stamp, TierAssignment, codes, from_on, {code: tiers[name] for code, name in TIER_OF_CLASS.items()})
    return codes


def bands(revenue_of):
    """{key: class}: the largest together make half of the whole, and so on."""
    whole, running, found = sum(revenue_of.values()), 0, {}
    for key, value in sorted(revenue_of.items(), key=lambda pair: (-pair[1], pair[0])):
        found[key] = next((code for code, share in CUMULATED if running < share * whole), "D")
        running += value
    return found


def _assign(stamp, assignment, codes, from_on, ids):
    store(
        stamp,
        assignment,
        [
            {
                "partner": partner_id,
                assignment.what: ids[code],
                "from_on": from_on,
                "reason": CLASS_REASON,
            }
            for partner_id, code in sorted(codes.items())
        ],
    )


def set_targets(stamp, first_month):
    """Revenue targets of the fiscal year so far, from the same months a year before; and targets of what is measured.

    A partner that bought nothing then has no target."""
    end = add_months(last_month(), 1)
    begin = fiscal_year_start(last_month(), first_month)
    before = revenue(add_months(begin, -12), add_months(end, -12))
    kpis = {kpi.code: kpi.id for kpi in Kpi.select()}
    common = {"from_on": begin, "until_on": end, "made_up": True}
    rise, of = GROWTH_ASKED
    store(
        stamp,
        KpiTarget,
        [
            {"kpi": kpis[REVENUE], "partner": partner_id, "target": value * rise // of, **common}
            for partner_id, value in sorted(before.items())
            if value > 0
        ],
    )
    classes = {row.code: row.id for row in PartnerClass.select()}
    years = {**common, "from_on": add_months(begin, -24), "until_on": add_months(begin, 36)}
    store(
        stamp,
        KpiTarget,
        [
            {"kpi": kpis[code], "partner_class": classes[letter], "target": target, **years}
            for code, letters, target in MEASURED_TARGETS
            for letter in letters
        ],
    )
