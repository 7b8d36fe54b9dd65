"""The one way in which an import stores rows: compared with what is there, written in bulk, and remembered for undo."""

from collections import defaultdict
from datetime import date, datetime

from peewee import Model, chunked, sort_models

from portal.imports import bulk
from portal.imports.models import ImportChange
from portal.records import Record

CHANGES_AT_ONCE = 500
# What every Record has beside its own columns.
BOOKKEEPING = ("id", "created_at", "created_by", "updated_at", "updated_by", "version")


class Entry:
    """A row as this run knows it: what is stored, or what will be. Stands for the row in foreign keys."""

    __slots__ = ("id", "is_new", "made_here", "removed", "table", "values")

    def __init__(self, table, values, *, is_new):
        self.table, self.values, self.is_new = table, values, is_new
        self.made_here, self.removed = is_new, False
        self.id = values.get("id")


class Writer:
    """Rows come in through `put`, `assign` and `drop`; `flush` writes what is new. In a dry run nothing is written."""

    def __init__(self, stamp, today, batch_id=None, *, dry=False):
        self.stamp, self.today, self.batch_id, self.dry = stamp, today, batch_id, dry
        self.touched = False  # was anything made or changed since it was last set to False?
        self._known = {}  # (table, columns) → key → Entry
        self._entries = defaultdict(dict)  # table → id → Entry: one row, one entry, however it is found
        self._histories = {}  # assignment table → partner id → its entries
        self._new = defaultdict(list)
        self._templates = {}
        self._changes = []

    # --- finding -------------------------------------------------------------------------------------------------

    def load(self, table, columns, where=None):
        """Reads the stored rows by these columns; with `where` only those, and forgets the ones read before."""
        if where is not None:
            self._entries[table].clear()
        index = self._known[table, columns] = {}
        for values in _rows(table, where):
            entry = self._entry(table, values)
            index.setdefault(_key(entry.values, columns), entry)

    def find(self, table, **key):
        columns = tuple(key)
        if (table, columns) not in self._known:
            self.load(table, columns)
        entry = self._known[table, columns].get(tuple(_plain(value) for value in key.values()))
        return None if entry is None or entry.removed else entry

    def _entry(self, table, values):
        known = self._entries[table]
        if values["id"] not in known:
            known[values["id"]] = Entry(table, values, is_new=False)
        return known[values["id"]]

    # --- storing -------------------------------------------------------------------------------------------------

    def put(self, table, key, found=None, lineage=None, **fields):
        entry = found or self.find(table, **key)
        fields = {**key, **fields}
        if entry is None:
            return self._make(table, {**fields, **(lineage or {})})
        changed = {name: value for name, value in fields.items() if _plain(entry.values[name]) != _plain(value)}
        if changed:
            self._change(entry, {**changed, **(lineage or {})})
        return entry

    def assign(self, table, owner, value, from_on):
        """The bulk form of `Assignment.assign`: the same value again changes nothing; later rows give way."""
        given = {"partner": owner, "from_on": from_on, table.what: value}
        if owner.made_here:
            self._make(table, given)
            return
        history = self._history(table)[owner.id]
        held = next((row for row in history if _holds(row.values, from_on)), None)
        if held and _plain(held.values[table.what]) == _plain(value):
            return
        for later in [row for row in history if row.values["from_on"] >= from_on]:
            self.drop(table, later)
            history.remove(later)
        if held in history and held.values["from_on"] < from_on:
            self._change(held, {"until_on": from_on})
        history.append(self._make(table, given))

    def drop(self, table, entry):
        entry.removed = self.touched = True
        if entry.is_new:
            self._new[table].remove(entry)
        elif not self.dry:
            self._remember(entry, before=_stored(table, entry.values), after=None)
            table.delete().where(table.id == entry.id).execute()

    def _history(self, table):
        if table not in self._histories:
            self._histories[table] = defaultdict(list)
            for values in _rows(table):
                self._histories[table][values["partner"]].append(self._entry(table, values))
        return self._histories[table]

    def _make(self, table, fields):
        entry = Entry(table, {**self._new_row(table), **fields}, is_new=True)
        for (known_table, columns), index in self._known.items():
            if known_table is table:
                index.setdefault(_key(entry.values, columns), entry)
        self._new[table].append(entry)
        self.touched = True
        return entry

    def _change(self, entry, changed):
        self.touched = True
        before = {name: entry.values[name] for name in changed}
        entry.values.update(changed)
        if entry.is_new or self.dry:
            return
        if any(isinstance(value, Entry) and value.is_new for value in changed.values()):
            self.flush()
        table = entry.table
        stored = {name: _plain(value) for name, value in changed.items()}
        if issubclass(table, Record):
            stored |= {"updated_at": self.stamp.at, "updated_by": self.stamp.user_id, "version": table.version + 1}
        table.update(**stored).where(table.id == entry.id).execute()
        if not entry.made_here:
            self._remember(entry, before=_stored(table, before), after=_stored(table, changed))

    def _new_row(self, table):
        if table not in self._templates:
            self._templates[table] = bulk.new_row(table, self.stamp)
        return self._templates[table]

    # --- writing -------------------------------------------------------------------------------------------------

    def flush(self):
        """Writes what is new, tables that others point to first, and what must be remembered of it."""
        if self.dry:
            return
        waiting = {table: entries for table, entries in self._new.items() if entries}
        self._new.clear()
        for table in sort_models(waiting):
            self._insert(table, waiting[table])
        self._write_changes()

    def _insert(self, table, entries):
        names = [name for name in table._meta.fields if name != "id"]
        rows = [[_plain(entry.values[name]) for name in names] for entry in entries]
        if _keeps_lineage(table):
            bulk.insert(table, names, rows)
        else:
            for entry, row_id in zip(entries, bulk.insert(table, names, rows, with_ids=True), strict=True):
                entry.id = entry.values["id"] = row_id
                self._entries[table][row_id] = entry
                self._remember(entry, before=None, after=_stored(table, entry.values))
        for entry in entries:
            entry.is_new = False

    def _remember(self, entry, before, after):
        self._changes.append((self.batch_id, entry.table.__name__, entry.id, before, after))

    def _write_changes(self):
        columns = [getattr(ImportChange, name) for name in ("batch", "table", "row_id", "before", "after")]
        for part in chunked(self._changes, CHANGES_AT_ONCE):
            ImportChange.insert_many(part, fields=columns).execute()
        self._changes.clear()


def _rows(table, where=None):
    """The stored rows as dicts, without the bookkeeping: reading its moments would take longer than all the rest."""
    columns = [column for name, column in table._meta.fields.items() if name == "id" or name not in BOOKKEEPING]
    query = table.select(*columns)
    return (query if where is None else query.where(where)).dicts().iterator()


def _keeps_lineage(table):
    """A row that names its batch is its own lineage: what an import made is found without an ImportChange."""
    return "batch" in table._meta.fields


def _holds(values, day):
    return values["from_on"] <= day and (values["until_on"] is None or values["until_on"] > day)


def _key(values, columns):
    return tuple(_plain(values[column]) for column in columns)


def _plain(value):
    """A row or an entry stands for its id; an entry that has none yet stands for itself."""
    if isinstance(value, Entry):
        return value if value.id is None else value.id
    return value.id if isinstance(value, Model) else value


def _stored(table, values):
    """The values as an ImportChange keeps them, without the bookkeeping."""
    return {name: as_json(value) for name, value in values.items() if name not in BOOKKEEPING}


def as_json(value):
    value = _plain(value)
    return value.isoformat() if isinstance(value, (date, datetime)) else value
