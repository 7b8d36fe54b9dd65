"""Visits through HTTP: stored once, never overwritten, never at partners of others."""

import uuid
from datetime import timedelta

import pytest

from portal.actions.models import Action
from portal.partners.models import Contact
from portal.visits.models import Outcome, Visit

JSON = {"Accept": "application/json"}


@pytest.fixture
def log(cast, today):
    """Sends the log form as somebody, by default as Pär about today."""

    def send(who=None, partner=None, chosen=None, headers=None, **changes):
        fields = {"client_uid": str(uuid.uuid4()), "held_on": today.isoformat(), "mode": "on_site"}
        fields |= {"partner": (partner or cast.orebro).id if chosen is None else chosen} | changes
        return cast.client(who or cast.par).post("/visits/log", data=fields, headers=headers)

    return send


# --- logging ------------------------------------------------------------------------------------------------------


def test_a_partner_is_enough(cast, log, today):
    answer = log()
    visit = Visit.get()
    assert (answer.status_code, visit.partner, visit.owner, visit.held_on) == (303, cast.orebro, cast.par, today)


def test_a_form_without_a_number_gets_one(log):
    assert (log(client_uid="").status_code, len(Visit.get().client_uid)) == (303, 36)


def test_without_a_partner_nothing_is_stored(log):
    assert (log(chosen="").status_code, Visit.select().count()) == (422, 0)


def test_what_was_typed_stays_in_the_refused_form(log):
    page = log(chosen="", note="They were glad").get_data(as_text=True)
    assert "They were glad" in page


def test_all_that_can_be_said_is_stored(cast, log, today):
    contact = cast.contact(cast.orebro)
    log(
        outcomes=["decision", "risk"],
        note="One line",
        next_step="Call Kim",
        next_step_on=(today + timedelta(days=3)).isoformat(),
        promise_by_us="We send prices",
        promise_by_partner="They name a contact",
        goal_met="partly",
        started="09:30",
        minutes="75",
        contacts=[contact.id],
        newcomer_name="Nora Ny",
    )
    visit = Visit.get()
    assert (visit.note, visit.next_step, visit.goal_met, visit.minutes) == ("One line", "Call Kim", "partly", 75)
    assert sorted(one.kind for one in visit.outcomes) == ["decision", "risk"]
    assert sorted(one.name for one in visit.contacts_met()) == ["Kim Kontakt", "Nora Ny"]
    assert sorted(one.side for one in visit.actions()) == ["partner", "vendor"]


def test_the_next_step_is_no_promise(log):
    log(next_step="Call Kim")
    assert Action.select().count() == 0


def test_a_partner_of_others_takes_no_visit(cast, log):
    assert (log(partner=cast.malmo).status_code, Visit.select().count()) == (404, 0)


def test_an_archived_partner_takes_no_visit(cast, log):
    cast.orebro.archive(cast.stamp)
    assert log().status_code == 404


def test_a_contact_of_another_partner_was_not_there(cast, log):
    stranger = cast.contact(cast.malmo)
    assert (log(contacts=[stranger.id]).status_code, Visit.select().count()) == (422, 0)


def test_leadership_logs_no_visits(cast, log):
    assert log(cast.lena).status_code == 403


def test_a_manager_logs_for_the_team(cast, log):
    assert log(cast.maja).status_code == 303


def test_fields_that_are_not_asked_for_change_nothing(cast, log):
    log(owner=cast.sven.id, state="planned", version="9", logged_at="2001-01-01")
    visit = Visit.get()
    assert (visit.owner, visit.state, visit.version) == (cast.par, "held", 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"held_on": "1850-01-01"},
        {"held_on": "31 June"},
        {"held_on": ""},
        {"mode": "telepathy"},
        {"minutes": "-5"},
        {"minutes": "99999999999"},
        {"note": "x" * 4001},
        {"outcomes": "nonsense"},
        {"goal_met": "nonsense"},
        {"client_uid": "not a uid"},
        {"started": "25:61"},
        {"contacts": "x"},
    ],
)
def test_garbage_is_refused_in_words(log, wrong):
    assert (log(**wrong).status_code, Visit.select().count()) == (422, 0)


