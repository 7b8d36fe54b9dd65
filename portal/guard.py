"""What runs around every request: closed doors, one transaction, security headers, the log line, error pages."""

import json
import logging
import re
import secrets
import time
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, redirect, render_template, request, url_for
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from peewee import DatabaseError, InterfaceError, OperationalError, PeeweeException
from werkzeug.exceptions import HTTPException, SecurityError, ServiceUnavailable, TooManyRequests

from portal import i18n, read_only, web
from portal.accounts import passwords, throttle
from portal.accounts.models import SignInSession
from portal.db import DATABASE_ERRORS, UNFIT_VALUES, database, is_sqlite
from portal.i18n import N_
from portal.records import AuditEvent, Stale

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
    app.register_error_handler(HTTPException, _error_page)
    app.register_error_handler(CSRFError, _expired_form)
    app.register_error_handler(throttle.TooMany, _wait)
    app.register_error_handler(passwords.Busy, _busy)
    for error in DATABASE_ERRORS:
        app.register_error_handler(error, _database_trouble)
    # Two people pressed at the same moment, and a form without texts has nothing to lay side by side.
    app.register_error_handler(Stale, lambda error: _error_page(error, 409))
    app.register_error_handler(OverflowError, lambda error: _error_page(error, 404))
    app.register_error_handler(RecursionError, lambda error: _error_page(error, 400))
    app.register_error_handler(Exception, _unexpected)


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
    megabytes = getattr(web.current_app.view_functions.get(request.endpoint), "megabytes", None)
    if megabytes and current_user.is_authenticated and web.user().may(request_permission()):
        request.max_content_length = megabytes * 1024 * 1024


def _refuse_while_read_only():
    if g.read_only and request.method not in SAFE_METHODS:
        abort(503, READ_ONLY)


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


EXPLANATIONS = {
    400: (N_("This could not be understood"), N_("Something in the address or the form is not as it should be.")),
    401: (N_("Sign in first"), N_("Your session has ended. Sign in, and what you typed can be sent.")),
    403: (N_("This is not for your role"), N_("Ask an administrator if you need it.")),
    404: (N_("There is nothing here"), N_("It may have been moved, or it belongs to somebody else.")),
    405: (N_("This cannot be done here"), N_("Go back and use the page's own buttons.")),
    409: (N_("Somebody else was here"), N_("What is stored has changed since you opened it.")),
    410: (N_("This link has been used or is too old"), N_("Ask for a new one.")),
    413: (N_("This is too large"), N_("Send a smaller file or a shorter text.")),
    429: (N_("Too many tries"), N_("Wait a while and try again.")),
    503: (
        N_("The portal cannot answer right now"),
        N_("Nothing was stored. Try again in a minute; keep this page open."),
    ),
}
READ_ONLY = N_("Nothing was stored: the portal found damage and only shows what it has. Tell your administrator.")
DISK_FULL = N_("Nothing was stored: the server has no room left. Tell your administrator, and keep this page open.")
UNEXPECTED = (
    N_("Something went wrong"),
    N_("Nothing was stored. Go back, what you typed is still there; then try again."),
)


def _error_page(error, code=None):
    if isinstance(request.routing_exception, SecurityError):
        # Asked for under a name that is not ours: there is no address to show a page of ours with.
        return Response("This portal has another address.\n", 400, mimetype="text/plain")
    code = code or getattr(error, "code", 500)
    title, way_out = EXPLANATIONS.get(code, UNEXPECTED)
    said = getattr(error, "description", None)
    known = said if said and isinstance(error, HTTPException) and said != type(error).description else way_out
    if isinstance(error, HTTPException) and error.response is not None:
        return error.response
    if web.wants_json():
        return {"error": web._(title), "reason": web._(known), "request": g.get("request_id", "")}, code
    return render_template("error.html", code=code, title=title, reason=known), code


def _expired_form(error):
    return _error_page(error, 400)


def _wait(error):
    """Too many wrong tries: the same answer for every name (spec/7-bar.md AU-4)."""
    return _later(error, TooManyRequests(N_("Too many tries did not succeed. Wait a quarter of an hour.")))


def _busy(error):
    return _later(error, ServiceUnavailable(N_("Many people are signing in right now. Try again in a few seconds.")))


def _later(error, said):
    answer = current_app.make_response(_error_page(said))
    answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _database_trouble(error):
    """A database that is away, full or broken: plain words, nothing acknowledged (spec/7-bar.md CR-6 to CR-8)."""
    if isinstance(error, UNFIT_VALUES):
        return _unfit(error)
    if isinstance(error, PeeweeException) and not _is_outage(error):
        return _unexpected(error)
    logging.getLogger("portal").error("database: %s", error, extra={"request_id": g.get("request_id", "")})
    title, reason = EXPLANATIONS[503]
    if read_only.is_damage(error):
        read_only.begin(web.settings(), f"a request met a damaged database: {error}")
        reason = READ_ONLY
    elif read_only.is_disk_full(error):
        reason = DISK_FULL
    return _plain_page(title, reason), 503, {"Retry-After": "10"}


def _is_outage(error):
    return isinstance(error, (OperationalError, InterfaceError)) or type(error) is DatabaseError


def _unfit(error):
    """A number or text that no column can hold, past the forms' own limits (spec/7-bar.md IN-4)."""
    logging.getLogger("portal").exception("unfit value", extra={"request_id": g.get("request_id", "")})
    return _error_page(error, 400)


def _plain_page(title, reason):
    """Drawn without anything that is stored: no user, no workspace, the browser's own language."""
    texts = i18n.translations(i18n.negotiate(request.headers.get("Accept-Language")))
    title, reason = texts.gettext(title), texts.gettext(reason)
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return {"error": title, "reason": reason, "request": g.get("request_id", "")}
    return web.current_app.jinja_env.get_template("plain_error.html").render(
        title=title, reason=reason, request_id=g.get("request_id", "")
    )


def _unexpected(error):
    logging.getLogger("portal").exception("unexpected", extra={"request_id": g.get("request_id", "")})
    return _error_page(error, 500)
