"""Actions: one accountable person, a side, a due date; with a shared text they are promises that the partner sees."""

from peewee import JOIN, Case, DateField, ForeignKeyField, SmallIntegerField, fn

from portal.accounts.models import User
from portal.db import CodeField, InternalText, SharedText
from portal.i18n import N_
from portal.partners.models import Contact, Partner
from portal.records import Record

SIDES = {"vendor": N_("We promise"), "partner": N_("The partner promises")}
STATES = {"open": N_("Open"), "done": N_("Done"), "cancelled": N_("Cancelled")}
# How an action stands on a day: computed from its dates, never stored. Each with the kind of its status.
STANDINGS = {
    "overdue": (N_("Late"), "bad"),
    "open": (N_("Open"), "none"),
    "kept": (N_("Kept"), "good"),
    "late": (N_("Done late"), "warn"),
    "cancelled": (N_("Cancelled"), "none"),
}


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
    # A later date that the other side agreed to before the promised one had passed.
    agreed_due_on = DateField(null=True)
    slip_count = SmallIntegerField(default=0)
    state = CodeField(STATES, default="open")
    done_on = DateField(null=True)
    cancel_reason = InternalText(default="")

    class Meta:
        indexes = ((("partner", "state", "due_on"), False), (("user", "state", "due_on"), False))

    # --- which ones ---------------------------------------------------------------------------------------------

    @classmethod
    def visible_to(cls, user, on):
        return cls.select().where(cls.partner.in_(_partners(user, "action.read", on)))

    @classmethod
    def editable_by(cls, user, on):
        return cls.select().where(cls.partner.in_(_partners(user, "action.edit", on)))

    @classmethod
    def shared(cls):
        """Those that the partner may read: only they are promises (spec/0-decisions.md 4)."""
        return cls.select().where(cls.shared_text != "")

    @classmethod
    def shared_open(cls, partners):
        """Open promises of a query of partners, the nearest date first, those without a date last."""
        return (
            cls.shared()
            .where((cls.state == "open") & cls.partner.in_(partners.select(Partner.id)))
            .order_by(cls.partner, cls.due_on.is_null(), cls.due_on, cls.id)
        )

    @classmethod
    def listed(cls, query, today):
        """The query's actions with their people and `standing`: what is open first, by date, then the settled."""
        columns = cls, User, Contact, Partner, cls.standing_on(today).alias("standing")
        query = query.select(*columns).join_from(cls, Partner)
        query = query.join_from(cls, User, JOIN.LEFT_OUTER).join_from(cls, Contact, JOIN.LEFT_OUTER)
        settled = Case(None, [(cls.state == "open", 0)], 1)
        return query.order_by(settled, cls.due_on.is_null(), cls.due_on, cls.id)

    @classmethod
    def standing_on(cls, today):
        """The word of STANDINGS, as SQL. Kept is what was done by the promised day (spec/0-decisions.md 20)."""
        promised_on = fn.COALESCE(cls.agreed_due_on, cls.original_due_on)
        words = (
            (cls.state == "cancelled", "cancelled"),
            ((cls.state == "done") & (cls.done_on > promised_on), "late"),
            (cls.state == "done", "kept"),
            (promised_on < today, "overdue"),
        )
        return Case(None, words, "open")

    # --- what is done with them ---------------------------------------------------------------------------------

    @classmethod
    def promise(cls, stamp, partner, side, *, user=None, contact=None, text="", shared_text="", due_on=None):
        """One accountable person: a colleague on our side, a contact on the partner's (if one is known)."""
        person = {"user": user} if side == "vendor" else {"contact": contact}
        texts = {"text": text, "shared_text": shared_text}
        return cls.add(stamp, partner=partner, side=side, due_on=due_on, original_due_on=due_on, **person, **texts)

    def edit(self, stamp, today, *, version=None, other_side_agreed=False, **fields):
        """Stores what was changed. Another date counts as a slip; the first one stays on the row."""
        due_on = fields.get("due_on", self.due_on)
        if due_on != self.due_on:
            fields |= self._moved(due_on, today, other_side_agreed)
        return self.change(stamp, version=version, **fields)

    def _moved(self, due_on, today, other_side_agreed):
        if self.original_due_on is None:
            return {"original_due_on": due_on}
        promised_on = self.agreed_due_on or self.original_due_on
        agreed = other_side_agreed and due_on is not None and today <= promised_on
        slipped = due_on is None or self.due_on is None or due_on > self.due_on
        return {"slip_count": self.slip_count + slipped} | ({"agreed_due_on": due_on} if agreed else {})

    def finish(self, stamp, done_on):
        return self.change(stamp, action="Action.finish", state="done", done_on=done_on)

    def cancel(self, stamp, reason):
        return self.change(stamp, action="Action.cancel", state="cancelled", cancel_reason=reason, done_on=None)

    def reopen(self, stamp):
        return self.change(stamp, action="Action.reopen", state="open", done_on=None, cancel_reason="")


def _partners(user, action, on):
    return Partner.allowed(user, action, on).select(Partner.id)
