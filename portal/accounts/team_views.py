"""Teams with their manager, and regions."""

from types import SimpleNamespace

from flask import Blueprint, redirect, render_template, request, url_for
from peewee import JOIN, fn

from portal import web
from portal.accounts.forms import RegionForm, TeamForm
from portal.accounts.models import Region, Team, User, UserRegion
from portal.accounts.permissions import MANAGER, requires
from portal.records import Stale

blueprint = Blueprint("teams", __name__, url_prefix="/admin")


@blueprint.get("/teams")
@requires("users.manage")
def overview():
    return render_template("admin/teams.html", teams=_teams(), regions=_regions())


def _teams():
    """Teams with the number of their active members and their manager's name."""
    members = User.alias()
    return (
        Team.select(Team, fn.COUNT(members.id).alias("members_now"), User.name.alias("manager_name"))
        .join(members, JOIN.LEFT_OUTER, on=((members.team == Team.id) & members.deactivated_at.is_null()))
        .switch(Team)
        .join(User, JOIN.LEFT_OUTER, on=(User.id == Team.manager_id))
        .group_by(Team, User.name)
        .order_by(Team.name)
        .objects()
    )


def _regions():
    above = Region.alias()
    return (
        Region.select(Region, fn.COUNT(UserRegion.id).alias("users_now"), above.name.alias("parent_name"))
        .join(UserRegion, JOIN.LEFT_OUTER, on=(UserRegion.region == Region.id))
        .switch(Region)
        .join(above, JOIN.LEFT_OUTER, on=(Region.parent == above.id))
        .group_by(Region, above.name)
        .order_by(Region.name)
        .objects()
    )


# --- teams --------------------------------------------------------------------------------------------------------


@blueprint.route("/teams/new", methods=["GET", "POST"])
@requires("users.manage", sudo=True)
def create():
    return _team(None)


@blueprint.route("/teams/<int:team_id>", methods=["GET", "POST"])
@requires("users.manage", sudo=True)
def edit(team_id):
    return _team(web.row_or_404(Team.select(), team_id))


def _team(team):
    managers = User.select().where((User.role == MANAGER) & User.deactivated_at.is_null()).order_by(User.name)
    form = TeamForm(obj=team, managers=managers)
    if form.validate_on_submit() and _is_free(Team, team, form.name):
        columns = {"name": form.name.data, "manager_id": form.manager_id.data or None}
        return _stored(Team, team, form, columns)
    page = render_template("admin/team.html", form=form, team=team)
    return page, 400 if form.is_submitted() else 200


# --- regions ------------------------------------------------------------------------------------------------------


@blueprint.route("/regions/new", methods=["GET", "POST"])
@requires("users.manage")
def create_region():
    return _region(None)


@blueprint.route("/regions/<int:region_id>", methods=["GET", "POST"])
@requires("users.manage")
def edit_region(region_id):
    return _region(web.row_or_404(Region.select(), region_id))


def _region(region):
    others = Region.select().order_by(Region.name)
    if region:
        # One level is enough to say where something lies, and no circle can arise.
        others = others.where((Region.id != region.id) & Region.parent.is_null())
    form = RegionForm(regions=others, data={**region.__data__, "parent": region.parent_id or 0} if region else None)
    if form.validate_on_submit() and _is_free(Region, region, form.name):
        columns = {"name": form.name.data, "country": form.country.data, "parent": form.parent.data or None}
        return _stored(Region, region, form, columns)
    page = render_template("admin/region.html", form=form, region=region)
    return page, 400 if form.is_submitted() else 200


# --- both ---------------------------------------------------------------------------------------------------------


def _is_free(table, row, field):
    holder = table.get_or_none(table.name == field.data)
    if holder is None or (row is not None and holder.id == row.id):
        return True
    field.errors = [web._("“%(name)s” exists already. Choose another name.", name=field.data)]
    return False


def _stored(table, row, form, columns):
    try:
        if row is None:
            table.add(web.stamp(), **columns)
        else:
            row.change(web.stamp(), version=form.version.data, **columns)
    except Stale as stale:
        labels = {name: form[name].label.text for name in columns}
        # By their ids, and nobody is the choice 0, as in the form.
        held = {name: stale.row.__data__[name] for name in columns}
        stored = {name: 0 if value is None else value for name, value in held.items()}
        return web.conflict_page(form, SimpleNamespace(version=stale.row.version, **stored), labels, request.path)
    web.note(web._("%(name)s is saved.", name=columns["name"]))
    return redirect(url_for("teams.overview"), 303)
