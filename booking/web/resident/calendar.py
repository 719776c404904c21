"""What the page of times shows: the first possibilities, a month with one of its days, or a list of days."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby, islice
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from booking.core.appointments import AppointmentState
from booking.core.preferences import PartOfDay, Preference, part_of
from booking.core.roles import Role
from booking.core.timespan import local_date, wall_time
from booking.core.typed import typed_day, typed_number
from booking.database import read
from booking.models import Appointment, Office
from booking.usecases.appointments import with_nonce
from booking.usecases.held import Held, held_by
from booking.usecases.offers import days_to_book
from booking.usecases.paused import pauses_of
from booking.usecases.possibilities import FreeTimes, Possibility, free_times, minutes_in, reasons_of
from booking.web.addresses import address_of
from booking.web.formatting import as_sent
from booking.web.guard import open_to
from booking.web.resident import moving
from booking.web.resident.needs import chosen_needs
from booking.web.resident.releases import coming_out
from booking.web.resident.times import Choice, choice_of

FIRST = 3
FAR = timedelta(days=14)
"""Whoever finds nothing for so long is shown the list for an earlier appointment at once."""
DAYS_OF_LIST = 7
TIMES_OF_LIST = 6
ONE_DAY = timedelta(days=1)
A_MONDAY = date(2024, 1, 1)
"""Any: days of the week have their names from dates."""

Times = list[tuple[int, time]]
"""Starts, each as forms send it and as a wall time."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/services/<service>/times", "times", times)
    blueprint.add_url_rule("/services/<service>/office", "office", choose_office)


@open_to(Role.RESIDENT)
def times(service: str) -> ResponseReturnValue:
    return render_template("resident/times.html", **calendar_of(choice_of(service, request.args)))


@open_to(Role.RESIDENT)
def choose_office(service: str) -> ResponseReturnValue:
    """Where one chose an office before the times: old links lead on to them."""
    return redirect(address_of(".times", {"service": service}, request.args.items(multi=True)), 301)


@dataclass(frozen=True)
class Cell:
    """A day of the month. ``number`` is how many times are free: ``None`` where none can be taken yet, or any more."""

    day: date
    number: int | None
    is_open: bool


def preference_of(values: Mapping[str, str]) -> Preference:
    """The preference an address carries; what cannot be one is none."""
    part, weekday = values.get("part", ""), typed_number(values.get("weekday", ""))
    return Preference(
        PartOfDay(part) if part in set(PartOfDay) else None, weekday if weekday is not None and weekday < 7 else None
    )


def calendar_of(choice: Choice) -> dict[str, object]:
    """What the page shows of a wish. It reads a month of visits, and the rest only where that tells too little."""
    preference, offices = preference_of(request.args), choice.wanted
    is_list = request.args.get("view") == "list"
    # The other of two steps may leave this one no day at all.
    days = sorted({day for office in offices for day in days_to_book(choice.basket, office, g.now)}) or [today()]
    first_day, last_day = days[0], days[-1]
    day, since = typed_day(request.args.get("day", "")), typed_day(request.args.get("from", ""))
    wished = typed_day(f"{request.args.get('month', '')}-01") or day
    month = month_within(wished or first_day, first_day, last_day)

    free = free_until(choice, None if is_list else end_of(month))
    first = free.first(FIRST, offices=offices, preference=preference)
    if len(first) < FIRST and not is_list:
        free = free_until(choice, None)
        first = free.first(FIRST, offices=offices, preference=preference)
    soonest = first[0] if first else None
    moved = moving.moved_by(choice.basket)
    services = [one.id for one in choice.basket.services]
    found: dict[str, object] = {
        "choice": choice,
        "minutes": minutes_in(read(), offices=choice.wanted, basket=choice.basket),
        "moved": moved,
        "same_day": None if moved else same_day(first_day, last_day),
        "holding": held_now(),
        "paused": pauses_of(read(), offices=offices, service_ids=services, now=g.now) if g.has_pauses else [],
        "coming_out": coming_out(choice.basket, choice.office, g.now),
        "chosen_needs": chosen_needs(),
        "needs_address": address_of(".needs", {"service": choice.service.code}, request.args.items(multi=True)),
        "before_file": ends_before_file(choice, last_day),
        "first_day": first_day,
        "last_day": last_day,
        "soonest": soonest,
        "is_far": soonest is not None and soonest.wall.date() - first_day >= FAR,
        "preference": preference,
        "view": "list" if is_list else "month",
        "elsewhere": earlier_elsewhere(free, choice, preference, soonest),
        "without_preference": free.first(1, offices=offices) if preference and not first else [],
        "parts": free.parts(offices),
        "weekdays": [(weekday, A_MONDAY + timedelta(days=weekday)) for weekday in free.weekdays(offices)],
    }
    if is_list:
        shown = list_of(free, offices, preference, since or first_day)
        return found | shown | {"first_times": first if since is None else []}
    if soonest and not wished:
        month = soonest.wall.date().replace(day=1)
    shown = month_of(free, offices, preference, month, day if day and first_day <= day <= last_day else None)
    following = end_of(month) + ONE_DAY
    return (
        found
        | shown
        | {
            "first_times": first if soonest and month <= soonest.wall.date() < following else [],
            "previous": (month - ONE_DAY).replace(day=1) if month > first_day.replace(day=1) else None,
            "next": following if following <= last_day else None,
        }
    )


