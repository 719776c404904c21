"""What cannot be given at an office now, because what it needs is down: nothing of today is offered for it there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import PausedNow
from booking.core.timespan import day_span, local_date
from booking.core.translated import Translated
from booking.models import Appointment, AppointmentLine, Office, Pause, Service


class Paused(NamedTuple):
    """A service that cannot be given at an office now, and since when."""

    service_id: int
    name: Translated
    since: datetime


class PausedPlace(NamedTuple):
    """An office with the services that cannot be given there now."""

    office_id: int
    office: Translated
    services: tuple[Translated, ...]


def is_on(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Pause.since <= now, or_(Pause.until.is_(None), Pause.until > now)


def are_at(offices: Sequence[Office]) -> tuple[ColumnElement[bool], ...]:
    """That a pause is at one of these offices of a commune."""
    communes, numbers = {office.commune_id for office in offices}, [office.id for office in offices]
    return Pause.commune_id.in_(communes), Pause.office_id.in_(numbers)


def paused_at(session: Session, *, offices: Sequence[Office], now: datetime) -> dict[int, frozenset[int]]:
    """The services that cannot be given now at each of some offices, by the office's id; in one statement."""
    found: dict[int, set[int]] = {office.id: set() for office in offices}
    wanted = select(Pause.office_id, Pause.service_id).where(*are_at(offices), *is_on(now))
    for office_id, service_id in session.execute(wanted):
        found[office_id].add(service_id)
    return {office_id: frozenset(services) for office_id, services in found.items()}


def paused_in(session: Session, *, office: Office, now: datetime) -> frozenset[int]:
    """The services that cannot be given at an office now."""
    return paused_at(session, offices=[office], now=now)[office.id]


def offered_from(
    session: Session, *, offices: Sequence[Office], service_ids: Collection[int], now: datetime
) -> dict[int, datetime]:
    """From when on a visit for all of these services is offered at each office: where one of them pauses, not today."""
    paused = paused_at(session, offices=offices, now=now)
    return {one.id: tomorrow(one, now) if paused[one.id].intersection(service_ids) else now for one in offices}


def check_offered(
    session: Session, *, office: Office, service_ids: Collection[int], start: datetime, now: datetime
) -> None:
    """Raises ``PausedNow`` for a start of today when one of these services pauses at the office."""
    is_today = local_date(start, office.zone) == local_date(now, office.zone)
    if is_today and paused_in(session, office=office, now=now).intersection(service_ids):
        raise PausedNow


def pauses_of(
    session: Session, *, offices: Sequence[Office], service_ids: Collection[int], now: datetime
) -> list[tuple[Office, datetime]]:
    """The offices where one of these services cannot be given now, and since when."""
    wanted = select(Pause.office_id, func.min(Pause.since)).where(
        *are_at(offices), Pause.service_id.in_(service_ids), *is_on(now)
    )
    since = {row[0]: row[1] for row in session.execute(wanted.group_by(Pause.office_id))}
    return [(office, since[office.id]) for office in offices if office.id in since]


def tomorrow(office: Office, now: datetime) -> datetime:
    """When the next local day of an office begins (UTC): what pauses now is offered again from then on."""
    return day_span(local_date(now, office.zone) + timedelta(days=1), office.zone).start


def paused_now(session: Session, *, office: Office, now: datetime) -> tuple[Paused, ...]:
    """The services that cannot be given at an office now, in the order of its catalogue."""
    wanted = (
        select(Pause.service_id, Service.name, func.min(Pause.since))
        .join(Service, (Service.commune_id == Pause.commune_id) & (Service.id == Pause.service_id))
        .where(Pause.commune_id == office.commune_id, Pause.office_id == office.id, *is_on(now))
        .group_by(Pause.service_id, Service.name, Service.position, Service.id)
        .order_by(Service.position, Service.id)
    )
    return tuple(Paused(*row) for row in session.execute(wanted))


def paused_places(session: Session, *, commune_id: int, now: datetime) -> tuple[PausedPlace, ...]:
    """Every office of a commune where something is down, in their order."""
    offices = select(Office).where(
        Office.commune_id == commune_id,
        Office.retired_at.is_(None),
        exists().where(Pause.commune_id == commune_id, Pause.office_id == Office.id, *is_on(now)),
    )
    return tuple(
        PausedPlace(office.id, office.name, tuple(one.name for one in paused_now(session, office=office, now=now)))
        for office in session.scalars(offices.order_by(Office.position, Office.id))
    )


def what_pauses_of(session: Session, *, appointment: Appointment, now: datetime) -> tuple[Translated, ...]:
    """The services of a visit of today that cannot be given at its office now, under the names it was booked by."""
    office = session.get_one(Office, appointment.office_id)
    if appointment.state != AppointmentState.BOOKED or appointment.local_date != local_date(now, office.zone):
        return ()
    paused = exists().where(
        Pause.commune_id == appointment.commune_id,
        Pause.office_id == appointment.office_id,
        Pause.service_id == AppointmentLine.service_id,
        *is_on(now),
    )
    mine = (AppointmentLine.commune_id == appointment.commune_id, AppointmentLine.appointment_id == appointment.id)
    wanted = select(AppointmentLine.service_name).where(*mine, paused)
    return tuple(session.scalars(wanted.order_by(AppointmentLine.position)))
