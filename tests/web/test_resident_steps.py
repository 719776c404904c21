"""A service in two steps: one is informed first and comes back with the file, at two times chosen and kept together."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, Step
from booking.core.errors import TooSoon
from booking.core.translated import Translated
from booking.models import Appointment, AppointmentLine, Seat
from booking.usecases.baskets import WishedLine
from booking.usecases.check import problems
from booking.usecases.groups import hold_steps
from booking.usecases.limits import CONTACT, PERSON
from tests.databases import Database
from tests.factories import Working, a_service, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, Clock, at
from tests.pages import Page, visit
from tests.web.asking import answering, asks
from tests.web.booking import ANA, HALF_PAST_TEN, HOME, SERVICE, number

WEDDING = Translated.of(fr="Mariage", nl="Huwelijk", en="Marriage")
NEXT_MONDAY = MONDAY + timedelta(days=7)
A_WEEK_LATER = at(NEXT_MONDAY, "09:00")


def weddings(session: Session) -> Working:
    """Twenty minutes of information, then, a week later at the earliest, three quarters of an hour for the file."""
    place = a_working_commune(session)
    place.service.name = WEDDING
    place.service.minutes_first, place.service.max_persons = 45, 1
    place.service.information_minutes, place.service.information_days = 20, 7
    return place


def informed(client: FlaskClient) -> Page:
    """What follows the choice of the first time."""
    return visit(client, f"{SERVICE}/times").submit(holding="start", press=("start", number(HALF_PAST_TEN)))


def holding_both(client: FlaskClient) -> Page:
    later = informed(client)
    later = visit(
        client, f"{later.response.request.path}?{later.response.request.query_string.decode()}&day=2027-01-11"
    )
    return later.submit(holding="start", press=("start", number(A_WEEK_LATER)))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_couple_chooses_both_times_and_has_both(client: FlaskClient, database: Database) -> None:
    database.write(weddings)
    first = visit(client, SERVICE).follow("Choisir une heure")
    assert "20 minutes pour l’information, puis 45 minutes pour le dossier" in plain(first.text)
    later = informed(client)
    assert "D’abord pour l’information" not in later.text
    assert "Vous venez d’abord pour l’information : lundi 4 janvier 2027 à 10 h 30." in plain(later.text)
    assert database.count(Appointment) == 0
    held = holding_both(client)
    assert "D’abord, l’information" in held.text
    booked = held.submit(holding="name", **ANA)
    lines = database.all(select(AppointmentLine).order_by(AppointmentLine.id))

    assert booked.heading == "Vos deux rendez-vous sont fixés."
    assert "Mariage – information" in booked.text
    assert "Mariage – dossier" in booked.text
    assert [(line.step, line.minutes) for line in lines] == [(Step.INFORMATION, 20), (Step.FILE, 45)]
    assert database.all(select(Appointment.start).order_by(Appointment.start)) == [HALF_PAST_TEN, A_WEEK_LATER]
    assert sorted(database.all(select(Seat.kind))) == [CONTACT, PERSON]
    with Session(database.engine) as session:
        assert problems(session, now=EARLY) == []


def test_what_to_bring_is_told_for_the_file_and_a_couple_is_not_called_one_person(
    client: FlaskClient, database: Database
) -> None:
    database.write(lambda session: asks(session, weddings(session)) and None)
    listed = answering(client, why="expired", whom="me", when="later")
    assert "deux rendez-vous : 20 minutes pour l’information, puis 45 minutes pour le dossier" in plain(listed.text)
    held = holding_both(client)
    assert held.text.count("À apporter") == 1
    booked = held.submit(holding="name", **ANA)
    assert "1 personne" not in plain(held.text + booked.text + visit(client, f"{HOME}/appointment").text)


def test_the_file_is_not_offered_before_its_days_have_passed(client: FlaskClient, database: Database) -> None:
    database.write(weddings)
    later = informed(client)
    offered = [button.attrib["value"] for button in later.tree.iter("button") if button.attrib.get("name") == "start"]

    assert min(map(int, offered)) == int(number(at(NEXT_MONDAY, "08:00")))


@pytest.mark.parametrize(
    ("days", "then", "is_right"),
    [
        (0, at(MONDAY, "10:45"), False),
        (0, at(MONDAY, "11:00"), True),
        (1, at(MONDAY, "11:00"), False),
        (1, at(MONDAY + timedelta(days=1), "08:00"), True),
        (7, at(date(2027, 1, 8), "11:00"), False),
    ],
)
def test_the_file_comes_after_the_information_by_as_many_days_as_are_said(
    session: Session, days: int, then: Any, is_right: bool
) -> None:
    place = weddings(session)
    place.service.information_days = days
    session.flush()
    wish: dict[str, Any] = {
        "commune_id": place.commune.id,
        "office_id": place.office.id,
        "lines": [WishedLine(place.service.id)],
        "start": HALF_PAST_TEN,
        "then": then,
        "length": timedelta(minutes=10),
        "client": None,
        "per_client": 5,
        "now": EARLY,
    }
    if is_right:
        hold_steps(session, **wish)
    else:
        with pytest.raises(TooSoon):
            hold_steps(session, **wish)


def test_both_times_are_taken_again_when_they_lapsed_and_are_free(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    database.write(weddings)
    held = holding_both(client)
    clock.forward(minutes=11)
    lost = held.submit(holding="name", **ANA)
    booked = lost.submit(holding="start", press=("start", number(A_WEEK_LATER))).submit(holding="name")

    assert lost.status == 409
    assert booked.heading == "Vos deux rendez-vous sont fixés."
    assert database.count(Appointment) == 2


def test_when_the_time_for_the_file_is_gone_others_near_it_are_offered(client: FlaskClient, database: Database) -> None:
    place = database.write(weddings)
    later = visit(client, f"{informed_address(client)}&day=2027-01-11")
    database.write(lambda session: an_appointment(session, place.counter, place.service, start=A_WEEK_LATER))
    lost = later.submit(holding="start", press=("start", number(A_WEEK_LATER)))
    near = [button.attrib["value"] for button in lost.tree.iter("button") if button.attrib.get("name") == "start"]
    held = lost.submit(holding="start", press=("start", near[0]))

    assert lost.status == 409
    assert held.heading == "Pour qui est le rendez-vous\u202f?"
    assert database.count(Appointment, Appointment.group_key.is_not(None)) == 2


def test_when_the_time_for_the_information_is_gone_both_are_chosen_again(
    client: FlaskClient, database: Database
) -> None:
    place = database.write(weddings)
    later = visit(client, f"{informed_address(client)}&day=2027-01-11")
    database.write(lambda session: an_appointment(session, place.counter, place.service, start=HALF_PAST_TEN))
    lost = later.submit(holding="start", press=("start", number(A_WEEK_LATER)))

    assert lost.status == 409
    assert "Choisissez à nouveau les deux" in lost.text
    assert not [button for button in lost.tree.iter("button") if button.attrib.get("name") == "start"]


def informed_address(client: FlaskClient) -> str:
    request = informed(client).response.request
    return f"{request.path}?{request.query_string.decode()}"


@pytest.mark.parametrize(
    "address", ["together", "times?with=passport:1", "times?first=nothing", "times?first=999999999999999"]
)
def test_what_cannot_be_chosen_in_two_steps_is_refused_with_a_sentence(
    client: FlaskClient, database: Database, address: str
) -> None:
    place = database.write(weddings)
    database.write(lambda session: a_service(session, place.commune, code="passport"))

    assert visit(client, f"{SERVICE}/{address}").status in {404, 409}
    assert visit(client, f"{HOME}/services/passport/together?with=identity-card:1").status == 409


def test_who_cancelled_both_by_mistake_has_both_again(client: FlaskClient, database: Database) -> None:
    database.write(weddings)
    holding_both(client).submit(holding="name", **ANA)
    page = visit(client, f"{HOME}/appointment/cancel").submit(holding="version", both="y")
    assert "Jusqu’à 8 h 15, vous pouvez reprendre les deux rendez-vous" in plain(page.text)
    page = page.submit(holding="version")

    assert "Vos deux rendez-vous sont rétablis, aux mêmes heures." in plain(page.text)
    assert database.all(select(Appointment.state)) == [AppointmentState.BOOKED] * 2


def test_when_one_of_the_two_times_is_gone_both_stay_cancelled_and_the_page_says_so(
    client: FlaskClient, database: Database
) -> None:
    place = database.write(weddings)
    holding_both(client).submit(holding="name", **ANA)
    page = visit(client, f"{HOME}/appointment/cancel").submit(holding="version", both="y")
    somebody = {"start": A_WEEK_LATER, "minutes": 45, "email": None}
    database.write(lambda session: an_appointment(session, place.counter, place.service, **somebody) and None)
    page = page.submit(holding="version")

    assert page.status == 409
    assert "l’une des deux heures : les deux rendez-vous restent annulés." in plain(page.text)
    assert "Prendre rendez-vous" in page.links()
    states = database.all(select(Appointment.state).order_by(Appointment.id))
    assert states == [AppointmentState.CANCELLED] * 2 + [AppointmentState.BOOKED]
