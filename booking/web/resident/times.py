"""Choosing where and when: the office, the month, the day, and the hold that follows."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from flask import Blueprint, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from booking.core.errors import BookingError, NotBookable, SlotTaken, TooManyHolds, Unknown
from booking.core.references import wish_key
from booking.core.roles import Role
from booking.core.timespan import wall_time
from booking.core.typed import typed_day, typed_number
from booking.database import read, write
from booking.models import Office, Service
from booking.usecases.baskets import Basket
from booking.usecases.catalogue import public_service
from booking.usecases.holds import Held, held_by, hold
from booking.usecases.offers import FreeDays, first_free_in_each, free_days, nearest, offices_for
from booking.web.answers import answer
from booking.web.formatting import as_sent
from booking.web.guard import open_to
from booking.web.resident.answers import line_for
from booking.web.resident.forms import StepForm
from booking.web.security import client

NEAR = 3
FIRST = 3


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/services/<service>/office", "office", choose_office)
    blueprint.add_url_rule("/services/<service>/times", "times", times)
    blueprint.add_url_rule("/services/<service>/hold", "hold", take, methods=["POST"])


@dataclass(frozen=True)
class Choice:
    """What is wished so far: a basket in one office."""

    basket: Basket
    office: Office
    offices: int = 1
    """How many offices there are to choose from."""

    @property
    def service(self) -> Service:
        return self.basket.main

    @property
    def persons(self) -> int:
        return self.basket.persons

    @property
    def minutes(self) -> int:
        return self.basket.minutes

    def at(self, start: datetime) -> Held:
        """The wish for this start, with nothing held."""
        return Held(None, self.basket, self.office, start)


def choice_of(code: str, values: dict[str, str]) -> Choice:
    """Read the wish from an address or a form; who says no number comes alone.

    Whoever has not answered the questions of the service is sent there. Raises ``Unknown``, ``NotBookable`` or
    ``TooManyPersons``.
    """
    service = public_service(read(), commune_id=g.commune.id, code=code)
    if not service.mode.is_bookable:
        raise NotBookable
    typed = values.get("persons", "")
    basket = Basket((line_for(service, (typed_number(typed) or 0) if typed else 1),))
    offices = offices_for(read(), commune_id=g.commune.id, basket=basket)
    if not offices:
        raise NotBookable
    named = values.get("office")
    office = next((office for office in offices if office.code == named), None) if named else offices[0]
    if office is None:
        raise Unknown
    basket.check_persons()
    return Choice(basket, office, len(offices))


@open_to(Role.RESIDENT)
def choose_office(service: str) -> ResponseReturnValue:
    """Where to: skipped when there is one office only."""
    found = public_service(read(), commune_id=g.commune.id, code=service)
    offices = offices_for(read(), commune_id=g.commune.id, basket=Basket((line_for(found, 1),)))
    if len(offices) == 1 or not found.mode.is_bookable:
        return redirect(url_for(".times", service=service, persons=request.args.get("persons")))
    starts = first_free_in_each(read(), offices=offices, services=[found], now=g.now).get(found.id, {})
    earliest = {office.id: starts.get(office) for office in offices}
    persons = typed_number(request.args.get("persons", ""))
    return render_template("resident/office.html", service=found, offices=offices, earliest=earliest, persons=persons)


@open_to(Role.RESIDENT)
def times(service: str) -> ResponseReturnValue:
    choice = choice_of(service, request.args.to_dict())
    return render_template("resident/times.html", **calendar_of(choice), choice=choice)


def calendar_of(choice: Choice) -> dict[str, object]:
    """A month of free times, the day chosen in it, and the next free start when the month has none."""
    zone, window = choice.office.zone, choice.basket.window
    first_day = window.earliest(g.now).astimezone(zone).date()
    last_day = window.latest(g.now).astimezone(zone).date()
    day = typed_day(request.args.get("day", ""))
    wished = typed_day(f"{request.args.get('month', '')}-01") or day
    month = month_within(wished or first_day, first_day, last_day)
    every = free_until(end_of(month), choice, first_day)
    # Only where the shown month has too few times for the first ones does the rest have to be read.
    if sum(map(len, every.values())) < FIRST:
        every = free_until(last_day, choice, first_day)
    soonest = next((starts[0] for starts in every.values() if starts), None)
    if soonest and not wished:
        month = soonest.astimezone(zone).date().replace(day=1)
    end = end_of(month)
    free = {one: starts for one, starts in every.items() if month <= one <= end}
    open_days = sorted(one for one in free if free[one])
    shown = day if day and day in free else (open_days[0] if open_days else None)
    following = end + timedelta(days=1)
    return {
        "month": month,
        "weeks": weeks_of(month, end, free),
        "previous": (month - timedelta(days=1)).replace(day=1) if month > first_day.replace(day=1) else None,
        "next": following if following <= last_day else None,
        "day": shown,
        "parts": parts_of_day(free.get(shown, []) if shown else [], choice.office),
        "first_day": first_day,
        "first_times": first_times(every, choice.office) if shows(free, soonest) else [],
        "soonest": soonest,
        "last_day": last_day,
        "has_free_days": bool(open_days),
    }


def month_within(day: date, first_day: date, last_day: date) -> date:
    """The first of a day's month, or of the nearest month that can be booked."""
    return min(max(day, first_day), last_day).replace(day=1)


