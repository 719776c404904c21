"""Somebody calls for more than one thing: several services, two steps, or a time at which nothing is free any more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, Channel, Step
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
from booking.usecases.check import problems
from tests.databases import Database
from tests.factories import Working, a_counter, a_service, a_session, an_appointment, an_office
from tests.moments import EARLY, MONDAY, at
from tests.pages import Page, controls
from tests.web.asking import asks
from tests.web.booking import number
from tests.web.counting import statements_of
from tests.web.telephone import EMMA, HERE, at_the_telephone, focus, looking, plain, starts, taking

NEXT_MONDAY = MONDAY + timedelta(days=7)


def one_counter_takes_both(session: Session, home: Working) -> None:
    passport = session.scalars(select(Service.id).where(Service.code == "passport")).one()
    session.add(CounterService(commune_id=home.commune.id, counter_id=home.counter.id, service_id=passport))


def adding(page: Page, *lines: str) -> Page:
    return page.submit(holding="every", line=list(lines))


def problems_in(database: Database) -> list[str]:
    with Session(database.engine) as session:
        return [one for one in problems(session, now=EARLY) if "confirmation" not in one]


def test_a_family_comes_once_for_everything(client: FlaskClient, database: Database) -> None:
    at_the_telephone(client, database, also=one_counter_takes_both)
    page = looking(client)
    assert "Autre chose lors de la même visite" in plain(page.text)
    page = adding(page, "identity-card:2", "passport:1")

    assert "Carte d’identité · 2 personnes + Passeport · 1 personne · 40 minutes" in plain(page.text)
    assert focus(page) == ["start"]
    held = taking(page)
    assert "Carte d’identité · 2 personnes + Passeport · 1 personne · 40 minutes" in plain(held.text)
    assert held.submit(holding="name", **EMMA, follow=False).status == 303
    lines = database.all(select(AppointmentLine).order_by(AppointmentLine.position))
    assert [(one.persons, one.minutes) for one in lines] == [(2, 25), (1, 15)]
    made = database.one(select(Appointment))
    assert (made.channel, made.start, made.end) == (Channel.PHONE, at(MONDAY, "08:15"), at(MONDAY, "08:55"))
    assert problems_in(database) == []


def test_what_is_no_longer_wished_is_taken_off(client: FlaskClient, database: Database) -> None:
    at_the_telephone(client, database, also=one_counter_takes_both)
    both = adding(looking(client), "identity-card:1", "passport:1")
    less = adding(both, "identity-card:0", "passport:3")

    assert "Passeport · 3 personnes · 35 minutes" in plain(less.text)


def test_one_service_has_to_stay_and_the_rest_of_the_wish_is_not_lost(client: FlaskClient, database: Database) -> None:
    at_the_telephone(client, database, also=one_counter_takes_both)
    both = adding(looking(client), "identity-card:2", "passport:1")
    nothing = adding(both, "identity-card:0", "passport:0")

    assert nothing.status == 422
    assert "Choisissez au moins une démarche." in plain(nothing.text)
    assert "Carte d’identité · 1 personne + Passeport · 1 personne" in plain(nothing.text)
    assert starts(nothing) != []


def test_each_service_asks_its_own_questions(client: FlaskClient, database: Database) -> None:
    home = at_the_telephone(client, database, also=one_counter_takes_both)
    database.write(lambda session: asks(session, home) and None)
    both = adding(looking(client, "passeport"), "passport:1", "identity-card:1")
    said = {"question-why@identity-card": "expired", "question-whom@identity-card": "child"}
    longer = both.submit(holding="every", **said)
    assert "40 minutes" in plain(longer.text)
    taking(longer).submit(holding="name", **EMMA)

    wanted = select(AppointmentLine).order_by(AppointmentLine.position)
    assert [(one.answers, one.added_minutes) for one in database.all(wanted)] == [
        (None, 0),
        ({"why": "expired", "whom": "child"}, 10),
    ]


def test_what_no_counter_takes_alone_is_had_at_two_and_both_are_booked(client: FlaskClient, database: Database) -> None:
    at_the_telephone(client, database)
    page = adding(looking(client), "identity-card:1", "passport:1")
    assert "deux guichets, l’un juste après l’autre" in plain(page.text)
    held = taking(page)
    assert "Passeport · 1 personne" in plain(held.text)
    held.submit(holding="name", **EMMA)

    made = database.all(select(Appointment).order_by(Appointment.start))
    assert [(one.state, one.start) for one in made] == [
        (AppointmentState.BOOKED, at(MONDAY, "08:15")),
        (AppointmentState.BOOKED, at(MONDAY, "08:30")),
    ]
    assert len({one.counter_id for one in made}) == 2
    assert made[0].group_key == made[1].group_key is not None
    assert database.count(JournalEntry, JournalEntry.act == "booked") == 2
    assert problems_in(database) == []


def test_what_no_office_takes_is_said_and_what_was_chosen_stays(client: FlaskClient, database: Database) -> None:
    home = at_the_telephone(client, database)
    database.write(lambda session: a_service(session, home.commune, code="nowhere") and None)
    page = adding(looking(client), "identity-card:2", "nowhere:1")

    assert page.status == 409
    assert "Aucun guichet ne traite tout cela" in plain(page.text)
    assert "Carte d’identité · 2 personnes · 25 minutes" in plain(page.text)
    assert starts(page)


def weddings(session: Session) -> None:
    """Twenty minutes of information, then, a week later at the earliest, three quarters of an hour for the file."""
    card = session.scalars(select(Service).where(Service.code == "identity-card")).one()
    card.name = Translated.of(fr="Mariage", nl="Huwelijk", en="Marriage")
    card.minutes_first, card.max_persons = 45, 1
    card.information_minutes, card.information_days = 20, 7


def informed(client: FlaskClient) -> Page:
    """What follows the choice of the first time."""
    return taking(looking(client, "mariage"))


def test_a_couple_is_given_both_times_of_a_service_in_two_steps(client: FlaskClient, database: Database) -> None:
    at_the_telephone(client, database)
    database.write(weddings)
    first = looking(client, "mariage")
    assert "Mariage – information · 20 minutes" in plain(first.text)
    assert focus(first) == ["first"]
    later = taking(first)
    assert "Mariage – dossier · 45 minutes" in plain(later.text)
    assert "lundi 4 janvier 2027 à 8 h 15" in plain(later.text)
    assert starts(later)[0] == f"{number(at(NEXT_MONDAY, '08:00'))}@town-hall", "the file comes a week later at least"
    assert database.count(Appointment) == 0
    held = taking(later)
    assert database.count(Appointment, Appointment.state == AppointmentState.HELD) == 2
    assert "Nous retenons ces deux heures pour la personne" in plain(held.text)
    booked = held.submit(holding="name", **EMMA | {"email": "emma@example.org"})
    assert "Les deux rendez-vous sont fixés." in plain(booked.text)

    made = database.all(select(Appointment).order_by(Appointment.start))
    assert [one.start for one in made] == [at(MONDAY, "08:15"), at(NEXT_MONDAY, "08:00")]
    assert {one.state for one in made} == {AppointmentState.BOOKED}
    assert made[0].group_key == made[1].group_key is not None
    lines = database.all(select(AppointmentLine).order_by(AppointmentLine.appointment_id))
    assert sorted((one.step, one.minutes) for one in lines) == [(Step.FILE, 45), (Step.INFORMATION, 20)]
    assert database.count(Message, Message.kind == MessageKind.CONFIRMATION) == 2
    assert problems_in(database) == []


def test_both_steps_or_none_and_a_lost_information_is_chosen_anew(client: FlaskClient, database: Database) -> None:
    home = at_the_telephone(client, database)
    database.write(weddings)
    later = informed(client)
    early = {"start": at(MONDAY, "08:15")}
    database.write(lambda session: an_appointment(session, home.counter, home.service, **early) and None)
    page = taking(later)

    assert page.status == 409
    assert "vient de prendre" in page.text
    assert starts(page, "first")[0] == f"{number(at(MONDAY, '08:30'))}@town-hall"
    assert database.count(Appointment, Appointment.state == AppointmentState.HELD) == 0


def test_another_time_for_the_information_is_one_press_away(client: FlaskClient, database: Database) -> None:
    at_the_telephone(client, database)
    database.write(weddings)
    page = informed(client).submit(holding="every", press=("again", "y"))

    assert "Mariage – information" in page.text
    assert starts(page, "first")


def test_the_information_alone_is_never_held(client: FlaskClient, database: Database) -> None:
    at_the_telephone(client, database)
    database.write(weddings)
    sent = dict(controls(looking(client, "mariage").form(holding="draft")))
    sent["start"] = sent.pop("first")

    assert client.post(f"{HERE}book/time", data=sent).status_code == 409
    assert database.count(Appointment) == 0


def test_nothing_is_added_to_a_service_in_two_steps(client: FlaskClient, database: Database) -> None:
    at_the_telephone(client, database)
    database.write(weddings)
    page = looking(client, "mariage")
    assert "Autre chose lors de la même visite" not in plain(page.text)
    sent = dict(controls(page.form(holding="every"))) | {"line": ["identity-card:1", "passport:1"]}
    refused = Page(client, client.post(f"{HERE}book", data=sent))

    assert refused.status == 409
    assert "deux rendez-vous" in refused.text
    assert "Mariage – information" in refused.text


def with_extra_counter(client: FlaskClient, database: Database, role: Role) -> Working:
    """Monday's only counter for cards is taken until noon; an extra one is there in the hours."""

    def extra(session: Session, home: Working) -> None:
        lane = a_counter(session, home.office, label="X", kind=CounterKind.EXTRA, serves=[home.service])
        own = {"commune_id": home.commune.id, "session_id": home.opening.id}
        session.add(OpeningCounter(**own, counter_id=lane.id))
        an_appointment(session, home.counter, home.service, start=at(MONDAY, "08:00"), minutes=240)

    return at_the_telephone(client, database, role, also=extra)


