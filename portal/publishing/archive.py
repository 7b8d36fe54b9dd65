"""The snapshots of values on disk: a file for each publication that is still kept, beside the site and never in it."""

from functools import lru_cache

from site_build.snapshot_file import read_lines, read_pages, write_snapshot


class Archive:
    def __init__(self, settings):
        self.folder = settings.data / "snapshots"

    def path(self, number):
        return self.folder / f"{number}.jsonl"

    def keep(self, snapshot, pages):
        """Writes a snapshot whole or not at all; returns its path."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        path = self.path(snapshot.number)
        write_snapshot(path, snapshot, pages)
        return path

    def pages_of(self, number):
        """A function from partner ids to {id: values.PartnerPage} of that publication; empty without one."""
        path = self.path(number)
        if number is None or not path.is_file():
            return lambda ids: {}
        lines = _lines(path, path.stat().st_mtime_ns)

        def read(ids):
            found = read_pages(path, [lines[one] for one in ids if one in lines])
            return {page.number: page for page in found}

        return read

    def forget(self, number):
        self.path(number).unlink(missing_ok=True)

    def prune(self, kept):
        """Removes the snapshots of publications that are no longer kept."""
        for path in self.folder.glob("*.jsonl"):
            if int(path.stem) not in kept:
                path.unlink()


@lru_cache(maxsize=2)
def _lines(path, _written_at):
    """{partner id: where its values stand}; a snapshot is written once, so it is read through once."""
    return {line.number: line for line in read_lines(path)}
