"""Opening sessions and closures: written anew from a day on, never altered in the past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.orm import Session

from booking.core.changes import AddClosure, EndSession, HoursChange, SaveSession
from booking.core.errors import ChangedMeanwhile, TextMissing, Unknown
from booking.core.opening import ClosureRule, Season, SessionRule
from booking.core.seen import check_seen
from booking.core.translated import Translated
from booking.models import (
    Closure,
    ClosureCounter,
    Counter,
    Office,
    OpeningCounter,
    OpeningService,
    OpeningSession,
    Service,
)
from booking.usecases.journal import Actor, note
from booking.usecases.schedules import bits_of, rules_of, take_whole
from booking.usecases.settling import Outcome, Wanted, let_back_in, settle

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
            number = shut(
                session, commune_id=commune_id, office_id=change.office_id, rule=change.rule, reason=change.reason
            )
            note(
                session,
                actor,
                commune_id=commune_id,
                act="added",
                subject="closure",
                subject_id=number,
                fields=("office", "reason", *names_in(change.rule)),
                now=now,
            )
    return outcome


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


def check_own(session: Session, *, commune_id: int, change: HoursChange, seen: str | None) -> None:
    """Counters, services and the session named must be this office's own, and the session as it was seen.

    One that was seen and is not there any more was changed too. Raises ``Unknown``, ``ChangedMeanwhile`` or
    ``TextMissing``.
    """
    if isinstance(change, AddClosure) and change.reason.missing():
        raise TextMissing(languages=change.reason.missing())
    counters = change.rule.counters if not isinstance(change, EndSession) else None
    if isinstance(change, SaveSession):
        counters = change.rule.counters | change.rule.lanes
    if counters:
        mine = select(Counter.id).where(Counter.commune_id == commune_id, Counter.office_id == change.office_id)
        if not counters <= set(session.scalars(mine)):
            raise Unknown
    if isinstance(change, SaveSession) and change.rule.services:
        own = select(Service.id).where(Service.commune_id == commune_id)
        if not change.rule.services <= set(session.scalars(own)):
            raise Unknown
    if not isinstance(change, AddClosure) and change.session_id is not None:
        where = {"office_id": change.office_id, "session_id": change.session_id}
        try:
            there = session_rule(session, commune_id=commune_id, **where)
        except Unknown:
            raise Unknown if seen is None else ChangedMeanwhile from None
        check_seen(seen, there)


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


def session_rule(session: Session, *, commune_id: int, office_id: int, session_id: int | None) -> SessionRule:
    """One session of an office, over or not. Raises ``Unknown``."""
    rules = sessions_of(session, commune_id=commune_id, office_id=office_id, since=date.min)
    found = next((rule for rule in rules if rule.id == session_id), None)
    if found is None:
        raise Unknown
    return found


def sessions_of(session: Session, *, commune_id: int, office_id: int, since: date) -> Sequence[SessionRule]:
    """The sessions of an office that are not over before ``since``, in the order of a week."""
    mine = select(Counter).where(Counter.commune_id == commune_id, Counter.office_id == office_id)
    counters = session.scalars(mine).all()
    rules = rules_of(session, [office_id], counters)[office_id]
    current = [rule for rule in rules if rule.valid_until is None or rule.valid_until >= since]
    return sorted(current, key=lambda rule: (sorted(rule.weekdays), rule.start, rule.end, rule.id))


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
    for closure_id, label in session.execute(limited):
        labels.setdefault(closure_id, []).append(label)
    return [Shut(row, tuple(labels.get(row.id, ()))) for row in rows]
