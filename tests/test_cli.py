"""The command: helpful, one line for a mistake, exit codes, and what it prints is what happened."""

import re
import subprocess
import sys
from datetime import date

import pytest
from click.testing import CliRunner

from portal import read_only
from portal.accounts.models import Attempt, User, Workspace
from portal.cli import main
from portal.db import database
from portal.partners.models import Partner
from portal.records import Stamp
from portal.settings import SETTINGS
from portal.web import now


@pytest.fixture
def portal(tmp_path, monkeypatch):
    """Runs `portal …` on a data folder of its own."""
    before = database.obj
    environment = {"PORTAL_DATA": str(tmp_path / "data"), "PORT": "18765"}
    for setting in SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)

    def run(*arguments):
        return CliRunner().invoke(main, arguments, env=environment)

    yield run
    if database.obj is not before:
        database.close()
        database.initialize(before)


def set_up_workspace():
    stamp = Stamp(now())
    Workspace.add(stamp, name="Nordlicht")
    return User.add(stamp, name="Ada", email="ada@nordlicht.example", role="admin")


def test_every_command_helps(portal):
    commands = main.commands
    assert {
        "serve",
        "migrate",
        "setup",
        "import",
        "publish",
        "rollback",
        "backup",
        "restore",
        "doctor",
        "unlock",
    } <= set(commands)
    assert [name for name in commands if portal(name, "--help").exit_code or not commands[name].help] == []


def test_asking_for_help_makes_no_folder(tmp_path):
    command = [sys.executable, "-m", "portal.cli", "backup", "--help"]
    done = subprocess.run(command, env={"PORTAL_DATA": str(tmp_path / "data")}, capture_output=True, check=True)
    assert b"Usage" in done.stdout
    assert not (tmp_path / "data").exists()


def test_a_wrong_setting_is_one_line_and_exit_code_2(tmp_path):
    done = CliRunner().invoke(main, ["doctor"], env={"PORTAL_DATA": str(tmp_path), "PORT": "x"})
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert "PORT" in done.stderr


def test_migrating_twice_does_nothing_the_second_time(portal):
    assert "0001_initial" in portal("migrate").stdout
    assert portal("migrate").stdout == "Nothing to do.\n"


def test_a_command_that_needs_the_tables_says_how_to_make_them(portal):
    done = portal("backup")
    assert (done.exit_code, "portal migrate" in done.stderr) == (2, True)


def test_set_up_prints_a_link_until_it_is_used(portal):
    first, second = portal("setup").stdout, portal("setup").stdout
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/set-up/[\w-]{40,}\n", first)
    assert first != second
    set_up_workspace()
    assert "set up already" in portal("setup").stdout


def test_unlocking_forgets_the_failed_tries(portal):
    portal("migrate")
    ada = set_up_workspace()
    Attempt.create(door="sign-in", account=ada.email, ip="10.0.0.1", at=now())
    assert portal("unlock", "ADA@nordlicht.example ").exit_code == 0
    assert Attempt.select().count() == 0


def test_unlocking_somebody_who_is_not_there_says_so(portal):
    portal("migrate")
    assert portal("unlock", "nobody@nordlicht.example").exit_code == 2


def test_a_backup_is_made_checked_and_restored_by_command(portal, tmp_path):
    portal("migrate")
    set_up_workspace()
    said = portal("backup").stdout
    path = said.split(" (")[0]
    assert "restored and checked" in said
    assert "is whole" in portal("check-backup", path).stdout
    done = CliRunner().invoke(main, ["restore", path], env={"PORTAL_DATA": str(tmp_path / "other")})
    assert done.exit_code == 0
    assert Workspace.get_only().name == "Nordlicht"


def test_a_file_that_is_no_backup_is_refused_in_one_line(portal, tmp_path):
    (tmp_path / "holiday.jpg").write_bytes(b"not a backup")
    done = portal("restore", str(tmp_path / "holiday.jpg"))
    assert done.exit_code == 2
    assert "Traceback" not in done.output


def test_doctor_ends_with_1_when_something_is_bad(portal, tmp_path):
    portal("migrate")
    assert portal("doctor").exit_code == 0
    (tmp_path / "data" / "READ-ONLY").write_text("for this test")
    assert portal("doctor").exit_code == 1
    database.execute_sql("PRAGMA query_only = 0")


