"""Charts are drawn truthfully, and nothing in them can run."""

from xml.etree import ElementTree

import pytest

from portal.charts import DESK, bullet, heat_map, month_bars, shares, sparkline

SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg):
    """The elements of a chart by their class."""
    return {element.get("class"): element for element in ElementTree.fromstring(svg).iter() if element.get("class")}


EVERY_CHART = [
    sparkline([1, 2, None, 4], "Revenue <b>", target=3),
    bullet(90, 100, "Revenue <b>", floor=10, status="warn"),
    month_bars([("January <b>", 0.5), ("February", None)], "Revenue <b>", aim=0.8),
    heat_map([[("week 1 <b>", "good"), ("week 2", "none")]], "Revenue <b>"),
    shares([("Late <b>", "bad", 1), ("Covered", "good", 3)], "Revenue <b>"),
]


@pytest.mark.parametrize("svg", EVERY_CHART)
def test_every_chart_is_a_picture_with_a_title(svg):
    root = ElementTree.fromstring(svg)
    assert (root.get("role"), root.find("title").text) == ("img", "Revenue <b>")


@pytest.mark.parametrize("svg", EVERY_CHART)
def test_no_chart_has_a_style_or_a_script(svg):
    assert "style=" not in svg and "<script" not in svg and " on" not in svg


@pytest.mark.parametrize("svg", [svg for svg in EVERY_CHART if "shares" not in svg])
def test_every_chart_has_a_view_box_of_its_width(svg):
    root = ElementTree.fromstring(svg)
    assert root.get("viewBox").split()[2] == root.get("width") == "360"


def test_a_chart_for_the_desk_is_drawn_wider():
    assert 'viewBox="0 0 720 56"' in sparkline([1, 2], "t", width=DESK)


def test_a_sparkline_starts_its_scale_at_zero():
    line = drawn(sparkline([50, 100], "t", width=108, height=108))["line"]
    assert line.get("points") == "4.0,54.0 104.0,4.0"


def test_a_sparkline_with_a_gap_is_drawn_in_pieces():
    assert sparkline([1, 2, None, 3, 4], "t").count("<polyline") == 2


def test_a_single_value_between_gaps_is_a_dot():
    assert 'class="dot"' in sparkline([None, 5, None], "t")


def test_the_last_value_is_marked_only_when_it_was_measured():
    assert "last" in drawn(sparkline([1, 2], "t")) and "last" not in drawn(sparkline([1, None], "t"))


def test_losses_are_drawn_below_a_zero_line():
    assert "zero" in drawn(sparkline([-5, 5], "t"))


@pytest.mark.parametrize("values", [[], [None], [0], [0, 0], [None, None]])
def test_a_sparkline_of_nothing_does_not_fail(values):
    assert ElementTree.fromstring(sparkline(values, "t")).tag == "svg"


def test_a_bullets_bar_and_mark_stand_on_one_scale():
    parts = drawn(bullet(50, 100, "t", width=108, status="bad"))
    assert (parts["bar bad"].get("width"), parts["mark"].get("x")) == ("50.0", "102.5")


def test_a_bullet_far_beyond_its_target_keeps_the_scale_honest():
    parts = drawn(bullet(1000, 100, "t", width=108, status="good"))
    assert (parts["bar good"].get("width"), parts["mark"].get("x")) == ("100.0", "12.5")


def test_a_bullet_without_a_value_shows_only_the_target():
    parts = drawn(bullet(None, 100, "t"))
    assert "mark" in parts and not any(name.startswith("bar") for name in parts)


def test_a_negative_value_is_drawn_to_the_left_of_zero():
    bar = drawn(bullet(-50, 50, "t", width=108, status="bad"))["bar bad"]
    assert (bar.get("x"), bar.get("width")) == ("4.0", "50.0")


def test_a_status_that_has_no_colour_is_refused():
    with pytest.raises(ValueError, match="purple"):
        bullet(1, 2, "t", status="purple")


def test_a_month_above_all_is_cut_at_the_top():
    assert 'y="4.0"' in month_bars([("January", 1.7)], "t")


def test_the_squares_of_a_heat_map_carry_their_labels():
    titles = [title.text for title in ElementTree.fromstring(EVERY_CHART[3]).iter("title")]
    assert titles == ["Revenue <b>", "week 1 <b>", "week 2"]


# --- shares -------------------------------------------------------------------------------------------------------


def parts_of(svg):
    return [(part.get("class"), part.get("x"), part.get("width")) for part in ElementTree.fromstring(svg).iter("rect")]


def test_the_parts_of_a_bar_fill_it():
    svg = shares([("Late", "bad", 1), ("Due", "warn", 0), ("Covered", "good", 3)], "Today")
    assert parts_of(svg) == [("bad", "0.00%", "25.00%"), ("good", "25.00%", "75.00%")]


def test_nobody_is_an_empty_bar():
    assert parts_of(shares([("Late", "bad", 0)], "Today")) == []
