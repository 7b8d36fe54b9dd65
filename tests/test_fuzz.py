"""Garbage in every address, every filter and every field of every form is refused, and never an error of ours.

spec/7-bar.md IN-4. Every page's own forms are read and sent again: a new form is covered the day it is added."""

import pytest

from portal.db import database
from portal.records import AuditEvent
from tests.filled import Forms, addresses, fill

GARBAGE = ("99999999999999999999", "x" * 60_000, "0001-01-01", b"a\x00b")
# Fields are tried one by one as well: what stands first in a form must not hide what stands behind it.
SINGLY = "²"
FILTERS = str.split(
    "page sort q words who what result from_on until_on span back show by of kind language partner visit into "
    "next reason standing partner_class tier status owner region country role team state name"
)

# Asks for nothing, and what it builds lies outside the database.
PUBLISH = "/publishing/publications"


@pytest.fixture
def known(cast):
    return fill(cast)


def asked(app, known):
    """(address, methods) of what can be asked for and taken back."""
    return [(path, methods) for _, path, methods in addresses(app, known) if path != PUBLISH]


@pytest.fixture
def browser(cast, known, monkeypatch):
    # A connection that goes back into its pool after each request could not be rolled back afterwards.
    monkeypatch.setattr("portal.guard.is_sqlite", lambda: True)
    return cast.client(cast.ada)


def failure(browser, method, path, **sent):
    """The status of an answer that is an error of ours, or None. What it did is taken back, signing out included."""
    cookie = browser.get_cookie("portal").value
    with database.atomic() as everything:
        status = browser.open(path, method=method, **sent).status_code
        everything.rollback()
    browser.set_cookie("portal", cookie)
    return status if status >= 500 else None


def forms_of(app, browser, known):
    """{(method, address): fields} of all forms that the administrator is shown; and posts without a form."""
    found = {}
    for path, methods in asked(app, known):
        if "GET" not in methods:
            found.setdefault(("post", path), {"anything": ""})
            continue
        page = browser.get(path)
        for method, action, fields in Forms(page.text).found if page.mimetype == "text/html" else ():
            found.setdefault((method, (action or path).partition("?")[0]), {}).update(fields)
    found.pop(("post", PUBLISH), None)
    return found


def sent(method, fields):
    return {"data" if method == "post" else "query_string": fields}


def test_the_forms_of_every_page_are_found(app, browser, known):
    found = forms_of(app, browser, known)
    log = found["post", "/visits/log"]
    assert {"partner", "held_on", "mode", "note", "minutes", "client_uid"} <= log.keys()
    assert len(found) > 80


def test_garbage_in_all_fields_of_a_form_is_no_error(app, browser, known):
    wrong = []
    for (method, path), fields in forms_of(app, browser, known).items():
        for garbage in GARBAGE:
            if failure(browser, method, path, **sent(method, dict.fromkeys(fields, garbage))):
                wrong.append((path, garbage[:20]))
    assert wrong == []


# The longest one: what only PostgreSQL refuses is found where all fields are wrong at once.
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session")
def test_garbage_in_one_field_of_a_form_is_no_error(app, browser, known):
    wrong = []
    for (method, path), fields in forms_of(app, browser, known).items():
        for name in fields:
            if failure(browser, method, path, **sent(method, {**fields, name: SINGLY})):
                wrong.append((path, name))
    assert wrong == []


def test_a_list_where_one_value_is_expected_is_no_error(app, browser, known):
    wrong = []
    for (method, path), fields in forms_of(app, browser, known).items():
        if failure(browser, method, path, **sent(method, {name: [value, "x"] for name, value in fields.items()})):
            wrong.append(path)
    assert wrong == []


def test_garbage_in_what_a_page_is_asked_for_is_no_error(app, browser, known):
    wrong = []
    for path, methods in asked(app, known):
        for garbage in ("9" * 5000, "0001-01-01", "²") if "GET" in methods else ():
            if failure(browser, "GET", path, query_string=dict.fromkeys(FILTERS, garbage)):
                wrong.append((path, garbage[:20]))
    assert wrong == []


@pytest.mark.parametrize("path", ["/partners?words=", "/search?q=", "/admin/users?words=", "/visits/log?q="])
def test_looking_for_a_text_longer_than_any_name_is_no_error(browser, path):
    assert browser.get(path + "x" * 60_000).status_code == 200


def test_garbage_instead_of_a_form_is_no_error(app, browser, known):
    wrong = []
    for path, methods in asked(app, known):
        for kind in ("application/json", "multipart/form-data; boundary=x") if "POST" in methods else ():
            if failure(browser, "POST", path, data=b"[" * 60_000, content_type=kind):
                wrong.append((path, kind))
    assert wrong == []


def test_a_failure_would_be_seen(app, browser, monkeypatch):
    monkeypatch.setattr(AuditEvent, "select", None)
    assert failure(browser, "GET", "/admin/audit") == 500
