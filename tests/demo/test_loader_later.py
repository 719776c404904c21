"""The demonstration on the days after it was loaded, loaded on other days, and gone again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from booking import demo
from booking.core.appointments import AppointmentState
from booking.core.errors import NotInProduction
from booking.core.roles import Role
from booking.demo.content.people import NAMED, STAFF
from booking.models import Appointment, Base, Commune, Counter, Membership, Office, Person, Service
from booking.settings import Settings
from booking.usecases.check import problems
from booking.usecases.joining import add_membership
from booking.usecases.people import account_for
from tests.databases import Database
from tests.demo.loading import NOW, days_until_free, load
from tests.factories import a_person, a_working_commune, an_appointment, quick_hash
from tests.moments import MONDAY, at

pytestmark = pytest.mark.races


@pytest.fixture(autouse=True)
def passwords_are_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "hash_password", quick_hash)


Seen = list[tuple[str, str, datetime, AppointmentState, str | None, str | None]]


def seen(database: Database) -> Seen:
    """What a person sees of the visits."""
    wanted = (
        select(Office.code, Counter.label, Appointment.start, Appointment.state, Appointment.name, Appointment.email)
        .join(Counter, Counter.id == Appointment.counter_id)
        .join(Office, Office.id == Appointment.office_id)
        .order_by(Office.code, Counter.label, Appointment.start, Appointment.state, Appointment.name)
    )
    return database.all(wanted)


def test_for_one_moment_it_is_always_the_same(made: Callable[[str], Database], copy: Database) -> None:
    first = seen(made("sqlite"))

    assert seen(made("postgresql")) == first
    load(copy)
    assert seen(copy) == first, "a second time adds nothing"


def test_the_day_after_a_day_comes_to_it_and_nothing_goes(copy: Database) -> None:
    ids, last = select(Appointment.id), select(func.max(Appointment.local_date))
    before = set(copy.all(ids))
    assert copy.one(last) == MONDAY + timedelta(weeks=5)

    load(copy, NOW + timedelta(days=1))

    assert before < set(copy.all(ids))
    assert copy.one(select(func.min(Appointment.local_date)).where(Appointment.id.not_in(before))) > MONDAY
    assert copy.one(last) == MONDAY + timedelta(weeks=5, days=1)


def test_an_office_that_somebody_closed_down_is_left_alone(copy: Database) -> None:
    office = copy.one(select(Office.id).where(Office.id == select(func.max(Office.id)).scalar_subquery()))
    copy.write(
        lambda session: session.execute(update(Office).where(Office.id == office).values(retired_at=NOW)) and None
    )
    there = select(func.count()).where(Appointment.office_id == office)
    before = copy.one(there)

    load(copy, NOW + timedelta(days=8))

    assert copy.one(there) == before


def test_the_days_after_it_is_topped_up_and_marked(copy: Database) -> None:
    for ahead in (1, 9, 16):
        now, today = NOW + timedelta(days=ahead), MONDAY + timedelta(days=ahead)
        load(copy, now)

        with Session(copy.engine) as session:
            assert problems(session, now=now) == []
            unsettled = Appointment.state == AppointmentState.BOOKED, Appointment.local_date < today
            assert session.scalar(select(func.count()).where(*unsettled)) == 4
            for commune_id in session.scalars(select(Commune.id)):
                free = days_until_free(session, commune_id, now)
                assert free.pop("eu-registration") >= 24
                assert free.pop("foreign-licence") >= 31
                assert max(free.values()) <= 9, (today, free)
    assert copy.one(select(func.max(Appointment.local_date))) >= MONDAY + timedelta(days=16 + 34)


def test_what_somebody_booked_while_trying_it_out_is_left_alone(copy: Database) -> None:
    def book(session: Session) -> int:
        counter = session.scalars(select(Counter).where(Counter.label == "A4")).one()
        wanted = select(Service).where(Service.code == "identity-card", Service.commune_id == counter.commune_id)
        service, early = session.scalars(wanted).one(), at(MONDAY + timedelta(days=3), "07:00")
        return an_appointment(session, counter, service, start=early, email="ana@example.org").id

    mine = copy.write(book)
    load(copy, NOW + timedelta(days=7))

    assert copy.one(select(Appointment.state).where(Appointment.id == mine)) == AppointmentState.BOOKED


def rows_by_table(database: Database) -> dict[str, set[str]]:
    return {table.name: set(map(repr, database.all(select(table)))) for table in Base.metadata.sorted_tables}


def test_it_goes_away_and_leaves_everything_else_as_it_was(database: Database) -> None:
    def begin(session: Session) -> None:
        real = a_working_commune(session)
        an_appointment(session, real.counter, real.service, start=at(MONDAY, "09:00"))
        a_person(session, real.commune)

    database.write(begin)
    before = rows_by_table(database)
    load(database)

    assert demo.remove(database.engine) == 2

    assert rows_by_table(database) == before
    assert demo.remove(database.engine) == 0


def test_who_works_for_a_real_commune_too_keeps_the_account(copy: Database) -> None:
    def employ(session: Session) -> None:
        dora = account_for(session, STAFF[0].email)
        assert dora
        add_membership(
            session, commune_id=a_working_commune(session).commune.id, person_id=dora.id, role=Role.ADMINISTRATOR
        )

    copy.write(employ)
    demo.remove(copy.engine)

    assert copy.all(select(Person.email)) == [STAFF[0].email]
    assert copy.count(Membership) == 1


@pytest.mark.engines("sqlite")
def test_production_has_no_demonstration(database: Database) -> None:
    production = Settings(production=True)

    with pytest.raises(NotInProduction):
        next(demo.load(database.engine, settings=production, now=NOW))
    assert database.count(Commune) == 0


@pytest.mark.engines("sqlite")
def test_on_a_day_when_everything_is_shut_it_is_alive_the_day_after(database: Database) -> None:
    day = date(2027, 7, 21)
    pieces = load(database, at(day, "12:00"))

    assert pieces == demo.PIECES
    assert database.count(Appointment, Appointment.local_date == day) == 0
    assert database.count(Appointment, Appointment.local_date > day) > 1000
    assert {person.name for person in NAMED} <= set(database.all(select(Appointment.name)))


@pytest.mark.races
@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("day", "wall", "registration", "licence"),
    [
        pytest.param(date(2027, 6, 25), "10:40", 24, 31, id="a Friday, summer hours begin next week"),
        pytest.param(date(2027, 7, 31), "09:30", 24, 31, id="a Saturday in summer, when nothing is open"),
        # The 24th and the 31st day are Saturdays: the Monday after is the first on which there can be anything.
        pytest.param(date(2026, 12, 23), "15:00", 26, 33, id="a Wednesday before Christmas"),
        pytest.param(date(2027, 3, 28), "02:30", 24, 31, id="the night in which the clocks change"),
    ],
)
def test_services_are_first_free_when_they_should_be_whatever_the_day(
    database: Database, day: date, wall: str, registration: int, licence: int
) -> None:
    now = at(day, wall)

    load(database, now)

    with Session(database.engine) as session:
        assert problems(session, now=now) == []
        for commune_id in session.scalars(select(Commune.id)):
            free = days_until_free(session, commune_id, now)
            assert (free.pop("eu-registration"), free.pop("foreign-licence")) == (registration, licence)
            assert max(free.values()) <= 9, free
