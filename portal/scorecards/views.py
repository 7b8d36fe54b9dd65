"""The scorecard of one partner: both scores, every KPI, and where each number comes from."""

from flask import Blueprint, render_template

from portal import charts, formats, web
from portal.accounts.permissions import requires
from portal.i18n import N_
from portal.kpis.library import in_words
from portal.partners.models import Partner
from portal.scorecards.lineage import origins, targets_of
from portal.scorecards.models import RAG, ScoreSnapshot
from portal.scorecards.scorecard import scorecards
from portal.scorecards.scoring import blocks_promotion
from portal.web import _

blueprint = Blueprint("scorecards", __name__)

NO_TARGET = N_("No target")
SOURCES = {"import": N_("Import"), "orders": N_("Sum of order lines"), "typed": N_("Typed by hand")}
CHART_WIDTH = 200


@blueprint.get("/partners/<int:partner_id>/scorecard")
@requires("kpi.read")
def of_partner(partner_id):
    visible = Partner.allowed(web.user(), "kpi.read", web.today()).where(Partner.archived_at.is_null())
    partner = web.row_or_404(visible, partner_id)
    chosen = Partner.select().where(Partner.id == partner.id)
    card = scorecards(chosen, web.today(), web.workspace().fiscal_year_first_month)[partner.id]
    return render_template(
        "scorecards/of_partner.html",
        partner=partner,
        card=card,
        sides=((_("The partner"), card.yours), (_("Us"), card.ours)),
        snapshots=ScoreSnapshot.history(partner),
        rows=_rows(partner, card),
        sources=SOURCES,
        status_words=RAG,
        may_edit_figures=Partner.allowed(web.user(), "target.edit", web.today())
        .where(Partner.id == partner.id)
        .exists(),
    )


def _rows(partner, card):
    """{kpi id: what the template shows of its line}: texts, drawings and lineage, made here and not there."""
    lines = {line.kpi.id: line for line in (*card.yours.lines, *card.ours.lines)}
    months, targets = origins(partner, card.period), targets_of(lines.values())
    return {
        kpi_id: {
            "name": in_words(line.kpi, line.kpi.name, _),
            "formula": in_words(line.kpi, line.kpi.formula, _),
            "meaning": in_words(line.kpi, line.kpi.meaning, _),
            "word": NO_TARGET if line.rag == "none" and line.actual is not None else RAG[line.rag],
            "spark": _spark(line),
            "bullet": _bullet(line),
            "points": None if line.points is None else line.points * line.weight,
            "blocks": blocks_promotion(line.points, line.kpi.gate),
            "months": months.get(kpi_id, []),
            "targets": targets.get(kpi_id, []),
        }
        for kpi_id, line in lines.items()
    }


def _said(value, kpi):
    return formats.quantity(value, kpi.unit, web.language(), web.workspace().currency)


def _spark(line):
    measured = [value for value in line.trend if value is not None]
    if len(measured) < 2:
        return ""
    name = in_words(line.kpi, line.kpi.name, _)
    first, last = _said(measured[0], line.kpi), _said(measured[-1], line.kpi)
    title = _("%(name)s over twelve months: %(first)s to %(last)s", name=name, first=first, last=last)
    return charts.sparkline(line.trend, title, width=CHART_WIDTH, height=40)


def _bullet(line):
    if line.actual is None or line.target is None:
        return ""
    title = _("%(actual)s of %(target)s", actual=_said(line.actual, line.kpi), target=_said(line.target, line.kpi))
    floor = None if line.kpi.direction == "range" else line.floor
    return charts.bullet(line.actual, line.target, title, floor=floor, status=line.rag, width=CHART_WIDTH)
