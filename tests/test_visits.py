"""Visits without HTTP: what they become, who may change them until when, and on which day they were."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from portal.actions.models import Action
from portal.partners.models import OwnerAssignment
from portal.records import AuditEvent, Stale
from portal.visits.clock import clock_of, device_moment, moment_of
from portal.visits.details import Details, Promise
from portal.visits.doubts import Doubtful, require_certainty
from portal.visits.models import Visit
from portal.visits.windows import is_amendment, may_answer, refusals

TODAY = date(2026, 5, 20)
AGENDA = [("pipeline", "Three open quotes", 20), ("people", "Who follows Kim?", None)]
NOTHING = Details()


def log(cast, details=NOTHING, **facts):
    return Visit.log(cast.stamp, cast.par, cast.orebro, details, **{"held_on": TODAY, **facts})


def plan(cast, agenda=(), **facts):
    return Visit.plan(cast.stamp, cast.par, cast.orebro, agenda, **{"planned_on": TODAY, **facts})


def stored(visit):
    return Visit.get_by_id(visit.id)


# --- logging ------------------------------------------------------------------------------------------------------


def test_a_visit_needs_nothing_but_a_partner_and_a_day(cast):
    assert (log(cast).state, stored(log(cast)).logged_at) == ("held", cast.stamp.at)


def test_promises_become_actions_of_their_side(cast):
    contact = cast.contact(cast.orebro)
    promises = (Promise("vendor", "We send prices", TODAY), Promise("partner", "They name a contact"))
    visit = log(cast, Details(contacts=(contact,), promises=promises))
    assert [(one.side, one.shared_text, one.user, one.contact, one.due_on) for one in visit.actions()] == [
        ("vendor", "We send prices", cast.par, None, TODAY),
        ("partner", "They name a contact", None, contact, None),
    ]


def test_a_promise_has_no_internal_text(cast):
    visit = log(cast, Details(promises=(Promise("vendor", "We send prices"),)), note="They are in trouble")
    assert visit.actions().get().text == ""


def test_somebody_new_becomes_a_contact_that_was_met(cast):
    visit = log(cast, Details(newcomer=("Nora Ny", "Buyer")))
    assert [(one.name, one.title, one.partner) for one in visit.contacts_met()] == [("Nora Ny", "Buyer", cast.orebro)]


def test_an_undone_visit_does_not_count_and_takes_its_promises_along(cast):
    visit = log(cast, Details(("risk",), promises=(Promise("vendor", "We send prices"),)))
    visit.undo(cast.stamp)
    assert (stored(visit).state, stored(visit).not_held_reason, Action.select().count()) == ("not_held", "mistake", 0)


def test_a_promise_that_was_worked_on_survives_the_undo(cast):
    visit = log(cast, Details(promises=(Promise("vendor", "We send prices"),)))
    visit.actions().get().finish(cast.stamp, TODAY)
    visit.undo(cast.stamp)
    assert Action.select().count() == 1


def test_a_mistake_is_on_no_list(cast):
    log(cast).undo(cast.stamp)
    assert list(Visit.listed(Visit.visible_to(cast.par, TODAY), TODAY)) == []


# --- planning -----------------------------------------------------------------------------------------------------


def test_a_visit_can_be_confirmed_with_purpose_goal_and_agenda(cast):
    visit = plan(cast, AGENDA, purpose="Grow", goal="A signed plan")
    assert list(visit.missing_to_confirm()) == []


def test_what_is_missing_to_confirm_is_said(cast):
    said = [str(reason) for reason in plan(cast).missing_to_confirm()]
    assert [text.split(":")[0] for text in said] == [
        "The purpose is missing",
        "The goal is missing",
        "The agenda is empty",
    ]


def test_the_agenda_keeps_its_order(cast):
    visit = plan(cast, AGENDA)
    assert [(item.block, item.text, item.minutes) for item in visit.items()] == AGENDA


def test_another_plan_replaces_the_agenda(cast):
    visit = plan(cast, AGENDA)
    visit.replan(cast.stamp, AGENDA[1:], planned_on=TODAY)
    assert [(item.block, item.text, item.minutes) for item in visit.items()] == AGENDA[1:]


def test_another_agenda_is_another_version(cast):
    visit = plan(cast, AGENDA)
    visit.replan(cast.stamp, AGENDA[1:], planned_on=TODAY)
    assert stored(visit).version == 2


def test_a_confirmed_visit_that_loses_its_goal_is_only_planned(cast):
    visit = plan(cast, AGENDA, purpose="Grow", goal="A signed plan").confirm(cast.stamp)
    visit.replan(cast.stamp, AGENDA, goal="")
    assert (stored(visit).state, stored(visit).confirmed_at) == ("planned", None)


def test_a_planned_visit_keeps_its_plan_when_it_is_held(cast):
    visit = plan(cast, purpose="Grow")
    visit.hold(cast.stamp, cast.petra, NOTHING, held_on=TODAY + timedelta(days=1))
    held = stored(visit)
    assert (held.state, held.planned_on, held.held_on, held.owner) == (
        "held",
        TODAY,
        TODAY + timedelta(days=1),
        cast.petra,
    )


def test_undoing_a_planned_visit_plans_it_again(cast):
    visit = plan(cast)
    visit.hold(cast.stamp, cast.par, NOTHING, held_on=TODAY)
    visit.undo(cast.stamp)
    assert (stored(visit).state, stored(visit).held_on) == ("planned", None)


def test_a_moved_visit_takes_its_plan_along(cast):
    visit = plan(cast, AGENDA, purpose="Grow", goal="More")
    moved = visit.give_up(cast.stamp, "rescheduled", to_on=TODAY + timedelta(days=7))
    assert (moved.planned_on, moved.purpose, moved.items().count(), moved.moved_from) == (
        TODAY + timedelta(days=7),
        "Grow",
        2,
        visit,
    )


def test_the_visit_that_was_moved_stays_with_its_reason(cast):
    visit = plan(cast)
    visit.give_up(cast.stamp, "rescheduled", to_on=TODAY + timedelta(days=7))
    assert (stored(visit).state, stored(visit).not_held_reason) == ("not_held", "rescheduled")


@pytest.mark.parametrize(("days", "needs"), [(-1, True), (0, False), (1, False)])
def test_a_planned_visit_needs_a_reason_when_its_day_has_passed(cast, days, needs):
    plan(cast, planned_on=TODAY + timedelta(days=days))
    assert bool(Visit.listed(Visit.select(), TODAY).get().needs_reason) is needs


def test_an_answered_visit_needs_no_reason(cast):
    plan(cast, planned_on=TODAY - timedelta(days=1)).give_up(cast.stamp, "missed")
    assert not Visit.listed(Visit.select(), TODAY).get().needs_reason


# --- who may change what until when -------------------------------------------------------------------------------


def refused(visit, user, hours):
    return [str(reason) for reason in refusals(visit, user, visit.logged_at + timedelta(hours=hours), TODAY)]


@pytest.mark.parametrize(("hours", "amendment"), [(0, False), (48, False), (49, True), (14 * 24, True)])
def test_the_author_changes_freely_and_then_amends(cast, hours, amendment):
    visit = log(cast)
    at = visit.logged_at + timedelta(hours=hours)
    assert (refused(visit, cast.par, hours), is_amendment(visit, cast.par, at)) == ([], amendment)


def test_after_day_14_the_author_is_sent_to_the_manager(cast):
    assert refused(log(cast), cast.par, 14 * 24 + 1) == [
        "It was logged more than 14 days ago. Ask your manager to change it."
    ]


def test_who_no_longer_looks_after_the_partner_changes_nothing_there(cast):
    visit = log(cast)
    OwnerAssignment.assign(cast.stamp, cast.orebro, cast.petra, TODAY)
    assert refused(visit, cast.par, 1) == [
        "Somebody else looks after this partner by now. Ask the manager to change the visit."
    ]


def test_the_manager_changes_later_still(cast):
    assert refused(log(cast), cast.maja, 1000) == []


def test_a_manager_of_another_team_changes_nothing(cast):
    assert refused(log(cast), cast.otto, 0) == ["Only Pär Partner, who held the visit, or a manager may change it."]


def test_a_change_by_the_manager_is_an_amendment_at_once(cast):
    visit = log(cast)
    assert is_amendment(visit, cast.maja, visit.logged_at)


def test_whoever_looks_after_the_partner_answers_for_what_was_planned(cast):
    visit = Visit.plan(cast.stamp, cast.petra, cast.orebro, (), planned_on=TODAY)
    assert (may_answer(visit, cast.par, TODAY), may_answer(visit, cast.sven, TODAY)) == (True, False)


def test_an_amendment_stays_in_the_audit(cast):
    visit = log(cast)
    visit.edit(cast.stamp, NOTHING, amendment=True, note="It was Tuesday")
    assert AuditEvent.select().where(AuditEvent.action == "Visit.amend", AuditEvent.object_id == visit.id).exists()


def test_the_audit_holds_no_internal_text(cast):
    log(cast).edit(cast.stamp, NOTHING, note="They are in trouble")
    assert not [event for event in AuditEvent.select() if "trouble" in str(event.details)]


def test_an_edit_of_an_old_version_is_stale(cast):
    visit = log(cast)
    visit.edit(cast.stamp, NOTHING, version=1, note="First")
    with pytest.raises(Stale):
        visit.edit(cast.stamp, NOTHING, version=1, note="Second")


def test_another_outcome_is_another_version(cast):
    visit = log(cast, Details(("risk",)))
    visit.edit(cast.stamp, Details(("decision",)), version=1)
    assert (stored(visit).version, [one.kind for one in visit.outcomes]) == (2, ["decision"])


def test_a_promise_is_added_once(cast):
    details = Details(promises=(Promise("vendor", "We send prices"),))
    visit = log(cast, details)
    visit.edit(cast.stamp, details, note="More")
    assert visit.actions().count() == 1


# --- who reads them -----------------------------------------------------------------------------------------------


def test_the_author_reads_the_own_visit_at_a_partner_of_others(cast):
    visit = cast.held(cast.malmo, TODAY, cast.par)
    assert list(Visit.visible_to(cast.par, TODAY)) == [visit]


def test_the_visits_of_a_predecessor_go_with_the_portfolio(cast):
    visit = cast.held(cast.orebro, TODAY, cast.sven)
    assert visit in list(Visit.visible_to(cast.par, TODAY))


def test_visits_at_partners_of_others_do_not_exist(cast):
    cast.held(cast.malmo, TODAY, cast.sven)
    assert list(Visit.visible_to(cast.par, TODAY)) == []


# --- slips --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "asked"), [(2, 1), (1, 0), (0, 0), (-90, 0), (-91, 1)])
def test_a_day_far_away_is_asked_about(cast, days, asked):
    try:
        require_certainty(cast.orebro, cast.par, TODAY + timedelta(days=days), TODAY)
        found = 0
    except Doubtful as doubtful:
        found = len(doubtful.doubts)
    assert found == asked


def test_the_same_visit_twice_is_asked_about(cast):
    log(cast)
    with pytest.raises(Doubtful):
        require_certainty(cast.orebro, cast.par, TODAY, TODAY)


def test_a_colleagues_visit_on_the_same_day_is_no_slip(cast):
    log(cast)
    require_certainty(cast.orebro, cast.petra, TODAY, TODAY)


# --- clocks -------------------------------------------------------------------------------------------------------


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "clock", "zone", "moment"),
    [
        (date(2026, 5, 20), time(23, 59), "Europe/Stockholm", utc(2026, 5, 20, 21, 59)),
        (date(2026, 5, 20), time(0, 1), "Pacific/Kiritimati", utc(2026, 5, 19, 10, 1)),
        (date(2026, 5, 20), time(23, 59), "Etc/GMT+12", utc(2026, 5, 21, 11, 59)),
        (date(2028, 2, 29), time(12, 0), "Europe/Helsinki", utc(2028, 2, 29, 10, 0)),
        # Spring: 02:30 does not exist and is taken as 03:30. Autumn: 02:30 comes twice, the first one is meant.
        (date(2026, 3, 29), time(2, 30), "Europe/Stockholm", utc(2026, 3, 29, 1, 30)),
        (date(2026, 10, 25), time(2, 30), "Europe/Stockholm", utc(2026, 10, 25, 0, 30)),
    ],
)
def test_a_local_time_is_a_moment(day, clock, zone, moment):
    assert moment_of(day, clock, zone) == moment


def test_a_moment_is_shown_as_the_clock_that_was_typed():
    zone = "Europe/Stockholm"
    assert clock_of(moment_of(date(2026, 5, 20), time(23, 59), zone), zone) == time(23, 59)


def test_the_day_of_a_visit_is_a_calendar_date_in_every_zone(cast):
    started_at = moment_of(TODAY, time(23, 59), "Etc/GMT+12")
    assert stored(log(cast, started_at=started_at)).held_on == TODAY


@pytest.mark.parametrize("text", ["", None, "yesterday", "2026-05-20T10:00:00", "0001-01-01T00:00:00+00:00"])
def test_an_unreadable_clock_of_a_phone_is_no_clock(text):
    assert device_moment(text) is None


def test_the_clock_of_a_phone_is_kept_beside_ours():
    assert device_moment("2026-05-20T10:00:00.000Z") == utc(2026, 5, 20, 10)


def test_a_clock_that_jumped_back_does_not_close_a_visit(cast):
    visit = log(cast)
    assert list(refusals(visit, cast.par, visit.logged_at - timedelta(days=400), TODAY)) == []
