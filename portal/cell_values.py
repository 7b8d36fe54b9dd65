"""What people type into the cells of a spreadsheet: numbers and days, whose style is found out from a whole column."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale

from portal.db import fold
from portal.i18n import LANGUAGES, N_, Message

LARGEST_WHOLE = 2**31 - 1
LARGEST_HUNDREDTHS = 10**15
EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
UNTYPEABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
LONGEST_ADDRESS = 254
ADDRESS = re.compile(r"[^@\s<>()\[\],;:\"]+@[^@\s<>()\[\],;:\"]+\.[^@\s<>()\[\],;:\".]+")

YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
# Nobody writes the month first with dots.
DAY_WITH_DOTS = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
YEAR_LAST = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})")
CLOCK_TIME = re.compile(r"[T ]\s*\d{1,2}[:.]\d{2}.*$")
YEAR_AND_MONTH = re.compile(r"(\d{4})[-/.]?(\d{1,2})")
MONTH_AND_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")

# What stands around a number: currencies, per cent signs, and the blanks and apostrophes between thousands.
AROUND_NUMBER = re.compile(r"[^\d.,()+\-−]|(?<=\d)['’](?=\d)")
LETTERS_INSIDE = re.compile(r"\d\s*[^\W\d_]+\s*\d")


class Unfit(ValueError):
    """A cell does not hold what its column should; `message` says why and what to do."""

    def __init__(self, text, **values):
        self.message = Message(text, values)
        super().__init__(str(self.message))


# --- numbers ------------------------------------------------------------------------------------------------------


@dataclass
class Evidence:
    """What the cells of a column, or of a file, say about the style: votes, and whether it matters at all."""

    votes: Counter = field(default_factory=Counter)
    undecided: int = 0

    def add(self, vote):
        if vote == "?":
            self.undecided += 1
        elif vote:
            self.votes[vote] += 1

    def __iadd__(self, other):
        self.votes += other.votes
        self.undecided += other.undecided
        return self

    def verdict(self):
        """The style that most cells prove; None when it matters and nothing proves it; "" when it does not matter."""
        if self.votes:
            return self.votes.most_common(1)[0][0]
        return None if self.undecided else ""


@lru_cache(maxsize=65536)
def decimal_vote(text):
    """`.` or `,` when this number proves which one is its decimal sign; `?` when it could be either; else nothing."""
    marks = [letter for letter in text if letter in ".,"]
    if not marks or not any(letter.isdigit() for letter in text):
        return ""
    if len(set(marks)) == 2:
        return marks[-1]
    other = "," if marks[0] == "." else "."
    if len(marks) > 1:
        return other
    before, _, after = _bare(text).partition(marks[0])
    if len(after) != 3 or before in ("", "0") or len(before) > 3:
        return marks[0]
    return "?"


@lru_cache(maxsize=65536)
def number(text, decimal_sign="."):
    """The Decimal that a cell holds: `1 234,50 kr`, `(28.84)`, `85 %`; exact, never through a float."""
    if not any(letter.isdigit() for letter in text) or LETTERS_INSIDE.search(text):
        raise Unfit(N_("“%(cell)s” is not a number."), cell=text[:40])
    bare = _bare(text)
    negative = bare.startswith("-") or bare.endswith("-") or (bare.startswith("(") and bare.endswith(")"))
    digits = bare.strip("+-()")
    thousands = "," if decimal_sign == "." else "."
    whole, _, rest = digits.partition(decimal_sign)
    groups = whole.split(thousands)
    well_grouped = len(groups) == 1 or (len(groups[0]) in (1, 2, 3) and all(len(group) == 3 for group in groups[1:]))
    if not well_grouped or thousands in rest or not ("".join(groups) + rest).isascii() or decimal_sign in rest:
        raise Unfit(
            N_("“%(cell)s” is not a number with %(sign)s before its decimals."), cell=text[:40], sign=decimal_sign
        )
    joined = "".join(groups)
    if not (joined + rest).isdigit():
        raise Unfit(N_("“%(cell)s” is not a number."), cell=text[:40])
    value = Decimal(f"{joined or '0'}.{rest or '0'}")
    return -value if negative else value


def hundredths(text, decimal_sign=".", *, exact=False):
    """A number as an integer of hundredths. `exact`: more than two decimals are refused instead of rounded."""
    value = number(text, decimal_sign) * 100
    if exact and value != value.to_integral_value():
        raise Unfit(N_("“%(cell)s” has more than two decimals. Round it in the file."), cell=text[:40])
    rounded = int(value.to_integral_value(ROUND_HALF_UP))
    if abs(rounded) > LARGEST_HUNDREDTHS:
        raise Unfit(N_("“%(cell)s” is too large."), cell=text[:40])
    return rounded


def whole(text, decimal_sign="."):
    value = number(text, decimal_sign)
    if value != value.to_integral_value():
        raise Unfit(N_("“%(cell)s” is not a whole number."), cell=text[:40])
    if abs(value) > LARGEST_WHOLE:
        raise Unfit(N_("“%(cell)s” is too large."), cell=text[:40])
    return int(value)


def degrees(text, decimal_sign="."):
    """A latitude or longitude."""
    value = float(number(text, decimal_sign))
    if abs(value) > 180:
        raise Unfit(N_("“%(cell)s” lies outside −180 to 180 degrees."), cell=text[:40])
    return value


def _bare(text):
    return AROUND_NUMBER.sub("", text).replace("−", "-").rstrip(".,")


# --- days ---------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=65536)
def day_vote(text):
    """`dmy` or `mdy` when this day proves its order; `?` when it could be either; nothing when it does not matter."""
    match = YEAR_LAST.fullmatch(CLOCK_TIME.sub("", text))
    if not match:
        return ""
    first, second = int(match[1]), int(match[2])
    if first == second:
        return ""
    if first > 12 or second > 12:
        return "dmy" if first > 12 else "mdy"
    return "?"


@lru_cache(maxsize=65536)
def day(text, order="dmy"):
    """The date that a cell holds. `order` matters only for days like 05/06/2026, which `ymd` refuses.

    A clock time behind it is dropped."""
    plain = CLOCK_TIME.sub("", text).strip()
    if match := YEAR_FIRST.fullmatch(plain) or COMPACT.fullmatch(plain):
        year, month, number_of_day = match.groups()
    elif match := DAY_WITH_DOTS.fullmatch(plain):
        number_of_day, month, year = match.groups()
    elif order != "ymd" and (match := YEAR_LAST.fullmatch(plain)):
        first, second, year = match.groups()
        number_of_day, month = (first, second) if order != "mdy" else (second, first)
    else:
        raise Unfit(N_("“%(cell)s” is not a day. Write it like 2026-09-08."), cell=text[:40])
    return _date(text, int(year), int(month), int(number_of_day))


@lru_cache(maxsize=4096)
def month(text, order="dmy"):
    """The first day of the month that a cell names: `2026-09`, `9/2026`, or any day in it."""
    plain = text.strip()
    if match := YEAR_AND_MONTH.fullmatch(plain):
        return _date(text, int(match[1]), int(match[2]), 1)
    if match := MONTH_AND_YEAR.fullmatch(plain):
        return _date(text, int(match[2]), int(match[1]), 1)
    return day(text, order).replace(day=1)


def _date(text, year, month_number, number_of_day):
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise Unfit(N_("“%(cell)s” does not lie between the years 2000 and 2100."), cell=text[:40])
    try:
        return date(year, month_number, number_of_day)
    except ValueError:
        raise Unfit(N_("“%(cell)s” is no day of the calendar."), cell=text[:40]) from None


# --- words --------------------------------------------------------------------------------------------------------


def plain_text(text, most):
    if UNTYPEABLE.search(text):
        raise Unfit(N_("It contains a character that cannot be stored. Remove it in the file."))
    if len(text) > most:
        raise Unfit(N_("It is longer than %(most)s characters."), most=most)
    return text


def is_mail_address(text):
    return len(text) <= LONGEST_ADDRESS and ADDRESS.fullmatch(text) is not None


def mail_address(text):
    address = plain_text(text, LONGEST_ADDRESS).removeprefix("mailto:").casefold()
    if not is_mail_address(address):
        raise Unfit(N_("“%(cell)s” is not a mail address."), cell=text[:60])
    return address


# Names in use that the list of territories does not hold.
OTHER_COUNTRY_NAMES = {
    "usa": "US",
    "united states of america": "US",
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "holland": "NL",
    "czech republic": "CZ",
}


@lru_cache
def _countries():
    named = dict(OTHER_COUNTRY_NAMES)
    for language in LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha():
                named[fold(name)] = code
                named[code.lower()] = code
    return named


@lru_cache(maxsize=4096)
def country(text):
    """The two-letter code for a country's code or its name in any of our languages."""
    code = _countries().get(fold(text.strip()))
    if code is None:
        raise Unfit(N_("“%(cell)s” is not a country. Write its name or its two-letter code."), cell=text[:40])
    return code
