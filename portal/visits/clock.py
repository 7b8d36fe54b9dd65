"""Local clock times of visits as moments, and back: a visit's day is the calendar day of who held it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def moment_of(day, clock, timezone):
    """The moment at which the clock of this time zone shows that time on that day; None without a time.

    An hour that the clock skips in spring is taken as the hour after it; of a doubled hour in autumn the first."""
    if day is None or clock is None:
        return None
    return datetime.combine(day, clock, ZoneInfo(timezone)).astimezone(UTC)


def clock_of(moment, timezone):
    """What the clock of this time zone showed at that moment; None without one."""
    return moment and moment.astimezone(ZoneInfo(timezone)).time()


def device_moment(text):
    """The phone's own clock as it sent it, or None: a clock that cannot be read stops no visit."""
    try:
        told = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return told if told.tzinfo and 2000 <= told.year <= 2100 else None
