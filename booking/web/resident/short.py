"""The landing of a link from a text message, which has to be short."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from booking.core.references import token_of
from booking.core.roles import Role
from booking.web.guard import open_to
from booking.web.resident.appointment import remember


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/a/<token>", "open_short", open_short)


@open_to(Role.RESIDENT)
def open_short(token: str) -> ResponseReturnValue:
    """To the appointment, as the link of a mail; where the office asks whether one comes, its page asks it."""
    remember(token_of(token))
    return redirect(url_for(".appointment"), 303)
