"""Two adjoining visits while others reach for one of them: both are had, or neither."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.models import Appointment, Claim
from booking.usecases.appointments import Wish, confirm
from booking.usecases.baskets import WishedLine
from booking.usecases.cancellations import cancel
from booking.usecases.check import problems
from booking.usecases.groups import hold_adjoining, others_of
from booking.usecases.undoing import undo_cancellation
from tests.databases import Database
from tests.factories import Working, a_counter, a_service, a_session, a_working_commune
from tests.moments import EARLY, MONDAY, at
from tests.races.booking import HOLD, confirming, holding
from tests.races.processes import Step, Unit, together
from tests.usecases.waiting import ANA

pytestmark = pytest.mark.races

PROCESSES = 6
LAPSE = EARLY + HOLD
WALLS = ("10:00", "10:45", "11:30")


def two_desks(session: Session) -> tuple[Working, int]:
    """A counter for cards and another for births, a quarter of an hour each."""
    place = a_working_commune(session)
    birth = a_service(session, place.commune, code="birth")
    a_session(session, place.office, [a_counter(session, place.office, label="2", serves=[birth])])
    return place, birth.id


def both(place: Working, birth: int, wall: str, **other: object) -> Unit:
    lines = [WishedLine(place.service.id), WishedLine(birth)]
    return Unit(hold_adjoining, holding(place, at(MONDAY, wall), lines=lines, **other).arguments)


def one(place: Working, birth: int, wall: str, **other: object) -> Unit:
    """Somebody who wants only the second half of what others want together."""
    return holding(place, at(MONDAY, wall) + timedelta(minutes=15), lines=[WishedLine(birth)], **other)


def sound(database: Database) -> None:
    """Every group is two visits, every visit has its claims, and nothing is left of those who lost."""
    sizes = database.all(select(func.count()).where(Appointment.group_key.is_not(None)).group_by(Appointment.group_key))
    assert set(sizes) <= {2}
    assert database.count(Claim) == 3 * database.count(Appointment)
    with Session(database.engine) as session:
        assert problems(session, now=EARLY) == []


def test_one_of_two_stolen_meanwhile_is_none_of_two(database: Database) -> None:
    place, birth = database.write(two_desks)
    shares: list[list[Step]] = [
        [(both if number % 2 else one)(place, birth, wall) for wall in WALLS] for number in range(PROCESSES)
    ]
    moments = together(database.url, shares)

    for moment in moments:
        assert any(outcome.value for outcome in moment)
        assert {outcome.refusal for outcome in moment} <= {None, "SlotTaken"}
    won = sum(bool(outcome.value) for moment in moments for outcome in moment[1::2])
    assert database.count(Appointment, Appointment.group_key.is_not(None)) == 2 * won
    sound(database)


def test_a_lapsed_pair_is_confirmed_whole_or_taken_by_who_wants_one(database: Database) -> None:
    place, birth = database.write(two_desks)
    keys = [both(place, birth, wall)(database.engine) for wall in WALLS]
    owner: list[Step] = [
        confirming(place.commune.id, key, f"Ana {number}", now=LAPSE - timedelta(seconds=1))
        for number, key in enumerate(keys)
    ]
    rival: list[Step] = [one(place, birth, wall, now=LAPSE) for wall in WALLS]

    for owned, taken in together(database.url, [owner, rival]):
        assert (owned.refusal, taken.refusal) in {(None, "SlotTaken"), ("HoldGone", None)}
    booked = database.all(
        select(func.count()).where(Appointment.state == AppointmentState.BOOKED).group_by(Appointment.group_key)
    )
    assert set(booked) <= {2}


def cancelled_pairs(session: Session, place: Working, keys: list[str]) -> list[tuple[int, int]]:
    """Each pair is confirmed, then cancelled by one act; gives the ids of the two, the earlier first."""
    pairs = []
    for number, key in enumerate(keys):
        home = {"commune_id": place.commune.id, "now": EARLY}
        wish = Wish(f"Ana {number}", f"ana{number}@example.org", None, "fr")
        made = confirm(session, **home, hold_key=key, wish=wish, per_contact=4)  # type: ignore[arg-type]
        (other,) = others_of(session, commune_id=place.commune.id, appointment_id=made.id)
        cancel(session, **home, appointment_id=made.id, version=1, both=True, actor=ANA)  # type: ignore[arg-type]
        pairs.append((made.id, other.id))
    return pairs


def test_a_pair_that_is_undone_from_both_pages_while_one_half_is_reached_for_comes_back_whole_or_not_at_all(
    database: Database,
) -> None:
    place, birth = database.write(two_desks)
    keys = [both(place, birth, wall)(database.engine) for wall in WALLS]
    pairs = database.write(cancelled_pairs, place=place, keys=keys)
    own = {"commune_id": place.commune.id, "version": 2, "per_contact": 4, "actor": ANA, "now": EARLY}
    pages: list[list[Step]] = [
        [Unit(undo_cancellation, {**own, "appointment_id": pair[half]}) for pair in pairs] for half in (0, 1)
    ]
    rival: list[Step] = [one(place, birth, wall) for wall in WALLS]

    for first, second, taken in together(database.url, [*pages, rival]):
        if taken.value:
            assert {first.refusal, second.refusal} == {"OneTimeGone"}
        else:
            assert (taken.refusal, {first.value, second.value}) == ("SlotTaken", {True, False})
    booked = database.all(
        select(func.count())
        .where(Appointment.state == AppointmentState.BOOKED, Appointment.group_key.is_not(None))
        .group_by(Appointment.group_key)
    )
    assert set(booked) <= {2}
    with Session(database.engine) as session:
        assert problems(session, now=EARLY) == []
