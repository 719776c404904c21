"""The call list: whom no message can reach or did reach, the number to ring instead, and that it was done."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.errors import OutOfDate
from booking.core.roles import Role
from booking.core.timespan import local_date
from booking.core.typed import typed_day_near, typed_number
from booking.database import read, write
from booking.usecases.calls import calls
from booking.usecases.calls_made import asked_by_phone, made_today, not_rung, office_of_call, rung, unheard
from booking.web.addresses import page_of_this_commune
from booking.web.agent.desk import actor, looked_after, office, office_ids
from booking.web.agent.forms import RungForm
from booking.web.contacts_seen import phones_seen
from booking.web.guard import open_to


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/calls", "calls", call_list)
    blueprint.add_url_rule("/calls/rung", "rung", was_rung, methods=["POST"])


def day_wished() -> date | None:
    """The day of visits that the address narrows the list to; ``None`` for all, and for what is no day."""
    typed = request.args.get("day", "").strip()
    return typed_day_near(typed, local_date(g.now, g.commune.zone)) if typed else None


@open_to(Role.RECEPTIONIST)
def call_list() -> ResponseReturnValue:
    """The phone numbers are there to be rung at once; the journal says who has seen them."""
    day, offices = day_wished(), looked_after()
    found = calls(read(), offices=offices, day=day, now=g.now)
    silent = unheard(read(), offices=offices, day=day, now=g.now)
    phones_seen({one.visit.id for one in found if one.phone} | {one.visit.id for one in silent})
    facts = {"calls": found, "unheard": silent, "made": made_today(read(), offices=offices, now=g.now)}
    typed = request.args.get("day", "").strip()
    page = render_template("agent/calls.html", office=office(), day=day, unread=typed if day is None else "", **facts)
    return page, 422 if typed and day is None else 200


@open_to(Role.RECEPTIONIST)
def was_rung() -> ResponseReturnValue:
    """Take somebody off the list, or back onto it, and go back to where the list stood."""
    form = RungForm()
    wishes = {"message_id": (form.message, rung), "appointment_id": (form.visit, asked_by_phone)}
    wishes |= {"call_id": (form.call, not_rung)}
    pressed = [(name, typed_number(field.data or ""), verb) for name, (field, verb) in wishes.items() if field.data]
    if len(pressed) != 1 or not pressed[0][1]:
        abort(400)
    name, number, verb = pressed[0]
    if form.validate_on_submit():
        own: dict[str, Any] = {"commune_id": g.commune.id, "office_ids": office_ids(), name: number}
        try:
            at = office_of_call(read(), **own)
            write(verb, **own, actor=actor(at), now=g.now)
        except OutOfDate:
            flash(_("That call was taken back already."))
        else:
            flash(_("Taken back: the call stands on the list again.") if verb is not_rung else _("Noted: it is done."))
    return redirect(page_of_this_commune(form.back.data) or url_for(".calls"), 303)
