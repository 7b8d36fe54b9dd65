"""What runs around every request: closed doors, one transaction, security headers, the log line."""

import json
import logging
import re
import secrets
import time
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, redirect, render_template, request, url_for
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFProtect

from portal import error_pages, read_only, web
from portal.accounts.models import SignInSession
from portal.db import database, is_sqlite
from portal.i18n import N_
from portal.records import AuditEvent

# Every other endpoint needs somebody who is signed in and declares its permission.
OPEN_ENDPOINTS = frozenset(
    {
        "static",
        "set_up.form",
        "accounts.sign_in",
        "invitations.accept",
        "invitations.forgot",
        "invitations.reset",
        "operation.healthz",
        "operation.readyz",
        "gate.front",
        "gate.ask",
        "gate.entrance",
        "gate.enter",
        "gate.chooser",
        "gate.choose",
        "gate.page",
        "gate.leaving",
        "gate.leave",
        "gate.public",
    }
)
BEFORE_SET_UP = frozenset({"static", "set_up.form", "operation.healthz", "operation.readyz"})
# Answers on the portal's host and on the partner pages' own.
ON_EVERY_HOST = frozenset({"static", "operation.healthz", "operation.readyz"})
# The error page of a database that is away needs its style sheet, and the machine that watches needs an answer.
ANSWERS_WITHOUT_DATABASE = ON_EVERY_HOST
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SEEN_EVERY = 300  # seconds between two notes of a session's last use

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

csrf = CSRFProtect()
request_log = logging.getLogger("portal.request")


class Portal(Flask):
    """A Flask in which one request that may write is one transaction, answered after its commit."""

    def dispatch_request(self):
        view = self.view_functions.get(request.endpoint)
        if request.method in SAFE_METHODS or getattr(view, "own_transaction", False):
            return super().dispatch_request()
        with database.atomic():
            return super().dispatch_request()


def install(app):
    """Puts the guards around an app, in the order in which a request meets them."""
    app.before_request(_begin)
    app.before_request(_refuse_while_read_only)
    app.before_request(_keep_hosts_apart)
    app.before_request(_refuse_garbage)
    app.before_request(_refuse_foreign_origin)
    csrf.init_app(app)
    _install_login(app)
    app.before_request(_closed_by_default)
    app.after_request(_finish)
    app.teardown_request(_give_back_connection)
    error_pages.install(app)


def _begin():
    g.request_id = secrets.token_hex(8)
    g.started = time.perf_counter()
    g.read_only = False
    if request.endpoint not in ANSWERS_WITHOUT_DATABASE:
        database.connect(reuse_if_open=True)
        g.read_only = read_only.enforce(web.settings())
        _make_room_for_files()


def _make_room_for_files():
    """A view may take larger files than a form; who may not use it gets no room, before anything is read."""
    megabytes = getattr(current_app.view_functions.get(request.endpoint), "megabytes", None)
    if megabytes and current_user.is_authenticated and web.user().may(request_permission()):
        request.max_content_length = megabytes * 1024 * 1024


def _refuse_while_read_only():
    if g.read_only and request.method not in SAFE_METHODS:
        abort(503, error_pages.READ_ONLY)


def _keep_hosts_apart():
    """Partner and public pages with a host name of their own answer there only, and the portal does not."""
    settings = web.settings()
    if settings.site_url == settings.public_url or request.endpoint in ON_EVERY_HOST:
        return None
    on_site = request.host == urlsplit(settings.site_url).netloc
    if on_site and request.path == "/":
        return redirect(url_for("gate.front"))
    return None if on_site == (request.blueprint == "gate") else abort(404)


UNTYPEABLE = re.compile("[\x00\ud800-\udfff]")


def _refuse_garbage():
    """NUL and lone surrogates reach no database; nobody can type them (spec/7-bar.md IN-4)."""
    texts = [request.path, *_values(request.args)]
    if request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data"):
        texts += [*_values(request.form), *(file.filename or "" for _name, file in request.files.items(multi=True))]
    if any(UNTYPEABLE.search(text) for text in texts):
        abort(400, N_("The text contains a character that cannot be stored. Remove it and send the form again."))


