"""Cancelling: by the person, who keeps the notice of the services, or by the commune, who says why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, sources_of
from booking.core.errors import ForbiddenMove, OutOfDate, Unknown
from booking.core.roles import Role
from booking.core.self_service import WhyCancelled
from booking.core.timespan import Span
from booking.core.translated import Translated
from booking.core.waiting import USUAL_TERMS, OfferTerms, WaitingState
from booking.models import Appointment, AppointmentLine, WaitingEntry
from booking.models.messages import MessageKind
from booking.usecases.claims import give_up, share_office
from booking.usecases.groups import leave_places, others_of, take_together
from booking.usecases.holds import end_moves_of
from booking.usecases.journal import Actor, note_each
from booking.usecases.limits import free_seats
from booking.usecases.messages import announce_each
from booking.usecases.rebooked import settle_cancelled
from booking.usecases.self_service import allowed
from booking.usecases.statements import QUIETLY
from booking.usecases.waiting import end_entries
from booking.usecases.waiting_offers import offer_freed

CANCELLABLE = sources_of(AppointmentState.CANCELLED)
AT_ONCE = 500
"""So many appointments one statement cancels: engines bound how many values a statement may carry."""


def cancel(
    session: Session,
    *,
    commune_id: int,
    appointment_id: int,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    reason: Translated | None = None,
    why: WhyCancelled | None = None,
    both: bool = False,
    terms: OfferTerms = USUAL_TERMS,
) -> bool:
    """Give the time back and say so by mail; ``False`` when it was cancelled before.

    With ``both``, what belongs to it is cancelled too, or nothing is. A resident names the ``version`` seen, keeps the
    notice of the services and may say ``why``; the commune gives its ``reason``. The time is offered to the list in
    the same unit, under ``terms``.
    Raises ``CallToCancel``, ``TooLateToCancel``, ``OutOfDate`` or ``ForbiddenMove``.
    """
    if actor.role == Role.RESIDENT:
        check_may_cancel(session, commune_id=commune_id, appointment_id=appointment_id, now=now)
    as_seen = [Appointment.version == version] if version is not None else []
    this = (Appointment.id == appointment_id, *as_seen)
    share_office(session, commune_id=commune_id, appointment_id=appointment_id)
    if both:
        take_together(session, commune_id=commune_id, appointment_id=appointment_id)
    others = others_of(session, commune_id=commune_id, appointment_id=appointment_id) if both else []
    if end_booked(session, *this, commune_id=commune_id, reason=reason, why=why, actor=actor, now=now):
        own = {"commune_id": commune_id, "appointment_id": appointment_id}
        offer_time_of(session, **own, terms=terms, by_person=actor.role == Role.RESIDENT, now=now)
        # Whoever has been informed already cancels what is still to come.
        for other in (one for one in others if one.state == AppointmentState.BOOKED):
            cancel(
                session,
                commune_id=commune_id,
                appointment_id=other.id,
                actor=actor,
                now=now,
                reason=reason,
                why=why,
                terms=terms,
            )
        return True
    return cancelled_before(session, commune_id=commune_id, appointment_id=appointment_id, version=version)


def offer_time_of(
    session: Session, *, commune_id: int, appointment_id: int, terms: OfferTerms, by_person: bool = False, now: datetime
) -> None:
    """Offer the time of a visit that has just been cancelled, perhaps ``by_person`` it belonged to, to the list."""
    what = (Appointment.office_id, Appointment.counter_id, Appointment.start, Appointment.end)
    row = session.execute(
        select(*what, AppointmentLine.service_id)
        .join(
            AppointmentLine,
            (AppointmentLine.commune_id == Appointment.commune_id) & (AppointmentLine.appointment_id == Appointment.id),
        )
        .where(Appointment.commune_id == commune_id, Appointment.id == appointment_id)
        .order_by(AppointmentLine.position)
    ).first()
    if row is not None:
        where = {"commune_id": commune_id, "office_id": row.office_id, "counter_id": row.counter_id}
        what_is_free = {"service_id": row.service_id, "span": Span(row.start, row.end), "by_person": by_person}
        offer_freed(session, **where, **what_is_free, terms=terms, now=now)


def cancel_each(
    session: Session, ids: Sequence[int], *, commune_id: int, reason: Translated, actor: Actor, now: datetime
) -> tuple[int, ...]:
    """Cancel many for a reason of the commune's, a few statements for hundreds; gives those that were still booked."""
    done: set[int] = set()
    for first in range(0, len(ids), AT_ONCE):
        some = Appointment.id.in_(ids[first : first + AT_ONCE])
        done.update(end_booked(session, some, commune_id=commune_id, reason=reason, actor=actor, now=now))
    return tuple(one for one in ids if one in done)


