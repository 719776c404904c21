"""Tickets for people without an appointment, and numbers that were given out on paper."""

from __future__ import annotations

from flask import Blueprint, current_app, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from booking.core.errors import BookingError, NotServedHere, NoWalkIns, PausedNow
from booking.core.references import wish_key
from booking.core.roles import Role
from booking.core.tickets import Origin
from booking.database import read, write
from booking.usecases.handing_out import hand_out, write_down
from booking.usecases.next_ways import next_ways, services_here
from booking.web.agent.desk import actor, office
from booking.web.agent.ticket_forms import PaperForm, WalkInForm
from booking.web.answers import answer
from booking.web.guard import open_to


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/reception/walk-in", "walk_in", walk_in, methods=["GET", "POST"])
    blueprint.add_url_rule("/reception/paper", "paper_number", paper_number, methods=["GET", "POST"])


@open_to(Role.RECEPTIONIST)
def walk_in() -> ResponseReturnValue:
    """A refusal says when tickets are handed out next, and which appointment is the first that is free."""
    here = office()
    services = services_here(read(), office=here)
    form = WalkInForm(services=services)
    if not form.validate_on_submit():
        page = render_template("agent/walk_in.html", form=form, office=here)
        return page, 422 if form.errors else 200
    wanted = form.wanted()
    try:
        issued = write(
            hand_out,
            office_id=here.id,
            wanted=wanted,
            visitor=form.visitor(),
            origin=Origin.RECEPTION,
            key=wish_key(current_app.config["SECRET_KEY"], "ticket", form.wish.data or ""),
            actor=actor(here.id),
            now=g.now,
        )
    except BookingError as refusal:
        here, ways = office(), None
        if isinstance(refusal, NoWalkIns | NotServedHere | PausedNow):
            numbers = [one.service_id for one in wanted]
            chosen = [one for one in services_here(read(), office=here) if one.id in numbers]
            ways = next_ways(read(), office=here, services=chosen, now=g.now)
        return answer(refusal, "agent/walk_in.html", form=form, office=here, ways=ways)
    return redirect(url_for(".reception_ticket", number=issued.id), 303)


@open_to(Role.RECEPTIONIST)
def paper_number() -> ResponseReturnValue:
    """Typed in after an outage: the hours no longer matter, the number has to be free."""
    here = office()
    form = PaperForm(services=services_here(read(), office=here))
    if not form.validate_on_submit():
        page = render_template("agent/paper_number.html", form=form, office=here)
        return page, 422 if form.errors else 200
    try:
        issued = write(
            write_down,
            office_id=here.id,
            number=form.paper(),
            wanted=form.wanted(),
            visitor=form.visitor(),
            taken_at=form.at(),
            actor=actor(here.id),
            now=g.now,
        )
    except BookingError as refusal:
        return answer(refusal, "agent/paper_number.html", form=form, office=office())
    return redirect(url_for(".reception_ticket", number=issued.id), 303)
