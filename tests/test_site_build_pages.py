"""What a partner's page says, in each language, and what it does not load."""

import gzip
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

import site_build
from portal.i18n import LANGUAGES
from site_build.content import BadContent, TextPage, is_slug, public_pages
from site_build.pages import Site, draw_partner, stylesheet
from site_build.reading import Reading
from site_build.specimen import (
    empty_page,
    kpi,
    partner_kpis,
    silent_pages,
    specimen_page,
    specimen_snapshot,
)
from site_build.values import Accent, Kept, Proposition, Scorecard, Trend, Visits
from site_build.words import taken_apart

CONTENT = Path(site_build.__file__).parent.parent / "content"
FIRST_FLIGHT = 14 * 1024
BAD_SLUGS = ["..", ".", "", "a/b", "../../escape", "café", "cafe\u0301", "q?x", "h#x", "a b", "A", "-a", "a-"]
BAD_SLUGS += ["a" * 63, "a\0b", "a%2fb", "a.b", "a_b", "\\", "CON "]
RESERVED = ["index", "404", "static", "my", "public", "partners"]


def text_of(page, language="en"):
    return "\n".join(taken_apart(draw_partner(specimen_snapshot(), page, language))[0])


def reading(page, language="en"):
    return Reading(specimen_snapshot(), page, language)


def with_kpis(*kpis):
    return specimen_page(yours=Scorecard(50.0, 1.0, False, "bad", None, kpis))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rich_page_and_its_style_sheet_fit_into_the_first_flight(language):
    drawn = draw_partner(specimen_snapshot(), specimen_page(), language)
    assert len(gzip.compress(drawn.encode())) + len(gzip.compress(stylesheet().text.encode())) < FIRST_FLIGHT


def test_a_page_loads_one_style_sheet_and_nothing_else():
    drawn = draw_partner(specimen_snapshot(), specimen_page(), "en")
    assert re.findall(r"<(?:link|script|img|iframe)[^>]*", drawn) == [
        f'<link rel="stylesheet" href="{stylesheet().path}"'
    ]


def test_a_page_forbids_all_but_its_own_styles():
    drawn = draw_partner(specimen_snapshot(), specimen_page(), "en")
    assert "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'" in drawn


def test_a_page_asks_not_to_be_found():
    assert '<meta name="robots" content="noindex, nofollow">' in draw_partner(specimen_snapshot(), empty_page(), "en")


def test_a_page_does_not_say_its_partners_number():
    assert "987654" not in draw_partner(specimen_snapshot(), specimen_page(987654), "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_links_to_its_other_languages(language):
    drawn = draw_partner(specimen_snapshot(), specimen_page(), language)
    assert [f'href="/my/{other}/"' in drawn for other in LANGUAGES] == [True] * 3


def test_a_page_in_one_language_has_no_switch():
    assert "/my/sv/" not in draw_partner(specimen_snapshot(), specimen_page(languages=("sv",)), "sv")


def test_a_page_shows_the_way_out():
    assert 'href="/my/leave"' in draw_partner(specimen_snapshot(), specimen_page(), "en")


def test_a_name_cannot_become_markup():
    assert "<b>x</b>" not in draw_partner(specimen_snapshot(), specimen_page(name="<b>x</b>"), "en")


@pytest.mark.parametrize("name", ["N" * 200, "شركة الدراجات المتحدة", "Rad & Söhne 🚲", 'O\'Neil "Bikes"'])
def test_an_unusual_name_is_shown_whole(name):
    assert reading(specimen_page(name=name)).page.name in text_of(specimen_page(name=name)).replace(
        "&amp;", "&").replace("&#39;", "'").replace("&#34;", '"')  # fmt: skip


def test_the_first_line_says_how_many_numbers_are_on_target():
    assert reading(specimen_page()).headline == "5 of 11 numbers are on target."


def test_a_partner_without_numbers_is_told_so():
    assert reading(empty_page()).headline == "No number with a target is measured yet."


def test_the_two_scores_stand_side_by_side_and_are_not_merged():
    assert [(score.heading, score.figure) for score in reading(specimen_page()).scores] == [
        ("You", "79.4"),
        ("Us", "88"),
    ]


def test_a_score_says_where_it_came_from():
    assert reading(specimen_page()).scores[0].moved == "up 3.2 from 76.2"


def test_a_provisional_score_has_no_colour_and_says_why():
    score = reading(specimen_page()).scores[1]
    assert (score.rag, score.status, score.proviso) == ("none", "Provisional", "Only 60% of the weight is measured.")


def test_a_score_that_is_not_measured_is_no_zero():
    assert reading(empty_page()).scores[0].figure == "–"


@pytest.mark.parametrize(("actual", "status"), [(900, "No target"), (None, "No data")])
def test_a_figure_without_a_target_is_not_without_data(actual, status):
    page = with_kpis(kpi("days", "Days", actual, None, "none"))
    assert reading(page).your_rows[0].status == status


def test_status_is_a_shape_and_a_word_beside_its_colour():
    row = reading(specimen_page()).your_rows[0]
    assert (row.rag, row.shape, row.status) == ("warn", "▲", "Close")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (kpi("k", "K", 900, 1000, "warn"), "1 to go."),
        (kpi("k", "K", 1000, 1000, "good"), "Exactly on target."),
        (kpi("k", "K", 1200, 1000, "good"), "2 above the target."),
        (kpi("k", "K", 400, 1000, "bad", unit="percent"), "6 percentage points to go."),
        (kpi("k", "K", 300, 200, "bad", unit="days", direction="lower", floor=600), "1 day too much."),
        (kpi("k", "K", 100, 200, "good", unit="days", direction="lower", floor=600), "1 day better than the target."),
        (kpi("k", "K", 300, 400, "warn", direction="range", target_to=800), "1 below the range."),
        (kpi("k", "K", 900, 400, "warn", direction="range", target_to=800), "1 above the range."),
        (kpi("k", "K", 500, 400, "good", direction="range", target_to=800), "Inside the range."),
        (kpi("k", "K", 0, 1000, "bad"), "10 to go."),
        (kpi("k", "K", None, 1000, "none"), "Not measured yet; it does not count in the score."),
        (kpi("k", "K", 500, None, "none"), "Without a target it is shown, but does not count in the score."),
        (kpi("k", "K", 500, 400, "good", explanations=(("en", "Spring came early."),)), "Spring came early."),
    ],
)
def test_one_sentence_says_how_far_it_is(row, sentence):
    assert reading(with_kpis(row)).your_rows[0].sentence == sentence