@pytest.mark.parametrize("number", ["99999999999999999999", "-1", "abc"])
def test_a_partner_that_cannot_be_is_none(log, number):
    assert log(chosen=number).status_code in (404, 422)


def test_a_day_long_ago_is_asked_about_and_stored_on_yes(log, today):
    far = (today - timedelta(days=91)).isoformat()
    asked = log(held_on=far)
    assert "more than 90 days ago" in asked.get_data(as_text=True)
    assert (asked.status_code, log(held_on=far, sure="y").status_code) == (422, 303)


def test_a_second_visit_on_the_day_is_asked_about(log):
    log()
    assert (log().status_code, log(sure="y").status_code, Visit.select().count()) == (422, 303, 2)


def test_the_question_reaches_the_phone_too(log):
    log()
    answer = log(headers=JSON)
    assert (answer.status_code, len(answer.json["questions"])) == (422, 1)


def test_the_clock_of_the_phone_is_kept_beside_ours(log):
    log(device_at="2026-05-20T10:00:00.000Z")
    assert Visit.get().device_at.year == 2026


def test_the_next_page_offers_to_take_it_back(cast, today):
    browser = cast.client(cast.par)
    fields = {"partner": cast.orebro.id, "held_on": today.isoformat(), "mode": "on_site"}
    page = browser.post("/visits/log", data=fields, follow_redirects=True).get_data(as_text=True)
    assert f"/visits/{Visit.get().id}/undo" in page


def test_undo_takes_it_back(cast, log):
    log()
    cast.client(cast.par).post(f"/visits/{Visit.get().id}/undo")
    assert Visit.get().not_held_reason == "mistake"


def test_nobody_undoes_the_visit_of_a_colleague(cast, today):
    visit = cast.held(cast.orebro, today, cast.petra)
    cast.client(cast.par).post(f"/visits/{visit.id}/undo")
    assert Visit.get().state == "held"


# --- the choice of partners ---------------------------------------------------------------------------------------


def test_the_form_offers_the_own_partners(cast):
    page = cast.client(cast.par).get("/visits/log").get_data(as_text=True)
    assert ("Örebro AB" in page, "Malmö AB" in page) == (True, False)


def test_the_search_finds_by_plain_letters(cast):
    page = cast.client(cast.par).get("/visits/log?q=orebro").get_data(as_text=True)
    assert ("Örebro AB" in page, "Falun Oy" in page) == (True, False)


def test_who_has_a_planned_visit_comes_first(cast, today):
    cast.planned(cast.orebro, today)
    page = cast.client(cast.par).get("/visits/log").get_data(as_text=True)
    assert page.index("Planned around today") < page.index("Örebro AB") < page.index("Falun Oy")


def test_the_form_of_a_partner_of_others_does_not_exist(cast):
    assert cast.client(cast.par).get(f"/visits/log?partner={cast.malmo.id}").status_code == 404


# --- the phone's queue --------------------------------------------------------------------------------------------


def test_the_phone_is_told_201_and_then_200_with_the_same_row(log):
    uid = str(uuid.uuid4())
    first, again = (log(headers=JSON, client_uid=uid, note="One") for _ in range(2))
    assert (first.status_code, again.status_code, first.json) == (201, 200, again.json)


def test_a_replay_with_another_clock_is_still_the_same(log):
    uid = str(uuid.uuid4())
    log(headers=JSON, client_uid=uid, device_at="2026-05-20T10:00:00Z")
    assert log(headers=JSON, client_uid=uid, device_at="2026-05-20T10:05:00Z").status_code == 200


def test_other_content_under_the_same_uid_is_shown_and_overwrites_nothing(log):
    uid = str(uuid.uuid4())
    log(headers=JSON, client_uid=uid, note="One")
    answer = log(headers=JSON, client_uid=uid, note="Two")
    texts = [(field["theirs"], field["mine"]) for field in answer.json["fields"]]
    assert (answer.status_code, texts, Visit.get().note) == (409, [("One", "Two")], "One")


