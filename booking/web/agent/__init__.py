"""The agent's side: signing in, the day's visits and their marks, and whom to ring."""

from __future__ import annotations

from flask import Blueprint

from booking.web.agent import account, agenda, calls, moves, names, parties, password, sign_in, visits
from booking.web.agent.desk import in_every_page

agent = Blueprint("agent", __name__)
agent.app_context_processor(in_every_page)

for noun in (sign_in, password, account, agenda, visits, moves, parties, names, calls):
    noun.add_to(agent)
