"""What a release holds, page by page with its hash; the next build compares itself with it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from site_build.disk import write_whole
from site_build.strict_json import from_json, to_json

NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class DrawnPartner:
    """A partner's pages: the hash of the values they were drawn from, and (language, sha256) of each file."""

    number: int
    values: str
    pages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """`ground` is the hash of all that every page depends on; `shared` the (path, sha256) of the public files."""

    release: int
    publication: int
    made_at: datetime
    as_of_on: date
    ground: str
    shared: tuple[tuple[str, str], ...]
    partners: tuple[DrawnPartner, ...]
    withdrawn: tuple[int, ...]

    def without(self, numbers: set[int]) -> "Manifest":
        here = {partner.number for partner in self.partners} & numbers
        return replace(
            self,
            partners=tuple(partner for partner in self.partners if partner.number not in numbers),
            withdrawn=tuple(sorted({*self.withdrawn, *here})),
        )

    def paths(self) -> set[str]:
        """Every file that the release must hold, and no other may lie beside them."""
        private = {partner_path(partner.number, language) for partner in self.partners for language, _ in partner.pages}
        return private | {path for path, _ in self.shared}


def partner_path(number: int, language: str) -> str:
    return f"partners/{number}/{language}/index.html"


def read_manifest(release: Path) -> Manifest:
    return from_json(Manifest, (release / NAME).read_bytes())


def write_manifest(release: Path, manifest: Manifest) -> None:
    write_whole(release / NAME, to_json(manifest))
