"""The call list: whom no message can reach or did reach, the number to ring instead, and that it was done."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.roles import Role
from booking.core.typed import typed_number
from booking.database import read, write
from booking.usecases.calls import calls, rung
from booking.web.addresses import page_of_this_commune
from booking.web.agent.desk import actor, looked_after, office, office_ids
from booking.web.agent.forms import RungForm
from booking.web.contacts_seen import phones_seen
from booking.web.guard import open_to


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/calls", "calls", call_list)
    blueprint.add_url_rule("/calls/rung", "rung", was_rung, methods=["POST"])


@open_to(Role.RECEPTIONIST)
def call_list() -> ResponseReturnValue:
    """The phone numbers are there to be rung at once; the journal says who has seen them."""
    found = calls(read(), offices=looked_after(), now=g.now)
    phones_seen({one.visit.id for one in found if one.phone})
    return render_template("agent/calls.html", office=office(), calls=found)


@open_to(Role.RECEPTIONIST)
def was_rung() -> ResponseReturnValue:
    """Take somebody off the list, and go back to where the list stood."""
    form = RungForm()
    number = typed_number(form.message.data or "")
    if not number:
        abort(400)
    if form.validate_on_submit():
        own = {"commune_id": g.commune.id, "office_ids": office_ids(), "message_id": number}
        write(rung, **own, actor=actor(), now=g.now)
        flash(_("Noted: you have called."))
    return redirect(page_of_this_commune(form.back.data) or url_for(".calls"), 303)
