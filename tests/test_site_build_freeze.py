"""Pages are written as Frozen-Flask's stock freezer would write them, and none of its traps publishes anything."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from flask import Flask, redirect
from flask_frozen import Freezer

from portal.i18n import LANGUAGES
from site_build.content import TextPage
from site_build.freeze import LeanFreezer, freeze_partners, freeze_public
from site_build.pages import Site, partner_app, public_app
from site_build.shards import FEW, ShardFailed, in_shards
from site_build.snapshot_file import read_lines, write_snapshot
from site_build.specimen import empty_page, specimen_page, specimen_snapshot

ROOT = Path(__file__).parent.parent
TEXTS = (TextPage("about", "en", "About", 1, "<p>Hello</p>"), TextPage("about", "sv", "Om", 1, "<p>Hej</p>"))


@pytest.fixture
def snapshot(tmp_path):
    write_snapshot(tmp_path / "snapshot", specimen_snapshot(), [specimen_page(17), empty_page(18)])
    return tmp_path / "snapshot"


def files_below(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def frozen(site, snapshot, folder):
    lines = list(read_lines(snapshot))
    return list(freeze_partners(site, snapshot, lines, folder)), freeze_public(site, folder)


def lean(app, folder, *urls):
    freezer = LeanFreezer(app, folder)
    freezer.register_generator(lambda: iter(urls))
    return freezer


def test_every_page_is_named_and_no_other_is_written(snapshot, tmp_path):
    site = Site(specimen_snapshot(), TEXTS)
    frozen(site, snapshot, tmp_path / "out")
    assert set(files_below(tmp_path / "out")) == {
        "public/index.html",
        "public/404.html",
        f"public/static/{site.stylesheet.name}",
        "public/en/about/index.html",
        "public/sv/about/index.html",
        *(f"partners/{number}/{language}/index.html" for number in (17, 18) for language in LANGUAGES),
    }


def test_the_lean_freezer_writes_what_the_stock_one_writes(snapshot, tmp_path):
    site = Site(specimen_snapshot(), TEXTS)
    frozen(site, snapshot, tmp_path / "lean")
    pages = {17: specimen_page(17), 18: empty_page(18)}
    for app in (partner_app(site, pages.get), public_app(site)):
        app.config.update(FREEZER_DESTINATION=str(tmp_path / "stock"), FREEZER_REMOVE_EXTRA_FILES=False)
        stock = Freezer(app, with_static_files=False, with_no_argument_rules=False, log_url_for=False)
        urls = [f"/{path.removesuffix('index.html')}" for path in files_below(tmp_path / "lean")]
        here = [url for url in urls if url.startswith("/partners/") == ("partner_pages.partner" in app.view_functions)]
        stock.register_generator(lambda here=here: iter(here))
        stock._check_endpoints = lambda seen: None
        stock.freeze()
    assert files_below(tmp_path / "lean") == files_below(tmp_path / "stock")


def test_the_digests_are_those_of_the_files(snapshot, tmp_path):
    from_the_freezer, _ = frozen(Site(specimen_snapshot()), snapshot, tmp_path / "a")
    again, _ = frozen(Site(specimen_snapshot()), snapshot, tmp_path / "b")
    assert from_the_freezer == again and len({digest for partner in again for _, digest in partner.pages}) == 6


def test_a_redirect_is_an_error_and_leaves_no_file(tmp_path):
    app = Flask("redirecting")
    app.add_url_rule("/secret/", view_func=lambda: redirect("/login/"), endpoint="secret")
    with pytest.raises(ValueError, match="/secret/ answered 302"):
        lean(app, tmp_path, ("secret", {})).freeze()
    assert files_below(tmp_path) == {}


def test_a_missing_page_is_an_error_and_leaves_no_file(snapshot, tmp_path):
    with pytest.raises(ValueError, match="answered 404"):
        lean(partner_app(Site(specimen_snapshot()), lambda number: None), tmp_path / "out", "/partners/17/en/").freeze()
    assert not (tmp_path / "out" / "partners").exists()


def test_a_language_that_was_not_asked_for_is_no_page(tmp_path):
    page = specimen_page(17, languages=("sv",))
    app = partner_app(Site(specimen_snapshot()), {17: page}.get)
    assert app.test_client().get("/partners/17/en/").status_code == 404


def test_a_route_that_nobody_named_is_not_frozen(tmp_path):
    app = public_app(Site(specimen_snapshot()))
    app.add_url_rule("/logout", view_func=lambda: "bye", endpoint="logout")
    freezer = lean(app, tmp_path, "/public/")
    freezer._check_endpoints = lambda seen: None
    freezer.freeze()
    assert set(files_below(tmp_path)) == {"public/index.html"}


def test_a_route_without_a_page_is_an_error(tmp_path, monkeypatch):
    def with_one_more(site):
        app = public_app(site)
        app.add_url_rule("/logout", view_func=lambda: "bye", endpoint="logout")
        return app

    monkeypatch.setattr("site_build.freeze.public_app", with_one_more)
    with pytest.raises(Warning, match="Nothing frozen for endpoints logout"):
        freeze_public(Site(specimen_snapshot()), tmp_path)


def test_a_path_that_leaves_the_folder_is_refused(tmp_path):
    app = Flask("escaping")
    app.add_url_rule("/<path:name>", view_func=lambda name: "x", endpoint="any")
    with pytest.raises(ValueError, match="outside"):
        lean(app, tmp_path / "out", "/../escape.html").freeze()


def test_a_name_that_lies_about_its_kind_is_refused(tmp_path):
    app = Flask("lying")
    app.add_url_rule("/data.json", view_func=lambda: "<p>html</p>", endpoint="data")
    with pytest.raises(ValueError, match="its name does not say"):
        lean(app, tmp_path, ("data", {})).freeze()


def test_a_file_that_is_already_there_is_never_written_to(snapshot, tmp_path):
    (tmp_path / "out" / "partners" / "17" / "en").mkdir(parents=True)
    (tmp_path / "out" / "partners" / "17" / "en" / "index.html").write_text("in a release that is being read")
    with pytest.raises(FileExistsError):
        frozen(Site(specimen_snapshot()), snapshot, tmp_path / "out")


def test_the_apps_have_no_other_routes():
    site = Site(specimen_snapshot(), TEXTS)
    rules = {str(rule) for app in (partner_app(site, {}.get), public_app(site)) for rule in app.url_map.iter_rules()}
    assert rules == {
        "/partners/<int:number>/<language>/",
        "/public/",
        "/public/404.html",
        "/public/<language>/<slug>/",
        "/public/static/<name>",
    }


def doubled(items):
    for item in items:
        yield item * 2, os.getpid()


def test_shards_give_their_results_in_order():
    results = in_shards(doubled, range(FEW * 3), 3, lambda more: None)
    assert [result for result, _ in results] == [item * 2 for item in range(FEW * 3)]


@pytest.fixture
def no_threads(monkeypatch):
    """As in a program of one thread, whatever the tests before have left running."""
    monkeypatch.setattr("site_build.shards.has_threads", lambda: False)


def test_shards_are_processes_of_their_own(no_threads):
    assert (
        len({process for _, process in in_shards(doubled, range(FEW * 2), 2, lambda more: None)} | {os.getpid()}) == 3
    )


def test_little_work_is_done_without_a_fork():
    assert {process for _, process in in_shards(doubled, range(FEW - 1), 2, lambda more: None)} == {os.getpid()}


def test_a_program_with_threads_does_not_fork():
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    results = in_shards(doubled, range(FEW * 2), 2, lambda more: None)
    stop.set()
    thread.join()
    assert {process for _, process in results} == {os.getpid()}


def test_progress_adds_up_to_all_items():
    told = []
    in_shards(doubled, range(FEW * 2 + 1), 2, told.append)
    assert sum(told) == FEW * 2 + 1


def test_a_shard_that_fails_says_why(no_threads):
    def failing(items):
        for item in items:
            yield 1 // (item - 100)

    with pytest.raises(ShardFailed, match="ZeroDivisionError"):
        in_shards(failing, range(FEW * 2), 2, lambda more: None)


def test_a_shard_that_is_killed_is_noticed(no_threads):
    tests = os.getpid()

    def dying(items):
        assert os.getpid() != tests
        yield os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(ShardFailed, match="killed"):
        in_shards(dying, range(FEW * 2), 2, lambda more: None)


ENDLESS = """
import itertools, os, signal
from site_build.shards import in_shards

def work(items):
    yield from itertools.repeat(1)

in_shards(work, range(200), 2, lambda more: os.kill(os.getpid(), signal.SIGKILL))
"""


def test_shards_end_when_their_parent_is_killed():
    # The pipe ends only when the last process that holds it has ended.
    ended = subprocess.run([sys.executable, "-c", ENDLESS], cwd=ROOT, capture_output=True, check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL
