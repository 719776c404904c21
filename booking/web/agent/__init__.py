"""The agent's side: the day, the counter and its queue, finding and booking for people, whom to ring or write to."""

from __future__ import annotations

from flask import Blueprint

from booking.web.agent import (
    account,
    agenda,
    at_desk,
    booking,
    booking_details,
    calls,
    cancelling,
    cautions,
    contacts,
    counters,
    end_of_day,
    finding,
    letters,
    moves,
    names,
    outage,
    parties,
    password,
    sign_in,
    skills,
    stored_sheets,
    visits,
)
from booking.web.agent.desk import in_every_page

agent = Blueprint("agent", __name__)
agent.app_context_processor(in_every_page)

DOORS = (account, password, sign_in, skills)
DAY = (agenda, at_desk, calls, counters, end_of_day, finding, letters, outage, stored_sheets, visits)
DEEDS = (booking, booking_details, cancelling, cautions, contacts, moves, names, parties)

for noun in (*DOORS, *DAY, *DEEDS):
    noun.add_to(agent)
