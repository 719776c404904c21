"""Ana answers two or three questions and has her exact list: before a time is chosen, and wherever it is told again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.checklist import Checklist, Outcome, Paper, PhotoRule, Procedure, UrgentMode, Way
from booking.core.opening import Mode
from booking.core.translated import Translated
from booking.models import AppointmentLine, CounterService, Office, Service, ServiceFee
from tests.databases import Database
from tests.factories import a_counter, a_service, a_session, add, an_office
from tests.lists import FOR_ME, FOR_MY_CHILD, NEW_CARD, OLD_CARD, after, said
from tests.moments import MONDAY, at
from tests.pages import visit
from tests.web.asking import answering, asks, booking_with, open_asking, sent
from tests.web.booking import ANA, HALF_PAST_TEN, HOME, SERVICE, number, open_commune
from tests.web.test_resident_moves import choosing_anew

QUESTIONS, RESULT, TIMES = f"{SERVICE}/questions", f"{SERVICE}/list", f"{SERVICE}/times"


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_page_of_a_service_promises_the_list_and_asks_before_it_shows_times(
    client: FlaskClient, database: Database
) -> None:
    open_asking(database)
    page = visit(client, SERVICE)

    assert "Répondez à 4 questions courtes" in plain(page.text)
    assert page.follow("Établir ma liste").heading == "Quelques questions, pour votre liste exacte"
    assert page.follow("Choisir une heure").heading == "Quelques questions, pour votre liste exacte"


def test_the_answers_give_the_exact_list_and_who_comes_and_how_long_it_takes(
    client: FlaskClient, database: Database
) -> None:
    open_asking(database)
    page = answering(client, **FOR_MY_CHILD)

    assert page.heading == "Votre liste"
    listed = plain(page.text)
    assert "À apporter votre carte la carte du parent une photo Qui doit venir ? Vous et l’enfant" in listed
    assert "l’attestation de perte" not in listed
    assert "25 minutes" in listed
    assert "Pourquoi une carte ? Périmée" in listed


def test_a_question_that_depends_on_an_answer_follows_it_and_is_no_fault(
    client: FlaskClient, database: Database
) -> None:
    open_asking(database)
    first = visit(client, QUESTIONS)
    assert "Va-t-il à l’école" not in first.text

    second = sent(first, why="expired", whom="child", when="later")
    assert second.status == 200
    assert "Va-t-il à l’école" in second.text
    assert "Vos réponses amènent encore une question." in second.text
    assert second.submit(holding="question-why", **{"question-school": "no"}).heading == "Votre liste"


def test_who_changes_an_answer_finds_all_questions_and_only_those_needed_are_asked_for(
    client: FlaskClient, database: Database
) -> None:
    open_asking(database)
    sent(visit(client, QUESTIONS), why="expired", whom="absent")

    again = visit(client, QUESTIONS)
    assert "Quand ?" in again.text
    assert sent(again, whom="child").status == 422, "now it matters when"
    assert sent(visit(client, QUESTIONS), whom="me", when="later").heading == "Votre liste"


def test_a_question_that_followed_and_was_passed_over_is_named(client: FlaskClient, database: Database) -> None:
    open_asking(database)
    second = sent(visit(client, QUESTIONS), why="expired", whom="child", when="later")

    third = second.submit(holding="question-why")
    assert third.status == 422
    assert "Va-t-il à l’école ? – Choisissez une des réponses." in third.text


def test_what_is_not_answered_is_named_and_what_was_answered_stays(client: FlaskClient, database: Database) -> None:
    open_asking(database)
    page = sent(visit(client, QUESTIONS), why="lost")

    assert page.status == 422
    assert "Il manque encore 2 réponses" in plain(page.text)
    checked = [one.attrib["value"] for one in page.tree.iter("input") if "checked" in one.attrib]
    assert checked == ["lost"]


@pytest.mark.parametrize("typed", ["made-up", "<script>", "a" * 5000])
def test_an_answer_nobody_offered_is_none(client: FlaskClient, database: Database, typed: str) -> None:
    open_asking(database)
    page = visit(client, QUESTIONS).submit(holding="question-why", **{"question-why": typed})

    assert page.status == 422
    assert "Choisissez une des réponses." in page.text


def test_another_language_keeps_what_was_answered(client: FlaskClient, database: Database) -> None:
    open_asking(database)
    page = visit(client, QUESTIONS).submit(
        holding="question-why", press=("switch_to", "nl"), **{"question-why": "lost", "question-whom": "me"}
    )

    assert (page.status, page.language) == (200, "nl")
    assert [one.attrib["value"] for one in page.tree.iter("input") if "checked" in one.attrib] == ["lost", "me"]


def test_no_answer_is_ever_in_an_address(client: FlaskClient, database: Database) -> None:
    open_asking(database)
    page = answering(client, **FOR_MY_CHILD)

    assert page.response.request.path == RESULT
    assert page.response.request.query_string == b""


@pytest.mark.parametrize("address", [TIMES, f"{SERVICE}/office", RESULT])
def test_who_has_not_answered_is_sent_to_the_questions(client: FlaskClient, database: Database, address: str) -> None:
    open_asking(database)

    assert visit(client, f"{address}?persons=2").response.request.path == QUESTIONS


def test_what_the_address_says_of_the_wish_is_carried_on(client: FlaskClient, database: Database) -> None:
    open_asking(database)
    page = sent(visit(client, f"{TIMES}?persons=2"), **FOR_ME)

    assert page.links()["Choisir une heure"].endswith("persons=2")
    assert "2 · 25 minutes" in plain(page.follow("Choisir une heure").text)


def test_the_length_that_the_list_tells_is_that_of_all_who_come(client: FlaskClient, database: Database) -> None:
    open_asking(database)
    answering(client, why="expired", whom="me", when="later")

    alone, three = (visit(client, f"{SERVICE}/list{wish}").text for wish in ("", "?persons=3"))
    assert ("15\u00a0minutes" in alone, "35\u00a0minutes" in three) == (True, True)


def test_a_list_that_was_changed_meanwhile_asks_anew(client: FlaskClient, database: Database) -> None:
    place = open_asking(database)
    answering(client, **FOR_ME)
    database.write(lambda session: asks(session, place, replace(NEW_CARD, papers=(OLD_CARD,))))

    assert visit(client, TIMES).response.request.path == QUESTIONS


def test_a_service_that_asks_nothing_has_no_questions_to_answer(client: FlaskClient, database: Database) -> None:
    open_commune(database)

    assert visit(client, QUESTIONS).status == 404
    assert visit(client, RESULT).status == 404


# Another way than an appointment


def test_who_needs_a_visit_at_home_is_told_to_call_and_gets_no_time(client: FlaskClient, database: Database) -> None:
    open_asking(database)
    page = sent(visit(client, QUESTIONS), why="expired", whom="absent")

    assert page.heading == "Dans votre cas, cela se passe autrement"
    assert "Nous venons chez vous." in page.text
    assert any(link.startswith("tel:") for link in page.links().values())
    assert "Choisir une heure" not in page.links()
    assert visit(client, TIMES).response.request.path == RESULT


def test_who_comes_today_sees_the_hours_and_brings_the_list(client: FlaskClient, database: Database) -> None:
    place = open_asking(database)
    database.write(
        lambda session: (
            a_session(
                session,
                place.office,
                place.counters,
                mode=Mode.WALK_IN,
                start="13:00",
                end="15:00",
                services=[place.service],
            )
            and None
        )
    )
    page = answering(client, **FOR_ME | {"why": "lost", "when": "soon"})

    assert "Venez aujourd’hui." in page.text
    assert "ouvert plus tard aujourd’hui" in page.text
    assert "Appelez d’abord." in page.text
    assert "l’attestation de perte" in page.text


OUTCOMES = [
    (Outcome(Way.OTHER_SERVICE, said("Ailleurs.", "Elders."), after(why="lost"), service="passport"), "Passeport"),
    (
        Outcome(
            Way.ELSEWHERE,
            said("Ailleurs.", "Elders."),
            after(why="lost"),
            link=said("https://a.example", "https://b.example"),
        ),
        "Aller sur leur site",
    ),
    (Outcome(Way.OTHER_COMMUNE, said("Ailleurs.", "Elders."), after(why="lost")), None),
    (Outcome(Way.NOT_POSSIBLE, said("Ailleurs.", "Elders."), after(why="lost")), None),
]


@pytest.mark.parametrize(("outcome", "link"), OUTCOMES, ids=[one.way.value for one, _ in OUTCOMES])
def test_every_other_way_is_a_page_of_its_own(
    client: FlaskClient, database: Database, outcome: Outcome, link: str | None
) -> None:
    place = open_commune(database)

    def rows(session: Session) -> None:
        a_service(session, place.commune, code="passport", name=Translated.of(fr="Passeport", nl="Paspoort"))
        asks(session, place, replace(NEW_CARD, outcomes=(outcome,)))

    database.write(rows)
    page = sent(visit(client, QUESTIONS), why="lost")

    assert page.status == 200
    assert "Ailleurs." in page.text
    assert link is None or link in page.links()


def urgent(database: Database, mode: UrgentMode) -> None:
    place = open_asking(database)

    def rows(session: Session) -> None:
        service = session.get_one(Service, place.service.id)
        service.urgent_mode, service.urgent_text = mode, said("Avant 11 heures.", "Vóór 11 uur.")
        own = {"commune_id": place.commune.id, "service_id": place.service.id, "note": Translated({})}
        for procedure, cents in ((Procedure.NORMAL, 2600), (Procedure.URGENT, 15000)):
            add(session, ServiceFee(**own, procedure=procedure, valid_from=date(2026, 1, 1), cents=cents))

    database.write(rows)


def test_the_urgent_fee_stands_beside_the_normal_one_with_the_way_to_it(
    client: FlaskClient, database: Database
) -> None:
    urgent(database, UrgentMode.WALK_IN)
    page = answering(client, **FOR_ME | {"when": "soon"})

    listed = plain(page.text)
    assert "Procédure normale 26 €" in listed
    assert "Procédure urgente 150 €" in listed
    assert "Procédure urgente : venez sans rendez-vous. Avant 11 heures." in listed
    assert "Choisir une heure" not in page.links()
    assert visit(client, TIMES).response.request.path == RESULT


def test_an_urgent_procedure_by_appointment_is_booked_with_its_fee(client: FlaskClient, database: Database) -> None:
    urgent(database, UrgentMode.APPOINTMENT)
    page = booking_with(client, **FOR_ME | {"when": "soon"})

    assert "Procédure urgente, tarif : 150 €" in plain(page.text)
    assert database.one(select(AppointmentLine.procedure)) == Procedure.URGENT


# The list of an appointment


def test_the_list_is_told_again_while_the_form_is_filled_and_when_the_visit_is_made(
    client: FlaskClient, database: Database
) -> None:
    open_asking(database)
    page = booking_with(client, **FOR_MY_CHILD)

    assert page.heading == "Votre rendez-vous est fixé."
    assert "Votre liste À apporter votre carte la carte du parent une photo" in page.text
    line = database.one(select(AppointmentLine))
    assert (line.checklist_version, line.answers, line.added_minutes, line.minutes) == (1, FOR_MY_CHILD, 10, 25)


def test_the_next_visit_is_asked_anew(client: FlaskClient, database: Database) -> None:
    open_asking(database)
    booking_with(client, **FOR_ME)

    assert visit(client, TIMES).response.request.path == QUESTIONS


def test_ana_ticks_what_is_ready_and_finds_it_ticked(client: FlaskClient, database: Database) -> None:
    open_asking(database)
    booking_with(client, **FOR_MY_CHILD)
    page = visit(client, f"{HOME}/appointment")
    line = database.one(select(AppointmentLine.id))

    saved = page.submit(holding="ready", ready=[f"{line}:card", f"{line}:made-up", "77:photo"])

    assert "Votre liste est enregistrée." in saved.text
    assert [one.attrib["value"] for one in saved.tree.iter("input") if "checked" in one.attrib] == [f"{line}:card"]
    assert database.one(select(AppointmentLine.ticked)) == ("card",)


def test_an_appointment_shows_the_list_it_was_made_with_though_dora_has_changed_it(
    client: FlaskClient, database: Database
) -> None:
    place = open_asking(database)
    booking_with(client, **FOR_ME)
    other = Checklist(papers=(Paper("new", said("un papier de plus", "nog een papier")),))
    database.write(lambda session: asks(session, place, other))

    page = visit(client, f"{HOME}/appointment")
    assert "votre carte" in page.text
    assert "un papier de plus" not in page.text
    assert "un papier de plus" in visit(client, SERVICE).text


def test_a_photo_is_told_for_each_office_before_one_is_chosen_and_for_that_one_after(
    client: FlaskClient, database: Database
) -> None:
    place = open_asking(database)

    def rows(session: Session) -> None:
        session.get_one(Office, place.office.id).photo_rule = PhotoRule.AT_COUNTER
        station = an_office(session, place.commune, code="station", name=said("Antenne", "Antenne Zuid"))
        a_session(session, station, [a_counter(session, station, serves=[place.service])])

    database.write(rows)

    before = plain(answering(client, **FOR_ME).text)
    assert "Maison communale : pas de photo" in before
    assert "Antenne : une photo" in before
    made = plain(booking_with(client, **FOR_ME).text)
    assert "pas de photo" in made
    assert "une photo" not in made


def test_a_visit_on_another_day_keeps_nothing_of_the_answers_in_its_messages_but_the_list(
    client: FlaskClient, database: Database
) -> None:
    open_asking(database)
    page = booking_with(client, **FOR_ME)

    assert "Pourquoi une carte" not in page.text, "the answers are for the agent"
    assert str(MONDAY.year) in page.text


def test_in_one_visit_for_two_services_each_asks_its_own_questions_before_a_time_is_chosen(
    client: FlaskClient, database: Database
) -> None:
    place = open_asking(database)

    def rows(session: Session) -> None:
        passport = a_service(session, place.commune, code="passport", name=said("Passeport", "Paspoort"))
        own = {"commune_id": place.commune.id, "counter_id": place.counter.id, "service_id": passport.id}
        add(session, CounterService(**own))
        asks(session, replace(place, service=passport))

    database.write(rows)
    first = visit(client, f"{TIMES}?persons=2&with=passport:1")
    assert first.response.request.path == QUESTIONS
    listed = sent(first, **FOR_ME)

    second = listed.follow("Continuer\u00a0: Passeport")
    assert second.response.request.path == f"{HOME}/services/passport/questions"
    times = sent(second, **FOR_MY_CHILD).follow("Choisir une heure")

    assert times.response.request.path == TIMES
    details = times.submit(holding="start", press=("start", number(HALF_PAST_TEN)))
    assert "À apporter · Passeport" in details.text.replace(" – ", " · ")
    details.submit(holding="name", **ANA)
    kept = database.all(select(AppointmentLine.answers).order_by(AppointmentLine.position))
    assert kept == [FOR_ME, FOR_MY_CHILD]


@pytest.mark.parametrize(("first", "other"), [("identity-card", "passport"), ("passport", "identity-card")])
def test_when_one_of_two_services_is_had_in_another_way_one_goes_on_with_the_other(
    client: FlaskClient, database: Database, first: str, other: str
) -> None:
    place = open_asking(database)

    def rows(session: Session) -> None:
        passport = a_service(session, place.commune, code="passport", name=said("Passeport", "Paspoort"))
        own = {"commune_id": place.commune.id, "counter_id": place.counter.id, "service_id": passport.id}
        add(session, CounterService(**own))

    database.write(rows)
    asked = visit(client, f"{HOME}/services/{first}/times?persons=2&with={other}:2")
    listed = sent(asked, why="expired", whom="absent")
    assert listed.response.request.path == RESULT
    assert "Vous pouvez encore prendre le rendez-vous pour : Passeport." in plain(listed.text)
    times = listed.follow("Continuer avec le reste")

    assert times.response.request.path == f"{HOME}/services/passport/times"
    assert dict(times.response.request.args) == {"persons": "2"}


def test_who_chooses_another_time_is_not_asked_again_and_keeps_answers_and_ticks(
    client: FlaskClient, database: Database
) -> None:
    open_asking(database)
    booking_with(client, **FOR_MY_CHILD)
    line = database.one(select(AppointmentLine.id))
    visit(client, f"{HOME}/appointment").submit(holding="ready", ready=[f"{line}:card"])

    asked = choosing_anew(client, at(MONDAY, "11:30"))
    moved = asked.submit(holding="hold")

    assert "11 h 30" in plain(moved.text)
    kept = database.one(select(AppointmentLine))
    assert (kept.id, kept.answers, kept.ticked, kept.minutes) == (line, FOR_MY_CHILD, ("card",), 25)
