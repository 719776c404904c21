"""The page of an agent's counter: the queue, who is in front of them, and the day; it keeps itself fresh."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking.core.errors import BookingError, RoleMissing, Unknown
from booking.core.roles import Role
from booking.core.typed import typed_number
from booking.database import read, write
from booking.models import Office
from booking.usecases.desk_acts import call, call_for_help, close, done_and_next, sit_down_at, step
from booking.usecases.desk_view import at_desk, freshness
from booking.usecases.queue import InQueue
from booking.web.agent.desk import actor, office_here
from booking.web.agent.desk_forms import CounterForm, HelpForm, StepForm
from booking.web.agent.queue_lines import minutes_since, queue_lines, services_told
from booking.web.answers import answer, status_of
from booking.web.contacts_seen import visit_seen
from booking.web.guard import open_to
from booking.web.staff import is_polling

IN_PLACE = (409, 422)
"""Refusals after which the same page shows what is true now."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/desk", "at_desk", page)
    blueprint.add_url_rule("/desk/open", "desk_open", open_counter, methods=["POST"])
    blueprint.add_url_rule("/desk/close", "desk_close", close_counter, methods=["POST"])
    blueprint.add_url_rule("/desk/help", "desk_help", ask_for_help, methods=["POST"])
    blueprint.add_url_rule("/desk/next", "desk_next", next_visitor, methods=["POST"])
    blueprint.add_url_rule("/desk/step", "desk_step", take, methods=["POST"])


def calling_office() -> Office | None:
    """The office one sits in, if one calls visitors there. Raises ``RoleMissing`` where one does not."""
    here = office_here()
    reach = g.staff.offices_in(g.commune.id, Role.AGENT)
    if here is not None and reach is not None and here.id not in reach:
        raise RoleMissing
    return here


@open_to(Role.AGENT)
def page() -> ResponseReturnValue:
    """A page that keeps itself fresh asks again and again: it is told cheaply that nothing has changed."""
    here = calling_office()
    if here is None:
        return render_template("agent/no_office.html")
    made = make_response()
    if is_polling():
        made.set_etag(freshness(read(), office=here, person_id=g.staff.id, now=g.now), weak=True)
        if request.if_none_match.contains_weak(made.get_etag()[0] or ""):
            made.status_code = 304
            return made
    facts = shown(here)
    in_front = facts["desk_view"].in_front
    if in_front and in_front.visit and not is_polling():
        visit_seen(in_front.visit.id, at=in_front.visit.office_id)
    made.set_data(render_template("agent/desk_parts.html" if is_polling() else "agent/at_desk.html", **facts))
    return made


def shown(here: Office) -> dict[str, Any]:
    g.tells_what_is_down_at = here.id
    view = at_desk(read(), office=here, person_id=g.staff.id, now=g.now)
    ticket = view.in_front.ticket if view.in_front else None
    offered = {"calls_needed": here.calls_needed, "now": g.now}
    return {
        "office": here,
        "desk_view": view,
        "opened": typed_number(request.args.get("ticket", "")),
        "steps": {step.value for step in ticket.position.steps(**offered)} if ticket else set(),
        "now": g.now,
        "wall": g.now.astimezone(here.zone).time(),
        "keys": {step.value: key for step, key in view.keys.items()},
        "minutes_since": minutes_since,
        "waited": waited,
        "services_told": services_told,
        "queue_lines": queue_lines(here, view.own.id if view.own else None, view.in_two),
    }


def waited(ticket: InQueue) -> int:
    """In minutes, until the visitor was called last."""
    return int(((ticket.called_at or g.now) - ticket.issued_at).total_seconds() // 60)


def acted(usecase: Callable[..., object], here: Office, **facts: object) -> ResponseReturnValue:
    """Do it and show the page again; what is refused is answered on the same page, with what is true now."""
    try:
        write(usecase, office=here, **facts, actor=actor(here.id), now=g.now)
    except BookingError as refusal:
        return refused(refusal, here)
    return redirect(url_for(".at_desk"), 303)


def refused(refusal: BookingError, here: Office) -> ResponseReturnValue:
    if status_of(refusal) not in IN_PLACE:
        raise refusal
    g.page, g.place = "agent.at_desk", {}
    return answer(refusal, "agent/at_desk.html", **shown(here))


def here_in_use() -> Office:
    here = calling_office()
    if here is None:
        raise Unknown
    return here


def about_counter(form: CounterForm, usecase: Callable[..., object], **facts: object) -> ResponseReturnValue:
    """What is done with the counter that a form names."""
    here = here_in_use()
    try:
        counter_id = form.number()
    except ValueError:
        abort(400)
    if not form.validate_on_submit():
        return redirect(url_for(".at_desk"), 303)
    return acted(usecase, here, counter_id=counter_id, **facts)


@open_to(Role.AGENT)
def open_counter() -> ResponseReturnValue:
    """Sit down at a counter, free or a colleague's: its visitors stay with it."""
    return about_counter(CounterForm(), sit_down_at)


@open_to(Role.AGENT)
def close_counter() -> ResponseReturnValue:
    return about_counter(CounterForm(), close)


@open_to(Role.AGENT)
def ask_for_help() -> ResponseReturnValue:
    form = HelpForm()
    return about_counter(form, call_for_help, wanted=form.wanted.data == "yes")


@open_to(Role.AGENT)
def next_visitor() -> ResponseReturnValue:
    return about_counter(CounterForm(), call)


@open_to(Role.AGENT)
def take() -> ResponseReturnValue:
    """One step with one ticket, as the button said it."""
    form, here = StepForm(), here_in_use()
    try:
        asked = form.asked()
    except ValueError:
        abort(400)
    except BookingError as refusal:
        return refused(refusal, here)
    if not form.validate_on_submit():
        return redirect(url_for(".at_desk"), 303)
    own = {"ticket_id": asked.ticket_id, "wish": asked.wish}
    if asked.and_next:
        return acted(done_and_next, here, **own)
    return acted(step, here, **own, services=asked.services)
