"""Partners and contacts as a CRM exports them; owner, region, class, tier and status become dated assignments."""

from portal.accounts.importable import EXTERNAL_ID, LANGUAGE_WORDS
from portal.accounts.models import Region, User
from portal.i18n import N_, Message
from portal.importing import Importable, Importer, ImportField, Refused, given
from portal.partners.models import (
    SENIORITIES,
    STATUSES,
    TYPES,
    ClassAssignment,
    Contact,
    OwnerAssignment,
    Partner,
    PartnerClass,
    RegionAssignment,
    StatusAssignment,
    Tier,
    TierAssignment,
)

PARTNER_ID = ("Partner ID", "Account ID", "Customer No", "ResellerKey", "Kundnummer", "Asiakasnumero", "Partnernummer")
TYPE_WORDS = {
    **{code: code for code in TYPES},
    **{label: code for code, label in TYPES.items()},
    "Återförsäljare": "reseller",
    "Jälleenmyyjä": "reseller",
    "Distributör": "distributor",
    "Jakelija": "distributor",
    "Systemintegratör": "si",
    "Järjestelmäintegraattori": "si",
}
STATUS_WORDS = {
    **{code: code for code in STATUSES},
    **{label: code for code, label in STATUSES.items()},
    "Aktiv": "active",
    "Aktiivinen": "active",
    "Prospekt": "prospect",
    "Vilande": "dormant",
    "Avslutad": "ended",
    "Inactive": "ended",
    "Päättynyt": "ended",
}
SENIORITY_WORDS = {**{code: code for code in SENIORITIES}, **{label: code for code, label in SENIORITIES.items()}}
PLAIN_PARTNER_FIELDS = (
    "name",
    "org_no",
    "type",
    "business_type",
    "address",
    "postcode",
    "city",
    "state",
    "country",
    "phone",
    "website",
    "locale",
    "latitude",
    "longitude",
    "partner_since_on",
    "profile",
)
PLAIN_CONTACT_FIELDS = ("title", "function", "seniority", "email", "phone", "locale", "key_contact", "left_on")


def partner_of(writer, number, field="partner"):
    """The partner with this number in the other system. Refuses one that is not there."""
    partner = known_as(writer, number)
    if partner is None:
        raise Refused(
            (field, Message(N_("No partner has the number %(number)s. Import partners first."), {"number": number}))
        )
    return partner


def known_as(writer, number):
    """As `Partner.known_as`: the one with this number, or the one that it was merged into; None if there is none."""
    partner = writer.find(Partner, external_id=number)
    while partner and partner.values["merged_into"]:
        partner = writer.find(Partner, id=partner.values["merged_into"])
    return partner


class PartnerImporter(Importer):
    def take(self, row, line):
        found = self.writer.find(Partner, external_id=row["external_id"])
        if found and found.values["merged_into"]:
            raise Refused(("external_id", Message(N_("This partner was merged into another one. Remove the row."))))
        holds = self._what_holds(row)
        fields = given(row, "external_id", *PLAIN_PARTNER_FIELDS)
        fields |= _searchable({**(found.values if found else {}), **fields})
        entry = self.writer.put(Partner, {"external_id": row["external_id"]}, found, **fields)
        from_on = row.get("holds_from_on") or self.writer.today
        if entry.made_here and row.get("status") is None:
            holds.append((StatusAssignment, "active"))
        for assignment, value in holds:
            self.writer.assign(assignment, entry, value, from_on)
        return entry

    def _what_holds(self, row):
        """(assignment table, value) for each column that is not blank. Refuses names that are not known."""
        found, unknown = [], []
        for name, assignment, seek in ASSIGNED:
            if row.get(name) is not None:
                value = seek(self.writer, row[name])
                found.append((assignment, value))
                if value is None:
                    unknown.append((name, Message(UNKNOWN[name], {"cell": row[name][:40]})))
        if unknown:
            raise Refused(*unknown)
        return found


def _searchable(values):
    """What the search looks in follows the values that will be stored."""
    others = (values.get("city"), values.get("country"), values.get("external_id"), values.get("org_no"))
    return Partner.search_columns(values["name"], *others)


