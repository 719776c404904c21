"""Timing in pairs: ours and the floor in turn, so that a noisy machine weighs on both; medians and ratios."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table; ``most`` (or ``least``) is the target for the ratio."""

    what: str
    ours: str
    floor: str
    ratio: float
    most: float | None = None
    least: float | None = None

    @property
    def holds(self) -> bool:
        return (self.most is None or self.ratio <= self.most) and (self.least is None or self.ratio >= self.least)

    def __str__(self) -> str:
        target = f"≤ {self.most:g}" if self.most is not None else f"≥ {self.least:g}"
        verdict = "ok" if self.holds else "MISSED"
        return f"{self.what:<58} {self.ours:>12} {self.floor:>12} {self.ratio:>7.2f}  {target:<6} {verdict}"


HEAD = f"{'':<58} {'ours':>12} {'floor':>12} {'ratio':>7}  target"


def paired(what: str, ours: Callable[[], object], floor: Callable[[], object], *, runs: int, most: float) -> Row:
    """Median milliseconds of both after one warm-up, and the median of their ratios."""
    ours(), floor()
    pairs = [(seconds(ours), seconds(floor)) for _ in range(runs)]
    mine, bare = (statistics.median(pair[side] for pair in pairs) * 1000 for side in (0, 1))
    ratio = statistics.median(one / other for one, other in pairs)
    return Row(what, f"{mine:.1f} ms", f"{bare:.1f} ms", ratio, most=most)


def seconds(act: Callable[[], object]) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin
