"""Whether a change of hours names what is an office's own, and was made of what is there now."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.changes import AddClosure, Change, EndSession, OpenTemporary, SaveSession, Several
from booking.core.errors import ChangedMeanwhile, TextMissing, Unknown
from booking.core.opening import SessionRule
from booking.core.seen import check_seen
from booking.models import Counter, Service
from booking.usecases.effects import refuse_twice
from booking.usecases.opening_rules import session_rule


def check_own(session: Session, *, commune_id: int, change: Change, seen: str | None) -> None:
    """Counters, services and the sessions named must be this office's own, and the sessions as they were seen.

    One that was seen and is not there any more was changed too. Raises ``Unknown``, ``ChangedMeanwhile``,
    ``AlreadyClosed`` for a closure among several that is there, or ``TextMissing``.
    """
    match change:
        case Several():
            check_several(session, commune_id=commune_id, change=change, seen=seen)
        case AddClosure():
            if change.reason.missing():
                raise TextMissing(languages=change.reason.missing())
            check_counters(session, commune_id, change.office_id, change.rule.counters or frozenset())
        case EndSession():
            check_seen(seen, session_there(session, commune_id=commune_id, change=change, seen=seen))
        case SaveSession():
            check_rule(session, commune_id=commune_id, change=change)
            if change.session_id is not None:
                check_seen(seen, session_there(session, commune_id=commune_id, change=change, seen=seen))
        case OpenTemporary():
            check_rule(session, commune_id=commune_id, change=change.hours)
            if change.name.missing():
                raise TextMissing(languages=change.name.missing())


def check_several(session: Session, *, commune_id: int, change: Several, seen: str | None) -> None:
    """Each of several by itself, and those sessions that were seen all together."""
    ending = [one for one in change.changes if isinstance(one, EndSession)]
    if seen is not None:
        check_seen(seen, tuple(session_there(session, commune_id=commune_id, change=one, seen=seen) for one in ending))
    for one in change.changes:
        refuse_twice(session, commune_id=commune_id, change=one)
        check_own(session, commune_id=commune_id, change=one, seen=None)


def check_rule(session: Session, *, commune_id: int, change: SaveSession) -> None:
    check_counters(session, commune_id, change.office_id, change.rule.counters | change.rule.lanes)
    own = select(Service.id).where(Service.commune_id == commune_id)
    if change.rule.services and not change.rule.services <= set(session.scalars(own)):
        raise Unknown


def check_counters(session: Session, commune_id: int, office_id: int | None, counters: frozenset[int]) -> None:
    mine = select(Counter.id).where(Counter.commune_id == commune_id, Counter.office_id == office_id)
    if counters and not counters <= set(session.scalars(mine)):
        raise Unknown


def session_there(
    session: Session, *, commune_id: int, change: SaveSession | EndSession, seen: str | None
) -> SessionRule:
    """The session that a change names, as it is now."""
    try:
        return session_rule(session, commune_id=commune_id, office_id=change.office_id, session_id=change.session_id)
    except Unknown:
        raise Unknown if seen is None else ChangedMeanwhile from None
