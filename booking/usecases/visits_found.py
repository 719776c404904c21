"""Visits that staff look for: one by its number, or those of a name, a reference or a telephone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, func, select
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


def office_of_visit(session: Session, *, commune_id: int, office_ids: Collection[int], appointment_id: int) -> int:
    """Which office a visit is at, cancelled or not. Raises ``Unknown``, for a mere hold too."""
    wanted = select(APPOINTMENTS.c.office_id).where(
        *in_offices(commune_id, office_ids),
        APPOINTMENTS.c.id == appointment_id,
        APPOINTMENTS.c.state != AppointmentState.HELD,
    )
    found: int | None = session.scalar(wanted)
    if found is None:
        raise Unknown
    return found


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
IS_NAMED = APPOINTMENTS.c.name_search.is_not(None)


def find(
    session: Session,
    *,
    commune_id: int,
    office_ids: Collection[int],
    text: str,
    today: date,
    now: datetime,
    phone: str | None = None,
) -> tuple[Visit, ...]:
    """Visits of any day, cancelled ones too, 50 at most: by reference, by every word of a name, or by telephone.

    ``phone`` is what ``text`` is as a number in E.164: the person's, or that of whoever booked for them.
    Those of ``today`` and later come first, the nearest of them before all; then those gone by, the latest first.
    Accents, case, the order of the words, spaces and apostrophes inside a name do not count.
    """
    words, reference = folded(text).split(), typed_reference(text)
    # Not as bare columns: a reference or a number is looked up by its own index, whatever others there are.
    theirs = (APPOINTMENTS.c.commune_id + 0 == commune_id, (APPOINTMENTS.c.office_id + 0).in_(office_ids))
    known = [APPOINTMENTS.c.reference == reference] if reference else []
    known += [APPOINTMENTS.c.phone == phone, APPOINTMENTS.c.helper_phone == phone] if phone else []
    found = {
        number
        for one in known
        for number in session.scalars(select(APPOINTMENTS.c.id).where(*theirs, one).limit(MOST_FOUND))
    }
    if words and not found and not phone:
        # A name of eight letters may look like a reference.
        names = [IN_ONE_WORD.contains(one, autoescape=True) for one in words]
        found.update(named(session, *names, commune_id=commune_id, office_ids=office_ids, today=today))
    nearest = of_these(session, found, today=today, now=now)[:MOST_FOUND]
    return with_cautions(session, nearest, commune_id=commune_id, now=now)


def of_these(session: Session, ids: Collection[int], *, today: date, now: datetime) -> tuple[Visit, ...]:
    """These visits in the order in which one looks: today, the days to come, then those gone by, the latest first."""
    is_over = APPOINTMENTS.c.local_date < today
    order = (is_over, case((~is_over, APPOINTMENTS.c.start)), APPOINTMENTS.c.start.desc())
    made = select(APPOINTMENTS.c.id).where(APPOINTMENTS.c.id.in_(ids), APPOINTMENTS.c.state != AppointmentState.HELD)
    return visits_in(session, made, *order, now=now)


def named(
    session: Session,
    *names: ColumnElement[bool],
    commune_id: int,
    office_ids: Collection[int],
    today: date,
    since: date = date.min,
) -> list[int]:
    """The visits under such names from a day on, nearest first.

    One index answers it alone, day by day, until there are enough; an office that is named as a bare column would have
    another index taken, which does not know the names.
    """
    day, office = APPOINTMENTS.c.local_date, APPOINTMENTS.c.office_id + 0
    theirs = (APPOINTMENTS.c.commune_id == commune_id, IS_NAMED, office.in_(office_ids), *names)
    wanted = select(APPOINTMENTS.c.id).where(*theirs)
    found = list(session.scalars(wanted.where(day >= today).order_by(day).limit(MOST_FOUND)))
    gone_by = wanted.where(day < today, day >= since).order_by(day.desc())
    return found + list(session.scalars(gone_by.limit(MOST_FOUND - len(found)))) if len(found) < MOST_FOUND else found
