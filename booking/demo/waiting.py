"""Some people of the demonstration would like to come earlier, and wait in the list."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.roles import Role
from booking.core.waiting import WaitingState, Wishes
from booking.demo.content.people import DEMO_EMAIL
from booking.demo.days import Place
from booking.models import Appointment, WaitingEntry
from booking.usecases.journal import Actor
from booking.usecases.waiting import WishedTime, can_be_earlier, join_with_appointment

WHO_WAIT, AMONG = 2, 20
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
            Appointment.start > now + 2 * WISHED_DAYS,
        )
        .order_by(Appointment.start.desc(), Appointment.counter_id)
        .limit(AMONG)
    )
    can_wait = (visit for visit in session.scalars(last).all() if can_be_earlier(session, visit))
    for visit in islice(can_wait, WHO_WAIT):
        own = {"commune_id": place.commune_id, "appointment_id": visit.id, "version": visit.version}
        wishes = Wishes(visit.local_date - WISHED_DAYS, visit.local_date)
        join_with_appointment(session, **own, time=WishedTime(wishes), actor=Actor(Role.RESIDENT), now=now)
