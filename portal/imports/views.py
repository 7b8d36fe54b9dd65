"""Pages of imports: start one, see what it would do, store it, take it back."""

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for

from portal import web
from portal.accounts.models import User
from portal.accounts.permissions import requires
from portal.db import database
from portal.imports import runner, waiting
from portal.imports.forms import ReadingForm, UploadForm
from portal.imports.models import STATES, ImportBatch
from portal.imports.reading import open_file, samples
from portal.imports.undo import undo as take_back
from portal.spreadsheets import Unreadable, write_csv, write_xlsx

blueprint = Blueprint("imports", __name__, url_prefix="/imports")

LARGEST_FILE = 64  # megabytes
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def importables():
    return current_app.extensions["importables"]


def folder():
    return web.settings().data / "imports"


def batch_or_404(batch_id):
    return web.row_or_404(ImportBatch.select(), batch_id)


@blueprint.get("/")
@requires("import.run")
def overview():
    return _overview(UploadForm(importables(), kind=request.args.get("kind")))


@blueprint.post("/")
@requires("import.run", own_transaction=True, megabytes=LARGEST_FILE)
def upload():
    form = UploadForm(importables())
    if form.validate_on_submit():
        path = waiting.keep(folder(), form.file.data.stream)
        name = form.file.data.filename or ""
        try:
            batch = waiting.begin(importables()[form.kind.data], path, name, web.stamp(), web.today())
        except Unreadable as unreadable:
            path.unlink()
            form.file.errors = [_said(unreadable.message)]
        else:
            return redirect(url_for("imports.batch", batch_id=batch.id), 303)
    return _overview(form), 400


def _overview(form):
    page = web.page_of(ImportBatch.newest_first())
    people = {user.id: user.name for user in User.select(User.id, User.name)}
    return render_template(
        "imports/overview.html", form=form, page=page, people=people, importables=importables(), states=STATES
    )


@blueprint.get("/<int:batch_id>")
@requires("import.run")
def batch(batch_id):
    row = batch_or_404(batch_id)
    importable = importables()[row.kind]
    problems = [runner.kept_problem(kept) for kept in row.problems]
    labels = {each.name: each.label for each in importable.fields}
    page = {"batch": row, "importable": importable, "problems": problems, "labels": labels, "states": STATES}
    if row.state != "checked":
        return render_template("imports/done.html", **page)
    try:
        sheet = open_file(waiting.path_of(folder(), row), row.reading["delimiter"], row.reading["encoding"])
        found = samples(sheet)
    except (Unreadable, FileNotFoundError):
        return render_template("imports/gone.html", **page)
    form = ReadingForm(data=row.reading)
    return render_template("imports/waiting.html", form=form, samples=found, **page)


@blueprint.post("/<int:batch_id>/reading")
@requires("import.run", own_transaction=True)
def read_again(batch_id):
    """Examines the file with the columns and styles that were chosen."""
    row = _waiting_or_409(batch_id)
    importable = importables()[row.kind]
    path = waiting.path_of(folder(), row)
    choices = {name: request.form.get(name, "") for name in waiting.CHOICES}
    try:
        mapping = None if _is_other_layout(row, choices) else _chosen_mapping(importable, path, choices)
        examined = waiting.examine(importable, path, web.stamp(), web.today(), mapping, choices)
    except Unreadable as unreadable:
        web.note(_said(unreadable.message), "bad")
    except FileNotFoundError:
        web.note(web._("The file is no longer there. Choose it again."), "bad")
    else:
        with database.atomic():
            row.change(web.stamp(), action="import.check", **examined)
    return redirect(url_for("imports.batch", batch_id=row.id), 303)


def _is_other_layout(row, choices):
    """With another delimiter or encoding the columns have other names: the mapping is guessed anew."""
    return any(choices[name] and choices[name] != row.reading[name] for name in ("delimiter", "encoding"))


def _chosen_mapping(importable, path, choices):
    columns = open_file(path, choices["delimiter"], choices["encoding"]).columns()
    chosen = {each.name: request.form.get(f"column-{each.name}", "") for each in importable.fields}
    return {name: column for name, column in chosen.items() if column in columns}


@blueprint.post("/<int:batch_id>/stored")
@requires("import.run", own_transaction=True)
def apply(batch_id):
    row = _waiting_or_409(batch_id)
    good_only = request.form.get("good_only") == "yes"
    path = waiting.path_of(folder(), row)
    try:
        outcome = waiting.store(row, importables()[row.kind], path, web.stamp(), web.today(), good_only=good_only)
    except runner.BadRows as bad:
        web.note(
            web._("Nothing was stored: %(count)s rows cannot be. See below why.", count=bad.outcome.refused), "bad"
        )
    except (runner.NotReady, Unreadable, FileNotFoundError):
        web.note(web._("Nothing was stored: the file cannot be read as chosen. See below."), "bad")
    else:
        said = web._(
            "%(created)s added, %(updated)s changed, %(unchanged)s as they were.",
            created=outcome.created,
            updated=outcome.updated,
            unchanged=outcome.unchanged,
        )
        web.note(said, undo_url=url_for("imports.undo", batch_id=row.id))
    return redirect(url_for("imports.batch", batch_id=row.id), 303)


@blueprint.post("/<int:batch_id>/undo")
@requires("import.run")
def undo(batch_id):
    row = batch_or_404(batch_id)
    if row.state == "applied":
        left = take_back(row, importables()[row.kind], web.stamp())
        web.note(web._("The import is taken back."))
        if left:
            said = web.ngettext(
                "%(num)s row was changed or used since and stays as it is.",
                "%(num)s rows were changed or used since and stay as they are.",
                len(left),
            )
            web.note(said, "warn")
    return redirect(url_for("imports.batch", batch_id=row.id), 303)


@blueprint.post("/<int:batch_id>/delete")
@requires("import.run")
def forget(batch_id):
    row = _waiting_or_409(batch_id)
    waiting.path_of(folder(), row).unlink(missing_ok=True)
    runner.forget(row, web.stamp())
    web.note(web._("The file is gone; nothing of it was stored."))
    return redirect(url_for("imports.overview"), 303)


def _waiting_or_409(batch_id):
    row = batch_or_404(batch_id)
    if row.state != "checked":
        abort(409, web._("This file is stored already. Open it from the list of imports."))
    return row


@blueprint.get("/<int:batch_id>/problems.csv")
@requires("import.run")
def problems(batch_id):
    row = batch_or_404(batch_id)
    labels = {each.name: web._(each.label) for each in importables()[row.kind].fields}
    found = [runner.kept_problem(kept) for kept in row.problems]
    head = [web._("Line"), web._("Field"), web._("Reason")]
    lines = [[each.line, labels.get(each.field, ""), _said(each.message)] for each in found]
    return _download(write_csv([head, *lines]), f"import-{row.id}-problems.csv", "text/csv; charset=utf-8")


@blueprint.get("/templates/<kind>.<any(csv, xlsx):form>")
@requires("import.run")
def template(kind, form):
    """An empty file of a kind: the names of the columns, and one row as an example."""
    importable = importables().get(kind) or abort(404)
    rows = [
        # In English whatever the user's language: the names by which the columns are found again.
        [each.label for each in importable.fields],
        [importable.example.get(each.name, "") for each in importable.fields],
    ]
    if form == "xlsx":
        return _download(write_xlsx(rows, kind), f"{kind}.xlsx", WORKBOOK)
    return _download(write_csv(rows), f"{kind}.csv", "text/csv; charset=utf-8")


def _said(message):
    return web._(message.msgid, **message.params)


def _download(content, name, mimetype):
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})
