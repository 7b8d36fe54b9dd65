"""What runs by itself: due jobs run once, a failing one is seen and stops no other, queued work follows its commit."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from huey.storage import MemoryStorage

from portal import background, read_only
from portal.accounts.models import Attempt, JobRun, ShareLink, SignInSession
from portal.db import database
from portal.operation import backup, jobs
from portal.operation.defaults import make_defaults
from portal.partners.models import PartnerClass

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def only(monkeypatch):
    """Lets only the given jobs exist: name → function."""

    def replace(**functions):
        made = tuple(jobs.Job(name, name, run, timedelta(minutes=1)) for name, run in functions.items())
        monkeypatch.setattr(jobs, "JOBS", made)
        monkeypatch.setattr(jobs, "BY_NAME", {job.name: job for job in made})

    return replace


def count(name, calls):
    def run(settings, now):
        calls.append(name)
        return ""

    return run


# --- when ---------------------------------------------------------------------------------------------------------


NIGHTLY = jobs.Job("backup", "", None, timedelta(days=1), hour=1)


@pytest.mark.parametrize(
    ("last", "hours", "due"),
    [
        (None, 0, True),
        (timedelta(hours=2), 0, False),
        (timedelta(days=1), 0, True),
        (timedelta(days=3), 0, True),
        (timedelta(days=1), -12, False),
    ],
)
def test_a_nightly_job_is_due_once_a_day_from_its_hour_on_also_after_downtime(last, hours, due):
    now = MONDAY + timedelta(hours=hours)
    assert NIGHTLY.is_due(now - last if last else None, now) is due


def test_a_job_that_is_asked_for_is_never_due():
    assert not jobs.BY_NAME["publish"].is_due(None, MONDAY)


def test_a_due_job_runs_once(db, settings, only):
    calls = []
    only(first=count("first", calls))
    jobs.run_due(settings, MONDAY)
    jobs.run_due(settings, MONDAY + timedelta(seconds=30))
    jobs.run_due(settings, MONDAY + timedelta(seconds=60))
    assert calls == ["first", "first"]


def test_a_job_that_another_worker_has_just_begun_does_not_run(db, settings, only):
    calls = []
    only(first=count("first", calls))
    JobRun.create(name="first", started_at=MONDAY)
    jobs.run_due(settings, MONDAY)
    assert calls == []


# --- how it ends --------------------------------------------------------------------------------------------------


def fall_over(settings, now):
    raise ValueError("no luck")


def test_a_job_that_fails_is_kept_with_its_reason_and_stops_no_other(db, settings, only, caplog):
    calls = []
    only(bad=fall_over, good=count("good", calls))
    assert jobs.run_due(settings, MONDAY) == ["good"]
    assert JobRun.get(JobRun.name == "bad").error == "ValueError: no luck"
    assert "The job bad failed" in caplog.text


def test_a_job_that_works_again_forgets_its_error(db, settings, only):
    only(first=fall_over)
    jobs.run_due(settings, MONDAY)
    only(first=count("first", []))
    jobs.run_due(settings, MONDAY + timedelta(hours=1))
    assert JobRun.get(JobRun.name == "first").error == ""


def test_nothing_runs_while_nothing_may_be_written(db, settings, only):
    calls = []
    only(first=count("first", calls))
    read_only.begin(settings, "for this test")
    jobs.run_due(settings, MONDAY)
    read_only.path(settings).unlink()
    assert calls == []


# --- the queue ----------------------------------------------------------------------------------------------------


@pytest.fixture
def queue(db):
    """A queue that remembers what was put into it."""
    put = []
    background.use(SimpleNamespace(put=lambda name, **arguments: put.append((name, arguments))))
    yield put
    background.use(None)


def test_work_is_handed_over_after_the_commit(queue):
    with database.atomic():
        assert background.soon("publish", user_id=7)
        assert queue == []
    assert queue == [("publish", {"user_id": 7})]


def test_rolled_back_work_is_never_handed_over(queue):
    with database.atomic() as transaction:
        background.soon("publish")
        transaction.rollback()
    assert queue == []


def test_without_a_queue_the_caller_is_told(db):
    assert background.soon("publish") is False


def test_a_queue_that_refuses_does_not_undo_what_is_committed(db, caplog):
    background.use(SimpleNamespace(put=fall_over))
    with database.atomic():
        background.soon("publish", settings=None)
    background.use(None)
    assert "could not be queued" in caplog.text


def test_a_queued_job_reaches_the_worker_with_its_arguments():
    taken = []
    queue = background.Queue(
        "x" * 40, lambda name, **given: taken.append((name, given)), storage={"storage_class": MemoryStorage}
    )
    queue.put("publish", user_id=7)
    queue.huey.execute(queue.huey.dequeue())
    assert taken == [("publish", {"user_id": 7})]


def test_work_that_somebody_else_wrote_into_the_database_is_not_run():
    ours, theirs = (
        background.Queue(secret * 40, print, storage={"storage_class": MemoryStorage}) for secret in ("a", "b")
    )
    theirs.put("publish")
    ours.huey.storage.enqueue(theirs.huey.storage.dequeue())
    with pytest.raises(ValueError, match="Signature"):
        ours.huey.dequeue()


def test_the_queue_keeps_its_work_in_our_own_database(db, settings):
    queue = background.Queue("x" * 40, print)
    queue.make_tables()
    queue.huey.storage.flush_queue()
    queue.put("publish")
    assert queue.huey.storage.queue_size() == 1
    queue.huey.storage.drop_tables()
    database.connect(reuse_if_open=True)


# --- what the jobs do ---------------------------------------------------------------------------------------------


def test_what_has_expired_is_removed_and_what_has_not_stays(cast, settings):
    now = cast.stamp.at
    for age in (1, 60):
        at = now - timedelta(days=age)
        Attempt.create(door="sign-in", account=f"a{age}", ip="10.0.0.1", at=at - timedelta(days=2))
        ShareLink.create(
            purpose="x", holder_kind="user", holder_id=1, token_hash=str(age), created_at=at, expires_at=at
        )
        SignInSession.open(cast.par, at)
    jobs.run("purge", settings, now)
    assert (Attempt.select().count(), ShareLink.select().count(), SignInSession.select().count()) == (0, 1, 1)


def test_every_job_that_is_due_by_itself_runs_in_an_empty_portal(cast, settings, monkeypatch):
    monkeypatch.setattr(backup, "make", lambda *_given: "made")
    assert jobs.run_due(settings, MONDAY) == [job.name for job in jobs.JOBS if job.every]


def test_a_new_workspace_has_classes_tiers_and_kpis_once(db, stamp):
    make_defaults(stamp)
    make_defaults(stamp)
    classes = [(each.code, each.policies[0].ideal_days) for each in PartnerClass.select().order_by(PartnerClass.rank)]
    assert classes == [("A", 45), ("B", 90), ("C", 180), ("D", None)]


# --- the page -----------------------------------------------------------------------------------------------------


def test_an_administrator_sees_how_old_the_backup_is(cast):
    page = cast.client(cast.ada).get("/admin/state")
    assert page.status_code == 200
    assert "There is no backup yet" in page.text


@pytest.mark.parametrize("who", ["par", "maja", "lena"])
def test_the_state_of_the_portal_is_for_administrators(cast, who):
    assert cast.client(getattr(cast, who)).get("/admin/state").status_code == 403


def test_a_stranger_is_asked_to_sign_in(cast):
    assert cast.client().get("/admin/state").status_code == 302
