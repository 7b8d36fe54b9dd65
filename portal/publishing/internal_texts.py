"""What must never be published, gathered by the type of its column: a new column is covered by its type.

The build compares runs of five words. Runs that also stand in a name, an address or a text for everybody are no secret:
a note may name a partner, and a mail address is five words to the scan."""

import re
from collections import defaultdict

from peewee import CharField

from portal.db import InternalJSON, InternalText, PublishedText, SharedText, Table
from portal.partners.models import Contact, Partner
from site_build.leaks import Forbidden
from site_build.words import RUN, runs, words

# Numbers alone also stand in charts and amounts; an id needs letters to be told from them.
ID_LIKE = re.compile(r"(?=.*[^\W\d_])(?=.*\d)[\w.-]{8,}")


def forbidden():
    """All that the build must not find in a page; the texts are read while it asks for them."""
    return Forbidden(internal_texts(), set(_ids()) | set(_secrets()), shared_texts())


def shared_texts():
    """{partner id: what was typed into fields that this partner may read}: read from the rows themselves.

    A note and a promise often say the same; what was shared on purpose is no leak of the note."""
    found = defaultdict(list)
    for table, column in columns(SharedText):
        partner_id, query = _with_partner(table)
        rows = query.select(partner_id, column).where(column != "")
        for number, text in rows.tuples().iterator():
            found[number].append(text)
    return found


def _with_partner(table):
    """(the column that says the partner, the table joined up to it) along its foreign keys."""
    query, here = table.select(), table
    while "partner" not in here._meta.fields:
        up = next(key for key in here._meta.refs if key.rel_model.__module__.startswith("portal.") and not key.null)
        query, here = query.join(up.rel_model, on=up), up.rel_model
    return here.partner, query


def internal_texts():
    """Texts of all internal columns, without the runs that stand in names or in texts for everybody.

    Structured notes hold copies of other columns (what an import changed, what an audit line saw), so what stands in a
    column that is not internal is no secret of theirs."""
    said_by_all = _runs_of(_texts_of([*_open_columns("name", "email"), *columns(PublishedText)]))
    for text in _texts_of(columns(InternalText)):
        yield from _without(text, said_by_all)
    known = _runs_of(_texts_of(_open_columns()))
    for value in _values_of(columns(InternalJSON)):
        for leaf in _leaves(value):
            if isinstance(leaf, str):
                yield from _without(leaf, known)


def tables(base=Table):
    """Every table of the portal, wherever it is defined."""
    for table in base.__subclasses__():
        if table.__subclasses__():
            yield from tables(table)
        elif table.__module__.startswith("portal."):
            yield table


def columns(kinds):
    """(table, column) of every column of these kinds, in a fixed order."""
    every = ((table, column) for table in tables() for column in table._meta.sorted_fields)
    return sorted(
        ((table, column) for table, column in every if isinstance(column, kinds)),
        key=lambda pair: (pair[0].__name__, pair[1].name),
    )


def _open_columns(*names):
    """Every text column that is not internal, or those with these names."""
    every = columns((CharField, SharedText, PublishedText))
    return [(table, column) for table, column in every if not names or column.name in names]


def _values_of(chosen):
    for table, column in chosen:
        query = table.select(column).where(column.is_null(False))
        yield from (value for (value,) in query.tuples().iterator())


def _texts_of(chosen):
    return (text for text in _values_of(chosen) if isinstance(text, str))


def _runs_of(texts):
    return {run for text in texts for run in runs(words(text))}


def _without(text, known):
    """The pieces of a text that hold none of the known runs; the text itself where there is nothing to cut."""
    said = words(text)
    open_places = [place for place, run in enumerate(runs(said)) if run not in known]
    for start, end in _stretches(open_places):
        yield " ".join(said[start : end + RUN])


def _stretches(places):
    """(first, last) of each row of consecutive places."""
    start = last = None
    for place in places:
        if last is not None and place != last + 1:
            yield start, last
            start = None
        start, last = place if start is None else start, place
    if last is not None:
        yield start, last


def _leaves(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for part in value:
            yield from _leaves(part)
    else:
        yield value


def _ids():
    """The numbers that other systems know partners and contacts by."""
    for table in (Partner, Contact):
        query = table.select(table.external_id).where(table.external_id.is_null(False))
        yield from (found for (found,) in query.tuples() if ID_LIKE.fullmatch(found))


def _secrets():
    """What opens a door, as far as it is stored."""
    every = ((table, column) for table in tables() for column in table._meta.sorted_fields)
    secret = [(table, column) for table, column in every if column.name in ("token_hash", "password_hash")]
    return (value for value in _values_of(secret) if len(value) >= 32 and value[:6].isalnum())
