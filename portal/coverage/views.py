"""Leadership's page of coverage, the names behind its numbers, and both as a table to take along."""

from flask import Blueprint, Response, abort, render_template, request

from portal import charts, formats, web
from portal.accounts.permissions import requires
from portal.cadence.standing import STATUSES
from portal.coverage.lines import lines_of, rows_of
from portal.coverage.ranges import FURTHEST_BACK, SPANS, range_of
from portal.coverage.report import BEHIND, BESIDE, GROUPS, Report
from portal.i18n import N_
from portal.partners.models import Partner
from portal.records import AuditEvent
from portal.spreadsheets import write_csv

blueprint = Blueprint("coverage", __name__)

BY_STANDING = {"too_late": N_("Overdue, or never visited in time"), **STATUSES}


@blueprint.get("/coverage")
@requires("coverage.read")
def overview():
    report, span, back = _asked()
    bars = _months(report) if span != "month" else []
    return render_template(
        "coverage/overview.html",
        report=report,
        figures=report.coverage,
        span=span,
        back=back,
        spans=SPANS,
        tables={by: (GROUPS[by][1], report.groups(by)) for by in _groups()},
        statuses=STATUSES,
        chart=_months_drawn(bars),
        months=[label for label, share in bars if share is not None],
        standing_bar=_standing_bar(report),
        group_bar=_group_bar,
    )


@blueprint.get("/coverage/names")
@requires("coverage.read")
def names():
    report, span, back = _asked()
    page = _page(_lines(report))
    group = {"by": request.args.get("by") or None, "of": request.args.get("of", type=int)}
    return render_template(
        "coverage/names.html",
        report=report,
        page=page,
        what=_label(_word()),
        address={"span": span, "back": back or None, "show": _word(), **group},
    )


@blueprint.get("/coverage/names.csv")
@requires("coverage.read")
def export():
    report, span, _back = _asked()
    lines = _lines(report)
    rows = rows_of(lines, web._, "person" in _groups())
    AuditEvent.write(web.stamp(), "export.coverage", details={"partners": len(lines)})
    name = f"coverage-{span}-{report.from_on.isoformat()}.csv"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(write_csv(rows), mimetype="text/csv", headers=disposition)


# --- what the address asks for ------------------------------------------------------------------------------------


def _asked():
    """(report, span, how many spans back)."""
    span = request.args.get("span", "quarter")
    back = min(max(request.args.get("back", 0, type=int), 0), FURTHEST_BACK)
    span = span if span in SPANS else "quarter"
    first_month = web.workspace().fiscal_year_first_month
    from_on, until_on = range_of(span, back, web.today(), first_month)
    return Report(Partner.allowed(web.user(), "coverage.read", web.today()), from_on, until_on, web.today()), span, back


def _groups():
    """By person only for those who lead: a colleague's figures are no league table."""
    may = web.user().may("coverage.by_person")
    return [by for by in GROUPS if by != "person" or may]


def _word():
    word = request.args.get("show", "all")
    return word if word in BEHIND or word in BESIDE or word in BY_STANDING else abort(404)


def _label(word):
    if word in BY_STANDING:
        return BY_STANDING[word]
    return BEHIND[word][0] if word in BEHIND else BESIDE[word][1]


def _lines(report):
    by = request.args.get("by", "")
    if by and by not in _groups():
        abort(404)
    ids = report.behind(_word(), by, request.args.get("of", type=int))
    return lines_of(report, ids, "person" in _groups())


def _page(lines):
    last = max(1, -(-len(lines) // web.PAGE_SIZE))
    number = min(max(request.args.get("page", 1, type=int), 1), last)
    shown = lines[(number - 1) * web.PAGE_SIZE : number * web.PAGE_SIZE]
    return web.Page(shown, number, web.PAGE_SIZE, len(lines))


def _months(report):
    return [(_bar_label(month_on, share), share) for month_on, share in report.reach_by_month()]


def _months_drawn(bars):
    title = web._("Partners seen since the start of the range, month by month")
    return charts.month_bars(bars, title) if bars else ""


def _standing_bar(report):
    parts = [(f"{web._(STATUSES[status])}: {number}", kind, number) for status, kind, number in report.standing_today()]
    return charts.shares(parts, web._("How partners stand today"))


# What the colours of a group's bar say, the most urgent first.
KIND_LABELS = {"bad": N_("Overdue"), "warn": N_("Due"), "none": N_("Not due yet"), "good": N_("Covered")}


def _group_bar(group):
    parts = [(f"{web._(label)}: {group.kinds[kind]}", kind, group.kinds[kind]) for kind, label in KIND_LABELS.items()]
    return charts.shares(parts, ", ".join(label for label, _kind, number in parts if number), height=14)


def _bar_label(month_on, share):
    said = "–" if share is None else formats.percent(share, web.language(), 0)
    return f"{formats.month(month_on, web.language())}: {said}"
