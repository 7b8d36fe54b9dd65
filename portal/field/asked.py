"""The list that an address asks for: its filter, its order, its page."""

from flask import request

from portal import web
from portal.field.forms import PartnerFilter
from portal.field.listing import SORTS, in_order, lines
from portal.partners.directory import narrowed


def asked(partners):
    """(the filter, the order, the ids in that order) among these partners, as the address asks for them."""
    form = PartnerFilter.asked(partners, request.args)
    sort = request.args.get("sort", "name")
    sort = sort if sort.removeprefix("-") in SORTS else "name"
    wanted = narrowed(partners, web.today(), **form.wishes())
    return form, sort, in_order(wanted, web.today(), sort, form.standing.data)


def page_of(ids, size):
    """The page of lines that `?page=` asks for."""
    last = max(1, -(-len(ids) // size))
    number = min(max(request.args.get("page", 1, type=int), 1), last)
    shown = ids[(number - 1) * size : number * size]
    return web.Page(lines(shown, web.today()), number, size, len(ids))
