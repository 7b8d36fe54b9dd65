"""What hangs on a held visit: its outcomes, the contacts met and the promises made; one value from form to rows."""

from dataclasses import dataclass
from datetime import date

from portal.actions.models import Action
from portal.partners.models import Contact
from portal.visits.models import Outcome, VisitAction, VisitParticipant


@dataclass(frozen=True)
class Promise:
    """What one side says it will do; the partner reads the text."""

    side: str
    shared_text: str
    due_on: date | None = None


@dataclass(frozen=True)
class Details:
    """`outcomes`: words of OUTCOME_KINDS; `contacts`: rows of this partner; `newcomer`: (name, title) not known yet."""

    outcomes: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()
    newcomer: tuple[str, str] = ("", "")
    promises: tuple[Promise, ...] = ()

    def differ(self, visit):
        kinds = sorted(outcome.kind for outcome in visit.outcomes)
        return (
            any(promise not in promises_of(visit) for promise in self.promises)
            or bool(self.newcomer[0])
            or kinds != sorted(self.outcomes)
            or _ids(visit.contacts_met()) != _ids(self.contacts)
        )

    def keep(self, stamp, visit):
        """Makes the rows of this visit say what this value says. Promises are only ever added, and each once."""
        met = [*self.contacts, *self._welcomed(stamp, visit.partner)]
        self._keep_outcomes(stamp, visit)
        VisitParticipant.delete().where(VisitParticipant.visit == visit).execute()
        for contact in met:
            VisitParticipant.create(visit=visit, contact=contact)
        known = promises_of(visit)
        for promise in self.promises:
            if promise not in known:
                _keep_promise(stamp, visit, promise, met)

    def _welcomed(self, stamp, partner):
        name, title = self.newcomer
        return [Contact.add(stamp, partner=partner, name=name, title=title)] if name else []

    def _keep_outcomes(self, stamp, visit):
        known = {outcome.kind: outcome for outcome in visit.outcomes}
        for kind in known.keys() - set(self.outcomes):
            known[kind].remove(stamp)
        for kind in self.outcomes:
            if kind not in known:
                Outcome.add(stamp, visit=visit, kind=kind)


def promises_of(visit):
    """What was promised at this visit, as it was said then."""
    return [Promise(action.side, action.shared_text, action.original_due_on) for action in visit.actions()]


def _keep_promise(stamp, visit, promise, met):
    # Who was there gave the word; else the partner's most important contact answers for it.
    contact = met[0] if met else Contact.at(visit.partner).first()
    action = Action.promise(
        stamp,
        visit.partner,
        promise.side,
        user=visit.owner,
        contact=contact,
        shared_text=promise.shared_text,
        due_on=promise.due_on,
    )
    VisitAction.create(visit=visit, action=action)


def _ids(rows):
    return sorted(row.id for row in rows)
