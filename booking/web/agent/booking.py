"""Booking for somebody by keyboard alone: the service by typing, then the first free times, then who it is for."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from booking.core.appointments import Step
from booking.core.errors import BookingError, NoService, NotBookable
from booking.core.references import new_key
from booking.core.roles import Role
from booking.core.text import clean
from booking.core.typed import typed_day_near
from booking.database import read
from booking.models import Office, Service
from booking.usecases.catalogue import public_services
from booking.usecases.extra_times import extra_times
from booking.usecases.search import ranked
from booking.usecases.times_by_staff import FreeDay, first_free_days
from booking.web.agent.agenda import LATEST
from booking.web.agent.booking_wish import PhoneWish, channel_of, wish_of
from booking.web.agent.desk import may_overbook
from booking.web.agent.moves import Times, pausing, shown_at
from booking.web.answers import answer
from booking.web.guard import open_to
from booking.web.resident.baskets import REFUSED, Typed
from booking.web.resident.together import addable

DAYS = 4
MOST_IN_DAY = 12


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/book", "book", book, methods=["GET", "POST"])


@open_to(Role.RECEPTIONIST)
def book() -> ResponseReturnValue:
    """The search, and below it the free times of the services that are chosen.

    What is wished stands in the address; answers and needs never do, so they are sent.
    """
    typed, query, found = Typed(request.values), clean(request.values.get("q", ""))[:80], []
    if query:
        services = public_services(read(), commune_id=g.commune.id)
        found = ranked(services, query=query, language=g.language)
    facts = {"query": query, "found": found, "persons": typed.get("persons", "1"), "channel": channel_of(typed)}
    if not typed.get("service") and (meant := at_once(found, typed)):
        typed["service"] = meant
    if not typed.get("service") and not typed.get("line"):
        return render_template("agent/book.html", wish=None, **facts)
    if typed.get("again"):
        typed.poplist("first")
        typed.poplist("first_overbook")
    try:
        wish = wish_of(typed)
        return render_template("agent/book.html", wish=wish, **facts, **times_for(wish, typed))
    except REFUSED as refusal:
        return without_the_last(refusal, typed, facts)


def at_once(found: list[Service], typed: Typed) -> str | None:
    """The service that Enter chooses: the best that was found, if it can be booked here."""
    is_meant = "go" in typed and found and found[0].mode.is_bookable
    return found[0].code if is_meant else None


def without_the_last(refusal: BookingError, typed: Typed, facts: dict[str, Any]) -> ResponseReturnValue:
    """What cannot be added is said, and what was chosen before stays; of all taken off, each for one person."""
    kept = typed.getlist("line")[:-1]
    if isinstance(refusal, NoService):
        kept = [f"{line.partition(':')[0]}:1" for line in typed.getlist("line") if line]
    try:
        if not kept:
            raise refusal
        typed.setlist("line", kept)
        wish = wish_of(typed)
    except REFUSED:
        refused = typed.get("service") if isinstance(refusal, NotBookable) else None
        return answer(refusal, "agent/book.html", wish=None, refused=refused, **facts)
    return answer(refusal, "agent/book.html", wish=wish, **facts, **times_for(wish, typed))


def times_for(wish: PhoneWish, typed: Typed, wished: date | None = None) -> dict[str, Any]:
    """The first free days of a wish from a day on, and that day as it was typed."""
    said = (typed.get("whole") or typed.get("day", "")).strip()
    today = g.now.astimezone(g.commune.zone).date()
    day = wished or typed_day_near(said, today)
    is_known = not said or (day is not None and day <= LATEST)
    first = max(day, today) if day and is_known else today
    every_tick = bool(typed.get("every"))
    looked = {"offices": wish.wanted, "basket": wish.basket, "first": first, "number": DAYS, "every_tick": every_tick}
    days = [] if wish.elsewhere else first_free_days(read(), **looked, now=g.now)
    extra = extra_of(wish, first, days)
    given = {one.office for free in days for one in free.starts if free.day == today}
    given |= {office for day, office, _times in extra if day == today}
    return {
        "days": days,
        "paused": pausing(given, wish.basket),
        "most": MOST_IN_DAY,
        "is_day_wished": bool(said),
        "every_tick": every_tick,
        "day": said,
        "looked_from": first,
        "unread": "" if is_known else said,
        "extra": extra,
        "groups": [] if wish.basket.step else addable(wish.basket),
        # The first of two steps is chosen on this page, and the other then.
        "chosen_as": "first" if wish.basket.step == Step.INFORMATION else "start",
        # A button pressed twice sends the same draft twice, and that is one wish.
        "draft": typed.get("draft") or new_key(),
        "hold_key": typed.get("hold", ""),
    }


def extra_of(wish: PhoneWish, first: date, days: list[FreeDay]) -> list[tuple[date, Office, Times]]:
    """The times at which nothing is free, for who may overbook: on the day asked for, or else on the first shown."""
    offices = [] if wish.elsewhere else [office for office in wish.wanted if may_overbook(office.id)]
    for day in dict.fromkeys((first, *(one.day for one in days[:1]))):
        found = extra_times(read(), offices=offices, basket=wish.basket, day=day, now=g.now)
        if found:
            return [(day, office, shown_at(office, times)) for office, times in found.items()]
    return []


def taken_meanwhile(refusal: BookingError, wish: PhoneWish, day: date, typed: Typed) -> ResponseReturnValue:
    """The page of the free times again, around the day of a time that somebody else has."""
    facts = {"query": "", "found": [], "persons": str(wish.basket.persons), "channel": wish.channel}
    again = Typed(typed)
    again.pop("draft", None)
    return answer(refusal, "agent/book.html", wish=wish, **facts, **times_for(wish, again, day))
