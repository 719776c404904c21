"""Ana books: what she types is kept, what she may not have is refused with a sentence, nothing is half done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, ServiceMode
from booking.core.changes import NEW, AddClosure
from booking.core.opening import ClosureRule
from booking.core.translated import Translated
from booking.models import Appointment, Claim, Message, Service
from booking.usecases.journal import SYSTEM
from booking.usecases.opening import make_change
from booking.usecases.settling import Wanted
from booking.web import frame
from booking.web.resident import details, services
from tests.databases import Database
from tests.factories import a_closure, a_commune, a_service, an_office
from tests.moments import MONDAY, Clock, at
from tests.pages import Page, visit
from tests.web.booking import ANA, HALF_PAST_TEN, HOME, SERVICE, booking, choosing, number, open_commune


def test_ana_books_in_four_pages_and_is_told_when_and_where(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    page = visit(client, f"{HOME}/").follow("Carte d’identité").follow("Choisir une heure")
    page = page.submit(holding="start", press=("start", number(HALF_PAST_TEN)))
    page = page.submit(holding="name", **ANA)
    visit_ = database.one(select(Appointment))

    assert (page.status, page.heading) == (200, "Votre rendez-vous est fixé.")
    assert "lundi 4\u00a0janvier 2027 à 10\u202fh\u202f30" in page.text.replace("\u00a0à", " à")
    assert f"{visit_.reference[:4]} {visit_.reference[4:]}" in page.text.replace("\u00a0", " ")
    assert (visit_.state, visit_.language, visit_.email) == (AppointmentState.BOOKED, "nl", "ana@example.org")
    assert page.response.headers["Cache-Control"] == "no-store"
    assert 'name="robots" content="noindex' in page.response.text


def test_nothing_is_asked_but_name_contact_and_language(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    asked = {element.attrib.get("name") for element in choosing(client).form(holding="name").iter()}

    seen = asked & {"name", "email", "phone", "language", "help_language", "birth", "nrn", "address"}
    assert seen == {"name", "email", "phone", "language", "help_language"}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Écrivez un nom, avec au moins une lettre."),
        ({"name": "12345"}, "Écrivez un nom, avec au moins une lettre."),
        ({"email": "", "phone": ""}, "Donnez une adresse e-mail ou un numéro de téléphone"),
        ({"email": "ana@"}, "Écrivez une adresse e-mail comme nom@exemple.be."),
        ({"email": "", "phone": "12"}, "Écrivez un numéro comme 0470 12 34 56"),
        ({"email": "", "phone": "0470 12 34"}, "Écrivez un numéro comme 0470 12 34 56"),
        ({"email": "85073003328@gmail.com"}, "Ceci ressemble à un numéro de registre national."),
        ({"name": "Ana 85.07.30-033.28"}, "Ceci ressemble à un numéro de registre national."),
        ({"phone": "85073003328"}, "Ceci ressemble à un numéro de registre national."),
        ({"name": "a" * 101}, "Écrivez au plus 100\u00a0caractères."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_is_kept(
    client: FlaskClient, database: Database, typed: dict[str, str], sentence: str
) -> None:
    open_commune(database)
    page = booking(client, **typed)
    fields = {element.attrib.get("name"): element.attrib.get("value") for element in page.form(holding="name").iter()}

    assert page.status == 422
    assert page.text.count(sentence) >= 2  # in the summary and at the field
    assert fields["name"] == typed.get("name", ANA["name"])
    assert fields["email"] == typed.get("email", ANA["email"])
    assert database.one(select(Appointment.state)) == AppointmentState.HELD


def test_a_likely_slip_in_the_address_is_asked_about_and_is_no_fault(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    page = booking(client, email="ana@gmial.com")

    assert page.status == 422
    assert "Vouliez-vous dire ana@gmail.com" in page.text
    assert "govuk-error" not in page.response.text
    assert database.one(select(Appointment.state)) == AppointmentState.HELD


@pytest.mark.parametrize(
    ("answer", "address"), [("domain_meant", "ana@gmial.com"), ("domain_slipped", "ana@gmail.com")]
)
def test_a_questioned_address_is_kept_or_put_right_by_one_press(
    client: FlaskClient, database: Database, answer: str, address: str
) -> None:
    open_commune(database)
    page = booking(client, email="ana@gmial.com")
    assert answer in {button.attrib.get("name") for button in page.tree.iter("button")}

    assert page.submit(holding="name", press=(answer, "y")).heading == "Votre rendez-vous est fixé."
    assert database.one(select(Appointment.email)) == address


def test_an_address_said_to_be_right_is_not_asked_about_again(client: FlaskClient, database: Database) -> None:
    """Neither after another slip nor in the other language."""
    open_commune(database)
    page = booking(client, email="ana@gmial.com").submit(holding="name", press=("domain_meant", "y"), name="")
    page = page.submit(holding="name", press=("switch_to", "nl")).submit(holding="name", name="Ana Peeters")

    assert page.heading == "Uw afspraak ligt vast."
    assert database.one(select(Appointment.email)) == "ana@gmial.com"


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("language", "Choose French or Dutch: both are spoken at every counter."),
        ("help_language", "Choose English or German, or no other language."),
    ],
)
def test_a_language_that_is_not_offered_is_refused_in_the_readers_own(
    client: FlaskClient, database: Database, field: str, sentence: str
) -> None:
    open_commune(database)
    page = visit(client, f"{SERVICE.replace('/fr/', '/en/')}/times")
    page = page.submit(holding="start", press=("start", number(HALF_PAST_TEN)))
    page = page.submit(holding="name", **{**ANA, field: "xx"})

    assert page.status == 422
    assert page.text.count(sentence) == 2
    assert "alid choice" not in page.text


@pytest.mark.parametrize(
    "name", ["Sekou", "Nguyễn Thị Ánh", "محمد أمين", "Олена Коваленко", "O’Brien", "Jean-Baptiste d’Annevoie", "李小龙"]
)
def test_an_honest_name_in_any_script_is_kept_exactly(client: FlaskClient, database: Database, name: str) -> None:
    open_commune(database)
    booking(client, name=name)

    assert database.one(select(Appointment.name)) == name


def test_invisible_signs_are_taken_out_of_a_name(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client, name=" Ana\u202e\u0007  Pee\u200bters\u2028 ")

    assert database.one(select(Appointment.name)) == "Ana Peeters"


def test_a_nul_in_a_field_or_an_address_is_no_fault_of_ours(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    page = booking(client, name="Ana\x00 Peeters", email="", phone="0470 12 34 56")

    assert page.status == 200
    assert database.one(select(Appointment.phone)) == "+32470123456"
    assert visit(client, f"{HOME}/?q=%00").status == 400


@pytest.mark.parametrize(
    ("wall", "days", "sentence"),
    [
        ("07:00", 0, "Cette heure est trop proche ou déjà passée."),
        ("09:00", 0, "Cette heure est trop proche ou déjà passée."),
        ("10:35", 0, "Aucun rendez-vous pour cette démarche ne commence à cette heure."),
        ("13:00", 0, "Aucun rendez-vous pour cette démarche ne commence à cette heure."),
        ("10:30", 1, "Aucun rendez-vous pour cette démarche ne commence à cette heure."),
        ("10:30", 70, "Cette heure ne peut pas encore être prise."),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_near_ones(
    client: FlaskClient, database: Database, wall: str, days: int, sentence: str
) -> None:
    place = open_commune(database)
    tuesday = MONDAY + timedelta(days=1)
    database.write(lambda session: a_closure(session, place.commune, first_day=tuesday, last_day=tuesday))
    page = choosing(client, at(MONDAY + timedelta(days=days), wall))

    assert page.status == 409
    assert sentence in page.text
    assert len([button for button in page.tree.iter("button") if button.attrib.get("name") == "start"]) == 3
    assert database.count(Appointment) == database.count(Claim) == 0


@pytest.mark.parametrize(
    ("commune", "sentence"),
    [
        ("/fr/mairie-nord", "Il n’y a plus d’heure libre en janvier 2027."),
        ("/nl/gemeente-noord", "In januari 2027 is er geen vrij tijdstip meer."),
        ("/en/mairie-nord", "There is no free time left in January 2027."),
    ],
)
def test_a_full_month_is_named_as_in_any_sentence(
    client: FlaskClient, database: Database, commune: str, sentence: str
) -> None:
    place = open_commune(database)
    last = MONDAY.replace(day=31)
    database.write(lambda session: a_closure(session, place.commune, first_day=MONDAY, last_day=last))

    assert sentence in visit(client, f"{commune}/services/identity-card/times?month=2027-01").text


@pytest.mark.parametrize("start", ["", "x", "-5", "99999999999999999999", "٣", "1.5"])
def test_a_start_that_is_no_time_is_not_found(client: FlaskClient, database: Database, start: str) -> None:
    open_commune(database)
    page = visit(client, f"{SERVICE}/times").submit(holding="start", press=("start", start))

    assert page.status == 404
    assert database.count(Appointment) == 0


@pytest.mark.parametrize("persons", ["99", "5", "0", "-3", "two"])
def test_more_persons_than_one_appointment_takes_are_refused_with_a_way_on(
    client: FlaskClient, database: Database, persons: str
) -> None:
    open_commune(database)
    times = visit(client, f"{SERVICE}/times")
    times.form(holding="start").find(".//input[@name='persons']").attrib["value"] = persons  # type: ignore[union-attr]
    pressed = times.submit(holding="start", press=("start", number(HALF_PAST_TEN)))

    for page in (pressed, visit(client, f"{SERVICE}/times?persons={persons}")):
        assert (page.status, plain(page.heading)) == (
            409,
            "Un rendez-vous pour cette démarche est limité à 4 personnes.",
        )
        assert page.follow("Voir cette démarche").heading == "Carte d’identité"
    assert database.count(Appointment) == 0


def test_who_says_no_number_of_persons_comes_alone(client: FlaskClient, database: Database) -> None:
    open_commune(database)

    assert "1 · 15 minutes" in plain(visit(client, f"{SERVICE}/times?persons=").text)


def test_a_walk_in_service_says_when_to_come_and_cannot_be_booked(client: FlaskClient, database: Database) -> None:
    place = open_commune(database)
    page = visit(client, f"{SERVICE}/times")
    database.write(
        lambda session: session.execute(
            update(Service).where(Service.id == place.service.id).values(mode=ServiceMode.WALK_IN)
        )
    )

    assert "Vous n’avez pas besoin de rendez-vous." in visit(client, SERVICE).text
    assert visit(client, f"{SERVICE}/times").status == 409
    refused = page.submit(holding="start", press=("start", number(HALF_PAST_TEN)))
    assert (refused.status, database.count(Appointment)) == (409, 0)


def test_what_does_not_exist_and_what_is_elsewhere_look_the_same(client: FlaskClient, database: Database) -> None:
    open_commune(database)

    def elsewhere(session: Any) -> None:
        other = a_commune(session, slug="ailleurs", slug_nl="elders")
        an_office(session, other, code="other-office")
        a_service(session, other, code="other-service")

    database.write(elsewhere)
    bodies = {
        visit(client, f"{HOME}{path}").text
        for path in (
            "/services/other-service",
            "/services/nothing",
            "/services/identity-card/times?office=other-office",
            "/services/identity-card/times?office=nothing",
            "/appointment/open/" + "0" * 64,
        )
    }
    assert len(bodies) == 1
    assert "Nous ne trouvons pas cette page" in bodies.pop()
    for path in ("/fr/atlantis/", f"{HOME}/nowhere"):
        assert visit(client, path).status == 404


def test_a_commune_without_services_does_not_speak_of_a_search(client: FlaskClient, database: Database) -> None:
    database.write(lambda session: a_commune(session) and None)

    page = visit(client, "/nl/gemeente-noord/")

    assert "Hier zijn nog geen formaliteiten te vinden." in page.text
    assert "Alle formaliteiten tonen" not in page.text
    searched = visit(client, "/nl/gemeente-noord/?q=paspoort")
    assert "Alle formaliteiten tonen" in searched.text


def test_who_is_lost_in_a_commune_is_told_so_in_their_language_and_finds_the_way_back(
    client: FlaskClient, database: Database
) -> None:
    open_commune(database)
    lost = visit(client, "/nl/gemeente-noord/nergens/te/vinden")
    assert (lost.status, lost.heading) == (404, "Wij vinden deze pagina niet")
    assert lost.links()["Een formaliteit kiezen"] == "/nl/gemeente-noord/"
    assert "Nous ne trouvons pas" not in lost.text
    nowhere = visit(client, "/nl/atlantis/nergens")
    assert (nowhere.status, nowhere.heading) == (404, "Wij vinden deze pagina niet")
    assert "Wij vinden deze pagina niet" in visit(client, "/nergens").text
    assert "Nous ne trouvons pas cette page" in visit(client, "/nergens").text


@pytest.mark.parametrize(
    "path", ["/nowhere", "/services/nothing", "/appointment/open/x", "/a/b/c", "/details/give-back"]
)
def test_a_page_that_is_not_there_keeps_the_commune_its_telephone_and_its_hours(
    client: FlaskClient, database: Database, path: str
) -> None:
    open_commune(database)
    page = visit(client, f"{HOME}{path}")

    assert (page.status, page.language) == (405 if path.endswith("give-back") else 404, "fr")
    assert [part for part in ("Mairie Nord", "02 200 00 00", "de 8 h à 12 h") if part not in plain(page.text)] == []
    assert page.links()["Nederlands"].startswith("/nl/gemeente-noord/")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_an_address_without_commune_keeps_its_language(client: FlaskClient, database: Database) -> None:
    page = visit(client, "/nl/nergens/niets")

    assert (page.status, page.language, page.heading) == (404, "nl", "Wij vinden deze pagina niet")


def test_a_lost_time_keeps_the_form_and_one_click_takes_another(
    app: Flask, client: FlaskClient, database: Database, clock: Clock
) -> None:
    open_commune(database)
    details = choosing(client)
    clock.forward(minutes=10)
    other = app.test_client()
    booking(other, name="Bilal Amrani", email="bilal@example.org")

    lost = details.submit(holding="name", **ANA)
    assert lost.status == 409
    assert lost.heading == "Cette heure n’est plus libre"
    assert (
        "Quelqu’un vient de prendre cette heure. Voici les heures libres les plus proches. "
        "Ce que vous avez écrit est conservé."
    ) in lost.text
    again = lost.submit(holding="start", press=("start", offered(lost)[0]))
    assert again.submit(holding="name").heading == "Votre rendez-vous est fixé."
    assert sorted(database.all(select(Appointment.name))) == ["Ana Peeters", "Bilal Amrani"]


def offered(page: Page) -> list[str]:
    """The starts that a page of a lost time offers, each a button."""
    return [button.attrib["value"] for button in page.tree.iter("button") if button.attrib.get("name") == "start"]


def test_a_page_of_a_lost_time_says_which_and_for_what(app: Flask, client: FlaskClient, database: Database) -> None:
    open_commune(database)
    chosen = visit(client, f"{SERVICE}/times?persons=2")
    booking(app.test_client())
    lost = chosen.submit(holding="start", press=("start", number(HALF_PAST_TEN)))

    named = ("Carte d’identité", "2 personnes", "25 minutes", "Place du Nord 1")
    assert [part for part in named if part not in plain(lost.text)] == []
    assert [plain("".join(gone.itertext())) for gone in lost.tree.iter("s")] == ["lundi 4 janvier 2027 à 10 h 30"]


def test_the_time_that_another_tab_let_go_is_offered_first_when_it_is_still_free(
    client: FlaskClient, database: Database
) -> None:
    open_commune(database)
    first = choosing(client)
    choosing(client, HALF_PAST_TEN + timedelta(minutes=15))

    lost = first.submit(holding="name", **ANA)
    assert (lost.status, lost.heading) == (409, "Aucune heure n’est retenue pour vous")
    assert offered(lost)[0] == number(HALF_PAST_TEN)
    again = lost.submit(holding="start", press=("start", number(HALF_PAST_TEN)))
    assert again.submit(holding="name").heading == "Votre rendez-vous est fixé."
    assert database.all(select(Appointment.start)) == [HALF_PAST_TEN]


def test_who_holds_too_many_times_is_offered_no_other_but_the_telephone(
    make_app: Callable[..., Flask], database: Database
) -> None:
    open_commune(database, counters=2)
    app = make_app(holds_per_client=1)
    choosing(app.test_client())
    page = choosing(app.test_client(), HALF_PAST_TEN + timedelta(minutes=15))

    assert (page.status, page.heading) == (429, "Cette heure ne peut pas être prise")
    assert offered(page) == [number(HALF_PAST_TEN + timedelta(minutes=15))]
    assert "02 200 00 00" in plain(page.text)
    assert "Voici les heures libres" not in page.text
    assert "pas d’autre heure libre" not in page.text
    switched = page.submit(holding="wished", press=("switch_to", "nl"))
    assert (switched.status, switched.heading) == (429, "Dit tijdstip kunt u niet nemen")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (ANA, True),
        ({"name": "", "phone": "0470 12 34 56"}, True),
        ({"name": " ", "help_language": "en"}, True),
        ({"name": " ", "language": "nl"}, False),
    ],
)
def test_what_was_typed_is_told_as_kept_only_to_whoever_typed(
    client: FlaskClient, database: Database, clock: Clock, typed: dict[str, str], kept: bool
) -> None:
    open_commune(database)
    details = choosing(client)
    clock.forward(minutes=11)
    over = press_beside(client, details, "more-time", **typed)

    assert over.heading == "Le temps est écoulé"
    assert ("Ce que vous avez écrit est conservé." in over.text) is kept


def test_a_time_taken_before_anything_was_typed_is_told_with_the_nearest_and_no_more(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    open_commune(database)
    chosen = visit(client, f"{SERVICE}/times")
    booking(app.test_client())

    lost = chosen.submit(holding="start", press=("start", number(HALF_PAST_TEN)))
    assert lost.status == 409
    assert "Quelqu’un vient de prendre cette heure. Voici les heures libres les plus proches." in lost.text
    assert "Ce que vous avez écrit" not in lost.text


def test_a_lapsed_time_that_is_still_free_is_taken_again_by_one_click(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    open_commune(database)
    details = choosing(client)
    clock.forward(minutes=11)
    lapsed = details.submit(holding="name", **ANA)
    assert (lapsed.status, lapsed.heading) == (409, "Le temps est écoulé")

    done = lapsed.submit(holding="start", press=("start", number(HALF_PAST_TEN))).submit(holding="name")
    assert done.heading == "Votre rendez-vous est fixé."
    assert database.one(select(Appointment.start)) == HALF_PAST_TEN


def test_a_lapsed_time_is_told_as_such_before_anything_is_sent(
    app: Flask, client: FlaskClient, database: Database, clock: Clock
) -> None:
    open_commune(database)
    details = choosing(client)
    clock.forward(minutes=11)

    for lapsed in (visit(client, f"{HOME}/details"), details.submit(holding="name", **{**ANA, "name": ""})):
        assert (lapsed.status, lapsed.heading) == (409, "Le temps est écoulé")
        assert offered(lapsed)[0] == number(HALF_PAST_TEN)
        assert "L’heure est encore libre : la reprendre" in plain(lapsed.text)
    choosing(app.test_client())
    assert visit(client, f"{HOME}/details").heading == "Aucune heure n’est retenue pour vous"
    assert details.submit(holding="name", **ANA).heading == "Cette heure n’est plus libre"


def test_hours_that_close_meanwhile_are_told_at_confirm_with_the_form_still_filled(
    client: FlaskClient, database: Database
) -> None:
    place = open_commune(database)
    details = choosing(client)
    closing = AddClosure(None, ClosureRule(id=NEW, first=MONDAY, last=MONDAY), Translated.of(fr="Grève", nl="Staking"))
    database.write(
        make_change,
        commune_id=place.commune.id,
        change=closing,
        wanted=Wanted({}),
        actor=SYSTEM,
        now=at(MONDAY, "08:01"),
    )
    lost = details.submit(holding="name", **ANA)

    assert lost.status == 409
    assert 'value="Ana Peeters"' in lost.response.text
    assert "Nous ne retenons plus cette heure pour vous." in lost.text


def test_a_form_sent_when_the_visit_would_have_begun_is_told_so_and_offers_later_times(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    open_commune(database)
    database.write(lambda session: session.execute(update(Service).values(notice_minutes=0)) and None)
    clock.now = HALF_PAST_TEN - timedelta(minutes=5)
    details = choosing(client)
    clock.now = HALF_PAST_TEN

    page = details.submit(holding="name", **ANA)

    assert page.status == 409
    assert "Cette heure est trop proche ou déjà passée." in page.text
    assert "Ana Peeters" in {control.attrib.get("value") for control in page.tree.iter("input")}
    assert database.count(Appointment, Appointment.state == AppointmentState.BOOKED) == 0


def test_the_same_form_sent_again_shows_the_same_appointment(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    details = choosing(client)
    first, again = details.submit(holding="name", **ANA), details.submit(holding="name", **ANA)

    assert first.text == again.text
    assert database.count(Appointment) == database.count(Message) == 1


def test_going_back_after_booking_leads_to_the_appointment(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    page = visit(client, f"{HOME}/details")

    assert (page.status, page.heading) == (409, "Vous avez déjà un rendez-vous")
    assert "lundi 4 janvier 2027 à 10 h 30" in plain(page.text)
    assert page.follow("Voir, modifier ou annuler le rendez-vous").heading == "Votre rendez-vous"
    visit(client, f"{HOME}/appointment/cancel").submit(holding="version")
    assert visit(client, f"{HOME}/details").heading == "Aucune heure n’est retenue pour vous"


def test_more_time_is_given_twice_and_then_refused_with_everything_kept(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    open_commune(database)
    page = choosing(client)
    for _ in range(2):
        clock.forward(minutes=9)
        page = press_beside(client, page, "more-time")
        assert page.status == 200
        assert "Vous avez plus de temps." in page.text
    page = press_beside(client, page, "more-time")

    assert page.status == 409
    assert 'value="Ana Peeters"' in page.response.text
    assert "Vous avez déjà eu du temps en plus à deux reprises. Nous retenons votre choix encore 12 minutes." in plain(
        page.text
    )
    assert "notice--warn" not in page.response.text


def test_an_answer_that_is_wrong_is_not_told_as_one_that_is_missing(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    page = choosing(client).submit(holding="name", name="", email="ana@", phone="", language="nl")

    assert "2 réponses à compléter ou à corriger." in plain(page.text)
    assert "Il manque encore" not in plain(page.text)


def test_a_page_loaded_again_after_more_time_spends_no_second_one(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    open_commune(database)
    page = choosing(client)
    for _loaded in range(2):
        longer = press_beside(client, page, "more-time")
        assert "Vous avez plus de temps." in longer.text
        assert 'value="Ana Peeters"' in longer.response.text
    assert database.one(select(Appointment.extensions)) == 1
    press_beside(client, longer, "more-time")

    assert database.one(select(Appointment.extensions)) == 2


def press_beside(client: FlaskClient, page: Any, step: str, **typed: str) -> Any:
    """Press a button that sends the details, Ana's unless others were typed, to an address of its own."""
    form = page.form(holding="name")
    form.attrib["action"] = f"{HOME}/details/{step}"
    return page.submit(holding="name", **(typed or ANA))


