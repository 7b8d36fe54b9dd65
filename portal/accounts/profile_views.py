"""What one changes about oneself with the password at hand: password, mail address, sessions."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user

from portal import web
from portal.accounts import invitations, passwords, signing_in
from portal.accounts.forms import AddressForm, ChangePasswordForm, known_about
from portal.accounts.models import SignInSession, User
from portal.accounts.permissions import requires
from portal.accounts.views import remember_session, signed_out_page
from portal.db import database
from portal.i18n import N_

blueprint = Blueprint("profile", __name__, url_prefix="/profile")


# --- password -----------------------------------------------------------------------------------------------------


@blueprint.route("/password", methods=["GET", "POST"])
@requires("self", own_transaction=True)
def password():
    """Changing it needs the current one, ends every session, and gives this browser a new one."""
    form = ChangePasswordForm(known_about=known_about(web.user(), web.workspace()))
    if form.validate_on_submit() and _is_current(form.current):
        _change(form.password.data)
        web.note(web._("Your password is changed. You are signed out everywhere else."))
        return redirect(url_for("accounts.profile"), 303)
    return render_template("accounts/password.html", form=form), 400 if form.is_submitted() else 200


def _is_current(field):
    if signing_in.proven(web.user().email, field.data, request.remote_addr or "", web.now()):
        return True
    field.errors = [web._("This is not your current password. Try again.")]
    return False


def _change(new):
    password_hash = passwords.hashed(new)
    user, stays = web.user(), current_user.session.stays
    with database.atomic():
        signing_in.set_password(web.stamp(), user, password_hash)
        invitations.tell_of_new_password(web.stamp(), user, web.workspace())
        token = signing_in.begin(
            user,
            web.now(),
            stays=stays,
            ip=request.remote_addr or "",
            agent=request.headers.get("User-Agent", ""),
        )
    remember_session(token)


# --- mail address -------------------------------------------------------------------------------------------------


@blueprint.route("/address", methods=["GET", "POST"])
@requires("self", sudo=True)
def address():
    """The new address is the user's when the link that is mailed to it has been opened."""
    form = AddressForm()
    if form.validate_on_submit():
        _offer(form.email.data)
        web.note(web._("Open the link that is on its way to %(email)s.", email=form.email.data), "info")
        return redirect(url_for("accounts.profile"), 303)
    return render_template("accounts/address.html", form=form), 400 if form.is_submitted() else 200


def _offer(email):
    # Who else has an address is not told; that person's mailbox just gets nothing.
    if User.by_email(email) is None:
        invitations.offer_address(web.stamp(), web.user(), web.workspace(), email.casefold())


@blueprint.route("/address/<token>", methods=["GET", "POST"])
@requires("self")
def confirm_address(token):
    if request.method == "GET":
        return render_template("accounts/confirm_address.html")
    if invitations.take_address(web.stamp(), web.user(), web.workspace(), token) is None:
        abort(410, N_("Links work once and for a short time. Enter the new address again on your profile."))
    SignInSession.end_all(web.user(), but=current_user.session)
    web.note(web._("Your mail address is changed. Sign in with it from now on."))
    return redirect(url_for("accounts.profile"), 303)


# --- sessions -----------------------------------------------------------------------------------------------------


@blueprint.post("/sessions/<int:session_id>/end")
@requires("self")
def end_session(session_id):
    ended = web.row_or_404(SignInSession.select().where(SignInSession.user == web.user()), session_id)
    signing_in.end(web.stamp(), ended)
    if ended.id == current_user.session.id:
        return signed_out_page()
    web.note(web._("That device is signed out."))
    return redirect(url_for("accounts.profile"), 303)


@blueprint.post("/sessions/end")
@requires("self")
def sign_out_everywhere():
    signing_in.end_everywhere(web.stamp(), web.user())
    return signed_out_page()
