"""Prepares the demo workspace for the browser: one of each role with a known password, and rows with trying names.

Prints as JSON who may sign in, and the ids with which every page can be opened.
"""

import json
from datetime import UTC, datetime, timedelta

from peewee import fn

from portal.accounts.models import Leave, Region, Team, User
from portal.accounts.passwords import hashed
from portal.actions.models import Action
from portal.cadence.counting import counting
from portal.db import connect, database
from portal.imports.models import ImportBatch
from portal.kpis.models import Kpi, KpiActual, KpiTarget
from portal.partners.models import (
    ClassAssignment,
    Contact,
    OwnerAssignment,
    Partner,
    PartnerClass,
    StatusAssignment,
    Tier,
)
from portal.propositions.models import Proposition
from portal.publishing.models import PageApproval
from portal.publishing.publication import publish
from portal.records import Stamp
from portal.settings import read_settings
from portal.visits.models import Visit

FIRST_OF = {
    "region_id": Region,
    "tier_id": Tier,
    "leave_id": Leave,
    "class_id": PartnerClass,
    "kpi_id": Kpi,
    "target_id": KpiTarget,
    "batch_id": ImportBatch,
}
PASSWORD = "Lingonberries on a tray, 42"
LONG_NAME = "Aktiebolaget " + "Nordskandinaviska" * 11
ODD_NAMES = (
    LONG_NAME[:200],
    "شركة الشمال للتجارة والتوزيع المحدودة",
    "🏔️ Höyry & Söner 👩‍👩‍👧‍👦 ÅÄÖ — “Quotes” <b>",
)
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3


def prepare(settings, now):
    """Who may sign in, the ids that pages are opened with, and the partner that the walk visits."""
    with database.atomic():
        made = _rows(now)
    publication = publish(Stamp(now), settings)
    assert publication.state == "published", publication.failure
    made["known"]["publication_id"] = publication.id
    return made


def _rows(now):
    today, stamp = now.date(), Stamp(now)
    pam = _pam_with_a_team(today)
    walk = _not_visited_lately(pam, today)
    for user in (pam, pam.team.manager, *_one_of("leadership"), *_one_of("admin")):
        user.change(stamp, password_hash=hashed(PASSWORD), password_changed_at=now, locale="en")
    odd = [_odd_partner(stamp, name, pam, today) for name in ODD_NAMES]
    PageApproval.give(stamp, Partner.select().where(Partner.id.in_([walk.id, *(partner.id for partner in odd)])))
    return {
        **{role: _sign_in(user) for role, user in _roles(pam)},
        "known": _known(odd[0], pam),
        "odd": [partner.id for partner in odd],
        "walk": {"id": walk.id, "name": walk.name},
    }


def _pam_with_a_team(today):
    """A PAM whose team has a manager and whose portfolio is the largest."""
    teams = Team.select(Team.id).where(Team.manager_id.is_null(False))
    pams = list(User.select().where((User.role == "pam") & User.team.in_(teams) & User.deactivated_at.is_null()))
    return max(pams, key=lambda user: Partner.visible_to(user, today).count())


def _one_of(role):
    return User.select().where((User.role == role) & User.deactivated_at.is_null()).order_by(User.id).limit(1)


def _not_visited_lately(pam, today):
    """A partner in coverage with many figures of its own, which a visit today turns from not seen into seen."""
    lately = counting(today - timedelta(days=100), today + timedelta(days=1)).alias("lately")
    planned = StatusAssignment.as_of(today - timedelta(days=400), StatusAssignment.partner)
    classes = PartnerClass.select(PartnerClass.id).where(PartnerClass.code.in_(("A", "B", "C")))
    classed = ClassAssignment.as_of(today - timedelta(days=100), ClassAssignment.partner)
    found = Partner.visible_to(pam, today).where(
        Partner.id.in_(planned.where(StatusAssignment.status == "active"))
        & Partner.id.in_(classed.where(ClassAssignment.partner_class.in_(classes)))
        & Partner.id.in_(KpiActual.select(KpiActual.partner))
        & Partner.id.not_in(lately.select_from(lately.c.partner_id))
    )
    figures = KpiActual.select(KpiActual.partner, fn.COUNT(KpiActual.id)).group_by(KpiActual.partner)
    number_of = dict(figures.tuples())
    return max(found.order_by(Partner.sort_name), key=lambda partner: number_of[partner.id])


def _roles(pam):
    return (
        ("pam", pam),
        ("manager", pam.team.manager),
        ("leadership", _one_of("leadership").get()),
        ("admin", _one_of("admin").get()),
    )


def _sign_in(user):
    return {"id": user.id, "email": user.email, "password": PASSWORD, "name": user.name}


def _odd_partner(stamp, name, owner, today):
    """A partner with a contact, a visit and promises whose texts are as trying as its name."""
    partner = Partner.add(stamp, name=name, city=name[:80], country="SE", phone="+46 19 123 45 67")
    OwnerAssignment.assign(stamp, partner, owner, today - timedelta(days=400))
    ClassAssignment.assign(stamp, partner, PartnerClass.select().order_by(PartnerClass.rank).get(), today)
    contact = Contact.add(stamp, partner=partner, name=name, title=LONG_WORD, email="someone@odd.example")
    facts = {"partner": partner, "owner": owner, "mode": "on_site"}
    Visit.add(stamp, state="held", held_on=today - timedelta(days=3), logged_at=stamp.at, note=LONG_WORD, **facts)
    Visit.add(stamp, state="planned", planned_on=today + timedelta(days=3), purpose=LONG_WORD, goal=LONG_WORD, **facts)
    promise = {"partner": partner, "shared_text": LONG_WORD, "due_on": today + timedelta(days=9)}
    Action.add(stamp, side="vendor", user=owner, original_due_on=promise["due_on"], **promise)
    Action.add(stamp, side="partner", contact=contact, original_due_on=promise["due_on"], **promise)
    Proposition.write(stamp, partner, "en", f"# {name}\n\n{LONG_WORD}").approve(stamp)
    return partner


def _known(partner, pam):
    """{name of a part of an address: a value that is there}"""
    return {
        "partner_id": partner.id,
        "contact_id": Contact.get(Contact.partner == partner).id,
        "visit_id": Visit.get((Visit.partner == partner) & (Visit.state == "planned")).id,
        "action_id": Action.get(Action.partner == partner).id,
        "user_id": pam.id,
        "team_id": pam.team_id,
        **{name: _first(table) for name, table in FIRST_OF.items()},
    }


def _first(table):
    return table.select(table.id).order_by(table.id).scalar()


if __name__ == "__main__":
    chosen = read_settings()
    connect(chosen.database_url)
    database.connect()
    print(json.dumps(prepare(chosen, datetime.now(UTC))))
