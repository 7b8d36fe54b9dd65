"""Somebody of another team meets every address of Örebro's: nothing opens, nothing changes, no list tells of it.

spec/7-bar.md AZ-4, AZ-6, AZ-8. A new address is covered the day it is added."""

import pytest

from portal.accounts.permissions import relation
from portal.guard import OPEN_ENDPOINTS
from portal.records import AuditEvent
from tests.filled import Forms, addresses, fill

# What the addresses of one partner and its people are made of; everything else belongs to the whole company.
OF_A_PARTNER = {"partner_id", "contact_id", "visit_id", "action_id", "target_id", "leave_id", "handover_id"}
# Örebro's name, its contact, and words of its visits and promises.
TOLD = ("Örebro", "Kim Kontakt", "kim@orebro.example", "think of leaving", "Plan the year", "price list")
SEARCHES = ("/search?q=orebro", "/search?q=kim", "/search?q=leaving", "/partners?words=orebro", "/visits?whose=all")
SPELLED_OUT = ("/coverage/names?show=all", "/coverage/names.csv?show=all", "/admin/audit?who=user", *SEARCHES)


@pytest.fixture
def known(cast):
    return fill(cast)


@pytest.fixture(params=["sven", "otto"])
def outsider(request, cast, known):
    """A PAM and a manager of the other team."""
    return getattr(cast, request.param)


def of_the_partner(app, known):
    """(endpoint, address, methods) of everything that belongs to Örebro."""
    of_partner = {rule.endpoint for rule in app.url_map.iter_rules() if rule.arguments & OF_A_PARTNER}
    return [each for each in addresses(app, known) if each[0] in of_partner]


def filled_in(page):
    """What a browser would send from the forms of a page that its own people are shown."""
    fields = {}
    for _, _, found in Forms(page.text).found if page.mimetype == "text/html" else ():
        fields |= found
    return fields


def test_nothing_of_another_team_opens(app, cast, known, outsider):
    browser, opened = cast.client(outsider), {}
    for endpoint, path, methods in of_the_partner(app, known):
        if "GET" in methods:
            status = browser.get(path).status_code
            expected = 404 if relation(outsider.role, app.view_functions[endpoint].permission) else 403
            if status != expected:
                opened[path] = status
    assert opened == {}


def test_nothing_of_another_team_is_changed(app, cast, known, outsider):
    browser, insider, wrong = cast.client(outsider), cast.client(cast.ada), {}
    lines = AuditEvent.select().where(AuditEvent.result == "done")
    before = lines.count()
    for _, path, methods in of_the_partner(app, known):
        if "POST" in methods:
            fields = filled_in(insider.get(path)) if "GET" in methods else {}
            status = browser.post(path, data=fields).status_code
            if status not in (403, 404):
                wrong[path] = status
    assert (wrong, lines.count()) == ({}, before)


@pytest.mark.parametrize("path", ["/visits/log", "/visits/plan", "/publishing/approvals", "/partners/assign"])
def test_nothing_is_begun_below_another_teams_partner(cast, known, outsider, path):
    partner, day = known["partner_id"], str(cast.today)
    fields = {"partner": partner, "held_on": day, "planned_on": day, "mode": "on_site", "to": outsider.id}
    lines = AuditEvent.select().where(AuditEvent.result == "done")
    before = lines.count()
    cast.client(outsider).post(path, data={**fields, "from_on": day, "reason": "Mine now"})
    assert lines.count() == before


def test_no_page_tells_of_another_teams_partner(app, cast, known, outsider):
    browser, told = cast.client(outsider), {}
    plain = [rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and not rule.arguments]
    for path in [*plain, *SPELLED_OUT]:
        page = browser.get(path).text
        said = [word for word in TOLD if word in page]
        if said:
            told[path] = said
    assert told == {}


def test_its_own_people_are_told(cast, known):
    page = cast.client(cast.par).get("/partners/export").get_data(as_text=True)
    assert "Örebro" in page


def test_the_addresses_of_a_partner_are_found(app, known):
    found = {endpoint for endpoint, _, _ in of_the_partner(app, known)}
    assert {"visits.save_edit", "readers.invite", "targets.remove", "publishing.preview_page"} <= found
    assert not found & OPEN_ENDPOINTS
