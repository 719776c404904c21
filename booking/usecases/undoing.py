"""Taking back a cancellation, for a quarter of an hour, while the time is still free.

Whatever one act has cancelled comes back together, or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import (
    CANCELLED_FOR_UNDOING,
    OCCUPYING,
    AppointmentState,
    Channel,
    HoldKind,
    has_begun,
)
from booking.core.contacts import contact_keys
from booking.core.errors import OfferedMeanwhile, OneTimeGone, OutOfDate, OutsideHours, SlotTaken, TooLateToUndo
from booking.core.timespan import Span, wall_time
from booking.models import Appointment, Office
from booking.models.messages import MessageKind
from booking.usecases.claims import claim_first, counters_to_try, given_to, office_shared, remove_lapsed
from booking.usecases.groups import (
    booked_after,
    contact_of,
    give_places_back,
    offices_together,
    others_of,
    take_together,
)
from booking.usecases.held import minutes_of
from booking.usecases.journal import Actor, note
from booking.usecases.limits import MOST_HELPED, take_seats_of_contact
from booking.usecases.messages import announce
from booking.usecases.moves import basket_of, in_commune
from booking.usecases.paused import check_offered
from booking.usecases.quotas import take_places_of_quotas
from booking.usecases.rebooked import settle_restored
from booking.usecases.reminders import schedule_reminders
from booking.usecases.resting import rest_no_more
from booking.usecases.statements import QUIETLY
from booking.usecases.steps import check_order
from booking.usecases.waiting import give_place_back
from booking.usecases.waiting_offers import freed_no_more


def may_be_undone(appointment: Appointment, now: datetime) -> bool:
    """Whether the person has cancelled a moment ago, and the visit is still to come."""
    return (
        appointment.state == AppointmentState.CANCELLED
        and appointment.cancel_reason is None
        and appointment.cancelled_at is not None
        and now < appointment.cancelled_at + CANCELLED_FOR_UNDOING
        and not has_begun(appointment.start, now)
    )


def until_undone(appointment: Appointment) -> datetime:
    """When the cancellation is for good. Only for what was cancelled."""
    return (appointment.cancelled_at or appointment.start) + CANCELLED_FOR_UNDOING


def cancelled_with(session: Session, *, appointment: Appointment) -> list[Appointment]:
    """What belongs to a cancelled appointment and was cancelled by the same act, as long as both have one contact."""
    if appointment.state != AppointmentState.CANCELLED:
        return []
    others = others_of(session, commune_id=appointment.commune_id, appointment_id=appointment.id)
    same = (one for one in others if contact_of(one) == contact_of(appointment))
    return [
        one for one in same if one.state == AppointmentState.CANCELLED and one.cancelled_at == appointment.cancelled_at
    ]


def undo_cancellation(
    session: Session,
    *,
    commune_id: int,
    appointment_id: int,
    version: int,
    per_contact: int,
    per_helper: int = MOST_HELPED,
    actor: Actor,
    now: datetime,
) -> bool:
    """Book a cancelled appointment again at its time, with all that was cancelled by the same act, and say so by mail.

    ``False`` when that was done before. A visit may come to stand at another counter. What the cancellation took away
    beside the time comes back as it was: the place in the list for an earlier one. Nothing counts as freed by it.
    Raises ``TooLateToUndo``, ``OutOfDate``, ``SlotTaken`` or ``OutsideHours`` (the time is gone), ``OfferedMeanwhile``
    (it is kept for somebody in the list), ``OneTimeGone`` (one of two is gone, and neither comes back), ``PausedNow``,
    ``QuotaReached``, ``StepsOutOfOrder``, ``NotBookable``, ``AlreadyBooked`` or ``TooManyAppointments``.
    """
    own = {"commune_id": commune_id, "appointment_id": appointment_id}
    offices = {
        number: office_shared(session, commune_id=commune_id, office_id=number)
        for number in offices_together(session, **own)
    }
    take_together(session, **own)
    before = in_commune(session, **own)
    if before.state == AppointmentState.BOOKED and before.version == version + 1:
        return False
    cancelled_at, for_good = before.cancelled_at, until_undone(before)
    visits = sorted([before, *cancelled_with(session, appointment=before)], key=lambda visit: visit.id)
    versions = booked_again(session, before, visits, version=version, now=now)
    if any(has_begun(visit.start, now) for visit in visits):
        raise TooLateToUndo
    for visit in visits:
        give_place_back(session, commune_id=commune_id, appointment_id=visit.id, ended_at=cancelled_at)
        freed_no_more(session, appointment=visit, freed_at=cancelled_at, now=now)
        rest_no_more(session, appointment=visit, freed_at=cancelled_at)
    gone: list[tuple[Appointment, SlotTaken | OutsideHours]] = []
    for visit in visits:
        check_order(session, commune_id=commune_id, appointment_id=visit.id, span=Span(visit.start, visit.end))
        try:
            take_again(session, office=offices[visit.office_id], appointment=visit, now=now)
        except (SlotTaken, OutsideHours) as refusal:
            gone.append((visit, refusal))
    if gone:
        if all(isinstance(why, SlotTaken) and is_offered_to_somebody(session, visit, now=now) for visit, why in gone):
            raise OfferedMeanwhile(until=wall_time(for_good, offices[before.office_id].zone)) from gone[0][1]
        if len(visits) > 1:
            raise OneTimeGone from gone[0][1]
        raise gone[0][1]
    for visit in visits:
        limits = {"per_contact": per_contact, "per_helper": per_helper}
        complete(session, visit, version=versions[visit.id], **limits, actor=actor, now=now)
    settle_restored(session, list(versions), cancelled_at=cancelled_at, now=now)
    schedule_reminders(session, commune_id=commune_id, appointment_ids=list(versions), now=now)
    return True


def booked_again(
    session: Session, before: Appointment, visits: Sequence[Appointment], *, version: int, now: datetime
) -> dict[int, int]:
    """Let all of these count as booked, in one statement, and give their versions.

    Raises ``TooLateToUndo`` or ``OutOfDate``.
    """
    others = [visit.id for visit in visits if visit.id != before.id]
    rows = session.execute(
        update(Appointment)
        .where(
            Appointment.commune_id == before.commune_id,
            or_(and_(Appointment.id == before.id, Appointment.version == version), Appointment.id.in_(others)),
            Appointment.state == AppointmentState.CANCELLED,
            Appointment.cancel_reason.is_(None),
            Appointment.cancelled_at == before.cancelled_at,
            Appointment.cancelled_at > now - CANCELLED_FOR_UNDOING,
        )
        .values(
            state=AppointmentState.BOOKED,
            cancelled_at=None,
            why_cancelled=None,
            changed_at=now,
            sequence=Appointment.sequence + 1,
            version=Appointment.version + 1,
        )
        .returning(Appointment.id, Appointment.version),
        execution_options=QUIETLY,
    ).all()
    if len(rows) < len(visits):
        raise TooLateToUndo if before.version == version and before.state == AppointmentState.CANCELLED else OutOfDate
    return {row.id: row.version for row in rows}


def is_offered_to_somebody(session: Session, visit: Appointment, *, now: datetime) -> bool:
    """Whether a visit's time at its counter is kept for somebody in the list for an earlier appointment, and nothing
    else stands in its way there.
    """
    is_held = Appointment.state == AppointmentState.HELD
    in_its_way = select(is_held & (Appointment.hold_kind == HoldKind.OFFER)).where(
        Appointment.commune_id == visit.commune_id,
        Appointment.office_id == visit.office_id,
        Appointment.counter_id == visit.counter_id,
        Appointment.id != visit.id,
        or_(Appointment.state.in_(OCCUPYING), is_held & (Appointment.held_until > now)),
        Appointment.start < visit.end,
        Appointment.end > visit.start,
    )
    return set(session.scalars(in_its_way)) == {True}


def take_again(session: Session, *, office: Office, appointment: Appointment, now: datetime) -> None:
    """Claim the time of an appointment anew: at its own counter, else at another that has it free."""
    # The visit counts as booked again already: without its own row the time is free if nobody else has it.
    basket, minutes, start = basket_of(session, appointment=appointment), minutes_of(appointment), appointment.start
    basket = replace(basket, lengthened=basket.lengthened + minutes - basket.minutes)
    check_offered(session, office=office, service_ids=basket.service_ids, start=start, now=now)
    asked = given_to(session, office=office, basket=basket, appointment=appointment)
    wish = {"office": office, "basket": basket, "start": start, "now": now}
    counters = counters_to_try(session, **wish, in_window=False, asked=asked)  # type: ignore[arg-type]
    counters.sort(key=lambda counter_id: counter_id != appointment.counter_id)
    remove_lapsed(session, office_id=office.id, counters=counters, start=start, end=appointment.end, now=now)
    at_first = update(Appointment).where(Appointment.id == appointment.id).values(counter_id=counters[0])
    session.execute(at_first, execution_options=QUIETLY)
    claim_first(
        session,
        commune_id=office.commune_id,
        appointment_id=appointment.id,
        counters=counters,
        start=start,
        minutes=minutes + appointment.buffer_minutes,
    )
    take_places_of_quotas(
        session,
        services=basket.services,
        day=appointment.local_date,
        commune_id=office.commune_id,
        appointment_id=appointment.id,
        now=now,
    )


def complete(
    session: Session,
    before: Appointment,
    *,
    version: int,
    per_contact: int,
    per_helper: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Whatever else a visit has again with its time: its places under the limits, and a letter that says so."""
    own = {"commune_id": before.commune_id, "appointment_id": before.id}
    if before.channel == Channel.ONLINE:
        give_places_back(session, **own)
        take_seats_of_contact(
            session,
            **own,
            name=before.name or "",
            contacts=contact_keys(before.email, before.phone),
            per_contact=per_contact,
            helpers=contact_keys(before.helper_email, before.helper_phone),
            per_helper=per_helper,
            beside=booked_after(session, **own),
            now=now,
        )
    note(
        session,
        actor,
        commune_id=before.commune_id,
        act="restored",
        subject="appointment",
        subject_id=before.id,
        fields=("state",),
        now=now,
    )
    if before.email or before.helper_email:
        announce(
            session,
            MessageKind.RESTORED,
            commune_id=before.commune_id,
            appointment_id=before.id,
            version=version,
            now=now,
        )
