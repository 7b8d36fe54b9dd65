"""Proves a staging folder before anybody can read it: exactly the planned files, sound links, no script, no leak.

It fails closed: whatever it does not know for certain is a problem, and one problem stops the publication.
"""

import html
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

from site_build.leaks import Owner, Problem, Scanner
from site_build.manifest import Manifest, partner_path
from site_build.shards import in_shards
from site_build.snapshot_file import Line, read_pages
from site_build.values import PartnerPage
from site_build.words import taken_apart

LINK = re.compile(r"""\s(href|src|action|srcset|poster|data|formaction)\s*=\s*["']?([^"'>]*)""")
OUTSIDE = re.compile(r"(?:https?://|mailto:|tel:).+", re.IGNORECASE)
ANCHOR = re.compile(r'\sid="([^"]*)"')
ACTIVE_TAG = re.compile(
    r"<(?:script|style|iframe|object|embed|form|base|img)\b|[\s/\"](?:on[a-z]+|style|srcdoc)\s*=", re.IGNORECASE
)
ACTIVE_ADDRESS = re.compile(r"=\s*[\"']?\s*(?:javascript|vbscript|data):", re.IGNORECASE)
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


class CheckFailed(RuntimeError):
    """What stands in the way of this publication; the live site is untouched."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        shown = "\n".join(f"- {problem}" for problem in problems[:10])
        more = f"\n- and {len(problems) - 10} more" if len(problems) > 10 else ""
        super().__init__(f"nothing was published: {len(problems)} problem(s)\n{shown}{more}")


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was proven: kept as leak-report.json beside the manifest, never within reach of a reader."""

    publication: int
    files: int
    files_scanned: int
    scans: tuple[tuple[str, int], ...]
    published_fields: tuple[str, ...]
    problems: int


def check(
    staging: Path,
    manifest: Manifest,
    snapshot: Path,
    lines: Sequence[Line],
    scanner: Scanner,
    processes: int,
    done: Callable[[int], None],
) -> Certificate:
    """`lines` are the partners to scan; the others are the very files that an earlier check has passed."""
    if wrong := list(_wrong_files(staging, manifest)):
        raise CheckFailed(wrong)
    problems: list[Problem] = []
    public = {path for path, _ in manifest.shared}
    for path in sorted(public):
        if path.endswith(".html"):
            problems += _page_problems(staging, path, public, None, scanner)

    def scan(part: Sequence[Line]) -> Iterator[list[Problem]]:
        for line in part:
            owner = Owner(line.name, line.languages, lambda line=line: next(read_pages(snapshot, [line])), line.number)
            yield [
                problem
                for language in line.languages
                for problem in _page_problems(staging, partner_path(line.number, language), public, owner, scanner)
            ]

    for found in in_shards(scan, lines, processes, done):
        problems += found
    if problems:
        raise CheckFailed(problems)
    return _certificate(manifest, len(public) + sum(len(line.languages) for line in lines), scanner)


def published_fields(kind: Any = PartnerPage, name: str = "PartnerPage") -> Iterator[str]:
    """The allow-list as paths: all that a partner's page can be made of."""
    structs = [part for part in (kind, *_parts(kind)) if is_dataclass(part)]
    if not structs:
        yield name
    for struct in structs:
        for part, hint in get_type_hints(struct).items():
            yield from published_fields(hint, f"{name}.{part}")


def _parts(kind: Any) -> Iterator[Any]:
    for part in get_args(kind):
        yield part
        yield from _parts(part)


def _certificate(manifest: Manifest, scanned: int, scanner: Scanner) -> Certificate:
    return Certificate(
        publication=manifest.publication,
        files=len(manifest.paths()),
        files_scanned=scanned,
        scans=(*scanner.compared.items(), ("names of partners", len(manifest.partners))),
        published_fields=tuple(dict.fromkeys(published_fields())),
        problems=0,
    )


def _wrong_files(staging: Path, manifest: Manifest) -> Iterator[Problem]:
    expected = manifest.paths()
    found = {
        f"{folder[len(str(staging)) + 1 :]}/{name}"
        for part in ("public", "partners")
        for folder, _, names in os.walk(staging / part)
        for name in names
    }
    yield from (Problem("missing file", path, "planned but not drawn") for path in sorted(expected - found))
    yield from (Problem("unplanned file", path, "drawn but not planned") for path in sorted(found - expected))


def _page_problems(staging: Path, path: str, public: set[str], owner: Owner | None, scanner: Scanner) -> list[Problem]:
    lines, tags = taken_apart((staging / path).read_text(encoding="utf-8"))
    return [
        *(Problem("script or inline style", path, found[0]) for found in _active(tags)),
        *(Problem("broken tag", path, rest[:40]) for line in lines for rest in line.split("<")[1:]),
        *_broken_links(path, tags, public, owner),
        *scanner.problems(path, lines, tags, owner),
    ]


def _active(tags: str) -> Iterator[re.Match[str]]:
    # A query in an address may well hold "/online=": names of attributes are looked for outside of quotes.
    yield from ACTIVE_TAG.finditer(QUOTED.sub('""', tags))
    yield from ACTIVE_ADDRESS.finditer(tags)


def _broken_links(path: str, tags: str, public: set[str], owner: Owner | None) -> Iterator[Problem]:
    anchors = set(ANCHOR.findall(tags))
    for attribute, target in sorted(set(LINK.findall(tags))):
        if attribute != "href" or not _resolves(html.unescape(target), public, owner, anchors):
            yield Problem("broken link", path, f'{attribute}="{target}"')


def _resolves(target: str, public: set[str], owner: Owner | None, anchors: set[str]) -> bool:
    if target.startswith("#"):
        return target[1:] in anchors
    if target.startswith("/public/"):
        return target[1:] + ("index.html" if target.endswith("/") else "") in public
    if target.startswith("/my/"):
        # The gate answers /my/ for everybody; on a partner's page only its own languages and the way out may be linked.
        return owner is None or target == "/my/leave" or target.strip("/").removeprefix("my/") in owner.languages
    return bool(OUTSIDE.fullmatch(target))
