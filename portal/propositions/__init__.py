"""Joint value propositions: Markdown with versions, and the approval of one exact version."""
