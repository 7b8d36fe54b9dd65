"""How an audit line reads: what happened, to what, in words."""

from portal.i18n import N_, Message
from portal.records import AuditEvent

# Actions that are not simply "a row was added, changed or removed".
HAPPENINGS = {
    "sign_in": N_("Signed in"),
    "sign_in.failed": N_("Could not sign in"),
    "sign_out": N_("Signed out"),
    "sign_out.everywhere": N_("Signed out everywhere"),
    "access.denied": N_("Tried a page of another role"),
    "page.read": N_("Read the partner page"),
    "User.invite": N_("User invited"),
    "User.password": N_("Password set"),
    "User.address": N_("Mail address changed"),
    "User.regions": N_("Regions of a user changed"),
    "User.deactivate": N_("User deactivated"),
    "User.reactivate": N_("User let back in"),
    "Outbox.try_again": N_("Mail sent again"),
}
VERBS = {
    "add": N_("%(object)s added"),
    "change": N_("%(object)s changed"),
    "remove": N_("%(object)s removed"),
}
OBJECTS = {
    "Workspace": N_("Company"),
    "Region": N_("Region"),
    "Team": N_("Team"),
    "User": N_("User"),
    "Leave": N_("Leave"),
    "PartnerClass": N_("Class"),
    "CadencePolicy": N_("Visit cadence"),
    "Tier": N_("Tier"),
    "Partner": N_("Partner"),
    "ClassAssignment": N_("Class of a partner"),
    "TierAssignment": N_("Tier of a partner"),
    "StatusAssignment": N_("Status of a partner"),
    "OwnerAssignment": N_("Owner of a partner"),
    "RegionAssignment": N_("Region of a partner"),
    "PartnerAccess": N_("Access to a partner"),
    "Contact": N_("Contact"),
    "Kpi": N_("KPI"),
    "KpiTarget": N_("Target"),
    "KpiActual": N_("Actual"),
    "Action": N_("Promise"),
    "Visit": N_("Visit"),
    "Outcome": N_("Outcome of a visit"),
    "CoverageException": N_("Pause"),
    "Proposition": N_("Proposition"),
    "PropositionVersion": N_("Text of a proposition"),
    "PropositionApproval": N_("Approval of a proposition"),
    "ImportBatch": N_("Import"),
    "PageApproval": N_("Approval of a partner page"),
    "Publication": N_("Publication"),
    "PublishedPage": N_("Published page"),
    "Withdrawal": N_("Withdrawal of a partner page"),
    "Reader": N_("Reader"),
}
ACTORS = {
    "reader": N_("A reader"),
    "command": N_("Command line"),
    "job": N_("Background job"),
    "stranger": N_("Somebody not signed in"),
}
RESULTS = {"done": N_("Done"), "denied": N_("Refused"), "failed": N_("Failed")}

# What the list can be narrowed to: code → (label, condition).
KINDS = {
    "access": (
        N_("Signing in and out"),
        AuditEvent.action.startswith("sign_") | (AuditEvent.action == "access.denied"),
    ),
    "read": (N_("Who read what"), AuditEvent.action.startswith("page.read")),
    "users": (
        N_("Users, teams, company"),
        AuditEvent.object_type.in_(("User", "Team", "Region", "Workspace", "Leave")),
    ),
    "partners": (
        N_("Partners and contacts"),
        AuditEvent.object_type.in_(("Partner", "Contact", "PartnerAccess"))
        | AuditEvent.object_type.endswith("Assignment"),
    ),
    "visits": (N_("Visits and promises"), AuditEvent.object_type.in_(("Visit", "Outcome", "Action"))),
    "figures": (
        N_("KPIs and imports"),
        AuditEvent.object_type.startswith("Kpi") | (AuditEvent.object_type == "ImportBatch"),
    ),
    "pages": (
        N_("Propositions and partner pages"),
        AuditEvent.object_type.startswith("Proposition")
        | AuditEvent.object_type.in_(("PageApproval", "Publication", "PublishedPage", "Withdrawal")),
    ),
}


def happening(event):
    """What happened, as a message; an action that has no words yet is shown by its name."""
    if event.action in HAPPENINGS:
        return Message(HAPPENINGS[event.action])
    kind, _, verb = event.action.partition(".")
    if verb in VERBS:
        return Message(VERBS[verb], {"object": Message(OBJECTS[kind]) if kind in OBJECTS else kind})
    return Message(event.action.replace("%", "%%"))
