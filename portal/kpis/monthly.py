"""Order lines are summed into partner and month: revenue, and the parts of our margin."""

from datetime import timedelta

from peewee import chunked, fn

from portal.fiscal import add_months
from portal.kpis.library import MARGIN, REVENUE
from portal.kpis.models import Kpi, KpiActual, OrderLine

PARTNERS_AT_ONCE = 500
ORDERS = "orders"


def order_kpis():
    """{code: row} of the two KPIs that order lines are summed into."""
    return {kpi.code: kpi for kpi in Kpi.select().where(Kpi.code.in_((REVENUE, MARGIN)))}


def sums(partner_ids):
    """{(partner id, first day of month): (sales, cost)} in hundredths of the order lines of these partners."""
    found = {}
    year, month = OrderLine.ordered_on.year, OrderLine.ordered_on.month
    for part in chunked(sorted(partner_ids), PARTNERS_AT_ONCE):
        query = (
            OrderLine.select(
                OrderLine.partner,
                fn.MIN(OrderLine.ordered_on),
                fn.SUM(OrderLine.sales).cast("bigint"),
                fn.SUM(OrderLine.cost).cast("bigint"),
            )
            .where(OrderLine.partner.in_(part))
            .group_by(OrderLine.partner, year, month)
        )
        for partner_id, day, sales, cost in query.tuples():
            found[partner_id, day.replace(day=1)] = (sales, cost)
    return found


def actuals(sales, cost):
    """{code: columns of the actual} for one partner and month."""
    return {
        REVENUE: {"value": sales, "numerator": None, "denominator": None},
        MARGIN: {"value": None, "numerator": sales - cost, "denominator": sales},
    }


def covered_until(month_on, last_on):
    """The last day that a month's sum covers: its end, or in the newest month the day of the newest order."""
    return min(add_months(month_on, 1) - timedelta(days=1), max(last_on, month_on))


def last_ordered_on():
    return OrderLine.select(fn.MAX(OrderLine.ordered_on)).scalar()


def open_months(last_on):
    """Partner-months whose sum stopped at the newest order of its time, while newer orders have come since."""
    kpis = [kpi.id for kpi in order_kpis().values()]
    query = KpiActual.select(KpiActual.partner, KpiActual.month_on, KpiActual.as_of_on).where(
        KpiActual.kpi.in_(kpis) & (KpiActual.source == ORDERS)
    )
    return {
        (partner_id, month_on)
        for partner_id, month_on, as_of_on in query.tuples()
        if as_of_on != covered_until(month_on, last_on)
    }


def recount(touched, stamp):
    """Brings the sums of these (partner id, month) in line with their order lines, without an import around it."""
    last_on = last_ordered_on()
    touched = set(touched) | (open_months(last_on) if last_on else set())
    summed = sums({partner_id for partner_id, _month in touched})
    for kpi in order_kpis().values():
        stored = _stored(kpi, touched)
        for place in touched:
            _recount_one(kpi, place, summed.get(place), stored.get(place), last_on, stamp)


def _stored(kpi, touched):
    ids = {partner_id for partner_id, _month in touched}
    rows = (
        row
        for part in chunked(sorted(ids), PARTNERS_AT_ONCE)
        for row in KpiActual.select().where((KpiActual.kpi == kpi) & KpiActual.partner.in_(part))
    )
    return {(row.partner_id, row.month_on): row for row in rows}


def _recount_one(kpi, place, summed, row, last_on, stamp):
    if summed is None:
        if row and row.source == ORDERS:
            row.delete_instance()
        return
    partner_id, month_on = place
    columns = {**actuals(*summed)[kpi.code], "as_of_on": covered_until(month_on, last_on), "source": ORDERS}
    if row is None:
        moment = {"created_at": stamp.at, "updated_at": stamp.at, "created_by": stamp.user_id}
        KpiActual.insert(kpi=kpi, partner=partner_id, month_on=month_on, **columns, **moment).execute()
    elif any(getattr(row, name) != value for name, value in columns.items()):
        KpiActual.update(**columns, version=KpiActual.version + 1, updated_at=stamp.at).where(
            KpiActual.id == row.id
        ).execute()
