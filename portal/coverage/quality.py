"""How good the counting visits of a range were, beside how many (spec/4-formulas.md 6.3)."""

from dataclasses import dataclass
from datetime import timedelta

from peewee import Case, fn

from portal.cadence.counting import counting
from portal.partners.models import Partner
from portal.visits.models import AgendaItem, Outcome, Visit, VisitAction, VisitParticipant


@dataclass(frozen=True)
class Quality:
    """Shares of one over the visits that count; None where there was none."""

    visits: int
    prepared: float | None
    goal_met: float | None
    result: float | None
    named: float | None


def quality(partners, from_on, until_on, today):
    """The Quality of a query of partners in [from_on, until_on), up to today, in one query."""
    until_on = min(until_on, today + timedelta(days=1))
    days = counting(from_on, until_on).where(Visit.partner.in_(partners.select(Partner.id)))
    sums = [fn.SUM(Case(None, [(fact, 1)], 0)) for fact in _facts()]
    query = Visit.select(fn.COUNT(Visit.id), *sums).where(Visit.id.in_(days.select_from(days.c.visit_id)))
    visits, *numbers = query.tuples().get()
    return Quality(visits, *(number / visits if visits else None for number in numbers))


def _facts():
    """Prepared, goal met, with a decision or commitment, with a contact named: conditions on a visit."""
    agenda = AgendaItem.select(AgendaItem.id).where(AgendaItem.visit == Visit.id)
    led_to = (Outcome.visit == Visit.id) & Outcome.kind.in_(("decision", "commitment"))
    promised = VisitAction.select(VisitAction.id).where(VisitAction.visit == Visit.id)
    named = (VisitParticipant.visit == Visit.id) & VisitParticipant.contact.is_null(False)
    return (
        (Visit.purpose != "") & (Visit.goal != "") & fn.EXISTS(agenda),
        Visit.goal_met == "yes",
        fn.EXISTS(Outcome.select(Outcome.id).where(led_to)) | fn.EXISTS(promised),
        fn.EXISTS(VisitParticipant.select(VisitParticipant.id).where(named)),
    )
