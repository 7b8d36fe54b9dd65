"""`make bench`: fills a portal, measures it, prints ratios. More: python -m bench --partners 10000 --visits 1000000."""

import argparse
import tempfile
import time
from pathlib import Path

from bench import publishing, requests
from bench.filled import Filled


def main():
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--partners", type=int, default=1000)
    parser.add_argument("--visits", type=int, default=20_000)
    parser.add_argument("--published", type=int, default=200, help="partners whose pages are built")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        print(f"Filling {asked.partners} partners and {asked.visits} visits …", flush=True)
        start = time.perf_counter()
        filled = Filled(Path(folder) / "data", asked.partners, asked.visits)
        print(f"  {time.perf_counter() - start:.1f} s")
        requests.run(filled)
        publishing.run(Path(folder), asked.published)


if __name__ == "__main__":
    main()
