"""One counter's day: what it is made of, and where that stands in a grid of five-minute rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from booking.core.opening import merged, without
from booking.core.schedules import Schedule
from booking.core.timespan import TICKS_AN_HOUR, Span, moment_of, tick_of, wall_time
from booking.core.translated import Translated
from booking.models.opening import BlockReason
from booking.usecases.visits import Choice, Visit

TALLEST = 216
"""Rows of five minutes that fit on a page: eighteen hours."""


class Kind(StrEnum):
    """What a stretch of a counter's time is when it is no visit."""

    FREE = "free"
    WALK_IN = "walk_in"
    CLOSED = "closed"
    BREAK = "break"
    ABSENCE = "absence"
    KEPT = "kept"
    OTHER = "other"


@dataclass(frozen=True)
class Stretch:
    """Time at one counter, or of the whole office when ``counter`` is empty; walls are the office's own."""

    kind: Kind
    counter: str
    start: datetime
    end: datetime
    wall: time
    wall_end: time

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True)
class Cell:
    """A visit or a stretch in its place: ``row`` counts five minutes from the top, ``rows`` is its height."""

    row: int
    rows: int
    visit: Visit | None = None
    stretch: Stretch | None = None


@dataclass(frozen=True)
class Column:
    """One counter's day, from the top down."""

    label: str
    note: Translated
    cells: tuple[Cell, ...]
    is_extra: bool = False


@dataclass(frozen=True)
class Frame:
    """The part of the day a grid shows: whole hours around everything in it, ``top`` to ``bottom`` in ticks."""

    top: int
    bottom: int
    zone: ZoneInfo

    @classmethod
    def around(cls, spans: Sequence[Span], zone: ZoneInfo) -> Frame:
        if not spans:
            return cls(0, 0, zone)
        first, last = min(span.start for span in spans), max(span.end for span in spans)
        top = tick_of(first.replace(minute=0))
        bottom = tick_of((last + timedelta(minutes=55)).replace(minute=0))
        return cls(top, min(bottom, top + TALLEST), zone)

    @property
    def rows(self) -> int:
        return self.bottom - self.top

    @property
    def hours(self) -> tuple[tuple[int, time], ...]:
        ticks = range(self.top, self.bottom, TICKS_AN_HOUR)
        return tuple((tick - self.top, wall_time(moment_of(tick), self.zone)) for tick in ticks)

    def row_of(self, moment: datetime) -> int | None:
        row = tick_of(moment) - self.top
        return row if 0 <= row < self.rows else None

    def place(self, span: Span) -> tuple[int, int]:
        """The first row of a span and how many it takes, cut to the frame."""
        top, bottom = max(tick_of(span.start), self.top), min(tick_of(span.end), self.bottom)
        return top - self.top, max(bottom - top, 1)


@dataclass(frozen=True)
class StaffedCounter:
    """A counter with its breaks and absences of a day; an extra lane has no time of its own to be free in."""

    id: int
    label: str
    note: Translated
    is_retired: bool
    is_extra: bool
    breaks: tuple[tuple[Span, BlockReason], ...]

    @property
    def is_used(self) -> bool:
        """Whether it is one of the counters people are used to see open."""
        return not (self.is_retired or self.is_extra)


@dataclass(frozen=True)
class CounterDay:
    """One counter's day: its visits, and the ticks it is open, with and without appointment.

    ``blocks`` are its breaks and absences while it is open: in closed time there is nothing to break off.
    """

    counter: StaffedCounter
    visits: tuple[Visit, ...]
    blocks: tuple[Stretch, ...]
    free: tuple[Stretch, ...]
    walk_in: tuple[Stretch, ...]
    open: tuple[Span, ...]

    @property
    def is_shut(self) -> bool:
        return not (self.visits or self.open)

    @property
    def visible(self) -> list[Span]:
        return [*self.open, *(one.span for one in self.visits)]

    @property
    def times(self) -> tuple[Stretch, ...]:
        """What the counter does while no visit has it."""
        return self.free + self.walk_in + self.blocks

    def column(self, frame: Frame, choice: Choice) -> Column:
        """The day from the top down, each minute once: a visit outside hours has its time for itself."""
        taken = [*self.open, *(visit.span for visit in self.visits)]
        closed = (
            self.stretch(Kind.CLOSED, span, frame.zone)
            for span in without([Span(moment_of(frame.top), moment_of(frame.bottom))], taken)
        )
        cells = [
            *(Cell(*frame.place(one.span), stretch=one) for one in (*closed, *self.times)),
            *(self.card(one, span, frame, choice) for one in self.visits for span in self.shown_of(one)),
        ]
        return Column(self.counter.label, self.counter.note, tuple(cells), self.counter.is_extra)

    def shown_of(self, visit: Visit) -> list[Span]:
        """The time a visit has a card for: one that is held to move a visit may overlap it, and shows what is more."""
        if not visit.is_held:
            return [visit.span]
        return without([visit.span], [other.span for other in self.visits if not other.is_held])

    def card(self, visit: Visit, span: Span, frame: Frame, choice: Choice) -> Cell:
        """A visit; one the reader is not looking for only shows that the time is taken."""
        if choice.takes(visit):
            return Cell(*frame.place(span), visit=visit)
        return Cell(*frame.place(span), stretch=self.stretch(Kind.OTHER, span, frame.zone))

    def stretch(self, kind: Kind, span: Span, zone: ZoneInfo) -> Stretch:
        return stretch_of(kind, self.counter.label, span, zone)


def counter_days(
    schedule: Schedule, day: date, visits: Iterable[Visit], counters: Iterable[StaffedCounter]
) -> list[CounterDay]:
    """The day of each counter, in their order."""
    theirs: dict[int, list[Visit]] = {}
    for visit in visits:
        theirs.setdefault(visit.counter_id, []).append(visit)
    days = []
    for counter in counters:
        with_appointment, without_one = (
            () if counter.is_extra else schedule.staffed_on(day, counter.id, with_appointment=booked)
            for booked in (True, False)
        )
        days.append(counter_day(counter, schedule.zone, theirs.get(counter.id, ()), with_appointment, without_one))
    return days


def counter_day(
    counter: StaffedCounter,
    zone: ZoneInfo,
    visits: Sequence[Visit],
    with_appointment: Iterable[Span],
    without_one: Iterable[Span],
) -> CounterDay:
    any_mode = merged([*with_appointment, *without_one])
    breaks = tuple(
        stretch_of(Kind(reason.value), counter.label, part, zone)
        for span, reason in counter.breaks
        for part in without([span], without([span], any_mode))
    )
    taken = [*(visit.span for visit in visits), *(stretch.span for stretch in breaks)]
    free = without(with_appointment, taken)
    walk_in = without(without_one, [*with_appointment, *taken])
    return CounterDay(
        counter=counter,
        visits=tuple(visits),
        blocks=breaks,
        free=tuple(stretch_of(Kind.FREE, counter.label, span, zone) for span in free),
        walk_in=tuple(stretch_of(Kind.WALK_IN, counter.label, span, zone) for span in walk_in),
        open=tuple(any_mode),
    )


def stretch_of(kind: Kind, label: str, span: Span, zone: ZoneInfo) -> Stretch:
    return Stretch(kind, label, span.start, span.end, wall_time(span.start, zone), wall_time(span.end, zone))
