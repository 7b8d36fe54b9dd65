"""Monthly actuals, targets and order lines as other systems export them."""

from datetime import timedelta

from peewee import chunked

from portal.accounts.models import User
from portal.fiscal import add_months, month_start
from portal.i18n import N_, Message
from portal.importing import Importable, Importer, ImportField, Refused, given
from portal.imports.models import ImportChange
from portal.kpis import monthly
from portal.kpis.models import Kpi, KpiActual, KpiTarget, OrderLine
from portal.kpis.targets import mistake
from portal.partners.importable import PARTNER_ID, known_as, partner_of
from portal.partners.models import PartnerClass

ORDERS_AT_ONCE = 500
FIGURE_HINT = N_("In the KPI's unit: 85 for 85 per cent, 1234.50 for money.")


def kpi_of(writer, cell):
    """The KPI with this code or name. Refuses one that is not there."""
    kpi = writer.find(Kpi, code=cell) or writer.find(Kpi, name=cell)
    if kpi is None:
        raise Refused(
            ("kpi", Message(N_("There is no KPI “%(cell)s”. Use a code of the library."), {"cell": cell[:40]}))
        )
    return kpi


class ActualImporter(Importer):
    def __init__(self, writer):
        super().__init__(writer)
        self.taken = {}  # (KPI, partner, month) → the number by which the file names the partner

    def expect(self, rows):
        numbers = {row["partner"] for row in rows}
        known = [partner for number in numbers if (partner := known_as(self.writer, number))]
        self.writer.load(
            KpiActual, ("kpi", "partner", "month_on"), KpiActual.partner.in_([partner.id for partner in known])
        )

    def take(self, row, line):
        partner = partner_of(self.writer, row["partner"])
        kpi = kpi_of(self.writer, row["kpi"])
        key = {"kpi": kpi.id, "partner": partner.id, "month_on": row["month_on"]}
        if self.taken.setdefault(tuple(key.values()), row["partner"]) != row["partner"]:
            raise Refused(("partner", Message(N_("It was merged with a partner of another row. Add the two up."))))
        found = self.writer.find(KpiActual, **key)
        self._refuse(row, kpi.values, found)
        last_day = add_months(row["month_on"], 1) - timedelta(days=1)
        fields = {
            **dict.fromkeys(("value", "numerator", "denominator")),
            **given(row, "value", "numerator", "denominator", "comment"),
            "as_of_on": row.get("as_of_on") or min(last_day, self.writer.today),
            "source": "import",
        }
        return self.writer.put(KpiActual, key, found, lineage={"batch": self.writer.batch_id}, **fields)

    def _refuse(self, row, kpi, found):
        problems = []
        if kpi["kind"] == "measured":
            problems.append(("kpi", Message(N_("The portal measures this KPI itself. Remove the row."))))
        elif kpi["kind"] == "ratio" and not (row.get("denominator") and row.get("numerator") is not None):
            text = N_("A ratio needs its two parts, so that months can be added up: give part and whole, above zero.")
            problems.append(("denominator", Message(text)))
        elif kpi["kind"] != "ratio" and row.get("value") is None:
            problems.append(("value", Message(N_("It is empty. Zero is a value: write 0 when you mean it."))))
        if found and found.values["source"] == monthly.ORDERS:
            problems.append(("kpi", Message(N_("This month is summed from order lines. Remove the row."))))
        if row["month_on"] > self.writer.today:
            problems.append(("month_on", Message(N_("The month has not begun yet."))))
        if row.get("as_of_on") and month_start(row["as_of_on"]) != row["month_on"]:
            problems.append(("as_of_on", Message(N_("The day does not lie in the month."))))
        if problems:
            raise Refused(*problems)


class TargetImporter(Importer):
    def take(self, row, line):
        kpi = kpi_of(self.writer, row["kpi"])
        until_on = row.get("until_on") or add_months(row["from_on"], 1)
        if until_on <= row["from_on"]:
            raise Refused(("until_on", Message(N_("The end is not after the beginning."))))
        floor = row["floor"] if row.get("floor") is not None else kpi.values["floor"]
        wrong = mistake(kpi.values["direction"], row["target"], floor, row.get("target_high"))
        if wrong:
            raise Refused(("target", wrong))
        key = {"kpi": kpi.id, **self._scope(row), "from_on": row["from_on"]}
        fields = given(row, "target", "target_high", "floor", "weight")
        return self.writer.put(KpiTarget, key, until_on=until_on, **fields)

    def _scope(self, row):
        """Whose target it is: exactly one of partner, class and user."""
        named = [name for name in ("partner", "partner_class", "user") if row.get(name)]
        if len(named) != 1:
            raise Refused(("partner", Message(N_("Name exactly one of partner, class and user."))))
        scope = dict.fromkeys(("partner", "partner_class", "user"))
        if row.get("partner"):
            scope["partner"] = partner_of(self.writer, row["partner"]).id
        elif row.get("partner_class"):
            scope["partner_class"] = self._known("partner_class", PartnerClass, code=row["partner_class"]).id
        else:
            scope["user"] = self._known("user", User, external_id=row["user"]).id
        return scope

    def _known(self, field, table, **key):
        found = self.writer.find(table, **key)
        if found is None:
            (cell,) = key.values()
            raise Refused((field, Message(N_("“%(cell)s” is not known. Import or add it first."), {"cell": cell[:40]})))
        return found


