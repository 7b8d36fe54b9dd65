"""`make site`: the example pages as a static site, to look at templates and styles without a database."""

import sys
from pathlib import Path

from site_build.__main__ import main
from site_build.snapshot_file import write_snapshot
from site_build.specimen import empty_page, specimen_page, specimen_snapshot

CONTENT = Path(__file__).parent.parent / "content"

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    write_snapshot(folder / "snapshot.jsonl", specimen_snapshot(), [specimen_page(), empty_page()])
    code = main([str(folder / "snapshot.jsonl"), str(CONTENT), str(folder / "site")])
    print(f"Open {folder}/site/current/partners/17/en/index.html")
    sys.exit(code)
