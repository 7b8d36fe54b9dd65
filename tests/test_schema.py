"""Migrations lead where the models are; a killed one leaves the old schema; a newer database is refused."""

import multiprocessing
import os
import signal
import textwrap
from contextlib import contextmanager

import psycopg
import pytest
from peewee import Check, DateField, IntegerField, TextField
from playhouse.cysqlite_ext import CySqliteDatabase
from playhouse.migrations import Runner
from playhouse.pool import PooledPostgresqlDatabase

from portal.accounts.audit import refuse_changes
from portal.db import Table, connect, database
from portal.operation import migrations
from portal.operation.migration_writer import difference, main as write_migration, scratch_database, written
from portal.operation.reshape import reshape
from portal.operation.schema import describe
from portal.records import AuditEvent
from portal.settings import read_settings
from portal.tables import TABLES


@pytest.fixture
def empty_database(engine, settings, tmp_path):
    """A function that opens a new, empty database on this engine."""
    opened = []

    def make():
        if engine == "sqlite":
            db = CySqliteDatabase(str(tmp_path / f"{len(opened)}.sqlite"), pragmas={"foreign_keys": 1})
        else:
            db = _postgresql(settings.database_url, f"schema_{os.getpid()}_{len(opened)}")
        db.connect()
        opened.append(db)
        return db

    yield make
    for db in opened:
        db.close()
        if engine == "postgresql":
            db.close_all()


def _postgresql(url, name):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
        parts = connection.info.get_parameters()
    return PooledPostgresqlDatabase(
        name, prefer_psycopg3=True, **{k: v for k, v in parts.items() if k in ("host", "user")}
    )


def made_from_models(db):
    with db.bind_ctx(TABLES, bind_refs=False, bind_backrefs=False):
        db.create_tables(TABLES)
    refuse_changes(db)
    return describe(db)


def test_migrations_make_exactly_what_the_models_say(empty_database):
    migrated, wanted = empty_database(), empty_database()
    Runner(migrated, str(migrations.FOLDER)).up()
    assert describe(migrated) == made_from_models(wanted)


def test_a_check_that_is_missing_is_seen(empty_database):
    first, second = empty_database(), empty_database()
    for db, constraints in ((first, []), (second, [Check("days > 0")])):
        model = table_named("pause", days=IntegerField(constraints=constraints))
        with db.bind_ctx([model]):
            db.create_tables([model])
    assert describe(first) != describe(second)


def table_named(name, *, checks=(), **columns):
    about = type("Meta", (), {"table_name": name, "constraints": list(checks), "database": None})
    return type(name.capitalize(), (Table,), {"Meta": about, **columns})


def test_the_database_refuses_to_change_an_audit_line(empty_database):
    db = empty_database()
    Runner(db, str(migrations.FOLDER)).up()
    insert = "INSERT INTO audit_event (at, actor_kind, ip, action, object_type, details, result) VALUES "
    db.execute_sql(insert + "('2026-11-21', 'job', '', 'x', '', '{}', 'done')")
    for statement in ("UPDATE audit_event SET action = 'y'", "DELETE FROM audit_event"):
        with pytest.raises(Exception, match="append-only"):
            db.execute_sql(statement)
        if db.in_transaction():
            db.rollback()
    assert db.execute_sql("SELECT action FROM audit_event").fetchall()[0][0] == "x"


def test_reshaping_keeps_the_rows_and_leads_to_the_same_schema(empty_database):
    db, wanted = empty_database(), empty_database()
    old = table_named("note", text=TextField(), old=IntegerField(default=0))
    new = table_named("note", text=TextField(index=True), on=DateField(null=True), rank=IntegerField(**checks(">= 0")))
    with db.bind_ctx([old]):
        db.create_tables([old])
        old.create(text="kept")
    reshape(db, new, {"rank": 3})
    with wanted.bind_ctx([new]):
        wanted.create_tables([new])
    assert describe(db) == describe(wanted)
    assert db.execute_sql('SELECT id, text, "on", rank FROM note').fetchall()[0] == (1, "kept", None, 3)


def checks(condition):
    return {"constraints": [Check(f"rank {condition}")]}


# --- writing migrations -------------------------------------------------------------------------------------------


def test_nothing_is_left_to_write():
    assert difference("nothing") == ""


