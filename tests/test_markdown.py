"""Markdown of people becomes HTML that cannot do anything but be read."""

import re
import threading
from html.parser import HTMLParser

import pytest
from hypothesis import given, strategies as st

from portal.markdown import ATTRIBUTES, TAGS, plain_text, render
from tests.hostile_markdown import PAYLOADS


class Faults(HTMLParser):
    """Everything in a piece of HTML that the allow-list does not name."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        if tag not in TAGS:
            self.found.append(tag)
        for name, value in attributes:
            if name not in ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set()):
                self.found.append(f"{tag} {name}")
            if name == "href" and not self._harmless(value or ""):
                self.found.append(value)

    def handle_comment(self, data):
        self.found.append("comment")

    def handle_decl(self, declaration):
        self.found.append("declaration")

    def handle_pi(self, data):
        self.found.append("processing instruction")

    @staticmethod
    def _harmless(address):
        return re.match(r"https?://|mailto:|/public/", address, re.IGNORECASE) is not None


def test_there_are_more_than_a_hundred_payloads():
    assert len(set(PAYLOADS)) >= 104


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_leaves_nothing_that_can_run(payload):
    assert Faults(render(payload)).found == []


@pytest.mark.parametrize(
    "payload", ["<script>", "<a onclick=x>", "<a href='javascript:x'>", "<!-- x -->", "<img src=x>"]
)
def test_the_fault_finder_finds(payload):
    assert Faults(payload).found != []


@given(st.text(alphabet="<>[]()!\"'`*_#|:-&;/\\ \n\tabjavscriptonerr=\0\x01", max_size=80))
def test_no_text_at_all_leaves_anything_that_can_run(text):
    assert Faults(render(text)).found == []


def test_raw_html_is_shown_as_it_was_typed():
    assert render("a <b onclick=x>bold</b> word") == "<p>a &lt;b onclick=x&gt;bold&lt;/b&gt; word</p>"


def test_headings_leave_the_pages_one_h1_alone():
    assert render("# One\n\n###### Six") == "<h2>One</h2>\n<h6>Six</h6>"


def test_a_text_that_begins_with_a_lower_heading_leaves_no_gap():
    assert render("## Two\n\n### Three") == "<h2>Two</h2>\n<h3>Three</h3>"


def test_a_picture_becomes_its_description():
    assert render("![our shop](http://example.com/track.png)") == "<p>our shop</p>"


def test_a_link_tells_nobody_where_the_reader_came_from():
    assert render("[x](https://example.com)") == (
        '<p><a href="https://example.com" rel="noopener noreferrer nofollow">x</a></p>'
    )


def test_a_table_keeps_its_alignment_without_a_style():
    assert '<td align="right">1</td>' in render("|a|\n|-:|\n|1|")


def test_a_list_after_a_list_of_another_kind_is_its_own():
    assert render("1. a\n2. b\n\n- c").count("<ul>") == 1


def test_nesting_deeper_than_the_parser_can_go_is_shown_as_typed():
    deep = "\n".join("    " * depth + "- x" for depth in range(400))
    assert render(deep).startswith("<p>- x\n    - x")


def test_brackets_that_would_take_minutes_are_shown_as_typed():
    assert render("[" * 50_000) == f"<p>{'[' * 50_000}</p>"


@pytest.mark.parametrize("text", ["", " ", "\0", "\ud800"[:0], "a\0b"])
def test_almost_nothing_is_no_error(text):
    assert Faults(render(text)).found == []


def test_the_same_text_is_the_same_html_in_every_thread():
    found = []
    workers = [
        threading.Thread(target=lambda: found.append({render("# A\n\n*b*") for _ in range(50)})) for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert found == [{"<h2>A</h2>\n<p><em>b</em></p>"}] * 4


def test_plain_text_does_not_split_a_word_at_a_tag():
    assert plain_text(render("se**cret** word")) == "secret word"


def test_plain_text_does_not_join_two_paragraphs():
    assert plain_text("<p>one</p><p>two</p>").split() == ["one", "two"]


def test_plain_text_reads_what_was_escaped():
    assert plain_text(render("a < b & c")) == "a < b & c"
