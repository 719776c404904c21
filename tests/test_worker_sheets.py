"""Day sheets: made every hour and at each change, mailed once at seven, whatever stops and starts in between."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from booking import worker
from booking.core.needs import Need
from booking.models import Appointment, DaySheet, Message, Office
from booking.models.messages import MessageState
from booking.paper.pdf import NoPrinter
from booking.settings import Settings
from booking.usecases.check import problems
from booking.usecases.erasure import erase_contacts, erase_names
from booking.usecases.retention import forget_sheets
from booking.worker import Work, look_at_sheets, make_sheet, send_due
from tests.databases import Database
from tests.factories import a_working_commune, an_appointment
from tests.moments import MONDAY, Clock, at

TUESDAY = MONDAY + timedelta(days=1)
HALL = "accueil@mairie-nord.example"
CLOCKS_CHANGE = [date(2026, 10, 25), date(2027, 3, 28)]


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


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages of which a PDF file was made, which is not drawn: that takes its time."""
    pages: list[str] = []

    def draw(page: str) -> bytes:
        pages.append(page)
        return b"%PDF"

    monkeypatch.setattr(worker, "pdf_of", draw)
    return pages


def ana_comes(database: Database, day: date = MONDAY, sheet_by_mail: str | None = HALL) -> int:
    """An office that wants its sheet by mail, and Ana who comes there at half past nine."""

    def rows(session: Session) -> int:
        home = a_working_commune(session)
        home.office.sheet_by_mail = sheet_by_mail
        return an_appointment(
            session, home.counter, home.service, start=at(day, "09:30"), needs=frozenset({Need.LOW_COUNTER})
        ).id

    return database.write(rows)


def turn(work: Work) -> int:
    """One look at what is due, and all of it made; says how many sheets that were."""
    due = look_at_sheets(work)
    for one in due:
        make_sheet(work, one)
    return len(due)


def page_of(database: Database, day: date) -> str:
    html = database.one(select(DaySheet.html).where(DaySheet.day == day))
    return zlib.decompress(html).decode()


def test_today_and_tomorrow_have_a_sheet_that_says_who_comes_for_what(
    work: Work, database: Database, clock: Clock
) -> None:
    ana_comes(database)
    clock.now = at(MONDAY, "06:30")

    assert turn(work) == 2
    assert database.all(select(DaySheet.day).order_by(DaySheet.day)) == [MONDAY, TUESDAY]
    file = PdfReader(BytesIO(database.one(select(DaySheet.pdf).where(DaySheet.day == MONDAY))))
    text = " ".join(" ".join(page.extract_text() for page in file.pages).split()).replace("\u00a0", " ")
    for said in (
        "Ana Peeters",
        "09:30–09:45",
        "Carte d’identité",
        "Identiteitskaart",
        "guichet abaissé",
        "verlaagd loket",
    ):
        assert said in text
    assert "lundi 4 janvier 2027" in text
    assert "maandag 4 januari 2027" in text
    assert (file.root_object["/Lang"], bool(file.root_object["/MarkInfo"]["/Marked"])) == ("fr", True)
    assert "Ana Peeters" not in page_of(database, TUESDAY)


def test_a_sheet_needs_nothing_beside_itself(work: Work, database: Database, drawn: list[str]) -> None:
    ana_comes(database)
    turn(work)

    page = page_of(database, MONDAY)
    assert page in drawn
    assert "<style>" in page
    assert [word for word in ("<link", "<script", "src=", "http:", "https:", "url(") if word in page] == []


def test_nothing_is_made_again_within_the_hour_while_nothing_changes(
    work: Work, database: Database, clock: Clock, drawn: list[str]
) -> None:
    ana_comes(database)
    assert turn(work) == 2
    clock.forward(minutes=59)
    assert turn(work) == 0

    clock.forward(minutes=1)
    assert turn(work) == 2
    assert len(drawn) == 4


@pytest.mark.parametrize(
    "change",
    [{"name": "Jean Dupont", "version": 2}, {"state": "cancelled", "version": 2}],
    ids=["renamed", "cancelled"],
)
def test_each_change_makes_the_sheet_of_its_day_anew_and_no_other(
    work: Work, database: Database, clock: Clock, drawn: list[str], change: dict[str, object]
) -> None:
    ana_comes(database)
    turn(work)
    clock.forward(minutes=1)
    database.write(lambda session: session.execute(update(Appointment).values(**change)) and None)

    assert turn(work) == 1
    assert "Ana Peeters" not in page_of(database, MONDAY)


def test_two_workers_that_make_the_same_sheet_keep_one_and_the_newer_stays(
    work: Work, database: Database, clock: Clock, drawn: list[str]
) -> None:
    ana_comes(database)
    due = look_at_sheets(work)
    clock.forward(minutes=2)
    for one in due:
        make_sheet(work, one)
    newer = clock.now
    clock.forward(minutes=-1)
    for one in due:
        make_sheet(work, one)

    assert database.all(select(DaySheet.made_at)) == [newer, newer]
    assert database.count(Message) == 2


@pytest.mark.parametrize("day", CLOCKS_CHANGE, ids=str)
def test_the_sheet_leaves_at_seven_by_the_clock_on_the_wall_once_over_restarts(
    work: Work, database: Database, clock: Clock, post: Post, drawn: list[str], day: date
) -> None:
    """On the nights on which the clocks change, too: seven is seven."""
    ana_comes(database, day)
    clock.now = at(day - timedelta(days=1), "20:00")
    while clock.now <= at(day, "09:00"):
        # A worker that is started anew every half hour, and two of them at that.
        for one in (work, replace(work)):
            turn(one)
            send_due(one)
        clock.forward(minutes=30)

    (mail,) = post.taken
    assert mail["Date"].datetime == at(day, "07:00")
    assert mail["To"].addresses[0].addr_spec == HALL


