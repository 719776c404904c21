"""A week of an office as a picture: days, in each a lane for every counter, with what is open and shut as bars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from booking.core.opening import ClosureRule, Mode, Season, SessionRule, on_the_wall, shut_on, without
from booking.core.schedules import Schedule
from booking.core.timespan import Span
from booking.core.translated import Translated

CLOSED = "closed"
USUAL_HOURS = (8, 17)
"""From when to when a picture goes at least, so that the hours of a short day are not drawn all across it."""
NO_DAY = 24
TICK = 5
KEPT = 64
"""So many weeks are kept drawn."""


@dataclass(frozen=True)
class Bar:
    """A stretch of a counter's day in wall times: open in some mode, or ``closed`` for ``reasons``.

    ``session_id`` is the session that it is of, ``is_extra`` when that is one of this single day.
    """

    start: time
    end: time
    kind: str
    session_id: int = 0
    is_extra: bool = False
    reasons: tuple[Translated, ...] = ()

    @property
    def until(self) -> tuple[int, int]:
        """Hour and minute of its end, which may be midnight."""
        return (NO_DAY, 0) if self.end == time.max else (self.end.hour, self.end.minute)

    @property
    def place(self) -> str:
        """The classes that put it where it belongs, to five minutes."""
        hour, minute = self.until
        return f"h-{self.start.hour} m-{self.start.minute // TICK} uh-{hour} um-{minute // TICK}"


@dataclass(frozen=True)
class Lane:
    """Counters that have the same day, by their labels; bars that overlap lie in rows of their own."""

    counters: tuple[str, ...]
    rows: tuple[tuple[Bar, ...], ...]


@dataclass(frozen=True)
class Day:
    """One day: the numbers of its lanes, the counters that are not in use, and why it is shut when all of it is."""

    day: date
    lanes: tuple[int, ...]
    idle: tuple[str, ...]
    shut: tuple[Translated, ...] = ()


@dataclass(frozen=True, eq=False)
class Week:
    """Seven days, the lanes they are made of, each of which is there once however many days have it, the hours between
    which they are drawn, and the times of the year they lie in."""

    days: tuple[Day, ...]
    lanes: tuple[Lane, ...]
    first_hour: int
    last_hour: int
    seasons: tuple[Season, ...]


def week_of(
    schedule: Schedule, counters: Iterable[tuple[int, str]], monday: date, reasons: Mapping[int, Translated]
) -> Week:
    """Seven days from ``monday`` on; ``reasons`` are those of the closures, by their ids."""
    return drawn(schedule, tuple(counters), monday, tuple(reasons.items()))


@lru_cache(maxsize=KEPT)
def drawn(
    schedule: Schedule,
    counters: tuple[tuple[int, str], ...],
    monday: date,
    reasons: tuple[tuple[int, Translated], ...],
) -> Week:
    """The week, kept as long as the hours are what they are: another version of them is another schedule."""
    dates = [monday + timedelta(days=number) for number in range(7)]
    lanes: dict[Lane, int] = {}
    days = tuple(day_of(hours_of(schedule, day, dict(reasons)), counters, day, lanes) for day in dates)
    bars = [bar for lane in lanes for row in lane.rows for bar in row]
    first = min([USUAL_HOURS[0], *(bar.start.hour for bar in bars)])
    last = max([USUAL_HOURS[1], *(hour + (minute > 0) for hour, minute in (bar.until for bar in bars))])
    taking_place = {rule.season for rule in schedule.rules if any(rule.happens_on(day) for day in dates)}
    seasons = sorted((season for season in taking_place if season), key=lambda season: season.first)
    return Week(days, tuple(lanes), first, last, tuple(seasons))


def day_of(hours: Hours, counters: Iterable[tuple[int, str]], day: date, lanes: dict[Lane, int]) -> Day:
    """One day; lanes that no day before had are added to ``lanes`` with their numbers."""
    alike: dict[tuple[Bar, ...], list[str]] = {}
    for counter, label in counters:
        alike.setdefault(bars_of(hours, counter), []).append(label)
    idle = alike.pop((), [])
    if alike and all(bar.kind == CLOSED for bars in alike for bar in bars):
        shut = dict.fromkeys(why for bars in alike for bar in bars for why in bar.reasons)
        if shut:
            return Day(day, (), (), tuple(shut))
    found = (Lane(tuple(labels), in_rows(bars)) for bars, labels in alike.items())
    return Day(day, tuple(lanes.setdefault(lane, len(lanes)) for lane in found), tuple(idle))


@dataclass(frozen=True)
class Hours:
    """What takes place on a day, with the bar of it where nothing is shut, and what shuts it: the same for all."""

    zone: ZoneInfo
    sessions: Sequence[tuple[SessionRule, Span, Bar]]
    shut: Sequence[tuple[ClosureRule, Span]]
    reasons: Mapping[int, Translated]


def hours_of(schedule: Schedule, day: date, reasons: Mapping[int, Translated]) -> Hours:
    spans = ((rule, rule.span_on(day, schedule.zone)) for rule in schedule.rules)
    sessions = [(rule, span, bar_of(rule, span, schedule.zone)) for rule, span in spans if span]
    return Hours(schedule.zone, sessions, shut_on(schedule.closures, day, schedule.zone), reasons)


def bar_of(rule: SessionRule, span: Span, zone: ZoneInfo) -> Bar:
    return Bar(*on_the_wall(span, zone), rule.mode.value, rule.id, rule.valid_from == rule.valid_until)


def bars_of(hours: Hours, counter: int) -> tuple[Bar, ...]:
    """What of a counter's day is open, and what would be if no closure took it."""
    shut = [(closure, hole) for closure, hole in hours.shut if closure.shuts(counter)]
    bars: set[Bar] = set()
    for rule, span, bar in hours.sessions:
        if counter in rule.counters:
            bars.update(cut(hours, span, bar, shut) if shut else (bar,))
        elif counter in rule.lanes:
            # On an extra lane one comes by an appointment that staff give.
            bars.update(cut(hours, span, replace(bar, kind=Mode.APPOINTMENT.value), shut))
    return tuple(sorted(bars, key=lambda bar: (bar.start, bar.end, bar.kind, bar.session_id)))


def cut(hours: Hours, span: Span, bar: Bar, shut: Sequence[tuple[ClosureRule, Span]]) -> Iterator[Bar]:
    """What closures leave of a session, and what they take of it."""
    left = without([span], [hole for _, hole in shut])
    for part in left:
        start, end = on_the_wall(part, hours.zone)
        yield replace(bar, start=start, end=end)
    for part in without([span], left):
        why = (hours.reasons.get(closure.id) for closure, hole in shut if hole.overlaps(part))
        yield Bar(*on_the_wall(part, hours.zone), CLOSED, reasons=tuple(dict.fromkeys(filter(None, why))))


def in_rows(bars: Iterable[Bar]) -> tuple[tuple[Bar, ...], ...]:
    """Bars put into as few rows as it takes for none of them to lie over another."""
    rows: list[list[Bar]] = []
    for bar in bars:
        row = next((row for row in rows if row[-1].end <= bar.start), None)
        if row is None:
            rows.append(row := [])
        row.append(bar)
    return tuple(tuple(row) for row in rows)


def why_shut(
    schedule: Schedule, counters: Iterable[int], day: date, reasons: Mapping[int, Translated]
) -> Iterator[Translated]:
    """Why hours of a day that some counters would have are not open."""
    hours = hours_of(schedule, day, reasons)
    found = (bar for counter in counters for bar in bars_of(hours, counter))
    return iter(dict.fromkeys(why for bar in found for why in bar.reasons))
