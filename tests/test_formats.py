"""Numbers, money, days and times in the form of each language."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from babel.numbers import format_currency, format_decimal, format_percent
from hypothesis import given, strategies as st

from portal import formats

BABEL = {"en": "en_GB", "sv": "sv", "fi": "fi"}
languages = st.sampled_from(sorted(BABEL))


@given(st.integers(-(10**12), 10**12), languages)
def test_whole_numbers_are_written_as_babel_writes_them(value, language):
    assert formats.number(value, language) == _signed(format_decimal(value, locale=BABEL[language]), language)


@given(st.integers(-(10**12), 10**12), languages)
def test_hundredths_are_written_as_babel_writes_them(hundredths, language):
    value = Decimal(hundredths) / 100
    expected = format_decimal(value, "#,##0.##", locale=BABEL[language])
    assert formats.number(value, language) == _signed(expected, language)


@given(st.integers(-(10**12), 10**12), languages, st.sampled_from(["EUR", "USD", "GBP"]))
def test_money_is_written_as_babel_writes_it(minor, language, currency):
    expected = format_currency(Decimal(minor) / 100, currency, locale=BABEL[language])
    assert formats.money(minor, currency, language, whole=False) == _signed(expected, language)


@given(st.integers(-(10**6), 10**6), languages)
def test_shares_are_written_as_babel_writes_them(thousandths, language):
    pattern = "#,##0.#%" if language == "en" else "#,##0.#\xa0%"
    expected = format_percent(Decimal(thousandths) / 1000, pattern, locale=BABEL[language])
    assert formats.percent(Decimal(thousandths) / 1000, language) == _signed(expected, language)


def test_a_currency_in_letters_has_room_before_its_digits():
    assert formats.money(5_000, "SEK", "en") == "SEK\xa050"


def test_a_loss_has_a_true_minus_sign():
    assert formats.money(-5_000, "EUR", "fi") == "−50\xa0€"


def test_small_money_keeps_its_cents():
    assert formats.money(99_950, "EUR", "en") == "€999.50"


def test_large_money_drops_its_cents():
    assert formats.money(123_456_789, "EUR", "fi") == "1\xa0234\xa0568\xa0€"


def test_whole_money_has_no_cents():
    assert formats.money(5_000, "SEK", "sv") == "50\xa0kr"


def test_a_currency_without_minor_units_is_not_divided():
    assert formats.money(1500, "JPY", "sv") == "1\xa0500\xa0JPY"


def test_a_tiny_loss_is_not_minus_nothing():
    assert formats.number(-0.001, "en") == "0"


@pytest.mark.parametrize(
    ("hundredths", "unit", "language", "expected"),
    [
        (90_000_000, "money", "en", "€900,000"),
        (8550, "percent", "sv", "85,5\xa0%"),
        (600, "count", "fi", "6"),
        (100, "days", "en", "1 day"),
        (250, "days", "en", "2.5 days"),
        (430, "rating", "fi", "4,3"),
        (400, "rating", "en", "4.0"),
        (12345, "number", "sv", "123,45"),
        (0, "count", "en", "0"),
        (None, "money", "en", "–"),
    ],
)
def test_a_quantity_is_hundredths_of_its_unit(hundredths, unit, language, expected):
    assert formats.quantity(hundredths, unit, language, "EUR") == expected


def test_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="furlongs"):
        formats.quantity(1, "furlongs", "en")


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "8 September 2026"), ("sv", "8 september 2026"), ("fi", "8. syyskuuta 2026")]
)
def test_a_long_day(language, expected):
    assert formats.long_day(date(2026, 9, 8), language) == expected


@pytest.mark.parametrize(("language", "expected"), [("en", "8 Sept 2026"), ("sv", "8 sep. 2026"), ("fi", "8.9.2026")])
def test_a_short_day(language, expected):
    assert formats.short_day(date(2026, 9, 8), language) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "Tuesday 8 September"), ("sv", "tisdag 8 september"), ("fi", "tiistai 8. syyskuuta")],
)
def test_a_day_with_its_name(language, expected):
    assert formats.weekday(date(2026, 9, 8), language) == expected


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "September 2026"), ("sv", "september 2026"), ("fi", "syyskuu 2026")]
)
def test_a_month(language, expected):
    assert formats.month(date(2026, 9, 8), language) == expected


@pytest.mark.parametrize(("language", "expected"), [("en", "14:05"), ("sv", "14:05"), ("fi", "14.05")])
def test_a_time_of_day(language, expected):
    assert formats.clock_time(time(14, 5), language) == expected


def test_a_moment_is_shown_by_the_clock_of_its_zone():
    assert formats.moment(datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "sv", "Europe/Helsinki") == "29 mars 2026 04:30"


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        formats.moment(datetime(2026, 3, 29), "sv", "Europe/Helsinki")


@pytest.mark.parametrize(
    ("code", "language", "expected"), [("FI", "sv", "Finland"), ("se", "fi", "Ruotsi"), ("??", "en", "??")]
)
def test_a_country(code, language, expected):
    assert formats.country(code, language) == expected


def _signed(text, language):
    """Babel writes a hyphen where Swedish and Finnish have a minus sign."""
    return text.replace("-", "−") if language in ("sv", "fi") else text
