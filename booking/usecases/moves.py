"""Moving an appointment: another time, another office, more or fewer services or persons. One way for all of it.

The new time is a hold that names the appointment it will replace. Until it is accepted the old time stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, delete, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import SAME_ANSWER, AppointmentState, HoldKind
from booking.core.errors import HoldGone, Unknown
from booking.core.needs import Need
from booking.core.roles import Role
from booking.core.timespan import Span
from booking.core.waiting import USUAL_TERMS, OfferTerms
from booking.models import Appointment, Commune
from booking.usecases.appointments import lines_of
from booking.usecases.baskets import Basket, BasketLine, WishedLine, basket_and_host
from booking.usecases.claims import share_office
from booking.usecases.groups import take_together
from booking.usecases.held import minutes_of, own_time
from booking.usecases.holds import end_moves_of, hold
from booking.usecases.journal import Actor, note
from booking.usecases.messages import announce_move
from booking.usecases.moved_rows import TAKEN_OVER, pass_claims, pass_lines, pass_seats, take_new, take_old
from booking.usecases.rebooked import settle_moved
from booking.usecases.reminders import schedule_reminders
from booking.usecases.self_service import allowed
from booking.usecases.statements import QUIETLY
from booking.usecases.steps import check_order, other_step
from booking.usecases.waiting_offers import offer_freed

SAID_OF_THE_OLD_TIME = ("kept_outside_at", "coming_at", "late_minutes", "late_said_at", "disturbed_at")
"""What no longer holds of a visit at another time."""

SAID_OF_THE_OLD_COUNTER = ("kept_outside_at",)
"""What no longer holds of it at the same time, when its counter or what it is for has changed."""


@dataclass(frozen=True)
class Moved:
    """An appointment that has its new time. ``again`` when the same acceptance had been sent before.

    It ``stays`` when the new time was the one it had, and nothing else was to change.
    """

    id: int
    nonce: str
    again: bool = False
    stays: bool = False


def basket_of(session: Session, *, appointment: Appointment, needs: frozenset[Need] | None = None) -> Basket:
    """What a visit is for, as long as it is agreed to be; its own time counts as free.

    ``needs`` that are to be said of it make it longer when they take more time than those said so far. Of two steps it
    keeps to what the other leaves.
    """
    lines = lines_of(session, commune_id=appointment.commune_id, appointment_id=appointment.id)
    basket = Basket(tuple(BasketLine.kept(service, line) for line, service in lines))
    own = {"commune_id": appointment.commune_id, "appointment_id": appointment.id}
    other = other_step(session, **own) if appointment.group_key else None
    basket = replace(basket.lasting(minutes_of(appointment)), other=other)
    basket = replace(
        basket, own=own_time(appointment, basket.service_ids), at_once=appointment.disturbed_at is not None
    )
    if not needs:
        return basket
    times = session.get_one(Commune, appointment.commune_id).need_minutes
    more = times.for_(needs)
    takes_more = more > times.for_(appointment.needs or ())
    return replace(basket, lengthened=max(basket.lengthened, more)) if takes_more else basket


def hold_instead(
    session: Session,
    *,
    commune_id: int,
    appointment_id: int,
    office_id: int,
    lines: Sequence[WishedLine],
    start: datetime,
    length: timedelta,
    client: str,
    per_client: int,
    key: str,
    instead_of: str | None,
    needs: frozenset[Need] | None = None,
    now: datetime,
) -> str:
    """Hold another time for the person whose appointment it will replace, and give the hold's key.

    ``needs`` are those of the appointment from then on; without them they stay what they are.
    Raises what ``hold`` raises, ``CallToMove``, ``TooLateToMove``, ``TooManyMoves``, ``HasArrived``,
    ``ForbiddenMove`` or ``StepsOutOfOrder``.
    """
    appointment = in_commune(session, commune_id=commune_id, appointment_id=appointment_id)
    refusal = allowed(session, appointment=appointment, now=now).to_move
    if refusal:
        raise refusal
    lengthened = basket_of(session, appointment=appointment, needs=needs).lengthened
    wished, _ = basket_and_host(session, commune_id=commune_id, lines=lines, lengthened=lengthened)
    span = Span(start, start + timedelta(minutes=wished.minutes))
    check_order(session, commune_id=commune_id, appointment_id=appointment_id, span=span)
    return hold(
        session,
        commune_id=commune_id,
        office_id=office_id,
        lines=lines,
        start=start,
        length=length,
        client=client,
        per_client=per_client,
        key=key,
        instead_of=instead_of,
        replaces_id=appointment_id,
        needs=needs or frozenset(),
        lengthened=lengthened,
        at_once=appointment.disturbed_at is not None,
        now=now,
    )


def in_commune(session: Session, *, commune_id: int, appointment_id: int) -> Appointment:
    mine = select(Appointment).where(Appointment.commune_id == commune_id, Appointment.id == appointment_id)
    appointment = session.scalars(mine).one_or_none()
    if appointment is None:
        raise Unknown
    return appointment


def accept(
    session: Session,
    *,
    commune_id: int,
    hold_key: str,
    version: int,
    actor: Actor,
    now: datetime,
    terms: OfferTerms = USUAL_TERMS,
) -> Moved:
    """Make a held time that of the appointment it replaces: same reference, same link, same entry in calendars.

    All of it or nothing. ``version`` is that of the appointment as the page showed it. The same key sent again
    within the hour gets the same answer. What is free by it is offered to the list in the same unit, under ``terms``.
    To the person it belongs to, the time it has is no other one: nothing is changed by it, counted or written about.

    Raises ``HoldLapsed``, ``HoldGone``, ``OutOfDate``, ``VisitBegun``, ``HasArrived``, ``TooSoon``,
    ``StepsOutOfOrder`` or ``AlreadyBooked`` (for a service that is added).
    """
    with session.begin_nested():
        replaced = session.scalars(held_with(hold_key, commune_id)).one_or_none()
        if replaced is None:
            return moved_before(session, commune_id=commune_id, hold_key=hold_key, version=version, now=now)
        share_office(session, commune_id=commune_id, appointment_id=replaced)
        take_together(session, commune_id=commune_id, appointment_id=replaced)
        old = take_old(session, commune_id=commune_id, appointment_id=replaced, version=version, now=now)
        new = take_new(session, commune_id=commune_id, hold_key=hold_key, now=now)
        check_order(session, commune_id=commune_id, appointment_id=replaced, span=Span(new.start, new.end))
        by_person = actor.role == Role.RESIDENT and new.hold_kind == HoldKind.PUBLIC and old.disturbed_at is None
        if by_person and is_same(session, commune_id=commune_id, old=old, new=new):
            return keep(session, commune_id=commune_id, old=old, hold_key=hold_key, version=version)
        pass_claims(session, commune_id=commune_id, old=old, new=new)
        is_changed = pass_lines(session, commune_id=commune_id, old=old, new=new, now=now)
        pass_seats(session, commune_id=commune_id, old=old, new=new)
        # Whatever else was held to move it to, or was held to be used up by this.
        session.execute(delete(Appointment).where(Appointment.id == new.id), execution_options=QUIETLY)
        end_moves_of(session, commune_id=commune_id, appointment_ids=[old.id])
        if old.disturbed_at is not None:
            settle_moved(session, appointment_id=old.id, kind=new.hold_kind, actor=actor, now=now)
        taken_over = {name: getattr(new, name) for name in TAKEN_OVER}
        if new.needs is not None:
            taken_over["needs"] = new.needs
        # A visit that only grows where it stands, for what somebody needs, is none of the moves they have.
        stays = new.needs is not None and (new.office_id, new.start) == (old.office_id, old.start)
        session.execute(
            update(Appointment)
            .where(Appointment.id == old.id)
            .values(
                taken_over
                | dict.fromkeys(said_before(old, new, stays=stays))
                | {"hold_key": hold_key, "changed_at": now}
                | {"sequence": Appointment.sequence + 1, "moves": Appointment.moves + int(by_person and not stays)}
            ),
            execution_options=QUIETLY,
        )
        fields = [name for name, value in taken_over.items() if value != getattr(old, name)]
        journal = {"commune_id": commune_id, "subject": "appointment", "subject_id": old.id}
        note(session, actor, act="moved", fields=fields, **journal, now=now)
        # At another counter of the same office at the same time nothing has changed for whoever comes for the same.
        is_as_told = (new.office_id, new.start, new.end) == (old.office_id, old.start, old.end) and not is_changed
        if not is_as_told and (old.email or old.phone or old.helper_email or old.helper_phone):
            about = {"commune_id": commune_id, "appointment_id": old.id, "version": old.version}
            announce_move(session, **about, start=old.start, now=now)
        schedule_reminders(session, commune_id=commune_id, appointment_ids=[old.id], now=now)
        offer_what_is_left(session, commune_id=commune_id, old=old, new=new, terms=terms, by_person=by_person, now=now)
        return Moved(old.id, old.nonce)


def is_same(session: Session, *, commune_id: int, old: Row[*tuple[object, ...]], new: Row[*tuple[object, ...]]) -> bool:
    """Whether a hold is for what its appointment is already: the same time and office, for the same."""
    if (new.office_id, new.start, new.end) != (old.office_id, old.start, old.end):
        return False
    before, wanted = (
        {line.service_id: line.persons for line, _ in lines_of(session, commune_id=commune_id, appointment_id=one)}
        for one in (old.id, new.id)
    )
    return before == wanted and (new.needs is None or set(new.needs) == set(old.needs or ()))


def keep(session: Session, *, commune_id: int, old: Row[*tuple[object, ...]], hold_key: str, version: int) -> Moved:
    """The appointment with the version it had. It keeps the key alone, so that a second press finds it."""
    end_moves_of(session, commune_id=commune_id, appointment_ids=[old.id])
    kept = update(Appointment).where(Appointment.id == old.id).values(version=version, hold_key=hold_key)
    session.execute(kept, execution_options=QUIETLY)
    return Moved(old.id, old.nonce, stays=True)


def said_before(old: Row[*tuple[object, ...]], new: Row[*tuple[object, ...]], *, stays: bool) -> tuple[str, ...]:
    """What was said of a visit and is over with this move: nothing of one that only grows where it stands."""
    if (new.office_id, new.start) != (old.office_id, old.start):
        return SAID_OF_THE_OLD_TIME
    return () if stays and new.counter_id == old.counter_id else SAID_OF_THE_OLD_COUNTER


def held_with(hold_key: str, commune_id: int) -> Select[int | None]:
    """The appointment that a hold is to replace."""
    return select(Appointment.replaces_id).where(
        Appointment.hold_key == hold_key,
        Appointment.commune_id == commune_id,
        Appointment.state == AppointmentState.HELD,
        Appointment.replaces_id.is_not(None),
    )


def offer_what_is_left(
    session: Session,
    *,
    commune_id: int,
    old: Row[*tuple[object, ...]],
    new: Row[*tuple[object, ...]],
    terms: OfferTerms,
    by_person: bool,
    now: datetime,
) -> None:
    """The ticks that the visit no longer has, before and after those it still has, are for the next in the list."""
    lines = lines_of(session, commune_id=commune_id, appointment_id=old.id)
    keeps = new.counter_id == old.counter_id and new.start < old.end and old.start < new.end
    left = (
        [(old.start, min(old.end, new.start)), (max(old.start, new.end), old.end)] if keeps else [(old.start, old.end)]
    )
    where: dict[str, Any] = {"commune_id": commune_id, "office_id": old.office_id, "counter_id": old.counter_id}
    for start, end in left:
        if start < end:
            span, service_id = Span(start, end), lines[0][1].id
            freed = where | {"service_id": service_id, "span": span, "by_person": by_person}
            offer_freed(session, **freed, terms=terms, now=now)


def moved_before(session: Session, *, commune_id: int, hold_key: str, version: int, now: datetime) -> Moved:
    """What an acceptance finds that no hold answers to: what it moved within this hour, or left as it is.

    Raises ``HoldGone``.
    """
    mine = select(Appointment).where(Appointment.hold_key == hold_key, Appointment.commune_id == commune_id)
    appointment = session.scalars(mine).one_or_none()
    if appointment is not None and appointment.version == version:
        return Moved(appointment.id, appointment.nonce, again=True, stays=True)
    if appointment is None or appointment.changed_at is None or appointment.changed_at + SAME_ANSWER <= now:
        raise HoldGone
    return Moved(appointment.id, appointment.nonce, again=True)
