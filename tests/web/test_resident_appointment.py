"""Ana comes back to her appointment: by the link in the mail, or with its reference."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.references import link_token, short_token
from booking.core.tickets import TicketState
from booking.models import Appointment, Claim, Message, Service
from booking.models.messages import MessageKind, MessageState
from tests.databases import Database
from tests.factories import a_ticket
from tests.moments import EARLY, Clock, at
from tests.pages import Page, visit, without_token
from tests.web.booking import HOME, MONDAY, booking, open_commune


def landing(app: Flask, database: Database) -> str:
    nonce = database.one(select(Appointment.nonce))
    return f"{HOME}/appointment/open/{link_token(app.config['SECRET_KEY'], 'appointment', nonce)}"


def snapshot(database: Database) -> list[Any]:
    return database.all(select(Appointment.state, Appointment.version, Appointment.sequence)) + database.all(
        select(Message.kind, Message.version)
    )


def test_the_link_of_the_mail_lands_on_a_clean_address(app: Flask, client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(app.test_client())
    page = visit(client, landing(app, database))

    assert page.response.request.path == f"{HOME}/appointment"
    assert "Ana Peeters" in page.text


def test_the_link_of_a_text_message_opens_the_same_page(app: Flask, client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(app.test_client())
    short = short_token(landing(app, database).rpartition("/")[2])
    page = visit(client, f"{HOME}/a/{short}")

    assert page.response.request.path == f"{HOME}/appointment"
    assert "Ana Peeters" in page.text
    assert visit(app.test_client(), f"{HOME}/a/{short[:-8]}").status == 404


@pytest.mark.parametrize("spoil", [lambda token: token[:-1] + "0g"[token[-1] == "0"], lambda token: token[:32]])
def test_a_spoiled_link_is_not_found(app: Flask, client: FlaskClient, database: Database, spoil: Any) -> None:
    open_commune(database)
    booking(app.test_client())

    assert visit(client, spoil(landing(app, database))).status == 404


def test_the_link_of_one_commune_opens_nothing_in_another(app: Flask, client: FlaskClient, database: Database) -> None:
    open_commune(database)
    open_commune(database, slug="ailleurs")
    booking(app.test_client())

    assert visit(client, landing(app, database).replace("mairie-nord", "ailleurs")).status == 404


def test_looking_changes_nothing(app: Flask, client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(app.test_client())
    before = snapshot(database)
    visit(client, landing(app, database))
    for path in (
        "/appointment",
        "/appointment/cancel",
        "/appointment/coming",
        "/appointment/contact",
        "/booked",
        "/find",
    ):
        assert visit(client, f"{HOME}{path}").status == 200
        assert client.head(f"{HOME}{path}").status_code == 200

    assert snapshot(database) == before


def test_cancelling_asks_first_and_frees_the_time(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    question = visit(client, f"{HOME}/appointment").follow("Annuler le rendez-vous")
    assert database.one(select(Appointment.state)) == AppointmentState.BOOKED
    page = question.submit(holding="version")

    assert page.heading == "Votre rendez-vous est annulé."
    assert database.count(Claim) == 0
    assert question.submit(holding="version").heading == "Votre rendez-vous est annulé."
    assert visit(client, f"{HOME}/appointment/cancel").heading == "Votre rendez-vous est annulé."
    assert database.count(Message) == 2


def test_too_near_to_cancel_the_page_gives_the_telephone(client: FlaskClient, database: Database, clock: Clock) -> None:
    open_commune(database)
    booking(client)
    question = visit(client, f"{HOME}/appointment/cancel")
    clock.now = at(MONDAY, "08:31")
    refused = question.submit(holding="version")

    assert refused.status == 409
    for page in (refused, visit(client, f"{HOME}/appointment"), visit(client, f"{HOME}/appointment/cancel")):
        assert ". Par téléphone\u00a0: 02\u00a0200\u00a000\u00a000" in page.text
        assert len(page.tree.findall(".//main//a[@href='tel:+3222000000']")) == 1
    assert database.one(select(Appointment.state)) == AppointmentState.BOOKED

    page = visit(client, f"{HOME}/appointment/cancel")
    assert page.heading == "Ce rendez-vous ne peut plus être annulé ici."
    for where in (page, refused):
        called = [link.attrib["href"] for link in where.tree.iterfind(".//main//a") if "02" in "".join(link.itertext())]
        assert called == ["tel:+3222000000"]


def test_too_near_to_cancel_the_confirmation_does_not_say_to_cancel(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    open_commune(database)
    booking(client)
    assert "annulez le rendez-vous" in visit(client, f"{HOME}/booked").text
    clock.now = at(MONDAY, "08:31")
    page = visit(client, f"{HOME}/booked")

    assert "Un empêchement\u202f? Appelez-nous" in page.text
    assert "nnule" not in page.text


def test_a_cancelled_visit_says_so_where_its_time_stands(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    page = visit(client, f"{HOME}/appointment/cancel").submit(holding="version")
    moment = page.tree.find(".//*[@class='visit__moment']")

    assert moment is not None
    assert moment.find("s") is not None
    assert "annulé" in "".join(moment.itertext())


def test_a_phone_alone_is_not_told_of_a_message_that_nobody_sends(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    by_phone = {"email": "", "phone": "0470 12 34 56"}
    page = visit(client, f"{HOME}/appointment/contact").submit(holding="email", **by_phone)

    assert "Les coordonnées sont corrigées." in page.text
    assert "La confirmation est en route." not in page.text
    assert "Nous gardons vos coordonnées jusqu’au" in page.text
    assert database.count(Message) == 1


def test_a_long_address_may_break_where_the_confirmation_names_it(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    page = booking(client, email="mariedelphine.vanderlinden@hotmail.com")

    named = [element.text for element in page.tree.iterfind(".//li/bdi")]
    assert named == ["mariedelphine.vanderlinden@hotmail.com"]


UNKNOWN = "K7F29MXD"
BEGUN = "Le rendez-vous a commencé\u00a0: il ne peut plus être modifié ici."


def test_once_the_visit_has_begun_nothing_is_offered_that_would_be_refused(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    open_commune(database)
    booking(client)
    database.write(lambda session: session.execute(update(Service).values(cancel_notice_minutes=0)) and None)
    offered = {"Corriger les coordonnées", "Annuler le rendez-vous"}
    start = database.one(select(Appointment.start))

    clock.now = start - timedelta(minutes=1)
    before = visit(client, f"{HOME}/appointment")
    contact, question = (visit(client, f"{HOME}/appointment/{step}") for step in ("contact", "cancel"))
    assert offered <= set(before.links())
    assert "Renvoyer le message" in before.text
    assert BEGUN not in before.text

    clock.now = start
    page = visit(client, f"{HOME}/appointment")
    assert not offered & set(page.links())
    assert "Renvoyer le message" not in page.text
    assert BEGUN in page.text
    assert visit(client, f"{HOME}/appointment/contact").heading == page.heading
    assert visit(client, f"{HOME}/appointment/cancel").heading == "Ce rendez-vous ne peut plus être annulé ici."

    told = snapshot(database)
    late = [contact.submit(holding="email", email="ana@right.example"), press_again(client, before)]
    for refused in (*late, question.submit(holding="version")):
        assert refused.status == 409
        assert BEGUN in refused.text
        assert not offered & set(refused.links())
    assert snapshot(database) == told


def test_a_corrected_contact_gets_the_message_and_old_pages_do_nothing(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    old = visit(client, f"{HOME}/appointment/cancel")
    page = visit(client, f"{HOME}/appointment/contact").submit(holding="email", email="ana@right.example", phone="")

    assert "ana@right.example" in page.text
    assert "Les coordonnées sont corrigées." in page.text
    refused = old.submit(holding="version")
    assert refused.status == 409
    assert "Le rendez-vous a changé depuis l’ouverture de cette page." in refused.text


def test_after_a_mistyped_address_is_corrected_the_strangers_letter_opens_nothing(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    open_commune(database)
    booking(client)
    letter, stranger = landing(app, database), app.test_client()
    assert "Ana Peeters" in visit(stranger, letter).text

    visit(client, f"{HOME}/appointment/contact").submit(holding="email", email="ana@right.example")

    assert visit(app.test_client(), letter).status == 404
    assert visit(stranger, f"{HOME}/appointment").heading == "Retrouver mon rendez-vous"
    assert "ana@right.example" in visit(client, f"{HOME}/appointment").text
    assert "ana@right.example" in visit(app.test_client(), landing(app, database)).text


def test_a_corrected_number_gets_the_text_message_where_there_is_a_gateway(
    make_app: Callable[..., Flask], database: Database
) -> None:
    open_commune(database)
    client = make_app(sms_url="https://sms.example/?to={to}&text={text}").test_client()
    booking(client, email="", phone="0470 00 00 00")
    before = database.one(select(Appointment.nonce))
    form = visit(client, f"{HOME}/appointment/contact")
    page = form.submit(holding="email", phone="0470 12 34 56")
    # Pressed a second time, before the cookie of the first answer has come.
    with client.session_transaction() as cookie:
        cookie["appointment"] = before
    again = form.submit(holding="email", phone="0470 12 34 56")

    assert "Les coordonnées sont corrigées. La confirmation est en route." in page.text
    assert again.heading == "Votre rendez-vous"
    assert database.one(select(Appointment.phone)) == "+32470123456"
    assert database.one(select(Appointment.nonce)) != before
    confirmations = select(Message.version).where(Message.kind == MessageKind.CONFIRMATION)
    assert database.all(confirmations.order_by(Message.id)) == [1, 2]


def test_a_contact_sent_twice_is_corrected_once_and_still_shown(client: FlaskClient, database: Database) -> None:
    """The second press leaves before the cookie of the first answer has come."""
    open_commune(database)
    booking(client)
    form = visit(client, f"{HOME}/appointment/contact")
    with client.session_transaction() as cookie:
        before = cookie["appointment"]
    form.submit(holding="email", email="ana@right.example")
    with client.session_transaction() as cookie:
        cookie["appointment"] = before

    again = form.submit(holding="email", email="ana@right.example")

    assert (again.status, again.heading) == (200, "Votre rendez-vous")
    assert "ana@right.example" in again.text
    assert database.count(Message) == 2


def test_a_stranger_who_guesses_the_right_address_does_not_get_in(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    open_commune(database)
    booking(client)
    stranger = app.test_client()
    visit(stranger, landing(app, database))
    guess = visit(stranger, f"{HOME}/appointment/contact")
    visit(client, f"{HOME}/appointment/contact").submit(holding="email", email="ana@right.example")

    assert guess.submit(holding="email", email="ana@right.example").heading == "Retrouver mon rendez-vous"


def test_who_was_not_reached_reads_so_until_the_contact_is_corrected(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    assert "ne vous est pas arrivé" not in visit(client, f"{HOME}/appointment").text
    database.write(lambda session: session.execute(update(Message).values(state=MessageState.REFUSED)) and None)
    page = visit(client, f"{HOME}/appointment")
    assert "Notre dernier message ne vous est pas arrivé." in page.text

    page.follow("Corriger les coordonnées").submit(holding="email", email="ana@right.example")
    assert "ne vous est pas arrivé" not in visit(client, f"{HOME}/appointment").text


def test_an_old_contact_form_overwrites_nothing_and_keeps_what_was_typed(
    client: FlaskClient, database: Database
) -> None:
    open_commune(database)
    booking(client)
    old = visit(client, f"{HOME}/appointment/contact")
    visit(client, f"{HOME}/appointment/contact").submit(holding="email", email="ana@right.example")
    refused = old.submit(holding="email", email="", phone="0470 12 34 56")

    assert refused.status == 409
    assert "Le rendez-vous a changé depuis l’ouverture de cette page." in refused.text
    assert "ana@right.example" in refused.text, "what is true now"
    assert 'value="0470 12 34 56"' in refused.response.text, "what was typed"
    assert database.one(select(Appointment.email)) == "ana@right.example"

    refused.submit(holding="email")
    assert database.one(select(Appointment.email, Appointment.phone)) == (None, "+32470123456")


def test_a_contact_form_shown_in_the_other_language_still_knows_what_it_saw(
    client: FlaskClient, database: Database
) -> None:
    open_commune(database)
    booking(client)
    old = visit(client, f"{HOME}/appointment/contact")
    visit(client, f"{HOME}/appointment/contact").submit(holding="email", email="ana@right.example")
    switched = old.submit(holding="email", email="ana@wrong.example", press=("switch_to", "nl"))

    assert (switched.language, switched.submit(holding="email").status) == ("nl", 409)
    assert database.one(select(Appointment.email)) == "ana@right.example"


def test_a_cancelled_visit_is_not_told_as_made_nor_corrected(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    form = visit(client, f"{HOME}/appointment/contact")
    visit(client, f"{HOME}/appointment/cancel").submit(holding="version")

    for page in (visit(client, f"{HOME}/booked"), form.submit(holding="email", email="ana@right.example")):
        assert page.heading == "Votre rendez-vous est annulé."
    assert database.one(select(Appointment.email)) == "ana@example.org"


def test_the_message_is_sent_again_but_not_for_ever(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    for _ in range(3):
        client_page = visit(client, f"{HOME}/appointment")
        answer = press_again(client, client_page)
        assert answer.status == 200
    assert press_again(client, visit(client, f"{HOME}/appointment")).status == 429
    assert database.count(Message) == 4


def test_send_again_pressed_twice_leaves_one_letter(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    page = visit(client, f"{HOME}/appointment")

    assert [press_again(client, page).status for _ in range(2)] == [200, 200]
    assert database.count(Message) == 2


def press_again(client: FlaskClient, page: Any) -> Any:
    for form in list(page.tree.iter("form")):
        if not form.attrib.get("action", "").endswith("/appointment/send-again"):
            form.clear()
    return page.submit(holding="version")


def test_the_calendar_file_is_this_visit(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    answer = client.get(f"{HOME}/appointment/calendar.ics")
    event = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")[0]

    assert answer.mimetype == "text/calendar"
    assert event["DTSTART"].dt == database.one(select(Appointment.start))
    assert str(event["UID"]) == database.one(select(Appointment.uid))


def test_the_calendar_file_of_an_old_page_takes_a_cancelled_visit_out(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    visit(client, f"{HOME}/appointment/cancel").submit(holding="version")
    calendar = icalendar.Calendar.from_ical(client.get(f"{HOME}/appointment/calendar.ics").data)
    event = calendar.walk("VEVENT")[0]

    assert (str(calendar["METHOD"]), str(event["STATUS"]), event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert str(event["UID"]) == database.one(select(Appointment.uid))


def test_the_calendar_file_of_a_visit_that_is_over_leads_to_its_page(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    over = update(Appointment).values(state=AppointmentState.MISSED, settled_at=EARLY)
    database.write(lambda session: session.execute(over) and None)

    assert visit(client, f"{HOME}/appointment/calendar.ics").heading == "Votre visite"


def test_the_ways_to_move_and_to_cancel_stand_under_the_time(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    page = visit(client, f"{HOME}/appointment")
    moment, ways, place = (page.text.index(one) for one in ("10\u202fh\u202f30", "Déplacer ou modifier", "Référence"))

    assert moment < ways < place
    assert page.follow("Annuler").heading == "Annuler ce rendez-vous\u202f?"
    visit(client, f"{HOME}/appointment/cancel").submit(holding="version")
    assert "Déplacer ou modifier" not in visit(client, f"{HOME}/appointment").links()


def test_a_forgotten_device_shows_nothing(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    page = visit(client, f"{HOME}/appointment")
    for form in list(page.tree.iter("form")):
        if not form.attrib.get("action", "").endswith("/forget"):
            form.clear()
    page.submit(holding="csrf_token")

    assert visit(client, f"{HOME}/appointment").heading == "Retrouver mon rendez-vous"


def test_a_reference_and_its_contact_find_the_appointment(app: Flask, client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(app.test_client())
    reference = database.one(select(Appointment.reference))
    typed = f"{reference[:4]} {reference[4:]}".lower()
    page = visit(client, f"{HOME}/find").submit(holding="reference", reference=typed, contact="Ana@Example.org")

    assert page.response.request.path == f"{HOME}/appointment"


def test_a_visit_with_an_address_and_a_phone_is_found_by_its_phone(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    open_commune(database)
    booking(app.test_client(), phone="0470 12 34 56")
    reference = database.one(select(Appointment.reference))
    page = visit(client, f"{HOME}/find").submit(holding="reference", reference=reference, contact="+32 470/12.34.56")

    assert page.response.request.path == f"{HOME}/appointment"


def test_five_misses_make_a_pause_for_this_client_and_no_other(
    app: Flask, client: FlaskClient, database: Database, clock: Clock
) -> None:
    open_commune(database)
    booking(app.test_client())
    reference = database.one(select(Appointment.reference))
    wrong = {"reference": UNKNOWN, "contact": "ana@example.org"}
    right = {"reference": reference, "contact": "ana@example.org"}
    form = visit(client, f"{HOME}/find")
    for _ in range(5):
        assert form.submit(holding="reference", **wrong).status == 404
        clock.forward(minutes=1)
    clock.forward(minutes=9, seconds=59)
    paused = [form.submit(holding="reference", **typed) for typed in (right, wrong)]
    assert [page.status for page in paused] == [429, 429]
    switched = paused[0].submit(holding="reference", press=("switch_to", "nl"))
    assert (switched.status, "Te veel pogingen." in switched.text) == (429, True)
    assert told(paused[0], right) == told(paused[1], wrong)

    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    found = visit(elsewhere, f"{HOME}/find").submit(holding="reference", **right)
    assert found.response.request.path == f"{HOME}/appointment"

    clock.forward(seconds=1)
    assert form.submit(holding="reference", **right).response.request.path == f"{HOME}/appointment"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("x", "Écrivez l’adresse e-mail ou le numéro"),
        ("ana@", "Écrivez une adresse e-mail comme nom@exemple.be."),
        ("0470", "Écrivez un numéro comme 0470 12 34 56"),
    ],
)
def test_a_contact_that_is_neither_is_asked_for_as_what_it_seems_to_be(
    client: FlaskClient, database: Database, typed: str, sentence: str
) -> None:
    open_commune(database)
    page = visit(client, f"{HOME}/find").submit(holding="reference", reference=UNKNOWN, contact=typed)

    assert page.status == 422
    assert sentence in page.text


def test_nothing_found_is_not_told_as_an_answer_that_is_missing(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    typed = {"reference": UNKNOWN, "contact": "ana@example.org"}
    page = visit(client, f"{HOME}/find").submit(holding="reference", **typed)

    assert "Il manque" not in page.text
    assert "à compléter ou à corriger" not in page.text
    assert "Il manque encore 2 réponses." in visit(client, f"{HOME}/find").submit(holding="reference").text


def test_whoever_tries_many_references_at_once_has_five_misses(app: Flask, database: Database) -> None:
    open_commune(database)

    def once(_: int) -> int:
        client = app.test_client()
        form = visit(client, f"{HOME}/find")
        return form.submit(holding="reference", reference=UNKNOWN, contact="ana@example.org").status

    with ThreadPoolExecutor(8) as crowd:
        assert sorted(crowd.map(once, range(12))) == [404] * 5 + [429] * 7


def told(page: Page, typed: dict[str, str]) -> str:
    """An answer, without what was typed itself."""
    answer = page.response.text
    for field in typed.values():
        answer = answer.replace(f'value="{field}"', "")
    return without_token(answer)


def test_a_wrong_reference_and_a_wrong_contact_are_told_alike(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    """Word for word; and a reference of another commune is none here."""
    open_commune(database)
    open_commune(database, slug="ailleurs")
    booking(app.test_client())
    reference = database.one(select(Appointment.reference))
    form, there = visit(client, f"{HOME}/find"), visit(client, "/fr/ailleurs/find")
    unknown = {"reference": UNKNOWN, "contact": "ana@example.org"}
    other = {"reference": reference, "contact": "x@y.be"}
    by_phone = {"reference": reference, "contact": "0470 12 34 56"}
    misses = [form.submit(holding="reference", **typed) for typed in (unknown, other, by_phone)]
    misses.append(there.submit(holding="reference", reference=reference, contact="ana@example.org"))

    for miss in misses:
        assert (miss.status, "Set-Cookie" in miss.response.headers) == (404, False)
        assert "Nous ne trouvons pas de rendez-vous avec cette référence et ces coordonnées." in miss.text
    assert told(misses[0], unknown) == told(misses[1], other) == told(misses[2], by_phone)


def test_whose_papers_were_incomplete_reads_until_when_to_come_back(client: FlaskClient, database: Database) -> None:
    work = open_commune(database)
    booking(client)

    def rows(session: Session) -> None:
        visit_ = session.scalars(select(Appointment)).one()
        visit_.state, visit_.settled_at = AppointmentState.FULFILLED, EARLY
        ends = {"state": TicketState.INCOMPLETE, "return_until": MONDAY + timedelta(days=4)}
        a_ticket(session, work.office, work.service, appointment_id=visit_.id, **ends)

    database.write(rows)

    assert "revenez au plus tard le vendredi 8\u00a0janvier 2027" in visit(client, f"{HOME}/appointment").text
