"""A small program of its own: a snapshot file and content/ in, a static site out; no database, no login, no user."""
