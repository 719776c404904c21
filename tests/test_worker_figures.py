"""The worker and figures: it counts what is due, writes down how long one waits, and says when a promise breaks."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.alerts import Cause
from booking.core.appointments import AppointmentState
from booking.core.roles import Role
from booking.models import Alert, Appointment, DailyFigure, FiguredDay, FirstFree, Message, Service
from booking.models.messages import MessageKind, MessageState
from booking.settings import Settings
from booking.usecases.alerts import alerts_now
from booking.usecases.daily_figures import EVERYTHING
from booking.usecases.first_free import note_first_free
from booking.worker import Work, count_one_day, look_at_days, look_at_promises, send_due
from tests.databases import Database
from tests.factories import (
    Working,
    a_counter,
    a_person,
    a_service,
    a_session,
    a_working_commune,
    an_appointment,
    an_office,
)
from tests.moments import MONDAY, Clock, at

TUESDAY = MONDAY + timedelta(days=1)
DORA, FARAH = "dora@mairie-nord.example", "farah@mairie-nord.example"


class Post:
    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []

    def send(self, message: EmailMessage) -> None:
        self.taken.append(message)


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def work(database: Database, settings: Settings, clock: Clock, post: Post) -> Work:
    return Work(database.engine, post, settings, clock)


def a_full_week(session: Session, **service: Any) -> Working:
    """Nothing is free before next Monday: one long visit each morning of this week. Dora and Farah administer."""
    home = a_working_commune(session, counters=1)
    for name, value in service.items():
        setattr(home.service, name, value)
    for days in range(5):
        start = at(MONDAY + timedelta(days=days), "08:00")
        an_appointment(session, home.counter, home.service, start=start, minutes=240)
    for email in (DORA, FARAH):
        a_person(session, home.commune, email=email, name=email[:4].title(), role=Role.ADMINISTRATOR)
    a_person(session, home.commune)
    session.flush()
    return home


def told(database: Database) -> list[str]:
    return database.all(select(Message.kind).order_by(Message.id))


def test_once_a_day_from_eight_on_it_is_written_down_in_how_many_days_a_service_is_free(
    work: Work, database: Database, clock: Clock
) -> None:
    database.write(a_full_week)
    clock.now = at(MONDAY, "07:59")
    look_at_promises(work)
    assert database.count(FirstFree) == 0

    clock.now = at(MONDAY, "08:00")
    look_at_promises(work)
    assert database.one(select(FirstFree.day, FirstFree.days)) == (MONDAY, 7)

    database.write(
        lambda session: session.execute(update(Appointment).values(state=AppointmentState.CANCELLED)) and None
    )
    clock.now = at(MONDAY, "11:00")
    look_at_promises(work)
    assert database.one(select(FirstFree.days)) == 7, "what was written down in the morning stays"
    clock.now = at(TUESDAY, "08:01")
    look_at_promises(work)
    assert database.all(select(FirstFree.days).order_by(FirstFree.day)) == [7, 0]


def test_where_nothing_is_free_that_is_written_down_too(work: Work, database: Database, clock: Clock) -> None:
    database.write(lambda session: a_full_week(session, horizon_days=3) and None)
    clock.now = at(MONDAY, "08:00")

    look_at_promises(work)

    assert database.one(select(FirstFree.days)) is None


def test_a_second_look_at_the_same_moment_adds_nothing(database: Database) -> None:
    home = database.write(a_full_week)
    for _ in range(2):
        database.write(note_first_free, commune_id=home.commune.id, day=MONDAY, now=at(MONDAY, "08:00"))

    assert database.count(FirstFree) == 1


def test_administrators_are_told_once_a_day_that_a_promise_does_not_hold(
    work: Work, post: Post, database: Database, clock: Clock
) -> None:
    database.write(lambda session: a_full_week(session, promised_days=6) and None)
    clock.now = at(MONDAY, "08:00")
    for _ in range(3):
        look_at_promises(work)
        clock.forward(minutes=10)
    send_due(work)

    assert sorted(str(message["To"]) for message in post.taken) == [f"Dora <{DORA}>", f"Fara <{FARAH}>"]
    text = post.taken[0].get_body(("plain",)).get_content().replace("\u00a0", " ")  # type: ignore[union-attr]
    assert "Carte d’identité : libre dans 7 jours ; promis : dans les 6" in text.replace("\u202f", " ")
    assert "http://localhost/fr/mairie-nord/admin/" in text

    clock.now = at(TUESDAY, "08:00")
    look_at_promises(work)
    assert database.all(select(Alert.day).order_by(Alert.day)) == [MONDAY], "on Tuesday it is free in six days"


def test_a_promise_is_kept_where_any_office_keeps_it(work: Work, database: Database, clock: Clock) -> None:
    def rows(session: Session) -> None:
        home = a_full_week(session, promised_days=3)
        annex = an_office(session, home.commune, code="annex")
        a_session(session, annex, [a_counter(session, annex, serves=[home.service])])

    database.write(rows)
    clock.now = at(MONDAY, "08:00")
    look_at_promises(work)

    assert sorted(database.all(select(FirstFree.days))) == [0, 7]
    assert told(database) == []


def test_nobody_is_told_of_a_service_that_promises_nothing_or_is_no_longer_given(
    work: Work, database: Database, clock: Clock
) -> None:
    home = database.write(a_full_week)
    clock.now = at(MONDAY, "08:00")
    look_at_promises(work)
    database.write(
        lambda session: session.execute(update(Service).values(promised_days=1, deactivated_at=clock.now)) and None
    )
    look_at_promises(work)

    assert told(database) == []
    with Session(database.engine) as session:
        assert not alerts_now(session, commune_id=home.commune.id, now=clock.now)


def test_a_letter_about_yesterdays_promise_is_not_sent_any_more(
    work: Work, post: Post, database: Database, clock: Clock
) -> None:
    database.write(lambda session: a_full_week(session, promised_days=6) and None)
    clock.now = at(MONDAY, "08:00")
    look_at_promises(work)
    clock.now = at(TUESDAY, "00:01")
    send_due(work)

    assert post.taken == []
    assert set(database.all(select(Message.state))) == {MessageState.DROPPED}


def waits(session: Session, visit: Appointment, **columns: Any) -> None:
    own = {"commune_id": visit.commune_id, "appointment_id": visit.id, "version": 1, "copy": 0, "attempts": 0}
    times = {"created_at": at(MONDAY, "07:00"), "due_at": at(MONDAY, "07:00")}
    message = own | times | {"kind": MessageKind.CONFIRMATION, "state": MessageState.QUEUED} | columns
    session.add(Message(**message))


@pytest.mark.parametrize(("minutes", "causes"), [(29, []), (30, [Cause.POST])])
def test_administrators_are_told_when_messages_have_waited_for_half_an_hour(
    work: Work, database: Database, clock: Clock, minutes: int, causes: list[Cause]
) -> None:
    def rows(session: Session) -> None:
        home = a_full_week(session)
        waits(session, an_appointment(session, home.counter, home.service, start=at(MONDAY, "13:00")))

    database.write(rows)
    clock.now = at(MONDAY, "07:00") + timedelta(minutes=minutes)
    look_at_promises(work)
    look_at_promises(work)

    assert database.all(select(Alert.cause)) == causes
    assert told(database).count(MessageKind.ALERT_POST) == 2 * len(causes)


def test_messages_that_are_tried_in_vain_are_late_although_they_are_due_again_later(database: Database) -> None:
    def rows(session: Session) -> Working:
        home = a_full_week(session)
        later = {"due_at": at(MONDAY, "09:00"), "attempts": 4}
        for wall in ("13:00", "13:30", "14:00"):
            waits(session, an_appointment(session, home.counter, home.service, start=at(MONDAY, wall)), **later)
        return home

    home = database.write(rows)
    with Session(database.engine) as session:
        found = alerts_now(session, commune_id=home.commune.id, now=at(MONDAY, "08:10"))

    assert (found.causes, found.late_minutes) == ((Cause.POST,), 21)


def test_messages_of_another_commune_trouble_nobody_here(database: Database) -> None:
    def rows(session: Session) -> Working:
        home, other = a_full_week(session), a_working_commune(session, slug="mairie-sud")
        waits(session, an_appointment(session, other.counter, other.service, start=at(MONDAY, "13:00")))
        return home

    home = database.write(rows)
    with Session(database.engine) as session:
        assert not alerts_now(session, commune_id=home.commune.id, now=at(MONDAY, "12:00"))


def test_the_worker_counts_what_is_due_whatever_stopped_it_in_between(
    work: Work, database: Database, clock: Clock
) -> None:
    database.write(a_full_week)
    clock.now = at(TUESDAY, "10:00")
    due = look_at_days(work)
    assert [one.day for one in due] == [TUESDAY, MONDAY]
    count_one_day(work, due[0])
    assert [one.day for one in look_at_days(work, back=EVERYTHING)] == [MONDAY]

    count_one_day(work, due[1])
    count_one_day(work, due[1])

    assert look_at_days(work) == []
    assert database.count(FiguredDay) == 2
    assert database.all(select(DailyFigure.ways)) == [{"online fr": 1}] * 2


def test_what_changes_long_after_a_day_is_found_by_the_daily_look(work: Work, database: Database, clock: Clock) -> None:
    database.write(a_full_week)
    clock.now = at(MONDAY + timedelta(days=60), "10:00")
    for one in look_at_days(work, back=EVERYTHING):
        count_one_day(work, one)
    changed = update(Appointment).where(Appointment.local_date == TUESDAY)
    marked = {"state": AppointmentState.MISSED, "version": Appointment.version + 1}
    database.write(lambda session: session.execute(changed.values(**marked)) and None)

    assert look_at_days(work) == []
    assert [one.day for one in look_at_days(work, back=EVERYTHING)] == [TUESDAY]


def test_a_service_that_came_and_went_has_its_figures_still(work: Work, database: Database, clock: Clock) -> None:
    def rows(session: Session) -> int:
        home = a_full_week(session)
        old = a_service(session, home.commune, code="old", deactivated_at=at(MONDAY, "07:00"))
        an_appointment(session, home.counter, old, start=at(MONDAY, "14:00"))
        return old.id

    old = database.write(rows)
    clock.now = at(TUESDAY, "10:00")
    for one in look_at_days(work):
        count_one_day(work, one)

    assert database.count(DailyFigure, DailyFigure.service_id == old) == 1
