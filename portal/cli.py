"""The `portal` command: reads what was typed, calls one function, prints what came of it."""

import os
import sys

import click

from portal.accounts import set_up, throttle
from portal.accounts.models import User, Workspace, normal_email
from portal.db import database
from portal.demo import demo as demo_data
from portal.operation import server
from portal.operation.command_line import Commands, Steps, migrate_database, now, open_database, refuse, stamp
from portal.operation.commands import COMMANDS
from portal.operation.import_command import import_
from portal.publishing import publication
from portal.records import AuditEvent
from portal.settings import read_settings

SHOWN_PROBLEMS = 20
SHOWN_PEOPLE = 8


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="partner-portal", message="%(version)s")
@click.pass_context
def main(context):
    """The partner portal: visits, coverage, scorecards and the pages that partners read.

    Settings come from the environment; `portal settings` explains each of them."""
    # What the portal writes is for its own user only.
    os.umask(0o077)
    asks_for_help = any(argument in ("-h", "--help") for argument in sys.argv[1:])
    if context.invoked_subcommand not in ("settings", "check-backup") and not asks_for_help:
        context.obj = read_settings()


for command in (*COMMANDS, import_):
    main.add_command(command)


# --- running ------------------------------------------------------------------------------------------------------


@main.command()
@click.option("--web-only", is_flag=True, help="Without the background worker; start that apart with: portal work")
@click.pass_obj
def serve(settings, web_only):
    """Run the portal: migrate, then web server and background worker.

    The first start prints a one-time link that sets the portal up."""
    server.require_free_port(settings)
    migrate_database(settings)
    server.make_queue(settings).make_tables()
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
    open_database(settings)
    database.close()
    server.work(settings)


def _say_where(settings):
    token = set_up.begin(now())
    if token:
        click.secho(f"\n  Set the portal up here, once: {settings.public_url}/set-up/{token}\n", bold=True)
    click.echo(f"  The portal answers on {settings.public_url}   (end it with Ctrl-C)\n")


# --- setting up ---------------------------------------------------------------------------------------------------


@main.command()
@click.pass_obj
def setup(settings):
    """Print a new one-time link that sets the portal up; earlier ones end."""
    migrate_database(settings)
    token = set_up.begin(now())
    if token is None:
        click.echo("The portal is set up already. Who forgot the password asks for a new one at the sign-in page.")
        return
    click.echo(f"{settings.public_url}/set-up/{token}")


@main.command()
@click.pass_obj
def migrate(settings):
    """Bring the database to this version; backs it up first."""
    names = migrate_database(settings)
    click.echo(f"Applied: {', '.join(names)}" if names else "Nothing to do.")


@main.command()
@click.argument("email")
@click.pass_obj
def unlock(settings, email):
    """Let EMAIL sign in again after too many wrong passwords."""
    open_database(settings)
    user = User.by_email(email)
    if user is None:
        refuse(f"Nobody signs in with {normal_email(email)}. Look at the address under Users.")
    with database.atomic():
        throttle.unlock(user.email)
        AuditEvent.write(stamp(), "user.unlock", user)
    click.echo(f"{user.name} may sign in again.")


# --- filling ------------------------------------------------------------------------------------------------------


@main.command()
@click.pass_obj
def demo(settings):
    """Fill an empty portal with a made-up workspace, publish its pages, and print who can sign in."""
    migrate_database(settings)
    kept = settings.data / "demo-sign-in.txt"
    if not kept.exists():
        with Steps() as steps:
            filled = demo_data.fill(stamp(), now().date(), steps)
            made = publication.publish(stamp(), settings, steps)
        _say_problems(made)
        kept.write_text(_who_signs_in(filled, settings))
    click.echo(kept.read_text())


def _who_signs_in(filled, settings):
    lines = [f"  {user.email:<42} {user.title or user.role}" for user in filled.people[:SHOWN_PEOPLE]]
    counts = ", ".join(f"{number} {what}" for what, number in filled.counts.items())
    gate = (
        f"  A partner reads its page at {settings.site_url}/my/ as {filled.reader}",
        f"  The link that it asks for there is not mailed: it lies in {settings.outbox} within a minute.",
    )
    password = f"  Password of all: {filled.password}"
    return "\n".join([f"Made up: {counts}.", "", *lines, "", password, "", *gate])


# --- publishing ---------------------------------------------------------------------------------------------------


@main.command()
@click.option("--approve", is_flag=True, help="First approve every page that waits for nothing else")
@click.pass_obj
def publish(settings, approve):
    """Publish every partner page that nothing blocks."""
    open_database(settings)
    if Workspace.get_only() is None:
        refuse("The portal is not set up yet. Run: portal setup")
    if approve:
        with database.atomic():
            approved = publication.approve_waiting(stamp())
        click.echo(f"Approved {approved} pages.")
    with Steps() as steps:
        made = publication.publish(stamp(), settings, steps)
    _say_problems(made)
    if made.state == "failed":
        refuse(f"Nothing was published: {publication.reason_of(made)}")
    if made.state == "unchanged":
        click.echo("Nothing has changed since the last publication.")
    else:
        click.echo(f"Publication {made.number}: {made.partners} partners, {made.pages} pages.")


def _say_problems(made):
    """What stopped a publication, for whoever has to reword it."""
    for kind, path, words in made.report.get("problems", ())[:SHOWN_PROBLEMS]:
        click.echo(f"{kind} in {path}: {' '.join(words)}", err=True)


@main.command()
@click.option("--to", type=int, default=None, help="Which release; the one before unless told")
@click.pass_obj
def rollback(settings, to):
    """Show an earlier release of the partner pages again."""
    open_database(settings)
    number = publication.roll_back(stamp(), settings, to)
    click.echo(f"Readers see release {number} again.")


if __name__ == "__main__":
    main()
