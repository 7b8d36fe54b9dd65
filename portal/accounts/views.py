"""Signing in and out, the password asked again, and the page of everything else that one may do."""

from flask import Blueprint, current_app, g, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user

from portal import web
from portal.accounts import signing_in
from portal.accounts.forms import ProfileForm, SignInForm
from portal.accounts.models import Leave, SignInSession
from portal.accounts.more import MORE
from portal.accounts.permissions import ROLE_LABELS, own_transaction, requires
from portal.records import Stale

blueprint = Blueprint("accounts", __name__)

ON_THE_PHONE = ("Mobile", "Android", "iPhone")


# --- in -----------------------------------------------------------------------------------------------------------


@blueprint.route("/sign-in", methods=["GET", "POST"])
@own_transaction
def sign_in():
    if request.method == "GET" and web.is_signed_in():
        return redirect(web.safe_next(url_for("field.today")))
    form = SignInForm(stays=_is_phone())
    if not form.validate_on_submit():
        return _sign_in_page(form, 400 if form.is_submitted() else 200)
    user = signing_in.proven(form.email.data, form.password.data, request.remote_addr or "", web.now())
    if user is None:
        form.password.errors = [web._("This mail address and password do not belong together. Check both.")]
        return _sign_in_page(form, 400)
    _let_in(user, stays=form.stays.data)
    return redirect(web.safe_next(url_for("field.today")), 303)


def _sign_in_page(form, code):
    return render_template("accounts/sign_in.html", form=form, signed_out="signed_out" in request.args), code


def _is_phone():
    agent = request.headers.get("User-Agent", "")
    return any(word in agent for word in ON_THE_PHONE)


def _let_in(user, *, stays):
    """A new session in place of whatever this browser had."""
    token = signing_in.begin(
        user,
        web.now(),
        stays=stays,
        ip=request.remote_addr or "",
        agent=request.headers.get("User-Agent", ""),
        instead_of=current_user.session if web.is_signed_in() else None,
    )
    remember_session(token)


def remember_session(token):
    """The browser carries this session from now on, and nothing of an earlier one."""
    found = SignInSession.find(token, web.now())
    session.clear()
    # The cookie stays as long as the session may; without "stay signed in" the browser forgets it when it closes.
    session.permanent = found.stays
    login_user(web.SignedIn(found.user, found, token))


# --- out ----------------------------------------------------------------------------------------------------------


@blueprint.post("/sign-out")
@requires("self")
def sign_out():
    signing_in.end(web.stamp(), current_user.session)
    return signed_out_page()


def signed_out_page():
    """To the sign-in page, with nothing left in the browser but what it has not yet sent (`unsent`)."""
    session.clear()
    answer = redirect(url_for("accounts.sign_in", signed_out=1), 303)
    if request.form.get("unsent") != "1":
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


# --- the password again -------------------------------------------------------------------------------------------


@blueprint.route("/confirm-password", methods=["GET", "POST"])
@requires("self", own_transaction=True)
def confirm_password():
    """Asks for the password again. A form that was being sent travels along, and goes on to where it was sent."""
    if request.method == "GET":
        return confirm_page(error="", code=200)
    if not _is_own_password(request.form.get("password_again", "")):
        return confirm_page(error=web._("This is not your password. Try again."), code=400)
    SignInSession.update(confirmed_at=web.now()).where(SignInSession.id == current_user.session.id).execute()
    target = web.safe_next("", "confirmed_next")
    # 307: the browser sends the same form again, now to where it was meant for.
    return redirect(target, 307) if target else redirect(web.safe_next(url_for("field.today")), 303)


def _is_own_password(password):
    return signing_in.proven(web.user().email, password, request.remote_addr or "", web.now()) is not None


def confirm_page(error, code):
    return render_template(
        "accounts/confirm_password.html",
        carried=web.carried_form("password_again", "confirmed_next"),
        target=web.safe_next("", "confirmed_next"),
        error=error,
    ), code


# --- oneself, and everything else ---------------------------------------------------------------------------------


@blueprint.route("/profile", methods=["GET", "POST"])
@requires("self")
def profile():
    user = web.user()
    form = ProfileForm(obj=user)
    if form.validate_on_submit():
        try:
            user.change(web.stamp(), version=form.version.data, **form.columns())
        except Stale as stale:
            labels = {name: form[name].label.text for name in form.columns()}
            return web.conflict_page(form, stale.row, labels, request.path)
        g.pop("language", None)
        web.note(web._("Your profile is saved."))
        return redirect(url_for("accounts.profile"), 303)
    return _profile_page(form, 400 if form.is_submitted() else 200)


def _profile_page(form, code):
    user = web.user()
    page = render_template(
        "accounts/profile.html",
        form=form,
        role=ROLE_LABELS[user.role],
        sessions=SignInSession.living(user, web.now()),
        this_session=current_user.session,
        leaves=Leave.of(user, web.today()),
        substitutions=Leave.stood_in_by(user, web.today()),
    )
    return page, code


@blueprint.get("/more")
@requires("self")
def more():
    groups = [(label, [entry for entry in entries if _may_open(entry.endpoint)]) for label, entries in MORE]
    return render_template(
        "accounts/more.html",
        groups=[(label, entries) for label, entries in groups if entries],
        role=ROLE_LABELS[web.user().role],
    )


def _may_open(endpoint):
    view = current_app.view_functions.get(endpoint)
    return view is not None and web.user().may(view.permission)
