"""The library of KPIs: what is measured, in which unit, with which weight."""

from flask import Blueprint, redirect, render_template, request, url_for

from portal import web
from portal.accounts.permissions import requires
from portal.kpis.forms import KpiForm, code_from
from portal.kpis.library import in_words
from portal.kpis.models import DIRECTIONS, KINDS, SIDES, UNITS, Kpi
from portal.kpis.targets import MOST_KPIS
from portal.records import Stale

blueprint = Blueprint("kpis", __name__)


@blueprint.app_template_filter("kpi_name")
def kpi_name(kpi):
    """The name in the reader's language."""
    return in_words(kpi, kpi.name, web._)


@blueprint.get("/kpis")
@requires("kpi.read")
def library():
    kpis = list(Kpi.in_order())
    living = [kpi for kpi in kpis if kpi.retired_at is None]
    scored = [kpi.side for kpi in living if kpi.published and kpi.weight > 0]
    return render_template(
        "kpis/library.html",
        by_side={side: [kpi for kpi in living if kpi.side == side] for side in SIDES},
        retired=[kpi for kpi in kpis if kpi.retired_at is not None],
        crowded=[side for side in SIDES if scored.count(side) > MOST_KPIS],
        most=MOST_KPIS,
        words={"side": SIDES, "unit": UNITS, "kind": KINDS, "direction": DIRECTIONS},
    )


@blueprint.route("/kpis/new", methods=["GET", "POST"])
@requires("kpi.manage")
def create():
    form = KpiForm(data={"weight": 10, "cap_percent": 100, "published": True, "position": Kpi.select().count() + 1})
    if form.validate_on_submit():
        taken = {kpi.code for kpi in Kpi.select(Kpi.code)}
        Kpi.add(web.stamp(), code=code_from(form.name.data, taken), **form.columns())
        web.note(web._("The KPI is added. Give it a target, so that it is scored."))
        return redirect(url_for("kpis.library"), 303)
    return render_template("kpis/edit.html", form=form, kpi=None), 422 if form.is_submitted() else 200


@blueprint.route("/kpis/<int:kpi_id>", methods=["GET", "POST"])
@requires("kpi.manage")
def edit(kpi_id):
    kpi = web.row_or_404(Kpi.select(), kpi_id)
    form = KpiForm(kpi=kpi, has_figures=kpi.has_figures())
    if form.validate_on_submit():
        try:
            kpi.change(web.stamp(), version=form.version.data, **form.columns())
        except Stale as stale:
            labels = {name: form[name].label.text for name in form.columns()}
            return web.conflict_page(form, stale.row, labels, request.path)
        web.note(web._("The KPI is saved."))
        return redirect(url_for("kpis.library"), 303)
    page = render_template("kpis/edit.html", form=form, kpi=kpi)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/kpis/<int:kpi_id>/retirement")
@requires("kpi.manage")
def retire(kpi_id):
    """It is no longer measured; what was measured stays."""
    web.row_or_404(Kpi.select(), kpi_id).change(web.stamp(), action="Kpi.retire", retired_at=web.today())
    web.note(web._("The KPI is retired. Its figures are kept."), undo_url=url_for("kpis.bring_back", kpi_id=kpi_id))
    return redirect(url_for("kpis.library"), 303)


@blueprint.post("/kpis/<int:kpi_id>/retirement/delete")
@requires("kpi.manage")
def bring_back(kpi_id):
    web.row_or_404(Kpi.select(), kpi_id).change(web.stamp(), action="Kpi.bring_back", retired_at=None)
    web.note(web._("The KPI is measured again."))
    return redirect(url_for("kpis.library"), 303)
