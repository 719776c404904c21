"""Reminders that follow when a service has other hours: of visits to come, piece by piece, by the worker."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.reminders import moments_that_follow
from booking.core.timespan import floor_to_tick
from booking.models import Appointment, Commune, Message, Office, ReminderChange
from booking.models.messages import REMINDERS, MessageState
from booking.usecases.holds import are_for
from booking.usecases.reminders import Reminded, leave_reminders, reminder, visits_to_remind_of
from booking.usecases.statements import QUIETLY

AT_ONCE = 100

SETTLED = timedelta(minutes=2)
"""A booking that still read the old hours has ended by then: no unit lasts so long."""


def note_change(session: Session, *, commune_id: int, service_id: int, now: datetime) -> None:
    """Leave it to the worker to let reminders follow the hours that a service has from now on.

    The service is taken before. A change that was still being followed begins anew.
    """
    session.execute(delete(ReminderChange).where(ReminderChange.service_id == service_id), execution_options=QUIETLY)
    change = {"commune_id": commune_id, "service_id": service_id, "changed_at": now, "followed_to": 0}
    session.execute(insert(ReminderChange).values(**change))


def follow_new_hours(session: Session, *, now: datetime) -> bool:
    """Let the reminders of some visits follow the hours of a service; ``False`` when there is nothing to follow.

    Several workers may ask at once: each change is followed by one of them, and after a crash from where it stood.
    """
    change = session.execute(
        select(ReminderChange.service_id, ReminderChange.commune_id, ReminderChange.followed_to)
        .where(ReminderChange.changed_at <= now - SETTLED)
        .order_by(ReminderChange.changed_at, ReminderChange.service_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if change is None:
        return False
    ids = visits_to_come(session, change, now=now)
    if ids:
        plan_anew(session, commune_id=change.commune_id, appointment_ids=ids, now=now)
    this = ReminderChange.service_id == change.service_id
    if len(ids) < AT_ONCE:
        session.execute(delete(ReminderChange).where(this), execution_options=QUIETLY)
    else:
        on = update(ReminderChange).where(this).values(followed_to=ids[-1])
        session.execute(on, execution_options=QUIETLY)
    return True


def visits_to_come(session: Session, change: Row[int, int, int], *, now: datetime) -> Sequence[int]:
    """The next visits for a service, taken so that nobody moves or cancels them meanwhile."""
    offices = select(Office.id).where(Office.commune_id == change.commune_id)
    # Nobody was told of a demonstration's own visits, and nobody is reminded of them.
    is_shown = exists().where(Commune.id == change.commune_id, Commune.is_demonstration)
    was_told = exists().where(Message.appointment_id == Appointment.id)
    return session.scalars(
        select(Appointment.id)
        .where(
            Appointment.commune_id == change.commune_id,
            # Found by their day, not among all the visits of years.
            Appointment.office_id.in_(offices),
            Appointment.state == AppointmentState.BOOKED,
            Appointment.local_date >= now.date() - timedelta(days=1),
            Appointment.start > floor_to_tick(now),
            Appointment.id > change.followed_to,
            are_for([change.service_id]),
            or_(was_told, ~is_shown),
        )
        .order_by(Appointment.id)
        .limit(AT_ONCE)
        .with_for_update(key_share=True, of=Appointment)
    ).all()


def plan_anew(session: Session, *, commune_id: int, appointment_ids: Sequence[int], now: datetime) -> None:
    """Give these visits the reminders that their services ask for now.

    What has gone, or is on its way, stays as it is and is not said again; what is planned anew is still to come.
    """
    visits = visits_to_remind_of(session, commune_id=commune_id, appointment_ids=appointment_ids, now=now)
    known = reminders_of(session, visits)
    stale = [visit for visit in visits if moments_of(visit, known[visit.id], now) != planned(known[visit.id], now)]
    ids = [row.id for visit in stale for row in known[visit.id] if is_planned(row, now)]
    back = delete(Message).where(Message.id.in_(ids), Message.state == MessageState.QUEUED, Message.attempts == 0)
    # One that a worker has taken at this very moment is not deleted: it is on its way.
    taken_back = frozenset(session.scalars(back.returning(Message.id), execution_options=QUIETLY))
    left = []
    for visit in stale:
        due = moments_of(visit, known[visit.id], now, taken_back)
        staying = [row for row in known[visit.id] if row.id not in taken_back]
        kinds = REMINDERS[after_the_last(visit, staying) :]
        # Of more moments than there are reminders left, those nearest to the visit count.
        for kind, moment in zip(kinds, due[max(0, len(due) - len(kinds)) :], strict=False):
            left.append(reminder(visit, kind, moment, commune_id=commune_id, now=now))
    leave_reminders(session, left)


def reminders_of(session: Session, visits: Iterable[Reminded]) -> dict[int, list[Row[Any]]]:
    """The reminders of each visit at its present start, in whatever state."""
    starts = {visit.id: visit.start for visit in visits}
    found: dict[int, list[Any]] = {number: [] for number in starts}
    what = (Message.id, Message.appointment_id, Message.kind, Message.version, Message.of_start, Message.due_at)
    rows = session.execute(
        select(*what, Message.state, Message.attempts)
        .where(Message.appointment_id.in_(starts), Message.kind.in_(REMINDERS))
        .order_by(Message.id)
    )
    for row in rows:
        if row.of_start == starts[row.appointment_id]:
            found[row.appointment_id].append(row)
    return found


def is_planned(row: Row[Any], now: datetime) -> bool:
    """Whether a reminder only waits for its moment, and nobody has tried to send it."""
    return bool(row.state == MessageState.QUEUED and row.attempts == 0 and row.due_at > now)


def planned(rows: Iterable[Row[Any]], now: datetime) -> list[datetime]:
    """The moments of reminders that only wait, whoever they are for."""
    return sorted({row.due_at for row in rows if is_planned(row, now)})


def moments_of(
    visit: Reminded, rows: Sequence[Row[Any]], now: datetime, taken_back: frozenset[int] | None = None
) -> list[datetime]:
    """When a visit is still to be reminded of; of what was planned, only the rows ``taken_back`` are still to go."""
    waiting = [row for row in rows if (is_planned(row, now) if taken_back is None else row.id in taken_back)]
    gone = {row.due_at for row in rows if row not in waiting and row.state != MessageState.DROPPED}
    return moments_that_follow(visit.moments.values(), planned={row.due_at for row in waiting}, gone=gone)


def after_the_last(visit: Reminded, rows: Iterable[Row[Any]]) -> int:
    """How many of the kinds of reminders are used up: the next one comes after whatever was said."""
    used = (row.kind for row in rows if row.state != MessageState.DROPPED or row.version == visit.version)
    return max((REMINDERS.index(kind) + 1 for kind in used), default=0)
