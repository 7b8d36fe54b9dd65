"""The pages behind /my/ (asking for a link, entering, choosing, reading, leaving) and the public pages beside them."""

import re

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, NotFound
from wtforms import EmailField, ValidationError

from portal import background, error_pages, web
from portal.accounts import throttle
from portal.accounts.models import normal_email
from portal.gate import entering, frozen
from portal.gate.models import SESSION_LIVES
from portal.gate.readers import of_address
from portal.i18n import LANGUAGES, N_
from portal.records import AuditEvent, Stamp
from portal.web import _

blueprint = Blueprint("gate", __name__)

MAIL_ADDRESS = re.compile(r"\s*[^@\s]{1,100}@[^@\s]{1,100}\s*")
LANGUAGE = f"<any({', '.join(LANGUAGES)}):language>"
FROZEN_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": FROZEN_POLICY.replace("form-action 'none'", "form-action 'self'"),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow",
}


class AskForm(web.Form):
    email = EmailField(N_("Your mail address"))

    def validate_email(self, field):
        if not MAIL_ADDRESS.fullmatch(field.data or ""):
            raise ValidationError(_("Type the mail address at which you were invited, like name@company.com."))


# --- coming in ----------------------------------------------------------------------------------------------------


@blueprint.get("/my/")
def front():
    session = _session()
    if session is None:
        return render_template("gate/front.html", form=AskForm(), asked="asked" in request.args)
    if len(of_address(session.reader.email, web.today())) > 1:
        return redirect(url_for(".chooser"))
    return redirect(_own_page(session.reader))


@blueprint.post("/my/")
def ask():
    """The answer is the same whether somebody has this address or not (spec/7-bar.md AU-5)."""
    form = AskForm()
    if not form.validate():
        return render_template("gate/front.html", form=form, asked=False), 400
    email = normal_email(form.email.data)
    throttle.check("reader.ask", email, _address(), web.now())
    throttle.failed("reader.ask", email, _address(), web.now())
    entering.ask(_stamp(), email, web.today())
    # Also for an address that nobody has, so that both take as long.
    background.soon("deliver")
    return redirect(url_for(".front", asked=1, language=web.language()), 303)


@blueprint.get("/my/enter/<token>")
def entrance(token):
    """Only a button: a mail scanner that opens the link neither comes in nor uses it up."""
    reader = entering.behind(token, web.now(), web.today())
    if reader is None:
        return _gone()
    _speak(reader.language)
    return render_template("gate/entrance.html", reader=reader)


@blueprint.post("/my/enter/<token>")
def enter(token):
    throttle.check("reader.enter", "", _address(), web.now())
    session_token = entering.enter(_stamp(), token, web.today(), request.user_agent.string)
    if session_token is None:
        throttle.failed("reader.enter", "", _address(), web.now())
        AuditEvent.write(_stamp(), "reader.sign_in", result="denied")
        return _gone()
    entering.leave(_stamp(), request.cookies.get(_cookie_name(), ""))
    answer = redirect(url_for(".front"), 303)
    answer.set_cookie(_cookie_name(), session_token, max_age=SESSION_LIVES, **_cookie_rules())
    return answer


def _gone():
    return render_template("gate/gone.html", form=AskForm()), 410


# --- one address, several partners --------------------------------------------------------------------------------


@blueprint.get("/my/choose")
def chooser():
    session = _session()
    if session is None:
        return redirect(url_for(".front"))
    readers = of_address(session.reader.email, web.today())
    return render_template("gate/chooser.html", readers=readers, current=session.reader)


@blueprint.post("/my/choose")
def choose():
    session = _session()
    if session is None:
        return redirect(url_for(".front"), 303)
    readers = of_address(session.reader.email, web.today())
    chosen = next((reader for reader in readers if str(reader.id) == request.form.get("reader")), None)
    if chosen is None:
        raise NotFound
    entering.switch(session, chosen)
    return redirect(_own_page(chosen), 303)


