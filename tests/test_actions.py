"""Promises of both sides: what was kept is measured by the first date, and the partner reads the shared text only."""

from datetime import date, timedelta

import pytest

from portal.actions.ledger import Ledger, ledgers
from portal.actions.models import Action
from portal.partners.models import Partner

TODAY = date(2026, 5, 20)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def promise(cast, due_on=TODAY, side="vendor", **fields):
    fields = {"shared_text": "Send the price list", "user": cast.par, **fields}
    return Action.promise(cast.stamp, cast.orebro, side, due_on=due_on, **fields)


def ledger(cast, side="vendor", today=TODAY):
    return ledgers(Partner.select(), today)[cast.orebro.id][side]


def stored(action):
    return Action.get_by_id(action.id)


# --- the ledger ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("done_on", "found"),
    [(YESTERDAY, Ledger(kept=1)), (TODAY, Ledger(kept=1)), (TOMORROW, Ledger(late=1))],
)
def test_kept_is_what_was_done_by_its_day(cast, done_on, found):
    promise(cast).finish(cast.stamp, done_on)
    assert ledger(cast) == found


@pytest.mark.parametrize(
    ("due_on", "found"),
    [(TODAY, Ledger(open=1)), (YESTERDAY, Ledger(open=1, overdue=1)), (None, Ledger(open=1))],
)
def test_open_is_overdue_after_its_day(cast, due_on, found):
    promise(cast, due_on)
    assert ledger(cast) == found


def test_done_without_a_date_is_kept(cast):
    promise(cast, None).finish(cast.stamp, TODAY)
    assert ledger(cast) == Ledger(kept=1)


def test_moving_the_date_does_not_keep_the_promise(cast):
    promise(cast, YESTERDAY - timedelta(days=9)).edit(cast.stamp, TODAY, due_on=TOMORROW)
    assert ledger(cast) == Ledger(open=1, overdue=1)


def test_a_date_that_the_other_side_agreed_to_in_time_is_the_promise(cast):
    action = promise(cast).edit(cast.stamp, TODAY, due_on=TOMORROW, other_side_agreed=True)
    action.finish(cast.stamp, TOMORROW)
    assert ledger(cast) == Ledger(kept=1)


def test_an_agreement_after_the_day_comes_too_late(cast):
    action = promise(cast, YESTERDAY).edit(cast.stamp, TODAY, due_on=TOMORROW, other_side_agreed=True)
    action.finish(cast.stamp, TOMORROW)
    assert ledger(cast) == Ledger(late=1)


def test_cancelled_promises_are_in_no_figure(cast):
    promise(cast).cancel(cast.stamp, "Not needed")
    assert ledger(cast) == Ledger()


def test_internal_actions_are_no_promises(cast):
    promise(cast, shared_text="", text="Check their credit")
    assert ledgers(Partner.select(), TODAY) == {}


def test_each_side_has_its_own_figures(cast):
    promise(cast)
    promise(cast, YESTERDAY, side="partner")
    assert (ledger(cast), ledger(cast, "partner")) == (Ledger(open=1), Ledger(open=1, overdue=1))


def test_the_share_kept_is_of_what_was_due():
    assert Ledger(kept=3, late=1, open=5, overdue=2).kept_share == 0.5


def test_nothing_due_is_no_share():
    assert Ledger(open=4).kept_share is None


def test_the_partner_sees_open_promises_with_a_shared_text_only(cast):
    shown = promise(cast)
    promise(cast, shared_text="", text="Check their credit")
    promise(cast).finish(cast.stamp, TODAY)
    assert list(Action.shared_open(Partner.select())) == [shown]


# --- one action ---------------------------------------------------------------------------------------------------


def test_the_first_date_stays_and_each_slip_is_counted(cast):
    action = promise(cast)
    for days in (1, 2):
        action.edit(cast.stamp, TODAY, due_on=TODAY + timedelta(days=days))
    moved = stored(action)
    assert (moved.original_due_on, moved.due_on, moved.slip_count) == (TODAY, TODAY + timedelta(days=2), 2)


