"""Seats: the one mechanism behind every limit. The lowest free place is taken, or there is none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, HoldKind
from booking.core.contacts import person_key
from booking.core.errors import AlreadyBooked, TooManyAppointments, TooManyHolds
from booking.core.references import digest
from booking.core.timespan import floor_to_tick
from booking.models import Appointment, AppointmentLine, Seat, TrustedHelper
from booking.usecases.statements import insert_unless_taken, table_of

HOLDS, PERSON, CONTACT, HELPER, QUOTA = "holds", "person", "contact", "helper", "quota"
OF_PERSON = (PERSON, CONTACT, HELPER)
"""The kinds of places that belong to whom a visit is for; that of a quota belongs to its time."""

MOST_HELPED = 12
"""So many appointments to come somebody may have made for others, unless the commune trusts them with more."""

SEATS = table_of(Seat)
TAKEN = select(SEATS.c.n).where(
    SEATS.c.kind == bindparam("of_kind"), SEATS.c.key == bindparam("of_key"), SEATS.c.period == bindparam("of_period")
)
FREE_ALL = delete(SEATS).where(
    SEATS.c.commune_id == bindparam("of_commune"),
    SEATS.c.appointment_id.in_(bindparam("of_appointments", expanding=True)),
)
FREE_SOME = FREE_ALL.where(SEATS.c.kind.in_(bindparam("of_kinds", expanding=True)))
LINES = table_of(AppointmentLine)
SERVICES = select(LINES.c.service_id).where(
    LINES.c.commune_id == bindparam("of_commune"), LINES.c.appointment_id == bindparam("of_appointment")
)


@dataclass(frozen=True, order=True)
class Limit:
    """What is counted, for whose key, and how many of it may be."""

    kind: str
    key: str
    most: int


def take_seat(session: Session, limit: Limit, *, commune_id: int, appointment_id: int, period: str = "") -> bool:
    """Take the lowest free ``n`` up to the limit for this appointment; ``False`` when all are taken.

    Two units that reach for the same place meet at its key: the second waits, then takes the next one. It tries no
    more places than are left: where the limit was lowered, those beyond it count too, and whatever has been taken
    meanwhile no ``n`` with all that are higher comes to more than the limit.
    """
    taken = set(session.scalars(TAKEN, {"of_kind": limit.kind, "of_key": limit.key, "of_period": period}))
    free = (n for n in range(1, limit.most + 1) if n not in taken)
    for n in islice(free, max(limit.most - len(taken), 0)):
        place = {"kind": limit.kind, "key": limit.key, "period": period, "n": n}
        of = {"commune_id": commune_id, "appointment_id": appointment_id}
        if session.scalar(insert_unless_taken(session, Seat, "n"), place | of) is not None:
            return True
    return False


def free_seats(session: Session, *, commune_id: int, appointment_ids: Sequence[int], kinds: Iterable[str] = ()) -> None:
    """Give back the seats of appointments: those of ``kinds``, or all."""
    mine = {"of_commune": commune_id, "of_appointments": appointment_ids}
    if kinds:
        session.execute(FREE_SOME, mine | {"of_kinds": list(kinds)})
    else:
        session.execute(FREE_ALL, mine)


def clear_lapsed_holds(session: Session, *, key: str, now: datetime) -> None:
    """Remove this client's own public holds whose time is over, and with them their claims and seats."""
    theirs = select(Seat.appointment_id).where(Seat.kind == HOLDS, Seat.key == key)
    session.execute(
        delete(Appointment).where(
            Appointment.state == AppointmentState.HELD,
            Appointment.hold_kind == HoldKind.PUBLIC,
            Appointment.held_until <= now,
            Appointment.id.in_(theirs),
        )
    )


def clear_past_visits(session: Session, *, kind: str, key: str, now: datetime) -> None:
    """A limit on appointments to come no longer counts a visit whose end has passed."""
    past = select(Appointment.id).where(Appointment.id == Seat.appointment_id, Appointment.end <= floor_to_tick(now))
    session.execute(delete(Seat).where(Seat.kind == kind, Seat.key == key, past.exists()))


