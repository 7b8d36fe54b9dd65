"""The frozen values that a published page may show: what is not a field here cannot leave the portal.

Units: `hundredths` are integers of hundredths of the KPI's unit (7 days = 700, 85 % = 8500, money = minor units of the
snapshot's currency); shares run from 0 to 1; scores from 0 to 100; weights are plain numbers of one common sum.
Texts are plain unless the field is called `html`, which must have come from `portal.markdown.render`.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from portal.i18n import LANGUAGES

Rag = Literal["good", "warn", "bad", "none"]
Unit = Literal["money", "percent", "count", "days", "rating", "number"]
Direction = Literal["higher", "lower", "range"]
Side = Literal["vendor", "partner"]
Mode = Literal["on_site", "video", "phone"]

# A text in several languages as (language, text) pairs; `said` picks one.
Translated = tuple[tuple[str, str], ...]

HEX_COLOUR = re.compile(r"#[0-9a-f]{6}")


def said(texts: Translated, language: str) -> str:
    """The text in this language, else the first one there is, else nothing."""
    return dict(texts).get(language) or (texts[0][1] if texts else "")


@dataclass(frozen=True, slots=True)
class Accent:
    """The vendor's own colour and the text upon it, for light and for dark; `#rrggbb` in small letters.

    The contrast (4.5 at least) is checked where it is saved.
    """

    light: str
    on_light: str
    dark: str
    on_dark: str

    def __post_init__(self) -> None:
        for colour in (self.light, self.on_light, self.dark, self.on_dark):
            if not HEX_COLOUR.fullmatch(colour):
                raise ValueError(f"{colour!r} is not a colour like #0b5f78")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What all pages of one publication have in common; the partners follow it, one a line (`snapshot_file.py`)."""

    number: int
    made_at: datetime
    as_of_on: date
    vendor: str
    currency: str
    languages: tuple[str, ...]
    accent: Accent | None = None

    def __post_init__(self) -> None:
        if self.made_at.tzinfo is None:
            raise ValueError("made_at must carry its zone (UTC)")
        _check_languages(self.languages)


@dataclass(frozen=True, slots=True)
class Trend:
    """Monthly values, oldest first, without holes in the months; None is a month without a measurement."""

    first_month_on: date
    hundredths: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Kpi:
    """One row of a scorecard. `target_to` is the upper end of a range; `floor` the worst acceptable value.

    `score` is the share of the points reached, 0 to `cap`. `explanations` say in one sentence what moved the number;
    when empty the page says how far from the target it is. `formulas` say how the number is counted.
    """

    code: str
    names: Translated
    unit: Unit
    direction: Direction
    actual: int | None
    target: int | None
    target_to: int | None
    floor: int | None
    weight: float
    cap: float
    score: float | None
    rag: Rag
    trend: Trend | None
    as_of_on: date | None
    explanations: Translated = ()
    formulas: Translated = ()


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One side's result: `score` 0 to 100, None when nothing was measured; provisional below 80 % completeness."""

    score: float | None
    completeness: float
    provisional: bool
    rag: Rag
    previous_score: float | None
    kpis: tuple[Kpi, ...]


@dataclass(frozen=True, slots=True)
class Visits:
    """Held and promised in the period that is scored; of the next meeting only the day and the way."""

    held: int
    promised: int
    last_held_on: date | None
    next_on: date | None
    next_mode: Mode | None


@dataclass(frozen=True, slots=True)
class Kept:
    """How many of the promises that fell due in the period one side kept on time."""

    side: Side
    kept: int
    due: int


@dataclass(frozen=True, slots=True)
class Promise:
    """An open commitment: its shared text, who promised it, and the owner's name as shown to the other side."""

    text: str
    side: Side
    due_on: date | None
    late: bool
    owner: str


@dataclass(frozen=True, slots=True)
class Proposition:
    """The approved joint value proposition in one language; `html` comes from `portal.markdown.render`."""

    language: str
    html: str
    version: int
    approved_on: date


@dataclass(frozen=True, slots=True)
class Contact:
    """The partner account manager to call."""

    name: str
    phone: str
    mail: str


@dataclass(frozen=True, slots=True)
class RagChanged:
    code: str
    names: Translated
    before: Rag
    after: Rag


@dataclass(frozen=True, slots=True)
class ScoreChanged:
    side: Side
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class PromiseMade:
    text: str
    side: Side
    due_on: date | None


@dataclass(frozen=True, slots=True)
class PromiseKept:
    text: str
    side: Side


@dataclass(frozen=True, slots=True)
class PropositionApproved:
    version: int


Change = RagChanged | ScoreChanged | PromiseMade | PromiseKept | PropositionApproved


@dataclass(frozen=True, slots=True)
class PartnerPage:
    """All that one partner reads. `number` is the partner's id, never shown, only the folder's name.

    `publication` and `published_on` name the publication in which these values were new: see `carried_over`.
    `languages` are the languages to draw, `language` the partner's own among them; `country` is a two-letter code.
    """

    number: int
    name: str
    languages: tuple[str, ...]
    language: str
    publication: int
    published_on: date
    data_as_of_on: date
    period_from_on: date
    period_until_on: date
    city: str
    country: str
    tiers: Translated
    yours: Scorecard
    ours: Scorecard
    visits: Visits
    kept: tuple[Kept, ...]
    promises: tuple[Promise, ...]
    propositions: tuple[Proposition, ...]
    contact: Contact | None
    changes: tuple[Change, ...]

    def __post_init__(self) -> None:
        _check_languages(self.languages)
        if self.number < 1:
            raise ValueError(f"partner number {self.number} is not positive")
        if self.language not in self.languages:
            raise ValueError(f"the partner's own language {self.language!r} is not among {self.languages}")


def carried_over(page: PartnerPage, previous: PartnerPage | None) -> PartnerPage:
    """The previous page where nothing but publication and changes differ, so that it is not drawn again.

    A partner then keeps the number of the publication in which its numbers last changed, and reads what changed in it.
    """
    if previous is None:
        return page
    same = replace(page, publication=previous.publication, published_on=previous.published_on, changes=previous.changes)
    return previous if same == previous else page


def _check_languages(languages: tuple[str, ...]) -> None:
    unknown = [language for language in languages if language not in LANGUAGES]
    if unknown or not languages:
        raise ValueError(f"languages {languages} must be some of {', '.join(LANGUAGES)}")
