"""Thursday closes over the web: Dora sees whom it touches, the worker asks them, and each answers as a person would."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, HoldKind
from booking.core.rebookings import Settled, Silence
from booking.core.references import link_token
from booking.delivery.short import short_text
from booking.delivery.writing import page as written_page
from booking.delivery.writing import subject, text
from booking.models import Appointment, Message, RebookedVisit, Rebooking, Service
from booking.models.messages import MessageKind
from booking.usecases.letters import letter_for
from booking.usecases.proposals import carry_on
from tests.conftest import SECRET
from tests.databases import Database
from tests.factories import an_appointment
from tests.moments import EARLY, MONDAY, Clock, at
from tests.pages import Page, visit
from tests.web.administrators import Desk, at_a_desk
from tests.web.booking import HOME

THURSDAY = MONDAY + timedelta(days=3)
EFFECT, APPLY = (("step", value) for value in ("effect", "apply"))
CLOSED = {"first": "7/1/2027", "reason_fr": "Grève", "reason_nl": "Staking"}


@pytest.fixture
def dora(client: FlaskClient, database: Database) -> Desk:
    return at_a_desk(client, database, counters=2)


def visits(database: Database, desk: Desk, *walls: str, **columns: Any) -> list[int]:
    """People who come on Thursday, one after the other at the first counter; gives the ids of their visits."""

    def book(session: Session) -> list[int]:
        work = desk.work
        return [an_appointment(session, work.counter, work.service, start=at(THURSDAY, w), **columns).id for w in walls]

    found: list[int] = database.write(book)
    return found


def effect(desk: Desk, **typed: Any) -> Page:
    """What Dora sees when Thursday shall be closed."""
    return desk.open("/closures/new/town-hall").submit(holding="scope", press=EFFECT, **{**CLOSED, **typed})


def proposed(desk: Desk, **typed: Any) -> Page:
    """Thursday is closed, and another time is proposed to everybody whom nothing else was decided about."""
    page = effect(desk).submit(holding="step", press=APPLY, **{"for_all": "propose", **typed})
    carried(desk.database)
    return page


def carried(database: Database) -> None:
    """What the worker does."""
    while database.write(carry_on, now=EARLY):
        pass


def opened(client: FlaskClient, database: Database, number: int, step: str = "proposal") -> Page:
    """Ana opens a link of the message, in a browser of her own."""
    nonce = database.one(select(Appointment.nonce).where(Appointment.id == number))
    with client.session_transaction() as cookie:
        cookie.clear()
    return visit(client, f"{HOME}/appointment/open/{link_token(SECRET, 'appointment', nonce)}/{step}")


def states(database: Database) -> dict[int, Settled]:
    return dict(database.all(select(RebookedVisit.appointment_id, RebookedVisit.state)))


# Dora


def test_one_tick_leaves_at_their_time_all_who_can_stay(dora: Desk, database: Database) -> None:
    free, busy = visits(database, dora, "09:00", "10:00")
    other = dora.work.counters[1]
    database.write(
        lambda session: an_appointment(session, other, dora.work.service, start=at(THURSDAY, "10:00")) and None
    )
    first = str(dora.work.counter.id)
    page = effect(dora, scope="counters", counters=[first])

    assert "Ce changement touche 2 rendez-vous." in page.text
    assert "Laisser 1 d’entre eux à son heure, à un autre guichet" in page.text
    assert "libre à cette heure\u00a0: guichet 2" in page.text
    page = page.submit(holding="step", press=APPLY, for_all="propose")
    assert page.heading == "Fermeture\u00a0: jeudi 7\u00a0janvier 2027"
    assert "1 rendez-vous garde son heure. Une autre heure est recherchée pour 1\u00a0personne." in page.text
    assert states(database) == {free: Settled.MOVED, busy: Settled.WAITING}
    assert database.one(select(Appointment.counter_id).where(Appointment.id == free)) == other.id


def test_who_is_decided_about_singly_is_not_moved(dora: Desk, database: Database) -> None:
    one, other = visits(database, dora, "09:00", "10:00")
    first = str(dora.work.counter.id)
    page = effect(dora, scope="counters", counters=[first])
    page.submit(holding="step", press=APPLY, **{f"decision-{one}": "keep"})

    assert states(database) == {one: Settled.KEPT, other: Settled.MOVED}


def test_without_the_tick_everybody_is_decided_about(dora: Desk, database: Database) -> None:
    visits(database, dora, "09:00")
    page = effect(dora, scope="counters", counters=[str(dora.work.counter.id)])
    page = page.submit(holding="step", press=APPLY, move=None)

    assert page.status == 422
    assert "Dites ce que devient chaque rendez-vous." in page.text
    assert not page.tree.findall(".//input[@name='move'][@checked]"), "what was taken away stays away"


def test_whose_silence_cancels_is_owed_a_reason(dora: Desk, database: Database) -> None:
    visits(database, dora, "09:00")
    typed = {"for_all": "propose", "silence": "cancel", "why_nl": ""}
    page = effect(dora).submit(holding="step", press=APPLY, **typed)

    assert page.status == 422
    assert "Le texte néerlandais manque." in page.text


@pytest.mark.parametrize("days", ["0", "15", "trois"])
def test_days_to_answer_that_cannot_be_are_named(dora: Desk, database: Database, days: str) -> None:
    visits(database, dora, "09:00")
    page = effect(dora).submit(holding="step", press=APPLY, for_all="propose", answer_days=days)

    assert page.status == 422
    assert "Écrivez un nombre entier de 1 à 14." in page.text


def test_a_change_is_followed_until_everybody_is_settled(dora: Desk, database: Database, client: FlaskClient) -> None:
    ana, sekou, gone = visits(database, dora, "09:00", "09:30", "10:00")
    database.write(
        lambda session: (
            session.get_one(Appointment, sekou).__setattr__("email", None)
            or session.get_one(Appointment, sekou).__setattr__("phone", "+32470123456")
        )
    )
    page = proposed(dora, **{f"decision-{gone}": "cancel"})
    page = dora.open("/rebookings").follow("Fermeture\u00a0: jeudi 7\u00a0janvier 2027")

    assert "2 rendez-vous sur 3 sont encore à régler." in page.text
    assert "autre heure proposée 2" in page.text
    assert "0470\u00a012\u00a034\u00a056" in page.text, "whom no mail reaches is rung"
    assert "1\u00a0personne n’a pas d’adresse e-mail\u00a0: lettres à imprimer" in page.text
    letter = page.follow("lettres à imprimer")
    assert "Nous ne pouvons pas vous recevoir le jeudi 7\u00a0janvier 2027 à 9\u202fh\u202f30." in letter.text
    assert "Nous vous gardons une autre heure jusqu’au" in letter.text
    assert "Ana Peeters" in dora.open(f"/rebookings/{database.one(select(Rebooking.id))}?state=cancelled").text

    # Somebody rings Sekou, who takes the time.
    visit(client, f"/fr/mairie-nord/agent/visits/{sekou}").submit(holding="attempt", press=("answer", "take"))
    assert states(database)[sekou] == Settled.BY_PHONE
    opened(client, database, ana).submit(holding="attempt")
    assert states(database)[ana] == Settled.ACCEPTED


def test_the_last_one_settled_is_said(dora: Desk, database: Database, client: FlaskClient) -> None:
    (one,) = visits(database, dora, "09:00")
    proposed(dora)
    token = dict_of(client)
    opened(client, database, one).submit(holding="attempt")
    with client.session_transaction() as cookie:
        cookie.update(token)

    assert "tout est réglé" in dora.open("/rebookings").text


def dict_of(client: FlaskClient) -> dict[str, Any]:
    with client.session_transaction() as cookie:
        return dict(cookie)


def test_another_offices_changes_do_not_exist(dora: Desk, database: Database, client: FlaskClient) -> None:
    assert dora.open("/rebookings/999").status == 404


def test_who_waits_and_who_is_rung_is_said_at_the_desk(dora: Desk, database: Database, client: FlaskClient) -> None:
    (one,) = visits(database, dora, "09:00")
    effect(dora).submit(holding="step", press=APPLY, for_all="propose")
    page = visit(client, f"/fr/mairie-nord/agent/visits/{one}")
    assert "Une autre heure est en cours de recherche." in page.text
    page = page.submit(holding="attempt", press=("answer", "stands"))

    assert "Réglé par téléphone\u00a0: la visite reste telle quelle." in page.text
    assert states(database) == {one: Settled.BY_PHONE}


def test_a_service_that_takes_longer_shows_whom_that_touches_first(dora: Desk, database: Database) -> None:
    visits(database, dora, "09:00")
    database.write(lambda session: session.get_one(Service, dora.work.service.id).__setattr__("minutes_first", 15))
    page = dora.open("/services/identity-card").submit(holding="minutes_first", minutes_first="25")

    assert page.heading == "Carte d’identité prend plus de temps"
    assert "Ce changement touche 1 rendez-vous." in page.text
    assert "Donner les minutes à 1 d’entre eux, à son heure" in page.text
    assert database.one(select(Service.minutes_first)) == 15, "nothing is saved before it was seen"
    page = page.submit(holding="listed", press=APPLY)
    assert "1 rendez-vous garde son heure." in page.text
    assert database.one(select(Service.minutes_first)) == 25
    assert database.one(select(Appointment.end)) == at(THURSDAY, "09:25")


def test_kept_they_last_as_long_as_was_agreed(dora: Desk, database: Database) -> None:
    visits(database, dora, "09:00")
    database.write(lambda session: session.get_one(Service, dora.work.service.id).__setattr__("minutes_first", 15))
    page = dora.open("/services/identity-card").submit(holding="minutes_first", minutes_first="25")
    page.submit(holding="listed", press=APPLY, move=None, for_all="keep")

    assert database.one(select(Appointment.end)) == at(THURSDAY, "09:15")
    assert database.one(select(Service.minutes_first)) == 25


# Ana


def letter_about(database: Database, number: int) -> Any:
    found = database.one(select(Message.id).where(Message.appointment_id == number))
    asked = {"message_number": found, "base_url": "https://x.example", "secret": "s", "now": EARLY}
    return database.write(lambda session: letter_for(session, **asked))


@pytest.mark.parametrize(("language", "help_language"), [("fr", "en"), ("nl", "de")])
def test_the_message_says_what_when_until_when_and_three_ways(
    dora: Desk, database: Database, language: str, help_language: str
) -> None:
    (one,) = visits(database, dora, "09:00", language=language, help_language=help_language)
    proposed(dora, silence=Silence.CANCEL.value)
    letter = letter_about(database, one)
    said = {
        "fr": ("Une autre heure pour votre rendez-vous du jeudi 7", "Grève", "votre rendez-vous est annulé"),
        "nl": ("Een ander tijdstip voor uw afspraak van donderdag 7", "Staking", "wordt uw afspraak geannuleerd"),
        "en": ("We cannot receive you on Thursday 7", "Grève", "your appointment is cancelled"),
        "de": ("Wir können Sie am Donnerstag, 7", "Staking", "wird Ihr Termin abgesagt"),
    }

    assert subject(letter).startswith(said[language][0])
    for words in (*said[language][1:], *(said[help_language][0], said[help_language][2])):
        assert words in text(letter).replace("\u00a0", " ")
    for step in ("proposal", "choose", "end"):
        assert f"/{step}" in text(letter)
        assert f"/{step}" in written_page(letter)


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_text_message_fits(dora: Desk, database: Database, language: str) -> None:
    (one,) = visits(database, dora, "09:00", language=language, email=None, phone="+32470123456")
    proposed(dora)
    said = short_text(letter_about(database, one))

    assert len(said) <= 306
    assert "/a/" in said


def test_one_press_and_it_is_hers(dora: Desk, database: Database, client: FlaskClient) -> None:
    (one,) = visits(database, dora, "09:00")
    proposed(dora)
    page = opened(client, database, one)
    assert "Nous ne pouvons pas vous recevoir à l’heure convenue." in page.text
    assert "Raison\u00a0: Grève" in page.text
    assert "Sans réponse d’ici là, nous vous appelons." in page.text
    assert database.count(RebookedVisit, RebookedVisit.state == Settled.PROPOSED) == 1, "a link answers nothing"
    page = page.submit(holding="attempt")

    assert "Votre rendez-vous est déplacé du jeudi 7\u00a0janvier 2027 à 9\u202fh au vendredi 8" in page.text
    assert "Nous ne pouvons pas vous recevoir" not in page.text
    assert states(database) == {one: Settled.ACCEPTED}
    assert database.count(Appointment, Appointment.state == AppointmentState.HELD) == 0


def test_another_one_is_chosen_from_the_calendar(dora: Desk, database: Database, client: FlaskClient) -> None:
    (one,) = visits(database, dora, "09:00")
    proposed(dora)
    page = opened(client, database, one, "choose")

    assert "Vous choisissez une nouvelle heure pour votre rendez-vous du jeudi 7" in page.text
    assert "/times" in page.response.request.path


def test_whoever_no_longer_wants_it_is_asked_once(dora: Desk, database: Database, client: FlaskClient) -> None:
    (one,) = visits(database, dora, "09:00")
    proposed(dora)
    opened(client, database, one, "end").submit(holding="version")

    assert states(database) == {one: Settled.CANCELLED}
    assert database.count(Appointment, Appointment.hold_kind == HoldKind.REBOOKING) == 0


def test_too_late_is_said_and_somebody_rings(dora: Desk, database: Database, client: FlaskClient, clock: Clock) -> None:
    (one,) = visits(database, dora, "09:00")
    proposed(dora)
    page = opened(client, database, one)
    clock.forward(days=3)
    page = page.submit(holding="attempt")

    assert page.status == 409
    assert "Nous ne retenons plus cette heure pour vous." in page.text
    assert states(database) == {one: Settled.PROPOSED}
    assert database.count(Message, Message.kind == MessageKind.MOVED) == 0
