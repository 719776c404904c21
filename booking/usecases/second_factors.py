"""The second factor of a person: set up, used, replaced, taken off, reset by somebody else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from booking.core.errors import CodeUsed, NotOneself, Unknown, WorksElsewhere, WrongCode
from booking.core.roles import WITH_A_SECOND_FACTOR
from booking.core.second_factor import kept_code
from booking.models import Membership, Person, RecoveryCode, SecondFactor
from booking.models.people import in_force
from booking.usecases.journal import Actor, note
from booking.usecases.passwords import note_of_oneself
from booking.usecases.people import end_all_sessions, open_session
from booking.usecases.statements import QUIETLY, insert_into

FIELDS = ("second_factor",)


@dataclass(frozen=True)
class Factor:
    """``secret`` is sealed; ``codes`` are how many codes on paper are left."""

    secret: str
    since: datetime
    codes: int


def factor_of(session: Session, *, person_id: int) -> Factor | None:
    left = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.person_id == person_id).scalar_subquery()
    mine = select(SecondFactor.secret, SecondFactor.since, left).where(SecondFactor.person_id == person_id)
    row = session.execute(mine).one_or_none()
    return Factor(*row) if row else None


def set_up(
    session: Session,
    *,
    person_id: int,
    secret: str,
    step: int,
    codes: Iterable[str],
    better_than: str | None,
    actor: Actor,
    now: datetime,
) -> str:
    """Take a telephone whose code of ``step`` was typed, and give the token of a new session: all others end.

    ``better_than`` is the sealed secret it replaces, ``None`` when there was none: of two that are set up at once,
    one counts. Raises ``CodeUsed`` for the other.
    """
    facts = {"secret": secret, "last_step": step, "since": now}
    if better_than is None:
        first = insert_into(session, SecondFactor).values(person_id=person_id, **facts).on_conflict_do_nothing()
        done = session.scalar(first.returning(SecondFactor.person_id))
    else:
        mine = (SecondFactor.person_id == person_id, SecondFactor.secret == better_than)
        replaced = update(SecondFactor).where(*mine).values(**facts).returning(SecondFactor.person_id)
        done = session.scalar(replaced, execution_options=QUIETLY)
    if done is None:
        raise CodeUsed
    write_codes(session, person_id=person_id, codes=codes)
    note_of_oneself(session, actor, person_id=person_id, act="changed", fields=FIELDS, now=now)
    end_all_sessions(session, person_id=person_id)
    return open_session(session, person_id=person_id, now=now)


def hand_over(session: Session, *, person_id: int, secret: str, now: datetime) -> None:
    """Give somebody a telephone that is set up already, as the demonstration's is; one they have is replaced."""
    facts = {"secret": secret, "last_step": 0, "since": now}
    first = insert_into(session, SecondFactor).values(person_id=person_id, **facts)
    session.execute(first.on_conflict_do_update(index_elements=["person_id"], set_=facts))


def write_codes(session: Session, *, person_id: int, codes: Iterable[str]) -> None:
    """Keep new codes on paper; the old ones no longer open anything."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session.execute(
        insert(RecoveryCode), [{"person_id": person_id, "digest": kept_code(person_id, code)} for code in codes]
    )


def renew_codes(session: Session, *, person_id: int, codes: Iterable[str], actor: Actor, now: datetime) -> None:
    """New codes on paper for a second factor. Raises ``Unknown`` for who has none."""
    if factor_of(session, person_id=person_id) is None:
        raise Unknown
    write_codes(session, person_id=person_id, codes=codes)
    note_of_oneself(session, actor, person_id=person_id, act="changed", fields=("recovery_codes",), now=now)


def use_step(session: Session, *, person_id: int, step: int) -> None:
    """Use up a telephone's code, and all that came before it. Raises ``CodeUsed``."""
    later = update(SecondFactor).where(SecondFactor.person_id == person_id, SecondFactor.last_step < step)
    used = later.values(last_step=step).returning(SecondFactor.person_id)
    if session.scalar(used, execution_options=QUIETLY) is None:
        raise CodeUsed


def use_code(session: Session, *, person_id: int, code: str, actor: Actor, now: datetime) -> None:
    """Use up a code on paper. Raises ``WrongCode``."""
    mine = (RecoveryCode.person_id == person_id, RecoveryCode.digest == kept_code(person_id, code))
    used = delete(RecoveryCode).where(*mine).returning(RecoveryCode.person_id)
    if session.scalar(used, execution_options=QUIETLY) is None:
        raise WrongCode
    note_of_oneself(session, actor, person_id=person_id, act="used", fields=("recovery_codes",), now=now)


def take_off(session: Session, *, person_id: int, actor: Actor, now: datetime) -> None:
    """Sign in with the password alone from now on: for those who need no second factor."""
    if forget(session, person_id):
        note_of_oneself(session, actor, person_id=person_id, act="removed", fields=FIELDS, now=now)


def reset(session: Session, *, commune_id: int, person_id: int, actor: Actor, now: datetime) -> None:
    """Take off a colleague's second factor, who sets up another one: their telephone is lost, and their paper.

    Nobody does it for themselves, nor for somebody who decides elsewhere, too. Raises ``Unknown``, ``NotOneself``,
    ``WorksElsewhere``.
    """
    if person_id == actor.person_id:
        raise NotOneself
    theirs = select(Membership.commune_id, Membership.role).where(Membership.person_id == person_id, in_force())
    rows = session.execute(theirs).all()
    if commune_id not in {row.commune_id for row in rows}:
        raise Unknown
    runs_platform = session.scalars(select(Person.platform_since).where(Person.id == person_id)).one() is not None
    if runs_platform or any(row.commune_id != commune_id and row.role in WITH_A_SECOND_FACTOR for row in rows):
        raise WorksElsewhere
    if forget(session, person_id):
        about = {"commune_id": commune_id, "subject": "person", "subject_id": person_id, "fields": FIELDS, "now": now}
        note(session, actor, act="reset", **about)  # type: ignore[arg-type]


def forget(session: Session, person_id: int) -> bool:
    """Whether there was a second factor to be taken off. Whoever is signed in with it is signed out."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    gone = delete(SecondFactor).where(SecondFactor.person_id == person_id).returning(SecondFactor.person_id)
    was_there = session.scalar(gone, execution_options=QUIETLY) is not None
    end_all_sessions(session, person_id=person_id)
    return was_there


def forget_by_address(session: Session, *, email: str, actor: Actor, now: datetime) -> bool:
    """Take off the second factor of an account, from the command line; whether it had one. Raises ``Unknown``."""
    person_id = session.scalars(select(Person.id).where(Person.email == email)).one_or_none()
    if person_id is None:
        raise Unknown(account=email)
    was_there = forget(session, person_id)
    if was_there:
        note_of_oneself(session, actor, person_id=person_id, act="reset", fields=FIELDS, now=now)
    return was_there
