"""How the visits of a demonstration went: who came, who did not, and what nobody has said yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.marks import Mark
from booking.core.roles import Role
from booking.core.timespan import ceil_to_tick, local_date
from booking.demo.content.fullness import MISSED
from booking.demo.content.people import DEMO_EMAIL, DEMO_PHONE
from booking.demo.days import Place
from booking.models import Appointment, Membership, Office
from booking.usecases.journal import Actor
from booking.usecases.lateness import say_late
from booking.usecases.marks import mark

LEFT_UNMARKED = 2
LATE = 0.10
SOON = timedelta(minutes=15)
SOONEST = 3
MINUTES_LATE = 20


@dataclass(frozen=True)
class Visit:
    """A visit nobody has settled. ``seed`` decides how it went."""

    id: int
    version: int
    start: datetime
    end: datetime
    has_arrived: bool
    is_past_day: bool
    seed: str


def bring_up_to_date(session: Session, *, place: Place, now: datetime) -> int:
    """Mark the demonstration's own visits as they would be marked by now, and say how many marks that took.

    Of days gone by everything is settled, but for two visits of the last of them. What people booked by hand
    while trying it out is left to them.
    """
    agent = session.scalars(
        select(Membership.person_id)
        .where(Membership.commune_id == place.commune_id, Membership.role == Role.AGENT)
        .order_by(Membership.id)
    ).first()
    marks = 0
    for visit in unsettled(session, place=place, now=now):
        version = visit.version
        for given, at in story(visit, now):
            mark(
                session,
                commune_id=place.commune_id,
                office_ids=[place.office_id],
                appointment_id=visit.id,
                mark=given,
                version=version,
                actor=Actor(Role.AGENT, agent),
                now=at,
            )
            version += 1
            marks += 1
    if place.main:
        have_somebody_late(session, place=place, now=now)
    return marks


def have_somebody_late(session: Session, *, place: Place, now: datetime) -> None:
    """One of those who are expected next has told the office that they will be late."""
    day = local_date(now, session.get_one(Office, place.office_id).zone)
    here = (Appointment.commune_id == place.commune_id, Appointment.office_id == place.office_id)
    expected = select(Appointment.id, Appointment.late_minutes).where(
        *here,
        Appointment.local_date == day,
        Appointment.state == AppointmentState.BOOKED,
        Appointment.arrived_at.is_(None),
        Appointment.start > ceil_to_tick(now),
        Appointment.email.like(DEMO_EMAIL),
    )
    soonest = session.execute(expected.order_by(Appointment.start, Appointment.counter_id).limit(SOONEST)).all()
    if soonest and not any(row.late_minutes for row in soonest):
        said = {"commune_id": place.commune_id, "appointment_id": soonest[-1].id, "minutes": MINUTES_LATE}
        say_late(session, **said, actor=Actor(Role.RESIDENT), now=now)


def unsettled(session: Session, *, place: Place, now: datetime) -> Sequence[Visit]:
    """Those that can be marked by now, without the two that somebody forgot."""
    office = session.get_one(Office, place.office_id)
    today = now.astimezone(office.zone).date()
    rows = session.scalars(
        select(Appointment)
        .where(
            Appointment.commune_id == place.commune_id,
            Appointment.office_id == place.office_id,
            Appointment.state == AppointmentState.BOOKED,
            Appointment.start <= ceil_to_tick(now + SOON),
            or_(
                Appointment.email.like(DEMO_EMAIL),
                Appointment.phone.like(DEMO_PHONE),
                Appointment.helper_email.like(DEMO_EMAIL),
            ),
        )
        .order_by(Appointment.start, Appointment.counter_id)
    ).all()
    past = [row for row in rows if row.local_date < today]
    last_day = [row.id for row in past if row.local_date == past[-1].local_date]
    forgotten = set(last_day[-LEFT_UNMARKED:]) if place.main else set()
    return [
        Visit(
            row.id,
            row.version,
            row.start,
            row.end,
            has_arrived=row.arrived_at is not None,
            is_past_day=row.local_date < today,
            seed=f"{row.start} {row.name} {row.email}",
        )
        for row in rows
        if row.id not in forgotten
    ]


def story(visit: Visit, now: datetime) -> Iterator[tuple[Mark, datetime]]:
    """The marks of a visit up to now, each with its moment."""
    rng = Random(visit.seed)
    comes, is_late = rng.random() >= MISSED, rng.random() < LATE
    arrives = visit.start + timedelta(minutes=rng.randint(1, 14) if is_late else -rng.randint(1, 12))
    is_over = visit.is_past_day or visit.end <= now
    if not comes and not visit.has_arrived:
        if is_over:
            yield Mark.DID_NOT_COME, min(visit.end, now)
        return
    if not visit.has_arrived and (arrives <= now or is_over):
        yield Mark.ARRIVED, min(arrives, now)
    if is_over:
        yield Mark.DONE, min(visit.end, now)
