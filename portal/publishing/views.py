"""Publishing as a whole: what may go out and what may not, the act itself, its history and roll back."""

from flask import Blueprint, abort, redirect, render_template, request, url_for

from portal import background, web
from portal.accounts.models import User
from portal.accounts.permissions import requires
from portal.i18n import N_
from portal.partners.models import Partner
from portal.publishing.blockers import REASONS, blocking
from portal.publishing.live import Busy, is_running, kept_numbers, live_number, next_number
from portal.publishing.models import STATES, PageApproval, Publication
from portal.publishing.publication import publish, reason_of, roll_back
from portal.web import _
from site_build.release import Refused

# The pages about one partner (page_views.py) join it.
blueprint = Blueprint("publishing", __name__)

READY, BLOCKED = "ready", "blocked"
WAITING = "not_approved"
STATE_KINDS = {"published": "good", "unchanged": "good", "failed": "bad"}
SCANS = {
    "runs of five words": N_("Runs of five words of internal texts"),
    "tokens": N_("Secrets and foreign keys"),
    "names of partners": N_("Names of partners"),
}
SHOWN = 6
BUSY = N_("Somebody is publishing right now. Wait until that is done.")


@blueprint.get("/publishing")
@requires("page.read")
def overview():
    visible = Partner.visible_to(web.user(), web.today())
    codes = blocking(visible, web.today())
    show = request.args.get("show", READY)
    show = show if show in (READY, BLOCKED, *REASONS) else READY
    chosen = [one for one, held in codes.items() if _is_shown(show, held)]
    history = list(Publication.history().limit(SHOWN))
    running = is_running(web.settings())
    return render_template(
        "publishing/overview.html",
        show=show,
        counts=_counts(codes),
        page=web.page_of(Partner.select().where(Partner.id.in_(chosen)).order_by(Partner.sort_name, Partner.id)),
        codes=codes,
        reasons=REASONS,
        history=history,
        live=live_number(web.settings()),
        kept=kept_numbers(web.settings()),
        states=STATES,
        state_kinds=STATE_KINDS,
        under_way=next((row for row in history if running and row.under_way), None),
        only_waiting=sum(held == [WAITING] for held in codes.values()),
    )


@blueprint.post("/publishing/approvals")
@requires("page.approve")
def approve_many():
    """Approves the chosen pages, or all that wait for nothing but that."""
    allowed = Partner.allowed(web.user(), "page.approve", web.today()).where(Partner.archived_at.is_null())
    if "all" in request.form:
        codes = blocking(allowed, web.today())
        chosen = [one for one, held in codes.items() if held == [WAITING]]
    else:
        chosen = request.form.getlist("partner", type=int)
    number = PageApproval.give(web.stamp(), allowed.where(Partner.id.in_(chosen)))
    web.note(web.ngettext("%(num)d page is approved.", "%(num)d pages are approved.", number))
    return redirect(url_for("publishing.overview", show=WAITING), 303)


@blueprint.get("/publishing/new")
@requires("page.publish", sudo=True)
def confirm():
    codes = blocking(Partner.select(), web.today())
    return render_template(
        "publishing/confirm.html", counts=_counts(codes), reasons=REASONS, number=next_number(web.settings())
    )


@blueprint.post("/publishing/publications")
@requires("page.publish", sudo=True, own_transaction=True)
def start():
    """Through the worker where there is one, so that nobody waits; else at once."""
    stamp = web.stamp()
    if background.soon("publish", user_id=stamp.actor_id, ip=stamp.ip):
        web.note(_("The publication has begun. This page shows how far it is."), "info")
    else:
        _publish_now(stamp)
    return redirect(url_for("publishing.overview"), 303)


@blueprint.get("/publishing/<int:publication_id>")
@requires("page.read")
def report(publication_id):
    publication = web.row_or_404(Publication.select(), publication_id)
    return render_template(
        "publishing/report.html",
        publication=publication,
        reason=reason_of(publication),
        may_see_problems=web.user().may("page.publish"),
        author=User.get_or_none(User.id == publication.created_by),
        states=STATES,
        state_kinds=STATE_KINDS,
        scans=SCANS,
    )


@blueprint.get("/publishing/<int:publication_id>/roll-back")
@requires("page.publish", sudo=True)
def confirm_roll_back(publication_id):
    publication = _kept_or_404(publication_id)
    return render_template("publishing/roll_back.html", publication=publication, live=live_number(web.settings()))


@blueprint.post("/publishing/<int:publication_id>/roll-back")
@requires("page.publish", sudo=True, own_transaction=True)
def show_again(publication_id):
    publication = _kept_or_404(publication_id)
    try:
        roll_back(web.stamp(), web.settings(), kept_numbers(web.settings())[publication.number])
        web.note(_("Readers see publication %(number)s again.", number=publication.number))
    except Busy:
        web.note(_(BUSY), "warn")
    except Refused as refused:
        web.note(str(refused), "bad")
    return redirect(url_for("publishing.overview"), 303)


def _publish_now(stamp):
    try:
        publication = publish(stamp, web.settings())
    except Busy:
        web.note(_(BUSY), "warn")
        return
    if publication.state == "failed":
        web.note(_(publication.failure), "bad")
    elif publication.state == "unchanged":
        web.note(_("Nothing has changed since the last publication."), "info")
    else:
        web.note(
            web.ngettext(
                "Publication %(publication)s is live: %(num)d partner.",
                "Publication %(publication)s is live: %(num)d partners.",
                publication.partners,
                publication=publication.number,
            )
        )


def _kept_or_404(publication_id):
    publication = web.row_or_404(Publication.select(), publication_id)
    return publication if publication.number in kept_numbers(web.settings()) else abort(404)


def _is_shown(show, codes):
    if show == READY:
        return not codes
    return bool(codes) if show == BLOCKED else show in codes


def _counts(codes):
    """{ready, blocked and each reason: how many partners}."""
    counts = {code: sum(code in held for held in codes.values()) for code in REASONS}
    return {READY: sum(not held for held in codes.values()), BLOCKED: sum(map(bool, codes.values())), **counts}
