"""Assembly only: settings in, a portal out."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import formats, guard, i18n, pages, web
from portal.accounts import (
    admin_views,
    invitation_views,
    leave_views,
    profile_views,
    team_views,
    user_views,
    views as accounts,
)
from portal.actions import views as actions
from portal.assets import asset_url
from portal.cadence import views as cadence
from portal.coverage import views as coverage
from portal.db import connect
from portal.field import (
    audit_views as audit,
    handover_views as handover,
    merge_views as merging,
    portfolio_views as portfolio,
    views as field,
)
from portal.gate import reader_views as readers, views as gate
from portal.importables import IMPORTABLES
from portal.imports import views as imports
from portal.kpis import target_views as targets, views as kpis
from portal.markup import trusted
from portal.operation import set_up_views as set_up, views as operation
from portal.partners import assignment_views as assignments, views as partners
from portal.propositions import views as propositions
from portal.publishing import page_views as publishing
from portal.scorecards import views as scorecards
from portal.visits import views as visits

BLUEPRINTS = (
    operation.blueprint,
    set_up.blueprint,
    accounts.blueprint,
    invitation_views.blueprint,
    profile_views.blueprint,
    leave_views.blueprint,
    admin_views.blueprint,
    user_views.blueprint,
    team_views.blueprint,
    imports.blueprint,
    partners.blueprint,
    assignments.blueprint,
    kpis.blueprint,
    targets.blueprint,
    actions.blueprint,
    visits.blueprint,
    cadence.blueprint,
    coverage.blueprint,
    propositions.blueprint,
    scorecards.blueprint,
    publishing.blueprint,
    readers.blueprint,
    gate.blueprint,
    field.blueprint,
    audit.blueprint,
    portfolio.blueprint,
    handover.blueprint,
    merging.blueprint,
)
MEGABYTE = 1024 * 1024


def create_app(settings):
    app = guard.Portal(__name__, static_folder=str(Path(__file__).parent / "static"))
    app.extensions["settings"] = settings
    app.extensions["importables"] = IMPORTABLES
    app.config.update(_config(settings))
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, *[settings.proxies] * 4)
    connect(settings.database_url)
    _speak(app)
    guard.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _config(settings):
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.secret_key_fallbacks),
        "SESSION_COOKIE_NAME": "__Host-portal" if settings.https else "portal",
        "SESSION_COOKIE_SECURE": settings.https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # Of a browser that "stays signed in"; the session's own row says how long it really lives.
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "TRUSTED_HOSTS": _hosts(settings),
        "MAX_CONTENT_LENGTH": MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": MEGABYTE,
        # A page that was opened offline yesterday holds yesterday's token; the session is what ends it.
        "WTF_CSRF_TIME_LIMIT": None,
        # Pages that hold a token in their address send no referrer; guard.py compares the origin instead.
        "WTF_CSRF_SSL_STRICT": False,
    }


def _hosts(settings):
    hosts = {urlsplit(url).hostname for url in (settings.public_url, settings.site_url)}
    return sorted(hosts | {"localhost"} if "127.0.0.1" in hosts else hosts)


def _speak(app):
    """Templates say texts in the reader's language and format figures in its form."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(
        lambda text: i18n.translations(web.language()).gettext(text),
        lambda one, many, number: i18n.translations(web.language()).ngettext(one, many, number),
        newstyle=True,
    )
    environment.finalize = _said
    environment.globals["asset_url"] = asset_url
    environment.globals["language_names"] = i18n.LANGUAGE_NAMES
    environment.filters["trusted"] = trusted
    for name in (
        "long_day",
        "short_day",
        "weekday",
        "month",
        "short_month",
        "percent",
        "number",
        "clock_time",
        "country",
    ):
        environment.filters[name] = _in_language(getattr(formats, name))
    environment.filters["moment"] = lambda at: formats.moment(at, web.language(), web.timezone())
    environment.filters["quantity"] = lambda value, unit: formats.quantity(
        value, unit, web.language(), web.workspace().currency
    )
    app.context_processor(pages.shared_context)


def _said(value):
    return value.said(i18n.translations(web.language())) if isinstance(value, i18n.Message) else value


def _in_language(format_value):
    return lambda value, *options, **named: (
        "–" if value is None else format_value(value, web.language(), *options, **named)
    )
