"""The agent's side: signing in, the day's visits and their marks, and whom to ring."""

from __future__ import annotations

from flask import Blueprint

from booking.web.agent import (
    account,
    agenda,
    calls,
    moves,
    names,
    password,
    reception,
    sign_in,
    tickets,
    visits,
    walk_ins,
)
from booking.web.agent.desk import in_every_page

agent = Blueprint("agent", __name__)
agent.app_context_processor(in_every_page)

for noun in (sign_in, password, account, agenda, visits, moves, names, calls, reception, tickets, walk_ins):
    noun.add_to(agent)
