"""The named cast of the tests, and factories with defaults: a test names only what it is about.

Ada is the administrator, Lena leads. Maja manages the North team with Pär and Petra; Otto manages the South team with
Sven. Pär looks after Örebro AB and Falun Oy, Sven after Malmö AB; nobody looks after Nobody's Ltd.
"""

from copy import deepcopy
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from portal.accounts.models import Region, SignInSession, Team, User, Workspace
from portal.actions.models import Action
from portal.cadence.models import CadencePolicy
from portal.kpis.models import Kpi, KpiActual, KpiTarget
from portal.partners.models import ClassAssignment, Contact, OwnerAssignment, Partner, PartnerClass
from portal.records import Stamp
from portal.tables import TABLES
from portal.visits.models import Visit
from portal.web import now

LONG_AGO = date(2020, 1, 1)
DEFAULT_CADENCES = {"A": (45, 60, 8), "B": (90, 120, 4), "C": (180, 240, 2), "D": (None, None, 0)}


class KeptCast:
    """A cast that was made once; to put its rows back takes one statement a table instead of a hundred."""

    def __init__(self, app):
        self.cast = Cast(app)
        every = [(table, list(table.select().dicts())) for table in TABLES]
        self.rows = [(table, rows) for table, rows in every if rows]

    def again(self):
        for table, rows in self.rows:
            table.insert_many(rows).execute()
        made = Cast.__new__(Cast)
        people = {name: deepcopy(value) for name, value in vars(self.cast).items() if name != "app"}
        vars(made).update(people | {"app": self.cast.app, "stamp": Stamp(now())})
        return made


class Cast:
    def __init__(self, app):
        self.app = app
        self.stamp = Stamp(now())
        # The day that the cast's people have: late in the evening it is not that of UTC.
        self.today = now().astimezone(ZoneInfo("Europe/Stockholm")).date()
        self.workspace = Workspace.add(self.stamp, name="Nordlicht", timezone="Europe/Stockholm", currency="EUR")
        self.north, self.south = (Team.add(self.stamp, name=name) for name in ("North", "South"))
        self.region = Region.add(self.stamp, name="Mälardalen", country="SE")
        self.ada = self.user("Ada Admin", "admin")
        self.lena = self.user("Lena Ledare", "leadership")
        self.maja = self.user("Maja Manager", "manager", team=self.north)
        self.otto = self.user("Otto Oberman", "manager", team=self.south)
        self.par = self.user("Pär Partner", "pam", team=self.north)
        self.petra = self.user("Petra Puro", "pam", team=self.north)
        self.sven = self.user("Sven Syd", "pam", team=self.south)
        self.north.change(self.stamp, manager_id=self.maja.id)
        self.south.change(self.stamp, manager_id=self.otto.id)
        self.classes = {code: self._class(code, *cadence) for code, cadence in DEFAULT_CADENCES.items()}
        self.orebro = self.partner("Örebro AB", self.par, "A", city="Örebro", country="SE")
        self.falun = self.partner("Falun Oy", self.par, "B", city="Falun", country="SE")
        self.malmo = self.partner("Malmö AB", self.sven, "A", city="Malmö", country="SE")
        self.nobodys = self.partner("Nobody's Ltd", None, "C")

    def _class(self, code, ideal, most, visits):
        made = PartnerClass.add(self.stamp, code=code, name=f"Class {code}", rank=ord(code) - 64)
        CadencePolicy.add(
            self.stamp, partner_class=made, from_on=LONG_AGO, ideal_days=ideal, max_days=most, visits_per_year=visits
        )
        return made

    def user(self, name, role, **fields):
        email = f"{name.split()[0].lower().replace('ä', 'a')}@nordlicht.example"
        return User.add(self.stamp, **{"name": name, "role": role, "email": email, **fields})

    def partner(self, name, owner=None, class_code=None, *, since=LONG_AGO, **fields):
        made = Partner.add(
            self.stamp,
            name=name,
            **Partner.search_columns(name, fields.get("city", ""), fields.get("country", "")),
            **fields,
        )
        if owner:
            OwnerAssignment.assign(self.stamp, made, owner, since)
        if class_code:
            ClassAssignment.assign(self.stamp, made, self.classes[class_code], since)
        return made

    def contact(self, partner, name="Kim Kontakt", **fields):
        return Contact.add(self.stamp, partner=partner, name=name, **fields)

    def held(self, partner, on, owner=None, **fields):
        """A held visit on that day."""
        fields = {"mode": "on_site", "logged_at": self.stamp.at, **fields}
        return Visit.add(self.stamp, partner=partner, owner=owner or self.par, state="held", held_on=on, **fields)

    def planned(self, partner, on, owner=None, **fields):
        return Visit.add(
            self.stamp, partner=partner, owner=owner or self.par, **{"state": "planned", "planned_on": on, **fields}
        )

    def action(self, partner, text="Send the price list", **fields):
        return Action.add(self.stamp, partner=partner, **{"shared_text": text, "user": self.par, **fields})

    def kpi(self, code="revenue", **fields):
        return Kpi.add(self.stamp, **{"code": code, "name": code.capitalize(), "unit": "money", **fields})

    def actual(self, kpi, partner, month_on, value, **fields):
        last = (month_on + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return KpiActual.add(
            self.stamp,
            **{"kpi": kpi, "partner": partner, "month_on": month_on, "value": value, "as_of_on": last, **fields},
        )

    def target(self, kpi, from_on, until_on, target, **fields):
        return KpiTarget.add(self.stamp, kpi=kpi, from_on=from_on, until_on=until_on, target=target, **fields)

    def client(self, who=None):
        """A browser: of a stranger, or signed in as one of the cast."""
        browser = self.app.test_client()
        if who is not None:
            _, token = SignInSession.open(who, now())
            with browser.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"] = token, True
        return browser
