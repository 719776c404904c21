"""The resident's side: from what one needs to the appointment, and back to it."""

from __future__ import annotations

from flask import Blueprint

from booking.web.resident import (
    appointment,
    belongs,
    calendar,
    cancelling,
    details,
    finding,
    lateness,
    moves,
    names,
    own_data,
    services,
    statements,
    times,
    together,
    waiting,
    waiting_with,
)

resident = Blueprint("resident", __name__)

for noun in (
    services,
    together,
    calendar,
    times,
    details,
    waiting,
    appointment,
    moves,
    cancelling,
    belongs,
    lateness,
    waiting_with,
    names,
    own_data,
    finding,
    statements,
):
    noun.add_to(resident)
