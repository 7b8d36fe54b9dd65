"""Which days a scorecard covers: the fiscal year to date, closed month by month (spec/0-decisions.md 17)."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.fiscal import add_months, fiscal_year, month_start

TREND_MONTHS = 12


@dataclass(frozen=True)
class Period:
    """`months_until_on` is the first day after the last closed month, `until_on` the first day after the period.

    In the first month of a fiscal year nothing of it is closed: the year before is still the one that is scored."""

    from_on: date
    months_until_on: date
    until_on: date

    @property
    def as_of_on(self):
        """The last day of the last closed month."""
        return self.months_until_on - timedelta(days=1)

    @property
    def trend_from_on(self):
        return add_months(self.months_until_on, -TREND_MONTHS)

    @property
    def year_before_on(self):
        return add_months(self.from_on, -12)


def scored_period(today, first_month):
    """The period that is scored on that day; `first_month` of the fiscal year is 1 to 12.

    Visits and promises count up to the end of the running month, because they are known on the day."""
    months_until_on = month_start(today)
    from_on, year_until_on = fiscal_year(months_until_on - timedelta(days=1), first_month)
    return Period(from_on, months_until_on, min(add_months(today, 1), year_until_on))