def test_without_a_script_both_texts_are_on_the_page(log):
    uid = str(uuid.uuid4())
    log(client_uid=uid, note="One")
    page = log(client_uid=uid, note="Two").get_data(as_text=True)
    assert "One" in page and "Two" in page


def test_the_same_uid_of_another_user_is_another_visit(cast, log):
    uid = str(uuid.uuid4())
    answers = log(headers=JSON, client_uid=uid), log(cast.maja, headers=JSON, client_uid=uid)
    assert [answer.status_code for answer in answers] == [201, 201]


def test_a_phone_without_a_session_is_told_to_sign_in(cast):
    assert cast.client().post("/visits/log", data={}, headers=JSON).status_code == 401


# --- correcting ---------------------------------------------------------------------------------------------------


def edit(cast, visit, who=None, headers=None, **changes):
    fields = {"version": visit.version, "held_on": visit.held_on.isoformat(), "mode": "on_site"} | changes
    return cast.client(who or cast.par).post(f"/visits/{visit.id}/edit", data=fields, headers=headers)


def test_the_author_corrects_a_visit(cast, today):
    visit = cast.held(cast.orebro, today)
    assert (edit(cast, visit, note="Better").status_code, Visit.get().note) == (303, "Better")


def test_two_people_see_both_texts_and_nothing_is_lost(cast, today):
    visit = cast.held(cast.orebro, today, note="Old")
    edit(cast, visit, who=cast.maja, note="Theirs")
    answer = edit(cast, visit, note="Mine")
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "Theirs" in page, "Mine" in page, Visit.get().note) == (409, True, True, "Theirs")


def test_the_choice_of_the_conflict_page_is_stored(cast, today):
    visit = cast.held(cast.orebro, today, note="Old")
    edit(cast, visit, who=cast.maja, note="Theirs")
    assert edit(cast, Visit.get(), note="Theirs and mine", version=2).status_code == 303


def test_what_hangs_on_the_visit_survives_the_conflict_page(cast, today):
    visit = cast.held(cast.orebro, today, note="Old")
    edit(cast, visit, who=cast.maja, note="Theirs")
    page = edit(cast, visit, note="Mine", outcomes=["risk", "decision"]).get_data(as_text=True)
    assert page.count('name="outcomes"') == 2


def test_an_edit_without_a_version_overwrites_nothing(cast, today):
    visit = cast.held(cast.orebro, today, note="Old")
    assert (edit(cast, visit, note="Blind", version="").status_code, Visit.get().note) == (409, "Old")


def test_an_edit_replayed_by_the_phone_is_one_edit(cast, today):
    visit, uid = cast.held(cast.orebro, today), str(uuid.uuid4())
    answers = [edit(cast, visit, headers=JSON, note="Better", client_uid=uid) for _ in range(2)]
    assert ([answer.status_code for answer in answers], Visit.get().version) == ([201, 200], 2)


def test_outcomes_are_replaced(cast, today):
    visit = cast.held(cast.orebro, today)
    Outcome.add(cast.stamp, visit=visit, kind="risk")
    edit(cast, visit, outcomes=["decision"])
    assert [one.kind for one in Outcome.select()] == ["decision"]


def test_after_14_days_the_author_finds_it_closed(cast, today):
    visit = cast.held(cast.orebro, today, logged_at=cast.stamp.at - timedelta(days=15))
    assert (edit(cast, visit, note="Late").status_code, Visit.get().note) == (403, "")


def test_the_manager_still_amends_it(cast, today):
    visit = cast.held(cast.orebro, today, logged_at=cast.stamp.at - timedelta(days=15))
    assert edit(cast, visit, who=cast.maja, note="Late").status_code == 303


def test_visits_of_others_do_not_exist(cast, today):
    visit = cast.held(cast.malmo, today, cast.sven)
    browser = cast.client(cast.par)
    answers = browser.get(f"/visits/{visit.id}"), browser.get(f"/visits/{visit.id}/edit"), edit(cast, visit)
    assert [answer.status_code for answer in answers] == [404, 404, 404]


# --- planning -----------------------------------------------------------------------------------------------------


