"""Visits: planned with purpose, goal and agenda, logged in one line from the phone."""
