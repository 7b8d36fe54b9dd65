"""A clean database for every test, on SQLite and on PostgreSQL, and a named cast that signs in."""

import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from portal.app import create_app
from portal.db import database, is_sqlite
from portal.records import Stamp
from portal.settings import read_settings
from portal.tables import TABLES
from tests.cast import KeptCast
from tests.postgres import postgres_server

REQUIRED = os.environ.get("CI") == "true"


def missing(reason):
    """A part that is not there is skipped with its reason, and fails where nothing may be missing."""
    (pytest.fail if REQUIRED else pytest.skip)(reason)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine(request):
    return request.param


@pytest.fixture(scope="session")
def worker_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("worker")


@pytest.fixture(scope="session")
def settings(engine, worker_folder):
    environment = {
        "PORTAL_DATA": str(worker_folder / engine),
        "SECRET_KEY": "a key of the tests, which is long enough 0123456789",
        "CONTENT": str(Path(__file__).parent.parent / "content"),
    }
    if engine == "postgresql":
        environment["DATABASE_URL"] = postgres_server(worker_folder, missing)
    return read_settings(environment)


@pytest.fixture(scope="session")
def portals():
    """One portal for each engine and worker: a pool that is opened anew leaves its connections behind."""
    made = {}
    yield made
    for portal in made.values():
        opened = portal.extensions["database"]
        opened.close_all() if hasattr(opened, "close_all") else opened.close()


@pytest.fixture(scope="session")
def app(engine, settings, portals):
    if engine not in portals:
        portals[engine] = _empty_portal(settings)
    return portals[engine]


def _empty_portal(settings):
    made = create_app(settings)
    made.testing = True
    # A test's form is sent without having been shown first; tests/test_guard.py turns the check on again.
    made.config["WTF_CSRF_ENABLED"] = False
    made.extensions["database"] = database.obj
    database.connect(reuse_if_open=True)
    database.drop_tables(TABLES)
    database.create_tables(TABLES)
    return made


@pytest.fixture
def db(app):
    """The empty database, connected in this thread."""
    # The test before may have opened another one.
    database.initialize(app.extensions["database"])
    database.connect(reuse_if_open=True)
    with database.atomic():
        _empty()
    return database


def _empty():
    statements = [f'DELETE FROM "{table._meta.table_name}"' for table in reversed(TABLES)]
    # PostgreSQL takes them in one go, which saves fifty ways to the server and back.
    for statement in statements if is_sqlite() else ["; ".join(statements)]:
        database.execute_sql(statement)


@pytest.fixture
def now():
    return datetime.now(UTC)


@pytest.fixture
def today(now):
    """The local day of the cast, which is another one than ours for some hours of the night."""
    return now.astimezone(ZoneInfo("Europe/Stockholm")).date()


@pytest.fixture
def stamp(now):
    return Stamp(now)


@pytest.fixture(scope="session")
def kept_casts():
    return {}


@pytest.fixture
def cast(db, app, engine, kept_casts):
    """Workspace Nordlicht, its people and their partners: tests/cast.py."""
    # One commit and not thirty: each waits for the disk.
    with database.atomic():
        if engine not in kept_casts:
            kept_casts[engine] = KeptCast(app)
            _empty()
        return kept_casts[engine].again()


@pytest.fixture
def count_queries(db):
    """How many queries an act needs."""

    def counted(act):
        seen = []
        hook = seen.append
        db.query_hooks.append(hook)
        try:
            act()
        finally:
            db.query_hooks.remove(hook)
        return len(seen)

    return counted
