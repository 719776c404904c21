"""Another time that is held for somebody whose visit cannot take place as agreed: staff answer for them by phone."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.errors import BookingError
from booking.core.roles import Role
from booking.core.typed import typed_number
from booking.database import write
from booking.usecases.proposal_answers import accept, settled_by_phone
from booking.web.agent.desk import actor
from booking.web.agent.visits import shown
from booking.web.answers import answer
from booking.web.forms import Form
from booking.web.guard import open_to


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/visits/<row:number>/proposal", "proposal", answered, methods=["POST"])


@open_to(Role.RECEPTIONIST)
def answered(number: int) -> ResponseReturnValue:
    """They take the time that is held for them; or all is said, and the visit stands as it is."""
    at = shown(number)["visit"].office_id
    own = {"commune_id": g.commune.id, "appointment_id": number}
    if Form().validate_on_submit() and request.form.get("answer") == "take":
        seen = {name: typed_number(request.form.get(name, "")) or 0 for name in ("attempt", "version")}
        terms = current_app.extensions["settings"].offers
        try:
            write(accept, **own, **seen, terms=terms, actor=actor(at), now=g.now)
        except BookingError as refusal:
            g.page, g.place = "agent.visit", {"number": number}
            return answer(refusal, "agent/visit.html", **shown(number))
        flash(_("The visit has its new time. A message about it is on its way, if there is an address."))
    elif Form().validate_on_submit():
        write(settled_by_phone, **own, actor=actor(at), now=g.now)
        flash(_("Settled by phone: the visit stands as it is."))
    return redirect(url_for(".visit", number=number), 303)