def _owner(writer, cell):
    user = writer.find(User, external_id=cell) or writer.find(User, email=cell.casefold())
    return user if user and user.values["role"] in ("pam", "manager") and not user.values["deactivated_at"] else None


def _by(table, *columns):
    """Seeks a row by the first of these columns that holds the cell."""

    def seek(writer, cell):
        return next((row for column in columns if (row := writer.find(table, **{column: cell})) is not None), None)

    return seek


ASSIGNED = (
    ("owner", OwnerAssignment, _owner),
    ("region", RegionAssignment, _by(Region, "external_id", "name")),
    ("partner_class", ClassAssignment, _by(PartnerClass, "code", "name")),
    ("tier", TierAssignment, _by(Tier, "external_id", "name")),
    ("status", StatusAssignment, lambda writer, cell: cell),
)
UNKNOWN = {
    "owner": N_("No active partner account manager or manager has the number or address “%(cell)s”."),
    "region": N_("There is no region “%(cell)s”. Import regions first, or add it."),
    "partner_class": N_("There is no class “%(cell)s”. Add it on the page of classes."),
    "tier": N_("There is no tier “%(cell)s”. Add it on the page of tiers."),
}


class ContactImporter(Importer):
    def take(self, row, line):
        partner = partner_of(self.writer, row["partner"])
        found = self._contact(row, partner)
        if found and found.values["partner"] != partner.id:
            raise Refused(
                ("partner", Message(N_("This person is stored at another partner. Enter there that the person left.")))
            )
        fields = given(row, "external_id", "name", *PLAIN_CONTACT_FIELDS)
        search = Contact.search_text({**(found.values if found else {}), **fields})
        return self.writer.put(Contact, {"partner": partner, "name": row["name"]}, found, search=search, **fields)

    def _contact(self, row, partner):
        if row.get("external_id") and (found := self.writer.find(Contact, external_id=row["external_id"])):
            return found
        if row.get("email") and (found := self.writer.find(Contact, partner=partner.id, email=row["email"])):
            return found
        return self.writer.find(Contact, partner=partner.id, name=row["name"])


