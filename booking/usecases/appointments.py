"""What happens to an appointment once its time is held: confirming, finding, correcting, cancelling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, case, delete, func, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import SAME_ANSWER, AppointmentState, Channel, has_begun, sources_of
from booking.core.contacts import contact_key, contact_keys, person_key
from booking.core.errors import (
    AlreadyBooked,
    ContactMissing,
    ForbiddenMove,
    HoldGone,
    HoldLapsed,
    NoSuchAppointment,
    OutOfDate,
    TooLateToCancel,
    TooManyAppointments,
    TooSoon,
    Unknown,
    VisitBegun,
)
from booking.core.references import digest, new_key, new_reference
from booking.core.roles import Role
from booking.core.text import folded
from booking.core.timespan import floor_to_tick
from booking.core.translated import Translated
from booking.models import Appointment, AppointmentLine, Claim, Service
from booking.models.messages import MessageKind
from booking.usecases.journal import Actor, note, note_each
from booking.usecases.limits import CONTACT, HOLDS, PERSON, clear_past_visits, free_seats, take_seat
from booking.usecases.messages import announce, announce_copy, announce_each, check_copies, copies_sent
from booking.usecases.statements import table_of

QUIETLY = {"synchronize_session": False}
CANCELLABLE = sources_of(AppointmentState.CANCELLED)
AT_ONCE = 500

# Made once: building a statement costs more than running it.
HOLDS_NOW = table_of(Appointment)
CONFIRM = (
    update(HOLDS_NOW)
    .where(
        HOLDS_NOW.c.hold_key == bindparam("of_key"),
        HOLDS_NOW.c.commune_id == bindparam("of_commune"),
        HOLDS_NOW.c.state.in_(sources_of(AppointmentState.BOOKED)),
        # Of these only a hold has minutes left.
        HOLDS_NOW.c.held_until > bindparam("at"),
        HOLDS_NOW.c.start > bindparam("tick"),
    )
    .values(version=HOLDS_NOW.c.version + 1)
    .returning(HOLDS_NOW.c.id, HOLDS_NOW.c.nonce, HOLDS_NOW.c.channel, HOLDS_NOW.c.version)
)
LINES = table_of(AppointmentLine)
SERVICES = select(LINES.c.service_id).where(
    LINES.c.commune_id == bindparam("of_commune"), LINES.c.appointment_id == bindparam("of_appointment")
)


@dataclass(frozen=True)
class Wish:
    """Who the appointment is for, as cleaned by the form: ``phone`` in E.164, languages as codes."""

    name: str
    email: str | None
    phone: str | None
    language: str
    help_language: str | None = None


@dataclass(frozen=True)
class Booked:
    """An appointment that was made. ``again`` when the same confirmation had been sent before."""

    id: int
    reference: str
    nonce: str
    again: bool = False


def confirm(
    session: Session,
    *,
    commune_id: int,
    hold_key: str,
    wish: Wish,
    per_contact: int,
    now: datetime,
    announced: bool = True,
) -> Booked:
    """Turn a hold into an appointment, once: the same key sent again within the hour gives the same answer.

    Raises ``HoldLapsed``, ``HoldGone``, ``TooSoon`` (once the visit would have begun), ``ContactMissing`` (online
    only), ``AlreadyBooked`` or ``TooManyAppointments``.

    ``announced`` is off for a demonstration's own visits, which nobody is told about.
    """
    reference = new_reference()
    contacts = contact_keys(wish.email, wish.phone)
    booked = session.execute(
        CONFIRM,
        {
            "of_key": hold_key,
            "of_commune": commune_id,
            "at": now,
            "tick": floor_to_tick(now),
            "state": AppointmentState.BOOKED,
            "held_until": None,
            "booked_at": now,
            "reference": reference,
            "name": wish.name,
            "name_search": folded(wish.name)[:200],
            "email": wish.email,
            "phone": wish.phone,
            "contact_key": next(iter(contacts), None),
            "language": wish.language,
            "help_language": wish.help_language,
        },
    ).one_or_none()
    if booked is None:
        return booked_before(session, commune_id=commune_id, hold_key=hold_key, now=now)
    if booked.channel == Channel.ONLINE:
        if not contacts:
            raise ContactMissing
        take_seats_of_contact(
            session,
            commune_id=commune_id,
            appointment_id=booked.id,
            name=wish.name,
            contacts=contacts,
            per_contact=per_contact,
            now=now,
        )
    free_seats(session, commune_id=commune_id, appointment_ids=[booked.id], kinds=(HOLDS,))
    if wish.email and announced:
        announce(
            session,
            MessageKind.CONFIRMATION,
            commune_id=commune_id,
            appointment_id=booked.id,
            version=booked.version,
            now=now,
        )
    return Booked(booked.id, reference, booked.nonce)


def booked_before(session: Session, *, commune_id: int, hold_key: str, now: datetime) -> Booked:
    """What a confirmation finds that no living hold answers to: the appointment it made within this hour, or a refusal.

    A form left open on a shared computer is no key to the appointment for ever. Raises ``HoldLapsed``, ``TooSoon`` or
    ``HoldGone``.
    """
    mine = select(Appointment).where(Appointment.hold_key == hold_key, Appointment.commune_id == commune_id)
    appointment = session.scalars(mine).one_or_none()
    if appointment is None:
        raise HoldGone
    if appointment.state == AppointmentState.HELD:
        raise TooSoon if has_begun(appointment.start, now) else HoldLapsed
    if appointment.booked_at is None or appointment.booked_at + SAME_ANSWER <= now:
        raise HoldGone
    return Booked(appointment.id, appointment.reference or "", appointment.nonce, again=True)


def take_seats_of_contact(
    session: Session,
    *,
    commune_id: int,
    appointment_id: int,
    name: str,
    contacts: Sequence[str],
    per_contact: int,
    now: datetime,
) -> None:
    """One appointment to come per name, contact and service, and so many per contact in this commune.

    Each contact that was given counts by itself. They are taken in one order, so that two units never wait for
    one another. Raises ``AlreadyBooked`` or ``TooManyAppointments``.
    """
    services = session.scalars(SERVICES, {"of_commune": commune_id, "of_appointment": appointment_id}).all()
    places = [(PERSON, person_key(name, f"{contact}:{service}"), 1) for contact in contacts for service in services]
    places += [(CONTACT, digest(str(commune_id), contact), per_contact) for contact in contacts]
    for kind, key, limit in places:
        seat = {"kind": kind, "key": key, "limit": limit}
        if not take_seat(session, **seat, commune_id=commune_id, appointment_id=appointment_id):  # type: ignore[arg-type]
            clear_past_visits(session, kind=kind, key=key, now=now)
            if not take_seat(session, **seat, commune_id=commune_id, appointment_id=appointment_id):  # type: ignore[arg-type]
                raise AlreadyBooked if kind == PERSON else TooManyAppointments(limit=limit)


def find(
    session: Session, *, commune_id: int, reference: str, email: str | None = None, phone: str | None = None
) -> Appointment:
    """The appointment with this reference, for whoever knows a contact it was given with.

    Raises ``NoSuchAppointment``.
    """
    given = Appointment.phone == phone if phone else Appointment.contact_key == contact_key(email, None)
    wanted = select(Appointment).where(Appointment.commune_id == commune_id, Appointment.reference == reference, given)
    appointment = session.scalars(wanted).one_or_none()
    if appointment is None:
        raise NoSuchAppointment
    return appointment


def with_nonce(session: Session, *, commune_id: int, nonce: str) -> Appointment | None:
    """The appointment a link or a cookie points to, unless it was never booked."""
    wanted = select(Appointment).where(
        Appointment.commune_id == commune_id,
        Appointment.nonce == nonce,
        Appointment.state != AppointmentState.HELD,
    )
    return session.scalars(wanted).one_or_none()


def lines_of(session: Session, *, commune_id: int, appointment_id: int) -> list[tuple[AppointmentLine, Service]]:
    """The services of a visit in their order, each with the service as it is today."""
    rows = session.execute(
        select(AppointmentLine, Service)
        .join(Service, (Service.commune_id == AppointmentLine.commune_id) & (Service.id == AppointmentLine.service_id))
        .where(AppointmentLine.commune_id == commune_id, AppointmentLine.appointment_id == appointment_id)
        .order_by(AppointmentLine.position)
    )
    return [(row.AppointmentLine, row.Service) for row in rows]


def correct_contact(
    session: Session,
    *,
    commune_id: int,
    appointment_id: int,
    version: int,
    email: str | None,
    phone: str | None,
    per_contact: int,
    limit: int,
    actor: Actor,
    now: datetime,
    nonce: str | None = None,
) -> str:
    """Write another contact and send the confirmation there; that letter counts as a copy of the first.

    Whoever had the letter to a mistyped address keeps no way in: with the address its link changes, to that of
    ``nonce`` when the caller has drawn it. Gives the nonce that the appointment then has.

    Raises ``ContactMissing``, ``OutOfDate``, ``VisitBegun``, ``TooManyAppointments``, ``AlreadyBooked`` or
    ``TooManyCopies``.
    """
    if not (email or phone):
        raise ContactMissing
    contacts = contact_keys(email, phone)
    changed = session.execute(
        update(Appointment)
        .where(*still_as_seen(commune_id, appointment_id, version))
        .values(
            email=email,
            phone=phone,
            contact_key=contacts[0],
            nonce=case((Appointment.email.is_distinct_from(email), nonce or new_key()), else_=Appointment.nonce),
            version=Appointment.version + 1,
        )
        .returning(Appointment.version, Appointment.name, Appointment.channel, Appointment.start, Appointment.nonce),
        execution_options=QUIETLY,
    ).one_or_none()
    if changed is None:
        raise OutOfDate
    if has_begun(changed.start, now):
        raise VisitBegun
    free_seats(session, commune_id=commune_id, appointment_ids=[appointment_id])
    if changed.channel == Channel.ONLINE:
        take_seats_of_contact(
            session,
            commune_id=commune_id,
            appointment_id=appointment_id,
            name=changed.name,
            contacts=contacts,
            per_contact=per_contact,
            now=now,
        )
    journal = {"commune_id": commune_id, "subject": "appointment", "subject_id": appointment_id, "now": now}
    note(session, actor, act="changed", fields=("email", "phone"), **journal)  # type: ignore[arg-type]
    if email:
        check_copies(copies_sent(session, appointment_id=appointment_id), limit=limit)
        announce(
            session,
            MessageKind.CONFIRMATION,
            commune_id=commune_id,
            appointment_id=appointment_id,
            version=changed.version,
            now=now,
        )
    return str(changed.nonce)


def send_again(
    session: Session, *, commune_id: int, appointment_id: int, version: int, seen: int, limit: int, now: datetime
) -> None:
    """Send the confirmation once more, after the ``seen`` letters: a button pressed twice sends one.

    Raises ``OutOfDate``, ``VisitBegun`` or ``TooManyCopies``.
    """
    # The update changes nothing; it takes the row, so that copies are counted one at a time.
    locked = session.execute(
        update(Appointment)
        .where(*still_as_seen(commune_id, appointment_id, version))
        .values(version=Appointment.version)
        .returning(Appointment.start),
        execution_options=QUIETLY,
    ).one_or_none()
    if locked is None:
        raise OutOfDate
    if has_begun(locked.start, now):
        raise VisitBegun
    announce_copy(session, commune_id=commune_id, appointment_id=appointment_id, seen=seen, limit=limit, now=now)


def cancel(
    session: Session,
    *,
    commune_id: int,
    appointment_id: int,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    reason: Translated | None = None,
) -> bool:
    """Give the time back and say so by mail; ``False`` when it was cancelled before.

    A resident names the ``version`` seen and keeps the service's notice; the commune gives its ``reason``.
    Raises ``TooLateToCancel``, ``OutOfDate`` or ``ForbiddenMove``.
    """
    if actor.role == Role.RESIDENT:
        keep_notice(session, commune_id=commune_id, appointment_id=appointment_id, now=now)
    as_seen = [Appointment.version == version] if version is not None else []
    this = (Appointment.id == appointment_id, *as_seen)
    if end_booked(session, *this, commune_id=commune_id, reason=reason, actor=actor, now=now):
        return True
    return cancelled_before(session, commune_id=commune_id, appointment_id=appointment_id, version=version)


def cancel_each(
    session: Session, ids: Sequence[int], *, commune_id: int, reason: Translated, actor: Actor, now: datetime
) -> tuple[int, ...]:
    """Cancel many for a reason of the commune's, a few statements for hundreds; gives those that were still booked."""
    done: set[int] = set()
    for first in range(0, len(ids), AT_ONCE):
        some = Appointment.id.in_(ids[first : first + AT_ONCE])
        done.update(end_booked(session, some, commune_id=commune_id, reason=reason, actor=actor, now=now))
    return tuple(one for one in ids if one in done)


