"""Months, quarters and fiscal years as calendar dates. Every range is closed at its start and open at its end."""

from datetime import date


def month_start(day):
    return day.replace(day=1)


def add_months(day, months):
    """The first day of the month that lies `months` after the month of `day`."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def months_between(start, end):
    """How many whole months from the month of `start` to the month of `end`."""
    return (end.year - start.year) * 12 + end.month - start.month


def fiscal_year_start(day, first_month):
    """The first day of the fiscal year that `day` lies in; `first_month` is 1 to 12."""
    return date(day.year if day.month >= first_month else day.year - 1, first_month, 1)


def fiscal_year(day, first_month):
    """(first day, first day after) of the fiscal year around `day`."""
    start = fiscal_year_start(day, first_month)
    return start, add_months(start, 12)


def fiscal_quarter(day, first_month):
    """(first day, first day after) of the fiscal quarter around `day`."""
    year_start = fiscal_year_start(day, first_month)
    start = add_months(year_start, months_between(year_start, day) // 3 * 3)
    return start, add_months(start, 3)


def months(start, end):
    """The first days of the months from `start` up to, not including, `end`."""
    return [add_months(start, number) for number in range(months_between(start, end))]
