"""The list for an earlier appointment: joining it without one, one's place in it, the time that is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.errors import AddressMissing, AlreadyWaiting, BookingError, NoEarlierList, TooManyTries
from booking.core.references import nonce_of, token_of
from booking.core.roles import Role
from booking.core.timespan import local_date
from booking.core.typed import typed_number
from booking.core.waiting import WaitingState
from booking.database import read, write
from booking.models import Appointment, Offer, Office, WaitingEntry
from booking.usecases.baskets import Basket
from booking.usecases.misses import take_try
from booking.usecases.offers import free_days
from booking.usecases.waiting import can_be_earlier, entry_with_nonce, join, prove
from booking.usecases.waiting_answers import accept, decline, leave, open_offer
from booking.usecases.waiting_figures import median_gain
from booking.usecases.waiting_list import baskets_of, has_list, keeps_list, place_in_list, wishable
from booking.web.answers import answer
from booking.web.guard import open_to
from booking.web.resident import moving
from booking.web.resident.appointment import actor
from booking.web.resident.baskets import in_address
from booking.web.resident.forms import StepForm
from booking.web.resident.needs import chosen_needs, forget_needs
from booking.web.resident.times import Choice, choice_of
from booking.web.resident.waiting_forms import JoinForm
from booking.web.security import client


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/services/<service>/earlier", "join_list", join_list, methods=["GET", "POST"])
    blueprint.add_url_rule("/earlier", "my_place", my_place)
    blueprint.add_url_rule("/earlier/open/<token>", "open_place", open_place)
    blueprint.add_url_rule("/e/<token>", "open_place_short", open_place_short)
    for step, view in (("prove", prove_place), ("accept", take_offer), ("decline", turn_down), ("leave", leave_list)):
        blueprint.add_url_rule(f"/earlier/{step}", f"{step}_place", view, methods=["POST"])
    blueprint.add_app_template_global(list_for, "earlier_list_for")
    blueprint.add_app_template_global(why_no_list, "why_no_list")


def list_for(basket: Basket) -> dict[str, int | None] | None:
    """What is said of the list where nothing is free: the days others gained; ``None`` where there is no list.

    It keeps one visit at one counter; ``why_no_list`` says what there is instead.
    """
    if not has_list(basket.lines) or basket.apart or basket.step or basket.own:
        return None
    services = [service.id for service in basket.services]
    return {"gain": median_gain(read(), commune_id=g.commune.id, service_ids=services, now=g.now)}


def why_no_list(basket: Basket) -> str | None:
    """Why the list that the commune keeps for these services is not joined from here; ``None`` where none is kept."""
    if not keeps_list(basket.services):
        return None
    moved = moving.moved_by(basket)
    if moved is not None:
        return "moved" if can_be_earlier(read(), moved) else None
    return "apart" if basket.apart else "steps" if basket.main.in_steps else None


@open_to(Role.RESIDENT)
def join_list(service: str) -> ResponseReturnValue:
    """Wishes, a name and an address: nothing counts before the address is proved by the message."""
    choice = choice_of(service, request.args)
    if list_for(choice.basket) is None:
        raise NoEarlierList
    days = choice.basket.window
    today, last = (local_date(one, g.commune.zone) for one in (g.now, days.latest(g.now)))
    form = JoinForm(language=g.language if g.language in {"fr", "nl"} else None, needs=sorted(chosen_needs()))
    form.by_text = current_app.extensions["settings"].offers.by_text
    there_is = wishable(read(), commune_id=g.commune.id, basket=choice.basket)
    form.offer(there_is, first=today, last=last, language=g.language)
    if request.method != "POST":
        form.tick_all(offices=choice.wanted)
    if form.validate_on_submit():
        try:
            session["waiting"] = joined(form, choice, last)
        except (TooManyTries, AddressMissing) as refusal:
            return answer(refusal, "resident/earlier_join.html", form=form, **about(choice))
        forget_needs()
        return redirect(url_for(".my_place"), 303)
    page = render_template("resident/earlier_join.html", form=form, **about(choice))
    return page, 422 if form.is_refused() else 200


def about(choice: Choice) -> dict[str, object]:
    """What the page says beside the form: what it is for, and what others gained in the last month."""
    return {"choice": choice, **(list_for(choice.basket) or {})}


def joined(form: JoinForm, choice: Choice, last: date) -> str:
    """Ask for the place; each message to an address that may be anybody's counts as a try of this client."""
    settings = current_app.extensions["settings"]
    basket = replace(choice.basket, lengthened=g.commune.need_minutes.for_(form.needs.needs()))
    otherwise_on = first_free_day(form, basket, last)
    pause = timedelta(minutes=settings.find_pause_minutes)
    write(take_try, kind="list", key=client(), limit=settings.find_misses, pause=pause, now=g.now)
    return write(
        join,
        commune_id=g.commune.id,
        lines=basket.wished,
        time=form.time(),
        otherwise_on=otherwise_on,
        wish=form.wish(),
        by_text=settings.offers.by_text,
        now=g.now,
    )


