"""Lists of visits, the page of one, and which form changes it."""

from flask import abort, render_template, request

from portal import web
from portal.accounts.permissions import requires
from portal.actions.models import SIDES
from portal.i18n import N_
from portal.partners.models import Partner
from portal.visits.log_views import edit_held_page, own_visit, save_held
from portal.visits.models import (
    BLOCKS,
    GOAL_MET,
    MODES,
    NOT_HELD_REASONS,
    OUTCOME_KINDS,
    VISIT_TYPES,
    Outcome,
    Visit,
)
from portal.visits.plan_views import blueprint, edit_plan_page, save_replan
from portal.visits.windows import is_amendment, may_answer, refusals

__all__ = ["blueprint"]

# What a list shows: its name in the address, its label, the condition on that day.
SHOWN = {
    "": (N_("All"), lambda today: None),
    "ahead": (N_("Planned"), lambda today: Visit.is_ahead() & (Visit.planned_on >= today)),
    "unanswered": (N_("Needs a reason"), Visit.needs_reason_on),
    "held": (N_("Held"), lambda today: Visit.state == "held"),
    "not_held": (N_("Not held"), lambda today: Visit.state == "not_held"),
}


# What the stored words are called.
LABELS = {
    "mode_labels": MODES,
    "reason_labels": NOT_HELD_REASONS,
    "type_labels": VISIT_TYPES,
    "goal_labels": GOAL_MET,
    "outcome_labels": OUTCOME_KINDS,
    "block_labels": BLOCKS,
    "side_labels": SIDES,
}


@blueprint.context_processor
def labels():
    return LABELS


@blueprint.get("/visits")
@requires("visit.read")
def mine():
    """My visits; who reads a team's or all visits may ask for everybody's."""
    query = Visit.visible_to(web.user(), web.today())
    everybody = request.args.get("whose") == "all" or not web.user().may("visit.create")
    if not everybody:
        query = query.where(Visit.owner == web.user())
    return render_template("visits/mine.html", everybody=everybody, **_listing(query))


@blueprint.get("/partners/<int:partner_id>/visits")
@requires("visit.read")
def of_partner(partner_id):
    partner = web.row_or_404(Partner.visible_to(web.user(), web.today()), partner_id)
    query = Visit.visible_to(web.user(), web.today()).where(Visit.partner == partner)
    return render_template("visits/of_partner.html", partner=partner, **_listing(query))


def _listing(query):
    shown = request.args.get("show", "") if request.args.get("show", "") in SHOWN else ""
    condition = SHOWN[shown][1](web.today())
    listed = Visit.listed(query if condition is None else query.where(condition), web.today())
    labels = {word: label for word, (label, _condition) in SHOWN.items()}
    return {"page": web.page_of(listed.order_by(*Visit.latest_first())), "shown": shown, "labels": labels}


@blueprint.get("/visits/<int:visit_id>")
@requires("visit.read")
def visit(visit_id):
    listed = Visit.listed(Visit.visible_to(web.user(), web.today()), web.today())
    shown = web.row_or_404(listed, visit_id)
    return render_template("visits/visit.html", visit=shown, **_rights(shown), **_contents(shown))


def _rights(visit):
    user, today = web.user(), web.today()
    closed = list(refusals(visit, user, web.now(), today))
    return {
        "partner": Partner.visible_to(user, today).where(Partner.id == visit.partner_id).first(),
        "answerable": user.may("visit.create") and may_answer(visit, user, today),
        "editable": user.may("visit.edit") and visit.state == "held" and not closed,
        "closed": closed if visit.state == "held" and visit.owner_id == user.id else [],
        "amendment": visit.state == "held" and is_amendment(visit, user, web.now()),
        "missing": list(visit.missing_to_confirm()) if visit.state == "planned" else [],
    }


def _contents(visit):
    return {
        "agenda": list(visit.items()),
        "contacts": list(visit.contacts_met()),
        "outcomes": list(visit.outcomes.order_by(Outcome.id)),
        "actions": list(visit.actions()),
    }


@blueprint.get("/visits/<int:visit_id>/edit")
@requires("visit.edit")
def edit(visit_id):
    found = own_visit(visit_id)
    if found.ahead:
        return edit_plan_page(_replannable(found))
    return edit_held_page(found)


@blueprint.post("/visits/<int:visit_id>/edit")
@requires("visit.edit")
def save_edit(visit_id):
    found = own_visit(visit_id)
    if found.ahead:
        return save_replan(_replannable(found))
    return save_held(found)


def _replannable(visit):
    """A plan is changed by who logs visits there, and before its day has passed: then it must be answered."""
    if not may_answer(visit, web.user(), web.today()):
        abort(404)
    if visit.planned_on < web.today():
        abort(409, N_("The day of this visit has passed. Say what happened, and it can move to another day."))
    return visit
