"""The list that an address asks for: its filter, its order, its page."""

from dataclasses import dataclass

from flask import request

from portal import web
from portal.field.forms import PartnerFilter
from portal.field.listing import SORTS, all_lines, in_order, lines
from portal.partners.directory import narrowed


@dataclass(frozen=True)
class Asked:
    """`ids` are those found, in order; `standings` of them are known only if the order or the filter needed them."""

    form: PartnerFilter
    sort: str
    ids: list
    standings: dict

    def page(self, size):
        """The page of lines that `?page=` asks for."""
        number = web.page_number(len(self.ids), size)
        shown = self.ids[(number - 1) * size : number * size]
        return web.Page(lines(shown, web.today(), self.standings), number, size, len(self.ids))

    def lines(self):
        return all_lines(self.ids, web.today(), self.standings)


def asked(partners):
    """What the address asks for, among these partners."""
    form = PartnerFilter.asked(partners, request.args)
    sort = request.args.get("sort", "name")
    sort = sort if sort.removeprefix("-") in SORTS else "name"
    wanted = narrowed(partners, web.today(), **form.wishes())
    return Asked(form, sort, *in_order(wanted, web.today(), sort, form.standing.data))
