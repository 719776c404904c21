"""Somebody has told the office that they are coming: noted for them, so that nobody asks again."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from booking.core.errors import OutOfDate, VisitBegun
from booking.core.roles import Role
from booking.core.typed import typed_number
from booking.database import read, write
from booking.usecases.coming import say_coming
from booking.usecases.visits_found import booked_visit
from booking.web.addresses import page_of_this_commune
from booking.web.agent.desk import actor
from booking.web.agent.visits import scope, shown
from booking.web.answers import answer
from booking.web.forms import Form
from booking.web.guard import open_to


class ComingForm(Form):
    """``coming`` is the visit with the version of it that was seen; ``back`` is where the button stood."""

    coming = HiddenField()
    back = HiddenField()

    def wish(self) -> tuple[int, int]:
        """``ValueError`` for what no page of ours sends."""
        number, version = map(typed_number, (self.coming.data or "").split(":"))
        if number is None or version is None:
            raise ValueError
        return number, version


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/visits/coming", "coming", coming, methods=["POST"])


@open_to(Role.RECEPTIONIST)
def coming() -> ResponseReturnValue:
    form = ComingForm()
    try:
        number, version = form.wish()
    except ValueError:
        abort(400)
    known = booked_visit(read(), **scope(), appointment_id=number)
    own = {"commune_id": g.commune.id, "appointment_id": known.id, "version": version}
    try:
        if form.validate_on_submit():
            write(say_coming, **own, actor=actor(known.office_id), now=g.now)
    except (OutOfDate, VisitBegun) as refusal:
        g.page, g.place = "agent.visit", {"number": number}
        return answer(refusal, "agent/visit.html", **shown(number))
    back = page_of_this_commune(form.back.data) or url_for(".visit", number=number)
    return redirect(f"{back}#visit-{number}", 303)
