"""Dora changes who serves what: counters and offices come, change and go, and no appointment is lost on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import CodeTaken, HasAppointments, TextMissing, Unknown, UnknownZone
from booking.core.roles import Role
from booking.core.translated import Translated
from booking.models import Appointment, Counter, JournalEntry, Office
from booking.models.offices import CounterKind
from booking.usecases.counters import (
    CounterFacts,
    add_counter,
    change_counter,
    counters_of,
    deactivate_counter,
    reactivate_counter,
)
from booking.usecases.journal import Actor
from booking.usecases.offices import (
    InTheWay,
    Kept,
    OfficeFacts,
    add_office,
    change_office,
    deactivate_office,
    in_the_way,
    reactivate_office,
)
from booking.usecases.schedules import schedule_of
from tests.factories import Working, a_service, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at
from tests.usecases.booking import held

DORA = Actor(Role.ADMINISTRATOR)
STATION = OfficeFacts(
    code="station",
    name=Translated.of(fr="Antenne de la gare", nl="Antenne Station"),
    address=Translated.of(fr="rue de la Station 12", nl="Stationsstraat 12"),
)


@pytest.fixture
def work(session: Session) -> Working:
    return a_working_commune(session, counters=2)


def dora_in(work: Working) -> dict[str, Any]:
    return {"commune_id": work.commune.id, "actor": DORA, "now": EARLY}


def version(session: Session, work: Working) -> int:
    wanted = select(Office.schedule_version).where(Office.id == work.office.id)
    return session.scalars(wanted).one()


def offered(session: Session, work: Working) -> frozenset[int]:
    """The counters that take appointments for the service on Monday."""
    session.expire_all()
    office = session.get_one(Office, work.office.id)
    return frozenset(counter for counter, _ in schedule_of(session, office).plans_for(MONDAY, work.service.id))


def test_a_new_counter_serves_what_it_was_given(session: Session, work: Working) -> None:
    before = version(session, work)
    facts = CounterFacts(label="A7", service_ids=frozenset({work.service.id}))

    counter_id = add_counter(session, **dora_in(work), office_id=work.office.id, facts=facts)

    (new,) = [
        one
        for one in counters_of(session, commune_id=work.commune.id, office_id=work.office.id)
        if one.counter.id == counter_id
    ]
    assert [service.code for service in new.services] == ["identity-card"]
    assert version(session, work) != before


def test_two_counters_of_an_office_never_share_a_label(session: Session, work: Working) -> None:
    with pytest.raises(CodeTaken):
        add_counter(session, **dora_in(work), office_id=work.office.id, facts=CounterFacts(label="1"))
    with pytest.raises(CodeTaken):
        change_counter(session, **dora_in(work), counter_id=work.counters[1].id, facts=CounterFacts(label="1"))


def test_a_counter_that_no_longer_serves_something_keeps_what_was_booked_there(session: Session, work: Working) -> None:
    an_appointment(session, work.counter, work.service)
    an_appointment(session, work.counter, work.service, start=at(MONDAY, "07:30"))
    before = version(session, work)

    staying = change_counter(session, **dora_in(work), counter_id=work.counter.id, facts=CounterFacts(label="1"))

    assert staying == 1, "the visit that is over does not count"
    assert offered(session, work) == {work.counters[1].id}
    assert version(session, work) != before
    assert session.scalars(select(JournalEntry.fields)).one() == "services"


def test_whoever_holds_a_time_at_a_counter_for_what_it_no_longer_serves_chooses_again(
    session: Session, work: Working
) -> None:
    passport = a_service(session, work.commune, code="passport")
    held_ = {"state": AppointmentState.HELD}
    gone = an_appointment(session, work.counter, work.service, **held_).id
    stays = [
        an_appointment(session, work.counters[1], work.service, **held_).id,
        an_appointment(session, work.counter, passport, start=at(MONDAY, "10:00"), **held_).id,
    ]

    facts = CounterFacts(label="1", service_ids=frozenset({passport.id}))
    change_counter(session, **dora_in(work), counter_id=work.counter.id, facts=facts)

    assert sorted(session.scalars(select(Appointment.id))) == sorted(stays)
    assert gone not in stays


def test_an_extra_lane_is_never_offered(session: Session, work: Working) -> None:
    facts = CounterFacts(label="1", kind=CounterKind.EXTRA, service_ids=frozenset({work.service.id}))

    change_counter(session, **dora_in(work), counter_id=work.counter.id, facts=facts)

    assert offered(session, work) == {work.counters[1].id}


def test_a_counter_with_visits_to_come_becomes_no_extra_lane(session: Session, work: Working) -> None:
    visit = an_appointment(session, work.counter, work.service)
    here, facts = dora_in(work), CounterFacts(label="1", service_ids=frozenset({work.service.id}))
    lane = replace(facts, kind=CounterKind.EXTRA)

    with pytest.raises(HasAppointments) as refusal, session.begin_nested():
        change_counter(session, **here, counter_id=work.counter.id, facts=lane)
    assert refusal.value.facts["until"] == visit.end
    assert offered(session, work) == {counter.id for counter in work.counters}

    change_counter(session, **here | {"now": visit.end}, counter_id=work.counter.id, facts=lane)
    another = an_appointment(session, work.counter, work.service, start=at(MONDAY, "10:00"))
    change_counter(session, **here, counter_id=work.counter.id, facts=replace(lane, label="A"))
    session.refresh(another)
    assert another.state == AppointmentState.BOOKED, "an extra lane has visits of its own"


def test_whoever_holds_a_time_at_a_counter_that_becomes_an_extra_lane_chooses_again(
    session: Session, work: Working
) -> None:
    an_appointment(session, work.counter, work.service, state=AppointmentState.HELD)

    change_counter(
        session, **dora_in(work), counter_id=work.counter.id, facts=CounterFacts(label="1", kind=CounterKind.EXTRA)
    )

    assert session.scalars(select(Appointment.id)).all() == []


def test_a_counter_with_visits_to_come_is_not_taken_away(session: Session, work: Working) -> None:
    an_appointment(session, work.counter, work.service, start=at(MONDAY, "09:00"))
    last = an_appointment(session, work.counter, work.service, start=at(MONDAY + timedelta(days=3), "10:00"))

    with pytest.raises(HasAppointments) as refusal:
        deactivate_counter(session, **dora_in(work), counter_id=work.counter.id)

    assert refusal.value.facts["until"] == last.end


def test_a_counter_is_taken_away_with_its_holds_and_can_come_back(session: Session, work: Working) -> None:
    an_appointment(session, work.counter, work.service, start=at(MONDAY, "07:30"))
    an_appointment(session, work.counter, work.service, state=AppointmentState.HELD)
    an_appointment(session, work.counter, work.service, start=at(MONDAY, "11:00"), state=AppointmentState.CANCELLED)

    deactivate_counter(session, **dora_in(work), counter_id=work.counter.id)

    states = session.scalars(select(Appointment.state)).all()
    assert sorted(states) == [AppointmentState.BOOKED, AppointmentState.CANCELLED]
    assert offered(session, work) == {work.counters[1].id}

    reactivate_counter(session, **dora_in(work), counter_id=work.counter.id)
    assert offered(session, work) == {work.counter.id, work.counters[1].id}


def test_dora_reaches_no_counter_and_no_service_of_another_commune(session: Session, work: Working) -> None:
    theirs = a_working_commune(session, slug="sud")
    here = dora_in(work)

    with pytest.raises(Unknown):
        add_counter(session, **here, office_id=theirs.office.id, facts=CounterFacts(label="9"))
    for verb in (deactivate_counter, reactivate_counter):
        with pytest.raises(Unknown):
            verb(session, **here, counter_id=theirs.counter.id)
    with pytest.raises(Unknown):
        change_counter(session, **here, counter_id=theirs.counter.id, facts=CounterFacts(label="9"))
    facts = CounterFacts(label="1", service_ids=frozenset({theirs.service.id}))
    with pytest.raises(Unknown):
        change_counter(session, **here, counter_id=work.counter.id, facts=facts)


def test_a_note_on_a_counter_is_in_both_languages_or_absent(session: Session, work: Working) -> None:
    facts = CounterFacts(label="1", note=Translated.of(fr="salle fermée"))

    with pytest.raises(TextMissing):
        change_counter(session, **dora_in(work), counter_id=work.counter.id, facts=facts)


def test_an_office_is_added_after_the_others_and_changed(session: Session, work: Working) -> None:
    office_id = add_office(session, **dora_in(work), facts=STATION)
    moved = OfficeFacts(**vars(STATION) | {"start_step": 20})

    change_office(session, **dora_in(work), office_id=office_id, facts=moved)

    session.expire_all()
    office = session.get_one(Office, office_id)
    assert (office.position, office.start_step) == (2, 20)
    assert session.scalars(select(JournalEntry.fields).where(JournalEntry.act == "changed")).one() == "start_step"
    with pytest.raises(CodeTaken):
        add_office(session, **dora_in(work), facts=STATION)


def test_half_an_office_is_refused(session: Session, work: Working) -> None:
    for changes, refusal in (
        ({"address": Translated.of(nl="Stationsstraat 12")}, TextMissing),
        ({"zone_key": "Europe/Ixelles"}, UnknownZone),
    ):
        with pytest.raises(refusal):
            add_office(session, **dora_in(work), facts=OfficeFacts(**vars(STATION) | changes))


def test_an_office_with_visits_to_come_stays(session: Session, work: Working) -> None:
    visit = an_appointment(session, work.counter, work.service)

    with pytest.raises(HasAppointments):
        deactivate_office(session, **dora_in(work), office_id=work.office.id)

    deactivate_office(session, **dora_in(work) | {"now": visit.end}, office_id=work.office.id)
    session.expire_all()
    assert session.get_one(Office, work.office.id).retired_at == visit.end
    assert session.get_one(Counter, work.counter.id).retired_at is None
    for verb in (deactivate_office, reactivate_office):
        with pytest.raises(Unknown):
            verb(session, **dora_in(work), office_id=work.office.id + 999)


def test_an_office_with_somebody_at_a_counter_stays_until_they_have_gone(session: Session, work: Working) -> None:
    visit = an_appointment(session, work.counter, work.service)
    during = dora_in(work) | {"now": visit.start + timedelta(minutes=5)}

    with pytest.raises(HasAppointments) as refusal:
        deactivate_office(session, **during, office_id=work.office.id)

    assert refusal.value.facts["until"] == visit.end


def test_an_office_taken_into_use_again_is_bookable_as_before(session: Session, work: Working) -> None:
    deactivate_office(session, **dora_in(work), office_id=work.office.id)
    with pytest.raises(Unknown):
        held(session, work)

    for _ in range(2):
        reactivate_office(session, **dora_in(work), office_id=work.office.id)

    assert held(session, work)
    acts = select(JournalEntry.act).where(JournalEntry.subject == "office").order_by(JournalEntry.id)
    assert session.scalars(acts).all() == ["deactivated", "reactivated"]


def test_only_what_is_over_or_cancelled_makes_way_for_taking_a_counter_away(session: Session, work: Working) -> None:
    here = {"commune_id": work.commune.id, "office_id": work.office.id}
    over = an_appointment(session, work.counter, work.service, start=at(MONDAY, "07:30"))
    assert over.end <= EARLY
    assert in_the_way(session, **here, counter_id=work.counter.id, now=EARLY) is None

    kept = an_appointment(session, work.counter, work.service, start=at(MONDAY, "10:00"), kept_outside_at=EARLY)
    booked = an_appointment(session, work.counters[1], work.service, start=at(MONDAY, "11:00"))
    cancelled = {"state": AppointmentState.CANCELLED, "start": at(MONDAY, "11:30")}
    an_appointment(session, work.counter, work.service, **cancelled)

    at_counter = in_the_way(session, **here, counter_id=work.counter.id, now=EARLY)
    in_office = in_the_way(session, **here, now=EARLY)
    assert at_counter == InTheWay(1, kept.end, (Kept(kept, "1"),))
    assert in_office == InTheWay(2, booked.end, (Kept(kept, "1"),))
