"""What happens to an appointment once its time is held: confirming it, finding it, sending its letter again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import SAME_ANSWER, AppointmentState, Channel, has_begun, sources_of
from booking.core.contacts import contact_key, contact_keys
from booking.core.errors import ContactMissing, HoldGone, HoldLapsed, NoSuchAppointment, OutOfDate, TooSoon, VisitBegun
from booking.core.needs import Need
from booking.core.references import new_reference
from booking.core.text import folded
from booking.core.timespan import floor_to_tick
from booking.models import Appointment, AppointmentLine, Service
from booking.models.messages import MessageKind
from booking.usecases.limits import HOLDS, MOST_HELPED, free_seats, take_seats_of_contact
from booking.usecases.messages import announce, announce_copy
from booking.usecases.reminders import schedule_reminders
from booking.usecases.statements import QUIETLY, table_of

SEARCHED = 200
"""So many signs of a name are looked at when somebody is searched for."""

# Made once: building a statement costs more than running it.
HOLDS_NOW = table_of(Appointment)
CONFIRM = (
    update(HOLDS_NOW)
    .where(
        HOLDS_NOW.c.hold_key == bindparam("of_key"),
        HOLDS_NOW.c.commune_id == bindparam("of_commune"),
        HOLDS_NOW.c.state.in_(sources_of(AppointmentState.BOOKED)),
        # Of these only a hold has minutes left; one that moves an appointment is accepted, not confirmed.
        HOLDS_NOW.c.replaces_id.is_(None),
        HOLDS_NOW.c.held_until > bindparam("at"),
        HOLDS_NOW.c.start > bindparam("tick"),
    )
    .values(version=HOLDS_NOW.c.version + 1)
    .returning(HOLDS_NOW.c.id, HOLDS_NOW.c.nonce, HOLDS_NOW.c.channel, HOLDS_NOW.c.version, HOLDS_NOW.c.group_key)
)
BELONGING = select(HOLDS_NOW.c.id, HOLDS_NOW.c.hold_key).where(
    HOLDS_NOW.c.commune_id == bindparam("of_commune"),
    HOLDS_NOW.c.group_key == bindparam("of_group"),
    HOLDS_NOW.c.hold_key != bindparam("of_key"),
)


@dataclass(frozen=True)
class Helper:
    """Who books for somebody else, and is written to as well; one contact at least, ``phone`` in E.164."""

    name: str
    email: str | None
    phone: str | None


@dataclass(frozen=True)
class Wish:
    """Who the appointment is for, as cleaned by the form: ``phone`` in E.164, languages as codes.

    Whoever is helped may have no contact of their own.
    """

    name: str
    email: str | None
    phone: str | None
    language: str
    help_language: str | None = None
    helper: Helper | None = None
    needs: frozenset[Need] = frozenset()
    others: str | None = None
    """The names of those who come along, as they were typed."""

    @property
    def contacts(self) -> tuple[str, ...]:
        return contact_keys(self.email, self.phone)

    @property
    def helpers(self) -> tuple[str, ...]:
        return contact_keys(self.helper.email, self.helper.phone) if self.helper else ()

    def columns(self) -> dict[str, Any]:
        """What the row of an appointment says of it."""
        helper = self.helper
        return {
            "name": self.name,
            "name_search": folded(self.name)[:SEARCHED],
            "email": self.email,
            "phone": self.phone,
            "contact_key": next(iter((*self.contacts, *self.helpers)), None),
            "helper_name": helper.name if helper else None,
            "helper_email": helper.email if helper else None,
            "helper_phone": helper.phone if helper else None,
            "needs": self.needs or None,
            "language": self.language,
            "help_language": self.help_language,
        }


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
    per_helper: int = MOST_HELPED,
    now: datetime,
    announced: bool = True,
    leads: bool = True,
) -> Booked:
    """Turn a hold into an appointment, once: the same key sent again within the hour gives the same answer.

    What belongs to it is confirmed with it, or nothing is: ``leads`` is off for that one, which brings no other.
    Raises ``HoldLapsed``, ``HoldGone``, ``TooSoon`` (once the visit would have begun), ``ContactMissing`` (online
    only), ``AlreadyBooked`` or ``TooManyAppointments``.

    ``announced`` is off for a demonstration's own visits, which nobody is told about.
    """
    reference = new_reference()
    what = {"of_key": hold_key, "of_commune": commune_id, "at": now, "tick": floor_to_tick(now)}
    becomes = {"state": AppointmentState.BOOKED, "held_until": None, "booked_at": now, "reference": reference}
    booked = session.execute(CONFIRM, what | becomes | wish.columns()).one_or_none()
    if booked is None:
        return booked_before(session, commune_id=commune_id, hold_key=hold_key, now=now)
    other = belonging(session, commune_id, booked.group_key, hold_key) if leads and booked.group_key else None
    if booked.channel == Channel.ONLINE:
        if not (wish.contacts or wish.helpers):
            raise ContactMissing
        take_seats_of_contact(
            session,
            commune_id=commune_id,
            appointment_id=booked.id,
            name=wish.name,
            contacts=wish.contacts,
            per_contact=per_contact,
            helpers=wish.helpers,
            per_helper=per_helper,
            beside=other.id if other else None,
            now=now,
        )
    free_seats(session, commune_id=commune_id, appointment_ids=[booked.id], kinds=(HOLDS,))
    if wish.others:
        name_others(session, appointment_id=booked.id, names=wish.others)
    if announced:
        tell(session, wish, commune_id=commune_id, appointment_id=booked.id, version=booked.version, now=now)
    if other:
        confirm(
            session,
            commune_id=commune_id,
            hold_key=other.hold_key,
            wish=wish,
            per_contact=per_contact,
            per_helper=per_helper,
            now=now,
            announced=announced,
            leads=False,
        )
    return Booked(booked.id, reference, booked.nonce)


def tell(session: Session, wish: Wish, *, commune_id: int, appointment_id: int, version: int, now: datetime) -> None:
    """The confirmation for whoever can be reached, and the reminders of the visit."""
    if wish.contacts or wish.helpers:
        announce(
            session,
            MessageKind.CONFIRMATION,
            commune_id=commune_id,
            appointment_id=appointment_id,
            version=version,
            now=now,
        )
    schedule_reminders(session, commune_id=commune_id, appointment_ids=[appointment_id], now=now)


def name_others(session: Session, *, appointment_id: int, names: str) -> None:
    """Write down who comes along, at the first service of a visit that asks for it; nowhere when none does."""
    asking = (
        select(AppointmentLine.id)
        .join(Service, (Service.commune_id == AppointmentLine.commune_id) & (Service.id == AppointmentLine.service_id))
        .where(AppointmentLine.appointment_id == appointment_id, AppointmentLine.persons > 1, Service.asks_names)
        .order_by(AppointmentLine.position)
        .limit(1)
    )
    line = update(AppointmentLine).where(AppointmentLine.id.in_(asking))
    session.execute(line.values(names=names), execution_options=QUIETLY)


def belonging(session: Session, commune_id: int, group_key: str, hold_key: str) -> Row[int, str]:
    """The other hold of two that are confirmed together. Raises ``HoldGone`` when it is no longer there."""
    wanted = {"of_commune": commune_id, "of_group": group_key, "of_key": hold_key}
    other = session.execute(BELONGING, wanted).one_or_none()
    if other is None:
        raise HoldGone
    return other


def booked_before(session: Session, *, commune_id: int, hold_key: str, now: datetime) -> Booked:
    """What a confirmation finds that no living hold answers to: the appointment it made within this hour, or a refusal.

    A form left open on a shared computer is no key to the appointment for ever. Raises ``HoldLapsed``, ``TooSoon`` or
    ``HoldGone``.
    """
    mine = select(Appointment).where(Appointment.hold_key == hold_key, Appointment.commune_id == commune_id)
    # The session may have read it while it was held: what another press has made of it since is what counts.
    appointment = session.scalars(mine, execution_options={"populate_existing": True}).one_or_none()
    if appointment is None or appointment.replaces_id is not None:
        raise HoldGone
    if appointment.state == AppointmentState.HELD:
        raise TooSoon if has_begun(appointment.start, now) else HoldLapsed
    if appointment.booked_at is None or appointment.booked_at + SAME_ANSWER <= now:
        raise HoldGone
    return Booked(appointment.id, appointment.reference or "", appointment.nonce, again=True)


def find(
    session: Session, *, commune_id: int, reference: str, email: str | None = None, phone: str | None = None
) -> Appointment:
    """The appointment with this reference, for whoever knows a contact it was given with, a helper's too.

    Raises ``NoSuchAppointment``.
    """
    wanted = select(Appointment).where(Appointment.commune_id == commune_id, Appointment.reference == reference)
    appointment = session.scalars(wanted).one_or_none()
    if appointment is None or contact_key(email, phone) not in contacts_of(appointment):
        raise NoSuchAppointment
    return appointment


def contacts_of(appointment: Appointment) -> tuple[str, ...]:
    """A fixed name for each contact an appointment was given with."""
    own = contact_keys(appointment.email, appointment.phone)
    return own + contact_keys(appointment.helper_email, appointment.helper_phone)


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


def still_as_seen(commune_id: int, appointment_id: int, version: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Appointment.commune_id == commune_id,
        Appointment.id == appointment_id,
        Appointment.state == AppointmentState.BOOKED,
        Appointment.version == version,
    )
