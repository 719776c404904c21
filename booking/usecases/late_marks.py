"""Marks that were made without a connection: given when they arrive if they still can be, else kept for a decision."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from booking.core.errors import BookingError, OutOfDate, Unknown
from booking.core.marks import Mark
from booking.core.roles import Role
from booking.models import Appointment, JournalEntry, LateMark
from booking.usecases import marks
from booking.usecases.journal import Actor, note
from booking.usecases.statements import QUIETLY, insert_into, table_of
from booking.usecases.visits import APPOINTMENTS, Visit, in_offices, visits_in

LATE, JOURNAL = table_of(LateMark), table_of(JournalEntry)
CHANGES_NOTHING = ("looked", "opened", "marked_late", "left_as_is")


@dataclass(frozen=True)
class Pressed:
    """A mark pressed without a connection: of which visit, on which version of it, and when."""

    mark: Mark
    appointment_id: int
    version: int
    at: datetime


class Said(NamedTuple):
    """What was said of a visit without a connection, and when."""

    mark: Mark
    at: datetime


class LastAct(NamedTuple):
    """Who changed a visit last, by their role (``None``: nobody of the staff), and when."""

    role: Role | None
    at: datetime


@dataclass(frozen=True)
class Undecided:
    """A visit as it stands now, what was said of it without a connection, and who changed it meanwhile."""

    visit: Visit
    said: tuple[Said, ...]
    then: LastAct | None


def mark_late(
    session: Session,
    *,
    commune_id: int,
    office_ids: Collection[int],
    pressed: Pressed,
    actor: Actor,
    now: datetime,
) -> bool:
    """Give a mark that waited for the connection, or keep it for somebody to decide; whether it was given.

    It counts from when it was pressed. While one of the same person waits for a decision about a visit, what they
    said of it next waits too. Sent twice it is kept once. Raises ``Unknown`` outside these offices.
    """
    own = {"commune_id": commune_id, "appointment_id": pressed.appointment_id}
    try:
        if session.scalar(select(LATE.c.id).where(*about(**own), LATE.c.person_id == actor.person_id).limit(1)):
            raise OutOfDate
        with session.begin_nested():
            marks.mark(
                session,
                commune_id=commune_id,
                office_ids=office_ids,
                appointment_id=pressed.appointment_id,
                mark=pressed.mark,
                version=pressed.version,
                said_at=min(pressed.at, now),
                actor=actor,
                now=now,
            )
    except Unknown:
        raise
    except BookingError:
        keep(session, commune_id=commune_id, pressed=pressed, actor=actor, now=now)
        return False
    return True


def keep(session: Session, *, commune_id: int, pressed: Pressed, actor: Actor, now: datetime) -> None:
    row = insert_into(session, LateMark).values(
        commune_id=commune_id,
        appointment_id=pressed.appointment_id,
        person_id=actor.person_id,
        mark=pressed.mark,
        seen_version=pressed.version,
        said_at=min(pressed.at, now),
        sent_at=now,
    )
    if session.execute(row.on_conflict_do_nothing().returning(LATE.c.id)).first() is not None:
        note_of(session, actor, pressed.appointment_id, "marked_late", commune_id=commune_id, now=now)


def undecided(session: Session, *, commune_id: int, office_ids: Collection[int], now: datetime) -> list[Undecided]:
    """The visits of these offices that wait for a decision, by their start; who changed each last, in one statement."""
    here = select(APPOINTMENTS.c.id).where(*in_offices(commune_id, office_ids))
    rows = session.execute(
        select(LATE.c.appointment_id, LATE.c.mark, LATE.c.said_at)
        .where(LATE.c.commune_id == commune_id, LATE.c.appointment_id.in_(here))
        .order_by(LATE.c.appointment_id, LATE.c.said_at, LATE.c.id)
    )
    said = {
        number: tuple(Said(row.mark, row.said_at) for row in found)
        for number, found in groupby(rows, key=attrgetter("appointment_id"))
    }
    if not said:
        return []
    wanted = select(APPOINTMENTS.c.id).where(APPOINTMENTS.c.id.in_(said))
    then = last_acts(session, commune_id=commune_id, ids=said)
    found = visits_in(session, wanted, APPOINTMENTS.c.start, now=now)
    return [Undecided(visit, said[visit.id], then.get(visit.id)) for visit in found]


def last_acts(session: Session, *, commune_id: int, ids: Collection[int]) -> dict[int, LastAct]:
    """Who changed each of these visits last, as the journal has it."""
    latest = (
        select(func.max(JOURNAL.c.id))
        .where(JOURNAL.c.commune_id == commune_id, JOURNAL.c.subject == "appointment", JOURNAL.c.subject_id.in_(ids))
        .where(JOURNAL.c.act.not_in(CHANGES_NOTHING))
        .group_by(JOURNAL.c.subject_id)
    )
    wanted = select(JOURNAL.c.subject_id, JOURNAL.c.role, JOURNAL.c.at).where(JOURNAL.c.id.in_(latest))
    return {row.subject_id: LastAct(row.role, row.at) for row in session.execute(wanted)}


def decide(
    session: Session,
    *,
    commune_id: int,
    office_ids: Collection[int],
    appointment_id: int,
    mark: Mark,
    version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Mark a visit as it is known to have gone, and so decide about what was said of it late.

    Raises what ``marks.mark`` does, or ``OutOfDate`` when nothing was said late: then nothing is decided.
    """
    marks.mark(
        session,
        commune_id=commune_id,
        office_ids=office_ids,
        appointment_id=appointment_id,
        mark=mark,
        version=version,
        actor=actor,
        now=now,
    )
    this = about(commune_id=commune_id, appointment_id=appointment_id)
    if session.execute(delete(LATE).where(*this).returning(LATE.c.id), execution_options=QUIETLY).first() is None:
        raise OutOfDate


def leave_as_is(
    session: Session, *, commune_id: int, office_ids: Collection[int], appointment_id: int, actor: Actor, now: datetime
) -> None:
    """Decide that a visit stays as it is, whatever was said of it late. Raises ``Unknown`` outside these offices."""
    mine = select(Appointment.id).where(Appointment.commune_id == commune_id, Appointment.office_id.in_(office_ids))
    if session.scalar(mine.where(Appointment.id == appointment_id)) is None:
        raise Unknown
    this = about(commune_id=commune_id, appointment_id=appointment_id)
    if session.execute(delete(LATE).where(*this).returning(LATE.c.id), execution_options=QUIETLY).first() is None:
        return
    note_of(session, actor, appointment_id, "left_as_is", commune_id=commune_id, now=now)


def note_of(session: Session, actor: Actor, number: int, act: str, *, commune_id: int, now: datetime) -> None:
    subject = "appointment"
    note(session, actor, commune_id=commune_id, act=act, subject=subject, subject_id=number, fields=("mark",), now=now)


def about(*, commune_id: int, appointment_id: int) -> tuple[ColumnElement[bool], ...]:
    return LATE.c.commune_id == commune_id, LATE.c.appointment_id == appointment_id
