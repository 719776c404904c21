"""The calling screen of an office: who is called where, by numbers alone, and the secret that opens it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, bindparam, case, exists, select, update
from sqlalchemy.orm import Session

from booking.core.errors import Unknown
from booking.core.references import digest, new_key
from booking.core.tickets import TicketState, number_told
from booking.core.timespan import local_date
from booking.core.translated import OFFICIAL, Translated
from booking.core.turns import QueuePolicy
from booking.models import Commune, Counter, Office, Pause, Service, Ticket, TicketLine
from booking.usecases.banners import BANNERS, IS_SHOWN, LATEST_FIRST
from booking.usecases.journal import Actor, note
from booking.usecases.queue import HOW_FAR, OFFICES
from booking.usecases.statements import QUIETLY, table_of

COMMUNES, COUNTERS, SERVICES = table_of(Commune), table_of(Counter), table_of(Service)
TICKETS, LINES, PAUSES = table_of(Ticket), table_of(TicketLine), table_of(Pause)

STAYS = timedelta(minutes=30)
"""So long a call is still named among the last ones."""

MOST_CURRENT, MOST_LAST = 5, 6

OUTERMOST = timedelta(hours=14)
"""No clock on a wall is further from UTC, so the day an office has now lies between the two that are so far away."""


@dataclass(frozen=True)
class Hall:
    """An office as its hall knows it. ``freshness`` is another word as soon as anything on the screen may differ."""

    office_id: int
    name: Translated
    commune: Translated
    languages: tuple[str, ...]
    zone: ZoneInfo
    policy: QueuePolicy
    grace_minutes: int
    with_sound: bool
    banners: tuple[Translated, ...]
    freshness: str


class Call(NamedTuple):
    """A number that was called to a counter. A quiet one is shown, but neither rung for nor made large."""

    letter: str
    number: int
    counter: str
    calls: int
    called_at: datetime
    is_current: bool
    is_quiet: bool

    @property
    def told(self) -> str:
        return number_told(self.letter, self.number)


@dataclass(frozen=True)
class Calls:
    """Those who are called now and those who were called last, the latest first, and what cannot be given for now.

    Where more are called than there is room for, the earlier ones stand among the last.
    """

    current: Sequence[Call]
    last: Sequence[Call]
    paused: Sequence[Translated]


# Made once, and the only statement of a screen on which nothing has changed. A notice makes a row of its own.
HALL = (
    select(
        OFFICES.c.id,
        OFFICES.c.name,
        OFFICES.c.zone_key,
        OFFICES.c.queue_policy,
        OFFICES.c.grace_minutes,
        OFFICES.c.calls_with_sound,
        OFFICES.c.schedule_version,
        COMMUNES.c.name.label("commune"),
        COMMUNES.c.first_language,
        BANNERS.c.text.label("banner"),
        *HOW_FAR,
    )
    .join(COMMUNES, COMMUNES.c.id == OFFICES.c.commune_id)
    .outerjoin(BANNERS, (BANNERS.c.commune_id == OFFICES.c.commune_id) & IS_SHOWN[0] & IS_SHOWN[1])
    .where(OFFICES.c.screen_key == bindparam("screen_key"), OFFICES.c.retired_at.is_(None))
    .order_by(*LATEST_FIRST)
)


def hall_of(session: Session, *, secret: str, now: datetime) -> Hall:
    """The hall whose screen ``secret`` opens, in one statement. Raises ``Unknown``."""
    days = {"first_day": (now - OUTERMOST).date(), "last_day": (now + OUTERMOST).date()}
    rows = session.execute(HALL, {"screen_key": key_of(secret), "now": now, **days}).mappings().all()
    if not rows:
        raise Unknown
    return hall_from(rows, now)


def hall_from(rows: Sequence[RowMapping], now: datetime) -> Hall:
    first, zone = rows[0], ZoneInfo(rows[0]["zone_key"])
    day = local_date(now, zone)
    return Hall(
        office_id=first["id"],
        name=first["name"],
        commune=first["commune"],
        languages=tuple(sorted(OFFICIAL, key=lambda language: language != first["first_language"])),
        zone=zone,
        policy=first["queue_policy"],
        grace_minutes=first["grace_minutes"],
        with_sound=first["calls_with_sound"],
        banners=tuple(row["banner"] for row in rows if row["banner"]),
        freshness=digest(str(day), *(str(fact) for row in rows for fact in row.values())),
    )


def calls_of(session: Session, *, hall: Hall, now: datetime) -> Calls:
    """What a hall's screen shows now."""
    day = local_date(now, hall.zone)
    found = [Call(*row) for row in session.execute(CALLED, {"of_office": hall.office_id, "day": day})]
    current = [call for call in found if call.is_current]
    over = [call for call in found if not call.is_current and call.called_at > now - STAYS]
    return Calls(
        current=current[:MOST_CURRENT],
        last=[*current[MOST_CURRENT:], *over][:MOST_LAST],
        paused=list(session.scalars(PAUSED, {"of_office": hall.office_id, "now": now})),
    )


