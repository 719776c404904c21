"""The record of a change that touched somebody: opened by the unit that makes it, read by those who follow it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from booking.core.errors import Unknown
from booking.core.rebookings import AnswerTerms, Cause, Settled
from booking.core.translated import Translated
from booking.models import Appointment, Counter, Office, RebookedVisit, Rebooking
from booking.usecases.journal import Actor, note, note_each
from booking.usecases.rebooked import VISITS, end_proposals, of, settle
from booking.usecases.statements import QUIETLY, table_of
from booking.usecases.touched import services_of

AT_ONCE = 500
"""So many rows one statement names: engines bound how many values a statement may carry."""

MOST_LISTED = 100
ADD_VISIT = insert(table_of(RebookedVisit))


class Became(NamedTuple):
    """A visit that a change touched, when it began, and how far it is settled by the change itself."""

    appointment_id: int
    start: datetime
    state: Settled


def open_rebooking(
    session: Session,
    *,
    commune_id: int,
    cause: Cause,
    office_id: int | None,
    days: tuple[date, date | None],
    visits: Sequence[Became],
    reason: Translated,
    answer: AnswerTerms,
    actor: Actor,
    now: datetime,
) -> int:
    """Write down what becomes of everybody whom a change touches; those who wait are carried on by the worker.

    It was made of one office, or without ``office_id`` of all, and makes a difference on these ``days``. Who waited or
    was asked because of an earlier change is carried on by this one.
    """
    first, last = days
    number: int = session.scalars(
        insert(Rebooking)
        .values(
            commune_id=commune_id,
            office_id=office_id,
            cause=cause,
            first_day=first,
            last_day=last,
            reason=reason,
            silence=answer.silence,
            answer_minutes=answer.answer // timedelta(minutes=1),
            made_at=now,
        )
        .returning(Rebooking.id)
    ).one()
    waiting = [one.appointment_id for one in visits if one.state == Settled.WAITING]
    for some in parts(waiting):
        end_proposals(session, settle(session, of(some), state=Settled.OVERTAKEN, now=now))
        asked = update(Appointment).where(Appointment.commune_id == commune_id, Appointment.id.in_(some))
        session.execute(asked.values(disturbed_at=now), execution_options=QUIETLY)
    session.execute(ADD_VISIT, [row_of(one, commune_id, number, now) for one in visits])
    written: dict[str, Any] = {"commune_id": commune_id, "actor": actor, "now": now}
    note_each(session, subject_ids=waiting, act="disturbed", subject="appointment", fields=("disturbed_at",), **written)
    note(session, act="rebooked", subject="rebooking", subject_id=number, **written)
    return number


def parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE))


def row_of(one: Became, commune_id: int, number: int, now: datetime) -> dict[str, Any]:
    return {
        "commune_id": commune_id,
        "rebooking_id": number,
        "appointment_id": one.appointment_id,
        "state": one.state,
        "of_start": one.start,
        "attempts": 0,
        "settled_at": None if one.state.is_open else now,
    }


@dataclass(frozen=True)
class Summary:
    """A change that was made, in its office or in all of the commune, and how many visits stand where."""

    rebooking: Rebooking
    office: Office | None
    counts: Mapping[Settled, int]

    @property
    def number(self) -> int:
        return sum(self.counts.values())

    @property
    def open(self) -> int:
        return sum(count for state, count in self.counts.items() if state.is_open)


@dataclass(frozen=True)
class Followed:
    """A visit of a change: what has become of it, where it stands now, and what is or was proposed."""

    row: RebookedVisit
    appointment: Appointment
    counter: str
    services: tuple[Translated, ...]
    proposed_office: Office | None


def in_charge(office_ids: Collection[int] | None) -> list[ColumnElement[bool]]:
    """That a change is one of these offices', or of the whole commune; of every one without ``office_ids``."""
    return [] if office_ids is None else [or_(Rebooking.office_id.is_(None), Rebooking.office_id.in_(office_ids))]


def rebookings(session: Session, *, commune_id: int, office_ids: Collection[int] | None = None) -> Sequence[Summary]:
    """The changes that touched somebody, those with somebody left to settle first, then the newest; 100 at most."""
    still = (
        select(func.count())
        .where(RebookedVisit.rebooking_id == Rebooking.id, RebookedVisit.settled_at.is_(None))
        .correlate(Rebooking)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Rebooking, Office)
        .outerjoin(Office, (Office.commune_id == Rebooking.commune_id) & (Office.id == Rebooking.office_id))
        .where(Rebooking.commune_id == commune_id, *in_charge(office_ids))
        .order_by((still > 0).desc(), Rebooking.made_at.desc(), Rebooking.id.desc())
        .limit(MOST_LISTED)
    ).all()
    return with_counts(session, [(row.Rebooking, row.Office) for row in rows])


