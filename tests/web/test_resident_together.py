"""One visit for everything: services and persons are added on one page, and travel with the wish until it is booked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, ServiceMode
from booking.core.translated import Translated
from booking.models import Appointment, AppointmentLine, CounterService, Message, Service, ServiceFee
from booking.models.messages import MessageKind
from tests.databases import Database
from tests.factories import Working, a_counter, a_service, a_session, a_working_commune, add, an_appointment, an_office
from tests.moments import MONDAY, Clock, at
from tests.pages import Page, visit
from tests.web.booking import ANA, HALF_PAST_TEN, HOME, SERVICE, number

BIRTH = Translated.of(fr="Naissance", nl="Geboorte", en="Birth")
PASSPORT = Translated.of(fr="Passeport", nl="Paspoort", en="Passport")
TOGETHER = f"{SERVICE}/together"
WITH_PASSPORT = f"{TOGETHER}?with=passport:1"


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def with_passports(session: Session, *, at_every_counter: bool = True, **columns: Any) -> Working:
    """Identity cards and passports: each takes a quarter of an hour, and ten minutes beside the other."""
    place = a_working_commune(session, counters=2)
    place.service.minutes_beside = 10
    passport = a_service(session, place.commune, code="passport", name=PASSPORT, minutes_beside=10, **columns)
    for counter in place.counters if at_every_counter else ():
        add(session, CounterService(commune_id=place.commune.id, counter_id=counter.id, service_id=passport.id))
    return place


def fee(service: Service, cents: int) -> ServiceFee:
    own = {"commune_id": service.commune_id, "service_id": service.id, "note": Translated({})}
    return ServiceFee(**own, valid_from=date(2026, 1, 1), cents=cents)


def test_a_mother_books_one_visit_for_two_cards_and_a_passport(client: FlaskClient, database: Database) -> None:
    database.write(with_passports)
    page = visit(client, SERVICE).follow("Plusieurs personnes, ou autre chose lors de la même visite\u202f?")
    page = page.submit(holding="with", persons="2").submit(holding="persons")
    assert "En tout : 25 minutes au guichet" in plain(page.text)

    page = page.submit(holding="persons", **{"with": "passport"})
    assert "En tout : 35 minutes au guichet" in plain(page.text)
    times = visit(client, f"{SERVICE}/times?persons=2&with=passport:1")
    held = times.submit(holding="start", press=("start", number(HALF_PAST_TEN)))
    assert "Carte d’identité · 2 personnes" in plain(held.text)
    assert "Passeport · 1 personne" in plain(held.text)
    booked = held.submit(holding="name", **ANA)

    lines = database.all(select(AppointmentLine).order_by(AppointmentLine.position))
    assert booked.heading == "Votre rendez-vous est fixé."
    assert [(line.service_name.in_("fr"), line.persons, line.minutes) for line in lines] == [
        ("Carte d’identité", 2, 25),
        ("Passeport", 1, 10),
    ]
    assert database.one(select(Appointment)).end == at(MONDAY, "11:05")
    assert "Passeport · 1 personne" in plain(booked.text)


def test_the_whole_wish_is_still_there_when_its_time_is_lost(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    database.write(with_passports)
    times = visit(client, f"{SERVICE}/times?persons=2&with=passport:2")
    held = times.submit(holding="start", press=("start", number(HALF_PAST_TEN)))
    clock.forward(minutes=11)
    lost = held.submit(holding="name", **ANA)
    again = lost.submit(holding="start", press=("start", number(HALF_PAST_TEN)))
    booked = again.submit(holding="name")

    assert lost.status == 409
    assert f"{SERVICE}/times?persons=2&with=passport:2" in lost.links().values()
    assert booked.heading == "Votre rendez-vous est fixé."
    assert database.all(select(AppointmentLine.persons)) == [2, 2]


def test_a_time_given_back_leads_to_the_times_for_the_same_wish(client: FlaskClient, database: Database) -> None:
    database.write(with_passports)
    times = visit(client, f"{SERVICE}/times?with=passport:3")
    held = times.submit(holding="start", press=("start", number(HALF_PAST_TEN)))
    back = client.post(f"{HOME}/details/give-back", data={"csrf_token": held.form(holding="name")[0].attrib["value"]})

    assert back.headers["Location"].endswith("/services/identity-card/times?with=passport:3")


def test_what_was_added_can_be_taken_off_and_the_rest_stays(client: FlaskClient, database: Database) -> None:
    database.write(with_passports)
    page = visit(client, f"{TOGETHER}?persons=3&with=passport:2")
    alone = visit(client, f"{HOME}/services/passport/together?persons=2")
    removing = [link.attrib["href"] for link in page.tree.iter("a") if link.attrib.get("aria-label", "") != ""]

    assert f"{HOME}/services/passport/together?persons=2" in removing
    assert f"{TOGETHER}?persons=3" in removing
    assert "Supprimer" not in alone.text
    assert "En tout : 25 minutes au guichet" in plain(alone.text)


def test_only_what_can_be_booked_is_offered_beside(client: FlaskClient, database: Database) -> None:
    place = database.write(with_passports)
    database.write(lambda session: a_service(session, place.commune, code="walk", mode=ServiceMode.WALK_IN))
    database.write(lambda session: a_service(session, place.commune, code="draft", published_at=None))
    adding = visit(client, TOGETHER).form(holding="with")

    assert [one.attrib["value"] for one in adding.findall(".//select[@id='add']//option")] == ["", "passport"]


@pytest.mark.parametrize(
    ("added", "status"),
    [
        ("with=passport:9", 409),
        ("with=passport:x", 409),
        ("with=passport:0", 409),
        ("with=walk", 409),
        ("with=nothing:1", 404),
        ("with=:1", 404),
        ("&".join(f"with=s{n}:1" for n in range(5)), 409),
        ("with=", 200),
        ("with=passport", 200),
        ("with=identity-card:2", 200),
    ],
)
def test_a_wish_that_was_typed_by_hand_is_understood_or_refused_with_a_sentence(
    client: FlaskClient, database: Database, added: str, status: int
) -> None:
    place = database.write(with_passports)
    database.write(lambda session: a_service(session, place.commune, code="walk", mode=ServiceMode.WALK_IN))
    for n in range(5):
        database.write(lambda session, code=f"s{n}": a_service(session, place.commune, code=code))

    for page in (f"{TOGETHER}?{added}", f"{SERVICE}/times?{added}"):
        assert visit(client, page).status == status, page


def test_a_service_named_twice_is_one_line_for_everybody(client: FlaskClient, database: Database) -> None:
    database.write(with_passports)

    assert "En tout : 35 minutes au guichet" in plain(visit(client, f"{TOGETHER}?with=identity-card:2").text)


def test_an_office_is_offered_only_if_one_counter_takes_everything(client: FlaskClient, database: Database) -> None:
    place = database.write(with_passports)

    def another_office(session: Session) -> None:
        office = an_office(session, place.commune, code="station", name=Translated.of(fr="Gare", nl="Station"))
        a_session(session, office, [a_counter(session, office, serves=[place.service])])

    database.write(another_office)
    alone, both = (visit(client, page) for page in (f"{SERVICE}/times", f"{SERVICE}/times?with=passport:1"))

    assert "Gare" in alone.text
    assert "Gare" not in both.text
    assert "Où : Maison communale." in plain(visit(client, WITH_PASSPORT).text)


def test_all_fees_are_added_up_for_everybody_who_comes(client: FlaskClient, database: Database) -> None:
    place = database.write(with_passports)
    passport = database.one(select(Service).where(Service.code == "passport"))
    database.write(lambda session: add(session, fee(place.service, 2600), fee(passport, 6500)))
    times = visit(client, f"{SERVICE}/times?persons=2&with=passport:1")
    booked = times.submit(holding="start", press=("start", number(HALF_PAST_TEN))).submit(holding="name", **ANA)

    assert "À payer en tout : 117 €" in plain(booked.text)
    assert "À payer" not in visit(client, f"{HOME}/").text


def with_births(session: Session) -> Working:
    """Identity cards at two counters, and births of half an hour at a third that does nothing else."""
    place = with_passports(session, at_every_counter=False)
    birth = a_service(session, place.commune, code="birth", name=BIRTH, minutes_first=30)
    a_session(session, place.office, [a_counter(session, place.office, label="9", serves=[birth])])
    return place


def booked_apart(client: FlaskClient) -> Page:
    held = visit(client, f"{SERVICE}/times?with=birth:1").submit(
        holding="start", press=("start", number(HALF_PAST_TEN))
    )
    return held.submit(holding="name", **ANA)


def test_two_adjoining_appointments_are_proposed_where_no_counter_takes_everything(
    client: FlaskClient, database: Database
) -> None:
    database.write(with_births)
    page = visit(client, f"{TOGETHER}?with=birth:1")
    times = visit(client, f"{SERVICE}/times?with=birth:1")
    held = times.submit(holding="start", press=("start", number(HALF_PAST_TEN)))
    booked = held.submit(holding="name", **ANA)

    assert page.heading == "Deux rendez-vous qui se suivent"
    assert "Un rendez-vous suffit" not in page.text
    assert "Ensemble : 45 minutes à deux guichets" in plain(page.text)
    assert "Naissance · 45 minutes" in plain(times.text)
    assert "Ensemble : 45 minutes à deux guichets" in plain(held.text)
    assert "vous obtenez les deux, ou aucun" in times.text
    assert "à 10 h 30" in plain(held.text)
    assert "à 10 h 45" in plain(held.text)
    assert booked.heading == "Vos deux rendez-vous sont fixés."
    assert "Votre autre rendez-vous" in booked.text
    assert [one.state for one in database.all(select(Appointment))] == [AppointmentState.BOOKED] * 2


def test_where_no_office_takes_everything_each_is_led_to_an_appointment_of_its_own(
    client: FlaskClient, database: Database
) -> None:
    database.write(with_births)
    page = visit(client, f"{TOGETHER}?persons=2&with=passport:1")

    assert "Pas en une seule visite" in page.text
    assert "À chaque démarche son rendez-vous" in page.text
    addresses = [link.attrib["href"] for link in page.tree.iter("a") if "href" in link.attrib]
    assert {f"{SERVICE}/times?persons=2", f"{HOME}/services/passport/times"} <= set(addresses)
    assert visit(client, f"{SERVICE}/times?with=passport:1").response.request.path == TOGETHER


def test_from_one_of_two_appointments_one_gets_to_the_other(client: FlaskClient, database: Database) -> None:
    database.write(with_births)
    booked_apart(client)
    page = visit(client, f"{HOME}/appointment")
    token = {"csrf_token": page.form(holding="version")[0].attrib["value"]}
    client.post(f"{HOME}/appointment/other", data=token)
    other = visit(client, f"{HOME}/appointment")
    references = database.all(select(Appointment.reference).order_by(Appointment.start))

    assert [one.partition("Référence ")[2][:9] for one in (plain(page.text), plain(other.text))] == [
        f"{reference[:4]} {reference[4:]}" for reference in references
    ]


def test_whose_contact_was_corrected_in_one_gets_no_further_from_the_other(
    client: FlaskClient, database: Database
) -> None:
    database.write(with_births)
    booked_apart(client)
    visit(client, f"{HOME}/appointment/contact").submit(holding="email", email="ana.peeters@example.org")

    assert "Votre autre rendez-vous" in visit(client, f"{HOME}/appointment").text
    assert "Ouvrir ce rendez-vous" not in visit(client, f"{HOME}/appointment").text


def test_the_whole_wish_is_kept_when_two_times_lapse(client: FlaskClient, database: Database, clock: Clock) -> None:
    database.write(with_births)
    held = visit(client, f"{SERVICE}/times?with=birth:1").submit(
        holding="start", press=("start", number(HALF_PAST_TEN))
    )
    clock.forward(minutes=11)
    lost = held.submit(holding="name", **ANA)
    assert "Les deux heures sont encore libres" in lost.text
    assert "Nous ne retenons plus ces deux heures pour vous." in lost.text
    booked = lost.submit(holding="start", press=("start", number(HALF_PAST_TEN))).submit(holding="name")

    assert booked.heading == "Vos deux rendez-vous sont fixés."
    assert database.count(Appointment) == 2


def test_the_page_of_two_lost_times_does_not_call_them_one_visit(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    database.write(with_births)
    times = visit(client, f"{SERVICE}/times?with=birth:1")
    booked_apart(app.test_client())
    lost = times.submit(holding="start", press=("start", number(HALF_PAST_TEN)))

    assert lost.status == 409
    assert "Un rendez-vous pour 2 démarches" not in plain(lost.text)
    assert "Deux rendez-vous qui se suivent" in plain(lost.text)
    assert "Ensemble : 45 minutes à deux guichets" in plain(lost.text)


def test_the_time_that_is_held_is_told_with_everything_it_is_for(client: FlaskClient, database: Database) -> None:
    database.write(with_passports)
    times = visit(client, f"{SERVICE}/times?with=passport:1")
    times.submit(holding="start", press=("start", number(HALF_PAST_TEN)))
    looking = visit(client, f"{HOME}/services/passport/times")

    assert "Carte d’identité et Passeport · Maison communale" in plain(looking.text)


def test_of_two_times_that_are_held_every_sentence_and_button_says_so(client: FlaskClient, database: Database) -> None:
    database.write(with_births)
    times = f"{SERVICE}/times?with=birth:1"
    held = visit(client, times).submit(holding="start", press=("start", number(HALF_PAST_TEN)))
    looking = visit(client, times)
    longer = held.submit(holding="name", elsewhere="/more-time")

    assert "Nous retenons ces deux heures pour vous pendant 10\u00a0minutes." in held.text
    assert "Nous retenons maintenant ces deux heures pour vous" in longer.text
    assert "Heures retenues pour vous : lundi 4 janvier à 10 h 30, lundi 4 janvier à 10 h 45" in plain(looking.text)
    assert "Continuer avec ces deux heures" in looking.text
    for page in (held, looking):
        assert "Libérer ces deux heures" in page.text
        assert "cette heure" not in page.text
    back = held.submit(holding="name", elsewhere="/give-back")
    assert "Vous avez libéré les deux heures." in back.text


@pytest.mark.parametrize(("both", "left"), [(None, 1), ("y", 0)])
def test_cancelling_one_of_two_asks_about_the_other(
    client: FlaskClient, database: Database, both: str | None, left: int
) -> None:
    database.write(with_births)
    booked_apart(client)
    asked = visit(client, f"{HOME}/appointment/cancel")
    assert "Annuler aussi l’autre rendez-vous : lundi 4 janvier 2027 à 10 h 45, Naissance" in plain(asked.text)
    asked.submit(both=both)

    assert database.count(Appointment, Appointment.state == AppointmentState.BOOKED) == left
    assert database.count(Message, Message.kind == MessageKind.CANCELLATION) == 2 - left


def test_two_that_adjoin_have_no_list_and_the_page_says_what_there_is_instead(
    client: FlaskClient, database: Database
) -> None:
    database.write(with_births)
    database.write(lambda session: session.execute(update(Service).values(earlier_list=True)) and None)
    booked_apart(client)
    page = visit(client, f"{HOME}/appointment")

    assert "Pour deux rendez-vous qui se suivent, il n’y a pas de liste d’attente : si un seul" in plain(page.text)
    assert "Prévenez-moi" not in page.text
    assert f"{HOME}/appointment/change" in page.links().values()
    assert visit(client, f"{HOME}/appointment/earlier").response.request.path == f"{HOME}/appointment"


def test_a_full_calendar_for_two_counters_leads_to_each_of_the_two(client: FlaskClient, database: Database) -> None:
    place = database.write(with_births)

    def fill(session: Session) -> None:
        session.execute(update(Service).values(horizon_days=1, earlier_list=True))
        for counter in place.counters:
            for day in (MONDAY, MONDAY + timedelta(days=1)):
                an_appointment(session, counter, place.service, start=at(day, "08:00"), minutes=240, email=None)

    database.write(fill)
    page = visit(client, f"{SERVICE}/times?with=birth:1")
    assert "Prenez un rendez-vous séparé pour chaque démarche" in page.text
    page = page.follow("Choisir une heure\u00a0: Naissance")

    assert page.response.request.path == f"{HOME}/services/birth/times"
