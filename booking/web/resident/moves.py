"""Moving an appointment by oneself: what is to change, the time that was chosen, and one press to fix it."""

from __future__ import annotations

from datetime import date, time

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.appointments import EXTENSIONS, AppointmentState
from booking.core.errors import (
    AlreadyBooked,
    BookingError,
    HoldGone,
    HoldLapsed,
    NoCounterForAll,
    NotBookable,
    NotTogether,
    NotYetReleased,
    OutsideHours,
    QuotaReached,
    SlotTaken,
    StepsOutOfOrder,
    TooSoon,
)
from booking.core.roles import Role
from booking.database import read, write
from booking.models import Appointment, Office
from booking.usecases.baskets import Basket
from booking.usecases.held import Held, held_by
from booking.usecases.holds import release
from booking.usecases.moves import accept, basket_of
from booking.usecases.offers import offices_for
from booking.usecases.self_service import allowed
from booking.web.answers import answer
from booking.web.guard import open_to
from booking.web.resident import moving
from booking.web.resident.answers import answered, carried, forget_answers
from booking.web.resident.appointment import actor, facts, mine, seen
from booking.web.resident.baskets import REFUSED, in_address, persons_of, typed_lines
from booking.web.resident.forms import StepForm
from booking.web.resident.times import hold_for, lost
from booking.web.resident.together import addable
from booking.web.steps import order_of_steps
from booking.words.formatting import moment_sentence


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/appointment/change", "change", change, methods=["GET", "POST"])
    blueprint.add_url_rule("/appointment/move", "move", move, methods=["GET", "POST"])
    blueprint.add_url_rule("/appointment/move/start", "start_moving", start, methods=["POST"])
    blueprint.add_url_rule("/appointment/move/stop", "stop_moving", stop, methods=["POST"])
    blueprint.add_app_template_global(order_of_steps, "order_of_steps")


def movable() -> Appointment:
    """The appointment this browser knows, or the page that says why it is not moved here."""
    known = mine()
    if allowed(read(), appointment=known, now=g.now).to_move is not None:
        abort(redirect(url_for(".appointment"), 303))
    return known


@open_to(Role.RESIDENT)
def change() -> ResponseReturnValue:
    """Another time, or other persons and services: these at the time one has if there is room, else at another."""
    known = movable()
    basket = basket_of(read(), appointment=known)
    if request.method != "POST" or g.switching or not StepForm().validate_on_submit():
        return render_template("resident/change.html", **choosing(known, basket))
    try:
        if basket.step:
            raise NotTogether
        return changed(known, typed_lines(request.form.getlist("line")))
    except REFUSED as refusal:
        return answer(refusal, "resident/change.html", **choosing(known, basket))


def choosing(known: Appointment, basket: Basket) -> dict[str, object]:
    """What the page of changes shows: what the visit is for, or what was chosen instead before a question came up."""
    wanted = {
        code: persons_of(number) for code, _, number in (line.partition(":") for line in carried().get("line", ()))
    }
    chosen = [(line.service, wanted.pop(line.service.code, line.persons)) for line in basket.lines]
    return facts(known) | {"chosen": chosen, "added": next(iter(wanted), None), "groups": addable(basket)}


def changed(known: Appointment, basket: Basket) -> ResponseReturnValue:
    """Hold the time one has for another basket, or let another time be chosen.

    What is added is asked about first, and what was answered before stays. Raises ``NotBookable``,
    ``NoCounterForAll`` or ``TooManyPersons``.
    """
    basket.check_persons()
    if not offices_for(read(), commune_id=g.commune.id, basket=basket):
        raise NoCounterForAll if len(basket.lines) > 1 else NotBookable
    moving.begin(known, (service.code for service in basket.services))
    basket = answered(basket, moving.kept_lines(basket))
    office = read().get_one(Office, known.office_id)
    wished = Held(None, moving.as_moved(basket), office, known.start)
    if wished.basket.only_time:
        return as_it_was()
    try:
        session["hold"] = hold_for(wished)
    except (SlotTaken, OutsideHours, TooSoon, NotYetReleased, QuotaReached):
        flash(_("There is no room for this at the time you have. Please choose another one."), "warn")
        return redirect(url_for(".times", **in_address(basket)), 303)
    return redirect(url_for(".move"), 303)


