"""The `portal` command: reads what was typed, calls one function, prints what came of it."""

import contextlib
import os
import sys
from datetime import UTC, datetime

import click
from peewee import PeeweeException
from tqdm import tqdm

from portal import read_only
from portal.accounts import set_up, throttle
from portal.accounts.models import User, normal_email
from portal.db import connect, database
from portal.disk import DiskFull
from portal.i18n import translations
from portal.operation import archive, backup, backup_check, doctor, jobs, migrations, server
from portal.operation.restore import NotEmpty, restore as restore_backup
from portal.records import AuditEvent, Stamp
from portal.settings import SETTINGS, SettingsError, read_settings

# What somebody can put right: said in one line, without a traceback.
MISTAKES = (
    SettingsError,
    migrations.NewerDatabase,
    migrations.NotMigrated,
    backup.BackupFailed,
    archive.Damaged,
    NotEmpty,
    DiskFull,
    server.PortTaken,
    read_only.StillDamaged,
)
MARKS = {doctor.OK: "ok  ", doctor.WARN: "warn", doctor.BAD: "BAD "}


class Commands(click.Group):
    """A group whose mistakes end with one line on standard error and exit code 2."""

    def invoke(self, context):
        try:
            return super().invoke(context)
        except MISTAKES as mistake:
            click.echo(f"portal: {mistake}", err=True)
        except PeeweeException as trouble:
            click.echo(f"portal: the database does not answer: {trouble}. Run: portal doctor", err=True)
        except OSError as trouble:
            click.echo(f"portal: {trouble}", err=True)
        context.exit(2)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="partner-portal", message="%(version)s")
@click.pass_context
def main(context):
    """The partner portal: visits, coverage, scorecards and the pages that partners read.

    Settings come from the environment; `portal settings` explains each of them."""
    # What the portal writes is for its own user only.
    os.umask(0o077)
    if context.invoked_subcommand != "settings" and not _only_asks_for_help():
        context.obj = read_settings()


def _only_asks_for_help():
    return any(argument in ("-h", "--help") for argument in sys.argv[1:])


# --- running ------------------------------------------------------------------------------------------------------


@main.command()
@click.option("--web-only", is_flag=True, help="Without the background worker; start that apart with: portal work")
@click.pass_obj
def serve(settings, web_only):
    """Run the portal: migrate, then web server and background worker.

    The first start prints a one-time link that sets the portal up."""
    server.require_free_port(settings)
    _migrate(settings)
    _say_where(settings)
    database.close()
    if web_only:
        server.serve_web(settings)
    else:
        sys.exit(server.serve(settings))


@main.command()
@click.pass_obj
def work(settings):
    """Run only the background worker: mail, backups, publications."""
    _open(settings)
    database.close()
    server.work(settings)


def _say_where(settings):
    token = set_up.begin(_now())
    if token:
        click.secho(f"\n  Set the portal up here, once: {settings.public_url}/set-up/{token}\n", bold=True)
    click.echo(f"  The portal answers on {settings.public_url}   (end it with Ctrl-C)\n")


# --- setting up ---------------------------------------------------------------------------------------------------


@main.command()
@click.pass_obj
def setup(settings):
    """Print a new one-time link that sets the portal up; earlier ones end."""
    _migrate(settings)
    token = set_up.begin(_now())
    if token is None:
        click.echo("The portal is set up already. Who forgot the password asks for a new one at the sign-in page.")
        return
    click.echo(f"{settings.public_url}/set-up/{token}")


@main.command()
@click.pass_obj
def migrate(settings):
    """Bring the database to this version; backs it up first."""
    names = _migrate(settings)
    click.echo(f"Applied: {', '.join(names)}" if names else "Nothing to do.")


@main.command()
@click.argument("email")
@click.pass_obj
def unlock(settings, email):
    """Let EMAIL sign in again after too many wrong passwords."""
    _open(settings)
    user = User.by_email(email)
    if user is None:
        _refuse(f"Nobody signs in with {normal_email(email)}. Look at the address under Users.")
    with database.atomic():
        removed = throttle.unlock(user.email)
        AuditEvent.write(_stamp(), "user.unlock", user)
    click.echo(f"{user.name} may sign in again ({removed or 0} failed tries forgotten).")


