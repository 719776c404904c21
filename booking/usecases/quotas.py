"""Quotas of services: a place in the day or week of a visit is taken with its time, and freed with it.

They hold for everybody, staff too. A quota that is lowered takes no visit away: until enough of them are gone there
is no place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, delete, exists, func, insert, or_, select
from sqlalchemy.orm import Session, aliased

from booking.core.appointments import OCCUPYING, AppointmentState, HoldKind, OwnTime
from booking.core.errors import QuotaReached
from booking.core.opening import monday_of
from booking.core.quotas import Quota
from booking.models import Appointment, AppointmentLine, Seat, Service
from booking.models.appointments import is_live
from booking.usecases.limits import QUOTA, Limit, take_seat
from booking.usecases.statements import QUIETLY

COUNTLESS = 10**6
"""More places than a day or week has visits: who is there already is counted, whatever the quota."""


def full_days(
    session: Session,
    *,
    services: Iterable[Service],
    days: Sequence[date],
    own: OwnTime | None = None,
    number: int = 1,
    now: datetime,
) -> frozenset[date]:
    """The days on which one of these services no longer takes so many more visits: one statement, none without quotas.

    A visit that is moved (``own``) has its place in its own day or week already.
    """
    counted = [(service.id, quota) for service in services if (quota := service.counted)]
    if not counted or not days:
        return frozenset()
    used = used_up(session, counted=counted, days=days, now=now)
    return frozenset(
        day
        for service_id, quota in counted
        for day in days
        if used.get((str(service_id), quota.period_of(day)), 0) + number > quota.most
        if not (own and own.counts_for(service_id, quota, day))
    )


def full_days_of_each(
    session: Session, *, services: Iterable[Service], days: Sequence[date], now: datetime
) -> dict[int, frozenset[date]]:
    """The same of each service that is counted, by its id."""
    counted = [(service.id, quota) for service in services if (quota := service.counted)]
    if not counted or not days:
        return {}
    used = used_up(session, counted=counted, days=days, now=now)
    return {
        number: frozenset(day for day in days if used.get((str(number), quota.period_of(day)), 0) >= quota.most)
        for number, quota in counted
    }


def used_up(
    session: Session, *, counted: Iterable[tuple[int, Quota]], days: Sequence[date], now: datetime
) -> dict[tuple[str, str], int]:
    """How many places of each service are taken in each period of these days; a hold that lapsed takes none."""
    periods = {(str(number), quota.period_of(day)) for number, quota in counted for day in days}
    names = [period for _, period in periods]
    wanted = (
        select(Seat.key, Seat.period, func.count().label("number"))
        .join(Appointment, (Appointment.commune_id == Seat.commune_id) & (Appointment.id == Seat.appointment_id))
        .where(
            Seat.kind == QUOTA,
            Seat.key.in_({key for key, _ in periods}),
            Seat.period.between(min(names), max(names)),
            *is_live(now),
        )
        .group_by(Seat.key, Seat.period)
    )
    return {(row.key, row.period): row.number for row in session.execute(wanted)}


def take_places_of_quotas(
    session: Session,
    *,
    services: Iterable[Service],
    day: date,
    commune_id: int,
    appointment_id: int,
    now: datetime,
    own: OwnTime | None = None,
) -> None:
    """A place for a visit on a local day in the quota of each of its services, but where its ``own`` time has one.

    They are taken in one order, so that two units do not wait for one another. Raises ``QuotaReached``.
    """
    of = {"commune_id": commune_id, "appointment_id": appointment_id}
    for service in sorted(services, key=lambda one: one.id):
        quota = service.counted
        if quota is None or (own and own.counts_for(service.id, quota, day)):
            continue
        limit, period = Limit(QUOTA, str(service.id), quota.most), quota.period_of(day)
        if not take_seat(session, limit, **of, period=period):
            clear_lapsed(session, key=limit.key, period=period, now=now)
            if not take_seat(session, limit, **of, period=period):
                raise QuotaReached


def clear_lapsed(session: Session, *, key: str, period: str, now: datetime) -> None:
    """Remove the holds of a period whose time is over, and with them their claims and seats."""
    theirs = select(Seat.appointment_id).where(Seat.kind == QUOTA, Seat.key == key, Seat.period == period)
    session.execute(
        delete(Appointment).where(
            Appointment.state == AppointmentState.HELD, Appointment.held_until <= now, Appointment.id.in_(theirs)
        ),
        execution_options=QUIETLY,
    )


def leave_other_places(session: Session, *, services: Iterable[Service], day: date, appointment_id: int) -> None:
    """A visit that is on ``day`` now, for these services, keeps no place of another day, week or service."""
    kept = [
        and_(Seat.key == str(service.id), Seat.period == quota.period_of(day))
        for service in services
        if (quota := service.counted)
    ]
    theirs = (Seat.kind == QUOTA, Seat.appointment_id == appointment_id)
    session.execute(delete(Seat).where(*theirs, *([~or_(*kept)] if kept else [])), execution_options=QUIETLY)


def count_anew(session: Session, *, service: Service, today: date) -> None:
    """Give every visit its place that counts in a day or week to come, after its service is counted otherwise.

    The offices are taken before: nobody holds a time meanwhile. No visit is refused, however many there are.
    """
    of_service = (Seat.commune_id == service.commune_id, Seat.kind == QUOTA, Seat.key == str(service.id))
    session.execute(delete(Seat).where(*of_service), execution_options=QUIETLY)
    quota = service.counted
    if quota is None:
        return
    replaced, own_line = aliased(Appointment), aliased(AppointmentLine)
    is_own = exists().where(own_line.appointment_id == replaced.id, own_line.service_id == service.id)
    visits = session.execute(
        select(Appointment.id, Appointment.local_date, replaced.local_date.label("own_day"), is_own.label("is_own"))
        .join(
            AppointmentLine,
            (AppointmentLine.commune_id == Appointment.commune_id) & (AppointmentLine.appointment_id == Appointment.id),
        )
        .outerjoin(replaced, replaced.id == Appointment.replaces_id)
        .where(
            Appointment.commune_id == service.commune_id,
            AppointmentLine.service_id == service.id,
            Appointment.local_date >= monday_of(today),
            Appointment.state.in_((AppointmentState.HELD, *OCCUPYING)),
            or_(Appointment.state != AppointmentState.HELD, Appointment.hold_kind != HoldKind.RESTING),
        )
        .order_by(Appointment.id)
    )
    places: dict[str, int] = defaultdict(int)
    rows = []
    for visit in visits:
        period = quota.period_of(visit.local_date)
        # What is held to move a visit within its day or week has the place of that visit.
        if visit.is_own and visit.own_day is not None and quota.period_of(visit.own_day) == period:
            continue
        places[period] += 1
        seat: dict[str, Any] = {"kind": QUOTA, "key": str(service.id), "period": period, "n": places[period]}
        rows.append(seat | {"commune_id": service.commune_id, "appointment_id": visit.id})
    if rows:
        session.execute(insert(Seat), rows)


def count_agreed(session: Session, *, service: Service, visits: Iterable[tuple[int, date]]) -> None:
    """Visits that were agreed elsewhere, each with its local day, have their places however many there are."""
    quota = service.counted
    if quota is None:
        return
    limit = Limit(QUOTA, str(service.id), COUNTLESS)
    for appointment_id, day in visits:
        of = {"commune_id": service.commune_id, "appointment_id": appointment_id}
        take_seat(session, limit, **of, period=quota.period_of(day))
