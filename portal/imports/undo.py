"""Takes a whole import back: what was there before returns, and what somebody changed since is left and listed."""

from dataclasses import dataclass
from datetime import date, datetime

from peewee import DateField, fn

from portal.db import UTCDateTimeField, database
from portal.imports.models import ImportChange
from portal.imports.writer import as_json
from portal.records import Record

IN_ONE_STATEMENT = 500


@dataclass(frozen=True)
class Left:
    """A row that an undo left as it is, and the columns that were changed since; none: others use it by now."""

    table: str
    row_id: int
    columns: tuple = ()


def undo(batch, tables, stamp, after_undo=None):
    """Takes the batch back in one transaction and returns what was Left.

    `tables`: every table that an import may write; `after_undo(batch_lineage)` recounts what was summed from rows that
    named the batch, and gets their queries before they go."""
    by_name = {table.__name__: table for table in tables}
    with database.atomic():
        left = []
        changes = list(ImportChange.select().where(ImportChange.batch == batch).order_by(ImportChange.id.desc()))
        recount = after_undo(batch) if after_undo else None
        for change in changes:
            if change.before is not None and change.after is not None:
                left += _restore(by_name[change.table], change, stamp)
        left += _remove_lineage(batch, tables)
        left += _remove_made(by_name, [change for change in changes if change.before is None])
        for change in changes:
            if change.after is None:
                _bring_back(by_name[change.table], change, stamp)
        if recount:
            recount()
        batch.change(stamp, action="import.undo", state="undone", undone_at=stamp.at)
    return left


def _restore(table, change, stamp):
    """Gives a changed row its earlier values, column by column; a column that was changed since keeps its value."""
    row = table.get_or_none(table.id == change.row_id)
    if row is None:
        return [Left(change.table, change.row_id)]
    now = {name: as_json(row.__data__[name]) for name in change.after}
    since = tuple(name for name, value in change.after.items() if now[name] != value)
    restored = {name: _value(table, name, change.before[name]) for name in change.after if name not in since}
    if restored:
        if issubclass(table, Record):
            restored |= {"updated_at": stamp.at, "updated_by": stamp.user_id, "version": table.version + 1}
        table.update(**restored).where(table.id == row.id).execute()
    return [Left(change.table, change.row_id, since)] if since else []


def _remove_made(by_name, changes):
    """Deletes the rows that the import made, unless they were changed or others have come to use them."""
    left = []
    for change in changes:
        table = by_name[change.table]
        row = table.get_or_none(table.id == change.row_id)
        if row is None:
            continue
        since = tuple(name for name, value in change.after.items() if as_json(row.__data__[name]) != value)
        if since or _in_use(table, row.id):
            left.append(Left(change.table, change.row_id, since))
        else:
            row.delete_instance()
    return left


def _remove_lineage(batch, tables):
    """Deletes the rows that still name the batch: it made them, and nobody has changed them since."""
    for table in tables:
        if "batch" in table._meta.fields:
            restored = ImportChange.select(ImportChange.row_id).where(
                (ImportChange.batch == batch) & (ImportChange.table == table.__name__)
            )
            table.delete().where((table.batch == batch) & table.id.not_in(restored)).execute()
    return []


def _in_use(table, row_id):
    return any(
        column.model.select(fn.COUNT(column.model.id)).where(column == row_id).scalar()
        for column in table._meta.backrefs
    )


def _bring_back(table, change, stamp):
    values = {name: _value(table, name, value) for name, value in change.before.items()}
    if issubclass(table, Record):
        values |= {"created_at": stamp.at, "created_by": stamp.user_id}
        values |= {"updated_at": stamp.at, "updated_by": stamp.user_id}
    table.insert(id=change.row_id, **values).execute()


def _value(table, name, value):
    """A column's value from the JSON that kept it."""
    column = table._meta.fields[name]
    if value is None:
        return None
    if isinstance(column, UTCDateTimeField):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column, DateField) else value
