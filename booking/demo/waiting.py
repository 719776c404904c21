"""Some people of the demonstration would like to come earlier, and wait in the list; nobody is written to."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.roles import Role
from booking.core.timespan import ceil_to_tick, local_date
from booking.core.waiting import WaitingState, Wishes
from booking.demo.content.fullness import FIRST_FREE_AFTER_DAYS
from booking.demo.content.people import DEMO_EMAIL, person
from booking.demo.content.shapes import DemoPerson
from booking.demo.days import Place
from booking.demo.unsent import keep_unsent
from booking.models import Appointment, Office, Service, WaitingEntry
from booking.usecases.appointments import Wish
from booking.usecases.baskets import WishedLine
from booking.usecases.journal import Actor
from booking.usecases.waiting import (
    WishedTime,
    can_be_earlier,
    entry_with_nonce,
    join,
    join_with_appointment,
    prove,
)

WHO_WAIT, AMONG = 2, 20
WITHOUT_APPOINTMENT = 2
WISHED_DAYS = timedelta(days=2)
"""They wish for the days right before their own, weeks from now: what somebody tries out with a time of theirs, the
list does not take from them.
"""


def have_somebody_wait(session: Session, *, place: Place, now: datetime) -> None:
    """Those who come last to the main office of a commune wait for an earlier time, unless somebody waits already."""
    waiting = select(WaitingEntry.id).where(
        WaitingEntry.commune_id == place.commune_id, WaitingEntry.state == WaitingState.LIVE
    )
    if not place.main or session.scalars(waiting.limit(1)).first():
        return
    last = (
        select(Appointment)
        .where(
            Appointment.commune_id == place.commune_id,
            Appointment.office_id == place.office_id,
            Appointment.state == AppointmentState.BOOKED,
            Appointment.email.like(DEMO_EMAIL),
            Appointment.group_key.is_(None),
            Appointment.start > ceil_to_tick(now) + 2 * WISHED_DAYS,
        )
        .order_by(Appointment.start.desc(), Appointment.counter_id)
        .limit(AMONG)
    )
    can_wait = (visit for visit in session.scalars(last).all() if can_be_earlier(session, visit))
    for visit in islice(can_wait, WHO_WAIT):
        own = {"commune_id": place.commune_id, "appointment_id": visit.id, "version": visit.version}
        wishes = Wishes(visit.local_date - WISHED_DAYS, visit.local_date)
        join_with_appointment(session, **own, time=WishedTime(wishes), actor=Actor(Role.RESIDENT), now=now)


def have_somebody_wait_for_a_first_time(session: Session, *, place: Place, now: datetime) -> None:
    """Where the calendar is full for weeks, some wait without an appointment, unless somebody does already."""
    services = select(Service.id, Service.code).where(
        Service.commune_id == place.commune_id, Service.code.in_(FIRST_FREE_AFTER_DAYS)
    )
    waiting = select(WaitingEntry.id).where(
        WaitingEntry.commune_id == place.commune_id,
        WaitingEntry.state == WaitingState.LIVE,
        WaitingEntry.appointment_id.is_(None),
    )
    if not place.main or session.scalars(waiting.limit(1)).first():
        return
    today = local_date(now, session.get_one(Office, place.office_id).zone)
    for service in session.execute(services.order_by(Service.position)).all():
        free_on = today + timedelta(days=FIRST_FREE_AFTER_DAYS[service.code])
        for number in range(WITHOUT_APPOINTMENT):
            who = with_email(Random(f"{place.commune} {service.code} {today} {number}"), service.code)
            nonce = join(
                session,
                commune_id=place.commune_id,
                lines=[WishedLine(service.id)],
                time=WishedTime(Wishes(today + timedelta(days=1), free_on - timedelta(days=1))),
                otherwise_on=free_on,
                wish=Wish(who.name, who.email, who.phone, who.language, who.help_language),
                now=now,
            )
            prove(session, commune_id=place.commune_id, nonce=nonce, now=now)
            entry = entry_with_nonce(session, commune_id=place.commune_id, nonce=nonce)
            keep_unsent(session, entry_ids=[entry.id] if entry else [], now=now)


def with_email(rng: Random, service: str) -> DemoPerson:
    """Somebody whom an offer would reach."""
    return next(who for who in iter(lambda: person(rng, service), None) if who.email)
