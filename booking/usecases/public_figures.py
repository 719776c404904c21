"""What everybody may know of waiting: in how many days services are free, and how long one usually waits without."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from booking.core.figures import FEWEST, Sums, at_share, together
from booking.core.timespan import local_date
from booking.core.translated import Translated
from booking.models import Commune
from booking.usecases.catalogue import offices_of, public_services
from booking.usecases.figures import Chosen, figure_rows, first_free_rows

LOOKED_BACK = timedelta(days=28)
STILL_TRUE = timedelta(days=3)
"""So old a first free time may be and is still told: longer than a weekend, and nobody knows."""

MIDDLE = 50


@dataclass(frozen=True)
class PublicFigure:
    """A service at an office. ``days`` is ``None`` where nothing was free when it was looked at, on ``seen_on``.

    ``wait`` is the middle one of the last weeks in minutes. With ``is_hidden`` too few waited to tell it.
    """

    code: str
    name: Translated
    by_appointment: bool
    seen_on: date | None
    days: int | None
    takes_walk_ins: bool
    wait: int | None
    is_hidden: bool


@dataclass(frozen=True)
class OfficeFigures:
    code: str
    name: Translated
    services: tuple[PublicFigure, ...]


def public_figures(session: Session, *, commune_id: int, now: datetime) -> tuple[OfficeFigures, ...]:
    """The figures of every office in use, service by service: of those that are had there in any way at all."""
    today = local_date(now, session.get_one(Commune, commune_id).zone)
    offices, services = offices_of(session, commune_id=commune_id), public_services(session, commune_id=commune_id)
    chosen = Chosen(commune_id, frozenset(office.id for office in offices), today - LOOKED_BACK, today)
    free = {
        (row.office_id, row.service_id): row for row in first_free_rows(session, chosen) if row.day > today - STILL_TRUE
    }
    each: dict[tuple[int, int], list[Sums]] = {}
    for row in figure_rows(session, chosen):
        each.setdefault((row.office_id, row.service_id), []).append(row.sums)
    waits = {pair: together(several).walk_in_waits for pair, several in each.items()}
    found = []
    for office in offices:
        lines = []
        for service in services:
            seen, minutes = free.get((office.id, service.id)), waits.get((office.id, service.id), {})
            takes_walk_ins = service.mode.takes_walk_ins and bool(minutes)
            if seen is None and not takes_walk_ins:
                continue
            is_hidden = 0 < sum(minutes.values()) < FEWEST
            lines.append(
                PublicFigure(
                    code=service.code,
                    name=service.name,
                    by_appointment=seen is not None,
                    seen_on=seen.day if seen else None,
                    days=seen.days if seen else None,
                    takes_walk_ins=takes_walk_ins,
                    wait=None if is_hidden else at_share(minutes, MIDDLE),
                    is_hidden=takes_walk_ins and is_hidden,
                )
            )
        found.append(OfficeFigures(office.code, office.name, tuple(lines)))
    return tuple(found)
