"""What is forgotten when its time is over, and what is not a day too early."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.contacts import contact_key
from booking.core.needs import Need
from booking.core.retention import contact_kept_until, first_visit_with_contact, first_visit_with_name, name_kept_until
from booking.core.roles import Role
from booking.models import Appointment, Claim, JournalEntry, LoginFailure, Message, Seat, StaffSession
from booking.models.messages import MessageKind, MessageState
from booking.usecases import retention
from booking.usecases.check import problems
from booking.usecases.journal import Actor, note
from booking.usecases.letters import visit_letter
from booking.usecases.retention import KINDS, forget_contacts, letters_kept_from
from tests.databases import Database
from tests.factories import Working, a_commune, a_person, a_ticket, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at


def forget(session: Session, *, now: datetime) -> dict[str, int]:
    """One piece of each kind."""
    return {kind: piece(session, now=now) for kind, piece in KINDS.items()}


ANA = {"email": "ana@example.org", "phone": "+32470123456", "contact_key": contact_key("ana@example.org", None)}


def anas_visit(session: Session, work: Working, **columns: Any) -> Appointment:
    visit = an_appointment(session, work.counter, work.service, **ANA, **columns)
    session.add(
        Seat(
            kind="contact",
            key=ANA["contact_key"],
            period="",
            n=1,
            commune_id=work.commune.id,
            appointment_id=visit.id,
        )
    )
    session.add(
        Message(
            commune_id=work.commune.id,
            kind=MessageKind.CONFIRMATION,
            appointment_id=visit.id,
            version=1,
            copy=0,
            state=MessageState.REFUSED,
            created_at=EARLY,
            due_at=EARLY,
            settled_at=EARLY,
            attempts=1,
            fault="550 no mailbox ana@example.org",
        )
    )
    session.flush()
    return visit


def test_the_contact_goes_on_the_day_after_the_letter_said_it_would(session: Session) -> None:
    work = a_working_commune(session, contact_days=10)
    visit = anas_visit(session, work)
    promised = visit_letter(session, appointment=visit, base_url="http://localhost").kept_until
    nonce, hold_key = visit.nonce, visit.hold_key

    assert forget(session, now=at(promised, "23:59"))["contacts"] == 0
    assert forget(session, now=at(promised + timedelta(days=1), "00:00"))["contacts"] == 1

    session.refresh(visit)
    assert promised == MONDAY + timedelta(days=10)
    assert (visit.email, visit.phone, visit.contact_key) == (None, None, None)
    assert visit.nonce != nonce, "the link of the letter opens nothing any more"
    assert visit.hold_key != hold_key, "nor does the form it was booked with"
    assert visit.name == "Ana Peeters"
    assert session.scalars(select(Seat)).all() == []
    assert session.scalars(select(Message.fault)).one() is None


def test_the_name_goes_after_the_months_the_commune_has_set(session: Session) -> None:
    work = a_working_commune(session, name_months=6)
    visit = anas_visit(session, work)

    assert forget(session, now=at(date(2027, 7, 4), "23:59"))["names"] == 0
    assert forget(session, now=at(date(2027, 7, 5), "00:01"))["names"] == 1

    session.refresh(visit)
    assert (visit.name, visit.name_search) == (None, None)
    assert visit.reference is not None
    assert problems(session, now=EARLY) == []


def test_each_commune_keeps_its_own_time(session: Session) -> None:
    short, long = a_working_commune(session, contact_days=1), a_working_commune(session, slug="sud", contact_days=90)
    ours, theirs = (an_appointment(session, work.counter, work.service) for work in (short, long))

    forget(session, now=at(MONDAY + timedelta(days=2), "08:00"))

    session.expire_all()
    assert (ours.email, theirs.email) == (None, "ana@example.org")


def test_a_visit_to_come_keeps_everything_however_long_ago_it_was_booked(session: Session) -> None:
    work = a_working_commune(session, contact_days=1, name_months=1)
    visit = anas_visit(session, work, start=at(MONDAY, "09:00"), created_at=at(date(2026, 1, 5), "09:00"))

    counts = forget(session, now=EARLY)

    session.refresh(visit)
    assert not any(counts.values())
    assert visit.email == "ana@example.org"


def test_a_cancelled_visit_is_forgotten_like_any_other(session: Session) -> None:
    work = a_working_commune(session)
    visit = an_appointment(session, work.counter, work.service, state=AppointmentState.CANCELLED)

    forget(session, now=at(MONDAY + timedelta(days=31), "08:00"))

    session.refresh(visit)
    assert visit.email is None


def test_a_hold_nobody_finished_goes_a_day_later_with_its_claims(session: Session) -> None:
    work = a_working_commune(session)
    lapse = EARLY + timedelta(minutes=10)
    an_appointment(session, work.counter, work.service, state=AppointmentState.HELD, held_until=lapse)

    assert forget(session, now=lapse + timedelta(hours=23, minutes=59))["holds"] == 0
    assert forget(session, now=lapse + timedelta(hours=24))["holds"] == 1

    assert session.scalars(select(Claim)).all() == []


def test_sessions_and_misses_of_yesterday_go(session: Session) -> None:
    bilal = a_person(session, a_commune(session))
    for token, seen in (("old", EARLY - timedelta(hours=24)), ("young", EARLY - timedelta(hours=23))):
        session.execute(
            insert(StaffSession).values(token_digest=token, person_id=bilal.id, created_at=seen, seen_at=seen)
        )
        session.execute(insert(LoginFailure).values(kind="sign-in", key="somebody", n=len(token), at=seen))

    counts = forget(session, now=EARLY)

    assert (counts["staff_sessions"], counts["misses"]) == (1, 1)
    assert session.scalars(select(StaffSession.token_digest)).all() == ["young"]
    assert session.scalars(select(LoginFailure.n)).all() == [len("young")]


def test_the_journal_keeps_a_year(session: Session) -> None:
    work = a_working_commune(session)
    for at_ in (at(date(2026, 1, 3), "12:00"), at(date(2026, 1, 4), "12:00")):
        note(
            session,
            Actor(Role.AGENT),
            commune_id=work.commune.id,
            act="looked",
            subject="appointment",
            subject_id=1,
            now=at_,
        )

    assert forget(session, now=EARLY)["journal"] == 1
    assert session.scalars(select(JournalEntry.at)).all() == [at(date(2026, 1, 4), "12:00")]


def test_the_journal_says_for_a_month_from_where_somebody_acted(session: Session) -> None:
    work, somewhere = a_working_commune(session), Actor(Role.AGENT, client="somewhere")
    looked = {"commune_id": work.commune.id, "act": "looked", "subject": "appointment", "subject_id": 1}
    note(session, somewhere, **looked, now=EARLY)  # type: ignore[arg-type]

    assert forget(session, now=EARLY + timedelta(days=29))["clients"] == 0
    assert forget(session, now=EARLY + timedelta(days=30))["clients"] == 1

    assert session.execute(select(JournalEntry.act, JournalEntry.client)).one() == ("looked", None)


def test_no_letter_is_kept_longer_than_any_commune_keeps_a_contact(session: Session) -> None:
    for slug, days in (("nord", 30), ("sud", 10)):
        a_commune(session, slug=slug, slug_nl=f"{slug}-nl", postcodes=(), contact_days=days)

    assert letters_kept_from(session, now=EARLY) == EARLY - timedelta(days=10)


def test_what_a_server_said_about_a_letter_to_staff_is_blanked_after_a_month(session: Session) -> None:
    commune = a_commune(session)
    bilal = a_person(session, commune)
    session.add(
        Message(
            commune_id=commune.id,
            kind=MessageKind.PASSWORD_RESET,
            person_id=bilal.id,
            version=0,
            copy=0,
            state=MessageState.REFUSED,
            created_at=EARLY,
            due_at=EARLY,
            settled_at=EARLY,
            attempts=1,
            fault="550 bilal@mairie-nord.example",
        )
    )
    session.flush()

    assert forget(session, now=EARLY + timedelta(days=29))["staff_faults"] == 0
    assert forget(session, now=EARLY + timedelta(days=30))["staff_faults"] == 1


def test_a_large_archive_is_forgotten_in_pieces(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)

    def three_visits(session: Session) -> None:
        work = a_working_commune(session)
        for hour in ("09:00", "10:00", "11:00"):
            an_appointment(session, work.counter, work.service, start=at(MONDAY, hour))

    database.write(three_visits)
    later = at(MONDAY + timedelta(days=31), "08:00")
    pieces = [database.write(forget_contacts, now=later) for _ in range(3)]

    assert pieces == [2, 1, 0]
    assert database.count(Appointment, Appointment.email.is_not(None)) == 0


def test_the_pieces_of_several_communes_stay_as_small_as_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 3)

    def two_visits_each(session: Session) -> None:
        for slug in ("nord", "sud"):
            work = a_working_commune(session, slug=slug, postcodes=())
            for hour in ("09:00", "10:00"):
                an_appointment(session, work.counter, work.service, start=at(MONDAY, hour))

    database.write(two_visits_each)
    later = at(MONDAY + timedelta(days=31), "08:00")

    assert [database.write(forget_contacts, now=later) for _ in range(3)] == [3, 1, 0]


@pytest.mark.parametrize("months", [1, 6, 12])
@pytest.mark.parametrize("today", [date(2027, 3, 1), date(2027, 3, 30), date(2028, 2, 29), date(2027, 12, 31)])
def test_the_sweep_and_the_promise_agree_on_every_day(today: date, months: int) -> None:
    first = first_visit_with_name(today, months)

    assert name_kept_until(first, months) >= today
    assert name_kept_until(first - timedelta(days=1), months) < today
    assert contact_kept_until(first_visit_with_contact(today, 30), 30) == today


def test_what_a_visitor_without_an_appointment_said_is_blanked_from_the_next_day_on(session: Session) -> None:
    work = a_working_commune(session)
    ticket = a_ticket(session, work.office, work.service, name="Ben", needs=frozenset({Need.LOW_COUNTER}))
    forget(session, now=EARLY + timedelta(hours=15))
    session.refresh(ticket)
    assert (ticket.name, ticket.needs) == ("Ben", frozenset({Need.LOW_COUNTER}))

    assert forget(session, now=EARLY + timedelta(days=1))["tickets"] == 1
    session.refresh(ticket)
    assert (ticket.name, ticket.needs) == (None, None)
