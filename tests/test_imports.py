"""An import through the browser: look, choose, store, take back."""

import stat

from portal.imports.models import ImportBatch
from portal.partners.models import OwnerAssignment, Partner

HEADER = "Account ID;Account Name;Billing City;Country;Account Owner\r\n"
CRM = HEADER + "17;Åmål Kontor AB;Åmål;Sweden;par@nordlicht.example\r\n"


def upload(browser, text, kind="partners", name="crm.csv"):
    # By hand, because the test client writes large bodies to a temporary file that it leaves open.
    content = text if isinstance(text, bytes) else text.encode()
    parts = (
        b'--cut\r\nContent-Disposition: form-data; name="kind"\r\n\r\n' + kind.encode(),
        f'--cut\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + content,
        b"--cut--\r\n",
    )
    return browser.post("/imports/", data=b"\r\n".join(parts), content_type="multipart/form-data; boundary=cut")


def waiting(cast, text=CRM, **options):
    answer = upload(cast.client(cast.ada), text, **options)
    assert answer.status_code == 303, answer.text
    return ImportBatch.newest_first().first()


def stored(cast, text=CRM, **options):
    batch = waiting(cast, text, **options)
    cast.client(cast.ada).post(f"/imports/{batch.id}/stored")
    return ImportBatch.get_by_id(batch.id)


def test_a_stranger_is_asked_to_sign_in(cast):
    assert cast.client().get("/imports/").status_code == 302


def test_a_manager_may_not_import(cast):
    assert cast.client(cast.maja).get("/imports/").status_code == 403


def test_the_list_of_imports_opens(cast):
    stored(cast)
    assert "crm.csv" in cast.client(cast.ada).get("/imports/").text


def test_a_look_at_a_file_stores_nothing(cast):
    before = Partner.select().count()
    waiting(cast)
    assert Partner.select().count() == before


def test_a_look_counts_what_would_happen(cast):
    batch = waiting(cast)
    assert (batch.rows, batch.created_rows, batch.refused_rows) == (1, 1, 0)


def test_the_waiting_file_is_its_owners_alone(cast, settings):
    batch = waiting(cast)
    assert stat.S_IMODE((settings.data / "imports" / batch.reading["file"]).stat().st_mode) == 0o600


def test_the_page_of_a_waiting_file_offers_to_store_it(cast):
    batch = waiting(cast)
    assert "Store the rows" in cast.client(cast.ada).get(f"/imports/{batch.id}").text


def test_storing_makes_the_partner_with_its_owner(cast):
    stored(cast)
    partner = Partner.get(Partner.external_id == "17")
    assert (partner.name, partner.country) == ("Åmål Kontor AB", "SE")
    assert OwnerAssignment.get(OwnerAssignment.partner == partner).user == cast.par


def test_the_file_goes_when_it_is_stored(cast, settings):
    batch = stored(cast)
    assert not (settings.data / "imports" / batch.reading["file"]).exists()


def test_the_page_of_a_stored_file_offers_to_take_it_back(cast):
    batch = stored(cast)
    assert "Take the import back" in cast.client(cast.ada).get(f"/imports/{batch.id}").text


def test_taking_back_removes_the_partner(cast):
    batch = stored(cast)
    cast.client(cast.ada).post(f"/imports/{batch.id}/undo")
    assert Partner.get_or_none(Partner.external_id == "17") is None
    assert ImportBatch.get_by_id(batch.id).state == "undone"


def test_storing_twice_stores_once(cast):
    batch = stored(cast)
    assert cast.client(cast.ada).post(f"/imports/{batch.id}/stored").status_code == 409


def test_another_column_may_be_chosen(cast):
    batch = waiting(cast)
    chosen = {"column-external_id": "Account ID", "column-name": "Billing City"}
    cast.client(cast.ada).post(f"/imports/{batch.id}/reading", data=chosen)
    cast.client(cast.ada).post(f"/imports/{batch.id}/stored")
    assert Partner.get(Partner.external_id == "17").name == "Åmål"


def test_a_missing_column_is_asked_for(cast):
    batch = waiting(cast, "Nonsense;Billing City\r\n17;Åmål\r\n")
    page = cast.client(cast.ada).get(f"/imports/{batch.id}").text
    assert "Something has to be chosen" in page
    assert "Store the rows" not in page


