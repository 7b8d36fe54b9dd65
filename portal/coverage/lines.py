"""The partners behind a number, one line each, as a page shows them and a spreadsheet takes them along."""

from dataclasses import dataclass

from portal.accounts.models import Region, User
from portal.cadence.standing import Standing
from portal.coverage.attainment import PartnerFigures
from portal.db import plain_rows
from portal.i18n import N_
from portal.partners.models import Partner, PartnerClass


@dataclass(frozen=True)
class Line:
    """One partner. `figures` is None for who is not in the denominator, `standing` for who was archived since."""

    partner_id: int
    name: str
    class_code: str
    region: str
    owner: str
    figures: PartnerFigures | None
    standing: Standing | None


def lines_of(report, ids, by_person):
    """The Lines of these partners, by name. Persons are named only for those who may see figures by person."""
    figures = {one.partner_id: one for one in report.coverage.partners}
    classes = dict(PartnerClass.select(PartnerClass.id, PartnerClass.code).tuples())
    regions = dict(Region.select(Region.id, Region.name).tuples())
    owners = dict(User.select(User.id, User.name).tuples()) if by_person else {}
    named = report.partners.select(Partner.id, Partner.name).order_by(Partner.sort_name, Partner.id)
    return [
        _line(one, name, figures.get(one), classes, regions, owners, report)
        for one, name in plain_rows(named)
        if one in ids
    ]


def _line(partner_id, name, figures, classes, regions, owners, report):
    return Line(
        partner_id,
        name,
        classes.get(figures and figures.class_id, ""),
        regions.get(figures and figures.region_id, ""),
        owners.get(figures and figures.owner_id, ""),
        figures,
        report.standings.get(partner_id),
    )


OWNER = N_("Partner account manager")
COLUMNS = (
    (N_("Partner"), lambda line, say: line.name),
    (N_("Class"), lambda line, say: line.class_code),
    (N_("Region"), lambda line, say: line.region),
    (OWNER, lambda line, say: line.owner),
    (N_("Planned visits"), lambda line, say: _figure(line, "planned")),
    (N_("Held visits"), lambda line, say: _figure(line, "actual")),
    (N_("Scheduled visits"), lambda line, say: _figure(line, "scheduled")),
    (N_("Visits remaining"), lambda line, say: _figure(line, "remaining")),
    (N_("Status today"), lambda line, say: say(line.standing.label) if line.standing else ""),
    (N_("Last visit"), lambda line, say: (line.standing and line.standing.last_on) or ""),
    (N_("Latest by"), lambda line, say: (line.standing and line.standing.latest_on) or ""),
)


def rows_of(lines, say, by_person):
    """The header, then a row of plain values for each line; `say` puts a label into the reader's language."""
    columns = [column for column in COLUMNS if by_person or column[0] != OWNER]
    yield [say(label) for label, _value in columns]
    for line in lines:
        yield [value(line, say) for _label, value in columns]


def _figure(line, name):
    return getattr(line.figures, name) if line.figures else ""
