"""What is typed about visits: logged or corrected afterwards, planned ahead, or given up."""

import re
import uuid

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.i18n import N_
from portal.visits.details import Details, Promise
from portal.visits.models import BLOCKS, GOAL_MET, MODES, OUTCOME_KINDS, VISIT_TYPES
from portal.web import Form, _, choices, must_be_future_proof, number_or_none, trimmed

AGENDA_ROWS = 6
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
# The field of each side's promise.
PROMISES = {"vendor": "promise_by_us", "partner": "promise_by_partner"}
LONGEST_DAY = 24 * 60
A_DAY = [Optional(), must_be_future_proof]
A_LENGTH = [Optional(), NumberRange(1, LONGEST_DAY)]


def word_or_none(text):
    return text or None


class Chips(SelectMultipleField):
    """Several of a few, as chips."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class OnceForm(Form):
    """A form that carries the name under which its command is stored once, and the version it started from."""

    client_uid = HiddenField()
    version = HiddenField(filters=[number_or_none])

    def validate_client_uid(self, field):
        # Without a script the server names the form when it shows it; one that lost its name gets another.
        field.data = field.data or str(uuid.uuid4())
        if not UUID.fullmatch(field.data):
            raise ValidationError(_("This form has lost its number. Open it again; what you typed is still here."))

    def name_it(self):
        """Shown for the first time: a name for the command, if nobody gave one."""
        self.client_uid.data = self.client_uid.data or str(uuid.uuid4())
        return self


class HeldForm(OnceForm):
    """What is known of a visit that took place."""

    OF_THE_VISIT = ("held_on", "mode", "note", "next_step", "next_step_on", "goal_met", "minutes")

    held_on = DateField(N_("Date"), [must_be_future_proof])
    mode = RadioField(N_("How"), default="on_site")
    outcomes = Chips(N_("What it led to"))
    note = TextAreaField(N_("One line about it"), [Length(max=4000)], [trimmed])
    next_step = StringField(N_("Next step"), [Length(max=500)], [trimmed])
    next_step_on = DateField(N_("By when"), A_DAY)
    goal_met = RadioField(N_("Was the goal met?"), validate_choice=False, filters=[word_or_none])
    started = TimeField(N_("Start"), [Optional()])
    minutes = IntegerField(N_("Minutes"), A_LENGTH)
    contacts = Chips(N_("Who was there"), coerce=int)
    newcomer_name = StringField(N_("Somebody else: name"), [Length(max=200)], [trimmed])
    newcomer_title = StringField(N_("Somebody else: role"), [Length(max=200)], [trimmed])
    promise_by_us = StringField(N_("Promise to the partner"), [Length(max=500)], [trimmed])
    promise_by_us_on = DateField(N_("By when"), A_DAY)
    promise_by_partner = StringField(N_("Promise by the partner"), [Length(max=500)], [trimmed])
    promise_by_partner_on = DateField(N_("By when"), A_DAY)

    def __init__(self, *args, people=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.mode.choices = choices(MODES)
        self.outcomes.choices = choices(OUTCOME_KINDS)
        self.goal_met.choices = choices(GOAL_MET)
        self.contacts.choices = [(contact.id, contact.name) for contact in people]
        self.people = {contact.id: contact for contact in people}

    def validate_held_on(self, field):
        if field.data is None and not field.errors:
            raise ValidationError(_("Choose the day of the visit."))

    def validate_goal_met(self, field):
        if field.data not in (None, *GOAL_MET):
            raise ValidationError(_("Choose one of the answers."))

    def facts(self):
        """The columns that the form fills by their own names."""
        return {name: self[name].data for name in self.OF_THE_VISIT}

    def details(self):
        return Details(
            outcomes=tuple(self.outcomes.data or ()),
            contacts=tuple(self.people[number] for number in self.contacts.data or ()),
            newcomer=(self.newcomer_name.data, self.newcomer_title.data),
            promises=tuple(self.promises()),
        )

    def promises(self):
        for side, name in PROMISES.items():
            if self[name].data:
                yield Promise(side, self[name].data, self[f"{name}_on"].data)


class LogForm(HeldForm):
    """The visit as it is logged: nothing but the partner is required."""

    partner = SelectField(N_("Partner"), coerce=number_or_none, validate_choice=False)
    visit = HiddenField(filters=[number_or_none])
    sure = BooleanField(N_("Yes, save it all the same"))
    device_at = HiddenField()

    def validate_partner(self, field):
        if field.data is None:
            raise ValidationError(_("Choose the partner that you met."))

    def content(self):
        """The phone's clock is not part of what was said: pressing save twice is one visit."""
        return {name: value for name, value in super().content().items() if name != "device_at"}


