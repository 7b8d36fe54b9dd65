"""Fills an empty portal with the real channel, moved to the present, and with what people would have put in."""

import secrets
from dataclasses import dataclass
from datetime import date

from peewee import fn

from portal.accounts.models import User, Workspace
from portal.accounts.passwords import hashed
from portal.accounts.permissions import ADMIN, LEADERSHIP, MANAGER, PAM
from portal.db import database
from portal.demo import meetings, portfolio, publishing
from portal.demo.adventureworks import PACK, import_channel
from portal.fiscal import add_months
from portal.kpis.models import OrderLine
from portal.operation.defaults import make_defaults
from portal.partners.models import Partner
from portal.records import AuditEvent

COMPANY = "Adventure Works (demo)"
# The channel ends with May 2020; moved by whole years, so that the seasons stay where they are.
CHANNEL_ENDS = date(2020, 6, 1)
# At most so many months of revenue in the fiscal year: the rest of it is ahead.
MONTHS_WITH_REVENUE = 5
CONSONANTS, VOWELS = "bdfghklmnprstv", "aeiou"
ADMINISTRATOR = {"name": "Ada Admin", "email": "admin@adventureworks.example", "title": "Administrator"}


class NotEmpty(Exception):
    """There is a workspace already, which the demo must not touch."""


@dataclass(frozen=True)
class Demo:
    """Who can sign in, one of each role first, all with the same password; a reader's address; what was filled in."""

    password: str
    people: list
    reader: str
    counts: dict


def fill(stamp, today, progress=None):
    """Fills the empty portal in one transaction and gives the Demo. `progress(step, done, total)`. Raises NotEmpty.

    Everything that the channel does not hold is made up, and says so where it is shown."""
    if Workspace.get_only() is not None:
        raise NotEmpty("This portal is set up already. The demo fills an empty one only: choose another PORTAL_DATA.")
    with database.atomic():
        Workspace.add(stamp, name=COMPANY, currency="USD", fiscal_year_first_month=first_month(today))
        make_defaults(stamp)
        import_channel(stamp, PACK, today, progress, shift=years_to(today))
        counts = _make_up(stamp, today, progress or _silent)
        password = _let_in(stamp)
        AuditEvent.write(stamp, "demo.fill", details=counts)
    return Demo(password, sign_ins(), publishing.first_reader(), counts)


def years_to(today):
    """By how many whole years the channel is moved so that its last month has passed."""
    years = today.year - CHANNEL_ENDS.year
    return years if add_months(CHANNEL_ENDS, 12 * years) <= today else years - 1


def first_month(today):
    """The month, 1 to 12, with which a fiscal year begins that holds the channel's end and is scored today.

    It begins as early as it can and yet goes on for two months, so that a demo of last week still shows revenue."""
    ended_on = CHANNEL_ENDS.replace(year=CHANNEL_ENDS.year + years_to(today))
    earliest, latest = add_months(ended_on, -MONTHS_WITH_REVENUE), add_months(ended_on, -1)
    return max(earliest, min(latest, add_months(today, -10))).month


def _silent(step, done, total):
    """Nobody watches."""


def _make_up(stamp, today, progress):
    random = meetings.seeded(today)
    began = OrderLine.select(fn.MIN(OrderLine.ordered_on)).scalar()
    steps = 5
    progress("classes", 1, steps)
    codes = portfolio.classify(stamp, began)
    progress("targets", 2, steps)
    portfolio.set_targets(stamp, first_month(today))
    chosen = meetings.accounts(codes, today)
    progress("contacts", 3, steps)
    meetings.people(stamp, chosen, random)
    progress("visits", 4, steps)
    diary = meetings.visits(stamp, chosen, today, random)
    progress("propositions", 5, steps)
    largest = [account for account in chosen if account.code == "A"]
    return {
        "partners": Partner.select().count(),
        "contacts": sum(len(account.contacts) for account in chosen),
        "visits": len(diary.visits),
        "promises": len(diary.promises),
        "propositions": publishing.publishable(stamp, largest),
        "readers": publishing.readers(stamp, largest),
    }


# --- who can sign in ----------------------------------------------------------------------------------------------


def _let_in(stamp):
    """Gives everybody the same new password, and returns it."""
    password = spoken_password()
    User.add(stamp, role=ADMIN, **ADMINISTRATOR)
    User.update(password_hash=hashed(password), password_changed_at=stamp.at).execute()
    return password


def spoken_password():
    """Sixteen letters in four groups: 51 bits, and easy to type on a phone."""
    syllables = [secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _number in range(8)]
    return "-".join(first + second for first, second in zip(syllables[::2], syllables[1::2], strict=True))


def sign_ins():
    """Users, one of each role first: who leads, who manages, who visits, who looks after the portal."""
    people = list(User.select().order_by(User.name))
    first = [next(user for user in people if user.role == role) for role in (PAM, MANAGER, LEADERSHIP, ADMIN)]
    return first + [user for user in people if user not in first]
