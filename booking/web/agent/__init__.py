"""The agent's side: signing in, the day's visits and their marks, booking for somebody, and whom to ring."""

from __future__ import annotations

from flask import Blueprint

from booking.web.agent import (
    account,
    agenda,
    booking,
    booking_details,
    calls,
    cancelling,
    contacts,
    finding,
    moves,
    names,
    password,
    sign_in,
    visits,
)
from booking.web.agent.desk import in_every_page

agent = Blueprint("agent", __name__)
agent.app_context_processor(in_every_page)

for noun in (sign_in, password, account, agenda, visits, finding, calls):
    noun.add_to(agent)
for noun in (booking, booking_details, moves, cancelling, names, contacts):
    noun.add_to(agent)
