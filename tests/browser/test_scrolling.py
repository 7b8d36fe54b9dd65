"""Rows of links that scroll sideways on the phone: the current one is in sight without a touch."""

import pytest

from tests.browser.conftest import SIZES


@pytest.mark.parametrize("address", ["/partners/{partner_id}/readers", "/partners/{partner_id}", "/coverage?span=year"])
def test_the_current_link_is_in_sight(visitor, server, address):
    page = visitor("phone", signed_in="admin")
    page.goto(address.format(**server.people["known"]))
    link = page.locator(".subnav [aria-current]").bounding_box()
    assert 0 <= link["x"] <= SIZES["phone"]["viewport"]["width"] - link["width"]
