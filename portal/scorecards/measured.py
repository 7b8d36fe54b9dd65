"""The KPIs that the portal measures itself, for all partners at once: promises kept and visits held."""

from dataclasses import dataclass, field

from portal.actions.ledger import NOTHING_PROMISED, ledgers
from portal.coverage.figures import promised_and_held
from portal.kpis.library import OUR_PROMISES, PARTNER_PROMISES, VISITS

WHOLE = 10_000  # one hundred per cent, in hundredths


@dataclass(frozen=True)
class Record:
    """What one partner and the vendor owe each other in the period: promises by side, visits promised and held."""

    ledgers: dict = field(default_factory=lambda: dict(NOTHING_PROMISED))
    promised: int = 0
    held: int = 0


def records(partners, period, today):
    """{partner id: Record} for a query of partners, in a constant number of queries."""
    visits = promised_and_held(partners, period.from_on, period.until_on, today)
    promises = ledgers(partners, today, period.from_on)
    return {
        partner_id: Record(promises.get(partner_id, NOTHING_PROMISED), promised, held)
        for partner_id, (promised, held) in visits.items()
    }


def promises_kept(ledger):
    """Promises kept on time of those that fell due; None where none did."""
    return round(ledger.kept * WHOLE / ledger.settled) if ledger.settled else None


def visits_held(record):
    """Visits held of those promised, never above all of them; None where none was promised."""
    return round(min(record.held, record.promised) * WHOLE / record.promised) if record.promised else None


# What each code of the library means here; growth is measured from revenue (actuals.growth).
MEASURES = {
    PARTNER_PROMISES: lambda record: promises_kept(record.ledgers["partner"]),
    OUR_PROMISES: lambda record: promises_kept(record.ledgers["vendor"]),
    VISITS: visits_held,
}
