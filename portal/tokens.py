"""Random secrets: handed out once, kept only as a hash."""

import hashlib
import secrets


def new_token():
    """256 random bits as text that fits into a URL."""
    return secrets.token_urlsafe(32)


def token_hash(token):
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
