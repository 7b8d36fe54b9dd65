"""Logging a visit on one screen, correcting it, taking it back. The blueprint of all pages of visits begins here."""

from types import SimpleNamespace

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for

from portal import web
from portal.accounts.permissions import requires
from portal.i18n import N_
from portal.partners.models import Contact, Partner
from portal.records import Stale
from portal.visits.choosing import found, longest_unvisited, planned_around
from portal.visits.clock import clock_of, device_moment, moment_of
from portal.visits.details import promises_of
from portal.visits.doubts import Doubtful, require_certainty
from portal.visits.forms import PROMISES, HeldForm, LogForm
from portal.visits.models import Visit
from portal.visits.windows import is_amendment, may_answer, refusals

blueprint = Blueprint("visits", __name__)

# The fields that are compared when two people corrected the same visit.
COMPARED = {
    "held_on": N_("Date"),
    "mode": N_("How"),
    "note": N_("One line about it"),
    "next_step": N_("Next step"),
    "next_step_on": N_("By when"),
    "goal_met": N_("Was the goal met?"),
    "minutes": N_("Minutes"),
    "promise_by_us": N_("Promise to the partner"),
    "promise_by_partner": N_("Promise by the partner"),
}


@blueprint.get("/visits/log")
@requires("visit.create")
def log():
    planned = _planned(request.args.get("visit", type=int))
    partner = planned.partner if planned else _chosen(request.args.get("partner", type=int))
    form = LogForm(
        people=Contact.at(partner) if partner else (),
        data={
            "held_on": web.today(),
            "partner": partner and partner.id,
            "visit": planned and planned.id,
            "mode": planned.mode if planned else "on_site",
        },
    )
    return _log_page(form.name_it(), partner, planned)


@blueprint.post("/visits/log")
@requires("visit.create")
def save_log():
    planned = _planned(request.form.get("visit", type=int))
    partner = planned.partner if planned else _chosen(request.form.get("partner", type=int))
    form = LogForm(people=Contact.at(partner) if partner else ())
    if planned:
        form.partner.data = partner.id
    if not form.validate():
        return _refused(form, partner, planned)
    content = form.content()
    try:
        visit_id, is_new = web.once(form.client_uid.data, content, lambda: _store(form, partner, planned))
    except Doubtful as asked:
        return _refused(form, partner, planned, asked.doubts)
    except web.OtherContent as known:
        return _sent_before(form, known.submission)
    visit = own_visit(visit_id)
    if web.wants_json():
        return web.stored(visit, is_new, form.client_uid.data, content)
    web.note(web._("The visit is logged."), undo_url=url_for("visits.undo", visit_id=visit.id))
    return redirect(web.safe_next(url_for("visits.of_partner", partner_id=visit.partner_id)), 303)


def _store(form, partner, planned):
    if not form.sure.data:
        require_certainty(partner, web.user(), form.held_on.data, web.today())
    facts = form.facts() | {
        "started_at": moment_of(form.held_on.data, form.started.data, web.timezone()),
        "device_at": device_moment(form.device_at.data),
        "client_uid": form.client_uid.data,
    }
    if planned and may_answer(planned, web.user(), web.today()):
        return planned.hold(web.stamp(), web.user(), form.details(), **facts)
    return Visit.log(web.stamp(), web.user(), partner, form.details(), **facts)


def _chosen(partner_id):
    """The partner that was chosen, among those for whom this user logs visits; None before a choice."""
    return web.row_or_404(_partners(), partner_id) if partner_id else None


def _partners():
    return Partner.allowed(web.user(), "visit.create", web.today()).where(Partner.archived_at.is_null())


def _planned(visit_id):
    """The planned visit that was held; one that was answered meanwhile is found too, so that a replay is one."""
    if not visit_id:
        return None
    return web.row_or_404(Visit.answerable_by(web.user(), web.today()), visit_id)


def _log_page(form, partner, planned, doubts=(), status=200):
    return render_template(
        "visits/log.html", form=form, partner=partner, planned=planned, doubts=doubts, **_offered(form, partner)
    ), status


def _offered(form, partner):
    """The partners to choose from, and the visits ahead that this one may be."""
    if partner:
        form.partner.choices = [(partner.id, partner.name)]
        return {"ahead": list(Visit.ahead_at(partner).limit(3)), "words": ""}
    offer_partners(form, words := request.args.get("q", "").strip()[:200])
    return {"ahead": [], "words": words}


