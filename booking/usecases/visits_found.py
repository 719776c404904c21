"""Visits that staff look for: one by its number, or those of a name or a reference."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import Unknown
from booking.core.references import typed_reference
from booking.core.text import folded
from booking.models import Appointment
from booking.usecases.cautions import with_cautions
from booking.usecases.visits import APPOINTMENTS, Visit, in_offices, visits_in

MOST_FOUND = 50


def visit(
    session: Session, *, commune_id: int, office_ids: Collection[int], appointment_id: int, now: datetime
) -> Visit:
    """One visit, cancelled or not. Raises ``Unknown``, for a mere hold too."""
    wanted = select(APPOINTMENTS.c.id).where(
        *in_offices(commune_id, office_ids),
        APPOINTMENTS.c.id == appointment_id,
        APPOINTMENTS.c.state != AppointmentState.HELD,
    )
    found = with_cautions(session, visits_in(session, wanted, now=now), commune_id=commune_id, now=now)
    if not found:
        raise Unknown
    return found[0]


def booked_visit(session: Session, *, commune_id: int, office_ids: Collection[int], appointment_id: int) -> Appointment:
    """The row of a visit that is to take place. Raises ``Unknown``."""
    wanted = select(Appointment).where(
        *in_offices(commune_id, office_ids),
        Appointment.id == appointment_id,
        Appointment.state == AppointmentState.BOOKED,
    )
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise Unknown
    return found


# As names are compared: "O’Brien" is kept as "o brien", and typed as "obrien" as often.
IN_ONE_WORD = func.replace(APPOINTMENTS.c.name_search, " ", "")


def find(
    session: Session, *, commune_id: int, office_ids: Collection[int], text: str, today: date, now: datetime
) -> tuple[Visit, ...]:
    """Visits of any day, cancelled ones too, 50 at most: by reference, or by every word of a name.

    Those of ``today`` and later come first, the nearest of them before all; then those gone by, the latest first.
    Accents, case, the order of the words, spaces and apostrophes inside a name do not count.
    """
    words, reference = folded(text).split(), typed_reference(text)
    if not words:
        return ()
    named = and_(*(IN_ONE_WORD.contains(word, autoescape=True) for word in words))
    wanted = select(APPOINTMENTS.c.id).where(
        *in_offices(commune_id, office_ids),
        APPOINTMENTS.c.state != AppointmentState.HELD,
        # A name of eight letters may look like a reference.
        named if reference is None else or_(APPOINTMENTS.c.reference == reference, named),
    )
    is_over = APPOINTMENTS.c.local_date < today
    order = (is_over, case((~is_over, APPOINTMENTS.c.start)), APPOINTMENTS.c.start.desc())
    nearest = wanted.order_by(*order, APPOINTMENTS.c.id).limit(MOST_FOUND)
    return with_cautions(session, visits_in(session, nearest, *order, now=now), commune_id=commune_id, now=now)