def overbooked(page: Page, *, name: str = "start", mark: str = "overbook") -> Page:
    return page.submit(holding=mark, press=(name, f"{number(at(MONDAY, '09:00'))}@town-hall"))


def test_an_agent_overbooks_on_the_telephone_by_a_press_of_its_own(client: FlaskClient, database: Database) -> None:
    with_extra_counter(client, database, Role.AGENT)
    page = looking(client)
    assert starts(page)[0] == f"{number(at(MONDAY + timedelta(days=1), '08:00'))}@town-hall"
    assert "Vous donnez un rendez-vous de plus que ce que les guichets peuvent recevoir" in page.text
    booked = overbooked(page).submit(holding="name", **EMMA)

    assert "rendez-vous en surnombre" in booked.text
    kind = (
        select(Counter.kind).join(Appointment, Appointment.counter_id == Counter.id).where(Appointment.name == "Emma")
    )
    assert database.one(kind) == CounterKind.EXTRA
    assert database.count(JournalEntry, JournalEntry.act == "overbooked") == 1
    assert problems_in(database) == []


def test_who_is_informed_may_be_overbooked_and_the_file_has_a_time_of_its_own(
    client: FlaskClient, database: Database
) -> None:
    with_extra_counter(client, database, Role.AGENT)
    database.write(weddings)
    later = overbooked(looking(client, "mariage"), name="first", mark="first_overbook")
    later.submit(holding="draft", press=None).submit(holding="name", **EMMA)

    made = database.all(select(Appointment).where(Appointment.name == "Emma").order_by(Appointment.start))
    assert [one.start for one in made] == [at(MONDAY, "09:00"), at(NEXT_MONDAY, "08:00")]
    assert database.all(select(JournalEntry.subject_id).where(JournalEntry.act == "overbooked")) == [made[0].id]