def ends_before_file(choice: Choice, last_day: date) -> bool:
    """Whether it is the file, at its own time already, that lets the times for the information end on a day."""
    other = choice.basket.other
    return other is not None and other.over_by is not None and local_date(other.over_by, other.zone) <= last_day


def today() -> date:
    return local_date(g.now, g.commune.zone)


def free_until(choice: Choice, last: date | None) -> FreeTimes:
    return free_times(read(), offices=choice.offices, basket=choice.basket, last=last, now=g.now)


def held_now() -> Held | None:
    """The time this browser holds while it looks at others."""
    held = held_by(read(), commune_id=g.commune.id, hold_key=session.get("hold"))
    return held if held and held.lasts(g.now) else None


def same_day(first_day: date, last_day: date) -> Appointment | None:
    """The visit this browser knows, when it is on a day that can be booked: who comes once may do both."""
    known = with_nonce(read(), commune_id=g.commune.id, nonce=session.get("appointment", ""))
    is_to_come = known and known.state == AppointmentState.BOOKED and first_day <= known.local_date <= last_day
    return known if is_to_come else None


def earlier_elsewhere(
    free: FreeTimes, choice: Choice, preference: Preference, soonest: Possibility | None
) -> Possibility | None:
    """The first possibility in another office, when that is on an earlier day than any in the chosen one."""
    others = [office for office in choice.offices if office not in choice.wanted]
    first = free.first(1, offices=others, preference=preference)
    if first and (soonest is None or first[0].wall.date() < soonest.wall.date()):
        return first[0]
    return None


def month_within(day: date, first_day: date, last_day: date) -> date:
    """The first of a day's month, or of the nearest month that can be booked."""
    return min(max(day, first_day), last_day).replace(day=1)


def end_of(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def month_of(
    free: FreeTimes, offices: Sequence[Office], preference: Preference, month: date, day: date | None
) -> dict[str, Any]:
    """A month as weeks from Monday, ``None`` before its first day and after its last; and a day in it."""
    bookable = set(free.days(offices))
    starts = {
        one: free.on(one, offices=offices, preference=preference)
        for one in (month + timedelta(days=number) for number in range(end_of(month).day))
        if one in bookable
    }
    open_days = [one for one, found in starts.items() if found]
    shown = day or (open_days[0] if open_days else None)
    return {
        "month": month,
        "weeks": weeks_of(
            [
                Cell(one, number_of(starts[one]) if one in starts else None, free.is_open(one, offices))
                for one in (month + timedelta(days=number) for number in range(end_of(month).day))
            ]
        ),
        "has_free_days": bool(open_days),
        "number": sum(map(number_of, starts.values())),
        "day": shown,
        "day_is_open": shown is not None and free.is_open(shown, offices),
        "reasons": reasons_of(read(), free.closures(shown, offices)) if shown and shown not in open_days else [],
        "places": [(office, parts_of_day(found, office)) for office, found in starts.get(shown, {}).items()]
        if shown
        else [],
        "next_day": next((one for one in open_days if shown and one > shown), None),
    }


def weeks_of(cells: Sequence[Cell]) -> list[list[Cell | None]]:
    padded = [*[None] * cells[0].day.weekday(), *cells]
    padded += [None] * (-len(padded) % 7)
    return [padded[start : start + 7] for start in range(0, len(padded), 7)]


def number_of(starts: Mapping[Office, Sequence[datetime]]) -> int:
    return sum(map(len, starts.values()))


def list_of(free: FreeTimes, offices: Sequence[Office], preference: Preference, since: date) -> dict[str, Any]:
    """The next days with free times, each with its first ones, and where the list goes on."""
    every = (
        (day, starts)
        for day in free.days(offices)
        if day >= since and (starts := free.on(day, offices=offices, preference=preference))
    )
    days = list(islice(every, DAYS_OF_LIST))
    return {
        "since": since,
        "days": [
            (
                day,
                number_of(starts),
                [
                    (office, times_at(some[:TIMES_OF_LIST], office), len(some) > TIMES_OF_LIST)
                    for office, some in starts.items()
                ],
            )
            for day, starts in days
        ],
        "has_free_days": bool(days),
        "number": sum(number_of(starts) for _, starts in days),
        "following": next((day for day, _ in every), None),
    }


def times_at(starts: Sequence[datetime], office: Office) -> Times:
    return [(as_sent(start), wall_time(start, office.zone)) for start in starts]


def parts_of_day(starts: Sequence[datetime], office: Office) -> list[tuple[PartOfDay, Times]]:
    """The starts of a day by its parts: in the morning, at midday, and so on."""
    return [(part, list(walls)) for part, walls in groupby(times_at(starts, office), key=lambda one: part_of(one[1]))]