def test_points_are_the_weight_times_the_share_reached():
    assert reading(with_kpis(kpi("k", "K", 2400, 3000, "bad", weight=15, score=0.7))).your_rows[0].points == "10.5"


def test_a_number_is_said_in_the_pages_language():
    assert reading(specimen_page(), "sv").your_rows[0].actual == "900\xa0000\xa0€"


def test_a_name_is_said_in_the_pages_language():
    assert [reading(specimen_page(), language).your_rows[0].name for language in LANGUAGES] == [
        "Revenue",
        "Omsättning",
        "Liikevaihto",
    ]


def test_the_months_of_the_lines_are_said_once():
    page = reading(specimen_page())
    assert (page.trend_months, {row.months for row in page.your_rows}) == ("Nov 2025 – Oct 2026", {""})


def test_a_line_over_other_months_says_its_own():
    short = kpi("k", "K", 500, 400, "good", trend=Trend(date(2026, 8, 1), (1, 2, 3)))
    page = reading(with_kpis(*partner_kpis(), short))
    assert page.your_rows[-1].months == "Aug 2026 – Oct 2026"


def test_promises_stand_on_the_side_that_gave_them():
    columns = [(heading, len(promises)) for heading, _, promises in reading(specimen_page()).promise_columns]
    assert columns == [("You promised", 2), ("We promised", 1)]


def test_promises_kept_are_counted_for_both_sides():
    assert [record for _, record, _ in reading(specimen_page()).promise_columns] == [
        "4 of 5 promises kept on time.",
        "6 of 7 promises kept on time.",
    ]


def test_nothing_due_is_not_called_nothing_kept():
    page = specimen_page(kept=(Kept("partner", 0, 0),))
    assert [record for _, record, _ in reading(page).promise_columns] == ["Nothing fell due in the period."] * 2


def test_a_late_promise_says_so_in_a_word():
    assert "■ Late" in re.sub(r"\s+", " ", text_of(specimen_page()))


def test_the_next_meeting_names_its_day_and_way():
    assert reading(specimen_page(), "en").next_meeting == "Tuesday 8 December, on site"


def test_visits_held_stand_beside_visits_promised():
    page = specimen_page(visits=Visits(0, 4, None, None, None))
    assert (reading(page).visits_held, reading(page).next_meeting) == (
        "0 of 4 promised visits held",
        "No meeting is planned yet.",
    )


def test_a_telephone_number_is_tapped_without_its_blanks():
    assert 'href="tel:+46701234567"' in draw_partner(specimen_snapshot(), specimen_page(), "en")


