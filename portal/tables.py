"""Every table, in an order in which they can be made; and the text columns that hold no prose."""

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

# Table → columns that hold only codes, names, addresses and fingerprints. Any other text says by its type who reads it.
PLAIN_TEXT = {
    "AuditEvent": "ip action object_type",
    "Workspace": "name currency timezone",
    "Region": "name external_id country",
    "Team": "name",
    "User": "email name title phone external_id timezone password_hash",
    "SignInSession": "token_hash ip agent",
    "ShareLink": "purpose address token_hash",
    "Attempt": "door account ip",
    "KnownAddress": "account ip",
    "Submission": "client_uid content_hash result_type",
    "OutboxMessage": "to_name to_address",
    "AuditSeal": "hash",
    "JobRun": "name",
    "ImportBatch": "kind file_name sha256",
    "ImportChange": "table",
    "PartnerClass": "code name",
    "Tier": "name external_id",
    "Partner": (
        "name search sort_name external_id org_no business_type address postcode city state country phone website"
    ),
    "Contact": "name search external_id title function email phone",
    "Kpi": "code category",
    "KpiTarget": "external_id",
    "OrderLine": "order_no product_key",
    "Visit": "client_uid",
    "PropositionVersion": "renderer sha256",
    "PropositionApproval": "sha256",
    "ScoreSnapshot": "sha256",
    "Publication": "sha256",
    "PublishedPage": "sha256",
    "Reader": "email",
    "ReaderSession": "token_hash ip agent",
}
