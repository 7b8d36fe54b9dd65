"""What must be drawn anew and what the current release already holds, found without reading a partner's values."""

import importlib.metadata
import platform
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import blake2b
from pathlib import Path

import portal.i18n
from site_build.manifest import DrawnPartner, Manifest
from site_build.snapshot_file import Line, read_lines
from site_build.strict_json import to_json
from site_build.values import Snapshot

GROUND = ("charts.py", "formats.py", "i18n.py", "markdown.py", "markup.py")
LIBRARIES = ("babel", "flask", "jinja2", "markdown", "markupsafe", "nh3", "tzdata")
DRAWN_WITH = {".css", ".html", ".py"}


@dataclass(frozen=True)
class Plan:
    """`lines` are all partners, `fresh` those to be drawn, `kept` the pages taken over from the current release."""

    lines: tuple[Line, ...]
    fresh: tuple[Line, ...]
    kept: tuple[DrawnPartner, ...]
    ground: str
    removed: int

    @property
    def is_empty(self) -> bool:
        return not self.fresh and not self.removed


def make_plan(snapshot_file: Path, ground: str, current: Manifest | None) -> Plan:
    lines = tuple(read_lines(snapshot_file))
    drawn = {partner.number: partner for partner in current.partners} if current and current.ground == ground else {}
    fresh = tuple(line for line in lines if line.number not in drawn or drawn[line.number].values != line.fingerprint)
    new = {line.number for line in fresh}
    kept = tuple(drawn[line.number] for line in lines if line.number not in new)
    removed = {partner.number for partner in current.partners} - {line.number for line in lines} if current else set()
    return Plan(lines, fresh, kept, ground, len(removed))


def ground_of(snapshot: Snapshot, content: Path) -> str:
    """A hash of all that every page depends on: code, templates, catalogues, libraries, texts, the snapshot's head."""
    # Number and dates of the snapshot stand in no page; the partners' own values hold theirs.
    head = replace(snapshot, number=0, made_at=datetime(2000, 1, 1, tzinfo=UTC), as_of_on=date(2000, 1, 1))
    found = blake2b(to_json(head).encode(), digest_size=16)
    for library in LIBRARIES:
        found.update(f"{library} {importlib.metadata.version(library)} python {platform.python_version()}\n".encode())
    for file in _files(content):
        found.update(f"{file.name} {file.stat().st_size}\n".encode())
        found.update(file.read_bytes())
    return found.hexdigest()


def _files(content: Path) -> Iterator[Path]:
    here, portal_folder = Path(__file__).parent, Path(portal.i18n.__file__).parent
    yield from sorted(file for file in here.rglob("*") if file.suffix in DRAWN_WITH)
    yield from (portal_folder / name for name in GROUND)
    yield from sorted(portal.i18n.CATALOGUES.rglob("*.mo"))
    yield from sorted((content / "pages").glob("*.md"))
