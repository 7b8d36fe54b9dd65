"""One user, as an administrator sees it: invite, change, send a new link, sign out, let back in."""

from flask import Blueprint, redirect, render_template, request, url_for

from portal import web
from portal.accounts import invitations, membership, outbox, signing_in
from portal.accounts.forms import UserForm
from portal.accounts.models import Region, SignInSession, Team, User
from portal.accounts.permissions import requires
from portal.i18n import translations
from portal.records import Stale

blueprint = Blueprint("users", __name__, url_prefix="/admin/users")


@blueprint.route("/new", methods=["GET", "POST"])
@requires("users.manage", sudo=True)
def create():
    form = _form(data=_defaults())
    if not form.validate_on_submit():
        return render_template("admin/user.html", form=form, person=None), 400 if form.is_submitted() else 200
    user = User.add(web.stamp(), **form.columns())
    membership.set_regions(web.stamp(), user, _chosen_regions(form))
    return _invited(user, web._("%(name)s is invited.", name=user.name))


@blueprint.route("/<int:user_id>", methods=["GET", "POST"])
@requires("users.manage", sudo=True)
def edit(user_id):
    user = web.row_or_404(User.select(), user_id)
    form = _form(user=user, data=_shown(user))
    if form.validate_on_submit():
        answer = _changed(user, form)
        if answer:
            return answer
    return _user_page(user, form), 400 if form.is_submitted() else 200


def _changed(user, form):
    """The answer after storing, or None: refused, and the form says why."""
    try:
        membership.change(
            web.stamp(), user, web.user(), _chosen_regions(form), version=form.version.data, **form.columns()
        )
    except membership.Refused as refused:
        said = translations(web.language())
        form.role.errors = [reason.said(said) for reason in refused.reasons]
        return None
    except Stale as stale:
        labels = {name: form[name].label.text for name in ("name", "email", "title", "phone", "role")}
        return web.conflict_page(form, stale.row, labels, request.path)
    web.note(web._("%(name)s is saved.", name=user.name))
    return redirect(url_for("admin.users"), 303)


@blueprint.post("/<int:user_id>/invitation")
@requires("users.manage", sudo=True)
def invite(user_id):
    """A new link to set a password: an invitation, or for who has a password a reset."""
    user = web.row_or_404(User.select().where(User.deactivated_at.is_null()), user_id)
    return _invited(user, web._("A new link is on its way to %(email)s.", email=user.email))


@blueprint.post("/<int:user_id>/sessions/end")
@requires("users.manage", sudo=True)
def end_sessions(user_id):
    user = web.row_or_404(User.select(), user_id)
    signing_in.end_everywhere(web.stamp(), user)
    web.note(web._("%(name)s is signed out everywhere.", name=user.name))
    return redirect(url_for("users.edit", user_id=user.id), 303)


@blueprint.post("/<int:user_id>/return")
@requires("users.manage", sudo=True)
def reactivate(user_id):
    user = web.row_or_404(User.select().where(User.deactivated_at.is_null(False)), user_id)
    membership.reactivate(web.stamp(), user)
    return _invited(user, web._("%(name)s may come back and is invited.", name=user.name))


def _invited(user, done):
    """Posts the link. Without a mail server it is shown once, to the administrator who asked."""
    message = invitations.new_link(web.stamp(), user, web.workspace())
    if web.settings().mail_url:
        web.note(done)
        return redirect(url_for("users.edit", user_id=user.id), 303)
    address = outbox.hand_over(web.settings(), message, web.now())
    return render_template("admin/link_once.html", person=user, address=address, purpose=message.link["purpose"])


def _form(user=None, **kwargs):
    regions = Region.select().order_by(Region.name)
    return UserForm(user=user, teams=Team.select().order_by(Team.name), regions=regions, **kwargs)


def _defaults():
    workspace = web.workspace()
    return {"locale": workspace.language, "timezone": workspace.timezone, "role": "pam"}


def _shown(user):
    # Not the row itself: a form takes the row's own team, a row where the field wants a number, for "No team".
    return {**user.__data__, "team": user.team_id or 0, "regions": [region.id for region in user.regions]}


def _chosen_regions(form):
    return list(Region.select().where(Region.id.in_(form.regions.data or [])))


def _user_page(user, form):
    return render_template(
        "admin/user.html",
        form=form,
        person=user,
        sessions=SignInSession.living(user, web.now()),
        may_leave=not list(membership.obstacles_to_leaving(user, web.user())),
    )
