"""KPIs, their targets and monthly actuals. Every figure is an integer of hundredths of the KPI's unit."""

from datetime import timedelta

from peewee import BooleanField, CharField, Check, DateField, ForeignKeyField, IntegerField, SmallIntegerField

from portal.accounts.models import User
from portal.db import CodeField, Hundredths, InternalText, PublishedText
from portal.fiscal import add_months
from portal.i18n import N_
from portal.imports.models import ImportBatch
from portal.partners.models import Partner, PartnerClass
from portal.records import Record

UNITS = {
    "money": N_("Money"),
    "percent": N_("Per cent"),
    "count": N_("Count"),
    "days": N_("Days"),
    "rating": N_("Rating"),
    "number": N_("Decimal number"),
}
DIRECTIONS = {"higher": N_("Higher is better"), "lower": N_("Lower is better"), "range": N_("Inside a range")}
KINDS = {
    "flow": N_("Flow: months are summed"),
    "level": N_("Level: the last month counts"),
    "ratio": N_("Ratio: sum of parts over sum of wholes"),
    "measured": N_("Measured by the portal"),
}
SIDES = {"partner": N_("Partner"), "vendor": N_("Us"), "joint": N_("Both")}


class Kpi(Record):
    """One line of the library. Names of the built-in ones are translated, own ones are shown as typed."""

    code = CharField(max_length=40, unique=True)
    name = PublishedText()
    meaning = PublishedText(default="")
    formula = PublishedText(default="")
    unit = CodeField(UNITS)
    direction = CodeField(DIRECTIONS, default="higher")
    kind = CodeField(KINDS, default="flow")
    side = CodeField(SIDES, default="partner")
    category = CharField(default="")
    source = InternalText(default="")
    position = SmallIntegerField(default=0)
    # Defaults for a target that does not say otherwise (spec/4-formulas.md 6.2).
    weight = SmallIntegerField(default=10)
    floor = Hundredths(default=0)
    cap_percent = SmallIntegerField(default=100)
    gate = BooleanField(default=False)
    published = BooleanField(default=True)
    retired_at = DateField(null=True)

    @classmethod
    def in_order(cls):
        return cls.select().order_by(cls.position, cls.id)

    @classmethod
    def living(cls):
        """Those that are still measured."""
        return cls.in_order().where(cls.retired_at.is_null())

    def has_figures(self):
        """Are figures stored that another unit or kind would give another meaning?"""
        return self.actuals.exists() or self.targets.exists()


class KpiTarget(Record):
    """A target of one partner, one class or one user for a range of days (closed start, open end)."""

    kpi = ForeignKeyField(Kpi, backref="targets")
    partner = ForeignKeyField(Partner, null=True, backref="targets", on_delete="CASCADE")
    partner_class = ForeignKeyField(PartnerClass, null=True)
    user = ForeignKeyField(User, null=True)
    from_on = DateField()
    until_on = DateField()
    target = Hundredths()
    target_high = Hundredths(null=True)  # upper end, for direction `range`
    floor = Hundredths(null=True)  # None: the KPI's own; for `range` the tolerance
    weight = SmallIntegerField(null=True)
    made_up = BooleanField(default=False)  # a demo's: labelled wherever it is shown
    external_id = CharField(null=True, unique=True)

    class Meta:
        constraints = [
            Check("until_on > from_on"),
            Check(
                "(CASE WHEN partner_id IS NULL THEN 0 ELSE 1 END)"
                " + (CASE WHEN partner_class_id IS NULL THEN 0 ELSE 1 END)"
                " + (CASE WHEN user_id IS NULL THEN 0 ELSE 1 END) = 1"
            ),
        ]
        indexes = (
            (("kpi", "partner", "from_on"), False),
            (("kpi", "partner_class", "from_on"), False),
            (("kpi", "user", "from_on"), False),
        )

    @property
    def last_on(self):
        """The last day that it holds for."""
        return self.until_on - timedelta(days=1)


class KpiActual(Record):
    """What was reached in one month. A ratio keeps its parts; everything else its value."""

    kpi = ForeignKeyField(Kpi, backref="actuals")
    partner = ForeignKeyField(Partner, backref="actuals", on_delete="CASCADE")
    month_on = DateField()  # the first day of the month
    value = Hundredths(null=True)
    numerator = Hundredths(null=True)
    denominator = Hundredths(null=True)
    as_of_on = DateField()  # the last day that the figure covers
    source = CodeField(("import", "orders", "typed"), default="typed")
    batch = ForeignKeyField(ImportBatch, null=True, on_delete="SET NULL")
    comment = InternalText(default="")

    class Meta:
        indexes = ((("kpi", "partner", "month_on"), True), (("partner", "month_on"), False))

    @classmethod
    def of_month(cls, kpi, partner, month_on):
        return cls.get_or_none((cls.kpi == kpi) & (cls.partner == partner) & (cls.month_on == month_on))

    @classmethod
    def type_in(cls, stamp, kpi, partner, month_on, today, comment="", **figures):
        """Stores what somebody typed for a month; from now on no import owns the row."""
        last_day = add_months(month_on, 1) - timedelta(days=1)
        given = {"as_of_on": min(last_day, today), "source": "typed", "batch": None, "comment": comment, **figures}
        held = cls.of_month(kpi, partner, month_on)
        if held is None:
            return cls.add(stamp, kpi=kpi, partner=partner, month_on=month_on, **given)
        return held.change(stamp, **given)


class OrderLine(Record):
    """One product on one order, as the sales system exports it: the source of revenue and margin."""

    order_no = CharField(max_length=60)
    product_key = CharField(max_length=60)
    partner = ForeignKeyField(Partner, backref="order_lines")
    salesperson = ForeignKeyField(User, null=True, backref="order_lines")
    ordered_on = DateField()
    quantity = IntegerField(default=1)
    sales = Hundredths()
    cost = Hundredths(default=0)
    batch = ForeignKeyField(ImportBatch, null=True, backref="order_lines", on_delete="SET NULL")
    line = IntegerField(null=True)  # the line of the imported file

    class Meta:
        indexes = ((("order_no", "product_key"), True), (("partner", "ordered_on"), False))
