"""What is typed about partners, their people, and what is assigned to them."""

from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from portal.i18n import LANGUAGE_NAMES, N_
from portal.partners.models import SENIORITIES, TYPES
from portal.web import Form, _, choices, must_be_future_proof, must_be_mail_address, shown_version, trimmed

NAME = [DataRequired(), Length(max=200)]
SHORT = [Length(max=200)]


class NewPartner(Form):
    name = StringField(N_("Name"), NAME, [trimmed])
    city = StringField(N_("Town"), SHORT, [trimmed])
    despite_same_name = BooleanField(N_("It is another partner with the same name"))


class PartnerForm(Form):
    version = HiddenField(filters=[shown_version])
    name = StringField(N_("Name"), NAME, [trimmed])
    type = SelectField(N_("Type"))
    address = StringField(N_("Street address"), SHORT, [trimmed])
    postcode = StringField(N_("Postcode"), [Length(max=20)], [trimmed])
    city = StringField(N_("Town"), SHORT, [trimmed])
    state = StringField(N_("State or county"), SHORT, [trimmed])
    country = StringField(N_("Country"), SHORT, [trimmed])
    phone = TelField(N_("Phone"), [Length(max=60)], [trimmed])
    website = StringField(N_("Website"), SHORT, [trimmed])
    locale = RadioField(N_("Language of the partner"), choices=LANGUAGE_NAMES)
    org_no = StringField(N_("Organisation number"), [Length(max=60)], [trimmed])
    partner_since_on = DateField(N_("Partner since"), [Optional(), must_be_future_proof])
    profile = TextAreaField(N_("Profile"), [Length(max=20_000)])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.type.choices = choices(TYPES)


class NewContact(Form):
    name = StringField(N_("Name"), NAME, [trimmed])
    reach = StringField(N_("Phone or mail"), SHORT, [trimmed])

    def reached(self):
        """The second field is a mail address or a phone number, whichever it looks like."""
        return {"email" if "@" in self.reach.data else "phone": self.reach.data} if self.reach.data else {}

    def validate_reach(self, field):
        if field.data and "@" in field.data:
            must_be_mail_address(self, field)
        elif field.data and not any(letter.isdigit() for letter in field.data):
            raise ValidationError(_("Write a phone number or a mail address."))


class ContactForm(Form):
    version = HiddenField(filters=[shown_version])
    name = StringField(N_("Name"), NAME, [trimmed])
    title = StringField(N_("Title"), SHORT, [trimmed])
    function = StringField(N_("Works with"), SHORT, [trimmed])
    seniority = SelectField(N_("Level"))
    email = EmailField(N_("Mail"), [Length(max=200), must_be_mail_address], [trimmed])
    phone = TelField(N_("Phone"), [Length(max=60)], [trimmed])
    locale = SelectField(N_("Language"))
    # "False" is what the page about two versions sends back.
    key_contact = BooleanField(N_("Key contact"), false_values=(False, "", "False"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.seniority.choices = choices(SENIORITIES, N_("Not known"))
        self.locale.choices = {"": _("As the partner")} | LANGUAGE_NAMES

    def values(self):
        """The row's columns: nothing chosen is nothing known."""
        typed = self.content()
        return typed | {"seniority": typed["seniority"] or None, "locale": typed["locale"] or None}


class AssignmentForm(Form):
    """Another class, tier, status, owner or region from a day on."""

    value = SelectField(N_("From then on"))
    from_on = DateField(N_("From"), [InputRequired(), must_be_future_proof])
    reason = StringField(N_("Why"), [DataRequired(), Length(max=500)], [trimmed])


class TierForm(Form):
    version = HiddenField(filters=[shown_version])
    name = StringField(N_("Name"), [DataRequired(), Length(max=80)], [trimmed])
    rank = IntegerField(N_("Rank"), [InputRequired(), NumberRange(0, 1000)])
