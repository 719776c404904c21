"""One office's diary of one day while it is being filled: which ticks of its counters are free for what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from random import Random
from zlib import crc32

from booking.core.appointments import Terms
from booking.core.availability import starts_of_runs, ticks_in
from booking.core.schedules import DayPlan, Schedule
from booking.core.timespan import instant, moment_of, tick_of, ticks_for

NOTHING = DayPlan(0, 0, 0, 0)
PERSONS = {1: 70, 2: 20, 3: 7, 4: 3}


@dataclass(frozen=True)
class Kind:
    """A service that can be booked; ``weight`` says how often people come for it.

    ``information`` are the minutes of the visit that comes before, by so many ``days`` at least, where there is one.
    """

    id: int
    code: str
    terms: Terms
    weight: int = 1
    information: int = 0
    days: int = 0

    def ticks(self, persons: int = 1) -> int:
        return ticks_for(self.terms.minutes(persons))


@dataclass(frozen=True)
class Planned:
    """A visit to be: its counter, the first of its ticks since the epoch, and whether staff gave the time."""

    kind: Kind
    counter: int
    start: int
    persons: int
    by_staff: bool = False


class Diary:
    """``busy`` are the taken ticks per counter, as bits of the day; ``kept`` is free and stays so."""

    def __init__(
        self, schedule: Schedule, day: date, kinds: Iterable[Kind], busy: Mapping[int, int], rng: Random
    ) -> None:
        self.schedule, self.day, self.rng = schedule, day, rng
        # Drawn first, so that a second run on the same day wants as much as the first.
        self.luck = rng.random()
        self.first = schedule.ticks_of(day)[0]
        self.busy: dict[int, int] = defaultdict(int, busy)
        self.kept: dict[int, int] = defaultdict(int)
        self.visits: list[Planned] = []
        self.plans: dict[int, dict[Kind, DayPlan]] = defaultdict(dict)
        for kind in kinds:
            for counter, plan in schedule.plans_for(day, kind.id):
                self.plans[counter][kind] = plan

    def counters_for(self, kind: Kind) -> list[int]:
        return [counter for counter, kinds in self.plans.items() if kind in kinds]

    def open(self, counter: int) -> int:
        """The ticks at which a counter takes appointments for anything."""
        bits = 0
        for plan in self.plans[counter].values():
            bits |= plan.public
        return bits

    def starts(
        self, counter: int, kind: Kind, *, persons: int = 1, with_kept: bool = False, ticks: int | None = None
    ) -> int:
        """The offered starts of a service at a counter; what is kept does not count unless it is asked for.

        The visit takes so many ``ticks``, or as many as that number of ``persons`` needs.
        """
        plan = self.plans[counter].get(kind, NOTHING)
        taken = self.busy[counter] | (0 if with_kept else self.kept[counter])
        return starts_of_runs(plan.public, taken, ticks or kind.ticks(persons)) & plan.grid

    def tick(self, wall: time) -> int:
        """The tick at which the office's clock shows ``wall``."""
        return tick_of(instant(self.day, wall, self.schedule.zone))

    def since(self, wall: time) -> int:
        """The ticks of the day from a wall time on, as bits."""
        here = self.tick(wall) - self.first
        return run(here, self.schedule.ticks_of(self.day)[1] - self.first - here)

    def keep(self, counter: int, kind: Kind, offset: int) -> None:
        """Leave a start free for whoever comes to look for one."""
        self.kept[counter] |= run(offset, kind.ticks())

    def keeps(self, kind: Kind) -> bool:
        """Whether some start of a service lies within what is kept."""
        return any(
            starts_of_runs(self.kept[counter], self.busy[counter], kind.ticks()) & self.plans[counter][kind].grid
            for counter in self.counters_for(kind)
        )

    def book(self, counter: int, kind: Kind, offset: int, *, persons: int = 1, by_staff: bool = False) -> None:
        self.busy[counter] |= run(offset, kind.ticks(persons))
        self.visits.append(Planned(kind, counter, self.first + offset, persons, by_staff))

    def reserve(self, counter: int, offset: int, ticks: int) -> datetime:
        """Leave a counter's time to a visit that is not written down with the others; gives its start (UTC)."""
        self.busy[counter] |= run(offset, ticks)
        return moment_of(self.first + offset)

    def book_something(self, counter: int, *, within: int, at: int | None = None) -> bool:
        """Book a visit drawn by weight at a counter, starting ``within`` these ticks, or ``at`` one of them.

        False when nothing more fits there.
        """
        wanted = within if at is None else 1 << at
        fitting = {kind: bits for kind in self.plans[counter] if (bits := self.starts(counter, kind) & wanted)}
        if not fitting:
            return False
        kind = self.rng.choices(list(fitting), weights=[kind.weight for kind in fitting])[0]
        offset = self.rng.choice(ticks_in(fitting[kind], 0))
        self.book(counter, kind, offset, persons=self.party(counter, kind, offset))
        return True

    def party(self, counter: int, kind: Kind, offset: int) -> int:
        """How many come: as many as are drawn, fewer when the time does not hold them."""
        drawn = self.rng.choices(list(PERSONS), weights=list(PERSONS.values()))[0]
        possible = range(min(drawn, kind.terms.max_persons), 1, -1)
        return next((n for n in possible if self.starts(counter, kind, persons=n) >> offset & 1), 1)

    def would_fit_over(self, counter: int, kind: Kind, offset: int, ticks: int) -> bool:
        """Whether a visit for a service could begin such that it takes some of these ticks."""
        length = kind.ticks()
        reach = run(max(offset - length + 1, 0), min(offset, length - 1) + ticks)
        return bool(self.starts(counter, kind, with_kept=True) & reach)

    def is_free(self, counter: int, offset: int, ticks: int) -> bool:
        """Whether a counter is open and free for so many ticks, on the grid or off it."""
        wanted = run(offset, ticks)
        return not wanted & ~self.open(counter) and not wanted & (self.busy[counter] | self.kept[counter])

    def begins_a_run(self, counter: int, offset: int) -> bool:
        """Whether nothing free lies right before a tick."""
        return offset == 0 or not self.is_free(counter, offset - 1, 1)

    def candidates(self, kind: Kind) -> list[tuple[int, int]]:
        """Every counter and start that is free for a service. Their order is drawn once and for all days' runs."""
        counters = list(self.plans)
        found = [
            (counter, offset)
            for counter in self.counters_for(kind)
            for offset in ticks_in(self.starts(counter, kind), 0)
        ]
        return sorted(found, key=lambda place: crc32(f"{self.day} {counters.index(place[0])} {place[1]}".encode()))


def run(offset: int, ticks: int) -> int:
    """So many ticks in a row, as bits."""
    return ((1 << ticks) - 1) << offset
