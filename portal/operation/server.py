"""The production server: one supervisor with the web processes and the background worker as its children."""

import contextlib
import ctypes
import logging
import multiprocessing
import os
import signal
import socket
import sys
import time
from pathlib import Path

from gunicorn.app.base import BaseApplication

from portal import background
from portal.app import create_app
from portal.db import connect, database
from portal.logs import begin_logging
from portal.operation import jobs

log = logging.getLogger("portal.server")
PATIENCE = 20  # seconds for the children to finish what they are doing
PAUSE_AFTER_CRASH = 3  # seconds before a worker that fell over starts again
PR_SET_PDEATHSIG = 1


class PortTaken(Exception):
    """Something else listens where the portal should."""


class WebServer(BaseApplication):
    """Gunicorn with our settings instead of its command line."""

    def __init__(self, settings):
        self.settings = settings
        super().__init__()

    def load_config(self):
        shared_memory = Path("/dev/shm")  # noqa: S108 - heartbeats of the processes, nothing of ours
        chosen = {
            "bind": f"{self.settings.host}:{self.settings.port}",
            "workers": self.settings.workers,
            "threads": self.settings.threads,
            "worker_class": "gthread",
            "timeout": 120,
            "graceful_timeout": PATIENCE - 5,
            "keepalive": 5,
            "control_socket_disable": True,
            "loglevel": "warning",
            "proc_name": "portal",
            # Gunicorn would believe forwarded schemes of any local client; our own ProxyFix decides that.
            "forwarded_allow_ips": "",
            "worker_tmp_dir": str(shared_memory) if shared_memory.is_dir() else None,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self):
        begin_logging()
        app = create_app(self.settings)
        background.use(make_queue(self.settings))
        return app


def serve_web(settings):
    """Only the web processes: where several machines share one PostgreSQL."""
    WebServer(settings).run()


def work(settings):
    """Only the background worker. It takes jobs until it is told to stop."""
    begin_logging()
    connect(settings.database_url)
    queue = make_queue(settings)
    queue.make_tables()
    background.use(queue)
    queue.work()


def make_queue(settings):
    """The queue of background work in the database that is connected."""
    return background.Queue(settings.secret_key, jobs.performer(settings), jobs.ticker(settings))


def serve(settings):
    """Web and worker together, until a signal; returns the exit code. A worker that falls over is started again."""
    require_free_port(settings)
    database.close()
    stop = _stop_signals()
    web = _child(serve_web, settings, "web")
    worker = _child(work, settings, "worker")
    while not stop and web.is_alive():
        time.sleep(0.2)
        if not worker.is_alive() and not stop:
            log.error("The background worker ended (%s) and starts again", worker.exitcode)
            time.sleep(PAUSE_AFTER_CRASH)
            worker = _child(work, settings, "worker")
    failed = not stop
    _end([web, worker])
    return (web.exitcode or 1) if failed else 0


def require_free_port(settings):
    """Gunicorn would try for five seconds and then say it in its own words."""
    with contextlib.closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise PortTaken(
                f"{settings.host}:{settings.port} cannot be used: {error.strerror}. "
                "End what listens there, or choose another: PORT=8001 portal serve"
            ) from error


def _stop_signals():
    """A list that gets the number of the first signal that asks to stop."""
    received = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda got, _frame: received.append(got))
    return received


def _child(run, settings, name):
    process = multiprocessing.get_context("fork").Process(
        target=_run_child, args=(run, settings, os.getpid()), name=name
    )
    process.start()
    return process


def _run_child(run, settings, parent):
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with(parent)
    run(settings)


def _end_with(parent):
    """A supervisor that is killed takes its children along, so that nothing keeps the port (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            sys.exit(1)


def _end(processes):
    for process in processes:
        if process.is_alive():
            process.terminate()
    limit = time.monotonic() + PATIENCE
    for process in processes:
        process.join(max(0.1, limit - time.monotonic()))
        if process.is_alive():
            process.kill()
            process.join()
