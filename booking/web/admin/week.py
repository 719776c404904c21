"""A week of an office as a picture: days, in each a lane for every counter, with what is open and shut as bars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from booking.core.opening import Mode, Season, SessionRule, on_the_wall, shut_on, without
from booking.core.schedules import Schedule
from booking.core.translated import Translated

CLOSED = "closed"
USUAL_HOURS = (8, 17)
"""From when to when a picture goes at least, so that the hours of a short day are not drawn all across it."""
NO_DAY = 24
TICK = 5


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
        return f"h{self.start.hour} m{self.start.minute // TICK} uh{hour} um{minute // TICK}"


@dataclass(frozen=True)
class Lane:
    """Counters that have the same day, by their labels; bars that overlap lie in rows of their own."""

    counters: tuple[str, ...]
    rows: tuple[tuple[Bar, ...], ...]


@dataclass(frozen=True)
class Day:
    """One day: its lanes, the counters that are not in use, and why it is shut when all of it is."""

    day: date
    lanes: tuple[Lane, ...]
    idle: tuple[str, ...]
    shut: tuple[Translated, ...] = ()


@dataclass(frozen=True)
class Week:
    """Seven days, the hours between which they are drawn, and the times of the year they lie in."""

    days: tuple[Day, ...]
    first_hour: int
    last_hour: int
    seasons: tuple[Season, ...]


def week_of(
    schedule: Schedule, counters: Sequence[tuple[int, str]], monday: date, reasons: Mapping[int, Translated]
) -> Week:
    """Seven days from ``monday`` on; ``reasons`` are those of the closures, by their ids."""
    dates = [monday + timedelta(days=number) for number in range(7)]
    days = tuple(day_of(schedule, counters, day, reasons) for day in dates)
    bars = [bar for day in days for lane in day.lanes for row in lane.rows for bar in row]
    first = min([USUAL_HOURS[0], *(bar.start.hour for bar in bars)])
    last = max([USUAL_HOURS[1], *(hour + (minute > 0) for hour, minute in (bar.until for bar in bars))])
    taking_place = {rule.season for rule in schedule.rules if any(rule.happens_on(day) for day in dates)}
    seasons = sorted((season for season in taking_place if season), key=lambda season: season.first)
    return Week(days, first, last, tuple(seasons))


def day_of(
    schedule: Schedule, counters: Sequence[tuple[int, str]], day: date, reasons: Mapping[int, Translated]
) -> Day:
    alike: dict[tuple[Bar, ...], list[str]] = {}
    for counter, label in counters:
        alike.setdefault(bars_of(schedule, counter, day, reasons), []).append(label)
    idle = alike.pop((), [])
    if alike and all(bar.kind == CLOSED for bars in alike for bar in bars):
        shut = dict.fromkeys(why for bars in alike for bar in bars for why in bar.reasons)
        if shut:
            return Day(day, (), (), tuple(shut))
    return Day(day, tuple(Lane(tuple(labels), in_rows(bars)) for bars, labels in alike.items()), tuple(idle))


def bars_of(schedule: Schedule, counter: int, day: date, reasons: Mapping[int, Translated]) -> tuple[Bar, ...]:
    """What of a counter's day is open, and what would be if no closure took it."""
    shut = [
        (closure, hole) for closure, hole in shut_on(schedule.closures, day, schedule.zone) if closure.shuts(counter)
    ]
    bars = set()
    for rule in schedule.rules:
        span = rule.span_on(day, schedule.zone) if rule.staffs(counter) else None
        if span is None:
            continue
        left = without([span], [hole for _, hole in shut])
        kind, is_extra = mode_at(rule, counter).value, rule.valid_from == rule.valid_until
        bars |= {Bar(*on_the_wall(part, schedule.zone), kind, rule.id, is_extra) for part in left}
        for part in without([span], left):
            why = dict.fromkeys(reasons[one.id] for one, hole in shut if hole.overlaps(part) and one.id in reasons)
            bars.add(Bar(*on_the_wall(part, schedule.zone), CLOSED, reasons=tuple(why)))
    return tuple(sorted(bars, key=lambda bar: (bar.start, bar.end, bar.kind, bar.session_id)))


def mode_at(rule: SessionRule, counter: int) -> Mode:
    """How one comes to a counter in a session; on an extra lane, by an appointment that staff give."""
    return rule.mode if counter in rule.counters else Mode.APPOINTMENT


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
    found = (bar for counter in counters for bar in bars_of(schedule, counter, day, reasons))
    return iter(dict.fromkeys(why for bar in found for why in bar.reasons))
