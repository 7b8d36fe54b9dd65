"""What was published, written down: the frozen scores, and which partner's page showed which."""

import hashlib
import json

from peewee import fn

from portal.propositions.models import Proposition, PropositionVersion
from portal.publishing.models import PublishedPage
from portal.scorecards.models import ScoreSnapshot
from site_build.snapshot_file import read_pages
from site_build.strict_json import to_json

BATCH = 500
SIDES = {"partner": "yours", "vendor": "ours"}


def record(stamp, publication, path):
    """Rows for every page of a snapshot file: (partners, pages). A score that did not change is not kept twice."""
    partners = drawn = 0
    for batch in _batches(read_pages(path)):
        scores = _keep_scores(stamp, batch)
        versions = _versions(batch)
        PublishedPage.insert_many(
            [
                {
                    "publication": publication.id,
                    "partner": page.number,
                    "score": scores.get((page.number, "partner")),
                    "proposition_version": _version_of(page, versions),
                    "sha256": _sha256(to_json(page)),
                }
                for page in batch
            ]
        ).execute()
        partners, drawn = partners + len(batch), drawn + sum(len(page.languages) for page in batch)
    return partners, drawn


def _batches(pages):
    batch = []
    for page in pages:
        batch.append(page)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _keep_scores(stamp, batch):
    """{(partner id, side): id of its frozen score}."""
    known = _last_scores(batch)
    new = [
        row
        for page in batch
        for side in SIDES
        if (row := _score_row(stamp, page, side)) and known.get((page.number, side), (0, ""))[1] != row["sha256"]
    ]
    if new:
        ScoreSnapshot.insert_many(new).execute()
    return {key: score_id for key, (score_id, _sha) in _last_scores(batch).items()}


def _last_scores(batch):
    """{(partner id, side): (id, sha256)} of the newest frozen score."""
    newest = (
        ScoreSnapshot.select(fn.MAX(ScoreSnapshot.id))
        .where(ScoreSnapshot.partner.in_([page.number for page in batch]))
        .group_by(ScoreSnapshot.partner, ScoreSnapshot.side)
    )
    columns = ScoreSnapshot.partner, ScoreSnapshot.side, ScoreSnapshot.id, ScoreSnapshot.sha256
    rows = ScoreSnapshot.select(*columns).where(ScoreSnapshot.id.in_(newest)).tuples()
    return {(partner_id, side): (score_id, sha256) for partner_id, side, score_id, sha256 in rows}


def _score_row(stamp, page, side):
    """The result and what it was made of, as the page shows it; None for a side without a single KPI."""
    card = getattr(page, SIDES[side])
    if not card.kpis:
        return None
    inputs = json.loads(to_json(card))["kpis"]
    return {
        "created_at": stamp.at,
        "created_by": stamp.user_id,
        "updated_at": stamp.at,
        "updated_by": stamp.user_id,
        "partner": page.number,
        "side": side,
        "from_on": page.period_from_on,
        "as_of_on": page.data_as_of_on,
        "score": card.score,
        "completeness": card.completeness,
        "provisional": card.provisional,
        "rag": card.rag,
        "inputs": inputs,
        "sha256": _sha256(json.dumps([page.period_from_on.isoformat(), card.score, inputs])),
    }


def _versions(batch):
    """{(partner id, language, number): id} of the versions of these partners."""
    query = (
        PropositionVersion.select(
            Proposition.partner, Proposition.locale, PropositionVersion.number, PropositionVersion.id
        )
        .join(Proposition)
        .where(Proposition.partner.in_([page.number for page in batch]))
    )
    return {tuple(key): version_id for *key, version_id in query.tuples()}


def _version_of(page, versions):
    """The version in the partner's own language, else the first there is."""
    written = sorted(page.propositions, key=lambda proposition: proposition.language != page.language)
    return versions.get((page.number, written[0].language, written[0].version)) if written else None


def _sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()
