"""What readers see now: the release that is live, those that can be shown again, and who is changing it."""

import fcntl
import time
from contextlib import contextmanager
from functools import lru_cache

from peewee import fn

from portal.publishing.models import Publication
from site_build.manifest import read_manifest
from site_build.release import Releases


class Busy(Exception):
    """Somebody else is publishing, rolling back or withdrawing right now."""


@contextmanager
def only_one(settings):
    """Holds the lock of all that changes the site; the kernel gives it back when the process ends, however it ends."""
    with open(settings.data / "publishing.lock", "w") as lock:
        # More than once: a page that asks `is_running` holds the lock for a moment.
        if not any(_taken(lock, pause) for pause in (0, 0.02, 0.1)):
            raise Busy
        yield


def _taken(lock, pause):
    time.sleep(pause)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_running(settings):
    """Is somebody changing the site right now? A row that says so may be left of a build that was killed."""
    try:
        with only_one(settings):
            return False
    except Busy:
        return True


def live_number(settings):
    """The number of the publication that readers see, or None."""
    releases = Releases(settings.site)
    current = releases.current()
    return _publication_in(releases.path(current)) if current else None


def kept_numbers(settings):
    """{publication number: release} of the releases that can be shown again, newest first."""
    releases = Releases(settings.site)
    return {_publication_in(releases.path(number)): number for number in reversed(releases.numbers())}


def _publication_in(release):
    return _read_number(release, (release / "manifest.json").stat().st_mtime_ns)


@lru_cache(maxsize=32)
def _read_number(release, _written_at):
    """A manifest names every file: it is read once, and again only after a withdrawal."""
    return read_manifest(release).publication


def next_number(settings):
    """The number that the next publication gets; readers see it as the number of their page."""
    known = Publication.select(fn.MAX(Publication.number)).scalar() or 0
    return max(known + 1, Releases(settings.site).next_number())