def _values(sent):
    return [value for _name, value in sent.items(multi=True)]


def _refuse_foreign_origin():
    """Beside the CSRF token: what a browser says came from another site changes nothing (CS-1)."""
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("Origin")
    foreign = request.headers.get("Sec-Fetch-Site") == "cross-site" or (
        origin not in (None, "null") and origin != request.host_url.rstrip("/")
    )
    if foreign:
        abort(400, N_("This form came from another site. Open the portal and try again."))


class Login(LoginManager):
    """Knows a browser by its session's row only: a cookie that remembers somebody is neither set nor read (AU-7)."""

    def _load_user_from_remember_cookie(self, cookie):
        return None


def _install_login(app):
    login = Login(app)
    # Flask-Login's own protection hashes the client's address: a phone that changes network would be signed out.
    login.session_protection = None

    @login.user_loader
    def load(token):
        session = SignInSession.find(token, web.now())
        if session is None:
            return None
        g.session_id = session.id
        if not g.read_only and (web.now() - session.seen_at).total_seconds() > SEEN_EVERY:
            session.seen_at = web.now()
            SignInSession.update(seen_at=session.seen_at).where(SignInSession.id == session.id).execute()
        return web.SignedIn(session.user, session, token)


def _closed_by_default():
    if request.endpoint is None:
        return None
    if request.endpoint not in BEFORE_SET_UP and web.workspace() is None:
        return render_template("not_set_up.html"), 503
    if request.endpoint in OPEN_ENDPOINTS:
        return None
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    permission = request_permission()
    if permission is None or not web.user().may(permission):
        AuditEvent.write(web.stamp(), "access.denied", details={"endpoint": request.endpoint}, result="denied")
        abort(403)
    return _ask_for_password() if _needs_password() else None


def request_permission():
    from_view = current_app.view_functions[request.endpoint]
    return getattr(from_view, "permission", None)


def _ask_to_sign_in():
    if web.wants_json():
        return {"error": "sign in"}, 401
    return redirect(url_for("accounts.sign_in", next=_here()))


def _needs_password():
    view = current_app.view_functions[request.endpoint]
    if not getattr(view, "needs_sudo", False):
        return False
    return (web.now() - current_user.session.confirmed_at).total_seconds() > 600


def _ask_for_password():
    """A page is asked for again afterwards; a form that was being sent travels along and is not typed twice."""
    if request.method in SAFE_METHODS:
        return redirect(url_for("accounts.confirm_password", next=_here()))
    if web.wants_json():
        return {"error": "confirm password"}, 401
    target = request.full_path.rstrip("?")
    carried = web.carried_form()
    return render_template("accounts/confirm_password.html", carried=carried, target=target, error=""), 401


def _here():
    if request.method in SAFE_METHODS:
        return request.full_path.rstrip("?")
    return ""


def _finish(response: Response):
    if "token" in (request.view_args or {}):
        # The address itself opens a door: no page that is reached from here may learn it (CS-2).
        response.headers.setdefault("Referrer-Policy", "no-referrer")
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if web.settings().https:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Request-ID"] = g.get("request_id", "")
    _log(response)
    return response


def _log(response):
    if request.endpoint in ("static", "operation.healthz"):
        return
    line = {
        "request": g.get("request_id", ""),
        "method": request.method,
        # The rule and not the path: a path may hold a token.
        "rule": str(request.url_rule or "unknown"),
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
        "ip": request.remote_addr,
        "session": g.get("session_id"),
    }
    request_log.info(json.dumps(line))


def _give_back_connection(_error):
    # SQLite keeps its connection for the next request of this thread; a pool gets its own back.
    if database.obj is not None and not is_sqlite() and not database.is_closed():
        database.close()
