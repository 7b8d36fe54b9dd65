"""Which text of each partner is approved: what is published is what was approved, to the letter."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from portal.partners.models import Partner
from portal.propositions.models import Proposition, PropositionApproval, PropositionVersion


@dataclass(frozen=True)
class Approved:
    """The newest approved version in one language."""

    version_id: int
    locale: str
    number: int
    html: str
    approved_at: datetime


def approved(partners):
    """{partner id: {language: Approved}} for a query of partners, in one query."""
    query = (
        _approvals(partners)
        .select(
            Proposition.partner,
            PropositionVersion.id,
            Proposition.locale,
            PropositionVersion.number,
            PropositionVersion.html,
            PropositionApproval.at,
        )
        .order_by(PropositionVersion.number)
    )
    found = defaultdict(dict)
    for partner_id, *columns in query.tuples():
        version = Approved(*columns)
        found[partner_id][version.locale] = version
    return found


def partners_with_a_proposition(partners):
    """The ids of those of a query of partners that have an approved text in some language, as a query."""
    return _approvals(partners).select(Proposition.partner)


def _approvals(partners):
    """The last word on a version is an approval, and of this very text."""
    return (
        PropositionApproval.select()
        .join(PropositionVersion)
        .join(Proposition)
        .where(
            PropositionApproval.id.in_(PropositionApproval.last_words())
            & (PropositionApproval.decision == "approved")
            & (PropositionApproval.sha256 == PropositionVersion.sha256)
            & Proposition.partner.in_(partners.select(Partner.id))
        )
    )
