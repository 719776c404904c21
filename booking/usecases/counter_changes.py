"""A counter stops serving something, or a counter or an office is not used any more: its effect first, as of hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from booking.core.changes import Retire, ServeOtherwise
from booking.core.errors import HasAppointments
from booking.core.timespan import floor_to_tick
from booking.models import Appointment, Counter, Office
from booking.usecases.counters import CounterFacts, at_counter, change_counter, counter_taken
from booking.usecases.effects import Decision
from booking.usecases.holds import end_holds
from booking.usecases.journal import Actor, note
from booking.usecases.offices import office_taken, to_come
from booking.usecases.settling import Outcome, Wanted, settle


def serve_otherwise(
    session: Session,
    *,
    commune_id: int,
    change: ServeOtherwise,
    facts: CounterFacts,
    wanted: Wanted,
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> Outcome:
    """Write a counter anew that no longer serves something, and settle whom it was to serve, in one unit.

    Raises what ``change_counter`` and ``settle`` raise.
    """
    counter_taken(session, commune_id=commune_id, counter_id=change.counter_id)
    outcome = settle(session, commune_id=commune_id, change=change, wanted=wanted, actor=actor, now=now)
    own = {"commune_id": commune_id, "counter_id": change.counter_id}
    change_counter(session, **own, facts=facts, seen=seen, actor=actor, now=now)
    return outcome


def retire(
    session: Session,
    *,
    commune_id: int,
    change: Retire,
    wanted: Wanted,
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> Outcome:
    """Take a counter or an office out of use, and settle everybody who was to come there, in one unit.

    Nobody is kept there: whom another time is proposed to stands there until they answer. Raises ``Unknown``, what
    ``settle`` raises, and ``HasAppointments`` while somebody is there at this moment.
    """
    if change.counter_id is None:
        office_taken(session, commune_id=commune_id, office_id=change.office_id)
        there, number = Appointment.office_id == change.office_id, change.office_id
    else:
        counter = counter_taken(session, commune_id=commune_id, counter_id=change.counter_id)
        there, number = at_counter(counter), counter.id
    decided = {one: decision for one, decision in wanted.decisions.items() if decision != Decision.KEEP}
    wanted = replace(wanted, decisions=decided)
    outcome = settle(session, commune_id=commune_id, change=change, wanted=wanted, actor=actor, now=now)
    end_holds(session, there)
    here_now = select(func.max(Appointment.end)).where(there, *to_come(now), Appointment.start <= floor_to_tick(now))
    until: datetime | None = session.scalar(here_now)
    if until is not None:
        raise HasAppointments(until=until)
    what: type[Office] | type[Counter] = Office if change.counter_id is None else Counter
    retired = update(what).where(what.id == number, what.retired_at.is_(None)).values(retired_at=now)
    if session.execute(retired.returning(what.id)).first() is not None:
        told = {"commune_id": commune_id, "subject": what.__tablename__, "subject_id": number, "now": now}
        note(session, actor, act="deactivated", fields=("retired_at",), **told)  # type: ignore[arg-type]
    return outcome
