"""How long the waits of an office will be: who serves now or will at the opening, how quickly, and who is ahead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.schedules import Schedule
from booking.core.tickets import AT_COUNTER, TicketState
from booking.core.timespan import local_date
from booking.core.waits import ENOUGH, Ahead, paces, wait_minutes
from booking.models import Counter, Membership, MembershipService, Office, Service, Ticket, TicketLine
from booking.usecases.calling import Able
from booking.usecases.counters_out import out_today
from booking.usecases.desks import in_session, seated_in
from booking.usecases.paused import paused_in
from booking.usecases.queue import InQueue, in_order
from booking.usecases.schedules import schedule_of
from booking.usecases.statements import table_of

TICKETS, LINES = table_of(Ticket), table_of(TicketLine)


def can_take(able: Able, ticket: InQueue) -> bool:
    """Whether a ticket can be taken at a counter, as the statement that calls says it (``calling.can_serve``)."""
    if ticket.for_counter_id is not None:
        return ticket.for_counter_id == able.counter_id
    has_room = able.max_persons is None or ticket.persons <= able.max_persons
    return has_room and ticket.services <= able.services


@dataclass(frozen=True)
class Pace:
    """What the waits of an office are worked out from.

    ``able`` says what each open counter can do, ``busy`` in how many minutes it is free. Before the counters open these
    are the ones planned for ``opens_at``, and minutes count from then. ``measured`` are the services whose minutes are
    those of today's visits; of the others they are what a visit is expected to take.
    """

    able: Mapping[int, Able]
    busy: Mapping[int, float]
    minutes: Mapping[int, float]
    measured: frozenset[int]
    paused: frozenset[int]
    opens_at: datetime | None

    def counters_for(self, services: Collection[int]) -> frozenset[int]:
        return frozenset(counter for counter, able in self.able.items() if able.services.issuperset(services))

    def counters_of(self, ticket: InQueue) -> frozenset[int]:
        return frozenset(counter for counter, able in self.able.items() if can_take(able, ticket))

    def ahead(self, ticket: InQueue) -> Ahead:
        took = sum(self.minutes.get(line.service_id, line.minutes) for line in ticket.lines)
        return Ahead(took, self.counters_of(ticket))

    def before(self, mine: InQueue, line: Sequence[InQueue], now: datetime) -> frozenset[int]:
        """The tickets of ``line`` that a counter which can take this one calls first.

        As long as no such counter is open, everybody who comes before in the line: nobody knows otherwise.
        """
        counters = self.counters_of(mine)
        if not counters:
            return ids_before(mine, line)
        found = frozenset[int]()
        for counter in counters:
            able = self.able[counter]
            taken = [one for one in line if can_take(able, one)]
            found |= ids_before(
                mine, in_order(taken, now=now, spoken=able.spoken, language_minutes=able.language_minutes)
            )
        return found

    def wait(self, before: Iterable[InQueue], services: Collection[int]) -> float | None:
        """Minutes until somebody who comes for ``services`` is called after ``before``; ``None``: nobody can tell."""
        if self.paused & frozenset(services):
            return None
        return wait_minutes(map(self.ahead, before), self.busy, self.counters_for(services))


def ids_before(mine: InQueue, line: Iterable[InQueue]) -> frozenset[int]:
    found = set()
    for one in line:
        if one.id == mine.id:
            break
        found.add(one.id)
    return frozenset(found)


def pace_of(session: Session, *, office: Office, tickets: Iterable[InQueue], now: datetime) -> Pace:
    """The pace of today: the counters, what can be done there, and how long each service has taken."""
    day, schedule = local_date(now, office.zone), schedule_of(session, office)
    paused = paused_in(session, office=office, now=now)
    able = open_counters(session, office=office, schedule=schedule, paused=paused, now=now)
    opens_at = opening_after(schedule, now)
    if opens_at and (not able or opens_at == schedule.hours_on(day)[0].span.start):
        planned = planned_counters(session, office=office, schedule=schedule, paused=paused, at=opens_at)
        out = out_today(session, office=office, now=now)
        able = {counter: one for counter, one in planned.items() if counter not in out} or able
    else:
        opens_at = None
    expected = dict(
        session.execute(select(Service.id, Service.minutes_first).where(Service.commune_id == office.commune_id)).all()
    )
    durations = durations_of(session, office=office, day=day)
    minutes = paces(durations, expected)
    busy = dict.fromkeys(able, 0.0)
    begins = opens_at or now
    for ticket in tickets:
        if ticket.state in AT_COUNTER and ticket.counter_id in busy:
            took = sum(minutes.get(line.service_id, line.minutes) for line in ticket.lines)
            since = ticket.begun_at or now
            left = max(took - (now - since).total_seconds() / 60, 1.0)
            busy[ticket.counter_id] = max(left - (begins - now).total_seconds() / 60, 0.0)
    measured = frozenset(service for service, found in durations.items() if len(found) >= ENOUGH)
    return Pace(able, busy, minutes, measured, paused, opens_at)


def open_counters(
    session: Session, *, office: Office, schedule: Schedule, paused: frozenset[int], now: datetime
) -> dict[int, Able]:
    """What can be done at each counter where somebody sits, as ``desks.able_at`` says it of one."""
    seated = seated_in(session, office=office)
    learned = skills_of(session, office=office, person_ids=[one.person_id for one in seated])
    able = counters_at(session, office=office, schedule=schedule, counters=[one.counter_id for one in seated], at=now)
    found = {}
    for one in seated:
        here = able[one.counter_id]
        skills = learned.get(one.person_id)
        services = here.services & skills if skills else here.services
        found[one.counter_id] = replace(here, services=services - paused, spoken=one.speaks)
    return found


def planned_counters(
    session: Session, *, office: Office, schedule: Schedule, paused: frozenset[int], at: datetime
) -> dict[int, Able]:
    """What can be done at each counter that is open at a moment by the hours of the office."""
    day = local_date(at, office.zone)
    planned = [
        counter
        for counter in schedule.serves
        for with_appointment in (True, False)
        for span in schedule.staffed_on(day, counter, with_appointment=with_appointment)
        if span.start <= at < span.end
    ]
    able = counters_at(session, office=office, schedule=schedule, counters=planned, at=at)
    return {counter: replace(here, services=here.services - paused) for counter, here in able.items()}


def counters_at(
    session: Session, *, office: Office, schedule: Schedule, counters: Collection[int], at: datetime
) -> dict[int, Able]:
    """What the sessions of a moment are for at counters, whoever sits there."""
    day = local_date(at, office.zone)
    rooms = select(Counter.id, Counter.max_persons).where(
        Counter.commune_id == office.commune_id, Counter.office_id == office.id, Counter.id.in_(set(counters))
    )
    return {
        counter: Able(
            office_id=office.id,
            counter_id=counter,
            day=day,
            services=in_session(schedule, counter, given_at(schedule, counter), day=day, now=at),
            max_persons=room,
            language_minutes=office.language_minutes,
        )
        for counter, room in session.execute(rooms)
    }


def given_at(schedule: Schedule, counter: int) -> frozenset[int]:
    return schedule.serves.get(counter) or schedule.lanes.get(counter) or frozenset()


def skills_of(session: Session, *, office: Office, person_ids: Collection[int]) -> dict[int, set[int]]:
    """What each of these people has learned, of those who were said to have learned anything."""
    wanted = (
        select(Membership.person_id, MembershipService.service_id)
        .join(Membership, Membership.id == MembershipService.membership_id)
        .where(Membership.commune_id == office.commune_id, Membership.person_id.in_(person_ids))
    )
    found: dict[int, set[int]] = defaultdict(set)
    for person_id, service_id in session.execute(wanted):
        found[person_id].add(service_id)
    return found


def opening_after(schedule: Schedule, now: datetime) -> datetime | None:
    """When the counters open next today; ``None`` while they are open, and after that."""
    hours = schedule.hours_on(local_date(now, schedule.zone))
    if any(one.span.start <= now < one.span.end for one in hours):
        return None
    return next((one.span.start for one in hours if one.span.start > now), None)


def durations_of(session: Session, *, office: Office, day: date) -> dict[int, list[float]]:
    """How many minutes each visit of the day for one service has taken."""
    only = select(LINES.c.ticket_id).group_by(LINES.c.ticket_id).having(func.count() == 1)
    ended = (
        select(LINES.c.service_id, TICKETS.c.begun_at, TICKETS.c.ended_at)
        .join(TICKETS, TICKETS.c.id == LINES.c.ticket_id)
        .where(
            TICKETS.c.office_id == office.id,
            TICKETS.c.local_date == day,
            TICKETS.c.state.in_((TicketState.DONE, TicketState.INCOMPLETE)),
            TICKETS.c.begun_at.is_not(None),
            LINES.c.ticket_id.in_(only.where(LINES.c.commune_id == office.commune_id)),
        )
    )
    found: dict[int, list[float]] = defaultdict(list)
    for service_id, begun_at, ended_at in session.execute(ended):
        found[service_id].append((ended_at - begun_at).total_seconds() / 60)
    return found
