"""The time that staff hold for somebody, and in whose name it is confirmed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from booking.core.appointments import Step
from booking.core.availability import STAFF
from booking.core.errors import (
    BookingError,
    HoldGone,
    HoldLapsed,
    NotBookable,
    OutsideHours,
    QuotaReached,
    SlotTaken,
    TooFarAhead,
    TooSoon,
)
from booking.core.references import wish_key
from booking.core.roles import Role
from booking.core.translated import OFFICIAL
from booking.database import read, write
from booking.usecases.bookings_by_staff import confirm_for, hold_for_caller
from booking.usecases.groups import others_of
from booking.usecases.held import held_by
from booking.usecases.holds import release
from booking.usecases.moves_by_staff import free_times
from booking.usecases.times_by_staff import FreeStart, first_free_days
from booking.web.agent.booking import taken_meanwhile
from booking.web.agent.booking_form import BookingForm
from booking.web.agent.booking_wish import PhoneWish, typed_place, wish_of
from booking.web.agent.desk import actor
from booking.web.answers import answer
from booking.web.guard import open_to
from booking.web.resident.baskets import Typed

NEAR = 4
LOST = (SlotTaken, OutsideHours, TooSoon, TooFarAhead, QuotaReached)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/book/time", "book_time", take_time, methods=["GET", "POST"])
    blueprint.add_url_rule("/book/details", "book_details", details, methods=["GET", "POST"])
    blueprint.add_url_rule("/book/give-back", "book_give_back", give_back, methods=["POST"])


@open_to(Role.RECEPTIONIST)
def take_time() -> ResponseReturnValue:
    """Hold the time for the person, and ask who it is; of a time that is gone, near ones are offered at once.

    Its address alone leads to the beginning.
    """
    if request.method != "POST":
        return redirect(url_for(".book"))
    form, wish = BookingForm(), wish_of(request.form)
    if wish.elsewhere or wish.basket.step == Step.INFORMATION:
        raise NotBookable
    place = typed_place(wish.offices, request.form.get("start", ""))
    try:
        key = hold_for(wish, place)
    except LOST as refusal:
        if form.name.data is not None:
            return lost(refusal, wish, form, place)
        return times_again(refusal, wish, place)
    form.hold.data = key
    if not form.language.data:
        form.language.data = g.language if g.language in OFFICIAL else OFFICIAL[0]
    return filling(wish, form, place)


def hold_for(wish: PhoneWish, place: FreeStart) -> str:
    """Hold a time instead of the one that this draft holds already. A button pressed twice finds it held, by itself."""
    moments = [str(int(one.start.timestamp()) // 60) for one in (wish.first, place) if one]
    draft = request.form.get("draft", "")
    key = wish_key(current_app.config["SECRET_KEY"], "draft", draft, place.office.code, *moments)
    try:
        return write(
            hold_for_caller,
            commune_id=g.commune.id,
            office_id=place.office.id,
            **wish.as_held(),
            start=place.start,
            length=current_app.extensions["settings"].hold,
            key=key,
            instead_of=request.form.get("hold") or None,
            actor=actor(place.office.id),
            now=g.now,
        )
    except SlotTaken:
        held = held_by(read(), commune_id=g.commune.id, hold_key=key)
        if held is None or not held.lasts(g.now):
            raise
        return key


def times_again(refusal: BookingError, wish: PhoneWish, place: FreeStart) -> ResponseReturnValue:
    """Near times of what is gone: when that is the first of two steps, it is chosen anew."""
    typed = Typed(request.form)
    if wish.first and not is_free(wish, wish.first):
        place = wish.first
        typed.poplist("first")
        typed.poplist("first_overbook")
        wish = wish_of(typed)
    return taken_meanwhile(refusal, wish, place.wall.date(), typed)


def is_free(wish: PhoneWish, first: FreeStart) -> bool:
    """Whether the information can still be had when it was to be."""
    looked: dict[str, Any] = {"office": first.office, "day": first.wall.date(), "every_tick": True, "now": g.now}
    looked["basket"] = wish.basket.of_step(Step.INFORMATION)
    ways = dict.fromkeys((STAFF, wish.first_asked))
    return any(first.start == one.start for way in ways for one in free_times(read(), asked=way, **looked))


def filling(
    wish: PhoneWish, form: BookingForm, place: FreeStart, refusal: BookingError | None = None
) -> ResponseReturnValue:
    """The form while the time is held."""
    held = held_by(read(), commune_id=g.commune.id, hold_key=form.hold.data)
    if held is None or not held.lasts(g.now):
        return lost(HoldLapsed() if held else HoldGone(), wish, form, place)
    facts = shown(wish, form, place) | {"seconds_left": int(held.seconds_left(g.now)), "near": (), "held": held}
    if refusal:
        return answer(refusal, "agent/book_details.html", **facts)
    return render_template("agent/book_details.html", **facts), 422 if form.is_refused() else 200


def shown(wish: PhoneWish, form: BookingForm, place: FreeStart) -> dict[str, Any]:
    return {
        "wish": wish,
        "form": form,
        "chosen": place,
        "asks_names": wish.basket.asks_names,
        "draft": request.form.get("draft", ""),
        "held": None,
    }


@open_to(Role.RECEPTIONIST)
def details() -> ResponseReturnValue:
    """The confirmation; the same form sent again gives the same visit. Its address alone leads to the beginning."""
    if request.method != "POST":
        return redirect(url_for(".book"))
    form, wish = BookingForm(), wish_of(request.form)
    place = typed_place(wish.offices, request.form.get("start", ""))
    if not form.validate_on_submit():
        return filling(wish, form, place)
    try:
        booked = write(
            confirm_for,
            commune_id=g.commune.id,
            hold_key=form.hold.data or "",
            wish=form.wish(wish.needs),
            actor=actor(place.office.id),
            now=g.now,
        )
    except (HoldLapsed, HoldGone, TooSoon) as refusal:
        return lost(refusal, wish, form, place)
    visits = 1 + len(others_of(read(), commune_id=g.commune.id, appointment_id=booked.id))
    flash(ngettext("The appointment is made.", "Both appointments are made.", visits))
    # The slip has the focus there: most people at the desk wait for it.
    return redirect(url_for(".visit", number=booked.id, _anchor="slip"), 303)


def lost(refusal: BookingError, wish: PhoneWish, form: BookingForm, place: FreeStart) -> ResponseReturnValue:
    """Near times in place of the one that is gone, and all that was typed."""
    g.page = "agent.book"
    facts = shown(wish, form, place)
    return answer(refusal, "agent/book_details.html", near=near(wish, place), seconds_left=0, **facts)


def near(wish: PhoneWish, place: FreeStart) -> list[FreeStart]:
    """The free times nearest to a lost one, that one itself if nobody has it, in the order of time.

    None of the file of two steps when the information is gone, too.
    """
    if wish.first and not is_free(wish, wish.first):
        return []
    office, start = place.office, place.start
    today, day = g.now.astimezone(office.zone).date(), place.wall.date()
    looked = {"offices": [office], "basket": wish.basket, "first": max(day, today), "number": 2, "every_tick": True}
    found = [one for free in first_free_days(read(), **looked, now=g.now) for one in free.starts]
    return sorted(sorted(found, key=lambda one: abs(one.start - start))[:NEAR], key=lambda one: one.start)


@open_to(Role.RECEPTIONIST)
def give_back() -> ResponseReturnValue:
    """Another time is wished after all: this one is free again at once."""
    wish, form = wish_of(request.form), BookingForm()
    write(release, commune_id=g.commune.id, hold_key=form.hold.data)
    return redirect(url_for(".book", **wish.address), 303)
