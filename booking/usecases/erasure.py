"""Taking out of an appointment what names or reaches a person; what is left serves the figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, delete, exists, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import OutOfDate, VisitBegun
from booking.core.references import new_key
from booking.core.roles import Role
from booking.core.timespan import floor_to_tick
from booking.core.waiting import USUAL_TERMS, OfferTerms
from booking.models import Appointment, AppointmentLine, DaySheet, Message, Seat
from booking.usecases.cancellations import end_booked, offer_time_of
from booking.usecases.claims import share_office
from booking.usecases.groups import other_of, take_together
from booking.usecases.journal import Actor, note_each
from booking.usecases.limits import QUOTA
from booking.usecases.statements import QUIETLY

CONTACT = ("email", "phone", "contact_key", "helper_name", "helper_email", "helper_phone", "needs")
NAMES = ("name", "name_search")
ANSWERS = ("answers", "ticked")


def erase_contacts(session: Session, ids: Sequence[int], *, is_recent: bool = False) -> None:
    """How to reach somebody, the helper, what was needed; what limits and letters kept of it; the keys to the visit.

    One that ``is_recent`` still counts in the quota of its day or week, which says nothing of a person.
    """
    nothing = dict.fromkeys(CONTACT)
    session.execute(update(Appointment), [{"id": one, **new_keys(), **nothing} for one in ids])
    counted = [Seat.kind != QUOTA] if is_recent else []
    session.execute(delete(Seat).where(Seat.appointment_id.in_(ids), *counted), execution_options=QUIETLY)
    faults = update(Message).where(Message.appointment_id.in_(ids), Message.fault.is_not(None))
    session.execute(faults.values(fault=None), execution_options=QUIETLY)
    blank_sheets(session, ids)


def blank_sheets(session: Session, ids: Sequence[int]) -> None:
    """Empty the day sheets that these visits stand on; of a day to come the worker makes a new one."""
    of_their_day = exists().where(
        Appointment.id.in_(ids), Appointment.office_id == DaySheet.office_id, Appointment.local_date == DaySheet.day
    )
    emptied = update(DaySheet).where(of_their_day).values(html=None, pdf=None, digest="")
    session.execute(emptied, execution_options=QUIETLY)


def new_keys() -> dict[str, str]:
    return {"nonce": new_key(), "hold_key": new_key()}


def erase_names(session: Session, ids: Sequence[int]) -> None:
    """That of the person, and of those who come along. The rows stay; nothing in them names anybody."""
    named = update(Appointment).where(Appointment.id.in_(ids))
    session.execute(named.values(dict.fromkeys(NAMES)), execution_options=QUIETLY)
    others = update(AppointmentLine).where(AppointmentLine.appointment_id.in_(ids), AppointmentLine.names.is_not(None))
    session.execute(others.values(names=None), execution_options=QUIETLY)


def erase_answers(session: Session, ids: Sequence[int]) -> None:
    """What was answered to questions, and what was ticked; the version of the list stays, which tells of nobody."""
    lines = update(AppointmentLine).where(AppointmentLine.appointment_id.in_(ids))
    session.execute(lines.values(dict.fromkeys(ANSWERS)), execution_options=QUIETLY)


def erase(
    session: Session,
    *,
    commune_id: int,
    appointment_id: int,
    version: int,
    actor: Actor,
    now: datetime,
    terms: OfferTerms = USUAL_TERMS,
) -> None:
    """Erase a person's data now, because they ask: a visit still to come is cancelled first, whatever its notice.

    Its time is offered to the list for an earlier appointment, under ``terms``. The visit that belongs to it and has
    the same contact goes with it. Nobody is written to: the address is gone with the rest. Raises ``OutOfDate``, or
    ``VisitBegun`` while a visit takes place and somebody at the counter needs the name.
    """
    share_office(session, commune_id=commune_id, appointment_id=appointment_id)
    take_together(session, commune_id=commune_id, appointment_id=appointment_id)
    appointment = session.get(Appointment, appointment_id)
    let_it_go = partial(let_go, session, commune_id=commune_id, actor=actor, terms=terms, now=now)
    if appointment is None or not let_it_go(appointment_id, Appointment.version == version):
        raise OutOfDate
    other = other_of(session, appointment=appointment)
    if other is not None:
        let_it_go(other.id)
    ids = [appointment_id, *([other.id] if other else [])]
    erase_contacts(session, ids, is_recent=True)
    erase_names(session, ids)
    erase_answers(session, ids)
    fields = (*CONTACT, *NAMES, *ANSWERS)
    note_each(session, actor, ids, commune_id=commune_id, act="erased", subject="appointment", fields=fields, now=now)


def let_go(
    session: Session,
    appointment_id: int,
    *as_seen: ColumnElement[bool],
    commune_id: int,
    actor: Actor,
    now: datetime,
    terms: OfferTerms,
) -> bool:
    """Take a visit before it is erased, and cancel it when it is still to come; ``False`` when it is not as seen.

    Raises ``VisitBegun`` while it takes place.
    """
    this = (Appointment.commune_id == commune_id, Appointment.id == appointment_id, *as_seen)
    # The update takes the row: nobody moves or marks the visit until this unit ends.
    taken = session.execute(
        update(Appointment)
        .where(*this, Appointment.state != AppointmentState.HELD)
        .values(version=Appointment.version + 1)
        .returning(Appointment.state, Appointment.start, Appointment.end),
        execution_options=QUIETLY,
    ).one_or_none()
    if taken is None:
        return False
    if taken.state == AppointmentState.BOOKED and taken.start <= floor_to_tick(now) < taken.end:
        raise VisitBegun
    if taken.state == AppointmentState.BOOKED and now < taken.start:
        one = Appointment.id == appointment_id
        end_booked(session, one, commune_id=commune_id, reason=None, actor=actor, now=now)
        own = {"commune_id": commune_id, "appointment_id": appointment_id}
        offer_time_of(session, **own, terms=terms, by_person=actor.role == Role.RESIDENT, now=now)
    return True
