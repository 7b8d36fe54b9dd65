"""Whom and what the lines of the audit log are about, by name; texts of visits and promises are never part of it."""

from datetime import date

from peewee import fn

from portal.accounts.models import Region, Team, User
from portal.actions.models import Action
from portal.cadence.models import CoverageException
from portal.gate.models import Reader
from portal.imports.models import ImportBatch
from portal.kpis.models import Kpi, KpiActual, KpiTarget
from portal.partners.models import (
    ClassAssignment,
    Contact,
    OwnerAssignment,
    Partner,
    PartnerAccess,
    PartnerClass,
    RegionAssignment,
    StatusAssignment,
    Tier,
    TierAssignment,
)
from portal.propositions.models import Proposition, PropositionVersion
from portal.publishing.models import PageApproval, Publication, Withdrawal
from portal.scorecards.models import ScoreSnapshot
from portal.visits.models import AgendaItem, Outcome, Visit

NAMED = (User, Team, Region, Partner, Contact, PartnerClass, Tier, Kpi)
OF_PARTNER = (
    Action,
    ClassAssignment,
    CoverageException,
    KpiActual,
    KpiTarget,
    OwnerAssignment,
    PageApproval,
    PartnerAccess,
    Proposition,
    RegionAssignment,
    ScoreSnapshot,
    StatusAssignment,
    TierAssignment,
    Withdrawal,
)
OF_VISIT = (AgendaItem, Outcome)
# Type → query of (id, what the name is made of).
QUERIES = {
    query.model.__name__: query
    for query in (
        *(table.select(table.id, table.name) for table in NAMED),
        *(table.select(table.id, Partner.name).join(Partner) for table in OF_PARTNER),
        *(table.select(table.id, Partner.name).join(Visit).join(Partner) for table in OF_VISIT),
        Visit.select(Visit.id, Partner.name, fn.COALESCE(Visit.held_on, Visit.planned_on)).join(Partner),
        PropositionVersion.select(PropositionVersion.id, Partner.name, Proposition.locale, PropositionVersion.number)
        .join(Proposition)
        .join(Partner),
        Publication.select(Publication.id, Publication.number).where(Publication.number.is_null(False)),
        ImportBatch.select(ImportBatch.id, ImportBatch.file_name),
        Reader.select(Reader.id, Contact.name).join(Contact),
    )
}


def names(events, say_day):
    """{(type, id): name} of who acted and what it happened to, in one query for each type that occurs."""
    wanted = {(event.object_type, event.object_id) for event in events if event.object_id}
    wanted |= {("User", event.actor_id) for event in events if event.actor_kind == "user"}
    wanted |= {("Reader", event.actor_id) for event in events if event.actor_kind == "reader"}
    found = {}
    for kind in {kind for kind, _row_id in wanted} & QUERIES.keys():
        query = QUERIES[kind]
        ids = [row_id for wanted_kind, row_id in wanted if wanted_kind == kind]
        for row_id, *parts in query.where(query.model.id.in_(ids)).tuples():
            found[kind, row_id] = ", ".join(_said(part, say_day) for part in parts)
    return found


def _said(part, say_day):
    return say_day(part) if isinstance(part, date) else str(part)
