"""How often somebody may fail at a door that asks for a secret (spec/7-bar.md AU-4).

Failures are rows, so they are shared by all workers and survive a restart. A lock-out ends no session and blocks no
other account; from an address where the account once signed in, the right secret still opens."""

from datetime import timedelta
from ipaddress import ip_address, ip_network

from portal.accounts.models import Attempt, KnownAddress
from portal.db import database

WINDOW = timedelta(minutes=15)
MOST_PER_ACCOUNT = 10
MOST_PER_ADDRESS = 50
ADDRESS_IS_KNOWN_FOR = timedelta(days=180)


class TooMany(Exception):
    """Too many failures. `retry_after`: the seconds until the next try is answered."""

    def __init__(self, retry_after):
        super().__init__(f"too many tries, again in {retry_after} s")
        self.retry_after = retry_after


def check(door, account, ip, now):
    """Raises TooMany if this account or address must wait. `account` is "" where a link is all that is shown."""
    seconds = wait(door, account, ip, now)
    if seconds and not (is_known(account, ip, now) and _failures_here(account, ip, now) < MOST_PER_ADDRESS):
        raise TooMany(seconds)


def wait(door, account, ip, now):
    """Seconds until the door opens again for an address that is not known; 0 if it is open."""
    at_account = Attempt.select(Attempt.at).where((Attempt.door == door) & (Attempt.account == account))
    at_address = Attempt.select(Attempt.at).where(Attempt.ip == network(ip))
    return max(
        _seconds(at_account, MOST_PER_ACCOUNT, now) if account else 0,
        _seconds(at_address, MOST_PER_ADDRESS, now),
    )


def failed(door, account, ip, now):
    """Counts a failure. Returns the seconds to wait if the limit had been reached before it, else 0.

    So a wrong secret from a known address is told to wait like any other."""
    seconds = wait(door, account, ip, now)
    with database.atomic():
        Attempt.delete().where(Attempt.at < now - WINDOW).execute()
        Attempt.create(door=door, account=account, ip=network(ip), at=now)
    return seconds


def succeeded(door, account, ip, now):
    """Remembers the address for this account. Earlier failures stay counted: a guesser gains nothing from it."""
    known = {"account": account, "ip": network(ip)}
    with database.atomic():
        KnownAddress.insert(**known, at=now).on_conflict_ignore().execute()
        KnownAddress.update(at=now).where(_pair(account, ip)).execute()


def unlock(account):
    """Forgets the failures of an account (`portal unlock EMAIL`); how many there were."""
    return Attempt.delete().where(Attempt.account == account).execute()


def network(ip):
    """The address that is counted: itself, or for IPv6 its /64, which one customer holds as a whole."""
    try:
        address = ip_address(ip)
    except ValueError:
        return ip
    address = getattr(address, "ipv4_mapped", None) or address
    return str(address) if address.version == 4 else str(ip_network((address, 64), strict=False))


def is_known(account, ip, now):
    """Did this account sign in from this address during the last half year?"""
    return (
        bool(account)
        and KnownAddress.select().where(_pair(account, ip) & (KnownAddress.at > now - ADDRESS_IS_KNOWN_FOR)).exists()
    )


def _pair(account, ip):
    return (KnownAddress.account == account) & (KnownAddress.ip == network(ip))


def _failures_here(account, ip, now):
    return (
        Attempt.select()
        .where((Attempt.account == account) & (Attempt.ip == network(ip)) & (Attempt.at > now - WINDOW))
        .count()
    )


def _seconds(attempts, most, now):
    """Until the oldest of the last `most` failures leaves the window."""
    recent = attempts.where(Attempt.at > now - WINDOW).order_by(Attempt.at.desc()).limit(most)
    moments = [attempt.at for attempt in recent]
    return max(1, int((moments[-1] + WINDOW - now).total_seconds())) if len(moments) == most else 0
