"""The allow-list of what may be published, and its strict JSON."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from site_build.snapshot_file import read_lines, read_page, read_pages, read_snapshot, write_snapshot
from site_build.specimen import empty_page, specimen_page, specimen_snapshot
from site_build.strict_json import Refused, from_json, to_json
from site_build.values import Accent, PartnerPage, Snapshot, carried_over, said


@pytest.mark.parametrize("page", [specimen_page(), empty_page()])
def test_a_page_comes_back_from_json_as_it_was(page):
    assert from_json(PartnerPage, to_json(page)) == page


def test_equal_values_are_equal_bytes():
    assert to_json(specimen_page()) == to_json(from_json(PartnerPage, to_json(specimen_page())))


def test_a_snapshot_comes_back_from_json_as_it_was():
    snapshot = replace(specimen_snapshot(), accent=Accent("#0b5f78", "#ffffff", "#74c7dd", "#06222b"))
    assert from_json(Snapshot, to_json(snapshot)) == snapshot


def test_a_key_that_no_field_names_is_refused():
    with pytest.raises(Refused, match="unknown key internal_note"):
        from_json(PartnerPage, _changed(internal_note="said in confidence"))


def test_a_key_that_no_field_names_is_refused_deep_inside():
    raw = json.loads(to_json(specimen_page()))
    raw["promises"][0]["internal"] = "said in confidence"
    with pytest.raises(Refused, match=r"PartnerPage\.promises: Promise: unknown key internal"):
        from_json(PartnerPage, json.dumps(raw))


def test_a_missing_key_is_refused():
    raw = json.loads(to_json(specimen_page()))
    del raw["contact"]
    with pytest.raises(Refused, match="missing key contact"):
        from_json(PartnerPage, json.dumps(raw))


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("number", "17", "not int"),
        ("number", True, "not int"),
        ("number", 0, "not positive"),
        ("name", None, "not str"),
        ("languages", ["xx"], "must be some of"),
        ("languages", [], "must be some of"),
        ("languages", "en", "not a list"),
        ("language", "fr", "not among"),
        ("published_on", "tomorrow", "not a date"),
        ("promises", [[]], "not an object"),
        ("kept", [{"side": "nobody", "kept": 1, "due": 1}], "not one of vendor, partner"),
        ("changes", [{"kind": "Gossip", "text": "x"}], "none of RagChanged"),
        ("tiers", [["en"]], "list of 2"),
    ],
)
def test_a_value_of_another_kind_is_refused(field, value, reason):
    with pytest.raises(ValueError, match=reason):
        from_json(PartnerPage, _changed(**{field: value}))


def test_a_colour_that_could_carry_a_rule_is_refused():
    with pytest.raises(ValueError, match="not a colour"):
        Accent("red;}body{display:none", "#ffffff", "#000000", "#ffffff")


def test_a_snapshot_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        replace(specimen_snapshot(), made_at=datetime(2026, 1, 1))


def test_a_number_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        to_json(replace(specimen_page(), yours=replace(specimen_page().yours, score=float("nan"))))


def test_a_text_is_said_in_its_language_or_the_first():
    assert [said((("sv", "Omsättning"), ("fi", "Liikevaihto")), language) for language in ("fi", "en")] == [
        "Liikevaihto",
        "Omsättning",
    ]


def test_a_page_that_did_not_change_keeps_its_publication():
    later = replace(specimen_page(), publication=13, published_on=date(2026, 12, 5), changes=())
    assert carried_over(later, specimen_page()) is not later and carried_over(later, specimen_page()).publication == 12


def test_a_page_that_changed_has_the_new_publication():
    later = replace(specimen_page(), publication=13, city="Kumla")
    assert carried_over(later, specimen_page()) is later


def test_a_first_page_has_no_previous_one():
    assert carried_over(specimen_page(), None) == specimen_page()


def test_a_snapshot_file_gives_back_what_was_written(tmp_path):
    pages = [specimen_page(17), empty_page(18, 'A "quoted" \\ name'), specimen_page(2000, "名前")]
    write_snapshot(tmp_path / "snapshot", specimen_snapshot(), iter(pages))
    assert (read_snapshot(tmp_path / "snapshot"), list(read_pages(tmp_path / "snapshot"))) == (
        specimen_snapshot(),
        pages,
    )


def test_a_plan_reads_numbers_names_and_languages_only(tmp_path):
    write_snapshot(tmp_path / "snapshot", specimen_snapshot(), [empty_page(18, 'A "quoted" \\ name')])
    [line] = read_lines(tmp_path / "snapshot")
    assert (line.number, line.name, line.languages) == (18, 'A "quoted" \\ name', ("en", "sv", "fi"))


def test_one_partner_is_read_alone(tmp_path):
    write_snapshot(tmp_path / "snapshot", specimen_snapshot(), [specimen_page(17), empty_page(18)])
    assert read_page(tmp_path / "snapshot", 18) == empty_page(18)


def test_a_partner_that_is_not_in_the_snapshot_is_none(tmp_path):
    write_snapshot(tmp_path / "snapshot", specimen_snapshot(), [specimen_page(17)])
    assert read_page(tmp_path / "snapshot", 18) is None


def test_a_changed_value_changes_the_fingerprint(tmp_path):
    found = set()
    for city in ("Örebro", "Kumla"):
        write_snapshot(tmp_path / "snapshot", specimen_snapshot(), [specimen_page(city=city)])
        found |= {line.fingerprint for line in read_lines(tmp_path / "snapshot")}
    assert len(found) == 2


def test_partners_out_of_order_are_refused(tmp_path):
    with pytest.raises(ValueError, match="order of their numbers"):
        write_snapshot(tmp_path / "snapshot", specimen_snapshot(), [specimen_page(18), specimen_page(17)])


def test_a_refused_snapshot_leaves_the_earlier_file(tmp_path):
    write_snapshot(tmp_path / "snapshot", specimen_snapshot(), [specimen_page(17)])
    before = (tmp_path / "snapshot").read_bytes()
    with pytest.raises(ValueError, match="order"):
        write_snapshot(tmp_path / "snapshot", specimen_snapshot(), [specimen_page(18), specimen_page(17)])
    assert (tmp_path / "snapshot").read_bytes() == before


def test_a_line_that_is_cut_off_is_refused(tmp_path):
    write_snapshot(tmp_path / "snapshot", specimen_snapshot(), [specimen_page(17)])
    (tmp_path / "snapshot").write_bytes((tmp_path / "snapshot").read_bytes()[:-10])
    with pytest.raises(Refused, match="no partner's"):
        list(read_lines(tmp_path / "snapshot"))


def test_the_moment_of_a_snapshot_is_utc():
    assert specimen_snapshot().made_at.tzinfo is UTC


def _changed(**fields):
    return json.dumps(json.loads(to_json(specimen_page())) | fields)
