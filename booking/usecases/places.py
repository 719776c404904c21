"""The counters of an office as they stand: who sits there, and the visitor who stands at it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from booking.core.tickets import AT_COUNTER
from booking.core.translated import Translated
from booking.models import Counter, Desk, Office, Person
from booking.models.offices import CounterKind
from booking.usecases.desks import Seated
from booking.usecases.queue import InQueue
from booking.usecases.statements import table_of

COUNTERS, DESKS, PEOPLE = table_of(Counter), table_of(Desk), table_of(Person)
# Made once: many agents ask for them all day long.
PLACES = (
    select(COUNTERS.c.id, COUNTERS.c.label, COUNTERS.c.note, COUNTERS.c.kind == CounterKind.EXTRA)
    .add_columns(DESKS.c.person_id, PEOPLE.c.name, PEOPLE.c.speaks)
    .add_columns(DESKS.c.opened_at, DESKS.c.help_asked_at)
    .outerjoin(DESKS, (DESKS.c.counter_id == COUNTERS.c.id) & DESKS.c.closed_at.is_(None))
    .outerjoin(PEOPLE, PEOPLE.c.id == DESKS.c.person_id)
    .where(
        COUNTERS.c.commune_id == bindparam("commune_id"),
        COUNTERS.c.office_id == bindparam("office_id"),
        COUNTERS.c.retired_at.is_(None),
    )
    .order_by(COUNTERS.c.position, COUNTERS.c.id)
)


class Place(NamedTuple):
    """A counter of the office, who sits there, and the visitor who stands at it."""

    id: int
    label: str
    note: Translated
    is_extra: bool
    seated: Seated | None
    ticket: InQueue | None = None


def places_of(session: Session, *, office: Office, tickets: Sequence[InQueue]) -> tuple[Place, ...]:
    """The counters in use, in their order."""
    standing = {one.counter_id: one for one in tickets if one.state in AT_COUNTER}
    rows = session.execute(PLACES, {"commune_id": office.commune_id, "office_id": office.id})
    return tuple(
        Place(number, label, note, is_extra, Seated(number, label, *who) if who[0] else None, standing.get(number))
        for number, label, note, is_extra, *who in rows
    )
