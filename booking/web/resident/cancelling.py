"""Cancelling an appointment by oneself, and taking that back."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.appointments import AppointmentState
from booking.core.errors import BookingError, OutsideHours, PausedNow, QuotaReached, SlotTaken
from booking.core.roles import Role
from booking.database import read, write
from booking.models import Office
from booking.usecases.cancellations import cancel
from booking.usecases.held import Held
from booking.usecases.moves import basket_of
from booking.usecases.undoing import cancelled_with, undo_cancellation
from booking.web.answers import answer
from booking.web.guard import open_to
from booking.web.resident.appointment import actor, facts, mine, seen
from booking.web.resident.forms import CancelForm, StepForm
from booking.web.resident.times import lost


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/appointment/cancel", "cancel", cancel_page, methods=["GET", "POST"])
    blueprint.add_url_rule("/appointment/undo", "undo", undo, methods=["POST"])


@open_to(Role.RESIDENT)
def cancel_page() -> ResponseReturnValue:
    """A question first, then the act; a second time the appointment itself says that it was done before."""
    known, form = mine(), CancelForm()
    if known.state != AppointmentState.BOOKED:
        return redirect(url_for(".appointment"), 303)
    if not form.validate_on_submit():
        return render_template("resident/cancel.html", why=form.why, **facts(known))
    try:
        write(
            cancel,
            commune_id=g.commune.id,
            appointment_id=known.id,
            version=seen(form.version),
            why=form.chosen(),
            terms=current_app.extensions["settings"].offers,
            both=bool(request.form.get("both")),
            actor=actor(),
            now=g.now,
        )
    except BookingError as refusal:
        return answer(refusal, "resident/appointment.html", **facts(mine()))
    return redirect(url_for(".appointment"), 303)


@open_to(Role.RESIDENT)
def undo() -> ResponseReturnValue:
    """Have the cancelled appointment again, with what was cancelled along with it; a time that is gone offers its
    neighbours.
    """
    known, form, settings = mine(), StepForm(), current_app.extensions["settings"]
    others = cancelled_with(read(), appointment=known)
    try:
        undone = write(
            undo_cancellation,
            commune_id=g.commune.id,
            appointment_id=known.id,
            version=seen(form.version),
            per_contact=settings.appointments_per_contact,
            per_helper=settings.appointments_per_helper,
            actor=actor(),
            now=g.now,
        )
    except (SlotTaken, OutsideHours, PausedNow, QuotaReached) as refusal:
        basket = replace(basket_of(read(), appointment=known), own=None)
        if basket.step or others:
            # Neither a step nor one of two visits is booked by itself: there is no time near it to offer.
            return answer(refusal, "resident/appointment.html", **facts(mine()))
        return lost(refusal, Held(None, basket, read().get_one(Office, known.office_id), known.start))
    except BookingError as refusal:
        return answer(refusal, "resident/appointment.html", **facts(mine()))
    if undone:
        one, both = (
            _("You have your appointment again, at the same time."),
            _("You have both appointments again, at the same times."),
        )
        flash(both if others else one)
    return redirect(url_for(".appointment"), 303)
