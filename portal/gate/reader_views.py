"""Who of a partner's people may read its page: inviting, inviting again, revoking."""

from flask import Blueprint, redirect, render_template, url_for

from portal import background, web
from portal.accounts import outbox
from portal.accounts.permissions import requires
from portal.gate import readers
from portal.gate.accesses import accesses
from portal.gate.models import Reader
from portal.partners.models import Contact, Partner
from portal.web import _

blueprint = Blueprint("readers", __name__)


@blueprint.get("/partners/<int:partner_id>/readers")
@requires("partner.read")
def of_partner(partner_id):
    partner = web.row_or_404(Partner.visible_to(web.user(), web.today()), partner_id)
    found = accesses(partner, web.now(), web.today())
    return render_template(
        "gate/readers.html", partner=partner, accesses=found, answer=_answer(found), may_invite=_may_invite(partner)
    )


def _answer(found):
    reading = sum(access.kind == "good" for access in found)
    waiting = sum(access.kind == "warn" for access in found)
    texts = [web.ngettext("%(num)s person may read the partner page.", "%(num)s people may read it.", reading)]
    texts += [web.ngettext("%(num)s is invited.", "%(num)s are invited.", waiting)] if waiting else []
    return " ".join(texts)


def _may_invite(partner):
    mine = Partner.allowed(web.user(), "reader.invite", web.today())
    return mine.where(Partner.id == partner.id).exists()


@blueprint.post("/partners/<int:partner_id>/contacts/<int:contact_id>/reader")
@requires("reader.invite")
def invite(partner_id, contact_id):
    """Invites, and invites again: the earlier link ends."""
    contact = _contact(partner_id, contact_id)
    try:
        _reader, message = readers.invite(web.stamp(), contact)
    except readers.CannotInvite as reason:
        web.note(_(str(reason)), "bad")
        return _back(partner_id)
    if web.settings().mail_url:
        background.soon("deliver")
        web.note(_("%(name)s is invited by mail.", name=contact.name))
        return _back(partner_id)
    link = outbox.hand_over(web.settings(), message, web.now())
    return render_template("gate/link_once.html", partner=contact.partner, contact=contact, link=link)


@blueprint.post("/partners/<int:partner_id>/contacts/<int:contact_id>/reader/delete")
@requires("reader.invite")
def revoke(partner_id, contact_id):
    contact = _contact(partner_id, contact_id)
    reader = web.row_or_404(Reader.select(), _reader_id(contact))
    readers.revoke(web.stamp(), reader)
    web.note(_("%(name)s can no longer read the page.", name=contact.name))
    return _back(partner_id)


def _reader_id(contact):
    return Reader.select(Reader.id).where(Reader.contact == contact).scalar() or 0


def _contact(partner_id, contact_id):
    partner = web.row_or_404(_partners(), partner_id)
    return web.row_or_404(Contact.select().where(Contact.partner == partner), contact_id)


def _partners():
    return Partner.allowed(web.user(), "reader.invite", web.today()).where(Partner.archived_at.is_null())


def _back(partner_id):
    return redirect(url_for(".of_partner", partner_id=partner_id), 303)
