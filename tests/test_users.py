"""What an administrator does with users, teams, regions and mail, and a manager with leave: AZ-5, AZ-7, AZ-9."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.accounts import membership, outbox
from portal.accounts.models import Leave, OutboxMessage, Region, SignInSession, Team, User
from portal.partners.models import OwnerAssignment, Partner
from portal.records import AuditEvent, Stamp


@pytest.fixture
def today(now):
    """The day where the cast lives, which is not always that of UTC."""
    return now.astimezone(ZoneInfo("Europe/Stockholm")).date()


@pytest.fixture
def browser(cast):
    return cast.client(cast.ada)


def form_of(user, **fields):
    """What the form of this user sends when only `fields` are changed."""
    shown = {
        "version": user.version,
        "name": user.name,
        "email": user.email,
        "title": user.title,
        "phone": user.phone,
        "role": user.role,
        "team": user.team_id or 0,
        "locale": user.locale,
        "timezone": user.timezone,
    }
    return {**shown, **fields}


def again(user):
    return User.get_by_id(user.id)


# --- the list -----------------------------------------------------------------------------------------------------


def listed(browser, cast, query):
    page = browser.get(f"/admin/users?{query}").text
    everybody = (cast.ada, cast.lena, cast.maja, cast.otto, cast.par, cast.petra, cast.sven)
    return [user.name.split()[0] for user in everybody if f">{user.name}</a>" in page]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Ada", "Lena", "Maja", "Otto", "Pär", "Petra", "Sven"]),
        ("words=par", ["Pär"]),
        ("words=nordlicht.example+pet", ["Petra"]),
        ("role=manager", ["Maja", "Otto"]),
        ("state=new", ["Ada", "Lena", "Maja", "Otto", "Pär", "Petra", "Sven"]),
        ("state=gone", []),
        ("sort=-team&role=nonsense", ["Ada", "Lena", "Maja", "Otto", "Pär", "Petra", "Sven"]),
        ("sort=password_hash", ["Ada", "Lena", "Maja", "Otto", "Pär", "Petra", "Sven"]),
    ],
)
def test_the_list_is_narrowed(browser, cast, query, names):
    assert listed(browser, cast, query) == names


def test_the_list_is_narrowed_by_team(browser, cast):
    assert listed(browser, cast, f"team={cast.north.id}") == ["Maja", "Pär", "Petra"]


def test_the_list_is_sorted(browser, cast):
    page = browser.get("/admin/users?sort=-name").text
    assert page.index("Sven Syd") < page.index("Ada Admin")


# --- one user -----------------------------------------------------------------------------------------------------

NORA = {
    "name": "Nora Ny",
    "email": "Nora@Nordlicht.example",
    "role": "pam",
    "team": "0",
    "locale": "sv",
    "timezone": "Europe/Stockholm",
}


def test_an_invited_user_gets_a_mail_and_no_password(browser, cast):
    browser.post("/admin/users/new", data={**NORA, "team": cast.north.id, "regions": [cast.region.id]})
    nora = User.by_email("nora@nordlicht.example")
    assert (nora.password_hash, nora.state, nora.team) == (None, "invited", cast.north)
    assert [region.name for region in nora.regions] == ["Mälardalen"]
    assert OutboxMessage.get().to_address == "nora@nordlicht.example"


def test_without_a_mail_server_the_link_is_shown_once(browser):
    page = browser.post("/admin/users/new", data=NORA).text
    assert "/invitation/" in page
    assert "/invitation/" not in browser.get("/admin/outbox").text


@pytest.mark.parametrize(
    "email", ["", "   ", "nora", "nora@nordlicht", "nora@nord,licht.example", "n" * 250 + "@a.example"]
)
def test_what_is_no_address_is_refused(browser, email):
    assert browser.post("/admin/users/new", data={**NORA, "email": email}).status_code == 400
    assert User.select().where(User.name == NORA["name"]).count() == 0


def test_an_address_belongs_to_one_user(browser, cast):
    answer = browser.post("/admin/users/new", data={**NORA, "email": "PAR@nordlicht.example"})
    assert answer.status_code == 400
    assert "Pär Partner has this address already." in answer.text


def test_the_form_of_a_user_shows_the_own_team(browser, cast):
    page = browser.get(f"/admin/users/{cast.petra.id}").text
    assert f'<option selected value="{cast.north.id}">North</option>' in page


def test_an_administrator_changes_a_user(browser, cast):
    browser.post(f"/admin/users/{cast.petra.id}", data=form_of(cast.petra, title="Key accounts", team=cast.south.id))
    assert (again(cast.petra).title, again(cast.petra).team) == ("Key accounts", cast.south)


def test_what_a_form_adds_to_itself_is_ignored(browser, cast):
    more = {"password_hash": "x", "created_by": 1, "deactivated_at": "2020-01-01", "external_id": "9"}
    browser.post(f"/admin/users/{cast.petra.id}", data=form_of(cast.petra, **more))
    assert (again(cast.petra).password_hash, again(cast.petra).active) == (None, True)
    assert again(cast.petra).external_id is None


def test_two_administrators_do_not_overwrite_each_other(browser, cast, stamp):
    earlier = form_of(cast.petra, title="Mine")
    again(cast.petra).change(stamp, title="Theirs")
    answer = browser.post(f"/admin/users/{cast.petra.id}", data=earlier)
    assert answer.status_code == 409
    assert "Mine" in answer.text and "Theirs" in answer.text
    assert again(cast.petra).title == "Theirs"


def test_of_two_managers_chosen_for_a_team_at_once_both_are_named(browser, cast, stamp):
    cast.north.change(stamp, manager_id=cast.otto.id)
    answer = browser.post(f"/admin/teams/{cast.north.id}", data={"version": 1, "name": "North", "manager_id": 0})
    assert answer.status_code == 409
    assert "<p data-theirs>Otto Oberman</p>" in answer.text and "<p data-mine>Nobody yet</p>" in answer.text


def test_of_two_regions_changed_at_once_both_are_shown(browser, cast, stamp):
    cast.region.change(stamp, country="FI")
    typed = {"version": 1, "name": "Mälardalen", "country": "NO", "parent": 0}
    answer = browser.post(f"/admin/regions/{cast.region.id}", data=typed)
    assert answer.status_code == 409
    assert "<p data-theirs>FI</p>" in answer.text and "<p data-mine>NO</p>" in answer.text


def test_another_role_signs_out_everywhere(browser, cast):
    phone = cast.client(cast.petra)
    browser.post(f"/admin/users/{cast.petra.id}", data=form_of(cast.petra, role="manager"))
    assert phone.get("/profile").status_code == 302


def test_another_title_does_not(browser, cast):
    phone = cast.client(cast.petra)
    browser.post(f"/admin/users/{cast.petra.id}", data=form_of(cast.petra, title="Key accounts"))
    assert phone.get("/profile").status_code == 200


def test_nobody_changes_the_own_role(browser, cast, stamp):
    cast.user("Alma Admin", "admin", **{})
    answer = browser.post(f"/admin/users/{cast.ada.id}", data=form_of(cast.ada, role="pam"))
    assert answer.status_code == 400
    assert again(cast.ada).role == "admin"


def test_the_last_administrator_stays_one(cast, stamp):
    alma = cast.user("Alma Admin", "admin")
    alma.change(stamp, deactivated_at=stamp.at)
    with pytest.raises(membership.Refused):
        membership.change(stamp, cast.ada, alma, [], role="pam")
    with pytest.raises(membership.Refused):
        membership.deactivate(stamp, cast.ada, alma)


def test_the_last_but_one_does_not_have_to(cast, stamp):
    alma = cast.user("Alma Admin", "admin")
    membership.deactivate(stamp, cast.ada, alma)
    assert not again(cast.ada).active


# --- deactivating -------------------------------------------------------------------------------------------------


def owners(partner, on):
    row = OwnerAssignment.current(partner, on)
    return row.user.name if row else None


def test_the_portfolio_goes_to_the_manager_unless_told_otherwise(browser, cast):
    page = browser.get(f"/admin/users/{cast.par.id}/deactivate").text
    assert f'<option selected value="{cast.maja.id}">' in page


def test_a_deactivated_users_partners_and_sessions_go(browser, cast, today):
    phone = cast.client(cast.par)
    browser.post(f"/admin/users/{cast.par.id}/deactivate", data={"successor": cast.maja.id})
    assert [owners(partner, today) for partner in (cast.orebro, cast.falun, cast.malmo)] == [
        "Maja Manager",
        "Maja Manager",
        "Sven Syd",
    ]
    assert phone.get("/profile").status_code == 302
    assert owners(cast.orebro, today - timedelta(days=2)) == "Pär Partner"


def test_a_portfolio_may_wait_to_be_assigned(browser, cast, today):
    browser.post(f"/admin/users/{cast.par.id}/deactivate", data={"successor": 0})
    assert owners(cast.orebro, today) is None
    assert Partner.select().count() == 4


def test_a_deactivated_manager_frees_the_team(browser, cast):
    browser.post(f"/admin/users/{cast.maja.id}/deactivate", data={"successor": 0})
    assert Team.get_by_id(cast.north.id).manager_id is None


def test_the_own_account_is_not_deactivated(browser, cast):
    assert browser.post(f"/admin/users/{cast.ada.id}/deactivate", data={"successor": 0}).status_code == 409
    assert again(cast.ada).active


def test_who_comes_back_is_invited_and_has_no_password(browser, cast, stamp):
    cast.par.change(stamp, password_hash="old", deactivated_at=stamp.at)
    browser.post(f"/admin/users/{cast.par.id}/return")
    assert (again(cast.par).active, again(cast.par).password_hash) == (True, None)


# --- teams and regions --------------------------------------------------------------------------------------------


def test_a_team_has_a_name_and_a_manager(browser, cast):
    browser.post("/admin/teams/new", data={"name": "West", "manager_id": cast.otto.id})
    assert Team.get(Team.name == "West").manager == cast.otto


def test_only_managers_can_be_chosen(browser, cast):
    assert browser.post("/admin/teams/new", data={"name": "West", "manager_id": cast.par.id}).status_code == 400


def test_two_teams_do_not_share_a_name(browser, cast):
    assert browser.post("/admin/teams/new", data={"name": "North", "manager_id": 0}).status_code == 400


def test_the_form_of_a_region_shows_what_it_lies_in(browser, cast, now):
    inner = Region.add(Stamp(now), name="Inner", parent=cast.region)
    page = browser.get(f"/admin/regions/{inner.id}").text
    assert f'<option selected value="{cast.region.id}">{cast.region.name}</option>' in page


def test_teams_are_listed_with_members_and_manager(browser, cast):
    page = browser.get("/admin/teams").text
    assert "3 members" in page and "Maja Manager" in page and "Mälardalen" in page


def test_a_region_is_changed(browser, cast):
    data = {"version": 1, "name": "Svealand", "country": "SE", "parent": 0}
    browser.post(f"/admin/regions/{cast.region.id}", data=data)
    assert Region.get_by_id(cast.region.id).name == "Svealand"


# --- the company and its mail -------------------------------------------------------------------------------------


def test_the_company_is_changed(browser, cast):
    data = {"version": 1, "name": "Südlicht", "fiscal_year_first_month": 4, "currency": "NOK", "language": "sv"}
    browser.post("/admin/workspace", data={**data, "timezone": "Europe/Oslo"})
    row = type(cast.workspace).get_only()
    assert (row.name, row.fiscal_year_first_month, row.currency, row.timezone) == ("Südlicht", 4, "NOK", "Europe/Oslo")


def test_a_test_mail_goes_to_the_administrator(browser, cast):
    browser.post("/admin/test-mail")
    assert OutboxMessage.get().to_address == cast.ada.email


def test_the_outbox_shows_no_live_link(browser, cast, settings, now):
    link = {"purpose": "test", "holder_kind": "user", "holder_id": 1, "hours": 1, "path": "/reset/{token}"}
    message = outbox.post(cast.stamp, "kim@example.com", "Kim", "Come in", "This way: {link}", link)
    address = outbox.hand_over(settings, message, now)
    page = browser.get("/admin/outbox").text
    assert "Come in" in page and "the link is made when the mail is sent" in page
    assert address not in page and "/reset/" not in page


def test_a_mail_that_was_given_up_is_tried_again(browser, cast, now):
    message = outbox.post(cast.stamp, "kim@example.com", "Kim", "Hello", "Text")
    OutboxMessage.update(attempts=outbox.MOST_ATTEMPTS, error="refused").execute()
    assert list(outbox.waiting(now)) == []
    browser.post(f"/admin/outbox/{message.id}/again")
    assert list(outbox.waiting(now + timedelta(seconds=5))) == [message]


# --- leave --------------------------------------------------------------------------------------------------------


@pytest.fixture
def week(today):
    """A leave that has begun and lasts until next week."""
    return {"from_on": str(today - timedelta(days=1)), "until_on": str(today + timedelta(days=7))}


def test_the_substitute_sees_the_portfolio_for_that_time(cast, week, today):
    cast.client(cast.maja).post("/leave", data={"user": cast.par.id, "substitute": cast.petra.id, **week})

    def seen(on):
        return sorted(partner.name for partner in Partner.visible_to(cast.petra, on))

    assert seen(today) == ["Falun Oy", "Örebro AB"]
    assert seen(today - timedelta(days=2)) == []
    assert seen(today + timedelta(days=7)) == []


def test_a_manager_arranges_leave_in_the_own_team_only(cast, week):
    data = {"user": cast.sven.id, "substitute": cast.petra.id, **week}
    assert cast.client(cast.maja).post("/leave", data=data).status_code == 400
    assert Leave.select().count() == 0


def test_who_is_away_sees_who_stands_in(cast, week):
    cast.client(cast.maja).post("/leave", data={"user": cast.par.id, "substitute": cast.petra.id, **week})
    assert "Petra Puro stands in." in cast.client(cast.par).get("/profile").text
    assert "You stand in for Pär Partner" in cast.client(cast.petra).get("/profile").text


def test_nobody_stands_in_for_oneself(cast, week):
    data = {"user": cast.par.id, "substitute": cast.par.id, **week}
    assert cast.client(cast.maja).post("/leave", data=data).status_code == 400


def test_a_leave_ends_before_it_was_to(cast, week, today):
    manager = cast.client(cast.maja)
    manager.post("/leave", data={"user": cast.par.id, "substitute": cast.petra.id, **week})
    manager.post(f"/leave/{Leave.get().id}/end")
    assert Leave.get().until_on == today
    assert list(Partner.visible_to(cast.petra, today)) == []


def test_another_teams_leave_does_not_exist(cast, week):
    cast.client(cast.maja).post("/leave", data={"user": cast.par.id, "substitute": cast.petra.id, **week})
    assert cast.client(cast.otto).post(f"/leave/{Leave.get().id}/end").status_code == 404


# --- traces -------------------------------------------------------------------------------------------------------


def test_every_change_of_a_user_is_in_the_audit_log(browser, cast):
    browser.post(f"/admin/users/{cast.petra.id}", data=form_of(cast.petra, role="manager"))
    event = AuditEvent.get(AuditEvent.action == "User.change")
    assert (event.actor_id, event.details["before"]["role"], event.details["after"]["role"]) == (
        cast.ada.id,
        "pam",
        "manager",
    )


def test_user_administration_asks_for_the_password_again(browser, cast, now):
    SignInSession.update(confirmed_at=now - timedelta(hours=1)).execute()
    paths = ["/admin/users/new", f"/admin/users/{cast.par.id}", f"/admin/users/{cast.par.id}/deactivate"]
    # Who manages a team sees its partners.
    paths += ["/admin/teams/new", f"/admin/teams/{cast.north.id}"]
    assert [browser.get(path).location.split("?")[0] for path in paths] == ["/confirm-password"] * 5
