"""The reception: whoever stands there is found by one field, and has a ticket."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from booking.core.errors import BookingError, NothingToday
from booking.core.references import typed_reference
from booking.core.roles import Role
from booking.core.tickets import Origin, TicketState, typed_number
from booking.core.timespan import local_date
from booking.database import read, write
from booking.models import Office
from booking.usecases.arrivals import CAME_FOR_NOTHING, arrive, named, tickets_called, with_reference, with_tickets
from booking.usecases.checking_in import ticket_of
from booking.usecases.journal import note
from booking.usecases.next_ways import next_ways, services_of_visit
from booking.usecases.queue import in_order, queue_of
from booking.usecases.visits_found import visit
from booking.web.agent.desk import actor, office, office_here, office_ids
from booking.web.agent.ticket_forms import ArrivalForm
from booking.web.answers import answer
from booking.web.forms import Form
from booking.web.guard import open_to


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/reception", "reception", reception, methods=["GET", "POST"])
    blueprint.add_url_rule("/reception/visits/<row:number>", "arrived", arrived, methods=["POST"])


@open_to(Role.RECEPTIONIST)
def reception() -> ResponseReturnValue:
    """What is typed never stands in an address: it may be a name."""
    here, form = office_here(), ArrivalForm()
    if here is None:
        return render_template("agent/no_office.html")
    if form.validate_on_submit():
        return found_by(form.text(), here)
    return render_template("agent/reception.html", **standing(here, form)), 422 if form.errors else 200


def standing(here: Office, form: ArrivalForm | None = None) -> dict[str, Any]:
    """The field, and who waits."""
    tickets = queue_of(read(), office=here, day=local_date(g.now, here.zone))
    others = [one for one in tickets if one.state != TicketState.WAITING]
    return {
        "office": here,
        "arrival": form or ArrivalForm(),
        "waiting": in_order(tickets, now=g.now),
        "others": others,
    }


def found_by(text: str, here: Office) -> ResponseReturnValue:
    """A reference checks in at once; a number shows its ticket; a name shows whom it may be."""
    reference, number = typed_reference(text), typed_number(text)
    known = with_reference(read(), commune_id=g.commune.id, reference=reference) if reference else None
    if known is not None:
        return let_in(known, here)
    today = local_date(g.now, here.zone)
    if number is not None:
        own = {"commune_id": g.commune.id, "office_ids": [here.id]}
        tickets = tickets_called(read(), **own, number=number, today=today)
        if tickets:
            return redirect(url_for(".reception_ticket", number=tickets[0]), 303)
    about = {"act": "searched", "subject": "office", "subject_id": here.id, "fields": ("name",)}
    write(note, actor(here.id), commune_id=g.commune.id, **about, now=g.now)
    people = named(read(), office=office(), text=text, now=g.now)
    if not people:
        return answer(NothingToday(), "agent/reception.html", **standing(office()))
    return render_template("agent/reception.html", people=people, **standing(office()))


@open_to(Role.RECEPTIONIST)
def arrived(number: int) -> ResponseReturnValue:
    """The button beside a name."""
    if not Form().validate_on_submit():
        return redirect(url_for(".reception"), 303)
    return let_in(number, office())


def let_in(appointment_id: int, here: Office) -> ResponseReturnValue:
    """The ticket of an appointment; whoever came for nothing is told what is possible instead."""
    own = {"commune_id": g.commune.id, "office_id": here.id, "appointment_id": appointment_id}
    try:
        issued = write(arrive, **own, origin=Origin.RECEPTION, actor=actor(here.id), now=g.now)
    except BookingError as refusal:
        return refused(refusal, appointment_id)
    return redirect(url_for(".reception_ticket", number=issued.id), 303)


def refused(refusal: BookingError, appointment_id: int) -> ResponseReturnValue:
    """Somebody whose papers were incomplete is shown their former ticket: with it they come back."""
    former = ticket_of(read(), commune_id=g.commune.id, appointment_id=appointment_id)
    if former is not None and former.return_until is not None:
        return redirect(url_for(".reception_ticket", number=former.id), 303)
    here = office()
    one = visit(read(), commune_id=g.commune.id, office_ids=office_ids(), appointment_id=appointment_id, now=g.now)
    ways = None
    if isinstance(refusal, CAME_FOR_NOTHING):
        services = services_of_visit(read(), commune_id=g.commune.id, appointment_id=appointment_id)
        ways = next_ways(read(), office=here, services=services, now=g.now)
    g.page = "agent.reception"
    told = {"people": with_tickets(read(), [one]), "ways": ways, "is_refused": True}
    return answer(refusal, "agent/reception.html", **told, **standing(here))
