"""Counters: adding, changing what they serve, deactivating. What appointments point to is never deleted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, select, update
from sqlalchemy.orm import Session

from booking.core.errors import CodeTaken, Unknown
from booking.core.seen import check_seen
from booking.core.translated import Translated
from booking.models import Appointment, Counter, CounterService, Office, Service
from booking.models.offices import CounterKind
from booking.usecases.holds import are_for, end_holds
from booking.usecases.journal import Actor, note
from booking.usecases.offices import clear_the_way, office_taken, to_come
from booking.usecases.rows import add_row, differing, next_position, refuse_half_written, refusing
from booking.usecases.schedules import take_whole

UNIQUE = "uq_counter_commune_id_office_id_label"
NOTHING = Translated({})
FIELDS = ("label", "note", "kind", "max_persons", "services")

noted = partial(note, subject="counter")


@dataclass(frozen=True, kw_only=True)
class CounterFacts:
    """What is said of a counter, for how many persons at once it has room, and which services it can serve."""

    label: str
    note: Translated = NOTHING
    kind: CounterKind = CounterKind.NORMAL
    max_persons: int | None = None
    service_ids: frozenset[int] = frozenset()

    @property
    def columns(self) -> dict[str, object]:
        return {"label": self.label, "note": self.note, "kind": self.kind, "max_persons": self.max_persons}


@dataclass(frozen=True)
class Staffed:
    """A counter as administrators see it: its row and the services it can serve, in their order."""

    counter: Counter
    services: tuple[Service, ...]

    @property
    def facts(self) -> CounterFacts:
        return facts_of(self.counter, frozenset(service.id for service in self.services))


def facts_of(counter: Counter, service_ids: frozenset[int]) -> CounterFacts:
    """What is said of a counter now."""
    return CounterFacts(
        label=counter.label,
        note=counter.note,
        kind=counter.kind,
        max_persons=counter.max_persons,
        service_ids=service_ids,
    )


def counters_of(session: Session, *, commune_id: int, office_id: int) -> list[Staffed]:
    """Every counter of an office, deactivated ones last, with what each serves: two statements."""
    wanted = select(Counter).where(Counter.commune_id == commune_id, Counter.office_id == office_id)
    return staffed(session, wanted.order_by(Counter.retired_at.is_not(None), Counter.position, Counter.id))


def counters_in_use(session: Session, *, commune_id: int, office_id: int) -> list[Counter]:
    """The counters of an office that are not deactivated, in their order."""
    wanted = select(Counter).where(
        Counter.commune_id == commune_id, Counter.office_id == office_id, Counter.retired_at.is_(None)
    )
    return list(session.scalars(wanted.order_by(Counter.position, Counter.id)))


def counter_of(session: Session, *, commune_id: int, counter_id: int) -> Staffed:
    """One counter with what it serves. Raises ``Unknown``."""
    found = staffed(session, select(Counter).where(Counter.commune_id == commune_id, Counter.id == counter_id))
    if not found:
        raise Unknown
    return found[0]


def staffed(session: Session, wanted: Select[Counter]) -> list[Staffed]:
    counters = session.scalars(wanted).all()
    serves: dict[int, list[Service]] = {counter.id: [] for counter in counters}
    rows = session.execute(
        select(CounterService.counter_id, Service)
        .join(Service, (Service.commune_id == CounterService.commune_id) & (Service.id == CounterService.service_id))
        .where(CounterService.counter_id.in_(serves))
        .order_by(Service.position, Service.id)
    )
    for row in rows:
        serves[row.counter_id].append(row.Service)
    return [Staffed(counter, tuple(serves[counter.id])) for counter in counters]


def add_counter(
    session: Session, *, commune_id: int, office_id: int, facts: CounterFacts, actor: Actor, now: datetime
) -> int:
    """A counter, in no opening session yet. Raises ``CodeTaken`` (its label), ``TextMissing`` or ``Unknown``."""
    refuse_half_written(*filter(None, [facts.note]))
    office_taken(session, commune_id=commune_id, office_id=office_id)
    counter_id = add_row(
        session,
        Counter,
        unique=UNIQUE,
        commune_id=commune_id,
        office_id=office_id,
        position=next_position(session, Counter, office_id=office_id),
        **facts.columns,
    )
    serve(session, commune_id=commune_id, counter_id=counter_id, service_ids=facts.service_ids)
    noted(session, actor, commune_id=commune_id, subject_id=counter_id, act="added", fields=FIELDS, now=now)
    return counter_id


def change_counter(
    session: Session,
    *,
    commune_id: int,
    counter_id: int,
    facts: CounterFacts,
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """Write a counter anew; gives how many appointments to come stay there for what it no longer serves.

    ``seen`` is the word for the facts these were made from. Holds for what it no longer serves end. A counter
    that becomes an extra lane leaves the hours: like taking it away, that ends every hold on it and is refused
    while there are appointments to come. Raises ``ChangedMeanwhile``, ``CodeTaken`` (its label), ``TextMissing``,
    ``HasAppointments`` or ``Unknown``.
    """
    refuse_half_written(*filter(None, [facts.note]))
    counter = counter_taken(session, commune_id=commune_id, counter_id=counter_id)
    served = CounterService.counter_id == counter_id
    before = frozenset(session.scalars(select(CounterService.service_id).where(served)))
    check_seen(seen, facts_of(counter, before))
    if facts.kind == CounterKind.EXTRA and counter.kind != CounterKind.EXTRA:
        clear_the_way(session, at_counter(counter), now=now)
    changed = differing(counter, facts.columns)
    with refusing(session, CodeTaken, on=UNIQUE):
        session.execute(update(Counter).where(Counter.id == counter_id).values(**facts.columns))
    if before != facts.service_ids:
        session.execute(delete(CounterService).where(served))
        serve(session, commune_id=commune_id, counter_id=counter_id, service_ids=facts.service_ids)
        end_holds(session, at_counter(counter), are_for(before - facts.service_ids))
        changed = (*changed, "services")
    if changed:
        noted(session, actor, commune_id=commune_id, subject_id=counter_id, act="changed", fields=changed, now=now)
    no_longer = before - facts.service_ids
    return staying(session, commune_id=commune_id, counter=counter, service_ids=no_longer, now=now)


def deactivate_counter(session: Session, *, commune_id: int, counter_id: int, actor: Actor, now: datetime) -> None:
    """Take a counter away. Holds on it end; appointments to come refuse it: a closure decides about them first.

    Raises ``HasAppointments`` or ``Unknown``.
    """
    counter = counter_taken(session, commune_id=commune_id, counter_id=counter_id)
    clear_the_way(session, at_counter(counter), now=now)
    if counter.retired_at is None:
        session.execute(update(Counter).where(Counter.id == counter_id).values(retired_at=now))
        fields = ("retired_at",)
        noted(session, actor, commune_id=commune_id, subject_id=counter_id, act="deactivated", fields=fields, now=now)


def reactivate_counter(session: Session, *, commune_id: int, counter_id: int, actor: Actor, now: datetime) -> None:
    """Take a counter into use again, in the opening sessions it was in. Raises ``Unknown``."""
    counter = counter_taken(session, commune_id=commune_id, counter_id=counter_id)
    if counter.retired_at is not None:
        session.execute(update(Counter).where(Counter.id == counter_id).values(retired_at=None))
        fields = ("retired_at",)
        noted(session, actor, commune_id=commune_id, subject_id=counter_id, act="reactivated", fields=fields, now=now)


def counter_taken(session: Session, *, commune_id: int, counter_id: int) -> Counter:
    """The counter, after its office's version row was taken and drawn anew. Raises ``Unknown``."""
    mine = select(Counter).where(Counter.commune_id == commune_id, Counter.id == counter_id)
    counter = session.scalars(mine).one_or_none()
    if counter is None:
        raise Unknown
    take_whole(session, commune_id=commune_id, office_ids=[counter.office_id])
    return session.scalars(mine.execution_options(populate_existing=True)).one()


