"""What goes with a partner to its new owner: what is ahead and what we promised; the past stays with who made it."""

from datetime import timedelta

import pytest

from portal.actions.models import Action
from portal.field.following import come_back, follow, hand_on
from portal.partners.handover import hand_over, undo
from portal.partners.models import Handover, Partner
from portal.records import AuditEvent
from portal.visits.models import Visit


def whose(row):
    stored = type(row).get_by_id(row.id)
    return (stored.owner if isinstance(stored, Visit) else stored.user).name.split()[0]


@pytest.fixture
def days(today):
    return {"yesterday": today - timedelta(days=1), "today": today, "soon": today + timedelta(days=9)}


@pytest.fixture
def orebro(cast):
    return Partner.select().where(Partner.id == cast.orebro.id)


@pytest.fixture
def to_petra(cast, orebro, today):
    """Gives Örebro to Petra from a day on."""

    def give(from_on=today):
        handover = hand_over(cast.stamp, orebro, cast.petra, from_on, "Pär has too many")
        follow(cast.stamp, handover, today)
        return handover

    return give


# --- many partners at once ----------------------------------------------------------------------------------------


def test_what_is_planned_follows_the_partner(cast, to_petra, days):
    visits = [cast.planned(cast.orebro, days["today"]), cast.planned(cast.orebro, days["soon"])]
    to_petra()
    assert [whose(visit) for visit in visits] == ["Petra", "Petra"]


def test_what_was_held_or_waits_for_an_answer_stays(cast, to_petra, days):
    visits = [cast.held(cast.orebro, days["yesterday"]), cast.planned(cast.orebro, days["yesterday"])]
    to_petra()
    assert [whose(visit) for visit in visits] == ["Pär", "Pär"]


def test_open_promises_of_ours_follow_and_settled_ones_stay(cast, to_petra, days):
    late, undated = cast.action(cast.orebro, due_on=days["yesterday"]), cast.action(cast.orebro)
    done = cast.action(cast.orebro, state="done", done_on=days["yesterday"])
    to_petra()
    assert [whose(action) for action in (late, undated, done)] == ["Petra", "Petra", "Pär"]


def test_until_the_day_of_a_later_handover_the_earlier_owner_goes(cast, to_petra, days):
    first, second = cast.planned(cast.orebro, days["today"]), cast.planned(cast.orebro, days["soon"])
    promise = cast.action(cast.orebro, due_on=days["today"])
    to_petra(days["soon"])
    assert [whose(row) for row in (first, second, promise)] == ["Pär", "Petra", "Pär"]


def test_what_a_third_colleague_has_planned_there_stays(cast, to_petra, days):
    visit, promise = cast.planned(cast.orebro, days["soon"], cast.maja), cast.action(cast.orebro, user=cast.maja)
    to_petra()
    assert (whose(visit), whose(promise)) == ("Maja", "Maja")


def test_other_partners_visits_stay(cast, to_petra, days):
    visit = cast.planned(cast.falun, days["soon"])
    to_petra()
    assert whose(visit) == "Pär"


def test_what_somebody_left_behind_follows_when_the_partner_is_assigned(cast, today, days):
    visit = cast.planned(cast.nobodys, days["soon"], cast.sven)
    cast.sven.change(cast.stamp, deactivated_at=cast.stamp.at)
    handover = hand_over(cast.stamp, Partner.select().where(Partner.id == cast.nobodys.id), cast.petra, today)
    follow(cast.stamp, handover, today)
    assert whose(visit) == "Petra"


def test_a_phone_that_edits_a_visit_that_went_learns_of_it(cast, to_petra, days):
    visit = cast.planned(cast.orebro, days["soon"])
    to_petra()
    assert Visit.get_by_id(visit.id).version == visit.version + 1


def test_one_audit_line_names_all_that_went(cast, to_petra, days):
    visit, promise = cast.planned(cast.orebro, days["soon"]), cast.action(cast.orebro)
    to_petra()
    (line,) = AuditEvent.select().where(AuditEvent.action == "Handover.followed")
    assert line.details["after"]["followed"] == {
        "visits": [[visit.id, cast.par.id]],
        "actions": [[promise.id, cast.par.id]],
    }


