"""Regions and users as other systems export them. Nobody who is imported gets a mail before somebody invites them."""

from portal.accounts.models import Region, Team, User, UserRegion
from portal.accounts.permissions import ADMIN, ROLE_LABELS, ROLES
from portal.i18n import LANGUAGE_NAMES, N_, Message
from portal.importing import Importable, Importer, ImportField, Refused, given

ROLE_WORDS = {
    **{role: role for role in ROLES},
    **{label: role for role, label in ROLE_LABELS.items()},
    "Sales Representative": "pam",
    "Account manager": "pam",
    "Channel manager": "pam",
    "Sales manager": "manager",
    "Chef": "manager",
    "Päällikkö": "manager",
    "Director": "leadership",
    "Ledning": "leadership",
    "Johto": "leadership",
}
LANGUAGE_WORDS = {
    **{code: code for code in LANGUAGE_NAMES},
    **{name: code for code, name in LANGUAGE_NAMES.items()},
    "Swedish": "sv",
    "Finnish": "fi",
    "engelska": "en",
    "englanti": "en",
    "finska": "fi",
    "ruotsi": "sv",
}
EXTERNAL_ID = ("Id", "Key", "Nummer", "Numero", "Nr", "Tunnus", "Record ID")


class RegionImporter(Importer):
    def take(self, row, line):
        found = self.writer.find(Region, external_id=row["external_id"]) or self.writer.find(Region, name=row["name"])
        named = self.writer.find(Region, name=row["name"])
        if named and named is not found:
            raise Refused(("name", Message(N_("Another region has this name. Names of regions differ."))))
        fields = {"external_id": row["external_id"], "name": row["name"], **given(row, "country")}
        return self.writer.put(Region, {}, found, **fields) if found else self.writer.put(Region, fields)


class UserImporter(Importer):
    def take(self, row, line):
        user = self._user(row)
        team = self._team(row)
        fields = given(row, "external_id", "email", "name", "role", "title", "phone", "locale")
        if team is not None:
            fields["team"] = team
        entry = self.writer.put(User, {"email": row["email"]}, user, **fields)
        self._lead(row, entry)
        self._work_in(row, entry)
        return entry

    def _user(self, row):
        """The stored user that the row is about, or None. Refuses what an import may not decide."""
        by_number = row.get("external_id") and self.writer.find(User, external_id=row["external_id"])
        by_mail = self.writer.find(User, email=row["email"])
        if by_number and by_mail and by_number is not by_mail:
            raise Refused(("email", Message(N_("Another user has this address. Every user needs an own one."))))
        user = by_number or by_mail
        if row["role"] == ADMIN and (user is None or user.values["role"] != ADMIN):
            raise Refused(("role", Message(N_("Administrators are made on the page of users, not by an import."))))
        if user and (user.values["invited_at"] or user.values["password_hash"]):
            self._refuse_other_rights(row, user)
        return user

    @staticmethod
    def _refuse_other_rights(row, user):
        """Role and address of somebody who can sign in change on the users' page, which ends the sessions."""
        for name in ("role", "email"):
            if user.values[name] != row[name]:
                raise Refused((name, Message(N_("This user can already sign in. Change it on the page of users."))))

    def _team(self, row):
        if not row.get("team"):
            return None
        return self.writer.put(Team, {"name": row["team"]})

    def _lead(self, row, entry):
        """A manager leads the team that stands in the own row, when nobody does yet."""
        team = row.get("team") and self.writer.find(Team, name=row["team"])
        if team and row["role"] == "manager" and team.values["manager_id"] is None:
            self.writer.flush()
            self.writer.put(Team, {}, team, manager_id=entry.id)

    def _work_in(self, row, entry):
        """The regions of the row become exactly the regions of the user."""
        if row.get("regions") is None:
            return
        wanted = [self._region(name) for name in row["regions"]]
        for region in wanted:
            self.writer.put(UserRegion, {"user": entry, "region": region})
        if not entry.made_here:
            for region in self._regions_of(entry):
                if region.values["region"] not in [each.id for each in wanted]:
                    self.writer.drop(UserRegion, region)

    def _region(self, name):
        return (
            self.writer.find(Region, external_id=name)
            or self.writer.find(Region, name=name)
            or self.writer.put(Region, {"name": name})
        )

    def _regions_of(self, entry):
        rows = UserRegion.select().where(UserRegion.user == entry.id)
        links = [self.writer.find(UserRegion, user=entry, region=row.region_id) for row in rows]
        return [link for link in links if link is not None]


REGIONS = Importable(
    kind="regions",
    label=N_("Regions"),
    meaning=N_("The areas that users work in and partners lie in."),
    fields=(
        ImportField(
            "external_id",
            N_("Number in the other system"),
            required=True,
            aliases=("Region ID", "SalesTerritoryKey", *EXTERNAL_ID),
        ),
        ImportField("name", N_("Name"), required=True, aliases=("Region", "Territory", "Namn", "Nimi", "Alue")),
        ImportField("country", N_("Country"), "country", aliases=("Land", "Maa", "CountryCode")),
    ),
    key=("external_id",),
    example={"external_id": "7", "name": "Mälardalen", "country": "Sweden"},
    importer=RegionImporter,
    tables=(Region,),
)

USERS = Importable(
    kind="users",
    label=N_("Users"),
    meaning=N_("Your own people with their role, team and regions. They get no mail until you invite them."),
    fields=(
        ImportField(
            "external_id",
            N_("Number in the other system"),
            aliases=(
                "EmployeeKey",
                "EmployeeID",
                "User ID",
                "Owner ID",
                "Anställningsnummer",
                "Henkilönumero",
                *EXTERNAL_ID,
            ),
        ),
        ImportField(
            "name",
            N_("Name"),
            required=True,
            aliases=("Full Name", "Salesperson", "Namn", "Nimi", "Användare", "Säljare"),
        ),
        ImportField(
            "email",
            N_("Mail"),
            "address",
            required=True,
            aliases=("E-mail", "Email address", "UPN", "Username", "E-post", "Sähköposti"),
        ),
        ImportField("role", N_("Role"), "word", required=True, words=ROLE_WORDS, aliases=("Profile", "Roll", "Rooli")),
        ImportField("title", N_("Title"), aliases=("Job title", "Befattning", "Titel", "Titteli")),
        ImportField("phone", N_("Phone"), aliases=("Mobile", "Telefon", "Mobil", "Puhelin"), most=60),
        ImportField("team", N_("Team"), aliases=("Group", "Grupp", "Tiimi")),
        ImportField(
            "regions",
            N_("Regions"),
            "names",
            aliases=("Region", "Territory", "Regioner", "Alueet"),
            hint=N_("Several are separated by commas."),
        ),
        ImportField("locale", N_("Language"), "word", words=LANGUAGE_WORDS, aliases=("Språk", "Kieli", "Locale")),
    ),
    key=("email",),
    example={
        "external_id": "1001",
        "name": "Pär Partner",
        "email": "par@example.com",
        "role": "pam",
        "title": "Partner account manager",
        "phone": "+46 8 123 456",
        "team": "North",
        "regions": "Mälardalen, Norrland",
        "locale": "sv",
    },
    importer=UserImporter,
    tables=(Region, Team, User, UserRegion),
)

IMPORTABLES = (REGIONS, USERS)
