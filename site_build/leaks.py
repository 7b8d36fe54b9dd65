"""What must not stand in a page: internal texts, tokens and ids, and the names of other partners.

Names: a hit is the longest whole-word match that is neither inside nor equal to the partner's own name, nor in the
partner's own shared texts. A name that is also a word of the site itself ("Target") cannot be told apart and is no hit.
Tokens are hits wherever they stand; internal texts by any five words in a row, except five that the site itself says or
that somebody typed into a field which this partner may read: what a note and a promise say alike was shared on purpose.
"""

import html
import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cached_property
from typing import Any

from portal.markdown import plain_text
from site_build.pages import Site
from site_build.specimen import silent_pages
from site_build.values import PartnerPage
from site_build.words import Names, Words, folded, runs, taken_apart, text_words, within, words

SHORTEST_TOKEN = 6
TOKEN_LIKE = re.compile(rf"[\w.@+-]{{{SHORTEST_TOKEN},}}")
REMEMBERED = 100_000
TABLE = 1 << 24


@dataclass(frozen=True, slots=True)
class Forbidden:
    """What the caller keeps to itself: internal texts, and tokens and ids of six characters or more.

    `shared`: partner number → the texts that were typed into fields which that partner may read. They must come from
    where they were typed and not from the values of the page, or a wrong value would excuse itself."""

    texts: Iterable[str] = ()
    tokens: Iterable[str] = ()
    shared: Mapping[int, Iterable[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason not to publish: what it is, in which file, and the words."""

    kind: str
    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind} in {self.path}: {self.text}"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose page it is. The values are read only when something was found that they may excuse."""

    name: str
    languages: tuple[str, ...]
    read: Callable[[], PartnerPage]
    number: int = 0

    def shares(self, part: Words) -> bool:
        return any(within(part, words(plain_text(text))) for text in texts_of(self.read()))


class Scanner:
    """Built once, before the pages are shared out over processes; then asked for each page."""

    def __init__(self, site: Site, names: Iterable[str], forbidden: Forbidden) -> None:
        lines = [line for page in _pages_of_the_site_itself(site) for line in taken_apart(page)[0]]
        own = folded(text_words(html.unescape("\n".join(lines))))
        self._own_lines = frozenset(lines)
        self._own_words = f" {' '.join(own)} "
        self._texts = _Runs(forbidden.texts, set(runs(own)))
        self._tokens = _tokens_by_beginning(forbidden.tokens)
        self._names = Names(names)
        self._shared = forbidden.shared
        self._harmless: set[str] = set()

    @cached_property
    def compared(self) -> dict[str, int]:
        return {"runs of five words": len(self._texts), "tokens": sum(map(len, self._tokens.values()))}

    def problems(self, path: str, lines: list[str], tags: str, owner: Owner | None) -> Iterator[Problem]:
        """`owner` is None for what everybody may read; lines and tags as `taken_apart` gives them."""
        text = html.unescape("\n".join(line for line in lines if line not in self._own_lines))
        found = text_words(text)
        for run in self._texts.within(folded(found)):
            if not (owner and self._was_typed_for(owner.number, run)):
                yield Problem("internal text", path, run)
        for token in self._tokens_in(text, tags):
            yield Problem("token or id", path, token)
        for name in self._foreign_names(found, owner):
            yield Problem("name of another partner", path, name)

    def _was_typed_for(self, number: int, run: str) -> bool:
        typed = self._shared.get(number, ())
        return any(within(tuple(run.split()), folded(words(plain_text(text)))) for text in typed)

    def _tokens_in(self, text: str, tags: str) -> Iterator[str]:
        """In the tags and in the text as it is read: escaped, or with a tag inside, a token is still a token."""
        if not self._tokens:
            return
        pieces = {*text.split(), *tags.split()} - self._harmless
        suspects = {piece for piece in pieces if any(self._tokens_within(piece))}
        # Most pieces stand on every page.
        if len(self._harmless) < REMEMBERED:
            self._harmless |= pieces - suspects
        yield from sorted({token for piece in suspects for token in self._tokens_within(piece)})

    def _tokens_within(self, piece: str) -> Iterator[str]:
        for place in range(len(piece) - SHORTEST_TOKEN + 1):
            for token in self._tokens.get(piece[place : place + SHORTEST_TOKEN], ()):
                if piece.startswith(token, place):
                    yield token

    def _foreign_names(self, found: list[str], owner: Owner | None) -> Iterator[str]:
        # The own name is found on every page: it is sorted out before any values are read.
        own_name = words(owner.name) if owner else ()
        for name in sorted({name for name in self._names.found(found) if not within(name, own_name)}):
            if f" {' '.join(name)} " not in self._own_words and not (owner and owner.shares(name)):
                yield " ".join(name)


class _Runs:
    """Runs of five words as sorted numbers, eight bytes each, behind a table that answers most questions at once."""

    def __init__(self, texts: Iterable[str], allowed: set[int]) -> None:
        found = array("q", (run for text in texts for run in runs(words(text)) if run not in allowed))
        self._runs = array("q", sorted(found))
        self._table = bytearray(TABLE if found else 0)
        for run in self._runs:
            self._table[run & (TABLE - 1)] = 1

    def __len__(self) -> int:
        return len(self._runs)

    def within(self, text: list[str]) -> Iterator[str]:
        if not self._runs:
            return
        table, mask = self._table, TABLE - 1
        only = [word for word in text if word != "\n"]
        for place, run in [(place, run) for place, run in enumerate(runs(only)) if table[run & mask]]:
            at = bisect_left(self._runs, run)
            if at < len(self._runs) and self._runs[at] == run:
                yield " ".join(only[place : place + 5])


def texts_of(value: Any) -> Iterator[str]:
    """Every text in a partner's values."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from texts_of(item)
    elif is_dataclass(value):
        for each in fields(value):
            yield from texts_of(getattr(value, each.name))


def _pages_of_the_site_itself(site: Site) -> Iterator[str]:
    for language in site.snapshot.languages:
        for page in silent_pages():
            yield site.draw_partner(page, language)
    yield site.draw_index()
    yield site.draw_not_found()


def _tokens_by_beginning(tokens: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for token in sorted(set(tokens)):
        if not TOKEN_LIKE.fullmatch(token):
            raise ValueError(
                f"token {token[:2]!r}… cannot be told from ordinary text: give only those of {SHORTEST_TOKEN} or more"
                " letters, digits and . @ + - _, and the others as texts"
            )
        beginning = token[:SHORTEST_TOKEN]
        found[beginning] = (*found.get(beginning, ()), token)
    return found
