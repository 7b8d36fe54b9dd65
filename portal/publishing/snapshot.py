"""The only place where a row becomes a value: what a published page shows, for all partners in constant queries.

Nothing but the fields of `site_build.values` leaves the portal; texts come from shared and published columns only."""

from collections import defaultdict
from dataclasses import replace
from zoneinfo import ZoneInfo

from peewee import JOIN

from portal.accounts.models import User, Workspace
from portal.actions.models import SIDES, Action
from portal.cadence.standing import standings
from portal.i18n import LANGUAGES
from portal.partners.models import Contact, OwnerAssignment, Partner, Tier, TierAssignment
from portal.propositions.approved import approved
from portal.publishing.changes import changes
from portal.publishing.scorecard_values import in_languages, scorecard_value
from portal.scorecards.scorecard import scorecards
from portal.visits.models import Visit
from site_build import values

# So many partners are in memory at a time; each batch costs the same number of queries.
BATCH = 500


def head(number, made_at):
    """What all pages of a publication have in common."""
    workspace = Workspace.get_only()
    return values.Snapshot(
        number=number,
        made_at=made_at,
        as_of_on=made_at.astimezone(ZoneInfo(workspace.timezone)).date(),
        vendor=workspace.name,
        currency=workspace.currency,
        languages=LANGUAGES,
    )


def pages(snapshot, partner_ids, previous=lambda ids: {}):
    """The values.PartnerPage of each partner, in the order of the ids.

    `previous(ids)` gives {partner id: values.PartnerPage} of the publication before. A page that says nothing new is
    the one of before, so that it keeps its number and is not drawn again."""
    for ids in _batches(sorted(partner_ids)):
        before = previous(ids)
        # A range costs less to say than five hundred ids; the few others inside it are read and not shown.
        rows = _Rows(snapshot, Partner.select().where(Partner.id.between(ids[0], ids[-1])))
        for partner_id in ids:
            page = rows.page(partner_id, before.get(partner_id))
            yield values.carried_over(page, before.get(partner_id))


def _batches(ids):
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


class _Rows:
    """The rows of one batch of partners, read by set."""

    def __init__(self, snapshot, partners):
        self.snapshot, today, workspace = snapshot, snapshot.as_of_on, Workspace.get_only()
        self.zone = ZoneInfo(workspace.timezone)
        self.partners = {partner.id: partner for partner in partners}
        self.cards = scorecards(partners, today, workspace.fiscal_year_first_month)
        self.standings = standings(partners, today)
        self.next_visits = _next_visits(partners, today)
        self.promises, self.done = _open_promises(partners, today), _promises_done(partners)
        self.texts = approved(partners)
        self.tiers, self.contacts = _tiers(partners, today), _account_managers(partners, today)

    def page(self, partner_id, previous):
        partner, card = self.partners[partner_id], self.cards[partner_id]
        visits = self._visits(partner_id, card.record)
        data_as_of_on = max(filter(None, (card.as_of_on, visits.last_held_on)))
        page = values.PartnerPage(
            number=partner.id,
            name=partner.name,
            languages=self.snapshot.languages,
            language=partner.locale,
            publication=self.snapshot.number,
            published_on=self.snapshot.as_of_on,
            data_as_of_on=data_as_of_on,
            period_from_on=card.period.from_on,
            period_until_on=max(card.period.as_of_on, data_as_of_on),
            city=partner.city,
            country=partner.country,
            tiers=self.tiers.get(partner_id, ()),
            yours=scorecard_value(card.yours, previous and previous.yours, self.snapshot.currency),
            ours=scorecard_value(card.ours, previous and previous.ours, self.snapshot.currency),
            visits=visits,
            kept=tuple(_kept(side, card.record.ledgers[side]) for side in SIDES),
            promises=tuple(self.promises[partner_id]),
            propositions=tuple(self._propositions(partner_id)),
            contact=self.contacts.get(partner_id),
            changes=(),
        )
        return replace(page, changes=changes(page, previous, self.done[partner_id]))

    def _visits(self, partner_id, record):
        planned_on, mode = self.next_visits.get(partner_id, (None, None))
        return values.Visits(record.held, record.promised, self.standings[partner_id].last_on, planned_on, mode)

    def _propositions(self, partner_id):
        for language, text in sorted(self.texts[partner_id].items()):
            yield values.Proposition(language, text.html, text.number, text.approved_at.astimezone(self.zone).date())


def _kept(side, ledger):
    return values.Kept(side, ledger.kept, ledger.settled)


def _open_promises(partners, today):
    """{partner id: open values.Promise}: only what has a shared text, and of it only that text."""
    query = (
        Action.shared_open(partners)
        .select(
            Action.partner,
            Action.shared_text,
            Action.side,
            Action.due_on,
            Action.standing_on(today),
            User.name,
            Contact.name,
        )
        .join(User, JOIN.LEFT_OUTER)
        .switch(Action)
        .join(Contact, JOIN.LEFT_OUTER)
    )
    found = defaultdict(list)
    for partner_id, text, side, due_on, standing, user, contact in query.tuples():
        owner = (user if side == "vendor" else contact) or ""
        found[partner_id].append(values.Promise(text, side, due_on, standing == "overdue", owner))
    return found


def _promises_done(partners):
    """{partner id: {(side, shared text)}} of what is done: the page of before may still say that it is open."""
    chosen = Action.shared().where((Action.state == "done") & Action.partner.in_(partners.select(Partner.id)))
    found = defaultdict(set)
    for partner_id, side, text in chosen.select(Action.partner, Action.side, Action.shared_text).tuples():
        found[partner_id].add((side, text))
    return found


def _next_visits(partners, today):
    """{partner id: (day, mode)} of the next visit that is planned; of a plan nothing else is for the partner."""
    query = (
        Visit.select(Visit.partner, Visit.planned_on, Visit.mode)
        .where(Visit.is_ahead() & (Visit.planned_on >= today) & Visit.partner.in_(partners.select(Partner.id)))
        .order_by(Visit.planned_on.desc(), Visit.id.desc())
    )
    return {partner_id: (planned_on, mode) for partner_id, planned_on, mode in query.tuples()}


def _tiers(partners, today):
    query = TierAssignment.as_of(today, TierAssignment.partner, Tier.name).join(Tier)
    query = query.where(TierAssignment.partner.in_(partners.select(Partner.id)))
    return {partner_id: in_languages(name, "") for partner_id, name in query.tuples()}


def _account_managers(partners, today):
    query = OwnerAssignment.as_of(today, OwnerAssignment.partner, User.name, User.phone, User.email).join(User)
    query = query.where(OwnerAssignment.partner.in_(partners.select(Partner.id)) & User.deactivated_at.is_null())
    return {partner_id: values.Contact(*contact) for partner_id, *contact in query.tuples()}
