"""How long one waits for an appointment: written down once a day for each service at each office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.timespan import instant, local_date
from booking.models import Commune, FirstFree
from booking.usecases.catalogue import offices_of, public_services
from booking.usecases.offers import counters_taking, first_free_in_each
from booking.usecases.schedules import schedules_of
from booking.usecases.statements import insert_unless_taken

SINCE = time(8)
"""So early in the morning it is looked at: before that nobody would book, and times of the day may be released."""


@dataclass(frozen=True)
class CommuneToday:
    """A commune on its local day; ``is_to_note`` while nothing was written down on it, from the morning on."""

    id: int
    today: date
    is_to_note: bool


def communes_of(session: Session, *, now: datetime) -> list[CommuneToday]:
    found = []
    for commune in session.scalars(select(Commune).order_by(Commune.id)).all():
        today = local_date(now, commune.zone)
        done = select(FirstFree.day).where(FirstFree.commune_id == commune.id, FirstFree.day == today).limit(1)
        has_begun = now >= instant(today, SINCE, commune.zone)
        found.append(CommuneToday(commune.id, today, has_begun and session.scalars(done).first() is None))
    return found


def note_first_free(session: Session, *, commune_id: int, day: date, now: datetime) -> int:
    """Write down in how many days each service is free at each office that gives it by appointment.

    What is written down stays: a second worker, or a second look, adds nothing. Gives the number of rows.
    """
    offices = offices_of(session, commune_id=commune_id)
    services = [one for one in public_services(session, commune_id=commune_id) if one.mode.is_bookable]
    schedules = schedules_of(session, offices)
    free = first_free_in_each(session, offices=offices, services=services, now=now)
    rows: list[dict[str, Any]] = []
    for service in services:
        starts = free.get(service.id, {})
        for office in offices:
            if counters_taking(schedules[office.id], service.id):
                start = starts.get(office)
                days = (local_date(start, office.zone) - day).days if start else None
                own = {"commune_id": commune_id, "office_id": office.id, "service_id": service.id}
                rows.append(own | {"day": day, "days": days})
    if rows:
        session.execute(insert_unless_taken(session, FirstFree, "day"), rows)
    return len(rows)
