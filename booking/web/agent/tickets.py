"""A ticket at the reception: printed, left before its call, put first, or the former one of whoever comes back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from booking.core.errors import BookingError, ForAgents, Unknown
from booking.core.roles import Role
from booking.core.tickets import Step, TicketState
from booking.core.turns import ALWAYS, Punctuality, punctuality
from booking.database import read, write
from booking.models import Office, Ticket
from booking.usecases.next_ways import next_ways, services_of_visit
from booking.usecases.queue import InQueue, in_queue
from booking.usecases.returns import come_back, returned_on
from booking.usecases.ticket_slips import ticket_slip
from booking.usecases.ticket_steps import StepWish, take_step
from booking.web.addresses import page_of_this_commune
from booking.web.agent.desk import actor, office_ids
from booking.web.agent.ticket_forms import ArrivalForm, TicketStepForm
from booking.web.answers import answer
from booking.web.forms import Form
from booking.web.guard import open_to
from booking.web.tickets import printed

OF_RECEPTION = (Step.PRIORITY, Step.LEAVE, Step.REOPEN)
"""What the reception does with a ticket; nobody is called there."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/reception/tickets/<row:number>", "reception_ticket", ticket_page)
    blueprint.add_url_rule("/reception/tickets/<row:number>/back", "come_back", back_with_papers, methods=["POST"])
    blueprint.add_url_rule("/reception/step", "reception_step", step_of_ticket, methods=["POST"])


@open_to(Role.RECEPTIONIST)
def ticket_page(number: int) -> ResponseReturnValue:
    return render_template("agent/ticket.html", **shown(number))


def shown(number: int) -> dict[str, Any]:
    """A ticket with what the reception can do with it; of a former one, whether somebody came back on it."""
    scope = {"commune_id": g.commune.id, "office_ids": office_ids()}
    found = in_queue(read(), **scope, ticket_id=number)
    ticket = read().get_one(Ticket, number)
    office = read().get_one(Office, ticket.office_id)
    came = how_they_came(found, office)
    is_too_late = came == Punctuality.TOO_LATE and found.state == TicketState.WAITING
    return {
        "ticket": found,
        "office": office,
        "printed": printed(ticket_slip(read(), **scope, ticket_id=number)),
        "steps": steps_of(found, office),
        "came": came,
        "ways": ways_of(found, office) if is_too_late else None,
        "returned": returned_on(read(), ticket_id=number),
        "can_return": found.return_until is not None and found.return_until >= g.now.astimezone(office.zone).date(),
        "is_today": ticket.local_date == g.now.astimezone(office.zone).date(),
        "arrival": ArrivalForm(formdata=None),
    }


def steps_of(found: InQueue, office: Office) -> list[Step]:
    """What can be done with it at the reception now; a slip of the finger there is taken back there."""
    possible = found.position.steps(calls_needed=office.calls_needed, now=g.now)
    if found.leads_from == ALWAYS:
        possible = tuple(step for step in possible if step != Step.PRIORITY)
    takes_back = found.last_step in OF_RECEPTION
    return [step for step in possible if step in OF_RECEPTION or (step == Step.UNDO and takes_back)]


def how_they_came(found: InQueue, office: Office) -> Punctuality | None:
    """Early or late for their appointment; ``None`` without one."""
    if found.start is None:
        return None
    grace = timedelta(minutes=office.grace_minutes)
    return punctuality(start=found.start, arrived_at=found.issued_at, grace=grace)


def ways_of(found: InQueue, office: Office) -> Any:
    services = services_of_visit(read(), commune_id=g.commune.id, appointment_id=found.appointment_id or 0)
    return next_ways(read(), office=office, services=services, now=g.now)


@open_to(Role.RECEPTIONIST)
def step_of_ticket() -> ResponseReturnValue:
    """Take a step and go back to where the button stood. An old page is shown what is true now."""
    form = TicketStepForm()
    try:
        step, number, version = form.wish()
    except ValueError:
        abort(400)
    scope = {"commune_id": g.commune.id, "office_ids": office_ids()}
    if form.validate_on_submit():
        found = in_queue(read(), **scope, ticket_id=number)
        is_old = found.version != version
        if step not in OF_RECEPTION and not (step == Step.UNDO and (is_old or found.last_step in OF_RECEPTION)):
            raise ForAgents
        try:
            own = {"wish": StepWish(step, version), "actor": actor(found.office_id), "now": g.now}
            write(take_step, **scope, ticket_id=number, **own)
        except Unknown:
            raise
        except BookingError as refusal:
            g.page, g.place = "agent.reception_ticket", {"number": number}
            return answer(refusal, "agent/ticket.html", **shown(number))
    back = page_of_this_commune(form.back.data) or url_for(".reception_ticket", number=number)
    return redirect(back, 303)


@open_to(Role.RECEPTIONIST)
def back_with_papers(number: int) -> ResponseReturnValue:
    """A new ticket on the number of a former one whose papers were incomplete."""
    if not Form().validate_on_submit():
        return redirect(url_for(".reception_ticket", number=number), 303)
    scope = {"commune_id": g.commune.id, "office_ids": office_ids()}
    at = in_queue(read(), **scope, ticket_id=number).office_id
    try:
        issued = write(come_back, **scope, ticket_id=number, actor=actor(at), now=g.now)
    except Unknown:
        raise
    except BookingError as refusal:
        g.page, g.place = "agent.reception_ticket", {"number": number}
        return answer(refusal, "agent/ticket.html", **shown(number))
    return redirect(url_for(".reception_ticket", number=issued.id), 303)
