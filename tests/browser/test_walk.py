"""The whole path in a browser: a visit is logged, moves leadership's figure, is published, read, and withdrawn.

`SCREENSHOTS=docs/screenshots` keeps the pictures of the README.
"""

import os
import re
import time
from pathlib import Path

import pytest

from tests.browser.conftest import PATIENCE

PICTURES = os.environ.get("SCREENSHOTS")
CONFIDENCE = "Their buyer is about to leave, keep this to ourselves"
PROMISE = "We bring the autumn price list"
MAIL = "kim.reader@partner.example"


def keep(page, name):
    """Takes the README's pictures of this page, in light and in dark."""
    if PICTURES:
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.screenshot(path=Path(PICTURES) / f"{name}-{theme}.png")
        page.emulate_media(color_scheme="light")


def seen(page):
    """How many partners leadership reads as seen in this quarter."""
    page.goto("/coverage")
    answer = page.locator(".page-head .answer").inner_text()
    return int(re.match(r"[\d,. ]+", answer)[0].strip().replace(",", ""))


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def log_a_visit(page, partner):
    page.goto(f"/visits/log?partner={partner}")
    page.fill("[name=note]", CONFIDENCE)
    page.locator("summary", has_text="Promises").click()
    page.fill("[name=promise_by_us]", PROMISE)
    keep(page, "log-phone")
    press(page, "Save the visit")


def invite(page, partner):
    page.goto(f"/partners/{partner}/contacts/new")
    page.fill("[name=name]", "Kim Reader")
    page.fill("[name=reach]", MAIL)
    press(page, "Add person")
    page.goto(f"/partners/{partner}/readers")
    page.get_by_role("listitem").filter(has_text=MAIL).get_by_role("button", name="Invite").click()
    page.wait_for_load_state()


def publish(page):
    """Presses the button and looks until readers see the next publication."""
    page.goto("/publishing")
    before = number_of_publication(page)
    page.get_by_role("link", name="Publish", exact=True).click()
    press(page, "Publish now")
    limit = time.monotonic() + PATIENCE
    while number_of_publication(page) in (None, before) and time.monotonic() < limit:
        page.reload()
    assert number_of_publication(page) == before + 1, page.locator("main").inner_text()


def number_of_publication(page):
    """What readers see as the page says; None in the moment between the switch and its record."""
    found = re.search(r"Publication (\d+) · readers see this one", page.locator("main").inner_text())
    return found and int(found[1])


def mailed_link(server):
    """The address in the last mail to the reader, as it lies in the outbox."""
    mail = [text for text in server.mails() if MAIL in text][-1]
    return re.search(r"http://\S+/my/enter/[\w-]+", mail.replace("=\n", ""))[0]


@pytest.fixture(scope="module")
def walk(server):
    return server.people["walk"]


def test_a_visit_goes_all_the_way_to_the_partners_page_and_back(visitor, server, walk):
    leadership = visitor("desk", signed_in="leadership")
    before = seen(leadership)

    pam = visitor("phone", signed_in="pam")
    keep(pam, "today-phone")
    log_a_visit(pam, walk["id"])
    invite(pam, walk["id"])

    assert seen(leadership) == before + 1
    keep(leadership, "coverage-desk")

    admin = visitor("desk", signed_in="admin")
    publish(admin)

    reader = visitor("phone")
    reader.goto(mailed_link(server))
    press(reader, "Open my page")
    page = reader.locator("main").inner_text()
    assert walk["name"] in page and PROMISE in page
    assert CONFIDENCE not in reader.content()
    assert reader.locator('a[href="/my/leave"]').count() == 1
    keep(reader, "page-phone")
    desk = visitor("desk")
    desk.context.add_cookies(reader.context.cookies())
    desk.goto("/my/sv/")
    keep(desk, "page-desk")

    manager = visitor("desk", signed_in="manager")
    manager.goto(f"/partners/{walk['id']}/page")
    manager.locator("summary", has_text="Withdraw").click()
    press(manager, "Withdraw")
    assert reader.goto("/my/en/").status == 404
    assert reader.get_by_role("heading", name="No page right now").count() == 1
    left = list((server.data / "site" / "releases").glob(f"*/partners/{walk['id']}"))
    assert left == []
