"""Finds files of the current release; never by a path that somebody typed, except below public/."""

import mimetypes
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from portal.i18n import LANGUAGES
from site_build.manifest import NAME as MANIFEST

# What a release may hold below public/; anything else is not served.
SERVED = frozenset({".html", ".css", ".svg", ".png", ".ico", ".txt", ".xml", ".webmanifest"})
PUBLICATION = re.compile(rb'"publication":(\d+)')


@dataclass(frozen=True)
class FrozenPage:
    """One partner's page in one language, as it was published."""

    content: bytes
    language: str
    publication: int


@dataclass(frozen=True)
class PublicFile:
    content: bytes
    kind: str
    lasts: bool  # its name changes with its bytes


def release_of(site):
    """The folder of the release that is live now, or None before the first publication.

    Resolved once a request: a switch meanwhile cannot mix two releases."""
    current = site / "current"
    return current.resolve() if current.is_dir() else None


def languages_of(site, partner_id):
    """The languages in which this partner's page is published."""
    release = release_of(site)
    if release is None:
        return []
    return [language for language in LANGUAGES if _page_file(release, partner_id, language).is_file()]


def page(site, partner_id, language):
    """The partner's page in this language, or None."""
    release = release_of(site)
    if release is None or language not in LANGUAGES:
        return None
    try:
        content = _page_file(release, partner_id, language).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return FrozenPage(content, language, _publication(release))


@lru_cache(maxsize=8)
def _publication(release):
    """The number of the publication that made this release: at the head of its manifest, which is large."""
    with open(release / MANIFEST, "rb") as manifest:
        return int(PUBLICATION.search(manifest.read(200))[1])


def _page_file(release, partner_id, language):
    return release / "partners" / str(int(partner_id)) / language / "index.html"


def public_file(site, path):
    """The public file at this path; a folder means its index. None for whatever is not below public/."""
    release = release_of(site)
    if release is None or "\\" in path or "\x00" in path:
        return None
    root = release / "public"
    found = (root / path / "index.html" if path.endswith("/") or not path else root / path).resolve()
    if not found.is_relative_to(root) or found.suffix not in SERVED:
        return None
    try:
        content = found.read_bytes()
    except OSError:  # there is none, it is a folder, or the name is longer than names can be
        return None
    return PublicFile(content, _kind(found), found.is_relative_to(root / "static"))


def _kind(file: Path):
    return mimetypes.guess_type(file.name)[0] or "application/octet-stream"
