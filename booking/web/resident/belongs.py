"""The other visit of two that belong together: from the page of one to that of the other."""

from __future__ import annotations

from flask import Blueprint, redirect, session, url_for
from flask.typing import ResponseReturnValue

from booking.core.roles import Role
from booking.database import read
from booking.usecases.groups import other_of
from booking.web.guard import open_to
from booking.web.resident.appointment import mine


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/appointment/other", "other_visit", open_other, methods=["POST"])


@open_to(Role.RESIDENT)
def open_other() -> ResponseReturnValue:
    other = other_of(read(), appointment=mine())
    if other is not None:
        session["appointment"] = other.nonce
    return redirect(url_for(".appointment"), 303)
