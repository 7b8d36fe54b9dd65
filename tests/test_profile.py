"""What one changes about oneself: spec/7-bar.md AU-9, AU-10, AU-12."""

import pytest

from portal.accounts import outbox, passwords
from portal.accounts.models import OutboxMessage, SignInSession, User

OLD, NEW = "lantern violin granite", "pebble orchestra window"


@pytest.fixture
def par(cast, stamp):
    cast.par.change(stamp, password_hash=passwords.hashed(OLD))
    return cast.par


@pytest.fixture
def browser(cast, par):
    return cast.client(par)


def again(user):
    return User.get_by_id(user.id)


def profile(user, **fields):
    shown = {name: getattr(user, name) for name in ("version", "name", "phone", "locale", "timezone")}
    return {**shown, **fields}


def test_language_and_time_zone_are_ones_own_choice(browser, par):
    browser.post("/profile", data=profile(par, locale="sv", timezone="Europe/Helsinki", phone="+46 70 123"))
    assert (again(par).locale, again(par).timezone, again(par).phone) == ("sv", "Europe/Helsinki", "+46 70 123")
    assert '<html lang="sv"' in browser.get("/profile").text


def test_role_team_and_address_are_not(browser, cast, par):
    browser.post("/profile", data=profile(par, role="admin", team=cast.south.id, email="x@example.com"))
    assert (again(par).role, again(par).team, again(par).email) == ("pam", cast.north, "par@nordlicht.example")


def test_a_stale_profile_is_not_saved(browser, par, stamp):
    earlier = profile(par, name="Pär P.")
    again(par).change(stamp, name="P. Partner")
    assert browser.post("/profile", data=earlier).status_code == 409


def change(browser, current=OLD, new=NEW, repeated=None):
    return browser.post("/profile/password", data={"current": current, "password": new, "again": repeated or new})


def test_a_new_password_needs_the_current_one(browser, par):
    assert change(browser, current="not this one at all").status_code == 400
    assert passwords.matches(again(par).password_hash, OLD)


def test_a_new_password_is_checked(browser, par):
    assert change(browser, new="par nordlicht").status_code == 400


def test_it_signs_out_everywhere_else(browser, cast, par):
    phone = cast.client(par)
    change(browser)
    assert browser.get("/profile").status_code == 200
    assert phone.get("/profile").status_code == 302
    assert passwords.matches(again(par).password_hash, NEW)


def test_this_browser_gets_a_new_session(browser, par, now):
    with browser.session_transaction() as cookie:
        token = cookie["_user_id"]
    change(browser)
    assert SignInSession.find(token, now) is None


def test_the_owner_is_told(browser, par):
    change(browser)
    assert OutboxMessage.get().subject == "Your password was changed"


# --- mail address -------------------------------------------------------------------------------------------------


@pytest.fixture
def offered(browser, settings, now):
    """The path of the link that was mailed to the new address."""
    browser.post("/profile/address", data={"email": "Par.New@nordlicht.example"})
    address = outbox.hand_over(settings, OutboxMessage.get(), now)
    return address.removeprefix(settings.public_url)


def test_a_new_address_counts_when_its_mail_was_opened(browser, par, offered):
    assert OutboxMessage.get().to_address == "par.new@nordlicht.example"
    assert again(par).email == "par@nordlicht.example"
    browser.get(offered)
    assert again(par).email == "par@nordlicht.example"
    browser.post(offered)
    assert again(par).email == "par.new@nordlicht.example"


def test_the_old_address_is_told(browser, par, offered):
    browser.post(offered)
    told = OutboxMessage.select().order_by(OutboxMessage.id.desc()).get()
    assert (told.to_address, told.subject) == ("par@nordlicht.example", "Your mail address was changed")


def test_the_link_works_once(browser, par, offered):
    browser.post(offered)
    assert browser.post(offered).status_code == 410


def test_nobody_else_can_use_it(cast, par, offered):
    assert cast.client(cast.petra).post(offered).status_code == 410
    assert again(par).email == "par@nordlicht.example"


def test_somebody_elses_address_is_neither_given_nor_told(browser, cast, par):
    free = browser.post("/profile/address", data={"email": "free@nordlicht.example"})
    taken = browser.post("/profile/address", data={"email": cast.petra.email})
    assert (free.status_code, free.location) == (taken.status_code, taken.location)
    assert [message.to_address for message in OutboxMessage.select()] == ["free@nordlicht.example"]


# --- everything else ----------------------------------------------------------------------------------------------


def test_more_shows_who_one_is(browser):
    assert "Signed in as Pär Partner, Partner account manager." in browser.get("/more").text


WORK = ["/visits", "/coverage", "/kpis", "/publishing"]
DECIDING = ["/kpis/targets", "/leave"]
SETTING_UP = ["/imports/", "/admin/classes", "/admin/tiers", "/admin/workspace"]
KEEPING = ["/admin/users", "/admin/teams", "/admin/audit", "/admin/outbox", "/admin/state"]


@pytest.mark.parametrize(
    ("who", "pages"),
    [
        ("par", [*WORK, "/admin/audit"]),
        ("maja", [*WORK, *DECIDING, "/admin/audit"]),
        ("lena", [*WORK, "/admin/audit"]),
        ("ada", [*WORK, *DECIDING, *SETTING_UP, *KEEPING]),
    ],
)
def test_more_leads_to_what_the_role_may_do(cast, who, pages):
    page = cast.client(getattr(cast, who)).get("/more").text
    listed = [path for path in (*WORK, *DECIDING, *SETTING_UP, *KEEPING) if f'class="item" href="{path}"' in page]
    assert listed == pages
