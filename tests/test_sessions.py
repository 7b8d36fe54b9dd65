"""How long sessions live, what ends them, and the password asked again: spec/7-bar.md AU-6 to AU-10."""

from datetime import timedelta

import pytest

from portal.accounts import passwords, signing_in
from portal.accounts.models import SignInSession

PASSWORD = "lantern violin granite"


@pytest.fixture(scope="module")
def password_hash():
    return passwords.hashed(PASSWORD)


@pytest.fixture
def ada(cast, password_hash, stamp):
    cast.ada.change(stamp, password_hash=password_hash)
    return cast.ada


def lives(user, now, *, stays=False, unused=None, after=None):
    """Does a session live that has been unused for so long, or used all the time until `after`?"""
    row, token = SignInSession.open(user, now, stays=stays)
    later = now + (unused or after)
    if after:
        SignInSession.update(seen_at=later).where(SignInSession.id == row.id).execute()
    return SignInSession.find(token, later) is not None


@pytest.mark.parametrize(
    ("who", "stays", "idle", "absolute"),
    [
        ("par", False, timedelta(hours=12), timedelta(days=14)),
        ("par", True, timedelta(days=14), timedelta(days=30)),
        ("maja", True, timedelta(days=14), timedelta(days=30)),
        ("ada", False, timedelta(hours=2), timedelta(hours=12)),
        # An administrator does not stay signed in, whatever the form says.
        ("ada", True, timedelta(hours=2), timedelta(hours=12)),
    ],
)
def test_a_session_lives_as_long_as_its_kind(cast, now, who, stays, idle, absolute):
    user, moment = getattr(cast, who), timedelta(seconds=1)
    assert lives(user, now, stays=stays, unused=idle)
    assert not lives(user, now, stays=stays, unused=idle + moment)
    assert lives(user, now, stays=stays, after=absolute)
    assert not lives(user, now, stays=stays, after=absolute + moment)


def test_a_token_that_nobody_was_given_is_no_session(cast, now):
    SignInSession.open(cast.par, now)
    assert SignInSession.find("", now) is None


def test_using_the_portal_is_noted(cast, now):
    browser = cast.client(cast.par)
    SignInSession.update(seen_at=now - timedelta(hours=1)).execute()
    browser.get("/profile")
    assert SignInSession.get().seen_at > now - timedelta(minutes=1)


def test_the_own_sessions_are_listed(cast):
    browser = cast.client(cast.par)
    SignInSession.update(agent="Mozilla/5.0 (Windows NT 10.0) Firefox/130.0").execute()
    cast.client(cast.petra)
    page = browser.get("/profile").text
    assert "Firefox, Windows" in page
    assert page.count('/end"') == 2  # this session's button, and "everywhere"


def test_one_session_is_ended(cast):
    browser, other = cast.client(cast.par), cast.client(cast.par)
    latest = SignInSession.select().order_by(SignInSession.id.desc()).get()
    browser.post(f"/profile/sessions/{latest.id}/end")
    assert other.get("/profile").status_code == 302
    assert browser.get("/profile").status_code == 200


def test_nobody_ends_somebody_elses_session(cast):
    browser = cast.client(cast.par)
    cast.client(cast.petra)
    theirs = SignInSession.get(SignInSession.user == cast.petra)
    assert browser.post(f"/profile/sessions/{theirs.id}/end").status_code == 404
    assert SignInSession.select().count() == 2


def test_sign_out_everywhere_ends_all_and_only_the_own(cast):
    browser, phone, petra = cast.client(cast.par), cast.client(cast.par), cast.client(cast.petra)
    browser.post("/profile/sessions/end")
    assert [one.get("/profile").status_code for one in (browser, phone, petra)] == [302, 302, 200]


def test_an_administrator_signs_somebody_out_everywhere(cast, ada):
    phone = cast.client(cast.par)
    cast.client(ada).post(f"/admin/users/{cast.par.id}/sessions/end")
    assert phone.get("/profile").status_code == 302


def test_a_new_password_ends_every_session(cast, stamp):
    phone = cast.client(cast.par)
    signing_in.set_password(stamp, cast.par, "a hash")
    assert phone.get("/profile").status_code == 302


# --- the password again -------------------------------------------------------------------------------------------


@pytest.fixture
def late(cast, ada, now):
    """Ada's browser, in which the password was typed eleven minutes ago."""
    browser = cast.client(ada)
    SignInSession.update(confirmed_at=now - timedelta(minutes=11)).execute()
    return browser


def test_after_ten_minutes_the_password_is_asked_for_again(late):
    answer = late.get("/admin/users/new?x=1")
    assert answer.status_code == 302
    assert answer.location == "/confirm-password?next=/admin/users/new?x%3D1"


def test_before_that_it_is_not(cast, ada):
    assert cast.client(ada).get("/admin/users/new").status_code == 200


def test_the_password_leads_on(late):
    answer = late.post("/confirm-password?next=/admin/users/new", data={"password_again": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/admin/users/new")
    assert late.get("/admin/users/new").status_code == 200


def test_a_wrong_one_does_not(late):
    assert late.post("/confirm-password", data={"password_again": "granite"}).status_code == 400
    assert late.get("/admin/users/new").status_code == 302


def test_a_form_that_was_being_sent_travels_along(late):
    answer = late.post("/admin/users/new", data={"name": "Nora Ny", "regions": ["1", "2"]})
    assert answer.status_code == 401
    assert 'value="Nora Ny"' in answer.text
    assert answer.text.count('name="regions"') == 2


def test_and_is_sent_where_it_was_meant_to_go(late):
    data = {"password_again": PASSWORD, "confirmed_next": "/admin/users/new", "name": "Nora Ny"}
    answer = late.post("/confirm-password", data=data)
    assert (answer.status_code, answer.location) == (307, "/admin/users/new")


def test_and_nowhere_else(late):
    data = {"password_again": PASSWORD, "confirmed_next": "//evil.example"}
    assert late.post("/confirm-password", data=data).location == "/"


def test_a_phone_is_told_in_its_own_way(late):
    answer = late.post("/admin/users/new", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json) == (401, {"error": "confirm password"})
