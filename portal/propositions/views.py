"""Pages of propositions: read, write with a preview, compare versions, approve."""

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for

from portal import web
from portal.accounts.models import User
from portal.accounts.permissions import requires
from portal.i18n import LANGUAGES, N_
from portal.markdown import render
from portal.partners.models import Partner
from portal.propositions.difference import difference
from portal.propositions.forms import AnswerForm, TextForm, why_not_submit
from portal.propositions.models import DECISIONS, Proposition
from portal.propositions.starter import starter_text
from portal.records import Stale
from portal.web import _

blueprint = Blueprint("propositions", __name__, url_prefix="/partners/<int:partner_id>/proposition")


@blueprint.get("")
@requires("partner.read")
def of_partner(partner_id):
    partner = web.row_or_404(Partner.visible_to(web.user(), web.today()), partner_id)
    locale = request.args.get("language", partner.locale)
    return _page(partner, locale if locale in LANGUAGES else partner.locale, AnswerForm())


@blueprint.get("/<locale>/edit")
@requires("proposition.draft")
def edit(partner_id, locale):
    partner, proposition = _to_write(partner_id, locale)
    form = TextForm(formdata=None, body=_text_to_start_from(partner, proposition, locale))
    form.version.data = proposition.version if proposition else 0
    return _editor(partner, locale, form)


@blueprint.post("/<locale>/edit")
@requires("proposition.draft")
def save(partner_id, locale):
    partner, proposition = _to_write(partner_id, locale)
    form = TextForm()
    if not form.validate():
        return _editor(partner, locale, form), 400
    try:
        version = _store(partner, proposition, locale, form)
    except Stale as stale:
        action = url_for("propositions.save", partner_id=partner.id, locale=locale)
        return web.conflict_page(form, stale.row, {"body": _("Text")}, action)
    web.note(_("Version %(number)s is saved. Send it for approval when it is ready.", number=version.number))
    return _back(partner, locale)


@blueprint.post("/<locale>/preview")
@requires("proposition.draft")
def preview(partner_id, locale):
    """The text as it will be published: for the script as JSON, else on the editor's page."""
    partner, _proposition = _to_write(partner_id, locale)
    form = TextForm()
    html = render(form.body.data or "")
    if web.wants_json():
        return jsonify({"html": html})
    return _editor(partner, locale, form, html)


@blueprint.post("/<locale>/submission")
@requires("proposition.draft")
def submit(partner_id, locale):
    partner, proposition = _to_write(partner_id, locale)
    version = _version_or_404(proposition, proposition.latest if proposition else 0)
    reason = why_not_submit(version)
    if reason:
        web.note(reason, "bad")
    else:
        version.submit(web.stamp())
        web.note(_("Version %(number)s waits for a manager's approval.", number=version.number))
    return _back(partner, locale)


@blueprint.post("/<locale>/approval")
@requires("page.approve")
def answer(partner_id, locale):
    partner = web.row_or_404(Partner.allowed(web.user(), "page.approve", web.today()), partner_id)
    form = AnswerForm()
    version = _version_or_404(_proposition(partner, locale), form.number.data or 0)
    if form.decision.data not in DECISIONS:
        abort(400)
    if not form.validate():
        return _page(partner, locale, form), 400
    return _decided(partner, locale, version, form)


@blueprint.get("/<locale>/versions/<int:number>")
@requires("partner.read")
def version(partner_id, locale, number):
    partner = web.row_or_404(Partner.visible_to(web.user(), web.today()), partner_id)
    proposition = _proposition(partner, locale)
    shown = _version_or_404(proposition, number)
    before = proposition.numbered(number - 1)
    return render_template(
        "propositions/version.html",
        partner=partner,
        locale=locale,
        version=shown,
        before=before,
        lines=difference(before.body if before else "", shown.body),
        author=User.get_or_none(User.id == shown.created_by),
    )


def _to_write(partner_id, locale):
    """(partner, its proposition in this language or None) for somebody who may draft."""
    allowed = Partner.allowed(web.user(), "proposition.draft", web.today()).where(Partner.archived_at.is_null())
    partner = web.row_or_404(allowed, partner_id)
    return partner, _proposition(partner, locale)


def _proposition(partner, locale):
    if locale not in LANGUAGES:
        abort(404)
    return Proposition.of_partner(partner).get(locale)


def _version_or_404(proposition, number):
    return (proposition and proposition.numbered(number)) or abort(404)


def _text_to_start_from(partner, proposition, locale):
    return proposition.body if proposition else starter_text(locale, partner.name, web.workspace().name)


def _store(partner, proposition, locale, form):
    if proposition is None:
        return Proposition.write(web.stamp(), partner, locale, form.body.data)
    return proposition.save_text(web.stamp(), form.body.data, version=form.version.data)


def _decided(partner, locale, version, form):
    if form.decision.data == "approved":
        version.approve(web.stamp(), form.comment.data or "")
        web.note(_("Version %(number)s is approved and stands on the next publication.", number=version.number))
    else:
        version.send_back(web.stamp(), form.comment.data)
        web.note(_("Version %(number)s goes back to its author.", number=version.number), "info")
    return _back(partner, locale)


def _back(partner, locale):
    return redirect(url_for("propositions.of_partner", partner_id=partner.id, language=locale), 303)


def _editor(partner, locale, form, preview_html=None):
    html = preview_html if preview_html is not None else render(form.body.data or "")
    return render_template("propositions/edit.html", partner=partner, locale=locale, form=form, preview=html)


def _page(partner, locale, form):
    written = Proposition.of_partner(partner)
    proposition = written.get(locale)
    history = list(proposition.history()) if proposition else []
    people = [person for row in history for person in (row.created_by, row.decision and row.decision.created_by)]
    return render_template(
        "propositions/of_partner.html",
        partner=partner,
        locale=locale,
        written=written,
        current=history[0] if history else None,
        history=history,
        names={user.id: user.name for user in User.select().where(User.id.in_(set(people) - {None}))},
        states={row.id: _state(row) for row in history},
        form=form,
        may_draft=_may(partner, "proposition.draft"),
        may_approve=_may(partner, "page.approve"),
    )


def _may(partner, action):
    user = web.user()
    allowed = user.may(action) and Partner.allowed(user, action, web.today()).where(Partner.id == partner.id).exists()
    return allowed and partner.archived_at is None


# (kind, word) of a version.
APPROVED, RETURNED = ("good", N_("Approved")), ("bad", N_("Returned"))
WAITING, DRAFT = ("warn", N_("Waits for approval")), ("none", N_("Draft"))


def _state(version):
    if version.waits:
        return WAITING
    if version.is_approved:
        return APPROVED
    return RETURNED if version.decision else DRAFT
