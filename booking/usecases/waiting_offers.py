"""Freed times: each is kept for the first person in the list whom it fits, then for the next, then it is the public's.

Whoever frees a time offers it in the same unit: its claims pass from hand to hand, and nobody else ever sees it free.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, insert, or_, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, Channel, HoldKind
from booking.core.availability import taken_masks
from booking.core.errors import BookingError, SlotTaken
from booking.core.references import digest, new_key
from booking.core.schedules import Schedule
from booking.core.timespan import Span, local_date, moment_of, ticks_for, wall_clock
from booking.core.waiting import (
    PASSING_ON,
    Candidate,
    OfferState,
    OfferTerms,
    Period,
    WaitingState,
    days_gained,
    places,
    reaching,
    share_out,
)
from booking.models import Appointment, Commune, FreedTime, Offer, Office, Service, WaitingOffice
from booking.models import WaitingEntry as Entry
from booking.models.messages import MessageKind
from booking.usecases.baskets import Basket
from booking.usecases.claims import SHARE, claim_first, remove_lapsed
from booking.usecases.holds import ADD_LINE, LINE, Term, add_held
from booking.usecases.messages import announce
from booking.usecases.offers import rows_of
from booking.usecases.schedules import schedule_of
from booking.usecases.statements import insert_unless_taken
from booking.usecases.waiting_list import baskets_of, has_list, wishes_of


@dataclass(frozen=True)
class Freed:
    """Ticks of a counter that nobody has any more, and the row that counts them."""

    id: int
    office: Office
    counter_id: int
    span: Span

    @property
    def day(self) -> date:
        return local_date(self.span.start, self.office.zone)


@dataclass(frozen=True)
class Chance:
    """Somebody in the list, as far as a freed time asks about them; ``appointment`` is the one to be earlier."""

    entry: Entry
    basket: Basket
    appointment: Appointment | None

    @property
    def minutes(self) -> int:
        """As long as the visit that is to be earlier; else as long as what was wished takes today."""
        if self.appointment is None:
            return self.basket.minutes
        return Span(self.appointment.start, self.appointment.end).minutes

    @property
    def otherwise_on(self) -> date:
        return self.entry.otherwise_on if self.appointment is None else self.appointment.local_date

    @property
    def contact_key(self) -> str:
        """Under what name their offers of a day are counted: that of the contact, or their own when none is known."""
        known = self.entry.contact_key if self.appointment is None else self.appointment.contact_key
        return known or digest("waiting", str(self.entry.id))

    def latest_answer(self, start: datetime) -> datetime:
        """Until when a visit at ``start`` can be taken: the notice of both visits holds."""
        latest = start - self.basket.window.notice
        if self.appointment is None:
            return latest
        notice = timedelta(minutes=max(service.cancel_notice_minutes for service in self.basket.services))
        return min(latest, self.appointment.start - notice)

    def period(self, start: datetime, office: Office, *, terms: OfferTerms, now: datetime) -> Period | None:
        """When they would be told of ``start`` and until when they may answer; ``None`` when it is nothing for them."""
        window, wishes = self.basket.window, wishes_of(self.entry)
        sooner = self.appointment is None or start < self.appointment.start
        bookable = window.earliest(now) <= start <= window.latest(now)
        if not (sooner and bookable and wishes.allow(wall_clock(start, office.zone))):
            return None
        return terms.period(start=start, latest=self.latest_answer(start), zone=office.zone, now=now)


def offer_freed(
    session: Session,
    *,
    commune_id: int,
    office_id: int,
    counter_id: int,
    service_id: int,
    span: Span,
    terms: OfferTerms,
    now: datetime,
) -> None:
    """A visit for ``service_id`` has just given its claims back: offer the time to the list, in this same unit.

    A time of a service without the list goes to the public at once.
    """
    service = session.get_one(Service, service_id)
    office = shared(session, commune_id=commune_id, office_id=office_id)
    if office is None or not service.earlier_list or span.start <= now:
        return
    row = {"commune_id": commune_id, "office_id": office_id, "counter_id": counter_id, "service_id": service_id}
    times = {"start": span.start, "end": span.end, "freed_at": now}
    number = session.scalars(insert(FreedTime).values(**row, **times).returning(FreedTime.id)).one()
    offer(session, Freed(number, office, counter_id, span), terms=terms, now=now)


def shared(session: Session, *, commune_id: int, office_id: int) -> Office | None:
    """The office with a share of its row, so that its hours stay as they are; ``None`` when it is no longer used."""
    return session.scalars(SHARE, {"of_commune": commune_id, "of_office": office_id}).one_or_none()


def offer(session: Session, freed: Freed, *, terms: OfferTerms, now: datetime) -> None:
    """Offer free ticks to the first in the list whom they fit, and what is left of them to the next."""
    schedule, day = schedule_of(session, freed.office), freed.day
    first = schedule.ticks_of(day)[0]
    bits = sum(1 << tick - first for tick in freed.span.ticks())
    known = {one.entry.id: one for one in chances(session, freed)}
    if not known:
        return
    masks = taken_masks(rows_of(session, [freed.office], schedule, [day], now), schedule, [day])
    taken = masks[day].get(freed.counter_id, 0)

    def offered(one: Candidate, place: int) -> bool:
        return offer_to(session, known[one.id], freed, moment_of(first + place), terms=terms, now=now)

    share_out(candidates(known.values(), freed, schedule, bits, terms, now), freed=bits, taken=taken, offer=offered)


def candidates(
    known: Any, freed: Freed, schedule: Schedule, bits: int, terms: OfferTerms, now: datetime
) -> Iterator[Candidate]:
    """Who of those in the list could begin where, in their order."""
    first = schedule.ticks_of(freed.day)[0]
    for one in known:
        plan = dict(schedule.plans_for(freed.day, one.basket.wanted)).get(freed.counter_id)
        ticks = ticks_of(one)
        if plan is None or not ticks:
            continue
        starts = 0
        for place in places(plan.grid & reaching(bits, ticks)):
            if one.period(moment_of(first + place), freed.office, terms=terms, now=now):
                starts |= 1 << place
        yield Candidate(one.entry.id, plan.open, starts, ticks)


def ticks_of(one: Chance) -> int:
    """How many ticks somebody's visit takes; none when the service has come to take fewer persons."""
    try:
        return ticks_for(one.minutes)
    except BookingError:
        return 0


