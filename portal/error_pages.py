"""What is answered when something is wrong: plain words, the way out, and the request's id; nothing was stored."""

import logging

from flask import Response, current_app, g, render_template, request
from peewee import DatabaseError, InterfaceError, OperationalError, PeeweeException
from werkzeug.exceptions import HTTPException, SecurityError, ServiceUnavailable, TooManyRequests

from portal import i18n, read_only, web
from portal.accounts import passwords, throttle
from portal.db import DATABASE_ERRORS, UNFIT_VALUES
from portal.i18n import N_
from portal.records import Stale

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


def install(app):
    app.register_error_handler(HTTPException, _error_page)
    app.register_error_handler(throttle.TooMany, _wait)
    app.register_error_handler(passwords.Busy, _busy)
    for error in DATABASE_ERRORS:
        app.register_error_handler(error, _database_trouble)
    # Two people pressed at the same moment, and a form without texts has nothing to lay side by side.
    app.register_error_handler(Stale, lambda error: _error_page(error, 409))
    app.register_error_handler(OverflowError, lambda error: _error_page(error, 404))
    app.register_error_handler(RecursionError, lambda error: _error_page(error, 400))
    app.register_error_handler(Exception, _unexpected)


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
    if web.wants_json():
        return {"error": title, "reason": reason, "request": g.get("request_id", "")}
    return current_app.jinja_env.get_template("plain_error.html").render(
        title=title, reason=reason, request_id=g.get("request_id", "")
    )


def _unexpected(error):
    logging.getLogger("portal").exception("unexpected", extra={"request_id": g.get("request_id", "")})
    return _error_page(error, 500)
