"""Where a number comes from: its months with their source, file and day, and the targets that it is held against."""

from dataclasses import dataclass
from datetime import date

from peewee import JOIN

from portal.imports.models import ImportBatch
from portal.kpis.models import KpiActual, KpiTarget


@dataclass(frozen=True)
class Origin:
    """One month of a KPI: what it says, who or what said it, and when."""

    month_on: date
    value: int | None
    numerator: int | None
    denominator: int | None
    as_of_on: date
    source: str
    file_name: str | None
    stored_at: object
    comment: str


def origins(partner, period):
    """{kpi id: [Origin]} of one partner's months in the period, oldest first, in one query."""
    query = (
        KpiActual.select(
            KpiActual.kpi,
            KpiActual.month_on,
            KpiActual.value,
            KpiActual.numerator,
            KpiActual.denominator,
            KpiActual.as_of_on,
            KpiActual.source,
            ImportBatch.file_name,
            KpiActual.updated_at,
            KpiActual.comment,
        )
        .join(ImportBatch, JOIN.LEFT_OUTER)
        .where(
            (KpiActual.partner == partner)
            & (KpiActual.month_on >= period.from_on)
            & (KpiActual.month_on < period.months_until_on)
        )
        .order_by(KpiActual.month_on)
    )
    found = {}
    for kpi_id, *columns in query.tuples():
        found.setdefault(kpi_id, []).append(Origin(*columns))
    return found


def targets_of(lines):
    """{kpi id: [KpiTarget]} of the targets that these lines are measured against, in one query."""
    ids = [target_id for line in lines if line.aimed for target_id in line.aimed.target_ids]
    found = {}
    for target in KpiTarget.select().where(KpiTarget.id.in_(ids)).order_by(KpiTarget.from_on):
        found.setdefault(target.kpi_id, []).append(target)
    return found
