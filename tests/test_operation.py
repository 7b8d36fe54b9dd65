"""Trouble is survived: a database that is away, full or damaged, and what the machine that watches is told."""

import json
import logging
from dataclasses import replace
from io import StringIO

import psycopg
import pytest

from portal import read_only
from portal.accounts.models import Region, SignInSession, User, Workspace
from portal.app import create_app
from portal.db import SAFE_SQLITE, connect, database
from portal.logs import JSONLines
from portal.operation import doctor, migrations
from portal.records import AuditEvent, Stamp
from portal.settings import read_settings
from portal.web import now


class OwnPortal:
    """A portal on a database file of its own, with one administrator who is signed in."""

    def __init__(self, folder):
        self.settings = read_settings({"PORTAL_DATA": str(folder / "data")})
        self.app = create_app(self.settings)
        self.app.config["WTF_CSRF_ENABLED"] = False
        database.connect()
        migrations.migrate(self.settings)
        self.stamp = Stamp(now())
        Workspace.add(self.stamp, name="Nordlicht")
        self.ada = User.add(self.stamp, name="Ada", email="ada@nordlicht.example", role="admin")
        # A form that writes, of this test only.
        self.app.add_url_rule("/write", "operation.write", self._write, methods=["POST"])

    def _write(self):
        Region.add(self.stamp, name="x" * 5000)
        return "stored", 201

    _write.permission = "self"

    def client(self):
        browser = self.app.test_client()
        _, token = SignInSession.open(self.ada, now())
        with browser.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        return browser


@pytest.fixture
def portal(tmp_path):
    before = database.obj
    made = OwnPortal(tmp_path)
    yield made
    database.close()
    if before is not None:
        database.initialize(before)


# --- what the machine that watches is told ------------------------------------------------------------------------


def test_a_portal_that_works_is_alive_and_ready(portal):
    browser = portal.app.test_client()
    assert browser.get("/healthz").json == {"alive": True}
    assert browser.get("/readyz").json == {"ready": True}


def test_a_portal_whose_database_lacks_a_migration_is_not_ready(portal):
    database.execute_sql("DELETE FROM schema_migration")
    answer = portal.app.test_client().get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"ready": False, "trouble": "migrations"})


def test_a_portal_that_is_not_set_up_answers_503_on_every_page(portal):
    Workspace.delete().execute()
    assert portal.app.test_client().get("/").status_code == 503


# --- a full disk --------------------------------------------------------------------------------------------------


def fill_the_disk():
    """The database may not grow by a page: what SQLite says then is what it says when the disk is full."""
    pages = database.execute_sql("PRAGMA page_count").fetchone()[0]
    database.execute_sql(f"PRAGMA max_page_count = {pages}")


def test_what_does_not_fit_is_refused_in_plain_words_and_nothing_is_acknowledged(portal):
    browser = portal.client()
    fill_the_disk()
    answers = [browser.post("/write") for _ in range(3)]
    assert {answer.status_code for answer in answers if answer.status_code != 201} == {503}
    assert "no room left" in answers[-1].text
    assert Region.select().count() == sum(answer.status_code == 201 for answer in answers)


def test_it_heals_by_itself_when_there_is_room_again(portal):
    browser = portal.client()
    fill_the_disk()
    while browser.post("/write").status_code == 201:
        pass
    database.execute_sql("PRAGMA max_page_count = 1000000")
    assert browser.post("/write").status_code == 201


def test_pages_are_still_shown_on_a_full_disk(portal):
    browser = portal.client()
    fill_the_disk()
    assert browser.get("/readyz").json == {"ready": True}


# --- a damaged database -------------------------------------------------------------------------------------------


def damage_the_file(portal):
    """Overwrites every page but the first ones, where the sign-in needs what is there."""
    Region.add(portal.stamp, name="somewhere")
    page = database.execute_sql("SELECT rootpage FROM sqlite_master WHERE name = 'region'").fetchone()[0]
    size = database.execute_sql("PRAGMA page_size").fetchone()[0]
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    with open(portal.settings.data / "portal.sqlite", "r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\x55" * size)
    database.connect()


def test_damage_stops_all_writing(portal):
    browser = portal.client()
    damage_the_file(portal)
    first, second = browser.post("/write"), browser.post("/write")
    assert (first.status_code, second.status_code) == (503, 503)
    assert "damaged database" in read_only.reason(portal.settings)
    assert browser.get("/readyz").json["trouble"] == "read-only"


def test_while_read_only_even_a_page_that_writes_cannot(portal):
    read_only.begin(portal.settings, "for this test")
    read_only.enforce(portal.settings)
    with pytest.raises(Exception, match="readonly"):
        Region.add(portal.stamp, name="x")


def test_while_read_only_pages_are_shown(portal):
    browser = portal.client()
    read_only.begin(portal.settings, "for this test")
    assert browser.get("/healthz").status_code == 200
    assert browser.get("/nothing-here").status_code == 404


def test_writing_comes_back_when_the_database_is_sound(portal):
    browser = portal.client()
    read_only.begin(portal.settings, "for this test")
    assert browser.post("/write").status_code == 503
    read_only.end(portal.settings)
    assert browser.post("/write").status_code == 201


def test_writing_does_not_come_back_while_the_database_is_damaged(portal):
    damage_the_file(portal)
    read_only.begin(portal.settings, "for this test")
    with pytest.raises(read_only.StillDamaged):
        read_only.end(portal.settings)
    assert read_only.reason(portal.settings)


