"""The command that takes files in: `portal import`."""

from pathlib import Path

import click

from portal.accounts.models import Workspace
from portal.demo.adventureworks import import_channel
from portal.importables import IMPORTABLES
from portal.imports.command import import_file
from portal.imports.runner import BadRows, NotReady
from portal.operation.command_line import Steps, now, open_database, refuse, stamp
from portal.spreadsheets import ENCODINGS

SHOWN_PROBLEMS = 20
CHANNEL = "channel"
DELIMITERS = {"semicolon": ";", "tab": "\t", "bar": "|", "comma": ","}


def _pairs(_context, _option, given):
    """FIELD=COLUMN as a dict; a column's name may hold further equals signs."""
    for pair in given:
        if "=" not in pair:
            raise click.BadParameter(f"“{pair}” is not FIELD=COLUMN.")
    return dict(pair.split("=", 1) for pair in given)


@click.command(name="import")
@click.argument("kind", type=click.Choice([*IMPORTABLES, CHANNEL]))
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--map", "mapping", multiple=True, metavar="FIELD=COLUMN", callback=_pairs, help="Which column holds a field"
)
@click.option("--delimiter", default="", type=click.Choice(["", *DELIMITERS]), help="What stands between the columns")
@click.option("--encoding", default="", type=click.Choice(["", *ENCODINGS]), help="What the letters are written in")
@click.option("--decimal", default="", type=click.Choice(["", ".", ","]), help="What stands before decimals")
@click.option(
    "--days", default="", type=click.Choice(["", "dmy", "mdy", "ymd"]), help="Days like 05/06/2026: what comes first"
)
@click.option("--good-only", is_flag=True, help="Store the good rows and leave out the bad ones")
@click.pass_obj
def import_(settings, kind, path, delimiter, **choices):
    """Import a file of one KIND, or a whole channel: a folder with regions, people, resellers, targets and sales.

    Columns are recognised by name, and how the file is written by what stands in it; the options stand over both.
    Nothing is stored when a row is bad, unless --good-only. The same file twice changes nothing; a whole import is
    taken back on the page Import."""
    open_database(settings)
    if Workspace.get_only() is None:
        refuse("The portal is not set up yet. Run: portal setup")
    _fit(kind, path)
    with Steps() as steps:
        if kind == CHANNEL:
            done = import_channel(stamp(), path, now().date(), steps)
        else:
            done = [_imported(kind, path, steps, delimiter=DELIMITERS.get(delimiter, ""), **choices)]
    for batch, outcome in done:
        click.echo(
            f"{batch.kind}: {outcome.rows} rows, {outcome.created} new, {outcome.updated} changed, "
            f"{outcome.unchanged} unchanged, {outcome.refused} refused"
        )


def _fit(kind, path):
    if kind == CHANNEL and not path.is_dir():
        refuse(f"{path} is no folder. Name the folder in which the files of the channel lie.")
    if kind != CHANNEL and path.is_dir():
        refuse(f"{path} is a folder. Name the file in it that holds the {kind.replace('_', ' ')}.")


def _imported(kind, path, steps, **choices):
    def progress(done, total):
        steps(kind, done, total)

    try:
        return import_file(stamp(), IMPORTABLES[kind], path, now().date(), progress=progress, **choices)
    except NotReady as wanting:
        steps.close()
        for problem in wanting.problems:
            click.echo(f"{problem.field or 'file'}: {problem.message}", err=True)
        refuse("The file cannot be read yet. Say it with --map FIELD=COLUMN, --decimal or --days. Nothing was stored.")
    except BadRows as bad:
        steps.close()
        for problem in bad.outcome.problems[:SHOWN_PROBLEMS]:
            click.echo(f"line {problem.line}, {problem.field or 'row'}: {problem.message}", err=True)
        refuse(f"{bad}. Correct them, or store the others with --good-only. Nothing was stored.")
