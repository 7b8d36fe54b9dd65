"""Cells become values in the style of their file; columns are found by their names; rows are stored, or refused."""

from datetime import date
from decimal import Decimal

import pytest

from portal import cell_values
from portal.accounts.models import Team, User, UserRegion
from portal.cell_values import Unfit, day_vote, decimal_vote
from portal.importables import IMPORTABLES
from portal.imports import runner
from portal.imports.command import import_sheet
from portal.imports.models import ImportBatch
from portal.imports.reading import MadeSheet, survey
from portal.imports.undo import Left, undo
from portal.kpis.library import ensure_library
from portal.kpis.models import Kpi, KpiActual, KpiTarget, OrderLine
from portal.partners.models import ClassAssignment, Contact, OwnerAssignment, Partner

TODAY = date(2026, 9, 8)


def sheet(header, *rows):
    return MadeSheet(header.split(";"), lambda: ((line, row.split(";")) for line, row in enumerate(rows, start=2)))


def take(cast, kind, header, *rows, today=TODAY, **options):
    made = sheet(header, *rows)
    return import_sheet(cast.stamp, IMPORTABLES[kind], made, today, "file.csv", "0" * 64, **options)


def refusals(cast, kind, header, *rows):
    with pytest.raises(runner.BadRows) as refused:
        take(cast, kind, header, *rows)
    return [(problem.line, problem.field, str(problem.message)) for problem in refused.value.outcome.problems]


def counts(outcome):
    return outcome.created, outcome.updated, outcome.unchanged, outcome.refused


# --- cells ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sign", "value"),
    [
        ("1234.5", ".", "1234.5"),
        ("1,234.50", ".", "1234.50"),
        ("1.234,50", ",", "1234.50"),
        ("1 234,50 kr", ",", "1234.50"),
        ("1\xa0234\xa0567", ",", "1234567"),
        ("1'234.50", ".", "1234.50"),
        ("€ 12", ".", "12"),
        ("85 %", ",", "85"),
        ("(28.84)", ".", "-28.84"),
        ("−5", ".", "-5"),
        ("5-", ".", "-5"),
        (".5", ".", "0.5"),
    ],
)
def test_a_number_is_read_exactly(text, sign, value):
    assert cell_values.number(text, sign) == Decimal(value)


@pytest.mark.parametrize("text", ["abc", "", "1.2.3", "12a34", "1,23.4", "--", "2026-09-08"])
def test_what_is_no_number_is_unfit(text):
    with pytest.raises(Unfit):
        cell_values.number(text, ".")


def test_money_with_more_than_two_decimals_is_not_rounded_silently():
    with pytest.raises(Unfit, match="more than two decimals"):
        cell_values.hundredths("4049.975", ".", exact=True)


def test_zeros_behind_two_decimals_are_exact():
    assert cell_values.hundredths("28.8400", ".", exact=True) == 2884


def test_a_figure_is_rounded_half_up():
    assert cell_values.hundredths("85.455", ".") == 8546


def test_a_number_beyond_all_measure_is_unfit():
    with pytest.raises(Unfit, match="too large"):
        cell_values.whole("2147483648")


@pytest.mark.parametrize(
    ("text", "vote"),
    [
        ("28.84", "."),
        ("28,84", ","),
        ("1.234,5", ","),
        ("1,234,567", "."),
        ("1.234", "?"),
        ("1234", ""),
        ("0.125", "."),
    ],
)
def test_a_number_proves_its_decimal_sign_or_not(text, vote):
    assert decimal_vote(text) == vote


@pytest.mark.parametrize(
    ("text", "order", "value"),
    [
        ("2026-09-08", "mdy", date(2026, 9, 8)),
        ("2017/08/25", "dmy", date(2017, 8, 25)),
        ("20260908", "dmy", date(2026, 9, 8)),
        ("8.9.2026", "mdy", date(2026, 9, 8)),
        ("08/09/2026", "dmy", date(2026, 9, 8)),
        ("08/09/2026", "mdy", date(2026, 8, 9)),
        ("2026-09-08T13:05:00", "dmy", date(2026, 9, 8)),
        ("2026-09-08 13.05", "dmy", date(2026, 9, 8)),
    ],
)
def test_a_day_is_read(text, order, value):
    assert cell_values.day(text, order) == value


