"""Single visits: looking at one, marking it, and those of past days that nobody marked."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking.core.errors import ForAgents, ForbiddenMove, NotMissedYet, OutOfDate, TooEarlyToMark, TooLateToArrive
from booking.core.marks import Mark, Standing
from booking.core.roles import Role
from booking.database import read, write
from booking.models import Appointment
from booking.usecases.cautions import caution_of
from booking.usecases.extra_times import counters_instead
from booking.usecases.groups import others_of
from booking.usecases.looks import look_up_contact
from booking.usecases.loose_ends import unmarked
from booking.usecases.marks import mark
from booking.usecases.needs import needs_changed_at
from booking.usecases.papers import lists_of
from booking.usecases.proposal_answers import other_time
from booking.usecases.visit_changes import changes_of
from booking.usecases.visits_found import booked_visit, visit
from booking.web.addresses import address_of, page_of_this_commune
from booking.web.agent.agenda import wished
from booking.web.agent.desk import actor, is_agent_at, looked_after, office, office_ids, offices
from booking.web.agent.forms import MarkForm
from booking.web.answers import answer
from booking.web.contacts_seen import visit_seen
from booking.web.forms import Form
from booking.web.guard import open_to
from booking.web.slips import slip_of


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/visits/<row:number>", "visit", visit_page)
    blueprint.add_url_rule("/visits/<row:number>/slip", "slip", slip)
    blueprint.add_url_rule("/visits/mark", "mark", mark_visit, methods=["POST"])
    blueprint.add_url_rule("/visits/<row:number>/contact", "contact", show_contact, methods=["GET", "POST"])
    blueprint.add_url_rule("/unmarked", "unmarked", unmarked_visits)


def scope() -> dict[str, Any]:
    """Where every query of this person begins: whatever lies outside is not there."""
    return {"commune_id": g.commune.id, "office_ids": office_ids()}


@open_to(Role.RECEPTIONIST)
def visit_page(number: int) -> ResponseReturnValue:
    """A visit; whom it belongs to can read that it was opened, and in which role."""
    facts = shown(number)
    visit_seen(number, at=facts["visit"].office_id)
    return render_template("agent/visit.html", **facts)


def shown(number: int) -> dict[str, Any]:
    """A visit with its lists, and the agenda one came from: its own day, narrowed as it was."""
    found = visit(read(), **scope(), appointment_id=number, now=g.now)
    others = others_of(read(), commune_id=g.commune.id, appointment_id=number)
    row = read().get_one(Appointment, number)
    changed = needs_changed_at(read(), appointment=row)
    return {
        "visit": found,
        "others": others,
        "own_offices": office_ids(),
        "lists": lists_of(read(), appointment=row),
        "history": changes_of(read(), appointment=row),
        "zone": g.commune.zone,
        "caution": caution_of(read(), appointment=row, now=g.now),
        "caution_days": current_app.extensions["settings"].caution_days,
        "needs_changed": changed.astimezone(g.commune.zone) if changed else None,
        "wish": wished(office(), found.day),
        "party": row.party_size,
        "other_time": other_time(read(), appointment=row, now=g.now),
        "instead": freed_for(row) if found.is_extra else None,
    }


def freed_for(appointment: Appointment) -> dict[str, Any] | None:
    """Of a visit at an extra counter, the counters that have come free at its time, with what a move there sends."""
    free = counters_instead(read(), appointment=appointment, now=g.now)
    where = next((one for one in offices() if one.id == appointment.office_id), None)
    if not free or where is None:
        return None
    return {"counters": free, "office": where.code, "wall": appointment.start.astimezone(where.zone)}


@open_to(Role.RECEPTIONIST)
def slip(number: int) -> ResponseReturnValue:
    """The slip for somebody at the desk or without e-mail."""
    found = booked_visit(read(), **scope(), appointment_id=number)
    return slip_of(found, url_for(".visit", number=number))


@open_to(Role.RECEPTIONIST)
def mark_visit() -> ResponseReturnValue:
    """Mark a visit and go back to where the button stood. An old page is shown what is true now."""
    form = MarkForm()
    try:
        wanted, number, version = form.wish()
    except ValueError:
        abort(400)
    own = scope() | {"appointment_id": number}
    at = refuse_what_agents_say(wanted, number)
    try:
        if form.validate_on_submit():
            write(mark, **own, mark=wanted, version=version, actor=actor(at), now=g.now)
    except (OutOfDate, ForbiddenMove, TooEarlyToMark, NotMissedYet, TooLateToArrive) as refusal:
        g.page, g.place = "agent.visit", {"number": number}
        return answer(refusal, "agent/visit.html", **shown(number))
    back = page_of_this_commune(form.back.data) or url_for(".visit", number=number)
    return redirect(f"{back}#visit-{number}", 303)


def refuse_what_agents_say(wanted: Mark, number: int) -> int:
    """The reception says who is there, and takes that back; how a visit ended is for the counters of its office to say.

    Gives the office. Raises ``ForAgents``, or ``Unknown`` for a visit of none of theirs.
    """
    found = visit(read(), **scope(), appointment_id=number, now=g.now)
    of_reception = wanted == Mark.ARRIVED or (wanted == Mark.BACK and found.standing == Standing.ARRIVED)
    if not of_reception and not is_agent_at(found.office_id):
        raise ForAgents
    return found.office_id


@open_to(Role.RECEPTIONIST)
def show_contact(number: int) -> ResponseReturnValue:
    """E-mail and phone, for whoever asks; the journal says that they did. Its address alone leads to the visit."""
    if not Form().validate_on_submit():
        return redirect(address_of("agent.visit", {"number": number}, request.args.items(multi=True)))
    facts = shown(number)
    own = scope() | {"appointment_id": number}
    contact = write(look_up_contact, **own, actor=actor(facts["visit"].office_id), now=g.now)
    return render_template("agent/visit.html", **facts, contact=contact)


@open_to(Role.RECEPTIONIST)
def unmarked_visits() -> ResponseReturnValue:
    found = unmarked(read(), offices=looked_after(), now=g.now)
    return render_template("agent/unmarked.html", office=office(), visits=found)
