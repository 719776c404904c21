"""When the offices of a commune are open: for everything or for one service, today and in the week that begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from booking.core.hours import Coming, OpenHours, coming
from booking.core.opening import Mode
from booking.models import Office, Service
from booking.usecases.catalogue import offices_of
from booking.usecases.schedules import schedules_of

WEEK = 7


@dataclass(frozen=True)
class Week:
    """The hours of an office and how one may come in them, day by day from today."""

    office: Office
    days: tuple[tuple[date, tuple[OpenHours, ...]], ...]


@dataclass(frozen=True)
class WalkIn:
    """Where one can come without an appointment, and when next."""

    office: Office
    coming: Coming


def hours_of(
    session: Session, *, commune_id: int, now: datetime, service: Service | None = None, mode: Mode | None = None
) -> list[Week]:
    """The hours of every office, or those for a service in the offices that do it, from today on.

    A service is had in its own way, or in ``mode``: an urgent case may come without the appointment others make.
    """
    offices = offices_of(session, commune_id=commune_id)
    schedules = schedules_of(session, offices)
    if service is None:
        return [week_of(office, schedules[office.id].hours_on, now) for office in offices]
    mode = mode or service.mode.at_the_counter
    if mode is None:
        return []
    return [
        week_of(office, partial(schedules[office.id].hours_on, service=service.id, mode=mode), now)
        for office in offices
        if any(schedules[office.id].rules_for(service.id, mode))
    ]


def week_of(office: Office, hours_on: Callable[[date], tuple[OpenHours, ...]], now: datetime) -> Week:
    today = now.astimezone(office.zone).date()
    days = (today + timedelta(days=number) for number in range(WEEK))
    return Week(office, tuple((day, hours_on(day)) for day in days))


def walk_in(weeks: Iterable[Week], *, now: datetime) -> list[WalkIn]:
    """The offices to which one can come without an appointment in these weeks, each with what is left of its hours."""
    return [WalkIn(week.office, found) for week in weeks if (found := coming(week.days, now))]
