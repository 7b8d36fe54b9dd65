"""Which visits count, and how each partner stands today."""

from datetime import date, timedelta

import pytest

from portal.cadence.counting import counting
from portal.cadence.defaults import ensure_classes
from portal.cadence.models import CadencePolicy, CoverageException
from portal.cadence.standing import standings
from portal.partners.models import ClassAssignment, Partner, PartnerClass

TODAY = date(2026, 5, 20)


def days_of(partner):
    return sorted(held_on for partner_id, held_on, _visit in counting().tuples() if partner_id == partner.id)


def days_ago(number):
    return TODAY - timedelta(days=number)


def standing(partner, today=TODAY):
    return standings(Partner.select().where(Partner.id == partner.id), today)[partner.id]


# --- what counts --------------------------------------------------------------------------------------------------


def test_the_first_visit_of_a_day_is_the_one_that_counts(cast):
    first = cast.held(cast.orebro, TODAY)
    cast.held(cast.orebro, TODAY, cast.petra)
    assert list(counting().tuples()) == [(cast.orebro.id, TODAY, first.id)]


def test_a_phone_call_does_not_take_the_day_from_a_visit(cast):
    cast.held(cast.orebro, TODAY, mode="phone")
    visit = cast.held(cast.orebro, TODAY)
    assert [visit_id for _partner, _day, visit_id in counting().tuples()] == [visit.id]


def test_video_counts_after_two_visits_on_site(cast):
    cast.held(cast.orebro, date(2026, 1, 1), mode="video")
    cast.held(cast.orebro, date(2026, 1, 2))
    cast.held(cast.orebro, date(2026, 1, 3), mode="video")
    cast.held(cast.orebro, date(2026, 1, 4))
    cast.held(cast.orebro, date(2026, 1, 5), mode="video")
    assert days_of(cast.orebro) == [date(2026, 1, 2), date(2026, 1, 4), date(2026, 1, 5)]


def test_two_visits_on_site_on_one_day_are_one_before_video(cast):
    cast.held(cast.orebro, date(2026, 1, 2))
    cast.held(cast.orebro, date(2026, 1, 2), cast.petra)
    cast.held(cast.orebro, date(2026, 1, 3), mode="video")
    assert days_of(cast.orebro) == [date(2026, 1, 2)]


def test_visits_on_site_at_others_open_no_door_for_video(cast):
    for day in (date(2026, 1, 1), date(2026, 1, 2)):
        cast.held(cast.falun, day)
    cast.held(cast.orebro, date(2026, 1, 3), mode="video")
    assert days_of(cast.orebro) == []


def test_planned_and_given_up_visits_do_not_count(cast):
    cast.planned(cast.orebro, TODAY)
    cast.planned(cast.orebro, days_ago(3)).give_up(cast.stamp, "missed")
    assert days_of(cast.orebro) == []


def test_a_class_may_count_phone_calls_from_a_day_on(cast):
    usual = {"ideal_days": 45, "max_days": 60, "visits_per_year": 8}
    CadencePolicy.set(cast.stamp, cast.classes["A"], date(2026, 3, 1), phone="always", **usual)
    for day in (date(2026, 2, 28), date(2026, 3, 1)):
        cast.held(cast.orebro, day, mode="phone")
        cast.held(cast.falun, day, mode="phone")
    assert (days_of(cast.orebro), days_of(cast.falun)) == ([date(2026, 3, 1)], [])


def test_a_class_may_count_video_only_later_than_the_others(cast):
    usual = {"ideal_days": 45, "max_days": 60, "visits_per_year": 8}
    CadencePolicy.set(cast.stamp, cast.classes["B"], date(2025, 1, 1), video="never", **usual)
    for partner in (cast.orebro, cast.falun):
        cast.held(partner, date(2026, 1, 1))
        cast.held(partner, date(2026, 1, 2))
        cast.held(partner, date(2026, 1, 3), mode="video")
    assert (len(days_of(cast.orebro)), len(days_of(cast.falun))) == (3, 2)


def test_the_class_that_held_on_the_day_says_what_counts(cast):
    usual = {"ideal_days": 45, "max_days": 60, "visits_per_year": 8}
    CadencePolicy.set(cast.stamp, cast.classes["A"], date(2025, 1, 1), phone="always", **usual)
    ClassAssignment.assign(cast.stamp, cast.orebro, cast.classes["B"], date(2026, 3, 1))
    cast.held(cast.orebro, date(2026, 2, 28), mode="phone")
    cast.held(cast.orebro, date(2026, 3, 1), mode="phone")
    assert days_of(cast.orebro) == [date(2026, 2, 28)]


