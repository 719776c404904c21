"""The demonstration loaded for a test, and what the tests ask of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking import demo
from booking.core.timespan import local_date
from booking.models import Appointment, Commune
from booking.settings import Settings
from booking.usecases.catalogue import public_services
from booking.usecases.offers import first_free
from tests.databases import Database
from tests.moments import BRUSSELS, MONDAY, at

NOW = at(MONDAY, "10:40") + timedelta(seconds=7)
SETTINGS = Settings()


def load(database: Database, now: datetime = NOW) -> int:
    return sum(1 for _ in demo.load(database.engine, settings=SETTINGS, now=now))


@dataclass(frozen=True)
class Loaded:
    """A database with the demonstration, read through one session."""

    database: Database
    session: Session

    def rows(self, statement: Any) -> list[Any]:
        return list(self.session.scalars(statement))

    def commune(self, first_language: str) -> Commune:
        return self.session.scalars(select(Commune).where(Commune.first_language == first_language)).one()

    def visits(self, *where: Any) -> list[Appointment]:
        return self.rows(select(Appointment).where(*where).order_by(Appointment.start, Appointment.counter_id))


def days_until_free(session: Session, commune_id: int, now: datetime) -> dict[str, int]:
    """In how many days each service that can be booked is first free."""
    wanted = [one for one in public_services(session, commune_id=commune_id) if one.mode.is_bookable]
    found = first_free(session, commune_id=commune_id, services=wanted, now=now)
    today = local_date(now, BRUSSELS)
    return {one.code: (local_date(found[one.id][0], BRUSSELS) - today).days for one in wanted}
