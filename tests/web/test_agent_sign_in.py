"""Signing in and out, forgotten passwords, and one's own account."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.references import link_token
from booking.core.roles import Role
from booking.models import Message, Person, StaffSession
from tests.conftest import SECRET
from tests.databases import Database
from tests.factories import PASSWORD, a_commune, a_person, a_working_commune
from tests.moments import Clock
from tests.pages import Page, visit

HERE = "/fr/mairie-nord/agent/"
BILAL = "bilal@mairie-nord.example"
NEW = "seven purple umbrellas"


@pytest.fixture(autouse=True)
def staff(database: Database) -> int:
    """Bilal is an agent of Mairie Nord and reads Dutch; his number."""

    def rows(session: Session) -> int:
        home = a_working_commune(session)
        return a_person(session, home.commune, language="nl").id

    return database.write(rows)


def sign_in(client: FlaskClient, email: str = BILAL, password: str = PASSWORD) -> Page:
    return visit(client, f"{HERE}sign-in").submit(holding="password", email=email, password=password)


def path_of(page: Page) -> str:
    return page.response.request.path


def test_whoever_signs_in_arrives_at_the_agenda_in_their_own_language(client: FlaskClient) -> None:
    assert path_of(sign_in(client)) == "/nl/gemeente-noord/agent/"


def test_whoever_wanted_a_page_gets_it_after_signing_in(client: FlaskClient) -> None:
    page = visit(client, f"{HERE}?view=grid&day=2027-01-06")
    assert path_of(page) == f"{HERE}sign-in"

    arrived = page.submit(holding="password", email=BILAL, password=PASSWORD)

    assert path_of(arrived) == "/nl/gemeente-noord/agent/"
    assert arrived.response.request.args.to_dict() == {"view": "grid", "day": "2027-01-06"}


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/agent/",
        "/\\evil.example",
        "/fr/moulin/agent/",
        "/fr/mairie-nord/",
        "/health",
    ],
)
def test_no_address_leads_out_of_the_pages_of_staff(client: FlaskClient, elsewhere: str) -> None:
    with client.session_transaction() as kept:
        kept["wanted"] = elsewhere

    assert path_of(sign_in(client)) == "/nl/gemeente-noord/agent/"


@pytest.mark.parametrize("email", [BILAL, "nobody@mairie-nord.example"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: FlaskClient, email: str) -> None:
    page = sign_in(client, email, "not this one at all")

    assert page.status == 422
    assert "ne correspondent pas" in page.text
    assert "agent/sign-in" in path_of(page)


def test_an_unknown_address_takes_the_same_work(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []
    verify = PasswordHasher.verify

    def watched(self: PasswordHasher, kept: str, typed: str) -> bool:
        verified.append(typed)
        return bool(verify(self, kept, typed))

    monkeypatch.setattr(PasswordHasher, "verify", watched)
    sign_in(client, "nobody@mairie-nord.example", "some password")

    assert verified == ["some password"]


def test_after_ten_misses_the_right_password_waits_too(client: FlaskClient, clock: Clock) -> None:
    for _ in range(10):
        assert sign_in(client, password="wrong").status == 422

    refused = sign_in(client)
    assert refused.status == 429
    assert "5 minutes" in refused.text.replace("\u00a0", " ")

    clock.forward(minutes=5)
    assert path_of(sign_in(client)) == "/nl/gemeente-noord/agent/"


def test_a_stranger_who_guesses_does_not_keep_bilal_out(app: Flask, client: FlaskClient) -> None:
    stranger = app.test_client()
    stranger.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    for _ in range(11):
        refused = sign_in(stranger, password="wrong")

    assert refused.status == 429
    assert path_of(sign_in(client)) == "/nl/gemeente-noord/agent/"


def test_a_new_password_opens_at_once_whatever_was_missed_before(client: FlaskClient, database: Database) -> None:
    for _ in range(11):
        assert sign_in(client, password="wrong").status in {422, 429}
    ask(client)
    visit(client, the_link(database)).submit(holding="password", password=NEW)

    assert path_of(sign_in(client, password=NEW)) == "/nl/gemeente-noord/agent/"


def test_a_client_that_tries_many_accounts_is_paused_as_well(client: FlaskClient) -> None:
    for number in range(30):
        sign_in(client, f"somebody{number}@mairie-nord.example", "wrong")

    assert sign_in(client).status == 429


def test_signing_in_often_is_no_miss(client: FlaskClient) -> None:
    for _ in range(12):
        assert path_of(sign_in(client)) == "/nl/gemeente-noord/agent/"
        sign_out(client)


def sign_out(client: FlaskClient) -> Page:
    page = visit(client, HERE)
    (form,) = (form for form in page.tree.iter("form") if form.attrib["action"].endswith("/sign-out"))
    typed = {one.attrib["name"]: one.attrib["value"] for one in form.iter("input")}
    return Page(client, client.post(form.attrib["action"], data=typed, follow_redirects=True))


def test_signing_out_ends_the_session_for_every_copy_of_its_cookie(app: Flask, client: FlaskClient) -> None:
    sign_in(client)
    cookie = client.get_cookie("guichet")
    assert cookie is not None
    copy = app.test_client()
    copy.set_cookie("guichet", cookie.value)
    assert copy.get(HERE).status_code == 200

    sign_out(client)

    assert copy.get(HERE).status_code == 302


def test_whoever_signs_out_is_told_so(client: FlaskClient) -> None:
    sign_in(client)

    assert "La connexion est fermée." in sign_out(client).text


def test_a_session_of_before_signing_in_is_not_carried_over(client: FlaskClient) -> None:
    with client.session_transaction() as kept:
        kept["_user_id"], kept["appointment"] = "a token somebody else knows", "a nonce"

    sign_in(client)

    with client.session_transaction() as kept:
        assert kept["_user_id"] != "a token somebody else knows"
        assert "appointment" not in kept


def test_half_an_hour_without_a_request_signs_out_but_polling_is_no_request(
    client: FlaskClient, clock: Clock, database: Database
) -> None:
    sign_in(client)
    clock.forward(minutes=20)
    assert client.get(HERE, headers={"X-Fresh": "1"}).status_code == 200
    clock.forward(minutes=11)
    assert client.get(HERE).status_code == 302

    sign_in(client)
    clock.forward(minutes=20)
    assert client.get(HERE).status_code == 200
    clock.forward(minutes=20)
    assert client.get(HERE).status_code == 200


def test_a_weak_hash_is_replaced_when_its_owner_signs_in(client: FlaskClient, database: Database) -> None:
    kept = select(Person.password_hash)
    assert "m=8," in database.one(kept)

    sign_in(client)

    assert "m=65536," in database.one(kept)


# Forgotten passwords


def the_link(database: Database) -> str:
    """What the message carries: computed from the row, so the database alone opens nothing."""
    nonce = database.one(select(Person.reset_nonce).where(Person.email == BILAL))
    return f"{HERE}password/open/{link_token(SECRET, 'reset', nonce)}"


def ask(client: FlaskClient, email: str = BILAL) -> Page:
    return visit(client, f"{HERE}password").submit(holding="email", email=email)


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(client: FlaskClient, database: Database) -> None:
    ask(client)
    page = visit(client, the_link(database))
    assert path_of(page) == f"{HERE}password/new"
    assert BILAL in page.text

    link = the_link(database)
    done = page.submit(holding="password", password=NEW)

    assert path_of(done) == f"{HERE}sign-in"
    assert sign_in(client, password=PASSWORD).status == 422
    assert path_of(sign_in(client, password=NEW)) == "/nl/gemeente-noord/agent/"
    assert visit(client, link).status == 410


def test_the_page_is_the_same_for_an_address_nobody_has(client: FlaskClient, database: Database) -> None:
    known, unknown = ask(client), ask(client, "nobody@example.org")

    assert (known.status, known.text) == (unknown.status, unknown.text)
    assert database.count(Message) == 1


def test_a_new_password_ends_every_session(app: Flask, client: FlaskClient, database: Database) -> None:
    other = app.test_client()
    sign_in(other)
    ask(client)
    visit(client, the_link(database)).submit(holding="password", password=NEW)

    assert other.get(HERE).status_code == 302
    assert database.count(StaffSession) == 0


@pytest.mark.parametrize("password", ["short", "motdepasse123", "x" * 201])
def test_a_bad_new_password_is_asked_again(client: FlaskClient, database: Database, password: str) -> None:
    ask(client)
    page = visit(client, the_link(database)).submit(holding="password", password=password)

    assert page.status == 422
    assert path_of(sign_in(client)) == "/nl/gemeente-noord/agent/"


def test_a_made_up_link_and_an_old_one_say_the_same(client: FlaskClient, database: Database, clock: Clock) -> None:
    made_up = visit(client, f"{HERE}password/open/{'0' * 64}")
    ask(client)
    clock.forward(minutes=61)
    old = visit(client, the_link(database))

    assert (made_up.status, old.status) == (410, 410)


# One's own account


def test_ones_own_language_is_kept_for_the_next_time(client: FlaskClient, database: Database) -> None:
    sign_in(client)
    page = visit(client, f"{HERE}account").submit(holding="language", language="fr")
    assert path_of(page) == f"{HERE}account"
    sign_out(client)

    assert path_of(sign_in(client)) == HERE


def test_somebody_of_two_communes_finds_the_other_one(client: FlaskClient, database: Database, staff: int) -> None:
    def second(session: Session) -> None:
        other = a_commune(session, slug="moulin", slug_nl="molen", postcodes=("1998",))
        from booking.usecases.joining import add_membership

        add_membership(session, commune_id=other.id, person_id=staff, role=Role.AGENT)

    database.write(second)
    sign_in(client)

    links = visit(client, f"{HERE}account").links().values()
    assert "/fr/moulin/agent/sign-in" in [urlsplit(link).path for link in links]
    assert path_of(visit(client, "/fr/moulin/agent/sign-in")) == "/nl/molen/agent/"
    assert "pas encore de bureau" in visit(client, "/fr/moulin/agent/").heading


def test_an_agent_is_told_that_a_page_is_for_administrators(client: FlaskClient) -> None:
    sign_in(client)

    assert client.get("/fr/mairie-nord/admin/").status_code == 403


def test_signing_out_everywhere_reaches_every_device(app: Flask, client: FlaskClient) -> None:
    other = app.test_client()
    sign_in(other)
    sign_in(client)
    page = visit(client, f"{HERE}account")
    (form,) = (form for form in page.tree.iter("form") if form.attrib["action"].endswith("everywhere"))
    typed = {one.attrib["name"]: one.attrib["value"] for one in form.iter("input")}

    client.post(form.attrib["action"], data=typed)

    assert (client.get(HERE).status_code, other.get(HERE).status_code) == (302, 302)


@pytest.mark.parametrize("path", ["nowhere", "visits/999999999", "../admin/nowhere", "../admin/counters"])
def test_a_page_that_staff_cannot_have_keeps_the_way_between_theirs(client: FlaskClient, path: str) -> None:
    sign_in(client)
    page = visit(client, f"/fr/mairie-nord/agent/{path}".replace("agent/../", ""))

    assert page.status in {403, 404}
    assert {"Agenda", "Chercher une personne"} <= page.links().keys()


def test_a_stranger_sees_nothing_of_staff_on_a_page_that_is_not_there(client: FlaskClient) -> None:
    assert "Agenda" not in visit(client, f"{HERE}nowhere").links()
