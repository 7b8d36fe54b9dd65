"""The real server: first start, kill -9 without losing what was acknowledged, an orderly end."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass

import psutil
import pytest
from itsdangerous import URLSafeTimedSerializer

from portal.accounts.models import SignInSession, User, Workspace
from portal.app import create_app
from portal.db import database
from portal.operation import migrations
from portal.partners.models import OwnerAssignment, Partner
from portal.records import Stamp
from portal.settings import read_settings
from portal.visits.models import Visit
from portal.web import now

CSRF = "0123456789abcdef0123456789abcdef01234567"
PATIENCE = 30


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`portal serve` on a port and a data folder of its own."""

    def __init__(self, folder):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.environment = {"PORTAL_DATA": str(folder / "data"), "PORT": str(port), "PUBLIC_URL": self.url}
        self.log = folder / "log"

    def start(self):
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "portal.cli", "serve"],
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(lambda: self.get("/healthz") == 200)
        return self

    def get(self, path):
        try:
            return urllib.request.urlopen(self.url + path, timeout=5).status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    def family(self):
        return [self.process.pid, *[child.pid for child in psutil.Process(self.process.pid).children(recursive=True)]]

    def kill(self):
        """All processes at the same moment, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)


def wait_until(condition):
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit, "it did not happen in time"
        threading.Event().wait(0.05)


@pytest.fixture
def server(tmp_path):
    before = database.obj
    made = Server(tmp_path)
    yield made
    made.end()
    if database.obj is not before:
        database.close()
        database.initialize(before)


def test_the_first_start_prints_a_one_time_link_and_every_page_waits_for_it(server):
    server.start()
    assert server.get("/") == 503
    link = next(word for word in server.log.read_text().split() if "/set-up/" in word)
    assert server.get(urllib.parse.urlsplit(link).path) == 200


def test_a_signal_ends_all_processes_in_order(server):
    server.start()
    family = server.family()
    server.process.terminate()
    assert server.process.wait(PATIENCE) == 0
    # Who has ended may still be on the list for a moment, until the system has taken note.
    wait_until(lambda: not [pid for pid in family if psutil.pid_exists(pid)])


def test_a_killed_supervisor_leaves_no_process_behind(server):
    server.start()
    family = server.family()
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait(PATIENCE)
    wait_until(lambda: not [pid for pid in family if psutil.pid_exists(pid)])


# --- kill -9 ------------------------------------------------------------------------------------------------------


@dataclass
class Phone:
    """Sends visits one after the other, and keeps what was acknowledged."""

    url: str
    cookie: str
    token: str
    partner: int
    sent: list
    acknowledged: list

    def post(self, uid):
        fields = {"partner": self.partner, "held_on": f"{now():%F}", "client_uid": uid, "sure": "1"}
        headers = {"Cookie": f"portal={self.cookie}", "X-CSRFToken": self.token, "Accept": "application/json"}
        request = urllib.request.Request(
            self.url + "/visits/log", urllib.parse.urlencode(fields).encode(), headers, method="POST"
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.loads(answer.read())

    def log_visits(self):
        while True:
            uid = str(uuid.uuid4())
            self.sent.append(uid)
            try:
                status, _ = self.post(uid)
            except OSError:
                return
            if status == 201:
                self.acknowledged.append(uid)


def phone_of(server):
    """Somebody with one partner, signed in."""
    settings = read_settings(server.environment)
    app = create_app(settings)
    database.connect(reuse_if_open=True)
    migrations.migrate(settings)
    stamp = Stamp(now())
    Workspace.add(stamp, name="Nordlicht", timezone="UTC")
    par = User.add(stamp, name="Pär", email="par@nordlicht.example", role="pam", timezone="UTC")
    partner = Partner.add(stamp, name="Örebro AB", **Partner.search_columns("Örebro AB"))
    OwnerAssignment.assign(stamp, partner, par, stamp.at.date())
    _, token = SignInSession.open(par, now())
    database.close()
    cookie = app.session_interface.get_signing_serializer(app).dumps(
        {"_user_id": token, "_fresh": True, "csrf_token": CSRF}
    )
    sealed = URLSafeTimedSerializer(settings.secret_key, salt="wtf-csrf-token").dumps(CSRF)
    return Phone(server.url, cookie, sealed, partner.id, [], [])


def stored():
    database.connect(reuse_if_open=True)
    uids = [uid for (uid,) in Visit.select(Visit.client_uid).tuples()]
    database.close()
    return uids


def test_what_was_acknowledged_is_stored_once_whenever_the_power_goes(server):
    phone = phone_of(server)
    server.start()
    threads = [threading.Thread(target=phone.log_visits) for _ in range(4)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(phone.acknowledged) > 20)
    server.kill()
    for thread in threads:
        thread.join(PATIENCE)
    server.start()
    for uid in phone.sent:
        assert phone.post(uid)[0] in (200, 201)
    uids = stored()
    assert set(phone.acknowledged) <= set(uids)
    assert sorted(uids) == sorted(set(phone.sent))