# --- a database that is away --------------------------------------------------------------------------------------


@pytest.fixture
def outage(engine, settings, app, db, request):
    """A function that takes PostgreSQL away from this portal, and one that brings it back."""
    if engine != "postgresql":
        pytest.skip("an embedded database cannot be away")
    name = psycopg.conninfo.conninfo_to_dict(settings.database_url)["dbname"]
    server = psycopg.connect(settings.database_url.replace(f"/{name}", "/postgres"), autocommit=True)

    def go():
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))

    def come():
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')

    yield go, come
    come()
    server.close()
    database.close()
    database.connect(reuse_if_open=True)


def test_without_its_database_the_portal_says_so_lives_and_recovers_without_a_restart(cast, app, outage):
    go, come = outage
    browser = cast.client(cast.par)
    database.close()
    go()
    assert browser.get("/").status_code == 503
    assert browser.get("/healthz").status_code == 200
    assert browser.get("/readyz").json == {"ready": False, "trouble": "database"}
    come()
    assert browser.get("/readyz").status_code == 200 or browser.get("/readyz").json["trouble"] == "migrations"
    assert browser.get("/nothing-here").status_code == 404


def test_the_page_of_a_database_that_is_away_speaks_the_browsers_language_and_names_the_request(cast, app, outage):
    go, _come = outage
    database.close()
    go()
    answer = app.test_client().get("/", headers={"Accept-Language": "en"})
    assert answer.headers["X-Request-ID"] in answer.text
    assert "Nothing was stored" in answer.text


# --- doctor -------------------------------------------------------------------------------------------------------


def found(settings, title):
    return next(finding for finding in doctor.findings(settings, now()) if finding.title == title)


def test_doctor_finds_nothing_bad_in_a_new_portal(portal):
    portal.settings.data.chmod(0o700)
    assert [f.title for f in doctor.findings(portal.settings, now()) if f.state == doctor.BAD] == []


def test_doctor_sees_a_library_with_the_wal_reset_bug(portal, monkeypatch):
    monkeypatch.setattr(type(database.obj), "server_version", (3, 40, 1))
    assert found(portal.settings, "Database").state == doctor.BAD
    assert SAFE_SQLITE == (3, 51, 3)


def test_doctor_sees_a_database_that_could_lose_acknowledged_rows(portal):
    database.execute_sql("PRAGMA synchronous = normal")
    assert "synchronous=1" in str(found(portal.settings, "Safe writing").text)


def test_doctor_sees_a_key_that_others_can_read(portal):
    (portal.settings.data / "secret.key").chmod(0o644)
    assert "chmod" in str(found(portal.settings, "File permissions").way_out)


def test_doctor_sees_a_clock_that_was_turned_back(portal):
    AuditEvent.create(at=now().replace(year=2099), actor_kind="job", action="x", object_type="")
    assert found(portal.settings, "Clock").state == doctor.BAD


def test_doctor_sees_that_nothing_is_written(portal):
    read_only.begin(portal.settings, "for this test")
    assert found(portal.settings, "Writing").state == doctor.BAD


def test_doctor_says_that_it_could_not_look(portal):
    database.execute_sql("DROP TABLE outbox_message")
    finding = found(portal.settings, "Mail")
    assert finding.state == doctor.BAD
    assert "cannot be checked" in str(finding.text)


def test_doctor_warns_of_a_full_disk(portal, monkeypatch):
    monkeypatch.setattr("portal.disk.LOW_SHARE", 1.1)
    assert found(portal.settings, "Disk").state == doctor.WARN


def test_doctor_works_on_every_engine(cast, settings):
    assert {f.title for f in doctor.findings(settings, now()) if "cannot be checked" in str(f.text)} == set()


# --- the log ------------------------------------------------------------------------------------------------------


@pytest.fixture
def log():
    """(a logger, what it has written)."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JSONLines())
    logger = logging.Logger("portal.test")
    logger.addHandler(handler)
    return logger, stream


def test_a_log_line_is_one_json_object_whatever_the_text(log):
    logger, stream = log
    logger.error("first\r\n%s", '{"level": "forged"}')
    assert len(stream.getvalue().splitlines()) == 1
    assert json.loads(stream.getvalue())["level"] == "error"


@pytest.mark.parametrize(
    "text",
    [
        "password=canary-0123456789",
        "https://portal.example/my/enter/canary-0123456789abcdefghij",
        "GET /set-up/canary-0123456789abcdefghij",
        "smtp://ada:canary-0123456789@mail.example:587",
        "Cookie: canary-0123456789",
        "{'csrf_token': 'canary-0123456789'}",
    ],
)
def test_no_secret_is_logged(log, text):
    logger, stream = log
    logger.error("trouble with %s", text)
    assert "canary" not in stream.getvalue()


def test_a_request_is_logged_with_the_id_that_its_answer_carries(portal, caplog):
    caplog.set_level(logging.INFO, "portal.request")
    answer = portal.client().get("/nothing-here?token=canary")
    line = json.loads(caplog.records[-1].getMessage())
    assert line["request"] == answer.headers["X-Request-ID"]
    assert "canary" not in caplog.text


def test_settings_show_no_secret(portal):
    shown = repr(replace(portal.settings, mail_url="smtp://ada:canary@mail.example", secret_key="canary"))
    assert "canary" not in shown


def test_connecting_again_is_possible_after_trouble(portal):
    connect(portal.settings.database_url)
    database.connect(reuse_if_open=True)
    assert User.select().count() == 1
