"""A commune leaves: everything that is kept of it is handed over first, then deleted, and nothing of any other one."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import Table, func, select, text
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import OtherName, Unknown, VisitsToCome
from booking.core.seen import plain
from booking.core.tables import guarded
from booking.core.text import folded
from booking.core.timespan import floor_to_tick
from booking.core.visit_imports import Column
from booking.models import Appointment, AppointmentLine, Base, Commune, Counter, Membership, Office, Person, Service
from booking.usecases.communes import take_away
from booking.usecases.holds import end_holds
from booking.usecases.offices import to_come
from booking.usecases.schedules import take_whole
from booking.usecases.statements import table_of

AT_ONCE = 500

LEFT_OUT = frozenset({"claim", "seat", "day_sheet", "visit_import", "refused_line", "login_failure"})
"""Tables that hold nothing of their own: what they say follows from others, or is gone within a day."""

SECRETS = frozenset({"hold_key", "contact_key", "person_key", "status_key", "screen_key", "feed_key", "lease"})
"""Columns that open something, or only compare: with every column that ends in ``nonce``."""

OF_STAFF = ("id", "email", "name", "language", "created_at", "deactivated_at")

HEADINGS: Mapping[Column, str] = {
    Column.DAY: "Date",
    Column.TIME: "Time",
    Column.NAME: "Name",
    Column.SERVICE: "Service",
    Column.OFFICE: "Office",
    Column.COUNTER: "Counter",
    Column.EMAIL: "Email",
    Column.PHONE: "Phone",
    Column.LANGUAGE: "Language",
    Column.PERSONS: "Persons",
    Column.MINUTES: "Minutes",
}
"""What the columns of the appointments to come are called: they are found by these when they are imported elsewhere."""


def tables_handed_over() -> list[Table]:
    """The tables that say something of a commune, parents first."""
    found = [table for table in Base.metadata.sorted_tables if "commune_id" in table.columns]
    return [table_of(Commune), *(table for table in found if table.name not in LEFT_OUT)]


def rows_of(session: Session, *, table: Table, commune_id: int) -> Iterator[bytes]:
    """Every row of a table, one JSON object a line: as many as there are, few in memory."""
    columns = [column for column in table.columns if not is_secret(column.name)]
    owner = table.columns.id if table.name == "commune" else table.columns.commune_id
    wanted = select(*columns).where(owner == commune_id).order_by(*table.primary_key.columns)
    for row in session.execute(wanted, execution_options={"yield_per": AT_ONCE}):
        yield line_of(row._asdict())


def staff_of(session: Session, *, commune_id: int) -> Iterator[bytes]:
    """The accounts of those who work for a commune: neither passwords nor what belongs to their other communes."""
    theirs = select(Membership.person_id).where(Membership.commune_id == commune_id)
    columns = [table_of(Person).columns[name] for name in OF_STAFF]
    for row in session.execute(select(*columns).where(Person.id.in_(theirs)).order_by(Person.id)):
        yield line_of(row._asdict())


def is_secret(name: str) -> bool:
    return name in SECRETS or name.endswith("nonce")


def line_of(facts: Mapping[str, Any]) -> bytes:
    said = {name: plain(value) for name, value in facts.items()}
    return json.dumps(said, ensure_ascii=False, default=as_text).encode() + b"\n"


def as_text(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, StrEnum):
        return value.value
    return plain(value)


def visits_to_come(session: Session, *, commune_id: int, now: datetime) -> Iterator[bytes]:
    """The appointments to come as a table that another system, or another commune here, can import.

    A visit for several services stands in one line, under the first of them, in its whole length.
    """
    yield as_line(list(HEADINGS.values()))
    first = AppointmentLine.position == 1
    mine = (AppointmentLine.commune_id == Appointment.commune_id) & (AppointmentLine.appointment_id == Appointment.id)
    wanted = (
        select(Appointment, AppointmentLine.persons, Service.code, Office.code, Counter.label)
        .join(AppointmentLine, mine & first)
        .join(Service, Service.id == AppointmentLine.service_id)
        .join(Office, Office.id == Appointment.office_id)
        .join(Counter, Counter.id == Appointment.counter_id)
        .where(
            Appointment.commune_id == commune_id,
            Appointment.state == AppointmentState.BOOKED,
            Appointment.start > floor_to_tick(now),
        )
        .order_by(Appointment.start, Appointment.id)
    )
    for visit, persons, service, office, counter in session.execute(wanted, execution_options={"yield_per": AT_ONCE}):
        minutes = int((visit.end - visit.start).total_seconds()) // 60
        when = [f"{visit.local_date:%d/%m/%Y}", f"{visit.wall_time:%H:%M}"]
        # An international number without its sign: a spreadsheet would calculate with it.
        phone = f"00{visit.phone[1:]}" if visit.phone else ""
        who = [visit.email or "", phone, visit.help_language or visit.language or ""]
        yield as_line([*when, visit.name or "", service, office, counter, *who, str(persons), str(minutes)])


def as_line(cells: list[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, delimiter=";").writerow([guarded(cell) for cell in cells])
    return line.getvalue().encode()


def number_to_come(session: Session, *, commune_id: int, now: datetime) -> int:
    wanted = select(func.count(Appointment.id)).where(Appointment.commune_id == commune_id, *to_come(now))
    return session.scalar(wanted) or 0


def leave(session: Session, *, commune_id: int, name: str, with_visits: bool = False, now: datetime) -> None:
    """Delete a commune that leaves, with every row of it. ``name`` is its own, typed to confirm it, in any language.

    Raises ``OtherName``, ``VisitsToCome`` unless they go ``with_visits``, or ``Unknown``.
    """
    commune = session.get(Commune, commune_id)
    if commune is None:
        raise Unknown
    if not name.strip() or folded(name) not in {folded(one) for one in commune.name.texts.values()}:
        raise OtherName
    if session.get_bind().dialect.name == "postgresql":
        # Years of visits may take longer than any other statement is allowed to.
        session.execute(text("SET LOCAL statement_timeout = 0"))
    # Nobody holds a time from here on, and whoever is confirming one is waited for, then counted.
    take_whole(session, commune_id=commune_id)
    end_holds(session, Appointment.commune_id == commune_id)
    coming = number_to_come(session, commune_id=commune_id, now=now)
    if coming and not with_visits:
        raise VisitsToCome(number=coming)
    take_away(session, commune)
