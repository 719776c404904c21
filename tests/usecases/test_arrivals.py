"""Who stands at the reception is found as they say it, and comes back once with the papers that were missing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, ServiceMode
from booking.core.errors import (
    AtAnotherOffice,
    NotToday,
    NoWalkIns,
    ReturnOver,
    ReturnUsed,
    TooManyTries,
    VisitCancelled,
    VisitOver,
)
from booking.core.opening import Mode
from booking.core.roles import Role
from booking.core.tickets import Origin, TicketState
from booking.core.turns import ALWAYS
from booking.core.waits import Range
from booking.models import Ticket
from booking.usecases.arrivals import arrive, named, tickets_called
from booking.usecases.handing_out import hand_out, write_down
from booking.usecases.journal import Actor
from booking.usecases.kiosks import MISSES, check_reference_tries, try_reference, was_right
from booking.usecases.next_ways import at_the_door, next_ways
from booking.usecases.returns import come_back
from booking.usecases.ticket_slips import ticket_slip
from booking.usecases.tickets import Issued, Visitor
from booking.usecases.walk_ins import Wanted
from tests.factories import Working, a_ticket, a_working_commune, an_appointment, an_office
from tests.moments import MONDAY, at

NINE = at(MONDAY, "09:00")
RECEPTION = Actor(Role.RECEPTIONIST)
KEY = "0" * 32


@pytest.fixture
def home(session: Session) -> Working:
    home = a_working_commune(session, counters=2)
    home.opening.mode = Mode.BOTH
    session.flush()
    return home


def arriving(session: Session, home: Working, appointment_id: int, office_id: int = 0) -> Issued:
    place = {"commune_id": home.commune.id, "office_id": office_id or home.office.id}
    who = {"origin": Origin.RECEPTION, "actor": RECEPTION, "now": NINE}
    return arrive(session, **place, appointment_id=appointment_id, **who)


def handed(session: Session, home: Working, *, key: str = KEY, now: object = NINE, persons: int = 1) -> Issued:
    wanted = [Wanted(home.service.id, persons)]
    who = {"visitor": Visitor("fr"), "origin": Origin.KIOSK, "key": key, "now": now}
    return hand_out(session, office_id=home.office.id, wanted=wanted, **who)


def test_a_name_is_found_with_accents_and_slips_and_two_of_one_name_by_their_time(
    session: Session, home: Working
) -> None:
    for start, name in (("09:00", "Mohamed El Amrani"), ("09:30", "Mohamed El Amrani"), ("10:00", "Søren Müller")):
        an_appointment(session, home.counter, home.service, start=at(MONDAY, start), name=name)
    an_appointment(session, home.counter, home.service, start=at(MONDAY + timedelta(days=1), "09:00"), name="Sekou")
    an_appointment(session, home.counters[1], home.service, start=NINE, name="Sekou")

    def found(text: str) -> list[tuple[str | None, str]]:
        return [
            (one.visit.name, one.visit.wall.isoformat("minutes"))
            for one in named(session, office=home.office, text=text, now=NINE)
        ]

    assert found("elamrani") == [("Mohamed El Amrani", "09:00"), ("Mohamed El Amrani", "09:30")]
    assert found("Mohamad Amrani") == found("elamrani"), "a slip"
    assert found("muler soren") == [("Søren Müller", "10:00")]
    assert found("sekou") == [("Sekou", "09:00")], "today's alone; one word is a name"
    assert found("Peeters") == []


def test_whoever_came_for_nothing_is_told_why(session: Session, home: Working) -> None:
    cancelled = an_appointment(session, home.counter, home.service, state=AppointmentState.CANCELLED)
    tomorrow = an_appointment(session, home.counter, home.service, start=NINE + timedelta(days=1))
    over = an_appointment(
        session, home.counter, home.service, state=AppointmentState.FULFILLED, settled_at=NINE - timedelta(hours=1)
    )
    today = an_appointment(session, home.counters[1], home.service)
    elsewhere = an_office(session, home.commune, code="station", position=2)

    for visit, refusal in ((cancelled, VisitCancelled), (tomorrow, NotToday), (over, VisitOver)):
        with pytest.raises(refusal):
            arriving(session, home, visit.id)
    with pytest.raises(AtAnotherOffice):
        arriving(session, home, today.id, elsewhere.id)
    assert arriving(session, home, today.id).number == 1


def test_papers_that_were_missing_bring_one_back_once_and_before_the_others(session: Session, home: Working) -> None:
    ends = {"state": TicketState.INCOMPLETE, "return_until": MONDAY + timedelta(days=6)}
    former = a_ticket(session, home.office, home.service, number=27, language="nl", persons=2, **ends)
    place = {"commune_id": home.commune.id, "office_ids": [home.office.id], "ticket_id": former.id}
    friday = NINE + timedelta(days=4)
    own = {"commune_id": home.commune.id, "office_ids": [home.office.id], "number": ("A", 27)}
    assert tickets_called(session, **own, today=MONDAY + timedelta(days=4)) == [former.id]

    issued = come_back(session, **place, actor=RECEPTION, now=friday)

    ticket = session.get_one(Ticket, issued.id)
    assert (ticket.leads_from, ticket.language, ticket.persons, ticket.returns_id) == (ALWAYS, "nl", 2, former.id)
    with pytest.raises(ReturnUsed):
        come_back(session, **place, actor=RECEPTION, now=friday + timedelta(minutes=1))
    with pytest.raises(ReturnOver):
        come_back(session, **place, actor=RECEPTION, now=NINE + timedelta(days=7))
    assert tickets_called(session, **own, today=MONDAY + timedelta(days=7)) == []


def test_a_wish_sent_twice_gives_one_ticket(session: Session, home: Working) -> None:
    first = handed(session, home)

    assert handed(session, home, now=NINE + timedelta(seconds=1)) == first
    assert handed(session, home, key="1" * 32).number == first.number + 1


def test_a_number_on_paper_waits_since_it_was_given_out(session: Session, home: Working) -> None:
    own = {"wanted": [Wanted(home.service.id)], "visitor": Visitor("fr"), "actor": RECEPTION}
    handed(session, home)
    paper = write_down(
        session, office_id=home.office.id, number=("A", 12), taken_at=at(MONDAY, "08:10").time(), now=NINE, **own
    )

    assert session.get_one(Ticket, paper.id).turn < session.scalars(select(Ticket.turn)).first()
    assert [handed(session, home, key=f"{n:032}").number for n in range(2, 13)][-1] == 13, "it is not handed out again"


def test_whoever_comes_too_late_for_a_ticket_is_told_what_is_next(session: Session, home: Working) -> None:
    evening = at(MONDAY, "13:00")
    with pytest.raises(NoWalkIns):
        handed(session, home, now=evening)

    ways = next_ways(session, office=home.office, services=[home.service], now=evening)

    tomorrow = MONDAY + timedelta(days=1)
    assert ways.tickets is not None
    assert [one.isoformat() for one in ways.tickets] == [f"{tomorrow}T07:30:00+01:00", f"{tomorrow}T12:00:00+01:00"]
    assert ways.free is not None
    assert ways.free.start == at(tomorrow, "08:00")


def test_the_door_shows_what_has_tickets_now_and_what_will_have_them(session: Session, home: Working) -> None:
    home.service.mode = ServiceMode.BOTH
    session.flush()

    def shown(now: str) -> list[str | None]:
        found = at_the_door(session, office=home.office, now=at(MONDAY, now))
        return [one.opens and one.opens.time().isoformat("minutes") for one in found]

    assert shown("07:00") == ["07:30"]
    assert shown("07:30") == [None], "before the doors open"
    assert shown("12:01") == []


def test_a_slip_says_a_wait_as_a_range_and_of_a_sensitive_visit_nothing(session: Session, home: Working) -> None:
    ticket = a_ticket(session, home.office, home.service, wait_minutes=20, name="Ana")
    place = {"commune_id": home.commune.id, "office_ids": [home.office.id], "ticket_id": ticket.id}

    slip = ticket_slip(session, **place)
    assert slip.wait == Range(10, 30)
    assert [line.persons for line in slip.lines] == [1]
    home.service.is_sensitive = True
    session.flush()

    assert ticket_slip(session, **place).lines == ()


def test_references_are_not_guessed_at_a_kiosk(session: Session) -> None:
    right = try_reference(session, client="kiosk", now=NINE)
    was_right(session, client="kiosk", n=right)
    for _ in range(MISSES):
        try_reference(session, client="kiosk", now=NINE)

    with pytest.raises(TooManyTries):
        check_reference_tries(session, client="kiosk", now=NINE)
    check_reference_tries(session, client="another", now=NINE)
