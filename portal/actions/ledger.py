"""The promise ledger: what each side kept, broke and still owes, over promises that the partner can read."""

from dataclasses import dataclass

from peewee import Case, fn

from portal.actions.models import SIDES, Action
from portal.partners.models import Partner


@dataclass(frozen=True)
class Ledger:
    """One side's promises. `late`: done after their day; `overdue`: still open after it; `open` counts those too."""

    kept: int = 0
    late: int = 0
    open: int = 0
    overdue: int = 0

    @property
    def settled(self):
        """Promises whose day has passed or that are done: what a share of kept promises is taken of."""
        return self.kept + self.late + self.overdue

    @property
    def kept_share(self):
        """Kept on time, of one; None where nothing was due yet."""
        return self.kept / self.settled if self.settled else None


# The standings that each figure of a Ledger counts, in the order of its fields.
COUNTED = (("kept",), ("late",), ("open", "overdue"), ("overdue",))
NOTHING_PROMISED = {side: Ledger() for side in SIDES}


def ledgers(partners, today, since_on=None):
    """{partner id: {"vendor": Ledger, "partner": Ledger}} for a query of partners, in one query.

    With `since_on` only of promises whose first day lies there or later, or that without a day were done since.
    A partner without promises is missing; `NOTHING_PROMISED` stands for it (spec/0-decisions.md 20)."""
    chosen, standing = Action.shared().where(Action.partner.in_(partners.select(Partner.id))), Action.standing_on(today)
    if since_on:
        chosen = chosen.where(fn.COALESCE(Action.original_due_on, Action.due_on, Action.done_on) >= since_on)
    figures = [fn.SUM(Case(None, [(standing.in_(words), 1)], 0)) for words in COUNTED]
    query = chosen.select(Action.partner, Action.side, *figures).group_by(Action.partner, Action.side)
    found = {}
    for partner_id, side, *numbers in query.tuples():
        found.setdefault(partner_id, dict(NOTHING_PROMISED))[side] = Ledger(*map(int, numbers))
    return found
