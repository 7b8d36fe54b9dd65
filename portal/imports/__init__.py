"""One runner for every import: what a file holds, what would change, what was changed, and how to take it back."""