class OrderLineImporter(Importer):
    def __init__(self, writer):
        super().__init__(writer)
        self.touched = set()  # (partner id, first day of month) whose sums have changed

    def expect(self, rows):
        wanted = OrderLine.order_no.in_(sorted({row["order_no"] for row in rows}))
        # What this run stored itself cannot come again: the runner refuses a second row with the same key.
        others = OrderLine.batch.is_null() | (OrderLine.batch != self.writer.batch_id)
        self.writer.load(OrderLine, ("order_no", "product_key"), wanted & others if self.writer.batch_id else wanted)

    def take(self, row, line):
        partner = partner_of(self.writer, row["partner"])
        salesperson = self._salesperson(row)
        key = {"order_no": row["order_no"], "product_key": row["product_key"]}
        found = self.writer.find(OrderLine, **key)
        if found:
            self.touched.add((found.values["partner"], month_start(found.values["ordered_on"])))
        self.touched.add((partner.id, month_start(row["ordered_on"])))
        return self.writer.put(
            OrderLine,
            key,
            found,
            lineage={"batch": self.writer.batch_id, "line": line},
            partner=partner.id,
            salesperson=salesperson,
            **given(row, "ordered_on", "quantity", "sales", "cost"),
        )

    def _salesperson(self, row):
        if not row.get("salesperson"):
            return None
        user = self.writer.find(User, external_id=row["salesperson"])
        if user is None:
            text = N_("No user has the number “%(cell)s”. Import users first, or leave the column out.")
            raise Refused(("salesperson", Message(text, {"cell": row["salesperson"][:40]})))
        return user.id

    def finish(self):
        if not self.writer.dry:
            self.writer.flush()
            self._sum()

    def _sum(self):
        """Stores the sums of the partner-months that have changed; what they replace is remembered for undo."""
        last_on = monthly.last_ordered_on()
        if last_on is None:
            return
        places = self.touched | monthly.open_months(last_on)
        partner_ids = {partner_id for partner_id, _month in places}
        summed = monthly.sums(partner_ids)
        kpis = monthly.order_kpis()
        self.writer.load(
            KpiActual, ("kpi", "partner", "month_on"), KpiActual.kpi.in_([kpi.id for kpi in kpis.values()])
        )
        for place in sorted(places & set(summed)):
            for code, columns in monthly.actuals(*summed[place]).items():
                key = {"kpi": kpis[code].id, "partner": place[0], "month_on": place[1]}
                as_of_on = monthly.covered_until(place[1], last_on)
                lineage = {"batch": self.writer.batch_id}
                self.writer.put(KpiActual, key, None, lineage, as_of_on=as_of_on, source=monthly.ORDERS, **columns)


def recount_orders(batch, stamp):
    """What an undo of order lines does at its end: their partner-months are summed again from the lines that remain."""
    lines = OrderLine.select(OrderLine.partner, OrderLine.ordered_on).where(OrderLine.batch == batch).distinct()
    touched = {(partner_id, month_start(day)) for partner_id, day in lines.tuples()}
    earlier = ImportChange.select(ImportChange.row_id).where(
        (ImportChange.batch == batch) & (ImportChange.table == OrderLine.__name__)
    )
    changed = [row_id for (row_id,) in earlier.tuples()]

    def recount():
        for part in chunked(changed, ORDERS_AT_ONCE):
            query = OrderLine.select(OrderLine.partner, OrderLine.ordered_on).where(OrderLine.id.in_(part))
            touched.update((partner_id, month_start(day)) for partner_id, day in query.tuples())
        monthly.recount(touched, stamp)

    return recount


_PARTNER = ImportField("partner", N_("Partner's number"), required=True, aliases=PARTNER_ID, most=60)
_KPI = ImportField("kpi", N_("KPI"), required=True, aliases=("Measure", "Metric", "Nyckeltal", "Mittari"), most=200)

