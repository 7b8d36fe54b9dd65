"""Planning a visit, changing the plan, confirming it, and saying why it did not take place."""

from types import SimpleNamespace

from flask import abort, jsonify, redirect, render_template, request, url_for

from portal import web
from portal.accounts.permissions import requires
from portal.i18n import N_
from portal.partners.models import Partner
from portal.records import Stale
from portal.visits.clock import clock_of, moment_of
from portal.visits.forms import NotHeldForm, PlanForm
from portal.visits.log_views import blueprint, offer_partners, own_visit
from portal.visits.models import NOT_HELD_REASONS, Visit

REASONS = {reason: label for reason, label in NOT_HELD_REASONS.items() if reason != "mistake"}
COMPARED = {
    "planned_on": N_("Day"),
    "mode": N_("How"),
    "visit_type": N_("Kind of visit"),
    "purpose": N_("Purpose"),
    "goal": N_("Goal"),
}


@blueprint.get("/visits/plan")
@requires("visit.create")
def plan():
    partner = _chosen(request.args.get("partner", type=int))
    form = PlanForm(today=web.today(), data={"partner": partner and partner.id})
    return _plan_page(form.name_it(), partner)


@blueprint.post("/visits/plan")
@requires("visit.create")
def save_plan():
    partner = _chosen(request.form.get("partner", type=int))
    form = PlanForm(today=web.today())
    if not form.validate():
        return _refused(form, partner)
    content = form.content()
    try:
        visit_id, is_new = web.once(form.client_uid.data, content, lambda: _store_plan(form, partner))
    except web.OtherContent as known:
        return _conflict(form, own_visit(known.submission.result_id))
    return _saved(visit_id, is_new, form, content, web._("The visit is planned."))


def _store_plan(form, partner):
    return Visit.plan(web.stamp(), web.user(), partner, form.agenda(), **_facts(form))


def _facts(form):
    start_at = moment_of(form.planned_on.data, form.start.data, web.timezone())
    return form.facts() | {"planned_start_at": start_at}


def _chosen(partner_id):
    partners = Partner.allowed(web.user(), "visit.create", web.today()).where(Partner.archived_at.is_null())
    return web.row_or_404(partners, partner_id) if partner_id else None


def _plan_page(form, partner, visit=None, status=200):
    words = request.args.get("q", "").strip()[:200]
    if partner:
        form.partner.choices = [(partner.id, partner.name)]
    else:
        offer_partners(form, words)
    return render_template("visits/plan.html", form=form, partner=partner, visit=visit, words=words), status


def _refused(form, partner, visit=None):
    if web.wants_json():
        return jsonify({"error": "invalid", "fields": form.errors}), 422
    return _plan_page(form, partner, visit, 422)


def _saved(visit_id, is_new, form, content, text):
    visit = own_visit(visit_id)
    if web.wants_json():
        return web.stored(visit, is_new, form.client_uid.data, content)
    web.note(text)
    return redirect(url_for("visits.visit", visit_id=visit.id), 303)


# --- another plan -------------------------------------------------------------------------------------------------


def edit_plan_page(visit):
    form = PlanForm(today=web.today(), data=_shown(visit))
    return _plan_page(form.name_it(), visit.partner, visit)


def save_replan(visit):
    form = PlanForm(today=web.today())
    form.partner.data = visit.partner_id
    if not form.validate():
        return _refused(form, visit.partner, visit)
    content = form.content() | {"visit": visit.id, "from version": form.version.data}
    try:
        visit_id, is_new = web.once(form.client_uid.data, content, lambda: _store_replan(form, visit))
    except Stale as stale:
        return _conflict(form, stale.row)
    except web.OtherContent:
        return _conflict(form, own_visit(visit.id))
    return _saved(visit_id, is_new, form, content, web._("The plan is saved."))


def _store_replan(form, visit):
    return visit.replan(web.stamp(), form.agenda(), version=form.version.data or 0, **_facts(form))


def _shown(visit):
    """The plan as the form's fields hold it, its agenda row by row."""
    fields = {name: getattr(visit, name) for name in ("version", *COMPARED)}
    fields |= {"partner": visit.partner_id, "start": clock_of(visit.planned_start_at, web.timezone())}
    for row, item in enumerate(visit.items(), start=1):
        fields |= {f"agenda_{row}_{part}": getattr(item, part) for part in ("block", "text", "minutes")}
    return fields


def _conflict(form, visit):
    """Both plans side by side, the agenda field by field."""
    labels = {name: web._(label) for name, label in COMPARED.items()}
    for row, (block, text, minutes) in enumerate(form.agenda_rows(), start=1):
        for field in (block, text, minutes):
            labels[field.name] = web._("Agenda %(row)s: %(part)s", row=row, part=field.label.text)
    stored = dict.fromkeys(labels) | _shown(visit)
    for block, _text, _minutes in form.agenda_rows():
        stored[block.name] = stored[block.name] or "other"
    return web.conflict_page(form, SimpleNamespace(**stored), labels, url_for("visits.edit", visit_id=visit.id))


# --- what becomes of it -------------------------------------------------------------------------------------------


@blueprint.post("/visits/<int:visit_id>/confirmation")
@requires("visit.create")
def confirm(visit_id):
    visit = _answerable(visit_id)
    missing = list(visit.missing_to_confirm())
    if missing:
        for reason in missing:
            web.note(web._(reason.msgid), "warn")
        return redirect(url_for("visits.edit", visit_id=visit.id), 303)
    visit.confirm(web.stamp())
    web.note(web._("The visit is confirmed."))
    return redirect(url_for("visits.visit", visit_id=visit.id), 303)


@blueprint.get("/visits/<int:visit_id>/not-held")
@requires("visit.create")
def not_held(visit_id):
    visit = _answerable(visit_id)
    form = NotHeldForm(today=web.today(), reasons=REASONS, data={"reason": request.args.get("reason")})
    return render_template("visits/not_held.html", form=form.name_it(), visit=visit)


@blueprint.post("/visits/<int:visit_id>/not-held")
@requires("visit.create")
def save_not_held(visit_id):
    visit = web.row_or_404(Visit.answerable_by(web.user(), web.today()), visit_id)
    form = NotHeldForm(today=web.today(), reasons=REASONS)
    if not form.validate():
        return render_template("visits/not_held.html", form=form, visit=visit), 422
    content = form.content() | {"visit": visit.id}
    try:
        visit_id, is_new = web.once(form.client_uid.data, content, lambda: _store_answer(form, visit))
    except web.OtherContent:
        abort(409, N_("This visit was answered before, and differently. Open it to see what is stored."))
    return _saved(visit_id, is_new, form, content, web._("The answer is saved."))


def _store_answer(form, visit):
    if not visit.ahead:
        abort(409, N_("This visit was answered before, and differently. Open it to see what is stored."))
    return visit.give_up(web.stamp(), form.reason.data, form.note.data, form.moves_to())


def _answerable(visit_id):
    """A visit ahead of a partner for whom this user logs visits."""
    return web.row_or_404(Visit.answerable_by(web.user(), web.today()).where(Visit.is_ahead()), visit_id)
