"""What is counted of one day of an office, read from its rows as they are now: a few statements for all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from booking.core.appointments import OCCUPYING, AppointmentState
from booking.core.figures import FreedFacts, TicketFacts, VisitFacts, Way
from booking.core.opening import without
from booking.core.tickets import Step
from booking.core.timespan import Span, day_span, local_date, tick_of
from booking.core.waiting import OfferState
from booking.models import (
    Appointment,
    AppointmentLine,
    Block,
    Counter,
    FreedTime,
    Message,
    Offer,
    Office,
    Ticket,
    TicketLine,
    TicketStep,
)
from booking.models.messages import REMINDERS, MessageState
from booking.usecases.schedules import schedule_of
from booking.usecases.statements import table_of

VISITS, LINES, MESSAGES = table_of(Appointment), table_of(AppointmentLine), table_of(Message)
TICKETS, TICKET_LINES, STEPS = table_of(Ticket), table_of(TicketLine), table_of(TicketStep)
FREED, OFFERS, BLOCKS, COUNTERS = table_of(FreedTime), table_of(Offer), table_of(Block), table_of(Counter)

MINUTE = timedelta(minutes=1)
Times = list[tuple[datetime, datetime]]


@dataclass(frozen=True)
class Plan:
    """When the counters of an office are open on a day: for appointments, and for people without one alone."""

    booked: Times
    walk_in: Times


def visits_on(session: Session, *, office: Office, day: date) -> Iterator[tuple[VisitFacts, datetime, datetime]]:
    """The appointments of a day, but for holds, each with its time."""
    first_line = (LINES.c.commune_id == VISITS.c.commune_id) & (LINES.c.appointment_id == VISITS.c.id)
    reminded = select(MESSAGES.c.id).where(
        MESSAGES.c.appointment_id == VISITS.c.id,
        MESSAGES.c.kind.in_(REMINDERS),
        MESSAGES.c.of_start == VISITS.c.start,
        MESSAGES.c.state.in_((MessageState.SENT, MessageState.RUNG)),
    )
    rows = session.execute(
        select(VISITS.c.counter_id, VISITS.c.state, VISITS.c.channel, VISITS.c.language, VISITS.c.start, VISITS.c.end)
        .add_columns(VISITS.c.booked_at, VISITS.c.changed_at, VISITS.c.cancel_reason, LINES.c.service_id)
        .add_columns(reminded.exists().label("was_reminded"))
        .join(LINES, first_line & (LINES.c.position == 1))
        .where(
            VISITS.c.commune_id == office.commune_id,
            VISITS.c.office_id == office.id,
            VISITS.c.local_date == day,
            VISITS.c.state != AppointmentState.HELD,
        )
    )
    for row in rows:
        ticks = range(tick_of(row.start), tick_of(row.end))
        agreed_at = row.changed_at or row.booked_at
        facts = VisitFacts(
            service_id=row.service_id,
            state=row.state,
            channel=row.channel,
            language=row.language,
            day=day,
            agreed_on=local_date(agreed_at, office.zone),
            was_reminded=bool(row.was_reminded),
            by_commune=row.cancel_reason is not None,
            ticks=frozenset((row.counter_id, tick) for tick in ticks),
        )
        yield facts, row.start, row.end


def tickets_on(session: Session, *, office: Office, day: date) -> Iterator[tuple[TicketFacts, datetime, datetime]]:
    """The tickets of a day, each with the time its visitor was at a counter (none, where nobody measured it)."""
    called = select(STEPS.c.ticket_id, func.min(STEPS.c.at).label("at")).where(STEPS.c.step == Step.CALL)
    of_day = (TICKETS.c.office_id == office.id, TICKETS.c.local_date == day)
    first_call = (
        called.where(STEPS.c.ticket_id.in_(select(TICKETS.c.id).where(*of_day))).group_by(STEPS.c.ticket_id).subquery()
    )
    planned = (
        select(TICKET_LINES.c.ticket_id, func.sum(TICKET_LINES.c.minutes).label("minutes"))
        .add_columns(func.min(TICKET_LINES.c.position).label("position"))
        .where(TICKET_LINES.c.ticket_id.in_(select(TICKETS.c.id).where(*of_day)))
        .group_by(TICKET_LINES.c.ticket_id)
        .subquery()
    )
    rows = session.execute(
        select(TICKETS.c.state, TICKETS.c.appointment_id, TICKETS.c.returns_id, TICKETS.c.language)
        .add_columns(TICKETS.c.issued_at, TICKETS.c.begun_at, TICKETS.c.ended_at)
        .add_columns(first_call.c.at.label("called_at"), VISITS.c.start, planned.c.minutes, TICKET_LINES.c.service_id)
        .join(planned, planned.c.ticket_id == TICKETS.c.id)
        .join(
            TICKET_LINES,
            (TICKET_LINES.c.ticket_id == TICKETS.c.id) & (TICKET_LINES.c.position == planned.c.position),
        )
        .outerjoin(first_call, first_call.c.ticket_id == TICKETS.c.id)
        .outerjoin(VISITS, VISITS.c.id == TICKETS.c.appointment_id)
        .where(*of_day)
    )
    for row in rows:
        # Whoever was settled on a later day was not at the counter until then.
        is_whole = row.begun_at and row.ended_at and local_date(row.ended_at, office.zone) == day
        facts = TicketFacts(
            service_id=row.service_id,
            state=row.state,
            way=way_of(row),
            language=row.language,
            waited=waited(row),
            served=(row.ended_at - row.begun_at) // MINUTE if is_whole else None,
            planned=int(row.minutes),
        )
        yield facts, row.begun_at or row.issued_at, row.ended_at or row.issued_at


def way_of(row: Any) -> Way | None:
    if row.appointment_id is not None:
        return None
    return Way.BACK if row.returns_id is not None else Way.WALK_IN


def waited(row: Any) -> int | None:
    """Minutes until the call: from the time that was promised, if somebody came before it, else from their arrival."""
    if row.called_at is None:
        return None
    since = max(row.issued_at, row.start) if row.start else row.issued_at
    minutes: int = (row.called_at - since) // MINUTE
    return max(minutes, 0)


def freed_between(session: Session, *, office: Office, first: datetime, end: datetime) -> list[Any]:
    """The times given back to the list between two moments, each with what became of it.

    A time whose cancellation was undone was not freed, unless somebody in the list has taken it meanwhile.
    """
    is_taken = func.max(case((OFFERS.c.state == OfferState.TAKEN, 1), else_=0))
    rows = session.execute(
        select(FREED.c.id, FREED.c.service_id, FREED.c.freed_at, FREED.c.undone_at)
        .add_columns(func.count(OFFERS.c.id).label("offers"), is_taken.label("is_taken"))
        .add_columns(
            func.sum(case((OFFERS.c.state == OfferState.TAKEN, OFFERS.c.gained_days), else_=0)).label("gained_days")
        )
        .outerjoin(OFFERS, and_(OFFERS.c.commune_id == FREED.c.commune_id, OFFERS.c.freed_time_id == FREED.c.id))
        .where(FREED.c.commune_id == office.commune_id, FREED.c.office_id == office.id)
        .where(FREED.c.freed_at >= first, FREED.c.freed_at < end)
        .group_by(FREED.c.id, FREED.c.service_id, FREED.c.freed_at, FREED.c.undone_at)
        .order_by(FREED.c.id)
    )
    return [row for row in rows if row.undone_at is None or row.is_taken]


def freed_on(session: Session, *, office: Office, day: date) -> list[FreedFacts]:
    whole = day_span(day, office.zone)
    return [
        FreedFacts(row.service_id, row.offers, bool(row.is_taken), int(row.gained_days or 0))
        for row in freed_between(session, office=office, first=whole.start, end=whole.end)
    ]


def plan_of(session: Session, *, office: Office, day: date) -> Plan:
    """When the counters are open by the hours of the office as they are now, breaks and absences left out."""
    schedule = schedule_of(session, office)
    whole = day_span(day, office.zone)
    rows = session.execute(
        select(BLOCKS.c.counter_id, BLOCKS.c.start, BLOCKS.c.end)
        .join(COUNTERS, (COUNTERS.c.commune_id == BLOCKS.c.commune_id) & (COUNTERS.c.id == BLOCKS.c.counter_id))
        .where(COUNTERS.c.commune_id == office.commune_id, COUNTERS.c.office_id == office.id)
        .where(BLOCKS.c.end > whole.start, BLOCKS.c.start <= whole.end)
    )
    blocked: dict[int, list[Span]] = {}
    for row in rows:
        blocked.setdefault(row.counter_id, []).append(Span(row.start, row.end))

    def left(*, with_appointment: bool) -> Times:
        spans = (
            span
            for counter in schedule.serves
            for span in without(
                list(schedule.staffed_on(day, counter, with_appointment=with_appointment)), blocked.get(counter, [])
            )
        )
        return [(span.start, span.end) for span in spans]

    return Plan(left(with_appointment=True), left(with_appointment=False))


def times_taken(visits: Iterable[tuple[VisitFacts, datetime, datetime]]) -> Times:
    return [(start, end) for visit, start, end in visits if visit.state in OCCUPYING]
