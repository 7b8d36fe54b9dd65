"""Users, their teams, regions and sessions; the workspace; what a phone sent; the mail that waits."""

from datetime import timedelta

from peewee import BooleanField, CharField, DateField, ForeignKeyField, IntegerField, SmallIntegerField

from portal.accounts.permissions import ADMIN, MANAGER, ROLES, relation
from portal.db import CodeField, InternalJSON, InternalText, Table, UTCDateTimeField
from portal.i18n import LANGUAGES
from portal.records import Record, Stale  # noqa: F401 - Stale belongs to the vocabulary of rows
from portal.tokens import new_token, token_hash


class Workspace(Record):
    """The one row of what holds for the whole company."""

    name = CharField()
    fiscal_year_first_month = SmallIntegerField(default=1)
    currency = CharField(max_length=3, default="EUR")
    timezone = CharField(default="Europe/Stockholm")
    language = CodeField(LANGUAGES, default="en")

    @classmethod
    def get_only(cls):
        """The workspace, or None: the portal is not set up yet."""
        return cls.get_or_none()


class Region(Record):
    name = CharField(unique=True)
    external_id = CharField(null=True, unique=True)
    parent = ForeignKeyField("self", null=True, backref="children")
    country = CharField(default="")


class Team(Record):
    name = CharField(unique=True)
    # The manager is a user; users point to their team, so the team's side is the plain id of a user.
    manager_id = IntegerField(null=True, index=True)

    @property
    def manager(self):
        return User.get_or_none(User.id == self.manager_id)


class User(Record):
    """Somebody of the vendor who signs in. Partner contacts are readers and never users."""

    email = CharField(unique=True)
    name = CharField()
    role = CodeField(ROLES)
    team = ForeignKeyField(Team, null=True, backref="members")
    title = CharField(default="")
    phone = CharField(default="")
    external_id = CharField(null=True, unique=True)
    locale = CodeField(LANGUAGES, default="en")
    timezone = CharField(default="Europe/Stockholm")
    password_hash = CharField(null=True)
    password_changed_at = UTCDateTimeField(null=True)
    invited_at = UTCDateTimeField(null=True)
    deactivated_at = UTCDateTimeField(null=True)

    @property
    def active(self):
        return self.deactivated_at is None

    @property
    def state(self):
        """`active`, `invited`, `new` (no invitation yet) or `gone`."""
        if not self.active:
            return "gone"
        if self.password_hash:
            return "active"
        return "invited" if self.invited_at else "new"

    @property
    def regions(self):
        return Region.select().join(UserRegion).where(UserRegion.user == self).order_by(Region.name)

    @classmethod
    def by_email(cls, email):
        return cls.get_or_none(cls.email == normal_email(email))

    def relation(self, action):
        return relation(self.role, action) if self.active else None

    def may(self, action):
        return self.relation(action) is not None

    @classmethod
    def team_of(cls, manager):
        """The users whose manager this is, and the manager: ids as a query."""
        teams = Team.select(Team.id).where(Team.manager_id == manager.id)
        return cls.select(cls.id).where((cls.team.in_(teams)) | (cls.id == manager.id))

    @classmethod
    def active_admins(cls):
        return cls.select().where((cls.role == ADMIN) & cls.deactivated_at.is_null())

    @classmethod
    def who_own_partners(cls):
        """Those who may be given a portfolio, by name."""
        return cls.select().where(cls.role.in_(("pam", MANAGER)) & cls.deactivated_at.is_null()).order_by(cls.name)


def normal_email(email):
    return email.strip().casefold()


class UserRegion(Table):
    user = ForeignKeyField(User, backref="region_links", on_delete="CASCADE")
    region = ForeignKeyField(Region, backref="user_links")

    class Meta:
        indexes = ((("user", "region"), True),)


# The first that a browser's own description holds: Edge calls itself Chrome and Safari as well.
BROWSERS = ("Firefox", "Edg", "Chrome", "Safari")
SYSTEMS = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")


