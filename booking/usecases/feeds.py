"""Calendars to subscribe to: the key that opens one, and the visits of the coming days that are in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import Unknown
from booking.core.feeds import DAYS, Feed, FeedVisit
from booking.core.references import digest, new_key
from booking.core.tickets import number_told
from booking.core.timespan import local_date
from booking.models import Appointment, AppointmentLine, Commune, Counter, Office, Service, Ticket
from booking.usecases.journal import Actor, note

SHOWN = (AppointmentState.BOOKED, AppointmentState.FULFILLED, AppointmentState.MISSED)


@dataclass(frozen=True)
class Subscribed:
    """Whose calendar a key opens: an office's, or one counter's of it."""

    commune: Commune
    office: Office
    counter: Counter | None


def subscribed(session: Session, *, key: str, now: datetime) -> Subscribed | None:
    """What a key opens now; ``None`` for one that was renewed or taken away, and where nobody sits any more."""
    here = select(Office, Counter).outerjoin(
        Counter, (Counter.office_id == Office.id) & (Counter.feed_key == key) & Counter.retired_at.is_(None)
    )
    found = session.execute(here.where((Office.feed_key == key) | Counter.id.is_not(None))).first()
    if found is None or (found.Office.retired_at is not None and found.Office.retired_at <= now):
        return None
    return Subscribed(session.get_one(Commune, found.Office.commune_id), found.Office, found.Counter)


def feed_of(session: Session, of: Subscribed, *, now: datetime) -> Feed:
    """The visits from today on, as anybody who looks over a shoulder may see them: one statement."""
    today = local_date(now, of.office.zone)
    here = [
        Appointment.commune_id == of.commune.id,
        Appointment.office_id == of.office.id,
        Appointment.local_date.between(today, today + timedelta(days=DAYS)),
        Appointment.state.in_(SHOWN),
    ]
    if of.counter is not None:
        here.append(Appointment.counter_id == of.counter.id)
    rows = session.execute(
        select(Appointment.id, Appointment.uid, Appointment.sequence, Appointment.start, Appointment.end)
        .add_columns(Appointment.booked_at, Appointment.changed_at, Appointment.wall_time, Counter.label)
        .add_columns(Ticket.letter, Ticket.number, AppointmentLine.service_name, Service.is_sensitive)
        .join(Counter, Counter.id == Appointment.counter_id)
        .outerjoin(Ticket, Ticket.appointment_id == Appointment.id)
        .outerjoin(AppointmentLine, AppointmentLine.appointment_id == Appointment.id)
        .outerjoin(Service, Service.id == AppointmentLine.service_id)
        .where(*here)
        .order_by(Appointment.start, Appointment.id, AppointmentLine.position)
    )
    return Feed(
        office=of.office.name,
        counter=of.counter.label if of.counter else None,
        zone=of.office.zone_key,
        languages=tuple(language for language, _ in of.commune.wordmark),
        visits=tuple(told(list(lines)) for _, lines in groupby(rows, key=attrgetter("id"))),
    )


def told(lines: list[Any]) -> FeedVisit:
    """A visit without a name. One delicate service makes all of it delicate."""
    visit = lines[0]
    return FeedVisit(
        uid=visit.uid,
        sequence=visit.sequence,
        start=visit.start,
        end=visit.end,
        stamped_at=visit.changed_at or visit.booked_at,
        wall=visit.wall_time,
        counter=visit.label,
        ticket=number_told(visit.letter, visit.number) if visit.letter else None,
        services=()
        if any(line.is_sensitive for line in lines)
        else tuple(line.service_name for line in lines if line.service_name),
    )


def freshness(feed: Feed) -> str:
    """A short name for all that is in a feed: equal as long as its file would be."""
    return digest(repr(feed))


def give_key(
    session: Session, *, commune_id: int, office_id: int, counter_id: int | None = None, actor: Actor, now: datetime
) -> None:
    """A new key for the calendar of an office or of one of its counters: the one before opens nothing any more.

    Raises ``Unknown``.
    """
    own = {"commune_id": commune_id, "office_id": office_id}
    change_key(session, **own, counter_id=counter_id, key=new_key(), actor=actor, now=now)


def take_key_away(
    session: Session, *, commune_id: int, office_id: int, counter_id: int | None = None, actor: Actor, now: datetime
) -> None:
    """The calendar is closed: its key opens nothing any more. Raises ``Unknown``."""
    own = {"commune_id": commune_id, "office_id": office_id}
    change_key(session, **own, counter_id=counter_id, key=None, actor=actor, now=now)


def change_key(
    session: Session,
    *,
    commune_id: int,
    office_id: int,
    counter_id: int | None,
    key: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    if counter_id is None:
        changed = update(Office).where(Office.commune_id == commune_id, Office.id == office_id).returning(Office.id)
    else:
        mine = Counter.commune_id == commune_id, Counter.office_id == office_id, Counter.id == counter_id
        changed = update(Counter).where(*mine).returning(Counter.id)
    number = session.scalar(changed.values(feed_key=key))
    if number is None:
        raise Unknown
    note(
        session,
        actor,
        commune_id=commune_id,
        act="changed",
        subject="office" if counter_id is None else "counter",
        subject_id=number,
        fields=("feed_key",),
        now=now,
    )
