"""The agent's side: signing in, the day and its queue, finding and booking for people, whom to ring and to write to."""

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
    coming,
    contacts,
    counters,
    end_of_day,
    finding,
    invitation,
    late_marks,
    letters,
    moves,
    names,
    offline,
    outage,
    parties,
    password,
    proposals,
    reception,
    second_factor,
    sign_in,
    skills,
    stored_sheets,
    tickets,
    visits,
    walk_ins,
)
from booking.web.agent.desk import in_every_page

agent = Blueprint("agent", __name__)
agent.app_context_processor(in_every_page)
agent.app_context_processor(offline.in_every_page)

DOORS = (account, password, sign_in, second_factor, invitation, skills)
HALL = (reception, tickets, walk_ins, at_desk, counters, outage, end_of_day)
DAY = (agenda, visits, finding, offline, late_marks, stored_sheets, calls, letters)
DEEDS = (booking, booking_details, cancelling, cautions, coming, contacts, moves, names, parties, proposals)

for noun in (*DOORS, *HALL, *DAY, *DEEDS):
    noun.add_to(agent)
