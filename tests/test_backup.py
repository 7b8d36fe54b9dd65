"""A backup that counts was restored and checked; what is restored equals what was there; a damaged file is refused."""

import os
import tarfile
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest

from portal import read_only
from portal.accounts.audit import seal
from portal.accounts.models import Region, User, Workspace
from portal.db import database
from portal.operation import archive, backup, migrations
from portal.operation.restore import NotEmpty, restore
from portal.partners.models import Partner
from portal.records import AuditEvent, Stamp
from portal.settings import read_settings
from portal.tables import TABLES
from tests.test_schema import _postgresql, opened

NIGHT = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


def settings_in(folder, url=""):
    return read_settings({"PORTAL_DATA": str(folder), "DATABASE_URL": url})


def dump():
    """Every row of every table, to compare two databases."""
    return {
        table.__name__: [tuple(row) for row in table.select().order_by(table.id).tuples()]
        for table in TABLES
        if table is not AuditEvent
    }


def fill(number=30):
    stamp = Stamp(NIGHT)
    Workspace.add(stamp, name="Nordlicht ÅÄÖ 🌍")
    User.add(stamp, name="Ada", email="ada@nordlicht.example", role="admin")
    outer = Region.add(stamp, name="outer")
    inner = Region.add(stamp, name="inner", parent=outer)
    outer.change(stamp, parent=inner)
    for each in range(number):
        name = f"Partner {each}"
        Partner.add(stamp, name=name, **Partner.search_columns(name), partner_since_on=NIGHT.date(), latitude=each / 7)


@pytest.fixture
def data(tmp_path):
    """Settings of a filled SQLite portal, opened, with one file beside the database."""
    made = settings_in(tmp_path / "data")
    with opened(made):
        migrations.migrate(made)
        fill()
        (made.data / "attachments").mkdir()
        (made.data / "attachments" / "offer.txt").write_text("for Örebro")
        yield made


def test_what_is_restored_is_what_was_there(data, tmp_path):
    made = backup.make(data, NIGHT, "by-hand")
    before = dump()
    other = settings_in(tmp_path / "other")
    restore(other, made.path)
    assert dump() == before
    assert (other.data / "attachments" / "offer.txt").read_text() == "for Örebro"


def test_rows_move_from_sqlite_to_postgresql_and_back(data, tmp_path, engine, settings):
    made = backup.make(data, NIGHT, "by-hand", as_rows=True)
    before = dump()
    url = ""
    if engine == "postgresql":
        name = f"restored_{os.getpid()}"
        _postgresql(settings.database_url, name)
        url = settings.database_url.replace(f"/portal_{os.getpid()}", f"/{name}")
    other = settings_in(tmp_path / "other", url)
    restore(other, made.path)
    assert dump() == before
    assert Region.add(Stamp(NIGHT), name="a new row gets a new number").id > 2
    assert backup.make(other, NIGHT, "again", as_rows=True).path.exists()
    database.close()
    if engine == "postgresql":
        database.close_all()


def test_a_backup_is_made_while_others_write_and_holds_no_half_transaction(data):
    with database.atomic():
        Region.add(Stamp(NIGHT), name="stored")
    made = backup.make(data, NIGHT, "by-hand")
    assert made.size > 1000


def test_a_backup_holds_neither_the_key_nor_mails_with_links(data, tmp_path):
    data.outbox.mkdir()
    (data.outbox / "invitation.eml").write_text("https://portal.example/invitation/live")
    made = backup.make(data, NIGHT, "by-hand")
    with tarfile.open(made.path) as tar:
        names = tar.getnames()
    assert names == ["portal.sqlite", "files/attachments/offer.txt", "manifest.json", "manifest.sha256"]


def test_only_its_owner_can_read_a_backup(data):
    assert backup.make(data, NIGHT, "by-hand").path.stat().st_mode & 0o777 == 0o600


def test_a_backup_is_in_the_audit_log(data):
    backup.make(data, NIGHT, "by-hand")
    assert AuditEvent.select().where(AuditEvent.action == "backup.make").count() == 1


# --- damage -------------------------------------------------------------------------------------------------------


