"""What a database looks like, described so that two can be compared."""

import re

from portal.db import is_sqlite

# Made and kept by libraries: the history of migrations and the queue of background work.
FOREIGN_TABLES = ("schema_migration", "kv", "schedule", "task", "counter")

_POSTGRESQL = {
    "column": """
        SELECT table_name, column_name || ' ' || data_type || coalesce('(' || character_maximum_length || ')', '')
               || ' null:' || is_nullable || ' default:' || coalesce(column_default, '')
        FROM information_schema.columns WHERE table_schema = current_schema()""",
    "constraint": """
        SELECT conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND contype <> 'n'""",
    "index": "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = current_schema()",
    "trigger": """
        SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal""",
}


def describe(database):
    """{(table, kind): sorted texts} of all tables that are ours."""
    rows = _of_sqlite(database) if is_sqlite(database) else _of_postgresql(database)
    described = {}
    for table, kind, text in rows:
        if table.strip('"') not in FOREIGN_TABLES:
            described.setdefault((table.strip('"'), kind), []).append(text)
    return {key: sorted(texts) for key, texts in described.items()}


def _of_sqlite(database):
    # SQLite keeps the statement itself, with every type, check and key in it.
    query = "SELECT tbl_name, type, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
    return [(table, kind, re.sub(r"\s+", " ", sql)) for table, kind, sql in database.execute_sql(query).fetchall()]


def _of_postgresql(database):
    return [
        (table, kind, text)
        for kind, query in _POSTGRESQL.items()
        for table, text in database.execute_sql(query).fetchall()
    ]
