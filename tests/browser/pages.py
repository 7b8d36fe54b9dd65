"""Every page that a browser can open, from the routes themselves: a new page is tested on the day it is added."""

import re
from dataclasses import dataclass

from flask import Flask

from portal.app import BLUEPRINTS
from portal.guard import OPEN_ENDPOINTS

# Answers that are no pages: files, pulses, and what leads on at once.
NO_PAGES = re.compile(r"^(static|operation\.(healthz|readyz)|publishing\.style)$|export|download|template")
NO_PAGE_ENDS = (".csv", ".xlsx", ".json", ".ics")
# What stands in the parts of an address that are no ids.
WORDS = {"kind": "class", "locale": "en", "language": "en", "number": "1", "path": "", "token": "used"}


@dataclass(frozen=True)
class PageRule:
    endpoint: str
    rule: str
    parts: frozenset
    is_open: bool

    def address(self, known):
        values = {**WORDS, **{name: str(value) for name, value in known.items()}}
        lacking = sorted(self.parts - values.keys())
        assert not lacking, f"tests/browser/people.py knows no {', '.join(lacking)} for {self.rule}"
        return re.sub(r"<(?:[^:<>]+:)?([a-z_]+)>", lambda part: values[part[1]], self.rule)


def page_rules():
    app = Flask(__name__, static_folder=None)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
    return [
        PageRule(rule.endpoint, rule.rule, frozenset(rule.arguments - (rule.defaults or {}).keys()), _is_open(rule))
        for rule in rules
        if "GET" in rule.methods and _is_page(rule)
    ]


def _is_page(rule):
    is_file = NO_PAGES.search(rule.endpoint) or rule.rule.endswith(NO_PAGE_ENDS)
    return not is_file and "path" not in rule.arguments


def _is_open(rule):
    return rule.endpoint in OPEN_ENDPOINTS
