"""Carrying visits on: another time for each, held for its person and told to them, until they are settled.

The worker does it in small batches, each a unit of its own: whatever a power cut leaves undone is done by the next.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from booking.core.appointments import AppointmentState, HoldKind
from booking.core.availability import free_starts, taken_masks, ticks_in
from booking.core.errors import BookingError, QuotaReached, SlotTaken
from booking.core.rebookings import Settled, Silence, Thought, WhyCall
from booking.core.references import new_key
from booking.core.timespan import ceil_to_tick, days_between, floor_to_tick, local_date, moment_of, tick_of
from booking.models import Appointment, Message, Office, RebookedVisit, Rebooking
from booking.models.messages import MessageKind, MessageState
from booking.usecases.baskets import Basket
from booking.usecases.cancellations import end_booked
from booking.usecases.holds import hold
from booking.usecases.journal import SYSTEM
from booking.usecases.messages import announce
from booking.usecases.moves import basket_of
from booking.usecases.offers import takes
from booking.usecases.quotas import full_days
from booking.usecases.rebooked import IS_OPEN, VISITS, end_proposals, say_no_more, settle, to_be_called
from booking.usecases.schedules import schedule_of
from booking.usecases.taken import rows_of, without

BATCH = 10
EARLIEST_DRAWN_FROM = 4
"""Among so many of the earliest times one is drawn, so that two who look at the same moment do not want the same."""

MOST_TRIED = 12
LOOKED_THROUGH = timedelta(days=14)
LOOKED_AHEAD = timedelta(days=30)
"""So far behind the time that was agreed a new one is looked for, where the horizon of the service ends before."""

TOLD = (MessageState.SENT, MessageState.LEASED, MessageState.RUNG)
HOLD = aliased(Appointment)


class Carried(NamedTuple):
    """A visit that is carried on, with the change that touched it."""

    row: RebookedVisit
    appointment: Appointment
    rebooking: Rebooking


def is_due(now: datetime) -> ColumnElement[bool]:
    """That a visit waits for its turn, nobody has answered for it in time, its hold is gone with the hours, or it is
    settled by its own: it begins, or fits again.
    """
    is_held = exists().where(HOLD.hold_key == RebookedVisit.hold_key, HOLD.state == AppointmentState.HELD)
    is_proposed = RebookedVisit.state == Settled.PROPOSED
    return or_(
        RebookedVisit.state == Settled.WAITING,
        and_(is_proposed, or_(RebookedVisit.until <= now, ~is_held)),
        RebookedVisit.of_start <= floor_to_tick(now),
        and_(~is_proposed, Appointment.kept_outside_at.is_(None)),
    )


def carry_on(session: Session, *, now: datetime) -> int:
    """Take some visits of one change a step further, the earliest first, and say how many; 0 when nothing is due.

    Several workers may ask at once: each visit is carried on by one of them.
    """
    mine = (RebookedVisit.commune_id == Appointment.commune_id) & (RebookedVisit.appointment_id == Appointment.id)
    due = (IS_OPEN, is_due(now))
    first = select(RebookedVisit.commune_id, RebookedVisit.rebooking_id).join(Appointment, mine).where(*due)
    next_ = session.execute(first.order_by(RebookedVisit.rebooking_id, RebookedVisit.id).limit(1)).one_or_none()
    if next_ is None:
        return 0
    # The offices before the visits, as whoever holds a time takes them.
    offices = shared_offices(session, commune_id=next_.commune_id)
    taken = session.scalars(
        select(Appointment)
        .join(RebookedVisit, mine)
        .where(*due, RebookedVisit.rebooking_id == next_.rebooking_id)
        .order_by(Appointment.start, Appointment.id)
        .limit(BATCH)
        .with_for_update(of=Appointment, skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    return sum(step(session, one, offices, now=now) for one in still_due(session, taken, next_.rebooking_id, now=now))


def shared_offices(session: Session, *, commune_id: int) -> Sequence[Office]:
    """Every office of a commune in use, in the order of their numbers, with a share of their rows."""
    wanted = select(Office).where(Office.commune_id == commune_id, Office.retired_at.is_(None)).order_by(Office.id)
    return session.scalars(wanted.with_for_update(read=True).execution_options(populate_existing=True)).all()


def still_due(session: Session, taken: Sequence[Appointment], rebooking_id: int, *, now: datetime) -> Iterator[Carried]:
    """What is to be carried on of the visits that were taken, as it is now that nobody else can settle it."""
    rebooking = session.get_one(Rebooking, rebooking_id)
    mine = (RebookedVisit.commune_id == Appointment.commune_id) & (RebookedVisit.appointment_id == Appointment.id)
    ids = [one.id for one in taken]
    rows = session.scalars(
        select(RebookedVisit)
        .join(Appointment, mine)
        .where(RebookedVisit.rebooking_id == rebooking_id, RebookedVisit.appointment_id.in_(ids))
        .where(IS_OPEN, is_due(now))
        .execution_options(populate_existing=True)
    )
    known = {row.appointment_id: row for row in rows}
    for one in taken:
        if (row := known.get(one.id)) is not None:
            yield Carried(row, one, rebooking)


def step(session: Session, one: Carried, offices: Sequence[Office], *, now: datetime) -> bool:
    """Carry one visit on. ``False`` when others took every time that was tried: its turn comes again."""
    row, visit = one.row, one.appointment
    if visit.state != AppointmentState.BOOKED or visit.start != row.of_start or row.of_start <= now:
        # Whatever has become of it, there is nothing to carry on any more.
        return end(session, row, Settled.OVERTAKEN, now=now)
    if visit.arrived_at is not None:
        return end(session, row, Settled.KEPT, now=now)
    if visit.kept_outside_at is None:
        # It can take place as it was agreed; what is still held and not over is not due.
        return end(session, row, Settled.KEPT, now=now)
    if row.state == Settled.PROPOSED and row.until is not None and row.until <= now:
        return lapsed(session, one, now=now)
    try:
        return propose(session, one, offices, now=now)
    except BookingError:
        # Its service takes fewer persons by now, or the like: nobody else waits for that.
        to_be_called(session, row, WhyCall.NO_TIME, now=now)
        return True


def end(session: Session, row: RebookedVisit, state: Settled, *, now: datetime) -> bool:
    end_proposals(session, settle(session, VISITS.c.id == row.id, state=state, now=now))
    say_no_more(session, [row.appointment_id], now=now)
    return True


def lapsed(session: Session, one: Carried, *, now: datetime) -> bool:
    """Nobody answered in time: what was said to become of the visit becomes of it."""
    if one.rebooking.silence == Silence.CALL or not was_told(session, one.row):
        to_be_called(session, one.row, WhyCall.NO_ANSWER, now=now)
        return True
    end(session, one.row, Settled.LAPSED, now=now)
    told = {"reason": one.rebooking.reason, "actor": SYSTEM, "now": now}
    end_booked(session, Appointment.id == one.appointment.id, commune_id=one.row.commune_id, **told)  # type: ignore[arg-type]
    return True


def was_told(session: Session, row: RebookedVisit) -> bool:
    """Whether what was proposed last has left for its person: nobody loses a visit to a silence they never heard of."""
    said = select(Message.id).where(
        Message.appointment_id == row.appointment_id,
        Message.kind == MessageKind.REBOOKING,
        Message.version == row.id,
        Message.copy == row.attempts,
        Message.state.in_(TOLD),
    )
    return session.scalars(said.limit(1)).first() is not None


def propose(session: Session, one: Carried, offices: Sequence[Office], *, now: datetime) -> bool:
    """Hold another time for a person and write to them; whom nothing can be proposed to is rung."""
    row, visit = one.row, one.appointment
    basket = replace(basket_of(session, appointment=visit), at_once=False)
    if visit.group_key and not basket.step:
        # What adjoins has to stay together: that is talked about.
        to_be_called(session, row, WhyCall.TOGETHER, now=now)
        return True
    notice, own = basket.window.notice, session.get_one(Office, visit.office_id)
    thought = Thought.beginning(now, own.zone, timedelta(minutes=one.rebooking.answer_minutes), visit.start - notice)
    if thought.until(visit.start - notice) is None:
        to_be_called(session, row, WhyCall.TOO_LATE, now=now)
        return True
    free = candidates(session, basket, visit, offices, soonest=thought.soonest + notice, now=now)
    for tried, (office, start) in enumerate(free, start=1):
        until = thought.until(min(start, visit.start) - notice)
        key = held_for(session, one, basket, office, start, until=until, now=now) if until else None
        if key is not None and until is not None:
            return proposed(session, one, start=start, key=key, until=until, told_at=thought.told_at, now=now)
        if tried == MOST_TRIED:
            return False
    to_be_called(session, row, WhyCall.NO_TIME, now=now)
    return True


def candidates(
    session: Session,
    basket: Basket,
    visit: Appointment,
    offices: Sequence[Office],
    *,
    soonest: datetime,
    now: datetime,
) -> Iterator[tuple[Office, datetime]]:
    """Free starts behind the time that was agreed, the earliest few first in an order drawn: in its own office, then
    in the others that take all of it.
    """
    if not all(service.is_public and service.mode.is_bookable for service in basket.services):
        return
    after = max(soonest, visit.start, *filter(None, [basket.window.not_before]))
    until = max(basket.window.latest(now), visit.start + LOOKED_AHEAD)
    until = min(until, *filter(None, [basket.window.not_after, until]))
    for office in sorted(offices, key=lambda one: (one.id != visit.office_id, one.position, one.id)):
        if takes(schedule_of(session, office), basket.service_ids):
            starts = free_between(session, office, basket, after, until, now=now)
            yield from (
                (office, start) for start in drawn(starts) if start > visit.start or office.id != visit.office_id
            )


def drawn(starts: Iterator[datetime]) -> Iterator[datetime]:
    """The earliest few in an order drawn at random, then the others as they come."""
    few = [start for start, _ in zip(starts, range(EARLIEST_DRAWN_FROM), strict=False)]
    random.shuffle(few)
    yield from few
    yield from starts


def free_between(
    session: Session, office: Office, basket: Basket, after: datetime, until: datetime, *, now: datetime
) -> Iterator[datetime]:
    """The free starts of an office, in their order; it looks no further than it is asked."""
    schedule = schedule_of(session, office)
    bounds = {"earliest": tick_of(ceil_to_tick(after)), "latest": tick_of(floor_to_tick(until))}
    first, last = local_date(after, office.zone), local_date(until, office.zone)
    while first <= last:
        days = days_between(first, min(first + LOOKED_THROUGH, last))
        rows = without(rows_of(session, [office], schedule, days, now), basket.own)
        masks = taken_masks(rows, schedule, days)
        full = full_days(session, services=basket.services, days=days, own=basket.own, now=now)
        for day in days:
            wish = {"day": day, "service": basket.wanted, "ticks": basket.ticks, "taken": masks, "full": full}
            mask = free_starts(schedule, **wish, **bounds)  # type: ignore[arg-type]
            yield from map(moment_of, ticks_in(mask, schedule.ticks_of(day)[0]))
        first = days[-1] + timedelta(days=1)


def held_for(
    session: Session,
    one: Carried,
    basket: Basket,
    office: Office,
    start: datetime,
    *,
    until: datetime,
    now: datetime,
) -> str | None:
    """Hold a time for a person until they answer, and give its key; ``None`` when somebody else was quicker."""
    key = new_key()
    with suppress(SlotTaken, QuotaReached), session.begin_nested():
        return hold(
            session,
            commune_id=office.commune_id,
            office_id=office.id,
            lines=basket.wished,
            start=start,
            length=until - now,
            client=None,
            per_client=0,
            key=key,
            replaces_id=one.appointment.id,
            lengthened=basket.lengthened,
            in_window=False,
            kind=HoldKind.REBOOKING,
            now=now,
        )
    return None


def proposed(
    session: Session,
    one: Carried,
    *,
    start: datetime,
    key: str,
    until: datetime,
    told_at: datetime,
    now: datetime,
) -> bool:
    attempts = one.row.attempts + 1
    known = {"hold_key": key, "start": start, "until": until, "attempts": attempts}
    settle(session, VISITS.c.id == one.row.id, state=Settled.PROPOSED, now=now, **known)
    say_no_more(session, [one.appointment.id], now=now)
    told = {"commune_id": one.row.commune_id, "appointment_id": one.appointment.id, "version": one.row.id}
    announce(session, MessageKind.REBOOKING, **told, copy=attempts, due_at=told_at, now=now)
    return True
