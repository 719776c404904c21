"""The resident's side: from what one needs to the appointment, and back to it."""

from __future__ import annotations

from flask import Blueprint

from booking.web.resident import appointment, belongs, details, finding, services, statements, times, together

resident = Blueprint("resident", __name__)

for noun in (services, together, times, details, appointment, belongs, finding, statements):
    noun.add_to(resident)
