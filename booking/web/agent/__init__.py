"""The agent's side: signing in, the day's visits and their marks, and whom to ring."""

from __future__ import annotations

from flask import Blueprint

from booking.web.agent import account, agenda, calls, letters, moves, names, password, sign_in, stored_sheets, visits
from booking.web.agent.desk import in_every_page

agent = Blueprint("agent", __name__)
agent.app_context_processor(in_every_page)

for noun in (sign_in, password, account, agenda, visits, moves, names, calls, letters, stored_sheets):
    noun.add_to(agent)
