"""Who did what, and who read what: everybody sees the lines that the matrix gives him."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from wtforms import DateField, SelectField

from portal import formats, web
from portal.accounts import audit
from portal.accounts.models import User
from portal.accounts.permissions import ALL, requires
from portal.field.audit_names import names
from portal.field.audit_words import ACTORS, KINDS, RESULTS, happening
from portal.i18n import N_
from portal.records import AuditEvent
from portal.web import Form

blueprint = Blueprint("audit", __name__)


class AuditFilter(Form):
    class Meta(Form.Meta):
        csrf = False

    who = SelectField(N_("Who"))
    what = SelectField(N_("What"))
    result = SelectField(N_("Result"))
    from_on = DateField(N_("From"))
    until_on = DateField(N_("Until"))


@blueprint.get("/admin/audit")
@requires("audit.read")
def overview():
    form = _filter()
    page = web.page_of(_narrowed(audit.readable_by(web.user()), form).order_by(AuditEvent.id.desc()))
    return render_template(
        "field/audit.html",
        form=form,
        page=page,
        names=names(page.rows, lambda day: formats.short_day(day, web.language())),
        actors=ACTORS,
        results=RESULTS,
        happening=happening,
    )


def _filter():
    form = AuditFilter(request.args)
    actors = audit.actors_readable_by(web.user()).order_by(User.name)
    form.who.choices = [("", web._("Everybody")), *((str(user.id), user.name) for user in actors)]
    if web.user().relation("audit.read") == ALL:
        form.who.choices += [(kind, web._(label)) for kind, label in ACTORS.items() if kind != "user"]
    form.what.choices = [("", web._("Everything")), *((code, web._(label)) for code, (label, _) in KINDS.items())]
    form.result.choices = web.choices(RESULTS, N_("All"))
    return form


def _narrowed(query, form):
    who = form.who.data or ""
    if who.isdecimal() and len(who) < 10:
        query = query.where((AuditEvent.actor_kind == "user") & (AuditEvent.actor_id == int(who)))
    elif who in ACTORS:
        query = query.where(AuditEvent.actor_kind == who)
    if form.what.data in KINDS:
        query = query.where(KINDS[form.what.data][1])
    if form.result.data in RESULTS:
        query = query.where(AuditEvent.result == form.result.data)
    if form.from_on.data:
        query = query.where(AuditEvent.at >= _midnight(form.from_on.data))
    if form.until_on.data:
        query = query.where(AuditEvent.at < _midnight(form.until_on.data + timedelta(days=1)))
    return query


def _midnight(day):
    return datetime.combine(day, time.min, ZoneInfo(web.timezone()))
