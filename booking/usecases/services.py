"""What a commune offers, as its administrators write it: adding, changing, publishing, deactivating services."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from booking.core.errors import CodeTaken, LettersUsedUp, Unknown
from booking.core.seen import check_seen
from booking.core.services import Fee, Gap, ServiceContent, changed_fields, gaps_of, gaps_of_counters
from booking.core.tickets import LETTERS
from booking.core.timespan import local_date
from booking.core.translated import Translated
from booking.models import Appointment, Commune, Counter, CounterService, Office, Service, ServiceFee, ServiceGroup
from booking.usecases.checklists import NO_LIST, Version, newest, newest_of
from booking.usecases.holds import are_for, end_holds
from booking.usecases.journal import Actor, note
from booking.usecases.quotas import count_anew
from booking.usecases.reminder_changes import note_change
from booking.usecases.rows import add_row, next_position, refuse_half_written, refusing
from booking.usecases.schedules import take_whole

UNIQUE = "uq_service_commune_id_code"
COLUMNS = tuple(field.name for field in fields(ServiceContent) if field.name != "fees")


@dataclass(frozen=True)
class Written:
    """A service as administrators see it: its row, what it says and asks, and what keeps it from being published.

    ``counters``: so many that are in use serve it.
    """

    service: Service
    content: ServiceContent
    checklist: Version
    gaps: tuple[Gap, ...]
    counters: int


def add_group(session: Session, *, commune_id: int, code: str, name: Translated, icon: str) -> int:
    """A theme to list services under, after the others. Its tickets begin with the first letter no other one has.

    Raises ``CodeTaken``, ``TextMissing``, or ``LettersUsedUp``.
    """
    refuse_half_written(name)
    taken = set(session.scalars(select(ServiceGroup.letter).where(ServiceGroup.commune_id == commune_id)))
    letter = next((letter for letter in LETTERS if letter not in taken), None)
    if letter is None:
        raise LettersUsedUp
    return add_row(
        session,
        ServiceGroup,
        unique="uq_service_group_commune_id_code",
        commune_id=commune_id,
        code=code,
        name=name,
        icon=icon,
        letter=letter,
        position=next_position(session, ServiceGroup, commune_id=commune_id),
    )


def groups_of(session: Session, *, commune_id: int) -> Sequence[ServiceGroup]:
    """Every theme, in its order, with or without services."""
    wanted = select(ServiceGroup).where(ServiceGroup.commune_id == commune_id)
    return session.scalars(wanted.order_by(ServiceGroup.position, ServiceGroup.id)).all()


def add_service(session: Session, *, commune_id: int, content: ServiceContent, actor: Actor, now: datetime) -> int:
    """A draft, which no resident sees until it is published. Raises ``CodeTaken`` or ``Unknown`` (the group)."""
    known_group(session, commune_id=commune_id, group_id=content.group_id)
    service_id = add_row(
        session,
        Service,
        unique=UNIQUE,
        commune_id=commune_id,
        position=next_position(session, Service, commune_id=commune_id),
        **columns_of(content),
    )
    write_fees(session, commune_id=commune_id, service_id=service_id, content=content)
    journal(session, actor, commune_id, service_id, "added", changed=COLUMNS, now=now)
    return service_id


def change_service(
    session: Session,
    *,
    commune_id: int,
    service_id: int,
    content: ServiceContent,
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Write a service anew. Appointments keep the name and minutes they were booked with, and their reminders follow
    its hours; holds end when it is no longer booked at all.

    ``seen`` is the word for the content this one was made from. Raises ``ChangedMeanwhile``, ``CodeTaken``,
    ``Unknown`` (also for the group), and, when residents can read it, ``TextMissing`` or ``NotReachable``.
    """
    service = taken(session, commune_id=commune_id, service_id=service_id)
    before = content_of(session, service=service)
    check_seen(seen, before)
    known_group(session, commune_id=commune_id, group_id=content.group_id)
    if service.published_at is not None:
        content.check_publishable(gaps_beside(session, service, content))
    changed = changed_fields(before, content)
    if not changed:
        return
    with refusing(session, CodeTaken, on=UNIQUE):
        session.execute(update(Service).where(Service.id == service_id).values(**columns_of(content)))
    if "fees" in changed:
        write_fees(session, commune_id=commune_id, service_id=service_id, content=content)
    if "reminder_hours" in changed:
        note_change(session, commune_id=commune_id, service_id=service_id, now=now)
    if before.mode.is_bookable and not content.mode.is_bookable:
        take_whole(session, commune_id=commune_id)
        end_holds_for(session, service)
    if not {"quota", "quota_per"}.isdisjoint(changed):
        count_otherwise(session, service, before=before, now=now)
    journal(session, actor, commune_id, service_id, "changed", changed=changed, now=now)


