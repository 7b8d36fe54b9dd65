"""Pages that make and change partners, their people, and the tiers of the programme."""

from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from peewee import fn

from portal import web
from portal.accounts.permissions import MANAGER, PAM, requires
from portal.db import fold
from portal.i18n import N_
from portal.partners.forms import ContactForm, NewContact, NewPartner, PartnerForm, TierForm
from portal.partners.models import Contact, Partner, Tier, TierAssignment
from portal.records import Stale
from portal.web import _

blueprint = Blueprint("partners", __name__)

COMPARED = {
    "name": N_("Name"),
    "type": N_("Type"),
    "address": N_("Street address"),
    "postcode": N_("Postcode"),
    "city": N_("Town"),
    "state": N_("State or county"),
    "country": N_("Country"),
    "phone": N_("Phone"),
    "website": N_("Website"),
    "locale": N_("Language of the partner"),
    "org_no": N_("Organisation number"),
    "partner_since_on": N_("Partner since"),
    "profile": N_("Profile"),
}
COMPARED_OF_CONTACT = {
    "name": N_("Name"),
    "title": N_("Title"),
    "function": N_("Works with"),
    "seniority": N_("Level"),
    "email": N_("Mail"),
    "phone": N_("Phone"),
    "locale": N_("Language"),
    "key_contact": N_("Key contact"),
}


def editable(partner_id, action="partner.edit"):
    """The living partner on which the user may do this, or 404."""
    allowed = Partner.allowed(web.user(), action, web.today())
    return web.row_or_404(allowed.where(Partner.archived_at.is_null()), partner_id)


def said(labels):
    return {name: _(label) for name, label in labels.items()}


# --- partners -----------------------------------------------------------------------------------------------------


@blueprint.route("/partners/new", methods=["GET", "POST"])
@requires("partner.create")
def create():
    form = NewPartner(name=request.args.get("name", "")[:200])
    same = _of_the_same_name(form) if form.validate_on_submit() else []
    if not form.is_submitted() or form.errors or (same and not form.despite_same_name.data):
        return render_template("partners/new.html", form=form, same=same), 200 if not form.is_submitted() else 422
    user = web.user()
    owner = user if user.role in (PAM, MANAGER) else None
    made = Partner.register(web.stamp(), form.name.data, web.today(), owner, city=form.city.data, locale=_language())
    web.note(_("%(name)s is added.", name=made.name))
    return redirect(_back_with(made), 303)


def _of_the_same_name(form):
    visible = Partner.visible_to(web.user(), web.today())
    return list(visible.where(Partner.sort_name == fold(form.name.data)[:200]).limit(5))


def _language():
    return web.workspace().language


def _back_with(partner):
    """Where the user came from, told which partner was made; else the partner's own page."""
    target = web.safe_next("")
    if not target:
        return url_for("field.partner", partner_id=partner.id)
    return f"{target}{'&' if '?' in target else '?'}{urlencode({'partner': partner.id})}"


@blueprint.route("/partners/<int:partner_id>/edit", methods=["GET", "POST"])
@requires("partner.edit")
def edit(partner_id):
    partner = editable(partner_id)
    form = PartnerForm(obj=partner)
    if form.validate_on_submit():
        try:
            partner.change(web.stamp(), version=form.version.data, **form.content())
        except Stale as stale:
            return web.conflict_page(form, stale.row, said(COMPARED), request.path)
        web.note(_("Saved."))
        return redirect(url_for("field.partner", partner_id=partner.id), 303)
    return _shown("partners/edit.html", form, partner=partner)


def _shown(template, form, **values):
    return render_template(template, form=form, **values), 422 if form.errors else 200


@blueprint.post("/partners/<int:partner_id>/archive")
@requires("partner.assign")
def archive(partner_id):
    partner = editable(partner_id, "partner.assign").archive(web.stamp())
    undo_url = url_for("partners.bring_back", partner_id=partner.id)
    web.note(_("%(name)s is archived.", name=partner.name), undo_url=undo_url)
    return redirect(url_for("field.partners"), 303)


@blueprint.get("/partners/archived")
@requires("partner.assign")
def archived():
    allowed = Partner.allowed(web.user(), "partner.assign", web.today())
    gone = allowed.where(~Partner.archived_at.is_null() & Partner.merged_into.is_null())
    page = web.page_of(gone.order_by(Partner.archived_at.desc(), Partner.id))
    return render_template("partners/archived_list.html", page=page)


