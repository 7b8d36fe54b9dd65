"""What an administrator looks after: the list of users, the company, and its mail."""

from flask import Blueprint, redirect, render_template, request, url_for

from portal import web
from portal.accounts import outbox, people
from portal.accounts.forms import STATES, UserFilter, WorkspaceForm
from portal.accounts.models import OutboxMessage, Team
from portal.accounts.permissions import ROLE_LABELS, requires
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
