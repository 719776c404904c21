"""The list of an appointment: ticking which papers are ready."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.errors import ForbiddenMove
from booking.core.roles import Role
from booking.core.typed import typed_number
from booking.database import write
from booking.usecases.papers import tick
from booking.web.forms import Form
from booking.web.guard import open_to
from booking.web.resident.appointment import mine


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/appointment/list", "tick", tick_papers, methods=["POST"])


@open_to(Role.RESIDENT)
def tick_papers() -> ResponseReturnValue:
    """Save what is ready and go back to where the list stood; of a visit that is over there is nothing to save."""
    known = mine()
    back = url_for(".appointment", _anchor="list")
    if not Form().validate_on_submit():
        return redirect(back, 303)
    ready: dict[int, list[str]] = {}
    for one in request.form.getlist("ready"):
        number, _separator, code = one.partition(":")
        ready.setdefault(typed_number(number) or 0, []).append(code)
    try:
        write(tick, commune_id=g.commune.id, appointment_id=known.id, ready=ready)
    except ForbiddenMove:
        return redirect(url_for(".appointment"), 303)
    flash(_("Your list is saved."))
    return redirect(back, 303)
