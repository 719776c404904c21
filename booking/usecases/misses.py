"""Misses: how often one may be wrong before a pause. Taken before the check, given back when it was right.

Whoever tries ten passwords at once takes ten places at once, so nobody gains by haste.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from booking.core.errors import TooManyTries
from booking.core.references import digest
from booking.models import LoginFailure
from booking.usecases.statements import insert_into

ACCOUNT, CLIENT, EVERYWHERE, FACTOR = "account", "client", "everywhere", "factor"
PER_CLIENT = 3
"""So many times an account's own misses are one client's: everybody in a town hall comes from one address."""

FROM_EVERYWHERE, HOUR = 300, timedelta(hours=1)
"""An account's misses from all clients together: more than one client has in an hour, so that no stranger alone
keeps somebody out, and few enough that guessing with many leads nowhere."""


CODES_AN_HOUR = 20
"""A second factor's misses from all clients together: there are a million codes, and three of them count at a time.
Only who knows the password can use them up."""


@dataclass(frozen=True)
class Allowance:
    """Up to ``limit`` misses by ``key`` (a digest), each forgotten after ``pause``."""

    kind: str
    key: str
    limit: int
    pause: timedelta


def of_signing_in(*, email: str, client: str, limit: int, pause: timedelta) -> tuple[Allowance, ...]:
    """What a try to sign in takes: of the account from this client, of the client, and of the account at all."""
    return (
        Allowance(ACCOUNT, digest(ACCOUNT, email, client), limit, pause),
        Allowance(CLIENT, client, PER_CLIENT * limit, pause),
        Allowance(EVERYWHERE, digest(EVERYWHERE, email), FROM_EVERYWHERE, HOUR),
    )


def of_proving(*, person_id: int, client: str, limit: int, pause: timedelta) -> tuple[Allowance, ...]:
    """What a try with a code takes: of the person's from this client, and of the person's at all."""
    return (
        Allowance(FACTOR, digest(FACTOR, str(person_id), client), limit, pause),
        Allowance(FACTOR, digest(FACTOR, str(person_id)), CODES_AN_HOUR, HOUR),
    )


def forgive_account(session: Session, *, email: str, client: str | None) -> None:
    """A new password was set from ``client``: nothing keeps its owner out there any more."""
    keys = digest(EVERYWHERE, email), digest(ACCOUNT, email, client or "")
    session.execute(
        delete(LoginFailure).where(LoginFailure.kind.in_((ACCOUNT, EVERYWHERE)), LoginFailure.key.in_(keys))
    )


def take_tries(session: Session, *, of: Sequence[Allowance], now: datetime) -> tuple[int, ...]:
    """Take a try of each allowance, or of none. Raises ``TooManyTries``."""
    return tuple(
        take_try(session, kind=each.kind, key=each.key, limit=each.limit, pause=each.pause, now=now) for each in of
    )


def take_try(session: Session, *, kind: str, key: str, limit: int, pause: timedelta, now: datetime) -> int:
    """Take the lowest place that is free or older than ``pause``. Raises ``TooManyTries`` with the minutes to wait."""
    taken = recent(session, kind=kind, key=key, pause=pause, now=now)
    for n in (n for n in range(1, limit + 1) if n not in taken):
        place = insert_into(session, LoginFailure).values(kind=kind, key=key, n=n, at=now)
        place = place.on_conflict_do_update(
            index_elements=["kind", "key", "n"], set_={"at": now}, where=LoginFailure.at <= now - pause
        )
        if session.scalar(place.returning(LoginFailure.n)) is not None:
            return n
    raise TooManyTries(minutes=minutes_until(min(taken.values(), default=now) + pause, now))


def check_tries(session: Session, *, kind: str, key: str, limit: int, pause: timedelta, now: datetime) -> None:
    """Raises ``TooManyTries`` while a try would; none is taken."""
    taken = recent(session, kind=kind, key=key, pause=pause, now=now)
    if len(taken) >= limit:
        raise TooManyTries(minutes=minutes_until(min(taken.values()) + pause, now))


def recent(session: Session, *, kind: str, key: str, pause: timedelta, now: datetime) -> dict[int, datetime]:
    """The places that are taken and not forgotten yet, with their moments."""
    mine = select(LoginFailure.n, LoginFailure.at).where(LoginFailure.kind == kind, LoginFailure.key == key)
    return {row.n: row.at for row in session.execute(mine) if row.at > now - pause}


def forgive(session: Session, *, kind: str, key: str, n: int) -> None:
    """Give a try back: it was no miss."""
    mine = (LoginFailure.kind == kind, LoginFailure.key == key, LoginFailure.n == n)
    session.execute(delete(LoginFailure).where(*mine))


def minutes_until(moment: datetime, now: datetime) -> int:
    """Whole minutes, at least one."""
    return max(1, -((now - moment) // timedelta(minutes=1)))
