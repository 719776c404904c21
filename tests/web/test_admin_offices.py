"""Dora says where an office is and how one gets in."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.roles import Role
from booking.core.translated import Translated
from booking.models import JournalEntry, Office, Person
from booking.models.messages import MessageKind
from booking.usecases.joining import add_membership
from booking.usecases.messages import announce
from tests.databases import Database
from tests.factories import a_working_commune, an_appointment, an_office
from tests.moments import EARLY
from tests.pages import visit, words
from tests.web.administrators import Desk, at_a_desk

STATION = {
    "name_fr": "Antenne de la gare",
    "name_nl": "Antenne Station",
    "name_en": "Station office",
    "address_fr": "Rue de la Station 12",
    "address_nl": "Stationsstraat 12",
}


@pytest.fixture
def dora(client: FlaskClient, database: Database) -> Desk:
    return at_a_desk(client, database)


def test_an_office_is_added_under_a_word_made_from_its_name(dora: Desk, database: Database) -> None:
    page = dora.open("/offices/new").submit(holding="name_fr", **STATION, start_step="20")

    assert "Le bureau «\u00a0Antenne de la gare\u00a0» est enregistré." in page.text
    office = database.one(select(Office).where(Office.code == "station-office"))
    assert (office.start_step, office.position, office.zone_key) == (20, 2, "Europe/Brussels")


def test_an_office_keeps_its_word_when_its_name_changes(dora: Desk, database: Database) -> None:
    form = dora.open("/offices/town-hall")
    form.submit(holding="name_fr", access_fr="Ascenseur", access_nl="Lift", name_en="City hall")

    office = database.one(select(Office))
    assert (office.code, office.access.in_("nl"), office.name.in_("en")) == ("town-hall", "Lift", "City hall")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"address_nl": ""}, "Le texte néerlandais manque."),
        ({"transport_nl": "Tram 7"}, "Le texte français manque."),
        ({"code": "town-hall"}, "Ce nom court est déjà pris."),
    ],
)
def test_half_an_office_is_shown_again_as_it_was_typed(
    dora: Desk, database: Database, typed: dict[str, str], sentence: str
) -> None:
    page = dora.open("/offices/new").submit(holding="name_fr", **STATION | typed)

    assert page.status == 422
    assert sentence in page.text
    kept = {control.attrib.get("value") for control in page.form(holding="name_fr").iter("input")}
    assert "Rue de la Station 12" in kept
    assert database.count(Office) == 1


def test_an_office_of_another_commune_is_out_of_reach(dora: Desk, database: Database) -> None:
    def elsewhere(session: Session) -> None:
        a_working_commune(session, slug="sud").office.code = "their-own"

    database.write(elsewhere)

    assert dora.open("/offices/their-own").status == 404


def test_an_office_is_taken_away_and_brought_back(dora: Desk, database: Database, client: FlaskClient) -> None:
    listed = dora.open("/counters").follow("Désactiver – Maison communale").submit()

    assert "Le bureau «\u00a0Maison communale\u00a0» est désactivé." in listed.text
    assert database.one(select(Office.retired_at)) is not None
    assert "Maison communale" not in visit(client, "/fr/mairie-nord/").text
    assert dora.open("/hours/town-hall").status == 404

    again = listed.follow("Remettre en service – Maison communale")
    assert "Il rouvre avec les guichets et les heures d’ouverture qu’il avait." in again.text
    assert "«\u00a0Maison communale\u00a0» est de nouveau en service." in again.submit().text
    assert database.one(select(Office.retired_at)) is None
    assert database.all(select(JournalEntry.act).order_by(JournalEntry.id)) == ["deactivated", "reactivated"]


def test_an_office_with_visits_to_come_points_to_the_closure(dora: Desk, database: Database) -> None:
    database.write(lambda session: an_appointment(session, dora.work.counter, dora.work.service) and None)

    page = dora.open("/offices/town-hall/deactivate", "nl")

    assert "Er is hier nog 1 afspraak, op maandag 4\u00a0januari 2027." in page.text
    assert "Buiten gebruik stellen" not in {words(button) for button in page.tree.iter("button")}
    closure = page.follow("Alleen sluiten tot en met maandag 4\u00a0januari 2027")
    assert closure.heading == "Nieuwe sluiting"
    typed = {one.attrib.get("name"): one.attrib.get("value") for one in closure.form(holding="first").iter("input")}
    assert (typed["first"], typed["last"]) == ("04/01/2027", "04/01/2027")


def test_an_office_that_somebody_booked_meanwhile_is_not_taken_away(dora: Desk, database: Database) -> None:
    page = dora.open("/offices/town-hall/deactivate")
    database.write(lambda session: an_appointment(session, dora.work.counter, dora.work.service) and None)

    shown = page.submit()

    assert "Ce changement touche 1 rendez-vous." in shown.text
    assert database.one(select(Office.retired_at)) is None


@pytest.fixture
def two_offices(dora: Desk, database: Database) -> Desk:
    name = Translated.of(fr="Antenne", nl="Antenne-NL")
    database.write(lambda session: an_office(session, dora.work.commune, code="station", name=name) and None)
    return dora


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("/hours/town-hall?week=2027-02-01", "/hours/station?week=2027-02-01"),
        ("/hours/town-hall/new", "/hours/station/new"),
        ("/hours/town-hall/{opening}", "/hours/station"),
        ("/counters/{counter}", "/counters"),
        ("/offices/town-hall", "/offices/station"),
        ("/offices/town-hall/deactivate", "/counters"),
        ("/closures", "/closures"),
    ],
)
def test_the_same_page_is_there_for_the_other_office(two_offices: Desk, address: str, there: str) -> None:
    dora = two_offices
    page = dora.open(address.format(opening=dora.work.opening.id, counter=dora.work.counter.id))

    other = page.submit(holding="office", office="station")

    assert other.response.request.full_path.rstrip("?") == f"/fr/mairie-nord/admin{there}"


def test_who_does_not_set_the_hours_of_the_other_office_finds_its_agenda(
    client: FlaskClient, database: Database
) -> None:
    dora = at_a_desk(client, database, here_only=True)

    def works_there_too(session: Session) -> None:
        an_office(session, dora.work.commune, code="station")
        person_id = session.scalars(select(Person.id)).one()
        add_membership(session, commune_id=dora.work.commune.id, person_id=person_id, role=Role.AGENT)

    database.write(works_there_too)

    other = dora.open("/hours/town-hall").submit(holding="office", office="station")

    assert other.response.request.path == "/fr/mairie-nord/agent/"


def test_everything_that_is_not_right_about_an_office_is_said_at_once_and_by_name(dora: Desk) -> None:
    page = dora.open("/offices/new").submit(holding="name_fr", address_fr="Rue de la Gare 1", transport_nl="Tram 51")

    assert page.status == 422
    faults = [words(link) for link in page.tree.iterfind(".//div[@role='alert']//a")]
    assert "Nom – Le texte français manque." in faults
    assert "Adresse – Le texte néerlandais manque." in faults
    assert faults.count("Tram, bus et train – Le texte français manque.") == 1
    assert not any(one.startswith("Accès") for one in faults)


def test_whoever_administers_one_office_takes_away_and_brings_back_that_one(
    client: FlaskClient, database: Database
) -> None:
    dora = at_a_desk(client, database, here_only=True)

    def elsewhere(session: Session) -> None:
        for code, closed in (("station", None), ("library", EARLY)):
            an_office(session, dora.work.commune, code=code, retired_at=closed)

    database.write(elsewhere)
    for address in ("/offices/station/deactivate", "/offices/library/reactivate"):
        assert dora.open(address).status == 404

    dora.open("/offices/town-hall/deactivate").submit()
    dora.open("/offices/town-hall/reactivate").submit()
    assert dora.open("/offices/town-hall").status == 200


def test_whom_to_call_is_known_after_the_office_is_taken_away(dora: Desk, database: Database) -> None:
    def told_off(session: Session) -> None:
        gone = {"state": AppointmentState.CANCELLED, "cancel_reason": Translated.of(fr="Grève", nl="Staking")}
        visit = an_appointment(session, dora.work.counter, dora.work.service, **gone, email=None)
        about = {"commune_id": visit.commune_id, "appointment_id": visit.id, "now": EARLY}
        announce(session, MessageKind.CANCELLED_BY_COMMUNE, **about)

    database.write(told_off)
    dora.open("/offices/town-hall/deactivate").submit()

    assert "Ana Peeters" in dora.open("/calls").text


def test_the_address_of_an_office_that_was_taken_away_meanwhile_is_saved_all_the_same(
    dora: Desk, database: Database
) -> None:
    form = dora.open("/offices/town-hall")
    dora.open("/offices/town-hall/deactivate").submit()

    assert form.submit(holding="name_fr", name_en="City hall").status == 200
    assert database.one(select(Office.name)).in_("en") == "City hall"
