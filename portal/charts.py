"""Small charts as inline SVG: drawn for the width they are shown at, coloured by the style sheet, without script.

Colours come from classes (`line`, `bar`, `target`, `band`, `good` …) that take the page's CSS variables, so that dark
mode and print need no second drawing. Every chart says in its title what it shows; the caller gives that text in the
reader's language.
"""

from collections.abc import Sequence
from functools import lru_cache
from html import escape

PHONE, DESK = 360, 720
MARGIN = 4
STATUSES = ("good", "warn", "bad", "none")


def sparkline(
    values: Sequence[int | None], title: str, *, target: int | None = None, width: int = PHONE, height: int = 56
) -> str:
    """A line through the measured values, oldest first, its last point marked, the target as a dashed line.

    A missing value leaves a gap. The scale always includes zero: a small change must not look like a great one.
    """
    return _svg("spark", width, height, title, _spark(tuple(values), target, width, height))


# The same line stands on the pages of all languages, only its title differs.
@lru_cache(maxsize=256)
def _spark(values: tuple[int | None, ...], target: int | None, width: int, height: int) -> str:
    measured = [value for value in values if value is not None]
    low, high = _scale([*measured, *([] if target is None else [target])])
    place = _placer(low, high, height)
    step = (width - 2 * MARGIN) / max(len(values) - 1, 1)
    points = [None if value is None else (MARGIN + i * step, place(value)) for i, value in enumerate(values)]
    parts = [_level("zero", place(0), width)] if low < 0 else []
    if target is not None:
        parts.append(_level("target", place(target), width))
    parts += [_stroke(run) for run in _runs(points)]
    if points and points[-1]:
        parts.append('<circle class="last" cx="{:.1f}" cy="{:.1f}" r="3.5"/>'.format(*points[-1]))
    return "".join(parts)


def bullet(
    actual: int | None,
    target: int | None,
    title: str,
    *,
    floor: int | None = None,
    status: str = "none",
    width: int = PHONE,
    height: int = 24,
) -> str:
    """A bar for the actual, a mark for the target, a shaded band up to the floor (the worst acceptable value)."""
    return _svg("bullet", width, height, title, _bullet(actual, target, floor, _known(status), width, height))


@lru_cache(maxsize=256)
def _bullet(actual: int | None, target: int | None, floor: int | None, status: str, width: int, height: int) -> str:
    low, high = _scale([value for value in (actual, target, floor) if value is not None])
    across = _placer_across(low, high, width)
    parts = [f'<rect class="band" x="{MARGIN}" y="3" width="{width - 2 * MARGIN}" height="{height - 6}" rx="2"/>']
    if low < 0:
        parts.append(f'<line class="zero" x1="{across(0):.1f}" x2="{across(0):.1f}" y1="0" y2="{height}"/>')
    if floor:
        parts.append(_block("floor", across(0), across(floor), 3, height - 6))
    if actual is not None:
        parts.append(_block(f"bar {status}", across(0), across(actual), height / 2 - 4, 8))
    if target is not None:
        parts.append(f'<rect class="mark" x="{across(target) - 1.5:.1f}" y="0" width="3" height="{height}"/>')
    return "".join(parts)


def shares(parts: Sequence[tuple[str, str, int]], title: str, *, height: int = 28) -> str:
    """One bar cut into parts (label, status, number), as wide as there is room; parts without a number are left out."""
    whole = sum(number for _label, _status, number in parts) or 1
    drawn, before = [], 0
    for label, status, number in parts:
        if number:
            x, wide = 100 * before / whole, 100 * number / whole
            drawn.append(
                f'<rect class="{_known(status)}" x="{x:.2f}%" y="0" width="{wide:.2f}%" height="100%">'
                f"<title>{escape(label)}</title></rect>"
            )
            before += number
    return (
        f'<svg class="chart shares" role="img" width="100%" height="{height}">'
        f"<title>{escape(title)}</title>{''.join(drawn)}</svg>"
    )


def month_bars(
    shares: Sequence[tuple[str, float | None]], title: str, *, aim: float | None = None, width: int = PHONE
) -> str:
    """One bar a month for shares of one, each with its label as a title; more than one is cut at the top."""
    height = 96 if width <= PHONE else 140
    step = (width - 2 * MARGIN) / max(len(shares), 1)
    place = _placer(0, 1, height)
    parts = []
    for position, (label, share) in enumerate(shares):
        top = place(min(share, 1)) if share is not None else height - MARGIN - 2
        x, wide, kind = MARGIN + (position + 0.1) * step, step * 0.8, "missing" if share is None else "bar"
        parts.append(
            f'<rect class="{kind}" x="{x:.1f}" y="{top:.1f}" width="{wide:.1f}"'
            f' height="{height - MARGIN - top:.1f}">'
            f"<title>{escape(label)}</title></rect>"
        )
    parts += [_level("zero", place(0), width)]
    if aim is not None:
        parts.append(_level("target", place(aim), width))
    return _svg("months", width, height, title, "".join(parts))


def heat_map(rows: Sequence[Sequence[tuple[str, str]]], title: str, *, width: int = PHONE, gap: int = 2) -> str:
    """Rows of squares, each (label, status); the label is the square's title, row and column names stay in HTML."""
    columns = max((len(row) for row in rows), default=1)
    side = (width - gap * (columns - 1)) / max(columns, 1)
    parts = [
        f'<rect class="{_known(status)}" x="{column * (side + gap):.1f}" y="{line * (side + gap):.1f}"'
        f' width="{side:.1f}" height="{side:.1f}" rx="2"><title>{escape(label)}</title></rect>'
        for line, row in enumerate(rows)
        for column, (label, status) in enumerate(row)
    ]
    return _svg("heat", width, round(max(len(rows), 1) * (side + gap) - gap), title, "".join(parts))


def _svg(kind: str, width: int, height: int, title: str, drawn: str) -> str:
    return (
        f'<svg class="chart {kind}" role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"<title>{escape(title)}</title>{drawn}</svg>"
    )


def _scale(values: Sequence[int]) -> tuple[float, float]:
    low, high = min([0, *values]), max([0, *values])
    return (low, high) if low != high else (0, 1)


def _placer(low: float, high: float, height: int):
    room = height - 2 * MARGIN
    return lambda value: MARGIN + room * (high - value) / (high - low)


def _placer_across(low: float, high: float, width: int):
    room = width - 2 * MARGIN
    return lambda value: MARGIN + room * (value - low) / (high - low)


def _runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """The unbroken pieces of a line with gaps."""
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point:
            runs[-1].append(point)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _stroke(run: Sequence[tuple[float, float]]) -> str:
    if len(run) == 1:
        return f'<circle class="dot" cx="{run[0][0]:.1f}" cy="{run[0][1]:.1f}" r="2"/>'
    return f'<polyline class="line" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in run)}"/>'


def _level(kind: str, y: float, width: int) -> str:
    return f'<line class="{kind}" x1="{MARGIN}" x2="{width - MARGIN}" y1="{y:.1f}" y2="{y:.1f}"/>'


def _block(kind: str, start: float, end: float, y: float, height: float) -> str:
    left, right = sorted((start, end))
    return f'<rect class="{kind}" x="{left:.1f}" y="{y:g}" width="{max(right - left, 1):.1f}" height="{height:g}"/>'


def _known(status: str) -> str:
    if status not in STATUSES:
        raise ValueError(f"status {status!r} is not one of {', '.join(STATUSES)}")
    return status
