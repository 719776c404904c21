"""The checklists of services: the newest version of each, those that visits were made with, and writing a new one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, bindparam, func, insert, select, tuple_
from sqlalchemy.orm import Session

from booking.core.checklist import EMPTY, Checklist
from booking.core.checklist_problems import problems
from booking.core.errors import ChecklistInconsistent, Unknown
from booking.core.seen import check_seen
from booking.models import ChecklistVersion, Service
from booking.usecases.journal import Actor, note
from booking.usecases.statements import table_of

LISTS = table_of(ChecklistVersion)


@dataclass(frozen=True)
class Version:
    """A checklist and the number of its version; 0 while a service has none."""

    number: int
    content: Checklist


NO_LIST = Version(0, EMPTY)


def newest_by_service(*own: ColumnElement[bool]) -> Select[int, int, Checklist]:
    last = (
        select(LISTS.c.service_id, func.max(LISTS.c.version))
        .where(LISTS.c.commune_id == bindparam("commune_id"), *own)
        .group_by(LISTS.c.service_id)
    )
    return select(LISTS.c.service_id, LISTS.c.version, LISTS.c.content).where(
        LISTS.c.commune_id == bindparam("commune_id"), tuple_(LISTS.c.service_id, LISTS.c.version).in_(last)
    )


# Made once: every page of a wish asks for the lists of its services.
NEWEST = newest_by_service()
NEWEST_OF_SOME = newest_by_service(LISTS.c.service_id.in_(bindparam("services", expanding=True)))


def newest(session: Session, *, commune_id: int, service_ids: Collection[int] | None = None) -> dict[int, Version]:
    """The newest version of each checklist, by service: of some services, or of the whole commune."""
    if service_ids is None:
        rows = session.execute(NEWEST, {"commune_id": commune_id})
    else:
        rows = session.execute(NEWEST_OF_SOME, {"commune_id": commune_id, "services": list(service_ids)})
    return {service_id: Version(number, content) for service_id, number, content in rows}


def newest_of(session: Session, *, service: Service) -> Version:
    """What a service asks and wants brought today."""
    wanted = (
        select(ChecklistVersion.version, ChecklistVersion.content)
        .where(ChecklistVersion.commune_id == service.commune_id, ChecklistVersion.service_id == service.id)
        .order_by(ChecklistVersion.version.desc())
        .limit(1)
    )
    found = session.execute(wanted).one_or_none()
    return Version(found.version, found.content) if found else NO_LIST


def versions(
    session: Session, *, commune_id: int, wanted: Collection[tuple[int, int]]
) -> dict[tuple[int, int], Checklist]:
    """Checklists by service and version."""
    if not wanted:
        return {}
    rows = session.execute(
        select(ChecklistVersion.service_id, ChecklistVersion.version, ChecklistVersion.content).where(
            ChecklistVersion.commune_id == commune_id,
            tuple_(ChecklistVersion.service_id, ChecklistVersion.version).in_(wanted),
        )
    )
    return {(row.service_id, row.version): row.content for row in rows}


def save_checklist(
    session: Session,
    *,
    commune_id: int,
    service_id: int,
    content: Checklist,
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """Write a new version, which counts for whoever begins from now on, and give its number.

    Appointments keep the version they were made with; a checklist saved as it is makes no new one. ``seen`` is the
    word for the content this one was made from. Raises ``ChecklistInconsistent``, ``ChangedMeanwhile`` or ``Unknown``.
    """
    # The service's row is taken, so that two new versions follow one another.
    taken = select(Service).where(Service.commune_id == commune_id, Service.id == service_id)
    service = session.scalars(taken.with_for_update(key_share=True)).one_or_none()
    if service is None:
        raise Unknown
    before = newest_of(session, service=service)
    check_seen(seen, before.content)
    found = problems(content, other_services(session, service=service))
    if found:
        raise ChecklistInconsistent(problems=found)
    if content == before.content:
        return before.number
    row = {"commune_id": commune_id, "service_id": service_id, "version": before.number + 1}
    session.execute(insert(ChecklistVersion), {**row, "content": content, "created_at": now})
    note(
        session,
        actor,
        commune_id=commune_id,
        act="changed",
        subject="service",
        subject_id=service_id,
        fields=("checklist",),
        now=now,
    )
    return before.number + 1


def other_services(session: Session, *, service: Service) -> frozenset[str]:
    """The codes of the services an outcome may lead to: whatever is not over, but for the service itself."""
    wanted = select(Service.code).where(
        Service.commune_id == service.commune_id, Service.id != service.id, Service.deactivated_at.is_(None)
    )
    return frozenset(session.scalars(wanted))
