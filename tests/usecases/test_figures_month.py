"""A month of figures, counted by hand from its rows: who came, who did not, how long everybody waited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, Channel
from booking.core.figures import Sums, Way, at_share
from booking.core.tickets import Step, TicketState
from booking.core.timespan import local_date
from booking.core.translated import Translated
from booking.models import (
    Appointment,
    Block,
    DailyFigure,
    FiguredDay,
    HourlyFigure,
    Message,
    OpeningSession,
    Service,
    Ticket,
    TicketStep,
)
from booking.models.messages import MessageKind, MessageState
from booking.models.opening import BlockReason
from booking.usecases.daily_figures import count_day, days_due
from booking.usecases.figures import Chosen, Minutes, Report, report_of
from booking.usecases.retention import KINDS
from booking.usecases.statements import table_of
from tests.databases import Database
from tests.factories import Working, a_service, a_ticket, a_working_commune, add, an_appointment
from tests.moments import BRUSSELS, EARLY, MONDAY, at

FIRST, LAST = date(2027, 1, 1), date(2027, 1, 31)
TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
NEXT_MONDAY = MONDAY + timedelta(days=7)
FEBRUARY = at(date(2027, 2, 1), "08:00")
DONE = {"state": AppointmentState.FULFILLED}


def visit(session: Session, work: Working, start: datetime, agreed: datetime, **columns: Any) -> Appointment:
    return an_appointment(session, work.counter, work.service, start=start, **{"booked_at": agreed, **columns})


def reminded(session: Session, visit: Appointment, state: MessageState = MessageState.SENT) -> None:
    own = {"commune_id": visit.commune_id, "appointment_id": visit.id, "version": 1, "copy": 0, "attempts": 1}
    times = {"of_start": visit.start, "created_at": EARLY, "due_at": EARLY}
    add(session, Message(**own, **times, kind=MessageKind.REMINDER_2, state=state))


def ticket(session: Session, work: Working, came: datetime, *moments: str, **columns: Any) -> Ticket:
    """Somebody's day: when they came, were called and begun with, and when it was over."""
    called, begun, ended = (
        at(local_date(came, BRUSSELS), wall) if wall else None for wall in (*moments, *[""] * (3 - len(moments)))
    )
    times = {"issued_at": came, "called_at": called, "begun_at": begun}
    if ended:
        times |= {"ended_at": ended}
    service = columns.pop("service", work.service)
    made = a_ticket(session, work.office, service, **times, **columns)
    if called:
        own = {"commune_id": work.commune.id, "ticket_id": made.id, "counter_id": work.counter.id}
        add(session, TicketStep(**own, at=called, step=Step.CALL, state=TicketState.CALLED))
    return made


