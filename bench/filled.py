"""A portal with many partners and visits in a folder that is thrown away, and somebody who is signed in."""

from datetime import date, timedelta
from random import Random

from portal.accounts.models import SignInSession, User, Workspace
from portal.app import create_app
from portal.db import database
from portal.operation.defaults import make_defaults
from portal.operation.migrations import migrate
from portal.partners.models import ClassAssignment, OwnerAssignment, Partner, PartnerClass
from portal.records import Stamp
from portal.settings import read_settings
from portal.visits.models import Visit
from portal.web import now

SEED = 20261121
BATCH = 500
LONG_AGO = date(2020, 1, 1)


class Filled:
    def __init__(self, folder, partners, visits):
        self.settings = read_settings({"PORTAL_DATA": str(folder)})
        self.app = create_app(self.settings)
        # The token's check costs microseconds; without it the same form can be sent again and again.
        self.app.config["WTF_CSRF_ENABLED"] = False
        database.connect()
        migrate(self.settings)
        self.stamp = Stamp(now())
        self.random = Random(SEED)
        with database.atomic():
            Workspace.add(self.stamp, name="Bench")
            make_defaults(self.stamp)
            self.pams = [self._user(f"pam{number}", "pam") for number in range(max(1, partners // 50))]
            self.leader = self._user("leader", "leadership")
            self._partners(partners)
            self._visits(partners, visits)
        database.execute_sql("ANALYZE")

    def _user(self, name, role):
        return User.add(self.stamp, name=name, email=f"{name}@bench.example", role=role)

    def _insert(self, table, rows):
        about = {"created_at": self.stamp.at, "updated_at": self.stamp.at}
        for start in range(0, len(rows), BATCH):
            table.insert_many([{**about, **row} for row in rows[start : start + BATCH]]).execute()

    def _partners(self, number):
        names = [f"Partner {each} AB" for each in range(1, number + 1)]
        self._insert(
            Partner,
            [{"name": name, **Partner.search_columns(name), "city": "Örebro", "country": "SE"} for name in names],
        )
        classes = list(PartnerClass.select().order_by(PartnerClass.rank))
        ids = range(1, number + 1)
        self._insert(
            ClassAssignment,
            [{"partner": each, "partner_class": classes[each % 4], "from_on": LONG_AGO} for each in ids],
        )
        self._insert(
            OwnerAssignment,
            [{"partner": each, "user": self._owner(each), "from_on": LONG_AGO} for each in ids],
        )

    def _owner(self, partner):
        return self.pams[partner % len(self.pams)]

    def _visits(self, partners, number):
        today = self.stamp.at.date()
        rows = []
        for _ in range(number):
            partner = self.random.randint(1, partners)
            on = today - timedelta(days=self.random.randint(0, 900))
            rows.append(
                {
                    "partner": partner,
                    "owner": self._owner(partner),
                    "state": "held",
                    "held_on": on,
                    "logged_at": self.stamp.at,
                }
            )
        self._insert(Visit, rows)

    def browser(self, user):
        """A signed-in browser of this user."""
        made = self.app.test_client()
        _, token = SignInSession.open(user, now())
        with made.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        return made
