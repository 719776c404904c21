"""Saying that one is coming: the landing of a reminder's link, the question, and one press of a button."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.appointments import AppointmentState, has_begun
from booking.core.errors import BookingError
from booking.core.roles import Role
from booking.database import write
from booking.usecases.coming import say_coming
from booking.web.answers import answer
from booking.web.guard import open_to
from booking.web.resident.appointment import actor, facts, mine, remember, seen
from booking.web.resident.forms import StepForm


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/appointment/open/<token>/coming", "open_coming", open_coming)
    blueprint.add_url_rule("/appointment/coming", "coming", coming, methods=["GET", "POST"])


@open_to(Role.RESIDENT)
def open_coming(token: str) -> ResponseReturnValue:
    """The landing: opening it says nothing, for mail programs open links by themselves."""
    remember(token)
    return redirect(url_for(".coming"), 303)


@open_to(Role.RESIDENT)
def coming() -> ResponseReturnValue:
    """A question first, then the answer; of a visit that is over or no longer takes place, its own page says so."""
    known, form = mine(), StepForm()
    if known.state != AppointmentState.BOOKED or has_begun(known.start, g.now):
        return redirect(url_for(".appointment"), 303)
    if not form.validate_on_submit():
        return render_template("resident/coming.html", **facts(known))
    said = {"commune_id": g.commune.id, "appointment_id": known.id, "version": seen(form.version)}
    try:
        write(say_coming, **said, actor=actor(), now=g.now)
    except BookingError as refusal:
        g.page = "resident.appointment"
        return answer(refusal, "resident/appointment.html", **facts(mine()))
    flash(_("Thank you: the office knows that you are coming."))
    return redirect(url_for(".appointment"), 303)
