"""What has happened to the visits of the demonstration by the time it is looked at, and that nobody hears of it."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, HoldKind, Step
from booking.core.needs import Need
from booking.core.tickets import TO_COME, TicketState
from booking.core.waiting import USUAL_TERMS, OfferState, WaitingState
from booking.demo.calendars import KEYS
from booking.demo.content.people import COUPLE, FATHER
from booking.demo.screens import SECRETS
from booking.models import (
    Appointment,
    AppointmentLine,
    Commune,
    Desk,
    Message,
    Offer,
    Office,
    Service,
    Ticket,
    WaitingEntry,
)
from booking.models.messages import MessageKind, MessageState
from booking.usecases.agenda import agenda_of
from booking.usecases.check import problems
from booking.usecases.feeds import feed_of, subscribed
from booking.usecases.messages import announce, lease_next
from booking.usecases.screens import hall_of
from booking.usecases.visits import EVERYTHING
from booking.usecases.waiting_answers import pass_on
from booking.usecases.waiting_figures import median_gain
from tests.databases import ENGINES, Database
from tests.demo.loading import NOW, Loaded, load
from tests.moments import MONDAY

MAIN = ("town-hall", "mill")


@pytest.fixture(scope="module", params=ENGINES)
def monday(request: pytest.FixtureRequest, made: Callable[[str], Database]) -> Iterator[Loaded]:
    database = made(request.param)
    with Session(database.engine) as session:
        yield Loaded(database, session)


def in_each_commune(loaded: Loaded, *where: object) -> list[int]:
    """How many visits there are of a kind, commune by commune."""
    return [len(loaded.visits(Appointment.commune_id == one.id, *where)) for one in loaded.rows(select(Commune))]


def test_nobody_is_written_to(monday: Loaded) -> None:
    kept = {MessageState.REFUSED, MessageState.SENT, MessageState.DROPPED}
    assert {message.state for message in monday.rows(select(Message))} == kept
    assert lease_next(monday.session, now=NOW + timedelta(days=60)) is None
    assert all(visit.email is None or visit.email.endswith(".example") for visit in monday.visits())
    assert all(message.settled_at <= NOW for message in monday.rows(select(Message)))


def test_every_hall_has_a_screen_and_the_address_that_is_told_opens_it(monday: Loaded) -> None:
    halls = [hall_of(monday.session, secret=secret, now=NOW) for secret in SECRETS]

    assert {hall.office_id for hall in halls} == {office.id for office in monday.rows(select(Office))}


def test_an_office_of_each_commune_has_a_calendar_and_the_address_that_is_told_opens_it(monday: Loaded) -> None:
    found = [subscribed(monday.session, key=key, now=NOW) for key in KEYS]

    assert [of.commune.id for of in found if of] == [one.id for one in monday.rows(select(Commune))]
    assert all(len(feed_of(monday.session, of, now=NOW).visits) > 50 for of in found if of)


def test_some_have_moved_their_visit_and_some_have_cancelled_it_for_a_reason(monday: Loaded) -> None:
    here = (Appointment.state == AppointmentState.BOOKED, Appointment.local_date <= MONDAY + timedelta(days=1))
    assert in_each_commune(monday, Appointment.moves == 1, *here) == [3, 3]
    cancelled = Appointment.state == AppointmentState.CANCELLED
    assert min(in_each_commune(monday, cancelled, Appointment.why_cancelled.is_not(None))) >= 3
    assert in_each_commune(monday, cancelled, Appointment.cancel_reason.is_not(None)) == [1, 1]


def test_one_in_each_commune_has_cancelled_and_thought_again(monday: Loaded) -> None:
    assert in_each_commune(monday, Appointment.sequence == 2, Appointment.state == AppointmentState.BOOKED) == [1, 1]


def test_a_father_goes_to_two_counters_one_right_after_the_other(monday: Loaded) -> None:
    for commune in monday.rows(select(Commune)):
        first, second = monday.visits(Appointment.name == FATHER.name, Appointment.commune_id == commune.id)

        assert first.group_key == second.group_key is not None
        assert first.counter_id != second.counter_id
        assert timedelta(0) <= second.start - first.end <= timedelta(minutes=15)


def test_a_couple_is_informed_and_brings_its_file_a_week_later(monday: Loaded) -> None:
    for commune in monday.rows(select(Commune)):
        first, second = monday.visits(Appointment.name == COUPLE.name, Appointment.commune_id == commune.id)
        steps = select(AppointmentLine.step).where(AppointmentLine.appointment_id.in_((first.id, second.id)))

        assert first.group_key == second.group_key is not None
        assert monday.rows(steps.order_by(AppointmentLine.appointment_id)) == [Step.INFORMATION, Step.FILE]
        assert second.local_date - first.local_date > timedelta(days=7)


def test_agents_see_who_was_asked_and_who_is_coming(monday: Loaded) -> None:
    for code in MAIN:
        office = monday.session.scalars(select(Office).where(Office.code == code)).one()
        days = [MONDAY + timedelta(days=ahead) for ahead in range(8)]
        found = [
            visit
            for day in days
            for visit in agenda_of(monday.session, office=office, day=day, choice=EVERYTHING, now=NOW).visits
        ]

        assert any(visit.is_unconfirmed for visit in found)
        assert any(visit.coming for visit in found)
        assert any(visit.will_be_late for visit in found if visit.day == MONDAY)


def test_needs_and_helpers_are_seen_on_most_days(monday: Loaded) -> None:
    needing = Tally(visit.local_date for visit in monday.visits(Appointment.needs.is_not(None)))
    helped = monday.visits(Appointment.helper_name.is_not(None))

    assert len(needing) > 10
    assert {need for visit in monday.visits(Appointment.needs.is_not(None)) for need in visit.needs} >= {
        Need.LOW_COUNTER,
        Need.FETCH_ME,
    }
    assert len(helped) > 20


def test_somebody_has_a_time_to_answer_for_and_the_list_has_helped_others(monday: Loaded) -> None:
    for commune in monday.rows(select(Commune)):
        mine = Offer.commune_id == commune.id
        offer = monday.session.scalars(select(Offer).where(mine, Offer.state == OfferState.OPEN)).one()

        assert offer.until > NOW
        held = monday.visits(Appointment.hold_key == offer.hold_key)
        assert [one.hold_kind for one in held] == [HoldKind.OFFER]
        for code in ("eu-registration", "foreign-licence"):
            wanted = select(Service.id).where(Service.commune_id == commune.id, Service.code == code)
            gain = {"commune_id": commune.id, "service_ids": monday.rows(wanted)}
            assert (median_gain(monday.session, **gain, now=NOW) or 0) >= 5


def test_two_wait_for_a_first_time_at_each_service_that_is_full_for_weeks(monday: Loaded) -> None:
    waiting = select(WaitingEntry).where(WaitingEntry.appointment_id.is_(None))
    entries = monday.rows(waiting)

    assert {entry.state for entry in entries} == {WaitingState.LIVE}
    assert sorted(Tally(entry.service_id for entry in entries).values()) == [2, 2, 2, 2]
    assert all(entry.last_day < entry.otherwise_on for entry in entries)


def test_an_offer_that_nobody_answers_goes_to_the_public_and_writes_to_nobody(copy: Database) -> None:
    later = NOW + timedelta(hours=4)

    assert copy.write(pass_on, terms=USUAL_TERMS, now=later)
    while copy.write(pass_on, terms=USUAL_TERMS, now=later):
        pass

    with Session(copy.engine) as session:
        assert session.scalars(select(Message.id).where(Message.state == MessageState.QUEUED)).all() == []
        assert problems(session, now=later) == []


def test_the_day_after_somebody_is_offered_a_time_again(copy: Database) -> None:
    now = NOW + timedelta(days=1)
    while copy.write(pass_on, terms=USUAL_TERMS, now=now):
        pass

    load(copy, now)

    still_open = select(func.count()).where(Offer.state == OfferState.OPEN, Offer.until > now)
    assert copy.one(still_open) == 2
    assert copy.all(select(Message.id).where(Message.state == MessageState.QUEUED)) == []


def test_what_somebody_who_tries_it_out_is_to_be_told_stays_in_the_outbox(copy: Database) -> None:
    mine = copy.all(select(Appointment.id).where(Appointment.local_date > MONDAY + timedelta(weeks=4)))[0]
    commune_id = copy.one(select(Appointment.commune_id).where(Appointment.id == mine))
    told = {"commune_id": commune_id, "appointment_id": mine, "version": 1}
    copy.write(announce, MessageKind.MOVED, **told, now=NOW)

    load(copy, NOW + timedelta(days=1))

    assert copy.all(select(Message.appointment_id).where(Message.state == MessageState.QUEUED)) == [mine]


def test_the_hall_is_alive_and_nobody_waits_without_end(monday: Loaded) -> None:
    today = (Ticket.local_date == MONDAY, Ticket.appointment_id.is_(None))
    for commune in monday.rows(select(Commune)):
        states = Tally(monday.rows(select(Ticket.state).where(Ticket.commune_id == commune.id, *today)))
        assert states[TicketState.DONE] >= 5
        assert 1 <= states[TicketState.WAITING] <= 20
        at_counter = states[TicketState.SERVING] + states[TicketState.CALLED]
        assert at_counter >= 1
        sitting = monday.rows(select(Desk.person_id).where(Desk.commune_id == commune.id, Desk.closed_at.is_(None)))
        assert len(sitting) == 2, "one account is left to choose a counter"


def test_the_hall_goes_on_from_where_it_stopped(copy: Database) -> None:
    def tickets(session: Session) -> dict[int, tuple[str, int]]:
        wanted = select(Ticket.id, Ticket.letter, Ticket.number).where(Ticket.appointment_id.is_(None))
        return {row.id: (row.letter, row.number) for row in session.execute(wanted)}

    before = copy.write(tickets)
    load(copy)
    assert copy.write(tickets) == before, "nothing has happened since"

    load(copy, NOW + timedelta(minutes=30))

    after = copy.write(tickets)
    assert before.items() < after.items()
    load(copy, NOW + timedelta(days=1))
    left = select(func.count()).where(Ticket.local_date == MONDAY, Ticket.state.in_(TO_COME))
    assert copy.one(left.where(Ticket.appointment_id.is_(None))) == 0
    with Session(copy.engine) as session:
        assert problems(session, now=NOW + timedelta(days=1)) == []
