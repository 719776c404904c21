"""Saying before a time is chosen what one needs, for it may take longer. No address tells it: it is about health."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, g, redirect, request, session
from flask.typing import ResponseReturnValue

from booking.core.needs import Need, known_needs
from booking.core.roles import Role
from booking.usecases.baskets import Basket
from booking.web.addresses import address_of
from booking.web.forms import Form
from booking.web.guard import open_to
from booking.web.needs import NeedsField


class NeedsForm(Form):
    needs = NeedsField("")


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/services/<service>/needs", "needs", say_needs, methods=["POST"])


@open_to(Role.RESIDENT)
def say_needs(service: str) -> ResponseReturnValue:
    """Keep the needs in the signed cookie and show the times again, for a visit as long as it then is."""
    form = NeedsForm()
    if form.validate_on_submit():
        session["needs"] = sorted(form.needs.needs())
    return redirect(address_of(".times", {"service": service}, request.args.items(multi=True)), 303)


def chosen_needs() -> frozenset[Need]:
    """The needs this browser has said."""
    return known_needs(session.get("needs", ()))


def forget_needs() -> None:
    """They are kept with what was booked or asked for: the next wish, maybe of somebody else, begins anew."""
    session.pop("needs", None)


def with_needs(basket: Basket) -> Basket:
    """The wish, as much longer as this commune's rule for the needs says."""
    return replace(basket, lengthened=g.commune.need_minutes.for_(chosen_needs()))
