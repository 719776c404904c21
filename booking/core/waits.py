"""How long the wait will be, from the pace of the day itself; honest when there is too little to tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

ENOUGH = 3
"""So many visits for a service make a pace of its own; with fewer, what the service is expected to take counts."""

SPREAD = 0.35
"""A wait is told as a range: so much less and so much more than what is expected."""

STEP_MINUTES = 5


@dataclass(frozen=True)
class Range:
    """A wait in whole minutes, on a grid of five; ``low`` may be 0."""

    low: int
    high: int


@dataclass(frozen=True)
class Ahead:
    """Somebody who is served before: how long they take in minutes, and the counters that can take them."""

    minutes: float
    counters: frozenset[int]


def paces(durations: Mapping[int, Sequence[float]], expected: Mapping[int, int]) -> dict[int, float]:
    """Minutes per service: the median of the day where there are enough visits to tell, else what is expected."""
    return {
        service: median(durations[service]) if len(durations.get(service, ())) >= ENOUGH else float(minutes)
        for service, minutes in expected.items()
    }


def wait_minutes(ahead: Iterable[Ahead], busy: Mapping[int, float], own: frozenset[int]) -> float | None:
    """Minutes until one of the counters ``own`` is free for somebody, ``None`` when none is open.

    ``busy``: each open counter with the minutes its visitor still takes. Those ahead go, in their order, to whichever
    of the counters that can take them is free first.
    """
    free = dict(busy)
    if not own & free.keys():
        return None
    for one in ahead:
        possible = one.counters & free.keys()
        if possible:
            taken = min(possible, key=lambda counter: (free[counter], counter))
            free[taken] += one.minutes
    return min(free[counter] for counter in own & free.keys())


def told(minutes: float) -> Range:
    """The range in which a wait is told."""
    low = int(minutes * (1 - SPREAD)) // STEP_MINUTES * STEP_MINUTES
    high = -(-int(minutes * (1 + SPREAD) + 1) // STEP_MINUTES) * STEP_MINUTES
    return Range(low, max(high, low + STEP_MINUTES))
