"""The time that staff hold for somebody, and in whose name it is confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.availability import STAFF
from booking.core.errors import (
    BookingError,
    HoldGone,
    HoldLapsed,
    NotBookable,
    OutsideHours,
    SlotTaken,
    TooFarAhead,
    TooSoon,
)
from booking.core.references import wish_key
from booking.core.roles import Role
from booking.core.translated import OFFICIAL
from booking.database import read, write
from booking.models import Office
from booking.usecases.bookings_by_staff import confirm_for
from booking.usecases.held import held_by
from booking.usecases.holds import hold, release
from booking.usecases.times_by_staff import FreeStart, first_free_days
from booking.web.agent.booking import taken_meanwhile
from booking.web.agent.booking_form import BookingForm
from booking.web.agent.booking_wish import PhoneWish, in_lines, typed_place, wish_of
from booking.web.agent.desk import actor
from booking.web.answers import answer
from booking.web.guard import open_to

NEAR = 4
LOST = (SlotTaken, OutsideHours, TooSoon, TooFarAhead)


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
    start, office = typed_place(wish, request.form)
    if wish.leads_elsewhere:
        raise NotBookable
    try:
        key = hold_for(wish, start, office)
    except LOST as refusal:
        if form.name.data is not None:
            return lost(refusal, wish, form, start, office)
        return taken_meanwhile(refusal, wish, start.astimezone(office.zone).date(), request.form)
    form.hold.data = key
    if not form.language.data:
        form.language.data = g.language if g.language in OFFICIAL else OFFICIAL[0]
    return filling(wish, form, start, office)


def hold_for(wish: PhoneWish, start: datetime, office: Office) -> str:
    """Hold a time instead of the one that this draft holds already. A button pressed twice finds it held, by itself."""
    minutes = str(int(start.timestamp()) // 60)
    key = wish_key(current_app.config["SECRET_KEY"], "draft", request.form.get("draft", ""), office.code, minutes)
    try:
        return write(
            hold,
            commune_id=g.commune.id,
            office_id=office.id,
            **in_lines(wish),
            start=start,
            length=current_app.extensions["settings"].hold,
            client=None,
            per_client=0,
            key=key,
            instead_of=request.form.get("hold") or None,
            in_window=False,
            asked=STAFF,
            now=g.now,
        )
    except SlotTaken:
        held = held_by(read(), commune_id=g.commune.id, hold_key=key)
        if held is None or not held.lasts(g.now):
            raise
        return key


def filling(
    wish: PhoneWish, form: BookingForm, start: datetime, office: Office, refusal: BookingError | None = None
) -> ResponseReturnValue:
    """The form while the time is held."""
    held = held_by(read(), commune_id=g.commune.id, hold_key=form.hold.data)
    if held is None or not held.lasts(g.now):
        return lost(HoldLapsed() if held else HoldGone(), wish, form, start, office)
    facts = shown(wish, form, start, office) | {"seconds_left": int(held.seconds_left(g.now)), "near": ()}
    if refusal:
        return answer(refusal, "agent/book_details.html", **facts)
    return render_template("agent/book_details.html", **facts), 422 if form.is_refused() else 200


def shown(wish: PhoneWish, form: BookingForm, start: datetime, office: Office) -> dict[str, Any]:
    return {
        "wish": wish,
        "form": form,
        "chosen": FreeStart(start, office),
        "draft": request.form.get("draft", ""),
    }


@open_to(Role.RECEPTIONIST)
def details() -> ResponseReturnValue:
    """The confirmation; the same form sent again gives the same visit. Its address alone leads to the beginning."""
    if request.method != "POST":
        return redirect(url_for(".book"))
    form, wish = BookingForm(), wish_of(request.form)
    start, office = typed_place(wish, request.form)
    if not form.validate_on_submit():
        return filling(wish, form, start, office)
    try:
        booked = write(
            confirm_for,
            commune_id=g.commune.id,
            hold_key=form.hold.data or "",
            wish=form.wish(wish.needs),
            actor=actor(),
            now=g.now,
        )
    except (HoldLapsed, HoldGone, TooSoon) as refusal:
        return lost(refusal, wish, form, start, office)
    flash(_("The appointment is made."))
    # The slip has the focus there: most people at the desk wait for it.
    return redirect(url_for(".visit", number=booked.id, _anchor="slip"), 303)


def lost(
    refusal: BookingError, wish: PhoneWish, form: BookingForm, start: datetime, office: Office
) -> ResponseReturnValue:
    """Near times in place of the one that is gone, and all that was typed."""
    g.page = "agent.book"
    facts = shown(wish, form, start, office)
    return answer(refusal, "agent/book_details.html", near=near(wish, start, office), seconds_left=0, **facts)


def near(wish: PhoneWish, start: datetime, office: Office) -> list[FreeStart]:
    """The free times nearest to a lost one, that one itself if nobody has it, in the order of time."""
    today, day = g.now.astimezone(office.zone).date(), start.astimezone(office.zone).date()
    looked = {"offices": [office], "basket": wish.basket, "first": max(day, today), "number": 2, "every_tick": True}
    found = [one for free in first_free_days(read(), **looked, now=g.now) for one in free.starts]
    return sorted(sorted(found, key=lambda one: abs(one.start - start))[:NEAR], key=lambda one: one.start)


@open_to(Role.RECEPTIONIST)
def give_back() -> ResponseReturnValue:
    """Another time is wished after all: this one is free again at once."""
    wish, form = wish_of(request.form), BookingForm()
    write(release, commune_id=g.commune.id, hold_key=form.hold.data)
    where = {"service": wish.service.code, "persons": wish.basket.persons}
    return redirect(url_for(".book", **where, office=wish.office.code if wish.office else "any"), 303)
