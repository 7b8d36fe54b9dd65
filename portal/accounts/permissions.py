"""Who may do what: one table of roles, actions and relations. Views declare an action; scopes ask for the relation."""

from portal.i18n import N_

PAM, MANAGER, LEADERSHIP, ADMIN = ROLES = ("pam", "manager", "leadership", "admin")
ROLE_LABELS = {
    PAM: N_("Partner account manager"),
    MANAGER: N_("Manager"),
    LEADERSHIP: N_("Leadership"),
    ADMIN: N_("Administrator"),
}

# Relations, from narrow to wide: what the action may touch.
OWN, PORTFOLIO, TEAM, ALL = "own", "portfolio", "team", "all"

_EVERYBODY = {PAM: OWN, MANAGER: OWN, LEADERSHIP: OWN, ADMIN: OWN}
_READERS = {PAM: PORTFOLIO, MANAGER: TEAM, LEADERSHIP: ALL, ADMIN: ALL}
_WRITERS = {PAM: PORTFOLIO, MANAGER: TEAM, ADMIN: ALL}
_DECIDERS = {MANAGER: TEAM, ADMIN: ALL}
_ADMINS = {ADMIN: ALL}

# action → role → relation; a role that is missing may not do it at all.
MATRIX = {
    "self": _EVERYBODY,
    "partner.read": _READERS,
    "partner.edit": _WRITERS,
    "partner.create": _WRITERS,
    "partner.assign": _DECIDERS,
    "contact.edit": _WRITERS,
    "reader.invite": _WRITERS,
    "visit.read": _READERS,
    "visit.create": _WRITERS,
    "visit.edit": {PAM: OWN, MANAGER: TEAM, ADMIN: ALL},
    "action.read": _READERS,
    "action.edit": _WRITERS,
    "kpi.read": _READERS,
    "kpi.manage": _ADMINS,
    "target.edit": _DECIDERS,
    "coverage.read": _READERS,
    "coverage.by_person": {MANAGER: TEAM, LEADERSHIP: ALL, ADMIN: ALL},
    "proposition.draft": _WRITERS,
    "page.read": _READERS,
    "page.approve": _DECIDERS,
    "page.publish": _ADMINS,
    "leave.edit": _DECIDERS,
    "import.run": _ADMINS,
    "users.manage": _ADMINS,
    "workspace.manage": _ADMINS,
    "audit.read": {PAM: OWN, MANAGER: TEAM, LEADERSHIP: ALL, ADMIN: ALL},
}


def relation(role, action):
    """`own`, `portfolio`, `team`, `all`, or None: this role may not do it."""
    return MATRIX[action].get(role)


def requires(action, *, sudo=False, own_transaction=False, megabytes=None):
    """Declares what a view needs; only sets attributes, `web.py` reads them before the view runs.

    `sudo`: the password within the last ten minutes (spec/7-bar.md AU-10). `own_transaction`: the view opens its
    transactions itself, because it does slow work that must not hold the only writer. `megabytes`: it takes files of
    that size, from nobody but who may use it."""
    if action not in MATRIX:
        raise KeyError(f"{action} is not in the matrix of permissions")

    def declare(view):
        view.permission = action
        view.needs_sudo = sudo
        view.own_transaction = own_transaction
        view.megabytes = megabytes
        return view

    return declare


def own_transaction(view):
    """Marks a view that is open to strangers and opens its transactions itself, as `requires` does for the others."""
    view.own_transaction = True
    return view