@pytest.fixture
def plan(cast, today):
    def send(who=None, partner=None, headers=None, **changes):
        fields = {"planned_on": (today + timedelta(days=5)).isoformat(), "mode": "on_site"}
        fields |= {"partner": (partner or cast.orebro).id} | changes
        return cast.client(who or cast.par).post("/visits/plan", data=fields, headers=headers)

    return send


FULL = {
    "purpose": "Grow",
    "goal": "A signed plan",
    "agenda_1_block": "pipeline",
    "agenda_1_text": "Open quotes",
    "agenda_1_minutes": "20",
    "agenda_3_block": "people",
    "agenda_3_text": "Who follows Kim?",
}


def test_a_visit_is_planned_with_its_agenda(plan):
    plan(**FULL)
    visit = Visit.get()
    assert [(item.block, item.text, item.minutes) for item in visit.items()] == [
        ("pipeline", "Open quotes", 20),
        ("people", "Who follows Kim?", None),
    ]


def test_a_visit_is_not_planned_into_the_past(plan, today):
    assert plan(planned_on=(today - timedelta(days=2)).isoformat()).status_code == 422


def test_a_partner_of_others_gets_no_plan(cast, plan):
    assert plan(partner=cast.malmo).status_code == 404


def test_a_plan_replayed_by_the_phone_is_one_plan(plan):
    uid = str(uuid.uuid4())
    assert [plan(headers=JSON, client_uid=uid).status_code for _ in range(2)] == [201, 200]


def test_a_full_plan_is_confirmed(cast, plan):
    plan(**FULL)
    cast.client(cast.par).post(f"/visits/{Visit.get().id}/confirmation")
    assert Visit.get().state == "confirmed"


def test_an_empty_plan_is_not_confirmed_and_says_what_is_missing(cast, plan):
    plan()
    answer = cast.client(cast.par).post(f"/visits/{Visit.get().id}/confirmation", follow_redirects=True)
    assert (Visit.get().state, "The goal is missing" in answer.get_data(as_text=True)) == ("planned", True)


def replan(cast, visit, **changes):
    fields = {"version": visit.version, "planned_on": visit.planned_on.isoformat(), "mode": "on_site"} | changes
    return cast.client(cast.par).post(f"/visits/{visit.id}/edit", data=fields)


def test_a_plan_is_changed(cast, plan):
    plan(**FULL)
    assert (replan(cast, Visit.get(), goal="Another").status_code, Visit.get().goal) == (303, "Another")


def test_two_agendas_are_shown_side_by_side(cast, plan):
    plan(**FULL)
    shown = Visit.get()
    replan(cast, shown, agenda_1_text="Theirs", agenda_1_block="other")
    answer = replan(cast, shown, agenda_1_text="Mine", agenda_1_block="other")
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "Theirs" in page, "Mine" in page) == (409, True, True)


def test_a_plan_whose_day_has_passed_must_be_answered(cast, today):
    visit = cast.planned(cast.orebro, today - timedelta(days=3))
    assert cast.client(cast.par).get(f"/visits/{visit.id}/edit").status_code == 409


def test_a_planned_visit_is_held(cast, today, log):
    visit = cast.planned(cast.orebro, today)
    log(visit=visit.id)
    assert (Visit.select().count(), Visit.get().state, Visit.get().planned_on) == (1, "held", today)


def test_holding_it_again_from_the_queue_is_one_visit(cast, today, log):
    visit, uid = cast.planned(cast.orebro, today), str(uuid.uuid4())
    answers = [log(visit=visit.id, client_uid=uid, headers=JSON).status_code for _ in range(2)]
    assert (answers, Visit.select().count()) == ([201, 200], 1)


def test_a_planned_visit_of_others_is_not_held(cast, today, log):
    visit = cast.planned(cast.malmo, today, cast.sven)
    assert (log(visit=visit.id).status_code, Visit.get().state) == (404, "planned")


def answer(cast, visit, **fields):
    return cast.client(cast.par).post(f"/visits/{visit.id}/not-held", data=fields)


