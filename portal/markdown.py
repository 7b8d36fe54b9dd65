"""Markdown that people type becomes HTML that is safe to show to others; no tag or picture of their own survives."""

import html
import re
import threading
from xml.etree.ElementTree import Element

import markdown
import nh3
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.treeprocessors import Treeprocessor

# Stored HTML carries this, and is rendered anew when it differs.
RENDERER_VERSION = f"1-markdown-{markdown.__version__}-nh3-{nh3.__version__}"

TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "td": {"align"}, "th": {"align"}}
SCHEMES = {"http", "https", "mailto"}
# Addresses are whole, except within the public pages: what a browser would complete leads nobody knows where.
ADDRESS = re.compile(r"(?:https?://|mailto:|/public/)", re.IGNORECASE)
RELATION = "noopener noreferrer nofollow"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
MOST_BRACKETS = 300
LINE_BREAKING = re.compile(
    r"</?(?:blockquote|br|div|h[1-6]|hr|li|ol|p|pre|section|table|tbody|td|th|thead|tr|ul)\b[^>]*>"
)
ANY_TAG = re.compile(r"""<[^<>"']*(?:(?:"[^"]*"|'[^']*')[^<>"']*)*>""")

_own = threading.local()


def render(source: str) -> str:
    """Clean HTML with headings from h2 down, so that the page around it keeps its one h1."""
    return nh3.clean(
        _rendered(source),
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_known_address,
        url_schemes=SCHEMES,
        link_rel=RELATION,
        clean_content_tags=set(),
    )


def plain_text(rendered: str) -> str:
    """The words of a piece of HTML as a reader sees them: a tag inside a word does not split it, a block does."""
    return html.unescape(ANY_TAG.sub("", LINE_BREAKING.sub("\n", rendered))).strip()


def _known_address(tag: str, attribute: str, value: str) -> str | None:
    return value if attribute != "href" or ADDRESS.match(value) else None


def _rendered(source: str) -> str:
    """What no person writes is shown as it was typed: lists nested too deeply, brackets that take minutes to match."""
    try:
        return _as_typed(source) if _has_too_many_brackets(source) else _parser().reset().convert(source)
    except RecursionError:
        # The parser stopped half-way through, and what it remembers is not put right by reset().
        del _own.parser
        return _as_typed(source)


def _has_too_many_brackets(source: str) -> bool:
    return any(block.count("[") > MOST_BRACKETS for block in source.split("\n\n"))


def _as_typed(source: str) -> str:
    return f"<p>{html.escape(source)}</p>"


def _parser() -> markdown.Markdown:
    # The parser keeps state while it works: one for each thread.
    if not hasattr(_own, "parser"):
        _own.parser = _new_parser()
    return _own.parser


def _new_parser() -> markdown.Markdown:
    parser = markdown.Markdown(
        extensions=[TableExtension(use_align_attribute=True), SaneListExtension()], output_format="html"
    )
    # Without these two, raw HTML is text like any other: the writer sees it, nobody runs it.
    parser.preprocessors.deregister("html_block")
    parser.inlinePatterns.deregister("html")
    parser.treeprocessors.register(_Tamed(parser), "tamed", 5)
    return parser


class _Tamed(Treeprocessor):
    """The highest heading becomes h2, the others follow; a picture becomes its description."""

    def run(self, root: Element) -> None:
        lower = 2 - min((_level(element) for element in root.iter() if _level(element)), default=2)
        for element in root.iter():
            if level := _level(element):
                element.tag = f"h{min(level + lower, 6)}"
            elif element.tag == "img":
                description = element.get("alt", "")
                element.attrib.clear()
                element.tag, element.text = "span", description


def _level(element: Element) -> int:
    """1 to 6 for a heading, 0 for anything else."""
    return HEADINGS.index(element.tag) + 1 if element.tag in HEADINGS else 0