@pytest.mark.parametrize(
    "text", ["2026-13-01", "31/02/2026", "1999-01-01", "2101-01-01", "8/9/26", "yesterday", "43921"]
)
def test_what_is_no_day_is_unfit(text):
    with pytest.raises(Unfit):
        cell_values.day(text)


@pytest.mark.parametrize(
    ("text", "vote"), [("25/08/2026", "dmy"), ("08/25/2026", "mdy"), ("05/06/2026", "?"), ("5.6.2026", "")]
)
def test_a_day_proves_its_order_or_not(text, vote):
    assert day_vote(text) == vote


@pytest.mark.parametrize("text", ["2026-09", "202609", "9/2026", "2026-09-17"])
def test_a_month_is_its_first_day(text):
    assert cell_values.month(text) == date(2026, 9, 1)


@pytest.mark.parametrize("text", ["SE", "se", "Sweden", "Sverige", "Ruotsi"])
def test_a_country_is_known_by_code_and_name_in_our_languages(text):
    assert cell_values.country(text) == "SE"


# --- the style of a file --------------------------------------------------------------------------------------------


def styles(*cells, header="order_no;product_key;partner;ordered_on;sales"):
    importable = IMPORTABLES["order_lines"]
    made = sheet(header, *(f"1;{number};p;{cell}" for number, cell in enumerate(cells)))
    return survey(made, importable, importable.guess(made.columns()))


def test_one_cell_settles_the_decimal_sign_of_the_file():
    assert styles("2026-01-01;1.234", "2026-01-01;28,84").styles.decimal == ","


def test_one_cell_settles_the_order_of_days():
    assert styles("05/06/2026;1", "25/06/2026;1").styles.days == "dmy"


def test_what_nothing_settles_is_asked():
    assert styles("05/06/2026;1.234").questions == ("decimal", "days")


def test_an_answer_is_taken():
    assert styles("05/06/2026;1.234").answered(",", "mdy").questions == ()


def test_a_question_without_an_answer_stores_nothing(cast):
    with pytest.raises(runner.NotReady):
        take(cast, "partners", "external_id;name;partner_since_on", "1;A;05/06/2026")


# --- columns --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "Account ID;Account Name;Billing City",
        "Kundnummer;Namn;Ort",
        "Asiakasnumero;Nimi;Kaupunki",
        "ResellerKey;Reseller;City",
    ],
)
def test_columns_are_found_by_the_names_that_other_systems_use(header):
    columns = header.split(";")
    assert IMPORTABLES["partners"].guess(columns) == dict(zip(["external_id", "name", "city"], columns, strict=True))


def test_the_names_of_no_two_fields_of_a_kind_are_the_same():
    for importable in IMPORTABLES.values():
        owns = [each.label for each in importable.fields]
        assert len(owns) == len(set(owns)), importable.kind


# --- partners and contacts ------------------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing(cast):
    file = ("partners", "external_id;name;owner;partner_class", "1;Åmål;par@nordlicht.example;A", "2;Ystad;;B")
    assert counts(take(cast, *file)[1]) == (2, 0, 0, 0)
    assert counts(take(cast, *file)[1]) == (0, 0, 2, 0)


def test_an_import_changes_only_what_differs(cast):
    take(cast, "partners", "external_id;name;city", "1;Åmål;Åmål", "2;Ystad;Ystad")
    assert counts(take(cast, "partners", "external_id;name;city", "1;Åmål;Arvika", "2;Ystad;Ystad")[1]) == (0, 1, 1, 0)


