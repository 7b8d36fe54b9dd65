"""What was reached: monthly figures become the value of a period and a trend, by the kind of the KPI."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from peewee import fn

from portal.db import as_day
from portal.fiscal import add_months, months
from portal.kpis.models import Kpi, KpiActual
from portal.partners.models import Partner

# A ratio of two figures in hundredths, in hundredths of its unit: 3 of 4 are 75.00 per cent, 9 by 2 are 4.50.
RATIO_SCALE = {"percent": 10_000}
PLAIN_SCALE = 100


@dataclass(frozen=True)
class Month:
    month_on: date
    value: int | None
    numerator: int | None
    denominator: int | None
    as_of_on: date


@dataclass(frozen=True)
class Reached:
    """The value of the period, None when nothing was measured, and the last day that it covers."""

    value: int | None
    as_of_on: date | None
    trend: tuple = ()


NOTHING = Reached(None, None)


def monthly(partners, period):
    """{(partner id, kpi id): its months, oldest first} of a query of partners, back to the year before.

    What is summed from order lines knows its empty months: from a partner's first order on, a month without one is a
    month of nothing up to the newest order of all. A partner that stopped ordering must not keep its old score."""
    found = _stored(partners, period)
    for kpi_id, last in _newest_orders(period).items():
        for partner_id, first_on in _first_orders(partners, kpi_id):
            found[partner_id, kpi_id] = _with_empty_months(found[partner_id, kpi_id], first_on, last, period)
    return found


def _stored(partners, period):
    since_on = min(period.trend_from_on, period.year_before_on)
    query = (
        KpiActual.select(
            KpiActual.partner,
            KpiActual.kpi,
            KpiActual.month_on,
            KpiActual.value,
            KpiActual.numerator,
            KpiActual.denominator,
            KpiActual.as_of_on,
        )
        .where(
            KpiActual.partner.in_(partners.select(Partner.id))
            & (KpiActual.month_on >= since_on)
            & (KpiActual.month_on < period.months_until_on)
        )
        .order_by(KpiActual.month_on)
    )
    found = defaultdict(list)
    for partner_id, kpi_id, *figures in query.tuples().iterator():
        found[partner_id, kpi_id].append(Month(*figures))
    return found


def _newest_orders(period):
    """{kpi id: (newest month, the last day it covers)} of the flows that order lines are summed into."""
    newest = (
        KpiActual.select(KpiActual.kpi, fn.MAX(KpiActual.month_on), fn.MAX(KpiActual.as_of_on))
        .join(Kpi)
        .where((KpiActual.source == "orders") & (Kpi.kind == "flow") & (KpiActual.month_on < period.months_until_on))
        .group_by(KpiActual.kpi)
    )
    return {kpi_id: (as_day(month_on), as_day(as_of_on)) for kpi_id, month_on, as_of_on in newest.tuples()}


def _first_orders(partners, kpi_id):
    chosen = (KpiActual.kpi == kpi_id) & (KpiActual.source == "orders")
    query = KpiActual.select(KpiActual.partner, fn.MIN(KpiActual.month_on)).where(
        chosen & KpiActual.partner.in_(partners.select(Partner.id))
    )
    return [(partner_id, as_day(first_on)) for partner_id, first_on in query.group_by(KpiActual.partner).tuples()]


def _with_empty_months(figures, first_on, newest, period):
    newest_on, covered_on = newest
    known = {month.month_on: month for month in figures}
    start = max(first_on, min(period.trend_from_on, period.year_before_on))
    for month_on in months(start, add_months(newest_on, 1)):
        end_on = add_months(month_on, 1) - timedelta(days=1)
        known.setdefault(month_on, Month(month_on, 0, None, None, min(end_on, covered_on)))
    return [known[month_on] for month_on in sorted(known)]


def ever_measured(partners):
    """{(partner id, kpi id)} of what a query of partners ever had a figure of, however long ago."""
    pairs = KpiActual.select(KpiActual.partner, KpiActual.kpi).distinct()
    return set(pairs.where(KpiActual.partner.in_(partners.select(Partner.id))).tuples())


def reached(kpi, figures, period):
    """What these months of one KPI and partner come to in the period."""
    if not figures:
        return NOTHING
    inside = [month for month in figures if period.from_on <= month.month_on < period.months_until_on]
    value = total(kpi, inside)
    return Reached(value, inside[-1].as_of_on if value is not None else None, trend(kpi, figures, period))


def total(kpi, figures):
    """Flows are summed, of a level the last counts, of a ratio the parts are summed; None without a figure."""
    if kpi.kind == "ratio":
        return _ratio(kpi, figures)
    values = [month.value for month in figures if month.value is not None]
    if not values:
        return None
    return values[-1] if kpi.kind == "level" else sum(values)


def trend(kpi, figures, period):
    """Twelve closed months, oldest first; None for a month without a figure; empty when there is none at all."""
    values = {month.month_on: total(kpi, [month]) for month in figures}
    line = tuple(values.get(month_on) for month_on in months(period.trend_from_on, period.months_until_on))
    return line if any(value is not None for value in line) else ()


def growth(revenue, figures, period):
    """This period against the same months a year before, as hundredths of a per cent; None without both.

    Only months that have a figure now are compared, so that a month not yet imported does not look like a loss."""
    now = {month.month_on: month.value for month in figures if period.from_on <= month.month_on}
    now = {month_on: value for month_on, value in now.items() if value is not None}
    before = {add_months(month.month_on, 12): month.value for month in figures if month.month_on < period.from_on}
    then = sum(before.get(month_on) or 0 for month_on in now)
    if revenue is None or then <= 0:
        return None
    return round((sum(now.values()) - then) * 10_000 / then)


def _ratio(kpi, figures):
    parts = [month for month in figures if month.denominator]
    if not parts:
        return None
    numerator = sum(month.numerator or 0 for month in parts)
    denominator = sum(month.denominator for month in parts)
    return round(numerator * RATIO_SCALE.get(kpi.unit, PLAIN_SCALE) / denominator) if denominator else None