@pytest.mark.parametrize("name", ["start", "overbook"])
def test_the_reception_is_not_offered_to_overbook_and_cannot(
    client: FlaskClient, database: Database, name: str
) -> None:
    with_extra_counter(client, database, Role.RECEPTIONIST)
    page = looking(client)
    assert "Surréserver" not in page.text
    sent = dict(controls(page.form(holding="draft"))) | {"start": f"{number(at(MONDAY, '09:00'))}@town-hall"}
    answer = client.post(f"{HERE}book/time", data=sent | ({"overbook": "1"} if name == "overbook" else {}))

    assert answer.status_code == (403 if name == "overbook" else 409)
    assert database.count(Appointment, Appointment.state == AppointmentState.HELD) == 0


def another_office_with_a_lane(session: Session, home: Working, code: str) -> None:
    office = an_office(session, home.commune, code=code)
    desk = a_counter(session, office, serves=[home.service])
    lane = a_counter(session, office, label="X", kind=CounterKind.EXTRA, serves=[home.service])
    hours = a_session(session, office, [desk])
    session.add(OpeningCounter(commune_id=home.commune.id, session_id=hours.id, counter_id=lane.id))


def test_the_times_of_many_offices_cost_as_many_statements_as_those_of_one(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    home = with_extra_counter(client, database, Role.AGENT)
    page = f"{HERE}book?line=identity-card:1&office=any"
    statements_of(app, client, page)
    few = statements_of(app, client, page)
    for code in ("station", "mill", "canal"):
        database.write(another_office_with_a_lane, home, code)
    statements_of(app, client, page)

    assert statements_of(app, client, page) == few
