"""The resident's side: from what one needs to the appointment, and back to it."""

from __future__ import annotations

from flask import Blueprint

from booking.web.resident import (
    appointment,
    calendar,
    details,
    finding,
    lateness,
    lists,
    names,
    own_data,
    questions,
    services,
    statements,
    times,
)

resident = Blueprint("resident", __name__)

for noun in (
    services,
    questions,
    calendar,
    times,
    details,
    appointment,
    lists,
    lateness,
    names,
    own_data,
    finding,
    statements,
):
    noun.add_to(resident)
