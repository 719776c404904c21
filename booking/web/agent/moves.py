"""An agent moves a visit while the person is on the telephone: a day, a counter perhaps, a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.availability import STAFF
from booking.core.errors import (
    BookingError,
    NoCounterForAll,
    RoleMissing,
    TooManyPersons,
    Unknown,
)
from booking.core.roles import Role
from booking.core.typed import typed_day, typed_number
from booking.database import read, write
from booking.models import Counter, Office
from booking.models.offices import CounterKind
from booking.usecases.baskets import Basket
from booking.usecases.extra_times import extra_times
from booking.usecases.moves import basket_of, in_commune
from booking.usecases.moves_by_staff import FreeTime, changed_to, counters_of, free_times, move_for
from booking.usecases.offers import offices_for
from booking.usecases.overbooking import OVERBOOKED
from booking.usecases.paused import pauses_of
from booking.usecases.visits_found import visit
from booking.web.agent.desk import actor, may_overbook, office_ids, offices
from booking.web.agent.forms import MoveForm
from booking.web.answers import answer
from booking.web.guard import open_to
from booking.web.resident.baskets import REFUSED, as_lines, typed_lines
from booking.web.resident.times import typed_start
from booking.web.resident.together import addable


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/visits/<row:number>/move", "move", move_visit, methods=["GET", "POST"])


@open_to(Role.RECEPTIONIST)
def move_visit(number: int) -> ResponseReturnValue:
    form = MoveForm()
    if not form.validate_on_submit():
        return looked_at(number)
    office, start = office_named(form.office.data), typed_start(form.start.data)
    before = in_commune(read(), commune_id=g.commune.id, appointment_id=number)
    agreed = basket_of(read(), appointment=before)
    try:
        basket = wished(agreed)
        stays = (before.office_id, before.start) == (office.id, start)
        write(
            move_for,
            commune_id=g.commune.id,
            office_ids=office_ids(),
            appointment_id=number,
            version=form.seen(),
            office_id=office.id,
            start=start,
            counter_id=typed_number(form.counter.data or ""),
            lines=None if basket is agreed else basket.wished,
            actor=actor(office.id),
            terms=current_app.extensions["settings"].offers,
            asked=OVERBOOKED if form.overbook.data else STAFF,
            now=g.now,
        )
    except (Unknown, RoleMissing):
        raise
    except BookingError as refusal:
        return answer(refusal, "agent/move.html", **shown(number)[0])
    flash(told_of(stays=stays, is_for_the_same=basket is agreed))
    return redirect(url_for(".visit", number=number), 303)


def told_of(*, stays: bool, is_for_the_same: bool) -> str:
    if not stays:
        return _("The visit is moved. A message goes to the person if we have a contact.")
    if is_for_the_same:
        return _("The visit has another counter. Its time stays: nobody is written to.")
    return _("The visit is changed, and its time stays. A message goes to the person if we have a contact.")


def office_named(code: str | None) -> Office:
    """One of the offices this person works in. Raises ``Unknown``."""
    named = next((one for one in offices() if one.code == code), None)
    if named is None:
        raise Unknown
    return named


def wished(agreed: Basket) -> Basket:
    """What the visit is to be for: what was chosen on the page, or that very basket when nothing else was.

    Raises what ``typed_lines`` raises, ``TooManyPersons``, ``NotTogether``, or ``NoCounterForAll``.
    """
    lines = [line for line in request.values.getlist("line") if line]
    if not lines or lines == as_lines(agreed):
        return agreed
    basket = changed_to(agreed, typed_lines(lines, agreed))
    basket.check_persons()
    if not offices_for(read(), commune_id=g.commune.id, basket=basket):
        raise NoCounterForAll
    return basket


def looked_at(number: int) -> ResponseReturnValue:
    facts, refusal = shown(number)
    return answer(refusal, "agent/move.html", **facts) if refusal else render_template("agent/move.html", **facts)


def shown(number: int) -> tuple[dict[str, Any], BookingError | None]:
    """The visit, and the free times of the day that is looked at, in its own office unless another is chosen.

    With it why what was chosen cannot be had; the times are then those of what the visit is for.
    """
    found = visit(read(), commune_id=g.commune.id, office_ids=office_ids(), appointment_id=number, now=g.now)
    appointment = in_commune(read(), commune_id=g.commune.id, appointment_id=number)
    own = next((one for one in offices() if one.id == appointment.office_id), None)
    asked = request.values.get("office")
    office = office_named(asked) if asked or own is None else own
    today = g.now.astimezone(office.zone).date()
    day = max(typed_day(request.values.get("day", "")) or found.day, today)
    counter = typed_number(request.values.get("counter", ""))
    every_tick = bool(request.values.get("every"))
    agreed = basket = basket_of(read(), appointment=appointment)
    refused: BookingError | None = None
    try:
        basket = wished(agreed)
    except REFUSED as refusal:
        refused = refusal
    facts = {
        "basket": basket,
        "groups": [] if basket.step else addable(basket),
        "sent": [("line", line) for line in as_lines(basket)] if basket is not agreed else [],
        "every_tick": every_tick,
        "is_day_chosen": bool(request.values.get("day")),
        "visit": found,
        "office": office,
        "paused": pausing([office] if day == today else [], basket),
        "offices": offices(),
        "day": day,
        "before": day - timedelta(days=1) if day > today else None,
        "after": day + timedelta(days=1) if day < date.max else None,
        "counter": counter,
        "counters": [one for one in counters_of(read(), office=office) if one.kind == CounterKind.NORMAL],
        **times_on(basket, office, day, counter, every_tick=every_tick),
    }
    return facts, refused


def pausing(offices: Collection[Office], basket: Basket) -> list[Office]:
    """Those of some offices, in their order, where something of a basket cannot be given now."""
    numbers = [service.id for service in basket.services]
    down = pauses_of(
        read(), offices=sorted(offices, key=lambda one: (one.position, one.id)), service_ids=numbers, now=g.now
    )
    return [office for office, _since in down]


Times = list[tuple[datetime, str]]
"""Starts as the office's clock shows them, each with the labels of its free counters."""


def times_on(basket: Basket, office: Office, day: date, counter: int | None, *, every_tick: bool) -> dict[str, Times]:
    """The free starts, at one counter if one is asked for; and for who may overbook, those of the extra counters."""
    wish: dict[str, Any] = {"office": office, "basket": basket, "day": day, "now": g.now}
    try:
        found = free_times(read(), every_tick=every_tick, **wish)
        overbooked = [office] if may_overbook(office.id) else []
        extra = extra_times(read(), offices=overbooked, basket=basket, day=day, now=g.now).get(office, [])
    except TooManyPersons:
        return {"times": [], "extra_times": []}
    here = [one for one in found if counter is None or counter in {free.id for free in one.counters}]
    return {"times": shown_at(office, here), "extra_times": shown_at(office, extra)}


def shown_at(office: Office, times: Iterable[FreeTime]) -> Times:
    return [(one.start.astimezone(office.zone), labels(one.counters)) for one in times]


def labels(counters: Iterable[Counter]) -> str:
    return ", ".join(one.label for one in counters)
