"""Is the portal alive, and can it work? For the machine that watches it; says nothing about what it holds."""

from flask import Blueprint
from peewee import PeeweeException

from portal import read_only, web
from portal.operation import migrations

blueprint = Blueprint("operation", __name__)


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
    except PeeweeException:
        trouble = "database"
    return ({"ready": False, "trouble": trouble}, 503) if trouble else {"ready": True}