def test_a_blank_cell_changes_nothing(cast):
    take(cast, "partners", "external_id;name;city", "1;Åmål;Åmål")
    assert counts(take(cast, "partners", "external_id;name;city", "1;Åmål;")[1]) == (0, 0, 1, 0)


def test_an_imported_partner_is_found_without_diacritics(cast):
    take(cast, "partners", "external_id;name;city", "1;Örebro Kontor;Åmål")
    assert "orebro kontor amal" in Partner.get(Partner.external_id == "1").search


def test_another_owner_ends_what_held_before(cast):
    take(cast, "partners", "external_id;name;owner", "1;Åmål;par@nordlicht.example", today=date(2026, 1, 1))
    take(cast, "partners", "external_id;name;owner", "1;Åmål;sven@nordlicht.example")
    partner = Partner.get(Partner.external_id == "1")
    held = [(row.user, row.from_on, row.until_on) for row in OwnerAssignment.history(partner)]
    assert held == [(cast.sven, TODAY, None), (cast.par, date(2026, 1, 1), TODAY)]


def test_an_assignment_holds_from_the_day_that_the_file_gives(cast):
    take(cast, "partners", "external_id;name;partner_class;holds_from_on", "1;Åmål;A;2025-01-01")
    assert ClassAssignment.get(ClassAssignment.partner == Partner.get(external_id="1")).from_on == date(2025, 1, 1)


def test_an_unknown_owner_class_and_region_are_refused_together(cast):
    found = refusals(cast, "partners", "external_id;name;owner;region;partner_class", "1;A;x@y.example;Mars;Z")
    assert [(line, name) for line, name, _reason in found] == [(2, "owner"), (2, "region"), (2, "partner_class")]


def test_the_same_number_twice_in_a_file_is_refused(cast):
    found = refusals(cast, "partners", "external_id;name", "1;A", "1;B")
    assert found == [(3, "external_id", "Line 2 is about the same.")]


def test_a_row_with_too_many_cells_is_refused(cast):
    assert [(line, name) for line, name, _r in refusals(cast, "partners", "external_id;name", "1;A;B")] == [(2, "")]


def test_a_bad_row_stores_nothing_of_the_file(cast):
    before = Partner.select().count(), ImportBatch.select().count()
    refusals(cast, "partners", "external_id;name", "1;A", "2;")
    assert (Partner.select().count(), ImportBatch.select().count()) == before


def test_a_contact_is_known_again_by_its_address(cast):
    cast.orebro.change(cast.stamp, external_id="1")
    take(cast, "contacts", "partner;name;email", "1;Kim;kim@x.example")
    take(cast, "contacts", "partner;name;email", "1;Kim Kontakt;kim@x.example")
    assert [contact.name for contact in Contact.select()] == ["Kim Kontakt"]


def test_a_contact_does_not_move_to_another_partner(cast):
    cast.orebro.change(cast.stamp, external_id="1")
    cast.falun.change(cast.stamp, external_id="2")
    take(cast, "contacts", "partner;name;external_id", "1;Kim;k1")
    found = refusals(cast, "contacts", "partner;name;external_id", "2;Kim;k1")
    assert [(line, name) for line, name, _reason in found] == [(2, "partner")]


# --- users ----------------------------------------------------------------------------------------------------------


USERS = ("users", "external_id;name;email;role;team;regions")


def test_an_imported_user_cannot_sign_in_and_is_not_invited(cast):
    take(cast, *USERS, "7;Nea Nilsson;Nea@Nordlicht.example;pam;North;Mälardalen, Skåne")
    nea = User.by_email("nea@nordlicht.example")
    assert (nea.password_hash, nea.invited_at, nea.team) == (None, None, cast.north)
    assert sorted(link.region.name for link in nea.region_links) == ["Mälardalen", "Skåne"]


