"""Who sits at which counter, and what can be done there now: counter, person and skills are three things."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import case, insert, select, update
from sqlalchemy.orm import Session

from booking.core.errors import AlreadySeated, CounterClosed, Unknown
from booking.core.schedules import Schedule
from booking.core.timespan import local_date
from booking.models import Counter, CounterService, Desk, Membership, MembershipService, Office, Person
from booking.usecases.calling import Able
from booking.usecases.journal import Actor, note
from booking.usecases.paused import paused_in
from booking.usecases.rows import refusing
from booking.usecases.schedules import schedule_of
from booking.usecases.statements import QUIETLY, table_of

DESKS = table_of(Desk)


class Seated(NamedTuple):
    """An open counter, and who sits there since when."""

    counter_id: int
    label: str
    person_id: int
    person: str
    speaks: tuple[str, ...]
    opened_at: datetime
    help_asked_at: datetime | None


def open_desk(
    session: Session, *, commune_id: int, office_ids: Collection[int], counter_id: int, actor: Actor, now: datetime
) -> None:
    """Sit down at a counter. Whoever sat there gets up, and whoever sat elsewhere leaves that counter: its visitors
    stay with it. Raises ``Unknown`` for a counter elsewhere, ``AlreadySeated`` when two do it at once.
    """
    mine = select(Counter.id).where(
        Counter.commune_id == commune_id,
        Counter.office_id.in_(office_ids),
        Counter.id == counter_id,
        Counter.retired_at.is_(None),
    )
    if actor.person_id is None or session.scalars(mine).one_or_none() is None:
        raise Unknown
    here = (DESKS.c.counter_id == counter_id) | (DESKS.c.person_id == actor.person_id)
    sitting = select(DESKS.c.counter_id, DESKS.c.person_id).where(
        DESKS.c.commune_id == commune_id, DESKS.c.closed_at.is_(None), here
    )
    if session.execute(sitting).all() == [(counter_id, actor.person_id)]:
        return
    closed = update(DESKS).where(DESKS.c.commune_id == commune_id, DESKS.c.closed_at.is_(None), here)
    session.execute(closed.values(closed_at=later_of(now)), execution_options=QUIETLY)
    own = {"commune_id": commune_id, "counter_id": counter_id, "person_id": actor.person_id, "opened_at": now}
    with (
        refusing(session, AlreadySeated, on="ix_desk_open_counter"),
        refusing(session, AlreadySeated, on="ix_desk_open_person"),
    ):
        session.execute(insert(DESKS).values(**own))
    note(session, actor, commune_id=commune_id, act="opened", subject="counter", subject_id=counter_id, now=now)


def later_of(now: datetime) -> Any:
    """The end of a sitting: another process's clock may have begun it a moment later than this one's shows."""
    return case((DESKS.c.opened_at > now, DESKS.c.opened_at), else_=now)


def close_desk(session: Session, *, commune_id: int, counter_id: int, actor: Actor, now: datetime) -> None:
    """Get up, or close a counter somebody forgot to close. One that is closed stays so."""
    closed = update(DESKS).where(
        DESKS.c.commune_id == commune_id, DESKS.c.counter_id == counter_id, DESKS.c.closed_at.is_(None)
    )
    done = session.execute(closed.values(closed_at=later_of(now)).returning(DESKS.c.id), execution_options=QUIETLY)
    if done.first() is not None:
        note(session, actor, commune_id=commune_id, act="closed", subject="counter", subject_id=counter_id, now=now)


def get_up(session: Session, *, commune_id: int, person_id: int, actor: Actor, now: datetime) -> None:
    """Close the counter where somebody sits who no longer works here."""
    theirs = update(DESKS).where(
        DESKS.c.commune_id == commune_id, DESKS.c.person_id == person_id, DESKS.c.closed_at.is_(None)
    )
    closed = theirs.values(closed_at=later_of(now)).returning(DESKS.c.counter_id)
    for counter_id in session.scalars(closed, execution_options=QUIETLY).all():
        note(session, actor, commune_id=commune_id, act="closed", subject="counter", subject_id=counter_id, now=now)


def ask_help(session: Session, *, commune_id: int, counter_id: int, wanted: bool, actor: Actor, now: datetime) -> None:
    """Discreetly ask colleagues to come to a counter, or say that somebody came. Raises ``CounterClosed``."""
    desk = update(DESKS).where(
        DESKS.c.commune_id == commune_id, DESKS.c.counter_id == counter_id, DESKS.c.closed_at.is_(None)
    )
    done = session.execute(
        desk.values(help_asked_at=now if wanted else None).returning(DESKS.c.id), execution_options=QUIETLY
    )
    if done.first() is None:
        raise CounterClosed
    act = "asked_help" if wanted else "helped"
    note(session, actor, commune_id=commune_id, act=act, subject="counter", subject_id=counter_id, now=now)


def seated_in(session: Session, *, office: Office) -> tuple[Seated, ...]:
    """The open counters of an office, in their order."""
    wanted = (
        select(
            Desk.counter_id,
            Counter.label,
            Desk.person_id,
            Person.name,
            Person.speaks,
            Desk.opened_at,
            Desk.help_asked_at,
        )
        .join(Counter, (Counter.commune_id == Desk.commune_id) & (Counter.id == Desk.counter_id))
        .join(Person, Person.id == Desk.person_id)
        .where(Desk.commune_id == office.commune_id, Counter.office_id == office.id, Desk.closed_at.is_(None))
        .order_by(Counter.position, Counter.id)
    )
    return tuple(Seated(*row) for row in session.execute(wanted))


def counter_of(session: Session, *, commune_id: int, person_id: int) -> int | None:
    """Where somebody sits now."""
    wanted = select(Desk.counter_id).where(
        Desk.commune_id == commune_id, Desk.person_id == person_id, Desk.closed_at.is_(None)
    )
    return session.scalars(wanted).one_or_none()


def able_at(session: Session, *, office: Office, counter_id: int, now: datetime) -> Able:
    """What can be done at a counter now: what it serves, its agent has learned, the running sessions are for, and no
    system that is down is needed for. Raises ``CounterClosed`` while nobody sits there.
    """
    wanted = (
        select(Desk.person_id, Person.speaks, Counter.max_persons)
        .join(Person, Person.id == Desk.person_id)
        .join(Counter, (Counter.commune_id == Desk.commune_id) & (Counter.id == Desk.counter_id))
        .where(Desk.commune_id == office.commune_id, Desk.counter_id == counter_id, Desk.closed_at.is_(None))
        .where(Counter.office_id == office.id)
    )
    desk = session.execute(wanted).one_or_none()
    if desk is None:
        raise CounterClosed
    served = select(CounterService.service_id).where(
        CounterService.commune_id == office.commune_id, CounterService.counter_id == counter_id
    )
    services = frozenset(session.scalars(served))
    learned = (
        select(MembershipService.service_id)
        .join(Membership, Membership.id == MembershipService.membership_id)
        .where(Membership.commune_id == office.commune_id, Membership.person_id == desk.person_id)
    )
    skills = frozenset(session.scalars(learned))
    if skills:
        services &= skills
    day = local_date(now, office.zone)
    services = in_session(schedule_of(session, office), counter_id, services, day=day, now=now)
    return Able(
        office_id=office.id,
        counter_id=counter_id,
        day=day,
        services=services - paused_in(session, office=office, now=now),
        max_persons=desk.max_persons,
        spoken=desk.speaks,
        language_minutes=office.language_minutes,
    )


def in_session(
    schedule: Schedule, counter_id: int, services: frozenset[int], *, day: date, now: datetime
) -> frozenset[int]:
    """What of ``services`` the sessions that run now at a counter are for; outside sessions, all of it: whoever still
    waits is served.
    """
    running = [
        rule
        for rule in schedule.rules
        if counter_id in rule.counters and (span := rule.span_on(day, schedule.zone)) and span.start <= now < span.end
    ]
    if not running or any(not rule.services for rule in running):
        return services
    return services & frozenset[int]().union(*(rule.services for rule in running))
