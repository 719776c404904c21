"""A counter that is out for the rest of the day: the others take its visits at the times that were promised.

Nobody whose time stands is told. Those who fit nowhere are cancelled with a message, asked about another time, or kept
all the same.
"""

from __future__ import annotations

from collections import Counter as Counted
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, HoldKind
from booking.core.availability import counters_free, taken_masks
from booking.core.effects import Hours
from booking.core.errors import Undecided, Unknown
from booking.core.rebookings import USUAL_ANSWER, AnswerTerms, Cause, Settled
from booking.core.timespan import Span, local_date, tick_of
from booking.core.translated import Translated
from booking.models import Appointment, AppointmentLine, Block, Claim, Counter, Office
from booking.models.opening import BlockReason
from booking.usecases.blocks import Kept, add_blocks
from booking.usecases.cancellations import cancel_each
from booking.usecases.claims import remove_lapsed
from booking.usecases.desks import close_desk
from booking.usecases.effects import Decision, agreed
from booking.usecases.elsewhere import give_to_another
from booking.usecases.handed_over import give_back_to_all, leave_with, served_now, told_at
from booking.usecases.holds import end_holds
from booking.usecases.journal import Actor, note, note_each
from booking.usecases.moves_by_staff import counters_of
from booking.usecases.out_today import out_today, rest_of_day, unclaimed
from booking.usecases.rebookings import Became, open_rebooking
from booking.usecases.schedules import load, schedule_of, take_whole
from booking.usecases.settling import keep_outside, take_back_in
from booking.usecases.statements import QUIETLY
from booking.usecases.taken import rows_of
from booking.usecases.touched import still_to_come

REASON = Translated.of(
    fr="Un guichet est fermé aujourd’hui, de façon imprévue.",
    nl="Vandaag is er onverwacht een loket gesloten.",
    en="A counter is unexpectedly closed today.",
    de="Ein Schalter ist heute unerwartet geschlossen.",
)
"""What those are told whose visit is cancelled: not who is missing, nor why."""


class Placed(NamedTuple):
    """A visit to come at the counter, or a time held there, with the counters that could take it.

    First comes the one that has been given the fewest, and of these the best.

    ``is_here``: the person has arrived, and waits for whichever counter is free. ``is_alone``: no other counter that is
    there today gives all of it, be it free or not.
    """

    id: int
    span: Span
    is_held: bool
    is_here: bool
    counters: tuple[int, ...]
    is_alone: bool = False

    @property
    def is_decided(self) -> bool:
        """Whether nobody has to say what becomes of it when no counter takes it."""
        return self.is_held or (self.is_here and not self.is_alone)


@dataclass(frozen=True)
class Out:
    """What was done: the visits that another counter has now, those that stand at none, those that are cancelled.

    ``to_call`` are the cancelled ones whom no mail reaches, ``tickets`` those that any counter may call again. For the
    ``asked`` ones, who stand at none, another time is looked for.
    """

    moved: tuple[int, ...]
    kept: tuple[int, ...]
    cancelled: tuple[int, ...]
    to_call: tuple[int, ...]
    tickets: int
    asked: tuple[int, ...] = ()


def own_counter(session: Session, *, commune_id: int, office_ids: Collection[int], counter_id: int) -> Counter:
    """A counter in use in one of these offices. Raises ``Unknown``."""
    mine = (Counter.commune_id == commune_id, Counter.office_id.in_(office_ids), Counter.retired_at.is_(None))
    found = session.scalars(select(Counter).where(*mine, Counter.id == counter_id)).one_or_none()
    if found is None:
        raise Unknown
    return found


def placed(session: Session, *, office: Office, counter_id: int, now: datetime) -> tuple[Placed, ...]:
    """The visits to come today at a counter and the times held there, each with where it could be had instead.

    At one counter no two of them overlap: each finds its place whatever becomes of the others.
    """
    day, schedule = local_date(now, office.zone), schedule_of(session, office)
    masks = taken_masks(rows_of(session, [office], schedule, [day], now), schedule, [day])
    room = {one.id: one.max_persons for one in counters_of(session, office=office)}
    persons = persons_of(session, office=office, counter_id=counter_id, now=now)
    out, served = out_today(session, office=office, now=now), served_now(session, office=office, day=day)
    found, given = [], Counted[int]()
    for row in to_come(session, office=office, counter_id=counter_id, now=now):
        services, most = persons[row.id]
        first, after = tick_of(row.start), tick_of(row.end)
        wanted = next(iter(services)) if len(services) == 1 else frozenset(services)
        free = counters_free(
            schedule, day=day, service=wanted, ticks=after - first, start=first, taken=masks, on_grid=False
        )
        able = [one for one in free if one != counter_id and most <= (room.get(one) or most)]
        # Spread: whoever has been given the fewest so far is asked first.
        able.sort(key=lambda one: given[one])
        given.update(able[:1])
        is_held = row.state == AppointmentState.HELD
        others = [
            one
            for one, gives in schedule.serves.items()
            if one != counter_id and one not in out and services <= gives and most <= (room.get(one) or most)
        ]
        is_alone = not others and row.id not in served
        span = Span(row.start, row.end)
        found.append(Placed(row.id, span, is_held, row.arrived_at is not None, tuple(able), is_alone))
    return tuple(found)


