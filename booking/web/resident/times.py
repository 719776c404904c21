"""A wish as addresses and forms carry it, and taking the time that was chosen for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from booking.core.appointments import Step
from booking.core.errors import (
    BookingError,
    HoldGone,
    HoldLapsed,
    NoRoomForNeeds,
    NotBookable,
    SlotTaken,
    TooManyHolds,
    Unknown,
)
from booking.core.references import wish_key
from booking.core.roles import Role
from booking.core.typed import typed_number
from booking.database import read, write
from booking.models import Office, Service
from booking.usecases.baskets import Basket
from booking.usecases.groups import hold_adjoining, hold_steps
from booking.usecases.held import Held, check_free, held_by
from booking.usecases.holds import hold
from booking.usecases.moves import hold_instead
from booking.usecases.offers import nearest, offices_apart, offices_for
from booking.usecases.possibilities import minutes_in
from booking.web.answers import answer
from booking.web.formatting import as_sent
from booking.web.guard import open_to
from booking.web.resident import moving
from booking.web.resident.answers import answered
from booking.web.resident.baskets import Typed, in_address, in_form, typed_basket
from booking.web.resident.forms import DetailsForm, StepForm
from booking.web.resident.needs import chosen_needs, with_needs
from booking.web.security import client

NEAR = 3


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/services/<service>/hold", "hold", take, methods=["POST"])


@dataclass(frozen=True)
class Choice:
    """What is wished so far: a basket, perhaps in one of the ``offices`` that take it."""

    basket: Basket
    offices: tuple[Office, ...]
    chosen: Office | None = None
    first: datetime | None = None
    """When one is informed, once that is chosen: the wish is then for the visit with the file."""

    @property
    def office(self) -> Office:
        """The office that is meant where there must be one: without a choice, the first."""
        return self.chosen or self.offices[0]

    @property
    def wanted(self) -> tuple[Office, ...]:
        """The offices whose times are shown: all as long as none is chosen."""
        return (self.chosen,) if self.chosen else self.offices

    @property
    def wish(self) -> dict[str, Any]:
        """What is wished, wherever, as ``url_for`` takes it."""
        first = as_sent(self.first) if self.first else None
        others = in_form(self.basket) or None
        return {"service": self.service.code, "persons": self.persons, "with": others, "first": first}

    @property
    def service(self) -> Service:
        return self.basket.main

    @property
    def persons(self) -> int:
        return self.basket.persons

    @property
    def minutes(self) -> int:
        return self.basket.minutes

    def at(self, start: datetime) -> Held:
        """The wish for this start, with nothing held."""
        wished = Held(None, self.basket, self.office, start)
        if self.first is None:
            return wished
        return Held(None, self.basket.of_step(Step.INFORMATION), self.office, self.first, following=wished)


def choice_of(code: str, typed: Typed) -> Choice:
    """Read the wish from an address or a form.

    Whoever has not answered the questions of a service is sent there, and to the ways to have each alone whoever wishes
    what no office takes together. Raises ``Unknown``, ``NotBookable``, ``NotTogether``, ``TooManyServices`` or
    ``TooManyPersons``.
    """
    wished = typed_basket(code, typed)
    basket, offices = where_taken(with_needs(answered(wished, moving.kept_lines(wished))))
    if not offices and len(basket.lines) > 1:
        abort(redirect(url_for(".together", **in_address(basket)), 303))
    if not offices:
        raise NotBookable
    named = typed.get("office")
    chosen = next((office for office in offices if office.code == named), None)
    if named and chosen is None:
        raise Unknown
    moved = moving.as_moved(basket)
    if moved.own is None and basket.main.in_steps:
        return in_steps(basket, tuple(offices), chosen, typed.get("first"))
    return Choice(moved, tuple(offices), chosen)


def in_steps(basket: Basket, offices: tuple[Office, ...], chosen: Office | None, first: str | None) -> Choice:
    """Of a service in steps the information comes first; once that is chosen, the file, in the same office."""
    if not first:
        return Choice(basket.of_step(Step.INFORMATION), offices, chosen)
    office, informed = chosen or offices[0], typed_start(first)
    file = basket.of_step(Step.FILE, other=basket.informed(informed, office.zone))
    return Choice(file, (office,), office, informed)


def where_taken(basket: Basket) -> tuple[Basket, list[Office]]:
    """The offices that take a wish at one counter; where none does, at two, and then the basket says so.

    Raises ``TooManyPersons``.
    """
    basket.check_persons()
    offices = offices_for(read(), commune_id=g.commune.id, basket=basket)
    if offices or len(basket.lines) == 1:
        return basket, offices
    apart = replace(basket, apart=True)
    return apart, offices_apart(read(), commune_id=g.commune.id, basket=apart)


def typed_start(text: str | None) -> datetime:
    """What ``as_sent`` wrote. Raises ``Unknown``."""
    minutes = typed_number(text or "")
    if minutes is None:
        raise Unknown
    return datetime.fromtimestamp(minutes * 60, UTC)


@open_to(Role.RESIDENT)
def take(service: str) -> ResponseReturnValue:
    """Hold the chosen time and go on to the details; a lost time offers its neighbours.

    When the first of two steps is chosen, the other comes first: they are held together.
    """
    choice, start = choice_of(service, request.form), typed_start(request.form.get("start"))
    if choice.basket.step == Step.INFORMATION and choice.basket.own is None:
        return redirect(url_for(".times", **choice.wish | {"first": as_sent(start), "office": choice.office.code}), 303)
    wished = choice.at(start)
    try:
        session["hold"] = hold_for(wished)
    except BookingError as refusal:
        return lost(refusal, wished)
    return redirect(url_for(".details"), 303)


def hold_for(wished: Held) -> str:
    """Hold a time for this browser, instead of the one it may hold already; gives the hold's key.

    A button pressed twice sends the same wish twice: the second finds the time held, by the first.
    """
    settings = current_app.extensions["settings"]
    key = key_of(wished)
    wish: dict[str, Any] = {
        "commune_id": g.commune.id,
        "office_id": wished.office.id,
        "lines": wished.whole.wished,
        "start": wished.start,
        "length": settings.hold,
        "client": client(),
        "per_client": settings.holds_per_client,
        "key": key,
        "instead_of": session.get("hold"),
        "now": g.now,
    }
    moved = moving.moved_by(wished.basket)
    try:
        if moved:
            return write(hold_instead, appointment_id=moved.id, needs=moving.new_needs(), **wish)
        if wished.in_steps:
            return write(hold_steps, then=wished.chosen, needs=chosen_needs(), **wish)
        return write(hold_adjoining if wished.basket.apart else hold, needs=chosen_needs(), **wish)
    except SlotTaken:
        held = held_by(read(), commune_id=g.commune.id, hold_key=key)
        if held is None or not held.lasts(g.now):
            raise
        return key


def key_of(wished: Held) -> str:
    """The key of a wish: the same as long as this browser knows of no other hold and no other appointment."""
    known = [session.get(name) or "" for name in ("csrf_token", "hold", "appointment")]
    moved = moving.moved_by(wished.basket)
    known += [f"{moved.id}:{moved.version}"] if moved else []
    lines = (f"{line.service_id}:{line.persons}:{line.told}" for line in wished.whole.wished)
    moments = (int(wished.start.timestamp()), int(wished.chosen.timestamp()))
    wish = (*lines, wished.basket.lengthened, wished.office.id, *moments)
    return wish_key(current_app.config["SECRET_KEY"], *known, *map(str, wish))


def lost(refusal: BookingError, wished: Held, **typed: object) -> ResponseReturnValue:
    """The page that says a time is not held: it offers that time again when it is free, and near ones.

    Who holds too many is offered none: each would be one more.
    """
    near: list[datetime] = []
    form = typed.get("form")
    if isinstance(form, DetailsForm) and not isinstance(refusal, NoRoomForNeeds):
        form.as_it_is.data = ""
    if isinstance(refusal, SlotTaken | HoldGone | HoldLapsed):
        refusal = type(refusal)(times=len(wished.visits))
    first_is_lost = wished.in_steps and not is_free(Held(None, wished.basket, wished.office, wished.start))
    if not isinstance(refusal, TooManyHolds) and not first_is_lost:
        near = nearest(
            read(),
            office=wished.office,
            basket=wished.whole,
            wished=wished.chosen,
            number=NEAR,
            now=g.now,
        )
    return answer(
        refusal,
        "resident/lost.html",
        held=wished,
        together=together_of(wished),
        reason=type(refusal).__name__,
        is_free=wished.chosen in near,
        first_is_lost=first_is_lost,
        all_times=url_for(".times", **in_address(wished.whole)),
        near=[moment.astimezone(wished.office.zone) for moment in near if moment != wished.chosen],
        **({"form": StepForm()} | typed),
    )


def together_of(wished: Held) -> int | None:
    """The minutes of two visits that adjoin, both together."""
    whole = wished.whole
    return minutes_in(read(), offices=[wished.office], basket=whole) if whole.apart else None


def is_free(wished: Held) -> bool:
    try:
        check_free(read(), wished=wished, now=g.now)
    except BookingError:
        return False
    return True
