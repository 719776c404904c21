"""Another counter for a visit at its own time: nothing that was said of it changes, and nobody has to be told."""

from __future__ import annotations

from collections import Counter as Counted
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from booking.core.availability import counters_free, taken_masks
from booking.core.effects import Visit
from booking.core.schedules import Schedule, Wanted, bits_between
from booking.core.timespan import Span, days_between, tick_of
from booking.models import Appointment, Claim, Counter, Office
from booking.usecases.statements import QUIETLY, insert_unless_taken
from booking.usecases.taken import rows_of


class Placed(Protocol):
    """A visit as far as its counter is in question."""

    @property
    def id(self) -> int: ...
    @property
    def office_id(self) -> int: ...
    @property
    def visit(self) -> Visit: ...
    @property
    def persons(self) -> int: ...


def elsewhere(
    session: Session,
    visits: Sequence[Placed],
    *,
    offices: Sequence[Office],
    after: Mapping[int, Schedule],
    now: datetime,
    with_own: bool = False,
) -> dict[int, tuple[int, ...]]:
    """For each of these visits that could be had at its time at another counter of ``after``, which ones, best first.

    Each is given its first one in thought, so that all of them can be had together. ``with_own`` they are to last
    longer than they do: then their own counter comes first, where it has the room.
    """
    by_office: dict[int, list[Placed]] = defaultdict(list)
    open_on: dict[tuple[int, date, tuple[int, ...]], frozenset[int]] = {}
    for one in visits:
        visit, where = one.visit, (one.office_id, one.visit.day, one.visit.services)
        if where not in open_on:
            open_on[where] = counters_open(after[one.office_id], visit)
        # It is asked of everybody, and looks no further.
        if len(open_on[where]) > (visit.counter in open_on[where] and not with_own):
            by_office[one.office_id].append(one)
    found: dict[int, tuple[int, ...]] = {}
    for office in offices:
        if by_office[office.id]:
            found |= elsewhere_in(
                session,
                by_office[office.id],
                office=office,
                schedule=after[office.id],
                with_own=with_own,
                now=now,
            )
    return found


def wanted_by(visit: Visit) -> Wanted:
    return visit.services[0] if len(visit.services) == 1 else frozenset(visit.services)


def counters_open(schedule: Schedule, visit: Visit) -> frozenset[int]:
    """The counters that have hours for a visit on its day."""
    return frozenset(counter for counter, _ in schedule.plans_for(visit.day, wanted_by(visit)))


def elsewhere_in(
    session: Session,
    visits: Sequence[Placed],
    *,
    office: Office,
    schedule: Schedule,
    with_own: bool,
    now: datetime,
) -> dict[int, tuple[int, ...]]:
    days = days_between(min(one.visit.day for one in visits), max(one.visit.day for one in visits))
    rows = rows_of(session, [office], schedule, days, now)
    masks = taken_masks(rows, schedule, days)
    ends = {(counter, first): after for counter, first, after in rows} if with_own else {}
    rooms = rooms_in(session, office)
    given, found = Counted[int](), {}
    for one in visits:
        visit = one.visit
        first, after = tick_of(visit.span.start), tick_of(visit.span.end)
        free = counters_free(
            schedule,
            day=visit.day,
            service=wanted_by(visit),
            ticks=after - first,
            start=first,
            taken=masks,
            on_grid=False,
        )
        able = [other for other in free if other != visit.counter and one.persons <= (rooms.get(other) or one.persons)]
        # Spread: whichever was given the fewest so far is asked first.
        able.sort(key=lambda other: given[other])
        day, begins = masks[visit.day], schedule.ticks_of(visit.day)[0]
        until = ends.get((visit.counter, first))
        if until is not None and has_room(schedule, visit, day.get(visit.counter, 0), until - begins, after - begins):
            able, first = [visit.counter, *able], until
        if able:
            found[one.id] = tuple(able)
            given[able[0]] += 1
            day[able[0]] = day.get(able[0], 0) | bits_between(first - begins, after - begins)
    return found


def has_room(schedule: Schedule, visit: Visit, taken: int, first: int, after: int) -> bool:
    """Whether its own counter is open and free for a visit, from one tick of its day up to another."""
    plans = dict(schedule.plans_for(visit.day, wanted_by(visit)))
    more = bits_between(first, after)
    return visit.counter in plans and not more & ~(plans[visit.counter].staff & ~taken)


def rooms_in(session: Session, office: Office) -> dict[int, int | None]:
    """For how many persons at once the counters of an office have room; ``None`` where nobody has said so."""
    theirs = (Counter.commune_id == office.commune_id, Counter.office_id == office.id)
    return {row.id: row.max_persons for row in session.execute(select(Counter.id, Counter.max_persons).where(*theirs))}


def labels_of(session: Session, *, commune_id: int, counter_ids: Collection[int]) -> dict[int, str]:
    """What these counters are called."""
    wanted = select(Counter.id, Counter.label).where(Counter.commune_id == commune_id, Counter.id.in_(counter_ids))
    return {row.id: row.label for row in session.execute(wanted)}


def give_to_another(
    session: Session, *, commune_id: int, appointment_id: int, span: Span, counter_id: int, others: Sequence[int]
) -> bool:
    """Let another counter have a visit, at its own time; ``False`` when none of them can.

    Neither its version nor its entry in calendars becomes another one: nothing that was said of it has changed.
    """
    theirs = (Claim.commune_id == commune_id, Claim.appointment_id == appointment_id)
    for other in others:
        rows = [
            {"counter_id": other, "tick": tick, "commune_id": commune_id, "appointment_id": appointment_id}
            for tick in span.ticks()
        ]
        if len(session.execute(insert_unless_taken(session, Claim, "tick"), rows).all()) == len(rows):
            session.execute(delete(Claim).where(*theirs, Claim.counter_id == counter_id), execution_options=QUIETLY)
            there = update(Appointment).where(Appointment.commune_id == commune_id, Appointment.id == appointment_id)
            session.execute(there.values(counter_id=other, kept_outside_at=None), execution_options=QUIETLY)
            return True
        session.execute(delete(Claim).where(*theirs, Claim.counter_id == other), execution_options=QUIETLY)
    return False
