"""What a migration calls to change a table that exists: another shape that keeps the rows."""

from portal.db import is_sqlite


def reshape(db, model, fill=None):
    """Gives an existing table the shape of `model` and keeps its rows.

    `fill`: column → value for rows that lack it. Columns that `model` does not have are dropped with what they hold."""
    with db.bind_ctx([model]):
        (_remake if is_sqlite(db) else _alter)(db, model, fill or {})


def _remake(db, model, fill):
    """SQLite alters neither checks nor types: a new table beside the old, the rows copied, then its name taken over.

    In this order, with foreign keys off, references of other tables stay as they are."""
    meta, table = model._meta, model._meta.table_name
    triggers = _triggers(db, table)
    kept = [column.name for column in db.get_columns(table) if column.name in meta.columns]
    added = [name for name in meta.columns if name not in kept and name in fill]
    meta.set_table_name(f"new_{table}")
    model._schema.create_table(safe=False)
    names = ", ".join(f'"{name}"' for name in kept + added)
    values = ", ".join([f'"{name}"' for name in kept] + ["?"] * len(added))
    copy = f'INSERT INTO "new_{table}" ({names}) SELECT {values} FROM "{table}"'  # noqa: S608 - our own columns
    db.execute_sql(copy, [meta.columns[name].db_value(fill[name]) for name in added])
    db.execute_sql(f'DROP TABLE "{table}"')
    db.execute_sql(f'ALTER TABLE "new_{table}" RENAME TO "{table}"')
    meta.set_table_name(table)
    model._schema.create_indexes(safe=False)
    for trigger in triggers:
        db.execute_sql(trigger)


def _triggers(db, table):
    query = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
    return [sql for (sql,) in db.execute_sql(query, [table]).fetchall()]


def _alter(db, model, fill):
    """PostgreSQL: the columns one by one, then all checks, keys and indexes anew from the model."""
    table = model._meta.table_name
    present = {column.name for column in db.get_columns(table)}
    constraints = "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'f')"
    for (name,) in db.execute_sql(constraints, [f'"{table}"']).fetchall():
        db.execute_sql(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
    for index in db.get_indexes(table):
        if not index.name.endswith("_pkey"):
            db.execute_sql(f'DROP INDEX "{index.name}"')
    for name in sorted(present - set(model._meta.columns)):
        db.execute_sql(f'ALTER TABLE "{table}" DROP COLUMN "{name}"')
    for name, field in model._meta.columns.items():
        if not field.primary_key:
            _alter_column(db, table, field, name in present, fill)
    _checks_and_keys(db, model)
    model._schema.create_indexes(safe=False)


def _alter_column(db, table, field, is_present, fill):
    context = db.get_sql_context()
    kind = context.sql(field.ddl_datatype(context)).query()[0]
    column = f'"{field.column_name}"'
    if is_present:
        db.execute_sql(f'ALTER TABLE "{table}" ALTER {column} TYPE {kind} USING {column}::{kind}')
    else:
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN {column} {kind}')
    if field.column_name in fill:
        value = field.db_value(fill[field.column_name])
        db.execute_sql(f'UPDATE "{table}" SET {column} = %s WHERE {column} IS NULL', [value])  # noqa: S608
    db.execute_sql(f'ALTER TABLE "{table}" ALTER {column} {"DROP" if field.null else "SET"} NOT NULL')


def _checks_and_keys(db, model):
    """Named as PostgreSQL names them when the table is made at once, so that both ways lead to the same schema."""
    table = model._meta.table_name
    for field in model._meta.sorted_fields:
        for constraint in field.constraints or ():
            db.execute_sql(f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_{field.column_name}_check" {constraint.sql}')
        if hasattr(field, "rel_model"):
            deletes = f" ON DELETE {field.on_delete}" if field.on_delete else ""
            db.execute_sql(
                f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_{field.column_name}_fkey" FOREIGN KEY '
                f'("{field.column_name}") REFERENCES "{field.rel_model._meta.table_name}" ("id"){deletes}'
            )
    for constraint in model._meta.constraints or ():
        db.execute_sql(f'ALTER TABLE "{table}" ADD {constraint.sql}')
