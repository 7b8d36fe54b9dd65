"""Every route × every role, from the matrix itself (spec/7-bar.md AZ-1 to AZ-4). A new route is covered at once."""

import pytest

from portal.accounts.models import SignInSession
from portal.accounts.permissions import MATRIX, ROLES, relation, requires
from portal.app import BLUEPRINTS
from portal.guard import OPEN_ENDPOINTS
from portal.web import now

NOWHERE = 999_999
ROLE_OF = {"pam": "par", "manager": "maja", "leadership": "lena", "admin": "ada"}
# What a converter of a route is filled with: things that nobody has.
UNKNOWN = {"IntegerConverter": NOWHERE, "UUIDConverter": "00000000-0000-4000-8000-000000000000"}


def closed_rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in OPEN_ENDPOINTS]


def undeclared(app):
    """Endpoints that are neither open nor declare a permission."""
    return sorted(
        {
            rule.endpoint
            for rule in closed_rules(app)
            if getattr(app.view_functions[rule.endpoint], "permission", None) not in MATRIX
        }
    )


def address(app, rule):
    values = {name: unknown(kind) for name, kind in rule._converters.items()}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values, method=method_of(rule))


def unknown(converter):
    """A value of this converter that nothing has, where there is one."""
    choices = getattr(converter, "items", ())
    return sorted(choices)[0] if choices else UNKNOWN.get(type(converter).__name__, "x")


def method_of(rule):
    return "GET" if "GET" in rule.methods else "POST"


def needs(app, rule):
    return app.view_functions[rule.endpoint].permission


def test_every_route_is_open_or_declares_its_permission(app):
    assert undeclared(app) == []


@pytest.fixture
def forgotten(app, monkeypatch):
    """The app in which one view's author forgot to declare a permission."""
    monkeypatch.delattr(app.view_functions["accounts.more"], "permission")
    return app


def test_a_route_without_a_permission_would_be_found(forgotten):
    assert undeclared(forgotten) == ["accounts.more"]


def test_such_a_route_answers_nobody(forgotten, cast):
    assert cast.client(cast.ada).get("/more").status_code == 403


def test_an_unknown_action_cannot_be_declared():
    with pytest.raises(KeyError):
        requires("partner.devour")


def test_every_open_endpoint_exists(app):
    assert sorted(OPEN_ENDPOINTS - set(app.view_functions)) == []


def test_every_blueprint_is_registered_once():
    names = [blueprint.name for blueprint in BLUEPRINTS]
    assert len(names) == len(set(names))


def test_strangers_are_sent_to_sign_in(app, cast):
    stranger = cast.client()
    wrong = {}
    for rule in closed_rules(app):
        answer = stranger.open(address(app, rule), method=method_of(rule))
        if answer.status_code != 302 or not answer.location.startswith("/sign-in"):
            wrong[rule.endpoint] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_that_lacks_the_permission_is_refused(app, cast, role):
    browser = cast.client(getattr(cast, ROLE_OF[role]))
    refused = [rule for rule in closed_rules(app) if relation(role, needs(app, rule)) is None]
    answers = {rule.endpoint: browser.open(address(app, rule), method=method_of(rule)).status_code for rule in refused}
    assert set(answers.values()) <= {403}, answers


@pytest.mark.parametrize("role", ROLES)
def test_what_does_not_exist_is_404_for_whoever_may_ask(app, cast, role):
    browser = cast.client(getattr(cast, ROLE_OF[role]))
    wrong = {}
    for rule in closed_rules(app):
        by_number = any(type(kind).__name__ == "IntegerConverter" for kind in rule._converters.values())
        if by_number and relation(role, needs(app, rule)):
            answer = browser.open(address(app, rule), method=method_of(rule))
            if answer.status_code not in (400, 403, 404) or (answer.status_code == 400 and method_of(rule) == "GET"):
                wrong[rule.endpoint] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize("role", ROLES)
def test_a_page_without_a_number_opens_for_whoever_may(app, cast, role):
    browser = cast.client(getattr(cast, ROLE_OF[role]))
    wrong = {}
    for rule in closed_rules(app):
        if "GET" in rule.methods and not rule._converters and relation(role, needs(app, rule)):
            answer = browser.get(rule.rule)
            if answer.status_code >= 500:
                wrong[rule.endpoint] = answer.status_code
    assert wrong == {}


def test_numbers_that_no_database_holds_are_404_as_well(app, cast):
    browser, wrong = cast.client(cast.ada), {}
    for rule in closed_rules(app):
        numbers = [name for name, kind in rule._converters.items() if type(kind).__name__ == "IntegerConverter"]
        if numbers and "GET" in rule.methods:
            answer = browser.get(address(app, rule).replace(str(NOWHERE), "9" * 20))
            if answer.status_code not in (400, 404):
                wrong[rule.endpoint] = answer.status_code
    assert wrong == {}


def test_a_role_outside_the_matrix_may_nothing(cast, stamp):
    assert not any(relation("partner_contact", action) for action in MATRIX)


def test_a_deactivated_user_may_nothing(cast, stamp):
    _, token = SignInSession.open(cast.ada, now())
    cast.ada.change(stamp, deactivated_at=stamp.at)
    assert SignInSession.find(token, now()) is None
    assert not any(cast.ada.may(action) for action in MATRIX)


# The matrix of spec/7-bar.md AZ-3, written down a second time as people read it.
WHO_MAY = {
    "partner.assign": "manager admin",
    "partner.edit": "pam manager admin",
    "visit.create": "pam manager admin",
    "visit.read": "pam manager leadership admin",
    "page.approve": "manager admin",
    "page.publish": "admin",
    "users.manage": "admin",
    "workspace.manage": "admin",
    "import.run": "admin",
    "audit.read": "pam manager leadership admin",
    "reader.invite": "pam manager admin",
}


@pytest.mark.parametrize("action", WHO_MAY)
def test_the_matrix_says_what_was_decided(action):
    assert [role for role in ROLES if relation(role, action)] == WHO_MAY[action].split()