def test_the_regions_of_a_user_become_those_of_the_file(cast):
    take(cast, *USERS, "7;Nea;nea@nordlicht.example;pam;North;Mälardalen, Skåne")
    take(cast, *USERS, "7;Nea;nea@nordlicht.example;pam;North;Skåne")
    nea = User.by_email("nea@nordlicht.example")
    assert [link.region.name for link in UserRegion.select().where(UserRegion.user == nea)] == ["Skåne"]


def test_a_manager_leads_the_new_team_of_the_own_row(cast):
    take(cast, *USERS, "7;Nea;nea@nordlicht.example;manager;West;Skåne")
    assert Team.get(Team.name == "West").manager.name == "Nea"


def test_an_import_makes_no_administrator(cast):
    found = refusals(cast, *USERS, "7;Nea;nea@nordlicht.example;admin;;")
    assert [(line, name) for line, name, _reason in found] == [(2, "role")]


def test_an_import_does_not_change_the_role_of_who_can_sign_in(cast):
    cast.par.change(cast.stamp, password_hash="x")
    assert [name for _l, name, _r in refusals(cast, *USERS, "7;Pär;par@nordlicht.example;manager;;")] == ["role"]


# --- undo -----------------------------------------------------------------------------------------------------------


def taken_back(cast, batch):
    return undo(ImportBatch.get_by_id(batch.id), IMPORTABLES[batch.kind], cast.stamp)


def test_undo_restores_what_was_there_before(cast):
    take(cast, "partners", "external_id;name;city;owner", "1;Åmål;Åmål;par@nordlicht.example", today=date(2026, 1, 1))
    batch, _ = take(cast, "partners", "external_id;name;city;owner", "1;Årjäng;Årjäng;sven@nordlicht.example")
    assert taken_back(cast, batch) == []
    partner = Partner.get(Partner.external_id == "1")
    assert (partner.name, partner.city) == ("Åmål", "Åmål")
    assert [(row.user, row.until_on) for row in OwnerAssignment.history(partner)] == [(cast.par, None)]


def test_undo_brings_back_what_an_import_replaced_on_the_same_day(cast):
    take(cast, "partners", "external_id;name;owner", "1;Åmål;par@nordlicht.example")
    batch, _ = take(cast, "partners", "external_id;name;owner", "1;Åmål;sven@nordlicht.example")
    taken_back(cast, batch)
    assert OwnerAssignment.current(Partner.get(external_id="1"), TODAY).user == cast.par


def test_undo_leaves_and_lists_what_was_changed_since(cast):
    take(cast, "partners", "external_id;name;city", "1;Åmål;Åmål")
    batch, _ = take(cast, "partners", "external_id;name;city", "1;Årjäng;Årjäng")
    partner = Partner.get(Partner.external_id == "1")
    partner.change(cast.stamp, city="Arvika")
    assert taken_back(cast, batch) == [Left("Partner", partner.id, ("city",))]
    partner = Partner.get_by_id(partner.id)
    assert (partner.name, partner.city) == ("Åmål", "Arvika")


def test_undo_leaves_a_partner_that_others_use_by_now(cast):
    batch, _ = take(cast, "partners", "external_id;name", "1;Åmål", "2;Ystad")
    partner = Partner.get(Partner.external_id == "1")
    cast.contact(partner)
    assert taken_back(cast, batch) == [Left("Partner", partner.id)]
    assert Partner.get_or_none(Partner.external_id == "2") is None


def test_undo_keeps_what_it_left_with_the_batch(cast):
    batch, _ = take(cast, "partners", "external_id;name", "1;Åmål")
    cast.contact(Partner.get(Partner.external_id == "1"))
    taken_back(cast, batch)
    assert ImportBatch.get_by_id(batch.id).left == [["Partner", Partner.get(external_id="1").id, []]]


# --- KPIs -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def library(cast):
    ensure_library(cast.stamp)
    cast.orebro.change(cast.stamp, external_id="1")
    cast.par.change(cast.stamp, external_id="7")
    return {kpi.code: kpi for kpi in Kpi.select()}