def offer_partners(form, words):
    """Fills the choice of partners: what was searched for, else the likely ones first."""
    partners, today = _partners(), web.today()
    if words:
        groups = {web._("Found"): found(partners, words, today)}
    else:
        near = planned_around(partners, today)
        groups = {web._("Planned around today"): near, web._("Longest unvisited"): longest_unvisited(partners, near)}
    offered = {label: [(one.id, one.name) for one in group] for label, group in groups.items() if group}
    form.partner.choices = {"": [("", web._("Choose a partner"))], **offered}


def _refused(form, partner, planned, doubts=()):
    if web.wants_json():
        said = [str(doubt) for doubt in doubts]
        return jsonify({"error": "invalid", "fields": form.errors, "questions": said}), 422
    return _log_page(form, partner, planned, doubts, status=422)


def own_visit(visit_id):
    """A visit that this user may read; anything else does not exist."""
    return web.row_or_404(Visit.visible_to(web.user(), web.today()), visit_id)


def _sent_before(form, submission):
    """The same form came before with other texts: both are shown, and the choice corrects what was stored."""
    if submission.result_type != "Visit":
        abort(409)
    return _conflict(form, own_visit(submission.result_id))


def _conflict(form, visit):
    labels = {name: web._(label) for name, label in COMPARED.items()}
    promised = {PROMISES[promise.side]: promise.shared_text for promise in promises_of(visit)}
    stored = {name: promised.get(name) if name in PROMISES.values() else getattr(visit, name) for name in COMPARED}
    row = SimpleNamespace(version=visit.version, **stored)
    return web.conflict_page(form, row, labels, url_for("visits.edit", visit_id=visit.id))


# --- correcting it afterwards -------------------------------------------------------------------------------------


def edit_held_page(visit):
    """The form of a held visit, or the reasons why it is closed."""
    refused = list(refusals(visit, web.user(), web.now(), web.today()))
    if refused:
        return render_template("visits/closed.html", visit=visit, reasons=refused), 403
    shown = {name: getattr(visit, name) for name in HeldForm.OF_THE_VISIT} | {
        "version": visit.version,
        "started": clock_of(visit.started_at, web.timezone()),
        "outcomes": [outcome.kind for outcome in visit.outcomes],
        "contacts": [contact.id for contact in visit.contacts_met()],
    }
    return _edit_page(HeldForm(data=shown, people=_people(visit)).name_it(), visit)


def save_held(visit):
    form = HeldForm(people=_people(visit))
    refused = list(refusals(visit, web.user(), web.now(), web.today()))
    if refused:
        return render_template("visits/closed.html", visit=visit, reasons=refused), 403
    if not form.validate():
        return _edit_page(form, visit, 422)
    content = form.content() | {"visit": visit.id, "from version": form.version.data}
    try:
        _same, is_new = web.once(form.client_uid.data, content, lambda: _store_edit(form, visit))
    except Stale as stale:
        return _conflict(form, stale.row)
    except web.OtherContent:
        return _conflict(form, own_visit(visit.id))
    if web.wants_json():
        return web.stored(own_visit(visit.id), is_new, form.client_uid.data, content)
    web.note(web._("The visit is saved."))
    return redirect(url_for("visits.visit", visit_id=visit.id), 303)


def _store_edit(form, visit):
    amendment = is_amendment(visit, web.user(), web.now())
    started_at = moment_of(form.held_on.data, form.started.data, web.timezone())
    version = form.version.data or 0
    return visit.edit(
        web.stamp(), form.details(), version=version, amendment=amendment, started_at=started_at, **form.facts()
    )


def _edit_page(form, visit, status=200):
    amendment = is_amendment(visit, web.user(), web.now())
    return render_template("visits/edit.html", form=form, visit=visit, amendment=amendment), status


def _people(visit):
    """Who may have been there: who is at the partner now, and who was named before."""
    now = list(Contact.at(visit.partner))
    return now + [contact for contact in visit.contacts_met() if contact not in now]


# --- taking it back -----------------------------------------------------------------------------------------------


@blueprint.post("/visits/<int:visit_id>/undo")
@requires("visit.edit")
def undo(visit_id):
    visit = own_visit(visit_id)
    for reason in refusals(visit, web.user(), web.now(), web.today()):
        web.note(web._(reason.msgid, **reason.params), "bad")
        return redirect(url_for("visits.visit", visit_id=visit.id), 303)
    visit.undo(web.stamp())
    web.note(web._("The visit is taken back."), "info")
    return redirect(url_for("visits.of_partner", partner_id=visit.partner_id), 303)