@pytest.mark.parametrize("counters", [1, 2])
def test_a_time_pressed_twice_is_held_once_and_the_form_follows(
    make_app: Callable[..., Flask], database: Database, counters: int
) -> None:
    """The second press leaves before the answer to the first has come: it carries the same cookie."""
    open_commune(database, counters=counters)
    app = make_app()
    first, second = app.test_client(), app.test_client()
    page = visit(first, f"{SERVICE}/times")
    cookie = first.get_cookie("guichet")
    assert cookie is not None
    second.set_cookie("guichet", cookie.value)
    page.submit(holding="start", press=("start", number(HALF_PAST_TEN)))

    page.client = second
    again = page.submit(holding="start", press=("start", number(HALF_PAST_TEN)))

    assert (again.status, again.response.request.path) == (200, f"{HOME}/details")
    assert database.count(Appointment) == 1
    assert again.submit(holding="name", **ANA).heading == "Votre rendez-vous est fixé."


def test_who_has_booked_a_time_may_press_it_again_for_somebody_else(client: FlaskClient, database: Database) -> None:
    open_commune(database, counters=2)
    booking(client)

    booking(client, name="Karim Amrani", email="karim@example.org")

    assert database.all(select(Appointment.state)) == [AppointmentState.BOOKED] * 2


