"""Merging two partners: choose the one that stays, see what moves, then do it."""

from flask import Blueprint, redirect, render_template, request, url_for

from portal import web
from portal.accounts.permissions import requires
from portal.field.merge import merge as merge_into, what_moves
from portal.partners.directory import narrowed
from portal.partners.models import Partner
from portal.web import _

blueprint = Blueprint("merging", __name__)

MOST_CANDIDATES = 20


@blueprint.get("/partners/<int:partner_id>/merge")
@requires("partner.assign")
def choose(partner_id):
    merged = web.row_or_404(_mergeable(), partner_id)
    into = request.args.get("into", type=int)
    if into:
        survivor = web.row_or_404(_others(merged), into)
        moves = what_moves(merged, survivor)
        return render_template("field/merge.html", partner=merged, survivor=survivor, moves=moves)
    words = request.args.get("words", merged.name.split()[0])[:200]
    found = narrowed(_others(merged), web.today(), words=words).order_by(Partner.sort_name, Partner.id)
    return render_template(
        "field/merge_choice.html", partner=merged, words=words, found=list(found.limit(MOST_CANDIDATES))
    )


@blueprint.post("/partners/<int:partner_id>/merge")
@requires("partner.assign")
def merge(partner_id):
    merged = web.row_or_404(_mergeable(), partner_id)
    survivor = web.row_or_404(_others(merged), request.form.get("into", 0, type=int))
    merge_into(web.stamp(), merged, survivor)
    web.note(_("%(merged)s is now part of %(survivor)s.", merged=merged.name, survivor=survivor.name))
    return redirect(url_for("field.partner", partner_id=survivor.id), 303)


def _mergeable():
    return Partner.allowed(web.user(), "partner.assign", web.today()).where(Partner.archived_at.is_null())


def _others(merged):
    return _mergeable().where(Partner.id != merged.id)
