"""What the portal does by itself: each job is a function, called by a command or by the worker when it is due."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from peewee import IntegrityError

from portal import read_only
from portal.accounts import audit, outbox
from portal.accounts.models import Attempt, JobRun, ShareLink, SignInSession, Submission
from portal.db import database
from portal.disk import room
from portal.gate import announcing
from portal.gate.models import ReaderSession
from portal.i18n import N_
from portal.operation import backup
from portal.publishing import publication
from portal.records import Stamp

log = logging.getLogger("portal.jobs")


@dataclass(frozen=True)
class Job:
    """`run(settings, now, **arguments)` returns a line for the log, "" when there was nothing to do. It is due `every`
    so often, from `hour` (UTC) on; a job without `every` runs only when it is asked for."""

    name: str
    label: str
    run: Callable
    every: timedelta | None = None
    hour: int = 0

    def is_due(self, last, now):
        if self.every is None:
            return False
        if last is None:
            return now.hour >= self.hour
        if self.every < timedelta(days=1):
            return now - last >= self.every
        return last.date() + self.every <= now.date() and now.hour >= self.hour


def deliver_mail(settings, now):
    sent = outbox.deliver(settings, now)
    return f"{sent} messages sent" if sent else ""


def seal_audit(settings, now):
    sealed = audit.seal(now)
    return f"{sealed} audit lines sealed" if sealed else ""


def make_backup(settings, now):
    return str(backup.make(settings, now, "nightly"))


def check_disk(settings, now):
    space = room(settings.data)
    if space.low:
        log.warning("The disk is nearly full: %s. Make room before the portal has to refuse.", space)
    return ""


# --- what is no longer needed -------------------------------------------------------------------------------------


KEPT_ATTEMPTS = timedelta(days=2)
KEPT_LINKS = timedelta(days=7)
KEPT_SUBMISSIONS = timedelta(days=180)  # a phone that was offline for a quarter may still replay
LONGEST_SESSION = timedelta(days=30)


def purge_expired(settings, now):
    """Removes secrets that open nothing any more, and counters that count no longer."""
    queries = (
        ShareLink.delete().where(ShareLink.expires_at < now - KEPT_LINKS),
        SignInSession.delete().where(SignInSession.created_at < now - LONGEST_SESSION),
        ReaderSession.delete().where(ReaderSession.created_at < now - LONGEST_SESSION),
        Attempt.delete().where(Attempt.at < now - KEPT_ATTEMPTS),
        Submission.delete().where(Submission.received_at < now - KEPT_SUBMISSIONS),
    )
    removed = 0
    for query in queries:
        with database.atomic():
            removed += query.execute()
    return f"{removed} expired rows removed"


def publish_pages(settings, now, user_id=None, ip=""):
    made = publication.publish(stamp_of(now, user_id, ip), settings)
    return f"publication {made.number}: {made.state}, {made.pages} pages"


def finish_interrupted(settings, now):
    removed = publication.finish_interrupted(stamp_of(now), settings)
    return "files of withdrawn pages removed" if removed else ""


def tell_readers(settings, now):
    told = announcing.announce(stamp_of(now), settings)
    return f"{told} readers told of a new page" if told else ""


JOBS = (
    Job("deliver", N_("Send mail"), deliver_mail, timedelta(minutes=1)),
    Job("seal", N_("Seal the audit log"), seal_audit, timedelta(hours=1)),
    Job("disk", N_("Watch the disk"), check_disk, timedelta(hours=1)),
    Job("backup", N_("Back up"), make_backup, timedelta(days=1), hour=1),
    Job("publish", N_("Publish partner pages"), publish_pages),
    Job("announce", N_("Tell readers of new pages"), tell_readers, timedelta(hours=1)),
    Job("finish", N_("Finish what was interrupted"), finish_interrupted, timedelta(minutes=10)),
    Job("purge", N_("Remove what has expired"), purge_expired, timedelta(days=1), hour=2),
)
BY_NAME = {job.name: job for job in JOBS}


# --- running ------------------------------------------------------------------------------------------------------


def run(name, settings, now, **arguments):
    """Runs one job and keeps when it ran and how it ended; its error is raised again."""
    job = BY_NAME[name]
    row, _ = JobRun.get_or_create(name=name, defaults={"started_at": now})
    _note(row, started_at=now, ended_at=None, error="")
    try:
        said = job.run(settings, now, **arguments)
    except Exception as error:
        _note(row, ended_at=datetime.now(UTC), error=f"{type(error).__name__}: {error}")
        raise
    _note(row, ended_at=datetime.now(UTC))
    if said:
        log.info("%s: %s", name, said)
    return said


def run_due(settings, now):
    """Runs what is due and what no other worker has just begun; a job that fails stops no other."""
    if read_only.reason(settings):
        return []
    done = []
    for job in JOBS:
        if _claim(job, now):
            try:
                run(job.name, settings, now)
                done.append(job.name)
            except Exception as error:
                _alert(settings, job.name, error)
    return done


def _claim(job, now):
    """True for exactly one of the workers that ask at the same time."""
    last = JobRun.get_or_none(JobRun.name == job.name)
    if not job.is_due(last and last.started_at, now):
        return False
    if last:
        same = (JobRun.name == job.name) & (JobRun.started_at == last.started_at)
        return bool(JobRun.update(started_at=now).where(same).execute())
    try:
        with database.atomic():
            JobRun.create(name=job.name, started_at=now)
        return True
    except IntegrityError:
        return False


def _note(row, **fields):
    JobRun.update(**fields).where(JobRun.id == row.id).execute()


def _alert(settings, name, error):
    log.error("The job %s failed: %s", name, error, exc_info=error)
    if read_only.is_damage(error):
        read_only.begin(settings, f"the job {name} met a damaged database: {error}")


# --- for the worker -----------------------------------------------------------------------------------------------


def performer(settings):
    """What the worker does with a job that was asked for."""

    def perform(name, **arguments):
        database.connect(reuse_if_open=True)
        if not read_only.reason(settings):
            run(name, settings, datetime.now(UTC), **arguments)

    return perform


def ticker(settings):
    """What the worker does once a minute."""

    def tick():
        database.connect(reuse_if_open=True)
        run_due(settings, datetime.now(UTC))

    return tick


def stamp_of(now, user_id=None, ip=""):
    """Who acts when a job runs: the user who asked for it, or the portal itself."""
    return Stamp(now, "user", user_id, ip) if user_id else Stamp(now, "job")