def end_booked(
    session: Session,
    *where: ColumnElement[bool],
    commune_id: int,
    reason: Translated | None,
    actor: Actor,
    now: datetime,
) -> list[int]:
    """Give the times of booked appointments back and say so by mail; gives the ids of those it did that for."""
    cancelled = session.execute(
        update(Appointment)
        .where(Appointment.commune_id == commune_id, Appointment.state.in_(CANCELLABLE), *where)
        .values(
            state=AppointmentState.CANCELLED,
            cancelled_at=now,
            cancel_reason=reason,
            sequence=Appointment.sequence + 1,
            version=Appointment.version + 1,
        )
        .returning(Appointment.id, Appointment.version, Appointment.email),
        execution_options=QUIETLY,
    ).all()
    ids = [row.id for row in cancelled]
    if not ids:
        return ids
    session.execute(delete(Claim).where(Claim.commune_id == commune_id, Claim.appointment_id.in_(ids)))
    free_seats(session, commune_id=commune_id, appointment_ids=ids)
    fields = ("state", "cancel_reason") if reason else ("state",)
    journal = {"commune_id": commune_id, "act": "cancelled", "subject": "appointment", "fields": fields}
    note_each(session, actor, ids, **journal, now=now)  # type: ignore[arg-type]
    kind = MessageKind.CANCELLED_BY_COMMUNE if reason else MessageKind.CANCELLATION
    versions = {row.id: row.version for row in cancelled if row.email}
    announce_each(session, kind, commune_id=commune_id, versions=versions, now=now)
    return ids


