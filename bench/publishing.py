"""Building the site from a snapshot file: all partners, one changed, nothing changed, beside writing the same bytes."""

import os
import time
from pathlib import Path

from site_build.build import build
from site_build.snapshot_file import write_snapshot
from site_build.specimen import specimen_page, specimen_snapshot

CONTENT = Path(__file__).parent.parent / "content"


def run(folder, partners):
    print(f"\nPublishing {partners} partners in three languages (ratio to writing the same bytes)")
    out = folder / "site"
    full = _built(folder, out, _pages(partners, "Örebro Cykel AB"), 1)
    floor = _written_again(out / "current", folder / "floor")
    one = _built(folder, out, [specimen_page(1, "Another AB"), *_pages(partners, "Örebro Cykel AB", 2)], 2)
    nothing = _built(folder, out, [specimen_page(1, "Another AB"), *_pages(partners, "Örebro Cykel AB", 2)], 3)
    for name, seconds in (("all", full), ("one partner changed", one), ("nothing changed", nothing), ("floor", floor)):
        print(f"  {name:<44}{seconds:9.2f} s {seconds / floor:8.2f} ×")


def _pages(number, name, first=1):
    return (specimen_page(each, name) for each in range(first, number + 1))


def _built(folder, out, pages, number):
    path = folder / "snapshot.jsonl"
    write_snapshot(path, specimen_snapshot(1), pages)
    start = time.perf_counter()
    build(path, CONTENT, out)
    return time.perf_counter() - start


def _written_again(source, target):
    """Only the files: what the disk needs."""
    contents = [(path.relative_to(source), path.read_bytes()) for path in source.rglob("*") if path.is_file()]
    start = time.perf_counter()
    for name, content in contents:
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    os.sync()
    return time.perf_counter() - start
