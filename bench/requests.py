"""Requests inside one process: logging a visit beside plain SQL on the same disk, and the pages that are used most."""

import uuid
from contextlib import contextmanager

from playhouse.cysqlite_ext import CySqliteDatabase

from bench.stopwatch import line, timed
from portal.db import SQLITE_PRAGMAS, database

TIMES = 200


def run(filled):
    pam, leader = filled.browser(filled.pams[0]), filled.browser(filled.leader)
    floor = timed(_plain_insert(filled), TIMES)
    empty = timed(lambda: pam.get("/healthz"), TIMES)
    print("\nStoring a visit, synchronous=FULL (ratio to the plain insert)")
    line("plain SQL: one INSERT and its COMMIT", floor)
    line(
        "POST /visits/log", timed(_log_visit(filled, pam), TIMES), floor, f"{_queries(_log_visit(filled, pam))} queries"
    )
    print("\nPages (ratio to an answer without content)")
    line("GET /healthz", empty)
    for browser, path in (
        (pam, "/"),
        (pam, "/partners"),
        (pam, f"/partners/{_partner_of(filled)}"),
        (pam, f"/partners/{_partner_of(filled)}/visits"),
        (pam, "/search?q=partner+77"),
        (leader, "/partners"),
        (leader, "/coverage"),
    ):
        get = _getting(browser, path)
        who = "leader" if browser is leader else "pam"
        line(f"GET {path} ({who})", timed(get, TIMES // 4), empty, f"{_queries(get)} queries")


def _partner_of(filled):
    """The number of a partner of the first PAM."""
    return len(filled.pams)


def _plain_insert(filled):
    """What the disk and SQLite need for one acknowledged row, without us."""
    plain = CySqliteDatabase(str(filled.settings.data / "plain.sqlite"), pragmas=SQLITE_PRAGMAS)
    plain.connect()
    plain.execute_sql("CREATE TABLE visit (id INTEGER PRIMARY KEY, uid TEXT UNIQUE, partner INTEGER, held_on TEXT)")

    def insert():
        with plain.atomic("IMMEDIATE"):
            plain.execute_sql(
                "INSERT INTO visit (uid, partner, held_on) VALUES (?, ?, ?)", (str(uuid.uuid4()), 1, "2026-11-21")
            )

    return insert


def _log_visit(filled, browser):
    today = filled.stamp.at.date().isoformat()

    def post():
        fields = {"partner": _partner_of(filled), "held_on": today, "client_uid": str(uuid.uuid4()), "sure": "1"}
        answer = browser.post("/visits/log", data=fields)
        if answer.status_code != 303:
            raise SystemExit(f"The visit was not stored: {answer.status}")

    return post


def _getting(browser, path):
    def get():
        answer = browser.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status}")

    return get


def _queries(call):
    with _counted() as seen:
        call()
    return len(seen)


@contextmanager
def _counted():
    """The statements that run inside the block."""
    seen, execute = [], database.obj.execute_sql
    database.obj.execute_sql = lambda sql, *rest, **named: seen.append(sql) or execute(sql, *rest, **named)
    try:
        yield seen
    finally:
        del database.obj.execute_sql
