"""Every link leads to a page that is there, every page says who may open it, and no two pages share an address."""

import re
from collections import Counter
from pathlib import Path

import pytest

from portal.accounts.more import MORE
from portal.accounts.permissions import MATRIX
from portal.guard import BEFORE_SET_UP, OPEN_ENDPOINTS
from portal.pages import NAVIGATION, PARTNER_TABS

ROOT = Path(__file__).parent.parent
LINK = re.compile(r"""(?:url_for|redirect_to|Entry|NavigationItem)\(\s*["']([a-z_]+\.[a-z_]+)["']""")


def links():
    """(file, endpoint) of every link that the source makes."""
    for path in sorted((ROOT / "portal").rglob("*")):
        if path.suffix in (".py", ".html"):
            for endpoint in LINK.findall(path.read_text()):
                yield str(path.relative_to(ROOT)), endpoint


def test_every_link_leads_somewhere(app):
    assert [link for link in links() if link[1] not in app.view_functions] == []


def test_a_link_is_recognised_in_templates_and_views():
    found = {endpoint for _, endpoint in links()}
    assert {"accounts.more", "visits.log", "field.partner"} <= found


@pytest.mark.parametrize("item", [*NAVIGATION, *PARTNER_TABS], ids=lambda item: item.endpoint)
def test_every_tab_is_there(app, item):
    assert item.endpoint in app.view_functions
    assert item.permission in MATRIX


def test_everything_on_the_page_more_is_there(app):
    entries = [entry.endpoint for _, group in MORE for entry in group]
    assert [endpoint for endpoint in entries if endpoint not in app.view_functions] == []


def test_every_page_is_open_on_purpose_or_declares_its_permission(app):
    undeclared = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint not in OPEN_ENDPOINTS and getattr(view, "permission", None) not in MATRIX
    ]
    assert undeclared == []


def test_no_open_page_is_forgotten_in_the_list(app):
    assert sorted((OPEN_ENDPOINTS | BEFORE_SET_UP) - set(app.view_functions)) == []


def test_no_address_has_two_views(app):
    taken = Counter((rule.rule, method) for rule in app.url_map.iter_rules() for method in rule.methods - {"OPTIONS"})
    assert [address for address, times in taken.items() if times > 1] == []
