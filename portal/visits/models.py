"""Visits with their agenda, outcomes and people. Lateness and locks are computed, never stored."""

from peewee import BooleanField, CharField, DateField, ForeignKeyField, SmallIntegerField, fn

from portal.accounts.models import User
from portal.actions.models import Action
from portal.db import CodeField, InternalText, SharedText, Table, UTCDateTimeField
from portal.i18n import N_, Message
from portal.partners.models import Contact, Partner
from portal.records import Record, SearchedRecord, Stale

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
AHEAD = ("planned", "confirmed")
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


class Visit(SearchedRecord):
    """One meeting with one partner.

    A visit that was planned keeps its plan; a held one has `held_on`, the local calendar day of who held it."""

    SEARCHED = ("purpose", "goal", "note", "next_step")

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
    search = InternalText(default="")
    client_uid = CharField(max_length=36, null=True)
    moved_from = ForeignKeyField("self", null=True, backref="moved_to")
    # Agenda, people and outcomes are rows of their own: counting their changes moves the version of the visit.
    detail_changes = SmallIntegerField(default=0)

    class Meta:
        indexes = (
            (("partner", "held_on"), False),
            (("owner", "held_on"), False),
            (("partner", "planned_on"), False),
            (("owner", "planned_on"), False),
            (("owner", "client_uid"), True),
        )

    # --- which ones ---------------------------------------------------------------------------------------------

    @classmethod
    def visible_to(cls, user, on):
        """Those of the partners that the user may read, and always the own ones (spec/0-decisions.md 12)."""
        partners = Partner.allowed(user, "visit.read", on).select(Partner.id)
        return cls.select().where(cls.partner.in_(partners) | (cls.owner == user))

    @classmethod
    def answerable_by(cls, user, on):
        """Those of the partners for whom this user logs visits: whoever is there holds what was planned."""
        partners = Partner.allowed(user, "visit.create", on).where(Partner.archived_at.is_null())
        return cls.select().where(cls.partner.in_(partners.select(Partner.id)))

    @classmethod
    def ahead_at(cls, partner):
        return cls.select().where((cls.partner == partner) & cls.is_ahead()).order_by(cls.planned_on, cls.id)

    @classmethod
    def listed(cls, query, today):
        """The query's visits with partner, owner and `needs_reason`; what was logged by mistake is left out."""
        kept = cls.not_held_reason.is_null() | (cls.not_held_reason != "mistake")
        columns = cls, Partner, User, cls.needs_reason_on(today).alias("needs_reason")
        return query.select(*columns).join_from(cls, Partner).join_from(cls, User).where(kept)

    @classmethod
    def latest_first(cls):
        """What a list is ordered by: the day it was held on, or is planned for."""
        return fn.COALESCE(cls.held_on, cls.planned_on).desc(), cls.id.desc()

    @classmethod
    def is_ahead(cls):
        """Planned or confirmed, as SQL: neither held nor given up."""
        return cls.state.in_(AHEAD)

    @classmethod
    def needs_reason_on(cls, today):
        """Its day has passed without an answer, as SQL: it counts as missed (spec/0-decisions.md 11)."""
        return cls.is_ahead() & (cls.planned_on < today)

    @classmethod
    def same_day(cls, partner, owner, day):
        """What this user already logged for that partner on that day."""
        return cls.select().where(
            (cls.partner == partner) & (cls.owner == owner) & (cls.held_on == day) & (cls.state == "held")
        )

    @property
    def ahead(self):
        return self.state in AHEAD

    def items(self):
        """The agenda, in order."""
        return AgendaItem.select().where(AgendaItem.visit == self).order_by(AgendaItem.position, AgendaItem.id)

    def contacts_met(self):
        return Contact.select().join(VisitParticipant).where(VisitParticipant.visit == self).order_by(Contact.name)

    def actions(self):
        return Action.select().join(VisitAction).where(VisitAction.visit == self).order_by(Action.id)

    def missing_to_confirm(self):
        """Yields what a visit still needs before it may be confirmed; never asked for when it is logged."""
        if not self.purpose.strip():
            yield Message(N_("The purpose is missing: say why you go."))
        if not self.goal.strip():
            yield Message(N_("The goal is missing: say what should be different afterwards."))
        if not self.items().exists():
            yield Message(N_("The agenda is empty: add at least one item."))

    # --- what is done with them ---------------------------------------------------------------------------------

    @classmethod
    def log(cls, stamp, owner, partner, details, **facts):
        """A visit that took place and was not planned. `details`: what hangs on it."""
        visit = cls.add(
            stamp,
            action="Visit.log",
            owner=owner,
            partner=partner,
            state="held",
            logged_at=stamp.at,
            **facts,
        )
        details.keep(stamp, visit)
        return visit

    def hold(self, stamp, owner, details, **facts):
        """A planned visit took place; it belongs to whoever held it. Its plan stays as it was."""
        self.change(stamp, action="Visit.hold", state="held", owner=owner, logged_at=stamp.at, **facts)
        details.keep(stamp, self)
        return self

    def edit(self, stamp, details, *, version=None, amendment=False, **facts):
        """Another text for a held visit. What hangs on it belongs to its version, so that two people never mix."""
        if version is not None and version != self.version:
            raise Stale(type(self).get_by_id(self.id))
        action = "Visit.amend" if amendment else "Visit.edit"
        if details.differ(self):
            details.keep(stamp, self)
            facts["detail_changes"] = self.detail_changes + 1
        return self.change(stamp, version=version, action=action, **facts)

    @classmethod
    def plan(cls, stamp, owner, partner, agenda, **facts):
        """A visit ahead; `agenda`: (block, text, minutes) in order."""
        visit = cls.add(stamp, action="Visit.plan", owner=owner, partner=partner, state="planned", **facts)
        visit._write_agenda(stamp, agenda)
        return visit

    def replan(self, stamp, agenda, *, version=None, **facts):
        """Another plan for a visit ahead. Without purpose, goal or agenda it is no longer confirmed."""
        if version is not None and version != self.version:
            raise Stale(type(self).get_by_id(self.id))
        if list(agenda) != [(item.block, item.text, item.minutes) for item in self.items()]:
            self._write_agenda(stamp, agenda)
            facts["detail_changes"] = self.detail_changes + 1
        self.change(stamp, version=version, action="Visit.replan", **facts)
        if self.state == "confirmed" and any(self.missing_to_confirm()):
            self.change(stamp, state="planned", confirmed_at=None)
        return self

    def confirm(self, stamp):
        return self.change(stamp, action="Visit.confirm", state="confirmed", confirmed_at=stamp.at)

    def give_up(self, stamp, reason, note="", to_on=None):
        """It did not take place. With `to_on` its plan moves to that day as a visit of its own, which is returned."""
        self.change(stamp, action="Visit.give_up", state="not_held", not_held_reason=reason, not_held_note=note)
        if to_on is None:
            return self
        plan = {name: getattr(self, name) for name in ("mode", "visit_type", "purpose", "goal")}
        agenda = [(item.block, item.text, item.minutes) for item in self.items()]
        return type(self).plan(stamp, self.owner, self.partner, agenda, planned_on=to_on, moved_from=self, **plan)

    def undo(self, stamp):
        """Takes the log back: a planned visit is planned again, another one was a mistake; the row stays."""
        for action in self.actions():
            if action.version == 1:
                action.remove(stamp)
        VisitParticipant.delete().where(VisitParticipant.visit == self).execute()
        for outcome in self.outcomes:
            outcome.remove(stamp)
        if self.planned_on is None:
            return self.change(stamp, action="Visit.undo", state="not_held", not_held_reason="mistake")
        state = "confirmed" if self.confirmed_at else "planned"
        return self.change(stamp, action="Visit.undo", state=state, held_on=None, logged_at=None)

    def _write_agenda(self, stamp, agenda):
        AgendaItem.delete().where(AgendaItem.visit == self).execute()
        for position, (block, text, minutes) in enumerate(agenda):
            AgendaItem.add(stamp, visit=self, position=position, block=block, text=text, minutes=minutes)


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
