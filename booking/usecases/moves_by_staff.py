"""Staff move a visit for the person who calls or stands at the desk: the free times of a day, and taking one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.availability import STAFF, Asked, Taken, counters_free, free_starts, taken_masks, ticks_in
from booking.core.errors import NotTogether, Unknown
from booking.core.schedules import Schedule
from booking.core.timespan import Span, floor_to_tick, moment_of, tick_of
from booking.core.waiting import USUAL_TERMS, OfferTerms
from booking.models import Counter, Office
from booking.usecases.baskets import Basket, WishedLine, basket_and_host
from booking.usecases.claims import shared
from booking.usecases.groups import take_together
from booking.usecases.holds import hold
from booking.usecases.journal import Actor
from booking.usecases.moves import Moved, accept, basket_of, in_commune
from booking.usecases.overbooking import check_may_have, note_overbooked
from booking.usecases.quotas import full_days
from booking.usecases.schedules import schedule_of
from booking.usecases.taken import rows_of, without

AT_ONCE = timedelta(minutes=5)
"""So long a time is held that is accepted in the same unit."""


@dataclass(frozen=True)
class FreeTime:
    """A start (UTC) that staff can give, and the counters that are free for it, in their order."""

    start: datetime
    counters: tuple[Counter, ...]


def free_times(
    session: Session,
    *,
    office: Office,
    basket: Basket,
    day: date,
    every_tick: bool = False,
    now: datetime,
    asked: Asked = STAFF,
) -> list[FreeTime]:
    """Every start of a day that is still to come, whatever the notice, and that keeps the order of two steps; none
    where the quota of a service is used up.

    ``every_tick`` gives the starts between those offered to residents, too. The minutes kept for staff are among them;
    ``asked`` says what else. Raises ``TooManyPersons``.
    """
    hours = schedule_of(session, office)
    schedule = hours.every_tick if every_tick else hours
    rows = without(rows_of(session, [office], schedule, [day], now), basket.own)
    masks, counters = taken_masks(rows, schedule, [day]), counters_of(session, office=office)
    full = full_days(session, services=basket.services, days=[day], own=basket.own, now=now)
    wish: dict[str, Any] = {"basket": basket, "day": day, "taken": masks, "full": full, "asked": asked}
    return free_among(counters, schedule=schedule, **wish, now=now)


def free_among(
    counters: Collection[Counter],
    *,
    schedule: Schedule,
    basket: Basket,
    day: date,
    taken: Taken,
    full: Collection[date] = (),
    now: datetime,
    asked: Asked,
) -> list[FreeTime]:
    """The starts of a day at which one of these counters takes all of a basket. Raises ``TooManyPersons``."""
    service, ticks = basket.wanted, basket.ticks
    first, after = schedule.ticks_of(day)
    window: dict[str, Any] = {"earliest": to_come(now), "latest": after, "full": full}
    starts = free_starts(schedule, day=day, service=service, ticks=ticks, taken=taken, asked=asked, **window)
    free_at = partial(counters_free, schedule, day=day, service=service, ticks=ticks, taken=taken, asked=asked)
    return [
        FreeTime(moment_of(tick), tuple(one for one in counters if one.id in free_at(start=tick)))
        for tick in ticks_in(starts, first)
        if basket.other is None or basket.other.allows(Span(moment_of(tick), moment_of(tick + ticks)))
    ]


def to_come(now: datetime) -> int:
    """The first tick that staff can still give."""
    return tick_of(floor_to_tick(now)) + 1


def changed_to(agreed: Basket, wished: Basket) -> Basket:
    """A visit for these services and persons instead: of those it has already, what was answered stays.

    Raises ``NotTogether`` for one of two steps: they are for what they are for.
    """
    if agreed.step:
        raise NotTogether
    kept = {line.service: line for line in agreed.lines}
    lines = (replace(kept.get(line.service, line), persons=line.persons) for line in wished.lines)
    return replace(agreed, lines=tuple(lines))


def counters_of(session: Session, *, office: Office) -> Collection[Counter]:
    """The counters of an office that are in use."""
    theirs = (Counter.commune_id == office.commune_id, Counter.office_id == office.id, Counter.retired_at.is_(None))
    return session.scalars(select(Counter).where(*theirs).order_by(Counter.position, Counter.id)).all()


def move_for(
    session: Session,
    *,
    commune_id: int,
    office_ids: Collection[int],
    appointment_id: int,
    version: int,
    office_id: int,
    start: datetime,
    counter_id: int | None,
    lines: Sequence[WishedLine] | None = None,
    actor: Actor,
    now: datetime,
    terms: OfferTerms = USUAL_TERMS,
    asked: Asked = STAFF,
) -> Moved:
    """Staff move a visit for the person, at once: to any start to come, at a counter of their choice.

    ``lines`` are what it is for from then on; without them that stays as it is. Neither the notice nor the number of
    moves holds for them. Whoever may can ask for an extra lane (``OVERBOOKED``), which is written down. Raises what
    ``hold`` and ``accept`` raise, ``RoleMissing``, ``NotTogether``, and ``Unknown`` outside their offices.
    """
    appointment = in_commune(session, commune_id=commune_id, appointment_id=appointment_id)
    if not {appointment.office_id, office_id} <= set(office_ids):
        raise Unknown
    check_may_have(asked, actor)
    basket = basket_of(session, appointment=appointment)
    if lines is not None:
        wished, _ = basket_and_host(session, commune_id=commune_id, lines=lines)
        basket = changed_to(basket, wished)
    # Two who move the same visit follow one another, instead of each waiting for the other's share of it.
    for number in sorted({appointment.office_id, office_id}):
        shared(session, commune_id=commune_id, office_id=number)
    take_together(session, commune_id=commune_id, appointment_id=appointment_id)
    key = hold(
        session,
        commune_id=commune_id,
        office_id=office_id,
        lines=basket.wished,
        start=start,
        length=AT_ONCE,
        client=None,
        per_client=0,
        replaces_id=appointment_id,
        lengthened=basket.lengthened,
        counter_id=counter_id,
        in_window=False,
        asked=asked,
        now=now,
    )
    own = {"commune_id": commune_id, "actor": actor, "now": now}
    moved = accept(session, **own, hold_key=key, version=version, terms=terms)  # type: ignore[arg-type]
    if not moved.again:
        note_overbooked(session, **own, appointment_id=appointment_id)  # type: ignore[arg-type]
    return moved
