"""Closures and extra openings: the days on which something is otherwise than in other weeks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.changes import AddClosure
from booking.core.errors import Unknown
from booking.core.opening import ClosureRule, SessionRule
from booking.core.roles import Role
from booking.core.typed import typed_day, typed_number
from booking.database import read, write
from booking.models import Closure, Office
from booking.usecases.calls import number_to_call
from booking.usecases.opening import Shut, closure_of, closures_since, remove_closure
from booking.usecases.opening_rules import sessions_of
from booking.web.admin.closure_form import ClosureForm
from booking.web.admin.effect import Proposal, consider, is_proposed
from booking.web.admin.fields import spread
from booking.web.admin.heat import STRIKE
from booking.web.admin.told import Told, closure_told, days_in_words, is_single_day, part_of_day, place_told, told
from booking.web.admin.workplace import (
    administered,
    administers_everywhere,
    closed_down,
    counters_in,
    names_in,
    own_office,
    today_at,
)
from booking.web.agent.desk import actor
from booking.web.answers import answer
from booking.web.forms import Form
from booking.web.guard import open_to
from booking.words.formatting import date_numeric


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/closures", "closures", closures)
    blueprint.add_url_rule("/closures/new/<office>", "new_closure", new_closure, methods=["GET", "POST"])
    blueprint.add_url_rule("/closures/<row:number>/remove", "remove_closure", remove, methods=["GET", "POST"])


@open_to(Role.ADMINISTRATOR)
def closures() -> ResponseReturnValue:
    """Every closure of this year and later: those to come, then those of the past months; and extra openings.

    Who administers some offices only sees theirs, and those of the whole commune.
    """
    today = g.now.astimezone(g.commune.zone).date()
    found = closures_since(read(), commune_id=g.commune.id, since=today.replace(month=1, day=1))
    mine = {None, *(office.id for office in administered())}
    shut = [one for one in found if one.closure.office_id in mine]
    return render_template(
        "admin/closures.html",
        coming=[one for one in shut if one.closure.last_day >= today],
        past=[one for one in shut if one.closure.last_day < today],
        offices=administered(),
        may_remove=may_remove,
        extra=[(office, *found) for office in administered() for found in extra_openings(office, today)],
        days_in_words=days_in_words,
        part_of_day=part_of_day,
        to_call=number_to_call(read(), offices=[*administered(), *closed_down()], now=g.now),
    )


def extra_openings(office: Office, today: date) -> Iterator[tuple[SessionRule, Told]]:
    names = names_in(office)
    for rule in sessions_of(read(), commune_id=g.commune.id, office_id=office.id, since=today):
        if is_single_day(rule):
            yield rule, told(rule, names, today=today)


@open_to(Role.ADMINISTRATOR)
def new_closure(office: str) -> ResponseReturnValue:
    here = own_office(office)
    form = ClosureForm(data=wished(here))
    form.today = today_at(here)
    form.offer(here, counters_in(here), g.language, whole_commune=administers_everywhere())
    page = {"here": here, "heading": _("New closure"), "form": form}
    if is_proposed(form):
        change = form.change(here)
        told_ = [closure_told(change, form.place())]
        proposal = Proposal(change, page["heading"], told_, url_for(".closures"), reason=change.reason)
        return consider(proposal, lambda refusal: answer(refusal, "admin/closure.html", **page))
    return render_template("admin/closure.html", **page), 422 if form.errors else 200


def wished(here: Office) -> dict[str, object]:
    """What the address asks for: from today until a day, one counter or all of the office; a strike has its reason."""
    until, counter = typed_day(request.args.get("until", "")), typed_number(request.args.get("counter", ""))
    days = {"first": date_numeric(today_at(here), "fr"), "last": date_numeric(until, "fr")} if until else {}
    reason = spread("reason", STRIKE) if request.args.get("pattern") == "strike" else {}
    return days | ({"scope": "counters", "counters": [str(counter)]} if counter else {}) | reason


@open_to(Role.ADMINISTRATOR)
def remove(number: int) -> ResponseReturnValue:
    """Open again what was to be shut: nobody is touched by it."""
    found = closure_of(read(), commune_id=g.commune.id, closure_id=number)
    if not may_remove(found.closure):
        raise Unknown
    form = Form()
    if form.validate_on_submit():
        write(remove_closure, commune_id=g.commune.id, closure_id=number, actor=actor(), now=g.now)
        flash(_("The closure is removed."))
        return redirect(url_for(".closures"), 303)
    return render_template("admin/closure_remove.html", form=form, told=shut_told(found))


def may_remove(closure: Closure) -> bool:
    """Whether it shuts an office of this administrator's, or the whole commune that they administer."""
    if closure.office_id is None:
        return administers_everywhere()
    return closure.office_id in {office.id for office in administered()}


def shut_told(shut: Shut) -> str:
    """A closure that stands, as it was told when it was proposed."""
    closure = shut.closure
    rule = ClosureRule(
        id=closure.id,
        first=closure.first_day,
        last=closure.last_day,
        start=closure.wall_start,
        end=closure.wall_end,
    )
    office = next((one.name.joined(g.language) for one in administered() if one.id == closure.office_id), None)
    return closure_told(AddClosure(closure.office_id, rule, closure.reason), place_told(office, shut.labels))