def test_a_new_column_is_written_as_a_step_that_runs(tmp_path):
    before = [table_named("memo", text=TextField())]
    after = [table_named("memo", text=TextField(), rank=IntegerField(default=7, constraints=[Check("rank > 0")]))]
    (tmp_path / "0001_first.py").write_text(written(before, {}, "First."))
    (tmp_path / "0002_rank.py").write_text(difference("rank", str(tmp_path), after))
    with scratch_database() as db:
        Runner(db, str(tmp_path)).up("0001_first")
        db.execute_sql("INSERT INTO memo (text) VALUES ('kept')")
        Runner(db, str(tmp_path)).up()
        assert db.execute_sql("SELECT text, rank FROM memo").fetchall() == [("kept", 7)]
    assert difference("again", str(tmp_path), after) == ""


def test_the_writer_explains_itself_when_called_wrongly(capsys):
    assert write_migration([]) == 2
    assert "make migration NAME=" in capsys.readouterr().out


# --- running them -------------------------------------------------------------------------------------------------

FIRST = "def up(migrator, db):\n    db.execute_sql('CREATE TABLE one (id INTEGER)')\n"
KILLED = textwrap.dedent("""
    import os, signal
    def up(migrator, db):
        db.execute_sql('CREATE TABLE two (id INTEGER)')
        db.execute_sql('INSERT INTO one VALUES (2)')
        os.kill(os.getpid(), signal.SIGKILL)
""")


@contextmanager
def opened(settings):
    """This database instead of the tests' own, for as long as the block runs."""
    before = database.obj
    connect(settings.database_url)
    database.connect()
    try:
        yield database
    finally:
        database.close()
        database.initialize(before)


@pytest.fixture
def own(tmp_path):
    return read_settings({"PORTAL_DATA": str(tmp_path / "data")})


@pytest.fixture
def steps(tmp_path):
    folder = tmp_path / "steps"
    folder.mkdir()
    (folder / "0001_first.py").write_text(FIRST)
    return folder


def test_a_killed_migration_leaves_the_old_schema(own, steps):
    with opened(own):
        migrations.migrate(own, folder=steps)
    (steps / "0002_killed.py").write_text(KILLED)

    def run():
        with opened(own):
            migrations.migrate(own, folder=steps)

    child = multiprocessing.get_context("fork").Process(target=run)
    child.start()
    child.join(20)
    with opened(own) as db:
        assert child.exitcode == -signal.SIGKILL
        assert "two" not in db.get_tables()
        assert db.execute_sql("SELECT count(*) FROM one").fetchone()[0] == 0
        assert migrations.status(steps).pending == ("0002_killed",)


def test_a_newer_database_is_refused(own, steps):
    with opened(own):
        migrations.migrate(own, folder=steps)
        (steps / "0001_first.py").unlink()
        with pytest.raises(migrations.NewerDatabase, match="0001_first"):
            migrations.migrate(own, folder=steps)
        with pytest.raises(migrations.NewerDatabase):
            migrations.check(steps)


def test_a_database_that_lacks_a_migration_is_not_served(own, steps):
    with opened(own), pytest.raises(migrations.NotMigrated, match="portal migrate"):
        migrations.check(steps)


def test_data_is_backed_up_before_it_is_migrated_and_an_empty_database_is_not(own, steps):
    backups = []
    with opened(own):
        migrations.migrate(own, folder=steps, before=lambda: backups.append("first"))
        (steps / "0002_second.py").write_text(FIRST.replace("one", "two"))
        migrations.migrate(own, folder=steps, before=lambda: backups.append("second"))
        migrations.migrate(own, folder=steps, before=lambda: backups.append("third"))
    assert backups == ["second"]


def test_two_that_migrate_at_once_apply_each_step_once(own, steps):
    (steps / "0001_first.py").write_text("import time\n" + FIRST + "    time.sleep(0.3)\n")

    def run():
        with opened(own):
            migrations.migrate(own, folder=steps)

    children = [multiprocessing.get_context("fork").Process(target=run) for _ in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join(20)
    assert [child.exitcode for child in children] == [0, 0, 0]


def test_every_audit_line_of_the_models_has_a_column_in_the_migrations():
    with scratch_database() as db:
        Runner(db, str(migrations.FOLDER)).up()
        columns = {column.name for column in db.get_columns("audit_event")}
    assert columns == set(AuditEvent._meta.columns)
