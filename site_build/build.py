"""One publication from a snapshot file to the switched link: plan, take over, draw, prove, switch, clear up."""

import gc
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from site_build.check import Certificate, check
from site_build.content import public_pages
from site_build.disk import write_whole
from site_build.freeze import freeze_partners, freeze_public
from site_build.leaks import Forbidden, Scanner
from site_build.manifest import DrawnPartner, Manifest, partner_path, read_manifest, write_manifest
from site_build.pages import Site
from site_build.plan import Plan, ground_of, make_plan
from site_build.release import KEPT_BESIDE_CURRENT, Releases
from site_build.shards import in_shards
from site_build.snapshot_file import Line, read_snapshot
from site_build.strict_json import to_json
from site_build.values import Snapshot

# Told the step ("plan", "take over", "draw", "check", "switch", "clear up"), how much of it is done, and of how much.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """`release` is what readers see now; `drawn` partners are new or changed, `kept` ones the files of before."""

    release: int
    drawn: int
    kept: int
    removed: int
    certificate: Certificate | None


def build(
    snapshot_file: Path,
    content: Path,
    folder: Path,
    forbidden: Forbidden = Forbidden(),
    *,
    processes: int | None = None,
    keep: int = KEPT_BESIDE_CURRENT,
    scan_all: bool = False,
    progress: Progress = lambda step, done, total: None,
) -> Built:
    """Publish a snapshot: raises `CheckFailed` or `Refused`, and then the site is as it was.

    Where nothing differs from the current release there is no new one (certificate is None). `scan_all` scans also the
    pages that an earlier check has passed.
    """
    snapshot = read_snapshot(snapshot_file)
    with Releases(folder).opened() as releases:
        progress("plan", 0, 1)
        current = releases.current()
        before = read_manifest(releases.path(current)) if current else None
        plan = make_plan(snapshot_file, ground_of(snapshot, content), before)
        progress("plan", 1, 1)
        if before and plan.is_empty and plan.ground == before.ground and not scan_all:
            return Built(before.release, 0, len(plan.kept), 0, None)
        work = _Work(snapshot, snapshot_file, content, releases, plan, processes or os.cpu_count() or 1, progress)
        return work.done(forbidden, keep, scan_all)


class _Work:
    """One build under way."""

    def __init__(
        self,
        snapshot: Snapshot,
        snapshot_file: Path,
        content: Path,
        releases: Releases,
        plan: Plan,
        processes: int,
        progress: Progress,
    ) -> None:
        self.snapshot, self.snapshot_file, self.plan = snapshot, snapshot_file, plan
        self.releases, self.processes, self.progress = releases, processes, progress
        self.site = Site(snapshot, public_pages(content / "pages", snapshot.languages))
        self.number = releases.next_number()

    def done(self, forbidden: Forbidden, keep: int, scan_all: bool) -> Built:
        # What lives now lives to the end; collecting it again and again in every fork would copy its memory.
        gc.freeze()
        try:
            staging = self.releases.new_staging()
            self._take_over(staging)
            manifest = self._draw(staging)
            certificate = self._check(staging, manifest, forbidden, scan_all)
        finally:
            gc.unfreeze()
        self._switch(staging, manifest, certificate)
        self._step("clear up", 1)(0)
        self.releases.prune(keep)
        return Built(self.number, len(self.plan.fresh), len(self.plan.kept), self.plan.removed, certificate)

    def _take_over(self, staging: Path) -> None:
        """The unchanged files once more under a new name: hard links, never copies, never written to."""
        told = self._step("take over", len(self.plan.kept))
        current = self.releases.current()
        for partner in self.plan.kept:
            os.mkdir(staging / "partners" / str(partner.number))
            for language, _ in partner.pages:
                path = partner_path(partner.number, language)
                os.mkdir(os.path.dirname(staging / path))
                os.link(self.releases.path(current) / path, staging / path)
            told(1)

    def _draw(self, staging: Path) -> Manifest:
        shared = freeze_public(self.site, staging)
        told = self._step("draw", len(self.plan.fresh))
        drawn: list[DrawnPartner] = in_shards(
            lambda lines: freeze_partners(self.site, self.snapshot_file, lines, staging),
            self.plan.fresh,
            self.processes,
            told,
        )
        partners = sorted((*drawn, *self.plan.kept), key=lambda partner: partner.number)
        return Manifest(
            release=self.number,
            publication=self.snapshot.number,
            made_at=self.snapshot.made_at,
            as_of_on=self.snapshot.as_of_on,
            ground=self.plan.ground,
            shared=shared,
            partners=tuple(partners),
            withdrawn=(),
        )

    def _check(self, staging: Path, manifest: Manifest, forbidden: Forbidden, scan_all: bool) -> Certificate:
        lines: tuple[Line, ...] = self.plan.lines if scan_all else self.plan.fresh
        told = self._step("check", len(lines))
        scanner = Scanner(self.site, (line.name for line in self.plan.lines), forbidden)
        return check(staging, manifest, self.snapshot_file, lines, scanner, self.processes, told)

    def _switch(self, staging: Path, manifest: Manifest, certificate: Certificate) -> None:
        self._step("switch", 1)(0)
        write_manifest(staging, manifest)
        write_whole(staging / "leak-report.json", to_json(certificate))
        self.releases.release_staging(self.number)

    def _step(self, name: str, total: int) -> Callable[[int], None]:
        """Announce a step; what it returns is told how much more of it is done."""
        done = 0

        def told(more: int) -> None:
            nonlocal done
            done += more
            self.progress(name, done, total)

        told(0)
        return told