def test_a_reason_is_given(cast, today):
    visit = cast.planned(cast.orebro, today - timedelta(days=3))
    answer(cast, visit, reason="cancelled_partner", note="They were ill")
    assert (Visit.get().not_held_reason, Visit.get().not_held_note) == ("cancelled_partner", "They were ill")


def test_a_visit_moves_to_another_day(cast, today):
    visit = cast.planned(cast.orebro, today - timedelta(days=3), purpose="Grow")
    answer(cast, visit, reason="rescheduled", to_on=(today + timedelta(days=9)).isoformat())
    moved = Visit.get(Visit.state == "planned")
    assert (moved.planned_on, moved.purpose, moved.moved_from) == (today + timedelta(days=9), "Grow", visit)


def test_moving_asks_for_the_day(cast, today):
    visit = cast.planned(cast.orebro, today)
    assert answer(cast, visit, reason="rescheduled").status_code == 422


def test_logged_by_mistake_is_no_answer_for_a_plan(cast, today):
    assert answer(cast, cast.planned(cast.orebro, today), reason="mistake").status_code == 422


def test_a_visit_is_answered_once(cast, today):
    visit = cast.planned(cast.orebro, today)
    answer(cast, visit, reason="missed")
    assert (answer(cast, visit, reason="cancelled_us").status_code, Visit.get().not_held_reason) == (409, "missed")


# --- lists --------------------------------------------------------------------------------------------------------


def test_my_visits_are_mine(cast, today):
    cast.held(cast.orebro, today)
    cast.held(cast.falun, today, cast.petra)
    page = cast.client(cast.par).get("/visits").get_data(as_text=True)
    assert ("Örebro AB" in page, "Falun Oy" in page) == (True, False)


def test_everybodys_are_those_i_may_read(cast, today):
    cast.held(cast.falun, today, cast.petra)
    cast.held(cast.malmo, today, cast.sven)
    page = cast.client(cast.par).get("/visits?whose=all").get_data(as_text=True)
    assert ("Falun Oy" in page, "Malmö AB" in page) == (True, False)


@pytest.mark.parametrize(
    ("shown", "seen"), [("ahead", "Falun Oy"), ("unanswered", "Örebro AB"), ("held", "Late AB"), ("not_held", "Out AB")]
)
def test_the_list_shows_one_kind(cast, today, shown, seen):
    late, out = cast.partner("Late AB", cast.par, "A"), cast.partner("Out AB", cast.par, "A")
    cast.planned(cast.falun, today + timedelta(days=2))
    cast.planned(cast.orebro, today - timedelta(days=2))
    cast.held(late, today)
    cast.planned(out, today).give_up(cast.stamp, "missed")
    page = cast.client(cast.par).get(f"/visits?show={shown}").get_data(as_text=True)
    assert [name for name in ("Falun Oy", "Örebro AB", "Late AB", "Out AB") if name in page] == [seen]


def test_a_partners_visits_are_on_its_tab(cast, today):
    cast.held(cast.orebro, today, note="They were glad")
    page = cast.client(cast.par).get(f"/partners/{cast.orebro.id}/visits").get_data(as_text=True)
    assert "They were glad" in page


def test_the_tab_of_a_partner_of_others_does_not_exist(cast):
    assert cast.client(cast.par).get(f"/partners/{cast.malmo.id}/visits").status_code == 404


def test_markup_in_a_note_is_text(cast, today):
    visit = cast.held(cast.orebro, today, note="<script>alert(1)</script>")
    assert "<script>alert" not in cast.client(cast.par).get(f"/visits/{visit.id}").get_data(as_text=True)


def test_a_newcomer_is_a_contact_of_the_partner(cast, log):
    log(newcomer_name="Nora Ny", newcomer_title="Buyer")
    assert [(one.name, one.partner) for one in Contact.select()] == [("Nora Ny", cast.orebro)]


@pytest.mark.parametrize("address", ["/visits", "/visits/log", "/visits/plan", "/visits/1", "/visits/1/edit"])
def test_strangers_are_asked_to_sign_in(cast, address):
    assert cast.client().get(address).status_code == 302
