"""Needs said late: on the last form, or once the visit is booked. A visit grows where it stands, if it can."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import HoldLapsed, NoRoomForNeeds, OutOfDate, SlotTaken, VisitBegun
from booking.core.needs import Need, NeedTimes
from booking.core.references import new_key
from booking.core.roles import Role
from booking.models import Appointment, AppointmentLine, Claim, JournalEntry, Message
from booking.models.messages import MessageKind
from booking.usecases.appointments import Booked
from booking.usecases.baskets import WishedLine
from booking.usecases.check import problems
from booking.usecases.groups import hold_steps
from booking.usecases.held import held_by
from booking.usecases.journal import Actor
from booking.usecases.moves import accept, basket_of, hold_instead
from booking.usecases.needs import change_needs, confirm_as_needed, needs_changed_at
from tests.databases import Database
from tests.factories import Working, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at
from tests.usecases.booking import ANA, HALF_PAST_TEN, booked, held
from tests.usecases.test_groups import held_together, two_desks

LOW, SIGNS = frozenset({Need.LOW_COUNTER}), frozenset({Need.SIGN_LANGUAGE})
TIMES = NeedTimes.of({Need.SIGN_LANGUAGE: 15})
QUARTER = timedelta(minutes=15)
HERSELF = Actor(role=Role.RESIDENT, client="somewhere")


def a_commune_with_time(session: Session, **choices: Any) -> Working:
    """A commune that gives a quarter of an hour more to sign language."""
    return a_working_commune(session, need_minutes=TIMES, **choices)


def confirmed_with(
    session: Session,
    place: Working,
    key: str,
    needs: frozenset[Need],
    *,
    name: str = "Ana",
    now: datetime = EARLY,
    **other: Any,
) -> Booked:
    wish = replace(ANA, needs=needs, name=name, email=f"{name.lower()}@example.org")
    return confirm_as_needed(
        session, commune_id=place.commune.id, hold_key=key, wish=wish, per_contact=4, now=now, **other
    )


def needing(session: Session, place: Working, made: Booked, needs: frozenset[Need], **other: Any) -> bool:
    session.expire_all()
    version = session.get_one(Appointment, made.id).version
    own = {"commune_id": place.commune.id, "appointment_id": made.id, "version": version, "now": EARLY, **other}
    longer: bool = change_needs(session, needs=needs, actor=HERSELF, **own)
    session.expire_all()
    return longer


def lasts(session: Session, number: int) -> timedelta:
    session.expire_all()
    visit = session.get_one(Appointment, number)
    return visit.end - visit.start


def journal(session: Session) -> list[tuple[str, str]]:
    return [(one.act, one.fields) for one in session.scalars(select(JournalEntry).order_by(JournalEntry.id))]


def moves_told(session: Session) -> int:
    return session.scalar(select(func.count(Message.id)).where(Message.kind == MessageKind.MOVED)) or 0


def test_a_need_said_on_the_last_form_makes_the_visit_longer_where_it_stands(session: Session) -> None:
    place = a_commune_with_time(session)
    made = confirmed_with(session, place, held(session, place), LOW | SIGNS)

    visit = session.get_one(Appointment, made.id)
    assert (visit.start, visit.end) == (HALF_PAST_TEN, HALF_PAST_TEN + 2 * QUARTER)
    assert visit.needs == LOW | SIGNS
    assert session.scalar(select(func.count(Claim.tick))) == 6
    assert list(session.scalars(select(AppointmentLine.minutes))) == [30]
    assert problems(session, now=EARLY) == []


def test_the_same_form_sent_twice_makes_one_appointment(session: Session) -> None:
    place = a_commune_with_time(session)
    key = held(session, place)
    made = confirmed_with(session, place, key, SIGNS)

    assert confirmed_with(session, place, key, SIGNS) == replace(made, again=True)
    assert session.scalar(select(func.count(Appointment.id))) == 1


@pytest.mark.engines("postgresql")
def test_a_press_that_saw_the_time_held_is_answered_as_the_one_that_came_before_it(database: Database) -> None:
    place = database.write(a_commune_with_time)
    key = database.write(held, place)
    sent = {"commune_id": place.commune.id, "hold_key": key, "wish": ANA, "per_contact": 4, "now": EARLY}
    with Session(database.engine) as slow:
        seen = held_by(slow, commune_id=place.commune.id, hold_key=key)
        assert seen is not None
        first = database.write(confirm_as_needed, **sent)
        again = confirm_as_needed(slow, **sent)

    assert (again.id, again.reference) == (first.id, first.reference)
    assert database.count(Message) == 1


def test_a_need_that_takes_no_time_leaves_the_visit_as_it_was_held(session: Session) -> None:
    place = a_commune_with_time(session)
    key = held(session, place)
    number = session.scalars(select(Appointment.id)).one()

    assert confirmed_with(session, place, key, LOW).id == number
    assert lasts(session, number) == QUARTER


def test_a_time_held_for_the_need_already_grows_no_further(session: Session) -> None:
    place = a_commune_with_time(session)
    made = confirmed_with(session, place, held(session, place, needs=SIGNS), SIGNS | LOW)

    assert lasts(session, made.id) == 2 * QUARTER


def test_where_somebody_has_the_minutes_behind_nothing_is_lost_and_the_time_may_be_kept(session: Session) -> None:
    place = a_commune_with_time(session)
    key = held(session, place)
    an_appointment(session, place.counter, place.service, start=HALF_PAST_TEN + QUARTER)
    with pytest.raises(NoRoomForNeeds), session.begin_nested():
        confirmed_with(session, place, key, SIGNS)

    still = held_by(session, commune_id=place.commune.id, hold_key=key)
    assert still is not None
    assert still.lasts(EARLY)
    made = confirmed_with(session, place, key, SIGNS, keeps_length=True)
    assert lasts(session, made.id) == QUARTER
    assert session.get_one(Appointment, made.id).needs == SIGNS, "it is said all the same, and prepared"


def test_another_counter_that_has_the_whole_of_it_will_do(session: Session) -> None:
    place = a_commune_with_time(session, counters=2)
    first, second = place.counters
    key = held(session, place, counter_id=first.id)
    an_appointment(session, first, place.service, start=HALF_PAST_TEN + QUARTER)
    made = confirmed_with(session, place, key, SIGNS)

    assert session.get_one(Appointment, made.id).counter_id == second.id
    assert lasts(session, made.id) == 2 * QUARTER


def test_no_visit_grows_beyond_the_hours(session: Session) -> None:
    place = a_commune_with_time(session)
    key = held(session, place, start=at(MONDAY, "11:45"))

    with pytest.raises(NoRoomForNeeds):
        confirmed_with(session, place, key, SIGNS)


def test_a_time_that_was_in_time_when_it_was_held_still_grows_within_the_notice(session: Session) -> None:
    place = a_commune_with_time(session)
    soon = at(MONDAY, "08:29")
    key = held(session, place, now=soon)

    made = confirmed_with(session, place, key, SIGNS, now=soon + timedelta(minutes=9))
    assert lasts(session, made.id) == 2 * QUARTER


def test_minutes_that_are_over_are_not_begun_again_by_a_need(session: Session) -> None:
    place = a_commune_with_time(session)
    key = held(session, place)

    with pytest.raises(HoldLapsed):
        confirmed_with(session, place, key, SIGNS, now=EARLY + timedelta(minutes=10))


def test_of_two_adjoining_visits_both_grow_and_the_second_follows(session: Session) -> None:
    place, birth = two_desks(session)
    place.commune.need_minutes = TIMES
    key = held_together(session, place, birth)
    confirmed_with(session, place, key, SIGNS)

    first, second = session.scalars(select(Appointment).order_by(Appointment.start)).all()
    assert (first.end - first.start, second.end - second.start) == (2 * QUARTER, 3 * QUARTER)
    assert first.end <= second.start
    assert {first.state, second.state} == {AppointmentState.BOOKED}
    assert first.group_key == second.group_key is not None
    assert problems(session, now=EARLY) == []


def test_of_two_steps_both_grow_and_the_minutes_of_the_answers_stay(session: Session) -> None:
    place = a_commune_with_time(session)
    place.service.minutes_first, place.service.max_persons = 45, 1
    place.service.information_minutes, place.service.information_days = 20, 7
    session.flush()
    lines = [WishedLine(place.service.id, added_minutes=5)]
    then = at(MONDAY + timedelta(days=7), "09:00")
    where: dict[str, Any] = {"commune_id": place.commune.id, "office_id": place.office.id, "now": EARLY}
    terms: dict[str, Any] = {"length": timedelta(minutes=10), "client": None, "per_client": 5}
    key = hold_steps(session, lines=lines, start=HALF_PAST_TEN, then=then, **where, **terms)
    confirmed_with(session, place, key, SIGNS)

    information, file = session.scalars(select(Appointment).order_by(Appointment.start)).all()
    assert information.end - information.start == timedelta(minutes=35)
    assert file.end - file.start == timedelta(minutes=65)


def test_a_longer_information_that_would_reach_into_the_file_of_the_same_day_is_too_long(session: Session) -> None:
    place = a_commune_with_time(session)
    place.service.max_persons, place.service.information_minutes, place.service.information_days = 1, 30, 0
    session.flush()
    where: dict[str, Any] = {"commune_id": place.commune.id, "office_id": place.office.id, "now": EARLY}
    terms: dict[str, Any] = {"length": timedelta(minutes=10), "client": None, "per_client": 5}
    then = HALF_PAST_TEN + 2 * QUARTER
    key = hold_steps(session, lines=[WishedLine(place.service.id)], start=HALF_PAST_TEN, then=then, **where, **terms)

    with pytest.raises(NoRoomForNeeds), session.begin_nested():
        confirmed_with(session, place, key, SIGNS)
    assert confirmed_with(session, place, key, SIGNS, keeps_length=True)


def test_of_two_who_want_the_minutes_between_them_one_gets_them(database: Database) -> None:
    """Somebody’s visit would grow into the quarter of an hour that another one asks for at the same moment."""
    place = database.write(lambda session: a_commune_with_time(session))

    def grows(name: str, key: str) -> bool:
        try:
            database.write(confirmed_with, place, key, SIGNS, name=name)
        except NoRoomForNeeds:
            return False
        return True

    def takes(start: datetime) -> bool:
        try:
            database.write(held, place, start=start)
        except SlotTaken:
            return False
        return True

    for week, name in enumerate(("Ana", "Bilal", "Chloe", "Dora", "Emil")):
        start = HALF_PAST_TEN + timedelta(days=7 * week)
        key = database.write(held, place, start=start)
        with ThreadPoolExecutor(2) as both:
            wishes = both.submit(grows, name, key), both.submit(takes, start + QUARTER)
            assert [one.result() for one in wishes].count(True) == 1
    assert database.write(lambda session: problems(session, now=EARLY)) == []


def test_a_button_pressed_many_times_at_once_makes_one_longer_appointment(database: Database) -> None:
    place = database.write(lambda session: a_commune_with_time(session, counters=2))
    key = database.write(held, place)

    def pressed(_: int) -> Booked:
        made: Booked = database.write(confirmed_with, place, key, SIGNS)
        return made

    with ThreadPoolExecutor(4) as crowd:
        made = list(crowd.map(pressed, range(4)))
    assert len({one.reference for one in made}) == 1
    assert database.count(Appointment) == 1
    assert database.count(Claim) == 6


# Once it is booked


def test_a_need_is_written_down_and_nobody_is_written_to(session: Session) -> None:
    place = a_commune_with_time(session)
    made = booked(session, place)
    assert not needing(session, place, made, LOW)

    visit = session.get_one(Appointment, made.id)
    assert (visit.needs, visit.sequence, visit.version) == (LOW, 0, 2)
    assert journal(session) == [("changed", "needs")]
    assert moves_told(session) == 0
    assert needs_changed_at(session, appointment=visit) == EARLY
    assert not needing(session, place, made, frozenset())
    assert session.get_one(Appointment, made.id).needs is None


def test_a_booked_visit_grows_where_it_stands_and_calendars_are_told(session: Session) -> None:
    place = a_commune_with_time(session)
    place.service.max_moves = 1
    made = booked(session, place)
    assert needing(session, place, made, SIGNS)

    visit = session.get_one(Appointment, made.id)
    assert (visit.start, visit.end) == (HALF_PAST_TEN, HALF_PAST_TEN + 2 * QUARTER)
    assert (visit.needs, visit.sequence, visit.moves) == (SIGNS, 1, 0), "none of the moves she has"
    assert journal(session) == [("moved", "end,needs")]
    assert moves_told(session) == 1
    assert session.scalar(select(func.count(Appointment.id))) == 1
    assert needs_changed_at(session, appointment=visit) == EARLY
    assert problems(session, now=EARLY) == []


def test_a_need_taken_back_and_said_again_lengthens_once(session: Session) -> None:
    place = a_commune_with_time(session)
    made = booked(session, place)
    needing(session, place, made, SIGNS)
    assert not needing(session, place, made, frozenset())
    assert lasts(session, made.id) == 2 * QUARTER

    assert not needing(session, place, made, SIGNS)
    assert lasts(session, made.id) == 2 * QUARTER


def test_without_room_a_booked_visit_stays_until_somebody_chooses(session: Session) -> None:
    place = a_commune_with_time(session)
    made = booked(session, place)
    an_appointment(session, place.counter, place.service, start=HALF_PAST_TEN + QUARTER)
    with pytest.raises(NoRoomForNeeds), session.begin_nested():
        needing(session, place, made, SIGNS)

    session.expire_all()
    assert session.get_one(Appointment, made.id).needs is None
    assert not needing(session, place, made, SIGNS, keeps_length=True)
    assert session.get_one(Appointment, made.id).needs == SIGNS
    assert lasts(session, made.id) == QUARTER


def test_a_visit_moved_for_a_need_is_longer_there_and_says_so(session: Session) -> None:
    place = a_commune_with_time(session)
    made = booked(session, place)
    visit = session.get_one(Appointment, made.id)
    key = hold_instead(
        session,
        commune_id=place.commune.id,
        appointment_id=made.id,
        office_id=place.office.id,
        lines=basket_of(session, appointment=visit).wished,
        start=at(MONDAY, "11:00"),
        length=timedelta(minutes=10),
        client="ana",
        per_client=5,
        key=new_key(),
        instead_of=None,
        needs=SIGNS,
        now=EARLY,
    )
    accept(session, commune_id=place.commune.id, hold_key=key, version=visit.version, actor=HERSELF, now=EARLY)
    session.expire_all()

    assert (visit.start, visit.end) == (at(MONDAY, "11:00"), at(MONDAY, "11:30"))
    assert (visit.needs, visit.moves) == (SIGNS, 1)


def test_the_first_of_two_adjoining_visits_does_not_grow_into_the_second(session: Session) -> None:
    place, birth = two_desks(session)
    place.commune.need_minutes = TIMES
    made = confirmed_with(session, place, held_together(session, place, birth), frozenset())

    with pytest.raises(NoRoomForNeeds):
        needing(session, place, made, SIGNS)


def test_an_old_page_a_visit_that_has_begun_and_somebody_who_is_there_change_nothing(session: Session) -> None:
    place = a_commune_with_time(session)
    made = booked(session, place)
    with pytest.raises(OutOfDate):
        needing(session, place, made, LOW, version=0)
    with pytest.raises(VisitBegun):
        needing(session, place, made, LOW, now=HALF_PAST_TEN + timedelta(minutes=5))
    session.get_one(Appointment, made.id).arrived_at = EARLY
    session.flush()
    assert not needing(session, place, made, SIGNS), "it is written down, and the visit stays as long as it is"
    assert session.get_one(Appointment, made.id).needs == SIGNS
    assert lasts(session, made.id) == QUARTER


def test_the_same_needs_sent_twice_are_written_down_once(session: Session) -> None:
    place = a_commune_with_time(session)
    made = booked(session, place)
    needing(session, place, made, LOW, version=1)
    assert not needing(session, place, made, LOW, version=1)

    assert session.get_one(Appointment, made.id).version == 2
    assert journal(session) == [("changed", "needs")]
    with pytest.raises(OutOfDate):
        needing(session, place, made, frozenset(), version=1)
    assert needing(session, place, made, SIGNS, version=2)
    assert not needing(session, place, made, SIGNS, version=2)


def test_a_visit_grows_at_its_own_counter_when_that_has_the_minutes(session: Session) -> None:
    place = a_commune_with_time(session, counters=2)
    # The counters are tried in a random order: by chance alone not all of them would stay where they are.
    for week, name in enumerate(("Ana", "Bilal", "Chloe", "Dora", "Emil", "Fatima")):
        wish = replace(ANA, name=name, email=f"{name.lower()}@example.org")
        made = booked(session, place, start=HALF_PAST_TEN + timedelta(days=7 * week), wish=wish)
        counter = session.get_one(Appointment, made.id).counter_id
        assert needing(session, place, made, SIGNS)
        assert session.get_one(Appointment, made.id).counter_id == counter


def test_what_was_said_of_a_visit_holds_when_it_grows_where_it_stands(session: Session) -> None:
    place = a_commune_with_time(session, counters=2)
    made = booked(session, place)
    visit = session.get_one(Appointment, made.id)
    said = {"coming_at": EARLY, "late_minutes": 10, "late_said_at": EARLY, "disturbed_at": EARLY}
    for name, value in {**said, "kept_outside_at": EARLY}.items():
        setattr(visit, name, value)
    session.flush()
    assert needing(session, place, made, SIGNS)

    assert {name: getattr(visit, name) for name in said} == said
    assert visit.kept_outside_at == EARLY


def test_a_service_that_takes_fewer_persons_now_does_not_grow_and_says_so(session: Session) -> None:
    place = a_commune_with_time(session)
    made = booked(session, place, persons=2)
    place.service.max_persons = 1
    session.flush()

    with pytest.raises(NoRoomForNeeds):
        needing(session, place, made, SIGNS)


def test_the_minutes_behind_a_booked_visit_are_given_once_whoever_asks_at_the_same_moment(database: Database) -> None:
    place = database.write(lambda session: a_commune_with_time(session))
    made = database.write(booked, place)

    def grows() -> bool:
        try:
            return bool(database.write(needing, place, made, SIGNS, version=1))
        except (NoRoomForNeeds, OutOfDate):
            return False

    def takes() -> bool:
        try:
            database.write(held, place, start=HALF_PAST_TEN + QUARTER)
        except SlotTaken:
            return False
        return True

    with ThreadPoolExecutor(4) as crowd:
        results = [crowd.submit(verb) for verb in (grows, takes, grows, takes)]
        assert sum(one.result() for one in results) == 1
    assert database.write(lambda session: problems(session, now=EARLY)) == []
