"""A later time booked meanwhile: whoever waits for an earlier one waits on with that appointment, in the same place."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, exists, update
from sqlalchemy.orm import Session

from booking.core.waiting import OfferState, WaitingState
from booking.models import Appointment, Offer, WaitingEntry, WaitingLine
from booking.usecases.appointments import Booked, lines_of
from booking.usecases.needs import confirm_as_needed
from booking.usecases.statements import QUIETLY
from booking.usecases.waiting import GONE, can_be_earlier


def confirm_meanwhile(session: Session, *, waiting: str | None, commune_id: int, **wish: Any) -> Booked:
    """``confirm_as_needed``, for a browser that has proved the place in the list with the nonce ``waiting``, or none.

    An earlier time then moves the appointment, where a second one for the same would be refused.
    """
    booked = confirm_as_needed(session, commune_id=commune_id, **wish)
    appointment = session.get_one(Appointment, booked.id, populate_existing=True)
    if waiting and can_be_earlier(session, appointment):
        wait_on_with(session, appointment, nonce=waiting)
    return booked


def wait_on_with(session: Session, appointment: Appointment, *, nonce: str) -> None:
    """Let a place be that of an appointment for the same service and contact, unless a time is just being offered."""
    offered = exists().where(Offer.entry_id == WaitingEntry.id, Offer.state == OfferState.OPEN)
    (_, service), *_ = lines_of(session, commune_id=appointment.commune_id, appointment_id=appointment.id)
    entry_id = session.scalars(
        update(WaitingEntry)
        .where(
            WaitingEntry.commune_id == appointment.commune_id,
            WaitingEntry.nonce == nonce,
            WaitingEntry.state == WaitingState.LIVE,
            WaitingEntry.appointment_id.is_(None),
            WaitingEntry.service_id == service.id,
            WaitingEntry.contact_key == appointment.contact_key,
            ~offered,
        )
        .values(appointment_id=appointment.id, otherwise_on=appointment.local_date, **GONE)
        .returning(WaitingEntry.id),
        execution_options=QUIETLY,
    ).one_or_none()
    if entry_id is not None:
        # What is wished is from now on what the appointment is for.
        session.execute(delete(WaitingLine).where(WaitingLine.entry_id == entry_id), execution_options=QUIETLY)
