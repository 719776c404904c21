"""While a service pauses at an office nothing of today is offered for it there; the next days are, as ever."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import Channel, ServiceMode
from booking.core.errors import HoldGone, PausedNow
from booking.core.needs import Need
from booking.core.opening import Mode
from booking.core.references import new_key
from booking.core.roles import Role
from booking.core.tickets import Origin
from booking.models import Appointment, AppointmentLine, Claim, CounterService, Service
from booking.usecases.appointments import Wish, confirm
from booking.usecases.baskets import Basket, WishedLine
from booking.usecases.groups import hold_steps
from booking.usecases.holds import hold
from booking.usecases.journal import Actor
from booking.usecases.moves import hold_instead
from booking.usecases.next_ways import at_the_door, next_ways
from booking.usecases.offers import first_free, free_days
from booking.usecases.paused import pauses_of
from booking.usecases.pauses import end_pauses, pause
from booking.usecases.possibilities import free_times
from booking.usecases.tickets import Visitor
from booking.usecases.walk_ins import Wanted, take_ticket
from tests.factories import Working, a_counter, a_service, a_session, an_appointment, an_office
from tests.moments import EARLY, MONDAY, at
from tests.usecases.test_groups import held_together, two_desks
from tests.usecases.waiting import (
    a_commune_with_a_list,
    a_freed_time,
    held_visits,
    kept_for,
    somebody_waits,
    the_worker_passes_on,
)

TUESDAY = MONDAY + timedelta(days=1)
QUARTER_PAST, ELEVEN, TOMORROW = at(MONDAY, "08:15"), at(MONDAY, "11:00"), at(TUESDAY, "09:00")


@pytest.fixture
def home(session: Session) -> Working:
    return a_commune_with_a_list(session, counters=2)


def goes_down(session: Session, home: Working) -> None:
    own = {"commune_id": home.commune.id, "office_id": home.office.id, "service_ids": [home.service.id]}
    pause(session, **own, within=None, actor=Actor(Role.AGENT), now=EARLY)


def works_again(session: Session, home: Working, *, now: datetime) -> None:
    end_pauses(session, commune_id=home.commune.id, office_id=home.office.id, actor=Actor(Role.AGENT), now=now)


def asks_for(session: Session, home: Working, start: datetime, **more: Any) -> str:
    wish: dict[str, Any] = {"lines": [WishedLine(home.service.id)], "length": timedelta(minutes=10), "client": "ana"}
    own = {"commune_id": home.commune.id, "office_id": home.office.id}
    return hold(session, **own, **wish | {"per_client": 5, "start": start, "now": EARLY} | more)


def test_while_it_pauses_nothing_of_today_is_offered_and_the_next_days_are(session: Session, home: Working) -> None:
    basket = Basket.of(home.service)
    goes_down(session, home)

    with pytest.raises(PausedNow):
        asks_for(session, home, ELEVEN)
    offered = free_times(session, offices=[home.office], basket=basket, now=EARLY)
    assert offered.days()[0] == TUESDAY
    assert offered.first(1)[0].wall.date() == TUESDAY
    month = {"first": MONDAY, "last": MONDAY + timedelta(days=7), "now": EARLY}
    assert free_days(session, office=home.office, basket=basket, **month)[MONDAY] == []
    first, _ = first_free(session, commune_id=home.commune.id, services=[home.service], now=EARLY)[home.service.id]
    assert first.date() == TUESDAY
    asks_for(session, home, TOMORROW)
    works_again(session, home, now=QUARTER_PAST)
    asks_for(session, home, ELEVEN, now=QUARTER_PAST)


def test_on_the_telephone_a_time_of_today_is_still_given(session: Session, home: Working) -> None:
    goes_down(session, home)

    asks_for(session, home, ELEVEN, client=None, channel=Channel.PHONE, in_window=False)


def test_what_else_the_office_does_is_offered_today_as_ever(session: Session, home: Working) -> None:
    other = a_service(session, home.commune, code="passport")
    served_too(session, home, other)
    goes_down(session, home)

    asks_for(session, home, ELEVEN, lines=[WishedLine(other.id)])
    with pytest.raises(PausedNow):
        asks_for(session, home, ELEVEN, lines=[WishedLine(other.id), WishedLine(home.service.id)])


def test_a_time_of_today_that_somebody_was_about_to_book_is_no_longer_held(session: Session, home: Working) -> None:
    today = asks_for(session, home, ELEVEN)
    by_telephone = asks_for(session, home, ELEVEN, client=None, channel=Channel.PHONE, in_window=False)
    later = asks_for(session, home, TOMORROW)

    goes_down(session, home)

    with pytest.raises(HoldGone):
        books(session, home, today)
    for key in (by_telephone, later):
        books(session, home, key)


@pytest.mark.parametrize("which", [0, 1], ids=["the first pauses", "the second pauses"])
def test_of_two_visits_held_together_none_is_held_once_one_pauses(session: Session, which: int) -> None:
    place, birth = two_desks(session)
    held_together(session, place, birth)
    told = {"service_ids": [(place.service, birth)[which].id], "within": None, "actor": Actor(Role.AGENT)}

    pause(session, commune_id=place.commune.id, office_id=place.office.id, **told, now=EARLY)  # type: ignore[arg-type]

    assert held_visits(session) == []
    assert session.scalars(select(Claim.tick)).all() == []


def test_the_second_step_of_a_service_is_not_held_alone(session: Session, home: Working) -> None:
    home.service.information_minutes, home.service.information_days = 20, 7
    session.flush()
    own = {"commune_id": home.commune.id, "office_id": home.office.id, "lines": [WishedLine(home.service.id)]}
    terms = {"length": timedelta(minutes=10), "client": "ana", "per_client": 5, "now": EARLY}
    hold_steps(session, **own, **terms, start=ELEVEN, then=at(MONDAY + timedelta(days=7), "11:00"))  # type: ignore[arg-type]

    goes_down(session, home)

    assert held_visits(session) == []


def books(session: Session, home: Working, key: str) -> None:
    wish = Wish(name=f"Ana {key[:4]}", email=f"{key[:4]}@example.com", phone=None, language="fr", help_language=None)
    confirm(session, commune_id=home.commune.id, hold_key=key, wish=wish, per_contact=5, now=EARLY)


def test_nobody_has_a_ticket_for_what_pauses(session: Session, home: Working) -> None:
    home.opening.mode, home.service.mode = Mode.BOTH, ServiceMode.BOTH
    session.flush()
    home.office.schedule_version += 1
    goes_down(session, home)
    wish: dict[str, Any] = {"wanted": [Wanted(home.service.id)], "visitor": Visitor(), "origin": Origin.KIOSK}

    with pytest.raises(PausedNow):
        take_ticket(session, office=home.office, **wish, now=EARLY)
    (shown,) = at_the_door(session, office=home.office, now=EARLY)
    assert shown.is_paused
    ways = next_ways(session, office=home.office, services=[home.service], now=EARLY)
    assert ways.tickets is not None
    assert ways.tickets[0].date() == TUESDAY
    works_again(session, home, now=at(MONDAY, "08:30"))
    take_ticket(session, office=home.office, **wish, now=at(MONDAY, "08:30"))


def test_nobody_in_the_list_is_offered_a_time_of_today(session: Session, home: Working) -> None:
    ana = somebody_waits(session, home, "Ana")
    goes_down(session, home)

    a_freed_time(session, home, start=ELEVEN)
    assert kept_for(session, ana) is None
    a_freed_time(session, home, start=TOMORROW)
    assert kept_for(session, ana) == TOMORROW


def test_a_time_of_today_that_was_kept_for_the_list_is_over(session: Session, home: Working) -> None:
    ana = somebody_waits(session, home, "Ana")
    a_freed_time(session, home, start=ELEVEN)
    assert kept_for(session, ana) is not None

    goes_down(session, home)

    assert kept_for(session, ana) is None
    assert the_worker_passes_on(session, now=EARLY) == 1


def test_another_office_offers_it_today(session: Session, home: Working) -> None:
    station = an_office(session, home.commune, code="station", position=2)
    goes_down(session, home)

    offices, wanted = [home.office, station], [home.service.id]
    assert pauses_of(session, offices=offices, service_ids=wanted, now=QUARTER_PAST) == [(home.office, EARLY)]
    works_again(session, home, now=QUARTER_PAST)
    assert pauses_of(session, offices=offices, service_ids=wanted, now=QUARTER_PAST) == []


def test_a_visit_of_today_may_still_grow_where_it_stands_for_what_somebody_needs(
    session: Session, home: Working
) -> None:
    visit = an_appointment(session, home.counter, home.service, start=ELEVEN)
    goes_down(session, home)
    needs = frozenset({Need.SIGN_LANGUAGE})

    changes(session, home, visit, [home.service], needs=needs)

    with pytest.raises(PausedNow):
        changes(session, home, visit, [home.service], needs=needs, start=at(MONDAY, "11:30"))


def changes(session: Session, home: Working, visit: Appointment, services: list[Service], **more: Any) -> str:
    """Ana asks for other services, another office or another time for the visit she has."""
    own = {"commune_id": home.commune.id, "appointment_id": visit.id, "office_id": home.office.id}
    wish: dict[str, Any] = {"lines": [WishedLine(one.id) for one in services], "length": timedelta(minutes=10)}
    terms = {"client": "ana", "per_client": 5, "instead_of": None, "key": new_key(), "start": ELEVEN, "now": EARLY}
    return hold_instead(session, **own | wish | terms | more)


def served_too(session: Session, home: Working, service: Service) -> None:
    session.add(CounterService(commune_id=home.commune.id, counter_id=home.counter.id, service_id=service.id))
    home.office.schedule_version += 1
    session.flush()


def test_what_pauses_is_not_added_to_a_visit_of_today_nor_put_in_its_place(session: Session, home: Working) -> None:
    card = a_service(session, home.commune, code="card")
    served_too(session, home, card)
    visit = an_appointment(session, home.counter, card, start=ELEVEN)
    goes_down(session, home)

    for wished in ([card, home.service], [home.service]):
        with pytest.raises(PausedNow):
            changes(session, home, visit, wished)
    changes(session, home, visit, [card])


def test_one_of_two_services_is_left_out_of_a_visit_of_today_that_pauses(session: Session, home: Working) -> None:
    card = a_service(session, home.commune, code="card")
    served_too(session, home, card)
    visit = an_appointment(session, home.counter, home.service, start=ELEVEN, minutes=30)
    line = {"service_id": card.id, "service_name": card.name, "persons": 1, "minutes": 15, "position": 2}
    session.add(AppointmentLine(commune_id=home.commune.id, appointment_id=visit.id, **line))
    session.flush()
    goes_down(session, home)

    changes(session, home, visit, [home.service])


def test_a_visit_does_not_move_at_its_hour_to_an_office_where_it_pauses(session: Session, home: Working) -> None:
    station = an_office(session, home.commune, code="station", position=2)
    there = a_counter(session, station, label="S", serves=[home.service])
    a_session(session, station, [there])
    visit = an_appointment(session, there, home.service, start=ELEVEN)
    goes_down(session, home)

    with pytest.raises(PausedNow):
        changes(session, home, visit, [home.service])
    changes(session, home, visit, [home.service], office_id=station.id)
