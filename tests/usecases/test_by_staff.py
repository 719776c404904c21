"""What staff do for whoever calls: free times whatever the notice, bookings no limit counts, names misheard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, Channel, Step
from booking.core.errors import ContactMissing, HoldGone, HoldLapsed, OutsideHours, RoleMissing, SlotTaken, TooSoon
from booking.core.roles import Role
from booking.core.text import folded
from booking.models import Appointment, Counter, JournalEntry, OpeningCounter, Seat, Service
from booking.models.offices import CounterKind
from booking.usecases.appointments import Wish
from booking.usecases.baskets import Basket, BasketLine
from booking.usecases.bookings_by_staff import confirm_for, hold_for_caller
from booking.usecases.extra_times import extra_times
from booking.usecases.journal import Actor
from booking.usecases.near_names import likeliest, near, spellings_of
from booking.usecases.overbooking import OVERBOOKED
from booking.usecases.times_by_staff import first_free_days
from booking.usecases.visit_changes import changes_of
from tests.factories import Working, a_counter, a_service, a_session, a_working_commune, an_appointment, an_office
from tests.moments import EARLY, MONDAY, at
from tests.usecases.booking import held

ROSA, AGENT = Actor(Role.RECEPTIONIST), Actor(Role.AGENT)
EMMA = Wish(name="Emma", email=None, phone=None, language="nl")


@pytest.fixture
def home(session: Session) -> Working:
    return a_working_commune(session)


def walls(session: Session, home: Working, **wish: object) -> list[tuple[int, list[str]]]:
    """Days after Monday, each with its free starts."""
    looked = {"offices": [home.office], "basket": Basket.of(home.service), "first": MONDAY, "number": 2, "now": EARLY}
    found = first_free_days(session, **(looked | wish))  # type: ignore[arg-type]
    return [((one.day - MONDAY).days, [f"{start.wall:%H:%M}" for start in one.starts]) for one in found]


def test_the_first_free_times_are_those_to_come_whatever_the_notice(session: Session, home: Working) -> None:
    an_appointment(session, home.counter, home.service, start=at(MONDAY, "08:15"))
    (today, starts), (tomorrow, whole) = walls(session, home)

    assert (today, starts[:2]) == (0, ["08:30", "08:45"])
    assert (tomorrow, whole[0], len(whole)) == (1, "08:00", 16)


def test_staff_see_every_five_minutes_when_they_ask(session: Session, home: Working) -> None:
    ((_, starts),) = walls(session, home, every_tick=True, number=1)

    assert starts[:3] == ["08:05", "08:10", "08:15"]


def test_a_week_that_is_full_is_passed_over_and_a_later_day_is_looked_at(session: Session, home: Working) -> None:
    assert walls(session, home, first=MONDAY + timedelta(days=5), number=1)[0][0] == 7
    far = MONDAY + timedelta(days=100)
    assert walls(session, home, first=far, number=1)[0][0] in range(100, 105)


def test_offices_are_looked_at_together_in_the_order_of_time(session: Session, home: Working) -> None:
    branch = an_office(session, home.commune, code="branch", position=2)
    a_session(session, branch, [a_counter(session, branch, serves=[home.service])], start="08:10", end="09:00")
    ((_, starts),) = walls(session, home, offices=[home.office, branch], number=1)

    assert starts[:4] == ["08:10", "08:15", "08:25", "08:30"]


def test_a_resident_is_not_given_the_starts_between(session: Session, home: Working) -> None:
    with pytest.raises(OutsideHours):
        held(session, home, start=at(MONDAY, "10:35"))
    assert held(session, home, start=at(MONDAY, "10:35"), in_window=False, channel=Channel.DESK)


def test_the_desk_books_without_contact_and_without_limit(session: Session, home: Working) -> None:
    for place in range(6):
        start = at(MONDAY, "10:00") + timedelta(minutes=15 * place)
        key = held(session, home, start=start, channel=Channel.DESK, in_window=False)
        confirm_for(session, commune_id=home.commune.id, hold_key=key, wish=EMMA, actor=ROSA, now=EARLY)

    assert session.scalars(select(Seat)).all() == []
    assert [
        one.act for one in changes_of(session, appointment=session.scalars(select(Appointment)).first()).changes
    ] == ["booked"]  # type: ignore[arg-type]


def test_the_hold_of_a_resident_is_not_confirmed_at_the_desk(session: Session, home: Working) -> None:
    key = held(session, home)
    with pytest.raises(ContactMissing):
        confirm_for(session, commune_id=home.commune.id, hold_key=key, wish=EMMA, actor=ROSA, now=EARLY)


def test_a_hold_that_is_over_books_nothing(session: Session, home: Working) -> None:
    key = held(session, home, channel=Channel.PHONE)
    over = EARLY + timedelta(minutes=11)
    booking = {"commune_id": home.commune.id, "wish": EMMA, "actor": ROSA, "now": over}
    with pytest.raises(HoldLapsed):
        confirm_for(session, hold_key=key, **booking)  # type: ignore[arg-type]
    with pytest.raises(HoldGone):
        confirm_for(session, hold_key="0" * 32, **booking)  # type: ignore[arg-type]


def for_caller(session: Session, home: Working, **wish: Any) -> int:
    """Held and confirmed for Emma; gives her first visit."""
    where: dict[str, Any] = {"commune_id": home.commune.id, "office_id": home.office.id, "now": EARLY}
    term = {"length": timedelta(minutes=10), "channel": Channel.PHONE, "actor": AGENT}
    key = hold_for_caller(session, **where, **(term | wish))
    own = {"commune_id": home.commune.id, "now": EARLY}
    return confirm_for(session, hold_key=key, wish=EMMA, actor=wish.get("actor", AGENT), **own).id  # type: ignore[arg-type]


def acts(session: Session, number: int) -> list[str]:
    wanted = select(JournalEntry.act).where(JournalEntry.subject_id == number).order_by(JournalEntry.id)
    return list(session.scalars(wanted))


def of_emma(session: Session) -> list[Appointment]:
    emma = select(Appointment).where(Appointment.name == "Emma", Appointment.state == AppointmentState.BOOKED)
    return list(session.scalars(emma.order_by(Appointment.start)))


def a_passport_desk(session: Session, home: Working) -> Service:
    passport = a_service(session, home.commune, code="passport")
    a_session(session, home.office, [a_counter(session, home.office, label="9", serves=[passport])])
    return passport


def test_what_no_counter_takes_alone_is_offered_and_given_at_two(session: Session, home: Working) -> None:
    lines = (BasketLine(home.service), BasketLine(a_passport_desk(session, home), 2))
    basket = Basket(lines, apart=True)
    an_appointment(session, home.counter, home.service, start=at(MONDAY, "08:30"))
    (_, starts), _tomorrow = walls(session, home, basket=basket)
    # While the counter for cards is busy, passports come first.
    assert starts[:3] == ["08:15", "08:30", "08:45"]
    for_caller(session, home, lines=basket.wished, start=at(MONDAY, "08:15"), apart=True)

    new = of_emma(session)
    assert [f"{one.wall_time:%H:%M}" for one in new] == ["08:15", "08:30"]
    assert [acts(session, one.id) for one in new] == [["booked"], ["booked"]]


def weddings(session: Session, home: Working) -> Basket:
    """Twenty minutes of information, and the file a week later, as early as it may be."""
    home.service.minutes_first, home.service.max_persons = 45, 1
    home.service.information_minutes, home.service.information_days = 20, 7
    session.flush()
    return Basket.of(home.service)


def test_the_file_is_offered_after_the_information_only(session: Session, home: Working) -> None:
    wedding = weddings(session, home)
    informed = at(MONDAY + timedelta(days=1), "10:30")
    file = wedding.of_step(Step.FILE, other=wedding.informed(informed, home.office.zone))
    (day, starts), _later = walls(session, home, basket=file)

    assert (day, starts[0]) == (8, "08:00")


def test_staff_hold_both_steps_or_neither_in_their_order(session: Session, home: Working) -> None:
    wish: dict[str, Any] = {"lines": weddings(session, home).wished, "first": at(MONDAY, "08:10")}
    with pytest.raises(TooSoon), session.begin_nested():
        for_caller(session, home, **wish, start=at(MONDAY + timedelta(days=6), "09:00"))
    next_monday = at(MONDAY + timedelta(days=7), "09:00")
    taken = an_appointment(session, home.counter, home.service, start=next_monday)
    with pytest.raises(SlotTaken), session.begin_nested():
        for_caller(session, home, **wish, start=next_monday)
    assert list(session.scalars(select(Appointment.id))) == [taken.id]
    for_caller(session, home, **wish, start=next_monday + timedelta(hours=1))

    information, file = of_emma(session)
    assert information.group_key == file.group_key is not None
    assert (information.start, file.start) == (at(MONDAY, "08:10"), next_monday + timedelta(hours=1))


def an_extra_lane(session: Session, home: Working, *, serves: Sequence[Service]) -> Counter:
    lane = a_counter(session, home.office, label="X", kind=CounterKind.EXTRA, serves=serves)
    session.add(OpeningCounter(commune_id=home.commune.id, session_id=home.opening.id, counter_id=lane.id))
    session.flush()
    return lane


def test_an_extra_lane_is_given_knowingly_and_written_down(session: Session, home: Working) -> None:
    lane = an_extra_lane(session, home, serves=[home.service])
    an_appointment(session, home.counter, home.service)
    nine: dict[str, Any] = {"lines": Basket.of(home.service).wished, "start": at(MONDAY, "09:00")}
    with pytest.raises(SlotTaken), session.begin_nested():
        for_caller(session, home, **nine)
    with pytest.raises(RoleMissing):
        for_caller(session, home, **nine, asked=OVERBOOKED, actor=ROSA)
    number = for_caller(session, home, **nine, asked=OVERBOOKED)

    assert session.get_one(Appointment, number).counter_id == lane.id
    assert acts(session, number) == ["booked", "overbooked"]


def test_who_is_overbooked_for_the_information_is_not_for_the_file_by_chance(session: Session, home: Working) -> None:
    lane = an_extra_lane(session, home, serves=[home.service])
    next_monday = at(MONDAY + timedelta(days=7), "09:00")
    for start in (at(MONDAY, "09:00"), next_monday):
        an_appointment(session, home.counter, home.service, start=start)
    wish: dict[str, Any] = {"lines": weddings(session, home).wished, "first": at(MONDAY, "09:00")}
    wish["first_asked"] = OVERBOOKED
    with pytest.raises(SlotTaken), session.begin_nested():
        for_caller(session, home, **wish, start=next_monday)
    with pytest.raises(RoleMissing):
        for_caller(session, home, **wish, start=next_monday + timedelta(hours=1), actor=ROSA)
    for_caller(session, home, **wish, start=next_monday + timedelta(hours=1))

    information, file = of_emma(session)
    assert (information.counter_id, file.counter_id) == (lane.id, home.counter.id)
    assert (acts(session, information.id), acts(session, file.id)) == (["booked", "overbooked"], ["booked"])


def card_and_passport_with_a_lane(session: Session, home: Working) -> tuple[Basket, Counter]:
    """Both are had at two counters only, and an extra lane serves both; passports are busy from 9:00 to 10:00."""
    passport = a_passport_desk(session, home)
    lane = an_extra_lane(session, home, serves=[home.service, passport])
    desk = session.scalars(select(Counter).where(Counter.label == "9")).one()
    an_appointment(session, desk, passport, start=at(MONDAY, "09:00"), minutes=60)
    return Basket((BasketLine(home.service), BasketLine(passport)), apart=True), lane


def test_an_extra_lane_takes_what_no_counter_takes_alone(session: Session, home: Working) -> None:
    basket, lane = card_and_passport_with_a_lane(session, home)
    number = for_caller(session, home, lines=basket.wished, start=at(MONDAY, "09:00"), apart=True, asked=OVERBOOKED)

    assert [one.counter_id for one in of_emma(session)] == [lane.id]
    assert acts(session, number) == ["booked", "overbooked"]


def test_an_extra_lane_is_offered_only_when_no_two_counters_take_it_either(session: Session, home: Working) -> None:
    basket, _lane = card_and_passport_with_a_lane(session, home)
    found = extra_times(session, offices=[home.office], basket=basket, day=MONDAY, now=EARLY)

    assert [f"{one.start.astimezone(home.office.zone):%H:%M}" for one in found[home.office]] == ["09:00", "09:15"]


def test_who_overbooks_what_two_counters_still_take_gets_those_two(session: Session, home: Working) -> None:
    basket, lane = card_and_passport_with_a_lane(session, home)
    for_caller(session, home, lines=basket.wished, start=at(MONDAY, "10:00"), apart=True, asked=OVERBOOKED)

    new = of_emma(session)
    assert len({one.counter_id for one in new} - {lane.id}) == 2
    assert [acts(session, one.id) for one in new] == [["booked"], ["booked"]]


NAMES = [
    "ann sofie van den broeck",
    "youssef el idrissi",
    "niamh o brien",
    "jan janssens",
    "marie jansen",
    "li",
    "анна",
]


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("vandenbroek", ["ann sofie van den broeck"]),
        ("el idrisi", ["youssef el idrissi"]),
        ("jansens", ["jan janssens", "marie jansen"]),
        ("jan jansens", ["jan janssens"]),
        ("lu", []),
        ("nobody", []),
    ],
)
def test_names_are_near_by_their_letters(heard: str, meant: list[str]) -> None:
    assert likeliest(folded(heard).split(), spellings_of(NAMES)) == meant


def test_names_of_long_ago_and_of_other_offices_are_not_near(session: Session, home: Working) -> None:
    branch = an_office(session, home.commune, code="branch", position=2)
    counter = a_counter(session, branch, serves=[home.service])
    about = {"name": "Jan Janssens", "name_search": "jan janssens"}
    an_appointment(session, home.counter, home.service, start=at(MONDAY - timedelta(days=31), "09:00"), **about)
    an_appointment(session, counter, home.service, **about)
    here = an_appointment(session, home.counter, home.service, start=at(MONDAY, "10:00"), **about)
    wanted = {"commune_id": home.commune.id, "text": "jansens", "today": MONDAY, "now": EARLY}

    assert [one.id for one in near(session, office_ids=[home.office.id], **wanted)] == [here.id]  # type: ignore[arg-type]
    assert near(session, office_ids=[home.office.id], known=[here.id], **wanted) == ()  # type: ignore[arg-type]
