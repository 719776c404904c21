"""Dora writes services in her browser: what she typed is never lost, and residents see only what is complete."""

from __future__ import annotations

from datetime import date, time

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.checklist import Answer, Checklist, Condition, Outcome, Paper, Question, Way
from booking.core.quotas import QuotaPer
from booking.core.roles import Role
from booking.core.services import Fee
from booking.core.translated import Translated
from booking.delivery.writing import page as page_of
from booking.delivery.writing import text
from booking.models import Appointment, ChecklistVersion, CounterService, JournalEntry, Service, ServiceFee
from booking.usecases.letters import visit_letter
from booking.usecases.services import service_written
from tests.databases import Database
from tests.factories import NOTHING, a_service, a_working_commune, an_appointment
from tests.moments import EARLY
from tests.pages import visit, words
from tests.web.administrators import Desk, at_a_desk
from tests.web.booking import HOME, booking, open_commune

PASSPORT = {
    "name_fr": "Passeport",
    "name_nl": "Paspoort",
    "name_en": "Passport",
    "summary_fr": "Demander un passeport",
    "summary_nl": "Een paspoort aanvragen",
    "fee_0_from": "1/1/2026",
    "fee_0_amount": "90",
    "fee_1_from": "01/02/2027",
    "fee_1_amount": "95,50",
    "minutes_first": "20",
}


@pytest.fixture
def dora(client: FlaskClient, database: Database) -> Desk:
    return at_a_desk(client, database)


def services(database: Database) -> list[str]:
    return database.all(select(Service.code).order_by(Service.id))


def test_a_service_is_written_completed_and_published(dora: Desk, client: FlaskClient) -> None:
    saved = dora.open("/services/new").submit(holding="name_fr", **PASSPORT | {"summary_nl": ""})
    assert saved.heading == "Passeport"
    assert saved.links()["Publier"].endswith("/services/passport/publish")
    assert "En une phrase\u00a0: le texte néerlandais manque." in saved.text

    refused = saved.follow("Publier")
    assert "Pas encore publiable" in refused.text
    complete = refused.follow("Compléter les textes").submit(
        holding="name_fr",
        summary_nl="Een paspoort aanvragen",
        details_fr="Comptez 3 semaines.",
        details_nl="Reken 3 weken.",
    )
    asked = complete.follow("Publier")
    done = asked.submit()

    assert "La démarche «\u00a0Passeport\u00a0» est publiée" in done.text
    shown = visit(client, "/nl/gemeente-noord/").text
    assert "Paspoort" in shown


def test_what_was_written_is_what_is_kept(dora: Desk, database: Database) -> None:
    dora.open("/services/new").submit(holding="name_fr", **PASSPORT)

    with Session(database.engine) as session:
        content = service_written(session, commune_id=dora.work.commune.id, code="passport").content
    assert content.fees == (Fee(date(2026, 1, 1), 9000), Fee(date(2027, 2, 1), 9550))
    assert (content.minutes_first, content.horizon_days, content.is_sensitive) == (20, 60, False)
    assert (content.reminder_hours, content.asks_coming) == ((168, 24), False)


def test_other_words_for_a_service_are_kept_found_and_never_asked_for(
    dora: Desk, client: FlaskClient, database: Database
) -> None:
    asked = PASSPORT | {"synonyms_nl": "reispas\n op reis , visum"}
    page = dora.open("/services/new").submit(holding="name_fr", **asked)
    page.follow("Publier").submit()

    with Session(database.engine) as session:
        content = service_written(session, commune_id=dora.work.commune.id, code="passport").content
    assert content.synonyms == Translated.of(nl="reispas\nop reis , visum")
    assert "Passeport" in visit(client, "/fr/mairie-nord/?q=reispas").text


