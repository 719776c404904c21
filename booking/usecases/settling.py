"""Settling everybody whom a change of hours touches, in the unit that makes the change.

Some stay at their time at another counter, and nobody is told; some are kept, some cancelled; for the others another
time is proposed, which is carried on when the change is made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.changes import Change
from booking.core.effects import Hours
from booking.core.errors import ReasonMissing, Undecided
from booking.core.rebookings import USUAL_ANSWER, AnswerTerms, Cause, Settled, Silence
from booking.core.translated import Translated
from booking.models import Appointment, Office, RebookedVisit, Rebooking
from booking.usecases.cancellations import cancel_each
from booking.usecases.claims import remove_lapsed
from booking.usecases.effects import (
    NOTHING,
    Agreed,
    Around,
    Decision,
    agreed,
    booked_in,
    days_of,
    effect_on,
    hours_around,
    offices_touched,
    refuse_twice,
)
from booking.usecases.elsewhere import elsewhere, give_to_another
from booking.usecases.holds import end_holds, end_moves_of
from booking.usecases.journal import Actor, note_each
from booking.usecases.rebooked import end_proposals, of, say_no_more
from booking.usecases.rebooked import settle as settle_rows
from booking.usecases.rebookings import Became, open_rebooking, parts
from booking.usecases.schedules import load
from booking.usecases.statements import table_of
from booking.usecases.touched import still_to_come

APPOINTMENTS = table_of(Appointment)
FLAG = (
    update(APPOINTMENTS)
    .where(APPOINTMENTS.c.commune_id == bindparam("of_commune"), APPOINTMENTS.c.id == bindparam("of_appointment"))
    .values(kept_outside_at=bindparam("since"))
)


@dataclass(frozen=True)
class Wanted:
    """What shall become of those whom a change touches.

    ``moving`` stay at their time if another counter can have them. For the others there is a decision each; who is
    cancelled is told the ``reason``. Whom another time is proposed to may think as long as ``answer`` says.
    """

    decisions: Mapping[int, Decision]
    reason: Translated = NOTHING
    moving: Collection[int] = ()
    answer: AnswerTerms = USUAL_ANSWER

    def check(self, touched: Sequence[Agreed]) -> None:
        """Raises ``Undecided`` for whom nothing was decided about, or ``ReasonMissing``."""
        undecided = tuple(one.id for one in touched if one.id not in self.decisions)
        if undecided:
            raise Undecided(appointments=undecided)
        made = {self.decisions[one.id] for one in touched}
        may_end = Decision.PROPOSE in made and self.answer.silence == Silence.CANCEL
        if (Decision.CANCEL in made or may_end) and self.reason.missing():
            raise ReasonMissing


@dataclass(frozen=True)
class Outcome:
    """What was done: the appointments that stand outside the hours now, and those that were cancelled.

    ``to_call`` are the cancelled ones whom no mail reaches. ``moved`` are at another counter at their time, and for the
    ``proposed`` ones another time is looked for: ``rebooking_id`` is where they can be followed.
    """

    kept: tuple[int, ...]
    cancelled: tuple[int, ...]
    to_call: tuple[int, ...]
    moved: tuple[int, ...] = ()
    proposed: tuple[int, ...] = ()
    rebooking_id: int | None = None


def settle(
    session: Session, *, commune_id: int, change: Change, wanted: Wanted, actor: Actor, now: datetime
) -> Outcome:
    """Drop the holds the change leaves outside, and settle everybody it touches.

    Call it in a unit that has taken the hours whole and then writes the change itself. Whoever booked since
    the preview is found here: without a decision for each, it raises ``Undecided`` and nothing is done; so it is with
    who should stay at their time, when no counter can have them after all. Raises ``ReasonMissing`` when somebody is
    cancelled, or may be, without a reason in both languages, and what ``effect_of`` raises.
    """
    refuse_twice(session, commune_id=commune_id, change=change)
    offices = offices_touched(session, commune_id=commune_id, change=change)
    hours = hours_around(session, offices=offices, change=change)
    drop_holds(session, offices=offices, change=change, hours=hours, now=now)
    booked = booked_in(session, offices=offices, change=change, now=now)
    touched = effect_on(booked, change=change, hours=hours).touched
    wishing = [one for one in touched if one.id in set(wanted.moving)]
    moved = move_silently(session, wishing, offices=offices, hours=hours, actor=actor, now=now)
    left = [one for one in touched if one.id not in moved]
    wanted.check(left)
    chosen = {one: tuple(visit.id for visit in left if wanted.decisions[visit.id] == one) for one in Decision}
    kept, proposed = chosen[Decision.KEEP], chosen[Decision.PROPOSE]
    outside = [*(kept if change.leaves_outside else ()), *proposed]
    keep_outside(session, outside, commune_id=commune_id, actor=actor, now=now)
    for some in parts([*moved, *kept]):
        # What an earlier change proposed to them is over: this one has decided.
        end_proposals(session, settle_rows(session, of(some), state=Settled.KEPT, now=now))
        say_no_more(session, some, now=now)
    gone = chosen[Decision.CANCEL]
    cancelled = cancel_each(session, gone, commune_id=commune_id, reason=wanted.reason, actor=actor, now=now)
    apart = {*gone, *moved, *proposed, *not_of_hours(session, commune_id=commune_id)}
    staying = [one for one in booked if one.visit.is_kept_outside and one.id not in apart]
    after = {number: around.after for number, around in hours.items()}
    take_back_in(session, staying, commune_id=commune_id, hours=after, actor=actor, now=now)
    silent = {one.id for one in touched if not one.has_mail}
    to_call = tuple(one for one in cancelled if one in silent)
    outcome = Outcome(kept, cancelled, to_call, tuple(moved), proposed)
    if not (moved or proposed):
        return outcome
    number = open_rebooking(
        session,
        commune_id=commune_id,
        cause=change.cause,
        office_id=change.offices[0] if change.offices else None,
        days=change.days,
        visits=what_became(touched, outcome),
        reason=wanted.reason,
        answer=wanted.answer,
        actor=actor,
        now=now,
    )
    return replace(outcome, rebooking_id=number)


def what_became(touched: Sequence[Agreed], outcome: Outcome) -> list[Became]:
    """Everybody on the list, as far as the change itself has settled them; who was cancelled meanwhile is on none."""
    groups = (
        (outcome.moved, Settled.MOVED),
        (outcome.kept, Settled.KEPT),
        (outcome.cancelled, Settled.CANCELLED),
        (outcome.proposed, Settled.WAITING),
    )
    states = {number: state for ids, state in groups for number in ids}
    return [Became(one.id, one.visit.span.start, states[one.id]) for one in touched if one.id in states]


def move_silently(
    session: Session,
    visits: Sequence[Agreed],
    *,
    offices: Sequence[Office],
    hours: Mapping[int, Around],
    actor: Actor,
    now: datetime,
) -> list[int]:
    """Let other counters have these visits at their own times, as many as can be; gives those that were moved."""
    if not visits:
        return []
    commune_id = offices[0].commune_id
    end_moves_of(session, commune_id=commune_id, appointment_ids=[one.id for one in visits])
    start, end = min(one.visit.span.start for one in visits), max(one.visit.span.end for one in visits)
    for office in offices:
        counters = [*hours[office.id].after.schedule.serves]
        remove_lapsed(session, office_id=office.id, counters=counters, start=start, end=end, now=now)
    after = {office.id: hours[office.id].after.schedule for office in offices}
    places = elsewhere(session, visits, offices=offices, after=after, now=now)
    moved = [
        one.id
        for one in visits
        if give_to_another(
            session,
            commune_id=commune_id,
            appointment_id=one.id,
            span=one.visit.span,
            counter_id=one.visit.counter,
            others=places.get(one.id, ()),
        )
    ]
    note_each(session, actor, moved, commune_id=commune_id, act="counter_changed", subject="appointment", now=now)
    return moved


def drop_holds(
    session: Session, *, offices: Sequence[Office], change: Change, hours: Mapping[int, Around], now: datetime
) -> None:
    """Public holds that would fall outside are removed, living ones too; their owners are told at confirm.

    A hold that is being confirmed at this moment is waited for: it is then booked, and found with the others.
    """
    held = agreed(session, *days_of(change, offices, now=now), Appointment.state == AppointmentState.HELD)
    outside = [one.id for one in held if not hours[one.office_id].after.serve(one.visit)]
    if outside:
        end_holds(session, Appointment.id.in_(outside))


def keep_outside(session: Session, ids: Collection[int], *, commune_id: int, actor: Actor, now: datetime) -> None:
    """Flag appointments that stand although their hours are gone."""
    flag(session, ids, commune_id=commune_id, act="kept", since=now, actor=actor, now=now)


def let_back_in(
    session: Session,
    *,
    commune_id: int,
    offices: Sequence[Office],
    days: tuple[date, date],
    actor: Actor,
    now: datetime,
) -> None:
    """After a closure of some ``days`` is gone: who stood outside for it and fits again loses the flag."""
    outside = agreed(
        session,
        *still_to_come(offices, now=now),
        Appointment.local_date.between(*days),
        Appointment.state == AppointmentState.BOOKED,
        Appointment.kept_outside_at.is_not(None),
    )
    hours = {number: Hours(schedule) for number, schedule in load(session, offices).items()}
    apart = not_of_hours(session, commune_id=commune_id)
    outside = [one for one in outside if one.id not in apart]
    take_back_in(session, outside, commune_id=commune_id, hours=hours, actor=actor, now=now)


def not_of_hours(session: Session, *, commune_id: int) -> frozenset[int]:
    """Who is carried on because of a counter, an office or a service: other hours do not let them in again."""
    its = (Rebooking.commune_id == RebookedVisit.commune_id) & (Rebooking.id == RebookedVisit.rebooking_id)
    carried_on = (RebookedVisit.commune_id == commune_id, RebookedVisit.settled_at.is_(None))
    causes = Rebooking.cause.in_((Cause.COUNTER, Cause.OFFICE, Cause.SERVICE))
    return frozenset(
        session.scalars(select(RebookedVisit.appointment_id).join(Rebooking, its).where(*carried_on, causes))
    )


def take_back_in(
    session: Session,
    outside: Iterable[Agreed],
    *,
    commune_id: int,
    hours: Mapping[int, Hours],
    actor: Actor,
    now: datetime,
) -> None:
    """Take the flag from those who stood outside and fit ``hours`` again, given by office."""
    inside = [one.id for one in outside if hours[one.office_id].hold(one.visit)]
    flag(session, inside, commune_id=commune_id, act="fits_again", since=None, actor=actor, now=now)


def flag(
    session: Session,
    ids: Collection[int],
    *,
    commune_id: int,
    act: str,
    since: datetime | None,
    actor: Actor,
    now: datetime,
) -> None:
    if ids:
        session.execute(FLAG, [{"of_commune": commune_id, "of_appointment": one, "since": since} for one in ids])
    note_each(
        session, actor, ids, commune_id=commune_id, act=act, subject="appointment", fields=("kept_outside_at",), now=now
    )
