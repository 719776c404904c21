"""Freed times: each is kept for the first person in the list whom it fits, then for the next, then it is the public's.

Whoever frees a time offers it in the same unit: its claims pass from hand to hand, and nobody else ever sees it free.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import Channel, HoldKind
from booking.core.availability import taken_masks
from booking.core.errors import QuotaReached, SlotTaken
from booking.core.references import new_key
from booking.core.timespan import Span, local_date, moment_of
from booking.core.waiting import PASSING_ON, Candidate, OfferState, OfferTerms, Period, days_gained, share_out
from booking.models import Appointment, AppointmentLine, Commune, FreedTime, Offer, Service
from booking.models.messages import MessageKind
from booking.usecases.claims import claim_first, remove_lapsed, shared
from booking.usecases.held import own_time
from booking.usecases.holds import ADD_LINE, LINE, Term, add_held
from booking.usecases.messages import announce
from booking.usecases.quotas import take_places_of_quotas
from booking.usecases.resting import let_rest
from booking.usecases.schedules import schedule_of
from booking.usecases.statements import QUIETLY, insert_unless_taken
from booking.usecases.taken import rows_of
from booking.usecases.waiting_chances import Chance, Freed, candidates, chances


def offer_freed(
    session: Session,
    *,
    commune_id: int,
    office_id: int,
    counter_id: int,
    service_id: int,
    span: Span,
    terms: OfferTerms,
    by_person: bool = False,
    now: datetime,
) -> None:
    """A visit for ``service_id`` has just given its claims back: offer the time to the list, in this same unit.

    A time of a service without the list goes to the public: at once, or after it has rested when the person it belonged
    to gave it back (``by_person``).
    """
    service = session.get_one(Service, service_id)
    office = shared(session, commune_id=commune_id, office_id=office_id)
    if office is None or span.start <= now:
        return
    if not service.earlier_list:
        if by_person and service.freed_minutes:
            let_rest(session, office=office, counter_id=counter_id, service=service, span=span, now=now)
        return
    row = {"commune_id": commune_id, "office_id": office_id, "counter_id": counter_id, "service_id": service_id}
    times = {"start": span.start, "end": span.end, "freed_at": now}
    number = session.scalars(insert(FreedTime).values(**row, **times).returning(FreedTime.id)).one()
    offer(session, Freed(number, office, counter_id, span), terms=terms, now=now)


def freed_no_more(session: Session, *, appointment: Appointment, freed_at: datetime | None, now: datetime) -> None:
    """A visit that was cancelled at ``freed_at`` is booked again: its time was free for a moment only."""
    services = select(AppointmentLine.service_id).where(
        AppointmentLine.commune_id == appointment.commune_id, AppointmentLine.appointment_id == appointment.id
    )
    undone = update(FreedTime).where(
        FreedTime.commune_id == appointment.commune_id,
        FreedTime.service_id.in_(services),
        FreedTime.freed_at == freed_at,
        FreedTime.counter_id == appointment.counter_id,
        FreedTime.start == appointment.start,
    )
    session.execute(undone.values(undone_at=now), execution_options=QUIETLY)


def offer(session: Session, freed: Freed, *, terms: OfferTerms, now: datetime) -> None:
    """Offer free ticks to the first in the list whom they fit, and what is left of them to the next."""
    schedule, day = schedule_of(session, freed.office), freed.day
    first = schedule.ticks_of(day)[0]
    bits = sum(1 << tick - first for tick in freed.span.ticks())
    known = {one.entry.id: one for one in chances(session, freed, by_text=terms.by_text, now=now)}
    if not known:
        return
    masks = taken_masks(rows_of(session, [freed.office], schedule, [day], now), schedule, [day])
    taken = masks[day].get(freed.counter_id, 0)

    def offered(one: Candidate, place: int) -> bool:
        return offer_to(session, known[one.id], freed, moment_of(first + place), terms=terms, now=now)

    share_out(candidates(known.values(), freed, schedule, bits, terms, now), freed=bits, taken=taken, offer=offered)


def offer_to(session: Session, one: Chance, freed: Freed, start: datetime, *, terms: OfferTerms, now: datetime) -> bool:
    """Hold a time for somebody and write to them; ``False`` when they have had their offers of the day, or another now.

    Somebody else may have taken ticks beside the freed ones meanwhile: then nothing is kept of it.
    """
    period = one.period(start, freed.office, terms=terms, now=now)
    if period is None:
        return False
    with suppress(SlotTaken, QuotaReached), session.begin_nested():
        offer_id, key = write_offer(session, one, freed, period, start=start, terms=terms, now=now)
        if offer_id is None:
            return False
        keep(session, one, freed, start=start, key=key, until=period.until + PASSING_ON, now=now)
        told = {"commune_id": freed.office.commune_id, "waiting_entry_id": one.entry.id, "version": offer_id}
        announce(session, MessageKind.LIST_OFFER, **told, due_at=period.told_at, now=now)
        return True
    return False


def write_offer(
    session: Session,
    one: Chance,
    freed: Freed,
    period: Period,
    *,
    start: datetime,
    terms: OfferTerms,
    now: datetime,
) -> tuple[int | None, str]:
    """The row of an offer in the lowest free seat of the person's day, with the key of its hold; ``None`` without one.

    The seat is a column of the offer's own: it stays taken when the time has gone to somebody else.
    """
    key = new_key()
    row = {
        "commune_id": freed.office.commune_id,
        "entry_id": one.entry.id,
        "freed_time_id": freed.id,
        "service_id": one.entry.service_id,
        "state": OfferState.OPEN,
        "hold_key": key,
        "contact_key": one.contact_key,
        "day": local_date(period.told_at, freed.office.zone),
        "offered_at": now,
        "told_at": period.told_at,
        "until": period.until,
        "gained_days": days_gained(one.otherwise_on, local_date(start, freed.office.zone)),
    }
    seat = (Offer.commune_id == row["commune_id"], Offer.contact_key == row["contact_key"], Offer.day == row["day"])
    had = set(session.scalars(select(Offer.n).where(*seat)))
    for n in (n for n in range(1, terms.per_day + 1) if n not in had):
        offer_id: int | None = session.scalar(insert_unless_taken(session, Offer, "id"), row | {"n": n})
        if offer_id is not None:
            return offer_id, key
    return None, key


def keep(
    session: Session, one: Chance, freed: Freed, *, start: datetime, key: str, until: datetime, now: datetime
) -> None:
    """Claim the time for an offer. Raises ``SlotTaken`` or ``QuotaReached``."""
    office, minutes = freed.office, one.minutes
    end = start + timedelta(minutes=minutes)
    remove_lapsed(session, office_id=office.id, counters=[freed.counter_id], start=start, end=end, now=now)
    sender: str = session.scalars(select(Commune.sender_address).where(Commune.id == office.commune_id)).one()
    held_id = add_held(
        session,
        office=office,
        counter_id=freed.counter_id,
        start=start,
        minutes=minutes,
        buffer=one.buffer,
        term=Term(now, until),
        key=key,
        host=sender.rpartition("@")[2],
        channel=Channel.ONLINE,
        needs=one.entry.needs or frozenset(),
        kind=HoldKind.OFFER,
        replaces_id=one.appointment.id if one.appointment else None,
    )
    own: dict[str, Any] = {"commune_id": office.commune_id, "appointment_id": held_id}
    session.execute(ADD_LINE, [row | own for row in lines_for(session, one)])
    claim_first(session, **own, counters=[freed.counter_id], start=start, minutes=minutes)
    take_places_of_quotas(
        session,
        **own,
        services=one.basket.services,
        day=local_date(start, office.zone),
        own=own_time(one.appointment, one.basket.service_ids) if one.appointment else None,
        now=now,
    )


def lines_for(session: Session, one: Chance) -> Sequence[dict[str, Any]]:
    """The lines of the visit that is held: those of the appointment as they are, or what was wished."""
    if one.appointment is None:
        return list(one.basket.rows())
    mine = select(LINE).where(LINE.c.commune_id == one.entry.commune_id, LINE.c.appointment_id == one.appointment.id)
    rows = session.execute(mine.order_by(LINE.c.position)).mappings()
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]
