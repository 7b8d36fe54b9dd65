"""Every table, in an order in which they can be made; and the text columns that hold only codes, names and addresses."""

from portal.accounts import models as accounts
from portal.actions import models as actions
from portal.cadence import models as cadence
from portal.gate import models as gate
from portal.imports import models as imports
from portal.kpis import models as kpis
from portal.partners import models as partners
from portal.propositions import models as propositions
from portal.publishing import models as publishing
from portal.records import AuditEvent
from portal.scorecards import models as scorecards
from portal.visits import models as visits

TABLES = (
    AuditEvent,
    accounts.Workspace,
    accounts.Region,
    accounts.Team,
    accounts.User,
    accounts.UserRegion,
    accounts.SignInSession,
    accounts.ShareLink,
    accounts.Attempt,
    accounts.KnownAddress,
    accounts.Leave,
    accounts.Submission,
    accounts.OutboxMessage,
    accounts.AuditSeal,
    accounts.JobRun,
    imports.ImportBatch,
    imports.ImportChange,
    partners.PartnerClass,
    partners.Tier,
    partners.Partner,
    partners.ClassAssignment,
    partners.TierAssignment,
    partners.StatusAssignment,
    partners.OwnerAssignment,
    partners.RegionAssignment,
    partners.PartnerAccess,
    partners.Handover,
    partners.HandoverPartner,
    partners.Contact,
    kpis.Kpi,
    kpis.KpiTarget,
    kpis.KpiActual,
    kpis.OrderLine,
    actions.Action,
    visits.Visit,
    visits.VisitParticipant,
    visits.AgendaItem,
    visits.Outcome,
    visits.VisitAction,
    cadence.CadencePolicy,
    cadence.CoverageException,
    propositions.Proposition,
    propositions.PropositionVersion,
    propositions.PropositionApproval,
    scorecards.ScoreSnapshot,
    publishing.PageApproval,
    publishing.Publication,
    publishing.PublishedPage,
    publishing.Withdrawal,
    gate.Reader,
    gate.ReaderSession,
)