def test_undo_gives_back_what_followed_and_nothing_else(cast, orebro, to_petra, days):
    ours, hers = cast.planned(cast.orebro, days["soon"]), cast.planned(cast.orebro, days["soon"], cast.petra)
    handover = to_petra()
    come_back(cast.stamp, handover, undo(cast.stamp, handover))
    assert (whose(ours), whose(hers)) == ("Pär", "Petra")


def test_undo_leaves_what_was_held_since(cast, to_petra, days):
    visit = cast.planned(cast.orebro, days["today"])
    handover = to_petra()
    Visit.get_by_id(visit.id).change(cast.stamp, state="held", held_on=days["today"], logged_at=cast.stamp.at)
    come_back(cast.stamp, handover, undo(cast.stamp, handover))
    assert whose(visit) == "Petra"


def test_undo_leaves_what_belongs_to_a_partner_that_was_assigned_anew(cast, to_petra, days):
    visit = cast.planned(cast.orebro, days["soon"])
    come_back(cast.stamp, to_petra(), [cast.orebro])
    assert whose(visit) == "Petra"


def test_queries_do_not_grow_with_the_rows(cast, to_petra, days, today, count_queries):
    handover = to_petra()
    few = count_queries(lambda: follow(cast.stamp, handover, today))
    for _number in range(5):
        cast.planned(cast.orebro, days["soon"])
    assert count_queries(lambda: follow(cast.stamp, handover, today)) <= few + 3


# --- through the pages --------------------------------------------------------------------------------------------


def reassign(cast, today, **fields):
    form = {"to": cast.petra.id, "from_on": today.isoformat(), "reason": "Balance", "partner": cast.orebro.id}
    return cast.client(cast.maja).post("/partners/assign", data={**form, **fields})


def test_the_form_proposes_that_they_follow(cast):
    assert '<input checked id="follows"' in cast.client(cast.maja).get("/partners/assign").text


@pytest.mark.parametrize(("fields", "owner"), [({"follows": "y"}, "Petra"), ({}, "Pär")])
def test_whether_they_follow_is_a_choice(cast, today, days, fields, owner):
    visit = cast.planned(cast.orebro, days["soon"])
    reassign(cast, today, **fields)
    assert whose(visit) == owner


def test_the_button_undo_gives_them_back(cast, today, days):
    promise = cast.action(cast.orebro)
    reassign(cast, today, follows="y")
    cast.client(cast.maja).post(f"/partners/assign/{Handover.get().id}/undo")
    assert whose(promise) == "Pär"


# --- somebody leaves ----------------------------------------------------------------------------------------------


def deactivate(cast, user, successor):
    form = {"successor": successor.id if successor else 0}
    return cast.client(cast.ada).post(f"/admin/users/{user.id}/deactivate", data=form)


def test_what_who_leaves_has_ahead_goes_with_the_partners(cast, days):
    rows = [
        cast.planned(cast.orebro, days["soon"]),
        cast.planned(cast.falun, days["yesterday"]),
        cast.action(cast.orebro),
    ]
    deactivate(cast, cast.par, cast.maja)
    assert [whose(row) for row in rows] == ["Maja"] * 3


def test_what_was_planned_at_somebody_elses_partner_goes_to_its_owner(cast, days):
    visit = cast.planned(cast.malmo, days["soon"])
    deactivate(cast, cast.par, cast.maja)
    assert whose(visit) == "Sven"


def test_what_was_held_stays_with_who_held_it(cast, days):
    visit = cast.held(cast.orebro, days["yesterday"])
    deactivate(cast, cast.par, cast.maja)
    assert whose(visit) == "Pär"


def test_without_a_successor_it_waits_with_the_partner(cast, days):
    visit = cast.planned(cast.orebro, days["soon"])
    deactivate(cast, cast.par, None)
    assert whose(visit) == "Pär"


def test_the_page_says_how_much_goes(cast, days):
    cast.planned(cast.orebro, days["soon"])
    assert "1 planned visit" in cast.client(cast.ada).get(f"/admin/users/{cast.par.id}/deactivate").text


def test_one_audit_line_says_what_was_handed_on(cast, today):
    promise = cast.action(cast.malmo)
    assert hand_on(cast.stamp, cast.par, today) == 1
    (line,) = AuditEvent.select().where(AuditEvent.action == "User.handed_on")
    assert line.details == {"visits": [], "actions": [[promise.id, cast.sven.id]]}
    assert Action.get_by_id(promise.id).user == cast.sven
