"""The agent's side: signing in, the day's visits and their marks, whom to ring, and the counter with its queue."""

from __future__ import annotations

from flask import Blueprint

from booking.web.agent import (
    account,
    agenda,
    at_desk,
    calls,
    letters,
    moves,
    names,
    password,
    sign_in,
    skills,
    stored_sheets,
    visits,
)
from booking.web.agent.desk import in_every_page

agent = Blueprint("agent", __name__)
agent.app_context_processor(in_every_page)

for noun in (sign_in, password, account, agenda, visits, moves, names, calls, letters, stored_sheets, at_desk, skills):
    noun.add_to(agent)
