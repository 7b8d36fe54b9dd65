"""Commands that keep the portal alive: back up, restore, examine, run a job."""

import contextlib
import sys

import click
from peewee import PeeweeException
from tqdm import tqdm

from portal import read_only
from portal.db import connect, database
from portal.i18n import translations
from portal.operation import backup, backup_check, doctor, jobs
from portal.operation.command_line import busy, now, open_database, stamp
from portal.operation.restore import restore as restore_backup
from portal.records import AuditEvent
from portal.settings import SETTINGS

MARKS = {doctor.OK: "ok  ", doctor.WARN: "warn", doctor.BAD: "BAD "}


@click.command(name="backup")
@click.option("--rows", "as_rows", is_flag=True, help="As rows instead of SQLite's file: for the move to PostgreSQL")
@click.pass_obj
def make_backup(settings, as_rows):
    """Back up database and files, restore the backup aside, check it, and keep it.

    The secret key is not part of it: without it everybody signs in again, and nothing else is lost."""
    open_database(settings)
    with busy("Backing up and checking"):
        made = backup.make(settings, now(), "by-hand", as_rows=as_rows)
    click.echo(f"{made} ({made.size / 1024**2:.1f} MB), restored and checked.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
def check_backup(file):
    """Restore FILE into a scratch place and say what it holds; changes nothing."""
    with busy("Restoring aside"):
        said = backup_check.check(file)
    click.echo(f"{file} is whole: {said}.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.pass_obj
def restore(settings, file):
    """Restore FILE into an empty data folder (PORTAL_DATA) and an empty database."""
    with tqdm(unit=" rows", desc="Restoring", delay=2, leave=False, disable=None) as bar:
        manifest = restore_backup(settings, file, bar.update)
    AuditEvent.write(stamp(), "backup.restore", details={"made_at": manifest["made_at"]})
    click.echo(f"Restored the backup of {manifest['made_at']} into {settings.data}.")
    click.echo("Start the portal, then publish: partner pages are drawn anew.")


@click.command(name="doctor")
@click.pass_obj
def examine(settings):
    """Look at everything that could go wrong; exit code 1 when something is bad."""
    connect(settings.database_url)
    with contextlib.suppress(PeeweeException):
        database.connect(reuse_if_open=True)
    english = translations("en")
    worst = doctor.OK
    for finding in doctor.findings(settings, now()):
        click.echo(f"{MARKS[finding.state]}  {finding.title}: {finding.text.said(english)}")
        if finding.way_out:
            click.echo(f"      → {finding.way_out.said(english)}")
        worst = doctor.BAD if doctor.BAD in (worst, finding.state) else finding.state
    sys.exit(1 if worst == doctor.BAD else 0)


@click.command()
@click.pass_obj
def resume(settings):
    """Write again after read-only mode, if the database passes its check."""
    connect(settings.database_url)
    database.connect(reuse_if_open=True)
    with busy("Checking the whole database"):
        read_only.end(settings)
    click.echo("The database is sound. Changes are stored again.")


@click.command()
@click.argument("name", type=click.Choice(sorted(jobs.BY_NAME)))
@click.pass_obj
def job(settings, name):
    """Run one background job now."""
    open_database(settings)
    with busy(jobs.BY_NAME[name].label):
        said = jobs.run(name, settings, now())
    click.echo(said)


@click.command()
def settings():
    """Print all settings as the table of the README."""
    click.echo("| variable | default | meaning |\n|---|---|---|")
    for setting in SETTINGS:
        default = f"`{setting.default}`" if setting.default else ""
        click.echo(f"| `{setting.name}` | {default} | {setting.meaning} |")


COMMANDS = (make_backup, check_backup, restore, examine, resume, job, settings)
