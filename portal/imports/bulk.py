"""Inserting thousands of rows at once: peewee builds a syntax tree for every value, which takes ten times as long."""

from peewee import Node

from portal.db import database
from portal.records import Record

# PostgreSQL takes at most 65,535 values in one statement, SQLite 32,766.
MOST_VALUES = 30_000


def new_row(table, stamp):
    """The columns of a row before anything is said about it: what peewee fills in for a single row."""
    values = {name: None for name in table._meta.fields if name != "id"}
    values |= {field.name: value for field, value in table._meta.defaults.items() if not callable(value)}
    if issubclass(table, Record):
        values |= {"created_at": stamp.at, "created_by": stamp.user_id}
        values |= {"updated_at": stamp.at, "updated_by": stamp.user_id}
    return values


def insert(table, names, rows, *, with_ids=False):
    """Stores rows of values in the order of `names`; with `with_ids` returns their ids, in the order of the rows."""
    columns = [table._meta.fields[name] for name in names]
    at_once = max(1, MOST_VALUES // len(columns))
    ids = []
    for start in range(0, len(rows), at_once):
        ids += _insert(table, columns, rows[start : start + at_once], with_ids)
    return ids


def _insert(table, columns, rows, with_ids):
    values = [column.db_value(value) for row in rows for column, value in zip(columns, row, strict=True)]
    if any(isinstance(value, Node) for value in values):
        raise TypeError(f"{table.__name__} has a column that only peewee itself can write")
    # Names come from the tables' own declaration and every value is a parameter.
    named = ", ".join(f'"{column.column_name}"' for column in columns)
    one_row = f"({', '.join([database.param] * len(columns))})"
    sql = f'INSERT INTO "{table._meta.table_name}" ({named}) VALUES {", ".join([one_row] * len(rows))}'  # noqa: S608
    if not with_ids:
        database.execute_sql(sql, values)
        return []
    # Both databases number the rows of one statement upwards, but may give them back in any order.
    return sorted(row_id for (row_id,) in database.execute_sql(f'{sql} RETURNING "id"', values).fetchall())
