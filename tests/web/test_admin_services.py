"""Dora writes services in her browser: what she typed is never lost, and residents see only what is complete."""

from __future__ import annotations

from datetime import date, time

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.quotas import QuotaPer
from booking.core.roles import Role
from booking.core.services import Fee
from booking.core.translated import Translated
from booking.models import JournalEntry, Service
from booking.usecases.services import service_written
from tests.databases import Database
from tests.factories import a_service, a_working_commune, an_appointment
from tests.pages import visit, words
from tests.web.administrators import Desk, at_a_desk

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
