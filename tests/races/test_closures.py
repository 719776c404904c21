"""A closure races bookings: whoever ends up inside it was on the list that Dora decided about."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.models import Appointment, Closure, Counter
from booking.usecases.check import problems
from booking.usecases.effects import Decision
from tests.databases import Database
from tests.factories import Working, a_working_commune
from tests.moments import EARLY, MONDAY, at
from tests.races.booking import Books, confirming, holding
from tests.races.closing import Closed, closes, taking_away
from tests.races.processes import CameOf, Step, came_of, together

pytestmark = pytest.mark.races

RUNS = 50
DAYS = [day for n in range(1, 80) if (day := MONDAY + timedelta(days=n)).weekday() < 5][:RUNS]
WALLS = [f"{hour:02}:{minute:02}" for hour in (8, 9, 10, 11) for minute in (0, 15, 30, 45)]


def one_after_another(engine: Engine, *, steps: list[Step]) -> list[CameOf]:
    """What several people do in one process; only refusals may stop any of them."""
    outcomes = [came_of(step, engine) for step in steps]
    assert not any(outcome.fault for outcome in outcomes), outcomes
    return outcomes


def bookable_far_ahead(session: Session) -> Working:
    place = a_working_commune(session, counters=2)
    place.service.horizon_days = 90
    return place


def test_nobody_is_inside_a_closure_who_was_not_decided_about(database: Database) -> None:
    place = database.write(bookable_far_ahead)
    home = place.commune.id
    held = {(day, wall): holding(place, at(day, wall))(database.engine) for day in DAYS for wall in WALLS[:4]}
    dora: list[Step] = [partial(closes, commune_id=home, day=day, looks=n % 2 == 0) for n, day in enumerate(DAYS)]
    early, late = (
        [
            partial(one_after_another, steps=[confirming(home, held[day, wall], f"{day} {wall}") for wall in walls])
            for day in DAYS
        ]
        for walls in (WALLS[0:2], WALLS[2:4])
    )
    new, newer = (
        [
            partial(one_after_another, steps=[Books(holding(place, at(day, wall)), f"{day} {wall}") for wall in walls])
            for day in DAYS
        ]
        for walls in (WALLS[4::2], WALLS[5::2])
    )

    for day, (closing, *people) in zip(DAYS, together(database.url, [dora, early, late, new, newer]), strict=True):
        outcomes = [outcome for one in people for outcome in one.value]
        assert {outcome.refusal for outcome in outcomes} <= {None, "HoldGone", "OutsideHours"}
        closed: Closed = closing.value
        # Everybody who was told that the appointment is made is on the list, and nobody else is.
        assert sorted(outcome.value.id for outcome in outcomes if outcome.value) == sorted(closed.decided)
        done = closed.outcome
        ways = ((done.kept, Decision.KEEP), (done.cancelled, Decision.CANCEL), (done.proposed, Decision.PROPOSE))
        assert {one: decision for ids, decision in ways for one in ids} == closed.decided
        inside = select(Appointment.id).where(
            Appointment.local_date == day, Appointment.state != AppointmentState.CANCELLED
        )
        assert sorted(database.all(inside)) == sorted([*done.kept, *done.proposed])
    assert database.count(Closure) == len(DAYS)
    assert database.count(Appointment, Appointment.kept_outside_at.is_(None), Appointment.cancelled_at.is_(None)) == 0
    with Session(database.engine) as session:
        assert problems(session, now=EARLY) == []


def test_who_holds_a_time_across_the_closing_is_told_at_confirm(database: Database) -> None:
    place = database.write(bookable_far_ahead)
    dora: list[Step] = []
    ana: list[Step] = []
    bob: list[Step] = []
    for day in DAYS:
        key, new = (holding(place, at(day, wall)) for wall in ("11:00", "11:15"))
        # Each waits for the other to finish; Bob's process knows the hours as they were the day before.
        dora += [partial(closes, commune_id=place.commune.id, day=day), nothing]
        ana += [nothing, confirming(place.commune.id, key(database.engine), f"Ana {day}")]
        bob += [nothing, Books(new, f"Bob {day}")]
    moments = together(database.url, [dora, ana, bob])

    assert not any(closing.value.decided for closing, _, _ in moments[0::2])
    assert {(held.refusal, new.refusal) for _, held, new in moments[1::2]} == {("HoldGone", "OutsideHours")}
    assert database.count(Appointment) == 0


def test_nobody_is_booked_at_a_counter_that_is_taken_away(database: Database) -> None:
    place = database.write(lambda session: a_working_commune(session, counters=RUNS))
    keys = [holding(place, at(MONDAY, "11:00"))(database.engine) for _ in place.counters]
    at_counter = dict(database.all(select(Appointment.hold_key, Appointment.counter_id)))
    counters = {counter.id: counter for counter in place.counters}
    ana: list[Step] = [confirming(place.commune.id, key, f"Ana {n}") for n, key in enumerate(keys)]
    dora: list[Step] = [taking_away(counters[at_counter[key]]) for key in keys]

    for booked, taken_away in together(database.url, [ana, dora]):
        assert (booked.refusal, taken_away.refusal) in {(None, "HasAppointments"), ("HoldGone", None)}
    left = select(Counter.id).where(Counter.retired_at.is_(None)).order_by(Counter.id)
    assert database.all(left) == sorted(database.all(select(Appointment.counter_id)))


def nothing(engine: Engine) -> None:
    """Let the others act at this moment."""