def test_writing_is_resumed_by_command(portal, tmp_path):
    portal("migrate")
    (tmp_path / "data" / "READ-ONLY").write_text("for this test")
    assert portal("resume").exit_code == 0
    assert not (tmp_path / "data" / "READ-ONLY").exists()
    assert read_only.DAMAGE


def test_importing_before_the_portal_is_set_up_says_what_to_do(portal, tmp_path):
    portal("migrate")
    (tmp_path / "partners.csv").write_text("name\nÖrebro AB\n")
    assert "portal setup" in portal("import", "partners", str(tmp_path / "partners.csv")).stderr


def test_a_file_is_imported_and_the_counts_are_printed(portal, tmp_path):
    portal("migrate")
    set_up_workspace()
    (tmp_path / "partners.csv").write_text("external_id,name\n1,Örebro AB\n2,Falun Oy\n")
    assert "partners: 2 rows, 2 new" in portal("import", "partners", str(tmp_path / "partners.csv")).stdout


def test_a_bad_row_is_named_by_line_and_nothing_is_stored(portal, tmp_path):
    portal("migrate")
    set_up_workspace()
    (tmp_path / "partners.csv").write_text("external_id,name\n1,Örebro AB\n2,\n")
    done = portal("import", "partners", str(tmp_path / "partners.csv"))
    assert (done.exit_code, "line 3, name" in done.stderr) == (2, True)
    assert portal("import", "partners", "--good-only", str(tmp_path / "partners.csv")).stdout.startswith(
        "partners: 2 rows, 1 new"
    )


@pytest.fixture
def bring(portal, tmp_path):
    """`portal import partners …` of a file with this text, in a portal that is set up."""
    portal("migrate")
    set_up_workspace()

    def run(text, *options):
        (tmp_path / "partners.csv").write_bytes(text.encode("cp1252"))
        return portal("import", "partners", str(tmp_path / "partners.csv"), *options)

    return run


@pytest.mark.parametrize(("order", "day"), [("dmy", date(2021, 6, 5)), ("mdy", date(2021, 5, 6))])
def test_the_order_of_days_is_told_by_option(bring, order, day):
    bring("external_id,name,partner_since_on\n1,Falun Oy,05/06/2021\n", "--days", order)
    assert [partner.partner_since_on for partner in Partner.select()] == [day]


def test_a_day_whose_order_nothing_proves_stores_nothing(bring):
    done = bring("external_id,name,partner_since_on\n1,Falun Oy,05/06/2021\n")
    assert (done.exit_code, "--days" in done.stderr, Partner.select().count()) == (2, True, 0)


def test_days_that_begin_with_the_year_may_be_demanded(bring):
    done = bring("external_id,name,partner_since_on\n1,Falun Oy,05/06/2021\n", "--days", "ymd")
    assert "line 2, partner_since_on" in done.stderr


def test_delimiter_and_letters_are_told_by_option(bring):
    bring("external_id|name|city\n1|Örebro, AB|Örebro, Närke\n", "--delimiter", "bar", "--encoding", "cp1252")
    assert [partner.city for partner in Partner.select()] == ["Örebro, Närke"]


def test_a_column_of_another_name_is_told_by_option(bring):
    bring("external_id,name,Vår ort\n1,Falun Oy,Falun\n", "--map", "city=Vår ort")
    assert [partner.city for partner in Partner.select()] == ["Falun"]


@pytest.mark.parametrize("pair", ["city=Ort", "ort=name", "city"])
def test_a_slip_in_a_mapping_is_said_and_nothing_is_stored(bring, pair):
    done = bring("external_id,name\n1,Falun Oy\n", "--map", pair)
    assert (done.exit_code, Partner.select().count()) == (2, 0)


def test_a_folder_is_no_file(portal, bring, tmp_path):
    assert "is a folder" in portal("import", "partners", str(tmp_path)).stderr


def test_the_table_of_settings_is_markdown(portal):
    lines = portal("settings").stdout.splitlines()
    assert lines[1] == "|---|---|---|"
    assert len(lines) == 2 + len(SETTINGS)


def test_a_port_that_is_taken_is_said_in_one_line(portal, tmp_path):
    portal("migrate")
    done = CliRunner().invoke(main, ["serve"], env={"PORTAL_DATA": str(tmp_path / "data"), "HOST": "203.0.113.1"})
    assert done.exit_code == 2
    assert "203.0.113.1:8000 cannot be used" in done.stderr
