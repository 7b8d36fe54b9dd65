"""Work on many pages in forked processes that die with their parent."""

import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any, TypeVar

Item = TypeVar("Item")
# Below this a fork costs more than it saves.
FEW = 60
STEP = 25
# What a shard does: goes through its items, yielding one result for each.
Work = Callable[[Sequence[Item]], Iterator[Any]]


class ShardFailed(RuntimeError):
    """A process ended without having done its part; the text is its error."""


def in_shards(work: Work, items: Sequence[Item], processes: int, done: Callable[[int], None]) -> list[Any]:
    """The results of all items in the order of the items. `done` is told how many more are finished.

    In a program with threads everything is done in this process: a fork there can inherit a lock that nobody opens.
    """
    if not items:
        return []
    if processes < 2 or len(items) < FEW or has_threads():
        return _alone(work, items, done)
    # Runs of neighbours, not every n-th: they lie together in the snapshot file.
    size = -(-len(items) // processes)
    return _gathered(work, [items[start : start + size] for start in range(0, len(items), size)], done)


def has_threads() -> bool:
    return threading.active_count() > 1


def _alone(work: Work, items: Sequence[Item], done: Callable[[int], None]) -> list[Any]:
    results = []
    for result in work(items):
        results.append(result)
        if len(results) % STEP == 0:
            done(STEP)
    done(len(results) % STEP)
    return results


def _gathered(work: Work, parts: list[Sequence[Item]], done: Callable[[int], None]) -> list[Any]:
    ends: list[Connection] = []
    children = []
    for part in parts:
        here, there = Pipe(duplex=False)
        ends.append(here)
        children.append(_forked(work, part, there, ends))
        there.close()
    try:
        return _received(ends, done)
    finally:
        # Closing first: a child that still works finds nobody to tell, and ends.
        for end in ends:
            end.close()
        for child in children:
            os.waitpid(child, 0)


def _forked(work: Work, part: Sequence[Item], there: Connection, ends: list[Connection]) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        return child
    try:
        # A reading end that stays open in a sibling would hide the parent's death.
        for end in ends:
            end.close()
        there.send(("end", _alone(work, part, lambda more: there.send(("done", more)))))
    except BrokenPipeError:
        os._exit(1)
    except BaseException:
        there.send(("error", traceback.format_exc()))
    os._exit(0)


def _received(ends: list[Connection], done: Callable[[int], None]) -> list[Any]:
    results: dict[Connection, list[Any]] = {}
    while len(results) < len(ends):
        for end in wait([end for end in ends if end not in results]):
            try:
                kind, value = end.recv()
            except EOFError:
                raise ShardFailed("a drawing process was killed") from None
            if kind == "error":
                raise ShardFailed(value)
            if kind == "end":
                results[end] = value
            else:
                done(value)
    return [result for end in ends for result in results[end]]
