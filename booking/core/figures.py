"""What is counted of a day: visits, people without an appointment, waits. Numbers that name nobody.

A visit for several services counts once, for the first of them; so do a ticket and a time that was given back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import accumulate
from math import ceil
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from booking.core.appointments import OCCUPYING, AppointmentState, Channel
from booking.core.tickets import TicketState

Counts = Mapping[str, int]
"""How many of each kind; of two kinds at once, with a space between their words."""

Histogram = Mapping[int, int]
"""How many took each number of minutes: the middle of months is told from it as exactly as from their visits."""

LONGEST_MEASURED = 240
"""Whoever is said to have been at a counter for longer was forgotten there: nobody has measured that visit."""

LONGEST_WAIT = 600
FEWEST = 5
"""Fewer than these are not told to everybody: one of them may be known."""

UNKNOWN_LANGUAGE = "both"


class Way(StrEnum):
    """How somebody came to be there: by an appointment made in one of three ways, without one, or back with papers."""

    ONLINE = "online"
    PHONE = "phone"
    DESK = "desk"
    WALK_IN = "walk_in"
    BACK = "back"


BOOKED_WAYS = tuple(Way(channel.value) for channel in Channel)


class Lead(StrEnum):
    """How many days lay between agreeing on a time and the time itself."""

    SAME_DAY = "same_day"
    TO_3 = "to_3"
    TO_7 = "to_7"
    TO_14 = "to_14"
    TO_30 = "to_30"
    LONGER = "longer"


UP_TO = {Lead.SAME_DAY: 0, Lead.TO_3: 3, Lead.TO_7: 7, Lead.TO_14: 14, Lead.TO_30: 30}


class Told(StrEnum):
    """Whether somebody was reminded of the visit."""

    REMINDED = "reminded"
    NOT_REMINDED = "not_reminded"


@dataclass(frozen=True)
class Sums:
    """What became of the visits of one service on one day, or of many together.

    ``ways`` are all who were expected or came, by ``Way`` and language; ``came`` and ``missed`` the appointments that
    were said to have taken place or not, by ``Lead`` and ``Told``. ``refilled`` are cancelled times that somebody else
    had in the end. ``gone`` came without an appointment and were not served. ``handled`` are tickets that were served,
    ``incomplete`` those of them whose papers were not. Waits run from the time promised, or the arrival, to the call.
    Of the visits that were measured ``planned_minutes`` were expected and ``used_minutes`` taken. Of the times that
    were ``freed`` for the list, ``offered`` were proposed to somebody and ``taken`` by one, who gained ``gained_days``.
    """

    ways: Counts = field(default_factory=dict)
    came: Counts = field(default_factory=dict)
    missed: Counts = field(default_factory=dict)
    waits: Histogram = field(default_factory=dict)
    walk_in_waits: Histogram = field(default_factory=dict)
    serving: Histogram = field(default_factory=dict)
    cancelled: int = 0
    cancelled_by_commune: int = 0
    refilled: int = 0
    served_walk_ins: int = 0
    gone: int = 0
    handled: int = 0
    incomplete: int = 0
    planned_minutes: int = 0
    used_minutes: int = 0
    freed: int = 0
    offered: int = 0
    taken: int = 0
    gained_days: int = 0

    def expected(self, *ways: Way) -> int:
        return sum(number for key, number in self.ways.items() if key.split()[0] in ways)

    @property
    def booked(self) -> int:
        return self.expected(*BOOKED_WAYS)

    @property
    def walk_ins(self) -> int:
        return self.expected(Way.WALK_IN)

    @property
    def served(self) -> int:
        return sum(self.came.values()) + self.served_walk_ins

    @property
    def marked(self) -> int:
        """The appointments of which it is known whether they took place."""
        return sum(self.came.values()) + sum(self.missed.values())

    @property
    def is_empty(self) -> bool:
        return self == Sums()


COUNTED = ("ways", "came", "missed")
MEASURED = ("waits", "walk_in_waits", "serving")
PLAIN = tuple(one.name for one in fields(Sums) if one.name not in {*COUNTED, *MEASURED})


def together(several: Iterable[Sums]) -> Sums:
    """The sums of several days, services or offices."""
    counted: dict[str, dict[Any, int]] = {name: {} for name in (*COUNTED, *MEASURED)}
    plain = dict.fromkeys(PLAIN, 0)
    for one in several:
        facts = vars(one)
        for name, found in counted.items():
            for key, number in facts[name].items():
                found[key] = found.get(key, 0) + number
        for name in PLAIN:
            plain[name] += facts[name]
    in_order: dict[str, Any] = {name: dict(sorted(found.items())) for name, found in counted.items()}
    return Sums(**(in_order | plain))


class VisitFacts(NamedTuple):
    """What is counted of an appointment. ``agreed_on`` is the local day on which its time was agreed.

    ``ticks`` are those of its time, each with its counter.
    """

    service_id: int
    state: AppointmentState
    channel: Channel
    language: str | None
    day: date
    agreed_on: date
    was_reminded: bool
    by_commune: bool
    ticks: frozenset[tuple[int, int]]


class TicketFacts(NamedTuple):
    """What is counted of a ticket: ``way`` is ``None`` for one of an appointment, which counts by itself.

    ``waited`` and ``served`` are minutes, ``None`` where nobody measured them.
    """

    service_id: int
    state: TicketState
    way: Way | None
    language: str | None
    waited: int | None
    served: int | None
    planned: int

    @property
    def is_served(self) -> bool:
        return self.state in {TicketState.DONE, TicketState.INCOMPLETE}

    @property
    def is_measured(self) -> bool:
        """Whether it is known how long somebody was at a counter."""
        return self.is_served and self.served is not None and self.served <= LONGEST_MEASURED


class FreedFacts(NamedTuple):
    """A time given back to the list: how often it was offered, and by how many days sooner whoever took it comes."""

    service_id: int
    offers: int
    is_taken: bool
    gained_days: int


def lead_of(agreed_on: date, day: date) -> Lead:
    days = (day - agreed_on).days
    return next((lead for lead, most in UP_TO.items() if days <= most), Lead.LONGER)


def sums_by_service(
    visits: Iterable[VisitFacts], tickets: Iterable[TicketFacts], freed: Iterable[FreedFacts] = ()
) -> dict[int, Sums]:
    """The sums of a day, for each service that there was anything of."""
    visits = list(visits)
    had = frozenset[tuple[int, int]]().union(*(one.ticks for one in visits if one.state in OCCUPYING))
    each: dict[int, list[Sums]] = {}
    for visit in visits:
        each.setdefault(visit.service_id, []).append(of_visit(visit, had))
    for ticket in tickets:
        each.setdefault(ticket.service_id, []).append(of_ticket(ticket))
    for time in freed:
        each.setdefault(time.service_id, []).append(of_freed(time))
    found = {service: together(sums) for service, sums in each.items()}
    return {service: sums for service, sums in found.items() if not sums.is_empty}


def of_visit(visit: VisitFacts, had: frozenset[tuple[int, int]]) -> Sums:
    """One appointment. ``had`` are the ticks that somebody has in the end: none of them is of two visits."""
    if visit.state == AppointmentState.CANCELLED:
        by_commune = int(visit.by_commune)
        return Sums(cancelled=1, cancelled_by_commune=by_commune, refilled=int(bool(visit.ticks & had)))
    if visit.state not in OCCUPYING:
        return Sums()
    ways = {f"{Way(visit.channel.value)} {visit.language or UNKNOWN_LANGUAGE}": 1}
    told = Told.REMINDED if visit.was_reminded else Told.NOT_REMINDED
    how = {f"{lead_of(visit.agreed_on, visit.day)} {told}": 1}
    if visit.state == AppointmentState.FULFILLED:
        return Sums(ways=ways, came=how)
    return Sums(ways=ways, missed=how if visit.state == AppointmentState.MISSED else {})


def of_ticket(ticket: TicketFacts) -> Sums:
    is_served, is_measured = ticket.is_served, ticket.is_measured
    is_walk_in = ticket.way == Way.WALK_IN
    waited = {} if ticket.waited is None or ticket.waited > LONGEST_WAIT else {ticket.waited: 1}
    minutes = ticket.served or 0
    return Sums(
        ways={f"{ticket.way} {ticket.language or UNKNOWN_LANGUAGE}": 1} if ticket.way else {},
        waits=waited if ticket.way is None else {},
        walk_in_waits=waited if is_walk_in else {},
        serving={minutes: 1} if is_measured else {},
        served_walk_ins=int(is_walk_in and is_served),
        gone=int(is_walk_in and ticket.state in {TicketState.LEFT, TicketState.ABSENT}),
        handled=int(is_served),
        incomplete=int(ticket.state == TicketState.INCOMPLETE),
        planned_minutes=ticket.planned if is_measured else 0,
        used_minutes=minutes if is_measured else 0,
    )


def of_freed(time: FreedFacts) -> Sums:
    return Sums(
        freed=1,
        offered=int(time.offers > 0),
        taken=int(time.is_taken),
        gained_days=time.gained_days if time.is_taken else 0,
    )


def at_share(minutes: Histogram, percent: int) -> int | None:
    """The minutes that so many of a hundred needed at most; ``None`` when nobody was measured."""
    order = sorted(minutes)
    wanted = ceil(sum(minutes.values()) * percent / 100)
    reached = accumulate(minutes[one] for one in order)
    return next((minute for minute, so_far in zip(order, reached, strict=True) if so_far >= wanted), None)


def share(part: int, whole: int) -> int | None:
    """A part in whole hundredths, ``None`` of nothing."""
    return round(part * 100 / whole) if whole else None


def by_hour(spans: Iterable[tuple[datetime, datetime]], zone: ZoneInfo) -> dict[int, int]:
    """The minutes of all these spans in each hour of the wall clock in ``zone``, every part rounded to the nearest."""
    found: Counter[int] = Counter()
    for start, end in spans:
        while start < end:
            wall = start.astimezone(zone)
            rest = timedelta(hours=1) - timedelta(
                minutes=wall.minute, seconds=wall.second, microseconds=wall.microsecond
            )
            stop = min(end, start + rest)
            found[wall.hour] += round((stop - start).total_seconds())
            start = stop
    return {hour: round(seconds / 60) for hour, seconds in sorted(found.items())}
