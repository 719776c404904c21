"""Another time that is held for somebody whose visit cannot take place as agreed: the three links, and one press."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from booking.core.appointments import AppointmentState
from booking.core.errors import BookingError
from booking.core.roles import Role
from booking.core.typed import typed_number
from booking.database import read, write
from booking.models import Appointment, Office
from booking.usecases.moves import basket_of
from booking.usecases.proposal_answers import accept
from booking.usecases.proposal_letters import STEPS
from booking.usecases.self_service import allowed
from booking.web.answers import answer
from booking.web.guard import open_to
from booking.web.resident import moving
from booking.web.resident.appointment import actor, facts, mine, remember, seen
from booking.web.resident.baskets import in_address
from booking.web.resident.forms import StepForm
from booking.web.resident.moves import changed_from


def add_to(blueprint: Blueprint) -> None:
    for step, view in zip(STEPS, (open_proposal, open_choice, open_end), strict=True):
        blueprint.add_url_rule(f"/appointment/open/<token>/{step}", f"open_{step}", view)
    blueprint.add_url_rule("/appointment/proposal", "take_proposal", take, methods=["POST"])


def landed(token: str) -> Appointment:
    """Whose link it is. Opening it answers nothing, for mail programs open links by themselves."""
    remember(token)
    return mine()


@open_to(Role.RESIDENT)
def open_proposal(token: str) -> ResponseReturnValue:
    """To the page of the appointment, where the time that is held stands first."""
    landed(token)
    return redirect(url_for(".appointment"), 303)


@open_to(Role.RESIDENT)
def open_choice(token: str) -> ResponseReturnValue:
    """To the calendar, where each time that is chosen is for this appointment."""
    known = landed(token)
    if allowed(read(), appointment=known, now=g.now).to_move is not None:
        return redirect(url_for(".appointment"), 303)
    basket = basket_of(read(), appointment=known)
    moving.begin(known, (service.code for service in basket.services))
    return redirect(url_for(".times", **in_address(basket, read().get_one(Office, known.office_id))), 303)


@open_to(Role.RESIDENT)
def open_end(token: str) -> ResponseReturnValue:
    """To the question before a cancellation."""
    known = landed(token)
    may = allowed(read(), appointment=known, now=g.now)
    return redirect(url_for(".cancel" if may.to_cancel is None else ".appointment"), 303)


@open_to(Role.RESIDENT)
def take() -> ResponseReturnValue:
    """Take the time that is held, the one that the page showed."""
    known, form = mine(), StepForm()
    if known.state != AppointmentState.BOOKED or not form.validate_on_submit():
        return redirect(url_for(".appointment"), 303)
    before = known.local_date, known.wall_time
    try:
        taken = write(
            accept,
            commune_id=g.commune.id,
            appointment_id=known.id,
            attempt=typed_number(request.form.get("attempt", "")) or 0,
            version=seen(form.version),
            terms=current_app.extensions["settings"].offers,
            actor=actor(),
            now=g.now,
        )
    except BookingError as refusal:
        g.page = "resident.appointment"
        return answer(refusal, "resident/appointment.html", **facts(mine()))
    session["appointment"] = taken.nonce
    moving.end()
    if not taken.again:
        flash(changed_from(before, mine(), is_written_to=bool(known.email)))
    return redirect(url_for(".appointment"), 303)
