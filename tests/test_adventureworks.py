"""The whole channel, once a run: what came out of the seven files, and what the demo made up around it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from peewee import fn

from portal.accounts.models import OutboxMessage, Region, Team, User, UserRegion, Workspace
from portal.actions.models import Action
from portal.db import connect, database
from portal.demo import demo, portfolio
from portal.demo.adventureworks import PACK, Channel, import_channel, order_lines, people, recognise
from portal.demo.demo import NotEmpty, fill, first_month, spoken_password, years_to
from portal.fiscal import add_months, month_start
from portal.gate.models import Reader
from portal.imports.models import ImportBatch
from portal.kpis.models import Kpi, KpiActual, KpiTarget, OrderLine
from portal.partners.models import ClassAssignment, Contact, OwnerAssignment, Partner
from portal.propositions.models import Proposition
from portal.records import Stamp
from portal.scorecards.period import scored_period
from portal.scorecards.scorecard import scorecards
from portal.spreadsheets import Unreadable
from portal.tables import TABLES
from portal.visits.models import Visit

pytestmark = pytest.mark.slow

TODAY = date(2026, 11, 21)
STAMP = Stamp(datetime(2026, 11, 21, 12, tzinfo=UTC))


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A database of its own, filled once; the next test connects to its own again."""
    if database.obj is not None and not database.is_closed():
        database.close()
    connect(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.sqlite'}")
    database.connect()
    database.create_tables(TABLES)
    yield fill(STAMP, TODAY)
    database.close()


@pytest.fixture(scope="module")
def revenue(filled):
    return KpiActual.select().join(Kpi).where(Kpi.code == "revenue")


def sum_of(column, query=None):
    return (query or column.model).select(fn.SUM(column).cast("bigint")).scalar()


def test_701_partners(filled):
    assert Partner.select().where(Partner.external_id.is_null(False)).count() == 701


def test_18_users_with_their_39_regions(filled):
    assert User.select().where(User.external_id.is_null(False)).count() == 18
    assert (Region.select().count(), UserRegion.select().count()) == (10, 39)


def test_14_partner_account_managers_3_managers_one_leader(filled):
    counted = User.select(User.role, fn.COUNT(User.id)).group_by(User.role).tuples()
    assert dict(counted) == {"pam": 14, "manager": 3, "leadership": 1, "admin": 1}


def test_every_team_has_the_manager_whose_regions_hold_its_own(filled):
    teams = {team.name: (team.manager.name, team.members.count()) for team in Team.select()}
    assert teams == {
        "North American Sales": ("Stephen Jiang", 11),
        "European Sales": ("Amy Alberts", 4),
        "Pacific Sales": ("Syed Abbas", 2),
    }


def test_809_targets_of_salespeople(filled):
    assert KpiTarget.select().where(KpiTarget.user.is_null(False)).count() == 809


def test_57851_order_lines_of_the_known_sum(filled):
    assert OrderLine.select().count() == 57_851
    assert sum_of(OrderLine.sales) == 7_754_857_020
    assert OrderLine.select(OrderLine.order_no).distinct().count() == 3_616


def test_3600_partner_months_of_the_same_sum(revenue):
    assert revenue.count() == 3_600
    assert revenue.select(fn.SUM(KpiActual.value).cast("bigint")).scalar() == 7_754_857_020


def test_the_margin_is_kept_in_its_parts(filled):
    margins = KpiActual.select().join(Kpi).where(Kpi.code == "margin")
    whole, part = margins.select(fn.SUM(KpiActual.denominator), fn.SUM(KpiActual.numerator)).tuples().first()
    assert (whole, whole - part) == (7_754_857_020, sum_of(OrderLine.cost))


def test_632_partners_have_revenue(revenue):
    assert revenue.select(KpiActual.partner).distinct().count() == 632


def test_the_largest_partner_is_the_one_that_the_files_say(revenue):
    largest = revenue.select(KpiActual.partner, fn.SUM(KpiActual.value).alias("total")).group_by(KpiActual.partner)
    first = largest.order_by(fn.SUM(KpiActual.value).desc()).first()
    assert (first.partner.external_id, int(first.total)) == ("697", 88_227_353)


def test_business_types_and_countries_are_as_counted(filled):
    types = dict(Partner.select(Partner.business_type, fn.COUNT(Partner.id)).group_by(Partner.business_type).tuples())
    assert types == {"Value Added Reseller": 238, "Warehouse": 232, "Specialty Bike Shop": 231}
    countries = dict(Partner.select(Partner.country, fn.COUNT(Partner.id)).group_by(Partner.country).tuples())
    assert countries == {"US": 427, "CA": 114, "AU": 40, "FR": 40, "DE": 40, "GB": 40}


def test_17_people_own_partners_three_of_them_managers(filled):
    owners = User.select().where(User.id.in_(OwnerAssignment.select(OwnerAssignment.user)))
    assert (owners.count(), owners.where(User.role == "manager").count()) == (17, 3)


def test_the_69_partners_without_a_sale_belong_to_nobody(filled):
    owned = OwnerAssignment.select(OwnerAssignment.partner)
    assert Partner.select().where(Partner.id.not_in(owned)).count() == 69


def test_the_last_month_has_passed(revenue):
    assert revenue.select(fn.MAX(KpiActual.month_on)).scalar() == date(2026, 5, 1)


def test_imported_people_were_not_invited(filled):
    assert User.select().where(User.invited_at.is_null(False)).count() == 0


def test_every_import_can_be_seen_and_taken_back(filled):
    assert [batch.kind for batch in ImportBatch.select().order_by(ImportBatch.id)] == [
        "regions",
        "users",
        "partners",
        "targets",
        "order_lines",
    ]


def test_the_channel_again_changes_nothing(filled):
    with database.atomic() as again:
        outcomes = [outcome for _batch, outcome in import_channel(STAMP, PACK, TODAY, shift=years_to(TODAY))]
        again.rollback()
    assert all(outcome.unchanged == outcome.rows for outcome in outcomes)


# --- what is made up ------------------------------------------------------------------------------------------------


def test_classes_cut_the_cumulated_revenue(filled):
    ends = add_months(portfolio.last_month(), 1)
    twelve = portfolio.revenue(add_months(ends, -12), ends)
    held = ClassAssignment.select(ClassAssignment.partner).where(
        ClassAssignment.partner_class.in_([row.partner_class_id for row in _of_class("A")])
    )
    largest = sum(value for partner_id, value in twelve.items() if partner_id in {row.partner_id for row in held})
    assert 0.5 <= largest / sum(twelve.values()) < 0.52


def _of_class(code):
    return [row for row in ClassAssignment.select() if row.partner_class.code == code]


def test_bands_take_the_partner_that_crosses_the_border():
    assert portfolio.bands({1: 60, 2: 30, 3: 6, 4: 4}) == {1: "A", 2: "B", 3: "C", 4: "D"}


def test_made_up_targets_are_a_twentieth_above_the_year_before(filled):
    before = portfolio.revenue(date(2025, 1, 1), date(2025, 6, 1))
    targets = KpiTarget.select().where(KpiTarget.made_up & KpiTarget.partner.is_null(False))
    assert {row.partner_id: row.target for row in targets} == {
        partner_id: value * 105 // 100 for partner_id, value in before.items() if value > 0
    }


def test_no_target_of_the_channel_is_called_made_up(filled):
    assert KpiTarget.select().where(KpiTarget.made_up & KpiTarget.user.is_null(False)).count() == 0


def test_visits_promises_and_contacts_say_that_they_are_made_up(filled):
    assert Visit.select().where((Visit.state == "held") & ~Visit.note.contains("Made up")).count() == 0
    assert Action.select().where(~Action.text.contains("made up")).count() == 0
    assert Contact.select().where(~Contact.title.contains("made up")).count() == 0


def test_visits_lie_in_the_past_eighteen_months_and_ahead(filled):
    held = Visit.select().where(Visit.state == "held")
    assert held.count() > 500
    assert Visit.select().where(Visit.held_on >= TODAY).count() == 0
    assert Visit.select().where((Visit.planned_on >= TODAY) & Visit.state.in_(("planned", "confirmed"))).count() > 40


def test_everybody_with_partners_has_a_visit_planned_today(filled):
    today = Visit.select(Visit.owner).where((Visit.planned_on == TODAY) & (Visit.state != "held")).distinct()
    assert today.count() >= 14


def test_one_of_each_role_comes_first_in_the_list_of_who_can_sign_in(filled):
    assert [user.role for user in filled.people[:4]] == ["pam", "manager", "leadership", "admin"]
    assert len(filled.people) == 19


def test_632_scorecards_have_revenue(filled):
    cards = scorecards(Partner.select(), TODAY, Workspace.get_only().fiscal_year_first_month)
    lines = (line for card in cards.values() for line in card.yours.lines if line.kpi.code == "revenue")
    assert sum(1 for line in lines if line.actual is not None) == 632


def test_three_readers_are_let_in_and_none_is_mailed(filled):
    assert (Reader.select().count(), OutboxMessage.select().count()) == (3, 0)
    assert Reader.get(Reader.email == filled.reader).contact.title.endswith("(made up)")


def test_one_partner_reads_its_proposition_in_every_language(filled):
    reader = Reader.get(Reader.email == filled.reader)
    written = Proposition.select().where(Proposition.partner == reader.contact.partner)
    assert sorted(proposition.locale for proposition in written) == ["en", "fi", "sv"]


def test_a_portal_that_is_set_up_is_left_alone(filled):
    with pytest.raises(NotEmpty):
        fill(STAMP, TODAY)


# --- without the database -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "years"), [(date(2026, 11, 21), 6), (date(2026, 6, 1), 6), (date(2026, 5, 31), 5), (date(2027, 1, 1), 6)]
)
def test_days_are_moved_by_whole_years(today, years):
    assert years_to(today) == years


