"""What an agent sees from their counter: who is in front of them, who waits, and what the coming hour brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, func, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.keys import KeyedStep, keys_of
from booking.core.marks import Standing
from booking.core.references import digest
from booking.core.tickets import AT_COUNTER, MOVES, UNDO_WITHIN, Step, TicketState
from booking.core.timespan import TICK, Span, floor_to_tick, local_date
from booking.core.translated import Translated
from booking.models import Appointment, Block, Caution, Counter, Office, Person, Service
from booking.usecases import queue
from booking.usecases.agenda import staffed_on
from booking.usecases.calling import Able
from booking.usecases.cautions import received_in_two
from booking.usecases.counter_days import Stretch, counter_days, stretch_of
from booking.usecases.desks import able_at
from booking.usecases.out_today import out_today
from booking.usecases.paces import can_take
from booking.usecases.papers import LineList, lists_of
from booking.usecases.paused import Paused, paused_now
from booking.usecases.places import Place, places_of
from booking.usecases.queue import InQueue, in_order, in_queue, queue_of
from booking.usecases.schedules import schedule_of
from booking.usecases.statements import table_of
from booking.usecases.visits import Visit, visits_of_day
from booking.usecases.visits_found import visit

REOPENED_WITHIN = MOVES[Step.REOPEN].within or UNDO_WITHIN
COMING_WITHIN = timedelta(hours=1)
STILL_EXPECTED = timedelta(minutes=30)
"""So long after their time somebody who has not come stands among those expected."""

MOST_FREE = 6
LEAST_FREE = timedelta(minutes=10)
"""A shorter time is none that anybody could be served in."""


@dataclass(frozen=True)
class InFront:
    """The visitor at a counter: their ticket, and the visit and the lists of their appointment when they have one.

    ``former`` is the ticket on which papers were missing, of whoever comes back with them: the lists are those of then.
    """

    ticket: InQueue
    visit: Visit | None
    lists: tuple[LineList, ...]
    former: InQueue | None = None


@dataclass(frozen=True)
class Waiting:
    """Those who have a ticket and stand at no counter.

    ``here`` are in the order in which this counter calls them, ``others`` wait for other counters, ``paused`` for a
    system that is down. ``aside`` were set aside here, ``aside_elsewhere`` at other counters; ``gone`` did not come or
    left and can be taken up again.
    """

    here: tuple[InQueue, ...]
    others: tuple[InQueue, ...]
    paused: tuple[InQueue, ...]
    aside: tuple[InQueue, ...]
    aside_elsewhere: tuple[InQueue, ...]
    gone: tuple[InQueue, ...]


@dataclass(frozen=True)
class ComingHour:
    """Who is expected within the hour, and the next times at which nobody is."""

    expected: tuple[Visit, ...]
    free: tuple[Stretch, ...]


@dataclass(frozen=True)
class AtDesk:
    """A page of an agent. ``own`` is where they sit in this office, ``able`` what can be done there now.

    ``last`` is the ticket whose last step, taken at this counter, can be taken back. ``services`` are those of the
    commune, in their order; ``paused`` those that cannot be given in this office now. ``in_two`` are the appointments
    in the queue whose person two colleagues receive, ``out`` the counters that are out today.
    """

    office: Office
    day: date
    places: tuple[Place, ...]
    own: Place | None
    able: Able | None
    in_front: InFront | None
    waiting: Waiting
    last: InQueue | None
    coming: ComingHour
    services: Mapping[int, Translated]
    paused: tuple[Paused, ...]
    in_two: frozenset[int]
    keys: Mapping[KeyedStep, str]
    out: frozenset[int]

    @property
    def asking(self) -> tuple[Place, ...]:
        """The counters where a colleague is asked to come."""
        return tuple(place for place in self.places if place.seated and place.seated.help_asked_at)

    @property
    def other_places(self) -> tuple[Place, ...]:
        return tuple(place for place in self.places if self.own is None or place.id != self.own.id)


def at_desk(session: Session, *, office: Office, person_id: int, now: datetime) -> AtDesk:
    """Everything an agent's page shows; the number of statements does not depend on how many wait."""
    day = local_date(now, office.zone)
    tickets = queue_of(session, office=office, day=day, ended_since=now - REOPENED_WITHIN)
    places = places_of(session, office=office, tickets=tickets)
    own = next((place for place in places if place.seated and place.seated.person_id == person_id), None)
    able = able_at(session, office=office, counter_id=own.id, now=now) if own else None
    appointments = [one.appointment_id for one in tickets if one.appointment_id is not None]
    paused = paused_now(session, office=office, now=now)
    chosen = session.execute(KEYS, {"person_id": person_id}).scalar_one()
    return AtDesk(
        office=office,
        day=day,
        places=places,
        own=own,
        able=able,
        in_front=in_front(session, own.ticket, office=office, now=now) if own and own.ticket else None,
        waiting=waiting(tickets, able, paused, office=office, now=now),
        last=last_taken(tickets, own.id, now=now) if own else None,
        coming=coming_hour(session, office=office, day=day, now=now),
        services=services_of(session, office=office),
        paused=paused,
        in_two=received_in_two(session, commune_id=office.commune_id, appointment_ids=appointments, now=now),
        keys=keys_of(chosen),
        out=out_today(session, office=office, now=now),
    )


COUNTERS, PEOPLE, SERVICES = table_of(Counter), table_of(Person), table_of(Service)
APPOINTMENTS, BLOCKS, CAUTIONS = table_of(Appointment), table_of(Block), table_of(Caution)
# Made once: many agents ask for them all day long.
GIVEN = (
    select(SERVICES.c.id, SERVICES.c.name)
    .where(
        SERVICES.c.commune_id == bindparam("commune_id"),
        SERVICES.c.deactivated_at.is_(None),
        SERVICES.c.published_at.is_not(None),
    )
    .order_by(SERVICES.c.position, SERVICES.c.id)
)
KEYS = select(PEOPLE.c["keys"]).where(PEOPLE.c.id == bindparam("person_id"))