def end_booked(
    session: Session,
    *where: ColumnElement[bool],
    commune_id: int,
    reason: Translated | None,
    actor: Actor,
    now: datetime,
    why: WhyCancelled | None = None,
    as_one: bool = False,
) -> list[int]:
    """Give the times of booked appointments back and say so by mail; gives the ids of those it did that for.

    ``as_one`` the message about the first of them speaks for all.
    """
    cancelled = session.execute(
        update(Appointment)
        .where(Appointment.commune_id == commune_id, Appointment.state.in_(CANCELLABLE), *where)
        .values(
            state=AppointmentState.CANCELLED,
            cancelled_at=now,
            cancel_reason=reason,
            why_cancelled=why,
            sequence=Appointment.sequence + 1,
            version=Appointment.version + 1,
        )
        .returning(
            Appointment.id,
            Appointment.version,
            Appointment.email,
            Appointment.helper_name,
            Appointment.disturbed_at,
        ),
        execution_options=QUIETLY,
    ).all()
    ids = [row.id for row in cancelled]
    if not ids:
        return ids
    settle_cancelled(session, [row.id for row in cancelled if row.disturbed_at is not None], now=now)
    # A time that was held to move one of them to has lost what it was for, and ticks it had in common.
    end_moves_of(session, commune_id=commune_id, appointment_ids=ids)
    give_up(session, commune_id=commune_id, appointment_ids=ids)
    leave_places(session, commune_id=commune_id, appointment_ids=ids)
    free_seats(session, commune_id=commune_id, appointment_ids=ids)
    # What was kept for those who waited with such a visit is passed on by the worker.
    end_entries(session, WaitingEntry.appointment_id.in_(ids), state=WaitingState.WITHDRAWN, now=now)
    fields = ["state"] + ["cancel_reason"] * bool(reason) + ["why_cancelled"] * bool(why)
    note_each(
        session, actor, ids, commune_id=commune_id, act="cancelled", subject="appointment", fields=fields, now=now
    )
    kind = MessageKind.CANCELLED_BY_COMMUNE if reason else MessageKind.CANCELLATION
    # Whom the commune cancels is told by some way, and be it that the office rings.
    versions = {row.id: row.version for row in cancelled if row.email or row.helper_name or reason}
    if as_one:
        versions = dict(sorted(versions.items())[:1])
    announce_each(session, kind, commune_id=commune_id, versions=versions, now=now)
    return ids


def cancelled_before(session: Session, *, commune_id: int, appointment_id: int, version: int | None) -> bool:
    mine = select(Appointment.state).where(Appointment.commune_id == commune_id, Appointment.id == appointment_id)
    state = session.scalars(mine).one_or_none()
    if state is None:
        raise Unknown
    if state == AppointmentState.CANCELLED:
        return False
    if state in CANCELLABLE and version is not None:
        raise OutOfDate
    raise ForbiddenMove(current=state, target=AppointmentState.CANCELLED)


def check_may_cancel(session: Session, *, commune_id: int, appointment_id: int, now: datetime) -> None:
    """Raises why a booked visit is not cancelled by the person; of any other the update says what is true of it."""
    mine = (Appointment.commune_id == commune_id, Appointment.id == appointment_id)
    appointment = session.scalars(select(Appointment).where(*mine, Appointment.state.in_(CANCELLABLE))).one_or_none()
    refusal = allowed(session, appointment=appointment, now=now).to_cancel if appointment else None
    if refusal:
        raise refusal