def cancelled_before(session: Session, *, commune_id: int, appointment_id: int, version: int | None) -> bool:
    mine = select(Appointment.state).where(Appointment.commune_id == commune_id, Appointment.id == appointment_id)
    state = session.scalars(mine).one_or_none()
    if state is None:
        raise Unknown
    if state == AppointmentState.CANCELLED:
        return False
    if state in CANCELLABLE and version is not None:
        raise OutOfDate
    raise ForbiddenMove(current=state, target=AppointmentState.CANCELLED)


def may_be_cancelled(session: Session, *, appointment: Appointment, now: datetime) -> bool:
    """Whether the person may still cancel by themselves."""
    if appointment.state not in CANCELLABLE:
        return False
    try:
        keep_notice(session, commune_id=appointment.commune_id, appointment_id=appointment.id, now=now)
    except TooLateToCancel:
        return False
    return True


def keep_notice(session: Session, *, commune_id: int, appointment_id: int, now: datetime) -> None:
    """Raises ``TooLateToCancel`` inside the longest notice of the services of this visit, or once it has begun."""
    found = session.execute(
        select(Appointment.start, func.max(Service.cancel_notice_minutes).label("notice"))
        .join(
            AppointmentLine,
            (AppointmentLine.commune_id == Appointment.commune_id) & (AppointmentLine.appointment_id == Appointment.id),
        )
        .join(Service, (Service.commune_id == AppointmentLine.commune_id) & (Service.id == AppointmentLine.service_id))
        .where(
            Appointment.commune_id == commune_id,
            Appointment.id == appointment_id,
            Appointment.state.in_(CANCELLABLE),
        )
        .group_by(Appointment.start)
    ).one_or_none()
    if found is None:
        return
    if has_begun(found.start, now) or now + timedelta(minutes=found.notice) > found.start:
        raise TooLateToCancel


def still_as_seen(commune_id: int, appointment_id: int, version: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Appointment.commune_id == commune_id,
        Appointment.id == appointment_id,
        Appointment.state == AppointmentState.BOOKED,
        Appointment.version == version,
    )