class PlanForm(OnceForm):
    """The visit ahead. What it needs to be confirmed is asked for when it is confirmed."""

    partner = SelectField(N_("Partner"), coerce=number_or_none, validate_choice=False)
    planned_on = DateField(N_("Day"), [must_be_future_proof])
    start = TimeField(N_("Start"), [Optional()])
    mode = RadioField(N_("How"), default="on_site")
    visit_type = RadioField(N_("Kind of visit"), validate_choice=False, filters=[word_or_none])
    purpose = TextAreaField(N_("Purpose"), [Length(max=2000)], [trimmed])
    goal = TextAreaField(N_("Goal"), [Length(max=2000)], [trimmed])

    def __init__(self, *args, today=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.mode.choices = choices(MODES)
        self.visit_type.choices = choices(VISIT_TYPES)
        for block, _text, _minutes in self.agenda_rows():
            block.choices = choices(BLOCKS)

    def validate_partner(self, field):
        if field.data is None:
            raise ValidationError(_("Choose the partner that you want to visit."))

    def validate_planned_on(self, field):
        if field.errors:
            return
        if field.data is None:
            raise ValidationError(_("Choose the day of the visit."))
        if field.data < self.today:
            raise ValidationError(_("This day has passed. Choose today or later, or log the visit if it took place."))

    def validate_visit_type(self, field):
        if field.data not in (None, *VISIT_TYPES):
            raise ValidationError(_("Choose one of the kinds."))

    def agenda_rows(self):
        """The fields (block, text, minutes) of every row of the agenda."""
        return [[self[f"agenda_{row}_{part}"] for part in ("block", "text", "minutes")] for row in agenda_numbers()]

    def agenda(self):
        """The rows that say something."""
        rows = ([field.data for field in fields] for fields in self.agenda_rows())
        return [(block, text, minutes) for block, text, minutes in rows if text]

    def facts(self):
        names = ("planned_on", "mode", "visit_type", "purpose", "goal")
        return {name: self[name].data for name in names}


def agenda_numbers():
    return range(1, AGENDA_ROWS + 1)


# Plain fields and not nested forms, so that two people's agendas can be shown side by side field by field.
for _row in agenda_numbers():
    setattr(PlanForm, f"agenda_{_row}_block", SelectField(N_("Topic"), default="other"))
    setattr(PlanForm, f"agenda_{_row}_text", StringField(N_("Item"), [Length(max=500)], [trimmed]))
    setattr(PlanForm, f"agenda_{_row}_minutes", IntegerField(N_("Minutes"), A_LENGTH))


class NotHeldForm(OnceForm):
    """Why a planned visit did not take place, and where it moves to."""

    reason = RadioField(N_("What happened?"))
    note = TextAreaField(N_("A word about it"), [Length(max=1000)], [trimmed])
    to_on = DateField(N_("New day"), A_DAY)

    def __init__(self, *args, today=None, reasons=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.reason.choices = choices(dict(reasons))

    def validate_reason(self, field):
        if field.data == "rescheduled" and not any(self.to_on.raw_data or ()):
            raise ValidationError(_("Choose the new day below."))

    def validate_to_on(self, field):
        if field.data and field.data < self.today:
            raise ValidationError(_("This day has passed. Choose today or later."))

    def moves_to(self):
        return self.to_on.data if self.reason.data == "rescheduled" else None
