"""Both visits of a service in steps moved at the same moment: the file never ends before the information."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import Step
from booking.core.references import new_key
from booking.core.waiting import USUAL_TERMS, OfferState
from booking.models import Appointment, AppointmentLine, Claim, Offer
from booking.usecases.baskets import WishedLine
from booking.usecases.cancellations import cancel
from booking.usecases.check import problems
from booking.usecases.groups import hold_steps
from booking.usecases.moves import accept, hold_instead
from booking.usecases.waiting_answers import pass_on
from tests.databases import Database
from tests.factories import Working, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at
from tests.races.booking import HOLD, confirming
from tests.races.moving import RESIDENT, Moves
from tests.races.processes import Unit, together
from tests.races.test_half_way import half_way
from tests.usecases.waiting import waits_with

pytestmark = pytest.mark.races

COUPLES = 12
BEFORE, BETWEEN, AFTER = (MONDAY + timedelta(days=number) for number in (1, 3, 7))
SOONER, LATER = "09:00", "11:00"
"""On the day between the two: the file at nine and the information at eleven would each be right without the other."""

Pair = tuple[int, int]


def weddings(session: Session) -> Working:
    """Twenty minutes of information, and as long for the file, any time after it; a counter for every couple."""
    place = a_working_commune(session, counters=COUPLES)
    place.service.minutes_first, place.service.max_persons, place.service.max_moves = 20, 1, 9
    place.service.information_minutes, place.service.information_days = 20, 0
    session.flush()
    return place


def couple(database: Database, place: Working, number: int) -> Pair:
    """Both visits of a couple, booked: the ids of that for the information and of that for the file."""
    wish = {"lines": [WishedLine(place.service.id)], "start": at(BEFORE, "10:00"), "then": at(AFTER, "10:00")}
    where = {"commune_id": place.commune.id, "office_id": place.office.id, "length": HOLD, "now": EARLY}
    key = Unit(hold_steps, {**wish, **where, "client": None, "per_client": 5})(database.engine)
    made = confirming(place.commune.id, key, f"Couple {number}")(database.engine)
    group = select(Appointment.group_key).where(Appointment.id == made.id).scalar_subquery()
    information, file = database.all(
        select(Appointment.id).where(Appointment.group_key == group).order_by(Appointment.start)
    )
    return information, file


def holds(place: Working, visit: int, step: Step, day: date, wall: str) -> Unit:
    """Somebody holds another time for one of their two visits; gives the hold's key."""
    own = {"commune_id": place.commune.id, "office_id": place.office.id, "appointment_id": visit}
    term = {"length": HOLD, "client": f"person {visit}", "per_client": 5, "instead_of": None, "now": EARLY}
    wish = {"lines": [WishedLine(place.service.id, step=step)], "start": at(day, wall), "key": new_key()}
    return Unit(hold_instead, {**own, **term, **wish})


def accepts(place: Working, key: str) -> Unit:
    told = {"commune_id": place.commune.id, "hold_key": key, "version": 1, "actor": RESIDENT, "now": EARLY}
    return Unit(accept, told)


def half_moved(database: Database, place: Working, pair: Pair) -> tuple[Unit, Unit]:
    """Steps that fix what is held for both visits: each right by itself, together the wrong way round."""
    information = holds(place, pair[0], Step.INFORMATION, BETWEEN, LATER)(database.engine)
    file = holds(place, pair[1], Step.FILE, BETWEEN, SOONER)(database.engine)
    return accepts(place, information), accepts(place, file)


def in_order(database: Database) -> None:
    steps = database.all(
        select(AppointmentLine.step)
        .join(Appointment, Appointment.id == AppointmentLine.appointment_id)
        .where(Appointment.replaces_id.is_(None))
        .order_by(Appointment.group_key, Appointment.start)
    )
    assert steps == [Step.INFORMATION, Step.FILE] * (len(steps) // 2)
    with Session(database.engine) as session:
        assert problems(session, now=EARLY) == []


def test_of_two_steps_accepted_at_once_one_is_moved_and_the_order_stays(database: Database) -> None:
    place = database.write(weddings)
    pairs = [half_moved(database, place, couple(database, place, number)) for number in range(COUPLES)]
    moments = together(database.url, [[pair[0] for pair in pairs], [pair[1] for pair in pairs]])

    for moment in moments:
        assert sorted(outcome.refusal or "" for outcome in moment) == ["", "StepsOutOfOrder"]
    in_order(database)


def test_two_steps_moved_to_and_fro_by_two_processes_never_end_the_wrong_way_round(database: Database) -> None:
    place = database.write(weddings)
    pairs = [couple(database, place, number) for number in range(COUPLES)]
    where = (place.service.id, place.office.id)
    informations = [
        Moves(pair[0], *where, at(BETWEEN, LATER), length=HOLD, step=Step.INFORMATION) for pair in pairs for _ in "ab"
    ]
    files = [
        Moves(pair[1], *where, at(BETWEEN, SOONER), length=HOLD, step=Step.FILE)
        for pair in reversed(pairs)
        for _ in "ab"
    ]
    moments = together(database.url, [informations, files])

    assert {outcome.refusal for moment in moments for outcome in moment} <= {None, "StepsOutOfOrder"}
    assert any(outcome.value for moment in moments for outcome in moment)
    in_order(database)
    assert database.count(Claim) == 4 * database.count(Appointment, Appointment.replaces_id.is_(None))


def test_a_move_waits_for_that_of_the_other_step_and_sees_where_it_went(database: Database) -> None:
    place = database.write(weddings)
    first, second = half_moved(database, place, couple(database, place, 1))
    moved, refused = half_way(database, first, second)

    assert (moved.refusal, refused.refusal) == (None, "StepsOutOfOrder")
    in_order(database)


def file_waits(session: Session, place: Working, pair: Pair) -> Appointment:
    """The couple would bring their file sooner; gives somebody else's visit on the day between."""
    place.service.earlier_list = True
    session.add(place.service)
    session.flush()
    waits_with(session, place, session.get_one(Appointment, pair[1]))
    return an_appointment(session, place.counters[1], place.service, start=at(BETWEEN, "09:30"), minutes=20, email=None)


def test_what_is_offered_while_the_other_step_moves_behind_it_goes_on_at_once(database: Database) -> None:
    place = database.write(weddings)
    pair = couple(database, place, 1)
    first, _ = half_moved(database, place, pair)
    theirs = database.write(lambda session: file_waits(session, place, pair))
    told = {"commune_id": place.commune.id, "appointment_id": theirs.id, "version": 1, "actor": RESIDENT}
    moved, cancelled = half_way(database, first, Unit(cancel, {**told, "now": EARLY}))
    assert (moved.refusal, cancelled.refusal) == (None, None)

    passes_on = Unit(pass_on, {"terms": USUAL_TERMS, "now": EARLY})
    while passes_on(database.engine):
        pass
    assert database.count(Offer, Offer.state == OfferState.OPEN) == 0
    # SQLite lets one unit write at a time: there the second has seen where the information went.
    assert database.count(Offer) == int(database.engine.dialect.name == "postgresql")
    with Session(database.engine) as session:
        assert problems(session, now=EARLY) == []
