"""What is typed about KPIs, their targets and a month's figures; figures are hundredths of the KPI's unit."""

import re
from decimal import Decimal

from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    IntegerField,
    MonthField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import TextInput

from portal import cell_values
from portal.db import fold
from portal.i18n import N_
from portal.kpis.models import DIRECTIONS, KINDS, SIDES, UNITS
from portal.kpis.targets import mistake
from portal.web import Form, _, choices, must_be_future_proof, shown_version, trimmed

TYPED_KINDS = {kind: label for kind, label in KINDS.items() if kind != "measured"}
NOT_IN_CODES = re.compile(r"[^a-z0-9]+")


def code_from(name, taken):
    """A code for a new KPI, made from its name and like none of those that are taken."""
    stem = NOT_IN_CODES.sub("_", fold(name)).strip("_")[:34] or "kpi"
    candidates = (stem, *(f"{stem}_{number}" for number in range(2, 1000)))
    return next(code for code in candidates if code not in taken)


class FigureField(Field):
    """A figure as people write it, with a point or a comma before its decimals; its data are hundredths."""

    widget = TextInput()

    def _value(self):
        if self.raw_data:
            return self.raw_data[0]
        return "" if self.data is None else f"{(Decimal(self.data) / 100).normalize():f}"

    def process_formdata(self, valuelist):
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text:
            try:
                self.data = self._hundredths(text)
            except cell_values.Unfit as unfit:
                raise ValueError(_(unfit.message.msgid, **unfit.message.params)) from unfit

    @staticmethod
    def _hundredths(text):
        sign = cell_values.decimal_vote(text)
        if sign == "?":
            raise cell_values.Unfit(
                N_("“%(cell)s” could mean two numbers. Write it without a mark between thousands."), cell=text[:40]
            )
        return cell_values.hundredths(text, sign or ".")


class KpiForm(Form):
    version = HiddenField(filters=[shown_version])
    name = StringField(N_("Name"), [DataRequired(), Length(max=200)], [trimmed])
    meaning = TextAreaField(N_("What it says, in one sentence"), [Length(max=500)], [trimmed])
    formula = TextAreaField(N_("How it is counted"), [Length(max=500)], [trimmed])
    side = SelectField(N_("Whose result it is"))
    unit = SelectField(N_("Unit"))
    kind = SelectField(N_("How months are added up"))
    direction = SelectField(N_("What is good"))
    category = StringField(N_("Group"), [Length(max=100)], [trimmed])
    weight = IntegerField(N_("Weight"), [InputRequired(), NumberRange(0, 100)])
    floor = FigureField(N_("Floor: the value that earns nothing"))
    cap_percent = IntegerField(N_("Points at most, in per cent"), [InputRequired(), NumberRange(100, 200)])
    gate = BooleanField(N_("Nothing here blocks a higher tier"))
    published = BooleanField(N_("The partner sees it on its page"))
    position = IntegerField(N_("Place in lists"), [InputRequired(), NumberRange(0, 1000)])

    def __init__(self, *args, kpi=None, has_figures=False, **kwargs):
        super().__init__(*args, obj=kpi, **kwargs)
        self.kpi, self.has_figures = kpi, has_figures
        self.side.choices, self.unit.choices = choices(SIDES), choices(UNITS)
        self.direction.choices = choices(DIRECTIONS)
        measured = kpi is not None and kpi.kind == "measured"
        self.kind.choices = choices({"measured": KINDS["measured"]} if measured else TYPED_KINDS)

    def validate_unit(self, field):
        self._stays("unit", field)

    def validate_kind(self, field):
        self._stays("kind", field)

    def _stays(self, name, field):
        if self.has_figures and field.data != getattr(self.kpi, name):
            raise ValidationError(_("Figures are stored in it already. Add another KPI instead."))

    def columns(self):
        left_out = ("csrf_token", "version")
        values = {name: value for name, value in self.data.items() if name not in left_out}
        return values | {"floor": values["floor"] or 0}


class TargetForm(Form):
    """A target of one KPI. The view says for whom it holds."""

    kpi = SelectField(N_("KPI"), [InputRequired()], coerce=int)
    scope = SelectField(N_("For whom"), [InputRequired()])
    from_on = DateField(N_("From"), [InputRequired(), must_be_future_proof])
    until_on = DateField(N_("First day that it no longer holds"), [InputRequired(), must_be_future_proof])
    target = FigureField(N_("Target"), [InputRequired()])
    target_high = FigureField(N_("Upper end, for a range"))
    floor = FigureField(N_("Floor, if another than the KPI's"))
    weight = IntegerField(N_("Weight, if another than the KPI's"), [Optional(), NumberRange(0, 100)])

    def __init__(self, kpis, scopes, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.kpis = {kpi.id: kpi for kpi in kpis}
        self.kpi.choices = {kpi.id: _(kpi.name) for kpi in kpis}
        self.scope.choices = scopes

    def validate_until_on(self, field):
        if field.data and self.from_on.data and field.data <= self.from_on.data:
            raise ValidationError(_("The end is not after the beginning."))

    def validate_target(self, field):
        kpi = self.kpis.get(self.kpi.data)
        if field.data is None or kpi is None:
            return
        floor = kpi.floor if self.floor.data is None else self.floor.data
        wrong = mistake(kpi.direction, field.data, floor, self.target_high.data)
        if wrong:
            raise ValidationError(_(wrong.msgid, **wrong.params))

    def columns(self):
        names = ("kpi", "from_on", "until_on", "target", "target_high", "floor", "weight")
        return {name: self[name].data for name in names}


class ActualForm(Form):
    """What was reached in a month: a value, or for a ratio its two parts."""

    kpi = SelectField(N_("KPI"), [InputRequired()], coerce=int)
    month_on = MonthField(N_("Month"), [InputRequired(), must_be_future_proof])
    value = FigureField(N_("Value"))
    numerator = FigureField(N_("Part, for a ratio"))
    denominator = FigureField(N_("Whole, for a ratio"))
    comment = TextAreaField(N_("Comment"), [Length(max=2000)], [trimmed])

    def __init__(self, kpis, today, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.kpis, self.today = {kpi.id: kpi for kpi in kpis}, today
        self.kpi.choices = {kpi.id: _(kpi.name) for kpi in kpis}

    def validate_month_on(self, field):
        if field.data and field.data > self.today:
            raise ValidationError(_("The month has not begun yet."))

    def validate_value(self, field):
        if self._is_ratio() is False and field.data is None and not field.errors:
            raise ValidationError(_("It is empty. Zero is a value: write 0 when you mean it."))

    def validate_denominator(self, field):
        if self._is_ratio() and (self.numerator.data is None or not field.data):
            raise ValidationError(_("A ratio needs its two parts, so that months can be added up."))

    def _is_ratio(self):
        kpi = self.kpis.get(self.kpi.data)
        return None if kpi is None else kpi.kind == "ratio"

    def columns(self):
        if self._is_ratio():
            return {"value": None, "numerator": self.numerator.data, "denominator": self.denominator.data}
        return {"value": self.value.data, "numerator": None, "denominator": None}
