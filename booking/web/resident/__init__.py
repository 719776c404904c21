"""The resident's side: from what one needs to the appointment, and back to it."""

from __future__ import annotations

from flask import Blueprint

from booking.web.resident import appointment, details, finding, services, statements, times, waiting, waiting_with

resident = Blueprint("resident", __name__)

for noun in (services, times, details, appointment, finding, statements, waiting, waiting_with):
    noun.add_to(resident)
