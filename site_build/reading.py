"""What a partner's page says, in the words and figures of one language; the templates only place it."""
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from portal import charts, formats
from portal.i18n import LANGUAGE_NAMES, N_, translations
from portal.markup import trusted
from site_build.sentences import distance_sentence
from site_build.values import (
    Change,
    Kpi,
    PartnerPage,
    Promise,
    PromiseKept,
    PromiseMade,
    Proposition,
    PropositionApproved,
    RagChanged,
    Scorecard,
    ScoreChanged,
    Snapshot,
    Trend,
    said,
)

RAG_WORDS = {"good": N_("On target"), "warn": N_("Close"), "bad": N_("Off target"), "none": N_("No data")}
RAG_SHAPES = {"good": "●", "warn": "▲", "bad": "■", "none": "○"}
MODES = {"on_site": N_("on site"), "video": N_("by video"), "phone": N_("by phone")}
CHART_WIDTH, SPARK_HEIGHT, BULLET_HEIGHT = 160, 36, 20
UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class Row:
    """One KPI as the page shows it."""

    name: str
    rag: str
    shape: str
    status: str
    actual: str
    target: str
    sentence: str
    spark: str
    months: str
    bullet: str
    weight: str
    points: str
    formula: str


@dataclass(frozen=True, slots=True)
class Score:
    """One side's result as the page shows it."""

    heading: str
    figure: str
    rag: str
    shape: str
    status: str
    moved: str
    proviso: str


