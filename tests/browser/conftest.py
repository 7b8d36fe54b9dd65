"""A real Chromium before a real server with the demo workspace: filled once a run, copied for every test file."""

import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import sync_playwright

from tests.conftest import missing

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "desk": {"viewport": {"width": 1280, "height": 800}},
}
ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60  # seconds


def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.browser)


# --- the server ---------------------------------------------------------------------------------------------------


class Server:
    """`portal serve` on a free port over a data folder of its own."""

    def __init__(self, data, people):
        self.data, self.people = data, people
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = open(data / "server.log", "ab")  # noqa: SIM115 - as long as the process
        self.process = subprocess.Popen(
            [sys.executable, "-m", "portal.cli", "serve"],
            env=_environment(data, PORT=str(self.port), PUBLIC_URL=self.url),
            cwd=ROOT,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        self._wait()

    def _wait(self):
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2):
                    return
            except (URLError, ConnectionError, TimeoutError):
                continue
        self.end()
        raise RuntimeError((self.data / "server.log").read_text(errors="replace")[-3000:])

    def end(self):
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.log.close()

    def mails(self):
        """The texts of all mails that were sent, oldest first."""
        return [path.read_text(encoding="utf-8") for path in sorted((self.data / "outbox").glob("*.eml"))]


def run_portal(data, *arguments):
    done = subprocess.run(
        [sys.executable, *arguments], env=_environment(data), cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stdout[-2000:]}{done.stderr[-3000:]}")
    return done.stdout


def _environment(data, **more):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PORTAL_DATA": str(data), "WORKERS": "1", **more}


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory):
    """The demo workspace as `portal demo` fills it, made once for all test processes; and who may sign in."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if os.environ.get("PYTEST_XDIST_WORKER") else shared
    data = shared / "demo-workspace"
    with open(shared / "demo-workspace.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (data / "people.json").exists():
            shutil.rmtree(data, ignore_errors=True)
            run_portal(data, "-m", "portal.cli", "demo")
            (data / "people.json").write_text(run_portal(data, "-m", "tests.browser.people"))
    return data


@pytest.fixture(scope="module")
def server(demo_folder, tmp_path_factory):
    """A server of this test file alone: what one file changes, no other sees."""
    data = tmp_path_factory.mktemp("data") / "var"
    shutil.copytree(demo_folder, data, symlinks=True)
    started = Server(data, json.loads((data / "people.json").read_text()))
    yield started
    started.end()


# --- the browser --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium():
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        missing(f"Chromium: none of {', '.join(BROWSERS)} is on PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium, server):
    """visitor("phone", theme="dark", signed_in="pam") opens a page in a browser of its own.

    The test fails if a page met an error of a script or of the content policy."""
    contexts, troubles = [], []

    def open_page(size="phone", theme="light", signed_in=None, javascript=True, language="en"):
        context = chromium.new_context(
            base_url=server.url,
            color_scheme=theme,
            java_script_enabled=javascript,
            locale=language,
            reduced_motion="reduce",
            **SIZES[size],
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
        page.on("console", lambda said: troubles.append(f"{page.url}: {said.text}") if _is_trouble(said) else None)
        if signed_in:
            sign_in(page, server.people[signed_in])
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


def _is_trouble(said):
    # What Chromium says of an answer like 404 is the test's own business.
    return said.type == "error" and "Failed to load resource" not in said.text


def sign_in(page, person):
    page.goto("/sign-in")
    page.fill("[name=email]", person["email"])
    page.fill("[name=password]", person["password"])
    page.click("main form [type=submit], main form button.main")
    page.wait_for_url(lambda url: "/sign-in" not in url)
