"""Some people of the demonstration were asked whether they are coming; every second of them has said so."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.roles import Role
from booking.core.timespan import ceil_to_tick
from booking.demo.content.people import DEMO_EMAIL
from booking.demo.days import Place
from booking.demo.unsent import keep_unsent
from booking.models import Appointment, AppointmentLine, Message, Service
from booking.models.messages import REMINDERS, MessageState
from booking.usecases.coming import say_coming
from booking.usecases.journal import Actor
from booking.usecases.reminders import schedule_reminders

SOON = timedelta(days=7)
"""Their first reminder leaves so long before."""


def have_somebody_asked(session: Session, *, place: Place, now: datetime) -> None:
    """Whoever comes within a week for a service that asks has had the reminder, unless something was said to them."""
    written_to = exists().where(Message.appointment_id == Appointment.id)
    asking = exists().where(
        AppointmentLine.appointment_id == Appointment.id,
        Service.id == AppointmentLine.service_id,
        Service.asks_coming,
    )
    wanted = (
        select(Appointment.id, Appointment.version, Appointment.booked_at)
        .where(
            Appointment.commune_id == place.commune_id,
            Appointment.office_id == place.office_id,
            Appointment.state == AppointmentState.BOOKED,
            Appointment.start > ceil_to_tick(now),
            Appointment.start <= ceil_to_tick(now) + SOON,
            Appointment.booked_at < now,
            Appointment.email.like(DEMO_EMAIL),
            asking,
            ~written_to,
        )
        .order_by(Appointment.start, Appointment.counter_id)
    )
    for number, visit in enumerate(session.execute(wanted).all()):
        own = {"commune_id": place.commune_id}
        schedule_reminders(session, **own, appointment_ids=[visit.id], now=visit.booked_at)
        keep_unsent(session, appointment_ids=[visit.id], now=now)
        theirs = (Message.appointment_id == visit.id, Message.kind.in_(REMINDERS))
        told = session.scalars(select(Message.id).where(*theirs, Message.state == MessageState.SENT)).first()
        if told is not None and number % 2:
            said = {"appointment_id": visit.id, "version": visit.version, "actor": Actor(Role.RESIDENT)}
            say_coming(session, **own, **said, now=now)  # type: ignore[arg-type]
