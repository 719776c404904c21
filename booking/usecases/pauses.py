"""A system is down: the services that need it pause at an office, and the visits it disturbs may move before others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, Channel
from booking.core.errors import NoService
from booking.core.timespan import day_span, floor_to_tick, local_date
from booking.models import Appointment, AppointmentLine, Counter, CounterService, Message, Office, Pause, Service
from booking.models.messages import MessageKind, MessageState
from booking.usecases.holds import are_for, end_holds
from booking.usecases.journal import Actor, note, note_each
from booking.usecases.messages import announce_each
from booking.usecases.paused import paused_now
from booking.usecases.schedules import take_whole
from booking.usecases.statements import QUIETLY, insert_unless_taken, table_of

PAUSES = table_of(Pause)


@dataclass(frozen=True)
class Down:
    """What was done: how many services pause now that did not before, and the visits whose people are told."""

    services: int
    told: tuple[int, ...]


def services_at(session: Session, *, office: Office) -> Sequence[Service]:
    """What a counter of the office serves: what can pause there."""
    served = (
        select(CounterService.service_id)
        .join(Counter, (Counter.commune_id == CounterService.commune_id) & (Counter.id == CounterService.counter_id))
        .where(Counter.commune_id == office.commune_id, Counter.office_id == office.id, Counter.retired_at.is_(None))
    )
    mine = select(Service).where(Service.commune_id == office.commune_id, Service.id.in_(served))
    return session.scalars(mine.order_by(Service.position, Service.id)).all()


def last_choice(session: Session, *, office: Office) -> frozenset[int]:
    """What paused together last time: it is proposed again, so that one press is enough."""
    here = (Pause.commune_id == office.commune_id, Pause.office_id == office.id)
    last = select(func.max(Pause.since)).where(*here).scalar_subquery()
    return frozenset(session.scalars(select(Pause.service_id).where(*here, Pause.since == last)))


def are_awaited(office: Office, within: timedelta | None, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Visits of today that are to come, whose people are not there and were not told yet that something is down."""
    today = local_date(now, office.zone)
    soon = [Appointment.start <= floor_to_tick(now + within)] if within is not None else []
    return (
        Appointment.commune_id == office.commune_id,
        Appointment.office_id == office.id,
        Appointment.local_date == today,
        Appointment.state == AppointmentState.BOOKED,
        Appointment.start > floor_to_tick(now),
        Appointment.arrived_at.is_(None),
        # Another time may have been proposed on a day before: of what is down today nothing was said then.
        or_(Appointment.disturbed_at.is_(None), Appointment.disturbed_at < day_span(today, office.zone).start),
        *soon,
    )


def disturbed_by(
    session: Session, *, office: Office, service_ids: Collection[int], within: timedelta | None, now: datetime
) -> dict[int, int]:
    """How many people would be told for each of these services, if it paused now."""
    lines = (AppointmentLine.commune_id == Appointment.commune_id) & (AppointmentLine.appointment_id == Appointment.id)
    wanted = (
        select(AppointmentLine.service_id, func.count(Appointment.id.distinct()))
        .join(AppointmentLine, lines)
        .where(*are_awaited(office, within, now), AppointmentLine.service_id.in_(service_ids))
        .group_by(AppointmentLine.service_id)
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def pause(
    session: Session,
    *,
    commune_id: int,
    office_id: int,
    service_ids: Collection[int],
    within: timedelta | None,
    actor: Actor,
    now: datetime,
) -> Down:
    """Pause services at an office until somebody ends it, and tell the people of the visits that begin ``within``.

    They may choose another time whatever the notice, and it is none of their moves. Whom no mail reaches stands on the
    call list. ``None``: all of today. Nothing of today is offered online for these services any more: what was held of
    it ends, and so do the times kept for the list. What pauses already goes on; nobody is told twice of one day.
    Raises ``NoService`` for none of the office's.
    """
    office = session.get_one(Office, office_id)
    wanted = {one.id for one in services_at(session, office=office)} & set(service_ids)
    if not wanted:
        raise NoService
    # Whoever is holding a time of today finishes first; whoever comes after sees the pause.
    take_whole(session, commune_id=commune_id, office_ids=[office_id])
    own = {"commune_id": commune_id, "office_id": office_id, "since": now}
    rows = [own | {"service_id": service_id} for service_id in sorted(wanted)]
    begun = session.scalars(insert_unless_taken(session, Pause, "service_id"), rows).all()
    note_each(session, actor, begun, commune_id=commune_id, act="paused", subject="service", now=now)
    here = (Appointment.commune_id == commune_id, Appointment.office_id == office_id)
    today = Appointment.local_date == local_date(now, office.zone)
    end_holds(session, *here, today, Appointment.channel == Channel.ONLINE, are_for(wanted))
    disturbed = update(Appointment).where(*are_awaited(office, within, now), are_for(wanted))
    told = session.execute(
        disturbed.values(disturbed_at=now).returning(Appointment.id, Appointment.version), execution_options=QUIETLY
    ).all()
    versions = {row.id: row.version for row in sorted(told)}
    announce_each(session, MessageKind.PAUSED, commune_id=commune_id, versions=versions, now=now)
    fields = ("disturbed_at",)
    note_each(
        session, actor, versions, commune_id=commune_id, act="disturbed", subject="appointment", fields=fields, now=now
    )
    return Down(len(begun), tuple(versions))


def end_pauses(
    session: Session,
    *,
    commune_id: int,
    office_id: int,
    service_ids: Collection[int] | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """It works again: end the pauses of an office, or of some services there, and say how many.

    Once nothing pauses any more, what has not been said yet is not said; whoever was told may still move.
    """
    here = [PAUSES.c.commune_id == commune_id, PAUSES.c.office_id == office_id, PAUSES.c.until.is_(None)]
    if service_ids is not None:
        here.append(PAUSES.c.service_id.in_(service_ids))
    # One that has lasted no moment has not been.
    undone = delete(PAUSES).where(*here, PAUSES.c.since >= now).returning(PAUSES.c.service_id)
    ended = update(PAUSES).where(*here).values(until=now).returning(PAUSES.c.service_id)
    done = [number for one in (undone, ended) for number in session.scalars(one)]
    note_each(session, actor, done, commune_id=commune_id, act="resumed", subject="service", now=now)
    office = session.get_one(Office, office_id)
    if done and not paused_now(session, office=office, now=now):
        drop_what_was_to_be_said(session, office=office, now=now)
        note(session, actor, commune_id=commune_id, act="system_up", subject="office", subject_id=office_id, now=now)
    return len(done)


def drop_what_was_to_be_said(session: Session, *, office: Office, now: datetime) -> None:
    here = select(Appointment.id).where(Appointment.commune_id == office.commune_id, Appointment.office_id == office.id)
    waiting = update(Message).where(
        Message.kind == MessageKind.PAUSED,
        Message.state.in_((MessageState.QUEUED, MessageState.TO_RING, MessageState.REFUSED)),
        Message.appointment_id.in_(here),
    )
    session.execute(waiting.values(state=MessageState.DROPPED, settled_at=now), execution_options=QUIETLY)
