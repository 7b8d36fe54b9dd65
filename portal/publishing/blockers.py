"""Why a partner's page may not be published: preview, publish button and build ask this one function."""

from portal.actions.models import Action
from portal.i18n import N_, Message
from portal.kpis.models import Kpi, KpiActual
from portal.partners.models import Partner, StatusAssignment
from portal.propositions.approved import partners_with_a_proposition
from portal.publishing.models import PageApproval, Withdrawal
from portal.visits.models import Visit

# In the order in which they are shown; the codes are what lists are filtered by.
REASONS = {
    "archived": Message(N_("The partner is archived.")),
    "ended": Message(N_("The partnership has ended.")),
    "withdrawn": Message(N_("The page was withdrawn. A manager can approve it again.")),
    "not_approved": Message(N_("No manager has approved the page yet.")),
    "nothing_to_show": Message(
        N_("There is nothing to show: no figure, no visit, no promise, no approved proposition.")
    ),
}


def blockers(partners, today):
    """{partner id: [Message]} for a query of partners; publishable means no reasons. A constant number of queries."""
    found = blocking(partners, today)
    return {partner_id: [REASONS[code] for code in codes] for partner_id, codes in found.items()}


def blocking(partners, today):
    """The same as the codes of REASONS."""
    held = {code: _ids(query) for code, query in _blocked(partners, today).items()}
    with_something = set().union(*(_ids(query) for query in _with_something_to_show(partners)))
    ids = _ids(partners.select(Partner.id))
    held["not_approved"] = ids - held.pop("approved")
    held["nothing_to_show"] = ids - with_something
    return {one: [code for code in REASONS if one in held[code]] for one in ids}


def publishable(partners, today):
    """Ids of those without a reason against it, in order."""
    return sorted(one for one, codes in blocking(partners, today).items() if not codes)


def _blocked(partners, today):
    chosen = partners.select(Partner.id)
    ended = (StatusAssignment.status == "ended") & StatusAssignment.partner.in_(chosen)
    return {
        "archived": partners.select(Partner.id).where(Partner.archived_at.is_null(False)),
        "ended": StatusAssignment.as_of(today, StatusAssignment.partner).where(ended),
        "withdrawn": Withdrawal.standing().select(Withdrawal.partner).where(Withdrawal.partner.in_(chosen)),
        "approved": PageApproval.standing().select(PageApproval.partner).where(PageApproval.partner.in_(chosen)),
    }


def _with_something_to_show(partners):
    """A figure of a published KPI, a held visit or a promise, an approved proposition."""
    chosen = partners.select(Partner.id)
    shown = Kpi.select(Kpi.id).where(Kpi.published & Kpi.retired_at.is_null())
    measured = KpiActual.kpi.in_(shown) & KpiActual.partner.in_(chosen)
    yield KpiActual.select(KpiActual.partner).distinct().where(measured)
    yield Visit.select(Visit.partner).distinct().where((Visit.state == "held") & Visit.partner.in_(chosen))
    yield Action.shared().select(Action.partner).distinct().where(Action.partner.in_(chosen))
    yield partners_with_a_proposition(partners)


def _ids(query):
    return {partner_id for (partner_id,) in query.tuples()}
