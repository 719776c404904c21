"""What somebody needs when they come, said late: on the last form, or once the visit is booked.

A need that takes time makes the visit longer where it stands when the minutes are free; the claims decide, so that
of two who want the same minutes one gets them. A need is never a condition: whoever keeps the time as it is may.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, has_begun
from booking.core.errors import (
    NoRoomForNeeds,
    NotBookable,
    OutOfDate,
    OutsideHours,
    SlotTaken,
    TooManyPersons,
    TooSoon,
    VisitBegun,
)
from booking.core.needs import Need
from booking.core.references import new_key
from booking.core.timespan import Span
from booking.core.waiting import USUAL_TERMS, OfferTerms
from booking.models import Appointment, JournalEntry, Office
from booking.usecases.appointments import Booked, Wish, confirm, still_as_seen
from booking.usecases.baskets import Basket
from booking.usecases.claims import given_to, share_office
from booking.usecases.groups import hold_adjoining, hold_steps, others_of, take_together
from booking.usecases.held import Held, held_by, minutes_of
from booking.usecases.holds import hold, lengthening
from booking.usecases.journal import Actor, note
from booking.usecases.moves import accept, basket_of
from booking.usecases.statements import QUIETLY

NO_ROOM = (SlotTaken, OutsideHours, NotBookable, TooManyPersons)
AT_ONCE = timedelta(minutes=1)


def confirm_as_needed(
    session: Session,
    *,
    commune_id: int,
    hold_key: str,
    wish: Wish,
    keeps_length: bool = False,
    now: datetime,
    **limits: Any,
) -> Booked:
    """Confirm a hold, made longer first where ``wish.needs`` take more time than those it was held for.

    All of it or nothing. With ``keeps_length`` the time stays as it is. ``limits`` are those of ``confirm``, and so
    are the refusals; ``NoRoomForNeeds`` when the longer visit cannot begin where the held one does.
    """
    held = held_by(session, commune_id=commune_id, hold_key=hold_key)
    if held and held.lasts(now) and not (held.moves or keeps_length):
        make_longer(session, held, needs=wish.needs, now=now)
    return confirm(session, commune_id=commune_id, hold_key=hold_key, wish=wish, now=now, **limits)


def make_longer(session: Session, held: Held, *, needs: frozenset[Need], now: datetime) -> None:
    """Hold the same start, under the same key and as long as before, for the longer visit; all visits of a pair.

    Raises ``NoRoomForNeeds``, or ``TooSoon`` for a start that has come.
    """
    if held.appointment is None or not held.appointment.held_until:
        return
    more = lengthening(session, commune_id=held.office.commune_id, needs=needs)
    if more <= lengthening(session, commune_id=held.office.commune_id, needs=held.appointment.needs or frozenset()):
        return
    share_office(session, commune_id=held.office.commune_id, appointment_id=held.appointment.id)
    # Of a button pressed twice the second finds what the first has made of this hold.
    this = (Appointment.id == held.appointment.id, Appointment.state == AppointmentState.HELD)
    if session.scalars(select(Appointment.id).where(*this).with_for_update()).one_or_none() is None:
        return
    wish: dict[str, Any] = {
        "commune_id": held.office.commune_id,
        "office_id": held.office.id,
        "lines": held.whole.wished,
        "needs": needs,
        "start": held.start,
        "length": held.appointment.held_until - now,
        "client": None,
        "per_client": 0,
        "key": held.appointment.hold_key,
        "instead_of": held.appointment.hold_key,
        # It was in time when it was first held.
        "in_window": False,
        "now": now,
    }
    try:
        if held.in_steps:
            hold_steps(session, then=held.chosen, **wish)
        else:
            (hold_adjoining if held.following else hold)(session, **wish)
    except TooSoon as refusal:
        # The longer information would reach into the file, which may follow on the same day.
        if has_begun(held.start, now):
            raise
        raise NoRoomForNeeds from refusal
    except NO_ROOM as refusal:
        raise NoRoomForNeeds from refusal


def change_needs(
    session: Session,
    *,
    commune_id: int,
    appointment_id: int,
    version: int,
    needs: frozenset[Need],
    keeps_length: bool = False,
    actor: Actor,
    terms: OfferTerms = USUAL_TERMS,
    now: datetime,
) -> bool:
    """Write down what is needed at a visit to come; gives whether it has become longer, where it stands.

    Then it was moved, as far as calendars and messages know, but it is none of the moves somebody has. With
    ``keeps_length`` it stays as long as it is, and so does that of somebody who is there already. The same needs sent
    again change nothing. Raises ``OutOfDate``, ``VisitBegun`` or ``NoRoomForNeeds``.
    """
    share_office(session, commune_id=commune_id, appointment_id=appointment_id)
    take_together(session, commune_id=commune_id, appointment_id=appointment_id)
    known = as_seen(session, commune_id, appointment_id, version)
    if known is None:
        written_before = as_seen(session, commune_id, appointment_id, version + 1)
        if written_before is None or (written_before.needs or frozenset()) != needs:
            raise OutOfDate
        return False
    if has_begun(known.start, now):
        raise VisitBegun
    may_grow = needs and not keeps_length and known.arrived_at is None
    if may_grow and grow(session, known, needs=needs, actor=actor, terms=terms, now=now):
        return True
    written = update(Appointment).where(Appointment.id == appointment_id)
    said = {"needs": needs or None, "version": Appointment.version + 1}
    session.execute(written.values(said), execution_options=QUIETLY)
    this = {"commune_id": commune_id, "subject": "appointment", "subject_id": appointment_id}
    note(session, actor, act="changed", fields=("needs",), **this, now=now)  # type: ignore[arg-type]
    return False


def as_seen(session: Session, commune_id: int, appointment_id: int, version: int) -> Appointment | None:
    """A booked appointment as the database has it now, if it has this version."""
    wanted = select(Appointment).where(*still_as_seen(commune_id, appointment_id, version))
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def needs_changed_at(session: Session, *, appointment: Appointment) -> datetime | None:
    """When the needs of a visit last became others after it was booked (UTC); ``None`` when they never did."""
    wanted = select(func.max(JournalEntry.at)).where(
        JournalEntry.commune_id == appointment.commune_id,
        JournalEntry.subject == "appointment",
        JournalEntry.subject_id == appointment.id,
        JournalEntry.act.in_(("changed", "moved")),
        JournalEntry.fields.contains("needs"),
    )
    return session.scalar(wanted)


def grow(
    session: Session, known: Appointment, *, needs: frozenset[Need], actor: Actor, terms: OfferTerms, now: datetime
) -> bool:
    """Move a visit to where it is, as long as it is to be with these needs; ``False`` when that is no longer."""
    basket = basket_of(session, appointment=known, needs=needs)
    if basket.lengthened <= basket_of(session, appointment=known).lengthened:
        return False
    try:
        if basket.minutes <= minutes_of(known):
            return False
        key = hold_longer(session, known, basket=basket, needs=needs, now=now)
    except NO_ROOM as refusal:
        raise NoRoomForNeeds from refusal
    own = {"commune_id": known.commune_id, "hold_key": key, "version": known.version}
    accept(session, **own, actor=actor, terms=terms, now=now)  # type: ignore[arg-type]
    return True


def hold_longer(session: Session, known: Appointment, *, basket: Basket, needs: frozenset[Need], now: datetime) -> str:
    """Hold the start of a visit for its longer self, at its own counter when that has the minutes; gives the key.

    Raises ``NoRoomForNeeds`` for one that would reach into the visit beside it, or one of ``NO_ROOM``.
    """
    span = Span(known.start, known.start + timedelta(minutes=basket.minutes))
    beside = others_of(session, commune_id=known.commune_id, appointment_id=known.id)
    if any(one.state == AppointmentState.BOOKED and span.overlaps(Span(one.start, one.end)) for one in beside):
        raise NoRoomForNeeds
    office = session.get_one(Office, known.office_id)
    wish: dict[str, Any] = {
        "commune_id": known.commune_id,
        "office_id": known.office_id,
        "lines": basket.wished,
        "needs": needs,
        "start": known.start,
        "length": AT_ONCE,
        "client": None,
        "per_client": 0,
        "key": new_key(),
        "replaces_id": known.id,
        "lengthened": basket.lengthened,
        "in_window": False,
        "asked": given_to(session, office=office, basket=basket, appointment=known),
        "now": now,
    }
    try:
        with session.begin_nested():
            return hold(session, counter_id=known.counter_id, **wish)
    except (SlotTaken, OutsideHours):
        return hold(session, **wish)
