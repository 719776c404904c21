"""The day sheets of offices: what stands on one, which are due to be made, and keeping the newest of each day."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import Unknown
from booking.core.references import digest
from booking.core.sheets import MAILED_AT, NOON, DaySheet, FreeTimes, SheetLine
from booking.core.timespan import instant, local_date
from booking.core.translated import OFFICIAL
from booking.models import Appointment, Commune, Message, Office
from booking.models import DaySheet as Sheet
from booking.models.messages import MessageKind
from booking.usecases.agenda import Agenda, agenda_of, facts_of_day
from booking.usecases.messages import queued
from booking.usecases.statements import QUIETLY, insert_unless_taken
from booking.usecases.visits import EVERYTHING, Visit

AT_LEAST = timedelta(hours=1)
"""A sheet is made again after so long although nothing has changed: it says of when it is."""

WHEN_MADE = (Sheet.office_id, Sheet.day, Sheet.made_at, Sheet.digest)
BOOKED_OR_MARKED = Appointment.state.not_in((AppointmentState.CANCELLED, AppointmentState.HELD))


@dataclass(frozen=True)
class Due:
    """A sheet to be made, and the name of what it will be made of."""

    office_id: int
    day: date
    digest: str


@dataclass(frozen=True)
class AtHand:
    """A sheet that can be fetched; ``made_at`` is the office's clock."""

    day: date
    made_at: datetime
    has_pdf: bool


def sheets_due(session: Session, *, now: datetime) -> Iterator[Due]:
    """Today's and tomorrow's sheets, of every office in use, that are an hour old or no longer tell what is so."""
    offices = session.scalars(select(Office).where(Office.retired_at.is_(None)).order_by(Office.id)).all()
    made = {(row.office_id, row.day): row for row in session.execute(select(*WHEN_MADE))}
    for office in offices:
        today = local_date(now, office.zone)
        for day in (today, today + timedelta(days=1)):
            present = digest(*facts_of_day(session, office, day, BOOKED_OR_MARKED))
            known = made.get((office.id, day))
            if known is None or known.digest != present or known.made_at <= now - AT_LEAST:
                yield Due(office.id, day, present)


def day_sheet(session: Session, *, office_id: int, day: date, now: datetime) -> DaySheet:
    """What an office's sheet of a day says now."""
    office = session.get_one(Office, office_id)
    commune = session.get_one(Commune, office.commune_id)
    agenda = agenda_of(session, office=office, day=day, choice=EVERYTHING, now=now)
    visits = [visit for visit in agenda.visits if not visit.is_held]
    return DaySheet(
        commune=commune.name,
        office=office.name,
        day=day,
        made_at=now.astimezone(office.zone),
        languages=tuple(sorted(OFFICIAL, key=lambda one: one != commune.first_language)),
        lines=tuple(line_of(visit) for visit in visits),
        free=free_times(agenda),
        shut=tuple(one.reason for one in agenda.closures),
        is_working=bool(visits or any(one.open for one in agenda.busy)),
        is_demonstration=commune.is_demonstration,
    )


def line_of(visit: Visit) -> SheetLine:
    return SheetLine(
        wall=visit.wall,
        wall_end=visit.wall_end,
        counter=visit.counter,
        name=visit.name,
        reference=visit.reference or "",
        services=tuple((line.service, line.persons) for line in visit.lines),
        language=visit.language,
        help_language=visit.help_language,
        needs=visit.needs or frozenset(),
        standing=visit.standing,
        late_minutes=visit.late_minutes if visit.will_be_late else None,
        helper=visit.helper,
    )


def free_times(agenda: Agenda) -> tuple[FreeTimes, ...]:
    """What is still to come of each counter's free time, of those that have any."""
    found = (
        FreeTimes(one.counter.label, tuple((free.wall, free.wall_end) for free in one.free if free.end > agenda.now))
        for one in agenda.busy
    )
    return tuple(one for one in found if one.walls)


def keep_sheet(session: Session, *, due: Due, html: str, pdf: bytes | None, is_working: bool, now: datetime) -> None:
    """Keep a sheet that was just made in the place of an older one; an older one never takes a newer one's.

    Where the office wants it by mail, one is left in the outbox, due at seven in the morning of the day.
    """
    office = session.get_one(Office, due.office_id)
    made: dict[str, Any] = {"html": zlib.compress(html.encode()), "pdf": pdf, "made_at": now}
    made |= {"digest": due.digest, "is_working": is_working}
    this = (Sheet.office_id == office.id, Sheet.day == due.day)
    new = {"commune_id": office.commune_id, "office_id": office.id, "day": due.day, **made}
    if session.scalar(insert_unless_taken(session, Sheet, "id"), new) is None:
        older = update(Sheet).where(*this, Sheet.made_at <= now).values(**made)
        session.execute(older, execution_options=QUIETLY)
    if office.sheet_by_mail is not None and is_working and now < instant(due.day, NOON, office.zone):
        leave_mail(
            session, office=office, day=due.day, sheet_id=session.scalars(select(Sheet.id).where(*this)).one(), now=now
        )


def leave_mail(session: Session, *, office: Office, day: date, sheet_id: int, now: datetime) -> None:
    """Leave the mail that brings a sheet, unless it was left before.

    A day has one sheet and a sheet one mail, as their keys say: whatever is restarted or done twice, one goes out.
    """
    one = queued(MessageKind.DAY_SHEET, commune_id=office.commune_id, now=now)
    one |= {"day_sheet_id": sheet_id, "version": 0, "copy": 0, "due_at": instant(day, MAILED_AT, office.zone)}
    session.execute(insert_unless_taken(session, Message, "id"), one)


def kept_sheets(session: Session, *, office: Office, now: datetime) -> tuple[AtHand, ...]:
    """The sheets of today and tomorrow that are there to be fetched."""
    today = local_date(now, office.zone)
    return tuple(
        AtHand(row.day, row.made_at.astimezone(office.zone), row.has_pdf)
        for row in session.execute(
            select(Sheet.day, Sheet.made_at, Sheet.pdf.is_not(None).label("has_pdf"))
            .where(Sheet.office_id == office.id, Sheet.day.between(today, today + timedelta(days=1)))
            .where(Sheet.html.is_not(None))
            .order_by(Sheet.day)
        )
    )


def kept_sheet(session: Session, *, office: Office, day: date, as_pdf: bool) -> bytes:
    """One sheet of an office, as a page or as a PDF file. Raises ``Unknown`` when there is none."""
    wanted = select(Sheet).where(Sheet.office_id == office.id, Sheet.day == day, Sheet.html.is_not(None))
    found = session.scalars(wanted).one_or_none()
    content = found and (found.pdf if as_pdf else zlib.decompress(found.html or b""))
    if not content:
        raise Unknown
    return content
