"""What must be true of visits and the time they claim: the statements that find its breaches."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, case, exists, func, literal, or_, select, type_coerce
from sqlalchemy.orm import aliased

from booking.core.appointments import OCCUPYING, AppointmentState, HoldKind, Step
from booking.models import Appointment, AppointmentLine, Block, Claim, Counter, Seat

Wanted = Select[*tuple[Any, ...]]

CLAIMING = (AppointmentState.HELD, *OCCUPYING)

IS_MOVING = and_(Appointment.state == AppointmentState.HELD, Appointment.replaces_id.is_not(None))


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
    replaced, is_offered = aliased(Appointment), Appointment.hold_kind == HoldKind.OFFER
    is_cancelled = replaced.state == AppointmentState.CANCELLED
    return (
        select(Appointment.id.label("appointment"))
        .join(replaced, replaced.id == Appointment.replaces_id)
        .where(or_(~IS_MOVING, and_(~is_offered, is_cancelled)))
    )


def steps_turned_round() -> Wanted:
    """Files that begin before the information they come after is over, as long as both are to be had."""
    information, file = aliased(Appointment), aliased(Appointment)
    first, second = aliased(AppointmentLine), aliased(AppointmentLine)
    to_be_had = (AppointmentState.BOOKED, AppointmentState.FULFILLED)
    return (
        select(file.id.label("appointment"))
        .join(information, (information.group_key == file.group_key) & (information.id != file.id))
        .join(first, (first.appointment_id == information.id) & (first.step == Step.INFORMATION))
        .join(second, (second.appointment_id == file.id) & (second.step == Step.FILE))
        .where(information.state.in_(to_be_had), file.state.in_(to_be_had))
        .where(number(file.start) < number(information.end))
    )


def counters_elsewhere() -> Wanted:
    return (
        select(Appointment.id.label("appointment"), Counter.id.label("counter"))
        .join(Counter, Counter.id == Appointment.counter_id)
        .where(Counter.office_id != Appointment.office_id)
    )
