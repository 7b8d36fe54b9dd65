"""A workspace in which every address leads to something, and the forms that its pages show."""

from datetime import timedelta
from html.parser import HTMLParser

from portal.accounts import outbox
from portal.accounts.models import Leave
from portal.gate import readers
from portal.imports.models import ImportBatch
from portal.partners.handover import hand_over
from portal.partners.models import Partner, Tier
from portal.propositions.models import Proposition
from portal.publishing.models import PageApproval, Publication

# Files, and what answers 503 as long as the tables of a test were made without migrations.
LEFT_OUT = ("static", "operation.readyz")
WORDS = {"kind": "class", "locale": "en", "language": "en", "number": 1, "path": "x", "token": "used", "name": "x"}


def fill(cast):
    """{name of a part of an address: a value that is there}, all of them Örebro's or of the whole workspace."""
    stamp, today, partner = cast.stamp, cast.today, cast.orebro
    contact = cast.contact(partner, email="kim@orebro.example")
    readers.invite(stamp, contact)
    held = cast.held(partner, today, note="They think of leaving", logged_at=stamp.at)
    planned = cast.planned(partner, today + timedelta(days=3), purpose="Plan the year")
    action = cast.action(partner, due_on=today + timedelta(days=9))
    kpi = cast.kpi(kind="flow")
    month_on = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    cast.actual(kpi, partner, month_on, 100_00)
    target = cast.target(kpi, month_on, today + timedelta(days=300), 900_00, partner=partner)
    Proposition.write(stamp, partner, "en", "# Together").approve(stamp)
    PageApproval.give(stamp, Partner.select().where(Partner.id == partner.id))
    away = {"from_on": today + timedelta(days=50), "until_on": today + timedelta(days=60)}
    leave = Leave.add(stamp, user=cast.par, substitute=cast.petra, **away)
    handover = hand_over(stamp, Partner.select().where(Partner.id == cast.falun.id), cast.petra, today)
    reading = {"file": "gone", "choices": {}, "delimiter": ";", "encoding": "utf-8", "decimal": "", "days": ""}
    batch = ImportBatch.add(stamp, kind="users", file_name="users.csv", sha256="0" * 64, reading=reading)
    message = outbox.post(stamp, "kim@orebro.example", "Kim", "Hello", "Good day")
    return WORDS | {
        "partner_id": partner.id,
        "contact_id": contact.id,
        "visit_id": planned.id,
        "held_id": held.id,
        "action_id": action.id,
        "kpi_id": kpi.id,
        "target_id": target.id,
        "leave_id": leave.id,
        "handover_id": handover.id,
        "batch_id": batch.id,
        "message_id": message.id,
        "user_id": cast.petra.id,
        "team_id": cast.south.id,
        "region_id": cast.region.id,
        "tier_id": Tier.add(stamp, name="Gold").id,
        "class_id": cast.classes["A"].id,
        "publication_id": Publication.begin(stamp, today).id,
        "session_id": 1,
        "pause_id": 1,
        "form": "csv",
    }


def addresses(app, known):
    """(endpoint, address, methods) of every route but those of LEFT_OUT."""
    routes = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in LEFT_OUT:
            values = {name: known[name] for name in rule.arguments if name not in (rule.defaults or {})}
            methods = rule.methods & {"GET", "POST"}
            yield rule.endpoint, routes.build(rule.endpoint, values, method=min(methods)), methods


class Forms(HTMLParser):
    """The forms of a page: `found` holds (method, address, {field: value as a browser would send it})."""

    def __init__(self, page):
        super().__init__()
        self.found, self._name, self._text = [], None, ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.found.append((given.get("method", "get").lower(), given.get("action", ""), {}))
        elif self.found and tag == "input" and given.get("name"):
            self._input(given)
        elif tag in ("select", "textarea") and given.get("name"):
            self._name, self._text = given["name"], ""
            self._set(self._name, "")
        elif tag == "option" and self._name and "selected" in given:
            self._set(self._name, given.get("value", ""))
        elif self.found and tag == "button" and given.get("name"):
            self._fields.setdefault(given["name"], given.get("value", ""))

    def handle_data(self, data):
        self._text += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self._name:
            self._set(self._name, self._text.strip())
        if tag in ("select", "textarea"):
            self._name = None

    @property
    def _fields(self):
        return self.found[-1][2]

    def _set(self, name, value):
        if self.found:
            self._fields[name] = value

    def _input(self, given):
        chosen = given.get("type") not in ("checkbox", "radio") or "checked" in given
        if chosen:
            self._set(given["name"], given.get("value", ""))
        else:
            self._fields.setdefault(given["name"], "")
