"""What people answer to another time that is held for them, and what staff answer in their name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import HoldGone, HoldLapsed, OfferOver
from booking.core.rebookings import OPEN, Settled, Silence
from booking.core.translated import Translated
from booking.core.waiting import USUAL_TERMS, OfferTerms
from booking.models import Appointment, Office, RebookedVisit, Rebooking
from booking.usecases.journal import Actor, note
from booking.usecases.moves import Moved, in_commune
from booking.usecases.moves import accept as accept_move
from booking.usecases.rebooked import VISITS, end_proposals, of, say_no_more, settle


@dataclass(frozen=True)
class OtherTime:
    """The time that is held for somebody whose visit cannot take place as agreed, in its office.

    Without ``held`` there is none, or none any more: somebody rings. ``attempt`` says which proposal it is.
    """

    row: RebookedVisit
    reason: Translated
    silence: Silence
    held: Appointment | None
    office: Office | None

    @property
    def attempt(self) -> int:
        return self.row.attempts


def other_time(session: Session, *, appointment: Appointment, now: datetime) -> OtherTime | None:
    """What is proposed instead of a visit that cannot take place as agreed; ``None`` when it can."""
    if appointment.disturbed_at is None or appointment.state != AppointmentState.BOOKED:
        return None
    found = session.execute(
        select(RebookedVisit, Rebooking)
        .join(
            Rebooking,
            (Rebooking.commune_id == RebookedVisit.commune_id) & (Rebooking.id == RebookedVisit.rebooking_id),
        )
        .where(RebookedVisit.appointment_id == appointment.id, RebookedVisit.state.in_(OPEN))
    ).one_or_none()
    if found is None:
        return None
    row, rebooking = found
    held = None
    if row.state == Settled.PROPOSED and row.until is not None and row.until > now:
        wanted = select(Appointment).where(
            Appointment.hold_key == row.hold_key, Appointment.state == AppointmentState.HELD
        )
        held = session.scalars(wanted).one_or_none()
    office = session.get(Office, held.office_id) if held else None
    return OtherTime(row, rebooking.reason, rebooking.silence, held, office)


def accept(
    session: Session,
    *,
    commune_id: int,
    appointment_id: int,
    attempt: int,
    version: int,
    terms: OfferTerms = USUAL_TERMS,
    actor: Actor,
    now: datetime,
) -> Moved:
    """Take the time that is held instead of the one that was agreed; ``attempt`` is the proposal as the page showed it.

    The same answer sent again gets the same. Raises ``OfferOver``, and what a move raises beside what becomes of its
    hold.
    """
    mine = (RebookedVisit.commune_id == commune_id, RebookedVisit.appointment_id == appointment_id)
    takable = (RebookedVisit.attempts == attempt, RebookedVisit.hold_key.is_not(None))
    last = select(RebookedVisit).where(*mine, *takable).order_by(RebookedVisit.id.desc()).limit(1)
    row = session.scalars(last).one_or_none()
    if row is None or row.hold_key is None:
        raise OfferOver
    if row.state not in {Settled.PROPOSED, Settled.ACCEPTED, Settled.BY_PHONE}:
        raise OfferOver
    try:
        own = {"commune_id": commune_id, "hold_key": row.hold_key, "version": version}
        return accept_move(session, **own, terms=terms, actor=actor, now=now)  # type: ignore[arg-type]
    except (HoldGone, HoldLapsed) as refusal:
        raise OfferOver from refusal


def settled_by_phone(session: Session, *, commune_id: int, appointment_id: int, actor: Actor, now: datetime) -> bool:
    """Somebody has rung and all is said: the visit stands as it is. ``False`` when nothing was open.

    Raises ``Unknown``.
    """
    in_commune(session, commune_id=commune_id, appointment_id=appointment_id)
    session.execute(select(Appointment.id).where(Appointment.id == appointment_id).with_for_update(key_share=True))
    done = settle(session, of([appointment_id]), VISITS.c.commune_id == commune_id, state=Settled.BY_PHONE, now=now)
    end_proposals(session, done)
    say_no_more(session, [appointment_id], now=now)
    for row in done:
        note(
            session,
            actor,
            commune_id=commune_id,
            subject="appointment",
            subject_id=row.appointment_id,
            act="settled_by_phone",
            now=now,
        )
    return bool(done)
