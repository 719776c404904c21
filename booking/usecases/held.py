"""What is held: a wish in one office, as a page of it is filled, with the visit that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, OwnTime
from booking.core.errors import OutOfDate, QuotaReached, SlotTaken
from booking.core.timespan import tick_of
from booking.models import Appointment, AppointmentLine, Commune, Office, Service
from booking.usecases.baskets import Basket, BasketLine
from booking.usecases.claims import counters_to_try
from booking.usecases.offers import free_days
from booking.usecases.quotas import full_days
from booking.usecases.steps import other_step


@dataclass(frozen=True)
class Held:
    """A wish for a basket in one office, at ``start`` (UTC).

    ``appointment`` is its hold, lapsed or not; ``None`` when there is none any more. ``minutes`` and ``day``
    (the office's own) are those of a visit that begins then; ``minutes`` raises ``TooManyPersons`` when a
    service has come to take fewer. ``following`` is the visit that belongs to it and comes later.
    """

    appointment: Appointment | None
    basket: Basket
    office: Office
    start: datetime
    following: Held | None = None

    @property
    def visits(self) -> tuple[Held, ...]:
        """All that is wished, in the order of time."""
        return (self, self.following) if self.following else (self,)

    @property
    def in_steps(self) -> bool:
        """Whether the two are the steps of one service, and not two counters one after the other."""
        return self.following is not None and self.basket.step is not None

    @property
    def chosen(self) -> datetime:
        """The start that was chosen last: the other one follows from it, or was chosen before."""
        return self.following.start if self.following and self.in_steps else self.start

    @property
    def whole(self) -> Basket:
        """Everything that is wished, as the start ``chosen`` last was chosen for it."""
        if self.following is None:
            return self.basket
        if self.in_steps:
            return replace(self.following.basket, other=self.basket.informed(self.start, self.office.zone))
        lines = {line.service: line for visit in self.visits for line in visit.basket.lines}
        return Basket(tuple(lines.values()), self.basket.lengthened, apart=True)

    @property
    def minutes(self) -> int:
        return self.basket.minutes

    @property
    def day(self) -> date:
        return self.start.astimezone(self.office.zone).date()

    @property
    def moves(self) -> bool:
        """Whether it is held to move an appointment, which nobody has to fill a form for."""
        return self.appointment is not None and self.appointment.replaces_id is not None

    def needing(self, minutes: int) -> Held:
        """The same wish for visits that a need lengthens by ``minutes``; what is held for it counts as free."""
        own = own_time(self.appointment, self.basket.service_ids) if self.appointment else None
        basket = replace(self.basket, lengthened=minutes, own=own)
        return replace(self, basket=basket, following=self.following and self.following.needing(minutes))

    def lasts(self, now: datetime) -> bool:
        """Whether the time is still kept for whoever holds it."""
        return self.seconds_left(now) > 0

    def seconds_left(self, now: datetime) -> float:
        """For how many seconds it still is; 0 when it is not."""
        until = self.appointment.held_until if self.appointment else None
        return max(0.0, (until - now).total_seconds()) if until else 0


def time_kept(session: Session, *, commune_id: int, appointment_id: int) -> OwnTime:
    """The time of a booked appointment, which it keeps at least until this unit ends. Raises ``OutOfDate``."""
    row = session.execute(
        select(Appointment)
        .where(
            Appointment.commune_id == commune_id,
            Appointment.id == appointment_id,
            Appointment.state == AppointmentState.BOOKED,
        )
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if row is None:
        raise OutOfDate
    return own_time(row, services_of(session, row))


def own_time(appointment: Appointment, service_ids: frozenset[int]) -> OwnTime:
    first, after = tick_of(appointment.start), tick_of(appointment.end)
    return OwnTime(appointment.counter_id, first, after, appointment.office_id, service_ids, appointment.local_date)


def services_of(session: Session, appointment: Appointment) -> frozenset[int]:
    """What a visit is for."""
    mine = (
        AppointmentLine.commune_id == appointment.commune_id,
        AppointmentLine.appointment_id == appointment.id,
    )
    return frozenset(session.scalars(select(AppointmentLine.service_id).where(*mine)))


def minutes_of(appointment: Appointment) -> int:
    """How long a visit is agreed to be."""
    return (appointment.over_at - appointment.start) // timedelta(minutes=1)


def check_free(session: Session, *, wished: Held, now: datetime) -> None:
    """Raises what ``hold`` would say of this wish now, whoever asks. Nothing is kept by it."""
    for visit in wished.visits:
        basket = visit.basket
        if full_days(session, services=basket.services, days=[visit.day], own=basket.own, now=now):
            raise QuotaReached
    if wished.whole.apart:
        free = free_days(session, office=wished.office, basket=wished.whole, first=wished.day, last=wished.day, now=now)
        if wished.start not in free.get(wished.day, ()):
            raise SlotTaken
        return
    for visit in wished.visits:
        counters_to_try(session, office=visit.office, basket=visit.basket, start=visit.start, now=now)


def held_by(session: Session, *, commune_id: int, hold_key: str | None) -> Held | None:
    """The hold with this key, lapsed or not, with its services and office; with what belongs to it, the earlier."""
    if not hold_key:
        return None
    # That of a hold which stands alone is null, and equal to nothing.
    together = select(Appointment.group_key).where(Appointment.hold_key == hold_key).scalar_subquery()
    found = session.execute(
        select(Appointment, AppointmentLine, Service, Office, Commune)
        .join(
            AppointmentLine,
            (AppointmentLine.commune_id == Appointment.commune_id) & (AppointmentLine.appointment_id == Appointment.id),
        )
        .join(Service, (Service.commune_id == AppointmentLine.commune_id) & (Service.id == AppointmentLine.service_id))
        .join(Office, (Office.commune_id == Appointment.commune_id) & (Office.id == Appointment.office_id))
        .join(Commune, Commune.id == Appointment.commune_id)
        .where(
            or_(Appointment.hold_key == hold_key, Appointment.group_key == together),
            Appointment.commune_id == commune_id,
            Appointment.state == AppointmentState.HELD,
        )
        .order_by(Appointment.start, Appointment.id, AppointmentLine.position)
    ).all()
    held: Held | None = None
    for _, rows in reversed([(one, list(rows)) for one, rows in groupby(found, lambda row: row.Appointment.id)]):
        appointment, office = rows[0].Appointment, rows[0].Office
        lines = tuple(BasketLine.kept(row.Service, row.AppointmentLine) for row in rows)
        basket = Basket(lines, rows[0].Commune.need_minutes.for_(appointment.needs or ()))
        if appointment.replaces_id:
            replaced = session.get_one(Appointment, appointment.replaces_id)
            other = other_step(session, commune_id=commune_id, appointment_id=replaced.id)
            own = own_time(replaced, services_of(session, replaced))
            basket = replace(basket.lasting(minutes_of(appointment)), own=own, other=other)
        held = Held(appointment, basket, office, appointment.start, following=held)
    # Of two that belong together one may be gone, when both have lapsed: what was wished is no longer known from here.
    is_whole = held and (held.following or not (held.appointment and held.appointment.group_key))
    return held if is_whole else None
