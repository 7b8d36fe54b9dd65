"""Times of repeated calls, in milliseconds, as medians and 99th percentiles."""

import statistics
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Times:
    milliseconds: list

    @property
    def median(self):
        return statistics.median(self.milliseconds)

    @property
    def p99(self):
        return sorted(self.milliseconds)[int(len(self.milliseconds) * 0.99)]


def timed(call, times):
    """Calls once to warm up, then `times` times."""
    call()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append((time.perf_counter() - start) * 1000)
    return Times(taken)


def line(name, times, floor=None, note=""):
    ratio = f"{times.median / floor.median:8.2f} ×" if floor else " " * 10
    print(f"  {name:<44}{times.median:9.2f} ms  p99 {times.p99:8.2f}  {ratio}  {note}")