def end_of(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def free_until(last: date, choice: Choice, first_day: date) -> FreeDays:
    return free_days(
        read(),
        office=choice.office,
        basket=choice.basket,
        first=first_day,
        last=last,
        now=g.now,
    )


def weeks_of(month: date, end: date, free: FreeDays) -> list[list[tuple[date | None, int | None]]]:
    """The month as weeks from Monday, each day with its number of free times: ``None`` where none can be taken yet,
    or any more. A day that is ``None`` pads the edges.
    """
    cells: list[tuple[date | None, int | None]] = [(None, None)] * month.weekday()
    for number in range(end.day):
        one = month + timedelta(days=number)
        cells.append((one, len(free[one]) if one in free else None))
    cells += [(None, None)] * (-len(cells) % 7)
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


def shows(free: FreeDays, start: datetime | None) -> bool:
    """Whether a start is among the shown ones."""
    return any(start in starts for starts in free.values())


def first_times(free: FreeDays, office: Office) -> list[datetime]:
    """The earliest starts of these days as wall times: what most people want, one press away."""
    starts = (start for day in sorted(free) for start in free[day])
    return [start.astimezone(office.zone) for start in islice(starts, FIRST)]


def parts_of_day(starts: list[datetime], office: Office) -> list[tuple[str, list[tuple[int, time]]]]:
    """The starts of a day, each as forms send it and as a wall time: in the morning, at midday, and so on."""
    bounds = (("morning", 0, 12), ("midday", 12, 14), ("afternoon", 14, 17), ("evening", 17, 24))
    walls = [(as_sent(start), wall_time(start, office.zone)) for start in starts]
    groups = [(name, [one for one in walls if low <= one[1].hour < high]) for name, low, high in bounds]
    return [(name, found) for name, found in groups if found]


def typed_start(text: str | None) -> datetime:
    """What ``as_sent`` wrote. Raises ``Unknown``."""
    minutes = typed_number(text or "")
    if minutes is None:
        raise Unknown
    return datetime.fromtimestamp(minutes * 60, UTC)


@open_to(Role.RESIDENT)
def take(service: str) -> ResponseReturnValue:
    """Hold the chosen time and go on to the details; a lost time offers its neighbours."""
    wished = choice_of(service, request.form.to_dict()).at(typed_start(request.form.get("start")))
    try:
        session["hold"] = hold_for(wished)
    except BookingError as refusal:
        return lost(refusal, wished)
    return redirect(url_for(".details"), 303)


def hold_for(wished: Held) -> str:
    """Hold a time for this browser, instead of the one it may hold already; gives the hold's key.

    A button pressed twice sends the same wish twice: the second finds the time held, by the first.
    """
    settings = current_app.extensions["settings"]
    key = key_of(wished)
    try:
        return write(
            hold,
            commune_id=g.commune.id,
            office_id=wished.office.id,
            lines=wished.basket.wished,
            start=wished.start,
            length=settings.hold,
            client=client(),
            per_client=settings.holds_per_client,
            key=key,
            instead_of=session.get("hold"),
            now=g.now,
        )
    except SlotTaken:
        held = held_by(read(), commune_id=g.commune.id, hold_key=key)
        if held is None or not held.lasts(g.now):
            raise
        return key


def key_of(wished: Held) -> str:
    """The key of a wish: the same as long as this browser knows of no other hold and no other appointment."""
    known = (session.get(name) or "" for name in ("csrf_token", "hold", "appointment"))
    lines = (f"{line.service_id}:{line.persons}:{line.told}" for line in wished.basket.wished)
    wish = (*lines, wished.office.id, int(wished.start.timestamp()))
    return wish_key(current_app.config["SECRET_KEY"], *known, *map(str, wish))


def lost(refusal: BookingError, wished: Held, **typed: object) -> ResponseReturnValue:
    """The page that says a time is not held: it offers that time again when it is free, and near ones.

    Who holds too many is offered none: each would be one more.
    """
    near: list[datetime] = []
    if not isinstance(refusal, TooManyHolds):
        near = nearest(
            read(),
            office=wished.office,
            basket=wished.basket,
            wished=wished.start,
            number=NEAR,
            now=g.now,
        )
    return answer(
        refusal,
        "resident/lost.html",
        held=wished,
        reason=type(refusal).__name__,
        is_free=wished.start in near,
        near=[moment.astimezone(wished.office.zone) for moment in near if moment != wished.start],
        **({"form": StepForm()} | typed),
    )
