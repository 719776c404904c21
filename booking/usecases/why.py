"""Why there is no time for a service on a day of an office, told of the same steps by which times are found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from booking.core.appointments import Step
from booking.core.availability import PUBLIC, STAFF, Limits, taken_masks, ticks_in
from booking.core.timespan import moment_of
from booking.core.why import ALWAYS, NEVER, Asking, TakenBy, Why, explain
from booking.models import Office, Service
from booking.usecases.baskets import Basket
from booking.usecases.moves_by_staff import to_come
from booking.usecases.offers import limits_of
from booking.usecases.paused import offered_from
from booking.usecases.quotas import full_days
from booking.usecases.schedules import schedule_of
from booking.usecases.taken import taken_apart


@dataclass(frozen=True)
class Explained:
    """What was asked, and why: ``minutes`` is the length of the visit, ``starts`` (UTC) are those that are free."""

    basket: Basket
    why: Why
    starts: tuple[datetime, ...]

    @property
    def minutes(self) -> int:
        return self.basket.minutes


def why_no_time(
    session: Session, *, office: Office, service: Service, persons: int, day: date, for_staff: bool, now: datetime
) -> Explained:
    """Why somebody finds no time, or which there are: a resident, or staff, who keep fewer rules.

    Of a service in steps it is the visit for the information, which is chosen first. Raises ``TooManyPersons``.
    """
    basket = Basket.of(service, persons)
    if service.in_steps:
        basket = basket.of_step(Step.INFORMATION)
    schedule = schedule_of(session, office)
    wish = Asking(schedule, day, service.id, basket.ticks, STAFF if for_staff else PUBLIC)
    limits = limits_on(session, office=office, basket=basket, day=day, for_staff=for_staff, now=now)
    first, after = schedule.ticks_of(day)
    whole = {"start": moment_of(first), "end": moment_of(after)}
    apart = taken_apart(session, office_ids=[office.id], **whole, now=now)
    taken = TakenBy(*(taken_masks(rows, schedule, [day])[day] for rows in apart))
    why = explain(wish, taken=taken, limits=limits)
    return Explained(basket, why, tuple(moment_of(tick) for tick in ticks_in(why.starts, first)))


def limits_on(session: Session, *, office: Office, basket: Basket, day: date, for_staff: bool, now: datetime) -> Limits:
    """Between which ticks one may begin; to staff every start to come is as good as another."""
    full = full_days(session, services=basket.services, days=[day], now=now)
    if for_staff:
        return Limits(to_come(now), ALWAYS, NEVER, NEVER, full)
    since = offered_from(session, offices=[office], service_ids=basket.service_ids, now=now)[office.id]
    return limits_of(basket.window, office, since=since, full=full, now=now)
