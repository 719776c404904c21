"""Marking visits: arrived, done, did not come, and back again after a slip of the finger."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.errors import OutOfDate, Unknown
from booking.core.marks import LEADS_TO, Mark, Marked
from booking.core.timespan import local_date
from booking.models import Appointment, Office
from booking.usecases.journal import Actor, note
from booking.usecases.statements import QUIETLY
from booking.usecases.ticket_marks import follow_mark


def mark(
    session: Session,
    *,
    commune_id: int,
    office_ids: Collection[int],
    appointment_id: int,
    mark: Mark,
    version: int,
    actor: Actor,
    now: datetime,
    said_at: datetime | None = None,
) -> None:
    """Say how a visit went, if it is still as the page of ``version`` showed it.

    ``said_at``: it was said so long ago, without a connection. Then it is fine whatever the version, if the visit
    stands like that already. The same mark sent twice is given once. Raises ``Unknown`` outside these
    offices, ``OutOfDate``, or what ``Marked.check`` raises. The calendar entry of the resident does not change.
    """
    row = session.execute(
        select(Appointment.state, Appointment.local_date, Appointment.start, Appointment.arrived_at)
        .add_columns(Appointment.settled_at, Appointment.version, Office.zone_key)
        .join(Office, Office.id == Appointment.office_id)
        .where(
            Appointment.commune_id == commune_id,
            Appointment.office_id.in_(office_ids),
            Appointment.id == appointment_id,
        )
    ).one_or_none()
    if row is None:
        raise Unknown
    before = Marked(row.state, row.local_date, row.start, row.arrived_at, row.settled_at)
    if before.says(mark) and (row.version == version + 1 or said_at is not None):
        return
    if row.version != version:
        raise OutOfDate
    before.check(mark, today=local_date(now, ZoneInfo(row.zone_key)), now=now)
    moment = moment_of_mark(said_at, before, ZoneInfo(row.zone_key), now)
    changes = changes_of(mark, before, moment)
    marked = update(Appointment).where(
        Appointment.commune_id == commune_id,
        Appointment.id == appointment_id,
        Appointment.state == before.state,
        Appointment.version == version,
    )
    done = session.execute(
        marked.values(**changes, version=Appointment.version + 1).returning(Appointment.id),
        execution_options=QUIETLY,
    )
    if done.first() is None:
        raise OutOfDate
    follow_mark(session, appointment_id=appointment_id, mark=mark, actor=actor, now=moment)
    note(
        session,
        actor,
        commune_id=commune_id,
        act="marked",
        subject="appointment",
        subject_id=appointment_id,
        fields=changes,
        now=now,
    )


def moment_of_mark(said_at: datetime | None, before: Marked, zone: ZoneInfo, now: datetime) -> datetime:
    """When something was said: without a connection, when it was pressed, if that can be true. Clocks go wrong."""
    if said_at is None or said_at > now or local_date(said_at, zone) != before.day:
        return now
    return max(said_at, before.arrived_at or said_at)


def changes_of(mark: Mark, before: Marked, moment: datetime) -> dict[str, object]:
    """The columns a mark writes. Going back from a settled visit leaves its arrival as it was."""
    target = LEADS_TO[mark]
    if target == before.state:
        return {"arrived_at": moment if mark == Mark.ARRIVED else None}
    return {"state": target, "settled_at": None if mark == Mark.BACK else moment}
