"""One partner's page: is it ready, what would it look like, approve it, withdraw it."""

from flask import Response, abort, redirect, render_template, request, url_for

from portal import web
from portal.accounts.models import User
from portal.accounts.permissions import requires
from portal.i18n import LANGUAGES
from portal.partners.models import Partner
from portal.publishing.blockers import blockers
from portal.publishing.live import live_number, next_number
from portal.publishing.models import PageApproval, Withdrawal
from portal.publishing.preview import preview
from portal.publishing.publication import withdraw
from portal.publishing.views import blueprint
from portal.web import _
from site_build.pages import stylesheet

# The page as partners get it, without a script; and framed by the portal, by nobody else.
PREVIEW_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
LONGEST_REASON = 500


@blueprint.get("/partners/<int:partner_id>/page")
@requires("page.read")
def of_partner(partner_id):
    partner = _partner("page.read", partner_id)
    shown, live = _preview(partner), live_number(web.settings())
    return render_template(
        "publishing/of_partner.html",
        partner=partner,
        reasons=blockers(_only(partner), web.today())[partner.id],
        approval=PageApproval.standing().where(PageApproval.partner == partner).first(),
        withdrawal=Withdrawal.of(partner),
        names=dict(User.select(User.id, User.name).tuples()),
        published=shown.published,
        is_live=_is_live(partner, live),
        differs=shown.differs,
        differences=shown.differences(web.language()),
        shown_language=_language(request.args.get("language", partner.locale)),
        may_approve=_may_approve(partner),
    )


@blueprint.get("/partners/<int:partner_id>/page/preview/<locale>")
@requires("page.read")
def preview_page(partner_id, locale):
    """The very page of the next publication, with its links turned to this preview."""
    partner = _partner("page.read", partner_id)
    shown = _preview(partner)
    html = shown.draw(_language(locale) if locale in LANGUAGES else abort(404))
    style = shown.site.stylesheet
    html = html.replace(style.path, url_for("publishing.style", name=style.name))
    for language in LANGUAGES:
        here = url_for("publishing.preview_page", partner_id=partner.id, locale=language)
        html = html.replace(f'href="/my/{language}/"', f'href="{here}"')
    html = html.replace('href="/my/leave"', f'href="{url_for("publishing.of_partner", partner_id=partner.id)}"')
    headers = {"Content-Security-Policy": PREVIEW_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return Response(html, headers=headers, mimetype="text/html")


@blueprint.get("/publishing/style/<name>")
@requires("page.read")
def style(name):
    styles = stylesheet()
    return Response(styles.text, mimetype="text/css") if name == styles.name else abort(404)


@blueprint.post("/partners/<int:partner_id>/page/approval")
@requires("page.approve")
def approve(partner_id):
    partner = _partner("page.approve", partner_id)
    PageApproval.give(web.stamp(), _only(partner))
    take_back = url_for("publishing.take_back", partner_id=partner.id)
    web.note(_("The page is approved and goes out with the next publication."), undo_url=take_back)
    return _back(partner)


@blueprint.post("/partners/<int:partner_id>/page/approval/delete")
@requires("page.approve")
def take_back(partner_id):
    partner = _partner("page.approve", partner_id)
    PageApproval.take_back(web.stamp(), partner)
    web.note(_("The approval is taken back. The next publication leaves the page out."), "info")
    return _back(partner)


@blueprint.post("/partners/<int:partner_id>/page/withdrawal")
@requires("page.approve", own_transaction=True)
def withdraw_page(partner_id):
    partner = _partner("page.approve", partner_id)
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    withdrawal = withdraw(web.stamp(), partner, reason, web.settings())
    if withdrawal.files_removed_at:
        web.note(_("The page is withdrawn: nobody can open it, and its files are gone from every release."))
    else:
        web.note(_("The page is withdrawn: nobody can open it. Its files are being removed in the background."), "info")
    return _back(partner)


def _partner(action, partner_id):
    allowed = Partner.allowed(web.user(), action, web.today()).where(Partner.archived_at.is_null())
    return web.row_or_404(allowed, partner_id)


def _only(partner):
    return Partner.select().where(Partner.id == partner.id)


def _preview(partner):
    settings = web.settings()
    return preview(partner, settings, web.now(), live_number(settings), next_number(settings))


def _language(locale):
    return locale if locale in LANGUAGES else LANGUAGES[0]


def _is_live(partner, live):
    """Is a page of this partner in the release that readers see?"""
    return live is not None and (web.settings().site / "current" / "partners" / str(partner.id)).is_dir()


def _may_approve(partner):
    user = web.user()
    allowed = Partner.allowed(user, "page.approve", web.today())
    return user.may("page.approve") and allowed.where(Partner.id == partner.id).exists()


def _back(partner):
    return redirect(url_for("publishing.of_partner", partner_id=partner.id), 303)
