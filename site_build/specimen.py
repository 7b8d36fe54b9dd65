"""A made-up partner whose page says everything that a page can say, and one of whom nothing is known yet.

The checks learn from it which words are the site's own; tests and measurements draw it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from portal.markdown import render
from site_build.values import (
    Change,
    Contact,
    Kept,
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
    Visits,
)

LANGUAGES = ("en", "sv", "fi")
MONTHS_FROM = date(2025, 11, 1)
PROPOSITION = """Together we give mid-sized industry **one partner for service and parts**.

- Trained technicians within two hours of every site
- Parts on the shelf before the machine stops
- One invoice, one number to call
"""


def specimen_snapshot(number: int = 12, languages: tuple[str, ...] = LANGUAGES) -> Snapshot:
    return Snapshot(
        number=number,
        made_at=datetime(2026, 11, 5, 6, 0, tzinfo=UTC),
        as_of_on=date(2026, 10, 31),
        vendor="Nordwind Bikes",
        currency="EUR",
        languages=languages,
    )


def specimen_page(number: int = 17, name: str = "Örebro Cykel AB", **changes) -> PartnerPage:
    """A rich page; any field can be given another value."""
    page = PartnerPage(
        number=number,
        name=name,
        languages=LANGUAGES,
        language="sv",
        publication=12,
        published_on=date(2026, 11, 5),
        data_as_of_on=date(2026, 10, 31),
        period_from_on=date(2026, 1, 1),
        period_until_on=date(2026, 10, 31),
        city="Örebro",
        country="SE",
        tiers=(("en", "Gold partner"), ("sv", "Guldpartner"), ("fi", "Kultakumppani")),
        yours=Scorecard(79.4, 0.85, False, "warn", 76.2, partner_kpis()),
        ours=Scorecard(88.0, 0.6, True, "none", 90.0, vendor_kpis()),
        visits=Visits(3, 4, date(2026, 9, 16), date(2026, 12, 8), "on_site"),
        kept=(Kept("partner", 4, 5), Kept("vendor", 6, 7)),
        promises=PROMISES,
        propositions=(Proposition("en", render(PROPOSITION), 3, date(2026, 10, 12)),),
        contact=Contact("Anna Lind", "+46 70 123 45 67", "anna.lind@nordwind.example"),
        changes=CHANGES,
    )
    return replace(page, **changes)


def empty_page(number: int = 18, name: str = "Uusi Kumppani Oy", **changes) -> PartnerPage:
    """A partner that has just begun: no number, no visit, no promise, no proposition, nobody to call."""
    nothing = Scorecard(None, 0.0, False, "none", None, ())
    return replace(
        specimen_page(number, name),
        **{
            "tiers": (),
            "city": "",
            "country": "",
            "yours": nothing,
            "ours": nothing,
            "visits": Visits(0, 0, None, None, None),
            "kept": (),
            "promises": (),
            "propositions": (),
            "contact": None,
            "changes": (),
        }
        | changes,
    )


def kpi(code: str, english: str, actual: int | None, target: int | None, rag: str, **changes) -> Kpi:
    rising = None if actual is None else Trend(MONTHS_FROM, tuple(actual * part // 100 for part in RISE))
    usual = Kpi(
        code=code,
        names=(("en", english),),
        unit="number",
        direction="higher",
        actual=actual,
        target=target,
        target_to=None,
        floor=0,
        weight=10,
        cap=1.0,
        score=None if actual is None or not target else min(actual / target, 1.0),
        rag=rag,
        trend=rising,
        as_of_on=date(2026, 10, 31),
    )
    return replace(usual, **changes)


def partner_kpis() -> tuple[Kpi, ...]:
    gap = tuple(None if position == 4 else 20 * position for position in range(12))
    return (
        kpi("revenue", "Revenue", 90_000_000, 100_000_000, "warn", unit="money", weight=30,
            names=(("en", "Revenue"), ("sv", "Omsättning"), ("fi", "Liikevaihto")),
            formulas=(("en", "Invoiced order lines of the period, without tax"),)),
        kpi("growth", "Growth on last year", 400, 1000, "bad", unit="percent"),
        kpi("pipeline", "Qualified pipeline", 45_000_000, 45_000_000, "good", unit="money"),
        kpi("win_rate", "Win rate of registered deals", 2400, 3000, "bad", unit="percent", floor=1000, score=0.7),
        kpi("certified", "Certified people", 600, 500, "good", unit="count"),
        kpi("answer", "Days to answer a lead", 300, 200, "bad", unit="days", direction="lower", floor=600, score=0.75,
            explanations=(("en", "Two leads waited over the summer holidays."),)),
        kpi("returns", "Returns", 200, 200, "good", unit="percent", direction="lower", floor=600, score=1.0),
        kpi("complaints", "Days to settle a complaint", 150, 200, "good", unit="days", direction="lower", floor=900,
            score=1.0),
        kpi("discount", "Average discount", 1500, 1000, "good", unit="percent", direction="range", target_to=2000,
            score=1.0),
        kpi("stock", "Weeks of stock", 900, 400, "bad", direction="range", target_to=800, score=0.2),
        kpi("share", "Share of wallet", 300, 400, "warn", direction="range", target_to=800, score=0.8),
        kpi("walk_in", "Visitors of the shop", 120_000, None, "none", unit="count", score=None, weight=0,
            trend=Trend(MONTHS_FROM, gap)),
        kpi("satisfaction", "Customer satisfaction", None, 450, "none", unit="rating"),
    )  # fmt: skip


def vendor_kpis() -> tuple[Kpi, ...]:
    return (
        kpi("kept", "Promises kept on time", 8600, 9000, "warn", unit="percent"),
        kpi("claims", "Days to pay a claim", 2800, 3000, "good", unit="days", direction="lower", floor=6000, score=1.0),
    )


RISE = (60, 64, 59, 70, 72, 78, 75, 83, 88, 86, 95, 100)
PROMISES = (
    Promise("Train two technicians for the new motor", "partner", date(2026, 11, 20), False, "Erik Berg"),
    Promise("Show the spring range in the window", "partner", None, False, "Erik Berg"),
    Promise("Send demo bikes for the autumn fair", "vendor", date(2026, 10, 15), True, "Anna Lind"),
)
CHANGES = (
    ScoreChanged("partner", 76.2, 79.4),
    ScoreChanged("vendor", 90.0, 88.0),
    RagChanged("revenue", (("en", "Revenue"), ("sv", "Omsättning"), ("fi", "Liikevaihto")), "bad", "warn"),
    PromiseMade("Train two technicians for the new motor", "partner", date(2026, 11, 20)),
    PromiseMade("Send demo bikes for the autumn fair", "vendor", date(2026, 10, 15)),
    PromiseKept("Move the display to the entrance", "partner"),
    PromiseKept("Lend a fitter for one week", "vendor"),
    PropositionApproved(3),
)


def silent_pages() -> Iterator[PartnerPage]:
    """Pages that together say all that the site itself can say, and nothing that a person has typed."""
    mute = {"names": (), "explanations": (), "formulas": ()}
    page = specimen_page(
        name="",
        city="",
        tiers=(),
        yours=Scorecard(79.4, 0.85, False, "warn", 76.2, tuple(replace(row, **mute) for row in partner_kpis())),
        ours=Scorecard(88.0, 0.6, True, "none", 90.0, tuple(replace(row, **mute) for row in vendor_kpis())),
        promises=tuple(replace(promise, text="", owner="") for promise in PROMISES),
        propositions=(Proposition("en", "", 3, date(2026, 10, 12)),),
        contact=Contact("", "", ""),
        changes=tuple(_muted(change) for change in CHANGES),
    )
    good = tuple(row for row in page.yours.kpis if row.rag == "good")
    yield page
    yield replace(page, contact=None, yours=Scorecard(90.0, 1.0, False, "good", 90.0, good), visits=ONE_BY_VIDEO)
    yield replace(page, yours=Scorecard(90.0, 1.0, False, "good", None, good[:1]), visits=ONE_BY_PHONE, kept=ONE_EACH)
    yield replace(page, yours=replace(page.yours, kpis=UNUSUAL))
    yield empty_page(name="")


def _muted(change: Change) -> Change:
    words = {"text": ""} if hasattr(change, "text") else {"names": ()} if hasattr(change, "names") else {}
    return replace(change, **words)


ONE_BY_VIDEO = Visits(1, 1, date(2026, 9, 16), date(2026, 12, 8), "video")
ONE_BY_PHONE = Visits(1, 1, date(2026, 9, 16), date(2026, 12, 8), "phone")
ONE_EACH = (Kept("partner", 1, 1), Kept("vendor", 1, 1))
UNUSUAL = (
    kpi("point", "", 900, 1000, "bad", unit="percent", names=()),
    kpi("day", "", 300, 200, "bad", unit="days", direction="lower", floor=600, names=()),
)
