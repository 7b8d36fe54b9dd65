"""The cadence of each class, with effective dates, and pauses of single partners."""

from peewee import Check, DateField, ForeignKeyField, SmallIntegerField

from portal.db import CodeField, InternalText
from portal.i18n import N_
from portal.partners.models import Partner, PartnerClass
from portal.records import Record

COUNTING = {
    "always": N_("Counts"),
    "after_two_on_site": N_("Counts after two visits on site"),
    "never": N_("Does not count"),
}


class CadencePolicy(Record):
    """What one class asks for from a day on. `visits_per_year` 0: on demand, outside coverage."""

    partner_class = ForeignKeyField(PartnerClass, backref="policies")
    from_on = DateField()
    ideal_days = SmallIntegerField(null=True)
    max_days = SmallIntegerField(null=True)
    visits_per_year = SmallIntegerField(default=0)
    visit_minutes = SmallIntegerField(default=90)
    on_site = CodeField(COUNTING, default="always")
    video = CodeField(COUNTING, default="after_two_on_site")
    phone = CodeField(COUNTING, default="never")

    class Meta:
        indexes = ((("partner_class", "from_on"), True),)

    @classmethod
    def set(cls, stamp, partner_class, from_on, **fields):
        """What the class asks for from that day on; the same day again corrects it."""
        held = cls.get_or_none((cls.partner_class == partner_class) & (cls.from_on == from_on))
        if held:
            return held.change(stamp, **fields)
        return cls.add(stamp, partner_class=partner_class, from_on=from_on, **fields)

    @classmethod
    def history(cls, partner_class):
        return cls.select().where(cls.partner_class == partner_class).order_by(cls.from_on.desc())

    @property
    def expects_visits(self):
        """On demand means: no visit is planned ahead, and no interval can be missed."""
        return bool(self.visits_per_year and self.ideal_days and self.max_days)


class CoverageException(Record):
    """A pause: the partner is not expected to be visited from a day up to, not including, another."""

    partner = ForeignKeyField(Partner, backref="pauses", on_delete="CASCADE")
    from_on = DateField()
    until_on = DateField()
    reason = InternalText(default="")

    class Meta:
        constraints = [Check("until_on > from_on")]
        indexes = ((("partner", "from_on"), False),)

    @classmethod
    def on(cls, day, *columns):
        """The pauses that hold on that day."""
        return cls.select(*columns).where((cls.from_on <= day) & (cls.until_on > day))

    @classmethod
    def overlapping(cls, partner, from_on, until_on):
        return cls.select().where((cls.partner == partner) & (cls.from_on < until_on) & (cls.until_on > from_on))

    @classmethod
    def of(cls, partner):
        return cls.select().where(cls.partner == partner).order_by(cls.from_on.desc(), cls.id.desc())

    def end(self, stamp, on):
        """Visits are expected again from that day; a pause that has not begun is taken back."""
        if on <= self.from_on:
            return self.remove(stamp)
        return self.change(stamp, until_on=min(on, self.until_on), action="CoverageException.end")