def a_month(session: Session) -> Working:
    """January 2027 at one counter, open from 8 to 12 from Monday to Friday.

    | Day | What happened |
    |---|---|
    | Mon 4 | 9:00 online in French, agreed 10 days before, reminded: came. Arrived 8:50, called 9:04, 9:05–9:17 |
    | | 9:30 online in Dutch, agreed that day, not reminded: missed |
    | | 10:00 by telephone in French, agreed 2 days before, reminded: came. Arrived 10:05, called 10:06, 10:07–10:31 |
    | | without an appointment at 8:30, called 8:40, 8:41–8:52, done; at 9:00, left |
    | Tue 5 | 9:00 cancelled by the person, and taken by somebody else (online, French, came, never at a counter) |
    | | 10:00 cancelled by the commune |
    | | without an appointment at 9:10, called 9:40, 9:41–9:49, papers missing |
    | Mon 11 | 11:00 at the desk, Dutch, agreed 40 days before, reminded by telephone: nobody has said how it went |
    | | the one of Tuesday comes back with their papers at 9:00, called 9:01, 9:02–9:06, done |
    | Sun 31 | nothing; and on 1 February somebody comes of whom January knows nothing |
    """
    work = a_working_commune(session)
    long_before = at(MONDAY - timedelta(days=10), "12:00")
    ana = visit(session, work, at(MONDAY, "09:00"), long_before, **DONE)
    reminded(session, ana)
    done = {"state": TicketState.DONE, "language": "fr"}
    ticket(session, work, at(MONDAY, "08:50"), "09:04", "09:05", "09:17", appointment_id=ana.id, **done)
    visit(session, work, at(MONDAY, "09:30"), at(MONDAY, "07:00"), state=AppointmentState.MISSED, language="nl")
    two_days = at(MONDAY - timedelta(days=2), "12:00")
    carl = visit(session, work, at(MONDAY, "10:00"), two_days, channel=Channel.PHONE, minutes=30, **DONE)
    reminded(session, carl)
    ticket(session, work, at(MONDAY, "10:05"), "10:06", "10:07", "10:31", appointment_id=carl.id, **done)
    ticket(session, work, at(MONDAY, "08:30"), "08:40", "08:41", "08:52", **done)
    ticket(session, work, at(MONDAY, "09:00"), state=TicketState.LEFT, ended_at=at(MONDAY, "09:20"), language="nl")

    gone = {"state": AppointmentState.CANCELLED, "cancelled_at": EARLY}
    visit(session, work, at(TUESDAY, "09:00"), long_before, **gone)
    visit(session, work, at(TUESDAY, "09:00"), at(MONDAY, "12:00"), **DONE)
    strike = Translated.of(fr="Grève", nl="Staking")
    visit(session, work, at(TUESDAY, "10:00"), long_before, cancel_reason=strike, **gone)
    lacks = {"state": TicketState.INCOMPLETE, "language": "fr"}
    back = ticket(session, work, at(TUESDAY, "09:10"), "09:40", "09:41", "09:49", **lacks)

    late = at(NEXT_MONDAY - timedelta(days=40), "12:00")
    desk = visit(session, work, at(NEXT_MONDAY, "11:00"), late, channel=Channel.DESK, language="nl")
    reminded(session, desk, MessageState.RUNG)
    ticket(session, work, at(NEXT_MONDAY, "09:00"), "09:01", "09:02", "09:06", returns_id=back.id, **done)
    ticket(session, work, at(date(2027, 2, 1), "08:00"), "08:01", "08:02", "08:09", **done)
    return work


def counted(database: Database, now: datetime = FEBRUARY) -> int:
    """The worker counts what is due; gives how many days that were."""
    with Session(database.engine) as session:
        due = list(days_due(session, now=now, back=40))
    for one in due:
        database.write(count_day, office_id=one.office_id, day=one.day, now=now)
    return len(due)


def january(database: Database, work: Working, **of: Any) -> Report:
    chosen = Chosen(work.commune.id, frozenset({work.office.id}), FIRST, LAST)
    with Session(database.engine) as session:
        return report_of(session, replace(chosen, **of))


def test_a_month_of_figures_is_what_its_rows_say_when_they_are_counted_by_hand(database: Database) -> None:
    work = database.write(a_month)
    assert counted(database) == 29, "from 4 January, the first day anybody came, to 1 February"

    report = january(database, work)

    assert report.total == Sums(
        ways={
            "back fr": 1,
            "desk nl": 1,
            "online fr": 2,
            "online nl": 1,
            "phone fr": 1,
            "walk_in fr": 2,
            "walk_in nl": 1,
        },
        came={"to_14 reminded": 1, "to_3 not_reminded": 1, "to_3 reminded": 1},
        missed={"same_day not_reminded": 1},
        # Ana waited from her 9:00, not from 8:50; Carl, who was late, from his arrival.
        waits={1: 1, 4: 1},
        walk_in_waits={10: 1, 30: 1},
        serving={4: 1, 8: 1, 11: 1, 12: 1, 24: 1},
        cancelled=2,
        cancelled_by_commune=1,
        refilled=1,
        served_walk_ins=2,
        gone=1,
        handled=5,
        incomplete=1,
        planned_minutes=75,
        used_minutes=59,
    )
    assert (report.total.booked, report.total.walk_ins, report.total.served, report.total.marked) == (5, 3, 5, 4)
    assert (at_share(report.total.serving, 50), at_share(report.total.serving, 90)) == (11, 24)
    assert {day: tuple(of_it) for day, of_it in report.days.items()} == {
        MONDAY: (3, 2, 3),
        TUESDAY: (1, 1, 2),
        NEXT_MONDAY: (1, 0, 0),
    }


