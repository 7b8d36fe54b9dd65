"""Passwords: how they are kept (Argon2id), and which new ones are refused (spec/7-bar.md AU-1 to AU-3)."""

import re
import unicodedata
from contextlib import contextmanager
from itertools import product
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.accounts.common_words import COMMON_SUFFIXES, COMMON_WORDS, SEQUENCES
from portal.db import fold
from portal.i18n import N_, Message

SHORTEST = 12
LONGEST = 200
FEWEST_DIFFERENT = 5
PRODUCT_WORDS = ("portal", "partner", "scorecard")

_hasher = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)
# A hash takes 46 MiB: sign-ins may neither eat the memory nor starve everybody else.
_turns = BoundedSemaphore(2)
PATIENCE = 3  # seconds that a sign-in waits for its turn

# What a name that nobody has is compared with, so that it costs the same time.
_NOBODYS = _hasher.hash("nobody has this password")


class Busy(Exception):
    """Too many sign-ins at this moment."""

    retry_after = 5


def hashed(password):
    with _turn():
        return _hasher.hash(_canonical(password))


def matches(password_hash, password):
    """Is this the password? Takes the same time when there is none to compare with (`password_hash` None)."""
    with _turn():
        try:
            right = _hasher.verify(password_hash or _NOBODYS, _canonical(password))
        except (VerificationError, InvalidHashError):
            return False
    return right and password_hash is not None


def is_outdated(password_hash):
    """Was it kept with weaker parameters than today's? Then it is kept anew at the next sign-in."""
    return _hasher.check_needs_rehash(password_hash)


@contextmanager
def _turn():
    if not _turns.acquire(timeout=PATIENCE):
        raise Busy
    try:
        yield
    finally:
        _turns.release()


def _canonical(password):
    """Bytes of the password; two keyboards that compose `ä` differently type the same one."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


# --- which new ones are refused -----------------------------------------------------------------------------------


def problems(password, *, name="", email="", company=""):
    """Why this may not be a new password: messages, none if it may. Any characters, no rules of composition."""
    return list(_problems(password, [*_parts(name, 3), *_mail_parts(email), *_parts(company, 4), *PRODUCT_WORDS]))


def _problems(password, own_words):
    if len(password) < SHORTEST:
        yield Message(N_("Use at least %(least)s characters. Three or four words do well."), {"least": SHORTEST})
        return
    if len(password) > LONGEST:
        yield Message(N_("Use at most %(most)s characters."), {"most": LONGEST})
        return
    if len(set(password)) < FEWEST_DIFFERENT:
        yield Message(N_("Use at least %(least)s different characters."), {"least": FEWEST_DIFFERENT})
    folded = fold(password)
    found = next((word for word in own_words if word in folded), None)
    if found:
        yield Message(
            N_("It contains “%(word)s”, which others know about you or the portal. Choose words that nobody expects."),
            {"word": found},
        )
    elif is_common(password):
        yield Message(N_("It is one of those that are tried first. Choose a few words that have nothing in common."))


def _parts(text, shortest):
    folded = fold(text)
    whole = re.sub(r"\W+", "", folded)
    words = [word for word in re.split(r"[\W_]+", folded) if len(word) >= shortest]
    return [*words, whole] if len(whole) >= shortest else words


def _mail_parts(email):
    local, _, domain = email.partition("@")
    return [*_parts(local, 3), *_parts(domain.rpartition(".")[0], 4)]


# --- common ones --------------------------------------------------------------------------------------------------

LEET = str.maketrans("0134578@$!|", "oleastbasil")
AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
MOST_WORDS = 2
SHORTEST_RUN = 3


def is_common(password):
    """Is it made of one or two common words, finger sequences and a repeated bit, with digits and signs around?"""
    folded = fold(password)
    bare = AROUND.sub("", folded)
    readings = {folded, bare, bare.translate(LEET), folded.translate(LEET), AROUND.sub("", folded.translate(LEET))}
    return _is_repeated(folded) or any(_is_made_of_common(reading) for reading in readings)


def common_passwords():
    """The list that the rule stands for: every common word with every common suffix, of a length that is allowed."""
    for word, suffix in product(sorted(COMMON_WORDS), COMMON_SUFFIXES):
        if len(word + suffix) >= SHORTEST:
            yield word + suffix


def _is_repeated(text):
    """`abcXabcXabcX`: a bit of up to half the shortest length, again and again."""
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, SHORTEST // 2 + 1))


def _is_made_of_common(text):
    """Can the text be cut into sequences, signs, digits and at most two different common words?"""
    reachable = {0: {frozenset()}}
    for start in range(len(text)):
        for words in reachable.get(start, ()):
            for length, word in _bits(text, start):
                together = words | {word} if word else words
                if len(together) <= MOST_WORDS:
                    reachable.setdefault(start + length, set()).add(together)
    return bool(reachable.get(len(text)))


def _bits(text, start):
    """(length, word or "") of what may be cut off here."""
    if not text[start].isalpha():
        yield 1, ""
    for length in range(SHORTEST_RUN, len(text) - start + 1):
        bit = text[start : start + length]
        if not any(bit in sequence or bit[::-1] in sequence for sequence in SEQUENCES):
            break
        yield length, ""
    for length in range(2, min(_LONGEST_WORD, len(text) - start) + 1):
        bit = text[start : start + length]
        if bit in COMMON_WORDS:
            yield length, bit


_LONGEST_WORD = max(map(len, COMMON_WORDS))
