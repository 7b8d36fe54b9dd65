"""What an administrator looks after: the list of users, the company, mail, and who did what."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for

from portal import web
from portal.accounts import audit, outbox, people
from portal.accounts.audit_words import ACTORS, KINDS, RESULTS, happening
from portal.accounts.forms import STATES, AuditFilter, UserFilter, WorkspaceForm
from portal.accounts.models import OutboxMessage, Team, User
from portal.accounts.permissions import ALL, ROLE_LABELS, requires
from portal.i18n import N_
from portal.records import AuditEvent, Stale

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

TEST_SUBJECT = N_("A test mail from your partner portal")
TEST_BODY = N_("This mail was sent from the partner portal of %(company)s. So mails get through.\n")


@blueprint.get("/users")
@requires("users.manage")
def users():
    form = UserFilter.asked(request.args, Team.select().order_by(Team.name))
    sort = request.args.get("sort", "name")
    found = people.users(
        words=form.words.data or "", role=form.role.data, team=form.team.data, state=form.state.data, sort=sort
    )
    return render_template(
        "admin/users.html", form=form, page=web.page_of(found), sort=sort, roles=ROLE_LABELS, states=STATES
    )


# --- the company --------------------------------------------------------------------------------------------------


@blueprint.route("/workspace", methods=["GET", "POST"])
@requires("workspace.manage", sudo=True)
def workspace():
    row = web.workspace()
    form = WorkspaceForm(obj=row)
    if form.validate_on_submit():
        try:
            row.change(web.stamp(), version=form.version.data, **form.columns())
        except Stale as stale:
            labels = {name: form[name].label.text for name in form.columns()}
            return web.conflict_page(form, stale.row, labels, request.path)
        web.note(web._("The company's settings are saved."))
        return redirect(url_for("admin.workspace"), 303)
    page = render_template("admin/workspace.html", form=form, mail=_mail_facts())
    return page, 400 if form.is_submitted() else 200


def _mail_facts():
    """How mail goes out, without the password of the mail server."""
    settings = web.settings()
    return {"server": bool(settings.mail_url), "sender": settings.mail_from, "folder": settings.outbox}


@blueprint.post("/test-mail")
@requires("workspace.manage")
def send_test_mail():
    user = web.user()
    body = web._(TEST_BODY, company=web.workspace().name)
    outbox.post(web.stamp(), user.email, user.name, web._(TEST_SUBJECT), body)
    web.note(web._("A test mail to %(email)s waits in the outbox and goes out within a minute.", email=user.email))
    return redirect(url_for("admin.outbox"), 303)


# --- mail ---------------------------------------------------------------------------------------------------------


@blueprint.get("/outbox", endpoint="outbox")
@requires("workspace.manage")
def outbox_page():
    page = web.page_of(OutboxMessage.select().order_by(OutboxMessage.id.desc()))
    return render_template(
        "admin/outbox.html", page=page, most=outbox.MOST_ATTEMPTS, given_up=outbox.given_up().count()
    )


@blueprint.post("/outbox/<int:message_id>/again")
@requires("workspace.manage")
def try_again(message_id):
    message = web.row_or_404(OutboxMessage.select().where(OutboxMessage.sent_at.is_null()), message_id)
    outbox.try_again(message, web.now())
    AuditEvent.write(web.stamp(), "Outbox.try_again", message)
    web.note(web._("It is tried again within a minute."))
    return redirect(url_for("admin.outbox"), 303)


# --- who did what -------------------------------------------------------------------------------------------------


@blueprint.get("/audit", endpoint="audit")
@requires("audit.read")
def audit_page():
    readable = audit.readable_by(web.user())
    form = _audit_filter()
    page = web.page_of(_narrowed(readable, form).order_by(AuditEvent.id.desc()))
    return render_template(
        "admin/audit.html",
        form=form,
        page=page,
        names=_names(page.rows),
        actors=ACTORS,
        results=RESULTS,
        happening=happening,
    )


def _audit_filter():
    form = AuditFilter(request.args)
    actors = audit.actors_readable_by(web.user()).order_by(User.name)
    form.who.choices = [("", web._("Everybody")), *((str(user.id), user.name) for user in actors)]
    if web.user().relation("audit.read") == ALL:
        form.who.choices += [(kind, web._(label)) for kind, label in ACTORS.items()]
    form.what.choices = [("", web._("Everything")), *((code, web._(label)) for code, (label, _) in KINDS.items())]
    form.result.choices = web.choices(RESULTS, N_("All"))
    return form


def _narrowed(query, form):
    who = form.who.data or ""
    if who.isdecimal():
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


def _names(events):
    ids = {event.actor_id for event in events if event.actor_kind == "user"}
    return dict(User.select(User.id, User.name).where(User.id.in_(ids)).tuples())
