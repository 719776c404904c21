"""Two colleagues receive somebody for a while: said without a reason, known by name and contact together."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import Unknown
from booking.core.roles import Role
from booking.models import Appointment, Caution, JournalEntry
from booking.usecases.agenda import agenda_of, freshness
from booking.usecases.cautions import caution_of, receive_alone, receive_in_two, received_in_two
from booking.usecases.journal import Actor
from booking.usecases.own_data import written_out
from booking.usecases.retention import forget_cautions
from booking.usecases.visits import EVERYTHING
from booking.usecases.visits_found import visit as found_visit
from tests.factories import Working, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at

AGENT = Actor(Role.AGENT)
NINETY = timedelta(days=90)


@pytest.fixture
def home(session: Session) -> Working:
    return a_working_commune(session, counters=3)


@pytest.fixture
def ana(session: Session, home: Working) -> Appointment:
    return an_appointment(session, home.counter, home.service)


def in_two(session: Session, home: Working, visit: Appointment, **more: object) -> None:
    told = {"office_ids": [home.office.id], "length": NINETY, "now": EARLY, **more}
    own = {"commune_id": home.commune.id, "appointment_id": visit.id}
    receive_in_two(session, **own, actor=AGENT, **told)  # type: ignore[arg-type]


def test_the_mark_is_seen_on_every_visit_of_the_same_person_until_it_expires(
    session: Session, home: Working, ana: Appointment
) -> None:
    later = an_appointment(session, home.counter, home.service, start=at(MONDAY, "11:00"), name="PEETERS Ána")
    ids = [ana.id, later.id]
    before = freshness(session, office=home.office, day=MONDAY, now=EARLY)

    in_two(session, home, ana)

    own = {"commune_id": home.commune.id, "appointment_ids": ids}
    assert received_in_two(session, **own, now=EARLY) == set(ids)
    assert received_in_two(session, **own, now=EARLY + NINETY) == frozenset()
    day = agenda_of(session, office=home.office, day=MONDAY, choice=EVERYTHING, now=EARLY)
    assert [one.in_two for one in day.visits] == [True, True]
    assert all(one.has_flags for one in day.visits)
    where = {"commune_id": home.commune.id, "office_ids": [home.office.id]}
    assert found_visit(session, **where, appointment_id=later.id, now=EARLY).in_two
    assert freshness(session, office=home.office, day=MONDAY, now=EARLY) != before


def test_neither_the_name_nor_the_contact_alone_makes_the_same_person(
    session: Session, home: Working, ana: Appointment
) -> None:
    namesake = an_appointment(session, home.counters[1], home.service, email="other@example.org")
    relative = an_appointment(session, home.counters[2], home.service, name="Bob Peeters")

    in_two(session, home, ana)

    ids = [ana.id, namesake.id, relative.id]
    assert received_in_two(session, commune_id=home.commune.id, appointment_ids=ids, now=EARLY) == {ana.id}


def test_whoever_gave_no_contact_is_known_by_this_visit_alone(session: Session, home: Working) -> None:
    one, other = (an_appointment(session, home.counters[n], home.service, email=None) for n in (0, 1))

    in_two(session, home, one)

    found = received_in_two(session, commune_id=home.commune.id, appointment_ids=[one.id, other.id], now=EARLY)
    assert found == {one.id}


def test_said_again_it_counts_from_now_and_taken_back_it_is_gone(
    session: Session, home: Working, ana: Appointment
) -> None:
    in_two(session, home, ana)
    in_two(session, home, ana, now=EARLY + timedelta(days=1))
    (row,) = session.scalars(select(Caution)).all()
    assert row.expires_at == EARLY + timedelta(days=91)

    own = {"commune_id": home.commune.id, "office_ids": [home.office.id], "appointment_id": ana.id}
    for _ in range(2):
        receive_alone(session, **own, actor=AGENT, now=EARLY)

    assert session.scalars(select(Caution.id)).all() == []
    acts = session.scalars(select(JournalEntry.act).order_by(JournalEntry.id)).all()
    assert acts == ["cautioned", "cautioned", "caution_removed"]


def test_nothing_of_the_person_stands_in_the_row(session: Session, home: Working, ana: Appointment) -> None:
    in_two(session, home, ana)

    (row,) = session.scalars(select(Caution)).all()
    assert set(row.__table__.columns.keys()) == {"id", "commune_id", "person_key", "set_at", "expires_at"}
    assert len(row.person_key) == 32


def test_the_person_who_asks_what_is_kept_is_told(session: Session, home: Working, ana: Appointment) -> None:
    assert written_out(session, appointment=ana, now=EARLY)["received_by_two_colleagues"] is None

    in_two(session, home, ana)

    said = written_out(session, appointment=ana, now=EARLY)["received_by_two_colleagues"]
    assert said == {"since": EARLY.isoformat(), "until": (EARLY + NINETY).isoformat()}
    assert caution_of(session, appointment=ana, now=EARLY + NINETY) is None


def test_what_has_expired_is_deleted(session: Session, home: Working, ana: Appointment) -> None:
    in_two(session, home, ana)

    assert forget_cautions(session, now=EARLY + NINETY - timedelta(seconds=1)) == 0
    assert forget_cautions(session, now=EARLY + NINETY) == 1


def test_nobody_is_marked_from_another_office_nor_in_another_commune(
    session: Session, home: Working, ana: Appointment
) -> None:
    there = a_working_commune(session, slug="mairie-sud", postcodes=("1998",))
    same = an_appointment(session, there.counter, there.service)
    with pytest.raises(Unknown):
        in_two(session, home, ana, office_ids=[there.office.id])

    in_two(session, home, ana)

    assert received_in_two(session, commune_id=there.commune.id, appointment_ids=[same.id], now=EARLY) == frozenset()
