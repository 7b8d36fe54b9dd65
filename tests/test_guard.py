"""What stands around every request: spec/7-bar.md CS-1 to CS-3, IN-2, IN-4, AL-1, AL-2."""

import io
import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from peewee import DataError

from portal.accounts.models import SignInSession
from portal.db import database
from portal.records import AuditEvent
from tests.test_permissions import address


@pytest.fixture
def strict(app):
    """The app as it runs: forms need their token."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def token_of(browser, path="/profile"):
    page = browser.get(path).text
    return page.partition('name="csrf_token" type="hidden" value="')[2].partition('"')[0]


# --- forms --------------------------------------------------------------------------------------------------------


def test_a_form_without_its_token_changes_nothing(strict, cast):
    browser = cast.client(cast.par)
    assert browser.post("/sign-out").status_code == 400
    assert SignInSession.select().count() == 1


def test_a_form_with_its_token_does(strict, cast):
    browser = cast.client(cast.par)
    assert browser.post("/sign-out", data={"csrf_token": token_of(browser)}).status_code == 303
    assert SignInSession.select().count() == 0


def test_somebody_elses_token_does_not(strict, cast):
    theirs = token_of(cast.client(cast.petra))
    browser = cast.client(cast.par)
    token_of(browser)
    assert browser.post("/sign-out", data={"csrf_token": theirs}).status_code == 400


def test_the_token_may_come_as_a_header(strict, cast):
    browser = cast.client(cast.par)
    assert browser.post("/sign-out", headers={"X-CSRFToken": token_of(browser)}).status_code == 303


def test_every_post_needs_it_open_ones_too(strict, cast):
    wrong = {}
    for rule in strict.url_map.iter_rules():
        if "POST" in rule.methods:
            answer = cast.client(cast.ada).post(address(strict, rule))
            if answer.status_code != 400:
                wrong[rule.endpoint] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://localhost:1"}]
)
def test_what_another_site_sends_changes_nothing(cast, headers):
    assert cast.client(cast.par).post("/sign-out", headers=headers).status_code == 400
    assert SignInSession.select().count() == 1


def test_what_the_own_site_sends_does(cast):
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert cast.client(cast.par).post("/sign-out", headers=headers).status_code == 303


# --- headers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/profile", "/sign-in", "/nothing-here", "/static/css/portal.css", "/healthz"])
def test_every_answer_carries_the_security_headers(cast, path):
    answer = cast.client(cast.par).get(path)
    headers = answer.headers
    answer.close()
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/reset/used", "/invitation/used", "/set-up/used", "/my/enter/used"])
def test_an_address_that_opens_a_door_is_told_to_no_other_page(cast, path):
    assert cast.client().get(path).headers["Referrer-Policy"] == "no-referrer"


def test_an_error_page_carries_the_security_headers_too(cast, monkeypatch):
    monkeypatch.setattr("portal.accounts.models.SignInSession.living", None)
    answer = cast.client(cast.par).get("/profile")
    assert (answer.status_code, answer.headers["X-Content-Type-Options"]) == (500, "nosniff")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_pages_are_not_kept_by_anybody_on_the_way(cast):
    assert cast.client(cast.par).get("/profile").headers["Cache-Control"] == "no-store"


def test_another_host_name_is_refused(cast):
    assert cast.client().get("/sign-in", headers={"Host": "evil.example"}).status_code == 400


def seen_by_others(read):
    """What another connection reads: only what was committed."""

    def reading():
        with database.connection_context():
            return read()

    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(reading).result()


# --- closed doors -------------------------------------------------------------------------------------------------


def test_a_stranger_comes_back_to_the_page_after_signing_in(cast):
    assert cast.client().get("/admin/users?role=pam").location == "/sign-in?next=/admin/users?role%3Dpam"


def test_a_phone_without_a_session_is_told_so(cast):
    answer = cast.client().get("/profile", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json) == (401, {"error": "sign in"})


def test_a_refusal_is_in_the_audit_log_for_good(cast):
    cast.client(cast.par).get("/admin/users")
    event = seen_by_others(lambda: AuditEvent.get(AuditEvent.action == "access.denied"))
    assert (event.actor_id, event.result, event.details) == (cast.par.id, "denied", {"endpoint": "admin.users"})


def test_a_post_that_fails_stores_nothing(cast, monkeypatch):
    def stumble(stamp, session):
        session.delete_instance()
        raise RuntimeError("stumbled")

    monkeypatch.setattr("portal.accounts.signing_in.end", stumble)
    cast.app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = cast.client(cast.par).post("/sign-out")
    cast.app.config["PROPAGATE_EXCEPTIONS"] = None
    assert answer.status_code == 500
    assert SignInSession.select().count() == 1


# --- garbage ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/profile?x=%00", "/admin/audit?from_on=99999-99-99", "/admin/users?page=99999999999999999999", "/x/%ED%A0%80"],
)
def test_garbage_in_the_address_breaks_nothing(cast, path):
    assert cast.client(cast.ada).get(path).status_code < 500


@pytest.mark.parametrize(
    "data",
    [
        {"name": "a\x00b"},
        {"name": "x" * 100_000},
        {"version": "not a number", "name": "Pär", "locale": "sv", "timezone": "Europe/Oslo"},
        {"version": "9" * 30, "name": "Pär", "locale": "sv", "timezone": "Europe/Oslo"},
    ],
)
def test_garbage_in_a_form_breaks_nothing(cast, data):
    assert cast.client(cast.par).post("/profile", data=data).status_code in (400, 409)


def test_nul_is_refused_behind_a_first_value_too(cast):
    assert "cannot be stored" in cast.client(cast.ada).post("/imports/", data={"kind": ["users", "\x00"]}).text


def test_nul_is_refused_in_the_name_of_a_file(cast):
    sent = {"kind": "users", "file": (io.BytesIO(b"Name;Mail"), "a\x00.csv")}
    assert "cannot be stored" in cast.client(cast.ada).post("/imports/", data=sent).text


def test_a_value_that_no_column_holds_is_a_mistake_of_the_form(cast, monkeypatch):
    def store(*_arguments):
        raise DataError("value too long for type character varying(255)")

    monkeypatch.setattr("portal.accounts.signing_in.end", store)
    assert cast.client(cast.par).post("/sign-out").status_code == 400


def test_too_large_a_form_is_refused(cast):
    assert cast.client(cast.par).post("/profile", data={"name": "x" * 2_000_000}).status_code == 413


# --- the log ------------------------------------------------------------------------------------------------------


def test_a_request_has_the_same_number_in_answer_and_log(cast, caplog):
    caplog.set_level(logging.INFO, "portal.request")
    answer = cast.client(cast.par).get("/nothing-here")
    assert answer.headers["X-Request-ID"] in answer.text
    assert answer.headers["X-Request-ID"] in caplog.text


def test_no_secret_reaches_the_log(cast, caplog):
    caplog.set_level(logging.INFO)
    cast.client().post(
        "/sign-in?next=/canary-next", data={"email": "canary@example.com", "password": "canary-password"}
    )
    cast.client().get("/reset/canary-token")
    assert "canary" not in caplog.text
