"""Appointments as staff see them: one visit, the visits of a search, those nobody has settled yet.

Contact data are not part of a visit: they are asked for (``looks.py``), and the journal says by whom.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, partial
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, bindparam, literal_column, or_, select
from sqlalchemy.orm import Session

from booking.core.marks import Mark, Marked, Standing
from booking.core.needs import Need
from booking.core.tickets import TicketState
from booking.core.timespan import Span, local_date, wall_time
from booking.core.translated import Translated
from booking.models import Appointment, AppointmentLine, Counter, Message, Office, Ticket
from booking.models.appointments import is_live
from booking.models.base import Instant
from booking.models.messages import REMINDERS, MessageState
from booking.models.offices import CounterKind
from booking.usecases.coming import IS_ASKED
from booking.usecases.statements import table_of


class VisitLine(NamedTuple):
    """A service of the visit under the name it was booked by, and who comes along for it."""

    service_id: int
    service: Translated
    persons: int
    names: str | None = None


class Visit(NamedTuple):
    """A visit as a page of staff shows it: ``day``, ``wall`` and ``wall_end`` are the office's own.

    ``is_unreached``: the last message about it was refused. ``late_minutes``: so late they said they will be.
    ``coming``: when they said that they are coming, in the zone of the office; ``is_asked``: they were asked and have
    not said it. ``helper``: who booked it for them. ``is_extra``: staff gave it beside what the counters can take.
    ``in_two``: two colleagues receive them (``usecases/cautions.py``). A held time has no lines and no name.
    """

    id: int
    version: int
    office_id: int
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
    late_minutes: int | None
    coming: datetime | None
    is_asked: bool
    helper: str | None
    needs: frozenset[Need] | None
    is_extra: bool
    lines: tuple[VisitLine, ...]
    in_two: bool = False

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def will_be_late(self) -> bool:
        """Whether they said so, and have not arrived: whoever is there is no longer awaited."""
        return self.late_minutes is not None and self.standing == Standing.EXPECTED

    @property
    def is_unconfirmed(self) -> bool:
        """Whether they were asked if they come and have not answered, while they are awaited."""
        return self.is_asked and self.standing == Standing.EXPECTED

    @property
    def has_flags(self) -> bool:
        """Whether anything is out of the ordinary about it."""
        is_seen = self.is_outside_hours or self.is_unreached or self.will_be_late or self.is_unconfirmed
        return bool(is_seen or self.helper or self.needs or self.in_two or self.is_extra)

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


EVERYTHING = Choice()


APPOINTMENTS, LINES, MESSAGES = table_of(Appointment), table_of(AppointmentLine), table_of(Message)
COUNTERS, OFFICES, TICKETS = table_of(Counter), table_of(Office), table_of(Ticket)
LATER = MESSAGES.alias("later")

# A message counts until a later one about the same visit takes its place; a reminder does when its time has come.
IS_LAST_WORD = (
    ~select(LATER.c.id)
    .where(
        LATER.c.appointment_id == MESSAGES.c.appointment_id,
        LATER.c.recipient == MESSAGES.c.recipient,
        LATER.c.id > MESSAGES.c.id,
        LATER.c.state != MessageState.DROPPED,
        or_(LATER.c.kind.not_in(REMINDERS), LATER.c.state != MessageState.QUEUED),
    )
    .correlate(MESSAGES)
    .exists()
)
TO_SETTLE = (
    # Written out, or SQLite would not see that the index of what is to settle answers it.
    MESSAGES.c.state.in_([literal_column(f"'{state}'") for state in (MessageState.REFUSED, MessageState.TO_RING)]),
    IS_LAST_WORD,
)
"""What could not be sent and waits for somebody to ring."""

PAPERS_WERE_MISSING = (
    select(TICKETS.c.id)
    .where(TICKETS.c.appointment_id == APPOINTMENTS.c.id, TICKETS.c.state == TicketState.INCOMPLETE)
    .correlate(APPOINTMENTS)
    .exists()
)
# Made once, of tables and not of models: a day has hundreds of visits, and agents look at it all day long.
SHOWN = (
    select(
        APPOINTMENTS.c.id,
        APPOINTMENTS.c.version,
        APPOINTMENTS.c.office_id,
        APPOINTMENTS.c.counter_id,
        APPOINTMENTS.c.start,
        APPOINTMENTS.c.end,
        APPOINTMENTS.c.local_date,
        APPOINTMENTS.c.state,
        APPOINTMENTS.c.arrived_at,
        APPOINTMENTS.c.settled_at,
        APPOINTMENTS.c.name,
        APPOINTMENTS.c.reference,
        APPOINTMENTS.c.language,
        APPOINTMENTS.c.help_language,
        APPOINTMENTS.c.kept_outside_at.is_not(None),
        or_(*(APPOINTMENTS.c[name].is_not(None) for name in ("email", "phone", "helper_email", "helper_phone"))),
        select(MESSAGES.c.id)
        .where(MESSAGES.c.appointment_id == APPOINTMENTS.c.id, *TO_SETTLE, MESSAGES.c.state == MessageState.REFUSED)
        .correlate(APPOINTMENTS)
        .exists(),
        APPOINTMENTS.c.late_minutes,
        APPOINTMENTS.c.coming_at,
        IS_ASKED,
        APPOINTMENTS.c.helper_name,
        APPOINTMENTS.c.needs,
        COUNTERS.c.kind == CounterKind.EXTRA,
        PAPERS_WERE_MISSING,
        COUNTERS.c.label,
        OFFICES.c.name,
        OFFICES.c.zone_key,
        LINES.c.service_id,
        LINES.c.service_name,
        LINES.c.persons,
        LINES.c.names,
    )
    .join(COUNTERS, COUNTERS.c.id == APPOINTMENTS.c.counter_id)
    .join(OFFICES, OFFICES.c.id == APPOINTMENTS.c.office_id)
    .outerjoin(LINES, LINES.c.appointment_id == APPOINTMENTS.c.id)
)
FIRST_OF_LINE = len(SHOWN.selected_columns) - len(VisitLine._fields)

OF_A_DAY = SHOWN.where(
    APPOINTMENTS.c.commune_id == bindparam("commune_id"),
    APPOINTMENTS.c.office_id == bindparam("office_id"),
    APPOINTMENTS.c.local_date == bindparam("day"),
    *is_live(bindparam("now", type_=Instant), APPOINTMENTS.c),
).order_by(APPOINTMENTS.c.start, APPOINTMENTS.c.counter_id, APPOINTMENTS.c.id, LINES.c.position)


def in_offices(commune_id: int, office_ids: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    """Every visit and hold of these offices: where each query of staff begins."""
    return APPOINTMENTS.c.commune_id == commune_id, APPOINTMENTS.c.office_id.in_(office_ids)


def visits_of_day(session: Session, *, office: Office, day: date, now: datetime) -> tuple[Visit, ...]:
    """The visits and living holds of a day, by their start."""
    facts = {"commune_id": office.commune_id, "office_id": office.id, "day": day, "now": now}
    return told(session.execute(OF_A_DAY, facts), now)


def visits_in(
    session: Session, ids: Select[int], *order: ColumnElement[Any], now: datetime, **facts: Any
) -> tuple[Visit, ...]:
    """The visits whose ids a select finds, in an order, with ``facts`` for its parameters."""
    wanted = SHOWN.where(APPOINTMENTS.c.id.in_(ids)).order_by(*order, APPOINTMENTS.c.id, LINES.c.position)
    return told(session.execute(wanted, facts), now)


def told(rows: Iterable[Row[Any]], now: datetime) -> tuple[Visit, ...]:
    """Visits out of rows of ``SHOWN``, where those of one visit follow each other, one for each line."""
    today_in = cache(partial(local_date, now))
    return tuple(visit_of(list(found), now, today_in) for _, found in groupby(rows, key=itemgetter(0)))


def visit_of(rows: Sequence[Row[Any]], now: datetime, today_in: Callable[[ZoneInfo], date]) -> Visit:
    # Taken apart at once: a column asked for by its name costs as much as all of them by their place.
    (
        number,
        version,
        office_id,
        counter_id,
        start,
        end,
        day,
        state,
        arrived_at,
        settled_at,
        name,
        reference,
        language,
        help_language,
        is_outside_hours,
        has_contact,
        is_unreached,
        late_minutes,
        coming_at,
        is_asked,
        helper,
        needs,
        is_extra,
        is_incomplete,
        counter,
        office,
        zone_key,
        service_id,
        *_,
    ) = tuple(rows[0])
    zone = ZoneInfo(zone_key)
    marked = Marked(state, day, start, arrived_at, settled_at, is_incomplete)
    return Visit(
        id=number,
        version=version,
        office_id=office_id,
        office=office,
        counter_id=counter_id,
        counter=counter,
        start=start,
        end=end,
        day=day,
        wall=wall_time(start, zone),
        wall_end=wall_time(end, zone),
        standing=marked.standing,
        marks=marked.next_marks(today=today_in(zone), now=now),
        name=name,
        reference=reference,
        language=language,
        help_language=help_language,
        arrived=wall_time(arrived_at, zone) if arrived_at else None,
        has_contact=has_contact,
        is_outside_hours=is_outside_hours,
        is_unreached=is_unreached,
        late_minutes=late_minutes,
        coming=coming_at.astimezone(zone) if coming_at else None,
        is_asked=is_asked,
        helper=helper,
        needs=needs,
        is_extra=is_extra,
        lines=tuple(VisitLine(*row[FIRST_OF_LINE:]) for row in rows) if service_id else (),
    )
