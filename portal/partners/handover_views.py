"""A user leaves: the partners go to somebody else in the same moment, and nothing is lost."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from wtforms import SelectField

from portal import web
from portal.accounts import membership
from portal.accounts.models import User
from portal.accounts.permissions import requires
from portal.i18n import N_, translations
from portal.partners.models import OwnerAssignment
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
    if not form.validate_on_submit():
        page = render_template("admin/deactivate.html", person=user, form=form, partners=portfolio.count())
        return page, 400 if form.is_submitted() else 200
    moved = _hand_over(portfolio, form.successor.data)
    membership.deactivate(web.stamp(), user, web.user())
    web.note(
        web.ngettext(
            "%(name)s is deactivated, %(num)s partner has been handed over.",
            "%(name)s is deactivated, %(num)s partners have been handed over.",
            moved,
            name=user.name,
        )
    )
    return redirect(url_for("admin.users"), 303)


def _refuse_if_needed(user):
    reasons = list(membership.obstacles_to_leaving(user, web.user()))
    if reasons:
        abort(409 if request.method == "POST" else 403, reasons[0].said(translations(web.language())))


def _portfolio(user):
    return OwnerAssignment.as_of(web.today()).where(OwnerAssignment.user == user)


def _successors(user):
    return User.who_own_partners().where(User.id != user.id)


def _manager(user):
    """The team's manager, who takes over unless told otherwise."""
    manager = user.team.manager if user.team else None
    return manager.id if manager and manager.active and manager.id != user.id else 0


def _hand_over(portfolio, successor_id):
    """Every partner's owner from today on; how many there were."""
    successor = User.get_or_none(User.id == successor_id)
    held = list(portfolio)
    for assignment in held:
        OwnerAssignment.assign(web.stamp(), assignment.partner, successor, web.today(), "handed over")
    return len(held)
