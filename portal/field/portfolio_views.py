"""Many partners to a new owner at once: chosen from the list, with a day and a reason, and undone with one button."""

from flask import Blueprint, redirect, render_template, request, url_for

from portal import web
from portal.accounts.permissions import requires
from portal.field.asked import asked
from portal.field.following import come_back, follow
from portal.field.forms import HandoverForm
from portal.partners.handover import hand_over, possible_owners, undo as give_back
from portal.partners.models import Handover, Partner
from portal.web import _

blueprint = Blueprint("portfolio", __name__)

LINES_TO_CHOOSE_FROM = 100


@blueprint.route("/partners/assign", methods=["GET", "POST"])
@requires("partner.assign")
def assign():
    wanted = asked(_assignable())
    form = _form()
    chosen = _chosen(wanted.ids)
    if form.validate_on_submit() and chosen:
        return _done(form, chosen)
    if form.is_submitted() and not chosen:
        form.to.errors = [*form.to.errors, _("Choose at least one partner in the list.")]
    shown = render_template(
        "field/assign.html",
        form=wanted.form,
        handover=form,
        sort=wanted.sort,
        page=wanted.page(LINES_TO_CHOOSE_FROM),
        chosen=set(chosen),
    )
    return shown, 422 if form.errors else 200


def _assignable():
    allowed = Partner.allowed(web.user(), "partner.assign", web.today())
    return allowed.where(Partner.archived_at.is_null())


def _form():
    form = HandoverForm(from_on=web.today())
    form.to.choices = {"": ""} | {str(row.id): row.name for row in possible_owners(web.user())}
    return form


def _chosen(ids):
    """All that the filter found, or those that were ticked: always among those that the user may assign."""
    if request.form.get("all"):
        return ids
    ticked = set(request.form.getlist("partner"))
    return [partner_id for partner_id in ids if str(partner_id) in ticked]


def _done(form, chosen):
    receiver = web.row_or_404(possible_owners(web.user()), int(form.to.data))
    partners = _assignable().where(Partner.id.in_(chosen))
    done = hand_over(web.stamp(), partners, receiver, form.from_on.data, form.reason.data)
    if form.follows.data:
        follow(web.stamp(), done, web.today())
    text = web.ngettext(
        "%(num)s partner goes to %(name)s.", "%(num)s partners go to %(name)s.", len(chosen), name=receiver.name
    )
    web.note(text, undo_url=url_for("portfolio.undo", handover_id=done.id))
    return redirect(url_for("field.partners"), 303)


@blueprint.post("/partners/assign/<int:handover_id>/undo")
@requires("partner.assign")
def undo(handover_id):
    own = Handover.select().where((Handover.created_by == web.user().id) & Handover.undone_at.is_null())
    handover = web.row_or_404(own, handover_id)
    left = give_back(web.stamp(), handover)
    come_back(web.stamp(), handover, left)
    web.note(_("The partners are back with those who had them."))
    if left:
        names = ", ".join(partner.name for partner in left)
        web.note(_("Assigned anew since, and left so: %(names)s.", names=names), "warn")
    return redirect(url_for("field.partners"), 303)
