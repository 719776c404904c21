"""Services for some time: copied from one that is there, shown until their last day, ended when it is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from booking.core.changes import OpenTemporary
from booking.core.errors import Unknown
from booking.core.timespan import local_date
from booking.models import Commune, CounterService, Service
from booking.usecases.checklists import newest_of, save_checklist
from booking.usecases.journal import SYSTEM, Actor
from booking.usecases.services import add_service, content_of, deactivate_service, publish_service

AT_ONCE = 100


def open_temporary(session: Session, *, commune_id: int, change: OpenTemporary, actor: Actor, now: datetime) -> int:
    """Write the copy of a service down to its checklist, show it to residents and let its counters serve it.

    Gives its id; its hours are written apart. Raises ``CodeTaken``, ``TextMissing``, ``NotReachable`` or ``Unknown``.
    """
    template = session.scalars(
        select(Service).where(Service.commune_id == commune_id, Service.id == change.template_id)
    ).one_or_none()
    if template is None:
        raise Unknown
    content = replace(content_of(session, service=template), code=change.code, name=change.name)
    service_id = add_service(session, commune_id=commune_id, content=content, actor=actor, now=now)
    own: dict[str, Any] = {"commune_id": commune_id, "service_id": service_id}
    checklist = newest_of(session, service=template).content
    save_checklist(session, **own, content=checklist, actor=actor, now=now)
    session.execute(update(Service).where(Service.id == service_id).values(last_day=change.last_day))
    publish_service(session, **own, actor=actor, now=now)
    rule = change.hours.rule
    session.execute(insert(CounterService), [own | {"counter_id": one} for one in sorted(rule.counters | rule.lanes)])
    return service_id


def end_temporary(session: Session, *, now: datetime) -> int:
    """Deactivate the services whose last day is over, some at once; gives how many."""
    living = (
        select(Service.id, Service.commune_id, Service.last_day, Commune)
        .join(Commune, Commune.id == Service.commune_id)
        .where(Service.last_day.is_not(None), Service.deactivated_at.is_(None))
        .order_by(Service.last_day, Service.id)
        .limit(AT_ONCE)
    )
    over = [row for row in session.execute(living) if row.last_day < local_date(now, row.Commune.zone)]
    for row in over:
        deactivate_service(session, commune_id=row.commune_id, service_id=row.id, actor=SYSTEM, now=now)
    return len(over)