def test_a_truncated_backup_is_refused_and_nothing_is_left_behind(data, tmp_path):
    made = backup.make(data, NIGHT, "by-hand")
    made.path.write_bytes(made.path.read_bytes()[: made.size * 2 // 3])
    other = settings_in(tmp_path / "other")
    with pytest.raises(archive.Damaged, match="Take another"):
        restore(other, made.path)
    assert sorted(path.name for path in other.data.iterdir()) == ["secret.key"]


@pytest.mark.parametrize("place", [0.3, 0.6, 0.9])
def test_an_altered_backup_is_refused(data, tmp_path, place):
    made = backup.make(data, NIGHT, "by-hand")
    content = bytearray(made.path.read_bytes())
    content[int(len(content) * place)] ^= 0xFF
    made.path.write_bytes(content)
    with pytest.raises(archive.Damaged):
        restore(settings_in(tmp_path / "other"), made.path)


def test_a_part_that_was_exchanged_is_refused(data, tmp_path):
    made = backup.make(data, NIGHT, "by-hand")
    other = tmp_path / "exchanged.backup"
    with tarfile.open(made.path) as before, tarfile.open(other, "w:gz") as after:
        for member in before:
            content = before.extractfile(member).read().replace(b"for \xc3\x96rebro", b"for Malmo!!")
            member.size = len(content)
            after.addfile(member, BytesIO(content))
    with pytest.raises(archive.Damaged, match=r"offer\.txt"):
        restore(settings_in(tmp_path / "other"), other)


def test_a_member_that_points_out_of_the_folder_is_refused(tmp_path):
    with tarfile.open(tmp_path / "evil.backup", "w:gz") as tar:
        info = tarfile.TarInfo("../outside")
        tar.addfile(info)
    (tmp_path / "in").mkdir()
    with pytest.raises(archive.Damaged):
        archive.extract(tmp_path / "evil.backup", tmp_path / "in")
    assert not (tmp_path / "outside").exists()


def test_a_backup_of_a_damaged_database_fails_loudly_and_is_not_kept(data, caplog):
    page = database.execute_sql("SELECT rootpage FROM sqlite_master WHERE name = 'partner'").fetchone()[0]
    size = database.execute_sql("PRAGMA page_size").fetchone()[0]
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    with open(data.data / "portal.sqlite", "r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\x55" * size)
    database.connect()
    with pytest.raises(backup.BackupFailed):
        backup.make(data, NIGHT, "by-hand")
    assert "BACKUP FAILED" in caplog.text
    assert backup.kept(data) == []
    assert "damaged database" in read_only.reason(data)


def test_a_database_whose_audit_lines_were_changed_is_not_kept_as_a_good_backup(data):
    seal(NIGHT + timedelta(days=1))
    database.execute_sql("DROP TRIGGER audit_is_not_changed")
    database.execute_sql("UPDATE audit_event SET action = 'nothing' WHERE id = 2")
    with pytest.raises(backup.BackupFailed, match="changed after sealing"):
        backup.make(data, NIGHT, "by-hand")


def test_a_database_is_backed_up_as_it_is_before_a_migration_to_other_tables(data, tmp_path):
    database.execute_sql("ALTER TABLE visit RENAME COLUMN note TO remark")
    database.execute_sql("DELETE FROM schema_migration")
    made = backup.make(data, NIGHT, "before-migration")
    assert made.path.exists()


# --- where to -----------------------------------------------------------------------------------------------------


def test_a_restore_never_overwrites(data):
    made = backup.make(data, NIGHT, "by-hand")
    with pytest.raises(NotEmpty, match="not empty"):
        restore(data, made.path)


def test_a_backup_of_a_newer_version_is_refused(data, tmp_path, monkeypatch):
    made = backup.make(data, NIGHT, "by-hand")
    monkeypatch.setattr("portal.operation.restore.FOLDER", tmp_path)
    with pytest.raises(archive.Damaged, match="newer version"):
        restore(settings_in(tmp_path / "other"), made.path)


# --- how many are kept --------------------------------------------------------------------------------------------


def test_seven_days_four_weeks_and_twelve_months_are_kept(tmp_path):
    made = [backup.Backup(tmp_path / str(day), NIGHT - timedelta(days=day)) for day in range(800)]
    kept = sorted((NIGHT - each.made_at).days for each in backup.to_keep(made, NIGHT))
    # Seven days, with the last Sunday among them; two Sundays before that; the last days of eleven months.
    assert kept[:9] == [0, 1, 2, 3, 4, 5, 6, 13, 20]
    assert len(kept) == 9 + 11


def test_old_backups_go_when_a_new_one_is_made(data):
    data.backups.mkdir()
    for day in range(1, 10):
        (data.backups / f"portal-{NIGHT - timedelta(days=day):%Y%m%dT%H%M%SZ}-nightly.backup").touch()
    made = backup.make(data, NIGHT, "nightly")
    assert [(NIGHT - each.made_at).days for each in backup.kept(data)] == [0, 1, 2, 3, 4, 5, 6]
    assert made.path.exists()
