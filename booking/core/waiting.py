"""The list for an earlier appointment: who comes first, what fits whom, and when somebody may be told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from statistics import median
from zoneinfo import ZoneInfo

from booking.core.availability import starts_of_runs, useless_gap
from booking.core.preferences import PartOfDay, part_of
from booking.core.timespan import instant, local_date

QUIET_FROM, QUIET_UNTIL = time(21), time(7)
"""Between the two, by the office's clock, nobody is told of a time that can wait until the morning."""

SHORTEST_ANSWER = timedelta(minutes=10)
"""A time that leaves less to answer is offered to nobody: it is the public's."""

PASSING_ON = timedelta(minutes=10)
"""So much longer than its person has is an offered time kept, to be passed on before the public can take it."""

OVER_TOLD = timedelta(days=1)
"""So long it is worth telling somebody that a time is no longer kept for them."""

EVERY_DAY = frozenset(range(7))


class WaitingState(StrEnum):
    """An entry counts while it is live: its contact is proved, and it has neither what it wished nor given up."""

    UNPROVED = "unproved"
    LIVE = "live"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class OfferState(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"
    LAPSED = "lapsed"


EVERY_PART = frozenset(PartOfDay)


@dataclass(frozen=True)
class Wishes:
    """When somebody would come: on local days from ``first`` to ``last``, on these days of the week (Monday is 0),
    in these parts of the day.
    """

    first: date
    last: date
    weekdays: frozenset[int] = EVERY_DAY
    parts: frozenset[PartOfDay] = EVERY_PART

    def allow(self, wall: datetime) -> bool:
        """Whether a visit may begin when the office's clock shows ``wall``."""
        day = wall.date()
        return self.first <= day <= self.last and day.weekday() in self.weekdays and part_of(wall.time()) in self.parts

    def overlap(self, other: Wishes) -> bool:
        """Whether some moment is wished by both."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        # After seven days every day of the week has come.
        days = {(first + timedelta(days=number)).weekday() for number in range(min((last - first).days + 1, 7))}
        return bool(days & self.weekdays & other.weekdays and self.parts & other.parts)


@dataclass(frozen=True)
class Waiting:
    """Somebody in the list, live since ``since``, and the counters at which all they come for can be done."""

    id: int
    since: datetime
    wishes: Wishes
    counters: frozenset[int]

    @property
    def turn(self) -> tuple[datetime, int]:
        """Who has the lower one comes first."""
        return self.since, self.id

    def competes_with(self, other: Waiting) -> bool:
        """Whether some time could be offered to both."""
        return bool(self.counters & other.counters) and self.wishes.overlap(other.wishes)


def place_of(one: Waiting, everybody: Iterable[Waiting]) -> int:
    """``1`` for the first: how many earlier ones wish what this one could have, and one more."""
    return 1 + sum(other.turn < one.turn and other.competes_with(one) for other in everybody)


@dataclass(frozen=True)
class Candidate:
    """Somebody to whom ticks of one counter's day may be offered: bits of that day, earliest first.

    ``open`` are the ticks at which the counter serves all they come for, ``starts`` those at which they may begin.
    """

    id: int
    open: int
    starts: int
    ticks: int


def share_out(
    candidates: Iterable[Candidate], *, freed: int, taken: int, offer: Callable[[Candidate, int], bool]
) -> None:
    """Offer the freed ticks of a counter's day to ``candidates`` in their order, each what fits, until none is left.

    ``offer`` is told who may begin at which tick, and says whether that was offered.
    """
    for one in candidates:
        place = best_place(one, freed=freed, taken=taken)
        if place is not None and offer(one, place):
            visit = ((1 << one.ticks) - 1) << place
            freed, taken = freed & ~visit, taken | visit
        if not freed:
            return


def best_place(one: Candidate, *, freed: int, taken: int) -> int | None:
    """Where a visit that uses freed ticks leaves the least useless gap, the earliest of these; ``None`` without any."""
    possible = starts_of_runs(one.open, taken, one.ticks) & one.starts & reaching(freed, one.ticks)
    free = one.open & ~taken
    return min(places(possible), key=lambda place: (useless_gap(free, place, one.ticks), place), default=None)


def reaching(freed: int, ticks: int) -> int:
    """The starts of visits of so many ticks that use at least one of the freed ones."""
    found = 0
    for before in range(ticks):
        found |= freed >> before
    return found


def places(mask: int) -> list[int]:
    """The numbers of the set bits, in order."""
    return [place for place in range(mask.bit_length()) if mask >> place & 1]


@dataclass(frozen=True)
class OfferTerms:
    """How long somebody has to answer, less when the visit is the same day, and how many offers a day.

    With ``by_text`` there is a gateway, and whoever has only a telephone is offered times, too.
    """

    answer: timedelta = timedelta(hours=2)
    answer_today: timedelta = timedelta(minutes=30)
    per_day: int = 3
    by_text: bool = False

    def period(self, *, start: datetime, latest: datetime, zone: ZoneInfo, now: datetime) -> Period | None:
        """When somebody is told of a visit at ``start`` and until when they may answer, ``latest`` at the latest.

        At night it waits for the morning, unless too little would then be left; ``None`` when too little is left now.
        """
        morning = end_of_quiet(now, zone)
        waiting = self.answered_from(morning, start=start, latest=latest, zone=zone)
        if waiting.length >= min(self.answer, self.answer_today):
            return waiting
        at_once = self.answered_from(now, start=start, latest=latest, zone=zone)
        return at_once if at_once.length >= min(SHORTEST_ANSWER, self.answer, self.answer_today) else None

    def answered_from(self, moment: datetime, *, start: datetime, latest: datetime, zone: ZoneInfo) -> Period:
        is_today = local_date(moment, zone) == local_date(start, zone)
        return Period(moment, min(moment + (self.answer_today if is_today else self.answer), latest))


USUAL_TERMS = OfferTerms()


@dataclass(frozen=True)
class Period:
    """When somebody is told, and until when they may answer."""

    told_at: datetime
    until: datetime

    @property
    def length(self) -> timedelta:
        return self.until - self.told_at


def end_of_quiet(now: datetime, zone: ZoneInfo) -> datetime:
    """``now`` by day; at night the moment at which the clock next shows seven."""
    wall = now.astimezone(zone)
    if QUIET_UNTIL <= wall.time() < QUIET_FROM:
        return now
    morning = wall.date() if wall.time() < QUIET_UNTIL else wall.date() + timedelta(days=1)
    return instant(morning, QUIET_UNTIL, zone)


def days_gained(otherwise: date, offered: date) -> int:
    """How many days sooner than otherwise, never fewer than none."""
    return max(0, (otherwise - offered).days)


def median_days(gains: Sequence[int]) -> int | None:
    """The middle one of what was gained, the lower of two; ``None`` when nothing was."""
    return int(median(gains)) if gains else None
