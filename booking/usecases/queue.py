"""The queue of an office as it stands: whoever waits, is called or is set aside today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Date, ScalarSelect, Select, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from booking.core.errors import Unknown
from booking.core.needs import Need
from booking.core.references import digest
from booking.core.tickets import TO_COME, Aside, Origin, Position, Step, TicketState, number_told
from booking.core.translated import Translated
from booking.core.turns import InLine, order
from booking.models import Appointment, Counter, Desk, Office, Pause, Service, Ticket, TicketLine
from booking.models.base import Instant
from booking.usecases.statements import table_of

TICKETS, LINES, APPOINTMENTS = table_of(Ticket), table_of(TicketLine), table_of(Appointment)
OFFICES, COUNTERS, DESKS, PAUSES = table_of(Office), table_of(Counter), table_of(Desk), table_of(Pause)


class QueueLine(NamedTuple):
    service_id: int
    service: Translated
    persons: int
    minutes: int
    is_sensitive: bool


class InQueue(NamedTuple):
    """A ticket as pages of staff show it. ``start`` is that of its appointment, ``None`` for a walk-in.

    ``reference`` and ``name`` are the appointment's, or what a walk-in said.
    """

    id: int
    office_id: int
    version: int
    letter: str
    number: int
    state: TicketState
    turn: int
    leads_from: int | None
    origin: Origin
    appointment_id: int | None
    counter_id: int | None
    counter: str | None
    for_counter_id: int | None
    persons: int
    language: str | None
    help_language: str | None
    needs: frozenset[Need] | None
    name: str | None
    reference: str | None
    start: datetime | None
    late_minutes: int | None
    calls: int
    aside: Aside | None
    issued_at: datetime
    called_at: datetime | None
    begun_at: datetime | None
    ended_at: datetime | None
    last_step: Step
    last_step_at: datetime
    undo_state: TicketState | None
    return_until: date | None
    returns_id: int | None
    lines: tuple[QueueLine, ...]

    @property
    def told(self) -> str:
        return number_told(self.letter, self.number)

    @property
    def position(self) -> Position:
        return Position(self.state, self.calls, self.ended_at, self.last_step, self.last_step_at, self.undo_state)

    @property
    def services(self) -> frozenset[int]:
        return frozenset(line.service_id for line in self.lines)

    @property
    def is_sensitive(self) -> bool:
        return any(line.is_sensitive for line in self.lines)

    @property
    def in_line(self) -> InLine:
        return InLine(self.id, self.turn, self.leads_from, self.help_language)


SHOWN = (
    select(
        TICKETS.c.id,
        TICKETS.c.office_id,
        TICKETS.c.version,
        TICKETS.c.letter,
        TICKETS.c.number,
        TICKETS.c.state,
        TICKETS.c.turn,
        TICKETS.c.leads_from,
        TICKETS.c.origin,
        TICKETS.c.appointment_id,
        TICKETS.c.counter_id,
        COUNTERS.c.label,
        TICKETS.c.for_counter_id,
        TICKETS.c.persons,
        TICKETS.c.language,
        TICKETS.c.help_language,
        func.coalesce(APPOINTMENTS.c.needs, TICKETS.c.needs, type_=TICKETS.c.needs.type),
        func.coalesce(APPOINTMENTS.c.name, TICKETS.c.name),
        APPOINTMENTS.c.reference,
        APPOINTMENTS.c.start,
        APPOINTMENTS.c.late_minutes,
        TICKETS.c.calls,
        TICKETS.c.aside,
        TICKETS.c.issued_at,
        TICKETS.c.called_at,
        TICKETS.c.begun_at,
        TICKETS.c.ended_at,
        TICKETS.c.last_step,
        TICKETS.c.last_step_at,
        TICKETS.c.undo_state,
        TICKETS.c.return_until,
        TICKETS.c.returns_id,
    )
    .outerjoin(COUNTERS, COUNTERS.c.id == TICKETS.c.counter_id)
    .outerjoin(APPOINTMENTS, APPOINTMENTS.c.id == TICKETS.c.appointment_id)
)


def queue_of(
    session: Session,
    *,
    office: Office,
    day: date,
    states: Collection[TicketState] = TO_COME,
    ended_since: datetime | None = None,
) -> tuple[InQueue, ...]:
    """The tickets of a local day in these states, and those that ended after ``ended_since``, by their turn: the order
    of a counter is another matter.
    """
    in_state = TICKETS.c.state.in_(states)
    wanted = in_state if ended_since is None else or_(in_state, TICKETS.c.ended_at > ended_since)
    of_day = (
        TICKETS.c.commune_id == office.commune_id,
        TICKETS.c.office_id == office.id,
        TICKETS.c.local_date == day,
        wanted,
    )
    rows = session.execute(SHOWN.where(*of_day).order_by(TICKETS.c.turn, TICKETS.c.id)).all()
    lines = lines_of(session, [row.id for row in rows])
    return tuple(InQueue._make((*row, tuple(lines[row.id]))) for row in rows)


def in_queue(session: Session, *, commune_id: int, office_ids: Collection[int], ticket_id: int) -> InQueue:
    """One ticket of these offices, of whatever day. Raises ``Unknown``."""
    this = (TICKETS.c.commune_id == commune_id, TICKETS.c.office_id.in_(office_ids), TICKETS.c.id == ticket_id)
    row = session.execute(SHOWN.where(*this)).one_or_none()
    if row is None:
        raise Unknown
    return InQueue._make((*row, tuple(lines_of(session, [ticket_id])[ticket_id])))


def lines_of(session: Session, ticket_ids: Sequence[int]) -> Mapping[int, list[QueueLine]]:
    found: dict[int, list[QueueLine]] = defaultdict(list)
    wanted = (
        select(LINES.c.ticket_id, LINES.c.service_id, LINES.c.service_name, LINES.c.persons, LINES.c.minutes)
        .add_columns(Service.is_sensitive)
        .join(Service, Service.id == LINES.c.service_id)
        .where(LINES.c.ticket_id.in_(ticket_ids))
        .order_by(LINES.c.ticket_id, LINES.c.position)
    )
    for ticket_id, *line in session.execute(wanted) if ticket_ids else ():
        found[ticket_id].append(QueueLine(*line))
    return found


def in_order(
    tickets: Iterable[InQueue], *, now: datetime, spoken: Iterable[str] = (), language_minutes: int = 0
) -> list[InQueue]:
    """Those who wait, in the order in which they are called where ``spoken`` is spoken."""
    waiting = [one for one in tickets if one.state == TicketState.WAITING]
    how = {"now": now, "spoken": frozenset(spoken), "language_minutes": language_minutes}
    return sorted(waiting, key=lambda one: order(one.in_line, **how))  # type: ignore[arg-type]


def one(wanted: Select[Any]) -> ScalarSelect[Any]:
    return wanted.correlate(OFFICES).scalar_subquery()


OF_DAY = (
    TICKETS.c.office_id == OFFICES.c.id,
    TICKETS.c.local_date.between(bindparam("first_day", type_=Date), bindparam("last_day", type_=Date)),
)
OPEN_DESK = (COUNTERS.c.office_id == OFFICES.c.id, DESKS.c.closed_at.is_(None))
AT_COUNTERS = COUNTERS.c.id == DESKS.c.counter_id
LASTS = case((PAUSES.c.until > bindparam("now", type_=Instant), 1), else_=0)
HOW_FAR = (
    one(select(func.count()).where(*OF_DAY)),
    one(select(func.coalesce(func.sum(TICKETS.c.version), 0)).where(*OF_DAY)),
    one(select(func.count()).select_from(DESKS).join(COUNTERS, AT_COUNTERS).where(*OPEN_DESK)),
    one(select(func.max(DESKS.c.id)).join(COUNTERS, AT_COUNTERS).where(*OPEN_DESK)),
    one(select(func.count(DESKS.c.help_asked_at)).join(COUNTERS, AT_COUNTERS).where(*OPEN_DESK)),
    one(select(func.count()).where(PAUSES.c.office_id == OFFICES.c.id)),
    one(select(func.max(PAUSES.c.id)).where(PAUSES.c.office_id == OFFICES.c.id)),
    one(select(func.sum(LASTS)).where(PAUSES.c.office_id == OFFICES.c.id)),
)
"""How far the queue of an office has come between two days: columns of one statement about its row."""

# Made once: screens ask for it every few seconds.
FRESHNESS = select(*HOW_FAR).select_from(OFFICES).where(OFFICES.c.id == bindparam("office_id"))


def freshness(session: Session, *, office: Office, day: date, now: datetime) -> str:
    """A short name for how far the queue of a day has come: another one as soon as anything about it has changed.

    Every step raises the version of its ticket, so their number and their sum never are what they were.
    """
    wanted = {"office_id": office.id, "first_day": day, "last_day": day, "now": now}
    facts = session.execute(FRESHNESS, wanted).one()
    return digest(*(str(fact) for fact in (office.id, office.schedule_version, day, *facts)))
