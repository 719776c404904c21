"""What Bilal sees from counter 1: those he can take, in the order in which they are called to him."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from booking.core.errors import NobodyWaits, NotAtCounter, Unknown
from booking.core.roles import Role
from booking.core.tickets import Step, TicketState
from booking.models import Desk, Pause, Person, Ticket
from booking.usecases.calling import waiting_for
from booking.usecases.desk_acts import call, call_for_help, done_and_next
from booking.usecases.desk_view import AtDesk, at_desk, freshness
from booking.usecases.journal import Actor
from booking.usecases.papers import lists_of
from booking.usecases.skills import say_skills, skills_of
from booking.usecases.ticket_steps import StepWish
from tests.factories import (
    Working,
    a_counter,
    a_person,
    a_service,
    a_ticket,
    a_working_commune,
    add,
    an_appointment,
)
from tests.moments import MONDAY, at

NINE = at(MONDAY, "09:00")


class Hall:
    """Bilal sits at counter 1 of 2 and helps in English; ``passport`` is given at counter 2 alone."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.home: Working = a_working_commune(session, counters=2)
        self.passport = a_service(session, self.home.commune, code="passport")
        self.bilal: Person = a_person(session, self.home.commune, speaks=("en",))
        self.actor = Actor(Role.AGENT, self.bilal.id)
        own = {"commune_id": self.home.commune.id, "counter_id": self.home.counter.id, "person_id": self.bilal.id}
        add(session, Desk(**own, opened_at=NINE))

    def waits(self, wall: str, **columns: object) -> Ticket:
        service = columns.pop("service", self.home.service)
        return a_ticket(self.session, self.home.office, service, issued_at=at(MONDAY, wall), **columns)  # type: ignore[arg-type]

    def view(self) -> AtDesk:
        return at_desk(self.session, office=self.home.office, person_id=self.bilal.id, now=NINE)

    def freshness(self) -> str:
        return freshness(self.session, office=self.home.office, person_id=self.bilal.id, now=NINE)


@pytest.fixture
def hall(session: Session) -> Hall:
    return Hall(session)


def test_the_queue_on_the_page_is_the_one_that_is_called(hall: Hall) -> None:
    hall.home.counter.max_persons = 3
    for place in range(12):
        hall.waits(
            f"08:{10 + 3 * place}",
            persons=1 + place % 5,
            help_language="en" if place % 4 == 0 else None,
            leads_from=0 if place == 7 else None,
            service=hall.passport if place % 6 == 5 else hall.home.service,
            for_counter_id=hall.home.counters[place % 2].id if place % 3 == 2 else None,
        )
    hall.session.flush()
    view = hall.view()

    assert view.able is not None
    assert [one.id for one in view.waiting.here] == waiting_for(hall.session, able=view.able, now=NINE)
    assert len(view.waiting.here) + len(view.waiting.others) == 12
    assert view.waiting.others


def test_who_stands_in_front_who_is_aside_and_who_has_gone_are_told_apart(hall: Hall) -> None:
    counter, other = hall.home.counters
    front = hall.waits("08:10", state=TicketState.SERVING, counter_id=counter.id)
    mine = hall.waits("08:11", state=TicketState.ASIDE, for_counter_id=counter.id)
    theirs = hall.waits("08:12", state=TicketState.ASIDE, for_counter_id=other.id)
    gone = hall.waits("08:13", state=TicketState.ABSENT)
    hall.waits("06:00", state=TicketState.LEFT)
    hall.waits("08:14", state=TicketState.DONE)
    view = hall.view()

    assert view.in_front is not None
    assert view.in_front.ticket.id == front.id
    assert [one.id for one in view.waiting.aside] == [mine.id]
    assert [one.id for one in view.waiting.aside_elsewhere] == [theirs.id]
    assert [one.id for one in view.waiting.gone] == [gone.id]


def test_the_coming_hour_has_those_expected_and_the_free_times_from_now_on(hall: Hall) -> None:
    for wall in ("08:20", "08:45", "09:30", "10:15"):
        an_appointment(hall.session, hall.home.counter, hall.home.service, start=at(MONDAY, wall), name=wall)
    here = {"start": at(MONDAY, "09:15"), "arrived_at": NINE}
    an_appointment(hall.session, hall.home.counter, hall.home.service, **here)
    an_appointment(hall.session, hall.home.counters[1], hall.home.service, start=at(MONDAY, "09:10"))
    view = hall.view()

    assert [one.name for one in view.coming.expected] == ["08:45", "Ana Peeters", "09:30"]
    first = view.coming.free[0]
    assert (first.counter, first.start) == ("1", NINE + timedelta(minutes=5)), "five minutes at counter 2 are no time"
    assert {one.counter for one in view.coming.free} == {"1", "2"}