def count_otherwise(session: Session, service: Service, *, before: ServiceContent, now: datetime) -> None:
    """Let the new quota count: whoever is holding a time finishes first, and all who are there have their places."""
    take_whole(session, commune_id=service.commune_id)
    session.refresh(service)
    if service.quota_per != before.quota_per:
        zone = session.get_one(Commune, service.commune_id).zone
        count_anew(session, service=service, today=local_date(now, zone))


def publish_service(session: Session, *, commune_id: int, service_id: int, actor: Actor, now: datetime) -> None:
    """Show a service to residents. Raises ``TextMissing``, ``NotReachable`` or ``Unknown``."""
    service = taken(session, commune_id=commune_id, service_id=service_id)
    content = content_of(session, service=service)
    content.check_publishable(gaps_beside(session, service, content))
    set_state(session, service, actor, "published", published_at=service.published_at or now, now=now)


def unpublish_service(session: Session, *, commune_id: int, service_id: int, actor: Actor, now: datetime) -> None:
    """Take a service away from residents, to work on it. Appointments that were made stay, holds end.

    Raises ``Unknown``.
    """
    service = taken(session, commune_id=commune_id, service_id=service_id)
    set_state(session, service, actor, "unpublished", published_at=None, now=now)
    end_holds_for(session, service)


def deactivate_service(session: Session, *, commune_id: int, service_id: int, actor: Actor, now: datetime) -> None:
    """End a service: no counter serves it any more. Appointments that were made stay, holds end. Raises ``Unknown``."""
    service = taken(session, commune_id=commune_id, service_id=service_id)
    set_state(session, service, actor, "deactivated", deactivated_at=service.deactivated_at or now, now=now)
    end_holds_for(session, service)


def reactivate_service(session: Session, *, commune_id: int, service_id: int, actor: Actor, now: datetime) -> None:
    """Take a deactivated service up again, as a draft. Raises ``Unknown``."""
    service = taken(session, commune_id=commune_id, service_id=service_id)
    set_state(session, service, actor, "reactivated", deactivated_at=None, published_at=None, last_day=None, now=now)


def end_holds_for(session: Session, service: Service) -> None:
    """End the holds for what can no longer be booked, after whoever is holding a time has finished."""
    offices = select(Office.id).where(Office.commune_id == service.commune_id)
    end_holds(session, Appointment.office_id.in_(offices), are_for([service.id]))


def services_written(session: Session, *, commune_id: int) -> list[Written]:
    """Every service of a commune, drafts and deactivated ones too, by theme and place: four statements."""
    rows = session.scalars(
        select(Service)
        .join(ServiceGroup, (ServiceGroup.commune_id == Service.commune_id) & (ServiceGroup.id == Service.group_id))
        .where(Service.commune_id == commune_id)
        .order_by(ServiceGroup.position, ServiceGroup.id, Service.position, Service.id)
    ).all()
    fees, lists = fees_of(session, commune_id=commune_id), newest(session, commune_id=commune_id)
    counters = serving_counters(session, commune_id=commune_id)
    return [written_of(row, fees.get(row.id, ()), lists.get(row.id, NO_LIST), counters.get(row.id, 0)) for row in rows]


def names_of_services(
    session: Session, *, commune_id: int, numbers: Collection[int] | None = None
) -> dict[int, Translated]:
    """What the services of a commune are called, in whatever state, by their ids: all, or those of some ``numbers``."""
    if numbers is not None and not numbers:
        return {}
    named = select(Service.id, Service.name).where(Service.commune_id == commune_id)
    if numbers is not None:
        named = named.where(Service.id.in_(numbers))
    return {row.id: row.name for row in session.execute(named)}


def service_written(session: Session, *, commune_id: int, code: str) -> Written:
    """One service, in whatever state, by its word in addresses. Raises ``Unknown``."""
    wanted = select(Service).where(Service.commune_id == commune_id, Service.code == code)
    service = session.scalars(wanted).one_or_none()
    if service is None:
        raise Unknown
    fees = fees_of(session, commune_id=commune_id, service_id=service.id)
    counters = serving_counters(session, commune_id=commune_id).get(service.id, 0)
    return written_of(service, fees.get(service.id, ()), newest_of(session, service=service), counters)


