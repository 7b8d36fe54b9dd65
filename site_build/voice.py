"""How values are said in one language: texts, figures, days, and the words and shapes of a status."""

from datetime import date

from portal import formats
from portal.i18n import N_, translations
from site_build.values import Kpi

RAG_WORDS = {"good": N_("On target"), "warn": N_("Close"), "bad": N_("Off target"), "none": N_("No data")}
NO_TARGET = N_("No target")
RAG_SHAPES = {"good": "●", "warn": "▲", "bad": "■", "none": "○"}
UNKNOWN = "–"


class Voice:
    """Says texts and amounts in one language and one currency."""

    def __init__(self, language: str, currency: str) -> None:
        self.language, self.currency = language, currency
        self.translations = translations(language)

    def _(self, text: str, /, **values: object) -> str:
        return self.translations.gettext(text) % values

    def ngettext(self, one: str, many: str, count: int, /, **values: object) -> str:
        return self.translations.ngettext(one, many, count) % {"count": self.number(count), **values}

    def number(self, value: float, decimals: int = 1) -> str:
        return formats.number(value, self.language, decimals)

    def percent(self, share: float) -> str:
        return formats.percent(share, self.language, 0)

    def day(self, day: date | None) -> str:
        return formats.long_day(day, self.language) if day else ""

    def quantity(self, hundredths: int | None, kpi: Kpi) -> str:
        return formats.quantity(hundredths, kpi.unit, self.language, self.currency)

    def status(self, kpi: Kpi) -> str:
        """A colour's word; a figure without a target has no colour, and is not without data."""
        return self._(NO_TARGET if kpi.target is None and kpi.actual is not None else RAG_WORDS[kpi.rag])

    def gap(self, hundredths: int, kpi: Kpi) -> str:
        """The difference of two values; of two shares it is percentage points, not per cent."""
        if kpi.unit != "percent":
            return self.quantity(hundredths, kpi)
        points, count = self.number(hundredths / 100), 1 if hundredths == 100 else 2
        return self.ngettext("%(points)s percentage point", "%(points)s percentage points", count, points=points)
