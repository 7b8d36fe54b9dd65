"""Keeping the portal alive: health, backup and restore, doctor, jobs and the server."""
