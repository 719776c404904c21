"""The counters of today: who sits there, which one is out, and their breaks."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from booking.core.errors import BookingError, CounterTaken, EndsBeforeStart, Undecided
from booking.core.roles import Role
from booking.core.timespan import Span, ceil_to_tick, day_span, floor_to_tick, instant, local_date
from booking.core.typed import typed_day
from booking.database import read, write
from booking.models import Counter, Office
from booking.models.opening import BlockReason
from booking.usecases.breaks import add_break, breaks_on, remove_break, touched_by
from booking.usecases.counters_out import Out, bring_back, own_counter, placed, take_out
from booking.usecases.desks import seated_in
from booking.usecases.effects import Decision
from booking.usecases.handed_over import told_at
from booking.usecases.moves_by_staff import counters_of
from booking.usecases.out_today import out_today
from booking.usecases.visits import APPOINTMENTS, Visit, visits_in
from booking.web.agent.break_form import BreakForm
from booking.web.agent.desk import actor, office, office_ids
from booking.web.agent.visits import scope
from booking.web.answers import answer, sentence_of
from booking.web.forms import Form
from booking.web.guard import open_to
from booking.words.formatting import date_numeric


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/counters", "counters", counters)
    blueprint.add_url_rule("/counters/<row:number>/out", "counter_out", counter_out, methods=["GET", "POST"])
    blueprint.add_url_rule("/counters/<row:number>/back", "counter_back", counter_back, methods=["POST"])
    blueprint.add_url_rule("/counters/<row:number>/breaks", "breaks", breaks, methods=["GET", "POST"])
    blueprint.add_url_rule("/breaks/<row:number>/remove", "break_removed", removed, methods=["POST"])


@open_to(Role.AGENT)
def counters() -> ResponseReturnValue:
    here = office()
    today = local_date(g.now, here.zone)
    return render_template(
        "agent/counters.html",
        office=here,
        form=Form(),
        counters=counters_of(read(), office=here),
        seated={one.counter_id: one for one in seated_in(read(), office=here)},
        out=out_today(read(), office=here, now=g.now),
        breaks=planned_on(here, today),
    )


def planned_on(here: Office, day: date) -> list[dict[str, Any]]:
    """The breaks of a day as the office's clock shows them; one that goes on until midnight has no end."""
    whole = day_span(day, here.zone)
    return [
        {
            "id": one.id,
            "counter_id": one.counter_id,
            "reason": one.reason.value,
            "start": wall_of(one.span.start, here) if one.span.start > whole.start else None,
            "end": wall_of(one.span.end, here) if one.span.end < whole.end else None,
        }
        for one in breaks_on(read(), office=here, day=day)
    ]


def wall_of(moment: Any, here: Office) -> time:
    wall: time = moment.astimezone(here.zone).time()
    return wall


def mine(number: int) -> tuple[Counter, Office]:
    """A counter of one of this person's offices. Raises ``Unknown``."""
    counter = own_counter(read(), **scope(), counter_id=number)
    return counter, read().get_one(Office, counter.office_id)


@open_to(Role.AGENT)
def counter_out(number: int) -> ResponseReturnValue:
    """What would become of its visits, and one press; who fits nowhere is decided about on the same page."""
    counter, here = mine(number)
    form = Form()
    if not form.validate_on_submit():
        return render_template("agent/counter_out.html", **effect_of(counter, here), form=form)
    try:
        answers = current_app.extensions["settings"].answers
        told = {"counter_id": number, "decisions": decisions(), "answer": answers}
        out = write(take_out, **scope(), **told, actor=actor(here.id), now=g.now)
    except Undecided as refusal:
        return answer(refusal, "agent/counter_out.html", **effect_of(counter, here), form=form)
    flash(said_of(out, counter))
    return redirect(url_for(".calls" if out.to_call else ".counters"), 303)


def decisions() -> dict[int, Decision]:
    """What was chosen for each who fits nowhere. What no page of ours sends counts as nothing."""
    found = {}
    for name, value in request.form.items():
        number = name.removeprefix("decision-")
        if number != name and number.isascii() and number.isdigit() and value in {*Decision}:
            found[int(number)] = Decision(value)
    return found


