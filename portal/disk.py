"""How much room a disk has left: asked before something large is written, and watched by doctor."""

import os
import shutil
from dataclasses import dataclass

LOW_SHARE = 0.10
LOW_BYTES = 500 * 1024**2


class DiskFull(Exception):
    """Something large would not fit. The text says what is free and what is needed."""


@dataclass(frozen=True)
class Room:
    free: int
    total: int

    @property
    def low(self):
        """Less than 10 % or 500 MB free (spec/7-bar.md CR-7)."""
        return self.free < LOW_BYTES or self.free < self.total * LOW_SHARE

    def __str__(self):
        return f"{megabytes(self.free)} of {megabytes(self.total)} free"


def room(folder):
    usage = shutil.disk_usage(folder)
    return Room(usage.free, usage.total)


def require_room(folder, needed, purpose):
    """Refuses to begin what would not fit beside a reserve for the database, rather than to break off half way."""
    free = room(folder).free
    if free < needed + LOW_BYTES // 10:
        raise DiskFull(
            f"{purpose} needs {megabytes(needed)} in {os.fspath(folder)}, and only {megabytes(free)} are free. "
            "Make room, then try again."
        )


def megabytes(size):
    return f"{size / 1024**3:.1f} GB" if size >= 1024**3 else f"{size / 1024**2:.0f} MB"
