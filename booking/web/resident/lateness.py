"""Saying on the day itself that one will be late, or on time after all."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.errors import LateNotice
from booking.core.roles import Role
from booking.core.typed import typed_number
from booking.database import write
from booking.usecases.lateness import STEPS, say_late
from booking.web.answers import answer
from booking.web.guard import open_to
from booking.web.resident.appointment import actor, facts, mine
from booking.web.resident.forms import StepForm
from booking.words.formatting import minutes as minutes_in_words

ON_TIME = 0


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/appointment/late", "late", late, methods=["POST"])


@open_to(Role.RESIDENT)
def late() -> ResponseReturnValue:
    """One press of the button with the minutes; what is said last counts."""
    known, minutes = mine(), typed_number(request.form.get("minutes", ""))
    if minutes not in (ON_TIME, *STEPS):
        abort(400)
    if not StepForm().validate_on_submit():
        return redirect(url_for(".appointment"), 303)
    said = {"commune_id": g.commune.id, "appointment_id": known.id, "minutes": minutes or None}
    try:
        write(say_late, **said, actor=actor(), now=g.now)
    except LateNotice as refusal:
        g.page = "resident.appointment"
        return answer(refusal, "resident/appointment.html", **facts(mine()))
    if minutes:
        flash(_("The office knows that you will be %(minutes)s late.", minutes=minutes_in_words(minutes, g.language)))
    else:
        flash(_("The office expects you on time."))
    return redirect(url_for(".appointment"), 303)
