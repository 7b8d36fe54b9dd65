"""The list of partners with how each stands towards its cadence: in order, and a page of lines at a time."""

from dataclasses import dataclass

from portal.cadence.standing import Standing, standings
from portal.partners.directory import Holding, holdings, ordered
from portal.partners.models import Partner

# Orders that only the computed standing knows; a partner without the day comes last.
BY_STANDING = {"last": "last_on", "due": "due_on"}
SORTS = ("name", "city", "class", "owner", *BY_STANDING)


@dataclass(frozen=True)
class Line:
    partner: Partner
    holding: Holding
    standing: Standing


def in_order(partners, today, sort="name", status=""):
    """(ids in the order `sort`, of SORTS or with - before it; {id: Standing} if the order or `status` needed it)."""
    column = sort.removeprefix("-")
    plain = "name" if column in BY_STANDING else sort
    ids = [partner_id for (partner_id,) in ordered(partners.select(Partner.id), plain, today).tuples()]
    if not status and column not in BY_STANDING:
        return ids, {}
    stand = standings(partners, today)
    if status:
        ids = [partner_id for partner_id in ids if stand[partner_id].status == status]
    if column in BY_STANDING:
        ids = _by_day(ids, stand, BY_STANDING[column], sort.startswith("-"))
    return ids, stand


def _by_day(ids, stand, day, backwards):
    known = [partner_id for partner_id in ids if getattr(stand[partner_id], day)]
    unknown = [partner_id for partner_id in ids if not getattr(stand[partner_id], day)]
    known.sort(key=lambda partner_id: getattr(stand[partner_id], day), reverse=backwards)
    return known + unknown


def lines(ids, today, stand=None):
    """The partners of these ids, in that order, with what holds for them: a constant number of queries."""
    if not ids:
        return []
    these = Partner.select().where(Partner.id.in_(ids))
    rows = {partner.id: partner for partner in these}
    held, stand = holdings(ids, today), stand or standings(these, today)
    return [Line(rows[partner_id], held[partner_id], stand[partner_id]) for partner_id in ids if partner_id in rows]


def all_lines(ids, today, stand=None, at_once=500):
    """The lines of many partners, read bit by bit: an export of ten thousand needs little memory."""
    for start in range(0, len(ids), at_once):
        yield from lines(ids[start : start + at_once], today, stand)
