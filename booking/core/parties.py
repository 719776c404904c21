"""Where a party fits: one visit after another for each of its persons, at one counter or at several side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MOST_IN_PARTY = 30
MOST_COUNTERS = 6


@dataclass(frozen=True, order=True)
class Place:
    """Where one person of a party has their visit: the first tick of it, counted like the bits, and the counter."""

    start: int
    counter: int


@dataclass(frozen=True)
class Block:
    """A way to see a party: its places in their order, and how many ticks it takes from the first to the last."""

    places: tuple[Place, ...]
    ticks: int

    @property
    def start(self) -> int:
        return self.places[0].start

    @property
    def counters(self) -> tuple[int, ...]:
        return tuple(sorted({place.counter for place in self.places}))


def blocks_for(
    free: Mapping[int, int], taken: Mapping[int, int], *, ticks: int, number: int, starts: int
) -> list[Block]:
    """The ways to see ``number`` persons for ``ticks`` each without a gap: one for each number of counters that helps.

    ``free`` are the free ticks per counter as bits, ``starts`` those at which the first visit may begin. Of all hours
    it is the one in which the party is through soonest, then the quietest (the fewest ticks ``taken``), then the
    earliest. More counters are a way only when the party is through sooner by them.
    """
    found: list[Block] = []
    for counters in range(1, min(len(free), number, MOST_COUNTERS) + 1):
        ways = [
            (block.ticks, ticks_within(taken, start, block.ticks), start, block)
            for start in bits_of(starts)
            if (block := block_at(free, start, ticks=ticks, number=number, counters=counters))
        ]
        if ways:
            best = min(ways, key=lambda way: way[:3])[-1]
            if not found or best.ticks < found[-1].ticks:
                found.append(best)
    return found


def block_at(free: Mapping[int, int], start: int, *, ticks: int, number: int, counters: int) -> Block | None:
    """The party from one start on, at exactly so many counters; the last round may be a short one."""
    rounds = -(-number // counters)
    room = {one: visits_from(bits, start, ticks=ticks, most=rounds) for one, bits in free.items()}
    full = sorted(one for one, visits in room.items() if visits == rounds)
    short = sorted(one for one, visits in room.items() if visits == rounds - 1 > 0)
    left_out = rounds * counters - number
    chosen = (full + short[:left_out])[:counters] if len(full) < counters else full[:counters]
    if len(chosen) < counters:
        return None
    places = [Place(start + nth * ticks, one) for nth in range(rounds) for one in chosen if nth < room[one]]
    return Block(tuple(sorted(places)[:number]), rounds * ticks)


def visits_from(bits: int, start: int, *, ticks: int, most: int) -> int:
    """How many visits of ``ticks`` a counter can take one after another from a tick on."""
    free = bits >> start
    run = (~free & (free + 1)).bit_length() - 1
    return min(run // ticks, most)


def ticks_within(taken: Mapping[int, int], start: int, ticks: int) -> int:
    """How many ticks of a span are taken, over all counters."""
    span = ((1 << ticks) - 1) << start
    return sum((bits & span).bit_count() for bits in taken.values())


def bits_of(bits: int) -> list[int]:
    return [place for place in range(bits.bit_length()) if bits >> place & 1]
