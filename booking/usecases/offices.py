"""Offices: adding, changing, taking away and bringing back. What appointments point to is never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import available_timezones

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.checklist import PhotoRule
from booking.core.errors import CodeTaken, HasAppointments, Unknown, UnknownZone
from booking.core.seen import check_seen
from booking.core.timespan import floor_to_tick
from booking.core.translated import Translated
from booking.models import Appointment, Counter, Office
from booking.usecases.holds import end_holds
from booking.usecases.journal import Actor, note
from booking.usecases.rows import add_row, differing, next_position, refuse_half_written, refusing
from booking.usecases.schedules import take_whole

UNIQUE = "uq_office_commune_id_code"
NOTHING = Translated({})

noted = partial(note, subject="office")


@dataclass(frozen=True, kw_only=True)
class OfficeFacts:
    """What is said of an office. ``start_step`` is minutes between offered starts, a multiple of five.

    ``photo_rule`` is where the photo for a card or a passport comes from, ``grace_minutes`` how long somebody who is
    late is waited for; ``late_rule``, when given, what happens then. To ``sheet_by_mail``, when given, the day sheet is
    sent every morning.
    """

    code: str
    name: Translated
    address: Translated
    transport: Translated = NOTHING
    access: Translated = NOTHING
    zone_key: str = "Europe/Brussels"
    start_step: int = 15
    photo_rule: PhotoRule = PhotoRule.BRING
    grace_minutes: int = 15
    late_rule: Translated = NOTHING
    sheet_by_mail: str | None = None


@dataclass(frozen=True)
class Kept:
    """A visit to come that was kept outside the opening hours, and the label of its counter."""

    visit: Appointment
    counter: str


@dataclass(frozen=True)
class InTheWay:
    """The visits to come for which an office or a counter cannot be taken away: how many, until when; those kept."""

    number: int
    until: datetime
    kept: tuple[Kept, ...]


def add_office(session: Session, *, commune_id: int, facts: OfficeFacts, actor: Actor, now: datetime) -> int:
    """An office without counters or hours. Raises ``CodeTaken``, ``TextMissing`` or ``UnknownZone``."""
    check_office(facts)
    position = next_position(session, Office, commune_id=commune_id)
    office_id = add_row(
        session,
        Office,
        unique=UNIQUE,
        commune_id=commune_id,
        position=position,
        **vars(facts),
    )
    noted(session, actor, commune_id=commune_id, subject_id=office_id, act="added", fields=vars(facts), now=now)
    return office_id


def facts_of(office: Office) -> OfficeFacts:
    """What is said of an office now."""
    return OfficeFacts(**{field.name: getattr(office, field.name) for field in fields(OfficeFacts)})


def change_office(
    session: Session,
    *,
    commune_id: int,
    office_id: int,
    facts: OfficeFacts,
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Write an office anew. ``seen`` is the word for the facts these were made from.

    Raises ``ChangedMeanwhile``, ``CodeTaken``, ``TextMissing``, ``UnknownZone`` or ``Unknown``.
    """
    check_office(facts)
    office = office_taken(session, commune_id=commune_id, office_id=office_id)
    check_seen(seen, facts_of(office))
    changed = differing(office, vars(facts))
    if not changed:
        return
    with refusing(session, CodeTaken, on=UNIQUE):
        session.execute(update(Office).where(Office.id == office_id).values(**vars(facts)))
    noted(session, actor, commune_id=commune_id, subject_id=office_id, act="changed", fields=changed, now=now)


def deactivate_office(session: Session, *, commune_id: int, office_id: int, actor: Actor, now: datetime) -> None:
    """Take an office away, with its holds. Raises ``HasAppointments`` while there are any to come, or ``Unknown``."""
    office = office_taken(session, commune_id=commune_id, office_id=office_id)
    clear_the_way(session, Appointment.office_id == office_id, now=now)
    if office.retired_at is None:
        session.execute(update(Office).where(Office.id == office_id).values(retired_at=now))
        fields = ("retired_at",)
        noted(session, actor, commune_id=commune_id, subject_id=office_id, act="deactivated", fields=fields, now=now)


def reactivate_office(session: Session, *, commune_id: int, office_id: int, actor: Actor, now: datetime) -> None:
    """Take an office into use again, with the counters and the hours it had. Raises ``Unknown``."""
    office = office_taken(session, commune_id=commune_id, office_id=office_id)
    if office.retired_at is not None:
        session.execute(update(Office).where(Office.id == office_id).values(retired_at=None))
        fields = ("retired_at",)
        noted(session, actor, commune_id=commune_id, subject_id=office_id, act="reactivated", fields=fields, now=now)


def office_taken(session: Session, *, commune_id: int, office_id: int) -> Office:
    """The office, its version row taken and drawn anew. Raises ``Unknown``."""
    if not take_whole(session, commune_id=commune_id, office_ids=[office_id]):
        raise Unknown
    return session.scalars(select(Office).where(Office.id == office_id).execution_options(populate_existing=True)).one()


def check_office(facts: OfficeFacts) -> None:
    refuse_half_written(facts.name, facts.address, *filter(None, (facts.transport, facts.access, facts.late_rule)))
    if facts.zone_key not in available_timezones():
        raise UnknownZone


def to_come(now: datetime) -> Sequence[ColumnElement[bool]]:
    """That a visit is booked and not over. The day says nothing more, but an index by office knows it."""
    yesterday = (now - timedelta(days=1)).date()
    booked = Appointment.state == AppointmentState.BOOKED
    return booked, Appointment.local_date >= yesterday, Appointment.end > floor_to_tick(now)


def clear_the_way(session: Session, at: ColumnElement[bool], *, now: datetime) -> None:
    """End the public holds somewhere. Raises ``HasAppointments`` with the end of the last visit to come there.

    The holds go first: one that is being confirmed at this moment is waited for, and then found with the visits.
    """
    end_holds(session, at)
    last: datetime | None = session.scalar(select(func.max(Appointment.end)).where(at, *to_come(now)))
    if last is not None:
        raise HasAppointments(until=last)


def in_the_way(
    session: Session, *, commune_id: int, office_id: int, counter_id: int | None = None, now: datetime
) -> InTheWay | None:
    """The visits to come in an office, or at one counter of it; ``None`` when there are none.

    A visit that was kept although its counter closed is one of them: only what is over or cancelled is not.
    """
    at = (Appointment.commune_id == commune_id, Appointment.office_id == office_id, *to_come(now))
    if counter_id is not None:
        at = (*at, Appointment.counter_id == counter_id)
    number, until = session.execute(select(func.count(Appointment.id), func.max(Appointment.end)).where(*at)).one()
    if not number:
        return None
    kept = session.execute(
        select(Appointment, Counter.label)
        .join(Counter, (Counter.commune_id == Appointment.commune_id) & (Counter.id == Appointment.counter_id))
        .where(*at, Appointment.kept_outside_at.is_not(None))
        .order_by(Appointment.start, Appointment.id)
    )
    return InTheWay(number, until, tuple(Kept(row.Appointment, row.label) for row in kept))