@blueprint.post("/partners/<int:partner_id>/bring-back")
@requires("partner.assign")
def bring_back(partner_id):
    allowed = Partner.allowed(web.user(), "partner.assign", web.today())
    gone = allowed.where(~Partner.archived_at.is_null() & Partner.merged_into.is_null())
    partner = web.row_or_404(gone, partner_id).bring_back(web.stamp())
    web.note(_("%(name)s is back.", name=partner.name))
    return redirect(url_for("field.partner", partner_id=partner.id), 303)


# --- people at a partner ------------------------------------------------------------------------------------------


@blueprint.route("/partners/<int:partner_id>/contacts/new", methods=["GET", "POST"])
@requires("contact.edit")
def add_contact(partner_id):
    partner = editable(partner_id, "contact.edit")
    form = NewContact()
    if form.validate_on_submit():
        contact = Contact.add(web.stamp(), partner=partner, name=form.name.data, **form.reached())
        web.note(_("%(name)s is added.", name=contact.name))
        return redirect(web.safe_next(url_for("field.partner", partner_id=partner.id)), 303)
    return _shown("partners/new_contact.html", form, partner=partner)


@blueprint.route("/contacts/<int:contact_id>", methods=["GET", "POST"])
@requires("contact.edit")
def edit_contact(contact_id):
    contact = _contact(contact_id)
    form = ContactForm(obj=contact)
    if form.validate_on_submit():
        try:
            contact.change(web.stamp(), version=form.version.data, **form.values())
        except Stale as stale:
            return web.conflict_page(form, stale.row, said(COMPARED_OF_CONTACT), request.path)
        web.note(_("Saved."))
        return redirect(url_for("field.partner", partner_id=contact.partner_id), 303)
    return _shown("partners/edit_contact.html", form, contact=contact, partner=contact.partner)


@blueprint.post("/contacts/<int:contact_id>/left")
@requires("contact.edit")
def contact_left(contact_id):
    contact = _contact(contact_id).change(web.stamp(), left_on=web.today(), action="Contact.left")
    undo_url = url_for("partners.contact_stays", contact_id=contact.id)
    web.note(_("%(name)s is noted as having left.", name=contact.name), undo_url=undo_url)
    return redirect(url_for("field.partner", partner_id=contact.partner_id), 303)


@blueprint.post("/contacts/<int:contact_id>/stays")
@requires("contact.edit")
def contact_stays(contact_id):
    contact = _contact(contact_id).change(web.stamp(), left_on=None, action="Contact.stays")
    web.note(_("%(name)s is there again.", name=contact.name))
    return redirect(url_for("field.partner", partner_id=contact.partner_id), 303)


def _contact(contact_id):
    return web.row_or_404(Contact.allowed(web.user(), "contact.edit", web.today()), contact_id)


# --- tiers --------------------------------------------------------------------------------------------------------


@blueprint.route("/admin/tiers", methods=["GET", "POST"])
@requires("workspace.manage")
def tiers():
    form = TierForm()
    if form.validate_on_submit() and _tier_is_free(form):
        Tier.add(web.stamp(), name=form.name.data, rank=form.rank.data)
        web.note(_("The tier %(name)s is added.", name=form.name.data))
        return redirect(url_for("partners.tiers"), 303)
    held = TierAssignment.as_of(web.today(), TierAssignment.tier, fn.COUNT(TierAssignment.id))
    partners = dict(held.group_by(TierAssignment.tier).tuples())
    return _shown("partners/tiers.html", form, tiers=list(Tier.by_rank()), partners=partners)


@blueprint.route("/admin/tiers/<int:tier_id>", methods=["GET", "POST"])
@requires("workspace.manage")
def edit_tier(tier_id):
    tier = web.row_or_404(Tier.by_rank(), tier_id)
    form = TierForm(obj=tier)
    if form.validate_on_submit() and _tier_is_free(form, tier):
        try:
            tier.change(web.stamp(), version=form.version.data, name=form.name.data, rank=form.rank.data)
        except Stale as stale:
            labels = {"name": _("Name"), "rank": _("Rank")}
            return web.conflict_page(form, stale.row, labels, request.path)
        web.note(_("Saved."))
        return redirect(url_for("partners.tiers"), 303)
    return _shown("partners/edit_tier.html", form, tier=tier)


def _tier_is_free(form, tier=None):
    others = Tier.by_rank().where(Tier.name == form.name.data)
    if tier:
        others = others.where(Tier.id != tier.id)
    if others.exists():
        form.name.errors = [_("There is a tier of this name already. Choose another name.")]
    return not form.name.errors