def test_on_every_day_the_fiscal_year_that_is_scored_holds_the_last_month():
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(4 * 366)]
    assert [today for today in days if not _is_scored(date(2020 + years_to(today), 5, 1), today)] == []


def _is_scored(month_on, today):
    return scored_period(today, first_month(today)).from_on <= month_on < month_start(today)


@pytest.mark.parametrize(("month", "begins"), [(6, 1), (11, 1), (12, 2), (2, 4), (5, 5)])
def test_the_fiscal_year_begins_as_early_as_it_can(month, begins):
    assert first_month(date(2026, month, 15)) == begins


def test_a_leap_day_moves_to_the_day_before():
    assert Channel({}, 1).day("2020/02/29") == date(2021, 2, 28)


def test_without_moving_the_order_lines_are_the_file_itself():
    channel = recognise(PACK)
    assert order_lines(channel) is channel.sheets["sales"]


def test_the_director_is_in_no_team():
    director = next(cells for _line, cells in people(recognise(PACK)).rows() if cells[3] == "leadership")
    assert (director[1], director[5]) == ("Brian Welcker", "")


def test_a_folder_without_the_files_is_refused_by_name(tmp_path):
    (tmp_path / "Reseller.csv").write_bytes(b"ResellerKey|Business Type|Reseller|City|State-Province|Country-Region\n")
    with pytest.raises(Unreadable, match="no file of sales"):
        recognise(tmp_path)


def test_the_password_is_new_each_time_and_long_enough():
    assert spoken_password() != spoken_password()
    assert len(demo.spoken_password()) == 19
