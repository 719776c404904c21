"""An appointment's life, its length, and what its service allows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from booking.core.errors import NotYetReleased, TooFarAhead, TooManyPersons, TooSoon
from booking.core.opening import Mode
from booking.core.quotas import Quota
from booking.core.releases import Release
from booking.core.timespan import TICK_MINUTES, day_span, local_date, wall_clock

EXTENSIONS = 2
MOST_SERVICES = 5
"""For so many services one visit can be wished: whoever needs more is served better in two."""

VISITS_IN_GROUP = 2
"""What belongs together is always two visits: two counters one after the other, or the two steps of a service."""

LONGEST_WAIT = timedelta(minutes=15)
"""So long one waits at most between two adjoining visits: the grid of starts leaves no less where it is coarse."""

SAME_ANSWER = timedelta(hours=1)
"""For so long a confirmation that is sent again gets the answer of the first; then its form opens nothing."""

SETTLED_FOR_CORRECTION = timedelta(days=7)

CANCELLED_FOR_UNDOING = timedelta(minutes=15)
"""For so long people can take back that they cancelled, while the time is still free."""


class ServiceMode(StrEnum):
    """How a service is obtained. Only the first two can be booked."""

    APPOINTMENT = "appointment"
    BOTH = "both"
    WALK_IN = "walk_in"
    ONLINE = "online"
    ELSEWHERE = "elsewhere"

    @property
    def is_bookable(self) -> bool:
        return self in {ServiceMode.APPOINTMENT, ServiceMode.BOTH}

    @property
    def at_the_counter(self) -> Mode | None:
        """How one may come for it, what can be done online included; ``None`` when it is not done here."""
        return AT_THE_COUNTER.get(self)

    @property
    def takes_walk_ins(self) -> bool:
        return self.at_the_counter is not None and self.at_the_counter.takes_walk_ins


AT_THE_COUNTER = {
    ServiceMode.APPOINTMENT: Mode.APPOINTMENT,
    ServiceMode.BOTH: Mode.BOTH,
    ServiceMode.WALK_IN: Mode.WALK_IN,
    ServiceMode.ONLINE: Mode.WALK_IN,
}


class AppointmentState(StrEnum):
    HELD = "held"
    BOOKED = "booked"
    CANCELLED = "cancelled"
    FULFILLED = "fulfilled"
    MISSED = "missed"


MOVES: dict[AppointmentState, frozenset[AppointmentState]] = {
    AppointmentState.HELD: frozenset({AppointmentState.BOOKED}),
    AppointmentState.BOOKED: frozenset(
        {AppointmentState.CANCELLED, AppointmentState.FULFILLED, AppointmentState.MISSED}
    ),
    # Within ``CANCELLED_FOR_UNDOING``, and only what the person did.
    AppointmentState.CANCELLED: frozenset({AppointmentState.BOOKED}),
    # A mark can be a slip of the finger: it is corrected by going back to booked and marking again.
    AppointmentState.FULFILLED: frozenset({AppointmentState.BOOKED, AppointmentState.MISSED}),
    AppointmentState.MISSED: frozenset({AppointmentState.BOOKED, AppointmentState.FULFILLED}),
}


def sources_of(target: AppointmentState) -> tuple[AppointmentState, ...]:
    """The states from which the table leads to ``target``: what a conditional update asks of its row."""
    return tuple(state for state in AppointmentState if target in MOVES[state])


OCCUPYING = (AppointmentState.BOOKED, AppointmentState.FULFILLED, AppointmentState.MISSED)
"""States that keep their claims for good; a hold keeps them until it lapses."""


class OwnTime(NamedTuple):
    """The time of an appointment that is to be moved: at one counter of an office, from a tick up to another.

    Whoever moves it may use these ticks again. Its hold claims the others only: these are claimed already.
    ``service_ids`` is what the appointment is for, ``day`` the local day it is on.
    """

    counter_id: int
    first: int
    after: int
    office_id: int
    service_ids: frozenset[int] = frozenset()
    day: date | None = None

    @property
    def taken(self) -> tuple[int, int, int]:
        """The time as it stands among what is taken."""
        return self.counter_id, self.first, self.after

    def stays(self, office_id: int, first: int, service_ids: Collection[int]) -> bool:
        """Whether a wish leaves the appointment where and when it is, for nothing that it is not for already."""
        return (office_id, first) == (self.office_id, self.first) and self.service_ids.issuperset(service_ids)

    def counts_for(self, service_id: int, quota: Quota, day: date) -> bool:
        """Whether the appointment has its place in the quota of a service already for a visit on a day."""
        in_period = self.day is not None and quota.period_of(self.day) == quota.period_of(day)
        return in_period and service_id in self.service_ids

    def has(self, counter_id: int, tick: int) -> bool:
        return counter_id == self.counter_id and self.first <= tick < self.after


class HoldKind(StrEnum):
    """Whose a held time is: ``RESTING`` ones are nobody's, for a while after they were given back."""

    PUBLIC = "public"
    OFFER = "offer"
    REBOOKING = "rebooking"
    RESTING = "resting"


class Channel(StrEnum):
    """Where an appointment was made."""

    ONLINE = "online"
    PHONE = "phone"
    DESK = "desk"


class Step(StrEnum):
    """What a visit is of a service that takes two: one is informed first, and comes back with the file."""

    INFORMATION = "information"
    FILE = "file"