def with_counts(session: Session, found: Sequence[tuple[Rebooking, Office | None]]) -> list[Summary]:
    counted = session.execute(
        select(RebookedVisit.rebooking_id, RebookedVisit.state, func.count())
        .where(RebookedVisit.rebooking_id.in_([rebooking.id for rebooking, _ in found]))
        .group_by(RebookedVisit.rebooking_id, RebookedVisit.state)
    )
    counts: dict[int, dict[Settled, int]] = {}
    for number, state, count in counted:
        counts.setdefault(number, {})[state] = count
    return [Summary(one, office, counts.get(one.id, {})) for one, office in found]


def rebooking_of(
    session: Session, *, commune_id: int, rebooking_id: int, office_ids: Collection[int] | None = None
) -> Summary:
    """One change. Raises ``Unknown``."""
    row = session.execute(
        select(Rebooking, Office)
        .outerjoin(Office, (Office.commune_id == Rebooking.commune_id) & (Office.id == Rebooking.office_id))
        .where(Rebooking.commune_id == commune_id, Rebooking.id == rebooking_id, *in_charge(office_ids))
    ).one_or_none()
    if row is None:
        raise Unknown
    return with_counts(session, [(row.Rebooking, row.Office)])[0]


def followed(
    session: Session,
    *,
    commune_id: int,
    rebooking_id: int,
    states: Collection[Settled] = (),
    after: int = 0,
    most: int = MOST_LISTED,
) -> Sequence[Followed]:
    """The visits of a change, in those states or all, in the order of their first times: so many, ``after`` as many."""
    held, there = aliased(Appointment), aliased(Office)
    chosen = [RebookedVisit.state.in_(states)] if states else []
    mine = (RebookedVisit.commune_id == commune_id, RebookedVisit.rebooking_id == rebooking_id, *chosen)
    rows = session.execute(
        select(RebookedVisit, Appointment, Counter.label, there)
        .join(
            Appointment,
            (Appointment.commune_id == RebookedVisit.commune_id) & (Appointment.id == RebookedVisit.appointment_id),
        )
        .join(Counter, (Counter.commune_id == Appointment.commune_id) & (Counter.id == Appointment.counter_id))
        .outerjoin(held, (held.hold_key == RebookedVisit.hold_key) & (held.commune_id == RebookedVisit.commune_id))
        .outerjoin(there, (there.commune_id == held.commune_id) & (there.id == held.office_id))
        .where(*mine)
        .order_by(RebookedVisit.of_start, RebookedVisit.id)
        .offset(after)
        .limit(most)
        .execution_options(populate_existing=True)
    ).all()
    services = services_of(session, Appointment.id.in_([row.Appointment.id for row in rows]))
    return [
        Followed(row.RebookedVisit, row.Appointment, row.label, tuple(services[row.Appointment.id]), row[3])
        for row in rows
    ]


def number_open(session: Session, *, commune_id: int, office_ids: Collection[int] | None = None) -> int:
    """How many visits of changes that were made are still to be settled."""
    return (
        session.scalar(
            select(func.count())
            .select_from(RebookedVisit)
            .join(
                Rebooking,
                (Rebooking.commune_id == RebookedVisit.commune_id) & (Rebooking.id == RebookedVisit.rebooking_id),
            )
            .where(RebookedVisit.commune_id == commune_id, VISITS.c.settled_at.is_(None), *in_charge(office_ids))
        )
        or 0
    )


def without_mail(session: Session, *, commune_id: int, rebooking_id: int) -> Sequence[int]:
    """The visits of a change whose people have something to read and no address: they get a letter on paper."""
    told = (Settled.PROPOSED, Settled.TO_CALL, Settled.CANCELLED, Settled.LAPSED)
    return session.scalars(
        select(RebookedVisit.appointment_id)
        .join(
            Appointment,
            (Appointment.commune_id == RebookedVisit.commune_id) & (Appointment.id == RebookedVisit.appointment_id),
        )
        .where(
            RebookedVisit.commune_id == commune_id,
            RebookedVisit.rebooking_id == rebooking_id,
            RebookedVisit.state.in_(told),
            Appointment.email.is_(None),
            Appointment.helper_email.is_(None),
        )
        .order_by(RebookedVisit.of_start, RebookedVisit.id)
    ).all()