def test_a_time_given_back_may_be_pressed_again(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    press_beside(client, choosing(client), "give-back")

    assert choosing(client).response.request.path == f"{HOME}/details"


def test_a_time_given_back_is_free_for_others(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    page = press_beside(client, choosing(client), "give-back")

    assert page.heading == "Choisissez un jour et une heure"
    assert "Vous avez libéré l’heure." in page.text
    assert "Vous avez libéré l’heure." not in visit(client, page.response.request.path).text
    assert database.count(Appointment) == database.count(Claim) == 0


@pytest.mark.parametrize("step", ["hold", "more-time"])
def test_a_page_that_only_a_button_leads_to_shows_where_one_is(
    app: Flask, client: FlaskClient, database: Database, step: str
) -> None:
    open_commune(database)
    times = visit(client, f"{SERVICE}/times")
    if step == "hold":
        choosing(app.test_client())
        page = times.submit(holding="start", press=("start", number(HALF_PAST_TEN)))
    else:
        page = press_beside(client, choosing(client), step)

    here = ["".join(link.itertext()) for link in page.tree.iterfind(".//nav//a[@aria-current]")]
    assert here == ["Prendre rendez-vous"]


def test_switching_the_language_keeps_what_was_typed_and_books_nothing(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    page = choosing(client).submit(holding="name", press=("switch_to", "nl"), **ANA)

    assert (page.status, page.language, page.heading) == (200, "nl", "Voor wie is de afspraak?")
    assert 'value="Ana Peeters"' in page.response.text
    assert database.one(select(Appointment.state)) == AppointmentState.HELD
    assert page.submit(holding="name").heading == "Uw afspraak ligt vast."


def test_a_lapsed_time_shown_in_the_other_language_keeps_what_was_typed(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    open_commune(database)
    details = choosing(client)
    clock.forward(minutes=11)
    lapsed = details.submit(holding="name", **ANA).submit(holding="wished", press=("switch_to", "nl"))

    assert (lapsed.language, lapsed.heading) == ("nl", "De tijd is om")
    done = lapsed.submit(holding="start", press=("start", number(HALF_PAST_TEN))).submit(holding="name")
    assert (done.heading, database.one(select(Appointment.name))) == ("Uw afspraak ligt vast.", "Ana Peeters")


def test_a_lost_time_shown_in_the_other_language_keeps_what_was_typed_and_says_the_same(
    app: Flask, client: FlaskClient, database: Database, clock: Clock
) -> None:
    open_commune(database)
    details = choosing(client)
    clock.forward(minutes=10)
    booking(app.test_client(), name="Bilal Amrani", email="bilal@example.org")
    lost = details.submit(holding="name", **ANA)
    switched = lost.submit(holding="wished", press=("switch_to", "nl"))
    back = switched.submit(holding="wished", press=("switch_to", "fr"))

    said = [
        " ".join(element.itertext()) for page in (lost, back) for element in page.tree.iterfind(".//p[@role='alert']")
    ]
    assert (switched.language, back.heading, said[0]) == ("nl", lost.heading, said[1])
    near = next(button for button in switched.tree.iter("button") if button.attrib.get("name") == "start")
    again = switched.submit(holding="wished", press=("start", near.attrib["value"]))
    assert again.submit(holding="name").heading == "Uw afspraak ligt vast."
    assert sorted(database.all(select(Appointment.name))) == ["Ana Peeters", "Bilal Amrani"]


def test_a_time_taken_before_anything_was_typed_is_told_the_same_in_the_other_language(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    open_commune(database)
    times = visit(client, f"{SERVICE}/times")
    booking(app.test_client())
    lost = times.submit(holding="start", press=("start", number(HALF_PAST_TEN)))
    switched = lost.submit(holding="wished", press=("switch_to", "nl"))

    assert (lost.heading, switched.heading) == ("Cette heure n’est plus libre", "Dit tijdstip is niet meer vrij")
    assert database.count(Appointment) == 1


def test_a_hold_that_vanishes_while_more_time_is_asked_is_told_as_lost(
    client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_commune(database)
    page = choosing(client)

    def extend_then_lose(session: Session, **_: object) -> None:
        session.execute(delete(Appointment))

    monkeypatch.setattr(details, "extend", extend_then_lose)
    lost = press_beside(client, page, "more-time")

    assert lost.status == 409
    assert 'value="Ana Peeters"' in lost.response.text


def test_a_second_appointment_for_the_same_person_is_refused_with_the_form_kept(
    client: FlaskClient, database: Database
) -> None:
    open_commune(database)
    booking(client)
    page = booking(client, HALF_PAST_TEN + timedelta(minutes=30))

    assert page.status == 409
    assert "Il y a déjà un rendez-vous à venir à ce nom pour cette démarche." in page.text
    assert 'value="Ana Peeters"' in page.response.text


def test_a_form_without_its_token_is_answered_with_a_page(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    page = choosing(client)
    page.form(holding="name").find(".//input[@name='csrf_token']").attrib["value"] = "forged"  # type: ignore[union-attr]
    answer = page.submit(holding="name", **ANA)

    assert answer.status == 400
    assert answer.heading == "Envoyez ce formulaire encore une fois"
    assert "02 200 00 00" in plain(answer.text)
    assert database.one(select(Appointment.state)) == AppointmentState.HELD


def test_a_body_over_64_kilobytes_is_too_much(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    page = choosing(client).submit(holding="name", **{**ANA, "name": "a" * 70_000})

    assert (page.status, page.heading) == (413, "C’est trop en une fois")


def test_no_database_is_a_polite_503(make_app: Callable[..., Flask]) -> None:
    app = make_app(database_url="postgresql://nobody@127.0.0.1:1/nothing")
    answer = app.test_client().get("/fr/mairie-nord/")

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Nos données sont inaccessibles" in answer.text


def test_a_fault_of_ours_keeps_the_commune_and_the_telephone_it_tells_one_to_call(
    make_app: Callable[..., Flask], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_commune(database)
    app = make_app()
    app.testing = False
    client = app.test_client()

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(services, "groups_of", broken)
    monkeypatch.setattr(frame, "read", broken)
    page = visit(client, "/nl/gemeente-noord/")

    assert (page.status, page.heading) == (500, "Er ging iets mis aan onze kant")
    assert "Gemeente Noord" in page.text
    assert "02 200 00 00" in plain(page.text)
    assert "Een gemeente kiezen" not in page.text


def test_every_answer_carries_the_policy_and_nothing_personal_is_kept_by_browsers(
    client: FlaskClient, database: Database
) -> None:
    open_commune(database)
    for path in (f"{HOME}/", SERVICE, f"{SERVICE}/times", "/fr/atlantis/"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"


def test_who_turns_to_english_on_the_form_is_written_to_in_english_too(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    form = choosing(client).submit(holding="name", press=("switch_to", "en"), **ANA)
    form.submit(holding="name")

    assert database.one(select(Appointment.language)) == "nl"
    assert database.one(select(Appointment.help_language)) == "en"
