"""Bilal's day goes wrong: a colleague is ill, the register is down, somebody shouts, at noon nobody has marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.marks import Mark
from booking.core.roles import Role
from booking.core.tickets import TicketState
from booking.models import (
    Appointment,
    Block,
    Caution,
    Commune,
    CounterService,
    Desk,
    Message,
    Office,
    Pause,
    Service,
    Ticket,
)
from booking.models.messages import MessageKind
from booking.models.offices import CounterKind
from booking.usecases.journal import Actor
from booking.usecases.marks import mark
from tests.databases import Database
from tests.factories import (
    PASSWORD,
    Working,
    a_counter,
    a_person,
    a_service,
    a_ticket,
    a_working_commune,
    add,
    an_appointment,
)
from tests.moments import EARLY, MONDAY, Clock, at
from tests.pages import Page, visit

HOME = "/fr/mairie-nord"
HERE = f"{HOME}/agent/"
NOON = at(MONDAY, "12:00")


@dataclass(frozen=True)
class Day:
    home: Working
    ana: int
    bob: int


@pytest.fixture
def day(database: Database) -> Day:
    def rows(session: Session) -> Day:
        home = a_working_commune(session, counters=2)
        a_person(session, home.commune)
        a_person(session, home.commune, name="Rita", email="rita@mairie-nord.example", role=Role.RECEPTIONIST)
        ana = an_appointment(session, home.counter, home.service).id
        bob = an_appointment(session, home.counters[1], home.service, name="Bob Claes", email="bob@example.org").id
        return Day(home, ana, bob)

    return database.write(rows)


def signed_in(client: FlaskClient, who: str = "bilal") -> FlaskClient:
    visit(client, f"{HERE}sign-in").submit(holding="password", email=f"{who}@mairie-nord.example", password=PASSWORD)
    return client


@pytest.fixture
def bilal(client: FlaskClient, day: Day) -> FlaskClient:
    return signed_in(client)


def out_page(client: FlaskClient, day: Day) -> Page:
    page = visit(client, f"{HERE}counters")
    assert "Indisponible aujourd’hui" in page.links()
    return visit(client, f"{HERE}counters/{day.home.counter.id}/out")


def sent(page: Page, ending: str, **more: Any) -> Page:
    """Send the form that leads to an address of this ending, as it stands."""
    form = next(one for one in page.tree.iter("form") if one.attrib.get("action", "").endswith(ending))
    typed: dict[str, Any] = {}
    for control in form.iter():
        name = control.attrib.get("name")
        if control.tag == "select" and name:
            chosen = [one for one in control.iter("option") if "selected" in one.attrib] or [
                next(control.iter("option"))
            ]
            typed[name] = chosen[0].attrib["value"]
        elif (
            control.tag == "input" and name and (control.attrib.get("type") == "hidden" or "checked" in control.attrib)
        ):
            typed.setdefault(name, []).append(control.attrib["value"])
    response = page.client.post(form.attrib["action"], data=typed | more, follow_redirects=True)
    return Page(page.client, response)


def test_the_reception_has_none_of_these_pages(client: FlaskClient, day: Day) -> None:
    signed_in(client, "rita")

    assert "Guichets du jour" not in visit(client, HERE).links()
    for address in ("counters", "outage", "end-of-day", f"counters/{day.home.counter.id}/out"):
        assert visit(client, f"{HERE}{address}").status == 403
    assert "Recevoir à deux collègues" not in visit(client, f"{HERE}visits/{day.ana}").text


def test_a_counter_is_out_in_one_press_and_the_agenda_says_so(bilal: FlaskClient, day: Day, database: Database) -> None:
    def free(session: Session) -> None:
        session.delete(session.get_one(Appointment, day.bob))

    database.write(free)
    page = out_page(bilal, day)
    assert "1 visite garde son heure à un autre guichet" in page.text
    assert "Ana Peeters" in page.text

    done = sent(page, "/out")

    assert "Le guichet 1 est indisponible aujourd’hui. 1 visite garde son heure à un autre guichet." in done.text
    assert database.one(select(Appointment.counter_id)) == day.home.counters[1].id
    assert database.count(Message) == 0
    assert "Le guichet 1 est indisponible aujourd’hui." in visit(bilal, HERE).text
    assert "indisponible" not in visit(bilal, f"{HERE}?day=2027-01-05").text

    back = sent(done, "/back")

    assert "Le guichet 1 est à nouveau là" in back.text
    assert database.count(Block) == 0


def test_who_fits_nowhere_is_on_the_page_and_gets_the_message(bilal: FlaskClient, day: Day, database: Database) -> None:
    page = out_page(bilal, day)
    assert "1 visite ne trouve place à aucun autre guichet" in page.text

    done = sent(page, "/out")

    assert "1 rendez-vous est annulé." in done.text.replace("\u00a0", " ")
    kinds = database.all(select(Message.kind).where(Message.appointment_id == day.ana))
    assert kinds == [MessageKind.CANCELLED_BY_COMMUNE]


def test_who_fits_nowhere_may_be_kept(bilal: FlaskClient, day: Day, database: Database) -> None:
    sent(out_page(bilal, day), "/out", **{f"decision-{day.ana}": "keep"})

    state, kept = database.write(
        lambda session: session.execute(
            select(Appointment.state, Appointment.kept_outside_at).where(Appointment.id == day.ana)
        ).one()
    )
    assert (state, kept is not None) == (AppointmentState.BOOKED, True)


def test_who_has_come_meanwhile_is_asked_about(bilal: FlaskClient, day: Day, database: Database) -> None:
    page = out_page(bilal, day)

    def another(session: Session) -> None:
        for counter in day.home.counters:
            an_appointment(session, counter, day.home.service, start=at(MONDAY, "10:00"), name="Cleo Maes")

    database.write(another)
    asked = sent(page, "/out")

    assert asked.status == 409
    assert "D’autres rendez-vous" in asked.text
    assert "Cleo Maes" in asked.text
    assert database.count(Block) == 0


def test_a_counter_elsewhere_is_not_found(bilal: FlaskClient, database: Database) -> None:
    there = database.write(lambda session: a_working_commune(session, slug="mairie-sud", postcodes=("1998",)))

    assert visit(bilal, f"{HERE}counters/{there.counter.id}/out").status == 404
    assert visit(bilal, f"{HERE}counters/{there.counter.id}/breaks").status == 404


def breaks(client: FlaskClient, day: Day) -> Page:
    return visit(client, f"{HERE}counters/{day.home.counter.id}/breaks")


def test_a_break_is_added_and_removed(bilal: FlaskClient, day: Day, database: Database) -> None:
    added = breaks(bilal, day).submit(holding="start", start="10h", end="10:30")
    assert "C’est noté" in added.text
    assert "Pause, 10 h–10 h 30" in added.text.replace("\u00a0", " ").replace("\u202f", " ")
    assert database.count(Block) == 1

    removed = sent(added, "/remove")

    assert database.count(Block) == 0
    assert "Aucune pause ce jour-là." in removed.text


def test_a_visit_in_the_way_of_a_break_is_shown_with_the_way_to_move_it(
    bilal: FlaskClient, day: Day, database: Database
) -> None:
    refused = breaks(bilal, day).submit(holding="start", start="9:00", end="9:30", reason="absence")

    assert refused.status == 409
    assert "Ana Peeters" in refused.text
    assert any(address.endswith(f"visits/{day.ana}/move") for address in refused.links().values())
    assert database.count(Block) == 0


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("9:02", "9:30", "par tranches de cinq minutes"),
        ("soon", "9:30", "Écrivez une heure"),
        ("10:00", "9:30", "La fin doit venir"),
        ("6:00", "7:00", "La fin doit venir"),
    ],
)
def test_what_is_no_break_is_typed_again(bilal: FlaskClient, day: Day, start: str, end: str, said: str) -> None:
    page = breaks(bilal, day).submit(holding="start", start=start, end=end)

    assert page.status == 422
    assert start in page.response.text
    assert said in page.text
    assert "Une réponse à compléter ou à corriger." in page.text, "what was typed is wrong, not missing"


def test_a_system_is_down_and_every_page_says_so_until_it_works_again(
    bilal: FlaskClient, app: Any, day: Day, database: Database, clock: Clock
) -> None:
    page = visit(bilal, f"{HERE}counters").follow("Panne informatique")
    assert "Le choix de la dernière fois" not in page.text, "nothing is chosen"
    assert page.submit(holding="within").status == 422

    service = str(day.home.service.id)
    down = page.submit(holding="within", services=[service])

    assert "2 personnes sont prévenues." in down.text.replace("\u00a0", " ")
    assert database.count(Pause, Pause.until.is_(None)) == 1
    told = database.all(select(Message.appointment_id).where(Message.kind == MessageKind.PAUSED))
    assert sorted(told) == sorted([day.ana, day.bob])
    resident = app.test_client()
    for address, said in ((f"{HOME}/", "Panne informatique"), ("/nl/gemeente-noord/", "Informaticastoring")):
        text = visit(resident, address).text
        assert said in text
    assert "Carte d’identité" in text or "Identiteitskaart" in text

    clock.forward(minutes=5)
    works = sent(down, "/outage/over")

    assert "Cela fonctionne à nouveau\u00a0: les écrans n’annoncent plus la panne." in works.text
    assert "Le choix de la dernière fois" in works.text
    assert "Panne informatique (" not in visit(resident, f"{HOME}/").text
    chosen = [one.attrib["value"] for one in works.tree.iter("input") if "checked" in one.attrib]
    assert service in chosen


def test_whoever_was_disturbed_moves_from_their_own_page_within_the_notice_once_it_works_again(
    bilal: FlaskClient, app: Any, day: Day, database: Database, clock: Clock
) -> None:
    def first(session: Session) -> str:
        return session.get_one(Appointment, day.ana).nonce

    ana = app.test_client()
    nonce = database.write(first)
    with ana.session_transaction() as cookie:
        cookie["appointment"] = nonce
    assert "trop proche" in visit(ana, f"{HOME}/appointment").text
    down = visit(bilal, f"{HERE}outage").submit(holding="within", services=[str(day.home.service.id)])

    page = visit(ana, f"{HOME}/appointment")
    assert "nous ne pouvons pas traiter" in page.text
    times = sent(page, "/move/start")
    assert "aucune heure n’est proposée pour aujourd’hui" in times.text
    clock.forward(minutes=5)
    sent(down, "/outage/over")
    times = sent(page, "/move/start")
    soon = str(int(at(MONDAY, "08:15").timestamp()) // 60)
    held = times.submit(holding="start", press=("start", soon))
    moved = held.submit(holding="version")

    assert "Votre rendez-vous a été modifié" in moved.text or moved.response.request.path.endswith("/appointment")
    start, moves = database.write(
        lambda session: session.execute(
            select(Appointment.start, Appointment.moves).where(Appointment.id == day.ana)
        ).one()
    )
    assert (start, moves) == (at(MONDAY, "08:15"), 0)


def test_two_colleagues_receive_somebody_and_the_person_never_sees_it_on_a_page(
    bilal: FlaskClient, app: Any, day: Day, database: Database
) -> None:
    page = visit(bilal, f"{HERE}visits/{day.ana}")
    marked = page.submit(press=("wanted", "y"), holding="wanted")
    assert "deux collègues" in marked.text
    assert "jusqu’au" in marked.text
    assert database.count(Caution) == 1
    assert visit(bilal, HERE).text.count("deux collègues") == 1

    ana = app.test_client()
    with ana.session_transaction() as cookie:
        cookie["appointment"] = database.one(select(Appointment.nonce).where(Appointment.id == day.ana))
    for address in ("appointment", "appointment/data"):
        assert "collègues" not in visit(ana, f"{HOME}/{address}").text
    kept = ana.get(f"{HOME}/appointment/data/file").get_json()
    assert kept["received_by_two_colleagues"]["since"] == EARLY.isoformat()
    until = EARLY + timedelta(days=90)
    assert kept["received_by_two_colleagues"]["until"] == until.isoformat()

    marked.submit(press=("wanted", ""), holding="wanted")
    assert database.count(Caution) == 0


def test_at_the_end_of_the_day_everything_is_settled_at_once(
    client: FlaskClient, day: Day, database: Database, clock: Clock
) -> None:
    def rows(session: Session) -> None:
        a_ticket(session, day.home.office, day.home.service)
        person = a_person(session, day.home.commune, name="Chloé", email="chloe@mairie-nord.example")
        own = {"commune_id": day.home.commune.id, "person_id": person.id, "opened_at": EARLY}
        add(session, Desk(counter_id=day.home.counter.id, **own))

    database.write(rows)
    clock.now = NOON
    signed_in(client)
    page = visit(client, f"{HERE}unmarked").follow("Fin de journée\u00a0: tout clôturer sur une page")
    assert "La journée est finie" in page.text
    assert "1 encore ouvert" in page.text.replace("\u00a0", " ")
    assert "2 = 0 terminé + 0 dossier incomplet + 0 absent + 2 à clôturer" in page.text.replace("\u00a0", " ")

    done = sent(page, "/end-of-day")

    assert "3 éléments sont clôturés." in done.text.replace("\u00a0", " ")
    assert "Tout est clôturé, et tous les guichets sont fermés." in done.text
    assert database.all(select(Ticket.state)) == [TicketState.LEFT]
    assert database.all(select(Appointment.state)) == [AppointmentState.MISSED] * 2
    assert database.count(Desk, Desk.closed_at.is_(None)) == 0


def test_an_extra_counter_says_what_it_is_for(bilal: FlaskClient, day: Day, database: Database) -> None:
    extra = {"label": "A+", "kind": CounterKind.EXTRA}
    database.write(lambda session: a_counter(session, session.get_one(Office, day.home.office.id), **extra) and None)

    for page in ("counters", "desk"):
        assert "guichet d’appoint (surréservations)" in visit(bilal, f"{HERE}{page}").text


def test_a_system_nobody_waits_for_lets_nobody_be_told(bilal: FlaskClient, day: Day, database: Database) -> None:
    def rows(session: Session) -> int:
        commune, office = session.get_one(Commune, day.home.commune.id), session.get_one(Office, day.home.office.id)
        service = a_service(session, commune, code="licence")
        a_counter(session, office, label="9", serves=[service])
        return service.id

    page = visit(bilal, f"{HERE}outage").submit(holding="within", services=[str(database.write(rows))])
    assert "Il n’y a personne à prévenir." in page.text


def test_tickets_that_a_past_day_left_open_are_told_and_settled(
    app: Flask, client: FlaskClient, day: Day, database: Database
) -> None:
    def left_open(session: Session) -> None:
        friday = at(MONDAY - timedelta(days=3), "09:00")
        office, service = session.get_one(Office, day.home.office.id), session.get_one(Service, day.home.service.id)
        for _ in "ab":
            a_ticket(session, office, service, issued_at=friday)

    database.write(left_open)
    told = visit(signed_in(app.test_client(), "rita"), f"{HERE}unmarked")
    assert "À clôturer 2" in told.text
    assert "2 tickets de jours passés sont encore ouverts" in told.text.replace("\u00a0", " ")
    assert "Un agent clôture" in told.text

    signed_in(client)
    assert "Fin de journée 2" in visit(client, f"{HERE}counters").text
    settled = sent(visit(client, f"{HERE}end-of-day"), "/end-of-day")
    assert settled.status == 200
    assert database.count(Ticket, Ticket.state == TicketState.LEFT) == 2
    assert "À clôturer 2" not in visit(client, f"{HERE}unmarked").text


def test_what_a_colleague_settled_meanwhile_is_shown(
    client: FlaskClient, day: Day, database: Database, clock: Clock
) -> None:
    clock.now = NOON
    signed_in(client)
    page = visit(client, f"{HERE}end-of-day")

    def done(session: Session) -> None:
        seen = session.get_one(Appointment, day.ana).version
        own = {"commune_id": day.home.commune.id, "office_ids": [day.home.office.id], "appointment_id": day.ana}
        mark(session, **own, mark=Mark.DONE, version=seen, actor=Actor(Role.AGENT), now=NOON)

    database.write(done)
    conflict = sent(page, "/end-of-day")

    assert conflict.status == 409
    assert "Une autre personne a déjà clôturé 1 élément entre-temps" in conflict.text.replace("\u00a0", " ")
    state = select(Appointment.state).where(Appointment.id == day.ana)
    assert database.one(state) == AppointmentState.FULFILLED


def test_what_no_page_of_ours_sends_settles_nothing(
    client: FlaskClient, day: Day, database: Database, clock: Clock
) -> None:
    clock.now = NOON
    signed_in(client)
    page = visit(client, f"{HERE}end-of-day")
    wild = {f"visit-{day.ana}": "1:eaten", "visit-x": "1:done", f"ticket-{9**99}": "1:done", "desk": "x"}

    answer = sent(page, "/end-of-day", **wild, **{f"visit-{day.bob}": ""})

    assert answer.status == 200
    assert database.all(select(Appointment.state).distinct()) == [AppointmentState.BOOKED]


def test_who_is_served_by_no_other_counter_stands_apart(bilal: FlaskClient, day: Day, database: Database) -> None:
    def alone(session: Session) -> None:
        passport = a_service(session, day.home.commune, code="passport")
        own = {"commune_id": day.home.commune.id, "counter_id": day.home.counter.id, "service_id": passport.id}
        add(session, CounterService(**own))
        session.get_one(Office, day.home.office.id).schedule_version += 1
        an_appointment(session, day.home.counter, passport, start=at(MONDAY, "11:00"), arrived_at=EARLY)

    database.write(alone)
    page = out_page(bilal, day)

    assert "Aucun autre guichet ne fait cette démarche\u00a0: décidez pour ces personnes" in page.text
    assert "Garder\u00a0: nous nous arrangeons avec la personne" in page.text
    assert "chaque guichet peut" not in page.text
