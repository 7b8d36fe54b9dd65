"""The ranges that leadership asks for: a month, a fiscal quarter or a fiscal year, this one or an earlier one."""

from portal.fiscal import add_months, fiscal_quarter, fiscal_year, month_start
from portal.i18n import N_

SPANS = {"month": N_("Month"), "quarter": N_("Quarter"), "year": N_("Fiscal year")}
MONTHS = {"month": 1, "quarter": 3, "year": 12}
FURTHEST_BACK = 240


def range_of(span, back, today, first_month):
    """(first day, first day after) of the span around today, moved `back` spans into the past."""
    day = add_months(today, -MONTHS[span] * back)
    if span == "month":
        return month_start(day), add_months(day, 1)
    return fiscal_quarter(day, first_month) if span == "quarter" else fiscal_year(day, first_month)
