"""The journal as it is read: who saw or changed what, the newest first, page by page."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, tuple_
from sqlalchemy.orm import Session

from booking.core.errors import TooManyLines
from booking.core.roles import Role
from booking.core.translated import Translated
from booking.models import (
    Appointment,
    Block,
    Closure,
    Counter,
    JournalEntry,
    Membership,
    Office,
    OpeningSession,
    Person,
    Service,
    Ticket,
)

PAGE = 50
MOST_EXPORTED = 50_000
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
PLACE = re.compile("([0-9]{1,16})-([0-9]{1,18})")

NOBODY = "system"
"""Asked for instead of a person: what no person did."""

RESIDENTS = "residents"
"""Asked for instead of a person: what people did about their own appointments."""


@dataclass(frozen=True)
class Asked:
    """What of the journal is asked for; what is not said is everything.

    ``by`` is the number of a person, ``NOBODY`` or ``RESIDENTS``. ``within`` are the offices that the reader may read
    about, ``None`` for the whole commune.
    """

    since: datetime | None = None
    until: datetime | None = None
    by: int | str | None = None
    act: str | None = None
    subject: str | None = None
    office_id: int | None = None
    within: frozenset[int] | None = None


@dataclass(frozen=True)
class Place:
    """Where a page ends, as an address carries it."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{(self.at - BEGINNING) // MICROSECOND}-{self.id}"

    @classmethod
    def read(cls, written: str) -> Place | None:
        """The place that was written, ``None`` for what is none."""
        found = PLACE.fullmatch(written)
        return cls(BEGINNING + int(found[1]) * MICROSECOND, int(found[2])) if found else None


@dataclass(frozen=True)
class Entry:
    """One act; ``by`` is the name of who did it, ``None`` for residents and for the system."""

    id: int
    at: datetime
    role: Role | None
    person_id: int | None
    by: str | None
    act: str
    subject: str
    subject_id: int
    fields: tuple[str, ...]


def entries(
    session: Session, *, commune_id: int, asked: Asked, before: Place | None = None, most: int = PAGE
) -> tuple[list[Entry], Place | None]:
    """A page, and where the next one begins; ``None`` after the last."""
    place = tuple_(JournalEntry.at, JournalEntry.id)
    wanted = (
        select(JournalEntry, Person.name)
        .outerjoin(Person, Person.id == JournalEntry.person_id)
        .where(JournalEntry.commune_id == commune_id, *conditions(asked))
        .order_by(JournalEntry.at.desc(), JournalEntry.id.desc())
        .limit(most + 1)
    )
    if before is not None:
        wanted = wanted.where(place < tuple_(before.at, before.id))
    found = [entry_of(row, name) for row, name in session.execute(wanted)]
    last = found[most - 1] if len(found) > most else None
    return found[:most], Place(last.at, last.id) if last else None


def entry_of(row: JournalEntry, name: str | None) -> Entry:
    fields = tuple(filter(None, row.fields.split(",")))
    return Entry(row.id, row.at, row.role, row.person_id, name, row.act, row.subject, row.subject_id, fields)


def exported(session: Session, *, commune_id: int, asked: Asked) -> list[Entry]:
    """Everything that is asked for. Raises ``TooManyLines``."""
    found, more = entries(session, commune_id=commune_id, asked=asked, most=MOST_EXPORTED)
    if more is not None:
        raise TooManyLines(limit=MOST_EXPORTED)
    return found


def conditions(asked: Asked) -> Iterable[ColumnElement[bool]]:
    if asked.since is not None:
        yield JournalEntry.at >= asked.since
    if asked.until is not None:
        yield JournalEntry.at < asked.until
    if asked.by == RESIDENTS:
        yield JournalEntry.role == Role.RESIDENT
    elif asked.by == NOBODY:
        yield and_(JournalEntry.person_id.is_(None), JournalEntry.role.is_(None))
    elif asked.by is not None:
        yield JournalEntry.person_id == asked.by
    if asked.act is not None:
        yield JournalEntry.act == asked.act
    if asked.subject is not None:
        yield JournalEntry.subject == asked.subject
    if asked.office_id is not None:
        yield of_offices({asked.office_id})
    if asked.within is not None:
        yield of_offices(asked.within)


def of_offices(office_ids: Collection[int]) -> ColumnElement[bool]:
    """That an act was about one of these offices, or about something that is in one of them."""
    inside: dict[str, Any] = {
        "appointment": Appointment,
        "closure": Closure,
        "counter": Counter,
        "opening_session": OpeningSession,
        "ticket": Ticket,
    }
    of_counter = select(Counter.id).where(Counter.office_id.in_(office_ids))
    return or_(
        and_(JournalEntry.subject.in_(("office", "screen")), JournalEntry.subject_id.in_(office_ids)),
        and_(JournalEntry.subject == "block", among(Block, Block.counter_id.in_(of_counter))),
        *(
            and_(JournalEntry.subject == subject, among(model, model.office_id.in_(office_ids)))
            for subject, model in inside.items()
        ),
    )


def among(model: Any, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """That the act was about a row of ``model`` for which ``condition`` holds."""
    return exists().where(model.id == JournalEntry.subject_id, model.commune_id == JournalEntry.commune_id, condition)


def names_of(
    session: Session, *, commune_id: int, found: Sequence[Entry]
) -> Mapping[tuple[str, int], Translated | str]:
    """What the things are called that acts were about: people of the staff, offices, counters, services."""
    kinds: dict[str, tuple[Any, Any]] = {
        "counter": (Counter, Counter.label),
        "office": (Office, Office.name),
        "screen": (Office, Office.name),
        "service": (Service, Service.name),
    }
    names: dict[tuple[str, int], Translated | str] = {}
    for subject, (model, name) in kinds.items():
        ids = {entry.subject_id for entry in found if entry.subject == subject}
        if ids:
            rows = session.execute(select(model.id, name).where(model.commune_id == commune_id, model.id.in_(ids)))
            names |= {(subject, number): called for number, called in rows}
    people = {entry.subject_id for entry in found if entry.subject == "person"}
    if people:
        rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
        names |= {("person", number): called for number, called in rows}
    return names


def acting(session: Session, *, commune_id: int) -> Sequence[tuple[int, str]]:
    """Who of the staff may stand in the journal of a commune, in the order of their names."""
    works = exists().where(Membership.commune_id == commune_id, Membership.person_id == Person.id)
    people = select(Person.id, Person.name).where(works, Person.password_hash != "").order_by(Person.name, Person.id)
    return [(row.id, row.name) for row in session.execute(people)]
