"""What must always be true of the rows, whatever happened; each breach is one line, and names nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from booking.core.appointments import VISITS_IN_GROUP, AppointmentState
from booking.core.timespan import floor_to_tick
from booking.models import Appointment, AppointmentLine, Base, ChecklistVersion, Claim, Office, Seat
from booking.usecases.check_messages import (
    holds_without_offer,
    reminders_of_another_time,
    stuck_messages,
    unannounced,
    unreachable_entries,
    untold_offers,
)
from booking.usecases.check_quotas import uncounted
from booking.usecases.check_rebookings import carried_on_in_vain, held_for_nobody, untold, waiting_too_long
from booking.usecases.check_sheets import old_sheets
from booking.usecases.check_tickets import (
    at_counters_elsewhere,
    beyond_the_count,
    ended_apart,
    for_nothing,
    waiting_without_arrival,
)
from booking.usecases.check_times import (
    CLAIMING,
    Wanted,
    cancelled_with,
    claims_of_appointments,
    claims_of_blocks,
    counters_elsewhere,
    holds_overlapping,
    overlapping,
    replacing_nothing,
    steps_turned_round,
)
from booking.usecases.limits import HOLDS, PERSON


def problems(session: Session, *, now: datetime) -> list[str]:
    """Every breach of an invariant, as ``invariant: rows``; an empty list is the wished-for answer."""
    found = []
    for invariant, wanted in statements(now):
        found += [f"{invariant}: {described(row)}" for row in session.execute(wanted).mappings()]
    return [
        *found,
        *wrong_wall_times(session, now=now),
        *uncounted(session, now=now),
        *old_sheets(session, now=now),
    ]


def described(row: Any) -> str:
    return ", ".join(f"{name} {value}" for name, value in row.items())


def statements(now: datetime) -> Iterator[tuple[str, Wanted]]:
    """The invariants by name, each with the statement that finds its breaches."""
    yield "an appointment claims exactly its ticks at its counter", claims_of_appointments()
    yield "a block claims exactly its ticks at its counter", claims_of_blocks()
    yield "a cancelled appointment keeps no claim", cancelled_with(Claim)
    yield "a cancelled appointment keeps no seat", cancelled_with(Seat)
    yield "no two appointments overlap at a counter", overlapping()
    yield "a time held to move an appointment overlaps with that one alone", holds_overlapping()
    yield "only a hold replaces an appointment, and none that is cancelled", replacing_nothing()
    yield "an appointment is at a counter of its own office", counters_elsewhere()
    yield "an appointment has at least one service", without_lines()
    yield "visits that belong together were booked together, and are two", half_booked()
    yield "a party was booked whole", parties_in_part()
    yield "of two steps the file comes after the information", steps_turned_round()
    yield "whoever gave an address has a confirmation in the outbox", unannounced(booked=True)
    yield "whoever gave an address was told of the cancellation", unannounced(booked=False)
    yield "a reminder that waits is of the time of its visit", reminders_of_another_time(now)
    yield "no message waits longer than half an hour", stuck_messages(now)
    yield "only a hold sits on a client's seat, and one person on their own", wrong_seats()
    yield "a visit keeps a version of its list that exists", lists_lost()
    yield "a time that is offered belongs to one open offer, and replaces its person's own", holds_without_offer()
    yield "whoever was offered a time has a message in the outbox", untold_offers()
    yield "whoever waits for an earlier time can be reached", unreachable_entries()
    yield "a visit that is carried on stands as it did", carried_on_in_vain()
    yield "another time that is held is proposed to the person of its visit", held_for_nobody()
    yield "whoever is asked about another time has a message, or a line on the call list", untold()
    yield "no visit waits longer than half an hour to be carried on", waiting_too_long(now)
    yield "the end of a ticket and of its appointment are told alike", ended_apart()
    yield "whoever waits with an appointment has arrived", waiting_without_arrival()
    yield "a ticket’s number is counted", beyond_the_count()
    yield "a ticket is for at least one service", for_nothing()
    yield "a visitor stands at a counter of the office they came to", at_counters_elsewhere()
    yield from (("no row points outside its commune", wanted) for wanted in crossing_tenants())


def parties_in_part() -> Wanted:
    """A party is booked in one unit: every visit of it is there, and none is still held."""
    held = func.sum(case((Appointment.state == AppointmentState.HELD, 1), else_=0))
    return (
        select(func.min(Appointment.id).label("appointment"), func.count().label("visits"))
        .where(Appointment.party_key.is_not(None))
        .group_by(Appointment.party_key)
        .having(or_(held > 0, func.count() != func.max(Appointment.party_size)))
    )


def without_lines() -> Wanted:
    line = exists().where(AppointmentLine.appointment_id == Appointment.id)
    return select(Appointment.id.label("appointment")).where(~line)


def lists_lost() -> Wanted:
    kept = exists().where(
        ChecklistVersion.commune_id == AppointmentLine.commune_id,
        ChecklistVersion.service_id == AppointmentLine.service_id,
        ChecklistVersion.version == AppointmentLine.checklist_version,
    )
    return select(AppointmentLine.appointment_id.label("appointment")).where(
        AppointmentLine.checklist_version.is_not(None), ~kept
    )


def half_booked() -> Wanted:
    """Held together they may lapse, and one may be gone already; once one is booked the other is, or was."""
    booked = func.sum(case((Appointment.state == AppointmentState.HELD, 0), else_=1))
    return (
        select(func.min(Appointment.id).label("appointment"), func.count().label("visits"))
        .where(Appointment.group_key.is_not(None))
        .group_by(Appointment.group_key)
        .having(booked > 0, or_(booked != func.count(), func.count() != VISITS_IN_GROUP))
    )


def wrong_seats() -> Wanted:
    held = Appointment.state == AppointmentState.HELD
    return (
        select(Seat.appointment_id.label("appointment"), Seat.kind, Seat.n)
        .outerjoin(Appointment, Appointment.id == Seat.appointment_id)
        .where(or_(Appointment.id.is_(None), and_(Seat.kind == HOLDS, ~held), and_(Seat.kind == PERSON, Seat.n > 1)))
    )


def crossing_tenants() -> Iterator[Wanted]:
    """Every key within a commune, looked up again: a restored copy may have lost what once enforced it."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            columns, parents = list(key.columns), [element.column for element in key.elements]
            parent = parents[0].table.alias()
            there = exists(select(literal(1)).select_from(parent)).where(
                *(parent.columns[wanted.name] == column for wanted, column in zip(parents, columns, strict=True))
            )
            names = [column.label(column.name) for column in dict.fromkeys((*table.primary_key, *columns))]
            yield (
                select(literal(table.name).label("table"), *names)
                .where(*(column.is_not(None) for column in columns), ~there)
                .correlate_except(parent)
            )


def wrong_wall_times(session: Session, *, now: datetime) -> Iterator[str]:
    """Visits to come whose instant is no longer what the office's clock was promised to show."""
    rows = session.execute(
        select(Appointment.id, Appointment.start, Appointment.local_date, Appointment.wall_time, Office.zone_key)
        .join(Office, Office.id == Appointment.office_id)
        .where(Appointment.end > floor_to_tick(now), Appointment.state.in_(CLAIMING))
    )
    for row in rows:
        local = row.start.astimezone(ZoneInfo(row.zone_key))
        if (local.date(), local.time()) != (row.local_date, row.wall_time):
            yield f"the clock shows at the start what was promised: appointment {row.id}"
