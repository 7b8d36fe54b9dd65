"""`python -m site_build SNAPSHOT CONTENT OUT`: publish a snapshot file without the portal."""

import argparse
import sys
from pathlib import Path

from site_build.build import build
from site_build.check import CheckFailed
from site_build.content import BadContent
from site_build.release import Refused
from site_build.shards import ShardFailed


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        built = build(options.snapshot, options.content, options.out, processes=options.processes, progress=_show)
    except (BadContent, CheckFailed, Refused, ShardFailed, OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"release {built.release}: {built.drawn} partners drawn, {built.kept} unchanged, {built.removed} removed")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m site_build", description="Publish a snapshot as a static site.")
    parser.add_argument("snapshot", type=Path, help="the snapshot file that the portal wrote")
    parser.add_argument("content", type=Path, help="the folder that holds pages/*.md")
    parser.add_argument("out", type=Path, help="an empty folder, or the folder of earlier releases")
    parser.add_argument("--processes", type=int, help="how many to draw with (default: one a core)")
    return parser


def _show(step: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{step} {done}/{total}\033[K", end="\n" if done == total else "", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
