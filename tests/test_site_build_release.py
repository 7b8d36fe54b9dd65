"""Releases are switched whole or not at all, can be rolled back byte for byte, and lose what is withdrawn."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from portal.i18n import LANGUAGES
from site_build.__main__ import main
from site_build.build import build
from site_build.check import CheckFailed
from site_build.leaks import Forbidden
from site_build.manifest import read_manifest
from site_build.release import MARKER, Refused, Releases
from site_build.snapshot_file import write_snapshot
from site_build.specimen import empty_page, specimen_page, specimen_snapshot

ROOT = Path(__file__).parent.parent
STEPS = ["plan", "take over", "draw", "check", "switch", "clear up"]
# The switch from inside: before all is on disk, before it has its name, before the link points to it
# (the first two replacements are of the manifest and the certificate).
SWITCHING = [("os.sync", 1), ("os.rename", 1), ("os.replace", 3)]


@pytest.fixture
def work(tmp_path):
    (tmp_path / "content" / "pages").mkdir(parents=True)
    (tmp_path / "content" / "pages" / "about.en.md").write_text("---\ntitle: About\npublic: yes\n---\nHello.")
    return Work(tmp_path)


class Work:
    """A folder to publish from and into."""

    def __init__(self, folder):
        self.folder, self.site = folder, folder / "site"

    def publish(self, *pages, number=12, **options):
        self.write(*pages, number=number)
        return build(self.folder / "snapshot", self.folder / "content", self.site, **options)

    def write(self, *pages, number=12):
        write_snapshot(self.folder / "snapshot", specimen_snapshot(number), pages)

    def live(self):
        return tree(self.site / "current")

    def release(self, number):
        return tree(self.site / "releases" / str(number))


def tree(folder):
    """Every file below a folder with the hash of its bytes."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in Path(folder).rglob("*")
        if path.is_file()
    }


def cast(*numbers, city="Örebro"):
    return [specimen_page(number, f"Partner {number} AB", city=city) for number in numbers]


def test_a_first_publication_is_live(work):
    work.publish(*cast(17, 18))
    assert {path for path in work.live() if path.startswith("partners/")} == {
        f"partners/{number}/{language}/index.html" for number in (17, 18) for language in LANGUAGES
    }


def test_a_manifest_names_every_file_with_its_hash(work):
    work.publish(*cast(17))
    manifest = read_manifest(work.site / "current")
    named = dict(manifest.shared) | {
        f"partners/{partner.number}/{language}/index.html": digest
        for partner in manifest.partners
        for language, digest in partner.pages
    }
    beside = {"manifest.json", "leak-report.json"}
    assert named == {path: digest for path, digest in work.live().items() if path not in beside}


def test_the_same_snapshot_is_the_same_bytes(work, tmp_path_factory):
    other = Work(tmp_path_factory.mktemp("elsewhere"))
    (other.folder / "content").symlink_to(work.folder / "content")
    work.publish(*cast(17, 18))
    other.publish(*cast(17, 18))
    assert work.live() == other.live()


def test_forked_shards_write_the_same_bytes_as_one_process(work, tmp_path_factory):
    other = Work(tmp_path_factory.mktemp("elsewhere"))
    (other.folder / "content").symlink_to(work.folder / "content")
    work.publish(*many("Örebro"), processes=1)
    other.publish(*many("Örebro"), processes=3)
    assert work.live() == other.live()


def test_nothing_changed_is_no_new_release(work):
    work.publish(*cast(17))
    built = work.publish(*cast(17), number=13)
    assert (built.release, built.drawn, built.kept, built.certificate) == (1, 0, 1, None)


def test_only_changed_partners_are_drawn(work):
    work.publish(*cast(17, 18))
    built = work.publish(*cast(17), *cast(18, city="Kumla"), number=13)
    assert (built.release, built.drawn, built.kept) == (2, 1, 1)


def test_an_unchanged_page_is_the_very_same_file(work):
    work.publish(*cast(17, 18))
    work.publish(*cast(17), *cast(18, city="Kumla"), number=13)
    files = [work.site / "releases" / release / "partners/17/sv/index.html" for release in ("1", "2")]
    assert files[0].stat().st_ino == files[1].stat().st_ino


def test_a_new_partner_is_drawn(work):
    work.publish(*cast(17))
    assert work.publish(*cast(17, 18), number=13).drawn == 1


def test_a_partner_that_left_the_snapshot_is_not_in_the_next_release(work):
    work.publish(*cast(17, 18))
    built = work.publish(*cast(18), number=13)
    assert (built.removed, (work.site / "current/partners/17").exists()) == (1, False)


