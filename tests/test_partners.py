"""A partner: made in two fields, seen at a glance, edited by two at once, archived and brought back."""

from datetime import timedelta

import pytest

from portal.field.overview import map_url, overview
from portal.field.views import answer, dialled, web_address
from portal.formats import weekday
from portal.partners.models import OwnerAssignment, Partner, StatusAssignment, Tier
from portal.web import now

TODAY = now().date()


def create(client, **fields):
    return client.post("/partners/new", data={"name": "Åbo Oy", "city": "Åbo", **fields})


def made():
    return Partner.get(Partner.name == "Åbo Oy")


def edited(partner, **fields):
    names = ("name", "type", "address", "postcode", "city", "state", "country", "phone", "website", "locale", "profile")
    return {"version": partner.version, **{name: getattr(partner, name) for name in names}, **fields}


# --- new ----------------------------------------------------------------------------------------------------------


def test_two_fields_make_a_partner_of_the_own_portfolio(cast):
    assert create(cast.client(cast.par)).status_code == 303
    assert made().city == "Åbo"
    assert OwnerAssignment.current(made(), cast.today).user == cast.par


def test_a_new_partner_is_active(cast):
    create(cast.client(cast.par))
    assert StatusAssignment.current(made(), cast.today).status == "active"


def test_what_an_administrator_adds_waits_for_an_owner(cast):
    create(cast.client(cast.ada))
    assert OwnerAssignment.current(made(), cast.today) is None


def test_leadership_adds_nothing(cast):
    assert create(cast.client(cast.lena)).status_code == 403


def test_a_form_cannot_choose_the_owner_or_the_number(cast):
    create(cast.client(cast.par), owner=cast.sven.id, external_id="X1", archived_at="2020-01-01")
    assert OwnerAssignment.current(made(), cast.today).user == cast.par
    assert (made().external_id, made().archived_at) == (None, None)


def test_without_a_name_nothing_is_stored_and_the_town_stays(cast):
    answered = create(cast.client(cast.par), name="  ")
    assert answered.status_code == 422
    assert 'value="Åbo"' in answered.text


def test_an_own_partner_of_the_same_name_is_shown_first(cast):
    answered = create(cast.client(cast.par), name="OREBRO ab")
    assert answered.status_code == 422
    assert f"/partners/{cast.orebro.id}" in answered.text


def test_a_namesake_can_be_made_on_purpose(cast):
    create(cast.client(cast.par), name="Örebro AB", despite_same_name="y")
    assert Partner.select().where(Partner.name == "Örebro AB").count() == 2


def test_somebody_elses_partner_of_the_same_name_is_not_betrayed(cast):
    assert create(cast.client(cast.par), name="Malmö AB").status_code == 303


def test_a_new_partner_leads_back_to_where_one_was(cast):
    answered = create(cast.client(cast.par), next="/visits/log?mode=video")
    assert answered.location == f"/visits/log?mode=video&partner={made().id}"


def test_a_new_partner_never_leads_to_another_site(cast):
    answered = create(cast.client(cast.par), next="//evil.example/x")
    assert answered.location == f"/partners/{made().id}"


# --- at a glance --------------------------------------------------------------------------------------------------


def first_line(cast, partner):
    with cast.app.test_request_context():
        return answer(overview(partner, TODAY).standing, TODAY)


def test_the_first_line_says_when_the_partner_is_due(cast):
    cast.held(cast.orebro, TODAY - timedelta(days=33))
    assert first_line(cast, cast.orebro) == "Due in 12 days."


def test_the_first_line_counts_one_day_as_one(cast):
    cast.held(cast.orebro, TODAY - timedelta(days=61))
    assert first_line(cast, cast.orebro) == "Overdue by 1 day."


def test_the_first_line_says_how_much_time_is_left(cast):
    cast.held(cast.orebro, TODAY - timedelta(days=50))
    assert first_line(cast, cast.orebro) == "Due now: 10 days left."


def test_the_first_line_tells_a_planned_visit(cast):
    cast.held(cast.orebro, TODAY - timedelta(days=33))
    nearest = TODAY + timedelta(days=4)
    cast.planned(cast.orebro, nearest)
    assert first_line(cast, cast.orebro) == f"Due in 12 days. Next visit on {weekday(nearest, 'en')}."


def test_without_a_class_nobody_knows(cast):
    assert first_line(cast, cast.partner("New Ltd", cast.par)).startswith("Without a class")


def test_the_overview_has_the_last_and_the_next_visit(cast):
    cast.held(cast.orebro, TODAY - timedelta(days=90))
    last = cast.held(cast.orebro, TODAY - timedelta(days=9))
    nearest = cast.planned(cast.orebro, TODAY + timedelta(days=9))
    cast.planned(cast.orebro, TODAY + timedelta(days=90))
    cast.planned(cast.orebro, TODAY - timedelta(days=1))
    seen = overview(cast.orebro, TODAY)
    assert (seen.last_visit, seen.next_visit) == (last, nearest)


def test_open_promises_are_listed_by_their_day(cast):
    late = cast.action(cast.orebro, "Second", due_on=TODAY + timedelta(days=2))
    soon = cast.action(cast.orebro, "First", due_on=TODAY + timedelta(days=1))
    undated = cast.action(cast.orebro, "Whenever")
    cast.action(cast.orebro, "Done", state="done", done_on=TODAY)
    assert overview(cast.orebro, TODAY).promises == [soon, late, undated]