# --- how a partner stands (class A: 45 days ideal, 60 at most) ---------------------------------------------------


@pytest.mark.parametrize(
    ("days", "status", "kind"),
    [
        (0, "covered", "good"),
        (30, "covered", "good"),
        (31, "due_soon", "warn"),
        (44, "due_soon", "warn"),
        (45, "due", "warn"),
        (60, "due", "warn"),
        (61, "overdue", "bad"),
    ],
)
def test_the_status_follows_the_days_since_the_last_visit(cast, days, status, kind):
    cast.held(cast.orebro, days_ago(days))
    found = standing(cast.orebro)
    assert (found.status, found.kind) == (status, kind)


def test_a_standing_says_its_days(cast):
    cast.held(cast.orebro, date(2026, 5, 1))
    found = standing(cast.orebro)
    assert (found.last_on, found.due_on, found.latest_on) == (date(2026, 5, 1), date(2026, 6, 15), date(2026, 6, 30))


def test_a_visit_logged_for_tomorrow_covers_nobody_today(cast):
    cast.held(cast.orebro, days_ago(-1))
    assert standing(cast.orebro).status == "never"


def test_a_planned_visit_is_a_flag_and_hides_nothing(cast):
    cast.held(cast.orebro, days_ago(61))
    cast.planned(cast.orebro, TODAY)
    found = standing(cast.orebro)
    assert (found.status, found.planned_on) == ("overdue", TODAY)


def test_a_planned_visit_of_yesterday_is_no_flag(cast):
    cast.planned(cast.orebro, days_ago(1))
    assert standing(cast.orebro).planned_on is None


@pytest.mark.parametrize(("days", "kind"), [(0, "none"), (60, "none"), (61, "bad")])
def test_never_visited_turns_red_after_the_longest_interval_of_its_class(cast, days, kind):
    new = cast.partner("New AB", cast.par, "A", since=days_ago(days))
    found = standing(new)
    assert (found.status, found.kind) == ("never", kind)


def test_a_new_partner_is_due_from_the_start_of_its_class(cast):
    new = cast.partner("New AB", cast.par, "A", since=date(2026, 5, 1))
    found = standing(new)
    assert (found.due_on, found.latest_on) == (date(2026, 6, 15), date(2026, 6, 30))


def test_a_pause_goes_before_all_else(cast):
    CoverageException.add(cast.stamp, partner=cast.orebro, from_on=TODAY, until_on=days_ago(-1))
    assert standing(cast.orebro).status == "paused"


def test_a_pause_is_over_on_its_last_day(cast):
    CoverageException.add(cast.stamp, partner=cast.orebro, from_on=days_ago(5), until_on=TODAY)
    assert standing(cast.orebro).status == "never"


def test_a_class_without_target_is_on_demand(cast):
    assert standing(cast.partner("Rare AB", cast.par, "D")).status == "on_demand"


def test_without_a_class_there_is_no_cadence(cast):
    assert standing(cast.partner("Bare AB", cast.par)).status == "unclassified"


def test_a_new_cadence_holds_from_its_day(cast):
    CadencePolicy.set(cast.stamp, cast.classes["A"], TODAY, ideal_days=5, max_days=9, visits_per_year=40)
    cast.held(cast.orebro, days_ago(10))
    assert (standing(cast.orebro, days_ago(1)).status, standing(cast.orebro).status) == ("covered", "overdue")


def test_standings_take_the_same_queries_for_any_number(cast, count_queries):
    def asked():
        return count_queries(lambda: standings(Partner.visible_to(cast.lena, TODAY), TODAY))

    few = asked()
    for number in range(20):
        cast.held(cast.partner(f"More {number}", cast.par, "B"), TODAY)
    assert asked() == few


# --- classes ------------------------------------------------------------------------------------------------------


def test_the_usual_classes_are_there_once(db, stamp):
    assert (ensure_classes(stamp), ensure_classes(stamp), PartnerClass.select().count()) == (4, 0, 4)


def test_two_who_rename_a_class_at_once_see_both_names(cast):
    shown = cast.classes["A"]
    shown.change(cast.stamp, name="Theirs")
    typed = {"version": 1, "code": "A", "name": "Mine", "rank": 1}
    answer = cast.client(cast.ada).post(f"/admin/classes/{shown.id}", data=typed)
    assert answer.status_code == 409
    assert "Theirs" in answer.text and "Mine" in answer.text