def first_free_day(form: JoinForm, basket: Basket, last: date) -> date:
    """The day on which somebody could come without the list, in the offices they would go to: the last when never."""
    offices = form.chosen_offices() or form.wishable.offices
    wish = {"basket": basket, "first": form.first_day, "last": last, "now": g.now}
    found = [free_days(read(), office=office, **wish) for office in offices]
    return min((day for days in found for day, starts in days.items() if starts), default=last)


@open_to(Role.RESIDENT)
def open_place(token: str) -> ResponseReturnValue:
    """The landing of a link from a message: whoever opens it reads what is written to that address."""
    nonce = nonce_of(current_app.config["SECRET_KEY"], "earlier", token)
    if nonce is None or entry_with_nonce(read(), commune_id=g.commune.id, nonce=nonce) is None:
        abort(404)
    session["waiting"] = session["waiting_proved"] = nonce
    return redirect(url_for(".my_place"), 303)


@open_to(Role.RESIDENT)
def open_place_short(token: str) -> ResponseReturnValue:
    """The same landing, from a text message."""
    return open_place(token_of(token))


def mine() -> WaitingEntry:
    """The place this browser knows, or the page of services."""
    known = entry_with_nonce(read(), commune_id=g.commune.id, nonce=session.get("waiting", ""))
    return known or abort(redirect(url_for(".services"), 303))


def proved() -> WaitingEntry:
    """The place whose link this browser has opened: only that may answer."""
    known = mine()
    return known if has_proof(known) else abort(redirect(url_for(".my_place"), 303))


def has_proof(entry: WaitingEntry) -> bool:
    return bool(session.get("waiting_proved") == entry.nonce)


@open_to(Role.RESIDENT)
def my_place() -> ResponseReturnValue:
    return render_template("resident/earlier.html", **facts(mine()))


def facts(entry: WaitingEntry) -> dict[str, object]:
    """What is true now of a place in the list."""
    basket = baskets_of(read(), [entry])[entry.id]
    return {
        "entry": entry,
        "services": basket.services,
        "wish": in_address(basket),
        "has_proof": has_proof(entry),
        "form": StepForm(None),
        **standing(entry),
    }


def standing(entry: WaitingEntry) -> dict[str, object]:
    """One's place, and the time that is being kept, if there is one."""
    is_live = entry.state == WaitingState.LIVE
    kept = open_offer(read(), entry=entry, now=g.now) if is_live else None
    return {
        "place": place_in_list(read(), entry=entry) if is_live else None,
        "kept": kept_facts(*kept) if kept else None,
    }


def kept_facts(offer: Offer, held: Appointment) -> dict[str, object]:
    """The time that is kept and until when, on the office's clock."""
    office = read().get_one(Office, held.office_id)
    until = offer.until.astimezone(office.zone)
    return {
        "offer": offer,
        "held": held,
        "office": office,
        "until": until,
        "is_today": until.date() == local_date(g.now, office.zone),
    }


@open_to(Role.RESIDENT)
def prove_place() -> ResponseReturnValue:
    entry = proved()
    try:
        write(prove, commune_id=g.commune.id, nonce=entry.nonce, now=g.now)
    except AlreadyWaiting as refusal:
        g.page = "resident.my_place"
        return answer(refusal, "resident/earlier.html", **facts(entry))
    return redirect(url_for(".my_place"), 303)


@open_to(Role.RESIDENT)
def take_offer() -> ResponseReturnValue:
    entry = proved()
    try:
        accept_offer(entry.id)
    except BookingError as refusal:
        g.page = "resident.my_place"
        return answer(refusal, "resident/earlier.html", **facts(mine()))
    return redirect(url_for(".booked"), 303)


def accept_offer(entry_id: int) -> None:
    """The offer of the button is this entry's appointment from now on, and its page is open."""
    settings = current_app.extensions["settings"]
    session["appointment"] = write(
        accept,
        commune_id=g.commune.id,
        entry_id=entry_id,
        offer_id=wanted_offer(),
        per_contact=settings.appointments_per_contact,
        terms=settings.offers,
        actor=actor(),
        now=g.now,
    )


def wanted_offer() -> int:
    """The offer a button answers; 0, which no offer has, for what no page of ours sends."""
    return typed_number(request.form.get("offer", "")) or 0


@open_to(Role.RESIDENT)
def turn_down() -> ResponseReturnValue:
    own = {"commune_id": g.commune.id, "entry_id": proved().id, "offer_id": wanted_offer()}
    write(decline, **own, terms=current_app.extensions["settings"].offers, now=g.now)
    flash(_("The time goes to the next person. You keep your place in the list."))
    return redirect(url_for(".my_place"), 303)


@open_to(Role.RESIDENT)
def leave_list() -> ResponseReturnValue:
    terms = current_app.extensions["settings"].offers
    write(leave, commune_id=g.commune.id, entry_id=proved().id, terms=terms, now=g.now)
    return redirect(url_for(".my_place"), 303)