def chances(session: Session, freed: Freed) -> list[Chance]:
    """Whom in the list a time could be for, in their order: they have nothing to answer, and never had this one."""
    at_office = exists().where(WaitingOffice.entry_id == Entry.id)
    answered = exists().where(
        Offer.entry_id == Entry.id, or_(Offer.state == OfferState.OPEN, Offer.freed_time_id == freed.id)
    )
    rows = session.execute(
        select(Entry, Appointment)
        .outerjoin(Appointment, (Appointment.commune_id == Entry.commune_id) & (Appointment.id == Entry.appointment_id))
        .where(
            Entry.commune_id == freed.office.commune_id,
            Entry.state == WaitingState.LIVE,
            Entry.first_day <= freed.day,
            Entry.last_day >= freed.day,
            Entry.weekdays.bitwise_and(1 << freed.day.weekday()) > 0,
            or_(
                Entry.appointment_id.is_(None),
                and_(
                    Appointment.state == AppointmentState.BOOKED,
                    Appointment.email.is_not(None),
                    Appointment.start > freed.span.start,
                ),
            ),
            or_(~at_office, at_office.where(WaitingOffice.office_id == freed.office.id)),
            ~answered,
        )
        .order_by(Entry.proved_at, Entry.id)
        .execution_options(populate_existing=True)
    ).all()
    baskets = baskets_of(session, [row.WaitingEntry for row in rows])
    found = [
        Chance(row.WaitingEntry, baskets[row.WaitingEntry.id], row.Appointment)
        for row in rows
        if row.WaitingEntry.id in baskets
    ]
    return [one for one in found if has_list(one.basket.services)]


def offer_to(session: Session, one: Chance, freed: Freed, start: datetime, *, terms: OfferTerms, now: datetime) -> bool:
    """Hold a time for somebody and write to them; ``False`` when they have had their offers of the day, or another now.

    Somebody else may have taken ticks beside the freed ones meanwhile: then nothing is kept of it.
    """
    period = one.period(start, freed.office, terms=terms, now=now)
    if period is None:
        return False
    with suppress(SlotTaken), session.begin_nested():
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
    """Claim the time for an offer. Raises ``SlotTaken``."""
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
        term=Term(now, until),
        key=key,
        host=sender.rpartition("@")[2],
        channel=Channel.ONLINE,
        kind=HoldKind.OFFER,
        replaces_id=one.appointment.id if one.appointment else None,
    )
    own = {"commune_id": office.commune_id, "appointment_id": held_id}
    session.execute(ADD_LINE, [row | own for row in lines_for(session, one)])
    visit = {"start": start, "minutes": minutes}
    claim_first(session, **own, counters=[freed.counter_id], **visit)  # type: ignore[arg-type]


def lines_for(session: Session, one: Chance) -> Sequence[dict[str, Any]]:
    """The lines of the visit that is held: those of the appointment as they are, or what was wished."""
    if one.appointment is None:
        return list(one.basket.rows())
    mine = select(LINE).where(LINE.c.commune_id == one.entry.commune_id, LINE.c.appointment_id == one.appointment.id)
    rows = session.execute(mine.order_by(LINE.c.position)).mappings()
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]
