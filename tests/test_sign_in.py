"""Signing in and out over HTTP: spec/7-bar.md AU-5 to AU-8, AU-14."""

import pytest

from portal.accounts import passwords
from portal.accounts.models import SignInSession
from portal.records import AuditEvent

PASSWORD = "lantern violin granite"


@pytest.fixture(scope="module")
def password_hash():
    return passwords.hashed(PASSWORD)


@pytest.fixture
def par(cast, password_hash, stamp):
    cast.par.change(stamp, password_hash=password_hash)
    return cast.par


def sign_in(browser, email="par@nordlicht.example", password=PASSWORD, **fields):
    return browser.post("/sign-in", data={"email": email, "password": password, **fields})


def is_in(browser):
    return browser.get("/profile").status_code == 200


def test_the_right_password_lets_in(cast, par):
    browser = cast.client()
    assert sign_in(browser).location == "/"
    assert is_in(browser)


def test_the_mail_address_is_read_in_any_case(cast, par):
    browser = cast.client()
    sign_in(browser, " Par@Nordlicht.EXAMPLE ")
    assert is_in(browser)


def test_a_wrong_password_does_not_let_in(cast, par):
    browser = cast.client()
    assert sign_in(browser, password="lantern violin marble").status_code == 400
    assert not is_in(browser)


def test_a_known_and_an_unknown_name_get_the_same_answer(cast, par):
    def answer(email):
        said = sign_in(cast.client(), email, "lantern violin marble")
        return said.status_code, said.text.replace(email, "")

    assert answer("par@nordlicht.example") == answer("who@nordlicht.example")


def test_who_was_deactivated_stays_out(cast, par, stamp):
    par.change(stamp, deactivated_at=stamp.at)
    browser = cast.client()
    assert sign_in(browser).status_code == 400
    assert not is_in(browser)


def test_who_has_no_password_yet_stays_out(cast, stamp):
    assert sign_in(cast.client(), "petra@nordlicht.example", "").status_code == 400
    assert sign_in(cast.client(), "petra@nordlicht.example", "None").status_code == 400


def test_afterwards_one_is_where_one_wanted_to_be(cast, par):
    assert sign_in(cast.client(), next="/profile").location == "/profile"


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "/\tevil", "javascript:x"]
)
def test_next_leads_nowhere_else(cast, par, target):
    assert sign_in(cast.client(), next=target).location == "/"


def test_who_is_in_is_not_asked_again(cast, par):
    browser = cast.client(par)
    assert browser.get("/sign-in").status_code == 302


def test_the_sessions_token_is_stored_nowhere(cast, par):
    browser = cast.client()
    sign_in(browser)
    with browser.session_transaction() as cookie:
        token = cookie["_user_id"]
    assert SignInSession.select().where(SignInSession.token_hash == token).count() == 0
    assert SignInSession.select().count() == 1


def test_each_sign_in_is_a_new_session_and_ends_the_browsers_old_one(cast, par, now):
    browser = cast.client()
    sign_in(browser)
    with browser.session_transaction() as cookie:
        first = cookie["_user_id"]
    sign_in(browser)
    assert SignInSession.find(first, now) is None
    assert SignInSession.select().count() == 1


def test_nothing_of_a_strangers_session_survives_the_sign_in(cast, par):
    browser = cast.client()
    with browser.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    sign_in(browser)
    with browser.session_transaction() as cookie:
        assert "planted" not in cookie


def test_no_cookie_remembers_anybody(cast, par):
    answer = sign_in(cast.client(), stays="y")
    assert "remember_token" not in "".join(answer.headers.getlist("Set-Cookie"))


def test_a_cookie_that_claims_to_remember_is_not_read(cast, par):
    _, token = SignInSession.open(par, cast.stamp.at)
    browser = cast.client()
    from_flask_login = cast.app.login_manager
    with cast.app.test_request_context():
        assert from_flask_login._load_user_from_remember_cookie(token) is None
    browser.set_cookie("remember_token", token)
    assert not is_in(browser)


def test_stay_signed_in_keeps_the_cookie(cast, par):
    assert "Expires=" in sign_in(cast.client(), stays="y").headers["Set-Cookie"]


def test_otherwise_the_browser_forgets_it_when_it_closes(cast, par):
    assert "Expires=" not in sign_in(cast.client()).headers["Set-Cookie"]


def test_the_phone_offers_to_stay_signed_in(cast):
    page = cast.client().get("/sign-in", headers={"User-Agent": "Mozilla/5.0 (iPhone) Mobile Safari"}).text
    assert "checked" in page
    assert "checked" not in cast.client().get("/sign-in").text


def test_the_cookie_is_for_the_server_only(cast, par):
    cookie = sign_in(cast.client()).headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie and "Domain" not in cookie


# --- out ----------------------------------------------------------------------------------------------------------


def test_signing_out_ends_the_session_also_for_who_stole_the_cookie(cast, par):
    browser, thief = cast.client(), cast.client()
    sign_in(browser)
    with browser.session_transaction() as cookie:
        stolen = dict(cookie)
    browser.post("/sign-out")
    with thief.session_transaction() as cookie:
        cookie.update(stolen)
    assert not is_in(browser)
    assert not is_in(thief)


def test_signing_out_empties_the_browser(cast, par):
    answer = cast.client(par).post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Expires=Thu, 01 Jan 1970" in answer.headers["Set-Cookie"]


def test_what_is_unsent_stays_in_the_browser(cast, par):
    assert "Clear-Site-Data" not in cast.client(par).post("/sign-out", data={"unsent": "1"}).headers


def test_a_get_signs_nobody_out(cast, par):
    browser = cast.client(par)
    assert browser.get("/sign-out").status_code == 405
    assert is_in(browser)


# --- traces and languages -----------------------------------------------------------------------------------------


def test_good_and_bad_sign_ins_are_in_the_audit_log(cast, par):
    sign_in(cast.client(), password="lantern violin marble")
    sign_in(cast.client())
    events = AuditEvent.select().where(AuditEvent.action.startswith("sign_in")).order_by(AuditEvent.id)
    assert [(event.action, event.result) for event in events] == [("sign_in.failed", "failed"), ("sign_in", "done")]


def test_what_was_typed_is_not_in_the_audit_log(cast, par):
    sign_in(cast.client(), email=PASSWORD)
    sign_in(cast.client(), password="another secret altogether")
    assert not [
        event for event in AuditEvent.select() if PASSWORD in str(event.details) or "another" in str(event.details)
    ]


def test_a_weaker_hash_is_renewed_at_sign_in(cast, stamp, db):
    weak = passwords.PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    cast.par.change(stamp, password_hash=weak)
    sign_in(cast.client())
    assert not passwords.is_outdated(type(cast.par).get_by_id(cast.par.id).password_hash)


def test_the_browsers_language_is_honoured(cast):
    page = cast.client().get("/sign-in", headers={"Accept-Language": "fi-FI,fi;q=0.9,en;q=0.5"}).text
    assert 'lang="fi"' in page


def test_the_language_can_be_switched(cast):
    page = cast.client().get("/sign-in?language=sv", headers={"Accept-Language": "fi"}).text
    assert '<html lang="sv"' in page


def test_an_unknown_language_changes_nothing(cast):
    assert '<html lang="en"' in cast.client().get("/sign-in?language=xx").text
