"""The first page of all: the one-time link makes the workspace and its first administrator."""

from flask import Blueprint, abort, redirect, render_template, request, url_for

from portal import web
from portal.accounts import passwords, set_up, throttle
from portal.accounts.forms import SetUpForm
from portal.accounts.models import normal_email
from portal.accounts.permissions import own_transaction
from portal.db import database
from portal.i18n import N_
from portal.operation.defaults import make_defaults
from portal.records import Stamp

blueprint = Blueprint("set_up", __name__)

DOOR = "link"


@blueprint.route("/set-up/<token>", methods=["GET", "POST"])
@own_transaction
def form(token):
    _refuse_closed(token)
    asked = SetUpForm(timezone="Europe/Stockholm", currency="EUR", language=web.language(), fiscal_year_first_month=1)
    if not asked.validate_on_submit():
        page = render_template("accounts/set_up.html", form=asked)
        return page, 400 if asked.is_submitted() else 200
    _set_up(token, asked, passwords.hashed(asked.password.data))
    web.note(web._("The portal is set up. Sign in as its administrator."))
    return redirect(url_for("accounts.sign_in"), 303)


def _set_up(token, asked, password_hash):
    administrator = {"name": asked.administrator.data, "email": normal_email(asked.email.data)}
    with database.atomic():
        made = set_up.finish(web.stamp(), token, asked.columns(), administrator, password_hash)
        if made is None:
            _gone()
        _, user = made
        make_defaults(Stamp(web.now(), "user", user.id, request.remote_addr or ""))


def _refuse_closed(token):
    ip = request.remote_addr or ""
    throttle.check(DOOR, "", ip, web.now())
    if not set_up.is_open(token, web.now()):
        throttle.failed(DOOR, "", ip, web.now())
        _gone()


def _gone():
    abort(410, N_("A set-up link works once, for a day. Restart the portal or run: portal setup"))