def test_a_changed_text_page_draws_all_anew(work):
    work.publish(*cast(17, 18))
    (work.folder / "content/pages/about.en.md").write_text("---\ntitle: About us\npublic: yes\n---\nHello.")
    assert work.publish(*cast(17, 18), number=13).drawn == 2


def test_a_changed_vendor_draws_all_anew(work):
    work.publish(*cast(17, 18))
    write_snapshot(work.folder / "snapshot", replace(specimen_snapshot(13), vendor="Südwind"), cast(17, 18))
    assert build(work.folder / "snapshot", work.folder / "content", work.site).drawn == 2


def test_progress_names_the_steps_in_order(work):
    told = []
    work.publish(*cast(17), progress=lambda step, done, total: told.append(step))
    assert list(dict.fromkeys(told)) == STEPS


def test_a_refused_publication_leaves_the_live_site(work):
    work.publish(*cast(17))
    before = work.live()
    secret = "said in strict confidence yesterday"
    with pytest.raises(CheckFailed):
        work.publish(*cast(17, city=secret), forbidden=Forbidden([secret]))
    assert work.live() == before


KILLED_AT_A_STEP = """
import os, signal, sys
from pathlib import Path
from site_build.build import build
folder, at = Path(sys.argv[1]), sys.argv[2]

def progress(step, done, total):
    if step == at and done >= min(total - 1, 25):
        os.kill(os.getpid(), signal.SIGKILL)

build(folder / "snapshot", folder / "content", folder / "site", processes=2, progress=progress)
"""

KILLED_AT_A_CALL = """
import os, signal, sys
from pathlib import Path
from site_build.build import build
folder, name, nth = Path(sys.argv[1]), sys.argv[2].removeprefix("os."), int(sys.argv[3])
real, calls = getattr(os, name), []

def killing(*arguments, **named):
    calls.append(1)
    if len(calls) == nth:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*arguments, **named)

setattr(os, name, killing)
build(folder / "snapshot", folder / "content", folder / "site", processes=2)
"""


def killed(work, script, *arguments):
    """Publish in a process that kills itself; whether it was killed at all."""
    ended = subprocess.run(
        [sys.executable, "-c", script, str(work.folder), *arguments], cwd=ROOT, capture_output=True, check=False
    )
    assert ended.returncode in (0, -signal.SIGKILL), ended.stderr.decode()
    return ended.returncode == -signal.SIGKILL


def many(city):
    """Enough for two processes."""
    only = {"languages": ("sv",), "city": city}
    return [empty_page(number, f"Partner {number} AB", **only) for number in range(1, 65)]


@pytest.mark.parametrize("step", STEPS)
def test_a_build_killed_at_any_step_leaves_a_whole_site(work, step):
    work.publish(*many("Örebro"))
    before = work.release(1)
    work.write(*many("Kumla"), number=13)
    assert killed(work, KILLED_AT_A_STEP, step)
    # Only the last step comes after the switch.
    assert (work.live() == before) == (step != "clear up") and work.release(1) == before


@pytest.mark.parametrize(("call", "nth"), SWITCHING)
def test_a_build_killed_in_the_switch_leaves_the_old_site(work, call, nth):
    work.publish(*many("Örebro"))
    before = work.live()
    work.write(*many("Kumla"), number=13)
    assert killed(work, KILLED_AT_A_CALL, call, str(nth)) and work.live() == before


@pytest.mark.parametrize("step", ["draw", "switch", "clear up"])
def test_the_next_build_clears_up_after_a_killed_one(work, step):
    work.publish(*cast(17))
    work.write(*many("Kumla"), number=13)
    assert killed(work, KILLED_AT_A_STEP, step)
    work.publish(*cast(17, 18), number=14)
    left = {entry.name for entry in os.scandir(work.site)}
    assert left == {MARKER, "lock", "releases", "current"}


def test_a_killed_build_does_not_keep_the_lock(work):
    work.publish(*cast(17))
    work.write(*many("Kumla"), number=13)
    assert killed(work, KILLED_AT_A_STEP, "draw")
    assert work.publish(*cast(17, 18), number=14).drawn == 1


def test_only_one_build_runs_at_a_time(work):
    with Releases(work.site).opened(), pytest.raises(Refused, match=f"another build is running .process {os.getpid()}"):
        work.publish(*cast(17))


def test_a_folder_with_other_things_in_it_is_refused(work):
    work.site.mkdir()
    (work.site / "desktop.txt").write_text("mine")
    with pytest.raises(Refused, match="neither empty nor"):
        work.publish(*cast(17))
    assert tree(work.site) == {"desktop.txt": sha256(b"mine").hexdigest()}


def test_rolling_back_shows_the_earlier_bytes(work):
    work.publish(*cast(17))
    before = work.live()
    work.publish(*cast(17, city="Kumla"), number=13)
    with Releases(work.site).opened() as releases:
        assert releases.roll_back() == 1
    assert work.live() == before


