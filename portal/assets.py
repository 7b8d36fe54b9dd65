"""Static files under names that change with their content, so that browsers may keep them for ever."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import url_for

STATIC = Path(__file__).parent / "static"


def asset_url(name):
    """The address of a static file with a fingerprint of its bytes."""
    return url_for("static", filename=name, v=_fingerprint(name))


@lru_cache
def _fingerprint(name):
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