def test_an_earlier_date_is_no_slip(cast):
    assert promise(cast).edit(cast.stamp, TODAY, due_on=YESTERDAY).slip_count == 0


def test_the_first_date_that_is_given_later_is_the_original(cast):
    action = promise(cast, None).edit(cast.stamp, TODAY, due_on=TOMORROW)
    assert (action.original_due_on, action.slip_count) == (TOMORROW, 0)


def test_exactly_one_side_is_accountable(cast):
    contact = cast.contact(cast.orebro)
    action = promise(cast, side="partner", contact=contact)
    assert (action.user, action.contact) == (None, contact)


# --- pages --------------------------------------------------------------------------------------------------------


def typed(cast, **changes):
    return {"side": "vendor", "shared_text": "Send prices", "user": cast.par.id, "due_on": "2026-06-01"} | changes


def new(cast, who, partner=None, **changes):
    return cast.client(who).post(f"/partners/{(partner or cast.orebro).id}/promises/new", data=typed(cast, **changes))


def test_a_promise_is_added(cast):
    assert (new(cast, cast.par).status_code, Action.get().shared_text) == (303, "Send prices")


def test_the_two_texts_stay_apart(cast):
    new(cast, cast.par, text="They will complain")
    assert (Action.get().shared_text, Action.get().text) == ("Send prices", "They will complain")


def test_an_action_without_any_text_is_refused(cast):
    assert new(cast, cast.par, shared_text=" ").status_code == 422


def test_a_partner_of_others_takes_no_promise(cast):
    assert (new(cast, cast.par, cast.malmo).status_code, Action.select().count()) == (404, 0)


def test_leadership_reads_promises_and_makes_none(cast):
    page = cast.client(cast.lena).get(f"/partners/{cast.orebro.id}/promises")
    assert (page.status_code, new(cast, cast.lena).status_code) == (200, 403)


def test_a_contact_of_another_partner_is_not_accountable(cast):
    stranger = cast.contact(cast.malmo)
    assert new(cast, cast.par, side="partner", contact=stranger.id).status_code == 422


def test_done_is_one_press_and_can_be_undone(cast):
    action, browser = cast.action(cast.orebro), cast.client(cast.par)
    browser.post(f"/promises/{action.id}/done")
    done = stored(action).state
    browser.post(f"/promises/{action.id}/open")
    assert (done, stored(action).state, stored(action).done_on) == ("done", "open", None)


def test_ticking_off_twice_under_one_uid_is_once(cast):
    action, browser = cast.action(cast.orebro), cast.client(cast.par)
    answers = [
        browser.post(
            f"/promises/{action.id}/done", data={"client_uid": "a" * 36}, headers={"Accept": "application/json"}
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 200]


def test_cancelling_asks_why(cast):
    action, browser = cast.action(cast.orebro), cast.client(cast.par)
    asked = browser.post(f"/promises/{action.id}/cancellation", data={"reason": ""}).status_code
    browser.post(f"/promises/{action.id}/cancellation", data={"reason": "They closed"})
    assert (asked, stored(action).state, stored(action).cancel_reason) == (422, "cancelled", "They closed")


@pytest.mark.parametrize("address", ["edit", "cancellation"])
def test_the_promises_of_other_partners_do_not_exist(cast, address):
    action = cast.action(cast.malmo)
    assert cast.client(cast.par).get(f"/promises/{action.id}/{address}").status_code == 404


def test_two_people_who_change_one_promise_see_both_texts(cast):
    action = cast.action(cast.orebro)
    action.edit(cast.stamp, TODAY, shared_text="Theirs")
    answer = cast.client(cast.par).post(f"/promises/{action.id}/edit", data=typed(cast, shared_text="Mine", version=1))
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "Theirs" in page, "Mine" in page, stored(action).shared_text) == (
        409,
        True,
        True,
        "Theirs",
    )


def test_strangers_are_asked_to_sign_in(cast):
    assert cast.client().get(f"/partners/{cast.orebro.id}/promises").status_code == 302
