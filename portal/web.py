"""What the views of all features share: the signed-in user and clock, the once-only post, the 409 page, pagination."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import abort, current_app, flash, g, jsonify, render_template, request
from flask_login import UserMixin, current_user
from flask_wtf import FlaskForm
from peewee import IntegrityError
from wtforms import ValidationError

from portal import i18n
from portal.accounts.models import Submission, Workspace
from portal.cell_values import is_mail_address
from portal.db import database
from portal.records import Stale, Stamp

PAGE_SIZE = 50
LARGEST_ID = 2**31 - 1


class SignedIn(UserMixin):
    """What Flask-Login carries: a user in one session. Its id is the session's token, never the user's number."""

    def __init__(self, user, session, token):
        self.user, self.session, self.token = user, session, token

    def get_id(self):
        return self.token


# --- who, when, in which language ---------------------------------------------------------------------------------


def user():
    """The signed-in user's row."""
    return current_user.user


def is_signed_in():
    return current_user.is_authenticated


def settings():
    return current_app.extensions["settings"]


def workspace():
    """The workspace's row, or None before the portal is set up."""
    if "workspace" not in g:
        g.workspace = Workspace.get_only()
    return g.workspace


def now():
    return datetime.now(UTC)


def timezone():
    if is_signed_in():
        return user().timezone
    return workspace().timezone if workspace() else "UTC"


def today():
    """The local calendar day of who asks."""
    return now().astimezone(ZoneInfo(timezone())).date()


def stamp():
    """Who does what this request asks for, when, and from where."""
    if is_signed_in():
        return Stamp(now(), "user", user().id, request.remote_addr or "")
    return Stamp(now(), "stranger", None, request.remote_addr or "")


def language():
    if "language" not in g:
        g.language = _language()
    return g.language


def _language():
    if is_signed_in():
        return user().locale
    chosen = request.args.get("language")
    if chosen in i18n.LANGUAGES:
        return chosen
    default = workspace().language if workspace() else i18n.DEFAULT_LANGUAGE
    return i18n.negotiate(request.headers.get("Accept-Language"), i18n.LANGUAGES, default)


def _(text, **values):
    said = i18n.translations(language()).gettext(text)
    return said % values if values else said


def ngettext(one, many, number, **values):
    return i18n.translations(language()).ngettext(one, many, number) % {"num": number, **values}


# --- rows ---------------------------------------------------------------------------------------------------------


def row_or_404(query, row_id):
    """The row with this id among those that the query lets the user see; anything else does not exist."""
    if not 0 < row_id <= LARGEST_ID:
        abort(404)
    return query.where(query.model.id == row_id).first() or abort(404)


