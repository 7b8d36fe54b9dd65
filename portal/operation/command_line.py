"""What all commands share: mistakes end with one line, long steps show that they go on."""

import contextlib
import sys
from datetime import UTC, datetime

import click
from peewee import PeeweeException
from tqdm import tqdm

from portal import read_only
from portal.db import connect, database
from portal.demo import demo
from portal.disk import DiskFull
from portal.imports.runner import BadRows, NotReady
from portal.operation import archive, backup, migrations, server
from portal.operation.restore import NotEmpty
from portal.publishing.publication import Busy
from portal.records import Stamp
from portal.settings import SettingsError
from portal.spreadsheets import Unreadable
from site_build.release import Refused

# What somebody can put right: said in one line, without a traceback.
MISTAKES = (
    SettingsError,
    migrations.NewerDatabase,
    migrations.NotMigrated,
    backup.BackupFailed,
    archive.Damaged,
    NotEmpty,
    demo.NotEmpty,
    DiskFull,
    server.PortTaken,
    read_only.StillDamaged,
    Unreadable,
    NotReady,
    BadRows,
    Refused,
    OSError,
)


class Commands(click.Group):
    """A group whose mistakes end with one line on standard error and exit code 2."""

    def invoke(self, context):
        try:
            return super().invoke(context)
        except Busy:
            refuse("Somebody is publishing, rolling back or withdrawing right now. Try again when that is done.")
        except PeeweeException as trouble:
            refuse(f"the database does not answer as it should: {trouble}. Run: portal doctor")
        except MISTAKES as mistake:
            refuse(str(mistake))


def refuse(text):
    """Ends the command: what is wrong and what to do about it, in one line."""
    click.echo(f"portal: {text}", err=True)
    sys.exit(2)


def open_database(settings):
    """Connects to a database that fits this version."""
    connect(settings.database_url)
    database.connect(reuse_if_open=True)
    migrations.check()


def migrate_database(settings):
    """Brings the database to this version and backs it up before; the names of what was applied."""
    connect(settings.database_url)
    database.connect(reuse_if_open=True)
    with busy("Preparing the database"):
        return migrations.migrate(settings, before=lambda: backup.make(settings, now(), "before-migration"))


def now():
    return datetime.now(UTC)


def stamp():
    return Stamp(now())


@contextlib.contextmanager
def busy(what):
    """Says what is going on where somebody watches; steps whose length nobody knows show the time that passed."""
    with tqdm(desc=what, bar_format="{desc} … {elapsed}", delay=0.5, leave=False, disable=None):
        yield


class Steps:
    """A bar for work of several steps: called with the step's name, how much is done and how much there is."""

    def __init__(self):
        self.name, self.bar = None, None

    def __call__(self, name, done, total):
        if name != self.name:
            self.close()
            self.name = name
            self.bar = tqdm(desc=str(name).replace("_", " "), total=total, delay=1, leave=False, disable=None)
        self.bar.total = total
        self.bar.update(done - self.bar.n)

    def close(self):
        if self.bar is not None:
            self.bar.close()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.close()
