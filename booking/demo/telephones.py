"""The second step of the demonstration: all who need one share a telephone whose secret everybody may know."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from booking.core.roles import WITH_A_SECOND_FACTOR
from booking.core.second_factor import code_at, opened, sealed, step_at
from booking.demo.content.people import PLATFORM, SECRET, STAFF
from booking.models import JournalEntry, Person, TicketStep
from booking.usecases.platform import run_platform
from booking.usecases.second_factors import factor_of, forget, hand_over
from booking.usecases.statements import QUIETLY

ADDRESSES = (PLATFORM.email, *(member.email for member in STAFF if member.role in WITH_A_SECOND_FACTOR))


def code_now(now: datetime) -> str:
    """What the telephone shows."""
    return code_at(SECRET, step_at(now))


def lacks_platform(session: Session) -> bool:
    mine = (Person.email == PLATFORM.email, Person.platform_since.is_not(None))
    return session.scalar(select(Person.id).where(*mine)) is None


def have_a_telephone(session: Session, *, key: str, now: datetime) -> None:
    """Whoever needs a second step has the telephone, whatever became of it, and whatever key it was sealed under."""
    for person_id in session.scalars(select(Person.id).where(Person.email.in_(ADDRESSES)).order_by(Person.id)).all():
        factor = factor_of(session, person_id=person_id)
        if factor is None or opened(key, factor.secret) != SECRET:
            hand_over(session, person_id=person_id, secret=sealed(key, SECRET), now=now)


def have_a_platform(session: Session, *, password_hash: str, now: datetime) -> None:
    """Somebody runs the installation that the communes are on."""
    facts = {"email": PLATFORM.email, "name": PLATFORM.name, "language": PLATFORM.language}
    run_platform(session, **facts, password_hash=password_hash, now=now)


def leave_the_platform(session: Session) -> None:
    """Whom a journal names stays as a name there: nothing opens the account any more."""
    mine = Person.email == PLATFORM.email
    for person_id in session.scalars(select(Person.id).where(mine)).all():
        forget(session, person_id)
    named = [exists().where(acts.person_id == Person.id) for acts in (JournalEntry, TicketStep)]
    session.execute(delete(Person).where(mine, *(~one for one in named)), execution_options=QUIETLY)
    closed = {"platform_since": None, "password_hash": "", "reset_nonce": None, "reset_until": None}
    session.execute(update(Person).where(mine).values(**closed), execution_options=QUIETLY)
