"""Somebody calls to come at another time: the agent moves the visit, to a counter of their choice."""

from __future__ import annotations

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.core.translated import Translated
from booking.models import (
    Appointment,
    AppointmentLine,
    Counter,
    CounterService,
    JournalEntry,
    Message,
    OpeningCounter,
    Service,
)
from booking.models.messages import MessageKind
from booking.models.offices import CounterKind
from booking.usecases.cancellations import cancel
from booking.usecases.check import problems
from booking.usecases.journal import Actor
from tests.databases import Database
from tests.factories import PASSWORD, a_counter, a_person, a_service, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, Clock, at
from tests.pages import Page, controls, visit
from tests.web.booking import number
from tests.web.telephone import plain

HERE = "/fr/mairie-nord/agent/"
ELEVEN = at(MONDAY, "11:00")


def sitting_down(client: FlaskClient, database: Database, *, counters: int = 2) -> int:
    """Bilal at his desk, with Ana's visit at 9 o'clock at the first counter."""

    def rows(session: Session) -> int:
        home = a_working_commune(session, counters=counters)
        a_person(session, home.commune)
        return an_appointment(session, home.counter, home.service).id

    ana: int = database.write(rows)
    visit(client, f"{HERE}sign-in").submit(holding="password", email="bilal@mairie-nord.example", password=PASSWORD)
    return ana


def moving(client: FlaskClient, ana: int) -> Page:
    return visit(client, f"{HERE}visits/{ana}").follow("Déplacer ou modifier la visite")


def counters(page: Page) -> dict[str, str]:
    return {
        option.text or "": option.attrib["value"] for option in page.tree.iterfind(".//select[@id='counter']/option")
    }


def test_a_visit_is_moved_while_the_person_is_on_the_telephone(client: FlaskClient, database: Database) -> None:
    ana = sitting_down(client, database)
    page = moving(client, ana).submit(holding="version", press=("start", number(ELEVEN)))

    assert page.response.request.path == f"{HERE}visits/{ana}"
    assert "La visite est déplacée." in page.text
    assert database.one(select(Appointment.start)) == ELEVEN
    assert database.all(select(Message.kind).where(Message.kind == MessageKind.MOVED)) == [MessageKind.MOVED]
    act, role = database.write(
        lambda session: session.execute(
            select(JournalEntry.act, JournalEntry.role).where(JournalEntry.act == "moved")
        ).one()
    )
    assert (act, role) == ("moved", Role.AGENT)
    with Session(database.engine) as session:
        assert [one for one in problems(session, now=EARLY) if "confirmation" not in one] == []


def test_the_agent_chooses_the_counter(client: FlaskClient, database: Database) -> None:
    ana = sitting_down(client, database)
    page = moving(client, ana)
    second = counters(page)["guichet 2"]
    page = visit(client, f"{HERE}visits/{ana}/move?day=2027-01-05&counter={second}")
    page.submit(holding="version", press=("start", number(at(MONDAY + timedelta(days=1), "09:15"))))

    assert str(database.one(select(Appointment.counter_id))) == second


