"""What somebody needs at an appointment they have: said, changed or taken back on its page."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.appointments import AppointmentState, has_begun
from booking.core.errors import BookingError, NoRoomForNeeds
from booking.core.needs import Need
from booking.core.roles import Role
from booking.database import read, write
from booking.models import Appointment, Office
from booking.usecases.held import minutes_of
from booking.usecases.moves import basket_of
from booking.usecases.needs import change_needs
from booking.web.answers import answer
from booking.web.guard import open_to
from booking.web.resident import moving
from booking.web.resident.appointment import actor, facts, mine, seen
from booking.web.resident.baskets import in_address
from booking.web.resident.forms import OwnNeedsForm
from booking.web.resident.moves import movable
from booking.words.formatting import minutes


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/appointment/needs", "own_needs", own_needs, methods=["GET", "POST"])
    blueprint.add_url_rule("/appointment/needs/time", "time_for_needs", time_for_needs, methods=["POST"])


@open_to(Role.RESIDENT)
def own_needs() -> ResponseReturnValue:
    """Tick what is needed. What takes longer than there is room for is said, and nothing is changed before a choice."""
    known = mine()
    if known.state != AppointmentState.BOOKED or (request.method != "POST" and has_begun(known.start, g.now)):
        return redirect(url_for(".appointment"), 303)
    form = OwnNeedsForm(needs=sorted(known.needs or ()), version=known.version)
    if not form.validate_on_submit():
        return render_template("resident/own_needs.html", **asking(form, known))
    try:
        longer = changed(known, form)
    except BookingError as refusal:
        form.version.data = str(mine().version)
        is_short = isinstance(refusal, NoRoomForNeeds)
        return answer(refusal, "resident/own_needs.html", is_short=is_short, **asking(form, mine()))
    flash(said_of(mine(), longer))
    return redirect(url_for(".appointment"), 303)


def asking(form: OwnNeedsForm, known: Appointment) -> dict[str, object]:
    """What the page shows; whether a need may lengthen the visit is said where one may."""
    return {"needs_form": form, "can_lengthen": g.commune.need_minutes.for_(Need) > 0, **facts(known)}


def changed(known: Appointment, form: OwnNeedsForm) -> bool:
    return write(
        change_needs,
        commune_id=g.commune.id,
        appointment_id=known.id,
        version=seen(form.version),
        needs=form.needs.needs(),
        keeps_length=bool(form.as_it_is.data),
        actor=actor(),
        terms=current_app.extensions["settings"].offers,
        now=g.now,
    )


def said_of(known: Appointment, longer: bool) -> str:
    if longer:
        return _(
            "We have noted what you need. Your appointment now takes %(minutes)s.",
            minutes=minutes(minutes_of(known), g.language),
        )
    return _("We have noted what you need.") if known.needs else _("We have noted that you need nothing in particular.")


@open_to(Role.RESIDENT)
def time_for_needs() -> ResponseReturnValue:
    """On to the calendar, for a time with room for what is ticked; the appointment keeps its own until then."""
    known, form = movable(), OwnNeedsForm()
    basket = basket_of(read(), appointment=known)
    moving.begin(known, (service.code for service in basket.services), form.needs.needs())
    return redirect(url_for(".times", **in_address(basket, read().get_one(Office, known.office_id))), 303)
