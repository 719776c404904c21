"""On the day of the change: the old agenda is brought along, seen first, and booked once, whatever breaks off."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from booking.core.errors import ColumnsMissing, ImportGone, ImportUnderWay, SlotTaken
from booking.core.tables import sheet_of
from booking.core.translated import Translated
from booking.core.visit_imports import Column, ImportState, WhyNot
from booking.models import Appointment, Message, Office, Person, RefusedLine
from booking.models.messages import REMINDERS, MessageKind
from booking.usecases.check import problems
from booking.usecases.journal import Actor
from booking.usecases.retention import KINDS
from booking.usecases.visit_imports import (
    PIECE,
    Progress,
    Readers,
    begin,
    book_piece,
    discard,
    keep_file,
    kept,
    prospect,
    refused_lines,
    say_columns,
    say_meanings,
    sheet_in,
)
from tests.factories import Working, a_counter, a_person, a_session, a_working_commune, an_appointment, an_office
from tests.moments import EARLY, at
from tests.old_agendas import BAD, CARD, a_line, as_file, old_agenda, working_day


def mail(text: str) -> str:
    if not re.fullmatch(r"\S+@\S+\.\S+", text):
        raise ValueError(text)
    return text


READERS = Readers(email=mail, phone=lambda text: "+32" + text.replace(" ", "")[1:])
TABLE_LINE = 1  # the headings are the first line of the file


@pytest.fixture
def work(session: Session) -> Working:
    return a_working_commune(session, counters=2)


def bring(session: Session, work: Working, lines: list[tuple[str, ...]]) -> int:
    known = session.scalars(select(Person.id)).first()
    dora_id = known or a_person(session, work.commune, email="dora@nord.example").id
    actor = Actor(person_id=dora_id)
    own: dict[str, Any] = {"commune_id": work.commune.id, "filename": "agenda.csv", "now": EARLY}
    return keep_file(session, sheet=sheet_of(as_file(lines)), actor=actor, person_id=dora_id, **own)


def look(session: Session, work: Working, number: int, offices: set[int] | None = None) -> Any:
    found = kept(session, commune_id=work.commune.id, import_id=number)
    return prospect(session, found=found, readers=READERS, office_ids=offices, now=EARLY)


def start(session: Session, work: Working, number: int, *, confirms: bool = False) -> None:
    begin(session, commune_id=work.commune.id, import_id=number, confirms=confirms, actor=Actor(), now=EARLY)


def carry_on(session: Session, work: Working, number: int) -> Progress:
    own = {"commune_id": work.commune.id, "import_id": number}
    return book_piece(session, **own, readers=READERS, office_ids=None, actor=Actor(), now=EARLY)


def whole(session: Session, work: Working, lines: list[tuple[str, ...]], *, confirms: bool = False) -> int:
    number = bring(session, work, lines)
    start(session, work, number, confirms=confirms)
    while not carry_on(session, work, number).is_over:
        pass
    return number


def test_of_two_hundred_old_appointments_all_are_booked_but_the_seven_that_cannot_be(
    session: Session, work: Working
) -> None:
    number = bring(session, work, old_agenda())
    wanted = {place + TABLE_LINE: why for place, (_, why) in BAD.items()}

    seen = look(session, work, number)
    assert {one.number: one.why for one in seen.refused} == wanted
    assert len(seen.placed) == 193
    assert seen.unknown_services == {"Permis de pêche": 1}
    assert session.scalar(select(func.count(Appointment.id))) == 0, "nothing is booked by looking"

    start(session, work, number)
    pieces = 1
    while not carry_on(session, work, number).is_over:
        pieces += 1

    found = kept(session, commune_id=work.commune.id, import_id=number)
    assert (pieces, found.booked, found.state) == (200 // PIECE, 193, ImportState.DONE)
    assert {one.number: one.why for one in refused_lines(session, found=found)} == wanted
    assert {row.number for row in sheet_in(found).rows} == set(wanted), "of the file only what was refused is kept"
    assert session.scalar(select(func.count(Appointment.id)).where(Appointment.taken_over_at.is_not(None))) == 193
    assert problems(session, now=EARLY) == []


def test_reminders_go_out_and_no_confirmation_unless_it_is_wished(session: Session, work: Working) -> None:
    whole(session, work, [a_line(number) for number in range(3)])

    kinds = set(session.scalars(select(Message.kind)))
    assert kinds & set(REMINDERS) == kinds
    assert kinds

    lines = [(*line[:2], f"{line[2]} bis", *line[3:]) for line in map(a_line, range(40, 44))]
    whole(session, work, lines, confirms=True)
    told = session.scalars(select(Message.appointment_id).where(Message.kind == MessageKind.CONFIRMATION)).all()
    emails = session.scalars(select(Appointment.email).where(Appointment.id.in_(told)))
    assert sorted(filter(None, emails)) == [f"visiteur{number}@example.org" for number in (41, 42, 43)]


def test_the_same_file_brought_twice_books_nobody_twice(session: Session, work: Working) -> None:
    lines = [a_line(number) for number in range(10)]
    whole(session, work, lines)
    again = whole(session, work, lines)

    found = kept(session, commune_id=work.commune.id, import_id=again)
    assert (found.booked, {one.why for one in refused_lines(session, found=found)}) == (0, {WhyNot.TWICE})
    assert session.scalar(select(func.count(Appointment.id))) == 10


def test_what_broke_off_is_carried_on_where_it_stopped(session: Session, work: Working) -> None:
    number = bring(session, work, [a_line(number) for number in range(120)])
    start(session, work, number)
    carry_on(session, work, number)
    with pytest.raises(SlotTaken):
        broken_off(session, work, number)
    session.expire_all()
    start(session, work, number)

    assert carry_on(session, work, number) == Progress(is_over=False, booked=100)
    assert carry_on(session, work, number) == Progress(is_over=True, booked=120)
    assert carry_on(session, work, number) == Progress(is_over=True, booked=120), "once more is nothing more"


def broken_off(session: Session, work: Working, number: int) -> None:
    with session.begin_nested():
        carry_on(session, work, number)
        raise SlotTaken


def test_a_time_that_a_resident_took_meanwhile_is_theirs(session: Session, work: Working) -> None:
    lines = [a_line(number) for number in range(2)]
    number = bring(session, work, lines)
    assert len(look(session, work, number).placed) == 2
    for counter in work.counters:
        an_appointment(session, counter, work.service, start=at(working_day(0), "08:00"))
    start(session, work, number)

    assert carry_on(session, work, number).booked == 0
    found = kept(session, commune_id=work.commune.id, import_id=number)
    assert [one.why for one in refused_lines(session, found=found)] == [WhyNot.TAKEN, WhyNot.TAKEN]


def test_a_word_that_means_no_service_is_given_its_meaning(session: Session, work: Working) -> None:
    line = a_line(0)
    number = bring(session, work, [(*line[:3], "CI-E", *line[4:])])
    assert look(session, work, number).unknown_services == {"CI-E": 1}

    own = {"commune_id": work.commune.id, "import_id": number}
    say_meanings(session, **own, meanings={"CI-E": work.service.id})

    assert [one.visit.service_id for one in look(session, work, number).placed] == [work.service.id]


def test_an_administrator_of_one_office_brings_visits_into_that_one_alone(session: Session, work: Working) -> None:
    name = Translated.of(fr="Antenne Sud", nl="Post Zuid")
    south = an_office(session, work.commune, code="south", name=name)
    lane = a_counter(session, south, label="Z1", serves=[work.service])
    a_session(session, south, [lane])
    line = a_line(0)
    lines = [(*line[:6], "Post Zuid"), (*line[:6], "maison communale"), (*line[:6], "")]
    number = bring(session, work, lines)
    columns = {Column.DAY: 0, Column.TIME: 1, Column.NAME: 2, Column.SERVICE: 3, Column.OFFICE: 6}
    say_columns(session, commune_id=work.commune.id, import_id=number, columns=columns)

    seen = look(session, work, number, offices={south.id})

    assert [one.office_id for one in seen.placed] == [south.id]
    assert [one.why for one in seen.refused] == [WhyNot.NO_OFFICE, WhyNot.TWICE]


def test_a_counter_that_is_named_is_the_one(session: Session, work: Working) -> None:
    line = a_line(0)
    lines = [(*line[:6], "2"), (line[0], line[1], "Bo", CARD, "", "", "2"), (*line[:2], "Cy", CARD, "", "", "9")]
    number = bring(session, work, lines)
    columns = {Column.DAY: 0, Column.TIME: 1, Column.NAME: 2, Column.SERVICE: 3, Column.COUNTER: 6}
    say_columns(session, commune_id=work.commune.id, import_id=number, columns=columns)

    seen = look(session, work, number)

    assert [one.visit.counter_id for one in seen.placed] == [work.counters[1].id]
    assert [one.why for one in seen.refused] == [WhyNot.TAKEN, WhyNot.NO_COUNTER]


def test_columns_are_named_before_and_stay_once_it_is_under_way(session: Session, work: Working) -> None:
    number = bring(session, work, [a_line(0)])
    own = {"commune_id": work.commune.id, "import_id": number}
    with pytest.raises(ColumnsMissing):
        say_columns(session, **own, columns={Column.DAY: 0, Column.TIME: 1})
    with pytest.raises(ImportUnderWay):
        carry_on(session, work, number)
    start(session, work, number)
    with pytest.raises(ImportUnderWay):
        say_columns(session, **own, columns={Column.DAY: 0, Column.TIME: 1, Column.NAME: 2, Column.SERVICE: 3})


def test_a_file_goes_when_it_is_discarded_or_a_day_old(session: Session, work: Working) -> None:
    number = bring(session, work, old_agenda(20))
    discard(session, commune_id=work.commune.id, import_id=number, actor=Actor(), now=EARLY)
    with pytest.raises(ImportGone):
        kept(session, commune_id=work.commune.id, import_id=number)

    whole(session, work, old_agenda(20))
    assert KINDS["imports"](session, now=EARLY + timedelta(hours=23)) == 0
    assert KINDS["imports"](session, now=EARLY + timedelta(hours=24)) == 1
    assert session.scalar(select(func.count()).select_from(RefusedLine)) == 0
    assert session.scalar(select(func.count(Appointment.id))) == 19


def test_what_is_out_of_use_is_not_meant(session: Session, work: Working) -> None:
    session.execute(update(Office).values(retired_at=EARLY))
    number = bring(session, work, [a_line(0)])

    assert [one.why for one in look(session, work, number).refused] == [WhyNot.NO_OFFICE]
