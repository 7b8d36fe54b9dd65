"""Links that set a password: spec/7-bar.md AU-11, AU-12; and the first start, SD-1."""

from datetime import timedelta

import pytest

from portal.accounts import invitations, links, outbox, passwords, set_up
from portal.accounts.models import OutboxMessage, ShareLink, SignInSession, User, Workspace
from portal.cadence.models import CadencePolicy
from portal.kpis.library import LIBRARY
from portal.kpis.models import Kpi
from portal.partners.models import Tier

NEW = {"password": "lantern violin granite", "again": "lantern violin granite"}


@pytest.fixture
def invited(cast, stamp):
    """(message, token) of Petra's invitation."""
    message = invitations.invite(stamp, cast.petra, cast.workspace)
    return message, sent(cast, message)


def sent(cast, message):
    address = outbox.hand_over(cast.app.extensions["settings"], message, message.created_at)
    return address.rpartition("/")[2]


def petra():
    return User.get(User.email == "petra@nordlicht.example")


def test_an_invitation_is_in_the_readers_language_and_holds_no_link(cast, stamp):
    message = invitations.invite(stamp, cast.petra, cast.workspace)
    assert "{link}" in message.body and "Petra Puro" in message.body and "Nordlicht" in message.body
    assert ShareLink.select().count() == 0


def test_opening_it_shows_a_form_and_uses_nothing_up(cast, invited):
    assert cast.client().get(f"/invitation/{invited[1]}").status_code == 200
    assert cast.client().head(f"/invitation/{invited[1]}").status_code == 200
    assert cast.client().get(f"/invitation/{invited[1]}").status_code == 200


def test_sending_it_sets_the_password(cast, invited):
    assert cast.client().post(f"/invitation/{invited[1]}", data=NEW).location == "/sign-in"
    assert passwords.matches(petra().password_hash, NEW["password"])


def test_it_works_once(cast, invited):
    cast.client().post(f"/invitation/{invited[1]}", data=NEW)
    assert cast.client().get(f"/invitation/{invited[1]}").status_code == 410
    assert cast.client().post(f"/invitation/{invited[1]}", data=NEW).status_code == 410


def test_it_signs_nobody_in(cast, invited):
    cast.client().post(f"/invitation/{invited[1]}", data=NEW)
    assert SignInSession.select().count() == 0


def test_a_weak_password_is_refused_and_the_link_stays(cast, invited):
    weak = {"password": "petra puro 1234", "again": "petra puro 1234"}
    assert cast.client().post(f"/invitation/{invited[1]}", data=weak).status_code == 400
    assert cast.client().get(f"/invitation/{invited[1]}").status_code == 200


def test_two_that_differ_are_refused(cast, invited):
    answer = cast.client().post(f"/invitation/{invited[1]}", data={**NEW, "again": "lantern violin marble"})
    assert answer.status_code == 400


def test_it_ends_after_72_hours(cast, invited, stamp):
    assert links.peek("invitation", invited[1], stamp.at + timedelta(hours=71, minutes=59))
    assert links.peek("invitation", invited[1], stamp.at + timedelta(hours=72)) is None


def test_a_new_one_ends_the_old_one(cast, invited, stamp):
    invitations.invite(stamp, cast.petra, cast.workspace)
    assert cast.client().get(f"/invitation/{invited[1]}").status_code == 410


def test_a_new_one_replaces_the_mail_that_still_waits(cast, stamp):
    invitations.invite(stamp, cast.petra, cast.workspace)
    invitations.invite(stamp, cast.petra, cast.workspace)
    assert OutboxMessage.select().count() == 1


def test_it_is_bound_to_the_address(cast, invited, stamp):
    petra().change(stamp, email="other@nordlicht.example")
    assert cast.client().get(f"/invitation/{invited[1]}").status_code == 410


def test_who_was_deactivated_cannot_use_it(cast, invited, stamp):
    petra().change(stamp, deactivated_at=stamp.at)
    assert cast.client().post(f"/invitation/{invited[1]}", data=NEW).status_code == 410


def test_a_reset_link_is_no_invitation(cast, invited):
    assert cast.client().get(f"/reset/{invited[1]}").status_code == 410


# --- a forgotten password -----------------------------------------------------------------------------------------


@pytest.fixture
def par(cast, stamp):
    cast.par.change(stamp, password_hash=passwords.hashed("an old password of his"))
    return cast.par


def forget(cast, email):
    return cast.client().post("/forgot-password", data={"email": email})


def test_everybody_gets_the_same_answer(cast, par):
    known, unknown = forget(cast, par.email), forget(cast, "who@nordlicht.example")
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)


def test_only_who_is_known_gets_a_mail(cast, par):
    forget(cast, "who@nordlicht.example")
    assert OutboxMessage.select().count() == 0
    forget(cast, "PAR@nordlicht.example")
    assert [message.to_address for message in OutboxMessage.select()] == [par.email]


