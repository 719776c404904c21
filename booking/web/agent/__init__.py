"""The agent's side: signing in, the day's visits and their marks, and whom to ring."""

from __future__ import annotations

from flask import Blueprint

from booking.web.agent import (
    account,
    agenda,
    calls,
    cautions,
    counters,
    end_of_day,
    moves,
    names,
    outage,
    password,
    sign_in,
    visits,
)
from booking.web.agent.desk import in_every_page

agent = Blueprint("agent", __name__)
agent.app_context_processor(in_every_page)

DAY = (agenda, counters, outage, end_of_day)
VISITS = (visits, moves, names, cautions, calls)

for noun in (sign_in, password, account, *DAY, *VISITS):
    noun.add_to(agent)
