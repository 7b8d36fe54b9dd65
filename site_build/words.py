"""The words of a page as a reader, a search engine or a screen reader finds them, and names among them."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

TAG = re.compile(r"""(<[^<>"']*(?:(?:"[^"]*"|'[^']*')[^<>"']*)*>)""")
WITHIN_A_WORD = {"a", "b", "bdi", "code", "em", "i", "span", "strong"}
WORD = re.compile(r"\w+|\n")
SPOKEN_ATTRIBUTE = re.compile(r' (?:alt|aria-label|content|href|title)="([^"]*)"')
RUN = 5
END = ""

Words = tuple[str, ...]


def taken_apart(page: str) -> tuple[list[str], str]:
    """The lines as they are shown and spoken, still escaped; and the different tags, one a line.

    Text that people typed is escaped: an angle bracket that is left in a line was opened by nobody and is a fault.
    """
    pieces = TAG.split(page)
    tags = pieces[1::2]
    pieces[1::2] = map(_joint, tags)
    different = "\n".join(sorted(set(tags)))
    lines = [line for line in "".join(pieces).split("\n") if line and not line.isspace()]
    return lines + SPOKEN_ATTRIBUTE.findall(different), different


@lru_cache(maxsize=4096)
def _joint(tag: str) -> str:
    """What stands in a tag's place: nothing where it may stand inside a word, else a line break."""
    return "" if tag.strip("</>").partition(" ")[0] in WITHIN_A_WORD else "\n"


def text_words(text: str) -> list[str]:
    """As they are written, a line break as a word of its own: no name runs over the end of a line or an attribute."""
    return WORD.findall(text)


def folded(of: Iterable[str]) -> list[str]:
    return [word.casefold() for word in of]


def words(text: str) -> Words:
    return tuple(word for word in WORD.findall(text.casefold()) if word != "\n")


def runs(of: Iterable[str]) -> Iterator[int]:
    """A number for each run of five words; lines do not matter. Equal only within one process and its forks."""
    only = [word for word in of if word != "\n"]
    return map(hash, zip(*(only[start:] for start in range(RUN)), strict=False))


class Names:
    """All names at once: the longest one at each place of a text.

    Small and capital letters are alike, except for a name of a single word: "Green" is a company, "green" a colour.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._tree: dict = {}
        for name in names:
            place = self._tree
            for word in words(name):
                place = place.setdefault(word, {})
            if place is not self._tree:
                place.setdefault(END, set()).add(WORD.findall(name)[0])

    def found(self, written: list[str]) -> Iterator[Words]:
        """The names in a text, each as its words; what lies inside a longer name is not found again."""
        skipped_until = 0
        tree, text = self._tree, folded(written)
        for start in [place for place, word in enumerate(text) if word in tree]:
            if start >= skipped_until and (length := self._longest(text, written, start)):
                skipped_until = start + length
                yield tuple(text[start:skipped_until])

    def _longest(self, text: list[str], written: list[str], start: int) -> int:
        place, length = self._tree, 0
        for position in range(start, len(text)):
            place = place.get(text[position])
            if place is None:
                break
            if END in place and (position > start or written[start] in place[END]):
                length = position + 1 - start
        return length


def within(part: Words, whole: Iterable[str]) -> bool:
    """Whether these words stand together, in this order, in the other ones."""
    return f" {' '.join(part)} " in f" {' '.join(whole)} "
