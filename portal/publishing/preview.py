"""The partner's page before it is published: the very drawing of the build, from values in memory."""

from dataclasses import dataclass
from functools import lru_cache

from portal.i18n import LANGUAGES
from portal.publishing.archive import Archive
from portal.publishing.snapshot import head, pages
from site_build.content import public_pages
from site_build.pages import Site
from site_build.reading import Reading
from site_build.values import PartnerPage


@dataclass(frozen=True)
class Preview:
    """A page as the next publication would show it; `published` is what the partner reads now, or None."""

    site: Site
    page: PartnerPage
    published: PartnerPage | None

    @property
    def is_new(self):
        return self.published is None

    @property
    def differs(self):
        return self.page != self.published

    def differences(self, language):
        """What the partner would read as new."""
        return Reading(self.site.snapshot, self.page, language).changes if self.differs else []

    def draw(self, language):
        return self.site.draw_partner(self.page, language)


def preview(partner, settings, now, live, number):
    """`live` is the number of the publication that readers see now, `number` that of the next one."""
    snapshot = head(number, now)
    published = Archive(settings).pages_of(live)
    page = next(pages(snapshot, [partner.id], published))
    return Preview(Site(snapshot, _texts(settings.content / "pages")), page, published([partner.id]).get(partner.id))


def _texts(folder):
    """The text pages that a partner's page links to, read again only when a file has changed."""
    return _read_texts(folder, tuple((file.name, file.stat().st_mtime_ns) for file in sorted(folder.glob("*.md"))))


@lru_cache(maxsize=4)
def _read_texts(folder, _state):
    return public_pages(folder, LANGUAGES)