def test_the_hours_of_the_week_tell_what_was_planned_given_and_used(database: Database) -> None:
    work = database.write(a_month)
    counted(database)

    hours = january(database, work).hours

    # Four Mondays (4, 11, 18, 25), one counter. 9:00 and 9:30 were given on one of them; somebody was at the counter
    # from 9:05 to 9:17 and, a week later, from 9:02 to 9:06.
    assert hours[0, 9] == Minutes(open=240, walk_in=0, taken=30, used=16)
    # From 10:00 to 10:30 was given, 10:07 to 10:31 used.
    assert hours[0, 10] == Minutes(open=240, walk_in=0, taken=30, used=24)
    assert hours[0, 8] == Minutes(open=240, walk_in=0, taken=0, used=11)
    assert hours[1, 9] == Minutes(open=240, walk_in=0, taken=15, used=8)
    assert {weekday for weekday, _ in hours} == {0, 1, 2, 3, 4}


def test_a_break_is_not_planned_for_anybody(database: Database) -> None:
    work = database.write(a_month)
    pause = {"start": at(MONDAY, "08:00"), "end": at(MONDAY, "08:20"), "reason": BlockReason.BREAK}
    database.write(
        lambda session: add(session, Block(commune_id=work.commune.id, counter_id=work.counter.id, **pause)) and None
    )
    counted(database)

    assert january(database, work).hours[0, 8].open == 220


def test_each_service_has_its_own_figures_and_they_come_to_those_of_all(database: Database) -> None:
    def rows(session: Session) -> tuple[Working, int]:
        work = a_month(session)
        passport = a_service(session, work.commune, code="passport")
        done = {"state": TicketState.DONE}
        ticket(session, work, at(WEDNESDAY, "09:00"), "09:05", "09:06", "09:20", service=passport, **done)
        return work, passport.id

    work, passport = database.write(rows)
    counted(database)

    report = january(database, work)
    assert report.services.keys() == {work.service.id, passport}
    assert report.services[passport] == january(database, work, service_id=passport).total
    assert report.services[passport].serving == {14: 1}
    assert report.total.handled == sum(one.handled for one in report.services.values()) == 6


def test_nothing_is_due_twice_and_what_changed_is_counted_again_whole(database: Database) -> None:
    work = database.write(a_month)
    counted(database)
    before = january(database, work)
    assert counted(database) == 0

    database.write(
        lambda session: (
            session.execute(
                update(Appointment)
                .where(Appointment.local_date == NEXT_MONDAY)
                .values(state=AppointmentState.FULFILLED, version=Appointment.version + 1)
            )
            and None
        )
    )

    assert counted(database) == 1
    assert january(database, work).total.came == {**before.total.came, "longer reminded": 1}
    assert january(database, work).total.ways == before.total.ways


def test_counting_a_day_again_and_again_changes_nothing(database: Database) -> None:
    work = database.write(a_month)
    counted(database)
    before = kept(database)

    for day in (MONDAY, TUESDAY, MONDAY):
        database.write(count_day, office_id=work.office.id, day=day, now=FEBRUARY)

    assert kept(database) == before


def kept(database: Database) -> list[list[Any]]:
    """Every row of figures, in the order of its key."""
    tables = (table_of(DailyFigure), table_of(HourlyFigure))
    return [database.all(select(table).order_by(*table.primary_key.columns)) for table in tables]


def test_today_is_counted_again_every_hour_and_once_more_when_it_is_over(database: Database) -> None:
    work = database.write(a_working_commune)
    noon, tomorrow = at(MONDAY, "12:00"), at(TUESDAY, "00:10")

    assert [counted(database, now) for now in (noon, noon + timedelta(minutes=50))] == [1, 0]
    assert counted(database, noon + timedelta(minutes=60)) == 1
    assert counted(database, tomorrow) == 1, "nobody came on Monday, so of it there is nothing but its plan"
    assert database.count(FiguredDay) == 2
    assert work.office.id


def test_what_was_planned_for_a_past_day_stays_when_the_hours_change(database: Database) -> None:
    work = database.write(a_month)
    counted(database, at(MONDAY, "12:30"))
    database.write(
        lambda session: session.execute(update(OpeningSession).values(wall_end=at(MONDAY, "10:00").time())) and None
    )

    database.write(count_day, office_id=work.office.id, day=MONDAY, now=FEBRUARY)

    planned = select(HourlyFigure.hour).where(HourlyFigure.day == MONDAY, HourlyFigure.open_minutes > 0)
    assert sorted(database.all(planned)) == [8, 9, 10, 11]