def test_the_notice_does_not_hold_but_what_is_past_is_not_offered(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    ana = sitting_down(client, database)
    clock.forward(minutes=25)
    offered = [one.attrib["value"] for one in moving(client, ana).tree.iter("button") if one.get("name") == "start"]

    assert offered[0] == number(at(MONDAY, "08:30"))
    assert number(at(MONDAY, "09:00")) in offered, "the time of the visit itself is free to it"


def test_an_old_page_is_told_and_moves_nothing(client: FlaskClient, database: Database) -> None:
    ana = sitting_down(client, database)
    old = moving(client, ana)
    moving(client, ana).submit(holding="version", press=("start", number(ELEVEN)))
    page = old.submit(holding="version", press=("start", number(at(MONDAY, "11:30"))))

    assert page.status == 409
    assert database.one(select(Appointment.start)) == ELEVEN


def test_a_time_somebody_took_meanwhile_is_refused(client: FlaskClient, database: Database) -> None:
    ana = sitting_down(client, database, counters=1)
    page = moving(client, ana)

    def taken(session: Session) -> None:
        here = session.get_one(Appointment, ana)
        counter, service = session.get_one(Counter, here.counter_id), session.scalars(select(Service)).one()
        an_appointment(session, counter, service, start=ELEVEN)

    database.write(taken)
    page = page.submit(holding="version", press=("start", number(ELEVEN)))

    assert page.status == 409
    assert number(ELEVEN) not in page.response.text


def test_who_works_elsewhere_finds_no_such_visit(client: FlaskClient, database: Database) -> None:
    sitting_down(client, database)
    theirs: int = database.write(
        lambda session: (
            an_appointment(session, (other := a_working_commune(session, slug="ailleurs")).counter, other.service).id
        )
    )

    assert visit(client, f"{HERE}visits/{theirs}/move").status == 404


def test_one_more_person_comes_along_and_the_visit_grows(client: FlaskClient, database: Database) -> None:
    ana = sitting_down(client, database)
    page = visit(client, f"{HERE}visits/{ana}/move?day=2027-01-04&line=identity-card:2")
    page.submit(holding="version", press=("start", number(at(MONDAY, "09:00"))))

    made = database.one(select(Appointment))
    assert (made.start, made.end) == (at(MONDAY, "09:00"), at(MONDAY, "09:25"))
    assert database.one(select(AppointmentLine.persons)) == 2
    with Session(database.engine) as session:
        assert [one for one in problems(session, now=EARLY) if "confirmation" not in one] == []


def test_staff_move_to_any_five_minutes_and_no_further_than_a_service_takes(
    client: FlaskClient, database: Database
) -> None:
    ana = sitting_down(client, database)
    page = visit(client, f"{HERE}visits/{ana}/move?day=2027-01-04&every=y")
    page.submit(holding="version", press=("start", number(at(MONDAY, "11:05"))))
    assert database.one(select(Appointment.start)) == at(MONDAY, "11:05")

    many = visit(client, f"{HERE}visits/{ana}/move?day=2027-01-04&line=identity-card:99")
    assert many.status == 409
    assert "est limité à 4 personnes" in many.text.replace("\u00a0", " ")


def with_passports(client: FlaskClient, database: Database, *, at_the_counter: bool = True) -> int:
    """Ana at 9 o'clock in a commune that gives passports, too: at the same counter, or at none."""

    def rows(session: Session) -> int:
        home = a_working_commune(session)
        name = Translated.of(fr="Passeport", nl="Reispas")
        passport = a_service(session, home.commune, code="passport", name=name)
        if at_the_counter:
            of = {"commune_id": home.commune.id, "counter_id": home.counter.id}
            session.add(CounterService(**of, service_id=passport.id))
        a_person(session, home.commune, role=Role.RECEPTIONIST)
        return an_appointment(session, home.counter, home.service).id

    ana: int = database.write(rows)
    visit(client, f"{HERE}sign-in").submit(holding="password", email="bilal@mairie-nord.example", password=PASSWORD)
    return ana


def test_something_is_added_to_a_visit_that_keeps_its_time(client: FlaskClient, database: Database) -> None:
    ana = with_passports(client, database)
    page = moving(client, ana).submit(holding="every", line=["identity-card:1", "passport:2"])
    assert "désormais pour : Carte d’identité · 1 personne + Passeport · 2 personnes." in plain(page.text)
    page = page.submit(holding="version", press=("start", number(at(MONDAY, "09:00"))))

    assert "La visite est modifiée, son heure reste la même." in page.text
    lines = database.all(select(AppointmentLine).order_by(AppointmentLine.position))
    assert [(one.persons, one.minutes) for one in lines] == [(1, 15), (2, 25)]
    made = database.one(select(Appointment))
    assert (made.start, made.end) == (at(MONDAY, "09:00"), at(MONDAY, "09:40"))
    with Session(database.engine) as session:
        assert [one for one in problems(session, now=EARLY) if "confirmation" not in one] == []


def test_what_no_counter_takes_is_not_added_and_the_visit_stays(client: FlaskClient, database: Database) -> None:
    ana = with_passports(client, database, at_the_counter=False)
    page = moving(client, ana).submit(holding="every", line=["identity-card:1", "passport:1"])

    assert page.status == 409
    assert "Aucun guichet ne traite tout cela." in page.text
    assert database.all(select(AppointmentLine.persons)) == [1]


def test_a_visit_is_for_one_service_at_least(client: FlaskClient, database: Database) -> None:
    ana = with_passports(client, database)
    both = moving(client, ana).submit(holding="every", line=["identity-card:1", "passport:1"])
    page = both.submit(holding="every", line=["identity-card:0", "passport:0"])

    assert page.status == 422
    assert "Choisissez au moins une démarche." in page.text


def test_more_people_for_what_is_no_longer_given_by_appointment_are_refused_in_words(
    client: FlaskClient, database: Database
) -> None:
    ana = with_passports(client, database)
    card = update(Service).where(Service.code == "identity-card")
    database.write(lambda session: session.execute(card.values(deactivated_at=EARLY)) and None)
    page = moving(client, ana).submit(holding="every", line=["identity-card:2"])

    assert page.status == 409
    assert "Cette démarche ne se fait pas sur rendez-vous" in page.text


def test_a_day_is_looked_at_for_what_the_visit_is_to_be_for(client: FlaskClient, database: Database) -> None:
    ana = with_passports(client, database)
    page = moving(client, ana).submit(holding="every", line=["identity-card:0", "passport:1"])
    page = page.follow("mardi 5\u00a0janvier")

    assert "désormais pour : Passeport · 1 personne." in plain(page.text)


def with_extra_counter(client: FlaskClient, database: Database, role: Role) -> int:
    """Ana at 11 o'clock, somebody else at 9 at the only counter, and an extra one in the morning's hours."""

    def rows(session: Session) -> int:
        home = a_working_commune(session)
        lane = a_counter(session, home.office, label="X", kind=CounterKind.EXTRA, serves=[home.service])
        own = {"commune_id": home.commune.id, "session_id": home.opening.id}
        session.add(OpeningCounter(**own, counter_id=lane.id))
        a_person(session, home.commune, role=role)
        an_appointment(session, home.counter, home.service, name="Bao Tran")
        return an_appointment(session, home.counter, home.service, start=ELEVEN).id

    ana: int = database.write(rows)
    visit(client, f"{HERE}sign-in").submit(holding="password", email="bilal@mairie-nord.example", password=PASSWORD)
    return ana


def test_an_agent_overbooks_by_a_press_of_its_own_and_it_is_marked(client: FlaskClient, database: Database) -> None:
    ana = with_extra_counter(client, database, Role.AGENT)
    page = moving(client, ana)
    nine = number(at(MONDAY, "09:00"))
    assert "Vous donnez un rendez-vous de plus que ce que les guichets peuvent recevoir" in page.text
    page = page.submit(holding="overbook", press=("start", nine))

    assert "rendez-vous en surnombre" in page.text
    assert "guichet d’appoint X" in page.text
    assert "rendez-vous en surnombre" in visit(client, HERE).text
    assert database.count(JournalEntry, JournalEntry.act == "overbooked") == 1


def test_the_reception_is_not_offered_to_overbook_and_cannot(client: FlaskClient, database: Database) -> None:
    ana = with_extra_counter(client, database, Role.RECEPTIONIST)
    page = moving(client, ana)
    assert "surnombre" not in page.text
    assert "Surréserver" not in page.text
    nine = number(at(MONDAY, "09:00"))
    sent = dict(controls(page.form(holding="version"))) | {"start": nine, "overbook": "1"}
    answer = client.post(f"{HERE}visits/{ana}/move", data=sent)

    assert answer.status_code == 403
    assert database.one(select(Appointment.start).where(Appointment.id == ana)) == ELEVEN


def test_an_extra_visit_is_given_the_counter_that_came_free(client: FlaskClient, database: Database) -> None:
    ana = with_extra_counter(client, database, Role.AGENT)
    nine = number(at(MONDAY, "09:00"))
    page = moving(client, ana).submit(holding="overbook", press=("start", nine))
    assert "Un guichet s’est libéré" not in page.text

    def freed(session: Session) -> None:
        other = session.scalars(select(Appointment.id).where(Appointment.id != ana)).one()
        commune = session.get_one(Appointment, ana).commune_id
        cancel(session, commune_id=commune, appointment_id=other, actor=Actor(Role.AGENT), now=EARLY)

    database.write(freed)
    page = visit(client, f"{HERE}visits/{ana}")
    assert "Un guichet s’est libéré" in page.text
    counter = str(database.one(select(Counter.id).where(Counter.kind == CounterKind.NORMAL)))
    page = page.submit(holding="start", press=("counter", counter))
    assert "personne ne reçoit de message" in page.text

    assert "rendez-vous en surnombre" not in page.text
    assert str(database.one(select(Appointment.counter_id).where(Appointment.id == ana))) == counter
