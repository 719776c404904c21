"""Moving an appointment: another time, another office, more or fewer services or persons. One way for all of it.

The new time is a hold that names the appointment it will replace. Until it is accepted the old time stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Row, Select, delete, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import SAME_ANSWER, AppointmentState, Channel, HoldKind, OwnTime, has_begun
from booking.core.contacts import contact_keys
from booking.core.errors import HasArrived, HoldGone, HoldLapsed, OutOfDate, TooSoon, Unknown, VisitBegun
from booking.core.roles import Role
from booking.core.timespan import Span, tick_of
from booking.core.waiting import USUAL_TERMS, OfferTerms
from booking.models import Appointment, AppointmentLine, Claim, Seat
from booking.models.messages import MessageKind
from booking.usecases.appointments import lines_of, still_as_seen
from booking.usecases.baskets import Basket, BasketLine, WishedLine
from booking.usecases.claims import give_up
from booking.usecases.groups import booked_after, check_order, take_together
from booking.usecases.holds import end_moves_of, hold, minutes_of, own_time
from booking.usecases.journal import Actor, note
from booking.usecases.limits import HOLDS, PERSON, free_seats, take_seats_of_services
from booking.usecases.messages import announce
from booking.usecases.reminders import schedule_reminders
from booking.usecases.self_service import allowed
from booking.usecases.statements import QUIETLY
from booking.usecases.waiting_offers import offer_freed, shared

TAKEN_OVER = ("office_id", "counter_id", "start", "end", "local_date", "wall_time")
"""What an appointment takes over from the hold that replaces it."""

SAID_OF_THE_OLD_TIME = ("kept_outside_at", "coming_at", "late_minutes", "late_said_at")
"""What no longer holds of a visit at another time."""


@dataclass(frozen=True)
class Moved:
    """An appointment that has its new time. ``again`` when the same acceptance had been sent before."""

    id: int
    nonce: str
    again: bool = False


def basket_of(session: Session, *, appointment: Appointment) -> Basket:
    """What a visit is for, as long as it is agreed to be; its own time counts as free."""
    lines = lines_of(session, commune_id=appointment.commune_id, appointment_id=appointment.id)
    basket = Basket(tuple(BasketLine.kept(service, line) for line, service in lines))
    return replace(basket.lasting(minutes_of(appointment)), own=own_time(appointment))


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
    now: datetime,
) -> str:
    """Hold another time for the person whose appointment it will replace, and give the hold's key.

    Raises what ``hold`` raises, ``CallToMove``, ``TooLateToMove``, ``TooManyMoves``, ``HasArrived`` or
    ``ForbiddenMove``.
    """
    appointment = in_commune(session, commune_id=commune_id, appointment_id=appointment_id)
    refusal = allowed(session, appointment=appointment, now=now).to_move
    if refusal:
        raise refusal
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
        lengthened=basket_of(session, appointment=appointment).lengthened,
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

    Raises ``HoldLapsed``, ``HoldGone``, ``OutOfDate``, ``VisitBegun``, ``HasArrived``, ``TooSoon``,
    ``StepsOutOfOrder`` or ``AlreadyBooked`` (for a service that is added).
    """
    with session.begin_nested():
        replaced = session.scalars(held_with(hold_key, commune_id)).one_or_none()
        if replaced is None:
            return moved_before(session, commune_id=commune_id, hold_key=hold_key, now=now)
        share_office_of(session, commune_id=commune_id, appointment_id=replaced)
        take_together(session, commune_id=commune_id, appointment_id=replaced)
        old = take_old(session, commune_id=commune_id, appointment_id=replaced, version=version, now=now)
        new = take_new(session, commune_id=commune_id, hold_key=hold_key, now=now)
        check_order(session, commune_id=commune_id, appointment_id=replaced, span=Span(new.start, new.end))
        pass_claims(session, commune_id=commune_id, old=old, new=new)
        pass_lines(session, commune_id=commune_id, old=old, new=new, now=now)
        pass_seats(session, commune_id=commune_id, old=old, new=new)
        # Whatever else was held to move it to, or was held to be used up by this.
        session.execute(delete(Appointment).where(Appointment.id == new.id), execution_options=QUIETLY)
        end_moves_of(session, commune_id=commune_id, appointment_ids=[old.id])
        by_person = actor.role == Role.RESIDENT and new.hold_kind == HoldKind.PUBLIC
        session.execute(
            update(Appointment)
            .where(Appointment.id == old.id)
            .values(
                {name: getattr(new, name) for name in TAKEN_OVER}
                | {
                    "hold_key": hold_key,
                    "changed_at": now,
                    "kept_outside_at": None,
                    "coming_at": None,
                    "late_minutes": None,
                    "late_said_at": None,
                }
                | {"sequence": Appointment.sequence + 1, "moves": Appointment.moves + int(by_person)}
            ),
            execution_options=QUIETLY,
        )
        fields = [name for name in TAKEN_OVER if getattr(new, name) != getattr(old, name)]
        journal = {"commune_id": commune_id, "subject": "appointment", "subject_id": old.id}
        note(session, actor, act="moved", fields=fields, **journal, now=now)
        if old.email or old.phone or old.helper_email or old.helper_phone:
            about = {"commune_id": commune_id, "appointment_id": old.id, "version": old.version}
            announce(session, MessageKind.MOVED, **about, now=now)
        schedule_reminders(session, commune_id=commune_id, appointment_ids=[old.id], now=now)
        offer_what_is_left(session, commune_id=commune_id, old=old, new=new, terms=terms, now=now)
        return Moved(old.id, old.nonce)


