"""Who is away, and who stands in: the substitute sees and works on the portfolio for that time."""

from flask import Blueprint, redirect, render_template, url_for

from portal import web
from portal.accounts.forms import LeaveForm
from portal.accounts.models import Leave, User
from portal.accounts.permissions import ALL, requires

blueprint = Blueprint("leave", __name__, url_prefix="/leave")


@blueprint.route("", methods=["GET", "POST"], endpoint="overview")
@requires("leave.edit")
def overview():
    form = LeaveForm(people=_people(), substitutes=User.who_own_partners(), from_on=web.today())
    if form.validate_on_submit():
        leave = _added(form)
        web.note(
            web._("%(substitute)s stands in for %(name)s.", substitute=leave.substitute.name, name=leave.user.name),
            undo_url=url_for("leave.end", leave_id=leave.id),
        )
        return redirect(url_for("leave.overview"), 303)
    page = render_template("accounts/leave.html", form=form, leaves=list(_leaves()))
    return page, 400 if form.is_submitted() else 200


def _added(form):
    return Leave.add(
        web.stamp(),
        user=form.user.data,
        substitute=form.substitute.data,
        from_on=form.from_on.data,
        until_on=form.until_on.data,
    )


@blueprint.post("/<int:leave_id>/end")
@requires("leave.edit")
def end(leave_id):
    """Ends a leave today, or takes back one that has not begun."""
    leave = web.row_or_404(_leaves(), leave_id)
    leave.end(web.stamp(), web.today())
    web.note(web._("%(name)s is back.", name=leave.user.name))
    return redirect(url_for("leave.overview"), 303)


def _people():
    """Those for whom this user may arrange a leave: the team, or everybody who has partners."""
    people = User.who_own_partners()
    return people if web.user().relation("leave.edit") == ALL else people.where(User.id.in_(User.team_of(web.user())))


def _leaves():
    return (
        Leave.select()
        .where(Leave.user.in_(_people().select(User.id).order_by()) & (Leave.until_on > web.today()))
        .order_by(Leave.from_on, Leave.id)
    )
