"""What is typed to sign in, about users, teams and the workspace."""

from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    HiddenField,
    PasswordField,
    SearchField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    ValidationError,
)
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.accounts import passwords
from portal.accounts.models import User, normal_email
from portal.accounts.permissions import ROLE_LABELS
from portal.cell_values import LONGEST_ADDRESS
from portal.i18n import LANGUAGE_NAMES, N_, translations
from portal.web import Form, _, choices, language, must_be_future_proof, must_be_mail_address, shown_version

NAME = [DataRequired(), Length(max=200)]
CURRENCIES = (
    *("EUR", "SEK", "NOK", "DKK", "ISK", "GBP", "CHF", "PLN", "CZK", "HUF", "RON", "BGN", "TRY", "UAH", "USD", "CAD"),
    *("MXN", "BRL", "AUD", "NZD", "JPY", "CNY", "HKD", "SGD", "KRW", "INR", "AED", "SAR", "ILS", "ZAR"),
)
ROOT_ZONES = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
STATES = {
    "active": N_("Active"),
    "invited": N_("Invited"),
    "new": N_("Not invited yet"),
    "gone": N_("Deactivated"),
}


def one_line(text):
    """A form's filter: a name that was copied from somewhere, without its breaks and double blanks."""
    return " ".join(text.split()) if text else ""


@lru_cache
def timezones():
    """The zones that are named after a place."""
    return tuple(sorted(zone for zone in available_timezones() if zone.split("/")[0] in ROOT_ZONES))


def months():
    """Choices of the twelve months in the reader's language."""
    names = Locale(language()).months["stand-alone"]["wide"]
    return [(number, names[number]) for number in range(1, 13)]