def held_with(hold_key: str, commune_id: int) -> Select[int | None]:
    """The appointment that a hold is to replace."""
    return select(Appointment.replaces_id).where(
        Appointment.hold_key == hold_key,
        Appointment.commune_id == commune_id,
        Appointment.state == AppointmentState.HELD,
        Appointment.replaces_id.is_not(None),
    )


def share_office_of(session: Session, *, commune_id: int, appointment_id: int) -> None:
    """Take the office of a visit before the visit, as whoever holds a time there does."""
    mine = select(Appointment.office_id).where(Appointment.commune_id == commune_id, Appointment.id == appointment_id)
    for office_id in session.scalars(mine):
        shared(session, commune_id=commune_id, office_id=office_id)


def offer_what_is_left(
    session: Session,
    *,
    commune_id: int,
    old: Row[*tuple[object, ...]],
    new: Row[*tuple[object, ...]],
    terms: OfferTerms,
    now: datetime,
) -> None:
    """The ticks that the visit no longer has, before and after those it still has, are for the next in the list."""
    lines = lines_of(session, commune_id=commune_id, appointment_id=old.id)
    keeps = new.counter_id == old.counter_id and new.start < old.end and old.start < new.end
    left = (
        [(old.start, min(old.end, new.start)), (max(old.start, new.end), old.end)] if keeps else [(old.start, old.end)]
    )
    where = {"commune_id": commune_id, "office_id": old.office_id, "counter_id": old.counter_id}
    for start, end in left:
        if start < end:
            span, service_id = Span(start, end), lines[0][1].id
            offer_freed(session, **where, service_id=service_id, span=span, terms=terms, now=now)


def take_old(
    session: Session, *, commune_id: int, appointment_id: int | None, version: int, now: datetime
) -> Row[*tuple[object, ...]]:
    """The appointment as it was seen, taken before its hold by everybody who takes both, with its next version."""
    old = session.execute(
        update(Appointment)
        .where(*still_as_seen(commune_id, appointment_id or 0, version))
        .values(version=Appointment.version + 1)
        .returning(
            Appointment.id,
            Appointment.version,
            Appointment.nonce,
            Appointment.channel,
            Appointment.name,
            Appointment.email,
            Appointment.phone,
            Appointment.helper_email,
            Appointment.helper_phone,
            Appointment.arrived_at,
            *(getattr(Appointment, name) for name in TAKEN_OVER),
        ),
        execution_options=QUIETLY,
    ).one_or_none()
    if old is None:
        raise OutOfDate
    if old.arrived_at is not None:
        raise HasArrived
    if has_begun(old.start, now):
        raise VisitBegun
    return old