class SignInSession(Table):
    """One signed-in browser. The cookie holds a random token, the row only its hash (spec/7-bar.md AU-6)."""

    user = ForeignKeyField(User, backref="sessions", on_delete="CASCADE")
    token_hash = CharField(max_length=64, unique=True)
    created_at = UTCDateTimeField()
    seen_at = UTCDateTimeField()
    confirmed_at = UTCDateTimeField()  # when the password was last typed: sudo
    stays = BooleanField(default=False)
    ip = CharField(default="")
    agent = CharField(default="")

    @classmethod
    def open(cls, user, now, *, stays=False, ip="", agent=""):
        """(row, token) of a new session; the token is never stored."""
        token = new_token()
        row = cls.create(
            user=user,
            token_hash=token_hash(token),
            created_at=now,
            seen_at=now,
            confirmed_at=now,
            stays=stays and user.role != ADMIN,
            ip=ip,
            agent=agent[:200],
        )
        return row, token

    @classmethod
    def find(cls, token, now):
        """The living session of this token with its active user, or None."""
        row = cls.select(cls, User).join(User).where(cls.token_hash == token_hash(token)).first()
        return row if row and row.user.active and not row.expired(now) else None

    def expired(self, now):
        idle, absolute = self.limits()
        return now - self.seen_at > idle or now - self.created_at > absolute

    @property
    def device(self):
        """What a person recognises the browser by: `Firefox, Windows`."""
        browser = next((name for name in BROWSERS if name in self.agent), "")
        system = next((name for name in SYSTEMS if name in self.agent), "")
        return ", ".join(filter(None, [browser.replace("Edg", "Edge"), system])) or "–"

    def limits(self):
        """(idle, absolute) life: spec/7-bar.md AU-6, spec/0-decisions.md 27."""
        if self.user.role == ADMIN:
            return timedelta(hours=2), timedelta(hours=12)
        if self.stays:
            return timedelta(days=14), timedelta(days=30)
        return timedelta(hours=12), timedelta(days=14)

    @classmethod
    def living(cls, user, now):
        """The user's sessions that have not expired, the last used first."""
        rows = cls.select(cls, User).join(User).where(cls.user == user).order_by(cls.seen_at.desc())
        return [row for row in rows if not row.expired(now)]

    @classmethod
    def end_all(cls, user, *, but=None):
        """Signs the user out everywhere, except in the session `but`; returns how many ended."""
        query = cls.delete().where(cls.user == user)
        return (query.where(cls.id != but.id) if but else query).execute()


class ShareLink(Table):
    """A signed link for one purpose, once. The holder is a user or a contact; its view belongs to the purpose."""

    purpose = CharField()
    holder_kind = CodeField(("user", "contact"))
    holder_id = IntegerField()
    object_id = IntegerField(null=True)
    address = CharField(default="")
    token_hash = CharField(max_length=64, unique=True)
    created_at = UTCDateTimeField(index=True)
    expires_at = UTCDateTimeField()

    class Meta:
        indexes = ((("purpose", "holder_kind", "holder_id"), False),)


class Attempt(Table):
    """One failed try at a door that asks for a secret; counted by the throttle (spec/7-bar.md AU-4)."""

    door = CharField()
    account = CharField(index=True)
    ip = CharField(index=True)
    at = UTCDateTimeField(index=True)


class KnownAddress(Table):
    """An IP from which this account once signed in: a correct password from there passes a lock-out."""

    account = CharField()
    ip = CharField()
    at = UTCDateTimeField()

    class Meta:
        indexes = ((("account", "ip"), True),)


class Leave(Record):
    """Days away, with who stands in: the substitute reads and works on the portfolio for that time."""

    user = ForeignKeyField(User, backref="leaves")
    substitute = ForeignKeyField(User, null=True, backref="substitutions")
    from_on = DateField()
    until_on = DateField()  # the first day back

    def end(self, stamp, on):
        """The user is back on that day; a leave that has not begun by then is gone."""
        if on <= self.from_on:
            self.remove(stamp)
        elif on < self.until_on:
            self.change(stamp, until_on=on)

    @classmethod
    def of(cls, user, on):
        """The user's leaves that have not ended, the next first."""
        return cls.select().where((cls.user == user) & (cls.until_on > on)).order_by(cls.from_on)

    @classmethod
    def stood_in_by(cls, user, on):
        """The leaves that have not ended in which this user stands in."""
        return cls.select().where((cls.substitute == user) & (cls.until_on > on)).order_by(cls.from_on)

    @classmethod
    def substituted_by(cls, user, on):
        """Ids of the users for whom `user` stands in on that day, as a query."""
        return cls.select(cls.user).where((cls.substitute == user) & (cls.from_on <= on) & (cls.until_on > on))


class Submission(Table):
    """What a form or a phone sent under its own uid, once (spec/0-decisions.md 6): a replay gets the same result."""

    user = ForeignKeyField(User, on_delete="CASCADE")
    client_uid = CharField(max_length=36)
    content_hash = CharField(max_length=64)
    result_type = CharField()
    result_id = IntegerField()
    received_at = UTCDateTimeField()

    class Meta:
        indexes = ((("user", "client_uid"), True),)


class OutboxMessage(Table):
    """A mail to be sent. The body holds a placeholder; a link is made when it is sent (spec/0-decisions.md 28)."""

    to_name = CharField(default="")
    to_address = CharField()
    subject = InternalText()
    body = InternalText()
    # What to make of the placeholder {link}: purpose, holder_kind, holder_id, object_id, hours it lives.
    link = InternalJSON(null=True)
    created_at = UTCDateTimeField(index=True)
    sent_at = UTCDateTimeField(null=True, index=True)
    next_try_at = UTCDateTimeField()
    attempts = IntegerField(default=0)
    error = InternalText(default="")


class AuditSeal(Table):
    """A link of the hash chain over audit lines up to `last_event_id`; written by a job, verified by doctor."""

    first_event_id = IntegerField()
    last_event_id = IntegerField(unique=True)
    events = IntegerField()
    hash = CharField(max_length=64)
    sealed_at = UTCDateTimeField()


class JobRun(Table):
    """When a background job last ran, and how it ended: shown to admins and read by doctor."""

    name = CharField(unique=True)
    started_at = UTCDateTimeField()
    ended_at = UTCDateTimeField(null=True)
    error = InternalText(default="")