@open_to(Role.RESIDENT)
def start() -> ResponseReturnValue:
    """On to the calendar, where each time that is chosen is for this appointment."""
    known = movable()
    basket = basket_of(read(), appointment=known)
    moving.begin(known, (service.code for service in basket.services))
    return redirect(url_for(".times", **in_address(basket, read().get_one(Office, known.office_id))), 303)


@open_to(Role.RESIDENT)
def stop() -> ResponseReturnValue:
    """Keep the time one has: what was held instead is free."""
    write(release, commune_id=g.commune.id, hold_key=session.pop("hold", None))
    return as_it_was()


def as_it_was() -> ResponseReturnValue:
    moving.end()
    flash(_("Nothing has changed: your appointment stays as it was."))
    return redirect(url_for(".appointment"), 303)


@open_to(Role.RESIDENT)
def move() -> ResponseReturnValue:
    """The old time and the new one, and one press to fix it."""
    known, form = mine(), StepForm()
    key = request.form.get("hold") or session.get("hold")
    held = held_by(read(), commune_id=g.commune.id, hold_key=key)
    is_for_another = held is not None and (held.appointment is None or held.appointment.replaces_id != known.id)
    if form.validate_on_submit() and not is_for_another:
        return accepted(known, form, key or "", held)
    if held is None or is_for_another:
        return redirect(url_for(".appointment"), 303)
    if not held.lasts(g.now):
        return lost(HoldLapsed(), held)
    return render_template("resident/move.html", **shown(known, held))


def accepted(known: Appointment, form: StepForm, key: str, held: Held | None) -> ResponseReturnValue:
    if known.state != AppointmentState.BOOKED:
        return redirect(url_for(".appointment"), 303)
    before = known.local_date, known.wall_time
    try:
        moved = write(
            accept,
            commune_id=g.commune.id,
            hold_key=key,
            version=seen(form.version),
            actor=actor(),
            terms=current_app.extensions["settings"].offers,
            now=g.now,
        )
    except (HoldLapsed, HoldGone, TooSoon, StepsOutOfOrder) as refusal:
        return lost(refusal, held) if held else answer(refusal, "resident/appointment.html", **facts(mine()))
    except AlreadyBooked as refusal:
        return answer(refusal, "resident/move.html", **shown(mine(), held)) if held else redirect(url_for(".change"))
    except BookingError as refusal:
        return answer(refusal, "resident/appointment.html", **facts(mine()))
    session.pop("hold", None)
    moving.end()
    forget_answers()
    session["appointment"] = moved.nonce
    if moved.stays:
        return as_it_was()
    flash(changed_from(before, mine(), is_written_to=bool(known.email)))
    return redirect(url_for(".appointment"), 303)


def changed_from(before: tuple[date, time], now: Appointment, *, is_written_to: bool) -> str:
    """What has become of an appointment that was at another time, or for other persons and services, ``before``."""
    if before == (now.local_date, now.wall_time):
        if is_written_to:
            return _("Your appointment has changed. A message about it is on its way.")
        return _("Your appointment has changed.")
    old, new = (moment_sentence(*moment, g.language) for moment in (before, (now.local_date, now.wall_time)))
    if is_written_to:
        return _("Your appointment was moved from %(old)s to %(new)s. A message is on its way.", old=old, new=new)
    return _("Your appointment was moved from %(old)s to %(new)s.", old=old, new=new)


def shown(known: Appointment, held: Held) -> dict[str, object]:
    """The appointment as it is, and the hold that will replace its time."""
    until, extensions = held.appointment.held_until, held.appointment.extensions  # type: ignore[union-attr]
    return facts(known) | {
        "held": held,
        "seconds_left": max(0, int((until - g.now).total_seconds())) if until else 0,
        "extended": extensions,
        "can_extend": extensions < EXTENSIONS,
        "all_times": url_for(".times", **in_address(held.basket, held.office)),
    }