def cadence(cast, today, **changes):
    typed = {
        "from_on": today + timedelta(days=2),
        "visits_per_year": 12,
        "ideal_days": 30,
        "max_days": 40,
        "visit_minutes": 60,
        "on_site": "always",
        "video": "never",
        "phone": "never",
    }
    address = f"/admin/classes/{cast.classes['A'].id}/policies"
    return cast.client(cast.ada).post(address, data=typed | changes)


def test_an_admin_sets_a_cadence_from_a_day_on(cast, today):
    assert (cadence(cast, today).status_code, cast.classes["A"].policies.count()) == (303, 2)


def test_the_same_day_again_corrects_the_cadence(cast, today):
    cadence(cast, today)
    cadence(cast, today, visits_per_year=10)
    assert sorted(policy.visits_per_year for policy in cast.classes["A"].policies) == [8, 10]


def test_what_held_in_the_past_stays(cast, today):
    assert cadence(cast, today, from_on="2020-06-01").status_code == 422


def test_the_longest_interval_is_not_the_shorter_one(cast, today):
    assert cadence(cast, today, max_days=20).status_code == 422


def test_visits_need_intervals(cast, today):
    assert cadence(cast, today, ideal_days="", max_days="").status_code == 422


def test_a_class_gets_a_code_of_its_own(cast):
    answer = cast.client(cast.ada).post("/admin/classes", data={"code": "A", "rank": 5})
    assert (answer.status_code, PartnerClass.select().count()) == (422, 4)


def test_a_class_is_added(cast):
    cast.client(cast.ada).post("/admin/classes", data={"code": "E", "name": "Extra", "rank": 5})
    assert PartnerClass.get(PartnerClass.code == "E").name == "Extra"


@pytest.mark.parametrize("who", ["par", "maja", "lena"])
def test_only_admins_keep_the_classes(cast, who):
    assert cast.client(getattr(cast, who)).get("/admin/classes").status_code == 403


# --- pauses -------------------------------------------------------------------------------------------------------


def pause(cast, today, who, partner=None, **changes):
    typed = {"from_on": today + timedelta(days=1), "until_on": today + timedelta(days=30), "reason": "They move house"}
    return cast.client(who).post(f"/partners/{(partner or cast.orebro).id}/pauses", data=typed | changes)


def test_a_manager_pauses_a_partner_of_the_team(cast, today):
    assert (pause(cast, today, cast.maja).status_code, CoverageException.of(cast.orebro).count()) == (303, 1)


def test_a_pam_does_not_lower_what_is_expected(cast, today):
    assert pause(cast, today, cast.par).status_code == 403


def test_a_manager_of_another_team_finds_no_partner_to_pause(cast, today):
    assert pause(cast, today, cast.otto).status_code == 404


def test_a_pause_cannot_begin_in_the_past(cast, today):
    assert pause(cast, today, cast.maja, from_on="2020-01-01").status_code == 422


def test_pauses_do_not_overlap(cast, today):
    pause(cast, today, cast.maja)
    assert (pause(cast, today, cast.maja).status_code, CoverageException.of(cast.orebro).count()) == (422, 1)


def test_a_pause_is_ended_early(cast, today):
    held = CoverageException.add(
        cast.stamp, partner=cast.orebro, from_on=today - timedelta(days=5), until_on=today + timedelta(days=60)
    )
    cast.client(cast.maja).post(f"/partners/{cast.orebro.id}/pauses/{held.id}/end")
    assert CoverageException.get_by_id(held.id).until_on <= today + timedelta(days=1)


def test_a_pause_that_has_not_begun_is_taken_back(cast, today):
    pause(cast, today, cast.maja)
    held = CoverageException.of(cast.orebro).get()
    cast.client(cast.maja).post(f"/partners/{cast.orebro.id}/pauses/{held.id}/end")
    assert CoverageException.of(cast.orebro).count() == 0


def test_a_pam_reads_the_pauses_of_the_own_partner(cast):
    assert cast.client(cast.par).get(f"/partners/{cast.orebro.id}/pauses").status_code == 200


def test_the_pauses_of_other_partners_do_not_exist(cast):
    assert cast.client(cast.par).get(f"/partners/{cast.malmo.id}/pauses").status_code == 404
