"""Writes the pages: Frozen-Flask over the two small apps, every page named, nothing followed, nothing overwritten."""

import mimetypes
import os
import warnings
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from flask import Flask
from flask_frozen import Freezer, FrozenFlaskWarning
from werkzeug.test import create_environ

from site_build.manifest import DrawnPartner
from site_build.pages import Site, partner_app, public_app
from site_build.snapshot_file import Line, read_pages
from site_build.values import PartnerPage


class LeanFreezer(Freezer):
    """One WSGI call and one write a page; the stock one takes a test client, four `stat` and a comparison.

    It leans on Frozen-Flask's private `_build_one`; the version is pinned, and a test compares the bytes of both.
    """

    def __init__(self, app: Flask, destination: Path) -> None:
        app.config.update(
            FREEZER_DESTINATION=str(destination),
            FREEZER_REDIRECT_POLICY="error",
            FREEZER_REMOVE_EXTRA_FILES=False,
        )
        super().__init__(app, with_static_files=False, with_no_argument_rules=False, log_url_for=False)
        self.digests: dict[str, str] = {}
        self._environ = create_environ("/")
        self._destination = str(destination)

    def _build_one(self, url: str, last_modified=None) -> Path:
        path = self.urlpath_to_filepath(url)
        body = self._body(url, path)
        full = os.path.join(self._destination, path)
        if not os.path.abspath(full).startswith(self._destination + os.sep):
            raise ValueError(f"{url} would be written outside of {self._destination}")
        _write_new(full, body)
        self.digests[path] = sha256(body).hexdigest()
        return Path(full)

    def _body(self, url: str, path: str) -> bytes:
        answer: list[tuple[str, dict[str, str]]] = []
        body = b"".join(
            self.app.wsgi_app(
                self._environ | {"PATH_INFO": url},
                lambda status, headers, _=None: answer.append((status, {k.lower(): v for k, v in headers})),
            )
        )
        status, headers = answer[0]
        if not status.startswith("200 "):
            raise ValueError(f"{url} answered {status}")
        if headers["content-type"].partition(";")[0] != mimetypes.guess_type(path)[0]:
            raise ValueError(f"{url} is {headers['content-type']}, which its name does not say")
        return body


def freeze_partners(site: Site, snapshot: Path, lines: Sequence[Line], destination: Path) -> Iterator[DrawnPartner]:
    """Draw these partners in all their languages; the values are read one partner at a time."""
    shown: list[PartnerPage] = []
    freezer = LeanFreezer(
        partner_app(site, lambda number: shown[-1] if shown[-1].number == number else None), destination
    )

    @freezer.register_generator
    def urls():
        for page in read_pages(snapshot, lines):
            shown[:] = [page]
            for language in page.languages:
                yield "partner_pages.partner", {"number": page.number, "language": language}

    drawn = _frozen(freezer)
    for line in lines:
        pages = tuple((language, freezer.digests.pop(next(drawn))) for language in line.languages)
        yield DrawnPartner(line.number, line.fingerprint, pages)
    if next(drawn, None) is not None:
        raise ValueError("more pages were drawn than planned")


def freeze_public(site: Site, destination: Path) -> tuple[tuple[str, str], ...]:
    """Draw what anybody may read: (path, sha256) of each file."""
    freezer = LeanFreezer(public_app(site), destination)

    @freezer.register_generator
    def urls():
        yield "public_pages.index", {}
        yield "public_pages.not_found", {}
        yield "public_pages.static_file", {"name": site.stylesheet.name}
        for text in site.texts:
            yield "public_pages.text", {"language": text.language, "slug": text.slug}

    list(_frozen(freezer))
    return tuple(sorted(freezer.digests.items()))


def _frozen(freezer: LeanFreezer) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", FrozenFlaskWarning)
        for page in freezer.freeze_yield():
            yield str(page.path)


def _write_new(path: str, body: bytes) -> None:
    with _opened_new(path) as file:
        file.write(body)


def _opened_new(path: str) -> BinaryIO:
    # "x": a file that is already here may be a hard link into a release that is being read.
    try:
        return open(path, "xb")
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path))
        return open(path, "xb")
