"""Writes a migration from the difference between the models and what the migrations make: read it before you commit it.

The tables stand in the file as they are on that day, in peewee's own fields and with their checks, so that a migration
never changes when a model does."""

import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from peewee import CharField, ForeignKeyField
from playhouse.cysqlite_ext import CySqliteDatabase
from playhouse.migrations import Runner

from portal.operation.migrations import FOLDER
from portal.operation.schema import describe
from portal.records import AuditEvent
from portal.tables import TABLES

USAGE = "Usage: make migration NAME=what_is_new (or NAME=--first: the first one again, from nothing)"
FIRST = "0001_initial.py"
# Names of indexes as the models make them.
BASE = """
class Table(Model):
    class Meta:
        legacy_table_names = False
"""


def main(arguments):
    if len(arguments) != 1 or not re.fullmatch(r"--first|[a-z][a-z0-9_]{0,60}", arguments[0]):
        print(USAGE)
        return 2
    first = arguments[0] == "--first"
    if first and len(list(FOLDER.glob("0*.py"))) > 1:
        print("There are later migrations: the first one cannot be written again.")
        return 1
    text = written(TABLES, {}, "The first tables.") if first else difference(arguments[0])
    if not text:
        print("The models and the migrations agree: nothing to write.")
        return 0
    path = FOLDER / (FIRST if first else f"{len(list(FOLDER.glob('[0-9]*.py'))) + 1:04d}_{arguments[0]}.py")
    path.write_text(text)
    _format(path)
    print(
        f"Written: {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}. Read it, then commit."
    )
    return 0


def difference(name, folder=FOLDER, tables=TABLES):
    """The text of the migration that is missing, or "": what `folder` makes against what the models say."""
    with scratch_database() as migrated, scratch_database() as wanted:
        Runner(migrated, str(folder)).up()
        with wanted.bind_ctx(tables, bind_refs=False, bind_backrefs=False):
            wanted.create_tables(tables)
        before, after = (_without_triggers(describe(each)) for each in (migrated, wanted))
        old_columns = {table: [c.name for c in migrated.get_columns(table)] for table, _ in before}
    changed = {key[0] for key in {**before, **after} if before.get(key) != after.get(key)}
    dropped = sorted(changed - {table._meta.table_name for table in tables})
    touched = [table for table in tables if table._meta.table_name in changed]
    title = name.replace("_", " ").capitalize() + "."
    return written(touched, old_columns, title, dropped) if touched or dropped else ""


def written(tables, old_columns, title, dropped=()):
    """The text of a migration that makes those of `tables` that `old_columns` lacks and reshapes the others."""
    new = [table for table in tables if table._meta.table_name not in old_columns]
    changed = [table for table in tables if table not in new]
    bodies = [_class(table) for table in [*_stubs_first(tables), *tables]]
    steps = ["db.create_tables(NEW, safe=False)"] if new else []
    steps += ["refuse_changes(db)"] if AuditEvent in new else []
    steps += [f"reshape(db, {t.__name__}, {_fill(t, old_columns[t._meta.table_name])!r})" for t in changed]
    steps += [f"migrator.migrate(migrator.drop_table({table!r}))" for table in dropped]
    head = [f'"""{title}"""', "", *_imports(bodies, steps), BASE if bodies else ""]
    return "\n".join([*head, *bodies, *_up(new, steps)]) + "\n"


def _up(new, steps):
    names = ", ".join(table.__name__ for table in new)
    listed = [f"NEW = ({names},)", ""] if new else []
    if new:
        steps = ["with db.bind_ctx(NEW):", *[f"    {step}" for step in steps if "NEW" in step], *steps[1:]]
    return ["", *listed, "", "def up(migrator, db):", *[f"    {step}" for step in steps]]


def _imports(bodies, steps):
    words = set(re.findall(r"\b(\w+Field|Check|SQL)\(", "\n".join(bodies)))
    lines = [f"from peewee import {', '.join(sorted({'Model', *words}))}", ""] if bodies else []
    lines += ["from portal.accounts.audit import refuse_changes"] if "refuse_changes(db)" in steps else []
    lines += ["from portal.operation.reshape import reshape"] if "reshape(" in "".join(steps) else []
    return [*lines, ""]


def _stubs_first(tables):
    """Tables that are only pointed at: their name is enough."""
    pointed_at = {field.rel_model for table in tables for field in table._meta.sorted_fields if _is_key(field)}
    return [_Stub(table) for table in TABLES if table in pointed_at and table not in tables]


class _Stub:
    def __init__(self, table):
        self.name, self.table_name = table.__name__, table._meta.table_name


def _class(table):
    if isinstance(table, _Stub):
        return f'\nclass {table.name}(Table):\n    class Meta:\n        table_name = "{table.table_name}"\n'
    meta = table._meta
    lines = [f"    {field.name} = {_field(field)}" for field in meta.sorted_fields if not field.primary_key]
    about = [f'table_name = "{meta.table_name}"']
    if meta.indexes:
        about.append(f"indexes = {tuple((tuple(columns), unique) for columns, unique in meta.indexes)!r}")
    if meta.constraints:
        about.append(f"constraints = [{', '.join(_check(constraint) for constraint in meta.constraints)}]")
    return "\n".join(
        [f"\nclass {table.__name__}(Table):", *lines, "", "    class Meta:", *[f"        {a}" for a in about], ""]
    )


def _field(field):
    kind = next(base for base in type(field).__mro__ if base.__module__ == "peewee")
    options = []
    if _is_key(field):
        target = "self" if field.rel_model is field.model else None
        options += [repr(target) if target else field.rel_model.__name__, "backref='+'"]
        options += [f"on_delete={field.on_delete!r}"] if field.on_delete else []
        options += ["index=False"] if not field.index else []
    elif field.index and not field.unique:
        options.append("index=True")
    options += ["unique=True"] if field.unique else []
    options += ["null=True"] if field.null else []
    options += [f"max_length={field.max_length}"] if isinstance(field, CharField) and field.max_length != 255 else []
    options += [f"constraints=[{', '.join(map(_check, field.constraints))}]"] if field.constraints else []
    named = field.name if not _is_key(field) else f"{field.name}_id"
    options += [f"column_name={field.column_name!r}"] if field.column_name not in (named, field.name) else []
    return f"{kind.__name__}({', '.join(options)})"


def _is_key(field):
    return isinstance(field, ForeignKeyField)


def _check(constraint):
    inner = re.fullmatch(r"CHECK \((.*)\)", constraint.sql, re.S)
    return f"Check({inner[1]!r})" if inner else f"SQL({constraint.sql!r})"


def _fill(table, old_columns):
    """Values for rows that lack a new column: the model's default, where it is a plain one."""
    new = [field for name, field in table._meta.columns.items() if name not in old_columns]
    return {f.column_name: f.default for f in new if isinstance(f.default, (str, int, float, bool))}


def _without_triggers(described):
    return {key: texts for key, texts in described.items() if key[1] != "trigger"}


@contextmanager
def scratch_database():
    """An empty SQLite database that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        database = CySqliteDatabase(f"{folder}/scratch.sqlite", pragmas={"foreign_keys": 1})
        database.connect()
        try:
            yield database
        finally:
            database.close()


def _format(path):
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent))
    if ruff:
        subprocess.run([ruff, "check", "-q", "--select", "I", "--fix", path], check=True)  # noqa: S603 - our own tool
        subprocess.run([ruff, "format", "-q", path], check=True)  # noqa: S603 - our own tool


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
