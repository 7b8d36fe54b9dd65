"""One box over partners, contacts and visits: only what the user may read, by folded words."""

from dataclasses import dataclass

from portal.accounts.permissions import ALL
from portal.db import fold
from portal.partners.directory import MOST_WORDS
from portal.partners.models import Contact, Partner
from portal.visits.models import Visit

MOST = 12
# Whoever reads a whole channel searches its newest visits, so that the box stays quick; a portfolio is searched whole.
NEWEST_VISITS = 20_000


@dataclass(frozen=True)
class Found:
    """At most MOST of each kind; `more` names the kinds of which there are more."""

    partners: list
    contacts: list
    visits: list

    @property
    def total(self):
        return len(self.partners) + len(self.contacts) + len(self.visits)


def search(user, text, today):
    """What holds every word of the text; nothing for an empty text."""
    words = fold(text).split()[:MOST_WORDS]
    if not words:
        return Found([], [], [])
    partners = Partner.visible_to(user, today)
    return Found(_partners(partners, words), _contacts(partners, words), _visits(user, words, today))


def _partners(partners, words):
    found = _holding(partners, Partner.search, words)
    return list(found.order_by(Partner.sort_name, Partner.id).limit(MOST))


def _contacts(partners, words):
    people = Contact.select(Contact, Partner).join(Partner).where(Contact.partner.in_(partners.select(Partner.id)))
    found = _holding(people, Contact.search, words)
    return list(found.order_by(Contact.left_on.is_null().desc(), Contact.name, Contact.id).limit(MOST))


def _holding(query, column, words):
    for word in words:
        query = query.where(column.contains(word))
    return query


def _visits(user, words, today):
    visits = Visit.visible_to(user, today)
    if user.relation("visit.read") == ALL:
        visits = visits.where(Visit.id > _newest_but())
    found = _holding(visits.where(Partner.archived_at.is_null()), Visit.search, words)
    return list(found.select(Visit, Partner).join(Partner).order_by(Visit.id.desc()).limit(MOST))


def _newest_but():
    """The id of the first visit that is too old to be searched by whoever reads all; 0 while there are few."""
    return Visit.select(Visit.id).order_by(Visit.id.desc()).offset(NEWEST_VISITS).limit(1).scalar() or 0
