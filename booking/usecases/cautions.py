"""Whom two colleagues receive: said by an agent, for a while, without a reason; seen by staff alone, and told to the
person who asks what is kept about them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.contacts import contact_keys, person_key
from booking.core.errors import Unknown
from booking.core.references import digest
from booking.models import Appointment, Caution
from booking.usecases.journal import Actor, note
from booking.usecases.statements import QUIETLY, insert_into, table_of
from booking.usecases.visits import Visit

CAUTIONS, APPOINTMENTS = table_of(Caution), table_of(Appointment)

noted = partial(note, subject="appointment")

WHO = (
    APPOINTMENTS.c.id,
    APPOINTMENTS.c.uid,
    APPOINTMENTS.c.name,
    APPOINTMENTS.c.email,
    APPOINTMENTS.c.phone,
    APPOINTMENTS.c.helper_email,
    APPOINTMENTS.c.helper_phone,
)


@dataclass(frozen=True)
class Cautioned:
    """Since when and until when two colleagues receive somebody."""

    since: datetime
    until: datetime


def keys_of(row: Any) -> list[str]:
    """What recognises the person of a visit: their name with each of their contacts, or with the helper's.

    A name alone is that of many: whoever gave no contact is recognised by this one visit.
    """
    contacts = contact_keys(row.email, row.phone) or contact_keys(row.helper_email, row.helper_phone)
    if not contacts or not row.name:
        return [digest("visit", row.uid)]
    return [person_key(row.name, contact) for contact in contacts]


def receive_in_two(
    session: Session,
    *,
    commune_id: int,
    office_ids: Collection[int],
    appointment_id: int,
    length: timedelta,
    actor: Actor,
    now: datetime,
) -> None:
    """From now on two colleagues receive the person of a visit, for ``length``. Said again, it counts from now.

    Raises ``Unknown``.
    """
    row = who(session, commune_id=commune_id, office_ids=office_ids, appointment_id=appointment_id)
    until = {"set_at": now, "expires_at": now + length}
    rows = [{"commune_id": commune_id, "person_key": key, **until} for key in keys_of(row)]
    said = insert_into(session, Caution)
    again = said.on_conflict_do_update(index_elements=["commune_id", "person_key"], set_=until)
    session.execute(again, rows)
    note(
        session,
        actor,
        commune_id=commune_id,
        act="cautioned",
        subject="appointment",
        subject_id=appointment_id,
        now=now,
    )


def receive_alone(
    session: Session,
    *,
    commune_id: int,
    office_ids: Collection[int],
    appointment_id: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Whoever comes for this visit is received like everybody again. Raises ``Unknown``."""
    row = who(session, commune_id=commune_id, office_ids=office_ids, appointment_id=appointment_id)
    theirs = (CAUTIONS.c.commune_id == commune_id, CAUTIONS.c.person_key.in_(keys_of(row)))
    gone = CAUTIONS.delete().where(*theirs).returning(CAUTIONS.c.id)
    if session.execute(gone, execution_options=QUIETLY).first() is not None:
        noted(session, actor, commune_id=commune_id, act="caution_removed", subject_id=appointment_id, now=now)


def who(session: Session, *, commune_id: int, office_ids: Collection[int], appointment_id: int) -> Any:
    row = session.execute(
        select(*WHO).where(
            APPOINTMENTS.c.commune_id == commune_id,
            APPOINTMENTS.c.office_id.in_(office_ids),
            APPOINTMENTS.c.id == appointment_id,
            APPOINTMENTS.c.state != AppointmentState.HELD,
        )
    ).one_or_none()
    if row is None:
        raise Unknown
    return row


def caution_of(session: Session, *, appointment: Appointment, now: datetime) -> Cautioned | None:
    """Whether two colleagues receive whoever comes for a visit, and until when."""
    wanted = select(func.min(CAUTIONS.c.set_at), func.max(CAUTIONS.c.expires_at)).where(
        CAUTIONS.c.commune_id == appointment.commune_id,
        CAUTIONS.c.person_key.in_(keys_of(appointment)),
        CAUTIONS.c.expires_at > now,
    )
    since, until = session.execute(wanted).one()
    return Cautioned(since, until) if until is not None else None


def received_in_two(
    session: Session, *, commune_id: int, appointment_ids: Collection[int], now: datetime
) -> frozenset[int]:
    """Of these visits those whose person two colleagues receive. Where nobody is, one statement is enough to know."""
    live = select(CAUTIONS.c.person_key).where(CAUTIONS.c.commune_id == commune_id, CAUTIONS.c.expires_at > now)
    keys = frozenset(session.scalars(live))
    if not keys or not appointment_ids:
        return frozenset()
    rows = session.execute(
        select(*WHO).where(APPOINTMENTS.c.commune_id == commune_id, APPOINTMENTS.c.id.in_(appointment_ids))
    )
    return frozenset(row.id for row in rows if not keys.isdisjoint(keys_of(row)))


def with_cautions(session: Session, visits: Sequence[Visit], *, commune_id: int, now: datetime) -> tuple[Visit, ...]:
    """The same visits, each with whether two colleagues receive its person."""
    found = received_in_two(session, commune_id=commune_id, appointment_ids=ids_of(visits), now=now)
    return tuple(one._replace(in_two=True) if one.id in found else one for one in visits)


def ids_of(visits: Iterable[Visit]) -> list[int]:
    return [one.id for one in visits if not one.is_held]
