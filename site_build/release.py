"""The folder of releases: one builder at a time, a switch that is whole or not at all, roll back and withdrawal.

`releases/<number>/{public,partners,manifest.json,leak-report.json}` are the releases, `current` is a symbolic link to
one of them, `staging` is being built, `gone-…` is being removed. Whatever a killed build left is cleared by the next.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from site_build.disk import sync_folder, write_whole
from site_build.manifest import read_manifest, write_manifest

MARKER = ".partner-site"
MARKER_TEXT = "Releases of the partner site. Everything in this folder is written and removed by the site build.\n"
KEPT_BESIDE_CURRENT = 4


class Refused(RuntimeError):
    """The folder must not be touched now; the text says why and what to do."""


class Releases:
    """The releases in one folder; everything that writes needs `opened()`."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder).absolute()
        self.all = self.folder / "releases"
        self.link = self.folder / "current"
        self.staging = self.folder / "staging"
        self.intent = self.folder / "withdrawing.json"

    @contextmanager
    def opened(self) -> Iterator["Releases"]:
        """Hold the lock. The kernel gives it back when the last process of a build ends, however it ends."""
        self._claim()
        with open(self.folder / "lock", "a+", encoding="utf-8") as lock:
            _take(lock)
            self._clear_leftovers()
            yield self

    def numbers(self) -> list[int]:
        return sorted(int(entry.name) for entry in os.scandir(self.all)) if self.all.is_dir() else []

    def current(self) -> int | None:
        """The release that readers see; None before the first."""
        return int(Path(os.readlink(self.link)).name) if self.link.is_symlink() else None

    def path(self, number: int) -> Path:
        return self.all / str(number)

    def next_number(self) -> int:
        return max(self.numbers(), default=0) + 1

    def new_staging(self) -> Path:
        for part in ("public", "partners"):
            (self.staging / part).mkdir(parents=True)
        return self.staging

    def release_staging(self, number: int) -> None:
        """Everything on disk, then its name, then the link: at each moment the old or the new release is whole."""
        os.sync()
        os.rename(self.staging, self.path(number))
        sync_folder(self.all)
        self._point_to(number)

    def roll_back(self, to: int | None = None) -> int:
        """Show an earlier release, the one before the current unless told."""
        now, numbers = self.current(), self.numbers()
        earlier = [number for number in numbers if now is not None and number < now]
        if to is None and not earlier:
            raise Refused("there is no earlier release to go back to")
        target = earlier[-1] if to is None else to
        if target not in numbers:
            raise Refused(f"release {target} is not kept; there are {', '.join(map(str, numbers)) or 'none'}")
        self._point_to(target)
        return target

    def withdraw(self, partners: Iterable[int]) -> dict[int, list[int]]:
        """Take these partners' pages out of every kept release: {release: [partners removed]}.

        What is to be done is written down first, so that a killed withdrawal is finished by whoever comes next.
        """
        write_whole(self.intent, json.dumps(sorted(set(partners))))
        return self._finish_withdrawal()

    def prune(self, keep: int = KEPT_BESIDE_CURRENT) -> list[int]:
        """Remove all but the newest `keep` releases beside the current one; at least two stay beside it."""
        beside = [number for number in self.numbers() if number != self.current()]
        removed = beside[: -max(keep, 2)]
        for number in removed:
            self._remove(self.path(number), f"gone-{number}")
        return removed

    def _claim(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        marker = self.folder / MARKER
        if not marker.is_file():
            if any(self.folder.iterdir()):
                raise Refused(
                    f"{self.folder} is neither empty nor a folder of releases (it has no {MARKER});"
                    " name an empty or a new folder"
                )
            marker.write_text(MARKER_TEXT, encoding="utf-8")
        self.all.mkdir(exist_ok=True)

    def _clear_leftovers(self) -> None:
        if self.staging.exists():
            self._remove(self.staging, "gone-staging")
        for entry in list(os.scandir(self.folder)):
            if entry.name.startswith("gone-"):
                shutil.rmtree(entry.path)
        if self.intent.exists():
            self._finish_withdrawal()

    def _finish_withdrawal(self) -> dict[int, list[int]]:
        partners = set(json.loads(self.intent.read_text(encoding="utf-8")))
        removed = {number: self._withdraw_from(number, partners) for number in self.numbers()}
        self.intent.unlink()
        sync_folder(self.folder)
        return {number: found for number, found in removed.items() if found}

    def _withdraw_from(self, number: int, partners: set[int]) -> list[int]:
        release = self.path(number)
        found = [partner for partner in sorted(partners) if (release / "partners" / str(partner)).exists()]
        for partner in found:
            self._remove(release / "partners" / str(partner), f"gone-{number}-{partner}")
        manifest = read_manifest(release)
        without = manifest.without(partners)
        if without != manifest:
            write_manifest(release, without)
        return found

    def _remove(self, path: Path, name: str) -> None:
        # Renamed first: a half removed release or page must not be taken for a whole one.
        gone = self.folder / name
        os.rename(path, gone)
        sync_folder(path.parent)
        shutil.rmtree(gone)

    def _point_to(self, number: int) -> None:
        new = self.folder / "current.new"
        new.unlink(missing_ok=True)
        new.symlink_to(Path("releases") / str(number))
        os.replace(new, self.link)
        sync_folder(self.folder)


def _take(lock) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        raise Refused(f"another build is running ({lock.read().strip()}); wait for its end") from None
    lock.truncate(0)
    lock.write(f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
    lock.flush()