def blocked(what: ColumnElement[int]) -> ScalarSelect[int]:
    """Of the breaks and absences of an office, how many there are or which came last."""
    joined = select(what).select_from(BLOCKS).join(COUNTERS, COUNTERS.c.id == BLOCKS.c.counter_id)
    return joined.where(COUNTERS.c.office_id == bindparam("office_id")).scalar_subquery()


def cautioned(what: ColumnElement[Any]) -> ScalarSelect[Any]:
    """Of those whom two colleagues receive, how many there are or until when."""
    return select(what).where(CAUTIONS.c.commune_id == bindparam("commune_id")).scalar_subquery()


BOOKED_SO_FAR = select(
    func.count(),
    func.max(APPOINTMENTS.c.id),
    func.sum(APPOINTMENTS.c.version),
    func.count().filter(APPOINTMENTS.c.state == AppointmentState.BOOKED),
    blocked(func.count(BLOCKS.c.id)),
    blocked(func.max(BLOCKS.c.id)),
    cautioned(func.count(CAUTIONS.c.id)),
    cautioned(func.max(CAUTIONS.c.id)),
    cautioned(func.max(CAUTIONS.c.expires_at)),
).where(
    APPOINTMENTS.c.commune_id == bindparam("commune_id"),
    APPOINTMENTS.c.office_id == bindparam("office_id"),
    APPOINTMENTS.c.local_date == bindparam("day"),
)


def in_front(session: Session, ticket: InQueue, *, office: Office, now: datetime) -> InFront:
    if ticket.appointment_id is None:
        former = former_of(session, ticket, office=office)
        then = former.appointment_id if former else None
        lists = lists_of(session, appointment=session.get_one(Appointment, then)) if then else ()
        return InFront(ticket, None, lists, former)
    row = session.get_one(Appointment, ticket.appointment_id)
    found = visit(session, commune_id=row.commune_id, office_ids=[office.id], appointment_id=row.id, now=now)
    return InFront(ticket, found, lists_of(session, appointment=row))


def former_of(session: Session, ticket: InQueue, *, office: Office) -> InQueue | None:
    """The ticket with which somebody came first who has come back since, be it more than once."""
    former = ticket
    while former.returns_id is not None:
        former = in_queue(session, commune_id=office.commune_id, office_ids=[office.id], ticket_id=former.returns_id)
    return None if former is ticket else former


def waiting(
    tickets: Sequence[InQueue], able: Able | None, paused: Sequence[Paused], *, office: Office, now: datetime
) -> Waiting:
    spoken, forward = (able.spoken, able.language_minutes) if able else ((), 0)
    ordered = in_order(tickets, now=now, spoken=spoken, language_minutes=forward)
    here = tuple(one for one in ordered if able is None or can_take(able, one))
    down = {one.service_id for one in paused}
    stopped = tuple(one for one in ordered if one not in here and not down.isdisjoint(one.services))
    aside = [one for one in tickets if one.state == TicketState.ASIDE]
    own = tuple(one for one in aside if able is not None and one.for_counter_id == able.counter_id)
    return Waiting(
        here=here,
        others=tuple(one for one in ordered if one not in here and one not in stopped),
        paused=stopped,
        aside=own,
        aside_elsewhere=tuple(one for one in aside if one not in own),
        gone=tuple(
            one
            for one in tickets
            if one.position.refusal_of(Step.REOPEN, calls_needed=office.calls_needed, now=now) is None
        ),
    )


def last_taken(tickets: Sequence[InQueue], counter_id: int, *, now: datetime) -> InQueue | None:
    """The ticket that left, or came to, a counter by the last step taken there, while that can be taken back."""
    here = [one for one in tickets if one.counter_id == counter_id and one.position.refusal_of_undo(now) is None]
    return max(here, key=lambda one: (one.last_step_at, one.state in AT_COUNTER), default=None)


def coming_hour(session: Session, *, office: Office, day: date, now: datetime) -> ComingHour:
    visits = visits_of_day(session, office=office, day=day, now=now)
    days = counter_days(schedule_of(session, office), day, visits, staffed_on(session, office, day))
    begins = floor_to_tick(now + TICK)
    free = (
        stretch_of(one.kind, one.counter, Span(max(one.start, begins), one.end), office.zone)
        for counter in days
        for one in counter.free
        if one.end - max(one.start, begins) >= LEAST_FREE
    )
    return ComingHour(
        expected=tuple(
            one
            for one in visits
            if one.standing == Standing.EXPECTED and now - STILL_EXPECTED <= one.start < now + COMING_WITHIN
        ),
        free=tuple(sorted(free, key=lambda one: (one.start, one.end))[:MOST_FREE]),
    )


def services_of(session: Session, *, office: Office) -> dict[int, Translated]:
    """What the commune gives, in its order."""
    return {row.id: row.name for row in session.execute(GIVEN, {"commune_id": office.commune_id})}


def freshness(session: Session, *, office: Office, person_id: int, now: datetime) -> str:
    """A short name for everything the page shows to somebody: equal as long as the page would be."""
    day = local_date(now, office.zone)
    of_day = {"commune_id": office.commune_id, "office_id": office.id, "day": day}
    facts = [
        queue.freshness(session, office=office, day=day, now=now),
        person_id,
        # Waits, and the times that are free, are told in minutes.
        now.replace(second=0, microsecond=0),
        *session.execute(BOOKED_SO_FAR, of_day).one(),
    ]
    return digest(*(str(fact) for fact in facts))
