"""How much of a catalogue is translated, for whoever fills it: python -m portal.operation.catalogues FILE…"""

import sys
from pathlib import Path

from babel.messages.pofile import read_po


def missing(path):
    """(texts in all, the texts that are not said yet) of one catalogue."""
    with open(path, "rb") as file:
        texts = [message for message in read_po(file) if message.id]
    return len(texts), [message.id for message in texts if not _is_said(message)]


def _is_said(message):
    said = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(said) and not message.fuzzy


def main(paths):
    for path in paths:
        total, left = missing(Path(path))
        print(f"{total - len(left)} of {total} texts")
        for text in left:
            print(f"  missing: {(text if isinstance(text, str) else text[0])!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
