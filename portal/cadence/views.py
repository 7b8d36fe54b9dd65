"""How often each class is visited, with effective dates, and the pauses of one partner."""

from flask import Blueprint, redirect, render_template, request, url_for

from portal import web
from portal.accounts.permissions import requires
from portal.cadence.defaults import ensure_classes
from portal.cadence.forms import ClassForm, PauseForm, PolicyForm
from portal.cadence.models import COUNTING, CadencePolicy, CoverageException
from portal.cadence.policies import in_force
from portal.partners.models import Partner, PartnerClass
from portal.records import Stale

blueprint = Blueprint("cadence", __name__)

COPIED = ("visits_per_year", "ideal_days", "max_days", "visit_minutes", "on_site", "video", "phone")


@blueprint.get("/admin/classes")
@requires("workspace.manage")
def classes():
    return _classes_page(ClassForm(data={"rank": PartnerClass.by_rank().count() + 1}))


@blueprint.post("/admin/classes")
@requires("workspace.manage")
def add_class():
    form = ClassForm(taken={one.code for one in PartnerClass.by_rank()})
    if not form.validate():
        return _classes_page(form, 422)
    made = PartnerClass.add(web.stamp(), code=form.code.data, name=form.name.data, rank=form.rank.data)
    web.note(web._("The class is added. Now say how often it is visited."))
    return redirect(url_for("cadence.one_class", class_id=made.id), 303)


@blueprint.post("/admin/classes/usual")
@requires("workspace.manage")
def usual_classes():
    ensure_classes(web.stamp())
    web.note(web._("The usual classes A to D are there."))
    return redirect(url_for("cadence.classes"), 303)


def _classes_page(form, status=200):
    held = list(PartnerClass.by_rank())
    return render_template("cadence/classes.html", classes=held, policies=in_force(web.today()), form=form), status


@blueprint.get("/admin/classes/<int:class_id>")
@requires("workspace.manage")
def one_class(class_id):
    held = web.row_or_404(PartnerClass.by_rank(), class_id)
    policy = in_force(web.today()).get(held.id)
    shown = {name: getattr(policy, name) for name in COPIED} if policy else {"visits_per_year": 0, "visit_minutes": 90}
    form = PolicyForm(data=shown | {"from_on": web.today()})
    return _class_page(held, ClassForm(obj=held), form)


@blueprint.post("/admin/classes/<int:class_id>")
@requires("workspace.manage")
def save_class(class_id):
    held = web.row_or_404(PartnerClass.by_rank(), class_id)
    form = ClassForm(taken={one.code for one in PartnerClass.by_rank() if one != held})
    if not form.validate():
        return _class_page(held, form, PolicyForm(formdata=None), 422)
    facts = {"code": form.code.data, "name": form.name.data, "rank": form.rank.data}
    try:
        held.change(web.stamp(), version=form.version.data, **facts)
    except Stale as stale:
        return web.conflict_page(form, stale.row, {name: form[name].label.text for name in facts}, request.path)
    web.note(web._("The class is saved."))
    return redirect(url_for("cadence.classes"), 303)


@blueprint.post("/admin/classes/<int:class_id>/policies")
@requires("workspace.manage")
def add_policy(class_id):
    held = web.row_or_404(PartnerClass.by_rank(), class_id)
    # The first policy of a class may reach back: before it nothing was promised to anybody.
    form = PolicyForm(earliest_on=web.today() if held.policies.exists() else None)
    if not form.validate():
        return _class_page(held, ClassForm(formdata=None, obj=held), form, 422)
    CadencePolicy.set(web.stamp(), held, form.from_on.data, **form.facts())
    web.note(web._("The cadence is saved."))
    return redirect(url_for("cadence.one_class", class_id=held.id), 303)


def _class_page(held, class_form, form, status=200):
    history = list(CadencePolicy.history(held))
    page = {"held": held, "class_form": class_form, "form": form, "history": history, "counting": COUNTING}
    return render_template("cadence/class.html", **page), status


# --- pauses -------------------------------------------------------------------------------------------------------


@blueprint.get("/partners/<int:partner_id>/pauses")
@requires("visit.read")
def pauses(partner_id):
    partner = web.row_or_404(Partner.visible_to(web.user(), web.today()), partner_id)
    return _pauses_page(partner, PauseForm(today=web.today(), data={"from_on": web.today()}))


@blueprint.post("/partners/<int:partner_id>/pauses")
@requires("target.edit")
def add_pause(partner_id):
    partner, form = web.row_or_404(_pausable(), partner_id), PauseForm(today=web.today())
    if not form.validate():
        return _pauses_page(partner, form, 422)
    if CoverageException.overlapping(partner, form.from_on.data, form.until_on.data).exists():
        form.from_on.errors = [*form.from_on.errors, web._("There is a pause in these days already. End it first.")]
        return _pauses_page(partner, form, 422)
    days = {"from_on": form.from_on.data, "until_on": form.until_on.data}
    CoverageException.add(web.stamp(), partner=partner, reason=form.reason.data, **days)
    web.note(web._("The pause is saved."))
    return redirect(url_for("cadence.pauses", partner_id=partner.id), 303)


@blueprint.post("/partners/<int:partner_id>/pauses/<int:pause_id>/end")
@requires("target.edit")
def end_pause(partner_id, pause_id):
    partner = web.row_or_404(_pausable(), partner_id)
    web.row_or_404(CoverageException.of(partner), pause_id).end(web.stamp(), web.today())
    web.note(web._("Visits are expected again from today."))
    return redirect(url_for("cadence.pauses", partner_id=partner.id), 303)


def _pausable():
    """A pause lowers what is expected: who decides about targets decides about it."""
    return Partner.allowed(web.user(), "target.edit", web.today()).where(Partner.archived_at.is_null())


def _pauses_page(partner, form, status=200):
    may_pause = web.user().may("target.edit") and _pausable().where(Partner.id == partner.id).exists()
    page = {"partner": partner, "form": form, "pauses": list(CoverageException.of(partner)), "may_pause": may_pause}
    return render_template("cadence/pauses.html", **page), status
