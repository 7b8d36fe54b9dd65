"""One partner at a glance: how it stands, who is there, the last and the next visit, what is still promised."""

from dataclasses import dataclass
from urllib.parse import quote

from peewee import JOIN

from portal.accounts.models import User
from portal.actions.models import Action
from portal.cadence.standing import Standing, standings
from portal.partners.directory import Holding, holdings
from portal.partners.models import Contact, Partner
from portal.visits.models import Visit

# Opens the map application on iOS and Android, a web page elsewhere, and needs no key.
MAP = "https://www.google.com/maps/search/?api=1&query="
MOST_PROMISES = 5


@dataclass(frozen=True)
class Overview:
    standing: Standing
    holding: Holding
    contacts: list
    last_visit: Visit | None
    next_visit: Visit | None
    promises: list


def overview(partner, today):
    """Everything that the first page of a partner shows, in nine queries."""
    visits = _last_and_next(partner, today)
    return Overview(
        standing=standings(Partner.select().where(Partner.id == partner.id), today)[partner.id],
        holding=holdings([partner.id], today)[partner.id],
        contacts=list(Contact.at(partner)),
        last_visit=next((visit for visit in visits if visit.state == "held"), None),
        next_visit=next((visit for visit in visits if visit.state != "held"), None),
        promises=list(open_promises(Action.partner == partner).limit(MOST_PROMISES)),
    )


def _last_and_next(partner, today):
    visits = Visit.select(Visit.id).where(Visit.partner == partner)
    last = visits.where(Visit.state == "held").order_by(Visit.held_on.desc(), Visit.id.desc()).limit(1)
    ahead = visits.where(Visit.is_ahead() & (Visit.planned_on >= today))
    nearest = ahead.order_by(Visit.planned_on, Visit.id).limit(1)
    # A subquery with a limit has to be a table of its own on both databases.
    wanted = [Visit.id.in_(Visit.select(query.c.id).from_(query)) for query in (last, nearest)]
    return list(Visit.select(Visit, User).join(User).where(wanted[0] | wanted[1]))


def open_promises(whose):
    """Open actions with their partner and who is to do them, the nearest first; those without a day last."""
    return (
        Action.select(Action, Partner, User, Contact)
        .join(Partner)
        .switch(Action)
        .join(User, JOIN.LEFT_OUTER)
        .switch(Action)
        .join(Contact, JOIN.LEFT_OUTER)
        .where((Action.state == "open") & whose)
        .order_by(Action.due_on.asc(nulls="last"), Action.id)
    )


def map_url(partner):
    """The address that opens this partner in the phone's map; None while nothing says where it is."""
    if partner.latitude is not None and partner.longitude is not None:
        return f"{MAP}{partner.latitude:.6f}%2C{partner.longitude:.6f}"
    if not (partner.city or partner.address):
        return None
    place = [partner.name, partner.address, f"{partner.postcode} {partner.city}", partner.state, partner.country]
    return MAP + quote(", ".join(part.strip() for part in place if part.strip()), safe="")
