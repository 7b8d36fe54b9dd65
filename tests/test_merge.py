"""Two rows of one partner become one: nothing that happened is lost, nothing that was reported changes."""

from datetime import date, timedelta

import pytest

from portal.cadence.models import CoverageException
from portal.field.merge import merge, what_moves
from portal.kpis.models import KpiActual, KpiTarget
from portal.partners.models import Contact, Partner
from portal.propositions.models import Proposition
from portal.publishing.models import PageApproval
from portal.scorecards.models import ScoreSnapshot
from portal.visits.models import Visit
from portal.web import now

TODAY = now().date()
MAY = date(2026, 5, 1)


@pytest.fixture
def double(cast):
    """Örebro AB a second time, as another system knows it."""
    return cast.partner("Örebro Aktiebolag", cast.par, external_id="AW-17", phone="+46 19 1", city="Örebro")


def values(kpi, partner):
    return [row.value for row in KpiActual.select().where((KpiActual.kpi == kpi) & (KpiActual.partner == partner))]


def test_people_visits_and_promises_move(cast, double):
    contact, visit = cast.contact(double), cast.held(double, TODAY - timedelta(days=3))
    action = cast.action(double)
    merge(cast.stamp, double, cast.orebro)
    assert {Contact.get_by_id(contact.id).partner, Visit.get_by_id(visit.id).partner} == {cast.orebro}
    assert type(action).get_by_id(action.id).partner == cast.orebro


def test_months_of_a_flow_add_up(cast, double):
    revenue = cast.kpi("revenue", kind="flow")
    cast.actual(revenue, cast.orebro, MAY, 100)
    cast.actual(revenue, double, MAY, 30)
    merge(cast.stamp, double, cast.orebro)
    assert values(revenue, cast.orebro) == [130]


def test_of_a_level_the_survivors_month_counts(cast, double):
    certified = cast.kpi("certified", kind="level", unit="count")
    cast.actual(certified, cast.orebro, MAY, 100)
    cast.actual(certified, double, MAY, 30)
    merge(cast.stamp, double, cast.orebro)
    assert values(certified, cast.orebro) == [100]


def test_a_month_that_only_one_has_moves(cast, double):
    revenue = cast.kpi("revenue", kind="flow")
    cast.actual(revenue, double, MAY, 30)
    merge(cast.stamp, double, cast.orebro)
    assert values(revenue, cast.orebro) == [30]


def test_a_proposition_moves_unless_there_is_one_in_its_language(cast, double):
    for partner, locale in ((cast.orebro, "sv"), (double, "sv"), (double, "fi")):
        Proposition.add(cast.stamp, partner=partner, locale=locale)
    merge(cast.stamp, double, cast.orebro)
    assert sorted(row.locale for row in Proposition.select().where(Proposition.partner == cast.orebro)) == ["fi", "sv"]


def test_a_target_moves_unless_one_holds_on_its_days(cast, double):
    revenue, july = cast.kpi("revenue"), date(2026, 7, 1)
    cast.target(revenue, MAY, july, 100, partner=cast.orebro)
    cast.target(revenue, date(2026, 6, 1), date(2026, 8, 1), 30, partner=double)
    cast.target(revenue, july, date(2026, 8, 1), 40, partner=double)
    merge(cast.stamp, double, cast.orebro)
    held = KpiTarget.select().where(KpiTarget.partner == cast.orebro).order_by(KpiTarget.from_on)
    assert [(row.from_on, row.target) for row in held] == [(MAY, 100), (july, 40)]


def test_a_pause_moves(cast, double):
    days = {"from_on": TODAY, "until_on": TODAY + timedelta(days=30)}
    CoverageException.add(cast.stamp, partner=cast.orebro, **days)
    CoverageException.add(cast.stamp, partner=double, **days)
    merge(cast.stamp, double, cast.orebro)
    assert CoverageException.select().where(CoverageException.partner == cast.orebro).count() == 2


def test_what_was_reported_stays_where_it_was_reported(cast, double):
    ScoreSnapshot.add(
        cast.stamp,
        partner=double,
        from_on=MAY,
        as_of_on=MAY,
        completeness=1,
        provisional=False,
        inputs={},
        sha256="0" * 64,
    )
    merge(cast.stamp, double, cast.orebro)
    assert ScoreSnapshot.get().partner == double


def test_the_page_of_the_one_that_goes_is_no_longer_approved(cast, double):
    PageApproval.add(cast.stamp, partner=double, at=cast.stamp.at)
    merge(cast.stamp, double, cast.orebro)
    assert PageApproval.get().ended_at is not None


def test_blanks_are_filled_and_nothing_is_overwritten(cast, double):
    double.change(cast.stamp, city="Kumla")
    merge(cast.stamp, double, cast.orebro)
    stored = Partner.get_by_id(cast.orebro.id)
    assert (stored.phone, stored.city) == ("+46 19 1", "Örebro")


def test_the_other_systems_number_leads_to_the_survivor(cast, double):
    merge(cast.stamp, double, cast.orebro)
    assert Partner.known_as("AW-17") == cast.orebro


def test_a_chain_of_merges_leads_to_its_end(cast, double):
    merge(cast.stamp, double, cast.orebro)
    merge(cast.stamp, cast.orebro, cast.falun)
    assert Partner.known_as("AW-17") == cast.falun


def test_nothing_is_merged_with_itself(cast):
    with pytest.raises(ValueError, match="itself"):
        merge(cast.stamp, cast.orebro, cast.orebro)


def test_what_will_move_is_counted_first(cast, double):
    cast.contact(double)
    cast.held(double, TODAY)
    cast.held(double, TODAY - timedelta(days=1))
    assert what_moves(double, cast.orebro) == [("People", 1), ("Visits", 2)]


def test_a_manager_merges_two_partners_of_the_team(cast, double):
    client = cast.client(cast.maja)
    assert "Örebro AB" in client.get(f"/partners/{double.id}/merge").text
    answered = client.post(f"/partners/{double.id}/merge", data={"into": cast.orebro.id})
    assert answered.location == f"/partners/{cast.orebro.id}"
    assert Partner.get_by_id(double.id).merged_into == cast.orebro


def test_a_merged_partner_leads_to_the_survivor(cast, double):
    merge(cast.stamp, double, cast.orebro)
    answered = cast.client(cast.par).get(f"/partners/{double.id}")
    assert (answered.status_code, answered.location) == (308, f"/partners/{cast.orebro.id}")


def test_a_merged_partner_is_in_no_list_and_cannot_be_brought_back(cast, double):
    merge(cast.stamp, double, cast.orebro)
    client = cast.client(cast.maja)
    assert "Aktiebolag" not in client.get("/partners").text + client.get("/partners/archived").text
    assert client.post(f"/partners/{double.id}/bring-back").status_code == 404


def test_a_manager_merges_nothing_into_another_teams_partner(cast, double):
    answered = cast.client(cast.maja).post(f"/partners/{double.id}/merge", data={"into": cast.malmo.id})
    assert answered.status_code == 404
    assert Partner.get_by_id(double.id).merged_into is None


@pytest.mark.parametrize("role", ["par", "lena"])
def test_who_decides_nothing_merges_nothing(cast, double, role):
    client = cast.client(getattr(cast, role))
    assert client.post(f"/partners/{double.id}/merge", data={"into": cast.orebro.id}).status_code == 403
