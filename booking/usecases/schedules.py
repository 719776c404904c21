"""The hours of offices as ``core`` computes with them, read once per version of them."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Sequence
from threading import Lock

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from booking.core.opening import ClosureRule, Season, SessionRule
from booking.core.schedules import Schedule
from booking.models import (
    Closure,
    ClosureCounter,
    Counter,
    CounterService,
    Office,
    OpeningCounter,
    OpeningService,
    OpeningSession,
)
from booking.models.offices import CounterKind, new_version

KEPT = 128

# A version is drawn at random whenever anything below it changes, so a kept schedule is never stale.
_kept: OrderedDict[tuple[int, int], Schedule] = OrderedDict()
_lock = Lock()


def schedule_of(session: Session, office: Office) -> Schedule:
    return schedules_of(session, [office])[office.id]


def schedules_of(session: Session, offices: Sequence[Office]) -> dict[int, Schedule]:
    """The schedule of each office by its id: from memory where its version was seen before."""
    found: dict[int, Schedule] = {}
    missing: list[Office] = []
    with _lock:
        for office in offices:
            known = _kept.get((office.id, office.schedule_version))
            if known is None:
                missing.append(office)
            else:
                _kept.move_to_end((office.id, office.schedule_version))
                found[office.id] = known
    if missing:
        loaded = load(session, missing)
        with _lock:
            for office in missing:
                _kept[office.id, office.schedule_version] = loaded[office.id]
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
        found |= loaded
    return found


def load(session: Session, offices: Sequence[Office]) -> dict[int, Schedule]:
    """Read the rules of offices as the session sees them now, whatever was kept."""
    ids = [office.id for office in offices]
    communes = {office.commune_id for office in offices}
    counters = session.scalars(select(Counter).where(Counter.office_id.in_(ids), Counter.retired_at.is_(None))).all()
    serves: dict[int, set[int]] = {counter.id: set() for counter in counters}
    for row in session.scalars(select(CounterService).where(CounterService.counter_id.in_(serves))):
        serves[row.counter_id].add(row.service_id)
    rules = rules_of(session, ids, counters)
    closures = closures_of(session, ids, communes)
    return {
        office.id: Schedule(
            zone=office.zone,
            start_step=office.start_step,
            rules=tuple(rules[office.id]),
            closures=tuple(
                rule
                for owner, commune, rule in closures
                if owner == office.id or (owner is None and commune == office.commune_id)
            ),
            serves={
                counter.id: frozenset(serves[counter.id])
                for counter in counters
                if counter.office_id == office.id and counter.kind == CounterKind.NORMAL
            },
            lanes={
                counter.id: frozenset(serves[counter.id])
                for counter in counters
                if counter.office_id == office.id and counter.kind == CounterKind.EXTRA
            },
        )
        for office in offices
    }


def rules_of(session: Session, offices: Iterable[int], living: Iterable[Counter]) -> dict[int, list[SessionRule]]:
    """The opening sessions of offices as rules with their counters and extra lanes, as far as those are ``living``."""
    kinds = {counter.id: counter.kind for counter in living}
    rows = session.scalars(select(OpeningSession).where(OpeningSession.office_id.in_(list(offices)))).all()
    numbers = [row.id for row in rows]
    counters: dict[tuple[int, CounterKind | None], set[int]] = defaultdict(set)
    for staffed in session.scalars(select(OpeningCounter).where(OpeningCounter.session_id.in_(numbers))):
        counters[staffed.session_id, kinds.get(staffed.counter_id)].add(staffed.counter_id)
    services: dict[int, set[int]] = defaultdict(set)
    for limited in session.scalars(select(OpeningService).where(OpeningService.session_id.in_(numbers))):
        services[limited.session_id].add(limited.service_id)
    rules: dict[int, list[SessionRule]] = defaultdict(list)
    for row in rows:
        normal, lanes = (frozenset(counters[row.id, kind]) for kind in (CounterKind.NORMAL, CounterKind.EXTRA))
        rules[row.office_id].append(rule_of(row, normal, lanes, frozenset(services[row.id])))
    return rules


def rule_of(
    row: OpeningSession, counters: frozenset[int], lanes: frozenset[int], services: frozenset[int]
) -> SessionRule:
    return SessionRule(
        id=row.id,
        weekdays=weekdays_in(row.weekdays),
        start=row.wall_start,
        end=row.wall_end,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        every_weeks=row.every_weeks,
        anchor=row.anchor,
        nth_of_month=row.nth_of_month,
        season=season_of(row.season_first, row.season_last),
        mode=row.mode,
        counters=counters,
        lanes=lanes,
        services=services,
        last_entry=row.last_entry,
        walk_in_minutes=row.walk_in_minutes,
        staff_minutes=row.staff_minutes,
        most_walk_ins=row.most_walk_ins,
    )


def weekdays_in(bits: int) -> frozenset[int]:
    """The days of the week a column of bits stands for, Monday first."""
    return frozenset(day for day in range(7) if bits >> day & 1)


def bits_of(weekdays: Iterable[int]) -> int:
    return sum(1 << day for day in set(weekdays))


def season_of(first: int | None, last: int | None) -> Season | None:
    return None if first is None or last is None else Season(divmod(first, 100), divmod(last, 100))


def closures_of(
    session: Session, offices: Iterable[int], communes: Iterable[int]
) -> list[tuple[int | None, int, ClosureRule]]:
    """Closures of offices and of their communes: the office (or ``None``), the commune, the rule."""
    wanted = or_(
        Closure.office_id.in_(list(offices)), (Closure.office_id.is_(None)) & (Closure.commune_id.in_(list(communes)))
    )
    rows = session.scalars(select(Closure).where(wanted)).all()
    counters: dict[int, set[int]] = defaultdict(set)
    limited = select(ClosureCounter).where(ClosureCounter.closure_id.in_([row.id for row in rows]))
    for row in session.scalars(limited):
        counters[row.closure_id].add(row.counter_id)
    return [
        (
            row.office_id,
            row.commune_id,
            ClosureRule(
                id=row.id,
                first=row.first_day,
                last=row.last_day,
                start=row.wall_start,
                end=row.wall_end,
                counters=frozenset(counters[row.id]) if row.id in counters else None,
            ),
        )
        for row in rows
    ]


def take_whole(session: Session, *, commune_id: int, office_ids: Iterable[int] | None = None) -> list[int]:
    """Take the version rows of offices (all of the commune without ``office_ids``), and draw new versions.

    Whoever is holding a time in them finishes first; whoever comes after sees the new hours. Rows are
    taken in the order of their ids, so that two changes never wait for each other.
    """
    wanted = select(Office.id).where(Office.commune_id == commune_id).order_by(Office.id)
    if office_ids is not None:
        wanted = wanted.where(Office.id.in_(list(office_ids)))
    taken = list(session.scalars(wanted.with_for_update(key_share=True)))
    for office_id in taken:
        session.execute(update(Office).where(Office.id == office_id).values(schedule_version=new_version()))
    return taken
