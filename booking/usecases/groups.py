"""Visits that belong together: held in one unit, all of them or none, and kept equally long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from booking.core.appointments import LONGEST_WAIT, AppointmentState, Step
from booking.core.availability import PUBLIC, Asked
from booking.core.errors import OutsideHours, SlotTaken, TooSoon
from booking.core.references import new_key
from booking.core.timespan import TICK, Span
from booking.models import Appointment, AppointmentLine, Seat
from booking.usecases.baskets import Basket, WishedLine, basket_and_host
from booking.usecases.claims import office_shared
from booking.usecases.holds import hold, lengthening
from booking.usecases.limits import CONTACT, HELPER, PERSON, free_seats
from booking.usecases.offers import ways_of
from booking.usecases.schedules import schedule_of
from booking.usecases.statements import QUIETLY


def hold_adjoining(
    session: Session,
    *,
    commune_id: int,
    office_id: int,
    lines: Sequence[WishedLine],
    start: datetime,
    now: datetime,
    client: str | None,
    key: str | None = None,
    instead_of: str | None = None,
    **terms: Any,
) -> str:
    """Keep two adjoining visits for what no counter of an office takes alone, the first at ``start`` (UTC).

    Gives the key of the first, which stands for both. The other arguments are those of ``hold``, and so are the
    refusals: ``SlotTaken`` when there is not a time for each. For a client the two count as one.
    """
    office = office_shared(session, commune_id=commune_id, office_id=office_id)
    basket, _ = basket_and_host(session, commune_id=commune_id, lines=lines)
    where = {"commune_id": commune_id, "office_id": office_id, "now": now, **terms}
    first: dict[str, Any] = {"client": client, "key": key, "instead_of": instead_of}
    refusal: SlotTaken | OutsideHours = OutsideHours()
    # What is needed is needed at both.
    longer = lengthening(session, commune_id=commune_id, needs=terms.get("needs", frozenset()))
    for earlier, later in ways_of(schedule_of(session, office), Basket(basket.lines, longer, apart=True)):
        try:
            # What could not be held with the other is as if it had never been.
            with session.begin_nested():
                leading = hold(session, lines=earlier.wished, start=start, **first, **where)
                end = start + timedelta(minutes=earlier.minutes)
                return tie(session, leading, hold_soon(session, lines=later.wished, start=end, client=None, **where))
        except (SlotTaken, OutsideHours) as no:
            refusal = no if isinstance(refusal, OutsideHours) else refusal
    raise refusal


def hold_steps(
    session: Session,
    *,
    commune_id: int,
    office_id: int,
    lines: Sequence[WishedLine],
    start: datetime,
    then: datetime,
    now: datetime,
    client: str | None,
    key: str | None = None,
    instead_of: str | None = None,
    first_asked: Asked = PUBLIC,
    **terms: Any,
) -> str:
    """Keep both visits of a service in steps: for the information at ``start``, for the file at ``then`` (both UTC).

    Gives the key of the first, which stands for both. ``first_asked`` is what is asked for the information, as
    ``asked`` is for the file. The other arguments and the refusals are those of ``hold``; ``TooSoon`` also when the
    file comes too soon after the information. For a client the two count as one.
    """
    office = office_shared(session, commune_id=commune_id, office_id=office_id)
    longer = lengthening(session, commune_id=commune_id, needs=terms.get("needs", frozenset()))
    basket, _ = basket_and_host(session, commune_id=commune_id, lines=lines, lengthened=longer)
    information, file = (basket.of_step(step) for step in (Step.INFORMATION, Step.FILE))
    if not basket.informed(start, office.zone).allows(Span(then, then + timedelta(minutes=file.minutes))):
        raise TooSoon
    where = {"commune_id": commune_id, "office_id": office_id, "now": now, **terms}
    first: dict[str, Any] = {"client": client, "key": key, "instead_of": instead_of, "asked": first_asked}
    leading = hold(session, lines=information.wished, start=start, **(where | first))
    return tie(session, leading, hold(session, lines=file.wished, start=then, client=None, **where))


def hold_soon(session: Session, *, start: datetime, **wish: Any) -> str:
    """Keep the first time from ``start`` on for which nobody waits too long. Raises ``SlotTaken``."""
    for number in range(LONGEST_WAIT // TICK + 1):
        try:
            with session.begin_nested():
                return hold(session, start=start + number * TICK, **wish)
        except (SlotTaken, OutsideHours):
            continue
    raise SlotTaken


def tie(session: Session, leading: str, other: str) -> str:
    """From now on two holds belong together, and last as long as the first. Gives the key of the first."""
    term = (Appointment.created_at, Appointment.held_until, Appointment.extensions)
    kept = session.execute(select(*term).where(Appointment.hold_key == leading)).one()
    both = update(Appointment).where(Appointment.hold_key.in_((leading, other)))
    session.execute(both.values(group_key=new_key(), **kept._mapping), execution_options=QUIETLY)
    return leading


def others_of(session: Session, *, commune_id: int, appointment_id: int) -> list[Appointment]:
    """What belongs to an appointment and was made, cancelled since or not."""
    # The key of an appointment that stands alone is null, and equal to nothing.
    mine = select(Appointment.group_key).where(Appointment.commune_id == commune_id, Appointment.id == appointment_id)
    wanted = select(Appointment).where(
        Appointment.commune_id == commune_id,
        Appointment.group_key == mine.scalar_subquery(),
        Appointment.id != appointment_id,
        Appointment.state != AppointmentState.HELD,
    )
    fresh = wanted.order_by(Appointment.start, Appointment.id).execution_options(populate_existing=True)
    return list(session.scalars(fresh))


def other_of(session: Session, *, appointment: Appointment) -> Appointment | None:
    """The other visit, as long as both have the same contact: a link that was taken back opens neither."""
    contact = contact_of(appointment)
    others = others_of(session, commune_id=appointment.commune_id, appointment_id=appointment.id)
    return next((one for one in others if contact_of(one) == contact), None)


def contact_of(appointment: Appointment) -> tuple[str | None, ...]:
    """How the person is reached, and whoever booked for them."""
    return appointment.email, appointment.phone, appointment.helper_email, appointment.helper_phone


def booked_after(session: Session, *, commune_id: int, appointment_id: int) -> int | None:
    """The visit that belongs to this one, was held after it and is still booked: it has the places both count for."""
    others = others_of(session, commune_id=commune_id, appointment_id=appointment_id)
    booked = (one.id for one in others if one.state == AppointmentState.BOOKED and one.id > appointment_id)
    return next(booked, None)


def offices_together(session: Session, *, commune_id: int, appointment_id: int) -> list[int]:
    """The offices of a visit and of what belongs to it, in the order in which they are taken."""
    both = together(commune_id=commune_id, appointment_id=appointment_id)
    return sorted(set(session.scalars(select(Appointment.office_id).where(*both))))


def take_together(session: Session, *, commune_id: int, appointment_id: int) -> None:
    """Take a visit and what belongs to it, in one order whichever is named: who wants both never waits for the other.

    The office is taken before.
    """
    both = select(Appointment.id).where(*together(commune_id=commune_id, appointment_id=appointment_id))
    session.execute(both.order_by(Appointment.id).with_for_update(key_share=True)).all()


def together(*, commune_id: int, appointment_id: int) -> tuple[ColumnElement[bool], ...]:
    """That a visit is this one, or belongs to it, and was made."""
    mine = select(Appointment.group_key).where(Appointment.commune_id == commune_id, Appointment.id == appointment_id)
    return (
        Appointment.commune_id == commune_id,
        or_(Appointment.id == appointment_id, Appointment.group_key == mine.scalar_subquery()),
        Appointment.state != AppointmentState.HELD,
    )


def leave_places(session: Session, *, commune_id: int, appointment_ids: Sequence[int]) -> None:
    """Before the places of cancelled visits are free: those that count for both go to the one that is still booked."""
    gone, left = aliased(Appointment), aliased(Appointment)
    pairs = session.execute(
        select(gone.id.label("gone"), left.id.label("still"))
        .join(left, (left.commune_id == gone.commune_id) & (left.group_key == gone.group_key) & (left.id != gone.id))
        .where(gone.commune_id == commune_id, gone.id.in_(appointment_ids), left.state == AppointmentState.BOOKED)
    ).all()
    for pair in pairs:
        kinds = shared_kinds(session, commune_id=commune_id, appointment_id=pair.gone)
        theirs = (Seat.commune_id == commune_id, Seat.appointment_id == pair.gone, Seat.kind.in_(kinds))
        session.execute(update(Seat).where(*theirs).values(appointment_id=pair.still), execution_options=QUIETLY)


def give_places_back(session: Session, *, commune_id: int, appointment_id: int) -> None:
    """A visit that is booked again has its places anew: the earlier one of the two keeps none that count for both."""
    for other in others_of(session, commune_id=commune_id, appointment_id=appointment_id):
        if other.state == AppointmentState.BOOKED and other.id < appointment_id:
            kinds = shared_kinds(session, commune_id=commune_id, appointment_id=appointment_id)
            free_seats(session, commune_id=commune_id, appointment_ids=[other.id], kinds=kinds)


def shared_kinds(session: Session, *, commune_id: int, appointment_id: int) -> tuple[str, ...]:
    """The kinds of places that two visits have together: of two steps, which are for one service, all of them."""
    line = (AppointmentLine.commune_id == commune_id, AppointmentLine.appointment_id == appointment_id)
    in_steps = session.scalar(select(exists().where(*line, AppointmentLine.step.is_not(None))))
    return (CONTACT, HELPER, PERSON) if in_steps else (CONTACT, HELPER)
