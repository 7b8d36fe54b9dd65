"""The list of users: narrowed and sorted."""

from portal.accounts.models import Team, User
from portal.db import fold

SORTS = {
    "name": User.name,
    "email": User.email,
    "role": User.role,
    "team": Team.name,
}
STATES = {
    "active": User.deactivated_at.is_null() & User.password_hash.is_null(False),
    "invited": User.deactivated_at.is_null() & User.password_hash.is_null() & User.invited_at.is_null(False),
    "new": User.deactivated_at.is_null() & User.password_hash.is_null() & User.invited_at.is_null(),
    "gone": User.deactivated_at.is_null(False),
}


def users(*, words="", role="", team="", state="", sort="name"):
    """A query of users with their team. Empty arguments narrow nothing; an unknown sort is by name."""
    query = User.select(User, Team).left_outer_join(Team, on=(User.team == Team.id))
    if words:
        query = query.where(User.id.in_(_found(words)))
    if role:
        query = query.where(User.role == role)
    if team:
        query = query.where(User.team == int(team))
    if state:
        query = query.where(STATES[state])
    column = SORTS.get(sort.removeprefix("-"), User.name)
    return query.order_by(column.desc() if sort.startswith("-") else column.asc(), User.name, User.id)


def _found(words):
    """Ids of the users whose name or address has all the words, with or without accents."""
    wanted = fold(words).split()
    everybody = User.select(User.id, User.name, User.email).tuples()
    return [row_id for row_id, name, email in everybody if all(word in fold(f"{name} {email}") for word in wanted)]
