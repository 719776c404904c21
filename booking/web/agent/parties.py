"""A group under one helper: its times are looked for, booked at once, and cancelled one by one or all together."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from booking.core.appointments import AppointmentState
from booking.core.errors import BookingError, OutOfDate, TooManyPersons, Unknown
from booking.core.parties import MOST_IN_PARTY
from booking.core.roles import Role
from booking.core.typed import typed_day
from booking.database import read, write
from booking.models import Appointment, Office, Service
from booking.usecases.baskets import Basket
from booking.usecases.catalogue import public_services
from booking.usecases.moves import in_commune
from booking.usecases.moves_by_staff import counters_of
from booking.usecases.offers import takes
from booking.usecases.parties import book_party, cancel_of_party
from booking.usecases.party_times import PartyTime, PartyTimes, party_times
from booking.usecases.party_visits import party_of
from booking.usecases.schedules import schedule_of
from booking.web.agent.desk import actor, office, office_ids
from booking.web.agent.party_forms import FEWEST, PARTS, PartyCancelForm, PartyForm, as_value, typed_size
from booking.web.answers import answer
from booking.web.forms import choices
from booking.web.guard import open_to
from booking.web.languages import current_language
from booking.words.formatting import listing, span_sentence


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/group", "party", party, methods=["GET", "POST"])
    blueprint.add_url_rule("/group/<row:number>", "party_booked", party_booked, methods=["GET", "POST"])


@open_to(Role.RECEPTIONIST)
def party() -> ResponseReturnValue:
    """For what, how many and when stand in the address; who they are is sent."""
    form = PartyForm(language="nl" if g.language == "nl" else "fr")
    page = asked_for(form)
    if not form.validate_on_submit() or page["service"] is None:
        return render_template("agent/party.html", **page), 422 if form.errors else 200
    try:
        number = write(
            book_party,
            commune_id=g.commune.id,
            office_id=page["office"].id,
            service_id=page["service"].id,
            places=form.places(),
            wish=form.wish(),
            actor=actor(page["office"].id),
            now=g.now,
        )
    except Unknown:
        raise
    except BookingError as refusal:
        return answer(refusal, "agent/party.html", **asked_for(form))
    flash(_("The appointments of the group are made. One message with all of them goes to the contact."))
    return redirect(url_for(".party_booked", number=number), 303)


def asked_for(form: PartyForm) -> dict[str, Any]:
    """What was asked for, and how the group can be seen then: the ways are the choices of the form."""
    here = office()
    services = for_groups(here)
    today = g.now.astimezone(here.zone).date()
    asked = {
        "office": here,
        "services": services,
        "service": next((one for one in services if one.code == request.args.get("service")), None),
        "persons": typed_size(request.args.get("persons", "")),
        "day": max(typed_day(request.args.get("day", "")) or today, today),
        "part": request.args.get("part") if request.args.get("part") in PARTS else "day",
    }
    found = times_for(here, asked) if asked["service"] else PartyTimes(())
    form.way.choices = choices((as_value(way.places), way_told(way, here)) for way in found.ways)
    if found.ways and not form.is_submitted():
        form.way.data = as_value(found.ways[0].places)
    return asked | {"form": form, "next_day": found.next_day, "fewest": FEWEST, "most": MOST_IN_PARTY}


def for_groups(here: Office) -> list[Service]:
    """What an office gives by appointment in a single visit."""
    schedule = schedule_of(read(), here)
    return [
        one
        for one in public_services(read(), commune_id=g.commune.id)
        if one.mode.is_bookable and not one.information_days and takes(schedule, [one.id])
    ]


def times_for(here: Office, asked: dict[str, Any]) -> PartyTimes:
    part, basket = PARTS[asked["part"]], Basket.of(asked["service"])
    try:
        return party_times(
            read(),
            office=here,
            basket=basket,
            number=asked["persons"],
            day=asked["day"],
            since=part.since,
            until=part.until,
            now=g.now,
        )
    except TooManyPersons:
        return PartyTimes(())


def way_told(way: PartyTime, here: Office) -> str:
    """A way in a sentence: from when until when, and at which counters."""
    names = [one.label for one in counters_of(read(), office=here) if one.id in way.counters]
    start, end = (moment.astimezone(here.zone).time() for moment in (way.start, way.end))
    return ngettext(
        "%(span)s, one after another at counter %(counters)s",
        "%(span)s, side by side at counters %(counters)s",
        len(names),
        span=span_sentence(start, end, current_language()),
        counters=listing(names, current_language()),
    )


@open_to(Role.RECEPTIONIST)
def party_booked(number: int) -> ResponseReturnValue:
    """The appointments of a group; those that are ticked, or all that are left, are cancelled on request."""
    visits = own_party(number)
    form = PartyCancelForm()
    page = {"visits": visits, "number": number, "form": form, "labels": labels(visits)}
    if not form.validate_on_submit():
        return render_template("agent/party_booked.html", **page)
    gone = booked(visits) if form.everybody.data else form.numbers()
    try:
        if not gone:
            raise OutOfDate
        done = write(
            cancel_of_party,
            commune_id=g.commune.id,
            office_ids=office_ids(),
            appointment_id=number,
            gone=gone,
            actor=actor(visits[0].office_id),
            now=g.now,
            terms=current_app.extensions["settings"].offers,
        )
    except OutOfDate as refusal:
        return answer(refusal, "agent/party_booked.html", **page)
    flash(ngettext("%(num)s appointment is cancelled.", "%(num)s appointments are cancelled.", done))
    return redirect(url_for(".party_booked", number=number), 303)


def own_party(number: int) -> list[Appointment]:
    """The visits of a group of an office of this person. Raises ``Unknown``."""
    known = in_commune(read(), commune_id=g.commune.id, appointment_id=number)
    visits = party_of(read(), appointment=known)
    if known.office_id not in office_ids() or not visits:
        raise Unknown
    return visits


def booked(visits: list[Appointment]) -> list[int]:
    return [one.id for one in visits if one.state == AppointmentState.BOOKED]


def labels(visits: list[Appointment]) -> dict[int, str]:
    """The counters of these visits, by their ids."""
    offices = [read().get_one(Office, number) for number in sorted({one.office_id for one in visits})]
    return {one.id: one.label for where in offices for one in counters_of(read(), office=where)}
