"""What differs between two versions of a text, line by line."""

from dataclasses import dataclass
from difflib import SequenceMatcher

KEPT, ADDED, REMOVED = "kept", "added", "removed"


@dataclass(frozen=True)
class Line:
    kind: str
    text: str


def difference(before, after):
    """The lines of both texts in reading order, each kept, removed or added."""
    old, new = before.splitlines(), after.splitlines()
    lines = []
    for step, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if step == "equal":
            lines += [Line(KEPT, text) for text in old[old_from:old_to]]
        else:
            lines += [Line(REMOVED, text) for text in old[old_from:old_to]]
            lines += [Line(ADDED, text) for text in new[new_from:new_to]]
    return lines
