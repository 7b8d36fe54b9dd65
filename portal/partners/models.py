"""Partners and contacts, with class, tier, status, owner and region as dated assignments."""

from peewee import (
    SQL,
    BooleanField,
    CharField,
    Check,
    DateField,
    DoubleField,
    ForeignKeyField,
    IntegerField,
    SmallIntegerField,
)

from portal.accounts.models import Leave, Region, User
from portal.accounts.permissions import ALL, PORTFOLIO, TEAM
from portal.db import CodeField, InternalJSON, InternalText, Table, UTCDateTimeField, fold
from portal.i18n import LANGUAGES, N_
from portal.records import Record, SearchedRecord

TYPES = {
    "reseller": N_("Reseller"),
    "distributor": N_("Distributor"),
    "si": N_("System integrator"),
    "msp": N_("Managed service provider"),
    "other": N_("Other"),
}
STATUSES = {
    "prospect": N_("Prospect"),
    "onboarding": N_("Onboarding"),
    "active": N_("Active"),
    "dormant": N_("Dormant"),
    "ended": N_("Ended"),
}
SENIORITIES = {
    "c_level": N_("Executive"),
    "vp": N_("Vice president"),
    "director": N_("Director"),
    "manager": N_("Manager"),
    "staff": N_("Staff"),
}


class PartnerClass(Record):
    """The vendor's internal band of effort (A to D); it drives how often a partner is visited. Never published."""

    code = CharField(max_length=10, unique=True)
    name = CharField(default="")
    rank = SmallIntegerField(default=0)

    @classmethod
    def by_rank(cls):
        return cls.select().order_by(cls.rank, cls.code)


class Tier(Record):
    """The programme level that the partner sees (Gold, Silver …)."""

    name = CharField(unique=True)
    rank = SmallIntegerField(default=0)
    external_id = CharField(null=True, unique=True)

    @classmethod
    def by_rank(cls):
        return cls.select().order_by(cls.rank, cls.name)


class Partner(SearchedRecord):
    SEARCHED = ("name", "city", "country", "external_id", "org_no")

    name = CharField(max_length=200)
    # Folded name, city, country, numbers: what the search looks in.
    search = CharField(max_length=1000, default="")
    sort_name = CharField(max_length=200, default="", index=True)
    external_id = CharField(null=True, unique=True)
    org_no = CharField(default="")
    type = CodeField(TYPES, default="reseller")
    business_type = CharField(default="")  # the vendor's own word, as imported
    address = CharField(default="")
    postcode = CharField(default="")
    city = CharField(default="")
    state = CharField(default="")
    country = CharField(default="")
    latitude = DoubleField(null=True)
    longitude = DoubleField(null=True)
    phone = CharField(default="")
    website = CharField(default="")
    locale = CodeField(LANGUAGES, default="en")
    partner_since_on = DateField(null=True)
    profile = InternalText(default="")
    archived_at = UTCDateTimeField(null=True)
    archived_by = IntegerField(null=True)
    merged_into = ForeignKeyField("self", null=True, backref="merged")

    @classmethod
    def add(cls, stamp, **fields):
        return super().add(stamp, **{**fields, "sort_name": fold(fields["name"])[:200]})

    def change(self, stamp, **fields):
        if "name" in fields:
            fields["sort_name"] = fold(fields["name"])[:200]
        return super().change(stamp, **fields)

    @classmethod
    def register(cls, stamp, name, on, owner=None, **fields):
        """A new, active partner; with an owner it belongs to that portfolio from `on`."""
        made = cls.add(stamp, name=name, **fields)
        StatusAssignment.assign(stamp, made, "active", on)
        if owner is not None:
            OwnerAssignment.assign(stamp, made, owner, on)
        return made

    def archive(self, stamp):
        return self.change(stamp, archived_at=stamp.at, archived_by=stamp.user_id, action="Partner.archive")

    def bring_back(self, stamp):
        return self.change(stamp, archived_at=None, archived_by=None, action="Partner.bring_back")

    @property
    def survivor(self):
        """The partner that this one was merged into, at the end of the chain; itself if it was not."""
        return self.merged_into.survivor if self.merged_into_id else self

    @classmethod
    def known_as(cls, external_id):
        """The partner with this number in the other system, also after a merge; None if there is none."""
        row = cls.get_or_none(cls.external_id == external_id)
        return row and row.survivor

    @classmethod
    def allowed(cls, user, action, on):
        """The partners on which this user may do this, on that day: the query that every view starts from.

        No relation, no team, no portfolio: nothing (spec/7-bar.md AZ-5)."""
        relation = user.relation(action)
        if relation == ALL:
            return cls.select()
        if relation == TEAM:
            owners = User.team_of(user)
        elif relation == PORTFOLIO:
            owners = User.select(User.id).where(User.id == user.id)
        else:
            return cls.select().where(SQL("1 = 0"))
        owned = OwnerAssignment.as_of(on, OwnerAssignment.partner).where(
            OwnerAssignment.user.in_(owners) | OwnerAssignment.user.in_(Leave.substituted_by(user, on))
        )
        lent = PartnerAccess.partners_of(user, on)
        return cls.select().where(cls.id.in_(owned) | cls.id.in_(lent))

    @classmethod
    def visible_to(cls, user, on):
        return cls.allowed(user, "partner.read", on).where(cls.archived_at.is_null())

    @staticmethod
    def search_columns(name, *others):
        """The derived columns that bulk work stores with a name."""
        return {
            "search": fold(" ".join([name, *filter(None, others)]))[:1000],
            "sort_name": fold(name)[:200],
        }


