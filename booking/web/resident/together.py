"""One visit for everything: adding services, saying for how many persons each is, taking one away again."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from booking.core.appointments import MOST_SERVICES
from booking.core.errors import BookingError, NotTogether
from booking.core.roles import Role
from booking.database import read
from booking.usecases.baskets import Basket, BasketLine
from booking.usecases.catalogue import groups_of
from booking.usecases.possibilities import minutes_in
from booking.web.answers import answer, status_of
from booking.web.guard import open_to
from booking.web.resident.answers import known
from booking.web.resident.baskets import further, in_address, typed_basket
from booking.web.resident.times import where_taken


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/services/<service>/together", "together", together)
    blueprint.register_error_handler(NotTogether, not_together)


@open_to(Role.RESIDENT)
def together(service: str) -> ResponseReturnValue:
    """Everything that is wished, with the length of the visit. Nothing is kept by it: the address says it all."""
    try:
        wished = typed_basket(service, request.args)
    except NotTogether:
        return separately(service)
    if wished.main.in_steps:
        return separately(service)
    basket, offices = where_taken(known(wished))
    return render_template(
        "resident/together.html",
        basket=basket,
        offices=offices,
        minutes=minutes_in(read(), offices=offices, basket=basket),
        office=request.args.get("office"),
        without=[without(basket, place) for place in range(len(basket.lines))],
        groups=addable(basket, with_steps=True),
    )


def separately(code: str) -> str:
    """What fits into no visit with anything else: each service with its own way on, and others to put beside them.

    Raises ``Unknown`` or ``NotBookable``.
    """
    alone = typed_basket(code, MultiDict())
    chosen = {alone.main: None} | dict.fromkeys(service for service, _ in further(request.values))
    shown = Basket(tuple(BasketLine(service) for service in chosen))
    return render_template("resident/separately.html", basket=shown, groups=addable(shown, with_steps=True))


def not_together(refusal: NotTogether) -> Response:
    """Wherever such a wish comes from, the page that refuses it leads on."""
    g.page = "resident.together"
    code = (request.view_args or {}).get("service") or request.form.get("service")
    if not code:
        return answer(refusal)
    try:
        page = separately(code)
    except BookingError:
        # The service itself is none, or none to be booked: nothing leads on from it.
        return answer(refusal)
    return make_response(page, status_of(refusal))


def without(basket: Basket, place: int) -> str | None:
    """Where a service is taken off; ``None`` for the only one."""
    left = basket.lines[:place] + basket.lines[place + 1 :]
    return url_for(".together", **in_address(replace(basket, lines=left))) if left else None


def addable(basket: Basket, *, with_steps: bool = False) -> list[tuple[str, list[tuple[str, str]]]]:
    """What may be added, by theme: the word in addresses and the name; ``with_steps`` also what is had separately."""
    if len(basket.lines) >= MOST_SERVICES:
        return []
    day, chosen = g.now.astimezone(g.commune.zone).date(), set(basket.services)
    listed = [
        (
            group.group.name.joined(g.language),
            [
                (card.service.code, card.service.name.joined(g.language))
                for card in group.cards
                if card.service.mode.is_bookable
                and (with_steps or not card.service.in_steps)
                and card.service not in chosen
            ],
        )
        for group in groups_of(read(), commune_id=g.commune.id, today=day)
    ]
    return [(name, services) for name, services in listed if services]
