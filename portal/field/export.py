"""The list of partners as rows of a spreadsheet, in the reader's language and order."""

from portal.i18n import N_
from portal.partners.models import STATUSES, TYPES

COLUMNS = (
    (N_("Name"), lambda line, say: line.partner.name),
    (N_("Number"), lambda line, say: line.partner.external_id or ""),
    (N_("Type"), lambda line, say: say(TYPES[line.partner.type])),
    (N_("Class"), lambda line, say: line.holding.class_code or ""),
    (N_("Tier"), lambda line, say: line.holding.tier or ""),
    (N_("Status"), lambda line, say: say(STATUSES[line.holding.status]) if line.holding.status else ""),
    (N_("Looked after by"), lambda line, say: line.holding.owner or ""),
    (N_("Region"), lambda line, say: line.holding.region or ""),
    (N_("Address"), lambda line, say: line.partner.address),
    (N_("Postcode"), lambda line, say: line.partner.postcode),
    (N_("Town"), lambda line, say: line.partner.city),
    (N_("Country"), lambda line, say: line.partner.country),
    (N_("Phone"), lambda line, say: line.partner.phone),
    (N_("Website"), lambda line, say: line.partner.website),
    (N_("Visits"), lambda line, say: say(line.standing.label)),
    (N_("Last visit"), lambda line, say: line.standing.last_on or ""),
    (N_("Due"), lambda line, say: line.standing.due_on or ""),
    (N_("At the latest"), lambda line, say: line.standing.latest_on or ""),
    (N_("Next visit"), lambda line, say: line.standing.planned_on or ""),
)


def rows_of(lines, say):
    """The header, then a row of plain values for each line; `say` puts a label into the reader's language."""
    yield [say(label) for label, _ in COLUMNS]
    for line in lines:
        yield [value(line, say) for _, value in COLUMNS]
