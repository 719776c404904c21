"""What staff do for whoever calls: free times whatever the notice, bookings no limit counts, names misheard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import Channel
from booking.core.errors import ContactMissing, HoldGone, HoldLapsed, OutsideHours
from booking.core.roles import Role
from booking.core.text import folded
from booking.models import Appointment, Seat
from booking.usecases.appointments import Wish
from booking.usecases.baskets import Basket
from booking.usecases.bookings_by_staff import confirm_for
from booking.usecases.journal import Actor
from booking.usecases.near_names import likeliest, near, spellings_of
from booking.usecases.times_by_staff import first_free_days
from booking.usecases.visit_changes import changes_of
from tests.factories import Working, a_counter, a_session, a_working_commune, an_appointment, an_office
from tests.moments import EARLY, MONDAY, at
from tests.usecases.booking import held

ROSA = Actor(Role.RECEPTIONIST)
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
