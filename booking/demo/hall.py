"""The hall of a demonstration office at this moment: who serves, who is at a counter, who waits without an appointment.

Every few minutes somebody takes a ticket; one counter after the other takes whoever is next. Run again, it goes on from
where the last run stopped.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.errors import NotServedHere, NoWalkIns, PausedNow
from booking.core.roles import Role
from booking.core.tickets import AT_COUNTER, TO_COME, Origin, Step, TicketState
from booking.core.timespan import floor_to_tick, local_date
from booking.demo.content.people import person
from booking.demo.days import Place
from booking.demo.doors import BEFORE_OPENING, Door, Hall, counters_of, demand, doors_of
from booking.models import Appointment, Desk, Membership, Office, Ticket, TicketLine
from booking.usecases.desks import open_desk
from booking.usecases.journal import Actor
from booking.usecases.schedules import schedule_of
from booking.usecases.statements import table_of
from booking.usecases.ticket_steps import StepWish, take_step
from booking.usecases.tickets import Visitor
from booking.usecases.walk_ins import Wanted, take_ticket

EVERY = timedelta(minutes=10)
"""So often somebody comes to each counter that is for people without an appointment: a little more than it serves."""

SHORTEST, LONGEST = 6, 13
LACKS_PAPERS, SAYS_A_NAME = 0.08, 0.2
WALKING = timedelta(minutes=1)
ORIGINS = (Origin.KIOSK, Origin.KIOSK, Origin.RECEPTION)


@dataclass(frozen=True)
class Walker:
    """Somebody without an appointment who is still here."""

    id: int
    state: TicketState
    issued_at: datetime
    called_at: datetime | None
    begun_at: datetime | None
    counter_id: int | None
    service_id: int

    @property
    def lasting(self) -> timedelta:
        return timedelta(minutes=Random(f"{self.issued_at}").randint(SHORTEST, LONGEST))


def have_a_hall(session: Session, *, place: Place, now: datetime) -> None:
    """Bring the hall of an office to this moment; what earlier days left over is ended."""
    office = session.get_one(Office, place.office_id)
    first, *others = agents_of(session, place)
    hall = Hall(office, schedule_of(session, office), local_date(now, office.zone), first, now)
    end_earlier_days(session, hall)
    if place.main:
        seat(session, hall, others)
    doors = list(doors_of(session, hall))
    hand_out_until_now(session, hall, doors)
    serve_until_now(session, hall, doors)
    call_appointments(session, hall)


def agents_of(session: Session, place: Place) -> list[int]:
    own = (Membership.commune_id == place.commune_id, Membership.role == Role.AGENT)
    return list(session.scalars(select(Membership.person_id).where(*own).order_by(Membership.id)))


# Who serves


def seat(session: Session, hall: Hall, agents: Sequence[int]) -> None:
    """Some agents have sat down where a session runs; the first account is left free to choose a counter.

    Whoever sits somewhere already stays there.
    """
    desks = select(Desk.counter_id, Desk.person_id).where(
        Desk.commune_id == hall.office.commune_id, Desk.closed_at.is_(None)
    )
    sitting = {person_id: counter_id for counter_id, person_id in session.execute(desks)}
    running = [
        rule
        for rule in hall.schedule.rules
        if rule.counters and (span := rule.span_on(hall.day, hall.schedule.zone)) and span.start <= hall.now < span.end
    ]
    # Whoever comes without an appointment has most to gain from an open counter.
    order = sorted(running, key=lambda rule: (not rule.mode.takes_walk_ins, min(rule.counters)))
    counters = dict.fromkeys(counter for rule in order for counter in sorted(rule.counters))
    empty = [counter for counter in counters if counter not in sitting.values()]
    for agent, counter in zip((one for one in agents if one not in sitting), empty, strict=False):
        where = {"commune_id": hall.office.commune_id, "counter_id": counter}
        open_desk(session, **where, office_ids=[hall.office.id], actor=Actor(Role.AGENT, agent), now=hall.now)


def call_appointments(session: Session, hall: Hall) -> None:
    """Whoever has arrived for a time that has begun stands at the counter of their visit."""
    wanted = (
        select(Ticket.id, Appointment.counter_id, Appointment.start, Appointment.end, Ticket.issued_at)
        .join(Appointment, Appointment.id == Ticket.appointment_id)
        .where(*hall.today, Ticket.state == TicketState.WAITING)
        .where(Appointment.start <= floor_to_tick(hall.now), Appointment.end > floor_to_tick(hall.now))
        .order_by(Appointment.start, Ticket.id)
    )
    busy = busy_counters(session, hall)
    for ticket_id, counter_id, start, end, issued_at in session.execute(wanted).all():
        called = max(start, issued_at)
        if counter_id not in busy and called <= hall.now and end - called >= timedelta(minutes=SHORTEST):
            busy.add(counter_id)
            call(session, hall, ticket_id, counter_id, at=called)


def busy_counters(session: Session, hall: Hall) -> set[int | None]:
    at = select(Ticket.counter_id).where(Ticket.office_id == hall.office.id, Ticket.state.in_(AT_COUNTER))
    return set(session.scalars(at))


# Who comes without an appointment


def hand_out_until_now(session: Session, hall: Hall, doors: Sequence[Door]) -> None:
    """Tickets from where the last of the day stopped; each is promised the wait there was when it was taken."""
    latest = select(func.max(Ticket.issued_at)).where(*hall.today, Ticket.appointment_id.is_(None))
    last = session.scalar(latest)
    moment = min((door.span.start for door in doors), default=hall.now)
    while moment < hall.now:
        open_ = [door for door in doors if door.span.start <= moment < door.span.end]
        if open_ and (last is None or moment > last):
            serve_until_now(session, replace(hall, now=moment), doors)
            take_one(session, hall.office, open_, moment)
        moment += EVERY / (sum(demand(open_).values()) or 1)


def take_one(session: Session, office: Office, doors: Sequence[Door], moment: datetime) -> None:
    rng = Random(f"{office.code} {moment}")
    wanted = demand(doors)
    (counter,) = rng.choices(list(wanted), weights=list(wanted.values()))
    door, who = rng.choice([door for door in doors if counter in door.counters]), person(rng)
    name = who.name.split()[0] if rng.random() < SAYS_A_NAME else None
    with suppress(NoWalkIns, NotServedHere, PausedNow):
        take_ticket(
            session,
            office=office,
            wanted=[Wanted(door.service_id)],
            visitor=Visitor(who.language, who.help_language, name),
            origin=rng.choice(ORIGINS),
            now=moment,
        )


def serve_until_now(session: Session, hall: Hall, doors: Sequence[Door]) -> None:
    """Each counter takes whoever is next; one that somebody stands at for longer takes nobody."""
    walkers = walkers_of(session, hall)
    free = free_from(session, hall, doors)
    for one in (one for one in walkers if one.state in AT_COUNTER and one.called_at):
        begun = one.begun_at or one.called_at + WALKING
        if one.state == TicketState.CALLED and begun <= hall.now:
            step(session, hall, one.id, Step.BEGIN, one.counter_id, at=begun)
        if begun + one.lasting <= hall.now:
            end(session, hall, one.id, one.counter_id, at=begun + one.lasting)
            free[one.counter_id] = begun + one.lasting
    busy = busy_counters(session, hall)
    for one in (one for one in walkers if one.state == TicketState.WAITING):
        able = counters_of(door for door in doors if door.service_id == one.service_id) - busy
        counter = min(able, key=lambda counter: (free[counter], counter), default=None)
        called = max(free[counter], one.issued_at) + WALKING if counter is not None else hall.now
        if counter is None or called >= hall.now:
            continue
        call(session, hall, one.id, counter, at=called)
        ends = called + WALKING + one.lasting
        if ends <= hall.now:
            end(session, hall, one.id, counter, at=ends)
            free[counter] = ends
        else:
            busy.add(counter)


def walkers_of(session: Session, hall: Hall) -> list[Walker]:
    """Those of the day who are still here, in their order."""
    wanted = (
        select(
            Ticket.id,
            Ticket.state,
            Ticket.issued_at,
            Ticket.called_at,
            Ticket.begun_at,
            Ticket.counter_id,
            TicketLine.service_id,
        )
        .join(TicketLine, (TicketLine.ticket_id == Ticket.id) & (TicketLine.position == 1))
        .where(*hall.today, Ticket.state.in_(TO_COME), Ticket.appointment_id.is_(None))
        .order_by(Ticket.turn, Ticket.id)
    )
    return [Walker(*row) for row in session.execute(wanted)]


def free_from(session: Session, hall: Hall, doors: Sequence[Door]) -> dict[int | None, datetime]:
    """From when on each counter takes people without an appointment: its opening, or the end of its last visit."""
    free: dict[int | None, datetime] = {}
    for door in doors:
        for counter in door.counters:
            opens = door.span.start + BEFORE_OPENING
            free[counter] = min(free.get(counter, opens), opens)
    last = select(Ticket.counter_id, func.max(Ticket.ended_at)).where(*hall.today, Ticket.ended_at.is_not(None))
    for counter, ended in session.execute(last.group_by(Ticket.counter_id)):
        if counter in free:
            free[counter] = max(free[counter], ended)
    return free


# Steps


def call(session: Session, hall: Hall, ticket_id: int, counter_id: int, *, at: datetime) -> None:
    """Somebody is called, and after a minute begins."""
    step(session, hall, ticket_id, Step.CALL, counter_id, at=at)
    if at + WALKING <= hall.now:
        step(session, hall, ticket_id, Step.BEGIN, counter_id, at=at + WALKING)


def end(session: Session, hall: Hall, ticket_id: int, counter_id: int | None, *, at: datetime) -> None:
    """Most visits are done; now and then papers are missing."""
    lacks = Random(f"papers {at}").random() < LACKS_PAPERS
    step(session, hall, ticket_id, Step.INCOMPLETE if lacks else Step.DONE, counter_id, at=at)


def step(session: Session, hall: Hall, ticket_id: int, what: Step, counter_id: int | None, *, at: datetime) -> None:
    version = session.scalar(select(table_of(Ticket).c.version).where(table_of(Ticket).c.id == ticket_id)) or 0
    take_step(
        session,
        commune_id=hall.office.commune_id,
        office_ids=[hall.office.id],
        ticket_id=ticket_id,
        wish=StepWish(what, version, counter_id),
        actor=Actor(Role.AGENT, hall.agent),
        now=at,
    )


def end_earlier_days(session: Session, hall: Hall) -> None:
    """Whoever still waited when an earlier day ended has left; whoever stood at a counter was served."""
    left = select(Ticket.id, Ticket.state, Ticket.counter_id, Ticket.last_step_at).where(
        Ticket.office_id == hall.office.id,
        Ticket.local_date < hall.day,
        Ticket.state.in_(TO_COME),
        Ticket.appointment_id.is_(None),
    )
    ways = {TicketState.CALLED: (Step.BEGIN, Step.DONE), TicketState.SERVING: (Step.DONE,)}
    for ticket_id, state, counter_id, at in session.execute(left).all():
        for what in ways.get(state, (Step.LEAVE,)):
            step(session, hall, ticket_id, what, counter_id, at=at + WALKING)
