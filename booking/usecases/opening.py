"""Opening sessions and closures: written anew from a day on, never altered in the past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.orm import Session

from booking.core.changes import AddClosure, EndSession, HoursChange, OpenTemporary, SaveSession, Several
from booking.core.errors import Unknown
from booking.core.opening import ClosureRule, Season, SessionRule
from booking.core.translated import Translated
from booking.models import (
    Closure,
    ClosureCounter,
    Counter,
    Office,
    OpeningCounter,
    OpeningService,
    OpeningSession,
)
from booking.usecases.journal import Actor, note
from booking.usecases.opening_checks import check_own
from booking.usecases.opening_rules import session_rule
from booking.usecases.schedules import bits_of, take_whole
from booking.usecases.settling import Outcome, Wanted, let_back_in, settle
from booking.usecases.temporary import open_temporary

noted = partial(note, subject="opening_session")


@dataclass(frozen=True)
class Shut:
    """A closure, and the labels of the counters it is limited to, if any."""

    closure: Closure
    labels: tuple[str, ...]


def make_change(
    session: Session,
    *,
    commune_id: int,
    change: HoursChange,
    wanted: Wanted,
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> Outcome:
    """Make a change of hours and settle everybody it touches, in one unit.

    ``seen`` is the word for the session that is changed or ended, as it was shown. Raises
    ``ChangedMeanwhile``, ``TextMissing``, ``Unknown`` and what ``settle`` raises.
    """
    take_whole(session, commune_id=commune_id, office_ids=change.offices)
    check_own(session, commune_id=commune_id, change=change, seen=seen)
    outcome = settle(session, commune_id=commune_id, change=change, wanted=wanted, actor=actor, now=now)
    write_change(session, commune_id=commune_id, change=change, actor=actor, now=now)
    return outcome


def write_change(session: Session, *, commune_id: int, change: HoursChange, actor: Actor, now: datetime) -> None:
    """Write a change into the tables, when everybody it touches is settled."""
    match change:
        case SaveSession(session_id=None):
            add_session(session, commune_id=commune_id, change=change, actor=actor, now=now)
        case SaveSession():
            former = session_rule(
                session, commune_id=commune_id, office_id=change.office_id, session_id=change.session_id
            )
            end_row(session, commune_id=commune_id, session_id=former.id, since=change.since)
            changed = names_of_changes(former, change.new_rule)
            noted(session, actor, commune_id=commune_id, act="changed", subject_id=former.id, fields=changed, now=now)
            add_session(session, commune_id=commune_id, change=change, actor=actor, now=now)
        case EndSession():
            end_row(session, commune_id=commune_id, session_id=change.session_id, since=change.since)
            noted(session, actor, commune_id=commune_id, act="ended", subject_id=change.session_id, now=now)
        case AddClosure():
            add_closure(session, commune_id=commune_id, change=change, actor=actor, now=now)
        case OpenTemporary():
            service_id = open_temporary(session, commune_id=commune_id, change=change, actor=actor, now=now)
            rule = replace(change.hours.rule, services=frozenset({service_id}))
            add_session(session, commune_id=commune_id, change=replace(change.hours, rule=rule), actor=actor, now=now)
        case Several():
            for one in change.changes:
                write_change(session, commune_id=commune_id, change=one, actor=actor, now=now)


def add_closure(session: Session, *, commune_id: int, change: AddClosure, actor: Actor, now: datetime) -> None:
    number = shut(session, commune_id=commune_id, office_id=change.office_id, rule=change.rule, reason=change.reason)
    names = ("office", "reason", *names_in(change.rule))
    note(
        session, actor, commune_id=commune_id, act="added", subject="closure", subject_id=number, fields=names, now=now
    )


def add_session(session: Session, *, commune_id: int, change: SaveSession, actor: Actor, now: datetime) -> None:
    number = open_session(session, commune_id=commune_id, office_id=change.office_id, rule=change.new_rule)
    names = names_in(change.new_rule)
    noted(session, actor, commune_id=commune_id, act="added", subject_id=number, fields=names, now=now)


def names_in(rule: SessionRule | ClosureRule) -> list[str]:
    """What is written down of a new rule, for the journal."""
    return [field.name for field in fields(rule) if field.name != "id"]


def names_of_changes(former: SessionRule, new: SessionRule) -> list[str]:
    """What differs between two forms of a session, for the journal; since when is told by the rows themselves."""
    names = {field.name for field in fields(SessionRule)} - {"id", "valid_from"}
    return [name for name in names if getattr(former, name) != getattr(new, name)]


def end_row(session: Session, *, commune_id: int, session_id: int, since: date) -> None:
    """End a session the day before ``since``; one that had not begun by then never was."""
    mine = (OpeningSession.commune_id == commune_id, OpeningSession.id == session_id)
    session.execute(delete(OpeningSession).where(*mine, OpeningSession.valid_from >= since))
    last = since - timedelta(days=1)
    still_on = (OpeningSession.valid_until.is_(None)) | (OpeningSession.valid_until > last)
    session.execute(update(OpeningSession).where(*mine, still_on).values(valid_until=last))


def open_session(session: Session, *, commune_id: int, office_id: int, rule: SessionRule) -> int:
    """Write one session with its counters and services; gives its id. Checks the rule, not its neighbours."""
    rule.check()
    row = insert(OpeningSession).values(
        commune_id=commune_id,
        office_id=office_id,
        weekdays=bits_of(rule.weekdays),
        wall_start=rule.start,
        wall_end=rule.end,
        valid_from=rule.valid_from,
        valid_until=rule.valid_until,
        every_weeks=rule.every_weeks,
        anchor=rule.anchor,
        nth_of_month=rule.nth_of_month,
        season_first=season_end(rule.season, "first"),
        season_last=season_end(rule.season, "last"),
        mode=rule.mode,
        last_entry=rule.last_entry,
        walk_in_minutes=rule.walk_in_minutes,
        staff_minutes=rule.staff_minutes,
        most_walk_ins=rule.most_walk_ins,
    )
    number = session.scalars(row.returning(OpeningSession.id)).one()
    own = {"commune_id": commune_id, "session_id": number}
    staffed = sorted(rule.counters | rule.lanes)
    session.execute(insert(OpeningCounter), [own | {"counter_id": counter} for counter in staffed])
    if rule.services:
        session.execute(insert(OpeningService), [own | {"service_id": service} for service in sorted(rule.services)])
    return number


def season_end(season: Season | None, end: str) -> int | None:
    if season is None:
        return None
    month, day = season.first if end == "first" else season.last
    return month * 100 + day


def shut(session: Session, *, commune_id: int, office_id: int | None, rule: ClosureRule, reason: Translated) -> int:
    """Write one closure with its counters; gives its id."""
    rule.check()
    row = insert(Closure).values(
        commune_id=commune_id,
        office_id=office_id,
        first_day=rule.first,
        last_day=rule.last,
        wall_start=rule.start,
        wall_end=rule.end,
        reason=reason,
    )
    number = session.scalars(row.returning(Closure.id)).one()
    own = {"commune_id": commune_id, "closure_id": number}
    if rule.counters is not None:
        session.execute(insert(ClosureCounter), [own | {"counter_id": counter} for counter in sorted(rule.counters)])
    return number


def remove_closure(session: Session, *, commune_id: int, closure_id: int, actor: Actor, now: datetime) -> None:
    """Open again what a closure would have shut. Nobody is touched; who was kept and fits again loses the flag.

    Raises ``Unknown``.
    """
    mine = (Closure.commune_id == commune_id, Closure.id == closure_id)
    found = session.execute(select(Closure.office_id).where(*mine)).one_or_none()
    if found is None:
        raise Unknown
    taken = take_whole(
        session, commune_id=commune_id, office_ids=None if found.office_id is None else [found.office_id]
    )
    removed = delete(Closure).where(*mine).returning(Closure.first_day, Closure.last_day)
    days = session.execute(removed).one_or_none()
    if days is None:
        raise Unknown
    offices = session.scalars(select(Office).where(Office.id.in_(taken))).all()
    let_back_in(
        session, commune_id=commune_id, offices=offices, days=(days.first_day, days.last_day), actor=actor, now=now
    )
    note(session, actor, commune_id=commune_id, act="removed", subject="closure", subject_id=closure_id, now=now)


def closure_of(session: Session, *, commune_id: int, closure_id: int) -> Shut:
    """One closure. Raises ``Unknown``."""
    found = with_labels(session, select(Closure).where(Closure.commune_id == commune_id, Closure.id == closure_id))
    if not found:
        raise Unknown
    return found[0]


def closures_since(session: Session, *, commune_id: int, since: date) -> Sequence[Shut]:
    """The closures of a commune and its offices that are not over before ``since``, the next one first."""
    wanted = select(Closure).where(Closure.commune_id == commune_id, Closure.last_day >= since)
    return with_labels(session, wanted.order_by(Closure.first_day, Closure.id))


def with_labels(session: Session, wanted: Select[Closure]) -> Sequence[Shut]:
    rows = session.scalars(wanted).all()
    limited = (
        select(ClosureCounter.closure_id, Counter.label)
        .join(Counter, (Counter.commune_id == ClosureCounter.commune_id) & (Counter.id == ClosureCounter.counter_id))
        .where(ClosureCounter.closure_id.in_([row.id for row in rows]))
        .order_by(Counter.position)
    )
    labels: dict[int, list[str]] = {}
    for closure_id, label in session.execute(limited) if rows else ():
        labels.setdefault(closure_id, []).append(label)
    return [Shut(row, tuple(labels.get(row.id, ()))) for row in rows]
