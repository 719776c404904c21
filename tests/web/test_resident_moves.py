"""Ana moves her appointment: the old time is hers until the new one is fixed, and old pages act on nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.references import link_token
from booking.core.roles import Role
from booking.core.self_service import WhyCancelled
from booking.models import Appointment, AppointmentLine, Claim, CounterService, Message, Office, Service
from booking.models.messages import MessageKind
from booking.usecases.check import problems
from booking.usecases.checklists import save_checklist
from booking.usecases.journal import Actor
from tests.databases import Database
from tests.factories import Working, a_service, an_appointment
from tests.lists import NEW_CARD
from tests.moments import EARLY, MONDAY, Clock, at
from tests.pages import Page, controls, visit
from tests.web.asking import sent
from tests.web.booking import HALF_PAST_TEN, HOME, booking, number, open_commune

ELEVEN = at(MONDAY, "11:00")
CHANGE, MOVE = f"{HOME}/appointment/change", f"{HOME}/appointment/move"
KEPT = "Votre heure actuelle reste à vous jusqu’à ce que la nouvelle soit fixée."


def said(page: Page) -> str:
    """The words of a page, with plain spaces."""
    return page.text.replace("\u202f", " ").replace("\xa0", " ")


def pressing(client: FlaskClient, page: Page, address: str, *, holding: str) -> Page:
    """Press a button that sends the form elsewhere, or one of a form with nothing in it."""
    token = next(value for name, value in controls(page.form(holding=holding)) if name == "csrf_token")
    return Page(client, client.post(address, data={"csrf_token": token}, follow_redirects=True))


def calendar(client: FlaskClient) -> Page:
    """The calendar where Ana chooses another time."""
    return pressing(client, visit(client, CHANGE), f"{MOVE}/start", holding="line")


def choosing_anew(client: FlaskClient, start: Any = ELEVEN) -> Page:
    """What follows the click on another time."""
    return calendar(client).submit(holding="start", press=("start", number(start)))


def starts(database: Database) -> list[Any]:
    return database.all(select(Appointment.start).where(Appointment.state == AppointmentState.BOOKED))


def faults(database: Database) -> list[str]:
    with Session(database.engine) as session:
        return problems(session, now=EARLY)


def test_ana_moves_her_appointment(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    page = visit(client, f"{HOME}/appointment").follow("Déplacer ou modifier le rendez-vous")
    assert KEPT in said(page)
    times = calendar(client)
    assert "Vous choisissez une nouvelle heure pour votre rendez-vous du lundi 4 janvier 2027 à 10 h 30." in said(times)
    question = times.submit(holding="start", press=("start", number(ELEVEN)))

    assert question.response.request.path == MOVE
    assert [part in said(question) for part in (KEPT, "à 10 h 30", "à 11 h")] == [True] * 3
    assert starts(database) == [HALF_PAST_TEN]
    page = question.submit(holding="hold")
    assert page.response.request.path == f"{HOME}/appointment"
    moved = "Votre rendez-vous est déplacé du lundi 4 janvier 2027 à 10 h 30 au lundi 4 janvier 2027 à 11 h."
    assert f"{moved} Un message est en route." in said(page)
    assert starts(database) == [ELEVEN]
    assert database.all(select(Message.kind).where(Message.kind.in_(list(MessageKind)[:5])).order_by(Message.id)) == [
        MessageKind.CONFIRMATION,
        MessageKind.MOVED,
    ]
    assert faults(database) == []


def test_pressing_twice_moves_once(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    question = choosing_anew(client)
    question.submit(holding="hold")
    again = question.submit(holding="hold")

    assert again.response.request.path == f"{HOME}/appointment"
    assert database.one(select(Appointment.version)) == 2


def test_keeping_the_time_gives_the_other_one_back(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    question = choosing_anew(client)
    page = pressing(client, question, f"{MOVE}/stop", holding="hold")

    assert "Rien n’a changé : votre rendez-vous reste comme il était." in said(page)
    assert database.count(Appointment) == 1
    assert "Vous choisissez une nouvelle heure" not in said(visit(client, f"{HOME}/services/identity-card/times"))


def offered(page: Page) -> set[str | None]:
    return {button.attrib.get("value") for button in page.tree.iter("button") if button.attrib.get("name") == "start"}


def test_the_time_one_has_is_no_other_time_but_one_that_overlaps_with_it_is(
    client: FlaskClient, database: Database
) -> None:
    open_commune(database, counters=2)
    database.write(lambda session: session.execute(update(Office).values(start_step=5)) and None)
    booking(client)
    page = calendar(client)
    assert number(HALF_PAST_TEN) not in offered(page), "the other counter is free at that time"
    assert number(HALF_PAST_TEN) not in offered(visit(client, f"{page.response.request.url}&view=list"))
    assert number(HALF_PAST_TEN - timedelta(minutes=10)) in offered(page)
    database.write(lambda session: session.execute(update(Appointment).values(disturbed_at=EARLY)) and None)
    assert number(HALF_PAST_TEN) in offered(calendar(client)), "the commune could not keep it, and now can"


def test_with_more_people_the_time_one_has_is_another_visit(client: FlaskClient, database: Database) -> None:
    open_commune(database, counters=2)
    booking(client)
    question = visit(client, CHANGE).submit(holding="line", line="identity-card:2")
    assert question.response.request.path == MOVE
    times = visit(client, f"{HOME}/services/identity-card/times?persons=2&office=town-hall")

    assert number(HALF_PAST_TEN) in offered(times)


def test_nothing_happens_to_who_fixes_the_time_they_have(client: FlaskClient, database: Database) -> None:
    open_commune(database, counters=2)
    booking(client)
    address = f"{HOME}/services/identity-card/hold"
    times = calendar(client)
    token = next(value for name, value in controls(times.form(holding="start")) if name == "csrf_token")
    typed = {"csrf_token": token, "office": "town-hall", "persons": "1", "start": number(HALF_PAST_TEN)}
    question = Page(client, client.post(address, data=typed, follow_redirects=True))
    assert question.response.request.path == MOVE

    for _pressed in range(2):
        page = question.submit(holding="hold")
        assert "Rien n’a changé : votre rendez-vous reste comme il était." in said(page)
    visits = database.all(select(Appointment))
    assert [(one.start, one.version, one.sequence, one.moves) for one in visits] == [(HALF_PAST_TEN, 1, 0, 0)]
    assert database.count(Message, Message.kind == MessageKind.MOVED) == 0
    assert faults(database) == []


def test_who_changes_nothing_is_told_that_nothing_has_changed(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    page = visit(client, CHANGE).submit(holding="line")

    assert "Rien n’a changé : votre rendez-vous reste comme il était." in said(page)
    assert database.count(Appointment) == 1


def test_a_time_lost_meanwhile_offers_its_neighbours_and_moves_to_one(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    open_commune(database)
    booking(client)
    times = calendar(client)
    bob = {"name": "Bob Claes", "email": "bob@example.org"}
    booking(app.test_client(), ELEVEN, **bob)
    lost = times.submit(holding="start", press=("start", number(ELEVEN)))
    assert lost.status == 409
    near = next(button.attrib["value"] for button in lost.tree.iter("button") if button.attrib.get("name") == "start")
    question = lost.submit(holding="wished", press=("start", near))

    assert question.response.request.path == MOVE
    question.submit(holding="hold")
    assert database.count(Appointment, Appointment.state == AppointmentState.BOOKED) == 2
    assert faults(database) == []


def test_a_hold_that_lapsed_is_taken_again_and_moves(client: FlaskClient, database: Database, clock: Clock) -> None:
    open_commune(database)
    booking(client)
    question = choosing_anew(client)
    clock.forward(minutes=11)
    lost = question.submit(holding="hold")
    assert lost.status == 409
    question = lost.submit(holding="wished", press=("start", number(ELEVEN)))
    question.submit(holding="hold")

    assert starts(database) == [ELEVEN]


def test_an_old_page_does_not_cancel_what_was_moved(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    old = visit(client, f"{HOME}/appointment/cancel")
    choosing_anew(client).submit(holding="hold")
    page = old.submit(holding="version")

    assert page.status == 409
    assert "à 11 h" in said(page), "the page shows what is true now"
    assert starts(database) == [ELEVEN]


def test_the_link_of_the_first_mail_shows_the_visit_after_two_moves(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    open_commune(database)
    booking(client)
    token = link_token(app.config["SECRET_KEY"], "appointment", database.one(select(Appointment.nonce)))
    for start in (ELEVEN, at(MONDAY, "11:30")):
        choosing_anew(client, start).submit(holding="hold")
    page = visit(app.test_client(), f"{HOME}/appointment/open/{token}")

    assert "lundi 4 janvier 2027 à 11 h 30" in said(page)
    assert database.one(select(Appointment.moves)) == 2


def test_a_move_page_open_while_somebody_cancels_moves_nothing(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    open_commune(database)
    booking(client)
    question = choosing_anew(client)
    visit(client, f"{HOME}/appointment/cancel").submit(holding="version")
    page = question.submit(holding="hold")

    assert page.heading == "Votre rendez-vous est annulé."
    assert database.count(Claim) == 0


def test_a_calendar_left_open_while_the_visit_was_moved_elsewhere_books_nothing_over_it(
    client: FlaskClient, database: Database
) -> None:
    open_commune(database)
    booking(client)
    question = choosing_anew(client)
    database.write(
        lambda session: session.execute(update(Appointment).where(Appointment.name.is_not(None)).values(version=7))
    )
    page = question.submit(holding="hold")

    assert page.status == 409
    assert starts(database) == [HALF_PAST_TEN]


def test_a_contact_corrected_meanwhile_is_no_hindrance(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    times = calendar(client)
    visit(client, f"{HOME}/appointment/contact").submit(holding="email", phone="0470 12 34 56")
    question = times.submit(holding="start", press=("start", number(ELEVEN)))

    assert question.response.request.path == MOVE
    question.submit(holding="hold")
    assert starts(database) == [ELEVEN]


def test_whoever_goes_on_to_something_else_books_that(client: FlaskClient, database: Database) -> None:
    place = open_commune(database)
    a_passport(database, place)
    booking(client)
    calendar(client)
    times = visit(client, f"{HOME}/services/passport/times")

    assert "Vous choisissez une nouvelle heure" not in said(times)
    page = times.submit(holding="start", press=("start", number(ELEVEN)))
    assert page.response.request.path == f"{HOME}/details"


def test_a_move_page_of_one_appointment_moves_no_other(app: Flask, client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    question = choosing_anew(client)
    secret = app.config["SECRET_KEY"]
    bobs = app.test_client()
    booking(bobs, at(MONDAY, "11:30"), name="Bob Claes", email="bob@example.org")
    nonce = database.one(select(Appointment.nonce).where(Appointment.email == "bob@example.org"))
    visit(client, f"{HOME}/appointment/open/{link_token(secret, 'appointment', nonce)}")
    question.submit(holding="hold")

    assert sorted(starts(database)) == [HALF_PAST_TEN, at(MONDAY, "11:30")]


def a_passport(database: Database, place: Working) -> None:
    def added(session: Session) -> None:
        passport = a_service(session, place.commune, code="passport")
        own = {"commune_id": place.commune.id, "service_id": passport.id}
        session.add_all(CounterService(**own, counter_id=counter.id) for counter in place.counters)

    database.write(added)


def test_two_more_people_at_the_same_time_where_there_is_room(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    question = visit(client, CHANGE).submit(holding="line", line="identity-card:3")
    assert question.response.request.path == MOVE
    assert "3 personnes" in said(question)
    question.submit(holding="hold")

    visit_ = database.write(lambda session: session.scalars(select(Appointment)).one())
    assert (visit_.start, visit_.end - visit_.start) == (HALF_PAST_TEN, timedelta(minutes=35))
    assert faults(database) == []


def test_something_more_where_there_is_no_room_asks_for_another_time(client: FlaskClient, database: Database) -> None:
    place = open_commune(database)
    a_passport(database, place)
    booking(client)
    after = HALF_PAST_TEN + timedelta(minutes=15)
    database.write(lambda session: an_appointment(session, place.counter, place.service, start=after, email=None))
    times = visit(client, CHANGE).submit(holding="line", line=["identity-card:1", "passport:1"])

    assert "Il n’y a pas assez de place à votre heure actuelle." in said(times)
    notice = next(one for one in times.tree.iter("div") if "said" in one.attrib.get("class", "").split())
    assert notice.attrib["class"] == "notice notice--warn said", "nothing has succeeded"
    question = times.submit(holding="start", press=("start", number(at(MONDAY, "11:15"))))
    question.submit(holding="hold")
    assert at(MONDAY, "11:15") in starts(database)
    assert faults(database) == []


def test_what_is_added_is_asked_about_first_and_its_list_goes_with_the_visit(
    client: FlaskClient, database: Database
) -> None:
    place = open_commune(database)
    a_passport(database, place)

    def with_questions(session: Session) -> None:
        passport = session.scalars(select(Service).where(Service.code == "passport")).one()
        own = {"commune_id": place.commune.id, "service_id": passport.id}
        save_checklist(session, **own, content=NEW_CARD, actor=Actor(Role.ADMINISTRATOR), now=EARLY)

    database.write(with_questions)
    booking(client)
    asked = visit(client, CHANGE).submit(holding="line", line=["identity-card:2", "passport:1"])
    assert asked.response.request.path == f"{HOME}/services/passport/questions"
    question = sent(asked, why="expired", whom="me", when="later").submit(holding="line")
    assert question.response.request.path == MOVE
    question.submit(holding="hold")

    told = select(AppointmentLine.answers).where(AppointmentLine.answers.is_not(None))
    assert database.all(told) == [{"why": "expired", "whom": "me", "when": "later"}]
    assert "votre carte une photo" in said(visit(client, f"{HOME}/appointment"))
    assert faults(database) == []


def test_one_service_at_least_has_to_stay(client: FlaskClient, database: Database) -> None:
    place = open_commune(database)
    a_passport(database, place)
    booking(client)
    page = visit(client, CHANGE).submit(holding="line", line=["identity-card:0", "passport:0"])

    assert page.status == 422
    assert "Choisissez au moins une démarche." in said(page)


def test_what_no_counter_takes_together_is_said_and_nothing_is_asked(client: FlaskClient, database: Database) -> None:
    place = open_commune(database)
    a_passport(database, place)
    database.write(
        lambda session: (
            session.execute(delete(CounterService).where(CounterService.service_id != place.service.id)) and None
        )
    )
    booking(client)
    page = visit(client, CHANGE).submit(holding="line", line=["identity-card:2", "passport:1"])

    assert page.status == 409
    assert "Aucun guichet ne traite tout cela." in said(page)
    assert [value for name, value in controls(page.form(holding="line")) if name == "line"] == [
        "identity-card:2",
        "passport:1",
    ]


def test_who_may_not_move_is_told_whom_to_call(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    database.write(lambda session: session.execute(update(Service).values(may_move=False)))
    page = visit(client, f"{HOME}/appointment")

    assert "Ce rendez-vous ne peut pas être déplacé ici. Appelez-nous." in said(page)
    assert "02 200 00 00" in said(page)
    assert "Déplacer ou modifier le rendez-vous" not in page.links()
    assert visit(client, CHANGE).response.request.path == f"{HOME}/appointment"


def test_after_the_last_move_allowed_one_calls(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    database.write(lambda session: session.execute(update(Service).values(max_moves=1)))
    choosing_anew(client).submit(holding="hold")

    assert "Vous avez déjà déplacé ce rendez-vous 1 fois." in said(visit(client, f"{HOME}/appointment"))


def test_cancelling_says_why_if_one_likes_and_is_undone(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    page = visit(client, f"{HOME}/appointment/cancel").submit(holding="why", why="not-needed")
    assert database.one(select(Appointment.why_cancelled)) == WhyCancelled.NOT_NEEDED
    assert "Jusqu’à 8 h 15" in said(page)
    page = page.submit(holding="version")

    assert "Votre rendez-vous est rétabli, à la même heure." in said(page)
    assert starts(database) == [HALF_PAST_TEN]


def test_a_quarter_of_an_hour_later_there_is_nothing_to_undo(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    open_commune(database)
    booking(client)
    page = visit(client, f"{HOME}/appointment/cancel").submit(holding="version")
    clock.forward(minutes=15)

    assert page.submit(holding="version").status == 409
    assert "Jusqu’à" not in said(visit(client, f"{HOME}/appointment"))
    assert starts(database) == []


def test_a_time_taken_meanwhile_is_not_undone_but_near_ones_are_offered(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    open_commune(database)
    booking(client)
    page = visit(client, f"{HOME}/appointment/cancel").submit(holding="version")
    booking(app.test_client(), name="Bob Claes", email="bob@example.org")
    lost = page.submit(holding="version")

    assert lost.status == 409
    assert [one for one in lost.tree.iter("button") if one.attrib.get("name") == "start"]


def test_the_visit_that_belongs_to_it_is_named_and_stays(client: FlaskClient, database: Database) -> None:
    place = open_commune(database, counters=2)
    booking(client)

    def joined(session: Session) -> None:
        session.execute(update(Appointment).values(group_key="together"))
        an_appointment(session, place.counter, place.service, start=ELEVEN, group_key="together", email=None)

    database.write(joined)
    stays = "L’autre visite liée à celle-ci reste fixée : lundi 4 janvier 2027 à 11 h."
    assert stays in said(visit(client, CHANGE))
    assert stays in said(visit(client, f"{HOME}/appointment/cancel"))
