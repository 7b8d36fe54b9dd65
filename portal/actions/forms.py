"""What is typed about actions: the internal text and the promise that the partner reads are two fields."""

import uuid

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, Optional

from portal.actions.models import SIDES
from portal.i18n import N_
from portal.web import Form, _, choices, must_be_future_proof, number_or_none, trimmed


class ActionForm(Form):
    """One action. Who is accountable is a colleague for our side and a contact for the partner's."""

    client_uid = HiddenField(validators=[Length(max=36)])
    version = HiddenField(filters=[number_or_none])
    side = RadioField(N_("Who promises?"), default="vendor")
    shared_text = StringField(N_("Promise"), [Length(max=500)], [trimmed])
    text = TextAreaField(N_("Internal note"), [Length(max=4000)], [trimmed])
    due_on = DateField(N_("By when"), [Optional(), must_be_future_proof])
    user = SelectField(N_("Accountable at our side"), coerce=number_or_none)
    contact = SelectField(N_("Accountable at the partner"), coerce=number_or_none)
    other_side_agreed = BooleanField(N_("The other side agreed to the new date"))

    def __init__(self, *args, colleagues=(), people=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.side.choices = choices(SIDES)
        self.user.choices = [(one.id, one.name) for one in colleagues]
        self.contact.choices = [("", _("Nobody in particular")), *((one.id, one.name) for one in people)]
        self.colleagues = {one.id: one for one in colleagues}
        self.people = {one.id: one for one in people}

    def pre_named(self):
        self.client_uid.data = self.client_uid.data or str(uuid.uuid4())
        return self

    def validate_shared_text(self, field):
        if not field.data and not self.text.data:
            raise ValidationError(_("Write what is promised, or an internal note for an action of our own."))

    def facts(self):
        """The columns of the action; the person of the other side is empty."""
        ours = self.side.data == "vendor"
        return {
            "side": self.side.data,
            "user": self.colleagues.get(self.user.data) if ours else None,
            "contact": None if ours else self.people.get(self.contact.data),
            "text": self.text.data,
            "shared_text": self.shared_text.data,
            "due_on": self.due_on.data,
        }


class CancelForm(Form):
    reason = StringField(N_("Why is it cancelled?"), [Length(max=500)], [trimmed])

    def validate_reason(self, field):
        if not field.data:
            raise ValidationError(_("Say why, in a few words: the next one at this partner will ask."))
