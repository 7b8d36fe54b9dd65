"""Reading the audit lines within one's rights, and the hash chain that shows whether somebody changed them (AL-1)."""

import hashlib
import json
from datetime import timedelta

from peewee import fn

from portal.accounts.models import AuditSeal, User
from portal.accounts.permissions import ALL, OWN, TEAM
from portal.db import database, is_sqlite
from portal.i18n import N_, Message
from portal.records import AuditEvent

# A transaction that began earlier may still store lines with lower numbers; after this time none is left.
SETTLED_AFTER = timedelta(hours=1)
FIRST_HASH = "0" * 64


def readable_by(user):
    """The lines that this user may read: the own ones, the team's, or all (spec/7-bar.md AZ-3)."""
    if user.relation("audit.read") == ALL:
        return AuditEvent.select()
    people = actors_readable_by(user).select(User.id)
    return AuditEvent.select().where((AuditEvent.actor_kind == "user") & AuditEvent.actor_id.in_(people))


def actors_readable_by(user):
    """The users whose lines this user may read; nobody's without a relation."""
    relation = user.relation("audit.read")
    if relation == ALL:
        return User.select()
    if relation == TEAM:
        return User.select().where(User.id.in_(User.team_of(user)))
    return User.select().where(User.id == (user.id if relation == OWN else None))


def seal(now):
    """Adds a link to the chain over the lines that have settled; how many it holds. A job calls it."""
    last = AuditSeal.select().order_by(AuditSeal.last_event_id.desc()).first()
    after = last.last_event_id if last else 0
    until = (
        AuditEvent.select(fn.MAX(AuditEvent.id))
        .where((AuditEvent.id > after) & (AuditEvent.at <= now - SETTLED_AFTER))
        .scalar()
    )
    if until is None:
        return 0
    digest, events = _chained(last.hash if last else FIRST_HASH, after, until)
    AuditSeal.create(first_event_id=after + 1, last_event_id=until, events=events, hash=digest, sealed_at=now)
    return events


def verify():
    """What is wrong with the chain: messages, none if every sealed line is as it was sealed."""
    problems, previous, after = [], FIRST_HASH, 0
    for link in AuditSeal.select().order_by(AuditSeal.last_event_id):
        digest, events = _chained(previous, after, link.last_event_id)
        lines = {"first": link.first_event_id, "last": link.last_event_id}
        if link.first_event_id != after + 1:
            problems.append(Message(N_("A seal before audit line %(first)s is missing."), lines))
        elif events != link.events:
            lines |= {"missing": link.events - events}
            problems.append(Message(N_("Audit lines %(first)s to %(last)s: %(missing)s are missing."), lines))
        elif digest != link.hash:
            problems.append(Message(N_("Audit lines %(first)s to %(last)s were changed after sealing."), lines))
        previous, after = link.hash, link.last_event_id
    return problems


def _chained(previous, after, until):
    """(hash, number) of the lines after one id up to another, chained to the hash before."""
    digest, events = hashlib.sha256(previous.encode()), 0
    lines = AuditEvent.select().where((AuditEvent.id > after) & (AuditEvent.id <= until)).order_by(AuditEvent.id)
    for event in lines.iterator():
        digest.update(_canonical(event))
        events += 1
    return digest.hexdigest(), events


def _canonical(event):
    values = [
        event.id,
        event.at.isoformat(),
        event.actor_kind,
        event.actor_id,
        event.ip,
        event.action,
        event.object_type,
        event.object_id,
        event.details,
        event.result,
    ]
    return json.dumps(values, sort_keys=True, ensure_ascii=True).encode()


# --- append-only --------------------------------------------------------------------------------------------------

REFUSALS = (
    """CREATE TRIGGER IF NOT EXISTS audit_is_not_changed BEFORE UPDATE ON audit_event
       BEGIN SELECT RAISE(ABORT, 'audit lines are append-only'); END""",
    """CREATE TRIGGER IF NOT EXISTS audit_is_not_deleted BEFORE DELETE ON audit_event
       BEGIN SELECT RAISE(ABORT, 'audit lines are append-only'); END""",
)
POSTGRESQL_REFUSALS = (
    """CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'audit lines are append-only'; END $$""",
    """CREATE OR REPLACE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
       FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()""",
)


def refuse_changes(db=database):
    """Makes the database itself refuse to change or delete a line. A migration calls it after making the table."""
    for statement in REFUSALS if is_sqlite(db) else POSTGRESQL_REFUSALS:
        db.execute_sql(statement)