ACTUALS = ("actuals", "kpi;partner;month;value;part;whole")


def test_an_actual_covers_its_month(cast, library):
    take(cast, *ACTUALS, "qualified_pipeline;1;2026-08;1 250,50;;")
    row = KpiActual.get()
    assert (row.value, row.month_on, row.as_of_on) == (125050, date(2026, 8, 1), date(2026, 8, 31))


def test_the_running_month_is_covered_until_today(cast, library):
    take(cast, *ACTUALS, "qualified_pipeline;1;2026-09;1;;")
    assert KpiActual.get().as_of_on == TODAY


def test_zero_is_a_value(cast, library):
    take(cast, *ACTUALS, "qualified_pipeline;1;2026-08;0;;")
    assert KpiActual.get().value == 0


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("our_promises_kept;1;2026-08;80;;", "kpi"),
        ("nonsense;1;2026-08;80;;", "kpi"),
        ("deal_win_rate;1;2026-08;80;;", "denominator"),
        ("qualified_pipeline;1;2026-08;;;", "value"),
        ("qualified_pipeline;1;2026-10;1;;", "month_on"),
        ("qualified_pipeline;99;2026-08;1;;", "partner"),
    ],
)
def test_an_actual_that_cannot_be_is_refused(cast, library, row, field):
    assert [name for _line, name, _reason in refusals(cast, *ACTUALS, row)] == [field]


def test_a_ratio_keeps_its_parts(cast, library):
    take(cast, *ACTUALS, "deal_win_rate;1;2026-08;;3;4")
    row = KpiActual.get()
    assert (row.value, row.numerator, row.denominator) == (None, 300, 400)


def test_undo_of_actuals_removes_them(cast, library):
    batch, _ = take(cast, *ACTUALS, "qualified_pipeline;1;2026-08;5;;")
    taken_back(cast, batch)
    assert KpiActual.select().count() == 0


def test_a_target_holds_for_its_month_unless_an_end_is_given(cast, library):
    take(cast, "targets", "kpi;user;from;target", "revenue;7;2026-09;500000")
    row = KpiTarget.get()
    assert (row.user, row.from_on, row.until_on, row.target) == (
        cast.par,
        TODAY.replace(day=1),
        date(2026, 10, 1),
        50_000_000,
    )


def test_a_target_names_exactly_one_scope(cast, library):
    found = refusals(cast, "targets", "kpi;user;partner;from;target", "revenue;7;1;2026-09;5", "revenue;;;2026-09;5")
    assert [(line, name) for line, name, _reason in found] == [(2, "partner"), (3, "partner")]


def test_a_target_that_equals_its_floor_is_refused(cast, library):
    found = refusals(cast, "targets", "kpi;partner;from;target;floor", "revenue;1;2026-09;5;5")
    assert [(line, name) for line, name, _reason in found] == [(2, "target")]


# --- order lines ----------------------------------------------------------------------------------------------------


LINES = ("order_lines", "order;product;partner;day;salesperson;sales;cost")


def months(kpi):
    return {
        row.month_on.isoformat(): (row.value, row.numerator, row.denominator)
        for row in KpiActual.select().where(KpiActual.kpi == kpi)
    }


@pytest.fixture
def orders(cast, library):
    return take(
        cast,
        *LINES,
        "SO1;A;1;2026-07-03;7;100.10;60.05",
        "SO1;B;1;2026-07-31;7;0.20;0.10",
        "SO2;A;1;2026-08-20;7;50;60",
    )[0]


def test_order_lines_are_summed_into_revenue(orders, library):
    assert months(library["revenue"]) == {"2026-07-01": (10030, None, None), "2026-08-01": (5000, None, None)}


def test_order_lines_are_summed_into_the_parts_of_the_margin(orders, library):
    assert months(library["margin"]) == {"2026-07-01": (None, 4015, 10030), "2026-08-01": (None, -1000, 5000)}


