"""Draws the pages: a Flask app of its own that knows values and nothing else, and the same drawing in memory."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Flask, Response, abort
from jinja2 import Environment, PackageLoader, StrictUndefined

from portal.i18n import LANGUAGE_NAMES, translations
from portal.markup import trusted
from site_build.content import TextPage
from site_build.reading import Reading
from site_build.values import Accent, PartnerPage, Snapshot

STYLES = Path(__file__).parent / "static" / "site.css"


@dataclass(frozen=True)
class Stylesheet:
    """The one style sheet of a publication; its name changes with its bytes."""

    text: str

    @property
    def name(self) -> str:
        return f"site.{sha256(self.text.encode()).hexdigest()[:12]}.css"

    @property
    def path(self) -> str:
        return f"/public/static/{self.name}"


@dataclass(frozen=True)
class Site:
    """What all pages of a publication share: the vendor, the text pages, the style sheet."""

    snapshot: Snapshot
    texts: tuple[TextPage, ...] = ()

    @cached_property
    def stylesheet(self) -> Stylesheet:
        return stylesheet(self.snapshot.accent)

    def draw_partner(self, page: PartnerPage, language: str) -> str:
        reading = Reading(self.snapshot, page, language)
        return self._draw("partner", language, reading=reading, _=reading._, texts=self.texts_in(language))

    def draw_text(self, text: TextPage) -> str:
        also = [other for other in self.texts if other.slug == text.slug]
        return self._draw("text", text.language, page=text, also=also, texts=self.texts_in(text.language))

    def draw_index(self) -> str:
        return self._draw("index", self.snapshot.languages[0], languages=self.snapshot.languages, site=self)

    def draw_not_found(self) -> str:
        return self._draw("not_found", self.snapshot.languages[0])

    def texts_in(self, language: str) -> list[TextPage]:
        return [text for text in self.texts if text.language == language]

    def _draw(self, template: str, language: str, **values: object) -> str:
        values.setdefault("_", lambda text, /, **named: translations(language).gettext(text) % named)
        return (
            _environment()
            .get_template(f"site/{template}.html")
            .render(vendor=self.snapshot.vendor, stylesheet=self.stylesheet.path, language=language, **values)
        )


def draw_partner(snapshot: Snapshot, page: PartnerPage, language: str, texts: tuple[TextPage, ...] = ()) -> str:
    """The published page in memory, byte for byte: the portal's preview."""
    return Site(snapshot, texts).draw_partner(page, language)


@lru_cache(maxsize=8)
def stylesheet(accent: Accent | None = None) -> Stylesheet:
    styles = STYLES.read_text(encoding="utf-8")
    return Stylesheet(styles if accent is None else styles + _accent_styles(accent))


def partner_app(site: Site, find: Callable[[int], PartnerPage | None]) -> Flask:
    """The app of the private pages: /partners/<number>/<language>/ and nothing else."""
    pages = Blueprint("partner_pages", __name__)

    @pages.get("/partners/<int:number>/<language>/")
    def partner(number: int, language: str) -> str:
        page = find(number)
        if page is None or language not in page.languages:
            abort(404)
        return site.draw_partner(page, language)

    return _app(pages)


def public_app(site: Site) -> Flask:
    """The app of what anybody may read; nothing here knows a partner."""
    pages = Blueprint("public_pages", __name__)

    @pages.get("/public/")
    def index() -> str:
        return site.draw_index()

    @pages.get("/public/404.html")
    def not_found() -> str:
        return site.draw_not_found()

    @pages.get("/public/static/<name>")
    def static_file(name: str) -> Response:
        if name != site.stylesheet.name:
            abort(404)
        return Response(site.stylesheet.text, mimetype="text/css")

    # Frozen-Flask demands a page for every route, so a site without texts has no route for them.
    if site.texts:
        pages.get("/public/<language>/<slug>/")(_text_view(site))
    return _app(pages)


def _text_view(site: Site) -> Callable[[str, str], str]:
    def text(language: str, slug: str) -> str:
        found = [text for text in site.texts if (text.language, text.slug) == (language, slug)]
        return site.draw_text(found[0]) if found else abort(404)

    return text


def _app(pages: Blueprint) -> Flask:
    # No static folder and no template folder: a route that is not written here does not exist.
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.register_blueprint(pages)
    return app


@lru_cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("site_build"),
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["trusted"] = trusted
    environment.globals["language_names"] = LANGUAGE_NAMES
    return environment


def _accent_styles(accent: Accent) -> str:
    return (
        f":root{{--accent:{accent.light};--on-accent:{accent.on_light}}}\n"
        "@media screen and (prefers-color-scheme:dark)"
        f"{{:root{{--accent:{accent.dark};--on-accent:{accent.on_dark}}}}}\n"
    )