def test_who_never_had_a_password_gets_the_invitation_again(cast):
    forget(cast, cast.petra.email)
    assert OutboxMessage.get().link["purpose"] == "invitation"


@pytest.fixture
def reset(cast, par):
    forget(cast, par.email)
    return sent(cast, OutboxMessage.get())


def test_a_reset_ends_all_sessions_and_signs_nobody_in(cast, par, reset):
    phone, browser = cast.client(par), cast.client()
    assert browser.post(f"/reset/{reset}", data=NEW).location == "/sign-in"
    assert [one.get("/profile").status_code for one in (phone, browser)] == [302, 302]


def test_the_owner_is_told(cast, par, reset):
    cast.client().post(f"/reset/{reset}", data=NEW)
    assert OutboxMessage.select().order_by(OutboxMessage.id.desc()).get().subject == "Your password was changed"


def test_the_other_reset_links_end_with_it(cast, par, reset):
    forget(cast, par.email)
    other = sent(cast, OutboxMessage.select().order_by(OutboxMessage.id.desc()).get())
    cast.client().post(f"/reset/{reset}", data=NEW)
    assert cast.client().get(f"/reset/{other}").status_code == 410


def test_it_ends_after_60_minutes(cast, par, reset, now):
    assert links.peek("reset", reset, now + timedelta(minutes=59))
    assert links.peek("reset", reset, now + timedelta(minutes=61)) is None


def test_the_link_comes_from_the_settings_and_not_from_the_request(cast, par, settings):
    cast.client().post("/forgot-password", data={"email": par.email}, headers={"Host": "localhost"})
    assert outbox.hand_over(settings, OutboxMessage.get(), OutboxMessage.get().created_at).startswith(
        settings.public_url + "/reset/"
    )


# --- the first start ----------------------------------------------------------------------------------------------

COMPANY = {
    "name": "Nordlicht",
    "fiscal_year_first_month": "7",
    "currency": "SEK",
    "timezone": "Europe/Helsinki",
    "language": "fi",
    "administrator": "Ada Admin",
    "email": "Ada@Example.com",
    **NEW,
}


@pytest.fixture
def first(db, now):
    return f"/set-up/{set_up.begin(now)}"


def test_until_it_is_set_up_every_page_says_so(app, first):
    browser = app.test_client()
    assert [browser.get(path).status_code for path in ("/", "/sign-in", "/partners", "/public/x")] == [503] * 4


def test_the_link_makes_the_workspace_and_its_administrator(app, first):
    assert app.test_client().post(first, data=COMPANY).location == "/sign-in"
    workspace, ada = Workspace.get_only(), User.get()
    assert (workspace.name, workspace.fiscal_year_first_month, workspace.currency) == ("Nordlicht", 7, "SEK")
    assert (ada.email, ada.role, ada.locale, ada.timezone) == ("ada@example.com", "admin", "fi", "Europe/Helsinki")
    assert passwords.matches(ada.password_hash, NEW["password"])


def test_a_new_workspace_begins_with_classes_tiers_and_kpis(app, first):
    app.test_client().post(first, data=COMPANY)
    cadences = [(policy.partner_class.code, policy.visits_per_year) for policy in CadencePolicy.select()]
    assert sorted(cadences) == [("A", 8), ("B", 4), ("C", 2), ("D", 0)]
    assert [tier.name for tier in Tier.by_rank()] == ["Registered", "Silver", "Gold", "Platinum"]
    assert Kpi.select().count() == len(LIBRARY)


def test_the_set_up_link_works_once(app, first):
    app.test_client().post(first, data=COMPANY)
    assert app.test_client().post(first, data=COMPANY).status_code == 410
    assert User.select().count() == 1


def test_without_the_link_nobody_sets_it_up(app, first):
    assert app.test_client().post("/set-up/guessed", data=COMPANY).status_code == 410
    assert Workspace.get_only() is None


def test_a_newer_link_ends_the_older_one(app, first, now):
    set_up.begin(now)
    assert app.test_client().get(first).status_code == 410


def test_of_two_who_press_at_once_one_sets_it_up(db, stamp):
    token = set_up.begin(stamp.at)
    workspace = {"name": "Nordlicht", "language": "en", "timezone": "Europe/Oslo"}
    made = [
        set_up.finish(stamp, token, workspace, {"name": name, "email": f"{name}@example.com"}, "hash")
        for name in ("ada", "eve")
    ]
    assert [user.name for _, user in filter(None, made)] == ["ada"]


def test_it_is_not_set_up_twice(cast, now):
    assert set_up.begin(now) is None


def test_what_is_wrong_is_said_and_the_link_stays(app, first):
    answer = app.test_client().post(first, data={**COMPANY, "password": "nordlicht nordlicht", "timezone": "Mars/Base"})
    assert answer.status_code == 400
    assert "nordlicht" in answer.text
    assert app.test_client().get(first).status_code == 200