def effect_of(counter: Counter, here: Office) -> dict[str, Any]:
    plan = placed(read(), office=here, counter_id=counter.id, now=g.now)
    labels = {one.id: one.label for one in counters_of(read(), office=here)}
    visits = {one.id: one for one in shown([one.id for one in plan if not one.is_held])}
    pairs = [(visits[one.id], one) for one in plan if one.id in visits]
    return {
        "counter": counter,
        "office": here,
        "staying": [(visit, labels[one.counters[0]]) for visit, one in pairs if one.counters],
        "alone": [visit for visit, one in pairs if not one.counters and not one.is_decided and one.is_alone],
        "left": [visit for visit, one in pairs if not one.counters and not one.is_decided and not one.is_alone],
        "here": [visit for visit, one in pairs if not one.counters and one.is_decided],
        "chosen": decisions(),
        "at_counter": told_at(read(), counter_id=counter.id, day=local_date(g.now, here.zone)),
    }


def shown(ids: list[int]) -> tuple[Visit, ...]:
    wanted = select(APPOINTMENTS.c.id).where(APPOINTMENTS.c.id.in_(ids))
    return visits_in(read(), wanted, APPOINTMENTS.c.start, now=g.now)


def said_of(out: Out, counter: Counter) -> str:
    """What was done, in a few sentences."""
    stay = ngettext(
        "%(num)s visit keeps its time at another counter.",
        "%(num)s visits keep their time at another counter.",
        len(out.moved),
    )
    gone = ngettext("%(num)s appointment is cancelled.", "%(num)s appointments are cancelled.", len(out.cancelled))
    asked = ngettext(
        "For %(num)s person another time is being looked for.",
        "For %(num)s people another time is being looked for.",
        len(out.asked),
    )
    sentences = ((out.moved, stay), (out.asked, asked), (out.cancelled, gone))
    said = [sentence for number, sentence in sentences if number]
    return " ".join([_("Counter %(label)s is out today.", label=counter.label), *said])


@open_to(Role.AGENT)
def counter_back(number: int) -> ResponseReturnValue:
    counter, here = mine(number)
    if Form().validate_on_submit():
        write(bring_back, **scope(), counter_id=number, actor=actor(here.id), now=g.now)
        flash(_("Counter %(label)s is back: it can be booked again.", label=counter.label))
    return redirect(url_for(".counters"), 303)


@open_to(Role.AGENT)
def breaks(number: int) -> ResponseReturnValue:
    """The breaks of a counter on a day, and one more; a visit in its way is shown, with the way to move it."""
    counter, here = mine(number)
    today = local_date(g.now, here.zone)
    day = max(typed_day(request.args.get("day", "")) or today, today)
    form = BreakForm(data={"day": date_numeric(day, "fr"), "reason": BlockReason.BREAK.value})
    touched: tuple[Visit, ...] = ()
    refusal: BookingError | None = None
    if form.validate_on_submit():
        day = form.day.day()
        try:
            span = span_of(form, here)
            told = {"counter_id": number, "span": span, "reason": BlockReason(form.reason.data)}
            write(add_break, **scope(), **told, actor=actor(here.id), now=g.now)
        except EndsBeforeStart as fault:
            form.end.errors = [sentence_of(fault)]
        except CounterTaken as fault:
            refusal, touched = fault, shown(list(touched_by(read(), counter_id=number, span=span, now=g.now)))
        else:
            flash(_("It is noted: nobody can be booked at counter %(label)s then.", label=counter.label))
            return redirect(url_for(".breaks", number=number, day=date_numeric(day, "fr")), 303)
    own = [one for one in planned_on(here, day) if one["counter_id"] == number]
    page = {"counter": counter, "office": here, "day": day, "form": form, "breaks": own, "touched": touched}
    if refusal:
        return answer(refusal, "agent/breaks.html", **page)
    return render_template("agent/breaks.html", **page), 422 if form.errors else 200


def span_of(form: BreakForm, here: Office) -> Span:
    """The span that was typed; without a time it goes from now on, or to midnight. Raises ``EndsBeforeStart``."""
    day = form.day.day()
    whole = day_span(day, here.zone)
    first, last = form.start.typed(), form.end.typed()
    start = instant(day, first, here.zone) if first else max(whole.start, floor_to_tick(g.now))
    end = instant(day, last, here.zone) if last else whole.end
    if start >= end:
        raise EndsBeforeStart
    return Span(floor_to_tick(start), ceil_to_tick(end))


@open_to(Role.AGENT)
def removed(number: int) -> ResponseReturnValue:
    if Form().validate_on_submit():
        write(remove_break, commune_id=g.commune.id, office_ids=office_ids(), block_id=number, actor=actor(), now=g.now)
        flash(_("The counter can be booked again then."))
    back = request.form.get("counter", "")
    if back.isascii() and back.isdigit():
        return redirect(url_for(".breaks", number=int(back), day=request.form.get("day", "")), 303)
    return redirect(url_for(".counters"), 303)