def content_of(session: Session, *, service: Service) -> ServiceContent:
    """What a service says now, its checklist apart."""
    columns = {name: getattr(service, name) for name in COLUMNS}
    fees = fees_of(session, commune_id=service.commune_id, service_id=service.id)
    return ServiceContent(**columns, fees=fees.get(service.id, ()))


def written_of(service: Service, fees: tuple[Fee, ...], version: Version, counters: int) -> Written:
    columns = {name: getattr(service, name) for name in COLUMNS}
    content = ServiceContent(**columns, fees=fees)
    gaps = content.gaps() + gaps_of(version.content) + gaps_of_counters(content.mode, counters)
    return Written(service, content, version, gaps, counters)


def gaps_beside(session: Session, service: Service, content: ServiceContent) -> tuple[Gap, ...]:
    """What is missing of what stands beside a service that says ``content``: its checklist and its counters."""
    counters = serving_counters(session, commune_id=service.commune_id).get(service.id, 0)
    return gaps_of(newest_of(session, service=service).content) + gaps_of_counters(content.mode, counters)


def fees_of(session: Session, *, commune_id: int, service_id: int | None = None) -> dict[int, tuple[Fee, ...]]:
    """Fees by date, per service: of one, or of the whole commune."""
    fees = select(ServiceFee).where(ServiceFee.commune_id == commune_id)
    if service_id is not None:
        fees = fees.where(ServiceFee.service_id == service_id)
    dated: dict[int, tuple[Fee, ...]] = {}
    for row in session.scalars(fees.order_by(ServiceFee.service_id, ServiceFee.valid_from, ServiceFee.procedure)):
        fee = Fee(row.valid_from, row.cents, row.note, row.procedure)
        dated[row.service_id] = (*dated.get(row.service_id, ()), fee)
    return dated


def write_fees(session: Session, *, commune_id: int, service_id: int, content: ServiceContent) -> None:
    """Write the fees anew."""
    own = {"commune_id": commune_id, "service_id": service_id}
    session.execute(delete(ServiceFee).filter_by(**own))
    fees = [own | vars(fee) for fee in content.fees]
    if fees:
        session.execute(insert(ServiceFee), fees)


def columns_of(content: ServiceContent) -> dict[str, Any]:
    return {name: getattr(content, name) for name in COLUMNS}


def known_group(session: Session, *, commune_id: int, group_id: int) -> None:
    wanted = select(ServiceGroup.id).where(ServiceGroup.commune_id == commune_id, ServiceGroup.id == group_id)
    if session.scalar(wanted) is None:
        raise Unknown


def taken(session: Session, *, commune_id: int, service_id: int) -> Service:
    """The service, its row taken so that two changes of it follow one another."""
    wanted = select(Service).where(Service.commune_id == commune_id, Service.id == service_id)
    service = session.scalars(wanted.with_for_update(key_share=True)).one_or_none()
    if service is None:
        raise Unknown
    return service


def set_state(session: Session, service: Service, actor: Actor, act: str, *, now: datetime, **columns: Any) -> None:
    """Write a state where it differs, with its entry in the journal.

    New versions are drawn for the schedules of every office of the commune: whoever holds a time finishes first.
    """
    if all(getattr(service, name) == value for name, value in columns.items()):
        return
    session.execute(update(Service).where(Service.id == service.id).values(**columns))
    take_whole(session, commune_id=service.commune_id)
    journal(session, actor, service.commune_id, service.id, act, changed=columns, now=now)


def journal(
    session: Session, actor: Actor, commune_id: int, service_id: int, act: str, *, changed: Any, now: datetime
) -> None:
    note(
        session,
        actor,
        commune_id=commune_id,
        act=act,
        subject="service",
        subject_id=service_id,
        fields=changed,
        now=now,
    )


def serving_counters(session: Session, *, commune_id: int) -> dict[int, int]:
    """How many counters that are in use serve each service."""
    rows = session.execute(
        select(CounterService.service_id, func.count().label("counters"))
        .join(Counter, (Counter.commune_id == CounterService.commune_id) & (Counter.id == CounterService.counter_id))
        .join(Office, (Office.commune_id == Counter.commune_id) & (Office.id == Counter.office_id))
        .where(CounterService.commune_id == commune_id, Counter.retired_at.is_(None), Office.retired_at.is_(None))
        .group_by(CounterService.service_id)
    )
    return {row.service_id: row.counters for row in rows}
