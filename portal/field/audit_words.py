"""How an audit line reads: what happened, to whom or what, in words; and what the list can be narrowed to."""

from portal.i18n import N_, Message
from portal.records import AuditEvent

# Actions that are a sentence of their own.
HAPPENINGS = {
    "sign_in": N_("Signed in"),
    "sign_in.failed": N_("Could not sign in"),
    "sign_out": N_("Signed out"),
    "sign_out.everywhere": N_("Signed out everywhere"),
    "reader.sign_in": N_("Reader signed in"),
    "reader.sign_out": N_("Reader signed out"),
    "access.denied": N_("Tried a page of another role"),
    "page.read": N_("Read the partner page"),
    "export.partners": N_("Took the list of partners along as a file"),
    "export.coverage": N_("Took coverage figures along as a file"),
    "backup.make": N_("Backup made"),
    "backup.restore": N_("Backup restored"),
    "demo.fill": N_("Filled with made-up data"),
    "Outbox.try_again": N_("Mail sent again"),
    "User.password": N_("Password set"),
    "User.address": N_("Mail address changed"),
    "User.regions": N_("Regions of a user changed"),
    "Handover.done": N_("Partners handed over"),
    "Handover.followed": N_("Visits and promises went along with their partners"),
    "User.handed_on": N_("Visits and promises of a user handed on"),
    "Handover.undone": N_("Handover of partners taken back"),
    "Withdrawal.files_removed": N_("Withdrawn files removed from every release"),
}
# All others are an object and a verb.
VERBS = {
    "add": N_("%(object)s: added"),
    "amend": N_("%(object)s: amended"),
    "change": N_("%(object)s: changed"),
    "edit": N_("%(object)s: corrected"),
    "remove": N_("%(object)s: removed"),
    "accept": N_("%(object)s: accepted"),
    "apply": N_("%(object)s: applied"),
    "archive": N_("%(object)s: archived"),
    "begin": N_("%(object)s: begun"),
    "bring_back": N_("%(object)s: brought back"),
    "cancel": N_("%(object)s: cancelled"),
    "check": N_("%(object)s: checked"),
    "confirm": N_("%(object)s: confirmed"),
    "deactivate": N_("%(object)s: deactivated"),
    "end": N_("%(object)s: ended"),
    "fail": N_("%(object)s: failed"),
    "finish": N_("%(object)s: done"),
    "forget": N_("%(object)s: dropped"),
    "give": N_("%(object)s: given"),
    "give_up": N_("%(object)s: did not take place"),
    "hold": N_("%(object)s: held"),
    "invite": N_("%(object)s: invited"),
    "left": N_("%(object)s: left the company"),
    "log": N_("%(object)s: logged"),
    "merge": N_("%(object)s: took over another one"),
    "merged": N_("%(object)s: merged into another one"),
    "plan": N_("%(object)s: planned"),
    "publish": N_("%(object)s: published"),
    "reactivate": N_("%(object)s: let back in"),
    "reopen": N_("%(object)s: opened again"),
    "replan": N_("%(object)s: planned anew"),
    "retire": N_("%(object)s: retired"),
    "revoke": N_("%(object)s: shut out"),
    "roll_back": N_("%(object)s: rolled back"),
    "stays": N_("%(object)s: is still there"),
    "submit": N_("%(object)s: submitted"),
    "tell": N_("%(object)s: told of a new page"),
    "unchanged": N_("%(object)s: nothing had changed"),
    "undo": N_("%(object)s: taken back"),
    "unlock": N_("%(object)s: unlocked"),
}
OBJECTS = {
    "workspace": N_("Company"),
    "region": N_("Region"),
    "team": N_("Team"),
    "user": N_("User"),
    "leave": N_("Leave"),
    "partnerclass": N_("Class"),
    "cadencepolicy": N_("Visit cadence"),
    "coverageexception": N_("Pause"),
    "tier": N_("Tier"),
    "partner": N_("Partner"),
    "classassignment": N_("Class of a partner"),
    "tierassignment": N_("Tier of a partner"),
    "statusassignment": N_("Status of a partner"),
    "ownerassignment": N_("Owner of a partner"),
    "regionassignment": N_("Region of a partner"),
    "partneraccess": N_("Access to a partner"),
    "handover": N_("Handover of partners"),
    "contact": N_("Contact"),
    "kpi": N_("KPI"),
    "kpitarget": N_("Target"),
    "kpiactual": N_("Actual"),
    "orderline": N_("Order line"),
    "action": N_("Promise"),
    "visit": N_("Visit"),
    "visitparticipant": N_("Participant of a visit"),
    "agendaitem": N_("Agenda of a visit"),
    "outcome": N_("Outcome of a visit"),
    "proposition": N_("Proposition"),
    "propositionversion": N_("Text of a proposition"),
    "propositionapproval": N_("Approval of a proposition"),
    "import": N_("Import"),
    "importbatch": N_("Import"),
    "scoresnapshot": N_("Kept score"),
    "pageapproval": N_("Approval of a partner page"),
    "publication": N_("Publication"),
    "publishedpage": N_("Published page"),
    "withdrawal": N_("Withdrawal of a partner page"),
    "reader": N_("Reader"),
}
ACTORS = {
    "user": N_("User"),
    "reader": N_("Reader"),
    "command": N_("Command line"),
    "job": N_("Background job"),
    "stranger": N_("Somebody not signed in"),
}
RESULTS = {"done": N_("Done"), "denied": N_("Refused"), "failed": N_("Failed")}

# What the list can be narrowed to: code → (label, condition).
_what, _of = AuditEvent.action, AuditEvent.object_type
KINDS = {
    "access": (
        N_("Signing in and out"),
        _what.startswith("sign_") | _what.startswith("reader.sign_") | (_what == "access.denied"),
    ),
    "read": (N_("Who read what"), _what.startswith("page.read") | _what.startswith("export.")),
    "users": (N_("Users, teams, company"), _of.in_(("User", "Team", "Region", "Workspace", "Leave"))),
    "partners": (
        N_("Partners and contacts"),
        _of.in_(("Partner", "Contact", "PartnerAccess", "Handover", "Reader")) | _of.endswith("Assignment"),
    ),
    "visits": (N_("Visits and promises"), _of.in_(("Visit", "Outcome", "Action"))),
    "figures": (N_("KPIs and imports"), _of.startswith("Kpi") | (_of == "ImportBatch")),
    "pages": (
        N_("Propositions and partner pages"),
        _of.startswith("Proposition") | _of.in_(("PageApproval", "Publication", "PublishedPage", "Withdrawal")),
    ),
}


def happening(event):
    """What happened, as a message; an action that has no words yet is shown by its name."""
    if event.action in HAPPENINGS:
        return Message(HAPPENINGS[event.action])
    kind, _, verb = event.action.partition(".")
    if verb in VERBS and kind.lower() in OBJECTS:
        return Message(VERBS[verb], {"object": Message(OBJECTS[kind.lower()])})
    return Message(event.action.replace("%", "%%"))