def are_to_come(office: Office, counter_id: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What has not begun today at a counter: visits, and times that are held."""
    return (
        *still_to_come([office], now=now),
        Appointment.local_date == local_date(now, office.zone),
        Appointment.counter_id == counter_id,
        Appointment.state.in_((AppointmentState.BOOKED, AppointmentState.HELD)),
    )


def to_come(session: Session, *, office: Office, counter_id: int, now: datetime) -> Sequence[Appointment]:
    wanted = select(Appointment).where(*are_to_come(office, counter_id, now))
    fresh = wanted.order_by(Appointment.start, Appointment.id).execution_options(populate_existing=True)
    return session.scalars(fresh).all()


def persons_of(session: Session, *, office: Office, counter_id: int, now: datetime) -> dict[int, tuple[set[int], int]]:
    """What each of these is for, and how many people come for it."""
    lines = (
        select(AppointmentLine.appointment_id, AppointmentLine.service_id, AppointmentLine.persons)
        .join(
            Appointment,
            (Appointment.commune_id == AppointmentLine.commune_id) & (Appointment.id == AppointmentLine.appointment_id),
        )
        .where(*still_to_come([office], now=now), Appointment.counter_id == counter_id)
    )
    found: dict[int, tuple[set[int], int]] = {}
    for number, service_id, persons in session.execute(lines):
        services, most = found.get(number, (set(), 1))
        found[number] = (services | {service_id}, max(most, persons))
    return found


def take_out(
    session: Session,
    *,
    commune_id: int,
    office_ids: Collection[int],
    counter_id: int,
    decisions: Mapping[int, Decision],
    answer: AnswerTerms = USUAL_ANSWER,
    actor: Actor,
    now: datetime,
) -> Out:
    """Close a counter until midnight, and let the others have its visits: the claims say which of them can.

    A time held there goes with them, or is dropped, and its owner is told at confirm. Whoever has arrived stays, for
    any counter to call. Raises ``Unknown``, or ``Undecided`` when somebody who fits nowhere was not decided about:
    nothing is done then. A counter that is out already stays so.
    """
    counter = own_counter(session, commune_id=commune_id, office_ids=office_ids, counter_id=counter_id)
    take_whole(session, commune_id=commune_id, office_ids=[counter.office_id])
    office = session.get_one(Office, counter.office_id, populate_existing=True)
    rest = rest_of_day(office, now)
    everywhere = [one.id for one in counters_of(session, office=office)]
    remove_lapsed(session, office_id=office.id, counters=everywhere, start=rest.start, end=rest.end, now=now)
    drop_moves(session, counter_id=counter_id, rest=rest)
    # A time that is being confirmed at this moment is waited for: it is then a visit.
    taken = select(Appointment.id).where(*are_to_come(office, counter_id, now)).order_by(Appointment.id)
    session.execute(taken.with_for_update())
    visits = placed(session, office=office, counter_id=counter_id, now=now)
    left = [one for one in visits if not pass_on(session, one, commune_id=commune_id, counter_id=counter_id)]
    undecided = tuple(one.id for one in left if not one.is_decided and one.id not in decisions)
    if undecided:
        raise Undecided(appointments=undecided)
    lost = [one.id for one in left if one.is_held]
    end_holds(session, Appointment.id.in_(lost))
    gone = [one.id for one in left if not one.is_decided and decisions[one.id] == Decision.CANCEL]
    kept = tuple(one.id for one in left if not one.is_held and one.id not in gone)
    silent = [one.id for one in agreed(session, Appointment.id.in_(gone)) if not one.has_mail]
    cancelled = cancel_each(session, gone, commune_id=commune_id, reason=REASON, actor=actor, now=now)
    leave_with(session, cancelled, commune_id=commune_id, actor=actor, now=now)
    keep_outside(session, kept, commune_id=commune_id, actor=actor, now=now)
    asked = [one for one in left if one.id in kept and decisions.get(one.id) == Decision.PROPOSE]
    ask_for_another(session, office, asked, answer=answer, actor=actor, now=now)
    spans = [Kept(counter_id, span, BlockReason.ABSENCE) for span in unclaimed(session, counter_id, rest)]
    add_blocks(session, commune_id=commune_id, blocks=spans, now=now)
    moved = [one.id for one in visits if one not in left and not one.is_held]
    written: dict[str, Any] = {"commune_id": commune_id, "actor": actor, "now": now}
    note_each(session, subject_ids=moved, act="counter_changed", subject="appointment", **written)
    tickets = give_back_to_all(session, counter_id=counter_id, **written)
    if told_at(session, counter_id=counter_id, day=local_date(now, office.zone)) is None:
        close_desk(session, counter_id=counter_id, **written)
    if spans:
        note(session, act="out", subject="counter", subject_id=counter_id, **written)
    to_call, waiting = (tuple(one for one in cancelled if one in silent), tuple(one.id for one in asked))
    return Out(tuple(moved), tuple(one for one in kept if one not in waiting), cancelled, to_call, tickets, waiting)


def ask_for_another(
    session: Session, office: Office, asked: Sequence[Placed], *, answer: AnswerTerms, actor: Actor, now: datetime
) -> None:
    """Have another time looked for; whom it is too late to write to is rung."""
    if asked:
        today = local_date(now, office.zone)
        open_rebooking(
            session,
            commune_id=office.commune_id,
            cause=Cause.COUNTER,
            office_id=office.id,
            days=(today, today),
            visits=[Became(one.id, one.span.start, Settled.WAITING) for one in asked],
            reason=REASON,
            answer=answer,
            actor=actor,
            now=now,
        )


def drop_moves(session: Session, *, counter_id: int, rest: Span) -> None:
    """Times that people hold here to move an appointment may share its claims: their owners choose again."""
    here = (Appointment.counter_id == counter_id, Appointment.start < rest.end, Appointment.end > rest.start)
    end_holds(session, *here, Appointment.replaces_id.is_not(None), Appointment.hold_kind == HoldKind.PUBLIC)


def pass_on(session: Session, one: Placed, *, commune_id: int, counter_id: int) -> bool:
    """Let another counter have a visit, at its own time; ``False`` when none of them can."""
    own = {"commune_id": commune_id, "appointment_id": one.id, "counter_id": counter_id}
    return give_to_another(session, **own, span=one.span, others=one.counters)


def bring_back(
    session: Session,
    *,
    commune_id: int,
    office_ids: Collection[int],
    counter_id: int,
    actor: Actor,
    now: datetime,
) -> None:
    """A counter is there again: every absence of the rest of today ends. What others took over, they keep.

    Raises ``Unknown``. One that is not out needs nothing.
    """
    counter = own_counter(session, commune_id=commune_id, office_ids=office_ids, counter_id=counter_id)
    take_whole(session, commune_id=commune_id, office_ids=[counter.office_id])
    office = session.get_one(Office, counter.office_id, populate_existing=True)
    rest = rest_of_day(office, now)
    absent = (
        Block.commune_id == commune_id,
        Block.counter_id == counter_id,
        Block.reason == BlockReason.ABSENCE,
        Block.start < rest.end,
        Block.end > rest.start,
    )
    begun = session.scalars(select(Block.id).where(*absent, Block.start < rest.start)).all()
    to_come_ = (Claim.block_id.in_(begun), Claim.tick >= tick_of(rest.start))
    session.execute(delete(Claim).where(*to_come_), execution_options=QUIETLY)
    session.execute(update(Block).where(Block.id.in_(begun)).values(end=rest.start), execution_options=QUIETLY)
    gone = session.scalars(delete(Block).where(*absent).returning(Block.id), execution_options=QUIETLY).all()
    if begun or gone:
        written: dict[str, Any] = {"commune_id": commune_id, "actor": actor, "now": now}
        note(session, act="back", subject="counter", subject_id=counter_id, **written)
        here = (Appointment.counter_id == counter_id, Appointment.kept_outside_at.is_not(None))
        today = (Appointment.state == AppointmentState.BOOKED, Appointment.local_date == local_date(now, office.zone))
        hours = {number: Hours(schedule) for number, schedule in load(session, [office]).items()}
        take_back_in(session, agreed(session, *here, *today), hours=hours, **written)
