"""Visits with their agenda, outcomes and people. Lateness and locks are computed, never stored."""

from peewee import BooleanField, CharField, DateField, ForeignKeyField, SmallIntegerField

from portal.accounts.models import User
from portal.actions.models import Action
from portal.db import CodeField, InternalText, SharedText, Table, UTCDateTimeField
from portal.i18n import N_
from portal.partners.models import Contact, Partner
from portal.records import Record

MODES = {"on_site": N_("On site"), "video": N_("Video"), "phone": N_("Phone")}
STATES = {
    "planned": N_("Planned"),
    "confirmed": N_("Confirmed"),
    "held": N_("Held"),
    "not_held": N_("Not held"),
}
NOT_HELD_REASONS = {
    "missed": N_("Missed"),
    "cancelled_us": N_("Cancelled by us"),
    "cancelled_partner": N_("Cancelled by the partner"),
    "rescheduled": N_("Moved to another day"),
    "mistake": N_("Logged by mistake"),
}
VISIT_TYPES = {
    "business_review": N_("Business review"),
    "planning": N_("Planning"),
    "enablement": N_("Enablement"),
    "joint_customer": N_("Joint customer"),
    "relationship": N_("Relationship"),
    "issue": N_("Issue"),
}
GOAL_MET = {"yes": N_("Yes"), "partly": N_("Partly"), "no": N_("No")}
OUTCOME_KINDS = {
    "decision": N_("Decision"),
    "commitment": N_("Commitment"),
    "risk": N_("Risk"),
    "opportunity": N_("Opportunity"),
    "feedback": N_("Feedback"),
    "competitor": N_("Competitor"),
    "info": N_("Information"),
}
BLOCKS = {
    "profitability": N_("Profitability"),
    "aftermarket": N_("Aftermarket"),
    "pipeline": N_("Pipeline"),
    "product": N_("Product"),
    "people": N_("People"),
    "marketing": N_("Marketing"),
    "actions": N_("Promises"),
    "other": N_("Other"),
}


class Visit(Record):
    """One meeting with one partner.

    A visit that was planned keeps its plan; a held one has `held_on`, the local calendar day of who held it."""

    partner = ForeignKeyField(Partner, backref="visits")
    owner = ForeignKeyField(User, backref="visits")
    state = CodeField(STATES)
    mode = CodeField(MODES, default="on_site")
    visit_type = CodeField(VISIT_TYPES, null=True)
    planned_on = DateField(null=True)
    planned_start_at = UTCDateTimeField(null=True)
    held_on = DateField(null=True)
    started_at = UTCDateTimeField(null=True)
    minutes = SmallIntegerField(null=True)
    purpose = InternalText(default="")
    goal = InternalText(default="")
    goal_met = CodeField(GOAL_MET, null=True)
    note = InternalText(default="")
    next_step = InternalText(default="")
    next_step_on = DateField(null=True)
    confirmed_at = UTCDateTimeField(null=True)
    logged_at = UTCDateTimeField(null=True)
    device_at = UTCDateTimeField(null=True)  # the phone's clock, beside ours (spec/7-bar.md RP-6)
    not_held_reason = CodeField(NOT_HELD_REASONS, null=True)
    not_held_note = InternalText(default="")
    client_uid = CharField(max_length=36, null=True)

    class Meta:
        indexes = (
            (("partner", "held_on"), False),
            (("owner", "held_on"), False),
            (("partner", "planned_on"), False),
            (("owner", "planned_on"), False),
            (("owner", "client_uid"), True),
        )


class VisitParticipant(Table):
    """Somebody at a visit: a contact of the partner or a colleague."""

    visit = ForeignKeyField(Visit, backref="participants", on_delete="CASCADE")
    contact = ForeignKeyField(Contact, null=True, on_delete="CASCADE")
    user = ForeignKeyField(User, null=True)
    present = BooleanField(default=True)


class AgendaItem(Record):
    visit = ForeignKeyField(Visit, backref="agenda", on_delete="CASCADE")
    position = SmallIntegerField(default=0)
    block = CodeField(BLOCKS, default="other")
    text = InternalText()
    minutes = SmallIntegerField(null=True)
    done = BooleanField(default=False)


class Outcome(Record):
    """What a visit led to. `text` is ours; only `shared_text` may reach the partner."""

    visit = ForeignKeyField(Visit, backref="outcomes", on_delete="CASCADE")
    kind = CodeField(OUTCOME_KINDS)
    text = InternalText(default="")
    shared_text = SharedText(default="")


class VisitAction(Table):
    """An action that was agreed at a visit."""

    visit = ForeignKeyField(Visit, backref="action_links", on_delete="CASCADE")
    action = ForeignKeyField(Action, backref="visit_links", on_delete="CASCADE")

    class Meta:
        indexes = ((("visit", "action"), True),)
