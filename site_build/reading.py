"""What a partner's page says, in the words and figures of one language; the templates only place it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from portal import formats
from portal.i18n import LANGUAGE_NAMES, N_
from site_build.rows import Row, months_of, row_of
from site_build.values import (
    Change,
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
    said,
)
from site_build.voice import RAG_SHAPES, RAG_WORDS, UNKNOWN, Voice

MODES = {"on_site": N_("on site"), "video": N_("by video"), "phone": N_("by phone")}


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


class Reading(Voice):
    """One partner's page in one language."""

    def __init__(self, snapshot: Snapshot, page: PartnerPage, language: str) -> None:
        super().__init__(language, snapshot.currency)
        self.page = page

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
        spans = Counter(months_of(self, kpi.trend) for kpi in kpis if kpi.trend)
        return spans.most_common(1)[0][0] if spans else ""

    @cached_property
    def your_rows(self) -> list[Row]:
        return [row_of(self, kpi, self.trend_months) for kpi in self.page.yours.kpis]

    @cached_property
    def our_rows(self) -> list[Row]:
        return [row_of(self, kpi, self.trend_months) for kpi in self.page.ours.kpis]

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
                return self._(
                    "%(name)s: from “%(before)s” to “%(after)s”", name=said(change.names, self.language), **words
                )
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
