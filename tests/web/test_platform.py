"""Those who run the platform: their own door, of no commune, and what is behind it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from booking.core.roles import Role
from tests.databases import Database
from tests.factories import a_person, a_working_commune
from tests.moments import EARLY, Clock
from tests.pages import Page, visit
from tests.signing import with_password, with_telephone

PLATFORM, DOOR = "/platform/fr/", "/platform/fr/sign-in"
RACHIDA, DORA = "rachida@platform.example", "dora@mairie-nord.example"


@pytest.fixture(autouse=True)
def people(database: Database) -> None:
    """Rachida runs the platform and works for no commune; Dora administers one."""

    def rows(session: Session) -> None:
        commune = a_working_commune(session).commune
        a_person(session, commune, name="Dora", email=DORA, role=Role.ADMINISTRATOR)
        a_person(session, name="Rachida", email=RACHIDA, platform_since=EARLY, has_telephone=True)

    database.write(rows)


def path_of(page: Page) -> str:
    return page.response.request.path


def test_the_platform_has_a_door_in_the_language_of_the_browser(client: FlaskClient) -> None:
    assert path_of(visit(client, "/platform/", headers={"Accept-Language": "nl-BE"})) == "/platform/nl/sign-in"
    assert path_of(visit(client, "/platform/")) == DOOR


def test_rachida_sees_every_commune_and_who_administers_it(client: FlaskClient) -> None:
    arrived = with_telephone(client, RACHIDA, door=DOOR)

    assert path_of(arrived) == PLATFORM
    for word in ("Mairie Nord", "Dora", DORA):
        assert word in arrived.text
    for address in ("account/second-factor", "account/second-factor/replace", "account/password"):
        assert visit(client, f"{PLATFORM}{address}").status == 200


def test_the_platform_opens_no_commune_and_a_commune_no_platform(client: FlaskClient, clock: Clock) -> None:
    with_telephone(client, RACHIDA, door=DOOR)
    for address in ("/fr/mairie-nord/admin/", "/fr/mairie-nord/agent/", "/fr/mairie-nord/admin/journal"):
        assert client.get(address).status_code == 404
    visit(client, PLATFORM).submit(holding="csrf_token")

    assert path_of(with_telephone(client, DORA)) == "/fr/mairie-nord/agent/"
    assert client.get(PLATFORM).status_code == 404


def test_whoever_comes_to_the_wrong_door_is_led_to_the_right_one(client: FlaskClient) -> None:
    assert path_of(with_telephone(client, RACHIDA)) == PLATFORM
    visit(client, PLATFORM).submit(holding="csrf_token")

    assert path_of(with_telephone(client, DORA, door=DOOR)) == "/fr/mairie-nord/agent/"


def test_nothing_of_the_platform_opens_before_the_second_step_is_set_up(
    client: FlaskClient, database: Database
) -> None:
    database.write(lambda session: a_person(session, email="new@platform.example", platform_since=EARLY) and None)

    assert path_of(with_password(client, "new@platform.example", door=DOOR)) == f"{PLATFORM}account/second-factor"
    assert path_of(visit(client, PLATFORM)) == f"{PLATFORM}account/second-factor"


def test_signing_out_of_the_platform_leads_back_to_its_door(client: FlaskClient) -> None:
    assert path_of(with_telephone(client, RACHIDA, door=DOOR).submit(holding="csrf_token")) == DOOR
