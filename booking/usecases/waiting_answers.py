"""What becomes of an offer: taken, turned down, or passed on when its time is over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from booking.core.appointments import AppointmentState
from booking.core.errors import HoldGone, HoldLapsed, OfferOver
from booking.core.timespan import Span
from booking.core.waiting import OfferState, OfferTerms, WaitingState, end_of_quiet
from booking.models import Appointment, AppointmentLine, FreedTime, Message, Offer, Office
from booking.models import WaitingEntry as Entry
from booking.models.messages import MessageKind, MessageState
from booking.usecases.appointments import Wish, confirm
from booking.usecases.claims import shared
from booking.usecases.journal import Actor
from booking.usecases.messages import announce
from booking.usecases.moves import accept as accept_move
from booking.usecases.statements import QUIETLY
from booking.usecases.steps import MINE, other_step, other_steps
from booking.usecases.waiting import end_entries
from booking.usecases.waiting_chances import Freed
from booking.usecases.waiting_offers import offer

KEPT, OWN = aliased(Appointment), aliased(Appointment)


def has_more(one: Any, other: Any) -> ColumnElement[bool]:
    """That a visit is for something which the other is not for, or not for so many persons or minutes."""
    line, same = aliased(AppointmentLine), aliased(AppointmentLine)
    alike = (getattr(same, name) == getattr(line, name) for name in ("service_id", "persons", "minutes"))
    twin = exists().where(same.appointment_id == other.id, *alike).correlate(line, other)
    return exists().where(line.appointment_id == one.id, ~twin).correlate(one, other)


OVERTAKEN = exists().where(
    KEPT.commune_id == Offer.commune_id,
    KEPT.hold_key == Offer.hold_key,
    OWN.id == KEPT.replaces_id,
    or_(OWN.start <= KEPT.start, has_more(OWN, KEPT), has_more(KEPT, OWN)),
)
"""That the appointment which was to be earlier has changed since: it is as early by now, or for something else."""

KEEPS = exists().where(
    KEPT.commune_id == Offer.commune_id, KEPT.hold_key == Offer.hold_key, KEPT.state == AppointmentState.HELD
)
"""That the time of an offer is still held for its person."""


def decline(
    session: Session, *, commune_id: int, entry_id: int, offer_id: int, terms: OfferTerms, now: datetime
) -> None:
    """Somebody does not want the time: the next one gets it, and they keep their place. Once is enough."""
    this = (Offer.commune_id == commune_id, Offer.entry_id == entry_id, Offer.id == offer_id)
    for row in settle(session, *this, state=OfferState.DECLINED, now=now):
        pass_to_next(session, row, terms=terms, now=now)


def leave(session: Session, *, commune_id: int, entry_id: int, terms: OfferTerms, now: datetime) -> None:
    """Somebody gives their place up; a time that was kept for them goes to the next. A second time changes nothing."""
    mine = (Entry.commune_id == commune_id, Entry.id == entry_id)
    end_entries(session, *mine, state=WaitingState.WITHDRAWN, now=now)
    theirs = (Offer.commune_id == commune_id, Offer.entry_id == entry_id)
    for row in settle(session, *theirs, state=OfferState.DECLINED, now=now):
        pass_to_next(session, row, terms=terms, now=now)


def pass_on(session: Session, *, terms: OfferTerms, now: datetime) -> bool:
    """Pass one time on that nobody answered for, or that is of no use to its person; ``False`` when there is none.

    It is of no use to whoever has left the list, whose appointment has changed since the offer, or who has moved the
    other of two steps so that it would break their order; and nothing is kept any more where the hours have changed.
    Who was told of it and is still in the list is told that it is over.

    Several workers may ask at once: each offer is passed on by one of them.
    """
    ended = exists().where(Entry.id == Offer.entry_id, Entry.state != WaitingState.LIVE)
    useless = or_(Offer.until <= now, ended, OVERTAKEN, ~KEEPS, Offer.id.in_(out_of_order(session)))
    due = (
        select(Offer.id)
        .where(Offer.state == OfferState.OPEN, useless)
        .order_by(Offer.until, Offer.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Offer)
    )
    number = session.scalars(due).one_or_none()
    if number is None:
        return False
    for row in settle(session, Offer.id == number, state=OfferState.LAPSED, now=now):
        tell_it_is_over(session, row, now=now)
        pass_to_next(session, row, terms=terms, now=now)
    return True


def out_of_order(session: Session) -> list[int]:
    """The open offers for one of two steps that would no longer follow one another.

    Looked for and not ended by the move itself, which may be at the same moment as the offer and not see it.
    """
    kept_for_steps = (
        select(Offer.id, KEPT.replaces_id, KEPT.start, KEPT.end)
        .join(KEPT, (KEPT.commune_id == Offer.commune_id) & (KEPT.hold_key == Offer.hold_key))
        .join(OWN, OWN.id == KEPT.replaces_id)
        .where(Offer.state == OfferState.OPEN, OWN.group_key.is_not(None))
    )
    rows = session.execute(kept_for_steps).all()
    others = other_steps(session, MINE.id.in_([row.replaces_id for row in rows])) if rows else {}
    return [
        row.id
        for row in rows
        if row.replaces_id in others and not others[row.replaces_id].allows(Span(row.start, row.end))
    ]


def settle(session: Session, *where: ColumnElement[bool], state: OfferState, now: datetime) -> list[Row[Any]]:
    """Close open offers, each once whoever tries; gives those it closed."""
    closed = update(Offer).where(*where, Offer.state == OfferState.OPEN).values(state=state, settled_at=now)
    what = (Offer.id, Offer.commune_id, Offer.entry_id, Offer.freed_time_id, Offer.hold_key)
    rows: Any = session.execute(closed.returning(*what), execution_options=QUIETLY).all()
    return list(rows)


def tell_it_is_over(session: Session, row: Row[Any], *, now: datetime) -> None:
    """Write to whoever waits on that their offer is over, when they were told of it. It can wait for the morning."""
    told = exists().where(
        Message.waiting_entry_id == row.entry_id,
        Message.kind == MessageKind.LIST_OFFER,
        Message.version == row.id,
        # One that is on its way arrives.
        Message.state.in_((MessageState.SENT, MessageState.LEASED)),
    )
    waits_on = exists().where(Entry.id == row.entry_id, Entry.state == WaitingState.LIVE)
    office = session.scalars(
        select(Office)
        .join(FreedTime, (FreedTime.commune_id == Office.commune_id) & (FreedTime.office_id == Office.id))
        .where(FreedTime.id == row.freed_time_id, told, waits_on)
    ).one_or_none()
    if office is not None:
        about = {"commune_id": row.commune_id, "waiting_entry_id": row.entry_id, "version": row.id}
        announce(session, MessageKind.LIST_OVER, **about, due_at=end_of_quiet(now, office.zone), now=now)


def pass_to_next(session: Session, row: Row[Any], *, terms: OfferTerms, now: datetime) -> None:
    """Take a closed offer's time out of its person's hands and offer it to the next; it may be gone with its hours."""
    held = (
        Appointment.commune_id == row.commune_id,
        Appointment.hold_key == row.hold_key,
        Appointment.state == AppointmentState.HELD,
    )
    what = (Appointment.counter_id, Appointment.start, Appointment.end)
    # The office before what is held there, as a pause takes them: two units never wait for each other.
    where = session.scalars(select(Appointment.office_id).where(*held)).one_or_none()
    office = shared(session, commune_id=row.commune_id, office_id=where) if where is not None else None
    gone = session.execute(delete(Appointment).where(*held).returning(*what), execution_options=QUIETLY).one_or_none()
    if gone and office:
        # What the visit had beside the freed time was the public's, and is again.
        time = session.get_one(FreedTime, row.freed_time_id)
        span = Span(max(gone.start, time.start), min(gone.end, time.end))
        offer(session, Freed(time.id, office, gone.counter_id, span), terms=terms, now=now)


def open_offer(session: Session, *, entry: Entry, now: datetime) -> tuple[Offer, Appointment] | None:
    """What is being kept for somebody at ``now``, with the hold that keeps it; nothing that would break the order
    of two steps, when the other was moved since.
    """
    wanted = (
        select(Offer, Appointment)
        .join(Appointment, (Appointment.commune_id == Offer.commune_id) & (Appointment.hold_key == Offer.hold_key))
        .where(
            Offer.entry_id == entry.id,
            Offer.state == OfferState.OPEN,
            Offer.until > now,
            Appointment.state == AppointmentState.HELD,
            ~OVERTAKEN,
        )
    )
    row = session.execute(wanted).one_or_none()
    if row is None:
        return None
    own = {"commune_id": entry.commune_id, "appointment_id": entry.appointment_id}
    other = other_step(session, **own) if entry.appointment_id else None  # type: ignore[arg-type]
    fits = other is None or other.allows(Span(row.Appointment.start, row.Appointment.end))
    return (row.Offer, row.Appointment) if fits else None


def accept(
    session: Session,
    *,
    commune_id: int,
    entry_id: int,
    offer_id: int,
    per_contact: int,
    terms: OfferTerms,
    actor: Actor,
    now: datetime,
) -> str:
    """Take the time that is kept: the appointment that was to be earlier moves there, or a new one is made there.

    Gives its nonce. The entry is done. The same answer sent again gets the same. Raises ``OfferOver``, also when the
    appointment has changed since, and what a move or a confirmation raises beside what becomes of its hold.
    """
    this = (Offer.commune_id == commune_id, Offer.entry_id == entry_id, Offer.id == offer_id, Offer.until > now)
    taken = settle(session, *this, state=OfferState.TAKEN, now=now)
    if not taken:
        return taken_before(session, commune_id=commune_id, entry_id=entry_id, offer_id=offer_id)
    entry = session.get_one(Entry, entry_id, populate_existing=True)
    own = {"commune_id": commune_id, "hold_key": taken[0].hold_key}
    try:
        if entry.appointment_id is None:
            who = entry.name or "", entry.email, entry.phone, entry.language, entry.help_language
            wish = Wish(*who, needs=entry.needs or frozenset())
            nonce = confirm(session, **own, wish=wish, per_contact=per_contact, now=now).nonce
        else:
            # What changes after this version is found out by the move itself.
            version = session.scalars(select(Appointment.version).where(Appointment.id == entry.appointment_id)).one()
            if session.scalars(select(Offer.id).where(Offer.id == offer_id, OVERTAKEN)).first() is not None:
                raise OfferOver
            nonce = accept_move(session, **own, version=version, terms=terms, actor=actor, now=now).nonce
    except (HoldGone, HoldLapsed) as refusal:
        raise OfferOver from refusal
    end_entries(session, Entry.id == entry_id, state=WaitingState.DONE, now=now)
    return nonce


def taken_before(session: Session, *, commune_id: int, entry_id: int, offer_id: int) -> str:
    """The appointment that an offer became when it was taken. Raises ``OfferOver`` when it was not."""
    wanted = (
        select(Appointment.nonce)
        .join(Offer, (Offer.commune_id == Appointment.commune_id) & (Offer.hold_key == Appointment.hold_key))
        .where(
            Offer.commune_id == commune_id,
            Offer.entry_id == entry_id,
            Offer.id == offer_id,
            Offer.state == OfferState.TAKEN,
            Appointment.state != AppointmentState.HELD,
        )
    )
    nonce = session.scalars(wanted).one_or_none()
    if nonce is None:
        raise OfferOver
    return nonce
