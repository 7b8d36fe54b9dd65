"""Class, tier, status, owner and region by date and reason; many partners to a new owner, and back."""

from datetime import timedelta

import pytest

from portal.partners.handover import hand_over, possible_owners, undo
from portal.partners.models import ClassAssignment, Handover, OwnerAssignment, Partner, StatusAssignment
from portal.records import AuditEvent
from portal.web import now

TODAY = now().date()
WHY = "The region was split"


def owner_of(partner, on=TODAY):
    held = OwnerAssignment.current(partner, on)
    return held and held.user.name


def owners(partner):
    return [(row.user.name, row.from_on, row.until_on) for row in OwnerAssignment.history(partner)]


def chosen(*partners):
    return Partner.select().where(Partner.id.in_([partner.id for partner in partners]))


# --- one partner --------------------------------------------------------------------------------------------------


def assign(client, partner, kind, value, **fields):
    form = {"value": value, "from_on": TODAY.isoformat(), "reason": WHY, **fields}
    return client.post(f"/partners/{partner.id}/history/{kind}", data=form)


def test_a_class_holds_from_its_day_and_the_earlier_one_until_then(cast):
    assert assign(cast.client(cast.maja), cast.orebro, "class", cast.classes["C"].id).status_code == 303
    codes = [ClassAssignment.current(cast.orebro, day).partner_class.code for day in (TODAY - timedelta(1), TODAY)]
    assert codes == ["A", "C"]


def test_a_status_is_one_of_the_words(cast):
    assign(cast.client(cast.maja), cast.orebro, "status", "dormant")
    assert StatusAssignment.current(cast.orebro, TODAY).status == "dormant"
    assert assign(cast.client(cast.maja), cast.orebro, "status", "asleep").status_code == 422


def test_a_change_needs_its_reason(cast):
    answered = assign(cast.client(cast.maja), cast.orebro, "class", cast.classes["C"].id, reason=" ")
    assert answered.status_code == 422
    assert ClassAssignment.current(cast.orebro, TODAY).partner_class.code == "A"


def test_nothing_can_be_assigned_by_choosing_none(cast):
    assign(cast.client(cast.ada), cast.orebro, "owner", "")
    assert owner_of(cast.orebro) is None


def test_a_pam_reads_the_history_and_changes_nothing(cast):
    client = cast.client(cast.par)
    assert client.get(f"/partners/{cast.orebro.id}/history/class").status_code == 200
    assert assign(client, cast.orebro, "class", cast.classes["D"].id).status_code == 403


def test_a_manager_changes_nothing_of_another_team(cast):
    assert assign(cast.client(cast.maja), cast.malmo, "class", cast.classes["D"].id).status_code == 404


def test_a_manager_gives_to_the_own_team_only(cast):
    assert assign(cast.client(cast.maja), cast.orebro, "owner", cast.sven.id).status_code == 422
    assert owner_of(cast.orebro) == "Pär Partner"


def test_the_history_shows_who_it_was_and_why(cast):
    assign(cast.client(cast.maja), cast.orebro, "owner", cast.petra.id)
    page = cast.client(cast.lena).get(f"/partners/{cast.orebro.id}/history/owner").text
    assert "Petra Puro" in page and "Pär Partner" in page and WHY in page


@pytest.mark.parametrize("kind", ["nothing", "partner", "id"])
def test_there_is_no_history_of_anything_else(cast, kind):
    assert cast.client(cast.ada).get(f"/partners/{cast.orebro.id}/history/{kind}").status_code == 404


# --- many at once -------------------------------------------------------------------------------------------------


def test_many_partners_go_to_one_owner(cast):
    hand_over(cast.stamp, chosen(cast.orebro, cast.falun, cast.nobodys), cast.petra, TODAY, WHY)
    assert {owner_of(partner) for partner in (cast.orebro, cast.falun, cast.nobodys)} == {"Petra Puro"}


def test_until_the_day_before_the_earlier_owner_held_them(cast):
    hand_over(cast.stamp, chosen(cast.orebro), cast.petra, TODAY, WHY)
    assert owner_of(cast.orebro, TODAY - timedelta(days=1)) == "Pär Partner"


def test_partners_that_were_not_chosen_stay(cast):
    hand_over(cast.stamp, chosen(cast.orebro), cast.petra, TODAY, WHY)
    assert owner_of(cast.falun) == "Pär Partner"


def test_an_owner_that_was_to_come_is_dropped(cast):
    OwnerAssignment.assign(cast.stamp, cast.orebro, cast.sven, TODAY + timedelta(days=30))
    hand_over(cast.stamp, chosen(cast.orebro), cast.petra, TODAY, WHY)
    assert owner_of(cast.orebro, TODAY + timedelta(days=31)) == "Petra Puro"


