"""What is well and what is not: one finding a question, each bad one with its way out."""

import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal import read_only
from portal.accounts import audit, outbox
from portal.accounts.models import JobRun
from portal.db import SAFE_SQLITE, database, is_sqlite
from portal.disk import room
from portal.i18n import N_, Message
from portal.operation import backup, jobs, migrations
from portal.records import AuditEvent

OK, WARN, BAD = "good", "warn", "bad"
WORKER_IS_LATE = timedelta(minutes=5)
SMALL_SKEW = timedelta(minutes=2)


@dataclass(frozen=True)
class Finding:
    """`state`: good, warn or bad; `way_out`: what to do about it, "" when nothing."""

    title: str
    state: str
    text: Message
    way_out: Message | str = ""


@dataclass(frozen=True)
class Question:
    title: str
    answer: Callable
    # Reads everything that is stored: asked on the command line, not for a page.
    slow: bool = field(default=False)


def findings(settings, now, *, slow=True):
    """One finding a question. A question that cannot be answered is itself a bad finding."""
    for question in QUESTIONS:
        if slow or not question.slow:
            yield _answered(question, settings, now)


def _answered(question, settings, now):
    try:
        state, text, *way_out = question.answer(settings, now)
    except Exception as error:
        reason = {"reason": f"{type(error).__name__}: {error}"}
        return Finding(question.title, BAD, Message(N_("It cannot be checked: %(reason)s"), reason))
    return Finding(question.title, state, text, way_out[0] if way_out else "")


def _version(_settings, _now):
    if not is_sqlite():
        version = database.execute_sql("SHOW server_version").fetchone()[0]
        return OK, Message(N_("PostgreSQL %(version)s"), {"version": version})
    text = Message(N_("SQLite %(version)s"), {"version": ".".join(map(str, database.server_version))})
    if tuple(database.server_version) < SAFE_SQLITE:
        return BAD, text, Message(N_("This version can damage the file. Install what requirements.lock names."))
    return OK, text


EXPECTED_PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
EXPECTED_POSTGRESQL = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


def _safe_writing(_settings, _now):
    """What makes an acknowledged row survive a power cut."""
    if is_sqlite():
        expected = EXPECTED_PRAGMAS
        found = {name: database.execute_sql(f"PRAGMA {name}").fetchone()[0] for name in expected}
    else:
        expected = EXPECTED_POSTGRESQL
        found = {name: database.execute_sql(f"SHOW {name}").fetchone()[0] for name in expected}
    wrong = ", ".join(f"{name}={found[name]}" for name in expected if found[name] != expected[name])
    if wrong:
        way_out = Message(N_("What is acknowledged could be lost at a power cut. Set it back to the default."))
        return BAD, Message(N_("Not as it should be: %(settings)s"), {"settings": wrong}), way_out
    return OK, Message("%(settings)s", {"settings": ", ".join(f"{name}={value}" for name, value in found.items())})


def _migrations(_settings, _now):
    known = migrations.status()
    if known.unknown:
        names = {"names": ", ".join(known.unknown)}
        return BAD, Message(N_("The database is newer: %(names)s"), names), Message(N_("Install the newer version."))
    if known.pending:
        names = {"names": ", ".join(known.pending)}
        return BAD, Message(N_("Missing: %(names)s"), names), Message(N_("Run: portal migrate"))
    return OK, Message(N_("All %(number)s are applied"), {"number": len(known.applied)})


def _writable(settings, _now):
    reason = read_only.reason(settings)
    if reason:
        way_out = Message(N_("Restore a backup; or, if the check of the database finds nothing, run: portal resume"))
        return BAD, Message(N_("Nothing is written since %(reason)s"), {"reason": reason}), way_out
    return OK, Message(N_("Changes are stored"))


def _integrity(_settings, _now):
    problems = read_only.integrity_problems()
    if problems:
        text = Message(N_("The database is damaged: %(problems)s"), {"problems": "; ".join(problems[:3])})
        return BAD, text, Message(N_("Stop the portal and restore the last backup."))
    return OK, Message(N_("Every page of the database is sound"))


def _permissions(settings, _now):
    private = [settings.data, settings.data / "secret.key", settings.outbox, settings.backups]
    if settings.database_url.startswith("sqlite:///"):
        private.append(Path(settings.database_url.removeprefix("sqlite:///")))
    open_to_others = [path for path in private if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077]
    open_to_others = [path for path in open_to_others if not _is_inside_private(path, settings.data)]
    if open_to_others:
        paths = " ".join(map(str, open_to_others))
        way_out = Message(N_("Run: chmod go-rwx %(paths)s"), {"paths": paths})
        return BAD, Message(N_("Other users of this machine can read %(paths)s"), {"paths": paths}), way_out
    return OK, Message(N_("Only the portal's user can read the data"))


