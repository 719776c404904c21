"""The counters that are out today, from now until midnight, and the hours that are left without them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.schedules import Schedule
from booking.core.timespan import Span, day_span, floor_to_tick, local_date, moment_of
from booking.models import Block, Claim, Counter, Office
from booking.models.opening import BlockReason


def rest_of_day(office: Office, now: datetime) -> Span:
    """From the present five minutes until midnight on the office's wall."""
    return Span(floor_to_tick(now), day_span(local_date(now, office.zone), office.zone).end)


def out_today(session: Session, *, office: Office, now: datetime) -> frozenset[int]:
    """The counters that are out from now until midnight, but for whom they still have."""
    rest = rest_of_day(office, now)
    until_midnight = (
        select(Block.counter_id, Block.start)
        .join(Counter, (Counter.commune_id == Block.commune_id) & (Counter.id == Block.counter_id))
        .where(Counter.commune_id == office.commune_id, Counter.office_id == office.id)
        .where(Block.reason == BlockReason.ABSENCE, Block.end >= rest.end, Block.start < rest.end)
    )
    found = session.execute(until_midnight).all()
    return frozenset(row.counter_id for row in found if not unclaimed(session, row.counter_id, rest))


def here_today(session: Session, schedule: Schedule, *, office: Office, now: datetime) -> Schedule:
    """The hours of an office as they are today, without the counters that are out."""
    out = out_today(session, office=office, now=now)
    if not out:
        return schedule
    return replace(schedule, serves={one: gives for one, gives in schedule.serves.items() if one not in out})


def unclaimed(session: Session, counter_id: int, rest: Span) -> list[Span]:
    """What nobody has of the rest of a counter's day: between the visit that takes place, breaks, and who stays."""
    wanted = select(Claim.tick).where(Claim.counter_id == counter_id, Claim.tick.in_(rest.ticks()))
    first, after = rest.ticks().start, rest.ticks().stop
    taken = [first - 1, *sorted(session.scalars(wanted)), after]
    return [Span(moment_of(one + 1), moment_of(other)) for one, other in pairwise(taken) if other > one + 1]
