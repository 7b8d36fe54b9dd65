"""Every row of every table as one line of JSON: how PostgreSQL is backed up, and how SQLite moves to it."""

import gzip
import json
import os
from datetime import date, datetime

from peewee import DateField, DateTimeField, chunked
from playhouse.cysqlite_ext import CySqliteDatabase

from portal.db import database, is_sqlite, read_snapshot
from portal.tables import TABLES

BATCH = 200


def write(path):
    """Writes all rows of one moment, tables in the order in which they can be put back; returns the rows a table."""
    counts = {}
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as raw, gzip.open(raw, "wt", compresslevel=1) as out, read_snapshot():
        for table in TABLES:
            name, counts[name] = table._meta.table_name, 0
            for row in table.select().order_by(table.id).dicts().iterator():
                out.write(json.dumps([name, row], default=_plain, ensure_ascii=False) + "\n")
                counts[name] += 1
    return counts


def read(path, progress=lambda done: None):
    """Puts all rows into the empty tables of the open database, in one transaction; returns the rows a table."""
    counts = dict.fromkeys((table._meta.table_name for table in TABLES), 0)
    by_name = {table._meta.table_name: table for table in TABLES}
    later = []
    with gzip.open(path, "rt") as lines, database.atomic():
        for name, rows in _batches(lines):
            table = by_name[name]
            values = [_values(table, row) for row in rows]
            later += [(table, row["id"], own) for row in values if (own := _take_own_references(table, row))]
            table.insert_many(values).execute()
            counts[name] += len(rows)
            progress(len(rows))
        for table, row_id, own in later:
            table.update(**own).where(table.id == row_id).execute()
        _continue_numbers()
    return counts


def counts_of(path):
    """Rows a table of a SQLite file, read beside whatever this process has open."""
    scratch = CySqliteDatabase(str(path))
    with scratch.connection_context():
        return {
            table._meta.table_name: scratch.execute_sql(
                f'SELECT count(*) FROM "{table._meta.table_name}"'  # noqa: S608 - names of our own tables
            ).fetchone()[0]
            for table in TABLES
        }


def _plain(value):
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a backup")


def _batches(lines):
    """(table name, up to BATCH rows) as they follow each other."""
    for chunk in chunked(map(json.loads, lines), BATCH):
        by_table = {}
        for name, row in chunk:
            by_table.setdefault(name, []).append(row)
        yield from by_table.items()


def _values(table, row):
    return {name: _moment(table._meta.fields[name], value) for name, value in row.items()}


def _moment(field, value):
    if value is None:
        return None
    if isinstance(field, DateTimeField):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(field, DateField) else value


def _take_own_references(table, row):
    """Takes out what points to a row of the same table, which may come later: {column: id}."""
    own = [f.name for f in table._meta.sorted_fields if getattr(f, "rel_model", None) is table and row.get(f.name)]
    taken = {name: row[name] for name in own}
    row.update(dict.fromkeys(own))
    return taken


def _continue_numbers():
    """PostgreSQL counts ids apart from the rows."""
    if is_sqlite():
        return
    for table in TABLES:
        name = table._meta.table_name
        database.execute_sql(
            f"SELECT setval(pg_get_serial_sequence('\"{name}\"', 'id'), "  # noqa: S608 - names of our own tables
            f'coalesce((SELECT max(id) FROM "{name}"), 1), EXISTS (SELECT 1 FROM "{name}"))'
        )
