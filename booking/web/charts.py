"""Charts as pictures of shapes with places: where each bar and line lies is worked out here, the page only draws.

Every chart stands beside the table of its numbers; what it shows is told by shape and place, never by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 12, 30
INNER_WIDTH, INNER_HEIGHT = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
FLOOR = TOP + INNER_HEIGHT
MOST_LABELS = 9
WIDEST_BAR = 40
STEPS = (1, 2, 5)
FEWEST_LINES = 3


@dataclass(frozen=True)
class Box:
    """A bar, or a part of one; ``kind`` names what it stands for."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Mark:
    """A word beside an axis, at its place."""

    at: float
    text: str


@dataclass(frozen=True)
class Chart:
    """What is drawn: ``lines`` are chains of points, broken where nothing is known; ``rules`` lie across."""

    boxes: tuple[Box, ...]
    lines: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    rules: tuple[Mark, ...]
    labels: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = FLOOR


def bars(labels: Sequence[str], parts: Sequence[tuple[str, Sequence[int]]]) -> Chart:
    """Bars of ``parts`` that stand on one another, one bar for each label."""
    whole = [sum(numbers) for numbers in zip(*(values for _, values in parts), strict=True)]
    top, rules = scale(max(whole, default=0))
    room = INNER_WIDTH / max(len(labels), 1)
    width = min(room * 0.76, WIDEST_BAR)
    boxes = []
    for place in range(len(labels)):
        floor, x = 0, LEFT + room * place + (room - width) / 2
        for kind, values in parts:
            if values[place]:
                height = INNER_HEIGHT * values[place] / top
                y = FLOOR - INNER_HEIGHT * (floor + values[place]) / top
                boxes.append(Box(kind, round(x, 1), round(y, 1), round(width, 1), round(height, 1)))
                floor += values[place]
    return Chart(tuple(boxes), (), (), rules, spread(labels, room))


def line(labels: Sequence[str], values: Sequence[int | None]) -> Chart:
    """A line through the values that are known, with a dot for each."""
    top, rules = scale(max((value for value in values if value is not None), default=0))
    room = INNER_WIDTH / max(len(labels), 1)
    chains: list[list[tuple[float, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            chains.append([])
        else:
            x, y = LEFT + room * (place + 0.5), FLOOR - INNER_HEIGHT * value / top
            chains[-1].append((round(x, 1), round(y, 1)))
    dots = tuple(point for chain in chains for point in chain)
    lines = tuple(" ".join(f"{x},{y}" for x, y in chain) for chain in chains if len(chain) > 1)
    return Chart((), lines, dots, rules, spread(labels, room))


def scale(most: int) -> tuple[int, tuple[Mark, ...]]:
    """A round number that is not less than the most, and the rules up to it."""
    step = next(
        step * 10**power for power in range(10) for step in STEPS if step * 10**power * (FEWEST_LINES + 2) >= most
    )
    top = max(-(-most // step), 1) * step
    rules = (Mark(round(FLOOR - INNER_HEIGHT * value / top, 1), str(value)) for value in range(0, top + 1, step))
    return top, tuple(rules)


def spread(labels: Sequence[str], room: float) -> tuple[Mark, ...]:
    """As many of the labels as have room below the axis, the first among them."""
    every = -(-len(labels) // MOST_LABELS) if labels else 1
    return tuple(
        Mark(round(LEFT + room * (place + 0.5), 1), label) for place, label in enumerate(labels) if place % every == 0
    )
