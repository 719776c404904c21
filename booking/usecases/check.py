"""What must always be true of the rows, whatever happened; each breach is one line, and names nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, Select, and_, case, exists, func, literal, or_, select, type_coerce
from sqlalchemy.orm import Session, aliased

from booking.core.appointments import OCCUPYING, VISITS_IN_GROUP, AppointmentState, HoldKind
from booking.core.timespan import floor_to_tick
from booking.core.waiting import OfferState, WaitingState
from booking.models import (
    Appointment,
    AppointmentLine,
    Base,
    Block,
    ChecklistVersion,
    Claim,
    Commune,
    Counter,
    Message,
    Offer,
    Office,
    Seat,
    WaitingEntry,
)
from booking.models.messages import ENDINGS, REMINDERS, MessageKind, MessageState
from booking.usecases.limits import HOLDS, PERSON

STUCK = timedelta(minutes=30)
"""Longer than a message can wait for a worker that died with an earlier one about the same visit."""

RESERVED = "%.example"
Wanted = Select[*tuple[Any, ...]]

CLAIMING = (AppointmentState.HELD, *OCCUPYING)
IS_MOVING = and_(Appointment.state == AppointmentState.HELD, Appointment.replaces_id.is_not(None))


def problems(session: Session, *, now: datetime) -> list[str]:
    """Every breach of an invariant, as ``invariant: rows``; an empty list is the wished-for answer."""
    found = []
    for invariant, wanted in statements(now):
        found += [f"{invariant}: {described(row)}" for row in session.execute(wanted).mappings()]
    return found + list(wrong_wall_times(session, now=now))


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
    yield "whoever gave an address has a confirmation in the outbox", unannounced(booked=True)
    yield "whoever gave an address was told of the cancellation", unannounced(booked=False)
    yield "a reminder that waits is of the time of its visit", reminders_of_another_time(now)
    yield "no message waits longer than half an hour", stuck_messages(now)
    yield "only a hold sits on a client's seat, and one person on their own", wrong_seats()
    yield "a visit keeps a version of its list that exists", lists_lost()
    yield "a time that is offered belongs to one open offer, and replaces its person's own", holds_without_offer()
    yield "whoever was offered a time has a message in the outbox", untold_offers()
    yield "whoever waits for an earlier time can be reached", unreachable_entries()
    yield from (("no row points outside its commune", wanted) for wanted in crossing_tenants())


def number(column: Any) -> ColumnElement[int]:
    """A moment on the grid as its tick."""
    return type_coerce(column, Integer)


def claims_of_appointments() -> Wanted:
    """Of a hold that moves an appointment, the ticks that both have at one counter are claimed by that one."""
    replaced = aliased(Appointment)
    first = case((replaced.start > Appointment.start, number(replaced.start)), else_=number(Appointment.start))
    after = case((replaced.end <= Appointment.end, number(replaced.end)), else_=number(Appointment.end))
    shared = case((replaced.id.is_(None), 0), (after > first, after - first), else_=0)
    wanted = spans_unlike_claims(Appointment, Claim.appointment_id, shared)
    same_counter = (replaced.id == Appointment.replaces_id) & (replaced.counter_id == Appointment.counter_id)
    return wanted.outerjoin(replaced, same_counter).where(Appointment.state.in_(CLAIMING))


def claims_of_blocks() -> Wanted:
    return spans_unlike_claims(Block, Claim.block_id, literal(0))


def spans_unlike_claims(owner: type[Appointment] | type[Block], key: Any, shared: ColumnElement[int]) -> Wanted:
    """Owners whose claims are not every tick from start to end at one counter, but for so many ``shared`` ones.

    Their key makes ticks differ.
    """
    claimed = (
        select(
            key.label("owner_id"),
            func.count().label("ticks"),
            func.min(Claim.tick).label("first"),
            func.max(Claim.tick).label("last"),
            func.min(Claim.counter_id).label("lowest"),
            func.max(Claim.counter_id).label("highest"),
        )
        .where(key.is_not(None))
        .group_by(key)
        .subquery()
    )
    within = and_(
        claimed.c.first >= number(owner.start),
        claimed.c.last < number(owner.end),
        claimed.c.lowest == owner.counter_id,
        claimed.c.highest == owner.counter_id,
    )
    so_many = func.coalesce(claimed.c.ticks, 0) + shared == number(owner.end) - number(owner.start)
    return (
        select(owner.id.label(owner.__tablename__))
        .outerjoin(claimed, claimed.c.owner_id == owner.id)
        .where(~and_(so_many, or_(claimed.c.owner_id.is_(None), within)))
    )


def cancelled_with(model: type[Claim] | type[Seat]) -> Wanted:
    left = exists().where(model.appointment_id == Appointment.id)
    return select(Appointment.id.label("appointment")).where(Appointment.state == AppointmentState.CANCELLED, left)


def overlapping() -> Wanted:
    """Found without the claims, so that it holds even if those were lost."""
    until_then = func.max(number(Appointment.end)).over(
        partition_by=Appointment.counter_id,
        order_by=(number(Appointment.start), Appointment.id),
        rows=(None, -1),
    )
    spans = (
        select(Appointment.id.label("appointment"), number(Appointment.start).label("start"), until_then.label("busy"))
        .where(Appointment.state.in_(CLAIMING), Appointment.replaces_id.is_(None))
        .subquery()
    )
    return select(spans.c.appointment).where(spans.c.start < spans.c.busy)


def holds_overlapping() -> Wanted:
    """Times held to move an appointment that lie on another one, which is held to move nothing or something else."""
    other = aliased(Appointment)
    rival = and_(
        other.counter_id == Appointment.counter_id,
        other.id != Appointment.id,
        other.id != Appointment.replaces_id,
        other.replaces_id.is_distinct_from(Appointment.replaces_id),
        other.state.in_(CLAIMING),
        number(other.start) < number(Appointment.end),
        number(other.end) > number(Appointment.start),
    )
    return select(Appointment.id.label("appointment"), other.id.label("other")).join(other, rival).where(IS_MOVING)


def replacing_nothing() -> Wanted:
    """What is offered for one that was cancelled is passed on by the worker, a moment later."""
    replaced, is_public = aliased(Appointment), Appointment.hold_kind == HoldKind.PUBLIC
    is_cancelled = replaced.state == AppointmentState.CANCELLED
    return (
        select(Appointment.id.label("appointment"))
        .join(replaced, replaced.id == Appointment.replaces_id)
        .where(or_(~IS_MOVING, and_(is_public, is_cancelled)))
    )


def counters_elsewhere() -> Wanted:
    return (
        select(Appointment.id.label("appointment"), Counter.id.label("counter"))
        .join(Counter, Counter.id == Appointment.counter_id)
        .where(Counter.office_id != Appointment.office_id)
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


def unannounced(*, booked: bool) -> Wanted:
    """Appointments with an address and no message. A demonstration's own visitors, under ``.example``, get none.

    Whose visit was agreed elsewhere is not told that it was, but is told of its end like everybody.
    """
    kinds = (MessageKind.CONFIRMATION,) if booked else ENDINGS
    told = exists().where(Message.appointment_id == Appointment.id, Message.kind.in_(kinds))
    states = OCCUPYING if booked else (AppointmentState.CANCELLED,)
    return (
        select(Appointment.id.label("appointment"))
        .join(Commune, Commune.id == Appointment.commune_id)
        .where(
            Appointment.state.in_(states),
            or_(Appointment.email.is_not(None), Appointment.helper_email.is_not(None)),
            *([Appointment.taken_over_at.is_(None)] if booked else []),
            ~and_(Commune.is_demonstration, func.coalesce(Appointment.email, Appointment.helper_email).like(RESERVED)),
            ~told,
        )
    )


def reminders_of_another_time(now: datetime) -> Wanted:
    """Whoever moves a visit takes its reminders along. Those of a cancelled one wait: it may be undone."""
    return (
        select(Message.id.label("message"), Appointment.id.label("appointment"))
        .join(Appointment, Appointment.id == Message.appointment_id)
        .where(
            Message.kind.in_(REMINDERS),
            Message.state.in_((MessageState.QUEUED, MessageState.TO_RING)),
            Appointment.state == AppointmentState.BOOKED,
            Appointment.start > floor_to_tick(now),
            Message.of_start != Appointment.start,
        )
    )


def stuck_messages(now: datetime) -> Wanted:
    late = now - STUCK
    waiting = case(
        (Message.state == MessageState.QUEUED, Message.due_at),
        (Message.state == MessageState.LEASED, Message.leased_until),
    )
    return select(Message.id.label("message"), Message.kind, Message.attempts).where(waiting <= late)


def wrong_seats() -> Wanted:
    held = Appointment.state == AppointmentState.HELD
    return (
        select(Seat.appointment_id.label("appointment"), Seat.kind, Seat.n)
        .outerjoin(Appointment, Appointment.id == Seat.appointment_id)
        .where(or_(Appointment.id.is_(None), and_(Seat.kind == HOLDS, ~held), and_(Seat.kind == PERSON, Seat.n > 1)))
    )


def holds_without_offer() -> Wanted:
    theirs = exists().where(
        Offer.hold_key == Appointment.hold_key,
        Offer.state == OfferState.OPEN,
        WaitingEntry.id == Offer.entry_id,
        WaitingEntry.appointment_id.is_not_distinct_from(Appointment.replaces_id),
    )
    is_offered = (Appointment.state == AppointmentState.HELD, Appointment.hold_kind == HoldKind.OFFER)
    return select(Appointment.id.label("appointment")).where(*is_offered, ~theirs)


def untold_offers() -> Wanted:
    told = exists().where(
        Message.waiting_entry_id == Offer.entry_id,
        Message.kind == MessageKind.LIST_OFFER,
        Message.version == Offer.id,
    )
    return select(Offer.id.label("offer")).where(~told)


def unreachable_entries() -> Wanted:
    reached = or_(*(one.is_not(None) for one in (WaitingEntry.email, WaitingEntry.phone, WaitingEntry.appointment_id)))
    return select(WaitingEntry.id.label("entry")).where(WaitingEntry.state == WaitingState.LIVE, ~reached)


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
