"""What looks like a slip when a visit is logged: asked once, stored when the answer is yes."""

from datetime import timedelta

from portal.i18n import N_, Message
from portal.visits.models import Visit

FUTURE = timedelta(days=1)
PAST = timedelta(days=90)


class Doubtful(Exception):
    """Nothing was stored: `doubts` must be answered first."""

    def __init__(self, doubts):
        self.doubts = doubts


def doubts(partner, owner, held_on, today):
    """Yields the questions: too far ahead, too long ago, or the same visit twice (spec/7-bar.md RP-6)."""
    if held_on > today + FUTURE:
        yield Message(N_("This day lies in the future. Is the date right?"))
    if held_on < today - PAST:
        yield Message(N_("This day is more than 90 days ago. Is the date right?"))
    if Visit.same_day(partner, owner, held_on).exists():
        yield Message(N_("You already logged a visit at this partner on this day. Was there another one?"))


def require_certainty(partner, owner, held_on, today):
    """Raises Doubtful with all questions at once."""
    asked = list(doubts(partner, owner, held_on, today))
    if asked:
        raise Doubtful(asked)