def test_the_form_shows_again_what_is_kept_and_an_emptied_fee_is_gone(dora: Desk, database: Database) -> None:
    page = dora.open("/services/new").submit(holding="name_fr", **PASSPORT)

    page.submit(holding="name_fr", fee_0_from="", fee_0_amount="", fee_1_amount="97")

    with Session(database.engine) as session:
        content = service_written(session, commune_id=dora.work.commune.id, code="passport").content
    assert [fee.cents for fee in content.fees] == [9700]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"minutes_first": "vingt"}, "Écrivez un nombre entier de 5 à 240."),
        ({"minutes_first": "٢٠"}, "Écrivez un nombre entier de 5 à 240."),
        ({"max_persons": "0"}, "Écrivez un nombre entier de 1 à 20."),
        ({"fee_0_amount": "gratuit"}, "Écrivez un montant comme 25 ou 11,50\u202f; 0 si c’est gratuit."),
        ({"fee_0_from": "31/2/2027"}, "Écrivez une date comme 31/12/2027."),
        ({"fee_1_from": "1/1/2026"}, "Un autre tarif commence déjà ce jour-là."),
        ({"link_nl": "javascript:alert(1)"}, "Écrivez une adresse comme https://www.example.be/page."),
        ({"name_fr": "", "name_nl": "", "name_en": ""}, "Écrivez un mot simple, comme identity-card."),
        ({"name_fr": "x" * 121}, "120"),
        (
            {"reminder_hours": "168, 24, 2, 1"},
            "Écrivez au plus 3 nombres entiers de 1 à 1440, séparés par des virgules.",
        ),
        ({"reminder_hours": "0"}, "Écrivez au plus 3 nombres entiers de 1 à 1440, séparés par des virgules."),
        ({"reminder_hours": "un jour"}, "Écrivez au plus 3 nombres entiers de 1 à 1440, séparés par des virgules."),
    ],
)
def test_a_slip_is_named_at_its_field_and_nothing_typed_is_lost(
    dora: Desk, database: Database, typed: dict[str, str], sentence: str
) -> None:
    page = dora.open("/services/new").submit(holding="name_fr", **PASSPORT | typed)

    assert page.status == 422
    assert page.text.count(sentence) >= 2, "in the summary and at the field"
    kept = {control.attrib.get("value") for control in page.form(holding="name_fr").iter("input")}
    assert {"Een paspoort aanvragen", "95,50", *filter(None, typed.values())} <= kept
    assert services(database) == ["identity-card"]


@pytest.mark.parametrize(("typed", "kept"), [("2, 48; 24 24", (48, 24, 2)), ("", ())])
def test_dora_says_when_a_service_reminds_and_whether_it_asks(
    dora: Desk, database: Database, typed: str, kept: tuple[int, ...]
) -> None:
    page = dora.open("/services/identity-card").submit(holding="name_fr", reminder_hours=typed, asks_coming="y")

    assert database.one(select(Service.reminder_hours, Service.asks_coming)) == (kept, True)
    again = page.form(holding="name_fr")
    assert again.find(".//input[@id='reminder_hours']").attrib["value"] == ", ".join(map(str, kept))  # type: ignore[union-attr]


def test_two_services_cannot_have_one_address(dora: Desk, database: Database) -> None:
    page = dora.open("/services/new").submit(holding="name_fr", **PASSPORT, code="identity-card")

    assert page.status == 422
    assert services(database) == ["identity-card"]


def test_a_published_service_keeps_both_languages(dora: Desk) -> None:
    page = dora.open("/services/identity-card").submit(holding="name_fr", name_nl="")

    assert page.status == 422
    assert "Le texte néerlandais manque." in page.text
    assert "Identiteitskaart" in dora.open("/services/identity-card", "nl").text


def test_the_urgent_procedure_has_its_own_fee_and_its_own_way(dora: Desk, client: FlaskClient) -> None:
    urgent = {"fee_1_from": "1/1/2026", "fee_1_amount": "285", "fee_1_procedure": "urgent", "urgent_mode": "walk_in"}
    said = {"urgent_text_fr": "Avant 11 heures.", "urgent_text_nl": "Vóór 11 uur."}
    page = dora.open("/services/new").submit(holding="name_fr", **PASSPORT | urgent | said)
    page.follow("Publier").submit()

    shown = visit(client, "/fr/mairie-nord/services/passport").text
    assert "Tarif 90 € Procédure urgente 285 € Avant 11 heures." in shown.replace("\u00a0", " ")


def test_switching_the_language_keeps_what_was_typed_and_saves_nothing(dora: Desk, database: Database) -> None:
    page = dora.open("/services/new").submit(holding="name_fr", press=("switch_to", "nl"), **PASSPORT)

    assert (page.status, page.language) == (200, "nl")
    assert page.form(holding="name_fr").find(".//input[@id='name_fr']").attrib["value"] == "Passeport"  # type: ignore[union-attr]
    assert services(database) == ["identity-card"]


def test_deactivating_asks_first_and_says_what_stays(dora: Desk, database: Database, client: FlaskClient) -> None:
    database.write(lambda session: an_appointment(session, dora.work.counter, dora.work.service) and None)

    question = dora.open("/services/identity-card/deactivate")
    assert "1 rendez-vous déjà pris reste tel quel." in question.text
    assert database.one(select(Service.deactivated_at)) is None

    question.submit()
    assert database.one(select(Service.deactivated_at)) is not None
    assert visit(client, "/fr/mairie-nord/service/identity-card").status == 404
    assert database.all(select(JournalEntry.act)) == ["deactivated"]
    assert "désactivée" in dora.open("/services").text


