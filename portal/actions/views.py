"""What each side promised: the list of one partner, and what is done with a promise."""

import uuid

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for

from portal import web
from portal.accounts.models import User
from portal.accounts.permissions import requires
from portal.actions.forms import ActionForm, CancelForm
from portal.actions.ledger import NOTHING_PROMISED, ledgers
from portal.actions.models import SIDES, STANDINGS, Action
from portal.i18n import N_
from portal.partners.models import Contact, Partner
from portal.records import Stale

blueprint = Blueprint("actions", __name__)

COMPARED = {"shared_text": N_("Promise"), "text": N_("Internal note"), "due_on": N_("By when")}


@blueprint.get("/partners/<int:partner_id>/promises")
@requires("action.read")
def of_partner(partner_id):
    partner = web.row_or_404(Partner.visible_to(web.user(), web.today()), partner_id)
    rows = Action.listed(Action.visible_to(web.user(), web.today()).where(Action.partner == partner), web.today())
    ledger = ledgers(Partner.visible_to(web.user(), web.today()).where(Partner.id == partner.id), web.today())
    return render_template(
        "actions/of_partner.html",
        partner=partner,
        page=web.page_of(rows),
        ledger=ledger.get(partner.id, NOTHING_PROMISED),
        sides=SIDES,
        standings=STANDINGS,
        editable=_may_edit(partner),
        new_uid=lambda: str(uuid.uuid4()),
    )


@blueprint.get("/partners/<int:partner_id>/promises/new")
@requires("action.edit")
def new(partner_id):
    partner = web.row_or_404(_editable_partners(), partner_id)
    form = ActionForm(**_persons(partner), data={"user": web.user().id})
    return _page(form.pre_named(), partner)


@blueprint.post("/partners/<int:partner_id>/promises/new")
@requires("action.edit")
def save_new(partner_id):
    partner = web.row_or_404(_editable_partners(), partner_id)
    form = ActionForm(**_persons(partner))
    if not form.validate():
        return _refused(form, partner)
    content = form.content() | {"partner": partner.id}
    uid = form.client_uid.data or str(uuid.uuid4())
    try:
        action_id, is_new = web.once(uid, content, lambda: _store(form, partner))
    except web.OtherContent as known:
        return _conflict(form, _action(known.submission.result_id))
    return _saved(action_id, is_new, uid, content)


def _store(form, partner):
    facts = form.facts()
    side = facts.pop("side")
    return Action.promise(web.stamp(), partner, side, **facts)


@blueprint.get("/promises/<int:action_id>/edit")
@requires("action.edit")
def edit(action_id):
    action = _action(action_id)
    names = ("version", "side", "shared_text", "text", "due_on")
    shown = {name: getattr(action, name) for name in names} | {"user": action.user_id, "contact": action.contact_id}
    return _page(ActionForm(**_persons(action.partner, action), data=shown).pre_named(), action.partner, action)


@blueprint.post("/promises/<int:action_id>/edit")
@requires("action.edit")
def save_edit(action_id):
    action = _action(action_id)
    form = ActionForm(**_persons(action.partner, action))
    if not form.validate():
        return _refused(form, action.partner, action)
    content = form.content() | {"action": action.id, "from version": form.version.data}
    uid = form.client_uid.data or str(uuid.uuid4())
    try:
        _same, is_new = web.once(uid, content, lambda: _store_edit(form, action))
    except Stale as stale:
        return _conflict(form, stale.row)
    except web.OtherContent:
        return _conflict(form, action)
    return _saved(action.id, is_new, uid, content)


def _store_edit(form, action):
    agreed = form.other_side_agreed.data
    version = form.version.data or 0
    return action.edit(web.stamp(), web.today(), version=version, other_side_agreed=agreed, **form.facts())


@blueprint.post("/promises/<int:action_id>/done")
@requires("action.edit")
def done(action_id):
    action = _action(action_id)
    content, uid = {"done": action.id}, request.form.get("client_uid") or str(uuid.uuid4())
    try:
        _same, is_new = web.once(uid[:36], content, lambda: action.finish(web.stamp(), web.today()))
    except web.OtherContent:
        abort(409)
    if not web.wants_json():
        web.note(web._("Done."), undo_url=url_for("actions.reopen", action_id=action.id))
    return _answer(_action(action_id), is_new, uid, content)


@blueprint.post("/promises/<int:action_id>/open")
@requires("action.edit")
def reopen(action_id):
    action = _action(action_id).reopen(web.stamp())
    web.note(web._("It is open again."), "info")
    return redirect(_list_of(action), 303)


@blueprint.get("/promises/<int:action_id>/cancellation")
@requires("action.edit")
def cancel(action_id):
    action = _action(action_id)
    return render_template("actions/cancel.html", form=CancelForm(), action=action)


@blueprint.post("/promises/<int:action_id>/cancellation")
@requires("action.edit")
def save_cancel(action_id):
    action, form = _action(action_id), CancelForm()
    if not form.validate():
        return render_template("actions/cancel.html", form=form, action=action), 422
    action.cancel(web.stamp(), form.reason.data)
    web.note(web._("It is cancelled."), undo_url=url_for("actions.reopen", action_id=action.id))
    return redirect(_list_of(action), 303)


# --- who and where ------------------------------------------------------------------------------------------------


def _editable_partners():
    partners = Partner.allowed(web.user(), "action.edit", web.today())
    return partners.where(Partner.archived_at.is_null())


def _may_edit(partner):
    return _editable_partners().where(Partner.id == partner.id).exists()


def _action(action_id):
    return web.row_or_404(Action.editable_by(web.user(), web.today()), action_id)


def _persons(partner, action=None):
    """Who may be accountable: those with portfolios and whoever asks; who is at the partner, and who was named."""
    colleagues, people = list(User.who_own_partners()), list(Contact.at(partner))
    for known in (web.user(), action and action.user):
        if known and known not in colleagues:
            colleagues.append(known)
    if action and action.contact and action.contact not in people:
        people.append(action.contact)
    return {"colleagues": colleagues, "people": people}


def _list_of(action):
    return url_for("actions.of_partner", partner_id=action.partner_id)


def _page(form, partner, action=None, status=200):
    return render_template("actions/edit.html", form=form, partner=partner, action=action), status


def _refused(form, partner, action=None):
    if web.wants_json():
        return jsonify({"error": "invalid", "fields": form.errors}), 422
    return _page(form, partner, action, 422)


def _conflict(form, action):
    labels = {name: web._(label) for name, label in COMPARED.items()}
    return web.conflict_page(form, action, labels, url_for("actions.save_edit", action_id=action.id))


def _saved(action_id, is_new, uid, content):
    if not web.wants_json():
        web.note(web._("It is saved."))
    return _answer(_action(action_id), is_new, uid, content)


def _answer(action, is_new, uid, content):
    if web.wants_json():
        return web.stored(action, is_new, uid, content)
    return redirect(web.safe_next(_list_of(action)), 303)