def test_ambiguous_days_are_asked_for_and_then_read_as_chosen(cast):
    text = "Account ID;Account Name;Partner since\r\n17;Åmål;05/06/2026\r\n"
    batch = waiting(cast, text)
    assert not batch.reading["ready"]
    chosen = {"days": "mdy", **{f"column-{name}": column for name, column in batch.mapping.items()}}
    cast.client(cast.ada).post(f"/imports/{batch.id}/reading", data=chosen)
    cast.client(cast.ada).post(f"/imports/{batch.id}/stored")
    assert Partner.get(Partner.external_id == "17").partner_since_on.isoformat() == "2026-05-06"


def test_a_file_with_a_bad_row_is_not_stored(cast):
    stored(cast, CRM + "18;;Malmö;Sweden;\r\n")
    assert Partner.get_or_none(Partner.external_id == "17") is None


def test_the_good_rows_are_stored_when_asked_for(cast):
    batch = waiting(cast, CRM + "18;;Malmö;Sweden;\r\n")
    cast.client(cast.ada).post(f"/imports/{batch.id}/stored", data={"good_only": "yes"})
    assert Partner.get(Partner.external_id == "17").name == "Åmål Kontor AB"
    assert Partner.get_or_none(Partner.external_id == "18") is None


def test_a_bad_row_is_listed_by_line_field_and_reason(cast):
    batch = waiting(cast, CRM + "18;;Malmö;Atlantis;\r\n")
    listed = cast.client(cast.ada).get(f"/imports/{batch.id}/problems.csv").text
    assert listed == (
        "\ufeffLine;Field;Reason\r\n3;Name;It is empty, and a row cannot be stored without it.\r\n"
        "3;Country;“Atlantis” is not a country. Write its name or its two-letter code.\r\n"
    )


def test_a_file_that_is_no_table_is_refused_with_the_reason(cast):
    answer = upload(cast.client(cast.ada), b"PK\x03\x04 broken", name="x.xlsx")
    assert answer.status_code == 400
    assert "The workbook cannot be opened" in answer.text


def test_no_file_is_refused_with_the_reason(cast):
    answer = cast.client(cast.ada).post("/imports/", data={"kind": "partners"})
    assert answer.status_code == 400
    assert "Choose a CSV or XLSX file." in answer.text


def test_a_file_larger_than_a_form_is_taken(cast):
    rows = "".join(f"{number};Partner {number};{'x' * 150};;\r\n" for number in range(9000))
    batch = waiting(cast, HEADER + rows)
    assert batch.created_rows == 9000


def test_a_large_file_of_somebody_else_is_refused_unread(cast):
    answer = upload(cast.client(cast.maja), b"x" * 2_000_000)
    assert answer.status_code in (403, 413)


def test_a_thrown_away_file_leaves_nothing(cast, settings):
    batch = waiting(cast)
    cast.client(cast.ada).post(f"/imports/{batch.id}/delete")
    assert ImportBatch.get_or_none(ImportBatch.id == batch.id) is None
    assert not (settings.data / "imports" / batch.reading["file"]).exists()


def test_a_file_that_has_vanished_is_said_so(cast, settings):
    batch = waiting(cast)
    (settings.data / "imports" / batch.reading["file"]).unlink()
    assert "can no longer be read" in cast.client(cast.ada).get(f"/imports/{batch.id}").text


def test_it_is_said_so_too_when_the_file_is_read_again(cast, settings):
    batch, browser = waiting(cast), cast.client(cast.ada)
    (settings.data / "imports" / batch.reading["file"]).unlink()
    answer = browser.post(f"/imports/{batch.id}/reading", follow_redirects=True)
    assert (answer.status_code, "The file is no longer there" in answer.text) == (200, True)


def test_the_templates_of_every_kind_can_be_read_back(cast, app):
    for kind, importable in app.extensions["importables"].items():
        for form in ("csv", "xlsx"):
            content = cast.client(cast.ada).get(f"/imports/templates/{kind}.{form}").data
            batch = waiting(cast, content, kind=kind, name=f"{kind}.{form}")
            assert set(batch.mapping) == {each.name for each in importable.fields}, kind


def test_an_unknown_template_is_not_there(cast):
    assert cast.client(cast.ada).get("/imports/templates/nonsense.csv").status_code == 404


def test_what_cells_say_is_not_in_the_audit_log(cast, db):
    waiting(cast, CRM + "18;;Malmö;Atlantis;\r\n")
    details = [row for (row,) in db.execute_sql("SELECT details FROM audit_event").fetchall()]
    assert not any("Atlantis" in str(each) for each in details)
