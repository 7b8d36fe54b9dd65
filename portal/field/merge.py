"""Two rows of one partner become one: what happened moves, what was reported stays where it was reported."""

from dataclasses import dataclass

from peewee import fn

from portal.actions.models import Action
from portal.cadence.models import CoverageException
from portal.i18n import N_
from portal.kpis.models import KpiActual, KpiTarget, OrderLine
from portal.partners.models import Contact, PartnerAccess
from portal.propositions.models import Proposition
from portal.publishing.models import PageApproval
from portal.records import AuditEvent, Record
from portal.visits.models import Visit


@dataclass(frozen=True)
class Moves:
    """One kind of row that goes along. `unless_same`: it stays if the survivor has one with these columns alike.

    `on_its_days`: only if that one holds on some of the same days."""

    label: str
    table: type[Record]
    unless_same: tuple = ()
    on_its_days: bool = False

    def rows(self, merged, survivor):
        """The condition that a row of `merged` moves to `survivor`."""
        ours = self.table.partner == merged
        if not self.unless_same:
            return ours
        theirs = self.table.alias()
        alike = theirs.partner == survivor
        for column in self.unless_same:
            alike &= getattr(theirs, column) == getattr(self.table, column)
        if self.on_its_days:
            alike &= (theirs.from_on < self.table.until_on) & (theirs.until_on > self.table.from_on)
        return ours & ~fn.EXISTS(theirs.select(theirs.id).where(alike))


# In the order in which the page lists them. Dated assignments, score snapshots and publications stay.
MOVES = (
    Moves(N_("People"), Contact),
    Moves(N_("Visits"), Visit),
    Moves(N_("Promises"), Action),
    Moves(N_("Order lines"), OrderLine),
    Moves(N_("Monthly figures"), KpiActual, ("kpi", "month_on")),
    Moves(N_("Targets"), KpiTarget, ("kpi",), on_its_days=True),
    Moves(N_("Pauses"), CoverageException),
    Moves(N_("Propositions"), Proposition, ("locale",)),
    Moves(N_("Colleagues with access"), PartnerAccess, ("user",)),
)
# Flows and ratios add up; of a level the survivor's own month counts.
ADDED = ("flow", "ratio")
FILLED = ("org_no", "business_type", "address", "postcode", "city", "state", "country", "phone", "website", "profile")
FILLED_TOGETHER = ("latitude", "longitude")


def what_moves(merged, survivor):
    """[(label, number)] of what a merge would move, for the page that asks."""
    counted = [(moves.label, moves.table.select().where(moves.rows(merged, survivor)).count()) for moves in MOVES]
    return [(label, number) for label, number in counted if number]


def merge(stamp, merged, survivor):
    """Moves everything that happened to the survivor, fills its blanks, and leaves `merged` as its alias.

    The other system's number stays on the row that went, so that the next import finds the survivor."""
    if merged.id == survivor.id:
        raise ValueError("a partner cannot be merged with itself")
    _add_up_months(stamp, merged, survivor)
    moved = {moves.table.__name__: _move(stamp, moves, merged, survivor) for moves in MOVES}
    _fill_blanks(stamp, merged, survivor)
    PageApproval.update(ended_at=stamp.at, ended_by=stamp.user_id).where(
        (PageApproval.partner == merged) & PageApproval.ended_at.is_null()
    ).execute()
    merged.change(stamp, archived_at=stamp.at, archived_by=stamp.user_id, merged_into=survivor, action="Partner.merged")
    AuditEvent.write(stamp, "Partner.merge", survivor, {"merged": merged.id, "moved": moved})
    return survivor


def _move(stamp, moves, merged, survivor):
    table = moves.table
    ids = table.select(table.id).where(moves.rows(merged, survivor))
    return (
        table.update(partner=survivor, version=table.version + 1, updated_at=stamp.at, updated_by=stamp.user_id)
        .where(table.id.in_([row_id for (row_id,) in ids.tuples()]))
        .execute()
    )


def _add_up_months(stamp, merged, survivor):
    """Where both have a month of one KPI, the survivor gets the sum."""
    theirs = {(row.kpi_id, row.month_on): row for row in KpiActual.select().where(KpiActual.partner == merged)}
    for ours in KpiActual.select().where(KpiActual.partner == survivor):
        other = theirs.get((ours.kpi_id, ours.month_on))
        if other and ours.kpi.kind in ADDED:
            parts = ("value", "numerator", "denominator")
            ours.change(stamp, **{part: _sum(getattr(ours, part), getattr(other, part)) for part in parts})


def _sum(one, other):
    return None if one is None and other is None else (one or 0) + (other or 0)


def _fill_blanks(stamp, merged, survivor):
    filled = {name: getattr(merged, name) for name in FILLED if not getattr(survivor, name) and getattr(merged, name)}
    if survivor.latitude is None and merged.latitude is not None:
        filled |= {name: getattr(merged, name) for name in FILLED_TOGETHER}
    survivor.change(stamp, **filled)