def test_the_newest_month_is_covered_until_the_newest_order(orders, library):
    covered = {row.month_on: row.as_of_on for row in KpiActual.select()}
    assert covered == {date(2026, 7, 1): date(2026, 7, 31), date(2026, 8, 1): date(2026, 8, 20)}


def test_a_month_is_covered_whole_when_a_newer_one_has_come(cast, orders, library):
    take(cast, *LINES, "SO3;A;1;2026-09-01;7;1;1")
    assert KpiActual.get(KpiActual.month_on == date(2026, 8, 1)).as_of_on == date(2026, 8, 31)


def test_a_corrected_order_line_corrects_its_month(cast, orders, library):
    _, outcome = take(cast, *LINES, "SO2;A;1;2026-08-20;7;55;60")
    assert counts(outcome) == (0, 1, 0, 0)
    assert months(library["revenue"])["2026-08-01"] == (5500, None, None)


def test_undo_of_a_correction_restores_line_and_sum(cast, orders, library):
    batch, _ = take(cast, *LINES, "SO2;A;1;2026-08-20;7;55;60")
    taken_back(cast, batch)
    assert OrderLine.get(OrderLine.order_no == "SO2").batch == orders
    assert months(library["revenue"])["2026-08-01"] == (5000, None, None)


def test_undo_of_order_lines_removes_lines_and_sums(cast, orders):
    taken_back(cast, orders)
    assert (OrderLine.select().count(), KpiActual.select().count()) == (0, 0)


def test_undo_of_the_first_of_two_imports_leaves_the_second(cast, orders, library):
    take(cast, *LINES, "SO2;B;1;2026-08-25;7;7;1", "SO1;A;1;2026-07-03;7;90;60.05")
    taken_back(cast, orders)
    assert months(library["revenue"]) == {"2026-07-01": (9000, None, None), "2026-08-01": (700, None, None)}


def test_a_typed_month_that_orders_replaced_comes_back(cast, library):
    cast.actual(library["revenue"], cast.orebro, date(2026, 7, 1), 777)
    batch, _ = take(cast, *LINES, "SO1;A;1;2026-07-03;7;1;1")
    taken_back(cast, batch)
    assert months(library["revenue"]) == {"2026-07-01": (777, None, None)}


def test_a_month_that_is_summed_from_orders_takes_no_other_actual(cast, orders):
    assert [name for _line, name, _r in refusals(cast, *ACTUALS, "revenue;1;2026-07;5;;")] == ["kpi"]


# --- partners that were merged --------------------------------------------------------------------------------------


@pytest.fixture
def merged(cast, library):
    """Örebro has the number 1; number 2 was merged into it."""
    cast.orebro.change(cast.stamp, external_id="1")
    cast.falun.change(cast.stamp, external_id="2", merged_into=cast.orebro, archived_at=cast.stamp.at)
    return cast


@pytest.mark.parametrize(
    ("file", "table"),
    [
        (("contacts", "partner;name;external_id", "2;Kim Kontakt;7"), Contact),
        (("actuals", "kpi;partner;month_on;value", "certified_people;2;2026-08;5"), KpiActual),
        (("targets", "kpi;partner;from_on;target", "certified_people;2;2026-08;5"), KpiTarget),
        (("order_lines", "order_no;product_key;partner;ordered_on;sales", "A;B;2;2026-08-01;9"), OrderLine),
    ],
    ids=lambda given: given[0] if isinstance(given, tuple) else "",
)
def test_the_number_of_a_merged_partner_leads_to_the_survivor(merged, file, table):
    take(merged, *file)
    assert [row.partner for row in table.select()] == [merged.orebro]


def test_two_numbers_of_one_partner_do_not_overwrite_each_other(merged):
    rows = (f"certified_people;{number};2026-08;5" for number in (1, 2))
    found = refusals(merged, "actuals", "kpi;partner;month_on;value", *rows)
    assert [(line, field) for line, field, _said in found] == [(3, "partner")]