@dataclass(frozen=True)
class Page:
    """One page of a list. `rows` are at most `size`; `total` counts all."""

    rows: list
    number: int
    size: int
    total: int

    @property
    def pages(self):
        return max(1, -(-self.total // self.size))


def page_of(query, size=PAGE_SIZE):
    """The page of the query that `?page=` asks for."""
    total = query.count()
    number = page_number(total, size)
    return Page(list(query.paginate(number, size)), number, size, total)


def page_number(total, size):
    """The number that `?page=` asks for, or the nearest one that there is."""
    last = max(1, -(-total // size))
    return min(max(request.args.get("page", 1, type=int), 1), last)


# --- forms --------------------------------------------------------------------------------------------------------


class Form(FlaskForm):
    """A form whose messages speak the user's language."""

    class Meta:
        @property
        def locales(self):
            return [language()]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self:
            field.label.text = _(field.label.text) if field.label.text else ""

    def content(self):
        """What was typed, as plain values: compared for replays, shown when two people edited the same row."""
        return {name: value for name, value in self.data.items() if name not in ("csrf_token", "client_uid", "version")}


def choices(labels, none=None):
    """The choices of a field from a registry of labels; `none` is the label of choosing nothing."""
    chosen = {} if none is None else {"": _(none)}
    return chosen | {code: _(label) for code, label in labels.items()}


def carried_form(*left_out):
    """(name, value) of what was sent, to travel along while something else is asked; never the token of the form."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", *left_out)]


def trimmed(text):
    """A form's filter: blanks around what was typed are slips."""
    return text.strip() if text else ""


def number_or_none(text):
    """A form's filter: the number of a row, or None for anything that is none."""
    return int(text) if str(text).isdecimal() and len(str(text)) < 10 else None


def shown_version(text):
    """A form's filter: the version of the row that it was shown with; 0, which no row has, for anything else."""
    return number_or_none(text) or 0


def must_be_mail_address(form, field):
    """What is blank is for DataRequired to refuse."""
    if field.data and not is_mail_address(field.data):
        raise ValidationError(_("Write a mail address like kim@example.com."))


def must_be_future_proof(form, field):
    """Dates outside 2000 to 2100 are slips of the finger (spec/7-bar.md IN-4)."""
    if field.data and not 2000 <= field.data.year <= 2100:
        raise ValidationError(_("Choose a day between the years 2000 and 2100."))


def wants_json():
    """Does the phone's queue ask, rather than a browser that shows a page?"""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


# --- once only ----------------------------------------------------------------------------------------------------


class OtherContent(Exception):
    """The same uid came before with other content. `submission` says what was stored then."""

    def __init__(self, submission):
        self.submission = submission


def once(client_uid, content, act):
    """(result row id, is new): `act()` stores a row; the same uid and content again gives the same row.

    Runs inside the request's transaction, so a uid is kept exactly when its work is (spec/7-bar.md RP-1)."""
    digest = content_hash(content)
    known = Submission.get_or_none((Submission.user == user()) & (Submission.client_uid == client_uid))
    if known is None:
        try:
            with database.atomic():
                row = act()
                Submission.create(
                    user=user(),
                    client_uid=client_uid,
                    content_hash=digest,
                    result_type=type(row).__name__,
                    result_id=row.id,
                    received_at=now(),
                )
                return row.id, True
        except (IntegrityError, Stale):
            # Two requests with one uid at the same moment: the other one was first.
            known = Submission.get_or_none((Submission.user == user()) & (Submission.client_uid == client_uid))
            if known is None:
                raise
    if known.content_hash != digest:
        raise OtherContent(known)
    return known.result_id, False


def content_hash(content):
    text = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def stored(row, is_new, client_uid, content):
    """The answer to a phone: 201 the first time, 200 for a replay, with uid and hash so that it may forget the item."""
    body = {"id": row.id, "client_uid": client_uid, "content_hash": content_hash(content), "version": row.version}
    return jsonify(body), 201 if is_new else 200


# --- two people, one row ------------------------------------------------------------------------------------------


def conflict_page(form, row, labels, action):
    """409: what is stored beside what was typed, field by field; both are kept until one of them is chosen.

    `labels`: field name → label of the fields to compare; `action`: the URL that the choice is sent to. What was
    typed in all other fields travels along unchanged."""
    fields = [
        {"name": name, "label": label, "theirs": getattr(row, name), "mine": getattr(form, name).data}
        for name, label in labels.items()
    ]
    differing = [field for field in fields if (field["theirs"] or "") != (field["mine"] or "")]
    # The choice is another command than the form that was refused: it goes under a uid of its own.
    shown = {field["name"] for field in differing} | {"csrf_token", "version", "client_uid"}
    carried = [(name, value) for name, value in request.form.items(multi=True) if name not in shown]
    if wants_json():
        return jsonify({"error": "conflict", "version": row.version, "fields": differing}), 409
    for field in differing:
        field["options"] = _options(getattr(form, field["name"]))
    return render_template("conflict.html", row=row, differing=differing, carried=carried, action=action), 409


def _options(field):
    """[(value, label)] of a field that is chosen from a list; both sides are then shown by their labels."""
    if not getattr(field, "choices", None) or field.has_groups():
        return []
    return [(value, label) for value, label, *_ in field.iter_choices()]


# --- what the next page says --------------------------------------------------------------------------------------


def note(text, kind="", *, undo_url=None):
    """A line on the next page; with `undo_url` it carries a button that posts there. Kinds: "", info, warn, bad."""
    flash((text, undo_url), kind)


# --- where to go next ---------------------------------------------------------------------------------------------


def safe_next(default, name="next"):
    """The address in `next`, if a browser would take it as a path of this site; else the default (IN-2)."""
    target = request.values.get(name, "")
    plain = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if plain and target.isprintable() else default
