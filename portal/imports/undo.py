"""Takes a whole import back: what was there before returns, and what somebody changed since is left and listed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from peewee import DateField, chunked, sort_models

from portal.db import UTCDateTimeField, database, fold
from portal.imports.models import ImportChange
from portal.imports.writer import as_json
from portal.records import Record, SearchedRecord

IN_ONE_STATEMENT = 500
DERIVED = ("search", "sort_name")


@dataclass(frozen=True)
class Left:
    """A row that an undo left as it is, and the columns that were changed since; none: others use it by now."""

    table: str
    row_id: int
    columns: tuple = ()


def undo(batch, importable, stamp):
    """Takes the batch back in one transaction; gives what was Left, and keeps it with the batch."""
    with database.atomic():
        changes = _changes_by_table(batch, importable.tables)
        recount = importable.recount(batch, stamp) if importable.recount else None
        left = [each for table in changes for each in _restore_changed(table, changes[table], stamp)]
        for table in reversed(sort_models(importable.tables)):
            _remove_lineage(table, batch)
            left += _remove_made(table, [change for change in changes[table] if change.before is None])
        for table in sort_models(importable.tables):
            _bring_back(table, [change for change in changes[table] if change.after is None], stamp)
        if recount:
            recount()
        kept = [[each.table, each.row_id, list(each.columns)] for each in left]
        batch.change(stamp, action="import.undo", state="undone", undone_at=stamp.at, left=kept)
    return left


def _changes_by_table(batch, tables):
    """Table → its changes, the last first."""
    by_name = {table.__name__: table for table in tables}
    changes = defaultdict(list)
    for change in ImportChange.select().where(ImportChange.batch == batch).order_by(ImportChange.id.desc()):
        changes[by_name[change.table]].append(change)
    return changes


def _restore_changed(table, changes, stamp):
    """Gives changed rows their earlier values, column by column; a column that was changed since keeps its value."""
    for change in changes:
        if change.before is None or change.after is None:
            continue
        row = table.select().where(table.id == change.row_id).dicts().first()
        if row is None:
            yield Left(table.__name__, change.row_id)
            continue
        since = _changed_since(row, change)
        restored = {name: _value(table, name, old) for name, old in change.before.items() if name not in since}
        if restored:
            restored |= _derived(table, {**row, **restored})
            table.update(**restored, **_touched(table, stamp)).where(table.id == change.row_id).execute()
        if since:
            yield Left(table.__name__, change.row_id, since)


def _remove_lineage(table, batch):
    """Deletes the rows that still name the batch: it made them, and nobody has changed them since."""
    if "batch" in table._meta.fields:
        changed = ImportChange.select(ImportChange.row_id).where(
            (ImportChange.batch == batch) & (ImportChange.table == table.__name__)
        )
        table.delete().where((table.batch == batch) & table.id.not_in(changed)).execute()


def _remove_made(table, changes):
    """Deletes the rows that the import made, unless they were changed or others have come to use them."""
    for part in chunked(changes, IN_ONE_STATEMENT):
        ids = [change.row_id for change in part]
        rows = {row["id"]: row for row in table.select().where(table.id.in_(ids)).dicts()}
        used = _in_use(table, ids)
        free = []
        for change in part:
            since = _changed_since(rows[change.row_id], change) if change.row_id in rows else ()
            if since or change.row_id in used:
                yield Left(table.__name__, change.row_id, since)
            else:
                free.append(change.row_id)
        table.delete().where(table.id.in_(free)).execute()


def _in_use(table, ids):
    """The ids among these that a row of any table points to."""
    return {
        row_id
        for column in table._meta.backrefs
        # A class that others inherit from, as the assignments do, has no table of its own.
        if not column.model.__subclasses__()
        for (row_id,) in column.model.select(column).where(column.in_(ids)).distinct().tuples()
    }


def _bring_back(table, changes, stamp):
    """Stores again, under their ids, the rows that the import had removed."""
    for change in changes:
        values = {name: _value(table, name, value) for name, value in change.before.items()}
        values |= _touched(table, stamp, is_new=True)
        table.insert(id=change.row_id, **values).execute()


def _changed_since(row, change):
    """The columns that hold something else than the import gave them."""
    return tuple(name for name, given in change.after.items() if as_json(row[name]) != given and name not in DERIVED)


def _derived(table, values):
    """What a row is found and sorted by follows its values, whichever of them were restored."""
    if not issubclass(table, SearchedRecord):
        return {}
    sorted_by = {"sort_name": fold(values["name"])[:200]} if "sort_name" in values else {}
    return {"search": table.search_text(values), **sorted_by}


def _touched(table, stamp, *, is_new=False):
    if not issubclass(table, Record):
        return {}
    changed = {"updated_at": stamp.at, "updated_by": stamp.user_id}
    if is_new:
        return changed | {"created_at": stamp.at, "created_by": stamp.user_id, "version": 1}
    return changed | {"version": table.version + 1}


def _value(table, name, value):
    """A column's value from the JSON that kept it."""
    column = table._meta.fields[name]
    if value is None:
        return None
    if isinstance(column, UTCDateTimeField):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column, DateField) else value