def test_handing_over_twice_on_one_day_leaves_one_owner(cast):
    hand_over(cast.stamp, chosen(cast.orebro), cast.petra, TODAY, WHY)
    hand_over(cast.stamp, chosen(cast.orebro), cast.sven, TODAY, WHY)
    assert [name for name, *_ in owners(cast.orebro)] == ["Sven Syd", "Pär Partner"]


def test_undo_restores_what_was_to_the_day(cast):
    OwnerAssignment.assign(cast.stamp, cast.orebro, cast.sven, TODAY + timedelta(days=30))
    before = owners(cast.orebro), owners(cast.nobodys)
    done = hand_over(cast.stamp, chosen(cast.orebro, cast.nobodys), cast.petra, TODAY, WHY)
    assert undo(cast.stamp, done) == []
    assert (owners(cast.orebro), owners(cast.nobodys)) == before


def test_undo_leaves_and_names_what_was_assigned_anew(cast):
    done = hand_over(cast.stamp, chosen(cast.orebro, cast.falun), cast.petra, TODAY, WHY)
    OwnerAssignment.assign(cast.stamp, cast.falun, cast.maja, TODAY + timedelta(days=1))
    assert undo(cast.stamp, done) == [cast.falun]
    assert owner_of(cast.orebro) == "Pär Partner"
    assert owner_of(cast.falun, TODAY + timedelta(days=1)) == "Maja Manager"


def test_one_audit_line_names_all_partners(cast):
    hand_over(cast.stamp, chosen(cast.orebro, cast.falun), cast.petra, TODAY, WHY)
    line = AuditEvent.get(AuditEvent.action == "Handover.done")
    assert sorted(line.details["partners"]) == sorted([cast.orebro.id, cast.falun.id])


def test_queries_do_not_grow_with_the_partners(cast, count_queries):
    some = [cast.partner(f"Partner {number}", cast.par) for number in range(30)]
    few = count_queries(lambda: hand_over(cast.stamp, chosen(*some[:3]), cast.petra, TODAY, WHY))
    assert count_queries(lambda: hand_over(cast.stamp, chosen(*some), cast.maja, TODAY, WHY)) == few


def test_a_manager_chooses_among_the_team(cast):
    assert set(possible_owners(cast.maja)) == {cast.maja, cast.par, cast.petra}


# --- the page -----------------------------------------------------------------------------------------------------


def post(client, partners, to, query="", **fields):
    form = {"to": to.id, "from_on": TODAY.isoformat(), "reason": WHY, "partner": [partner.id for partner in partners]}
    return client.post(f"/partners/assign{query}", data={**form, **fields})


def test_a_manager_reassigns_in_bulk_and_undoes_it(cast):
    client = cast.client(cast.maja)
    assert post(client, [cast.orebro, cast.falun], cast.petra).status_code == 303
    assert owner_of(cast.falun) == "Petra Puro"
    client.post(f"/partners/assign/{Handover.get().id}/undo")
    assert owner_of(cast.falun) == "Pär Partner"


def test_another_teams_partner_in_the_form_is_left_out(cast):
    post(cast.client(cast.maja), [cast.orebro, cast.malmo], cast.petra)
    assert (owner_of(cast.orebro), owner_of(cast.malmo)) == ("Petra Puro", "Sven Syd")


def test_another_teams_member_cannot_receive(cast):
    assert post(cast.client(cast.maja), [cast.orebro], cast.sven).status_code == 422
    assert owner_of(cast.orebro) == "Pär Partner"


def test_all_that_the_filter_finds_go_at_once(cast):
    post(cast.client(cast.ada), [], cast.petra, "?owner=none", all="1")
    assert (owner_of(cast.nobodys), owner_of(cast.orebro)) == ("Petra Puro", "Pär Partner")


def test_without_a_choice_nothing_is_stored_and_it_is_said(cast):
    answered = post(cast.client(cast.ada), [], cast.petra)
    assert answered.status_code == 422
    assert "Choose at least one partner in the list." in answered.text
    assert Handover.select().count() == 0


def test_nobody_undoes_what_somebody_else_did(cast):
    post(cast.client(cast.maja), [cast.orebro], cast.petra)
    assert cast.client(cast.ada).post(f"/partners/assign/{Handover.get().id}/undo").status_code == 404


def test_the_history_of_owners_leads_to_the_form_that_takes_visits_along(cast):
    page = cast.client(cast.maja).get(f"/partners/{cast.falun.id}/history/owner").text
    assert 'href="/partners/assign?words=Falun+Oy"' in page


@pytest.mark.parametrize("role", ["par", "lena"])
def test_who_assigns_nothing_has_no_such_page(cast, role):
    assert cast.client(getattr(cast, role)).get("/partners/assign").status_code == 403
