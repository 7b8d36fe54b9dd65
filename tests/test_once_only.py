"""The same command under the same uid is done once, also when it arrives twice at the same moment."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from portal.accounts.models import Submission
from portal.actions.models import Action
from portal.db import database
from portal.records import AuditEvent
from portal.visits.models import Visit

JSON = {"Accept": "application/json"}
AT_ONCE = 4


@pytest.fixture
def at_once(cast):
    """Sends one form from several browsers of Pär at the same moment: the sorted answers."""

    def send(address, data, times=AT_ONCE):
        browsers, barrier = [cast.client(cast.par) for _ in range(times)], Barrier(times)

        def press(browser):
            barrier.wait()
            try:
                return browser.post(address, data=data, headers=JSON)
            finally:
                # The thread ends here, and with it the only one who could close its connection.
                database.close()

        with ThreadPoolExecutor(times) as pool:
            answers = list(pool.map(press, browsers))
        database.connect(reuse_if_open=True)
        return sorted(answers, key=lambda answer: answer.status_code)

    return send


@pytest.fixture
def a_visit(cast, today):
    return {
        "client_uid": str(uuid.uuid4()),
        "partner": cast.orebro.id,
        "held_on": today.isoformat(),
        "mode": "on_site",
        "promise_by_us": "We send prices",
    }


def test_posts_at_once_are_one_visit(at_once, a_visit):
    answers = at_once("/visits/log", a_visit)
    assert ([one.status_code for one in answers], Visit.select().count()) == ([200, 200, 200, 201], 1)


def test_posts_at_once_get_the_same_row(at_once, a_visit):
    bodies = [answer.json for answer in at_once("/visits/log", a_visit)]
    assert all(body == bodies[0] for body in bodies)


def test_posts_at_once_promise_once(at_once, a_visit):
    at_once("/visits/log", a_visit)
    assert Action.select().count() == 1


def test_posts_at_once_leave_one_line_in_the_audit(at_once, a_visit):
    at_once("/visits/log", a_visit)
    assert AuditEvent.select().where(AuditEvent.action == "Visit.log").count() == 1


def test_different_uids_at_once_are_different_commands(cast, today):
    browsers = [cast.client(cast.par) for _ in range(2)]
    for browser, partner in zip(browsers, (cast.orebro, cast.falun), strict=True):
        browser.post("/visits/log", data={"partner": partner.id, "held_on": today.isoformat(), "mode": "on_site"})
    assert Submission.select().count() == 2


def test_the_answer_names_the_uid_and_the_content(cast, a_visit):
    answer = cast.client(cast.par).post("/visits/log", data=a_visit, headers=JSON)
    stored = Submission.get()
    assert (answer.json["client_uid"], answer.json["content_hash"]) == (stored.client_uid, stored.content_hash)


def test_a_refused_form_keeps_its_uid_free(cast, a_visit):
    browser = cast.client(cast.par)
    browser.post("/visits/log", data=a_visit | {"mode": "telepathy"}, headers=JSON)
    assert browser.post("/visits/log", data=a_visit, headers=JSON).status_code == 201


def test_a_question_keeps_the_uid_free(cast, today, a_visit):
    cast.held(cast.orebro, today)
    browser = cast.client(cast.par)
    asked = browser.post("/visits/log", data=a_visit, headers=JSON).status_code
    assert (asked, browser.post("/visits/log", data=a_visit | {"sure": "y"}, headers=JSON).status_code) == (422, 201)


def test_edits_at_once_from_one_version_are_one_edit_and_conflicts(cast, at_once, today):
    visit = cast.held(cast.orebro, today)
    edits = {"version": 1, "held_on": today.isoformat(), "mode": "on_site", "note": "Better"}
    answers = at_once(f"/visits/{visit.id}/edit", edits, times=2)
    assert ([one.status_code for one in answers], Visit.get().version) == ([201, 409], 2)


def test_one_edit_pressed_twice_is_one_edit(cast, at_once, today):
    visit = cast.held(cast.orebro, today)
    uid = str(uuid.uuid4())
    edits = {"version": 1, "held_on": today.isoformat(), "mode": "on_site", "note": "Better", "client_uid": uid}
    answers = at_once(f"/visits/{visit.id}/edit", edits, times=2)
    assert ([one.status_code for one in answers], Visit.get().version) == ([200, 201], 2)


def test_a_uid_that_was_used_for_something_else_is_refused(cast, a_visit):
    action, browser = cast.action(cast.orebro), cast.client(cast.par)
    browser.post(f"/promises/{action.id}/done", data={"client_uid": a_visit["client_uid"]}, headers=JSON)
    assert (browser.post("/visits/log", data=a_visit, headers=JSON).status_code, Visit.select().count()) == (409, 0)


def test_two_devices_answer_one_planned_visit_and_one_is_told(cast, at_once, today):
    visit = cast.planned(cast.orebro, today)
    answers = at_once(f"/visits/{visit.id}/not-held", {"reason": "missed"}, times=2)
    assert ([one.status_code for one in answers], Visit.get().not_held_reason) == ([201, 409], "missed")
