"""Bilal says how visits went; Chloé, with an older page, is told what is true now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import ForbiddenMove, OutOfDate, TooEarlyToMark, Unknown
from booking.core.marks import Mark, Marked, Standing
from booking.core.roles import Role
from booking.models import Appointment, Claim, JournalEntry
from booking.usecases import marks
from booking.usecases.journal import Actor
from booking.usecases.marks import mark
from tests.databases import Database
from tests.factories import Working, a_working_commune, an_appointment
from tests.moments import MONDAY, at

NINE = at(MONDAY, "09:00")
STAFF = Actor(Role.AGENT)


@dataclass
class Desk:
    session: Session
    home: Working
    visit: Appointment

    def say(self, what: Mark, *, version: int | None = None, now: datetime = NINE, **scope: object) -> None:
        own: dict[str, object] = {"commune_id": self.home.commune.id, "office_ids": (self.home.office.id,)}
        seen = self.visit.version if version is None else version
        try:
            mark(
                self.session,
                **(own | scope),  # type: ignore[arg-type]
                appointment_id=self.visit.id,
                mark=what,
                version=seen,
                actor=STAFF,
                now=now,
            )
        finally:
            self.session.refresh(self.visit)

    @property
    def standing(self) -> Standing:
        visit = self.visit
        return Marked(visit.state, visit.local_date, visit.arrived_at, visit.settled_at).standing


@pytest.fixture
def desk(session: Session) -> Desk:
    home = a_working_commune(session)
    return Desk(session, home, an_appointment(session, home.counter, home.service))


def test_a_visit_goes_from_expected_to_arrived_to_done(desk: Desk) -> None:
    desk.say(Mark.ARRIVED)
    assert (desk.standing, desk.visit.arrived_at) == (Standing.ARRIVED, NINE)

    desk.say(Mark.DONE, now=NINE + timedelta(minutes=12))
    assert (desk.standing, desk.visit.settled_at) == (Standing.DONE, NINE + timedelta(minutes=12))
    assert desk.visit.arrived_at == NINE


def test_a_mistaken_mark_is_corrected_step_by_step(desk: Desk) -> None:
    for what in (Mark.ARRIVED, Mark.DID_NOT_COME, Mark.DONE, Mark.BACK):
        desk.say(what)
    assert (desk.standing, desk.visit.settled_at) == (Standing.ARRIVED, None)

    desk.say(Mark.BACK)
    assert (desk.standing, desk.visit.arrived_at) == (Standing.EXPECTED, None)
    with pytest.raises(ForbiddenMove):
        desk.say(Mark.BACK)


def test_marking_tells_the_calendar_of_the_resident_nothing(desk: Desk) -> None:
    sequence, version = desk.visit.sequence, desk.visit.version
    desk.say(Mark.DONE)

    assert (desk.visit.sequence, desk.visit.version) == (sequence, version + 1)
    assert len(desk.session.scalars(select(Claim)).all()) == 3


def test_an_old_page_is_refused_and_changes_nothing(desk: Desk) -> None:
    old = desk.visit.version
    desk.say(Mark.DONE)

    with pytest.raises(OutOfDate):
        desk.say(Mark.DID_NOT_COME, version=old)
    assert desk.standing == Standing.DONE


def test_the_same_mark_sent_twice_is_given_once(desk: Desk) -> None:
    old = desk.visit.version
    desk.say(Mark.ARRIVED)
    desk.say(Mark.ARRIVED, version=old, now=NINE + timedelta(seconds=1))

    assert (desk.visit.version, desk.visit.arrived_at) == (old + 1, NINE)
    assert len(desk.session.scalars(select(JournalEntry)).all()) == 1


@pytest.mark.engines("postgresql")
def test_of_two_who_mark_a_visit_at_the_same_moment_the_second_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chloé's mark is saved between Bilal's look at the visit and his own mark. SQLite lets nobody in between."""
    home = database.write(a_working_commune)
    visit = database.write(lambda session: an_appointment(session, home.counter, home.service))
    own = {"commune_id": home.commune.id, "office_ids": (home.office.id,), "appointment_id": visit.id}
    seen = {**own, "version": visit.version, "actor": STAFF, "now": NINE}

    def meanwhile(*told: Any) -> dict[str, object]:
        monkeypatch.undo()
        database.write(mark, **seen, mark=Mark.ARRIVED)
        return marks.changes_of(*told)

    monkeypatch.setattr(marks, "changes_of", meanwhile)

    with pytest.raises(OutOfDate):
        database.write(mark, **seen, mark=Mark.DID_NOT_COME)
    assert database.one(select(Appointment.state, Appointment.arrived_at)) == (AppointmentState.BOOKED, NINE)


def test_nothing_is_marked_before_its_own_day_on_the_wall(desk: Desk) -> None:
    with pytest.raises(TooEarlyToMark):
        desk.say(Mark.DID_NOT_COME, now=at(MONDAY - timedelta(days=1), "23:59"))

    desk.say(Mark.ARRIVED, now=at(MONDAY, "00:01"))


def test_a_past_visit_can_still_be_settled_and_corrected_for_a_week(desk: Desk) -> None:
    later = NINE + timedelta(days=40)
    desk.say(Mark.DONE, now=later)
    desk.say(Mark.DID_NOT_COME, now=later + timedelta(days=6))

    with pytest.raises(ForbiddenMove):
        desk.say(Mark.BACK, now=later + timedelta(days=13))


def test_a_visit_of_another_office_or_commune_is_not_there(desk: Desk) -> None:
    for scope in ({"office_ids": (desk.home.office.id + 1,)}, {"commune_id": desk.home.commune.id + 1}):
        with pytest.raises(Unknown):
            desk.say(Mark.DONE, **scope)


@pytest.mark.parametrize("state", [AppointmentState.HELD, AppointmentState.CANCELLED])
def test_neither_a_held_time_nor_a_cancelled_visit_is_marked(session: Session, state: AppointmentState) -> None:
    home = a_working_commune(session)
    desk = Desk(session, home, an_appointment(session, home.counter, home.service, state=state))

    for what in Mark:
        with pytest.raises(ForbiddenMove):
            desk.say(what)


def test_every_mark_is_in_the_journal_without_its_value(desk: Desk) -> None:
    desk.say(Mark.ARRIVED)
    desk.say(Mark.DONE)

    said = desk.session.execute(select(JournalEntry.act, JournalEntry.subject_id, JournalEntry.fields)).all()
    assert [tuple(row) for row in said] == [
        ("marked", desk.visit.id, "arrived_at"),
        ("marked", desk.visit.id, "settled_at,state"),
    ]


@pytest.mark.parametrize(("state", "arrived"), list(product(AppointmentState, (None, NINE))))
def test_the_buttons_are_the_marks_that_will_be_taken(state: AppointmentState, arrived: datetime | None) -> None:
    settled = NINE if state in {AppointmentState.FULFILLED, AppointmentState.MISSED} else None
    visit = Marked(state, MONDAY, arrived, settled)

    offered = {
        Standing.EXPECTED: {Mark.ARRIVED, Mark.DONE, Mark.DID_NOT_COME},
        Standing.ARRIVED: {Mark.DONE, Mark.DID_NOT_COME, Mark.BACK},
        Standing.DONE: {Mark.DID_NOT_COME, Mark.BACK},
        Standing.MISSED: {Mark.DONE, Mark.BACK},
    }.get(visit.standing, set())
    assert set(visit.next_marks(today=MONDAY, now=NINE)) == offered