class ManyChecks(SelectMultipleField):
    """Several of few: a list of boxes that works by touch."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


# --- getting in ---------------------------------------------------------------------------------------------------


class SignInForm(Form):
    email = EmailField(N_("Mail address"), [InputRequired(), Length(max=LONGEST_ADDRESS)], [one_line])
    password = PasswordField(N_("Password"), [InputRequired()])
    stays = BooleanField(N_("Stay signed in on this device"))


class AddressForm(Form):
    email = EmailField(
        N_("Mail address"), [DataRequired(), Length(max=LONGEST_ADDRESS), must_be_mail_address], [one_line]
    )


class NewPasswordForm(Form):
    """A new password, typed twice; `known_about` says what it may not contain."""

    password = PasswordField(N_("New password"), [InputRequired()])
    again = PasswordField(
        N_("The same again"), [InputRequired(), EqualTo("password", N_("The two differ. Type the same twice."))]
    )

    def __init__(self, *args, known_about, **kwargs):
        super().__init__(*args, **kwargs)
        self.known_about = known_about

    def validate_password(self, field):
        _refuse_weak(field.data, **self.known_about)


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(N_("Current password"), [InputRequired()])


def _refuse_weak(password, **known):
    found = passwords.problems(password, **known)
    if found:
        said = translations(language())
        raise ValidationError(" ".join(problem.said(said) for problem in found))


def known_about(user, workspace):
    """What a new password of this user may not contain."""
    return {"name": user.name, "email": user.email, "company": workspace.name}


# --- the workspace ------------------------------------------------------------------------------------------------


class WorkspaceForm(Form):
    version = HiddenField(filters=[shown_version])
    name = StringField(N_("Company"), NAME, [one_line])
    fiscal_year_first_month = SelectField(N_("The fiscal year starts in"), coerce=int)
    currency = SelectField(N_("Currency"), choices={code: code for code in CURRENCIES})
    timezone = SelectField(N_("Time zone"))
    language = SelectField(N_("Language"), choices=LANGUAGE_NAMES)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fiscal_year_first_month.choices = months()
        self.timezone.choices = [(zone, zone.replace("_", " ")) for zone in timezones()]

    def columns(self):
        names = ("name", "fiscal_year_first_month", "currency", "timezone", "language")
        return {name: self[name].data for name in names}


class SetUpForm(WorkspaceForm):
    """The workspace and its first administrator."""

    administrator = StringField(N_("Your name"), NAME, [one_line])
    email = EmailField(N_("Your mail address"), [DataRequired(), must_be_mail_address], [one_line])
    password = PasswordField(N_("Password"), [InputRequired()])
    again = PasswordField(
        N_("The same again"), [InputRequired(), EqualTo("password", N_("The two differ. Type the same twice."))]
    )

    def validate_password(self, field):
        known = {"name": self.administrator.data, "email": self.email.data, "company": self.name.data}
        _refuse_weak(field.data, **{name: value or "" for name, value in known.items()})


# --- users --------------------------------------------------------------------------------------------------------


class ProfileForm(Form):
    version = HiddenField(filters=[shown_version])
    name = StringField(N_("Name"), NAME, [one_line])
    phone = TelField(N_("Phone"), [Length(max=60)], [one_line])
    locale = SelectField(N_("Language"), choices=LANGUAGE_NAMES)
    timezone = SelectField(N_("Time zone"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.timezone.choices = [(zone, zone.replace("_", " ")) for zone in timezones()]

    def columns(self):
        return {name: self[name].data for name in ("name", "phone", "locale", "timezone")}


class UserForm(ProfileForm):
    """What an administrator says about a user. Nobody's password is among it."""

    email = EmailField(N_("Mail address"), [DataRequired(), must_be_mail_address], [one_line])
    title = StringField(N_("Title"), [Length(max=200)], [one_line])
    role = SelectField(N_("Role"))
    team = SelectField(N_("Team"), coerce=int)
    regions = ManyChecks(N_("Regions"), coerce=int)

    def __init__(self, *args, teams, regions, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.role.choices = choices(ROLE_LABELS)
        self.team.choices = [(0, _("No team")), *((team.id, team.name) for team in teams)]
        self.regions.choices = [(region.id, region.name) for region in regions]

    def validate_email(self, field):
        holder = User.by_email(field.data)
        if holder and (self.user is None or holder.id != self.user.id):
            raise ValidationError(_("%(name)s has this address already.", name=holder.name))

    def columns(self):
        return {
            **super().columns(),
            "email": normal_email(self.email.data),
            "title": self.title.data,
            "role": self.role.data,
            "team": self.team.data or None,
        }


class UserFilter(Form):
    class Meta(Form.Meta):
        csrf = False

    words = SearchField(N_("Name or mail address"))
    role = SelectField(N_("Role"))
    team = SelectField(N_("Team"))
    state = SelectField(N_("State"))

    @classmethod
    def asked(cls, query, teams):
        form = cls(query)
        form.role.choices = choices(ROLE_LABELS, N_("All"))
        form.state.choices = choices(STATES, N_("All"))
        form.team.choices = [("", _("All")), *((str(team.id), team.name) for team in teams)]
        for field in (form.role, form.team, form.state):
            if field.data not in dict(field.choices):
                field.data = ""
        return form


class TeamForm(Form):
    version = HiddenField(filters=[shown_version])
    name = StringField(N_("Name"), NAME, [one_line])
    manager_id = SelectField(N_("Manager"), coerce=int)

    def __init__(self, *args, managers, **kwargs):
        super().__init__(*args, **kwargs)
        self.manager_id.choices = [(0, _("Nobody yet")), *((user.id, user.name) for user in managers)]


class RegionForm(Form):
    version = HiddenField(filters=[shown_version])
    name = StringField(N_("Name"), NAME, [one_line])
    country = StringField(N_("Country"), [Length(max=60)], [one_line])
    parent = SelectField(N_("Part of"), coerce=int)

    def __init__(self, *args, regions, **kwargs):
        super().__init__(*args, **kwargs)
        self.parent.choices = [(0, _("No other region")), *((region.id, region.name) for region in regions)]


class LeaveForm(Form):
    user = SelectField(N_("Who is away"), [DataRequired()], coerce=int)
    substitute = SelectField(N_("Who stands in"), [DataRequired()], coerce=int)
    from_on = DateField(N_("First day away"), [InputRequired(), must_be_future_proof])
    until_on = DateField(N_("First day back"), [InputRequired(), must_be_future_proof])

    def __init__(self, *args, people, substitutes, **kwargs):
        super().__init__(*args, **kwargs)
        first = (0, _("Choose …"))
        self.user.choices = [first, *((user.id, user.name) for user in people)]
        self.substitute.choices = [first, *((user.id, user.name) for user in substitutes)]

    def validate_until_on(self, field):
        if self.from_on.data and field.data and field.data <= self.from_on.data:
            raise ValidationError(_("The first day back comes after the first day away."))

    def validate_substitute(self, field):
        if field.data == self.user.data:
            raise ValidationError(_("Choose somebody else to stand in."))
