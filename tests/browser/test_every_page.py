"""Every page, opened once: nothing serious for axe in light and dark, nothing wider than the phone or the desk.

The pages show a partner whose name and texts are as long as the portal allows.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.browser.conftest import sign_in
from tests.browser.pages import page_rules

RULES = page_rules()
SERIOUS = ("serious", "critical")
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const wide = [...document.body.querySelectorAll("*")].filter(
    (element) => element.getBoundingClientRect().right > room + 1);
  return wide.slice(0, 5).map((element) => element.tagName + "." + element.className).concat("page");
}"""


@dataclass
class Seen:
    """What a page looked like: its answer, and all that is wrong with it."""

    status: int
    landed: str
    light: list
    dark: list
    too_wide: dict
    troubles: list


class Watcher:
    """One browser that is signed in and one that is not; every page is looked at once."""

    def __init__(self, browser, server):
        self.known, self.seen, self.troubles = server.people["known"], {}, []
        self.stranger, self.member = (self._page(browser, server) for _ in range(2))
        sign_in(self.member, server.people["admin"])

    def _page(self, browser, server):
        page = browser.new_context(base_url=server.url, reduced_motion="reduce", has_touch=True).new_page()
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda said: self.troubles.append(said.text) if "Content Security" in said.text else None)
        return page

    def look(self, rule):
        address = rule.address(self.known)
        if address not in self.seen:
            self.troubles.clear()
            self.seen[address] = self._seen(self.stranger if rule.is_open else self.member, address)
        return self.seen[address]

    def _seen(self, page, address):
        page.set_viewport_size({"width": 390, "height": 844})
        page.emulate_media(color_scheme="light")
        status = page.goto(address).status
        light, narrow = serious(page, WCAG), page.evaluate(TOO_WIDE)
        page.emulate_media(color_scheme="dark")
        dark = serious(page, CONTRAST)
        page.set_viewport_size({"width": 1280, "height": 800})
        too_wide = {390: narrow, 1280: page.evaluate(TOO_WIDE)}
        return Seen(status, urlsplit(page.url).path, light, dark, too_wide, list(self.troubles))

    def widths(self, rule, partner):
        """What is too wide for the phone and for the desk on the page about this partner."""
        self.member.goto(rule.address(self.known | {"partner_id": partner}))
        found = []
        for width in (390, 1280):
            self.member.set_viewport_size({"width": width, "height": 844})
            found += self.member.evaluate(TOO_WIDE)
        return found


def serious(page, options):
    """What axe finds serious or critical, each with the element."""
    if not page.evaluate("() => 'axe' in globalThis"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("(options) => axe.run(document, options)", options)["violations"]
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"][:3]
    ]


@pytest.fixture(scope="module")
def watcher(chromium, server):
    return Watcher(chromium, server)


def by_endpoint(rule):
    return rule.endpoint


@pytest.mark.parametrize("rule", RULES, ids=by_endpoint)
def test_the_page_answers(watcher, rule):
    seen = watcher.look(rule)
    # A link that was used up says so.
    assert seen.status == (410 if rule.is_open and "token" in rule.parts else 200)
    assert rule.is_open or seen.landed != "/sign-in"


@pytest.mark.parametrize("rule", RULES, ids=by_endpoint)
def test_axe_finds_nothing_serious(watcher, rule):
    assert watcher.look(rule).light == []


@pytest.mark.parametrize("rule", RULES, ids=by_endpoint)
def test_colours_are_told_apart_in_the_dark(watcher, rule):
    assert watcher.look(rule).dark == []


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("rule", RULES, ids=by_endpoint)
def test_nothing_is_wider_than_the_screen(watcher, rule, width):
    assert watcher.look(rule).too_wide[width] == []


@pytest.mark.parametrize("rule", RULES, ids=by_endpoint)
def test_no_script_or_policy_stumbles(watcher, rule):
    assert watcher.look(rule).troubles == []


# --- the checks see what is wrong ---------------------------------------------------------------------------------

BROKEN = """<!doctype html><html lang="en"><title>Broken</title><main><h1>Broken</h1>
<p id="pale">Pale text</p><img id="mute" src="data:,"><div id="wide">Wide</div></main>
<style>#pale { color: #999; background: #aaa } #wide { width: 2000px }
@media (prefers-color-scheme: dark) { #pale { color: #333; background: #222 } }</style>"""


@pytest.fixture
def broken(watcher):
    page = watcher.stranger
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="light")
    page.goto("about:blank")
    page.set_content(BROKEN)
    return page


def test_a_pale_text_and_a_mute_picture_are_found(broken):
    assert {one.partition(":")[0] for one in serious(broken, WCAG)} == {"color-contrast", "image-alt"}


def test_a_text_that_vanishes_in_the_dark_is_found(broken):
    broken.emulate_media(color_scheme="dark")
    assert len(serious(broken, CONTRAST)) == 1


def test_what_is_too_wide_is_found(broken):
    assert broken.evaluate(TOO_WIDE) == ["DIV.", "page"]


# --- names of all kinds -------------------------------------------------------------------------------------------

OF_A_PARTNER = [rule for rule in RULES if rule.parts == {"partner_id"}]


@pytest.mark.parametrize("which", [1, 2], ids=["right-to-left", "emoji"])
@pytest.mark.parametrize("rule", OF_A_PARTNER, ids=by_endpoint)
def test_names_of_all_kinds_stay_on_the_screen(watcher, server, rule, which):
    assert watcher.widths(rule, server.people["odd"][which]) == []
