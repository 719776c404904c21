"""What passes from the hold to the appointment that it moves: its time, claims, lines and seats."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Row, delete, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, Channel, OwnTime, has_begun
from booking.core.contacts import contact_keys
from booking.core.errors import HasArrived, HoldGone, HoldLapsed, OutOfDate, TooSoon, VisitBegun
from booking.core.timespan import tick_of
from booking.models import Appointment, AppointmentLine, Claim, Seat
from booking.usecases.appointments import lines_of, still_as_seen
from booking.usecases.claims import give_up
from booking.usecases.groups import booked_after
from booking.usecases.limits import HOLDS, PERSON, free_seats, take_seats_of_services
from booking.usecases.quotas import leave_other_places
from booking.usecases.statements import QUIETLY

TAKEN_OVER = ("office_id", "counter_id", "start", "end", "local_date", "wall_time", "buffer_minutes")
"""What an appointment takes over from the hold that replaces it."""


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
            Appointment.needs,
            Appointment.disturbed_at,
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
            Appointment.needs,
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
    kept = OwnTime(new.counter_id, tick_of(new.start), tick_of(new.end), new.office_id)
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
) -> bool:
    """What the visit is for: a service it had keeps its line and what was said about it, with its new length.

    Says whether that has changed, services or persons.
    """
    before = {line.service_id: line for line, _ in lines_of(session, commune_id=commune_id, appointment_id=old.id)}
    wanted = {line.service_id: line for line, _ in lines_of(session, commune_id=commune_id, appointment_id=new.id)}
    is_changed = persons_of(before) != persons_of(wanted)
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
    return is_changed


def persons_of(lines: Mapping[int, AppointmentLine]) -> dict[int, int]:
    return {service_id: line.persons for service_id, line in lines.items()}


def pass_seats(
    session: Session, *, commune_id: int, old: Row[*tuple[object, ...]], new: Row[*tuple[object, ...]]
) -> None:
    """Seats that the hold took of a quota are the appointment's from now on, beside those it still has a use for.

    Those of a client are free. The lines have passed before.
    """
    free_seats(session, commune_id=commune_id, appointment_ids=[new.id], kinds=(HOLDS,))
    services = [service for _, service in lines_of(session, commune_id=commune_id, appointment_id=old.id)]
    leave_other_places(session, services=services, day=new.local_date, appointment_id=old.id)
    of_hold = update(Seat).where(Seat.commune_id == commune_id, Seat.appointment_id == new.id)
    session.execute(of_hold.values(appointment_id=old.id), execution_options=QUIETLY)