def test_the_page_of_somebody_elses_partner_does_not_exist(cast):
    assert cast.client(cast.par).get(f"/partners/{cast.malmo.id}").status_code == 404


@pytest.mark.parametrize("number", ["0", "999999", "99999999999999999999"])
def test_an_unknown_partner_does_not_exist(cast, number):
    assert cast.client(cast.ada).get(f"/partners/{number}").status_code == 404


def test_a_map_link_needs_no_key_and_prefers_coordinates(cast):
    assert map_url(cast.orebro).endswith("query=%C3%96rebro%20AB%2C%20%C3%96rebro%2C%20SE")
    cast.orebro.latitude, cast.orebro.longitude = 59.2741, 15.2066
    assert map_url(cast.orebro).endswith("query=59.274100%2C15.206600")


def test_a_partner_without_a_place_has_no_map(cast):
    assert map_url(cast.nobodys) is None


def test_a_number_is_dialled_without_its_decoration():
    assert [dialled(typed) for typed in ("+46 (0)19-12 34", "019/12 34")] == ["+46191234", "0191234"]


def test_a_website_can_only_lead_to_a_website():
    assert web_address("javascript:alert(1)") == "https://javascript:alert(1)"
    assert web_address("HTTP://orebro.example") == "HTTP://orebro.example"


# --- edit ---------------------------------------------------------------------------------------------------------


def test_a_pam_edits_the_profile_of_an_own_partner(cast):
    form = edited(cast.orebro, profile="Sells pumps", phone="+46 19 1")
    assert cast.client(cast.par).post(f"/partners/{cast.orebro.id}/edit", data=form).status_code == 303
    stored = Partner.get_by_id(cast.orebro.id)
    assert (stored.profile, stored.phone, stored.version) == ("Sells pumps", "+46 19 1", 2)


def test_two_who_edit_at_once_see_both_texts_and_lose_none(cast):
    form = edited(cast.orebro, profile="Mine", city="Kumla")
    cast.orebro.change(cast.stamp, profile="Theirs")
    answered = cast.client(cast.par).post(f"/partners/{cast.orebro.id}/edit", data=form)
    assert answered.status_code == 409
    assert "Mine" in answered.text and "Theirs" in answered.text and "Kumla" in answered.text
    assert Partner.get_by_id(cast.orebro.id).profile == "Theirs"


def test_somebody_elses_partner_cannot_be_edited(cast):
    answered = cast.client(cast.par).post(f"/partners/{cast.malmo.id}/edit", data=edited(cast.malmo, name="Mine"))
    assert answered.status_code == 404
    assert Partner.get_by_id(cast.malmo.id).name == "Malmö AB"


def test_leadership_edits_nothing(cast):
    assert cast.client(cast.lena).get(f"/partners/{cast.orebro.id}/edit").status_code == 403


# --- archive ------------------------------------------------------------------------------------------------------


def test_a_manager_archives_a_partner_of_the_team_and_brings_it_back(cast):
    client = cast.client(cast.maja)
    client.post(f"/partners/{cast.orebro.id}/archive")
    gone = list(Partner.visible_to(cast.par, cast.today))
    client.post(f"/partners/{cast.orebro.id}/bring-back")
    assert cast.orebro not in gone
    assert cast.orebro in Partner.visible_to(cast.par, cast.today)


def test_a_pam_archives_nothing(cast):
    assert cast.client(cast.par).post(f"/partners/{cast.orebro.id}/archive").status_code == 403


def test_a_manager_archives_nothing_of_another_team(cast):
    assert cast.client(cast.maja).post(f"/partners/{cast.malmo.id}/archive").status_code == 404


def test_archived_partners_are_listed_to_be_brought_back(cast):
    cast.orebro.archive(cast.stamp)
    assert "Örebro AB" in cast.client(cast.maja).get("/partners/archived").text


def test_an_archived_partner_cannot_be_edited(cast):
    cast.orebro.archive(cast.stamp)
    assert cast.client(cast.par).get(f"/partners/{cast.orebro.id}/edit").status_code == 404


# --- tiers --------------------------------------------------------------------------------------------------------


def test_an_administrator_adds_a_tier(cast):
    cast.client(cast.ada).post("/admin/tiers", data={"name": "Gold", "rank": "1"})
    assert [(tier.name, tier.rank) for tier in Tier.by_rank()] == [("Gold", 1)]


def test_two_tiers_cannot_share_a_name(cast):
    Tier.add(cast.stamp, name="Gold", rank=1)
    answered = cast.client(cast.ada).post("/admin/tiers", data={"name": "Gold", "rank": "2"})
    assert answered.status_code == 422
    assert "There is a tier of this name already." in answered.text


def test_a_tier_gets_another_name(cast):
    gold = Tier.add(cast.stamp, name="Gold", rank=1)
    cast.client(cast.ada).post(f"/admin/tiers/{gold.id}", data={"name": "Platinum", "rank": "1", "version": 1})
    assert Tier.get_by_id(gold.id).name == "Platinum"


def test_a_manager_changes_no_tiers(cast):
    assert cast.client(cast.maja).get("/admin/tiers").status_code == 403
