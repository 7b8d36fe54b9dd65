"""The house stands as it was designed: who may import whom, read from the source."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# The order in which the data flows: a feature knows only those before it.
FEATURES = (
    "accounts",
    "imports",
    "partners",
    "kpis",
    "actions",
    "visits",
    "cadence",
    "periods",
    "coverage",
    "propositions",
    "plans",
    "scorecards",
    "publishing",
    "gate",
    "field",
)
TOP_FLOOR = ("app", "cli", "tables", "importables", "operation", "demo", "migrations")
WEB_GROUND = ("guard", "error_pages", "pages", "assets", "web")
# What two views of a feature share; floor 3 like them.
SHARED_BY_VIEWS = ("portal.field.asked",)
FLASK = ("flask", "flask_login", "flask_wtf", "flask_frozen")
DATABASES = ("peewee", "playhouse", "cysqlite", "psycopg", "sqlite3")
MAY_USE_SITE_BUILD = (
    "portal.publishing.",
    "portal.gate.",
    "portal.app",
    "portal.cli",
    "portal.operation.",
    "portal.demo.",
)


def floor(module):
    """0 ground, 1 models, 2 concepts, 3 web, 4 assembly."""
    first, _, rest = module.removeprefix("portal.").partition(".")
    if first in TOP_FLOOR:
        return 4
    if first not in FEATURES:
        return 3 if first in WEB_GROUND else 0
    if module in SHARED_BY_VIEWS:
        return 3
    name = rest.partition(".")[0]
    if name in ("models", "permissions"):
        return 1
    return 3 if name.endswith(("views", "forms")) else 2


def feature(module):
    first = module.removeprefix("portal.").partition(".")[0]
    return first if first in FEATURES else None


def imports(source, known):
    """(module, line, is inside a function) of every import; `from portal.x import y` is y when that is a module."""
    tree = ast.parse(source)
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            names = [f"{base}.{alias.name}" if f"{base}.{alias.name}" in known else base for alias in node.names]
        else:
            continue
        for name in names:
            yield name, node.lineno, id(node) in inside


def violations(sources):
    """What breaks the rules in {module name: source}, one line each."""
    for module, source in sources.items():
        for target, line, inside in imports(source, sources):
            for reason in reasons(module, target, inside):
                yield f"{module}:{line} imports {target}: {reason}"


def reasons(module, target, inside):
    package = target.partition(".")[0]
    if inside:
        yield "an import inside a function hides a cycle"
    if target.startswith("."):
        yield "a relative import hides where it comes from"
    if module.startswith("site_build"):
        yield from reasons_of_site_build(target, package)
    elif module.startswith("portal."):
        yield from reasons_of_portal(module, target, package)


def reasons_of_site_build(target, package):
    if package in DATABASES:
        yield "the static site knows no database"
    if package == "portal" and (feature(target) or floor(target) > 0):
        yield "the static site uses nothing of the portal but the ground"


def reasons_of_portal(module, target, package):
    if package in FLASK and floor(module) < 3:
        yield "below the views nothing knows flask"
    if package == "site_build" and not module.startswith(MAY_USE_SITE_BUILD):
        yield "only publishing, the gate and the assembly use the site builder"
    if package != "portal" or target == "portal":
        return
    if floor(target) > floor(module):
        yield f"floor {floor(target)} is above floor {floor(module)}"
    yield from reasons_between_features(module, target)


def reasons_between_features(module, target):
    ours, theirs = feature(module), feature(target)
    if floor(module) == 4 or theirs is None or ours == theirs:
        return
    if ours is None:
        # The guards and the shared web code stand on accounts, which is the first feature.
        if not (floor(module) == 3 and theirs == "accounts"):
            yield "the ground knows no feature"
    elif FEATURES.index(theirs) > FEATURES.index(ours):
        yield f"{theirs} comes after {ours} on the path"
    if floor(target) == 3:
        yield "views and forms of another feature are its own"


def real_sources():
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path.read_text()
        for package in ("portal", "site_build")
        for path in sorted((ROOT / package).rglob("*.py"))
    }


def test_the_house_keeps_its_floors():
    assert list(violations(real_sources())) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("portal.visits.models", "from portal.visits import escalation"),
        ("portal.visits.escalation", "from portal.visits.views import blueprint"),
        ("portal.partners.models", "from portal.visits.models import Visit"),
        ("portal.field.views", "from portal.visits.views import blueprint"),
        ("portal.visits.models", "import flask"),
        ("portal.coverage.figures", "from flask_login import current_user"),
        ("portal.formats", "from portal.partners.models import Partner"),
        ("portal.guard", "from portal.visits.models import Visit"),
        ("portal.visits.views", "from portal.app import create_app"),
        ("portal.visits.views", "def log():\n    from portal.web import user"),
        ("portal.visits.views", "from .models import Visit"),
        ("portal.visits.views", "from site_build import values"),
        ("site_build.pages", "from portal.partners.models import Partner"),
        ("site_build.pages", "from portal import web"),
        ("site_build.pages", "import peewee"),
    ],
)
def test_a_forbidden_import_is_seen(module, source):
    known = dict.fromkeys(
        ("portal.visits.escalation", "portal.visits.views", "portal.visits.models", "portal.web", "site_build.values"),
        "",
    )
    assert list(violations({**known, module: source})) != []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("portal.visits.views", "import flask\nfrom portal import web\nfrom portal.partners.models import Partner"),
        ("portal.publishing.snapshot", "from site_build.values import Snapshot"),
        ("site_build.pages", "import flask\nfrom portal import formats"),
        ("portal.cli", "from portal.field.views import blueprint"),
    ],
)
def test_a_proper_import_is_not_complained_about(module, source):
    assert list(violations({"portal.web": "", "portal.formats": "", module: source})) == []


def test_no_modules_import_each_other_in_a_circle():
    sources = real_sources()
    graph = {
        name: {target for target, *_ in imports(source, sources)} & sources.keys() for name, source in sources.items()
    }
    assert circle_in(graph) is None


def test_a_circle_is_seen():
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c", "a"]


def circle_in(graph):
    """One circle as a list of names, or None."""
    done = set()

    def walk(name, way):
        if name in way:
            return [*way[way.index(name) :], name]
        if name not in done:
            for target in sorted(graph[name] - {name}):
                if found := walk(target, [*way, name]):
                    return found
            done.add(name)
        return None

    return next((found for name in sorted(graph) if (found := walk(name, []))), None)


# --- what stands in one place only --------------------------------------------------------------------------------

# words in the source → the files that may hold them, and why
IN_ONE_PLACE = {
    "|safe": (),
    "Markup(": ("portal/markup.py",),
    "autoescape false": (),
}
WRITTEN_OUT_SQL = ("execute_sql(", "SQL(", ".raw(")
MAY_WRITE_SQL = (
    "portal/db.py",
    "portal/read_only.py",  # pragmas
    "portal/accounts/audit.py",  # triggers
    "portal/imports/bulk.py",  # thousands of rows in one statement
    "portal/partners/models.py",  # the condition that is never true
    "portal/cadence/counting.py",  # the same
    "portal/operation/",  # pragmas, migrations, dumps
    "portal/migrations/",
)


def files_with(words, allowed, *, suffixes=(".py", ".html")):
    return [
        f"{path.relative_to(ROOT)}: {word}"
        for package in ("portal", "site_build")
        for path in sorted((ROOT / package).rglob("*"))
        if path.suffix in suffixes and not str(path.relative_to(ROOT)).startswith(allowed)
        for word in words
        if word in path.read_text()
    ]


@pytest.mark.parametrize("word", IN_ONE_PLACE)
def test_trusted_markup_is_made_in_one_place(word):
    assert files_with([word], IN_ONE_PLACE[word]) == []


def test_sql_is_written_out_only_where_it_is_listed():
    assert files_with(WRITTEN_OUT_SQL, MAY_WRITE_SQL) == []


def test_the_search_for_words_finds_them():
    assert "portal/markup.py: Markup(" in files_with(["Markup("], ())
