"""Two colleagues receive somebody: said on the page of a visit, and taken back there."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.roles import Role
from booking.database import read, write
from booking.usecases.cautions import receive_alone, receive_in_two
from booking.usecases.visits_found import office_of_visit
from booking.web.agent.desk import actor
from booking.web.agent.visits import scope
from booking.web.forms import Form
from booking.web.guard import open_to


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/visits/<row:number>/two-colleagues", "in_two", in_two, methods=["POST"])


@open_to(Role.AGENT)
def in_two(number: int) -> ResponseReturnValue:
    if Form().validate_on_submit():
        own = scope() | {"appointment_id": number}
        own |= {"actor": actor(office_of_visit(read(), **own)), "now": g.now}
        if request.form.get("wanted") == "y":
            days = current_app.extensions["settings"].caution_days
            write(receive_in_two, **own, length=timedelta(days=days))
            flash(_("Two colleagues receive this person from now on."))
        else:
            write(receive_alone, **own)
            flash(_("This person is received like everybody again."))
    return redirect(url_for(".visit", number=number), 303)