def _is_inside_private(path, folder):
    """A file inside a folder that nobody else can enter is safe, whatever its own bits say; a key must be 0600 too."""
    return path.name != "secret.key" and path != folder and not stat.S_IMODE(folder.stat().st_mode) & 0o077


def _disk(settings, _now):
    space = room(settings.data)
    text = Message("%(room)s", {"room": str(space)})
    if space.low:
        return BAD if not space.free else WARN, text, Message(N_("Make room, before nothing can be stored any more."))
    return OK, text


def _backup(settings, now):
    newest = next(iter(backup.kept(settings)), None)
    if newest is None:
        return WARN, Message(N_("There is no backup yet")), Message(N_("Run: portal backup"))
    hours = int((now - newest.made_at).total_seconds() // 3600)
    text = Message(N_("The newest is %(hours)s hours old: %(name)s"), {"hours": hours, "name": newest.path.name})
    if hours > settings.backup_age_warning_hours:
        return BAD, text, Message(N_("Look at the jobs below, then run: portal backup"))
    return OK, text


def _clock(_settings, now):
    newest = AuditEvent.select(AuditEvent.at).order_by(AuditEvent.id.desc()).limit(1).scalar()
    if newest and newest > now + SMALL_SKEW:
        way_out = Message(N_("Set the clock of this machine by a time server."))
        return (
            BAD,
            Message(N_("The clock runs behind what was stored at %(at)s UTC"), {"at": f"{newest:%F %T}"}),
            way_out,
        )
    if not is_sqlite():
        skew = abs(database.execute_sql("SELECT now()").fetchone()[0] - datetime.now(UTC))
        if skew > SMALL_SKEW:
            text = Message(
                N_("It differs by %(seconds)s s from the database's"), {"seconds": int(skew.total_seconds())}
            )
            return BAD, text, Message(N_("Set the clocks of both machines by a time server."))
    return OK, Message("%(now)s UTC", {"now": f"{now:%F %T}"})


def _mail(settings, now):
    lost = outbox.given_up().count()
    if lost:
        text = Message(N_("%(number)s messages could not be sent"), {"number": lost})
        return BAD, text, Message(N_("Read the reasons under Outbox, correct MAIL_URL, and send them again there."))
    if not settings.mail_url:
        way_out = Message(N_("Set MAIL_URL when people shall get mail."))
        return (
            WARN,
            Message(N_("No mail server: messages are written to %(folder)s"), {"folder": settings.outbox}),
            way_out,
        )
    return OK, Message(N_("%(number)s messages wait"), {"number": outbox.waiting(now).count()})


def _audit_chain(_settings, _now):
    problems = audit.verify()
    if problems:
        way_out = Message(N_("Somebody changed lines past the portal. Compare with a backup."))
        return BAD, problems[0], way_out
    return OK, Message(N_("%(number)s lines, none changed after sealing"), {"number": AuditEvent.select().count()})


def _jobs(_settings, now):
    runs = {run.name: run for run in JobRun.select()}
    failed = [run for run in runs.values() if run.error]
    if failed:
        text = Message(N_("%(name)s failed: %(error)s"), {"name": failed[0].name, "error": failed[0].error})
        return BAD, text, Message(N_("Run it by hand to see why: portal job %(name)s"), {"name": failed[0].name})
    last = max((run.started_at for run in runs.values()), default=None)
    if last is None or now - last > WORKER_IS_LATE:
        way_out = Message(N_("Start it: portal serve does, or portal work beside portal serve --web-only."))
        return WARN, Message(N_("The background worker is not at work")), way_out
    return OK, Message(
        N_("%(number)s jobs, the last one ran at %(at)s UTC"), {"number": len(jobs.JOBS), "at": f"{last:%F %T}"}
    )


QUESTIONS = (
    Question(N_("Database"), _version),
    Question(N_("Safe writing"), _safe_writing),
    Question(N_("Migrations"), _migrations),
    Question(N_("Writing"), _writable),
    Question(N_("Integrity"), _integrity, slow=True),
    Question(N_("File permissions"), _permissions),
    Question(N_("Disk"), _disk),
    Question(N_("Backup"), _backup),
    Question(N_("Clock"), _clock),
    Question(N_("Mail"), _mail),
    Question(N_("Audit log"), _audit_chain, slow=True),
    Question(N_("Background jobs"), _jobs),
)
