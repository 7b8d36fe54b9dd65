"""Today: planned visits, those that need a reason, who waits for a visit, what was promised, and the team."""

from datetime import timedelta

import pytest

from portal.cadence.standing import standings
from portal.field.today import day_of, team_of
from portal.partners.models import Partner
from portal.web import now

TODAY = now().date()


def day(user):
    partners = Partner.visible_to(user, TODAY)
    return day_of(user, partners, standings(partners, TODAY), TODAY)


def team(manager):
    partners = Partner.visible_to(manager, TODAY)
    return {row.user.name: row for row in team_of(manager, standings(partners, TODAY), TODAY)}


def test_the_next_seven_days_are_listed_and_no_more(cast):
    today, last = (cast.planned(cast.orebro, TODAY + timedelta(days=days)) for days in (0, 7))
    cast.planned(cast.orebro, TODAY + timedelta(days=8))
    assert day(cast.par).visits == [today, last]


def test_a_day_that_passed_without_an_answer_asks_for_one(cast):
    missed = cast.planned(cast.falun, TODAY - timedelta(days=1))
    assert day(cast.par).unanswered == [missed]


def test_what_was_held_or_given_up_asks_nothing(cast):
    cast.held(cast.falun, TODAY - timedelta(days=1), planned_on=TODAY - timedelta(days=1))
    cast.planned(cast.falun, TODAY - timedelta(days=1), state="not_held", not_held_reason="missed")
    assert day(cast.par).unanswered == []


def test_the_visits_of_colleagues_are_theirs(cast):
    cast.planned(cast.orebro, TODAY, cast.petra)
    assert day(cast.par).visits == []


def test_who_is_longest_overdue_comes_first(cast):
    cast.held(cast.orebro, TODAY - timedelta(days=50))
    cast.held(cast.falun, TODAY - timedelta(days=121))
    late = cast.partner("Late AB", cast.par, "A")
    cast.held(late, TODAY - timedelta(days=400))
    seen = day(cast.par)
    assert [found.partner.name for found in seen.waiting] == ["Late AB", "Falun Oy", "Örebro AB"]
    assert seen.overdue == 2


def test_covered_partners_wait_for_nobody(cast):
    for partner in (cast.orebro, cast.falun):
        cast.held(partner, TODAY - timedelta(days=1))
    assert day(cast.par).waiting == []


def test_own_promises_of_the_week_and_late_ones_are_listed(cast):
    late = cast.action(cast.orebro, "Late", due_on=TODAY - timedelta(days=3))
    soon = cast.action(cast.orebro, "Soon", due_on=TODAY + timedelta(days=7))
    cast.action(cast.orebro, "Later", due_on=TODAY + timedelta(days=8))
    cast.action(cast.orebro, "Petra's", due_on=TODAY, user=cast.petra)
    assert day(cast.par).promises == [late, soon]


def test_a_manager_sees_the_team_at_a_glance(cast):
    cast.held(cast.falun, TODAY - timedelta(days=1))
    cast.planned(cast.orebro, TODAY - timedelta(days=1))
    row = team(cast.maja)["Pär Partner"]
    assert (row.partners, row.overdue, row.unanswered) == (2, 1, 1)


def test_a_manager_sees_nobody_of_another_team(cast):
    assert set(team(cast.maja)) == {"Maja Manager", "Pär Partner", "Petra Puro"}


def test_the_page_answers_what_is_most_urgent(cast):
    cast.planned(cast.orebro, cast.today - timedelta(days=2))
    assert "1 planned visit needs an answer." in cast.client(cast.par).get("/").text


def test_who_looks_after_nobody_is_told_what_will_be_here(cast):
    assert "No partners yet" in cast.client(cast.petra).get("/").text


def test_who_reads_all_is_told_about_partners_without_an_owner(cast):
    assert "1 partner is looked after by nobody." in cast.client(cast.ada).get("/").text


@pytest.mark.parametrize("role", ["par", "maja", "lena", "ada"])
def test_every_role_has_a_day(cast, role):
    assert cast.client(getattr(cast, role)).get("/").status_code == 200


def test_a_stranger_signs_in_first(cast):
    assert cast.client().get("/").status_code == 302