ACTUALS = Importable(
    kind="actuals",
    label=N_("KPI actuals"),
    meaning=N_("What was reached, one row for each KPI, partner and month."),
    fields=(
        _KPI,
        _PARTNER,
        ImportField(
            "month_on",
            N_("Month"),
            "month",
            required=True,
            aliases=("Period", "Date", "Månad", "Kuukausi", "Period start"),
        ),
        ImportField(
            "value", N_("Value"), "figure", aliases=("Actual", "Amount", "Utfall", "Värde", "Toteuma"), hint=FIGURE_HINT
        ),
        ImportField("numerator", N_("Part"), "figure", aliases=("Numerator", "Täljare", "Osoittaja")),
        ImportField("denominator", N_("Whole"), "figure", aliases=("Denominator", "Nämnare", "Nimittäjä")),
        ImportField("as_of_on", N_("Covers until"), "day", aliases=("As of", "Per", "Tilanne")),
        ImportField("comment", N_("Comment"), aliases=("Note", "Kommentar", "Kommentti"), most=2000),
    ),
    key=("kpi", "partner", "month_on"),
    example={"kpi": "qualified_pipeline", "partner": "4711", "month_on": "2026-09", "value": "125000"},
    importer=ActualImporter,
    tables=(KpiActual,),
)

TARGETS = Importable(
    kind="targets",
    label=N_("Targets"),
    meaning=N_("What is aimed at, for a partner, a class or a user, month by month or for longer."),
    fields=(
        _KPI,
        ImportField("partner", N_("Partner's number"), aliases=PARTNER_ID, most=60),
        ImportField("partner_class", N_("Class"), aliases=("Segment", "Klass", "Luokka"), most=10),
        ImportField("user", N_("User's number"), aliases=("EmployeeID", "EmployeeKey", "Säljare", "Myyjä"), most=60),
        ImportField(
            "from_on",
            N_("From"),
            "month",
            required=True,
            aliases=("Month", "TargetMonth", "Period", "Månad", "Kuukausi", "Från", "Alkaen"),
        ),
        ImportField(
            "until_on",
            N_("Until"),
            "day",
            aliases=("To", "Till", "Asti"),
            hint=N_("The first day that it no longer holds; blank means one month."),
        ),
        ImportField(
            "target",
            N_("Target"),
            "figure",
            required=True,
            aliases=("TargetAmount", "Budget", "Mål", "Tavoite", "Value"),
            hint=FIGURE_HINT,
        ),
        ImportField("target_high", N_("Upper end of a range"), "figure", aliases=("High", "Övre", "Yläraja")),
        ImportField(
            "floor", N_("Floor"), "figure", aliases=("Golv", "Alaraja"), hint=N_("The value that earns nothing.")
        ),
        ImportField("weight", N_("Weight"), "whole", aliases=("Vikt", "Paino")),
    ),
    key=("kpi", "partner", "partner_class", "user", "from_on"),
    example={"kpi": "revenue", "partner": "4711", "from_on": "2026-01", "until_on": "2027-01-01", "target": "1500000"},
    importer=TargetImporter,
    tables=(KpiTarget,),
)

ORDER_LINES = Importable(
    kind="order_lines",
    label=N_("Order lines"),
    meaning=N_("Orders line by line; they are summed into revenue and margin of each partner and month."),
    fields=(
        ImportField(
            "order_no",
            N_("Order number"),
            required=True,
            most=60,
            aliases=("SalesOrderNumber", "Order", "Invoice", "Ordernummer", "Tilausnumero"),
        ),
        ImportField(
            "product_key",
            N_("Product or line"),
            required=True,
            most=60,
            aliases=("ProductKey", "Product", "SKU", "Article", "Item", "Line", "Artikelnummer", "Tuotenumero"),
        ),
        _PARTNER,
        ImportField("ordered_on", N_("Day"), "day", required=True, aliases=("OrderDate", "Date", "Datum", "Päivä")),
        ImportField(
            "salesperson",
            N_("Salesperson's number"),
            aliases=("EmployeeKey", "Salesperson", "Säljare", "Myyjä"),
            most=60,
        ),
        ImportField("quantity", N_("Quantity"), "whole", aliases=("Qty", "Antal", "Määrä")),
        ImportField(
            "sales", N_("Sales"), "money", required=True, aliases=("Revenue", "Amount", "Net amount", "Belopp", "Summa")
        ),
        ImportField("cost", N_("Cost"), "money", aliases=("COGS", "Kostnad", "Kustannus")),
    ),
    key=("order_no", "product_key"),
    example={
        "order_no": "SO-1001",
        "product_key": "A-17",
        "partner": "4711",
        "ordered_on": "2026-09-08",
        "quantity": "2",
        "sales": "1234.50",
        "cost": "980.00",
    },
    importer=OrderLineImporter,
    tables=(OrderLine, KpiActual),
    recount=recount_orders,
)

IMPORTABLES = (ACTUALS, TARGETS, ORDER_LINES)
