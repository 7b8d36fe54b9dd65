"""The pages that read from all features: Today, the list of partners, a partner's overview, the search."""

from flask import Blueprint, Response, redirect, render_template, request, url_for

from portal import formats, web
from portal.accounts.permissions import ALL, MANAGER, requires
from portal.cadence.standing import standings
from portal.field.asked import asked
from portal.field.export import rows_of
from portal.field.overview import map_url, overview
from portal.field.search import MOST, search as search_for
from portal.field.today import day_of, team_of
from portal.i18n import N_
from portal.partners.directory import NOBODY, narrowed
from portal.partners.models import STATUSES, TYPES, Partner
from portal.records import AuditEvent
from portal.spreadsheets import write_csv
from portal.visits.models import MODES

blueprint = Blueprint("field", __name__)


@blueprint.get("/")
@requires("self")
def today():
    user, day = web.user(), web.today()
    readable = Partner.visible_to(user, day)
    reads_all = user.relation("partner.read") == ALL
    # Whoever reads the whole channel still has a day of its own; the channel is under Coverage.
    partners = narrowed(readable, day, owner=user.id) if reads_all else readable
    stand = standings(partners, day)
    seen = day_of(user, partners, stand, day)
    team = team_of(user, stand, day) if user.role == MANAGER else []
    return render_template(
        "field/today.html",
        day=seen,
        answer=_answer_of(seen, nobody_to_visit=reads_all and not stand),
        team=team,
        no_partners=not (stand if not reads_all else readable.exists()),
        unassigned=narrowed(readable, day, owner=NOBODY).count() if reads_all else 0,
    )


def _answer_of(day, nobody_to_visit):
    """The first line of Today: what is most urgent."""
    if nobody_to_visit:
        return web._("The whole channel is under Coverage.")
    if not day.unanswered:
        return _overdue(day)
    asked_for = web.ngettext(
        "%(num)s planned visit needs an answer.", "%(num)s planned visits need an answer.", len(day.unanswered)
    )
    return f"{asked_for} {_overdue(day)}" if day.overdue else asked_for


def _overdue(day):
    if day.overdue:
        return web.ngettext("%(num)s partner is overdue.", "%(num)s partners are overdue.", day.overdue)
    return web._("No partner is overdue.")


@blueprint.get("/partners")
@requires("partner.read")
def partners():
    wanted = asked(Partner.visible_to(web.user(), web.today()))
    page = wanted.page(web.PAGE_SIZE)
    return render_template("field/partners.html", form=wanted.form, sort=wanted.sort, page=page, may=web.user().may)


@blueprint.get("/partners/export")
@requires("partner.read")
def export_partners():
    wanted = asked(Partner.visible_to(web.user(), web.today()))
    rows = rows_of(wanted.lines(), web._)
    AuditEvent.write(web.stamp(), "export.partners", details={"partners": len(wanted.ids)})
    name = f"partners-{web.today().isoformat()}.csv"
    return Response(
        write_csv(rows),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@blueprint.get("/partners/<int:partner_id>")
@requires("partner.read")
def partner(partner_id):
    user, day = web.user(), web.today()
    row = web.row_or_404(Partner.allowed(user, "partner.read", day), partner_id)
    if row.merged_into_id:
        return redirect(url_for("field.partner", partner_id=row.survivor.id), 308)
    if row.archived_at:
        return render_template("partners/archived.html", partner=row, may_bring_back=user.may("partner.assign"))
    seen = overview(row, day)
    return render_template(
        "field/partner.html",
        partner=row,
        seen=seen,
        answer=answer(seen.standing, day),
        map_url=map_url(row),
        may=user.may,
        status_labels=STATUSES,
        type_labels=TYPES,
        mode_labels=MODES,
    )


NO_DAY = {
    "paused": N_("Visits are paused."),
    "on_demand": N_("Visited on demand."),
    "unclassified": N_("Without a class nobody knows when a visit is due."),
}


def answer(standing, day):
    """The first line about a partner: when a visit is due, and whether one is planned."""
    if not standing.planned_on:
        return _due(standing, day)
    planned = web._("Next visit on %(day)s.", day=formats.weekday(standing.planned_on, web.language()))
    return f"{_due(standing, day)} {planned}"


def _due(standing, day):
    if standing.latest_on is None:
        return web._(NO_DAY[standing.status])
    if standing.latest_on < day:
        return web.ngettext("Overdue by %(num)s day.", "Overdue by %(num)s days.", (day - standing.latest_on).days)
    if standing.due_on <= day:
        left = (standing.latest_on - day).days
        return web.ngettext("Due now: %(num)s day left.", "Due now: %(num)s days left.", left)
    return web.ngettext("Due in %(num)s day.", "Due in %(num)s days.", (standing.due_on - day).days)


@blueprint.get("/search")
@requires("partner.read")
def search():
    text = request.args.get("q", "").strip()[:200]
    found = search_for(web.user(), text, web.today())
    answer = web.ngettext("%(num)s found", "%(num)s found", found.total) if text else ""
    return render_template("field/search.html", text=text, found=found, answer=answer, most=MOST)


@blueprint.app_template_filter("dialled")
def dialled(phone):
    """A phone number as a telephone link takes it: `+46 (0)19-12 34` becomes `+46191234`."""
    plain = phone.replace("(0)", "")
    return ("+" if plain.strip().startswith("+") else "") + "".join(sign for sign in plain if sign.isdigit())


@blueprint.app_template_filter("web_address")
def web_address(typed):
    """What was typed as a website, as a link that can only lead to a website."""
    return typed if typed.lower().startswith(("http://", "https://")) else f"https://{typed}"
