"""The resident's side: from what one needs to the appointment, and back to it."""

from __future__ import annotations

from flask import Blueprint

from booking.web.resident import appointment, details, finding, lists, questions, services, statements, times

resident = Blueprint("resident", __name__)

for noun in (services, questions, times, details, appointment, lists, finding, statements):
    noun.add_to(resident)
