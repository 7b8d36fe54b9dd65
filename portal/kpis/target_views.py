"""Targets of classes, users and partners, and a partner's monthly figures typed by hand."""

from flask import Blueprint, abort, redirect, render_template, url_for
from peewee import JOIN

from portal import web
from portal.accounts.models import User
from portal.accounts.permissions import ALL, requires
from portal.kpis.forms import ActualForm, TargetForm
from portal.kpis.models import Kpi, KpiActual, KpiTarget
from portal.kpis.targets import overlapping
from portal.partners.models import Partner, PartnerClass

blueprint = Blueprint("targets", __name__)

SHOWN_MONTHS = 60


def _partners():
    return Partner.allowed(web.user(), "target.edit", web.today()).where(Partner.archived_at.is_null())


def _targets():
    """The targets that this user may change: of the own partners and team; of classes only who decides for all."""
    if web.user().relation("target.edit") == ALL:
        return KpiTarget.select()
    own = KpiTarget.partner.in_(_partners().select(Partner.id)) | KpiTarget.user.in_(User.team_of(web.user()))
    return KpiTarget.select().where(own)


def _scopes():
    """Value → label of the classes and users that this user may set targets for."""
    scopes, people = {}, User.who_own_partners()
    if web.user().relation("target.edit") == ALL:
        scopes |= {f"partner_class:{row.id}": web._("Class %(code)s", code=row.code) for row in PartnerClass.by_rank()}
    else:
        people = people.where(User.id.in_(User.team_of(web.user())))
    return scopes | {f"user:{person.id}": person.name for person in people}


def _store(form, scope):
    """Adds the target of a valid form, unless another one holds on some of its days."""
    held = overlapping(form.kpi.data, form.from_on.data, form.until_on.data, **scope)
    if held is None:
        KpiTarget.add(web.stamp(), **form.columns(), **scope)
        web.note(web._("The target is saved."))
        return True
    days = {"from_on": held.from_on, "until_on": held.until_on}
    said = web._("A target holds from %(from_on)s until %(until_on)s already.", **days)
    form.from_on.errors = [*form.from_on.errors, said]
    return False


# --- of classes and users -----------------------------------------------------------------------------------------


@blueprint.get("/kpis/targets")
@requires("target.edit")
def overview():
    return _overview(_scope_form())


@blueprint.post("/kpis/targets")
@requires("target.edit")
def add():
    form = _scope_form()
    if form.validate():
        name, row_id = form.scope.data.split(":")
        if _store(form, {name: int(row_id)}):
            return redirect(url_for("targets.overview"), 303)
    return _overview(form), 422


def _scope_form():
    return TargetForm(list(Kpi.living()), _scopes())


def _overview(form):
    shown = (
        _targets()
        .select(KpiTarget, Kpi, User, PartnerClass)
        .join_from(KpiTarget, Kpi)
        .join_from(KpiTarget, User, JOIN.LEFT_OUTER)
        .join_from(KpiTarget, PartnerClass, JOIN.LEFT_OUTER)
        .where(KpiTarget.partner.is_null())
        .order_by(KpiTarget.from_on.desc(), KpiTarget.id.desc())
    )
    return render_template("kpis/targets.html", form=form, page=web.page_of(shown))


@blueprint.post("/kpis/targets/<int:target_id>/delete")
@requires("target.edit")
def remove(target_id):
    target = web.row_or_404(_targets(), target_id)
    own_page = target.partner_id and url_for("targets.of_partner", partner_id=target.partner_id)
    target.remove(web.stamp())
    web.note(web._("The target is removed."))
    return redirect(own_page or url_for("targets.overview"), 303)


# --- of one partner -----------------------------------------------------------------------------------------------


@blueprint.get("/partners/<int:partner_id>/figures")
@requires("target.edit")
def of_partner(partner_id):
    partner = web.row_or_404(_partners(), partner_id)
    return _partner_page(partner, _target_form(partner), _actual_form())


@blueprint.post("/partners/<int:partner_id>/figures/targets")
@requires("target.edit")
def add_of_partner(partner_id):
    partner = web.row_or_404(_partners(), partner_id)
    form = _target_form(partner)
    if form.validate() and _store(form, {"partner": partner}):
        return redirect(url_for("targets.of_partner", partner_id=partner.id), 303)
    return _partner_page(partner, form, _actual_form(formdata=None)), 422


@blueprint.post("/partners/<int:partner_id>/figures/months")
@requires("target.edit")
def type_actual(partner_id):
    """Stores a month's figure; what was there before is in the audit log. Sums of order lines stay."""
    partner = web.row_or_404(_partners(), partner_id)
    form = _actual_form()
    if not form.validate():
        return _partner_page(partner, _target_form(partner, formdata=None), form), 422
    held = KpiActual.of_month(form.kpi.data, partner, form.month_on.data)
    if held and held.source == "orders":
        abort(409, web._("This month is summed from order lines. Correct the order lines and import them again."))
    place = (form.kpi.data, partner, form.month_on.data)
    KpiActual.type_in(web.stamp(), *place, web.today(), form.comment.data, **form.columns())
    web.note(web._("The figure is saved."))
    return redirect(url_for("targets.of_partner", partner_id=partner.id), 303)


def _target_form(partner, **options):
    form = TargetForm(list(Kpi.living()), {f"partner:{partner.id}": partner.name}, **options)
    form.scope.data = f"partner:{partner.id}"
    form.scope.raw_data = [form.scope.data]
    return form


def _actual_form(**options):
    typed = Kpi.living().where(Kpi.kind != "measured")
    return ActualForm(list(typed), web.today(), **options)


def _partner_page(partner, target_form, actual_form):
    targets = KpiTarget.select().where(KpiTarget.partner == partner).order_by(KpiTarget.from_on.desc())
    months = KpiActual.select().where(KpiActual.partner == partner)
    return render_template(
        "kpis/of_partner.html",
        partner=partner,
        target_form=target_form,
        actual_form=actual_form,
        targets=list(targets),
        months=list(months.order_by(KpiActual.month_on.desc(), KpiActual.kpi).limit(SHOWN_MONTHS)),
        kpis={kpi.id: kpi for kpi in Kpi.select()},
    )