# --- keeping ------------------------------------------------------------------------------------------------------


@main.command(name="backup")
@click.option("--rows", "as_rows", is_flag=True, help="As rows instead of SQLite's file: for the move to PostgreSQL")
@click.pass_obj
def make_backup(settings, as_rows):
    """Back up database and files, restore the backup aside, check it, and keep it.

    The secret key is not part of it: without it everybody signs in again, and nothing else is lost."""
    _open(settings)
    with _busy("Backing up and checking"):
        made = backup.make(settings, _now(), "by-hand", as_rows=as_rows)
    click.echo(f"{made} ({made.size / 1024**2:.1f} MB), restored and checked.")


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
def check_backup(file):
    """Restore FILE into a scratch place and say what it holds; changes nothing."""
    with _busy("Restoring aside"):
        said = backup_check.check(file)
    click.echo(f"{file} is whole: {said}.")


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.pass_obj
def restore(settings, file):
    """Restore FILE into an empty data folder (PORTAL_DATA) and an empty database."""
    with tqdm(unit=" rows", desc="Restoring", delay=2, leave=False) as bar:
        manifest = restore_backup(settings, file, bar.update)
    AuditEvent.write(_stamp(), "backup.restore", details={"made_at": manifest["made_at"]})
    click.echo(f"Restored the backup of {manifest['made_at']} into {settings.data}.")
    click.echo("Start the portal, then publish: partner pages are drawn anew.")


@main.command(name="doctor")
@click.pass_obj
def examine(settings):
    """Look at everything that could go wrong; exit code 1 when something is bad."""
    connect(settings.database_url)
    with contextlib.suppress(PeeweeException):
        database.connect(reuse_if_open=True)
    english = translations("en")
    worst = doctor.OK
    for finding in doctor.findings(settings, _now()):
        click.echo(f"{MARKS[finding.state]}  {finding.title}: {finding.text.said(english)}")
        if finding.way_out:
            click.echo(f"      → {finding.way_out.said(english)}")
        worst = doctor.BAD if doctor.BAD in (worst, finding.state) else finding.state
    sys.exit(1 if worst == doctor.BAD else 0)


@main.command()
@click.pass_obj
def resume(settings):
    """Write again after read-only mode, if the database passes its check."""
    connect(settings.database_url)
    database.connect(reuse_if_open=True)
    with _busy("Checking the whole database"):
        read_only.end(settings)
    click.echo("The database is sound. Changes are stored again.")


@main.command()
@click.argument("name", type=click.Choice(sorted(jobs.BY_NAME)))
@click.pass_obj
def job(settings, name):
    """Run one background job now."""
    _open(settings)
    with _busy(jobs.BY_NAME[name].label):
        said = jobs.run(name, settings, _now())
    click.echo(said)


@main.command()
def settings():
    """Print all settings as the table of the README."""
    click.echo("| variable | default | meaning |\n|---|---|---|")
    for setting in SETTINGS:
        default = f"`{setting.default}`" if setting.default else ""
        click.echo(f"| `{setting.name}` | {default} | {setting.meaning} |")


# --- shared -------------------------------------------------------------------------------------------------------


def _open(settings):
    """Connects to a database that fits this version."""
    connect(settings.database_url)
    database.connect(reuse_if_open=True)
    migrations.check()


def _migrate(settings):
    connect(settings.database_url)
    database.connect(reuse_if_open=True)
    return migrations.migrate(settings, before=lambda: backup.make(settings, _now(), "before-migration"))


def _now():
    return datetime.now(UTC)


def _stamp():
    return Stamp(_now())


def _refuse(text):
    click.echo(f"portal: {text}", err=True)
    sys.exit(2)


@contextlib.contextmanager
def _busy(what):
    """Says what is going on where somebody watches; steps whose length nobody knows show the time that passed."""
    with tqdm(desc=what, bar_format="{desc} … {elapsed}", delay=0.5, leave=False, disable=not sys.stderr.isatty()):
        yield


if __name__ == "__main__":
    main()