def test_services_of_another_commune_are_as_if_they_did_not_exist(dora: Desk, database: Database) -> None:
    def elsewhere(session: Session) -> None:
        theirs = a_working_commune(session, slug="sud")
        theirs.service.code = "their-own"

    database.write(elsewhere)

    for address in ("/services/their-own", "/services/their-own/publish", "/services/nothing"):
        assert dora.open(address).status == 404
    assert "their-own" not in dora.open("/services").response.text


def test_an_agent_finds_the_door_closed(client: FlaskClient, database: Database) -> None:
    bilal = at_a_desk(client, database, role=Role.AGENT)

    for address in ("/services", "/services/new", "/services/identity-card", "/counters", "/banners"):
        assert bilal.open(address).status == 403


def test_a_published_service_says_at_once_what_is_missing_and_what_is_not_right(dora: Desk) -> None:
    wrong = {"name_nl": "", "minutes_first": "x", "link_fr": "here", "link_de": "there"}
    page = dora.open("/services/identity-card").submit(holding="name_fr", **wrong)

    assert page.status == 422
    assert [words(link) for link in page.tree.iterfind(".//div[@role='alert']//a")] == [
        "Nom – Le texte néerlandais manque.",
        "Lien vers le formulaire en ligne – Écrivez une adresse comme https://www.example.be/page.",
        "Lien vers le formulaire en ligne – Le texte néerlandais manque.",
        "Lien vers le formulaire en ligne – Écrivez une adresse comme https://www.example.be/page.",
        "Minutes pour la première personne – Écrivez un nombre entier de 5 à 240.",
    ]
    inside = {
        details: {one.attrib.get("name") for one in details.iter("input")} for details in page.tree.iter("details")
    }
    opened = [names for details, names in inside.items() if "open" in details.attrib]
    assert ["link_fr" in names for names in opened] == [True, False]
    assert all("link_de" in names for names in opened), "what is not right is never folded away"


def test_the_list_says_how_each_service_is_done(dora: Desk, database: Database) -> None:
    database.write(lambda session: a_service(session, dora.work.commune, code="collection", mode="walk_in") and None)

    page = dora.open("/services")

    assert "sur rendez-vous, 15\u00a0minutes" in page.text
    assert "sans rendez-vous" in page.text


@pytest.mark.parametrize(("typed", "kept"), [("10", 10), ("0", 0), ("", None), (" ", None)])
def test_minutes_beside_another_service_may_be_left_out(
    dora: Desk, database: Database, typed: str, kept: int | None
) -> None:
    page = dora.open("/services/new").submit(holding="name_fr", **PASSPORT | {"minutes_beside": typed})

    assert page.heading == "Passeport"
    assert database.one(select(Service.minutes_beside).where(Service.code == "passport")) == kept
    shown = page.form(holding="minutes_beside").find(".//input[@name='minutes_beside']")
    assert shown is not None
    assert shown.attrib["value"] == ("" if kept is None else str(kept))


def test_minutes_beside_another_service_are_a_number(dora: Desk) -> None:
    page = dora.open("/services/new").submit(holding="name_fr", **PASSPORT | {"minutes_beside": "ten"})

    assert "Écrivez un nombre entier de 0 à 240." in page.text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("minutes", "days", "kept"),
    [("20", "7", (20, 7)), ("20", "", (20, 0)), ("", "7", (None, None)), ("", "", (None, None))],
)
def test_a_service_takes_two_steps_when_minutes_for_the_information_are_given(
    dora: Desk, database: Database, minutes: str, days: str, kept: tuple[int | None, int | None]
) -> None:
    typed = {"information_minutes": minutes, "information_days": days}
    dora.open("/services/new").submit(holding="name_fr", **PASSPORT | typed)

    columns = (Service.information_minutes, Service.information_days)
    with Session(database.engine) as session:
        assert session.execute(select(*columns).where(Service.code == "passport")).one() == kept


LIMITS = {
    "buffer_minutes": "5",
    "freed_minutes": "30",
    "release_weekday": "0",
    "release_time": "8h",
    "release_weeks": "2",
    "quota": "40",
    "quota_per": "week",
}