class Reading:
    """One partner's page in one language."""

    def __init__(self, snapshot: Snapshot, page: PartnerPage, language: str) -> None:
        self.snapshot, self.page, self.language = snapshot, page, language
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
        return formats.quantity(hundredths, kpi.unit, self.language, self.snapshot.currency)

    def gap(self, hundredths: int, kpi: Kpi) -> str:
        """The difference of two values; of two shares it is percentage points, not per cent."""
        if kpi.unit != "percent":
            return self.quantity(hundredths, kpi)
        points, count = self.number(hundredths / 100), 1 if hundredths == 100 else 2
        return self.ngettext("%(points)s percentage point", "%(points)s percentage points", count, points=points)

    @property
    def place(self) -> str:
        """City, country and tier, as far as they are known."""
        country = formats.country(self.page.country, self.language) if self.page.country else ""
        where = ", ".join(part for part in (self.page.city, country) if part)
        return " · ".join(part for part in (where, said(self.page.tiers, self.language)) if part)

    @property
    def headline(self) -> str:
        """The page's answer in one line: how many numbers are where they should be."""
        judged = [kpi for kpi in self.page.yours.kpis if kpi.rag != "none"]
        if not judged:
            return self._("No number with a target is measured yet.")
        good = sum(kpi.rag == "good" for kpi in judged)
        if good == len(judged):
            return self.ngettext("Your number is on target.", "All %(count)s numbers are on target.", good)
        return self.ngettext(
            "%(good)s of %(count)s number is on target.",
            "%(good)s of %(count)s numbers are on target.",
            len(judged),
            good=self.number(good),
        )

    @property
    def period(self) -> str:
        return f"{self.day(self.page.period_from_on)} – {self.day(self.page.period_until_on)}"

    @property
    def language_links(self) -> list[tuple[str, str]]:
        return [(language, LANGUAGE_NAMES[language]) for language in self.page.languages]

    @cached_property
    def scores(self) -> tuple[Score, Score]:
        return self._score(self._("You"), self.page.yours), self._score(self._("Us"), self.page.ours)

    @cached_property
    def trend_months(self) -> str:
        """The months that most of the lines run over, said once for all of them."""
        kpis = self.page.yours.kpis + self.page.ours.kpis
        spans = Counter(self._months(kpi.trend) for kpi in kpis if kpi.trend)
        return spans.most_common(1)[0][0] if spans else ""

    @cached_property
    def your_rows(self) -> list[Row]:
        return [self._row(kpi) for kpi in self.page.yours.kpis]

    @cached_property
    def our_rows(self) -> list[Row]:
        return [self._row(kpi) for kpi in self.page.ours.kpis]

    @property
    def promise_columns(self) -> Iterable[tuple[str, str, list[Promise]]]:
        """Heading, record and open promises of the partner and of the vendor."""
        for side, heading in (("partner", self._("You promised")), ("vendor", self._("We promised"))):
            yield heading, self._record(side), [promise for promise in self.page.promises if promise.side == side]

    @property
    def visits_held(self) -> str:
        visits = self.page.visits
        return self.ngettext(
            "%(held)s of %(count)s promised visit held",
            "%(held)s of %(count)s promised visits held",
            visits.promised,
            held=self.number(visits.held),
        )

    @property
    def next_meeting(self) -> str:
        visits = self.page.visits
        if visits.next_on is None:
            return self._("No meeting is planned yet.")
        day = formats.weekday(visits.next_on, self.language)
        return f"{day}, {self._(MODES[visits.next_mode])}" if visits.next_mode else day

    @property
    def proposition(self) -> Proposition | None:
        """In the page's language, else in the partner's own, else in any."""
        written = {proposition.language: proposition for proposition in self.page.propositions}
        chosen = written.get(self.language) or written.get(self.page.language)
        return chosen or next(iter(written.values()), None)

    @property
    def changes(self) -> list[str]:
        return [self._change(change) for change in self.page.changes]

    def _score(self, heading: str, card: Scorecard) -> Score:
        measured = card.score is not None
        return Score(
            heading=heading,
            figure=self.number(card.score) if measured else UNKNOWN,
            rag=card.rag,
            shape=RAG_SHAPES[card.rag],
            status=self._("Provisional") if measured and card.provisional else self._(RAG_WORDS[card.rag]),
            moved=self._moved(card),
            proviso=self._proviso(card),
        )

    def _moved(self, card: Scorecard) -> str:
        if card.score is None or card.previous_score is None:
            return ""
        difference = round(card.score - card.previous_score, 1)
        values = {"points": self.number(abs(difference)), "before": self.number(card.previous_score)}
        if difference > 0:
            return self._("up %(points)s from %(before)s", **values)
        if difference < 0:
            return self._("down %(points)s from %(before)s", **values)
        return self._("unchanged at %(before)s", **values)

    def _proviso(self, card: Scorecard) -> str:
        if card.score is None or not card.provisional:
            return ""
        return self._("Only %(share)s of the weight is measured.", share=self.percent(card.completeness))

    def _row(self, kpi: Kpi) -> Row:
        name = said(kpi.names, self.language)
        actual, target = self.quantity(kpi.actual, kpi), self._target(kpi)
        spark, months = self._trend(kpi, name)
        return Row(
            name=name,
            rag=kpi.rag,
            shape=RAG_SHAPES[kpi.rag],
            status=self._(RAG_WORDS[kpi.rag]),
            actual=actual,
            target=target,
            sentence=said(kpi.explanations, self.language) or distance_sentence(self, kpi),
            spark=spark,
            months=months,
            bullet=self._bullet(kpi, f"{name}: {actual} · {target}"),
            weight=self.number(kpi.weight),
            points=UNKNOWN if kpi.score is None else self.number(kpi.score * kpi.weight),
            formula=said(kpi.formulas, self.language),
        )

    def _target(self, kpi: Kpi) -> str:
        if kpi.target is None:
            return self._("no target")
        target = self.quantity(kpi.target, kpi)
        if kpi.direction == "range":
            return self._("target %(low)s to %(high)s", low=target, high=self.quantity(kpi.target_to, kpi))
        if kpi.direction == "lower":
            return self._("target at most %(target)s", target=target)
        return self._("target %(target)s", target=target)

    def _trend(self, kpi: Kpi, name: str) -> tuple[str, str]:
        """The drawing, and the months it runs over where they are not those of every other line."""
        measured = [value for value in kpi.trend.hundredths if value is not None] if kpi.trend else []
        if len(measured) < 2:
            return "", ""
        months = self._months(kpi.trend)
        title = f"{name}, {months}: {self.quantity(measured[0], kpi)} → {self.quantity(measured[-1], kpi)}"
        drawing = charts.sparkline(kpi.trend.hundredths, title, width=CHART_WIDTH, height=SPARK_HEIGHT)
        return trusted(drawing), "" if months == self.trend_months else months

    def _months(self, trend: Trend) -> str:
        last = _months_later(trend.first_month_on, len(trend.hundredths) - 1)
        return f"{self._month(trend.first_month_on)} – {self._month(last)}"

    def _month(self, day: date) -> str:
        return f"{formats.short_month(day, self.language)} {day.year}"

    def _bullet(self, kpi: Kpi, title: str) -> str:
        if kpi.actual is None or kpi.target is None:
            return ""
        drawing = charts.bullet(
            kpi.actual, kpi.target, title, floor=kpi.floor, status=kpi.rag, width=CHART_WIDTH, height=BULLET_HEIGHT
        )
        return trusted(drawing)

    def _record(self, side: str) -> str:
        record = next((record for record in self.page.kept if record.side == side), None)
        if record is None or not record.due:
            return self._("Nothing fell due in the period.")
        return self.ngettext(
            "%(kept)s of %(count)s promise kept on time.",
            "%(kept)s of %(count)s promises kept on time.",
            record.due,
            kept=self.number(record.kept),
        )

    def _change(self, change: Change) -> str:
        match change:
            case RagChanged():
                words = {"before": self._(RAG_WORDS[change.before]), "after": self._(RAG_WORDS[change.after])}
                return self._("%(name)s: from “%(before)s” to “%(after)s”", name=said(change.names, self.language), **words)
            case ScoreChanged():
                text = N_("Your score: %(before)s → %(after)s")
                if change.side == "vendor":
                    text = N_("Our score: %(before)s → %(after)s")
                return self._(text, before=self.number(change.before), after=self.number(change.after))
            case PromiseMade():
                text = N_("You promised: %(text)s") if change.side == "partner" else N_("We promised: %(text)s")
                return self._(text, text=change.text)
            case PromiseKept():
                text = N_("You kept: %(text)s") if change.side == "partner" else N_("We kept: %(text)s")
                return self._(text, text=change.text)
            case PropositionApproved():
                return self._("The joint proposition is new: version %(version)s", version=change.version)


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)
