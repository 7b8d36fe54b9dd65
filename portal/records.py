"""Rows that remember: who made and changed them, their version, and the audit line of each change."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from peewee import CharField, ForeignKeyField, IntegerField, JSONField, Model, TextField

from portal.db import CodeField, InternalJSON, PublishedText, Table, UTCDateTimeField, fold

ACTORS = ("user", "reader", "command", "job", "stranger")
RESULTS = ("done", "denied", "failed")


@dataclass(frozen=True)
class Stamp:
    """Who does something, when, and from where. Every verb that writes takes one."""

    at: datetime
    actor_kind: str = "command"
    actor_id: int | None = None
    ip: str = ""

    @property
    def user_id(self):
        return self.actor_id if self.actor_kind == "user" else None


class Stale(Exception):
    """The row was changed by somebody else since it was shown. `row` is what is stored now."""

    def __init__(self, row):
        super().__init__(f"{type(row).__name__} {row.id} is now at version {row.version}")
        self.row = row


class AuditEvent(Table):
    """One thing that happened. Append-only: the database itself refuses to change or delete a line."""

    at = UTCDateTimeField(index=True)
    actor_kind = CodeField(ACTORS)
    actor_id = IntegerField(null=True)
    ip = CharField(default="")
    action = CharField()
    object_type = CharField(default="")
    object_id = IntegerField(null=True)
    details = InternalJSON(default=dict)
    result = CodeField(RESULTS, default="done")

    class Meta:
        indexes = ((("object_type", "object_id"), False), (("actor_kind", "actor_id", "at"), False))

    @classmethod
    def write(cls, stamp, action, row=None, details=None, result="done"):
        return cls.create(
            at=stamp.at,
            actor_kind=stamp.actor_kind,
            actor_id=stamp.actor_id,
            ip=stamp.ip,
            action=action,
            object_type=type(row).__name__ if row is not None else "",
            object_id=row.id if row is not None else None,
            details=details or {},
            result=result,
        )


class Record(Table):
    """A table whose rows know their maker and version; `add` and `change` write the audit line with the change."""

    created_at = UTCDateTimeField()
    created_by = IntegerField(null=True)
    updated_at = UTCDateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField(default=1)

    @classmethod
    def add(cls, stamp, *, action=None, **fields):
        row = cls.create(
            created_at=stamp.at, created_by=stamp.user_id, updated_at=stamp.at, updated_by=stamp.user_id, **fields
        )
        AuditEvent.write(stamp, action or f"{cls.__name__}.add", row, {"after": cls.audited(fields)})
        return row

    def change(self, stamp, *, version=None, action=None, **fields):
        """Stores the fields that differ. With `version`, only if the row is still as it was shown; else Stale."""
        if version is not None and version != self.version:
            raise Stale(type(self).get_by_id(self.id))
        before = {name: _plain(getattr(self, name)) for name in fields}
        changed = {name: value for name, value in fields.items() if before[name] != _plain(value)}
        if not changed:
            return self
        table = type(self)
        done = (
            table.update(version=self.version + 1, updated_at=stamp.at, updated_by=stamp.user_id, **changed)
            .where((table.id == self.id) & (table.version == self.version))
            .execute()
        )
        if not done:
            raise Stale(table.get_by_id(self.id))
        for name, value in changed.items():
            setattr(self, name, value)
        self.version += 1
        self.updated_at, self.updated_by = stamp.at, stamp.user_id
        details = {
            "before": self.audited({name: before[name] for name in changed}),
            "after": self.audited(changed),
        }
        AuditEvent.write(stamp, action or f"{table.__name__}.change", self, details)
        return self

    def remove(self, stamp, *, action=None):
        AuditEvent.write(stamp, action or f"{type(self).__name__}.remove", self)
        self.delete_instance()

    @classmethod
    def audited(cls, fields):
        """The values as an audit line may hold them: texts that are not public only as a fingerprint."""
        return {name: _auditable(cls._meta.fields.get(name), _plain(value)) for name, value in fields.items()}


class SearchedRecord(Record):
    """A record that is found by words: its column `search` follows the folded text of its SEARCHED columns."""

    SEARCHED: tuple = ()

    @classmethod
    def add(cls, stamp, **fields):
        return super().add(stamp, **{**fields, "search": cls.search_text(fields)})

    def change(self, stamp, **fields):
        if fields.keys() & set(self.SEARCHED):
            fields["search"] = self.search_text({name: getattr(self, name) for name in self.SEARCHED} | fields)
        return super().change(stamp, **fields)

    @classmethod
    def search_text(cls, fields):
        """What bulk work stores in `search` beside these values."""
        text = fold(" ".join(fields.get(name) or "" for name in cls.SEARCHED))
        return text[: getattr(cls._meta.fields["search"], "max_length", None)]


def _plain(value):
    return value.id if isinstance(value, Model) else value


def _auditable(column, value):
    readable = isinstance(column, (CharField, PublishedText)) and not _is_secret(column)
    if isinstance(value, str) and isinstance(column, (TextField, CharField)) and not readable:
        return "sha256:" + hashlib.sha256(value.encode()).hexdigest()[:16]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(column, (JSONField, ForeignKeyField)) or value is None or isinstance(value, (str, int, float)):
        return value
    return str(value)


def _is_secret(column):
    return column.name.endswith("_hash")
