"""Visits of another system, brought along in a table: kept, looked at, then booked piece by piece, each of them once.

Nothing is booked before somebody has seen what becomes of every line. A piece is one unit: the number of the last line
that was dealt with, the visits of these lines and those that were refused are written together, so whatever breaks
off is carried on where it stopped.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from booking.core.errors import ColumnsMissing, ImportGone, ImportUnderWay, SlotTaken
from booking.core.tables import Row, Sheet, only
from booking.core.text import folded
from booking.core.visit_imports import (
    Column,
    Columns,
    ImportState,
    Line,
    Reader,
    Refused,
    WhyNot,
    guessed,
    line_of,
    missing_columns,
)
from booking.models import Commune, RefusedLine, VisitImport
from booking.models.messages import MessageKind
from booking.usecases.claims import shared
from booking.usecases.import_places import Placed, offices_in, placed_lines, places_for
from booking.usecases.journal import Actor, note, note_each
from booking.usecases.messages import announce_each
from booking.usecases.reminders import schedule_reminders
from booking.usecases.statements import QUIETLY
from booking.usecases.takeover import take_over

PIECE = 50
"""So many lines are booked in one unit: a resident who books meanwhile waits for no more."""

LONGEST_FILENAME = 100
GIVEN = ("name", "email", "phone", "language", "help_language")


@dataclass(frozen=True)
class Readers:
    """How contacts are read: each gives one as it can be written to, and raises ``ValueError`` for what cannot be."""

    email: Reader
    phone: Reader


@dataclass(frozen=True)
class Prospect:
    """What would become of each line if they were booked now, in their order."""

    placed: tuple[Placed, ...]
    refused: tuple[Refused, ...]
    unknown_services: Mapping[str, int]
    """The words of the table that mean no service yet, each with how many lines have it."""


@dataclass(frozen=True)
class Progress:
    """How far it has come: lines dealt with and visits made of them, of how many lines."""

    is_over: bool
    booked: int


def keep_file(
    session: Session, *, commune_id: int, sheet: Sheet, filename: str, actor: Actor, person_id: int, now: datetime
) -> int:
    """Keep a table until it is booked or discarded, a day at most. Its columns are guessed from their headings."""
    row = insert(VisitImport).values(
        commune_id=commune_id,
        person_id=person_id,
        state=ImportState.OPEN,
        created_at=now,
        filename=filename[-LONGEST_FILENAME:],
        content=packed(sheet),
        columns={column.value: place for column, place in guessed(sheet.headings).items()},
        meanings={},
        confirms=False,
        lines=len(sheet.rows),
        done_to=0,
        booked=0,
    )
    number = session.scalars(row.returning(VisitImport.id)).one()
    noted(session, actor, commune_id=commune_id, number=number, act="added", now=now)
    return number


def kept(session: Session, *, commune_id: int, import_id: int) -> VisitImport:
    """One that is kept. Raises ``ImportGone``."""
    wanted = select(VisitImport).where(VisitImport.commune_id == commune_id, VisitImport.id == import_id)
    found = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise ImportGone
    return found


def kept_here(session: Session, *, commune_id: int) -> Sequence[VisitImport]:
    """Those of a commune that are kept now, the newest first."""
    wanted = select(VisitImport).where(VisitImport.commune_id == commune_id)
    return session.scalars(wanted.order_by(VisitImport.id.desc())).all()


def say_columns(
    session: Session, *, commune_id: int, import_id: int, columns: Columns, office_id: int | None = None
) -> None:
    """Say in which columns what stands. Raises ``ColumnsMissing``, ``ImportUnderWay`` or ``ImportGone``."""
    if missing_columns(columns):
        raise ColumnsMissing
    said = {column.value: place for column, place in columns.items()}
    change_open(session, commune_id=commune_id, import_id=import_id, columns=said, office_id=office_id)


def say_meanings(session: Session, *, commune_id: int, import_id: int, meanings: Mapping[str, int]) -> None:
    """Say which services are meant by words of the table. Raises ``ImportUnderWay`` or ``ImportGone``."""
    before = kept(session, commune_id=commune_id, import_id=import_id).meanings
    said = before | {folded(word): service_id for word, service_id in meanings.items()}
    change_open(session, commune_id=commune_id, import_id=import_id, meanings=said)


def begin(session: Session, *, commune_id: int, import_id: int, confirms: bool, actor: Actor, now: datetime) -> None:
    """Begin to book. Begun twice it goes on. Raises ``ColumnsMissing`` or ``ImportGone``."""
    found = kept(session, commune_id=commune_id, import_id=import_id)
    if missing_columns(columns_of(found)):
        raise ColumnsMissing
    if found.state == ImportState.OPEN:
        change_open(session, commune_id=commune_id, import_id=import_id, state=ImportState.BOOKING, confirms=confirms)
        noted(session, actor, commune_id=commune_id, number=import_id, act="started", now=now)


def change_open(session: Session, *, commune_id: int, import_id: int, **columns: object) -> None:
    mine = (VisitImport.commune_id == commune_id, VisitImport.id == import_id)
    changed = update(VisitImport).where(*mine, VisitImport.state == ImportState.OPEN).values(**columns)
    if session.scalar(changed.returning(VisitImport.id), execution_options=QUIETLY) is None:
        kept(session, commune_id=commune_id, import_id=import_id)
        raise ImportUnderWay


def discard(session: Session, *, commune_id: int, import_id: int, actor: Actor, now: datetime) -> None:
    """Throw the table away; what was booked of it stays. Twice is once."""
    mine = (VisitImport.commune_id == commune_id, VisitImport.id == import_id)
    gone = delete(VisitImport).where(*mine).returning(VisitImport.id)
    if session.scalar(gone, execution_options=QUIETLY) is not None:
        noted(session, actor, commune_id=commune_id, number=import_id, act="removed", now=now)


def prospect(
    session: Session, *, found: VisitImport, readers: Readers, office_ids: Collection[int] | None, now: datetime
) -> Prospect:
    """What would become of every line that was not dealt with yet."""
    rows = rows_left(found)
    lines = read_lines(found, rows, readers)
    placed = place(session, found=found, lines=lines, office_ids=office_ids, now=now)
    refused = tuple(one for one in placed if isinstance(one, Refused))
    without = {one.number for one in refused if one.why == WhyNot.NO_SERVICE}
    words: dict[str, int] = {}
    for line in lines:
        if isinstance(line, Line) and line.number in without:
            words[line.service] = words.get(line.service, 0) + 1
    return Prospect(tuple(one for one in placed if isinstance(one, Placed)), refused, words)


def book_piece(
    session: Session,
    *,
    commune_id: int,
    import_id: int,
    readers: Readers,
    office_ids: Collection[int] | None,
    actor: Actor,
    now: datetime,
) -> Progress:
    """Book the next lines, in a unit of their own. Raises ``ImportUnderWay`` before ``begin``, or ``ImportGone``."""
    found = taken(session, commune_id=commune_id, import_id=import_id)
    # Hours stay as they are until the piece is written.
    for office in sorted(one.id for one in offices_in(session, commune_id=commune_id, office_ids=office_ids)):
        shared(session, commune_id=commune_id, office_id=office)
    rows = rows_left(found)[:PIECE]
    lines = read_lines(found, rows, readers)
    placed = place(session, found=found, lines=lines, office_ids=office_ids, now=now)
    ids, refused = take_each(session, commune_id=commune_id, placed=placed, now=now)
    if refused:
        its = {"commune_id": commune_id, "import_id": import_id}
        session.execute(insert(RefusedLine), [its | {"number": one.number, "why": one.why} for one in refused])
    tell(session, commune_id=commune_id, ids=ids, confirms=found.confirms, now=now)
    own: dict[str, Any] = {"commune_id": commune_id, "now": now}
    note_each(session, actor, list(ids), act="booked", subject="appointment", fields=GIVEN, **own)
    is_over = len(rows) == len(rows_left(found))
    return settle_piece(session, found=found, rows=rows, booked=len(ids), is_over=is_over)


def taken(session: Session, *, commune_id: int, import_id: int) -> VisitImport:
    """The table, its row taken: two who carry it on follow one another, and each finds what the other left."""
    mine = select(VisitImport).where(VisitImport.commune_id == commune_id, VisitImport.id == import_id)
    found = session.scalars(mine.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise ImportGone
    if found.state == ImportState.OPEN:
        raise ImportUnderWay
    return found


def take_each(
    session: Session, *, commune_id: int, placed: Iterable[Placed | Refused], now: datetime
) -> tuple[dict[int, bool], list[Refused]]:
    """Book what has a place; gives the ids, each with whether a mail reaches the person, and the lines refused.

    A resident may take a time between the look at it and its claim: then that line alone is refused.
    """
    ids: dict[int, bool] = {}
    refused: list[Refused] = []
    for one in placed:
        if isinstance(one, Refused):
            refused.append(one)
            continue
        try:
            with session.begin_nested():
                own = {"commune_id": commune_id, "office_id": one.office_id}
                (number,) = take_over(session, **own, visits=[one.visit], now=now)
        except SlotTaken:
            refused.append(Refused(one.number, WhyNot.TAKEN))
        else:
            ids[number] = bool(one.visit.wish.email)
    return ids, refused


def tell(session: Session, *, commune_id: int, ids: Mapping[int, bool], confirms: bool, now: datetime) -> None:
    """Leave the reminders, and with ``confirms`` the confirmation for everybody whom a mail reaches."""
    if ids:
        schedule_reminders(session, commune_id=commune_id, appointment_ids=list(ids), now=now)
    written = {number: 1 for number, has_mail in ids.items() if has_mail} if confirms else {}
    announce_each(session, MessageKind.CONFIRMATION, commune_id=commune_id, versions=written, now=now)


def settle_piece(session: Session, *, found: VisitImport, rows: Sequence[Row], booked: int, is_over: bool) -> Progress:
    """Write down how far it has come; once it is over, only the lines that were refused are kept."""
    values: dict[str, object] = {"booked": found.booked + booked}
    if rows:
        values["done_to"] = rows[-1].number
    if is_over and found.state != ImportState.DONE:
        refused = session.scalars(select(RefusedLine.number).where(RefusedLine.import_id == found.id))
        values |= {"state": ImportState.DONE, "content": packed(only(sheet_in(found), refused))}
    session.execute(update(VisitImport).where(VisitImport.id == found.id).values(**values), execution_options=QUIETLY)
    return Progress(is_over, found.booked + booked)


def refused_lines(session: Session, *, found: VisitImport) -> list[Refused]:
    wanted = select(RefusedLine).where(RefusedLine.import_id == found.id).order_by(RefusedLine.number)
    return [Refused(row.number, row.why) for row in session.scalars(wanted)]


def place(
    session: Session,
    *,
    found: VisitImport,
    lines: Sequence[Line | Refused],
    office_ids: Collection[int] | None,
    now: datetime,
) -> list[Placed | Refused]:
    places = places_for(
        session,
        commune_id=found.commune_id,
        language=session.get_one(Commune, found.commune_id).first_language,
        lines=[one for one in lines if isinstance(one, Line)],
        office_ids=office_ids,
        default_office=found.office_id,
        meanings=found.meanings,
        now=now,
    )
    return placed_lines(places, lines)


def read_lines(found: VisitImport, rows: Iterable[Row], readers: Readers) -> list[Line | Refused]:
    columns = columns_of(found)
    return [line_of(row, columns, email=readers.email, phone=readers.phone) for row in rows]


def rows_left(found: VisitImport) -> tuple[Row, ...]:
    """The lines that were not dealt with yet."""
    if found.state == ImportState.DONE:
        return ()
    return tuple(row for row in sheet_in(found).rows if row.number > found.done_to)


def columns_of(found: VisitImport) -> dict[Column, int]:
    return {Column(name): place for name, place in found.columns.items()}


def packed(sheet: Sheet) -> bytes:
    facts = {"headings": sheet.headings, "rows": [[row.number, row.cells] for row in sheet.rows]}
    return zlib.compress(json.dumps(facts, ensure_ascii=False).encode())


def sheet_in(found: VisitImport) -> Sheet:
    facts = json.loads(zlib.decompress(found.content))
    rows = tuple(Row(number, tuple(cells)) for number, cells in facts["rows"])
    return Sheet(tuple(facts["headings"]), rows)


def noted(session: Session, actor: Actor, *, commune_id: int, number: int, act: str, now: datetime) -> None:
    note(session, actor, commune_id=commune_id, act=act, subject="visit_import", subject_id=number, now=now)
