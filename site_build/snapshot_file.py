"""A snapshot on disk: one line for what all pages share, then one line a partner, so that no build holds all of them.

A partner's line starts with its number, name and languages; planning a build reads only these and the line's hash.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from site_build.strict_json import Refused, from_json, to_json
from site_build.values import PartnerPage, Snapshot

BEGINNING = re.compile(rb'\{"number":(\d+),"name":("(?:[^"\\]|\\.)*"),"languages":(\[[^\]]*\]),')


@dataclass(frozen=True, slots=True)
class Line:
    """Where a partner's values stand in the file, and what a plan must know of them."""

    number: int
    name: str
    languages: tuple[str, ...]
    fingerprint: str
    start: int
    length: int


def write_snapshot(path: Path, snapshot: Snapshot, pages: Iterable[PartnerPage]) -> int:
    """Write whole or not at all, in the order of the partners' numbers; the number of partners."""
    unfinished = path.with_name(path.name + ".unfinished")
    count, last = 0, 0
    with open(unfinished, "w", encoding="utf-8") as file:
        file.write(to_json(snapshot) + "\n")
        for page in pages:
            if page.number <= last:
                raise ValueError(f"partner {page.number} follows {last}: give the pages in the order of their numbers")
            file.write(to_json(page) + "\n")
            count, last = count + 1, page.number
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, path)
    return count


def read_snapshot(path: Path) -> Snapshot:
    with open(path, "rb") as file:
        return from_json(Snapshot, file.readline())


def read_lines(path: Path) -> Iterator[Line]:
    """What a plan needs of every partner, without reading the values."""
    with open(path, "rb") as file:
        start = len(file.readline())
        last = 0
        for text in file:
            line = _line(text, start)
            if line.number <= last:
                raise Refused(f"partner {line.number} follows {last}: the file is not in the order of the numbers")
            yield line
            start, last = start + len(text), line.number


def read_pages(path: Path, lines: Iterable[Line] | None = None) -> Iterator[PartnerPage]:
    """The values of these lines, or of all, one at a time."""
    with open(path, "rb") as file:
        for line in read_lines(path) if lines is None else lines:
            file.seek(line.start)
            yield from_json(PartnerPage, file.read(line.length))


def read_page(path: Path, number: int) -> PartnerPage | None:
    """One partner's values, or None when the snapshot does not hold this partner."""
    return next(read_pages(path, (line for line in read_lines(path) if line.number == number)), None)


def _line(text: bytes, start: int) -> Line:
    beginning = BEGINNING.match(text)
    if beginning is None or not text.endswith(b"\n"):
        raise Refused(f"the line at byte {start} is no partner's: {text[:60]!r}")
    number, name, languages = (json.loads(part) for part in beginning.groups())
    return Line(number, name, tuple(languages), blake2b(text, digest_size=16).hexdigest(), start, len(text))
