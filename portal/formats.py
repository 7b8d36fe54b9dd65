"""Numbers, money, days and times as a language writes them; every function is told the language.

English means en-GB: `8 September 2026` cannot be misread by anybody in Europe.
"""

import re
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_datetime_format, match_skeleton
from babel.numbers import get_currency_precision, parse_pattern

from portal.i18n import translations

UNITS = ("money", "percent", "count", "days", "rating", "number")
HUNDRED = Decimal(100)
# Up to here cents matter to a reader; beyond it they are noise.
WHOLE_MONEY_FROM = Decimal(1000)
ABBREVIATED_WEEKDAY = re.compile("E+|c+")


@lru_cache(maxsize=16384)
def quantity(hundredths: int | None, unit: str, language: str, currency: str = "EUR") -> str:
    """A KPI's value with its unit. `hundredths` are of the unit (7 days = 700, 85 % = 8500); money is minor units."""
    if hundredths is None:
        return "–"
    if unit == "money":
        return money(hundredths, currency, language)
    value = Decimal(hundredths) / HUNDRED if hundredths % 100 else hundredths // 100
    if unit == "percent":
        return _with_percent_sign(value, language, 1)
    if unit == "days":
        return _days(hundredths, language)
    if unit not in UNITS:
        raise ValueError(f"unit {unit!r} is not one of {', '.join(UNITS)}")
    return number(value, language, 1 if unit == "rating" else 2, always=unit == "rating")


def number(value: int | float | Decimal, language: str, decimals: int = 2, *, always: bool = False) -> str:
    """At most so many decimals, or `always` exactly so many: 1234.5 is `1,234.5` in English, `1 234,5` in Swedish."""
    if type(value) is int and not (decimals and always):
        return _localised(f"{value:,}", language)
    digits = f"{_rounded(value, decimals):,.{decimals}f}"
    if decimals and not always:
        digits = digits.rstrip("0").rstrip(".")
    return _localised(digits, language)


def percent(share: int | float | Decimal, language: str, decimals: int = 1) -> str:
    """A share of one: 0.855 is `85.5%` in English, `85,5 %` in Swedish and Finnish."""
    return _with_percent_sign(Decimal(str(share)) * HUNDRED, language, decimals)


def money(minor: int, currency: str, language: str, *, whole: bool | None = None) -> str:
    """Minor units with their currency. From 1,000 units on, and for whole amounts, without decimals unless told."""
    precision = _precision(currency)
    units, rest = divmod(minor, 10**precision)
    amount = Decimal(minor) / 10**precision if rest else units
    if whole is None:
        whole = not rest or abs(amount) >= WHOLE_MONEY_FROM
    digits = number(amount, language, 0 if whole else precision, always=True)
    before, after = _around_money(language, currency)
    return _wrapped(digits, before, after, language)


@lru_cache(maxsize=8192)
def long_day(day: date, language: str) -> str:
    return format_date(day, "long", locale=_locale(language))


@lru_cache(maxsize=8192)
def short_day(day: date, language: str) -> str:
    return format_date(day, "medium", locale=_locale(language))


@lru_cache(maxsize=8192)
def weekday(day: date, language: str) -> str:
    """The day with its name, for plans: `Tuesday 8 September`."""
    return format_date(day, _weekday_pattern(language), locale=_locale(language))


@lru_cache(maxsize=2048)
def month(day: date, language: str) -> str:
    return format_skeleton("yMMMM", day, locale=_locale(language))


@lru_cache(maxsize=2048)
def short_month(day: date, language: str) -> str:
    return format_date(day, "LLL", locale=_locale(language))


def clock_time(at: time | datetime, language: str) -> str:
    return format_time(at, "short", locale=_locale(language))


def moment(at: datetime, language: str, zone: str) -> str:
    """A UTC moment as the clock of `zone` (an IANA name) shows it, to the minute."""
    if at.tzinfo is None:
        raise ValueError("a moment must carry its zone; stored moments are UTC")
    here, locale = at.astimezone(ZoneInfo(zone)), _locale(language)
    around = str(get_datetime_format("medium", locale=locale)).replace("'", "")
    return around.format(format_time(here, "short", locale=locale), format_date(here, "medium", locale=locale))


@lru_cache(maxsize=1024)
def country(code: str, language: str) -> str:
    """The country's name for its two-letter code; an unknown code is shown as it is."""
    return _locale(language).territories.get(code.upper(), code)


def _days(hundredths: int, language: str) -> str:
    # Babel's own unit says "dygn" in Swedish, which nobody writes in a scorecard.
    text = translations(language).ngettext("%(number)s day", "%(number)s days", 1 if hundredths == 100 else 2)
    return text % {"number": number(Decimal(hundredths) / HUNDRED, language)}


@lru_cache
def _weekday_pattern(language: str) -> str:
    skeletons = _locale(language).datetime_skeletons
    # Swedish and Finnish know the pattern only with a short name of the day.
    return ABBREVIATED_WEEKDAY.sub("cccc", str(skeletons[match_skeleton("MMMMEEEEd", skeletons)]))


@lru_cache
def _locale(language: str) -> Locale:
    return Locale.parse("en_GB" if language == "en" else language)


def _rounded(value: int | float | Decimal, decimals: int) -> Decimal:
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    # A small negative must not be shown as "-0".
    return rounded or abs(rounded)


# Babel's own formatting takes 40 µs a number, too slow for a site of a million of them:
# its symbols and patterns are asked once per language, and a test compares the results with Babel's.


def _localised(digits: str, language: str) -> str:
    group, decimal, minus = _symbols(language)
    return digits.replace(",", "\0").replace(".", decimal).replace("\0", group).replace("-", minus)


@lru_cache
def _symbols(language: str) -> tuple[str, str, str]:
    symbols = _locale(language).number_symbols["latn"]
    return symbols["group"], symbols["decimal"], symbols["minusSign"]


def _with_percent_sign(hundred_times: int | Decimal, language: str, decimals: int) -> str:
    before, after = _around_percent(language)
    return _wrapped(number(hundred_times, language, decimals), before, after, language)


@lru_cache
def _precision(currency: str) -> int:
    return get_currency_precision(currency)


@lru_cache
def _around_percent(language: str) -> tuple[str, str]:
    pattern = parse_pattern(_locale(language).percent_formats[None])
    return pattern.prefix[0], pattern.suffix[0]


@lru_cache
def _around_money(language: str, currency: str) -> tuple[str, str]:
    locale = _locale(language)
    pattern = parse_pattern(locale.currency_formats["standard"])
    symbol = locale.currency_symbols.get(currency, currency)
    before, after = (part.replace("¤", symbol) for part in (pattern.prefix[0], pattern.suffix[0]))
    # Letters need room before a digit: "SEK 100", but "€100".
    return (before + "\xa0" if before and before[-1].isalpha() else before), after


def _wrapped(digits: str, before: str, after: str, language: str) -> str:
    minus = _symbols(language)[2]
    sign = minus if digits.startswith(minus) else ""
    return f"{sign}{before}{digits.removeprefix(minus)}{after}"
