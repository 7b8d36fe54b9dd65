"""The words of a page as a reader, a search engine or a screen reader finds them, and names among them."""
import html
import re
from collections.abc import Iterable, Iterator

from portal.markdown import plain_text

WORD = re.compile(r"\w+|\n")
SPOKEN_ATTRIBUTE = re.compile(r' (?:alt|aria-label|content|href|title)="([^"]*)"')
RUN = 5
END = ""

Words = tuple[str, ...]


def page_words(page: str) -> list[str]:
    """Small letters, a line break as a word of its own: no name runs over the end of a line or an attribute."""
    spoken = "\n".join(SPOKEN_ATTRIBUTE.findall(page))
    return WORD.findall(f"{plain_text(page)}\n{html.unescape(spoken)}".casefold())


def words(text: str) -> Words:
    return tuple(word for word in WORD.findall(text.casefold()) if word != "\n")


def runs(of: Iterable[str]) -> Iterator[int]:
    """A number for each run of five words; lines do not matter. Equal only within one process and its forks."""
    only = [word for word in of if word != "\n"]
    return map(hash, zip(*(only[start:] for start in range(RUN)), strict=False))


class Names:
    """All names at once: the longest one at each place of a text."""

    def __init__(self, names: Iterable[str]) -> None:
        self._tree: dict = {}
        for name in names:
            place = self._tree
            for word in words(name):
                place = place.setdefault(word, {})
            if place is not self._tree:
                place[END] = True

    def found(self, text: list[str]) -> Iterator[Words]:
        """The names in a text, each as its words; what lies inside a longer name is not found again."""
        skipped_until = 0
        tree = self._tree
        for start in [place for place, word in enumerate(text) if word in tree]:
            if start >= skipped_until and (length := self._longest(text, start)):
                skipped_until = start + length
                yield tuple(text[start:skipped_until])

    def _longest(self, text: list[str], start: int) -> int:
        place, length = self._tree, 0
        for position in range(start, len(text)):
            place = place.get(text[position])
            if place is None:
                break
            if END in place:
                length = position + 1 - start
        return length


def within(part: Words, whole: Iterable[str]) -> bool:
    """Whether these words stand together, in this order, in the other ones."""
    return f" {' '.join(part)} " in f" {' '.join(whole)} "