def test_rolling_back_can_name_a_release(work):
    for number, city in enumerate(["Örebro", "Kumla", "Hallsberg"], 12):
        work.publish(*cast(17, city=city), number=number)
    with Releases(work.site).opened() as releases:
        assert (releases.roll_back(to=1), releases.current()) == (1, 1)


@pytest.mark.parametrize(("to", "reason"), [(None, "no earlier release"), (7, "release 7 is not kept; there are 1")])
def test_rolling_back_to_nothing_is_refused(work, to, reason):
    work.publish(*cast(17))
    with Releases(work.site).opened() as releases, pytest.raises(Refused, match=reason):
        releases.roll_back(to)


def test_a_publication_after_rolling_back_has_a_number_of_its_own(work):
    work.publish(*cast(17))
    work.publish(*cast(17, city="Kumla"), number=13)
    with Releases(work.site).opened() as releases:
        releases.roll_back()
    assert work.publish(*cast(17, city="Hallsberg"), number=14).release == 3


def test_at_least_three_releases_are_kept(work):
    for number, city in enumerate(["Örebro", "Kumla", "Hallsberg", "Laxå", "Nora"], 12):
        work.publish(*cast(17, city=city), number=number, keep=0)
    assert Releases(work.site).numbers() == [3, 4, 5]


def test_the_release_that_is_shown_is_never_cleared_away(work):
    for number, city in enumerate(["Örebro", "Kumla", "Hallsberg", "Laxå"], 12):
        work.publish(*cast(17, city=city), number=number)
    with Releases(work.site).opened() as releases:
        releases.roll_back(to=1)
        assert (releases.prune(keep=0), releases.numbers()) == ([2], [1, 3, 4])


def test_a_withdrawn_partner_is_gone_from_every_release(work):
    work.publish(*cast(17, 18))
    work.publish(*cast(17, 18, city="Kumla"), number=13)
    with Releases(work.site).opened() as releases:
        assert releases.withdraw([17]) == {1: [17], 2: [17]}
    assert not [path for path in tree(work.site) if "/17/" in path]


def test_a_withdrawal_leaves_every_other_partner(work):
    work.publish(*cast(17, 18))
    before = {path: digest for path, digest in work.live().items() if "/18/" in path}
    with Releases(work.site).opened() as releases:
        releases.withdraw([17])
    assert {path: digest for path, digest in work.live().items() if path.startswith("partners/")} == before


def test_the_manifest_records_a_withdrawal(work):
    work.publish(*cast(17, 18))
    with Releases(work.site).opened() as releases:
        releases.withdraw([17, 99])
    manifest = read_manifest(work.site / "current")
    assert (manifest.withdrawn, [partner.number for partner in manifest.partners]) == ((17,), [18])


def test_a_withdrawn_partner_can_be_published_again(work):
    work.publish(*cast(17, 18))
    with Releases(work.site).opened() as releases:
        releases.withdraw([17])
    built = work.publish(*cast(17, 18), number=13)
    assert (built.drawn, (work.site / "current/partners/17/sv/index.html").exists()) == (1, True)


def test_a_withdrawal_that_was_killed_is_finished_by_the_next(work):
    work.publish(*cast(17, 18))
    Releases(work.site).intent.write_text(json.dumps([17]))
    with Releases(work.site).opened():
        assert not (work.site / "current/partners/17").exists()


def test_the_command_publishes(work, capsys):
    work.write(*cast(17))
    assert main([str(work.folder / "snapshot"), str(work.folder / "content"), str(work.site)]) == 0
    assert capsys.readouterr().out == "release 1: 1 partners drawn, 0 unchanged, 0 removed\n"


def test_the_command_says_what_is_wrong_without_a_traceback(work, capsys):
    (work.folder / "snapshot").write_text("nothing\n")
    assert main([str(work.folder / "snapshot"), str(work.folder / "content"), str(work.site)]) == 1
    assert capsys.readouterr().err.startswith("error: not JSON")


def test_no_page_is_readable_before_the_switch(work):
    seen = []

    def looking(step, done, total):
        seen.append((step, (work.site / "current").exists()))

    work.publish(*cast(17), progress=looking)
    assert {step for step, live in seen if live} == {"clear up"}


def test_the_build_knows_no_database_and_no_login():
    loaded = subprocess.run(
        [sys.executable, "-c", "import site_build.__main__, sys; print(*sys.modules)"], cwd=ROOT, capture_output=True,
        check=True, text=True,
    ).stdout.split()  # fmt: skip
    assert not {"peewee", "flask_login", "flask_wtf", "sqlite3", "portal.db"} & set(loaded)
