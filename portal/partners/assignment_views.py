"""Pages about what is assigned to partners by date: class, tier, status, owner, region."""

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, url_for

from portal import web
from portal.accounts.models import Region
from portal.accounts.permissions import requires
from portal.i18n import N_
from portal.partners.forms import AssignmentForm
from portal.partners.handover import possible_owners
from portal.partners.models import (
    STATUSES,
    ClassAssignment,
    OwnerAssignment,
    Partner,
    PartnerClass,
    RegionAssignment,
    StatusAssignment,
    Tier,
    TierAssignment,
)
from portal.partners.views import editable
from portal.web import _

blueprint = Blueprint("assignments", __name__)


@dataclass(frozen=True)
class Assignable:
    """Something that holds for a partner from a day on. `rows` is what the user may choose; None for fixed words."""

    code: str
    label: str
    assignment: type
    rows: object
    may_be_empty: bool = True

    def choices(self, user):
        if self.rows is None:
            return web.choices(STATUSES)
        empty = {"": _("None")} if self.may_be_empty else {}
        return empty | {str(row.id): said(row) for row in self.rows(user)}

    def value(self, typed):
        """What the row's column takes: the id of a row, a word, or None."""
        return (int(typed) if self.rows else typed) if typed else None


def said(value):
    """What is assigned, in a word."""
    if isinstance(value, str):
        return _(STATUSES[value])
    return value.code if isinstance(value, PartnerClass) else value.name


ASSIGNABLES = {
    kind.code: kind
    for kind in (
        Assignable("owner", N_("Looked after by"), OwnerAssignment, possible_owners),
        Assignable(
            "class", N_("Class"), ClassAssignment, lambda user: PartnerClass.select().order_by(PartnerClass.rank)
        ),
        Assignable("tier", N_("Tier"), TierAssignment, lambda user: Tier.by_rank()),
        Assignable("status", N_("Status"), StatusAssignment, None, may_be_empty=False),
        Assignable("region", N_("Region"), RegionAssignment, lambda user: Region.select().order_by(Region.name)),
    )
}


@blueprint.get("/partners/<int:partner_id>/history/<kind>")
@requires("partner.read")
def history(partner_id, kind):
    assignable = ASSIGNABLES.get(kind) or abort(404)
    partner = web.row_or_404(Partner.visible_to(web.user(), web.today()), partner_id)
    return _page(partner, assignable, _form(assignable))


@blueprint.post("/partners/<int:partner_id>/history/<kind>")
@requires("partner.assign")
def assign(partner_id, kind):
    assignable = ASSIGNABLES.get(kind) or abort(404)
    partner = editable(partner_id, "partner.assign")
    form = _form(assignable)
    if not form.validate_on_submit():
        return _page(partner, assignable, form), 422
    value = assignable.value(form.value.data)
    assignable.assignment.assign(web.stamp(), partner, value, form.from_on.data, form.reason.data)
    web.note(_("Saved."))
    return redirect(url_for("assignments.history", partner_id=partner.id, kind=kind), 303)


def _form(assignable):
    form = AssignmentForm(from_on=web.today())
    form.value.choices = assignable.choices(web.user())
    return form


def _page(partner, assignable, form):
    rows = [(row, said(getattr(row, assignable.assignment.what))) for row in assignable.assignment.history(partner)]
    may_assign = web.user().may("partner.assign")
    return render_template(
        "partners/history.html", partner=partner, assignable=assignable, rows=rows, form=form, may_assign=may_assign
    )