def test_whatever_the_page_shows_changes_its_name(hall: Hall) -> None:
    seen = [hall.freshness()]
    assert hall.freshness() == seen[0]

    def changed() -> None:
        hall.session.flush()
        seen.append(hall.freshness())

    hall.waits("08:50")
    changed()
    visit = an_appointment(hall.session, hall.home.counter, hall.home.service)
    changed()
    visit.late_minutes, visit.version = 10, 2
    changed()
    own = {"office": hall.home.office, "actor": hall.actor, "now": NINE}
    call(hall.session, **own, counter_id=hall.home.counter.id)
    changed()
    call_for_help(hall.session, **own, counter_id=hall.home.counter.id, wanted=True)
    changed()
    assert len(set(seen)) == len(seen)


def test_a_visit_ends_even_when_nobody_waits_and_nothing_is_done_from_elsewhere(hall: Hall) -> None:
    ticket = hall.waits("08:10", state=TicketState.SERVING, counter_id=hall.home.counter.id)
    own = {"office": hall.home.office, "actor": hall.actor, "now": NINE, "ticket_id": ticket.id}
    with pytest.raises(NotAtCounter):
        done_and_next(hall.session, **own, wish=StepWish(Step.DONE, 1, counter_id=hall.home.counters[1].id))

    assert done_and_next(hall.session, **own, wish=StepWish(Step.DONE, 1, counter_id=hall.home.counter.id)) is None
    hall.session.refresh(ticket)
    assert ticket.state == TicketState.DONE
    with pytest.raises(NobodyWaits):
        call(hall.session, office=hall.home.office, counter_id=hall.home.counter.id, actor=hall.actor, now=NINE)


def test_help_is_not_asked_for_at_a_counter_of_another_office(hall: Hall) -> None:
    elsewhere = a_working_commune(hall.session, slug="mairie-sud").counter
    own = {"office": hall.home.office, "actor": hall.actor, "now": NINE}

    with pytest.raises(Unknown):
        call_for_help(hall.session, **own, counter_id=elsewhere.id, wanted=True)


def test_what_somebody_has_learned_narrows_their_queue(hall: Hall) -> None:
    a_counter(hall.session, hall.home.office, label="3", serves=[hall.passport])
    hall.waits("08:40")
    own = {"commune_id": hall.home.commune.id, "person_id": hall.bilal.id}
    say_skills(hall.session, **own, speaks=["de", "en"], learned=[hall.passport.id])

    assert skills_of(hall.session, **own).learned == {hall.passport.id}
    assert skills_of(hall.session, **own).speaks == ("de", "en")
    assert hall.view().waiting.here == ()
    say_skills(hall.session, **own, speaks=[], learned=[])
    assert len(hall.view().waiting.here) == 1


def test_nobody_learns_a_service_of_another_commune_nor_where_they_call_nobody(hall: Hall) -> None:
    other = a_working_commune(hall.session, slug="mairie-sud")
    own = {"commune_id": hall.home.commune.id, "person_id": hall.bilal.id}
    with pytest.raises(Unknown):
        say_skills(hall.session, **own, speaks=[], learned=[other.service.id])

    rik = a_person(hall.session, hall.home.commune, email="rik@mairie-nord.example", role=Role.RECEPTIONIST)
    with pytest.raises(Unknown):
        say_skills(hall.session, commune_id=hall.home.commune.id, person_id=rik.id, speaks=["en"], learned=[])


def test_whoever_waits_for_what_is_down_does_not_seem_to_wait_for_another_counter(hall: Hall) -> None:
    waits = hall.waits("08:30")
    elsewhere = hall.waits("08:40", service=hall.passport)
    own = {"commune_id": hall.home.commune.id, "office_id": hall.home.office.id}
    add(hall.session, Pause(**own, service_id=hall.home.service.id, since=at(MONDAY, "08:45")))

    waiting = hall.view().waiting
    assert [one.id for one in waiting.paused] == [waits.id]
    assert [one.id for one in waiting.others] == [elsewhere.id]
    assert waiting.here == ()


def test_who_comes_back_with_papers_brings_the_former_visit_and_its_list(hall: Hall) -> None:
    visit = an_appointment(hall.session, hall.home.counter, hall.home.service)
    former = hall.waits("08:00", state=TicketState.INCOMPLETE, appointment_id=visit.id)
    again = hall.waits("08:20", state=TicketState.INCOMPLETE, returns_id=former.id)
    hall.waits("08:40", state=TicketState.SERVING, counter_id=hall.home.counter.id, returns_id=again.id)

    front = hall.view().in_front

    assert front is not None
    assert front.former is not None
    assert (front.former.id, front.former.appointment_id) == (former.id, visit.id)
    assert front.lists == lists_of(hall.session, appointment=visit)
