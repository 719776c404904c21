"""Bilal marked visits while the connection was lost; when his marks arrive, the morning has gone on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import OutOfDate, Unknown
from booking.core.marks import Mark
from booking.core.roles import Role
from booking.models import Appointment, JournalEntry, LateMark, Ticket
from booking.usecases.journal import Actor
from booking.usecases.late_marks import LastAct, Pressed, Said, decide, leave_as_is, mark_late, undecided
from booking.usecases.marks import mark
from tests.factories import Working, a_person, a_working_commune, an_appointment
from tests.moments import MONDAY, at

PRESSED, SENT = at(MONDAY, "09:05"), at(MONDAY, "09:40")


@dataclass
class Desk:
    session: Session
    home: Working
    visit: Appointment
    bilal: Actor
    chloe: Actor

    @property
    def own(self) -> dict[str, object]:
        return {"commune_id": self.home.commune.id, "office_ids": (self.home.office.id,)}

    def late(self, what: Mark, version: int = 1, *, by: Actor | None = None, at_: datetime = PRESSED) -> bool:
        pressed = Pressed(what, self.visit.id, version, at_)
        given = mark_late(self.session, **self.own, pressed=pressed, actor=by or self.bilal, now=SENT)  # type: ignore[arg-type]
        self.session.refresh(self.visit)
        return given

    def chloe_says(self, what: Mark, version: int = 1) -> None:
        wish = {"appointment_id": self.visit.id, "mark": what, "version": version}
        mark(self.session, **self.own, **wish, actor=self.chloe, now=at(MONDAY, "09:20"))  # type: ignore[arg-type]
        self.session.refresh(self.visit)

    @property
    def waiting(self) -> int:
        return len(self.session.scalars(select(LateMark)).all())

    @property
    def journal(self) -> list[tuple[str, Role | None]]:
        wanted = select(JournalEntry.act, JournalEntry.role).where(JournalEntry.subject == "appointment")
        return [tuple(row) for row in self.session.execute(wanted.order_by(JournalEntry.id))]


@pytest.fixture
def desk(session: Session) -> Desk:
    home = a_working_commune(session)
    bilal = a_person(session, home.commune)
    chloe = a_person(session, home.commune, email="chloe@mairie-nord.example", role=Role.RECEPTIONIST)
    visit = an_appointment(session, home.counter, home.service)
    actors = Actor(Role.AGENT, bilal.id), Actor(Role.RECEPTIONIST, chloe.id)
    return Desk(session, home, visit, *actors)


def test_a_mark_that_is_still_possible_counts_from_when_it_was_pressed(desk: Desk) -> None:
    assert desk.late(Mark.ARRIVED)
    assert desk.late(Mark.DONE, 2, at_=at(MONDAY, "09:18"))

    assert desk.visit.state == AppointmentState.FULFILLED
    assert (desk.visit.arrived_at, desk.visit.settled_at) == (PRESSED, at(MONDAY, "09:18"))
    assert desk.session.scalars(select(Ticket.issued_at)).one() == PRESSED
    assert desk.waiting == 0


def test_what_is_true_already_is_fine_whatever_happened_before(desk: Desk) -> None:
    desk.chloe_says(Mark.ARRIVED)
    desk.chloe_says(Mark.DONE, 2)

    assert desk.late(Mark.DONE)
    assert (desk.visit.version, desk.waiting) == (3, 0)


def test_a_mark_sent_twice_is_given_once(desk: Desk) -> None:
    assert desk.late(Mark.ARRIVED)
    assert desk.late(Mark.ARRIVED)

    assert desk.visit.version == 2


def test_what_somebody_else_said_meanwhile_is_not_overwritten_and_the_journal_holds_both(desk: Desk) -> None:
    desk.chloe_says(Mark.DID_NOT_COME)

    assert not desk.late(Mark.DONE)
    assert not desk.late(Mark.DONE), "sent twice"

    assert desk.visit.state == AppointmentState.MISSED
    assert desk.waiting == 1
    assert desk.journal == [("marked", Role.RECEPTIONIST), ("marked_late", Role.AGENT)]
    (one,) = undecided(desk.session, **desk.own, now=SENT)  # type: ignore[arg-type]
    assert one.visit.id == desk.visit.id
    assert one.said == (Said(Mark.DONE, PRESSED),)
    assert one.then == LastAct(Role.RECEPTIONIST, at(MONDAY, "09:20"))


def test_after_a_mark_that_waits_for_a_decision_the_next_one_waits_too(desk: Desk) -> None:
    """Its version may happen to be that of what somebody else said meanwhile."""
    desk.chloe_says(Mark.DID_NOT_COME)

    assert not desk.late(Mark.ARRIVED)
    assert not desk.late(Mark.DONE, 2)

    assert desk.visit.state == AppointmentState.MISSED
    assert desk.waiting == 2


def test_a_decision_marks_the_visit_and_settles_all_that_was_said_of_it(desk: Desk) -> None:
    desk.chloe_says(Mark.DID_NOT_COME)
    desk.late(Mark.DONE)
    wish = {"appointment_id": desk.visit.id, "actor": desk.chloe, "now": SENT}

    with pytest.raises(OutOfDate):
        decide(desk.session, **desk.own, **wish, mark=Mark.DONE, version=1)  # type: ignore[arg-type]
    assert desk.waiting == 1

    decide(desk.session, **desk.own, **wish, mark=Mark.DONE, version=2)  # type: ignore[arg-type]
    desk.session.refresh(desk.visit)
    assert desk.visit.state == AppointmentState.FULFILLED
    assert desk.waiting == 0


def test_a_visit_is_left_as_it_is_and_the_journal_says_that_somebody_decided_it(desk: Desk) -> None:
    desk.chloe_says(Mark.DID_NOT_COME)
    desk.late(Mark.DONE)

    for _ in range(2):
        leave_as_is(desk.session, **desk.own, appointment_id=desk.visit.id, actor=desk.bilal, now=SENT)  # type: ignore[arg-type]

    assert desk.waiting == 0
    assert desk.journal[-2:] == [("marked_late", Role.AGENT), ("left_as_is", Role.AGENT)]


def test_nobody_arrives_yesterday(desk: Desk) -> None:
    desk.visit.local_date = MONDAY - timedelta(days=1)
    desk.session.flush()

    assert not desk.late(Mark.ARRIVED)
    assert desk.visit.arrived_at is None


def test_a_visit_of_another_office_is_not_there(desk: Desk) -> None:
    elsewhere = {"commune_id": desk.home.commune.id, "office_ids": ()}
    pressed = Pressed(Mark.DONE, desk.visit.id, 1, PRESSED)

    with pytest.raises(Unknown):
        mark_late(desk.session, **elsewhere, pressed=pressed, actor=desk.bilal, now=SENT)  # type: ignore[arg-type]
    with pytest.raises(Unknown):
        leave_as_is(desk.session, **elsewhere, appointment_id=desk.visit.id, actor=desk.bilal, now=SENT)  # type: ignore[arg-type]
    assert undecided(desk.session, **elsewhere, now=SENT) == []  # type: ignore[arg-type]
