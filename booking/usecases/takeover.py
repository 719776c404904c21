"""Appointments agreed elsewhere, written down many at once: a diary on paper, another system, a demonstration.

Each names its counter and its start, on the five-minute grid. They count towards no limit per person, and in the
quotas of services however many they are; nobody is written to: whoever agreed to them knows them. The key of the claims
decides, as for every appointment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, Channel, HoldKind
from booking.core.checklist import Answers, given
from booking.core.errors import SlotTaken, Unknown
from booking.core.references import new_key, new_reference
from booking.core.text import folded
from booking.core.timespan import local_date, tick_of, ticks_for
from booking.core.translated import Translated
from booking.models import Appointment, AppointmentLine, Claim, Counter, Message, Office, Service
from booking.models.messages import MessageKind, MessageState
from booking.usecases.appointments import SEARCHED, Wish
from booking.usecases.checklists import NO_LIST, Version, newest
from booking.usecases.claims import office_shared, remove_lapsed
from booking.usecases.quotas import count_agreed
from booking.usecases.rows import refusing


@dataclass(frozen=True)
class Agreed:
    """A visit that was agreed at ``agreed_at``: ``start`` is UTC, ``minutes`` a multiple of five.

    ``answers`` are those to the newest checklist of its service, ``ticked`` the papers that are ready.
    ``refused`` is what a mail server said when the confirmation sent then came back: staff know whom to ring.
    """

    service_id: int
    counter_id: int
    start: datetime
    minutes: int
    persons: int
    wish: Wish
    channel: Channel
    agreed_at: datetime
    refused: str | None = None
    answers: Answers = field(default_factory=dict)
    ticked: tuple[str, ...] = ()

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)


def take_over(
    session: Session, *, commune_id: int, office_id: int, visits: Sequence[Agreed], now: datetime
) -> list[int]:
    """Write booked appointments and their claims, and give their ids in order; all of them or none.

    Holds that lapsed give way. Raises ``SlotTaken`` when something else stands in the way of one, ``Unknown`` for
    an office, a counter or a service of others.
    """
    if not visits:
        return []
    own = {"commune_id": commune_id}
    office = office_shared(session, commune_id=commune_id, office_id=office_id)
    names = check_own(session, commune_id=commune_id, office_id=office_id, visits=visits)
    lists = newest(session, commune_id=commune_id)
    remove_lapsed(
        session,
        office_id=office_id,
        counters=list({visit.counter_id for visit in visits}),
        start=min(visit.start for visit in visits),
        end=max(visit.end for visit in visits),
        now=now,
    )
    rows = [row_of(visit, office) for visit in visits]
    added = insert(Appointment).returning(Appointment.id, sort_by_parameter_order=True)
    ids = list(session.scalars(added, rows))
    pairs = list(zip(ids, visits, strict=True))
    session.execute(insert(AppointmentLine), [own | line_of(number, visit, names, lists) for number, visit in pairs])
    claims = [
        own | {"counter_id": visit.counter_id, "tick": tick, "appointment_id": number}
        for number, visit in pairs
        for tick in range(tick_of(visit.start), tick_of(visit.start) + ticks_for(visit.minutes))
    ]
    with refusing(session, SlotTaken, on="pk_claim"):
        session.execute(insert(Claim), claims)
    count_visits(session, commune_id=commune_id, pairs=pairs, office=office)
    came_back = [own | refusal_of(number, visit) for number, visit in pairs if visit.refused]
    if came_back:
        session.execute(insert(Message), came_back)
    return ids


def count_visits(session: Session, *, commune_id: int, pairs: Sequence[tuple[int, Agreed]], office: Office) -> None:
    """Their places in the quotas of their services, where these have one."""
    counted = select(Service).where(Service.commune_id == commune_id, Service.quota.is_not(None))
    for service in session.scalars(counted):
        mine = (
            (number, local_date(visit.start, office.zone)) for number, visit in pairs if visit.service_id == service.id
        )
        count_agreed(session, service=service, visits=mine)


def check_own(session: Session, *, commune_id: int, office_id: int, visits: Sequence[Agreed]) -> dict[int, Translated]:
    """The names of the commune's services. Raises ``Unknown``."""
    counters = set(session.scalars(select(Counter.id).where(Counter.office_id == office_id)))
    services = session.execute(select(Service.id, Service.name).where(Service.commune_id == commune_id))
    names = {row.id: row.name for row in services}
    if not all(visit.counter_id in counters and visit.service_id in names for visit in visits):
        raise Unknown
    return names


def row_of(visit: Agreed, office: Office) -> dict[str, Any]:
    wall, wish, helper = visit.start.astimezone(office.zone), visit.wish, visit.wish.helper
    return {
        "commune_id": office.commune_id,
        "office_id": office.id,
        "counter_id": visit.counter_id,
        "state": AppointmentState.BOOKED,
        "start": visit.start,
        "end": visit.end,
        "local_date": wall.date(),
        "wall_time": wall.time(),
        "channel": visit.channel,
        "created_at": visit.agreed_at,
        "hold_kind": HoldKind.PUBLIC,
        "hold_key": new_key(),
        "extensions": 0,
        "reference": new_reference(),
        "uid": str(uuid4()),
        "nonce": new_key(),
        "sequence": 0,
        "version": 1,
        "booked_at": visit.agreed_at,
        "taken_over_at": visit.agreed_at,
        "name": wish.name,
        "name_search": folded(wish.name)[:SEARCHED],
        "email": wish.email,
        "phone": wish.phone,
        "contact_key": next(iter((*wish.contacts, *wish.helpers)), None),
        "helper_name": helper.name if helper else None,
        "helper_email": helper.email if helper else None,
        "helper_phone": helper.phone if helper else None,
        "needs": wish.needs or None,
        "language": wish.language,
        "help_language": wish.help_language,
    }


def line_of(number: int, visit: Agreed, names: dict[int, Translated], lists: dict[int, Version]) -> dict[str, Any]:
    found = lists.get(visit.service_id, NO_LIST)
    return {
        "appointment_id": number,
        "position": 1,
        "service_id": visit.service_id,
        "service_name": names[visit.service_id],
        "persons": visit.persons,
        "minutes": visit.minutes,
        "checklist_version": found.number or None,
        "answers": given(found.content, visit.answers) or None,
        "ticked": visit.ticked or None,
    }


def refusal_of(number: int, visit: Agreed) -> dict[str, Any]:
    return {
        "kind": MessageKind.CONFIRMATION,
        "appointment_id": number,
        "version": 1,
        "copy": 0,
        "state": MessageState.REFUSED,
        "created_at": visit.agreed_at,
        "due_at": visit.agreed_at,
        "attempts": 1,
        "settled_at": visit.agreed_at,
        "fault": visit.refused,
    }
