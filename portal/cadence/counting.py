"""Which visits count: held, in a mode that counts, and once per partner and day (spec/0-decisions.md 8 and 9)."""

from functools import reduce
from operator import or_

from peewee import SQL, fn

from portal.cadence.models import CadencePolicy
from portal.partners.models import ClassAssignment
from portal.visits.models import Visit

# What holds for a partner without a class, or before the first policy of its class.
RULES_WITHOUT_POLICY = {"on_site": "always", "video": "after_two_on_site", "phone": "never"}
ON_SITE_VISITS_BEFORE = 2


def counting(from_on=None, until_on=None):
    """A query of (partner_id, held_on, visit_id), one row per partner and day that counts, in [from_on, until_on)."""
    return _days(Visit.held_on, Visit.state == "held", from_on, until_on)


def scheduled(today, from_on=None, until_on=None):
    """A query of (partner_id, planned_on, visit_id): days from today on that will count once they are held.

    A day that already counts because another visit was held on it is left out."""
    held = Visit.alias()
    already = held.select(held.id).where(
        (held.partner == Visit.partner) & (held.held_on == Visit.planned_on) & (held.state == "held")
    )
    ahead = Visit.is_ahead() & (Visit.planned_on >= today) & ~fn.EXISTS(already)
    return _days(Visit.planned_on, ahead, from_on, until_on)


def last_counting_day(partner_id, until_on):
    """The last day before `until_on` that counts for the partner of an outer query, as a subquery.

    One seek in the index for each partner, however long its history (spec/8-speed.md C)."""
    counted = (Visit.state == "held") & counts_by_mode(Visit.held_on) & (Visit.held_on < until_on)
    days = Visit.select(Visit.held_on).where((Visit.partner == partner_id) & counted)
    return days.order_by(Visit.held_on.desc()).limit(1)


def counts_by_mode(day):
    """The condition that a visit's mode counts on that day (a column of Visit)."""
    rules = _rules(day)
    allowed = [condition for mode in rules if (condition := _allowed(mode, rules[mode], day)) is not None]
    return reduce(or_, allowed, SQL("1 = 0"))


def _days(day, state, from_on, until_on):
    query = Visit.select(Visit.partner, day, fn.MIN(Visit.id).alias("visit_id")).where(state & counts_by_mode(day))
    if from_on:
        query = query.where(day >= from_on)
    if until_on:
        query = query.where(day < until_on)
    return query.group_by(Visit.partner, day)


def _rules(day):
    """{mode: a rule's word, or an expression that looks it up by class and day where policies differ}."""
    columns = [getattr(CadencePolicy, mode) for mode in RULES_WITHOUT_POLICY]
    said = list(CadencePolicy.select(*columns).distinct().tuples())
    return {
        mode: word if {row[place] for row in said} <= {word} else _rule_of_class(mode, word, day)
        for place, (mode, word) in enumerate(RULES_WITHOUT_POLICY.items())
    }


def _rule_of_class(mode, otherwise, day):
    rule = (
        CadencePolicy.select(getattr(CadencePolicy, mode))
        .join(ClassAssignment, on=(ClassAssignment.partner_class == CadencePolicy.partner_class))
        .where(
            (ClassAssignment.partner == Visit.partner)
            & (ClassAssignment.from_on <= day)
            & (ClassAssignment.until_on.is_null() | (ClassAssignment.until_on > day))
            & (CadencePolicy.from_on <= day)
        )
        .order_by(CadencePolicy.from_on.desc())
        .limit(1)
    )
    return fn.COALESCE(rule, otherwise)


def _allowed(mode, rule, day):
    # An expression compared with == is SQL and always true, so words are told apart by their type.
    if isinstance(rule, str):
        return _allowed_by_word(mode, rule, day)
    known = (rule == "always") | ((rule == "after_two_on_site") & _after_two_on_site(day))
    return (Visit.mode == mode) & known


def _allowed_by_word(mode, word, day):
    if word == "never":
        return None
    return (Visit.mode == mode) & _after_two_on_site(day) if word == "after_two_on_site" else Visit.mode == mode


def _after_two_on_site(day):
    """Two days with a visit on site, ever, before this one: the index finds the second day and stops."""
    earlier = Visit.alias()
    days = (
        earlier.select(earlier.held_on)
        .where(
            (earlier.partner == Visit.partner)
            & (earlier.held_on < day)
            & (earlier.state == "held")
            & (earlier.mode == "on_site")
        )
        .group_by(earlier.held_on)
        .order_by(earlier.held_on)
        .limit(1)
        .offset(ON_SITE_VISITS_BEFORE - 1)
    )
    return fn.EXISTS(days)