def test_when_times_open_and_how_many_there_are_is_written_read_again_and_taken_away(
    dora: Desk, database: Database
) -> None:
    dora.open("/services/identity-card").submit(holding="name_fr", **LIMITS)
    with Session(database.engine) as session:
        content = service_written(session, commune_id=dora.work.commune.id, code="identity-card").content
    written = {name: getattr(content, name) for name in LIMITS}

    assert written == {
        "buffer_minutes": 5,
        "freed_minutes": 30,
        "release_weekday": 0,
        "release_time": time(8),
        "release_weeks": 2,
        "quota": 40,
        "quota_per": QuotaPer.WEEK,
    }
    entry = database.one(select(JournalEntry.fields).where(JournalEntry.subject == "service"))
    assert {"quota", "release_time", "buffer_minutes"} <= set(entry.split(","))
    # What the form shows is what it was told: sent as it is, nothing changes.
    dora.open("/services/identity-card").submit(holding="name_fr")
    assert database.count(JournalEntry, JournalEntry.subject == "service") == 1
    gone = dora.open("/services/identity-card")
    gone.submit(holding="name_fr", release_weekday="", quota="", buffer_minutes="", freed_minutes="")
    with Session(database.engine) as session:
        content = service_written(session, commune_id=dora.work.commune.id, code="identity-card").content
    empty = {"release_time": None, "release_weeks": None, "quota": None, "quota_per": None, "buffer_minutes": 0}
    assert {name: getattr(content, name) for name in empty} == empty


def test_a_day_on_which_times_open_needs_its_hour_and_its_weeks(dora: Desk, database: Database) -> None:
    page = dora.open("/services/identity-card").submit(holding="name_fr", release_weekday="4")

    assert page.status == 422
    assert "Indiquez pour combien de semaines elles s’ouvrent." in page.text
    assert "Écrivez une heure" in page.text
    assert database.one(select(Service.release_weekday)) is None


ONLINE = {
    "mode": "online",
    "link_fr": "https://www.example.be/fr",
    "link_nl": "https://www.example.be/nl",
    "by_phone_fr": "Tous les jours",
    "by_phone_nl": "Elke dag",
    "by_post_fr": "Avec une copie",
    "by_post_nl": "Met een kopie",
}


def test_what_is_missing_is_listed_with_links_to_where_it_is_written(dora: Desk, database: Database) -> None:
    half = PASSPORT | ONLINE | {"summary_nl": "", "by_post_nl": ""}
    page = dora.open("/services/new").submit(holding="name_fr", **half).follow("Publier")

    links = {text: address.removeprefix("/fr/mairie-nord/admin") for text, address in page.links().items()}
    assert links["En une phrase\u00a0: le texte néerlandais manque."] == "/services/passport#summary_nl"
    assert links["Par courrier\u00a0: le texte néerlandais manque."] == "/services/passport#by_post_nl"
    assert next(to for said, to in links.items() if said.startswith("Guichets\u00a0: aucun")) == "/counters"
    for address in ("summary_nl", "by_post_nl"):
        assert dora.open("/services/passport").tree.find(f".//*[@id='{address}']") is not None


def test_an_online_service_is_published_once_a_counter_serves_it(dora: Desk, database: Database) -> None:
    page = dora.open("/services/new").submit(holding="name_fr", **PASSPORT | ONLINE)
    assert "aucun guichet ne la traite" in dora.open("/services").text
    page.follow("Publier")
    assert database.one(select(Service.published_at).where(Service.code == "passport")) is None

    def serve(session: Session) -> None:
        number = session.scalars(select(Service.id).where(Service.code == "passport")).one()
        session.add(CounterService(commune_id=dora.work.commune.id, counter_id=dora.work.counter.id, service_id=number))

    database.write(serve)
    assert "est publiée" in dora.open("/services/passport/publish").submit().text


def test_a_published_service_does_not_go_online_while_no_counter_serves_it(dora: Desk, database: Database) -> None:
    database.write(lambda session: a_service(session, dora.work.commune, code="collection") and None)
    page = dora.open("/services/collection").submit(holding="name_fr", **ONLINE)

    assert page.status == 422
    assert "un guichet qui la traite" in page.text
    assert database.one(select(Service.mode).where(Service.code == "collection")) == "appointment"


def test_a_draft_is_seen_as_residents_will_see_it_by_administrators_alone(
    dora: Desk, client: FlaskClient, database: Database
) -> None:
    after = {"follow_up_fr": "Prêt dans trois semaines.", "follow_up_nl": "Klaar na drie weken."}
    page = dora.open("/services/new").submit(holding="name_fr", **PASSPORT | after).follow("Voir la page du public")

    assert page.heading == "Passeport"
    assert "Seuls les gestionnaires voient cette page" in page.text
    assert "Après la visite Prêt dans trois semaines." in page.text
    assert visit(client, "/fr/mairie-nord/services/passport").status == 404
    assert dora.open("/services/nothing/preview").status == 404
    with client.session_transaction() as cookie:
        cookie.clear()
    assert "Passeport" not in visit(client, "/fr/mairie-nord/admin/services/passport/preview").text


