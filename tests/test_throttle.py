"""How often somebody may fail: spec/7-bar.md AU-4."""

from datetime import timedelta

import pytest

from portal.accounts import passwords, throttle
from portal.accounts.models import SignInSession

PASSWORD = "lantern violin granite"
HOME, AWAY = "192.0.2.1", "198.51.100.7"


def fail(times, now, account="par@example.com", ip=HOME, door="password"):
    return [throttle.failed(door, account, ip, now) for _ in range(times)]


def is_open(now, account="par@example.com", ip=HOME, door="password"):
    try:
        throttle.check(door, account, ip, now)
    except throttle.TooMany:
        return False
    return True


def test_ten_failures_are_allowed(db, now):
    fail(9, now)
    assert is_open(now)
    fail(1, now)
    assert not is_open(now)


def test_the_wait_is_told_and_ends_a_quarter_of_an_hour_after_the_first(db, now):
    fail(10, now)
    with pytest.raises(throttle.TooMany) as refused:
        throttle.check("password", "par@example.com", HOME, now + timedelta(minutes=5))
    assert refused.value.retry_after == 600
    assert not is_open(now + timedelta(minutes=14, seconds=59))
    assert is_open(now + timedelta(minutes=15))


def test_other_accounts_are_not_blocked(db, now):
    fail(10, now)
    assert is_open(now, "petra@example.com")


def test_an_account_is_counted_wherever_its_failures_come_from(db, now):
    for number in range(10):
        fail(1, now, ip=f"192.0.2.{number}")
    assert not is_open(now, ip="203.0.113.9")


def test_fifty_failures_of_an_address_are_allowed(db, now):
    for number in range(50):
        assert is_open(now, f"{number}@example.com")
        fail(1, now, f"{number}@example.com")
    assert not is_open(now, "petra@example.com")
    assert is_open(now, "petra@example.com", ip=AWAY)


def test_a_customer_with_ipv6_is_one_address(db, now):
    for number in range(50):
        fail(1, now, f"{number}@example.com", ip=f"2001:db8:1:2::{number:x}")
    assert not is_open(now, "petra@example.com", ip="2001:db8:1:2:ffff::1")
    assert is_open(now, "petra@example.com", ip="2001:db8:1:3::1")


def test_an_ipv4_address_in_ipv6_clothes_is_itself():
    assert throttle.network("::ffff:192.0.2.1") == "192.0.2.1"


def test_each_door_counts_its_own_failures_of_an_account(db, now):
    fail(10, now)
    assert is_open(now, door="forgot")


def test_from_a_known_address_the_door_stays_open(db, now):
    throttle.succeeded("password", "par@example.com", HOME, now)
    fail(20, now, ip=AWAY)
    assert is_open(now, ip=HOME)
    assert not is_open(now, ip=AWAY)


def test_but_a_wrong_password_from_there_is_told_to_wait(db, now):
    throttle.succeeded("password", "par@example.com", HOME, now)
    assert fail(11, now)[9:] == [0, 900]


def test_and_not_for_ever(db, now):
    throttle.succeeded("password", "par@example.com", HOME, now)
    fail(50, now)
    assert not is_open(now)


def test_an_address_is_forgotten_after_half_a_year(db, now):
    throttle.succeeded("password", "par@example.com", HOME, now - timedelta(days=181))
    fail(10, now)
    assert not is_open(now)


def test_the_command_unlocks_an_account(db, now):
    fail(10, now)
    assert throttle.unlock("par@example.com") == 10
    assert is_open(now)


# --- at the sign-in page ------------------------------------------------------------------------------------------


@pytest.fixture
def par(cast, stamp):
    cast.par.change(stamp, password_hash=passwords.hashed(PASSWORD))
    return cast.par


def sign_in(cast, password, email="par@nordlicht.example", **kwargs):
    return cast.client().post("/sign-in", data={"email": email, "password": password}, **kwargs)


def test_the_eleventh_try_is_answered_with_429(cast, par, now):
    fail(10, now, "par@nordlicht.example", ip=AWAY)
    answer = sign_in(cast, PASSWORD)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900


def test_an_unknown_name_is_locked_out_alike(cast, par, now):
    fail(10, now, "who@nordlicht.example", ip=AWAY)
    assert sign_in(cast, PASSWORD, "who@nordlicht.example").status_code == 429


def test_a_lock_out_ends_no_session(cast, par, now):
    browser = cast.client(par)
    fail(20, now, "par@nordlicht.example")
    assert browser.get("/profile").status_code == 200
    assert SignInSession.select().count() == 1


def test_the_right_password_from_a_known_address_passes(cast, par, now):
    sign_in(cast, PASSWORD)
    fail(20, now, "par@nordlicht.example", ip=AWAY)
    assert sign_in(cast, PASSWORD).status_code == 303
    assert sign_in(cast, "a wrong one").status_code == 429


def test_a_lucky_guess_among_many_at_once_does_not_slip_through(cast, par, now, monkeypatch):
    def meanwhile(password_hash, password):
        fail(10, now, "par@nordlicht.example", ip=AWAY)
        return True

    monkeypatch.setattr(passwords, "matches", meanwhile)
    assert sign_in(cast, PASSWORD).status_code == 429


def test_the_password_asked_again_is_the_same_door(cast, par, now):
    fail(10, now, "par@nordlicht.example", ip=AWAY)
    assert cast.client(par).post("/confirm-password", data={"password_again": PASSWORD}).status_code == 429


def test_guessing_links_is_throttled(cast, now):
    for number in range(50):
        fail(1, now, f"{number}", ip="127.0.0.1", door="link")
    assert cast.client().get("/reset/guessed").status_code == 429
    assert cast.client().get("/invitation/guessed").status_code == 429


def test_a_header_does_not_change_the_address(cast, par, now):
    for number in range(50):
        fail(1, now, f"{number}", ip="127.0.0.1")
    assert sign_in(cast, PASSWORD, headers={"X-Forwarded-For": AWAY}).status_code == 429
