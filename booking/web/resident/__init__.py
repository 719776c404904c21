"""The resident's side: from what one needs to the appointment, and back to it."""

from __future__ import annotations

from flask import Blueprint

from booking.web.resident import (
    appointment,
    arriving,
    belongs,
    board,
    calendar,
    cancelling,
    coming,
    details,
    figures,
    finding,
    kiosk,
    kiosk_tickets,
    lateness,
    moves,
    names,
    needs,
    own_data,
    own_needs,
    papers,
    proposals,
    questions,
    services,
    short,
    statements,
    status,
    times,
    together,
    waiting,
    waiting_with,
)

resident = Blueprint("resident", __name__)

ALONG_THE_WAY = (services, questions, together, calendar, needs, times, details, waiting)
CHANGES = (moves, proposals, cancelling, belongs, coming, short, lateness, arriving, waiting_with, names, own_needs)
ON_THE_DAY = (status, board, figures, kiosk, kiosk_tickets)
LATER = (appointment, papers, *CHANGES, own_data, finding, statements)

for noun in (*ALONG_THE_WAY, *LATER, *ON_THE_DAY):
    noun.add_to(resident)
