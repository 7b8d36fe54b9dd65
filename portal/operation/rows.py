"""Every row of every table as one line of JSON: how PostgreSQL is backed up, and how SQLite moves to it.

Asks the database and not the models, so that a database can be backed up before it is migrated to them."""

import gzip
import json
import os
from datetime import date, datetime

from peewee import chunked
from playhouse.cysqlite_ext import CySqliteDatabase

from portal.db import database, is_sqlite, read_snapshot
from portal.operation.schema import FOREIGN_TABLES

BATCH = 200


def write(path):
    """Writes all rows of one moment, tables in the order in which they can be put back; returns the rows a table."""
    counts = {}
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as raw, gzip.open(raw, "wt", compresslevel=1) as out, read_snapshot():
        for table in tables_in_order(database):
            counts[table] = 0
            for row in _rows(table):
                out.write(json.dumps([table, row], default=str, ensure_ascii=False) + "\n")
                counts[table] += 1
    return counts


def read(path, progress=lambda done: None):
    """Puts all rows into the empty tables of the open database, in one transaction."""
    shapes = {table: _Shape(table) for table in tables_in_order(database)}
    with gzip.open(path, "rt") as lines, database.atomic():
        for chunk in chunked(map(json.loads, lines), BATCH):
            for table, row in chunk:
                shapes[table].put(row)
            progress(len(chunk))
        for shape in shapes.values():
            shape.finish()


def counts(db):
    """Rows a table of an open database."""
    return {table: _scalar(db, f'SELECT count(*) FROM "{table}"') for table in tables_in_order(db)}  # noqa: S608


def counts_of(path):
    """Rows a table of a SQLite file, read beside whatever this process has open."""
    scratch = CySqliteDatabase(str(path))
    with scratch.connection_context():
        return counts(scratch)


def tables_in_order(db):
    """Our tables, each after those that it points to."""
    tables = sorted(table for table in db.get_tables() if table not in FOREIGN_TABLES)
    needed = {table: {key.dest_table for key in db.get_foreign_keys(table)} - {table} for table in tables}
    ordered = []
    while len(ordered) < len(tables):
        ready = [table for table in tables if table not in ordered and needed[table] <= set(ordered)]
        if not ready:
            raise ValueError(f"tables that point to each other: {sorted(set(tables) - set(ordered))}")
        ordered += ready
    return ordered


def _rows(table):
    cursor = database.execute_sql(f'SELECT * FROM "{table}" ORDER BY id')  # noqa: S608 - our own tables
    names = [column[0] for column in cursor.description]
    for values in cursor:
        yield {name: _plain(value) for name, value in zip(names, values, strict=True)}


def _plain(value):
    # As peewee stores moments in SQLite: a space, and no zone because all of them are UTC.
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else value


def _scalar(db, query):
    return db.execute_sql(query).fetchone()[0]


class _Shape:
    """One table that is being filled."""

    def __init__(self, table):
        self.table = table
        columns = database.get_columns(table)
        self.names = [column.name for column in columns]
        self.booleans = {column.name for column in columns if column.data_type.lower().startswith("bool")}
        self.own = [key.column for key in database.get_foreign_keys(table) if key.dest_table == table]
        self.later = []
        marks = ", ".join([database.param] * len(self.names))
        names = ", ".join(f'"{name}"' for name in self.names)
        self.insert = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608 - our own tables

    def put(self, row):
        """Stores one row; what points to a row of the same table, which may come later, waits."""
        for name in self.own:
            if row[name] is not None:
                self.later.append((name, row[name], row["id"]))
                row[name] = None
        database.execute_sql(self.insert, [self._stored(name, row[name]) for name in self.names])

    def _stored(self, name, value):
        if isinstance(value, (dict, list)):
            return json.dumps(value)
        return bool(value) if name in self.booleans and value is not None else value

    def finish(self):
        for name, value, row_id in self.later:
            update = f'UPDATE "{self.table}" SET "{name}" = {database.param} WHERE id = {database.param}'  # noqa: S608
            database.execute_sql(update, [value, row_id])
        if not is_sqlite():
            # PostgreSQL counts ids apart from the rows.
            highest = _scalar(database, f'SELECT max(id) FROM "{self.table}"')  # noqa: S608
            sequence = f"pg_get_serial_sequence('\"{self.table}\"', 'id')"
            database.execute_sql(f"SELECT setval({sequence}, {highest or 1}, {highest is not None})")