class Assignment(Record):
    """What holds for a partner from a day on, by whom and why. `until_on` is the first day it no longer holds."""

    partner = ForeignKeyField(Partner, on_delete="CASCADE")
    from_on = DateField()
    until_on = DateField(null=True)
    reason = InternalText(default="")

    what: str  # the name of the column that says what is assigned

    @classmethod
    def as_of(cls, day, *columns):
        return cls.select(*columns).where((cls.from_on <= day) & (cls.until_on.is_null() | (cls.until_on > day)))

    @classmethod
    def current(cls, partner, day):
        """The row that holds for this partner on that day, or None."""
        return cls.as_of(day).where(cls.partner == partner).first()

    @classmethod
    def history(cls, partner):
        return cls.select().where(cls.partner == partner).order_by(cls.from_on.desc(), cls.id.desc())

    @classmethod
    def assign(cls, stamp, partner, value, from_on, reason=""):
        """Makes `value` hold from that day on; ends what held, and drops what was to hold later.

        The same value again changes nothing. None ends what held. Returns the row that holds, or None."""
        held = cls.current(partner, from_on)
        if held and _same(getattr(held, cls.what), value):
            return held
        for later in cls.select().where((cls.partner == partner) & (cls.from_on >= from_on)):
            later.remove(stamp)
        if held and held.from_on < from_on:
            held.change(stamp, until_on=from_on)
        if value is None:
            return None
        return cls.add(stamp, partner=partner, from_on=from_on, reason=reason, **{cls.what: value})


def _same(held, value):
    return getattr(held, "id", held) == getattr(value, "id", value)


_OPEN_RANGE = Check("until_on IS NULL OR until_on > from_on")


class ClassAssignment(Assignment):
    what = "partner_class"
    partner_class = ForeignKeyField(PartnerClass)

    class Meta:
        constraints = [_OPEN_RANGE]
        indexes = ((("partner", "from_on"), True),)


class TierAssignment(Assignment):
    what = "tier"
    tier = ForeignKeyField(Tier)

    class Meta:
        constraints = [_OPEN_RANGE]
        indexes = ((("partner", "from_on"), True),)


class StatusAssignment(Assignment):
    what = "status"
    status = CodeField(STATUSES)

    class Meta:
        constraints = [_OPEN_RANGE]
        indexes = ((("partner", "from_on"), True),)


class OwnerAssignment(Assignment):
    what = "user"
    user = ForeignKeyField(User, backref="portfolio")

    class Meta:
        constraints = [_OPEN_RANGE]
        indexes = ((("partner", "from_on"), True), (("user", "until_on"), False))


class RegionAssignment(Assignment):
    what = "region"
    region = ForeignKeyField(Region)

    class Meta:
        constraints = [_OPEN_RANGE]
        indexes = ((("partner", "from_on"), True),)


class PartnerAccess(Record):
    """Access to one partner beside the portfolio: shared with a colleague, or lent for a while."""

    user = ForeignKeyField(User, backref="accesses")
    partner = ForeignKeyField(Partner, backref="accesses", on_delete="CASCADE")
    kind = CodeField(("substitute", "shared"), default="shared")
    from_on = DateField()
    until_on = DateField(null=True)

    @classmethod
    def partners_of(cls, user, on):
        return cls.select(cls.partner).where(
            (cls.user == user) & (cls.from_on <= on) & (cls.until_on.is_null() | (cls.until_on > on))
        )


class Handover(Record):
    """Many partners that were given to one owner at once; can be undone while nobody assigned them anew."""

    user = ForeignKeyField(User, null=True, backref="handovers")
    from_on = DateField()
    reason = InternalText(default="")
    # What went along, with whose it was: [[row, user]] by kind (field/following.py).
    followed = InternalJSON(default=dict)
    undone_at = UTCDateTimeField(null=True)


class HandoverPartner(Table):
    """One partner of a handover, with the owners that it replaced: lists of user, first day, end, reason."""

    handover = ForeignKeyField(Handover, backref="partners", on_delete="CASCADE")
    partner = ForeignKeyField(Partner, on_delete="CASCADE")
    before = InternalJSON(default=list)

    class Meta:
        indexes = ((("handover", "partner"), True),)


class Contact(SearchedRecord):
    """A person at a partner. A contact that left stays, for the visits that name it."""

    SEARCHED = ("name", "title", "email", "phone")

    partner = ForeignKeyField(Partner, backref="contacts", on_delete="CASCADE")
    name = CharField(max_length=200)
    search = CharField(max_length=600, default="")
    external_id = CharField(null=True, unique=True)
    title = CharField(default="")
    function = CharField(default="")
    seniority = CodeField(SENIORITIES, null=True)
    email = CharField(default="", index=True)
    phone = CharField(default="")
    locale = CodeField(LANGUAGES, null=True)
    key_contact = BooleanField(default=False)
    left_on = DateField(null=True)

    @classmethod
    def allowed(cls, user, action, on):
        """The contacts of living partners on which this user may do this, on that day."""
        partners = Partner.allowed(user, action, on).where(Partner.archived_at.is_null())
        return cls.select().where(cls.partner.in_(partners.select(Partner.id)))

    @classmethod
    def at(cls, partner):
        """Those who are there now, the important ones first."""
        return (
            cls.select()
            .where((cls.partner == partner) & cls.left_on.is_null())
            .order_by(cls.key_contact.desc(), cls.name)
        )
