"""What is typed about classes, their cadences, and pauses of single partners."""

from wtforms import DateField, HiddenField, IntegerField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from portal.cadence.models import COUNTING
from portal.i18n import N_
from portal.web import Form, _, choices, must_be_future_proof, shown_version, trimmed

DAYS = [Optional(), NumberRange(1, 1000)]


class ClassForm(Form):
    version = HiddenField(filters=[shown_version])
    code = StringField(N_("Code"), [DataRequired(), Length(max=10)], [trimmed])
    name = StringField(N_("Name"), [Length(max=200)], [trimmed])
    rank = IntegerField(N_("Place in lists"), [InputRequired(), NumberRange(0, 100)])

    def __init__(self, *args, taken=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.taken = taken

    def validate_code(self, field):
        if field.data in self.taken:
            raise ValidationError(_("Another class has this code. Choose another one."))


class PolicyForm(Form):
    """What a class asks for from a day on. Zero visits a year: on demand."""

    from_on = DateField(N_("From"), [InputRequired(), must_be_future_proof])
    visits_per_year = IntegerField(N_("Visits a year"), [InputRequired(), NumberRange(0, 200)])
    ideal_days = IntegerField(N_("Ideal interval in days"), DAYS)
    max_days = IntegerField(N_("Longest interval in days"), DAYS)
    visit_minutes = IntegerField(N_("Minutes of a visit"), [InputRequired(), NumberRange(5, 1440)])
    on_site = SelectField(N_("A visit on site"), default="always")
    video = SelectField(N_("A video meeting"), default="after_two_on_site")
    phone = SelectField(N_("A phone call"), default="never")

    def __init__(self, *args, earliest_on=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.earliest_on = earliest_on
        for field in (self.on_site, self.video, self.phone):
            field.choices = choices(COUNTING)

    def validate_from_on(self, field):
        if field.data and self.earliest_on and field.data < self.earliest_on:
            raise ValidationError(_("Reports of past days stand on what held then. Choose today or a later day."))

    def validate_visits_per_year(self, field):
        if field.data and not (self.ideal_days.data and self.max_days.data):
            raise ValidationError(_("With visits a year, give both intervals; without, enter 0 for on demand."))

    def validate_max_days(self, field):
        if field.data and self.ideal_days.data and field.data < self.ideal_days.data:
            raise ValidationError(_("The longest interval cannot be shorter than the ideal one."))

    def facts(self):
        return {field.name: field.data for field in self if field.name not in ("csrf_token", "from_on")}


class PauseForm(Form):
    """Days without expected visits. It cannot begin in the past: figures of days gone by stay as they are."""

    from_on = DateField(N_("From"), [InputRequired(), must_be_future_proof])
    until_on = DateField(N_("First day on which visits are expected again"), [InputRequired(), must_be_future_proof])
    reason = StringField(N_("Reason"), [DataRequired(), Length(max=500)], [trimmed])

    def __init__(self, *args, today=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def validate_from_on(self, field):
        if field.data and field.data < self.today:
            raise ValidationError(_("A pause cannot begin in the past. Choose today or a later day."))

    def validate_until_on(self, field):
        if field.data and self.from_on.data and field.data <= self.from_on.data:
            raise ValidationError(_("The pause must end after it begins."))
