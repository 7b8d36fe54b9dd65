"""Settings, read once from the environment and passed down; a wrong one is refused with its reason."""

import os
import secrets
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit


class SettingsError(Exception):
    """A setting is wrong: the text names it, the reason and the way out."""


@dataclass(frozen=True)
class Setting:
    """One line of the README's table. `read` turns the text into the value, or raises ValueError with the reason."""

    name: str
    default: str
    meaning: str
    read: Callable[[str], object]


def _folder(text):
    return Path(text).expanduser().resolve()


def _number(lowest, highest):
    def read(text):
        value = int(text)
        if not lowest <= value <= highest:
            raise ValueError(f"it must lie between {lowest} and {highest}")
        return value

    return read


def _url(text):
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/") or parts.query:
        raise ValueError("it must look like https://portal.example.com, without a path")
    return f"{parts.scheme}://{parts.netloc}"


def _database(text):
    if text and not text.startswith(("sqlite:///", "postgresql://")):
        raise ValueError("it must begin with sqlite:/// or postgresql://")
    return text


def _mail(text):
    if text and urlsplit(text).scheme not in ("smtp", "smtps"):
        raise ValueError("it must look like smtp://user:password@mail.example.com:587 (or smtps://)")
    return text


SETTINGS = (
    Setting("PORTAL_DATA", "var", "Folder of everything that must be backed up", _folder),
    Setting("DATABASE_URL", "", "postgresql://… when SQLite in PORTAL_DATA is outgrown", _database),
    Setting("PUBLIC_URL", "http://127.0.0.1:8000", "Address that users type; links in mails start with it", _url),
    Setting(
        "SITE_URL", "", "Own address of partner and public pages; empty: PUBLIC_URL", lambda t: _url(t) if t else ""
    ),
    Setting("HOST", "127.0.0.1", "Address the server listens on", str),
    Setting("PORT", "8000", "Port the server listens on", _number(1, 65535)),
    Setting("WORKERS", "2", "Web processes", _number(1, 64)),
    Setting("THREADS", "4", "Threads of each web process", _number(1, 64)),
    Setting("PROXIES", "0", "Reverse proxies in front, whose X-Forwarded-For is believed", _number(0, 5)),
    Setting("MAIL_URL", "", "smtp://user:password@host:587; empty: mails are written to PORTAL_DATA/outbox", _mail),
    Setting("MAIL_FROM", "portal@localhost", "Sender of mails", str),
    Setting("SECRET_KEY", "", "At least 32 bytes; empty: made once and kept in PORTAL_DATA/secret.key", str),
    Setting("SECRET_KEY_FALLBACKS", "", "Earlier keys, separated by commas, while sessions move to a new one", str),
    Setting("CONTENT", "content", "Folder of the Markdown that people edit", _folder),
    Setting("BACKUP_AGE_WARNING_HOURS", "26", "Older than this, the last backup is warned about", _number(1, 8760)),
)

# Keys from documentation and tutorials, which are no secrets.
KNOWN_KEYS = {
    "dev",
    "secret",
    "changeme",
    "secret-key",
    "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
}
SHORTEST_KEY = 32


@dataclass(frozen=True)
class Settings:
    data: Path
    # Never part of repr(), like the others below that hold secrets: a traceback must not show them.
    database_url: str = field(repr=False)
    public_url: str
    site_url: str
    host: str
    port: int
    workers: int
    threads: int
    proxies: int
    mail_from: str
    content: Path
    backup_age_warning_hours: int
    mail_url: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    secret_key_fallbacks: tuple = field(default=(), repr=False)

    @property
    def https(self):
        return self.public_url.startswith("https:")

    @property
    def site(self):
        return self.data / "site"

    @property
    def outbox(self):
        return self.data / "outbox"

    @property
    def backups(self):
        return self.data / "backups"


def read_settings(environment=os.environ):
    """Settings from the environment. Makes PORTAL_DATA (0700) and, once, its secret key (0600)."""
    values = {setting.name: _value(setting, environment) for setting in SETTINGS}
    data = values["PORTAL_DATA"]
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Settings(
        data=data,
        database_url=values["DATABASE_URL"] or f"sqlite:///{data / 'portal.sqlite'}",
        public_url=values["PUBLIC_URL"],
        site_url=values["SITE_URL"] or values["PUBLIC_URL"],
        host=values["HOST"],
        port=values["PORT"],
        workers=values["WORKERS"],
        threads=values["THREADS"],
        proxies=values["PROXIES"],
        mail_url=values["MAIL_URL"],
        mail_from=values["MAIL_FROM"],
        content=values["CONTENT"],
        backup_age_warning_hours=values["BACKUP_AGE_WARNING_HOURS"],
        secret_key=_checked_key(values["SECRET_KEY"]) if values["SECRET_KEY"] else _kept_key(data / "secret.key"),
        secret_key_fallbacks=tuple(_checked_key(key) for key in values["SECRET_KEY_FALLBACKS"].split(",") if key),
    )


def _value(setting, environment):
    try:
        return setting.read(environment.get(setting.name, setting.default))
    except ValueError as reason:
        raise SettingsError(
            f"The environment variable {setting.name} is wrong: {reason}. {setting.meaning}."
        ) from reason


def _kept_key(path):
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(SHORTEST_KEY))
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SettingsError(f"Others can read {path}. Run: chmod 600 {path}")
    return _checked_key(path.read_text().strip())


def _checked_key(key):
    if key.lower() in KNOWN_KEYS or len(set(key)) < 8:
        raise SettingsError("SECRET_KEY is a known or trivial text. Unset it, and a random one is made.")
    if len(key.encode()) < SHORTEST_KEY:
        raise SettingsError(f"SECRET_KEY is shorter than {SHORTEST_KEY} bytes. Unset it, and a random one is made.")
    return key
