"""The list of partners: found by words, narrowed by what holds for them, in an order; and what holds for each."""

from dataclasses import dataclass

from peewee import JOIN, Value, fn

from portal.accounts.models import Region, User
from portal.db import fold
from portal.partners.models import (
    ClassAssignment,
    OwnerAssignment,
    Partner,
    PartnerClass,
    RegionAssignment,
    StatusAssignment,
    Tier,
    TierAssignment,
)

ASSIGNED = {
    "partner_class": ClassAssignment,
    "tier": TierAssignment,
    "status": StatusAssignment,
    "owner": OwnerAssignment,
    "region": RegionAssignment,
}
NOBODY = "none"  # the wish for those without a class, an owner …
MOST_WORDS = 8
# SQLite refuses to look for longer texts, and no name is as long.
LONGEST_WORD = 200


@dataclass(frozen=True)
class Holding:
    """What holds for one partner on a day; None where nothing does."""

    partner_id: int
    class_code: str | None = None
    tier: str | None = None
    status: str | None = None
    owner_id: int | None = None
    owner: str | None = None
    region: str | None = None


def narrowed(partners, on, words="", country="", **wishes):
    """Those of the query that hold all words and every wish: an id, a status, or NOBODY, by a name of ASSIGNED."""
    for word in fold(words).split()[:MOST_WORDS]:
        partners = partners.where(Partner.search.contains(word[:LONGEST_WORD]))
    if country:
        partners = partners.where(Partner.country == country)
    for name, wish in wishes.items():
        if wish:
            partners = partners.where(_holds(ASSIGNED[name], wish, on))
    return partners


def _holds(assignment, wish, on):
    if wish == NOBODY:
        return Partner.id.not_in(assignment.as_of(on, assignment.partner))
    column = getattr(assignment, assignment.what)
    return Partner.id.in_(assignment.as_of(on, assignment.partner).where(column == wish))


def ordered(partners, sort, on):
    """In the order of `name`, `city`, `class` or `owner`; `-name` is the other way round. Those without come last."""
    column = sort.removeprefix("-")
    if column == "name":
        # No name is empty: plain, so that the index of names gives the order.
        name = Partner.sort_name.desc() if sort.startswith("-") else Partner.sort_name
        return partners.order_by(name, Partner.id)
    if column == "class":
        partners, by = _with(partners, ClassAssignment, PartnerClass, on), PartnerClass.rank
    elif column == "owner":
        partners, by = _with(partners, OwnerAssignment, User, on), User.name
    else:
        by = fn.NULLIF(fn.LOWER(Partner.city), "")
    direction = by.desc(nulls="last") if sort.startswith("-") else by.asc(nulls="last")
    return partners.order_by(direction, Partner.sort_name, Partner.id)


def holdings(partners, on):
    """{partner id: Holding} of the partners (a query of ids, or a list of them), in one query."""
    query = Partner.select(
        Partner.id,
        PartnerClass.code,
        Tier.name,
        StatusAssignment.status,
        User.id.alias("owner_id"),
        User.name.alias("owner"),
        Region.name.alias("region"),
    ).where(Partner.id.in_(partners))
    for assignment, table in (
        (ClassAssignment, PartnerClass),
        (TierAssignment, Tier),
        (StatusAssignment, None),
        (OwnerAssignment, User),
        (RegionAssignment, Region),
    ):
        query = _with(query, assignment, table, on)
    return {row[0]: Holding(*row) for row in query.tuples()}


def _with(query, assignment, table, on):
    """The query, joined to what is assigned on that day, if anything is."""
    holds = (assignment.partner == Partner.id) & (assignment.from_on <= on)
    holds &= assignment.until_on.is_null() | (assignment.until_on > on)
    query = query.switch(Partner).join(assignment, JOIN.LEFT_OUTER, on=holds)
    if table is None:
        return query
    return query.join(table, JOIN.LEFT_OUTER, on=(getattr(assignment, assignment.what) == table.id))


def options(partners):
    """{kind: [(value, label)]} of what the list can be narrowed to, in one query: classes, tiers, owners, regions,
    and the countries of these partners."""
    kinds = (
        _option("partner_class", PartnerClass.select(), PartnerClass.id.cast("text"), PartnerClass.code),
        _option("tier", Tier.select(), Tier.id.cast("text"), Tier.name),
        _option("owner", User.who_own_partners().order_by(), User.id.cast("text"), User.name),
        _option("region", Region.select(), Region.id.cast("text"), Region.name),
        _option("country", partners.where(Partner.country != "").distinct(), Partner.country, Partner.country),
    )
    first, *others = kinds
    for other in others:
        first = first.union_all(other)
    found = {"partner_class": [], "tier": [], "owner": [], "region": [], "country": []}
    for kind, value, label in sorted(first.tuples(), key=lambda row: fold(row[2])):
        found[kind].append((value, label))
    return found


def _option(kind, query, value, label):
    return query.select(Value(kind).alias("kind"), value.alias("value"), label.alias("label"))