def a_neighbour(session: Session) -> None:
    """A commune that offers a passport with a question, a paper and a fee; its card leads to a service of its own."""
    theirs = a_working_commune(session, slug="sud", name=Translated.of(fr="Mairie Sud", nl="Gemeente Zuid"))
    own = {"commune_id": theirs.commune.id}
    calls = {"by_phone": Translated.of(fr="Appelez le Sud", nl="Bel het Zuiden")}
    name = {"name": Translated.of(fr="Passeport du Sud", nl="Paspoort van Zuid")}
    passport = a_service(session, theirs.commune, code="identity-card-2", **name, **calls)
    a_service(session, theirs.commune, code="secret", published_at=None, name=Translated.of(fr="Secret", nl="Geheim"))
    both = Translated.of(fr="Pour qui ?", nl="Voor wie?")
    question = Question("whom", both, (Answer("me", both), Answer("child", both)))
    lost = Outcome(Way.OTHER_SERVICE, both, (Condition("whom", ("child",)),), service="identity-card")
    gone = Outcome(Way.OTHER_SERVICE, both, (Condition("whom", ("me",)),), service="their-own")
    a_service(session, theirs.commune, code="their-own", published_at=None)
    content = Checklist(questions=(question,), papers=(Paper("photo", both),), outcomes=(lost, gone))
    session.add(ServiceFee(**own, service_id=passport.id, valid_from=date(2026, 1, 1), cents=6500, note=NOTHING))
    session.add(ChecklistVersion(**own, service_id=passport.id, version=1, content=content, created_at=EARLY))
    theirs.service.deactivated_at = EARLY


def test_a_service_is_copied_from_another_commune_as_a_draft(dora: Desk, database: Database) -> None:
    database.write(a_neighbour)
    catalogue = dora.open("/services").follow("En copier une d’une autre commune")
    assert "Mairie Sud" in catalogue.text
    assert "Secret" not in catalogue.text
    asked = catalogue.follow("Copier – Passeport du Sud")
    saved = asked.submit(group=str(dora.work.service.group_id))

    assert saved.heading == "Passeport du Sud"
    assert "Une réponse menait à une démarche que vous n’avez pas" in saved.text
    with Session(database.engine) as session:
        copy = service_written(session, commune_id=dora.work.commune.id, code="identity-card-2")
    assert (copy.service.published_at, copy.content.fees[0].cents) == (None, 6500)
    assert not copy.content.by_phone, "where that commune is called is not ours"
    assert [paper.code for paper in copy.checklist.content.papers] == ["photo"]
    assert [one.service for one in copy.checklist.content.outcomes] == ["identity-card"]


def test_a_copy_of_a_copy_has_a_word_of_its_own_and_what_is_not_public_is_not_there(
    dora: Desk, database: Database
) -> None:
    database.write(a_neighbour)
    number = database.one(select(Service.id).where(Service.code == "identity-card-2"))
    secret = database.one(select(Service.id).where(Service.code == "secret"))
    for _ in range(2):
        dora.open(f"/services/copy/{number}").submit(group=str(dora.work.service.group_id))

    here = select(Service.code).where(Service.commune_id == dora.work.commune.id).order_by(Service.id)
    assert database.all(here) == ["identity-card", "identity-card-2", "identity-card-2-2"]
    for other in (secret, dora.work.service.id, 999_999):
        assert dora.open(f"/services/copy/{other}").status == 404


def test_what_happens_after_the_visit_is_said_wherever_the_visit_is(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    after = Translated.of(fr="Prête dans trois semaines.", nl="Klaar na drie weken.")
    database.write(lambda session: session.execute(update(Service).values(follow_up=after)) and None)
    booked = booking(client)

    for page in (booked, visit(client, f"{HOME}/appointment"), visit(client, f"{HOME}/appointment/slip")):
        assert "Prête dans trois semaines." in page.text
    with Session(database.engine) as session:
        appointment = session.scalars(select(Appointment)).one()
        letter = visit_letter(session, appointment=appointment, base_url="https://guichet.example")
    assert "Na het bezoek: Klaar na drie weken." in text(letter)
    assert "Klaar na drie weken." in page_of(letter)
