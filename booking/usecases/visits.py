"""Appointments as staff see them: one visit, the visits of a search, those nobody has settled yet.

Contact data are not part of a visit: they are asked for (``looks.py``), and the journal says by whom.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from booking.core.appointments import AppointmentState
from booking.core.errors import Unknown
from booking.core.marks import Mark, Marked, Standing
from booking.core.references import typed_reference
from booking.core.text import folded
from booking.core.timespan import Span, floor_to_tick, local_date, wall_time
from booking.core.translated import Translated
from booking.models import Appointment, AppointmentLine, Counter, Message, Office
from booking.models.messages import MessageKind, MessageState

MOST_FOUND = 50
MOST_UNMARKED = 100


@dataclass(frozen=True)
class VisitLine:
    """A service of the visit under the name it was booked by."""

    service_id: int
    service: Translated
    persons: int


@dataclass(frozen=True)
class Visit:
    """A visit as a page of staff shows it: ``day``, ``wall`` and ``wall_end`` are the office's own.

    ``is_unreached``: the last message about it was refused. A held time has no lines and no name.
    """

    id: int
    version: int
    office: Translated
    counter_id: int
    counter: str
    start: datetime
    end: datetime
    day: date
    wall: time
    wall_end: time
    standing: Standing
    marks: tuple[Mark, ...]
    name: str | None
    reference: str | None
    language: str | None
    help_language: str | None
    arrived: time | None
    has_contact: bool
    is_outside_hours: bool
    is_unreached: bool
    lines: tuple[VisitLine, ...] = field(default=())

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def is_held(self) -> bool:
        return self.standing == Standing.HELD


@dataclass(frozen=True)
class Choice:
    """What the list is narrowed to: a counter, a service, or neither."""

    counter_id: int | None = None
    service_id: int | None = None

    def takes(self, visit: Visit) -> bool:
        at_counter = self.counter_id in {None, visit.counter_id}
        return at_counter and (self.service_id is None or any(l_.service_id == self.service_id for l_ in visit.lines))


@dataclass(frozen=True)
class Unreached:
    """A message that was refused for good, with the visit it was about and the number to ring instead."""

    visit: Visit
    kind: MessageKind
    phone: str | None


def in_offices(commune_id: int, office_ids: Collection[int]) -> Select[Appointment]:
    """Every visit and hold of these offices: where each query of staff begins."""
    return select(Appointment).where(Appointment.commune_id == commune_id, Appointment.office_id.in_(office_ids))


SHOWN = (
    Appointment.id,
    Appointment.version,
    Appointment.counter_id,
    Appointment.start,
    Appointment.end,
    Appointment.local_date,
    Appointment.state,
    Appointment.arrived_at,
    Appointment.settled_at,
    Appointment.name,
    Appointment.reference,
    Appointment.language,
    Appointment.help_language,
    Appointment.kept_outside_at,
    or_(Appointment.email.is_not(None), Appointment.phone.is_not(None)).label("has_contact"),
    Counter.label.label("counter"),
    Office.name.label("office"),
    Office.zone_key,
)


def visits_of(session: Session, wanted: Select[Any], *, now: datetime) -> tuple[Visit, ...]:
    """The visits of a select over ``Appointment``, in its order: three statements, however many they are."""
    rows = session.execute(
        wanted.join(Counter, Counter.id == Appointment.counter_id)
        .join(Office, Office.id == Appointment.office_id)
        .with_only_columns(*SHOWN, maintain_column_froms=True)
    ).all()
    booked = [row.id for row in rows if row.state != AppointmentState.HELD]
    lines, unreached = lines_of(session, booked), unreached_among(session, booked)
    return tuple(visit_of(row, lines.get(row.id, ()), row.id in unreached, now=now) for row in rows)


def visit_of(row: Any, lines: tuple[VisitLine, ...], is_unreached: bool, *, now: datetime) -> Visit:
    zone = ZoneInfo(row.zone_key)
    marked = Marked(row.state, row.local_date, row.arrived_at, row.settled_at)
    return Visit(
        id=row.id,
        version=row.version,
        office=row.office,
        counter_id=row.counter_id,
        counter=row.counter,
        start=row.start,
        end=row.end,
        day=row.local_date,
        wall=wall_time(row.start, zone),
        wall_end=wall_time(row.end, zone),
        standing=marked.standing,
        marks=marked.next_marks(today=local_date(now, zone), now=now),
        name=row.name,
        reference=row.reference,
        language=row.language,
        help_language=row.help_language,
        arrived=wall_time(row.arrived_at, zone) if row.arrived_at else None,
        has_contact=row.has_contact,
        is_outside_hours=row.kept_outside_at is not None,
        is_unreached=is_unreached,
        lines=lines,
    )


def lines_of(session: Session, ids: Sequence[int]) -> dict[int, tuple[VisitLine, ...]]:
    rows = session.execute(
        select(
            AppointmentLine.appointment_id,
            AppointmentLine.service_id,
            AppointmentLine.service_name,
            AppointmentLine.persons,
        )
        .where(AppointmentLine.appointment_id.in_(ids))
        .order_by(AppointmentLine.appointment_id, AppointmentLine.position)
    )
    found: dict[int, tuple[VisitLine, ...]] = {}
    for appointment_id, service_id, service, persons in rows:
        line = VisitLine(service_id, service, persons)
        found[appointment_id] = (*found.get(appointment_id, ()), line)
    return found


def unreached_among(session: Session, ids: Sequence[int]) -> frozenset[int]:
    """Those of the appointments whose last message was refused."""
    refused = select(Message.appointment_id).where(Message.appointment_id.in_(ids), *refused_for_good())
    return frozenset(one for one in session.scalars(refused) if one is not None)


def refused_for_good() -> tuple[Any, ...]:
    """A refused message counts until a later one about the same visit takes its place."""
    later = aliased(Message)
    overtaken = select(later.id).where(later.appointment_id == Message.appointment_id, later.id > Message.id)
    return Message.state == MessageState.REFUSED, ~overtaken.exists()


def visit(
    session: Session, *, commune_id: int, office_ids: Collection[int], appointment_id: int, now: datetime
) -> Visit:
    """One visit, cancelled or not. Raises ``Unknown``, for a mere hold too."""
    wanted = in_offices(commune_id, office_ids).where(
        Appointment.id == appointment_id, Appointment.state != AppointmentState.HELD
    )
    found = visits_of(session, wanted, now=now)
    if not found:
        raise Unknown
    return found[0]


def find(
    session: Session, *, commune_id: int, office_ids: Collection[int], text: str, now: datetime
) -> tuple[Visit, ...]:
    """Visits of any day, cancelled ones too, newest first, 50 at most: by reference, or by every word of a name.

    Accents, case and the order of the words do not count.
    """
    words, reference = folded(text).split(), typed_reference(text)
    by_name = [Appointment.name_search.contains(word, autoescape=True) for word in words]
    if not words:
        return ()
    wanted = in_offices(commune_id, office_ids).where(Appointment.state != AppointmentState.HELD)
    named = wanted.where(*by_name) if reference is None else None
    if named is None:
        named = wanted.where(or_(Appointment.reference == reference, *([by_name[0]] if len(words) == 1 else [])))
    return visits_of(session, named.order_by(Appointment.start.desc(), Appointment.id).limit(MOST_FOUND), now=now)


def unmarked(session: Session, *, office: Office, now: datetime) -> tuple[Visit, ...]:
    """Visits of past days of which nobody has said how they went, newest first, 100 at most."""
    wanted = in_offices(office.commune_id, (office.id,)).where(*is_unmarked(office, now))
    return visits_of(session, wanted.order_by(Appointment.start.desc()).limit(MOST_UNMARKED), now=now)


def is_unmarked(office: Office, now: datetime) -> tuple[Any, ...]:
    return Appointment.state == AppointmentState.BOOKED, Appointment.local_date < local_date(now, office.zone)


def unreached(session: Session, *, office: Office, now: datetime) -> tuple[Unreached, ...]:
    """Refused messages about visits still to come, the nearest visit first, with the phone number to ring."""
    rows = session.execute(
        select(Message.appointment_id, Message.kind, Appointment.phone)
        .join(Appointment, Appointment.id == Message.appointment_id)
        .where(*is_unreached(office, now), *refused_for_good())
        .order_by(Appointment.start, Appointment.id)
        .limit(MOST_FOUND)
    ).all()
    ids = [row.appointment_id for row in rows]
    of_these = in_offices(office.commune_id, (office.id,)).where(Appointment.id.in_(ids))
    known = {one.id: one for one in visits_of(session, of_these, now=now)}
    return tuple(Unreached(known[row.appointment_id], row.kind, row.phone) for row in rows)


def is_unreached(office: Office, now: datetime) -> tuple[Any, ...]:
    return (
        Appointment.commune_id == office.commune_id,
        Appointment.office_id == office.id,
        Appointment.end > floor_to_tick(now),
    )


@dataclass(frozen=True)
class LooseEnds:
    """What waits for somebody in an office: visits to settle, people whom no message reached."""

    unmarked: int
    unreached: int


def loose_ends(session: Session, *, office: Office, now: datetime) -> LooseEnds:
    past = in_offices(office.commune_id, (office.id,)).where(*is_unmarked(office, now))
    lost = select(Message.id).join(Appointment, Appointment.id == Message.appointment_id)
    lost = lost.where(*is_unreached(office, now), *refused_for_good())
    counts = (select(func.count()).select_from(each.subquery()).scalar_subquery() for each in (past, lost))
    unmarked_, unreached_ = session.execute(select(*counts)).one()
    return LooseEnds(unmarked_, unreached_)
