"""A service in two steps: one is informed first and comes back with the file, at two times chosen and kept together."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, Step
from booking.core.errors import TooSoon
from booking.core.references import link_token
from booking.core.translated import Translated
from booking.models import Appointment, AppointmentLine, CounterService, Seat, Service, WaitingEntry
from booking.usecases.baskets import WishedLine
from booking.usecases.check import problems
from booking.usecases.groups import hold_steps
from booking.usecases.limits import CONTACT, PERSON
from tests.conftest import SECRET
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
    assert booked.text.count("Rien à apporter cette fois-ci.") == 1
    assert booked.text.index("Rien à apporter") < booked.text.index("Votre autre rendez-vous")
    assert booked.text.index("Votre autre rendez-vous") < booked.text.index("À apporter")
    assert "1 personne" not in plain(held.text + booked.text + visit(client, f"{HOME}/appointment").text)


def test_what_answers_cost_is_spent_on_the_file(client: FlaskClient, database: Database) -> None:
    database.write(lambda session: asks(session, weddings(session)) and None)
    answering(client, why="expired", whom="child", school="yes", when="later")
    holding_both(client).submit(holding="name", **ANA)
    lines = database.all(select(AppointmentLine).order_by(AppointmentLine.id))

    assert [(line.step, line.minutes, line.added_minutes) for line in lines] == [
        (Step.INFORMATION, 20, 0),
        (Step.FILE, 55, 10),
    ]


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


@pytest.mark.parametrize("address", ["times?with=passport:1", "times?first=nothing", "times?first=999999999999999"])
def test_what_cannot_be_chosen_in_two_steps_is_refused_with_a_sentence(
    client: FlaskClient, database: Database, address: str
) -> None:
    place = database.write(weddings)
    database.write(lambda session: a_service(session, place.commune, code="passport"))

    assert visit(client, f"{SERVICE}/{address}").status in {404, 409}
    assert visit(client, f"{HOME}/services/passport/times?with=identity-card:1").status == 409
    held = {"csrf_token": token_of(visit(client, f"{SERVICE}/times")), "with": "passport:1", "start": "1"}
    refused = Page(client, client.post(f"{SERVICE}/hold?with=nothing:1", data=held))
    assert refused.status == 409, "an address that is nonsense beside a form that is not to be had together"


def booked_both(client: FlaskClient, database: Database) -> Working:
    place = database.write(weddings)
    holding_both(client).submit(holding="name", **ANA)
    return place


def moving(client: FlaskClient) -> Page:
    """The calendar on which another time is chosen for the appointment that is open."""
    asked = visit(client, f"{HOME}/appointment").follow("Déplacer ou modifier le rendez-vous")
    token = {"csrf_token": token_of(asked)}
    return Page(client, client.post(f"{HOME}/appointment/move/start", data=token, follow_redirects=True))


def other_opened(client: FlaskClient, page: Page) -> Page:
    token = {"csrf_token": token_of(page)}
    return Page(client, client.post(f"{HOME}/appointment/other", data=token, follow_redirects=True))


def token_of(page: Page) -> str:
    found = page.tree.find(".//input[@name='csrf_token']")
    assert found is not None
    return found.attrib["value"]


def offered(page: Page) -> list[int]:
    return [int(one.attrib["value"]) for one in page.tree.iter("button") if one.attrib.get("name") == "start"]


def test_the_page_says_which_step_it_is_and_when_the_other_one_is(client: FlaskClient, database: Database) -> None:
    booked_both(client, database)
    page = visit(client, f"{HOME}/appointment")

    assert "C’est l’étape 1 sur 2 : l’information." in plain(page.text)
    assert "Le rendez-vous pour le dossier vient au moins 7 jours après celui pour l’information." in plain(page.text)
    assert "C’est l’étape 2 sur 2 : le dossier." in plain(other_opened(client, page).text)


def test_the_file_is_moved_by_the_couple_itself(client: FlaskClient, database: Database) -> None:
    booked_both(client, database)
    other_opened(client, visit(client, f"{HOME}/appointment"))
    times = moving(client)
    assert "L’étape 1, l’information, a lieu le lundi 4 janvier 2027 à 10 h 30." in plain(times.text)
    assert "Seules les heures qui respectent cet ordre sont affichées." in times.text
    assert min(offered(times)) >= int(number(at(NEXT_MONDAY, "08:00")))
    tuesday = at(NEXT_MONDAY + timedelta(days=1), "09:00")
    times = visit(client, f"{times.response.request.path}?office=town-hall&day=2027-01-12")
    question = times.submit(holding="start", press=("start", number(tuesday)))
    assert "C’est l’étape 2 sur 2 : le dossier." in plain(question.text)
    page = question.submit(holding="hold")

    assert "Votre rendez-vous est déplacé du lundi" in page.text
    assert database.all(select(Appointment.start).order_by(Appointment.start)) == [HALF_PAST_TEN, tuesday]
    with Session(database.engine) as session:
        assert problems(session, now=EARLY) == []


def test_the_information_is_moved_no_later_than_the_file_allows(client: FlaskClient, database: Database) -> None:
    booked_both(client, database)
    times = moving(client)
    assert {moment // 1440 for moment in offered(times)} == {int(number(HALF_PAST_TEN)) // 1440}
    told = "Ces heures s’arrêtent au lundi 4 janvier 2027, parce que vous apportez ensuite le dossier."
    assert told in plain(times.text)
    assert "Les rendez-vous se prennent jusqu’au" not in plain(times.text)
    page = times.submit(holding="start", press=("start", number(at(MONDAY, "11:00")))).submit(holding="hold")

    assert "Votre rendez-vous est déplacé du lundi" in page.text
    assert database.one(select(Appointment.start).where(Appointment.moves == 1)) == at(MONDAY, "11:00")


def test_a_time_out_of_order_is_refused_with_the_rule_and_other_times(client: FlaskClient, database: Database) -> None:
    booked_both(client, database)
    times = moving(client)
    tuesday = at(MONDAY + timedelta(days=1), "10:00")
    sent = {"csrf_token": token_of(times), "office": "town-hall", "persons": "1", "start": number(tuesday)}
    lost = Page(client, client.post(f"{SERVICE}/hold", data=sent))

    assert lost.status == 409
    rule = "Le rendez-vous pour le dossier vient au moins 7 jours après celui pour l’information."
    assert rule in plain(lost.text)
    assert offered(lost)
    assert max(offered(lost)) <= int(number(at(MONDAY, "11:40")))
    page = lost.submit(holding="wished", press=("start", str(offered(lost)[0]))).submit(holding="hold")
    assert "Votre rendez-vous est déplacé du lundi" in page.text


def test_a_hold_that_would_turn_the_order_round_is_told_before_it_is_fixed(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    booked_both(client, database)
    database.write(lambda session: session.execute(update(Service).values(information_days=0)) and None)
    times = moving(client)
    friday = at(MONDAY + timedelta(days=4), "10:00")
    times = visit(client, f"{times.response.request.path}?office=town-hall&day=2027-01-08")
    question = times.submit(holding="start", press=("start", number(friday)))

    elsewhere = app.test_client()
    file = database.one(select(Appointment).where(Appointment.start == A_WEEK_LATER))
    visit(elsewhere, f"{HOME}/appointment/open/{link_token(SECRET, 'appointment', file.nonce)}")
    thursday = at(MONDAY + timedelta(days=3), "09:00")
    found = visit(elsewhere, f"{moving(elsewhere).response.request.path}?office=town-hall&day=2027-01-07")
    found.submit(holding="start", press=("start", number(thursday))).submit(holding="hold")
    refused = question.submit(holding="hold")

    assert refused.status == 409
    assert "Le rendez-vous pour le dossier vient après celui pour l’information." in refused.text
    states = select(Appointment.start).where(Appointment.state == AppointmentState.BOOKED).order_by(Appointment.start)
    assert database.all(states) == [HALF_PAST_TEN, thursday]


def test_where_the_other_step_leaves_no_day_the_calendar_says_so_and_leads_on(
    client: FlaskClient, database: Database
) -> None:
    booked_both(client, database)
    longer = update(Service).values(information_days=30, horizon_days=10)
    database.write(lambda session: session.execute(longer) and None)
    other_opened(client, visit(client, f"{HOME}/appointment"))
    times = moving(client)

    assert times.status == 200
    assert offered(times) == []
    assert "L’autre de vos deux rendez-vous ne laisse aucune heure libre pour celui-ci." in times.text
    assert "C’est l’étape 1 sur 2 : l’information." in plain(other_opened(client, times).text)


def test_persons_and_services_of_a_step_are_not_changed_and_the_page_leads_on(
    client: FlaskClient, database: Database
) -> None:
    booked_both(client, database)
    page = visit(client, f"{HOME}/appointment/change")
    assert "Prenez un rendez-vous séparé pour autre chose." in page.text
    sent = {"csrf_token": token_of(page), "line": "identity-card:1"}

    assert client.post(f"{HOME}/appointment/change", data=sent).status_code == 409


def test_a_step_whose_time_is_gone_is_not_had_again_and_nothing_else_is_booked(
    client: FlaskClient, database: Database
) -> None:
    place = booked_both(client, database)
    visit(client, f"{HOME}/appointment/cancel").submit()
    database.write(lambda session: an_appointment(session, place.counter, place.service, start=HALF_PAST_TEN))
    page = visit(client, f"{HOME}/appointment")
    sent = {"csrf_token": token_of(page), "version": "2"}
    refused = Page(client, client.post(f"{HOME}/appointment/undo", data=sent))

    assert refused.status == 409
    assert offered(refused) == []


def test_something_else_on_the_same_day_has_its_own_appointment_and_a_way_to_it(
    client: FlaskClient, database: Database
) -> None:
    place = database.write(weddings)
    passport = Translated.of(fr="Passeport", nl="Paspoort", en="Passport")

    def passports(session: Session) -> None:
        other = a_service(session, place.commune, code="passport", name=passport)
        session.add(CounterService(commune_id=place.commune.id, counter_id=place.counter.id, service_id=other.id))

    database.write(passports)
    page = visit(client, SERVICE).follow("Autre chose le même jour\u202f?")
    assert "cette démarche demande deux rendez-vous à elle seule" in page.text
    page = page.submit(holding="with", **{"with": "passport"})
    assert page.heading == "À chaque démarche son rendez-vous"
    assert {f"{SERVICE}/times", f"{HOME}/services/passport/times"} <= set(hrefs(page))
    beside = visit(client, f"{HOME}/services/passport/together").submit(holding="with", persons="1")
    assert beside.status == 200
    both = visit(client, f"{HOME}/services/passport/together?with=identity-card")
    assert both.heading == "À chaque démarche son rendez-vous"

    holding_both(client).submit(holding="name", **ANA)
    times = visit(client, f"{HOME}/services/passport/times")
    assert "Vous venez déjà le lundi 4 janvier 2027 à 10 h 30." in plain(times.text)
    assert "day=2027-01-04" in times.links()["Voir les heures de ce jour-là"]


def hrefs(page: Page) -> list[str]:
    return [one.attrib["href"] for one in page.tree.iter("a")]


def test_a_booked_step_waits_for_an_earlier_time(client: FlaskClient, database: Database) -> None:
    booked_both(client, database)
    database.write(lambda session: session.execute(update(Service).values(earlier_list=True)) and None)
    other_opened(client, visit(client, f"{HOME}/appointment"))
    page = visit(client, f"{HOME}/appointment").follow("Prévenez-moi si une heure se libère plus tôt")
    assert "C’est l’étape 2 sur 2 : le dossier." in plain(page.text)
    assert "Nous ne vous proposons que des heures qui respectent cet ordre." in page.text
    page = page.submit(holding="weekdays")

    assert "Vous êtes en première position." in page.text
    assert database.count(WaitingEntry) == 1


def test_a_full_calendar_says_when_the_list_opens_for_two_steps(client: FlaskClient, database: Database) -> None:
    place = database.write(weddings)

    def fill(session: Session) -> None:
        session.execute(update(Service).values(horizon_days=1, earlier_list=True))
        for day in (MONDAY, MONDAY + timedelta(days=1)):
            an_appointment(session, place.counter, place.service, start=at(day, "08:00"), minutes=240, email=None)

    database.write(fill)
    page = visit(client, f"{SERVICE}/times")

    assert "la liste d’attente s’ouvre dès que vous avez les deux" in page.text
    assert visit(client, f"{SERVICE}/earlier").status == 409


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
