"""Which partners the log form offers first: those with a visit planned around today, then the longest unvisited."""

from datetime import timedelta

from peewee import JOIN, fn

from portal.partners.directory import narrowed
from portal.partners.models import Partner
from portal.visits.models import Visit

MOST_OFFERED = 40
AROUND = timedelta(days=7)


def planned_around(partners, today):
    """Partners with a visit ahead whose day lies within a week of today, the earliest first."""
    first_on = fn.MIN(Visit.planned_on)
    near = Visit.is_ahead() & Visit.planned_on.between(today - AROUND, today + AROUND)
    query = partners.join(Visit, on=(Visit.partner == Partner.id)).where(near).group_by(Partner.id)
    return list(query.order_by(first_on, Partner.sort_name).limit(MOST_OFFERED))


def longest_unvisited(partners, but=()):
    """The others, who was never visited first, then by their last visit."""
    held = (Visit.partner == Partner.id) & (Visit.state == "held")
    last_on = fn.MAX(Visit.held_on)
    query = partners.where(Partner.id.not_in([one.id for one in but])) if but else partners
    query = query.join(Visit, JOIN.LEFT_OUTER, on=held).group_by(Partner.id)
    # Both databases agree on where nothing stands only when they are told.
    ordered = query.order_by(last_on.is_null().desc(), last_on, Partner.sort_name)
    return list(ordered.limit(MOST_OFFERED - len(but)))


def found(partners, words, today):
    """Those whose name, town or number holds every word."""
    return list(narrowed(partners, today, words).order_by(Partner.sort_name, Partner.id).limit(MOST_OFFERED))