@dataclass(frozen=True)
class BookingWindow:
    """How late and how far ahead one may book; before and after which moments one may not come at all.

    Of the services whose times come out at a moment, ``releases`` say when: a time is out once it is by all of them.
    """

    notice: timedelta
    horizon: timedelta
    not_before: datetime | None = None
    not_after: datetime | None = None
    releases: tuple[Release, ...] = ()

    def earliest(self, now: datetime) -> datetime:
        soonest = now + self.notice
        return max(soonest, self.not_before) if self.not_before else soonest

    def latest(self, now: datetime) -> datetime:
        latest = now + self.horizon
        return min(latest, self.not_after) if self.not_after else latest

    def release(self, now: datetime, zone: ZoneInfo) -> Release | None:
        """Which release keeps times back for the longest, ``None`` where all are out as far ahead as one may book."""
        holding = min(self.releases, key=lambda one: one.closed_from(now, zone), default=None)
        is_felt = holding and holding.closed_from(now, zone) <= local_date(self.latest(now), zone)
        return holding if is_felt else None

    def closed_from(self, now: datetime, zone: ZoneInfo) -> date | None:
        """The first local day whose times are not out yet, ``None`` where times do not come out at a moment."""
        return min((one.closed_from(now, zone) for one in self.releases), default=None)

    def last_day(self, now: datetime, zone: ZoneInfo) -> date:
        """The last local day on which one may book now."""
        latest, closed_from = local_date(self.latest(now), zone), self.closed_from(now, zone)
        return min(latest, closed_from - timedelta(days=1)) if closed_from else latest

    def check_released(self, start: datetime, now: datetime, zone: ZoneInfo) -> None:
        """Raises ``NotYetReleased``."""
        day, closed_from = local_date(start, zone), self.closed_from(now, zone)
        if closed_from and day >= closed_from:
            comes_out = wall_clock(max(one.comes_out(day, zone) for one in self.releases), zone)
            raise NotYetReleased(day=comes_out.date(), at=comes_out.time())

    def check_start(self, start: datetime, now: datetime) -> None:
        """Raises ``TooSoon`` in the notice or before the first moment, ``TooFarAhead`` past the horizon or the last."""
        if start < self.earliest(now):
            raise TooSoon
        if start > self.latest(now):
            raise TooFarAhead


@dataclass(frozen=True)
class Terms:
    """What a service allows: minutes for persons, and how late, how far and for how many one may book.

    ``minutes_beside`` is what the first person takes when the visit is for another service too; ``None``: as alone.
    ``release`` is when its times come out.
    """

    minutes_first: int
    minutes_extra: int
    max_persons: int
    notice: timedelta
    horizon: timedelta
    minutes_beside: int | None = None
    release: Release | None = None

    def minutes(self, persons: int) -> int:
        """The length of a visit, rounded up to whole ticks of five minutes. Raises ``TooManyPersons``."""
        return visit_minutes([Part(self, persons)])

    @property
    def window(self) -> BookingWindow:
        return BookingWindow(self.notice, self.horizon, releases=(self.release,) if self.release else ())


@dataclass(frozen=True)
class Part:
    """One service of a visit as its length counts it: ``added`` are minutes that the answers of the person cost."""

    terms: Terms
    persons: int
    added: int = 0

    @property
    def further(self) -> int:
        """The minutes of all but the first person, with what was added. Raises ``TooManyPersons``."""
        if not 1 <= self.persons <= self.terms.max_persons:
            raise TooManyPersons(limit=self.terms.max_persons)
        return self.terms.minutes_extra * (self.persons - 1) + self.added

    @property
    def beside(self) -> int:
        """The minutes of the first person when another service opens the visit."""
        known = self.terms.minutes_beside
        return self.terms.minutes_first if known is None else min(known, self.terms.minutes_first)


def minutes_of_parts(parts: Sequence[Part], *, lengthened: int = 0) -> tuple[int, ...]:
    """What each service adds to a visit for all of them, in their order; together whole ticks of five minutes.

    One service, that which would save most by standing second, opens the visit with its full minutes; every other
    takes those it needs beside another. The order in which they were named changes nothing. ``lengthened`` minutes,
    and what is missing to a whole tick, count for the one that opens. Raises ``TooManyPersons``.
    """
    opens = max(range(len(parts)), key=lambda place: parts[place].terms.minutes_first - parts[place].beside)
    minutes = [part.beside + part.further for part in parts]
    minutes[opens] += parts[opens].terms.minutes_first - parts[opens].beside + lengthened
    minutes[opens] += rounded_to_ticks(sum(minutes)) - sum(minutes)
    return tuple(minutes)


def visit_minutes(parts: Sequence[Part], *, lengthened: int = 0) -> int:
    """The length of a visit for several services, in whole ticks of five minutes. Raises ``TooManyPersons``."""
    return sum(minutes_of_parts(parts, lengthened=lengthened))


def file_from(information_ends: datetime, *, days: int, zone: ZoneInfo) -> datetime:
    """From when on the file may be brought: ``days`` local days after the day of the information, and after that."""
    day = information_ends.astimezone(zone).date() + timedelta(days=days)
    return max(information_ends, day_span(day, zone).start)


def has_begun(start: datetime, now: datetime) -> bool:
    """From its first moment on, a visit is no longer changed or written about by the person it belongs to."""
    return start <= now


def rounded_to_ticks(minutes: int) -> int:
    return -(-minutes // TICK_MINUTES) * TICK_MINUTES