def take_hold_seat(
    session: Session, *, commune_id: int, appointment_id: int, client: str, per_client: int, now: datetime
) -> None:
    """Raises ``TooManyHolds`` when this client holds as many times as it may."""
    limit = Limit(HOLDS, client, per_client)
    if take_seat(session, limit, commune_id=commune_id, appointment_id=appointment_id):
        return
    clear_lapsed_holds(session, key=client, now=now)
    if not take_seat(session, limit, commune_id=commune_id, appointment_id=appointment_id):
        raise TooManyHolds(limit=per_client)


def are_trusted(session: Session, *, commune_id: int, helpers: Sequence[str]) -> bool:
    """Whether the commune knows one of these contacts as that of an organisation that books for many."""
    known = select(TrustedHelper.id).where(
        TrustedHelper.commune_id == commune_id, TrustedHelper.contact_key.in_(helpers)
    )
    return session.scalars(known.limit(1)).first() is not None


def take_seats_of_contact(
    session: Session,
    *,
    commune_id: int,
    appointment_id: int,
    name: str,
    contacts: Sequence[str],
    per_contact: int,
    helpers: Sequence[str] = (),
    per_helper: int = MOST_HELPED,
    beside: int | None = None,
    now: datetime,
) -> None:
    """One appointment to come per name, contact and service, and so many per contact in this commune.

    Each contact that was given counts by itself. Those of whoever books for others (``helpers``) count for each
    person apart, and ``per_helper`` for all together, without end for whom the commune trusts. Two visits that belong
    together were one wish and count as one: the places of contacts and helpers, and that of a service both are for,
    are those of the visit ``beside``. All are taken in one
    order, so that two units never wait for one another. Raises ``AlreadyBooked`` or ``TooManyAppointments``.
    """
    helpers = [helper for helper in helpers if helper not in contacts]
    mine = {"commune_id": commune_id, "appointment_id": appointment_id}
    places = places_of_services(session, **mine, name=name, contacts=(*contacts, *helpers), beside=beside)
    if beside is None:
        places += [Limit(CONTACT, digest(str(commune_id), contact), per_contact) for contact in contacts]
        places += [Limit(CONTACT, person_key(name, f"{commune_id}:{helper}"), per_contact) for helper in helpers]
        if helpers and not are_trusted(session, commune_id=commune_id, helpers=helpers):
            places += [Limit(HELPER, digest(str(commune_id), helper), per_helper) for helper in helpers]
    take_places(session, places, **mine, now=now)


def take_seats_of_services(
    session: Session,
    *,
    commune_id: int,
    appointment_id: int,
    name: str,
    contacts: Sequence[str],
    beside: int | None = None,
    now: datetime,
) -> None:
    """One appointment to come per name, contact and service: for an appointment that is for other services now.

    How many a contact has does not count: it is none more. Raises ``AlreadyBooked``.
    """
    mine = {"commune_id": commune_id, "appointment_id": appointment_id}
    places = places_of_services(session, **mine, name=name, contacts=contacts, beside=beside)
    take_places(session, places, **mine, now=now)


def places_of_services(
    session: Session,
    *,
    commune_id: int,
    appointment_id: int,
    name: str,
    contacts: Sequence[str],
    beside: int | None,
) -> list[Limit]:
    """The one place of this person for each service of an appointment that the visit ``beside`` is not for as well."""
    services = session.scalars(SERVICES, {"of_commune": commune_id, "of_appointment": appointment_id}).all()
    if beside is not None:
        theirs = session.scalars(SERVICES, {"of_commune": commune_id, "of_appointment": beside}).all()
        services = [service for service in services if service not in theirs]
    return [Limit(PERSON, person_key(name, f"{contact}:{service}"), 1) for contact in contacts for service in services]


def take_places(
    session: Session, places: Sequence[Limit], *, commune_id: int, appointment_id: int, now: datetime
) -> None:
    # Whoever has an appointment for it is told that first; all else is one order, whatever was wished in which.
    for one in sorted(places, key=lambda place: (place.kind != PERSON, place)):
        if not take_seat(session, one, commune_id=commune_id, appointment_id=appointment_id):
            clear_past_visits(session, kind=one.kind, key=one.key, now=now)
            if not take_seat(session, one, commune_id=commune_id, appointment_id=appointment_id):
                raise AlreadyBooked if one.kind == PERSON else TooManyAppointments(limit=one.most)
