"""The list for an earlier appointment, for who has one: on its own page, with its own contact."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.appointments import AppointmentState, has_begun
from booking.core.errors import BookingError
from booking.core.roles import Role
from booking.core.timespan import local_date
from booking.database import read, write
from booking.models import Appointment, WaitingEntry
from booking.usecases.moves import basket_of
from booking.usecases.waiting import can_be_earlier, join_with_appointment, would_leave_another
from booking.usecases.waiting_answers import decline, leave
from booking.usecases.waiting_figures import median_gain
from booking.usecases.waiting_list import entry_of, entry_with_offer, offices_wished, reached, wishable
from booking.web.answers import answer
from booking.web.guard import open_to
from booking.web.resident.appointment import actor, facts, mine, seen
from booking.web.resident.waiting import accept_offer, standing, wanted_offer
from booking.web.resident.waiting_forms import AppointmentWishesForm


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/appointment/earlier", "earlier", earlier, methods=["GET", "POST"])
    for step, view in (("accept", take_offer), ("decline", turn_down), ("leave", leave_list)):
        blueprint.add_url_rule(f"/appointment/earlier/{step}", f"{step}_earlier", view, methods=["POST"])
    blueprint.add_app_template_global(waiting_with, "waiting_with")


def waiting_with(appointment: Appointment) -> dict[str, object] | None:
    """What the page of an appointment says of the list; ``None`` when it has nothing to do with it."""
    if appointment.state != AppointmentState.BOOKED or has_begun(appointment.start, g.now):
        return None
    entry = entry_of(read(), appointment=appointment)
    if entry is None:
        if would_leave_another(read(), appointment):
            return {"entry": None, "adjoins": True}
        return {"entry": None} if can_be_earlier(read(), appointment) else None
    return {"entry": entry, **standing(entry)}


@open_to(Role.RESIDENT)
def earlier() -> ResponseReturnValue:
    """Say what would suit better; said again, it changes the wishes and keeps the place."""
    known = mine()
    waiting = waiting_with(known)
    if waiting is None or waiting.get("adjoins"):
        return redirect(url_for(".appointment"), 303)
    entry, form = entry_of(read(), appointment=known), AppointmentWishesForm()
    basket = basket_of(read(), appointment=known)
    soonest = basket.other.not_before if basket.other else None
    first, last = local_date(max(g.now, soonest or g.now), g.commune.zone), known.local_date
    form.offer(
        wishable(read(), commune_id=g.commune.id, basket=basket), first=min(first, last), last=last, language=g.language
    )
    if not form.is_submitted():
        form.version.data = str(known.version)
        tick(form, entry)
    elif form.validate_on_submit():
        try:
            join(form, known)
        except BookingError as refusal:
            form.version.data = str(mine().version)
            return answer(refusal, "resident/earlier_wishes.html", wishes_form=form, entry=entry, **facts(mine()))
        flash(_("We write to you as soon as something earlier comes free."))
        return redirect(url_for(".appointment"), 303)
    services = [service.id for service in basket.services]
    gain = median_gain(read(), commune_id=g.commune.id, service_ids=services, now=g.now)
    told = reached(known, by_text=current_app.extensions["settings"].offers.by_text)
    shown = {"wishes_form": form, "entry": entry, "gain": gain, "reached": told, "basket": basket}
    page = render_template("resident/earlier_wishes.html", **shown, **facts(known))
    return page, 422 if form.errors else 200


def tick(form: AppointmentWishesForm, entry: WaitingEntry | None) -> None:
    if entry is None:
        form.tick_all(offices=form.wishable.offices)
    else:
        wished = offices_wished(read(), [entry]).get(entry.id)
        form.tick_wishes(entry, [one for one in form.wishable.offices if wished is None or one.id in wished])


def join(form: AppointmentWishesForm, known: Appointment) -> None:
    write(
        join_with_appointment,
        commune_id=g.commune.id,
        appointment_id=known.id,
        version=seen(form.version),
        time=form.time(),
        by_text=current_app.extensions["settings"].offers.by_text,
        actor=actor(),
        now=g.now,
    )


def own(known: Appointment) -> dict[str, int]:
    """The place in the list that this appointment has; 0, which nobody has, when it has none."""
    entry = entry_of(read(), appointment=known)
    return {"commune_id": g.commune.id, "entry_id": entry.id if entry else 0}


@open_to(Role.RESIDENT)
def take_offer() -> ResponseReturnValue:
    # Of a button pressed twice the second finds a place that is done.
    entry_id = entry_with_offer(read(), appointment=mine(), offer_id=wanted_offer())
    try:
        accept_offer(entry_id or 0)
    except BookingError as refusal:
        g.page = "resident.appointment"
        return answer(refusal, "resident/appointment.html", **facts(mine()))
    flash(_("Your appointment is earlier now."))
    return redirect(url_for(".appointment"), 303)


@open_to(Role.RESIDENT)
def turn_down() -> ResponseReturnValue:
    place = {**own(mine()), "offer_id": wanted_offer()}
    write(decline, **place, terms=current_app.extensions["settings"].offers, now=g.now)
    flash(_("The time goes to the next person. Your appointment has not changed, and you keep your place in the list."))
    return redirect(url_for(".appointment"), 303)


@open_to(Role.RESIDENT)
def leave_list() -> ResponseReturnValue:
    write(leave, **own(mine()), terms=current_app.extensions["settings"].offers, now=g.now)
    flash(_("You have left the list. Your appointment has not changed."))
    return redirect(url_for(".appointment"), 303)