def test_the_proposition_is_in_the_pages_language_if_written():
    page = specimen_page(propositions=tuple(_proposition(language) for language in ("en", "fi")))
    assert [reading(page, language).proposition.language for language in LANGUAGES] == ["en", "en", "fi"]


def test_the_proposition_keeps_its_html():
    assert "<p>in sv</p>" in draw_partner(specimen_snapshot(), specimen_page(propositions=(_proposition("sv"),)), "en")


def test_changes_are_said_as_sentences():
    assert reading(specimen_page()).changes[:3] == [
        "Your score: 76.2 → 79.4",
        "Our score: 90 → 88",
        "Revenue: from “Off target” to “Close”",
    ]


def test_the_page_says_of_when_it_is_and_its_number():
    assert "Data as of 31 October 2026 · Publication 12, 5 November 2026" in text_of(specimen_page())


def test_the_vendors_colour_changes_the_name_of_the_style_sheet():
    accent = Accent("#7a1f5c", "#ffffff", "#f0a0d0", "#200010")
    assert stylesheet(accent).name != stylesheet().name and "--accent:#7a1f5c" in stylesheet(accent).text


def test_the_vendors_colour_is_used_by_its_pages():
    accent = Accent("#7a1f5c", "#ffffff", "#f0a0d0", "#200010")
    assert stylesheet(accent).path in draw_partner(replace(specimen_snapshot(), accent=accent), specimen_page(), "en")


def test_the_texts_of_the_site_are_found():
    assert ("How the score works",) in set(_messages()) and len(set(_messages())) > 60


def test_the_specimen_says_everything_that_the_site_can_say():
    site = Site(specimen_snapshot(), (TextPage("a", "en", "A", 1, ""),))
    drawn = [site.draw_partner(page, "en") for page in silent_pages()]
    whole = " ".join([*drawn, site.draw_index(), site.draw_not_found(), site.draw_text(site.texts[0])])
    assert [message for message in _messages() if not any(_is_said(form, whole) for form in message)] == []


@pytest.mark.parametrize("slug", BAD_SLUGS + RESERVED)
def test_a_slug_that_could_leave_its_folder_or_meet_another_is_refused(slug):
    assert not is_slug(slug)


@pytest.mark.parametrize("slug", ["a", "about", "how-the-score-works", "a" * 62, "2026"])
def test_a_plain_slug_is_taken(slug):
    assert is_slug(slug)


def test_every_public_page_is_written_in_every_language():
    pages = public_pages(CONTENT / "pages", LANGUAGES)
    assert {page.slug: [other.language for other in pages if other.slug == page.slug] for page in pages} == {
        slug: list(LANGUAGES) for slug in ("about", "how-the-score-works", "privacy")
    }


def test_a_page_that_is_not_marked_public_stays_inside(tmp_path):
    (tmp_path / "draft.en.md").write_text("---\ntitle: Draft\n---\nText")
    assert public_pages(tmp_path, LANGUAGES) == ()


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("Draft.en.md", "---\ntitle: x\n---\n", "call it"),
        ("draft.md", "---\ntitle: x\n---\n", "call it"),
        ("draft.de.md", "---\ntitle: x\n---\n", "call it"),
        ("draft.en.md", "no front matter", "begin with a block"),
        ("draft.en.md", "---\npublic: yes\n---\n", "give it a title"),
        ("draft.en.md", "---\ntitle: x\nauthor: y\n---\n", "'author' is not known"),
        ("draft.en.md", "---\ntitle: x\norder: last\n---\n", "whole number"),
    ],
)
def test_a_content_file_that_cannot_be_published_says_why(tmp_path, name, text, reason):
    (tmp_path / name).write_text(text)
    with pytest.raises(BadContent, match=reason):
        public_pages(tmp_path, LANGUAGES)


def _proposition(language):
    return Proposition(language, f"<p>in {language}</p>", 1, date(2026, 1, 1))


def _messages():
    """Every text of the site build that is translated: a tuple of its singular and plural."""
    kinds = [("**.py", "python"), ("**.html", "jinja2")]
    for _, _, message, _, _ in extract_from_dir(Path(site_build.__file__).parent, kinds):
        yield message if isinstance(message, tuple) else (message,)


def _is_said(text, whole):
    literal = [part.replace("%%", "%") for part in re.split(r"%\(\w+\)s", text)]
    return re.search(".*".join(map(re.escape, literal)), whole) is not None


def test_the_specimen_has_every_direction_and_status():
    assert {(row.direction, row.rag) for row in partner_kpis()} >= {
        ("higher", "good"), ("lower", "bad"), ("range", "warn"), ("higher", "none")
    }  # fmt: skip
