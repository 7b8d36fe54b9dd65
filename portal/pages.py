"""What every page is framed with: the navigation, its links, and the attributes that tie hints and errors to fields."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import current_app, request, url_for

from portal import web
from portal.i18n import N_


@dataclass(frozen=True)
class NavigationItem:
    """One tab: shown to those who may do `permission`, current on every endpoint of its blueprints."""

    endpoint: str
    label: str
    icon: str
    permission: str
    current_in: tuple = ()
    kind: str = ""

    def is_current(self, endpoint):
        return endpoint == self.endpoint or endpoint in self.current_in


NAVIGATION = (
    NavigationItem("field.today", N_("Today"), "today", "self"),
    NavigationItem("field.partners", N_("Partners"), "partners", "partner.read", ("field.partner",)),
    NavigationItem("visits.log", N_("Log visit"), "log", "visit.create", kind="main-tab"),
    NavigationItem("coverage.overview", N_("Coverage"), "coverage", "coverage.read"),
    NavigationItem("publishing.overview", N_("Publishing"), "publish", "page.read", kind="desk-only"),
    NavigationItem("imports.overview", N_("Import"), "import", "import.run", kind="desk-only"),
    NavigationItem("admin.users", N_("Users"), "team", "users.manage", kind="desk-only"),
    NavigationItem("accounts.more", N_("More"), "more", "self"),
)


# The tabs of one partner; each belongs to the feature that its endpoint names.
PARTNER_TABS = (
    NavigationItem("field.partner", N_("Overview"), "", "partner.read", ("cadence.pauses",)),
    NavigationItem("visits.of_partner", N_("Visits"), "", "visit.read"),
    NavigationItem("actions.of_partner", N_("Promises"), "", "action.read"),
    NavigationItem("scorecards.of_partner", N_("Scorecard"), "", "kpi.read", ("targets.of_partner",)),
    NavigationItem("propositions.of_partner", N_("Proposition"), "", "partner.read"),
    NavigationItem("publishing.of_partner", N_("Partner page"), "", "page.read"),
    NavigationItem("readers.of_partner", N_("Readers"), "", "partner.read"),
)


def navigation(user, items=NAVIGATION):
    return [
        item for item in items if user and user.may(item.permission) and item.endpoint in current_app.view_functions
    ]


def same_url(**changes):
    """The address of this page with some of its query changed; None takes a part away."""
    return with_query(url_for(request.endpoint, **(request.view_args or {})), **changes)


def with_query(path, **changes):
    """Another page with the query of this one: the same filter, the same order."""
    # Encoded here: `url_for` would take `_external`, `_anchor` or `endpoint` in somebody's query for its own.
    query = {name: value for name, value in {**request.args.to_dict(), **changes}.items() if value is not None}
    return f"{path}?{urlencode(query)}" if query else path


def described(field, hint, attributes):
    """The attributes of a control: its own, those that were asked for, and what describes it to a screen reader."""
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    notes = [f"{field.id}-hint"] if hint else []
    notes += [f"{field.id}-error"] if field.errors else []
    if notes:
        named["aria-describedby"] = " ".join(notes)
    if field.errors:
        named["aria-invalid"] = "true"
    return named


def shared_context():
    """What every template may use."""
    user = web.user() if web.is_signed_in() else None
    return {
        "user": user,
        "workspace": web.workspace(),
        "language": web.language(),
        "today": web.today(),
        "navigation": navigation(user),
        "partner_tabs": navigation(user, PARTNER_TABS),
        "same_url": same_url,
        "with_query": with_query,
        "described": described,
    }
