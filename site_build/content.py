"""The text pages that people write in content/pages: `<slug>.<language>.md`, with a title, public or not."""

import re
from dataclasses import dataclass
from pathlib import Path

from portal.i18n import LANGUAGES
from portal.markdown import render

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?")
RESERVED = {"404", "index", "my", "partners", "public", "static"}
FRONT_MATTER = re.compile(r"---\n(.*?)\n---\n(.*)", re.DOTALL)
FIELDS = {"title", "public", "order"}


class BadContent(ValueError):
    """A content file that cannot be published as it is; the text names the file, the reason and the way out."""


@dataclass(frozen=True, slots=True)
class TextPage:
    slug: str
    language: str
    title: str
    order: int
    html: str

    @property
    def path(self) -> str:
        return f"/public/{self.language}/{self.slug}/"


def public_pages(folder: Path, languages: tuple[str, ...]) -> tuple[TextPage, ...]:
    """The pages marked `public: yes` in these languages, in the order they are listed."""
    found = [page for file in sorted(folder.glob("*.md")) if (page := _read(file)) and page.language in languages]
    return tuple(sorted(found, key=lambda page: (page.order, page.slug, LANGUAGES.index(page.language))))


def is_slug(text: str) -> bool:
    return bool(SLUG.fullmatch(text)) and text not in RESERVED


def _read(file: Path) -> TextPage | None:
    slug, _, language = file.stem.rpartition(".")
    if not is_slug(slug) or language not in LANGUAGES:
        raise BadContent(
            f"{file.name}: call it <slug>.<language>.md; the slug is small letters, digits and hyphens and none of"
            f" {', '.join(sorted(RESERVED))}; the language is one of {', '.join(LANGUAGES)}"
        )
    fields, text = _parted(file)
    if fields.get("public") != "yes":
        return None
    return TextPage(slug, language, fields["title"], int(fields.get("order", "100")), render(text))


def _parted(file: Path) -> tuple[dict[str, str], str]:
    whole = FRONT_MATTER.fullmatch(file.read_text(encoding="utf-8").replace("\r\n", "\n"))
    if whole is None:
        raise BadContent(f"{file.name}: begin with a block between two lines of ---, holding at least a title")
    fields = dict(_field(file, line) for line in whole[1].splitlines() if line.strip())
    if not fields.get("title"):
        raise BadContent(f"{file.name}: give it a title, such as `title: How the score works`")
    if not fields.get("order", "100").isdigit():
        raise BadContent(f"{file.name}: order must be a whole number, such as `order: 20`")
    return fields, whole[2]


def _field(file: Path, line: str) -> tuple[str, str]:
    name, _, value = (part.strip() for part in line.partition(":"))
    if name not in FIELDS:
        raise BadContent(f"{file.name}: {name!r} is not known; use {', '.join(sorted(FIELDS))}")
    return name, value
