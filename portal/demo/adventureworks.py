"""A channel as AdventureWorks Sales lies in a folder: seven files, known by their headers, through the same imports."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from portal.db import database
from portal.i18n import N_
from portal.importables import IMPORTABLES
from portal.imports.command import fingerprint, import_sheet
from portal.imports.reading import MadeSheet, Sheet, open_file
from portal.kpis.library import REVENUE, ensure_library
from portal.spreadsheets import Unreadable

PACK = Path(__file__).parent / "channel"

# What each file is to us, and the columns that tell it from the others.
FILES = {
    "sales": {"SalesOrderNumber", "OrderDate", "ProductKey", "ResellerKey", "EmployeeKey", "Sales", "Cost"},
    "resellers": {"ResellerKey", "Business Type", "Reseller", "Country-Region"},
    "people": {"EmployeeKey", "EmployeeID", "Title", "UPN", "Salesperson"},
    "targets": {"EmployeeID", "TargetAmount", "TargetMonth"},
    "products": {"ProductKey", "Product", "Category"},
    "regions": {"SalesTerritoryKey", "Region", "Country"},
    "areas": {"EmployeeKey", "SalesTerritoryKey"},
}


@dataclass(frozen=True)
class Channel:
    """The seven sheets of a folder; `shift` moves every day in them by whole years."""

    sheets: dict[str, Sheet]
    shift: int = 0

    def records(self, name):
        """(line, cells by column) of one file."""
        columns = self.sheets[name].columns()
        for line, cells in self.sheets[name].rows():
            yield line, dict(zip(columns, cells, strict=True))

    def day(self, cell):
        """`2017/08/25` as a date, moved; the 29th of February of a year that has none becomes the 28th."""
        year, month, day = map(int, cell.split("/"))
        year += self.shift
        try:
            return date(year, month, day)
        except ValueError:
            return date(year, month, day - 1)


def recognise(folder, shift=0):
    """The Channel in a folder. Raises Unreadable, with the name of what is missing."""
    found = {}
    for path in sorted(each for each in Path(folder).iterdir() if ".csv" in each.suffixes):
        sheet = open_file(path)
        columns = set(sheet.columns())
        known = next((name for name, needed in FILES.items() if needed <= columns and name not in found), None)
        if known:
            found[known] = sheet
    for name, columns in FILES.items():
        if name not in found:
            raise Unreadable(
                N_("The folder has no file of %(name)s, with the columns %(columns)s."),
                name=name,
                columns=", ".join(sorted(columns)),
            )
    return Channel(found, shift)


def import_channel(stamp, folder, today, progress=None, *, shift=0):
    """Takes the whole channel or nothing: [(ImportBatch, Outcome)] of regions, users, partners, targets, order lines.

    Owners, teams and regions of partners follow from the files (spec/0-decisions.md 33)."""
    channel = recognise(folder, shift)
    steps = (
        ("regions", "regions", channel.sheets["regions"]),
        ("users", "people", people(channel)),
        ("partners", "resellers", partners(channel)),
        ("targets", "targets", targets(channel)),
        ("order_lines", "sales", order_lines(channel)),
    )
    with database.atomic():
        ensure_library(stamp)
        return [_step(stamp, channel, today, progress, *step) for step in steps]


def _step(stamp, channel, today, progress, kind, name, sheet):
    path = channel.sheets[name].path
    said = (lambda done, total: progress(kind, done, total)) if progress else None
    return import_sheet(stamp, IMPORTABLES[kind], sheet, today, path.name, fingerprint(path), progress=said)


# --- the files as our kinds want them -----------------------------------------------------------------------------


def people(channel):
    """Users with role, team and regions: the team is that of the manager whose regions hold all of one's own."""
    regions = {record["SalesTerritoryKey"]: record["Region"] for _line, record in channel.records("regions")}
    areas = {}
    for _line, record in channel.records("areas"):
        areas.setdefault(record["EmployeeKey"], set()).add(regions[record["SalesTerritoryKey"]])
    staff = list(channel.records("people"))
    teams = {
        record["Title"].removesuffix(" Manager"): areas[record["EmployeeKey"]]
        for _line, record in staff
        if role(record["Title"]) == "manager"
    }

    def rows():
        for line, record in staff:
            held = areas.get(record["EmployeeKey"], set())
            led = [team for team, area in teams.items() if held <= area]
            team = led[0] if role(record["Title"]) != "leadership" and len(led) == 1 else ""
            given = (
                record["EmployeeKey"],
                record["Salesperson"],
                record["UPN"],
                role(record["Title"]),
                record["Title"],
            )
            yield line, [*given, team, ", ".join(sorted(held))]

    return MadeSheet(["external_id", "name", "email", "role", "title", "team", "regions"], rows)


def role(title):
    if title.startswith("Director"):
        return "leadership"
    return "manager" if title.endswith("Manager") else "pam"


def partners(channel):
    """Partners that belong, since the first order of the channel, to the salesperson of their last order."""
    last, began = {}, None
    for _line, record in channel.records("sales"):
        order = (record["OrderDate"], record["SalesOrderNumber"])
        began = min(began or record["OrderDate"], record["OrderDate"])
        if order >= last.get(record["ResellerKey"], (("", ""),))[0]:
            last[record["ResellerKey"]] = (order, record["EmployeeKey"], record["SalesTerritoryKey"])
    only_region = _only_regions(channel)
    holds_from = channel.day(began).isoformat()

    def rows():
        for line, record in channel.records("resellers"):
            _order, owner, region = last.get(record["ResellerKey"], (None, "", ""))
            region = region or only_region.get(record["Country-Region"], "")
            named = (record["ResellerKey"], record["Reseller"], record["Business Type"])
            place = (record["City"], record["State-Province"], record["Country-Region"])
            yield line, [*named, *place, owner, region, holds_from]

    header = ["external_id", "name", "business_type", "city", "state", "country", "owner", "region", "holds_from_on"]
    return MadeSheet(header, rows)


def _only_regions(channel):
    """Country → its region, where it has only one: what places a partner that never ordered."""
    regions = {}
    for _line, record in channel.records("regions"):
        regions.setdefault(record["Country"], []).append(record["SalesTerritoryKey"])
    return {country: keys[0] for country, keys in regions.items() if len(keys) == 1}


def targets(channel):
    """Monthly revenue targets of the salespeople; the file names them by another number than all the others."""
    keys = {record["EmployeeID"]: record["EmployeeKey"] for _line, record in channel.records("people")}

    def rows():
        for line, record in channel.records("targets"):
            month_on = channel.day(record["TargetMonth"]).isoformat()
            yield line, [REVENUE, keys[record["EmployeeID"]], month_on, record["TargetAmount"]]

    return MadeSheet(["kpi", "user", "from_on", "target"], rows)


def order_lines(channel):
    """The order lines as they lie, or with their days moved."""
    sheet = channel.sheets["sales"]
    if not channel.shift:
        return sheet
    position = sheet.columns().index("OrderDate")

    def rows():
        for line, cells in sheet.rows():
            cells[position] = channel.day(cells[position]).isoformat()
            yield line, cells

    return MadeSheet(sheet.columns(), rows)
