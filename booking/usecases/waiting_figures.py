"""What the list for an earlier appointment brings: times freed, offered and taken, and the days gained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import mean

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from booking.core.waiting import OfferState, median_days
from booking.models import FreedTime, Offer

LAST_MONTH = timedelta(days=30)


@dataclass(frozen=True)
class ListFigures:
    """Of times that were freed since a moment: how many, to how many somebody was offered one, how many were taken.

    ``mean_days`` are those gained on average by who took one, ``None`` when nobody did.
    """

    freed: int = 0
    offered: int = 0
    taken: int = 0
    mean_days: float | None = None


def figures(session: Session, *, commune_id: int, since: datetime) -> dict[int, ListFigures]:
    """The figures of each service for which times were freed since a moment, by what the freed visit was for.

    A time whose cancellation was undone was not freed, unless somebody in the list has taken it meanwhile.
    """
    taken = func.max(case((Offer.state == OfferState.TAKEN, 1), else_=0))
    each = (
        select(
            FreedTime.service_id,
            FreedTime.id,
            func.count(Offer.id).label("offers"),
            taken.label("taken"),
            func.sum(case((Offer.state == OfferState.TAKEN, Offer.gained_days), else_=0)).label("days"),
        )
        .outerjoin(Offer, (Offer.commune_id == FreedTime.commune_id) & (Offer.freed_time_id == FreedTime.id))
        .where(FreedTime.commune_id == commune_id, FreedTime.freed_at > since)
        .group_by(FreedTime.service_id, FreedTime.id)
        .having(or_(FreedTime.undone_at.is_(None), taken == 1))
    )
    found: dict[int, list[tuple[int, int, int]]] = {}
    for row in session.execute(each):
        found.setdefault(row.service_id, []).append((row.offers, row.taken or 0, row.days or 0))
    return {service: counted(rows) for service, rows in found.items()}


def counted(rows: list[tuple[int, int, int]]) -> ListFigures:
    """One line of figures from what became of each freed time: its offers, whether one was taken, the days gained."""
    gains = [days for _, taken, days in rows if taken]
    offered = sum(offers > 0 for offers, _, _ in rows)
    return ListFigures(len(rows), offered, len(gains), mean(gains) if gains else None)


def median_gain(session: Session, *, commune_id: int, service_ids: Iterable[int], now: datetime) -> int | None:
    """The days that people who waited for one of these services gained in the last month: the middle one of them.

    ``None`` when nobody took an earlier time.
    """
    gains = session.scalars(
        select(Offer.gained_days).where(
            Offer.commune_id == commune_id,
            Offer.service_id.in_(list(service_ids)),
            Offer.settled_at > now - LAST_MONTH,
            Offer.state == OfferState.TAKEN,
        )
    ).all()
    return median_days(gains)
