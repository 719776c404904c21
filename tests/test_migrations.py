"""Each migration goes up and comes back on a database that holds something of everything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import event, inspect, select, text
from sqlalchemy.orm import Session

from booking.core.alerts import Cause
from booking.core.appointments import AppointmentState
from booking.core.checklist import Checklist, Paper
from booking.core.figures import Sums
from booking.core.marks import Mark
from booking.core.needs import Need
from booking.core.rebookings import Cause as Touching
from booking.core.rebookings import Settled, Silence
from booking.core.references import new_key
from booking.core.roles import Role
from booking.core.tickets import Step, TicketState
from booking.core.translated import Translated
from booking.core.visit_imports import ImportState, WhyNot
from booking.core.waiting import OfferState, WaitingState
from booking.database import db
from booking.models import (
    Alert,
    Banner,
    Base,
    Block,
    CallMade,
    Caution,
    ChecklistVersion,
    Claim,
    Closure,
    ClosureCounter,
    ConfigurationFile,
    DailyFigure,
    DaySheet,
    Desk,
    FiguredDay,
    FirstFree,
    FreedTime,
    HourlyFigure,
    JournalEntry,
    LateMark,
    LoginFailure,
    Logo,
    Membership,
    MembershipService,
    Message,
    MessageText,
    Offer,
    Pause,
    RebookedVisit,
    Rebooking,
    RecoveryCode,
    RefusedLine,
    ReminderChange,
    Seat,
    SecondFactor,
    ServiceFee,
    StaffSession,
    TicketNumber,
    TicketStep,
    TrustedHelper,
    VisitImport,
    WaitingEntry,
    WaitingLine,
    WaitingOffice,
    WalkInCount,
)
from booking.models.messages import MessageKind, MessageState
from booking.models.opening import BlockReason
from booking.usecases.daily_figures import figure_row
from tests.databases import ENGINES, Database, Databases
from tests.factories import NOTHING, a_person, a_session, a_ticket, a_working_commune, add, an_appointment
from tests.moments import EARLY, MONDAY, at
from tests.shape import MIGRATIONS, migrate

STEPS = list(ScriptDirectory(str(MIGRATIONS)).walk_revisions())
BOTH = Translated.of(fr="Jour de fête", nl="Feestdag")
ONE_PAPER = Checklist(papers=(Paper("card", Translated.of(fr="votre carte", nl="uw kaart")),))
BECAME = {"service_paper": "checklist"}
"""Tables whose rows have another place now: one paper, one list."""


def something_of_everything(session: Session) -> None:
    """One commune at work, with at least one row in every table."""
    home = a_working_commune(session, counters=2)
    commune, office, counter, service = home.commune, home.office, home.counter, home.service
    own = {"commune_id": commune.id}
    a_session(session, office, home.counters, start="13:00", end="16:00", services=[service])
    booked = an_appointment(session, counter, service)
    held = an_appointment(session, counter, service, start=at(MONDAY, "10:00"), state=AppointmentState.HELD)
    bilal = a_person(session, commune, offices=[office])
    closure = add(session, Closure(**own, office_id=office.id, first_day=MONDAY, last_day=MONDAY, reason=BOTH))
    pause = (at(MONDAY, "11:00"), at(MONDAY, "11:05"))
    entry = add(
        session,
        WaitingEntry(
            **own,
            service_id=service.id,
            state=WaitingState.LIVE,
            nonce=new_key(),
            first_day=MONDAY,
            last_day=MONDAY,
            weekdays=127,
            parts=7,
            otherwise_on=MONDAY,
            language="fr",
            needs=frozenset({Need.SIGN_LANGUAGE}),
            created_at=EARLY,
            proved_at=EARLY,
        ),
    )
    freed = {"office_id": office.id, "counter_id": counter.id, "service_id": service.id, "freed_at": EARLY}
    free = add(session, FreedTime(**own, **freed, start=at(MONDAY, "10:00"), end=at(MONDAY, "10:15")))
    block = add(session, Block(**own, counter_id=counter.id, start=pause[0], end=pause[1], reason=BlockReason.BREAK))
    ticket = a_ticket(session, office, service, number=1)
    brought = add(
        session,
        VisitImport(
            **own,
            person_id=bilal.id,
            state=ImportState.DONE,
            created_at=EARLY,
            filename="agenda.csv",
            content=b"",
            columns={"day": 0},
            meanings={},
            office_id=office.id,
            confirms=False,
            lines=2,
            done_to=3,
            booked=1,
        ),
    )
    add(session, ConfigurationFile(person_id=bilal.id, created_at=EARLY, filename="nord.yaml", content=b""))
    add(session, RefusedLine(**own, import_id=brought.id, number=3, why=WhyNot.PAST))
    sheet = DaySheet(**own, office_id=office.id, day=MONDAY, made_at=EARLY, digest="x", is_working=True)
    add(session, sheet)
    calling = {"appointment_id": booked.id, "of_start": booked.start, "at": EARLY, "role": Role.AGENT}
    add(session, CallMade(**own, **calling))
    changed = Rebooking(
        **own,
        office_id=office.id,
        cause=Touching.HOURS,
        first_day=MONDAY,
        reason=NOTHING,
        silence=Silence.CALL,
        answer_minutes=60,
        made_at=EARLY,
    )
    add(session, changed)
    membership = session.scalars(select(Membership)).one()
    of_day = own | {"office_id": office.id, "day": MONDAY}
    opening = home.opening
    late = {"seen_version": 1, "said_at": EARLY, "sent_at": EARLY}
    add(
        session,
        TicketNumber(**own, office_id=office.id, local_date=MONDAY, letter="A", n=1),
        TicketStep(**own, ticket_id=ticket.id, at=EARLY, step=Step.ISSUE, state=TicketState.WAITING),
        WalkInCount(**own, session_id=opening.id, local_date=MONDAY, n=1),
        Desk(**own, counter_id=counter.id, person_id=bilal.id, opened_at=EARLY),
        LateMark(**own, appointment_id=booked.id, person_id=bilal.id, mark=Mark.DONE, **late),
        Pause(**own, office_id=office.id, service_id=service.id, since=EARLY),
        MembershipService(**own, membership_id=membership.id, service_id=service.id),
        Caution(**own, person_key=new_key(), set_at=EARLY, expires_at=EARLY + timedelta(days=90)),
        Banner(**own, text=BOTH, shown_from=EARLY, shown_until=EARLY + timedelta(days=1)),
        ClosureCounter(**own, closure_id=closure.id, counter_id=counter.id),
        Claim(**own, counter_id=counter.id, tick=1, block_id=block.id),
        Logo(**own, png=b"png"),
        MessageText(**own, kind="reminder", subject=BOTH, opening=NOTHING, closing=NOTHING),
        TrustedHelper(**own, contact_key=new_key(), email="aide@asbl.example", note="ASBL Aide"),
        Seat(**own, kind="contact", key=new_key(), period="", n=1, appointment_id=held.id),
        ChecklistVersion(**own, service_id=service.id, version=1, content=ONE_PAPER, created_at=EARLY),
        ServiceFee(**own, service_id=service.id, valid_from=date(2026, 1, 1), cents=2500, note=NOTHING),
        JournalEntry(**own, at=EARLY, act="look", subject="appointment", subject_id=booked.id, fields=""),
        WaitingLine(
            **own,
            entry_id=entry.id,
            position=1,
            service_id=service.id,
            persons=1,
            added_minutes=0,
            checklist_version=1,
            answers={"whom": "child"},
        ),
        WaitingOffice(**own, entry_id=entry.id, office_id=office.id),
        ReminderChange(**own, service_id=service.id, changed_at=EARLY, followed_to=0),
        Offer(
            **own,
            entry_id=entry.id,
            freed_time_id=free.id,
            service_id=service.id,
            state=OfferState.OPEN,
            hold_key=new_key(),
            day=MONDAY,
            n=1,
            offered_at=EARLY,
            told_at=EARLY,
            until=EARLY + timedelta(hours=2),
            gained_days=0,
        ),
        RebookedVisit(
            **own,
            rebooking_id=changed.id,
            appointment_id=booked.id,
            state=Settled.WAITING,
            of_start=booked.start,
        ),
        DailyFigure(**of_day, **figure_row(service.id, Sums(ways={"online fr": 1}, waits={3: 1}))),
        HourlyFigure(**of_day, hour=9, open_minutes=60, walk_in_minutes=0, taken_minutes=15, used_minutes=12),
        FiguredDay(**of_day, digest="x", counted_at=EARLY),
        FirstFree(**of_day, service_id=service.id, days=3),
        Alert(**own, day=MONDAY, cause=Cause.PROMISE, told_at=EARLY),
        SecondFactor(person_id=bilal.id, secret="sealed", last_step=1, since=EARLY),
        RecoveryCode(person_id=bilal.id, digest=new_key()),
        StaffSession(token_digest=new_key(), person_id=bilal.id, created_at=EARLY, seen_at=EARLY),
        LoginFailure(kind="account", key=new_key(), n=1, at=EARLY),
        Message(
            **own,
            kind=MessageKind.CONFIRMATION,
            appointment_id=booked.id,
            version=1,
            copy=1,
            state=MessageState.QUEUED,
            created_at=EARLY,
            due_at=EARLY,
            attempts=0,
        ),
    )


def test_of_two_deployments_at_once_the_second_waits_as_long_as_the_first_takes(
    databases: Databases, app_on: Callable[[Database], Flask]
) -> None:
    """Asked for while statements still have a limit, the lock would be given up instead of waited for."""
    database = databases.bare("postgresql", "twice")
    app = app_on(database)
    said: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    migrate(app, to="head")

    (lifted,) = [place for place, one in enumerate(said) if "statement_timeout" in one]
    (locked,) = [place for place, one in enumerate(said) if "pg_advisory_xact_lock" in one]
    assert lifted < locked


def counts(database: Database) -> dict[str, int]:
    """How many rows each table of ours has at this moment, whatever the models say."""
    with database.engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
        return {name: int(connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0) for name in names}  # noqa: S608


@pytest.mark.parametrize("engine", ENGINES)
def test_migrations_go_both_ways_and_lose_nothing_that_has_a_place(
    engine: str, databases: Databases, app_on: Callable[[Database], Flask]
) -> None:
    database = databases.bare(engine, "filled")
    app = app_on(database)
    migrate(app, to="head")
    database.write(something_of_everything)
    full = counts(database)
    assert full.keys() == Base.metadata.tables.keys()
    assert [table for table, rows in full.items() if not rows] == [], "nothing was put into these tables"

    for step in STEPS:
        migrate(app, to=str(step.down_revision or "base"))
        before = counts(database)
        assert before == {table: full[BECAME.get(table, table)] for table in before}
        migrate(app, to=step.revision, up=True)
        came_from = {now: was for was, now in BECAME.items()}
        assert counts(database) == {
            table: before.get(table, before.get(came_from.get(table, ""), 0)) for table in counts(database)
        }
        migrate(app, to=str(step.down_revision or "base"))

    assert counts(database) == {}