PARTNERS = Importable(
    kind="partners",
    label=N_("Partners"),
    meaning=N_("Companies that sell for you. Owner, region, class, tier and status hold from the day that you give."),
    fields=(
        ImportField(
            "external_id",
            N_("Number in the other system"),
            required=True,
            most=60,
            aliases=(*PARTNER_ID, "CustomerKey", *EXTERNAL_ID),
        ),
        ImportField(
            "name",
            N_("Name"),
            required=True,
            aliases=("Account Name", "Company", "Partner", "Reseller", "Namn", "Företag", "Nimi", "Yritys", "Kund"),
        ),
        ImportField("org_no", N_("Company number"), aliases=("Organisationsnummer", "Y-tunnus", "VAT"), most=60),
        ImportField("type", N_("Type"), "word", words=TYPE_WORDS, aliases=("Partner type", "Typ", "Tyyppi")),
        ImportField("business_type", N_("Business"), aliases=("Business Type", "Industry", "Bransch", "Toimiala")),
        ImportField("address", N_("Street"), aliases=("Address", "Billing Street", "Adress", "Gata", "Katuosoite")),
        ImportField("postcode", N_("Postcode"), aliases=("Zip", "Postal code", "Postnummer", "Postinumero"), most=20),
        ImportField("city", N_("City"), aliases=("Town", "Billing City", "Ort", "Stad", "Kaupunki")),
        ImportField("state", N_("State or province"), aliases=("State-Province", "County", "Län", "Maakunta")),
        ImportField("country", N_("Country"), "country", aliases=("Country-Region", "Billing Country", "Land", "Maa")),
        ImportField("latitude", N_("Latitude"), "degrees", aliases=("Lat", "Latitud", "Leveysaste")),
        ImportField("longitude", N_("Longitude"), "degrees", aliases=("Lng", "Lon", "Longitud", "Pituusaste")),
        ImportField("phone", N_("Phone"), aliases=("Telephone", "Telefon", "Puhelin"), most=60),
        ImportField("website", N_("Website"), aliases=("Web", "URL", "Webbplats", "Kotisivu")),
        ImportField("locale", N_("Language"), "word", words=LANGUAGE_WORDS, aliases=("Språk", "Kieli")),
        ImportField("partner_since_on", N_("Partner since"), "day", aliases=("Start date", "Partner sedan", "Alkaen")),
        ImportField("profile", N_("About the partner"), aliases=("Description", "Beskrivning", "Kuvaus"), most=10_000),
        ImportField(
            "owner",
            N_("Partner account manager"),
            aliases=("Owner", "Account Owner", "EmployeeKey", "Ansvarig", "Säljare", "Vastuuhenkilö", "Omistaja"),
            hint=N_("The user's number in the other system, or the mail address."),
        ),
        ImportField("region", N_("Region"), aliases=("Territory", "SalesTerritoryKey", "Alue")),
        ImportField("partner_class", N_("Class"), aliases=("Segment", "Klass", "Luokka", "ABC"), most=10),
        ImportField("tier", N_("Tier"), aliases=("Level", "Program level", "Nivå", "Taso")),
        ImportField("status", N_("Status"), "word", words=STATUS_WORDS, aliases=("Tila", "Account status")),
        ImportField(
            "holds_from_on",
            N_("Holds from"),
            "day",
            aliases=("Valid from", "Effective date", "Gäller från", "Voimassa alkaen"),
            hint=N_("From when owner, region, class, tier and status hold; blank means today."),
        ),
    ),
    key=("external_id",),
    example={
        "external_id": "4711",
        "name": "Örebro Kontorsteknik AB",
        "org_no": "556677-8899",
        "type": "reseller",
        "city": "Örebro",
        "country": "Sweden",
        "phone": "+46 19 123 45",
        "owner": "par@example.com",
        "region": "Mälardalen",
        "partner_class": "A",
        "status": "active",
        "holds_from_on": "2026-01-01",
    },
    importer=PartnerImporter,
    tables=(Partner, OwnerAssignment, RegionAssignment, ClassAssignment, TierAssignment, StatusAssignment),
)

CONTACTS = Importable(
    kind="contacts",
    label=N_("Contacts"),
    meaning=N_("The people at your partners."),
    fields=(
        ImportField("partner", N_("Partner's number"), required=True, aliases=PARTNER_ID, most=60),
        ImportField(
            "name", N_("Name"), required=True, aliases=("Full Name", "Contact", "Contact Name", "Namn", "Nimi")
        ),
        ImportField(
            "external_id",
            N_("Number in the other system"),
            aliases=("Contact ID", "Kontaktnummer", *EXTERNAL_ID),
            most=60,
        ),
        ImportField("title", N_("Title"), aliases=("Job title", "Befattning", "Titel", "Titteli")),
        ImportField("function", N_("Function"), aliases=("Department", "Avdelning", "Osasto")),
        ImportField("seniority", N_("Seniority"), "word", words=SENIORITY_WORDS),
        ImportField("email", N_("Mail"), "address", aliases=("E-mail", "Email address", "E-post", "Sähköposti")),
        ImportField("phone", N_("Phone"), aliases=("Mobile", "Telefon", "Mobil", "Puhelin"), most=60),
        ImportField("locale", N_("Language"), "word", words=LANGUAGE_WORDS, aliases=("Språk", "Kieli")),
        ImportField("key_contact", N_("Key contact"), "yes", aliases=("Primary", "Nyckelkontakt", "Avainhenkilö")),
        ImportField("left_on", N_("Left on"), "day", aliases=("Slutade", "Lähti")),
    ),
    key=("partner", "external_id", "email", "name"),
    example={
        "partner": "4711",
        "name": "Kim Kontakt",
        "external_id": "k-1",
        "title": "Sales director",
        "email": "kim@partner.example",
        "phone": "+46 70 123 45 67",
        "key_contact": "yes",
    },
    importer=ContactImporter,
    tables=(Contact,),
)

IMPORTABLES = (PARTNERS, CONTACTS)
