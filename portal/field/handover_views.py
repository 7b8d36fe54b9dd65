"""A user leaves: partners, visits ahead and promises go to somebody else in the same moment, and nothing is lost."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from wtforms import SelectField

from portal import web
from portal.accounts import membership
from portal.accounts.models import User
from portal.accounts.permissions import requires
from portal.field.following import hand_on, waiting
from portal.i18n import N_, translations
from portal.partners.handover import hand_over
from portal.partners.models import OwnerAssignment, Partner
from portal.web import Form, _

blueprint = Blueprint("handover", __name__, url_prefix="/admin/users")


class HandoverForm(Form):
    successor = SelectField(N_("Who takes over the partners"), coerce=int)

    def __init__(self, *args, successors, **kwargs):
        super().__init__(*args, **kwargs)
        self.successor.choices = [(0, _("Nobody yet: to be assigned")), *((user.id, user.name) for user in successors)]


@blueprint.route("/<int:user_id>/deactivate", methods=["GET", "POST"])
@requires("users.manage", sudo=True)
def deactivate(user_id):
    user = web.row_or_404(User.select().where(User.deactivated_at.is_null()), user_id)
    _refuse_if_needed(user)
    form = HandoverForm(successors=_successors(user), successor=_manager(user))
    portfolio = _portfolio(user)
    partners = portfolio.count()
    if not form.validate_on_submit():
        ahead = {kind: rows.count() for kind, rows in waiting(user).items()}
        page = render_template("admin/deactivate.html", person=user, form=form, partners=partners, ahead=ahead)
        return page, 400 if form.is_submitted() else 200
    successor = User.get_or_none(User.id == form.successor.data)
    _hand_over(user, portfolio, successor)
    hand_on(web.stamp(), user, web.today(), successor)
    membership.deactivate(web.stamp(), user, web.user())
    web.note(
        web.ngettext(
            "%(name)s is deactivated, %(num)s partner has been handed over.",
            "%(name)s is deactivated, %(num)s partners have been handed over.",
            partners,
            name=user.name,
        )
    )
    return redirect(url_for("admin.users"), 303)


def _refuse_if_needed(user):
    reasons = list(membership.obstacles_to_leaving(user, web.user()))
    if reasons:
        abort(409 if request.method == "POST" else 403, reasons[0].said(translations(web.language())))


def _portfolio(user):
    return Partner.select().where(
        Partner.id.in_(OwnerAssignment.as_of(web.today(), OwnerAssignment.partner).where(OwnerAssignment.user == user))
    )


def _successors(user):
    return User.who_own_partners().where(User.id != user.id)


def _manager(user):
    """The team's manager, who takes over unless told otherwise."""
    manager = user.team.manager if user.team else None
    return manager.id if manager and manager.active and manager.id != user.id else 0


def _hand_over(user, portfolio, successor):
    """The successor, or nobody, has the partners from today on, and those that were to come later from their day on."""
    hand_over(web.stamp(), portfolio, successor, web.today(), "handed over")
    later = (OwnerAssignment.user == user) & (OwnerAssignment.from_on > web.today())
    for assignment in list(OwnerAssignment.select().where(later)):
        OwnerAssignment.assign(web.stamp(), assignment.partner, successor, assignment.from_on, "handed over")