# --- reading ------------------------------------------------------------------------------------------------------


@blueprint.get(f"/my/{LANGUAGE}/")
def page(language):
    """The address names no partner: the session does."""
    session = _session()
    if session is None:
        return redirect(url_for(".front", language=language))
    found = entering.page_of(web.settings().site, session.reader, language)
    if found is None:
        return render_template("gate/nothing.html", languages=_languages(session.reader)), 404
    entering.read(_stamp(), session, found)
    return Response(found.content, mimetype="text/html", headers={"Content-Security-Policy": FROZEN_POLICY})


def _own_page(reader):
    """The page in the reader's own language if it is published, else in the first there is."""
    languages = _languages(reader)
    own = reader.language in languages or not languages
    return url_for(".page", language=reader.language if own else languages[0])


def _languages(reader):
    return entering.languages_of(web.settings().site, reader)


@blueprint.get("/public/", defaults={"path": ""})
@blueprint.get("/public/<path:path>")
def public(path):
    site = web.settings().site
    found = frozen.public_file(site, path)
    if found:
        return _public_answer(found, 200)
    if frozen.public_file(site, path + "/"):
        return redirect(url_for(".public", path=path + "/"))
    not_found = frozen.public_file(site, "404.html")
    if not_found is None:
        raise NotFound
    return _public_answer(not_found, 404)


def _public_answer(file, code):
    caching = "public, max-age=31536000, immutable" if file.lasts else "public, max-age=60"
    headers = {"Content-Security-Policy": FROZEN_POLICY, "Cache-Control": caching, "X-Robots-Tag": "all"}
    return Response(file.content, code, headers, mimetype=file.kind)


# --- leaving ------------------------------------------------------------------------------------------------------


@blueprint.get("/my/leave")
def leaving():
    session = _session()
    if session is None:
        return redirect(url_for(".front"))
    several = len(of_address(session.reader.email, web.today())) > 1
    return render_template("gate/leaving.html", reader=session.reader, several=several, back=_own_page(session.reader))


@blueprint.post("/my/leave")
def leave():
    entering.leave(_stamp(), request.cookies.get(_cookie_name(), ""))
    answer = redirect(url_for(".front"), 303)
    answer.delete_cookie(_cookie_name(), **_cookie_rules())
    return answer


# --- what all of them share ---------------------------------------------------------------------------------------


@blueprint.before_request
def _chosen_language():
    if request.args.get("language") in LANGUAGES:
        _speak(request.args["language"])


@blueprint.after_request
def _close(response):
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


@blueprint.errorhandler(CSRFError)
@blueprint.errorhandler(HTTPException)
def _error(error):
    """The portal's own error pages carry a script and lead to the portal; a reader gets a page of the gate."""
    if error.response is not None:
        return error.response
    title, way_out = error_pages.EXPLANATIONS.get(error.code, error_pages.UNEXPECTED)
    return render_template("gate/error.html", title=title, reason=way_out), error.code


@blueprint.errorhandler(throttle.TooMany)
def _too_many(error):
    title, way_out = error_pages.EXPLANATIONS[429]
    page = render_template("gate/error.html", title=title, reason=way_out)
    return page, 429, {"Retry-After": str(error.retry_after)}


def _session():
    """The reader's session, asked anew at every request; the page then speaks the reader's language."""
    session = entering.signed_in(request.cookies.get(_cookie_name(), ""), web.now(), web.today())
    if session and request.args.get("language") not in LANGUAGES:
        _speak(session.reader.language)
    return session


def _speak(language):
    g.language = language


def _stamp():
    """Whoever comes here is a stranger until a link says otherwise, even if a user is signed in beside it."""
    return Stamp(web.now(), "stranger", None, _address())


def _address():
    return request.remote_addr or ""


def _cookie_name():
    return "__Host-partner" if _https() else "partner"


def _cookie_rules():
    return {"path": "/", "httponly": True, "samesite": "Lax", "secure": _https()}


def _https():
    return web.settings().site_url.startswith("https:")
