"""Whom in the list a freed time could be for, and from when until when they may answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import BookingError
from booking.core.references import digest
from booking.core.schedules import Schedule
from booking.core.steps import OtherStep
from booking.core.timespan import Span, local_date, moment_of, ticks_for, wall_clock
from booking.core.waiting import Candidate, OfferState, OfferTerms, Period, WaitingState, places, reaching
from booking.models import Appointment, Offer, Office, WaitingOffice
from booking.models import WaitingEntry as Entry
from booking.usecases.baskets import Basket
from booking.usecases.paused import paused_in
from booking.usecases.steps import other_step
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
    """Somebody in the list, as far as a freed time asks about them; ``appointment`` is the one to be earlier.

    When that is one of two steps, ``other`` is the other one.
    """

    entry: Entry
    basket: Basket
    appointment: Appointment | None
    other: OtherStep | None = None

    @property
    def minutes(self) -> int:
        """As long as the visit that is to be earlier takes its counter; else as long as what was wished does today."""
        if self.appointment is None:
            return self.basket.minutes + self.basket.buffer
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

    @property
    def buffer(self) -> int:
        """Those of the minutes for which the counter stays free afterwards."""
        return self.basket.buffer if self.appointment is None else self.appointment.buffer_minutes

    def in_order(self, start: datetime) -> bool:
        """Whether a visit at ``start`` leaves the order of two steps as it is."""
        return self.other is None or self.other.allows(Span(start, start + timedelta(minutes=self.minutes)))

    def period(self, start: datetime, office: Office, *, terms: OfferTerms, now: datetime) -> Period | None:
        """When they would be told of ``start`` and until when they may answer; ``None`` when it is nothing for them."""
        window, wishes = self.basket.window, wishes_of(self.entry)
        sooner = self.appointment is None or start < self.appointment.start
        closed_from = window.closed_from(now, office.zone)
        is_out = closed_from is None or local_date(start, office.zone) < closed_from
        bookable = is_out and window.earliest(now) <= start <= window.latest(now)
        if not (sooner and bookable and self.in_order(start) and wishes.allow(wall_clock(start, office.zone))):
            return None
        return terms.period(start=start, latest=self.latest_answer(start), zone=office.zone, now=now)


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
        yield Candidate(one.entry.id, plan.public, starts, ticks)


def ticks_of(one: Chance) -> int:
    """How many ticks somebody's visit takes; none when the service has come to take fewer persons."""
    try:
        return ticks_for(one.minutes)
    except BookingError:
        return 0


def chances(session: Session, freed: Freed, *, by_text: bool, now: datetime) -> list[Chance]:
    """Whom in the list a time could be for, in their order: they have nothing to answer, and never had this one.

    A time of today is for nobody whose service pauses at its office.
    """
    own = [Appointment.email, Appointment.helper_email, *([Appointment.phone, Appointment.helper_phone] * by_text)]
    alone = [Entry.email, *([Entry.phone] * by_text)]
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
                and_(Entry.appointment_id.is_(None), or_(*(one.is_not(None) for one in alone))),
                and_(
                    Appointment.state == AppointmentState.BOOKED,
                    or_(*(one.is_not(None) for one in own)),
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
    is_today = freed.day == local_date(now, freed.office.zone)
    paused = paused_in(session, office=freed.office, now=now) if rows and is_today else frozenset[int]()
    return [
        Chance(row.WaitingEntry, basket, row.Appointment, step_beside(session, row.Appointment))
        for row in rows
        if (basket := baskets.get(row.WaitingEntry.id)) and has_list(basket.lines)
        if paused.isdisjoint(service.id for service in basket.services)
    ]


def step_beside(session: Session, appointment: Appointment | None) -> OtherStep | None:
    if appointment is None or appointment.group_key is None:
        return None
    return other_step(session, commune_id=appointment.commune_id, appointment_id=appointment.id)
