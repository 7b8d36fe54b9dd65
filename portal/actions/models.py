"""Actions: one accountable person, a side, a due date; with a shared text they are promises that the partner sees."""

from peewee import DateField, ForeignKeyField, SmallIntegerField

from portal.accounts.models import User
from portal.db import CodeField, InternalText, SharedText
from portal.i18n import N_
from portal.partners.models import Contact, Partner
from portal.records import Record

SIDES = {"vendor": N_("We promise"), "partner": N_("The partner promises")}
STATES = {"open": N_("Open"), "done": N_("Done"), "cancelled": N_("Cancelled")}


class Action(Record):
    """Something to be done for or by one partner.

    `shared_text` is what the partner reads; without it the action is ours alone (spec/0-decisions.md 4)."""

    partner = ForeignKeyField(Partner, backref="actions", on_delete="CASCADE")
    side = CodeField(SIDES, default="vendor")
    user = ForeignKeyField(User, null=True, backref="actions")
    contact = ForeignKeyField(Contact, null=True, backref="actions", on_delete="SET NULL")
    text = InternalText(default="")
    shared_text = SharedText(default="")
    due_on = DateField(null=True)
    original_due_on = DateField(null=True)
    slip_count = SmallIntegerField(default=0)
    state = CodeField(STATES, default="open")
    done_on = DateField(null=True)
    cancel_reason = InternalText(default="")

    class Meta:
        indexes = ((("partner", "state", "due_on"), False), (("user", "state", "due_on"), False))