def take_new(session: Session, *, commune_id: int, hold_key: str, now: datetime) -> Row[*tuple[object, ...]]:
    """The hold, if it lasts."""
    new = session.execute(
        update(Appointment)
        .where(
            Appointment.hold_key == hold_key,
            Appointment.commune_id == commune_id,
            Appointment.state == AppointmentState.HELD,
        )
        .values(version=Appointment.version + 1)
        .returning(
            Appointment.id,
            Appointment.held_until,
            Appointment.hold_kind,
            *(getattr(Appointment, name) for name in TAKEN_OVER),
        ),
        execution_options=QUIETLY,
    ).one_or_none()
    if new is None:
        raise HoldGone
    if has_begun(new.start, now):
        raise TooSoon
    if new.held_until is None or new.held_until <= now:
        raise HoldLapsed
    return new


def pass_claims(
    session: Session, *, commune_id: int, old: Row[*tuple[object, ...]], new: Row[*tuple[object, ...]]
) -> None:
    """The ticks of the new time: those of the hold, and those of the old time that it had in common with it."""
    kept = OwnTime(new.counter_id, tick_of(new.start), tick_of(new.end))
    give_up(session, commune_id=commune_id, appointment_ids=[old.id], but=kept)
    of_hold = update(Claim).where(Claim.commune_id == commune_id, Claim.appointment_id == new.id)
    session.execute(of_hold.values(appointment_id=old.id), execution_options=QUIETLY)


def pass_lines(
    session: Session,
    *,
    commune_id: int,
    old: Row[*tuple[object, ...]],
    new: Row[*tuple[object, ...]],
    now: datetime,
) -> None:
    """What the visit is for: a service it had keeps its line and what was said about it, with its new length."""
    before = {line.service_id: line for line, _ in lines_of(session, commune_id=commune_id, appointment_id=old.id)}
    wanted = {line.service_id: line for line, _ in lines_of(session, commune_id=commune_id, appointment_id=new.id)}
    gone = [line.id for service_id, line in before.items() if service_id not in wanted]
    if gone:
        session.execute(delete(AppointmentLine).where(AppointmentLine.id.in_(gone)), execution_options=QUIETLY)
    last = max(line.position for line in before.values())
    for service_id, line in wanted.items():
        if service_id in before:
            kept = update(AppointmentLine).where(AppointmentLine.id == before[service_id].id)
            values = {"persons": line.persons, "minutes": line.minutes}
        else:
            last += 1
            kept = update(AppointmentLine).where(AppointmentLine.id == line.id)
            values = {"appointment_id": old.id, "position": last}
        session.execute(kept.values(values), execution_options=QUIETLY)
    if before.keys() != wanted.keys() and old.channel == Channel.ONLINE:
        free_seats(session, commune_id=commune_id, appointment_ids=[old.id], kinds=(PERSON,))
        take_seats_of_services(
            session,
            commune_id=commune_id,
            appointment_id=old.id,
            name=old.name,
            contacts=tuple(
                dict.fromkeys((*contact_keys(old.email, old.phone), *contact_keys(old.helper_email, old.helper_phone)))
            ),
            beside=booked_after(session, commune_id=commune_id, appointment_id=old.id),
            now=now,
        )


def pass_seats(
    session: Session, *, commune_id: int, old: Row[*tuple[object, ...]], new: Row[*tuple[object, ...]]
) -> None:
    """Seats that the hold took of a quota are the appointment's from now on; those of a client are free."""
    free_seats(session, commune_id=commune_id, appointment_ids=[new.id], kinds=(HOLDS,))
    of_hold = update(Seat).where(Seat.commune_id == commune_id, Seat.appointment_id == new.id)
    session.execute(of_hold.values(appointment_id=old.id), execution_options=QUIETLY)


def moved_before(session: Session, *, commune_id: int, hold_key: str, now: datetime) -> Moved:
    """What an acceptance finds that no hold answers to: the appointment it has moved within this hour.

    Raises ``HoldGone``.
    """
    mine = select(Appointment).where(Appointment.hold_key == hold_key, Appointment.commune_id == commune_id)
    appointment = session.scalars(mine).one_or_none()
    if appointment is None or appointment.changed_at is None or appointment.changed_at + SAME_ANSWER <= now:
        raise HoldGone
    return Moved(appointment.id, appointment.nonce, again=True)
