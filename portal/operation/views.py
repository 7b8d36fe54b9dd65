"""Is the portal alive, can it work, is all as it should be? For the machine that watches, and for administrators."""

from flask import Blueprint, render_template

from portal import read_only, web
from portal.accounts.permissions import requires
from portal.db import DATABASE_ERRORS
from portal.i18n import N_
from portal.operation import doctor, migrations
from portal.web import _

blueprint = Blueprint("operation", __name__)
LABELS = {doctor.OK: N_("In order"), doctor.WARN: N_("Look at it"), doctor.BAD: N_("Act")}


@blueprint.get("/healthz")
def healthz():
    """The process answers. Touches no database: a database that is away is no reason to start the portal again."""
    return {"alive": True}


@blueprint.get("/readyz")
def readyz():
    """Requests would be answered: the database is there, is migrated, and may be written."""
    try:
        migrations.check()
        trouble = "read-only" if read_only.reason(web.settings()) else None
    except (migrations.NotMigrated, migrations.NewerDatabase):
        trouble = "migrations"
    except DATABASE_ERRORS:
        trouble = "database"
    return ({"ready": False, "trouble": trouble}, 503) if trouble else {"ready": True}


@blueprint.get("/admin/state")
@requires("workspace.manage")
def state():
    """What `portal doctor` finds, but for what reads the whole database; with the age of the last backup."""
    findings = list(doctor.findings(web.settings(), web.now(), slow=False))
    troubles = [finding for finding in findings if finding.state != doctor.OK]
    answer = _("%(number)s things need you.", number=len(troubles)) if troubles else _("Everything is in order.")
    return render_template("operation/state.html", findings=findings, answer=answer, labels=LABELS)