@pytest.mark.parametrize("erase", ["contacts", "names", "answers", "tickets"])
def test_figures_outlive_whoever_they_were_counted_from(database: Database, erase: str) -> None:
    work = database.write(a_month)
    counted(database)
    before = january(database, work)
    later = FEBRUARY + timedelta(days=400)

    while database.write(KINDS[erase], now=later):
        pass
    for day in (MONDAY, TUESDAY, NEXT_MONDAY):
        database.write(count_day, office_id=work.office.id, day=day, now=later)

    assert january(database, work) == before


def test_figures_of_another_commune_or_office_are_not_among_them(database: Database) -> None:
    database.write(a_month)
    there: Callable[[Session], Working] = lambda session: a_working_commune(session, slug="mairie-sud")  # noqa: E731
    other = database.write(there)
    counted(database)

    assert january(database, other).total.is_empty


def test_a_visit_that_was_forgotten_at_the_counter_is_not_measured(database: Database) -> None:
    def rows(session: Session) -> Working:
        work = a_working_commune(session)
        ticket(session, work, at(MONDAY, "08:00"), "08:05", "08:06", "17:30", state=TicketState.DONE)
        return work

    work = database.write(rows)
    counted(database)

    total = january(database, work).total
    assert (total.handled, total.serving, total.walk_in_waits) == (1, {}, {5: 1})


def test_the_service_of_a_figure_is_the_one_that_was_booked(database: Database) -> None:
    work = database.write(a_month)
    counted(database)

    assert set(database.all(select(DailyFigure.service_id))) == set(database.all(select(Service.id)))
    assert work.service.id


def any_weeks(session: Session, seed: int) -> Working:
    """Three weeks of whatever may happen, drawn by chance."""
    dice = Random(seed)
    work = a_working_commune(session)
    services = [work.service, a_service(session, work.commune, code="passport")]
    states = [state for state in AppointmentState if state != AppointmentState.HELD]
    for number in range(60):
        day = MONDAY + timedelta(days=7 * (number % 3) + number % 5)
        start = at(day, f"{8 + number // 15:02}:00") + timedelta(minutes=5 * (number % 12))
        agreed = start - timedelta(days=dice.randint(0, 40))
        made = {"channel": dice.choice(list(Channel)), "language": dice.choice(["fr", "nl"]), "booked_at": agreed}
        state, service = dice.choice(states), dice.choice(services)
        # Who cancelled has no claims: each visit has a time of its own otherwise.
        an_appointment(session, work.counter, service, start=start, minutes=5, state=state, **made)
    for _ in range(40):
        came = at(MONDAY + timedelta(days=7 * dice.randint(0, 2)), "09:00")
        moments = ("09:05", "09:06", f"09:{dice.randint(10, 59)}")
        ends = [TicketState.DONE, TicketState.INCOMPLETE, TicketState.LEFT, TicketState.ABSENT]
        ticket(session, work, came, *moments, state=dice.choice(ends), service=dice.choice(services))
    return work


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_happened_the_figures_come_to_what_the_rows_come_to(database: Database, seed: int) -> None:
    work = database.write(any_weeks, seed=seed)
    counted(database)

    total = january(database, work).total

    visits = Counter(database.all(select(Appointment.state)))
    ends = Counter(database.all(select(Ticket.state)))
    assert total.booked == 60 - visits[AppointmentState.CANCELLED]
    assert sum(total.came.values()) == visits[AppointmentState.FULFILLED]
    assert sum(total.missed.values()) == visits[AppointmentState.MISSED]
    assert total.cancelled == visits[AppointmentState.CANCELLED]
    assert (total.walk_ins, total.incomplete) == (40, ends[TicketState.INCOMPLETE])
    assert total.gone == ends[TicketState.LEFT] + ends[TicketState.ABSENT]
    served = [TicketState.DONE, TicketState.INCOMPLETE]
    minutes = database.all(select(Ticket.begun_at, Ticket.ended_at).where(Ticket.state.in_(served)))
    took = Counter((ended - begun) // timedelta(minutes=1) for begun, ended in minutes)
    assert Counter(total.serving) == took
    assert total.used_minutes == sum(minute * number for minute, number in took.items())
    for channel in Channel:
        kept = Appointment.state != AppointmentState.CANCELLED
        assert total.expected(Way(channel.value)) == database.count(Appointment, Appointment.channel == channel, kept)