def serve(session: Session, *, commune_id: int, counter_id: int, service_ids: Iterable[int]) -> None:
    """Raises ``Unknown`` for a service of somebody else."""
    wanted = sorted(set(service_ids))
    own = select(func.count()).where(Service.commune_id == commune_id, Service.id.in_(wanted))
    if session.scalar(own) != len(wanted):
        raise Unknown
    row = {"commune_id": commune_id, "counter_id": counter_id}
    if wanted:
        session.execute(insert(CounterService), [{**row, "service_id": service_id} for service_id in wanted])


def at_counter(counter: Counter) -> ColumnElement[bool]:
    """That an appointment is at a counter, told so that it is found by office and state.

    The index of counters leads to every visit there ever was: it answers the plain number alone.
    """
    return and_(Appointment.office_id == counter.office_id, Appointment.counter_id + 0 == counter.id)


def staying(
    session: Session, *, commune_id: int, service_ids: Collection[int], now: datetime, counter: Counter | None = None
) -> int:
    """How many booked visits to come are for one of these services, at one counter or at all."""
    offices = select(Office.id).where(Office.commune_id == commune_id)
    wanted = select(func.count(Appointment.id)).where(
        Appointment.office_id.in_(offices), *to_come(now), are_for(service_ids)
    )
    if counter is not None:
        wanted = wanted.where(at_counter(counter))
    return session.scalar(wanted) or 0
