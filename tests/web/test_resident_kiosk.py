"""The kiosk in the hall: whoever has an appointment says so, whoever has none takes a ticket, and nobody signs in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, ServiceMode
from booking.core.needs import Need
from booking.core.opening import Mode
from booking.core.tickets import Origin, TicketState
from booking.core.translated import Translated
from booking.models import Appointment, CounterService, Office, OpeningSession, Ticket, TicketLine
from booking.usecases.kiosks import MISSES, TICKETS
from tests.databases import Database
from tests.factories import (
    Working,
    a_counter,
    a_service,
    a_session,
    a_ticket,
    a_working_commune,
    an_appointment,
    an_office,
)
from tests.moments import MONDAY, Clock, at
from tests.pages import Page, visit
from tests.web.booking import booking

HOME = "/fr/mairie-nord"
KIOSK = f"{HOME}/kiosk/town-hall"
PASSPORT = Translated.of(fr="Passeport", nl="Paspoort")
LICENCE = Translated.of(fr="Permis de conduire", nl="Rijbewijs")


@dataclass(frozen=True)
class Day:
    home: Working
    reference: str


@pytest.fixture
def day(database: Database, clock: Clock) -> Day:
    clock.now = at(MONDAY, "08:50")

    def rows(session: Session) -> Day:
        home = a_working_commune(session)
        home.opening.mode, home.service.mode = Mode.BOTH, ServiceMode.BOTH
        return Day(home, an_appointment(session, home.counter, home.service).reference or "")

    return database.write(rows)


def says(client: FlaskClient, reference: str) -> Page:
    return visit(client, f"{KIOSK}/appointment").submit(holding="reference", reference=reference)


def takes(client: FlaskClient, **typed: str) -> Page:
    return visit(client, f"{KIOSK}/services/identity-card").submit(holding="wish", **typed)


def test_somebody_with_an_appointment_has_a_number_and_no_name_is_shown(
    client: FlaskClient, day: Day, database: Database
) -> None:
    page = says(client, day.reference.lower())

    assert page.heading == "Votre numéro\u00a0: A\u00a0001"
    assert "Ana" not in page.text
    assert database.all(select(Ticket.origin)) == [Origin.KIOSK]
    assert says(client, day.reference).heading == page.heading


def test_one_may_take_a_ticket_before_the_doors_open(
    client: FlaskClient, day: Day, database: Database, clock: Clock
) -> None:
    clock.now = at(MONDAY, "07:29")
    assert "tickets à partir de 7\u202fh\u202f30" in visit(client, f"{KIOSK}/services").text
    assert takes(client).status == 409
    clock.now = at(MONDAY, "07:30")

    page = (
        visit(client, KIOSK).follow("Sans rendez-vous").follow("Carte d’identité").submit(holding="wish", persons="3")
    )

    assert page.heading == "Votre numéro\u00a0: A\u00a0001"
    assert "Les guichets ouvrent à 8\u202fh." in page.text
    assert database.all(select(Ticket.persons, Ticket.language)) == [(3, "fr")]


def test_whose_number_is_called_already_reads_where_to_go(client: FlaskClient, day: Day, database: Database) -> None:
    page = says(client, day.reference)
    called = {"state": TicketState.CALLED, "counter_id": day.home.counter.id, "calls": 1}
    database.write(lambda session: session.execute(update(Ticket).values(called)) and None)

    again = visit(client, page.response.request.path)
    assert again.heading == "C’est à vous, guichet 1"
    assert "Retenez votre numéro" not in again.text


def test_in_another_language_the_kiosk_notes_that_it_helps(client: FlaskClient, day: Day, database: Database) -> None:
    visit(client, "/de/mairie-nord/kiosk/town-hall/services/identity-card").submit(holding="wish")

    assert database.all(select(Ticket.language, Ticket.help_language)) == [(None, "de")]


def test_pressed_twice_it_is_one_ticket(client: FlaskClient, day: Day, database: Database) -> None:
    form = visit(client, f"{KIOSK}/services/identity-card")
    assert form.submit(holding="wish").heading == form.submit(holding="wish").heading

    assert len(database.all(select(Ticket.id))) == 1


def test_after_the_last_ticket_the_kiosk_says_what_is_possible(
    client: FlaskClient, day: Day, database: Database
) -> None:
    database.write(lambda session: session.execute(update(OpeningSession).values(most_walk_ins=0)) and None)

    page = takes(client)

    assert page.status == 409
    assert "Premier rendez-vous libre" in page.text
    assert "Scannez ce code" in page.text


@pytest.mark.parametrize("typed", ["", "K7F2", "AAAA AAAA"])
def test_what_is_no_reference_is_asked_again(client: FlaskClient, day: Day, typed: str) -> None:
    assert says(client, typed).status == 422


def test_too_early_wrong_day_cancelled_and_another_office_are_each_told(
    client: FlaskClient, day: Day, database: Database, clock: Clock
) -> None:
    def others(session: Session) -> list[str]:
        counter, service = day.home.counter, day.home.service
        tomorrow = an_appointment(session, counter, service, start=at(MONDAY + timedelta(days=1), "09:00"))
        gone = an_appointment(session, counter, service, start=at(MONDAY, "10:00"), state=AppointmentState.CANCELLED)
        an_office(session, day.home.commune, code="station", position=2)
        return [tomorrow.reference or "", gone.reference or ""]

    tomorrow, gone = database.write(others)
    clock.now = at(MONDAY, "08:00")

    said = [
        says(client, day.reference),
        says(client, tomorrow),
        says(client, gone),
        visit(client, f"{HOME}/kiosk/station/appointment").submit(holding="reference", reference=day.reference),
    ]

    assert [page.status for page in said] == [409] * 4
    for page, sentence in zip(
        said,
        (
            "Il est encore trop tôt",
            "nous vous attendons le mardi 5\u00a0janvier à 9\u202fh",
            "a été annulé",
            "autre bureau",
        ),
        strict=True,
    ):
        assert sentence in page.text, sentence
        assert "Ana" not in page.text
    assert ["Premier rendez-vous libre" in page.text for page in said] == [False, True, True, False]


def test_whoever_had_papers_missing_is_sent_to_the_reception_and_not_to_the_end_of_the_queue(
    client: FlaskClient, day: Day, database: Database, clock: Clock
) -> None:
    def rows(session: Session) -> int:
        appointment = session.scalars(select(Appointment)).one()
        appointment.state, appointment.settled_at = AppointmentState.FULFILLED, clock.now
        ends = {"state": TicketState.INCOMPLETE, "return_until": MONDAY + timedelta(days=4)}
        return a_ticket(session, day.home.office, day.home.service, appointment_id=appointment.id, **ends).id

    former = database.write(rows)
    said = says(client, day.reference)

    assert "Dossier incomplet\u00a0: revenez au plus tard le vendredi 8\u00a0janvier 2027" in said.text
    assert "Premier rendez-vous libre" not in said.text
    clock.now = at(MONDAY + timedelta(days=1), "09:00")
    assert "Dossier incomplet" in says(client, day.reference).text
    database.write(lambda session: a_ticket(session, day.home.office, day.home.service, returns_id=former) and None)
    assert "Dossier incomplet" not in says(client, day.reference).text


def test_references_are_not_guessed_and_tickets_not_taken_without_end(client: FlaskClient, day: Day) -> None:
    for _ in range(MISSES):
        assert says(client, "2222 2222").status == 404
    assert says(client, day.reference).status == 429
    assert visit(client, f"{KIOSK}/appointment").status == 429
    form = visit(client, f"{KIOSK}/services/identity-card")
    for _ in range(TICKETS):
        assert form.submit(holding="wish").status == 200

    assert takes(client).status == 429


def test_where_nobody_checks_in_alone_the_kiosk_sends_to_the_reception(
    client: FlaskClient, day: Day, database: Database
) -> None:
    database.write(lambda session: session.execute(update(Office).values(check_in_minutes=None)) and None)

    page = visit(client, f"{KIOSK}/appointment")

    assert "Adressez-vous à l’accueil." in page.text
    assert "J’ai rendez-vous" not in page.text


def test_the_camera_is_for_the_page_of_the_reference_alone(client: FlaskClient, day: Day) -> None:
    def policy(address: str) -> str:
        return visit(client, address).response.headers["Permissions-Policy"]

    assert "camera=(self)" in policy(f"{KIOSK}/appointment")
    assert "camera=()" in policy(KIOSK)


@pytest.mark.parametrize("address", ["kiosk/nowhere", "kiosk/town-hall/services/none", "kiosk/town-hall/tickets/0"])
def test_what_is_not_there_is_not_found(client: FlaskClient, day: Day, address: str) -> None:
    assert visit(client, f"{HOME}/{address}").status == 404


def test_one_office_is_its_kiosk_and_of_several_one_is_chosen(
    client: FlaskClient, day: Day, database: Database
) -> None:
    assert visit(client, f"{HOME}/kiosk").response.request.path == KIOSK
    database.write(lambda session: an_office(session, day.home.commune, code="station", position=2) and None)

    assert visit(client, f"{HOME}/kiosk").heading == "Borne d’accueil"


def test_on_the_phone_one_says_i_am_here_within_the_minutes_of_the_office(
    client: FlaskClient, day: Day, database: Database, clock: Clock
) -> None:
    clock.now = at(MONDAY, "07:00")
    assert booking(client, at(MONDAY, "10:30")).status == 200
    early = visit(client, f"{HOME}/appointment")
    assert "À partir de 10\u202fh, vous pourrez signaler ici votre arrivée." in early.text
    clock.now = at(MONDAY, "10:05")
    page = visit(client, f"{HOME}/appointment")
    form = next(one for one in page.tree.iter("form") if one.attrib["action"].endswith("/here"))
    typed = {one.attrib["name"]: one.attrib["value"] for one in form.iter("input")}
    sent = client.post(form.attrib["action"], data=typed)

    key = database.one(select(Ticket.status_key).where(Ticket.origin == Origin.PHONE))
    assert sent.status_code == 303
    assert sent.headers["Location"].endswith(f"/status/{key}")
    assert client.post(form.attrib["action"], data=typed).headers["Location"] == sent.headers["Location"]
    assert "Votre numéro\u00a0: A\u00a0001" in visit(client, f"{HOME}/appointment").text
    arrived = select(Appointment.arrived_at).where(Appointment.start == at(MONDAY, "10:30"))
    assert database.one(arrived) == clock.now


def test_nobody_says_it_on_another_day(client: FlaskClient, day: Day) -> None:
    booking(client, at(MONDAY + timedelta(days=1), "10:30"))

    assert "/appointment/here" not in visit(client, f"{HOME}/appointment").response.text


def with_passports(database: Database, day: Day) -> None:
    """Passports are given without an appointment too, at the same counter; driving licences at another one."""

    def rows(session: Session) -> None:
        passport = a_service(session, day.home.commune, code="passport", name=PASSPORT, mode=ServiceMode.BOTH)
        licence = a_service(session, day.home.commune, code="driving", name=LICENCE, mode=ServiceMode.BOTH)
        counter = session.merge(day.home.counter)
        session.add(CounterService(commune_id=counter.commune_id, counter_id=counter.id, service_id=passport.id))
        office = session.get_one(Office, counter.office_id)
        other = a_counter(session, office, label="9", serves=[licence])
        a_session(session, office, [other], mode=Mode.BOTH)
        office.schedule_version += 1

    database.write(rows)


def test_a_family_takes_one_ticket_for_two_services_and_its_persons(
    client: FlaskClient, day: Day, database: Database
) -> None:
    with_passports(database, day)
    first = visit(client, f"{KIOSK}/services/identity-card")

    more = first.submit(holding="wish", persons="2", press=("then", "more"))
    assert more.heading == "De quoi d’autre avez-vous besoin\u202f?"
    assert "Permis de conduire" not in more.text
    both = more.follow("Passeport")
    page = both.submit(holding="wish", persons_2="3")

    assert page.heading == "Votre numéro\u00a0: A\u00a0001"
    lines = select(TicketLine.service_name, TicketLine.persons).order_by(TicketLine.position)
    assert [(name.in_("fr"), persons) for name, persons in database.all(lines)] == [
        ("Carte d’identité", 2),
        ("Passeport", 3),
    ]
    assert database.all(select(Ticket.persons)) == [3]


def test_what_was_added_by_mistake_is_left_out_again(client: FlaskClient, day: Day, database: Database) -> None:
    with_passports(database, day)
    address = f"{KIOSK}/services/identity-card?persons=2&with=passport:1"

    page = visit(client, address).follow("Retirer\u00a0: Passeport")

    assert page.heading == "Carte d’identité"
    page.submit(holding="wish")
    assert database.all(select(TicketLine.persons)) == [2]


def test_where_nothing_can_be_added_nothing_is_offered_to_add(client: FlaskClient, day: Day) -> None:
    assert "Encore autre chose" not in visit(client, f"{KIOSK}/services/identity-card").text
    nothing = visit(client, f"{KIOSK}/services?with=identity-card:2")
    assert "Rien d’autre ne peut se faire" in nothing.text
    assert nothing.follow("Rien d’autre").heading == "Carte d’identité"


def test_what_somebody_needs_is_on_their_ticket_and_in_no_address(
    client: FlaskClient, day: Day, database: Database
) -> None:
    page = visit(client, f"{KIOSK}/services/identity-card").submit(holding="wish", persons="2", press=("then", "needs"))
    assert page.heading == "Avez-vous besoin d’aide ou d’un aménagement\u202f?"

    ticket = page.submit(holding="wish", needs=["low_counter", "sign_language"])

    assert ticket.heading == "Votre numéro\u00a0: A\u00a0001"
    assert "low_counter" not in ticket.response.request.url
    (told,) = database.all(select(Ticket.needs, Ticket.persons))
    assert told == (frozenset({Need.LOW_COUNTER, Need.SIGN_LANGUAGE}), 2)


def test_the_usual_ticket_asks_nothing_of_what_somebody_needs(
    client: FlaskClient, day: Day, database: Database
) -> None:
    takes(client)

    assert database.all(select(Ticket.needs)) == [None]


def test_two_services_that_no_counter_gives_together_are_refused_with_what_is_possible(
    client: FlaskClient, day: Day, database: Database
) -> None:
    with_passports(database, day)

    page = visit(client, f"{KIOSK}/services/identity-card?with=driving:1").submit(holding="wish")

    assert page.status == 409
    assert "Aucun guichet de ce bureau" in page.text


@pytest.mark.parametrize("address", ["?persons=99", "?persons=none", "?with=none:1", f"?{'&'.join(['with=x:1'] * 9)}"])
def test_an_address_nobody_was_given_harms_nothing(client: FlaskClient, day: Day, address: str) -> None:
    for page in (f"{KIOSK}/services/identity-card", f"{KIOSK}/services/identity-card/needs", f"{KIOSK}/services"):
        assert visit(client, f"{page}{address}").status in (200, 404, 409)
