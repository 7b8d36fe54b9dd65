"""The log form in a phone's browser: with a script and without one."""

import re


def log(page, which, note):
    """Logs a visit to the partner at this place in the list: two on one day at one partner would be asked about."""
    page.goto("/visits/log")
    page.locator("select[name=partner]").select_option(index=which)
    page.locator("label", has_text=re.compile("^Video")).click()
    page.fill("[name=note]", note)
    page.get_by_role("button", name="Save the visit").click()
    page.wait_for_load_state()


def test_a_visit_is_logged_without_javascript(visitor):
    page = visitor("phone", signed_in="pam", javascript=False)
    log(page, 1, "Met without a script")
    page.goto("/visits")
    assert page.get_by_text("Met without a script").count() == 1


def test_a_visit_is_logged_with_javascript(visitor):
    page = visitor("phone", signed_in="pam")
    log(page, 2, "Met with a script")
    page.goto("/visits")
    assert page.get_by_text("Met with a script").count() == 1
