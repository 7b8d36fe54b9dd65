"""Links that set a password: an invitation, a forgotten one. Opening shows a form; only sending it uses the link."""

from flask import Blueprint, abort, redirect, render_template, request, url_for

from portal import web
from portal.accounts import invitations, passwords, throttle
from portal.accounts.forms import AddressForm, NewPasswordForm, known_about
from portal.accounts.models import User, normal_email
from portal.accounts.permissions import own_transaction
from portal.db import database
from portal.i18n import N_

blueprint = Blueprint("invitations", __name__)

LINK_DOOR, FORGOT_DOOR = "link", "forgot"


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@own_transaction
def accept(token):
    return _set_password(invitations.INVITATION, token, N_("Your account is ready. Sign in with your new password."))


@blueprint.route("/reset/<token>", methods=["GET", "POST"])
@own_transaction
def reset(token):
    return _set_password(invitations.RESET, token, N_("Your password is changed. Sign in with it."))


def _set_password(purpose, token, done):
    user = _holder(purpose, token)
    form = NewPasswordForm(known_about=known_about(user, web.workspace()))
    if not form.validate_on_submit():
        page = render_template("accounts/set_password.html", form=form, holder=user, purpose=purpose)
        return page, 400 if form.is_submitted() else 200
    password_hash = passwords.hashed(form.password.data)
    with database.atomic():
        if invitations.set_password(web.stamp(), web.workspace(), purpose, token, password_hash) is None:
            _gone()
    web.note(web._(done))
    return redirect(url_for("accounts.sign_in"), 303)


def _holder(purpose, token):
    """The user whose link it is. Guessing is throttled like every other door."""
    ip = request.remote_addr or ""
    throttle.check(LINK_DOOR, "", ip, web.now())
    user = invitations.holder(purpose, token, web.now())
    if user is None:
        throttle.failed(LINK_DOOR, "", ip, web.now())
        _gone()
    return user


def _gone():
    abort(410, N_("Links work once and for a short time. Ask for a new one on the sign-in page, or an administrator."))


@blueprint.route("/forgot-password", methods=["GET", "POST"])
def forgot():
    """Says the same for every address; only a user who may sign in gets a mail."""
    form = AddressForm()
    if not form.validate_on_submit():
        return _forgot_page(form, asked=False), 400 if form.is_submitted() else 200
    account, ip = normal_email(form.email.data), request.remote_addr or ""
    throttle.check(FORGOT_DOOR, account, ip, web.now())
    throttle.failed(FORGOT_DOOR, account, ip, web.now())
    user = User.by_email(account)
    if user and user.active:
        invitations.new_link(web.stamp(), user, web.workspace())
    return _forgot_page(form, asked=True)


def _forgot_page(form, asked):
    return render_template("accounts/forgot_password.html", form=form, asked=asked)