def test_the_mail_brings_the_file_and_says_what_to_do_with_it_in_both_languages(
    work: Work, database: Database, clock: Clock, post: Post, drawn: list[str]
) -> None:
    ana_comes(database)
    clock.now = at(MONDAY, "07:00")
    turn(work)
    send_due(work)

    (mail,) = post.taken
    (file,) = mail.iter_attachments()
    body = mail.get_body(("plain",))
    assert body is not None
    assert (file.get_filename(), file.get_content_type()) == ("2027-01-04.pdf", "application/pdf")
    assert mail["Subject"] == "Liste du jour du lundi 4\u00a0janvier 2027"
    assert "détruisez-la" in body.get_content()
    assert "vernietig ze" in body.get_content()
    assert "Ana" not in body.get_content()


def test_where_no_file_can_be_made_the_page_is_sent(
    work: Work, database: Database, clock: Clock, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(page: str) -> bytes:
        raise NoPrinter

    monkeypatch.setattr(worker, "pdf_of", away)
    ana_comes(database)
    clock.now = at(MONDAY, "07:00")
    turn(work)
    send_due(work)

    (file,) = post.taken[0].iter_attachments()
    assert file.get_content_type() == "text/html"
    assert "Ana Peeters" in file.get_content()
    assert database.all(select(DaySheet.pdf)) == [None, None]


@pytest.mark.parametrize(
    ("day", "wall", "address"),
    [(MONDAY, "12:00", HALL), (MONDAY, "07:00", None), (MONDAY - timedelta(days=1), "07:00", HALL)],
    ids=["noon is over", "the office wants none", "on a Sunday nobody works"],
)
def test_no_sheet_is_sent_that_nobody_needs(
    work: Work,
    database: Database,
    clock: Clock,
    post: Post,
    drawn: list[str],
    day: date,
    wall: str,
    address: str | None,
) -> None:
    ana_comes(database, MONDAY, address)
    clock.now = at(day, wall)
    turn(work)
    send_due(work)

    assert post.taken == []


def test_an_office_that_wants_no_sheet_any_more_gets_none_in_the_morning(
    work: Work, database: Database, clock: Clock, post: Post, drawn: list[str]
) -> None:
    ana_comes(database)
    turn(work)
    database.write(lambda session: session.execute(update(Office).values(sheet_by_mail=None)) and None)
    clock.now = at(TUESDAY, "07:00")
    turn(work)
    send_due(work)

    assert post.taken == []
    assert MessageState.DROPPED in database.all(select(Message.state))


def test_a_worker_that_was_away_all_night_sends_no_sheet_of_yesterday_evening(
    work: Work, database: Database, clock: Clock, post: Post, drawn: list[str]
) -> None:
    ana_comes(database, TUESDAY)
    clock.now = at(MONDAY, "18:00")
    turn(work)
    clock.now = at(TUESDAY, "08:00")
    with capture_logs() as said:
        send_due(work)
    assert post.taken == []
    assert [line["event"] for line in said] == ["message put off"]

    turn(work)
    clock.forward(minutes=2)
    send_due(work)
    assert [mail["Date"].datetime for mail in post.taken] == [clock.now]


def test_whoever_is_erased_is_on_no_stored_sheet(work: Work, database: Database, drawn: list[str]) -> None:
    ana = ana_comes(database)
    turn(work)

    def erased(session: Session) -> None:
        erase_contacts(session, [ana])
        erase_names(session, [ana])

    database.write(erased)

    assert database.one(select(DaySheet.html).where(DaySheet.day == MONDAY)) is None
    assert database.one(select(DaySheet.pdf).where(DaySheet.day == MONDAY)) is None
    assert turn(work) == 1
    assert "Ana Peeters" not in page_of(database, MONDAY)


def test_a_sheet_outlives_its_day_by_one(work: Work, database: Database, drawn: list[str]) -> None:
    ana_comes(database)
    turn(work)

    def days_left(now: datetime) -> list[date]:
        def forget(session: Session) -> None:
            forget_sheets(session, now=now)

        database.write(forget)
        return database.all(select(DaySheet.day).order_by(DaySheet.day))

    assert days_left(at(TUESDAY, "12:00")) == [MONDAY, TUESDAY]
    assert days_left(at(TUESDAY + timedelta(days=1), "12:00")) == [TUESDAY]


def test_the_check_tells_of_a_sheet_that_nobody_makes_again(
    work: Work, database: Database, clock: Clock, drawn: list[str], session: Session
) -> None:
    ana_comes(database, sheet_by_mail=None)
    turn(work)

    def told() -> list[str]:
        return [line for line in problems(session, now=clock.now) if "sheet" in line]

    assert told() == []
    clock.forward(minutes=91)
    (line,) = told()
    assert line.startswith("the sheet of today is made again every hour: office ")


def test_a_broken_sheet_stops_no_letter(work: Work, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be drawn is named in the log, without a word of the page, and tried again a minute later."""

    def broken(page: str) -> bytes:
        raise ValueError("Ana Peeters")

    monkeypatch.setattr(worker, "pdf_of", broken)
    ana_comes(database)
    (today, _) = look_at_sheets(work)
    with capture_logs() as said:
        worker.attempted(make_sheet, work, today)

    assert [line["event"] for line in said] == ["unexpected"]
    assert "Ana" not in str(said)
    assert len(look_at_sheets(work)) == 2