IS_SENSITIVE = exists().where(
    LINES.c.ticket_id == TICKETS.c.id, SERVICES.c.id == LINES.c.service_id, SERVICES.c.is_sensitive
)
IS_CURRENT = TICKETS.c.state == TicketState.CALLED
CALLED = (
    select(TICKETS.c.letter, TICKETS.c.number, COUNTERS.c.label, TICKETS.c.calls, TICKETS.c.called_at)
    .add_columns(IS_CURRENT, IS_SENSITIVE)
    .join(COUNTERS, COUNTERS.c.id == TICKETS.c.counter_id)
    .where(
        TICKETS.c.office_id == bindparam("of_office"),
        TICKETS.c.local_date == bindparam("day"),
        TICKETS.c.called_at.is_not(None),
        TICKETS.c.state != TicketState.WAITING,
    )
    .order_by(case((IS_CURRENT, 0), else_=1), TICKETS.c.called_at.desc(), TICKETS.c.id.desc())
    .limit(MOST_CURRENT + MOST_LAST)
)
PAUSED = (
    select(SERVICES.c.name)
    .join(PAUSES, PAUSES.c.service_id == SERVICES.c.id)
    .where(PAUSES.c.office_id == bindparam("of_office"), PAUSES.c.since <= bindparam("now"))
    .where(PAUSES.c.until.is_(None) | (PAUSES.c.until > bindparam("now")))
    .order_by(SERVICES.c.position, SERVICES.c.id)
)


def renew_screen(session: Session, *, commune_id: int, office_id: int, actor: Actor, now: datetime) -> str:
    """Draw the secret of an office's screen anew: it is told now and never again, and the one before opens nothing.

    Raises ``Unknown``.
    """
    secret = new_key()
    set_key(session, key_of(secret), commune_id=commune_id, office_id=office_id)
    note(session, actor, commune_id=commune_id, act="renewed", subject="screen", subject_id=office_id, now=now)
    return secret


def revoke_screen(session: Session, *, commune_id: int, office_id: int, actor: Actor, now: datetime) -> None:
    """From now on no address opens the screen of an office. Raises ``Unknown``."""
    set_key(session, None, commune_id=commune_id, office_id=office_id)
    note(session, actor, commune_id=commune_id, act="revoked", subject="screen", subject_id=office_id, now=now)


def set_key(session: Session, key: str | None, *, commune_id: int, office_id: int) -> None:
    mine = update(Office).where(Office.commune_id == commune_id, Office.id == office_id)
    changed = session.execute(mine.values(screen_key=key).returning(Office.id), execution_options=QUIETLY)
    if changed.first() is None:
        raise Unknown


def key_of(secret: str) -> str:
    """What is kept of a secret: enough to know it again, not to open anything."""
    return digest("screen", secret)
