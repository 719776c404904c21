"""Claims: which counter can have a visit, and taking it there, tick by tick."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, OwnTime
from booking.core.availability import BEST_FEW, PUBLIC, Asked, as_made, counters_free, is_offered, taken_masks
from booking.core.errors import OutsideHours, SlotTaken, TooSoon, Unknown
from booking.core.timespan import TICK, floor_to_tick, tick_of, ticks_for
from booking.models import Appointment, Claim, Office
from booking.usecases.baskets import Basket
from booking.usecases.paused import check_offered
from booking.usecases.schedules import schedule_of
from booking.usecases.statements import QUIETLY, insert_unless_taken, table_of
from booking.usecases.taken import LONGEST, rows_of, without

# Made once: building a statement costs more than running it.
APPOINTMENT = table_of(Appointment)
SHARE = (
    select(Office)
    .where(
        Office.commune_id == bindparam("of_commune"),
        Office.id == bindparam("of_office"),
        Office.retired_at.is_(None),
    )
    .with_for_update(read=True)
    .execution_options(populate_existing=True)
)
LAPSED = delete(APPOINTMENT).where(
    APPOINTMENT.c.state == AppointmentState.HELD,
    APPOINTMENT.c.held_until <= bindparam("now"),
    APPOINTMENT.c.office_id == bindparam("of_office"),
    APPOINTMENT.c.counter_id.in_(bindparam("counters", expanding=True)),
    APPOINTMENT.c.start <= bindparam("until"),
    APPOINTMENT.c.end > bindparam("after"),
    APPOINTMENT.c.end <= bindparam("latest"),
)


def shared(session: Session, *, commune_id: int, office_id: int) -> Office | None:
    """The office with a share of its row, so that its hours stay as they are; ``None`` when it is no longer used."""
    return session.scalars(SHARE, {"of_commune": commune_id, "of_office": office_id}).one_or_none()


def office_shared(session: Session, *, commune_id: int, office_id: int) -> Office:
    """The office, with a share of its row: hours cannot change until this unit ends."""
    office = shared(session, commune_id=commune_id, office_id=office_id)
    if office is None:
        raise Unknown
    return office


def share_office(session: Session, *, commune_id: int, appointment_id: int) -> None:
    """Take the office before the visit, as whoever holds a time there does: two units never wait for each other."""
    mine = select(Appointment.office_id).where(Appointment.commune_id == commune_id, Appointment.id == appointment_id)
    office_id = session.scalars(mine).one_or_none()
    if office_id is not None:
        shared(session, commune_id=commune_id, office_id=office_id)


def counters_to_try(
    session: Session,
    *,
    office: Office,
    basket: Basket,
    start: datetime,
    now: datetime,
    in_window: bool = True,
    asked: Asked = PUBLIC,
) -> list[int]:
    """The counters that look free, the best few in an order drawn at random.

    Without ``in_window`` (staff, who speak with the person) notice, horizon, what has not come out yet and the grid of
    starts do not count: any five minutes to come will do. ``asked`` says what else whoever asks may have. Extra lanes
    are tried only when no counter is free.

    Raises ``NotBookable``, ``TooManyPersons``, ``TooSoon``, ``TooFarAhead``, ``NotYetReleased``, ``PausedNow``,
    ``OutsideHours`` or ``SlotTaken``.
    """
    basket.check_bookable()
    if in_window:
        basket.window.check_start(start, now)
    elif start <= now:
        raise TooSoon
    if start != floor_to_tick(start):
        raise OutsideHours
    stays = basket.own is not None and basket.own.stays(office.id, tick_of(start), basket.service_ids)
    if in_window and not stays:
        basket.window.check_released(start, now, office.zone)
        check_offered(session, office=office, service_ids=basket.service_ids, start=start, now=now)
    hours = schedule_of(session, office)
    schedule = hours if in_window else hours.every_tick
    day = start.astimezone(office.zone).date()
    wish: dict[str, Any] = {"day": day, "service": basket.wanted, "ticks": basket.ticks, "start": tick_of(start)}
    ways = [replace(asked, extra=False), asked] if asked.extra else [asked]
    if not any(is_offered(schedule, **wish, asked=way) for way in ways):
        raise OutsideHours
    rows = without(rows_of(session, [office], schedule, [day], now), basket.own)
    busy = taken_masks(rows, schedule, [day])
    free = next(filter(None, (counters_free(schedule, **wish, taken=busy, asked=way) for way in ways)), None)
    if not free:
        raise SlotTaken
    # A fixed order would send every resident of a rush to the same counter, and all but one of them would lose.
    best = free[:BEST_FEW]
    random.shuffle(best)
    return best + free[BEST_FEW:]


def given_to(session: Session, *, office: Office, basket: Basket, appointment: Appointment) -> Asked:
    """What this visit has beyond what the public is offered: it may have that again."""
    first = tick_of(appointment.start)
    return as_made(
        schedule_of(session, office),
        day=appointment.local_date,
        service=basket.wanted,
        counter=appointment.counter_id,
        start=first,
        ticks=tick_of(appointment.end) - first,
    )


def remove_lapsed(
    session: Session, *, office_id: int, counters: Sequence[int], start: datetime, end: datetime, now: datetime
) -> None:
    """Remove holds that lapsed and stand in the way, by taking their rows first: claims follow by cascade.

    An offered time is held ten minutes longer than its person has to answer (``PASSING_ON``): until then it is the
    worker's to pass on.

    An owner who confirms at this moment either has the row before us, and keeps it, or finds it gone.
    """
    span = {"after": start, "until": end - TICK, "latest": end + LONGEST}
    session.execute(LAPSED, {"of_office": office_id, "counters": counters, "now": now, **span})


def claim_first(
    session: Session,
    *,
    commune_id: int,
    appointment_id: int,
    counters: Sequence[int],
    start: datetime,
    minutes: int,
    own: OwnTime | None = None,
) -> None:
    """Claim every tick at the first counter that lets us have them all. Raises ``SlotTaken``.

    The ticks of ``own`` are claimed already, by the appointment that is to be moved.
    """
    ticks = range(tick_of(start), tick_of(start) + ticks_for(minutes))
    for number, counter_id in enumerate(counters):
        rows = [
            {"counter_id": counter_id, "tick": tick, "commune_id": commune_id, "appointment_id": appointment_id}
            for tick in ticks
            if not (own and own.has(counter_id, tick))
        ]
        if not rows or len(session.execute(insert_unless_taken(session, Claim, "tick"), rows).all()) == len(rows):
            if number:
                moved = update(Appointment).where(Appointment.id == appointment_id).values(counter_id=counter_id)
                session.execute(moved, execution_options=QUIETLY)
            return
        session.execute(delete(Claim).where(Claim.appointment_id == appointment_id), execution_options=QUIETLY)
    raise SlotTaken


def give_up(session: Session, *, commune_id: int, appointment_ids: Sequence[int], but: OwnTime | None = None) -> None:
    """The times of these appointments are free again, all but the ticks of ``but``: here, and nowhere else."""
    theirs = [Claim.commune_id == commune_id, Claim.appointment_id.in_(appointment_ids)]
    if but:
        theirs.append(~((Claim.counter_id == but.counter_id) & Claim.tick.between(but.first, but.after - 1)))
    session.execute(delete(Claim).where(*theirs), execution_options=QUIETLY)
