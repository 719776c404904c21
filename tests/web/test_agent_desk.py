"""Bilal at counter 1: he opens it, calls, takes every step, and an old page tells him what is true now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from booking.core.roles import Role
from booking.core.tickets import Aside, TicketState
from booking.core.translated import Translated
from booking.database import db
from booking.models import (
    AppointmentLine,
    CounterService,
    Desk,
    JournalEntry,
    MembershipService,
    Person,
    Ticket,
    TicketLine,
)
from booking.usecases.cautions import receive_in_two
from booking.usecases.counters_out import take_out
from booking.usecases.journal import Actor
from tests.databases import Database
from tests.factories import Working, a_person, a_service, a_ticket, a_working_commune, an_appointment
from tests.lists import FOR_MY_CHILD
from tests.moments import EARLY, MONDAY, Clock, at
from tests.pages import Page, controls, visit, words
from tests.web.asking import asks
from tests.web.counting import counted, statements_of
from tests.web.test_agent_agenda import sign_in

DESK = "/fr/mairie-nord/agent/desk"
NEXT, BEGIN = "Appeler la personne suivante", "Commencer"


@dataclass(frozen=True)
class Hall:
    """One office, two counters, nobody sitting; ``first`` and ``second`` wait for an identity card."""

    home: Working
    first: int
    second: int
    passport: int


def a_hall(session: Session) -> Hall:
    home = a_working_commune(session, counters=2)
    passport = a_service(session, home.commune, code="passport", name=Translated.of(fr="Passeport", nl="Paspoort"))
    a_person(session, home.commune)
    a_person(session, home.commune, name="Chloé Lambert", email="chloe@mairie-nord.example")
    reception = {"name": "Rik Maes", "email": "rik@mairie-nord.example", "role": Role.RECEPTIONIST}
    a_person(session, home.commune, **reception)
    first = a_ticket(session, home.office, home.service, number=27, name="Ana Peeters", issued_at=at(MONDAY, "07:50"))
    second = a_ticket(session, home.office, home.service, number=28, name="Yusuf Demir", issued_at=at(MONDAY, "07:55"))
    return Hall(home, first.id, second.id, passport.id)


@pytest.fixture
def hall(database: Database) -> Hall:
    return database.write(a_hall)


@pytest.fixture
def bilal(client: FlaskClient, hall: Hall) -> FlaskClient:
    sign_in(client)
    return client


@pytest.fixture
def ticket(database: Database, hall: Hall) -> Callable[..., Ticket]:
    """How a ticket stands now."""

    def kept(number: int | None = None) -> Ticket:
        return database.write(lambda session: detached(session, number or hall.first))

    return kept


def detached(session: Session, number: int) -> Ticket:
    row = session.get_one(Ticket, number)
    session.expunge(row)
    return row


def push(page: Page, text: str, **typed: str) -> Page:
    """Press the button that says ``text``, as a person without scripts does."""
    for form in page.tree.iter("form"):
        for button in form.iter("button"):
            if words(button).startswith(text):
                sent = MultiDict(controls(form))
                assert not set(typed) - set(sent), f"no field {set(typed) - set(sent)} in {dict(sent)}"
                for name, value in typed.items():
                    sent.setlist(name, [value])
                if "name" in button.attrib:
                    sent.add(button.attrib["name"], button.attrib["value"])
                address = urlsplit(form.attrib["action"]).path
                return Page(page.client, page.client.post(address, data=sent, follow_redirects=True))
    raise AssertionError(f"no button says {text}: {page.text[:600]}")


def seated(client: FlaskClient, counter: str = "1") -> Page:
    return push(visit(client, DESK), f"Ouvrir le guichet {counter}")


def serving(client: FlaskClient) -> Page:
    return push(push(seated(client), NEXT), BEGIN)


def test_an_agent_sits_down_sees_who_waits_and_calls_the_next(
    bilal: FlaskClient, ticket: Callable[..., Ticket]
) -> None:
    page = visit(bilal, DESK)
    assert page.heading.startswith("Mon guichet")
    page = seated(bilal)
    assert plain(page.heading).startswith("Guichet 1")
    assert page.text.index("A\u00a0027") < page.text.index("A\u00a0028")

    page = push(page, NEXT)

    assert (ticket().state, ticket().calls) == (TicketState.CALLED, 1)
    assert title_of(page).startswith("A 027, appelé · Guichet 1")
    assert "Ana Peeters" in page.text
    assert "Vous pourrez noter « Absent » après 2 appels." in plain(page.text)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def title_of(page: Page) -> str:
    return plain(words(page.tree.find(".//title")))


def test_somebody_who_does_not_come_is_absent_after_two_calls(
    bilal: FlaskClient, ticket: Callable[..., Ticket]
) -> None:
    page = push(push(seated(bilal), NEXT), "Appeler à nouveau")
    push(page, "Absent")

    assert ticket().state == TicketState.ABSENT


def test_done_and_next_is_one_act_and_says_what_was_delivered(
    bilal: FlaskClient, hall: Hall, ticket: Callable[..., Ticket], database: Database
) -> None:
    database.write(lambda session: session.execute(update(TicketLine).values(persons=3)) and None)
    page = serving(bilal)
    push(page, "Terminé, personne suivante", **{f"delivered-{hall.home.service.id}": "2"})

    assert (ticket().state, ticket(hall.second).state) == (TicketState.DONE, TicketState.CALLED)
    kept = select(TicketLine.delivered).where(TicketLine.ticket_id == hall.first)
    assert database.write(lambda session: session.scalars(kept).one()) == 2


def test_done_and_next_ends_the_visit_also_when_nobody_waits(
    bilal: FlaskClient, hall: Hall, ticket: Callable[..., Ticket], database: Database
) -> None:
    page = serving(bilal)
    gone = update(Ticket).where(Ticket.id == hall.second).values(state=TicketState.LEFT, ended_at=EARLY)
    database.write(lambda session: session.execute(gone) and None)
    page = push(page, "Terminé, personne suivante")

    assert page.status == 200
    assert ticket().state == TicketState.DONE
    assert "Personne n’est à ce guichet." in page.text


def test_done_and_next_sent_twice_calls_once(
    bilal: FlaskClient, hall: Hall, ticket: Callable[..., Ticket], database: Database
) -> None:
    third = database.write(lambda session: a_ticket(session, hall.home.office, hall.home.service, number=29).id)
    page = serving(bilal)
    push(page, "Terminé, personne suivante")
    again = push(page, "Terminé, personne suivante")

    assert again.status == 200
    assert (ticket(hall.second).state, ticket(third).state) == (TicketState.CALLED, TicketState.WAITING)


def test_incomplete_papers_end_a_visit_of_which_nothing_was_delivered(
    bilal: FlaskClient, hall: Hall, ticket: Callable[..., Ticket], database: Database
) -> None:
    push(serving(bilal), "Dossier incomplet")

    assert ticket().state == TicketState.INCOMPLETE
    kept = select(TicketLine.delivered).where(TicketLine.ticket_id == hall.first)
    assert database.write(lambda session: session.scalars(kept).one()) == 0


def test_somebody_is_set_aside_for_a_photo_and_taken_up_again(
    bilal: FlaskClient, ticket: Callable[..., Ticket]
) -> None:
    page = push(serving(bilal), "fait une photo")
    assert (ticket().state, ticket().aside) == (TicketState.ASIDE, Aside.PHOTO)
    assert "fait une photo" in page.text

    push(page, "Reprendre")
    assert ticket().state == TicketState.SERVING


def test_somebody_goes_back_to_the_queue(bilal: FlaskClient, ticket: Callable[..., Ticket]) -> None:
    push(serving(bilal), "Remettre dans la file")

    assert ticket().state == TicketState.WAITING


def test_somebody_is_handed_over_to_a_counter_and_keeps_their_place(
    bilal: FlaskClient, hall: Hall, ticket: Callable[..., Ticket]
) -> None:
    turn = ticket().turn
    page = push(serving(bilal), "Transférer", to=str(hall.home.counters[1].id))

    assert (ticket().state, ticket().for_counter_id) == (TicketState.WAITING, hall.home.counters[1].id)
    assert ticket().turn == turn
    assert "1 personne pour d’autres guichets" in plain(page.text)


def test_handing_over_to_nobody_in_particular_is_refused_in_place(
    bilal: FlaskClient, ticket: Callable[..., Ticket]
) -> None:
    page = push(serving(bilal), "Transférer")

    assert page.status == 422
    assert "Choisissez un guichet ou une autre démarche." in page.text
    assert ticket().state == TicketState.SERVING


def services(database: Database, number: int) -> dict[int, int]:
    wanted = select(TicketLine.service_id, TicketLine.persons).where(TicketLine.ticket_id == number)
    return database.write(lambda session: dict(session.execute(wanted).all()))


def test_somebody_is_handed_over_as_another_service(bilal: FlaskClient, hall: Hall, database: Database) -> None:
    page = push(serving(bilal), "Transférer", service=str(hall.passport))
    assert (page.status, services(database, hall.first)) == (409, {hall.home.service.id: 1}), "no counter gives it"

    given = {"commune_id": hall.home.commune.id, "counter_id": hall.home.counters[1].id, "service_id": hall.passport}
    database.write(lambda session: session.add(CounterService(**given)))
    page = push(visit(bilal, DESK), "Transférer", service=str(hall.passport))
    assert services(database, hall.first) == {hall.passport: 1}

    push(page, "Annuler la dernière étape")
    assert services(database, hall.first) == {hall.home.service.id: 1}


def test_the_service_changes_in_place(
    bilal: FlaskClient, hall: Hall, ticket: Callable[..., Ticket], database: Database
) -> None:
    card = hall.home.service.id
    changes = {f"persons-{card}": "2", "service": str(hall.passport), "persons": "1"}
    page = push(serving(bilal), "Modifier", **changes)
    assert services(database, hall.first) == {card: 2, hall.passport: 1}
    assert ticket().state == TicketState.SERVING

    page = push(page, "Modifier", **{f"persons-{card}": "0"})
    assert services(database, hall.first) == {hall.passport: 1}
    page = push(page, "Modifier", **{f"persons-{hall.passport}": "0"})
    assert (page.status, services(database, hall.first)) == (422, {hall.passport: 1})


def test_somebody_who_waits_is_given_priority_or_has_left(
    bilal: FlaskClient, hall: Hall, ticket: Callable[..., Ticket]
) -> None:
    seated(bilal)
    push(visit(bilal, f"{DESK}?ticket={hall.second}"), "Donner la priorité")
    assert ticket(hall.second).leads_from == 0
    page = visit(bilal, DESK)
    assert page.text.index("A\u00a0028") < page.text.index("A\u00a0027")

    page = push(visit(bilal, f"{DESK}?ticket={hall.second}"), "Parti avant l’appel")
    assert ticket(hall.second).state == TicketState.LEFT
    push(page, "Remettre dans la file")
    assert ticket(hall.second).state == TicketState.WAITING


def test_the_last_step_is_undone_within_a_minute_and_not_after(
    bilal: FlaskClient, ticket: Callable[..., Ticket], clock: Clock
) -> None:
    page = push(serving(bilal), "Dossier incomplet")
    undone = push(page, "Annuler la dernière étape")
    assert ticket().state == TicketState.SERVING

    page = push(undone, "Dossier incomplet")
    clock.forward(seconds=61)
    late = push(page, "Annuler la dernière étape")
    assert late.status == 409
    assert ticket().state == TicketState.INCOMPLETE
    assert "Annuler la dernière étape" not in late.text


def test_an_old_page_is_told_what_is_true_now(bilal: FlaskClient, hall: Hall, ticket: Callable[..., Ticket]) -> None:
    page = push(seated(bilal), NEXT)
    push(page, BEGIN)

    answer = push(page, "Appeler à nouveau")

    assert answer.status == 409
    assert answer.tree.find(".//div[@role='alert']") is not None
    assert title_of(answer).startswith("A 027, au guichet")


def test_nobody_is_called_where_nobody_waits_and_no_second_visitor_comes(
    bilal: FlaskClient, hall: Hall, database: Database
) -> None:
    idle = seated(bilal)
    push(idle, NEXT)
    assert push(idle, NEXT).status == 409

    ended = update(Ticket).values(state=TicketState.DONE, ended_at=EARLY)
    database.write(lambda session: session.execute(ended) and None)
    answer = push(idle, NEXT)
    assert answer.status == 409
    assert answer.tree.find(".//div[@role='alert']") is not None


def test_a_colleague_takes_the_counter_over_with_its_visitor(
    bilal: FlaskClient, app: Flask, ticket: Callable[..., Ticket]
) -> None:
    old = push(seated(bilal), NEXT)
    chloe = app.test_client()
    sign_in(chloe, "chloe@mairie-nord.example")
    page = push(visit(chloe, DESK), "Reprendre le guichet 1")
    assert "A\u00a0027" in page.text
    push(page, BEGIN)

    answer = push(old, "Appeler à nouveau")
    assert answer.status == 409
    assert "Vous n’êtes plus à ce guichet." in answer.text
    assert ticket().state == TicketState.SERVING


def test_whoever_changes_counter_leaves_its_visitors_there(bilal: FlaskClient, database: Database) -> None:
    page = push(seated(bilal), NEXT)
    page = push(page, "Ouvrir le guichet 2")
    assert plain(page.heading).startswith("Guichet 2")
    assert "Ana Peeters" not in words(page.tree.find(".//section[@id='desk-person']"))

    page = push(page, "Fermer le guichet")
    assert page.heading.startswith("Mon guichet")
    assert database.write(lambda session: session.scalars(select(Desk).where(Desk.closed_at.is_(None))).all()) == []


def test_help_is_seen_on_the_desks_of_the_office_until_somebody_is_there(bilal: FlaskClient, app: Flask) -> None:
    push(seated(bilal), "Demander de l’aide")
    chloe = app.test_client()
    sign_in(chloe, "chloe@mairie-nord.example")
    page = visit(chloe, DESK)
    assert "On demande de l’aide au guichet 1." in page.text

    push(page, "Quelqu’un est là")
    assert "On demande de l’aide" not in visit(bilal, DESK).text


def test_a_receptionist_calls_nobody_and_is_told_so(client: FlaskClient, hall: Hall) -> None:
    sign_in(client, "rik@mairie-nord.example")

    page = visit(client, DESK)
    assert page.status == 403
    assert "Votre fonction à la commune ne donne pas accès à cette page." in page.text
    assert "Mon guichet" not in visit(client, "/fr/mairie-nord/agent/").text


@pytest.mark.parametrize(
    "sent",
    [
        {"counter": "1", "ticket": "1:1", "step": "dance"},
        {"counter": "1", "ticket": "one", "step": "done"},
        {"counter": "x", "ticket": "1:1", "step": "done"},
        {"counter": "1", "ticket": "1:1", "step": "set_aside:lunch"},
    ],
)
def test_what_no_page_sends_is_refused(bilal: FlaskClient, sent: dict[str, str]) -> None:
    token = dict(controls(next(visit(bilal, DESK).tree.iter("form"))))["csrf_token"]

    assert bilal.post(f"{DESK}/step", data=sent | {"csrf_token": token}).status_code == 400


def test_a_ticket_of_another_commune_is_not_there(bilal: FlaskClient, hall: Hall, database: Database) -> None:
    def elsewhere(session: Session) -> int:
        other = a_working_commune(session, slug="mairie-sud")
        return a_ticket(session, other.office, other.service).id

    page = push(seated(bilal), NEXT)
    form = next(
        form for form in page.tree.iter("form") if "step" in words(form) or form.attrib["action"].endswith("step")
    )
    sent = dict(controls(form)) | {"ticket": f"{database.write(elsewhere)}:1", "step": "leave"}

    assert bilal.post(f"{DESK}/step", data=sent).status_code == 404


def test_a_page_that_asks_again_is_told_cheaply_that_nothing_has_changed(
    bilal: FlaskClient, hall: Hall, database: Database, clock: Clock
) -> None:
    seated(bilal)
    fresh = bilal.get(DESK, headers={"X-Fresh": "1"})
    asking = {"X-Fresh": "1", "If-None-Match": fresh.headers["ETag"]}
    assert (fresh.status_code, bilal.get(DESK, headers=asking).status_code) == (200, 304)
    assert "<html" not in fresh.text

    late = {"start": at(MONDAY, "08:30"), "name": "Nadia Haddad"}
    database.write(lambda session: an_appointment(session, hall.home.counter, hall.home.service, **late) and None)
    answer = bilal.get(DESK, headers=asking)
    assert answer.status_code == 200
    assert "Nadia Haddad" in answer.text
    asking["If-None-Match"] = answer.headers["ETag"]
    clock.forward(minutes=1)
    assert bilal.get(DESK, headers=asking).status_code == 200


def test_the_number_of_statements_does_not_depend_on_how_many_wait(
    app: Flask, bilal: FlaskClient, hall: Hall, database: Database
) -> None:
    push(seated(bilal), NEXT)
    few = statements_of(app, bilal, DESK)

    def many(session: Session) -> None:
        for place in range(60):
            later = at(MONDAY, "08:00") - timedelta(seconds=place)
            a_ticket(session, hall.home.office, hall.home.service, number=100 + place, issued_at=later)

    database.write(many)
    assert statements_of(app, bilal, DESK) == few
    assert few <= 30


def test_each_step_shows_its_key_until_somebody_wants_none(bilal: FlaskClient, database: Database) -> None:
    page = seated(bilal)
    assert keys_on(page)["forward"] == "n"

    page = visit(bilal, "/fr/mairie-nord/agent/keys")
    push(page, "Enregistrer les touches", forward="S")
    assert keys_on(visit(bilal, DESK))["forward"] == "s"
    assert database.write(
        lambda session: session.scalars(select(Person.keys).where(Person.name == "Bilal Amrani")).one()
    ) == {"forward": "s"}

    off = visit(bilal, "/fr/mairie-nord/agent/keys").submit(holding="forward", are_on=None)
    assert off.status == 200
    assert keys_on(visit(bilal, DESK)) == {}
    push(off, "Reprendre les touches habituelles")
    assert keys_on(visit(bilal, DESK))["forward"] == "n"


def keys_on(page: Page) -> dict[str, str]:
    return {one.attrib["id"]: one.attrib["data-key"] for one in page.tree.iter() if "data-key" in one.attrib}


@pytest.mark.parametrize(
    ("letter", "said"),
    [
        ("7", "Une touche est une lettre, de A à Z."),
        ("", "Une touche est une lettre"),
        ("r", "La touche R apparaît deux fois."),
    ],
)
def test_a_key_that_is_none_or_stands_twice_is_refused_and_kept_as_typed(
    bilal: FlaskClient, letter: str, said: str
) -> None:
    page = push(visit(bilal, "/fr/mairie-nord/agent/keys"), "Enregistrer les touches", forward=letter)

    assert page.status == 422
    assert said in page.text
    assert dict(controls(page.form(holding="forward")))["forward"] == letter


def test_an_agent_says_which_languages_and_services_they_bring_along(
    bilal: FlaskClient, hall: Hall, database: Database
) -> None:
    page = visit(bilal, "/fr/mairie-nord/agent/account").follow("Langues et démarches")
    page = page.submit(holding="speaks", speaks=["en"], learned=[str(hall.passport)])
    assert page.status == 200

    kept = select(Person.speaks).where(Person.name == "Bilal Amrani")
    assert database.write(lambda session: session.scalars(kept).one()) == ("en",)
    assert database.write(lambda session: session.scalars(select(MembershipService.service_id)).all()) == [
        hall.passport
    ]
    page = seated(bilal)
    assert "2 personnes pour d’autres guichets" in plain(page.text)
    page = visit(bilal, "/fr/mairie-nord/agent/skills").submit(holding="speaks", speaks=None, learned=None)
    assert database.write(lambda session: session.scalars(select(MembershipService.service_id)).all()) == []


def test_the_person_of_an_appointment_comes_with_what_the_counter_needs(
    bilal: FlaskClient, hall: Hall, database: Database
) -> None:
    def arrived(session: Session) -> None:
        card = hall.home.service
        asks(session, hall.home)
        late = {"start": at(MONDAY, "08:00"), "help_language": "en", "late_minutes": 10, "name": "Nadia Haddad"}
        booked = an_appointment(session, hall.home.counter, card, **late)
        line = session.scalars(select(AppointmentLine).where(AppointmentLine.appointment_id == booked.id)).one()
        line.checklist_version, line.answers, line.ticked = 1, FOR_MY_CHILD, ("card",)
        own = {"appointment_id": booked.id, "number": 30, "language": "fr", "help_language": "en"}
        a_ticket(session, hall.home.office, card, turn=1, **own)

    database.write(arrived)
    page = push(seated(bilal), NEXT)

    person = plain(words(page.tree.find(".//section[@id='desk-person']")))
    for said in ("A 030", "Nadia Haddad", "Carte d’identité", "English", "8 h", "aura 10 minutes de retard"):
        assert said in person
    assert "Prêt : votre carte la carte du parent une photo" in person
    assert "Pour qui ? Pour mon enfant" in person
    opened = select(JournalEntry.act).where(JournalEntry.subject == "appointment")
    assert "looked" in database.write(lambda session: session.scalars(opened).all())


def test_a_page_that_asks_whether_anything_changed_costs_few_statements(
    app: Flask, bilal: FlaskClient, database: Database
) -> None:
    seated(bilal)
    asking = {"X-Fresh": "1", "If-None-Match": bilal.get(DESK, headers={"X-Fresh": "1"}).headers["ETag"]}
    with app.app_context():
        engine = db.engine
    with counted(engine) as said:
        assert bilal.get(DESK, headers=asking).status_code == 304

    assert len(said) <= 10


def test_a_line_of_somebody_whom_two_colleagues_receive_says_so(
    bilal: FlaskClient, hall: Hall, database: Database, clock: Clock
) -> None:
    def comes(session: Session) -> int:
        visit_of_rosa = an_appointment(session, hall.home.counter, hall.home.service, name="Rosa Claes")
        a_ticket(session, hall.home.office, hall.home.service, number=29, appointment_id=visit_of_rosa.id)
        return visit_of_rosa.id

    rosa = database.write(comes)
    page = seated(bilal)
    assert "deux collègues" not in page.text
    asking = {"X-Fresh": "1", "If-None-Match": bilal.get(DESK, headers={"X-Fresh": "1"}).headers["ETag"]}

    own = {"commune_id": hall.home.commune.id, "office_ids": [hall.home.office.id], "appointment_id": rosa}
    told = {"length": timedelta(days=90), "actor": Actor(Role.AGENT), "now": clock.now}
    database.write(lambda session: receive_in_two(session, **own, **told))

    assert bilal.get(DESK, headers=asking).status_code == 200
    marked = [line for line in visit(bilal, DESK).tree.iter("li") if "deux collègues" in words(line)]
    assert ["A\u00a0029" in words(line) for line in marked] == [True]
    opened = visit(bilal, f"{DESK}?ticket={database.one(select(Ticket.id).where(Ticket.number == 29))}")
    assert opened.text.count("deux collègues") == 1


def test_who_is_back_with_papers_is_seen_with_the_visit_they_began(
    bilal: FlaskClient, hall: Hall, database: Database
) -> None:
    def rows(session: Session) -> int:
        asks(session, hall.home)
        booked = an_appointment(session, hall.home.counter, hall.home.service, start=at(MONDAY, "08:45"))
        line = session.scalars(select(AppointmentLine).where(AppointmentLine.appointment_id == booked.id)).one()
        line.checklist_version, line.answers, line.ticked = 1, FOR_MY_CHILD, ("card",)
        office, card = hall.home.office, hall.home.service
        former = a_ticket(session, office, card, number=30, state=TicketState.INCOMPLETE, appointment_id=booked.id)
        a_ticket(session, office, card, number=31, turn=1, returns_id=former.id)
        return booked.id

    booked = database.write(rows)
    page = push(seated(bilal), NEXT)

    person = plain(words(page.tree.find(".//section[@id='desk-person']")))
    assert "retour de la visite de 8 h 45" in person
    assert "Prêt : votre carte" in person
    assert page.tree.find(".//a[@id='the-former']").attrib["href"].endswith(f"/visits/{booked}")


def test_whoever_opens_a_counter_that_is_out_today_reads_that_it_is(
    bilal: FlaskClient, hall: Hall, database: Database
) -> None:
    own = {"commune_id": hall.home.commune.id, "office_ids": [hall.home.office.id]}
    told = {"counter_id": hall.home.counter.id, "decisions": {}, "actor": Actor(Role.AGENT), "now": EARLY}
    database.write(lambda session: take_out(session, **own, **told) and None)

    page = visit(bilal, DESK)
    assert "indisponible aujourd’hui" in page.text
    assert "Le guichet 1 est indisponible aujourd’hui." in push(page, "Ouvrir le guichet 1").text
