"""The languages that the portal speaks, and texts that wait for the language of their reader."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations

LANGUAGES = ("en", "sv", "fi")
LANGUAGE_NAMES = {"en": "English", "sv": "Svenska", "fi": "Suomi"}
DEFAULT_LANGUAGE = "en"
CATALOGUES = Path(__file__).parent / "translations"


def N_(text: str) -> str:
    """Mark a text for extraction where no reader is known yet: `Message(N_("%(name)s is archived."), …)`."""
    return text


@dataclass(frozen=True)
class Message:
    """A text with its values, said in the reader's language where it is shown; a literal % is written %%."""

    msgid: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.said(NullTranslations())

    def said(self, translations: NullTranslations) -> str:
        return translations.gettext(self.msgid) % {
            name: value.said(translations) if isinstance(value, Message) else value
            for name, value in self.params.items()
        }


@lru_cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language; English, and a catalogue that is not compiled, say the msgids themselves."""
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r} is not one of {', '.join(LANGUAGES)}")
    return Translations.load(CATALOGUES, [language])


def negotiate(
    accept_language: str | None, allowed: tuple[str, ...] = LANGUAGES, default: str = DEFAULT_LANGUAGE
) -> str:
    """The allowed language that a browser's Accept-Language header likes best: `sv-FI` means `sv`."""
    wishes = sorted(_wishes(accept_language or ""), key=lambda wish: -wish[1])
    return next((language for language, liking in wishes if liking > 0 and language in allowed), default)


def _wishes(header: str):
    for part in header[:500].split(","):
        tag, _, rest = part.strip().partition(";")
        yield tag.strip().lower().replace("_", "-").partition("-")[0], _liking(rest.strip())


def _liking(quality: str) -> float:
    if not quality.startswith("q="):
        return 1.0
    try:
        return float(quality[2:])
    except ValueError:
        return 0.0
