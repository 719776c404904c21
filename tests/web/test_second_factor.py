"""Signing in with two steps, setting the second one up, and what is closed to administrators until they have."""

from __future__ import annotations

import re
from base64 import b32decode
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.core.second_factor import code_at, step_at
from booking.models import JournalEntry, Membership, Person, SecondFactor
from booking.usecases.joining import add_membership
from booking.usecases.second_factors import write_codes
from tests.databases import Database
from tests.factories import PASSWORD, a_person, a_working_commune, code_for
from tests.moments import EARLY, Clock
from tests.pages import Page, visit
from tests.signing import DOOR, with_password, with_telephone

HERE, ADMIN = "/fr/mairie-nord/agent/", "/fr/mairie-nord/admin/"
FACTOR = f"{HERE}account/second-factor"
BILAL, DORA, HILDE = (f"{name}@mairie-nord.example" for name in ("bilal", "dora", "hilde"))
ON_PAPER = "BBBB-CCCC-DDDD"


@pytest.fixture(autouse=True)
def people(database: Database) -> None:
    """Bilal is an agent; Dora administers with a telephone and a code on paper, Hilde has neither yet."""

    def rows(session: Session) -> None:
        commune = a_working_commune(session).commune
        a_person(session, commune, name="Bilal", email=BILAL)
        dora = a_person(session, commune, name="Dora", email=DORA, role=Role.ADMINISTRATOR)
        write_codes(session, person_id=dora.id, codes=[ON_PAPER])
        a_person(session, commune, name="Hilde", email=HILDE, role=Role.ADMINISTRATOR, has_telephone=False)

    database.write(rows)


def path_of(page: Page) -> str:
    return page.response.request.path


def secret_on(page: Page) -> bytes:
    found = re.search(r'<span class="factor__secret">([A-Z2-7 ]+)</span>', page.response.text)
    assert found is not None
    return b32decode(found[1].replace(" ", ""))


def set_up(client: FlaskClient, **typed: str) -> Page:
    page = visit(client, FACTOR)
    return page.submit(holding="code", code=code_at(secret_on(page), step_at(EARLY)), **typed)


def codes_on(page: Page) -> list[str]:
    return re.findall(r'class="codes__code">([0-9A-Z-]+)<', page.response.text)


def test_the_right_password_alone_opens_nothing_of_dora(client: FlaskClient) -> None:
    half = with_password(client, DORA)

    assert path_of(half) == f"{DOOR}/code"
    assert path_of(visit(client, HERE)) == DOOR
    assert path_of(half.submit(holding="code", code=code_for())) == HERE
    assert client.get(ADMIN).status_code == 200


def test_the_page_that_was_wanted_is_opened_after_both_steps(client: FlaskClient) -> None:
    visit(client, f"{ADMIN}services")

    assert path_of(with_telephone(client, DORA)) == f"{ADMIN}services"


def test_a_code_opens_once_and_the_next_one_opens_again(app: Flask, client: FlaskClient, clock: Clock) -> None:
    with_telephone(client, DORA)

    refused = with_telephone(app.test_client(), DORA)
    assert (refused.status, path_of(refused)) == (409, f"{DOOR}/code")
    assert "déjà servi" in refused.text
    assert path_of(refused.submit(holding="code", code=code_for(later=1))) == HERE


@pytest.mark.parametrize("typed", ["", "000000", ON_PAPER.replace("B", "F")])
def test_what_is_no_code_opens_nothing(client: FlaskClient, typed: str) -> None:
    refused = with_password(client, DORA).submit(holding="code", code=typed)

    assert refused.status == 422
    assert client.get(ADMIN).status_code == 302


def test_a_code_on_paper_opens_once_without_the_telephone(app: Flask, client: FlaskClient) -> None:
    assert path_of(with_password(client, DORA).submit(holding="code", code=ON_PAPER.lower())) == HERE
    other = app.test_client()
    assert with_password(other, DORA).submit(holding="code", code=ON_PAPER).status == 422


def test_guessing_codes_comes_to_a_pause_and_the_right_one_waits_too(client: FlaskClient, clock: Clock) -> None:
    half = with_password(client, DORA)
    for _ in range(10):
        half = half.submit(holding="code", code="000000")
    assert half.submit(holding="code", code=code_for()).status == 429

    clock.forward(minutes=5)
    assert path_of(half.submit(holding="code", code=code_for(clock.now))) == HERE


def test_a_right_password_waits_ten_minutes_for_its_code(client: FlaskClient, clock: Clock) -> None:
    half = with_password(client, DORA)
    clock.forward(minutes=11)

    assert path_of(half.submit(holding="code", code=code_for(clock.now))) == DOOR


def test_a_password_that_was_changed_meanwhile_waits_for_no_code(client: FlaskClient, database: Database) -> None:
    half = with_password(client, DORA)

    def changed(session: Session) -> None:
        session.scalars(select(Person).where(Person.email == DORA)).one().password_hash = "another"

    database.write(changed)
    assert path_of(half.submit(holding="code", code=code_for())) == DOOR


def test_an_administrator_without_a_second_step_gets_no_further_than_to_set_it_up(client: FlaskClient) -> None:
    arrived = with_password(client, HILDE)

    assert path_of(arrived) == FACTOR
    for address in (ADMIN, HERE, f"{HERE}account", f"{ADMIN}people"):
        assert path_of(visit(client, address)) == FACTOR
    assert client.post(f"{HERE}office", data={"office": "town-hall"}).status_code in {303, 400}
    assert "Agenda" not in visit(client, FACTOR).text


def test_once_it_is_set_up_everything_opens_and_the_codes_on_paper_are_shown_once(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    other = app.test_client()
    with_password(other, HILDE)
    with_password(client, HILDE)

    shown = set_up(client)

    assert len(codes_on(shown)) == 10
    assert client.get(ADMIN).status_code == 200
    assert not codes_on(visit(client, FACTOR))
    assert path_of(visit(other, FACTOR)) == DOOR, "a session of before outlived it"
    assert path_of(with_password(other, HILDE).submit(holding="code", code=codes_on(shown)[3])) == FACTOR
    kept = database.one(select(SecondFactor.secret).join(Person).where(Person.email == HILDE))
    assert secret_on(visit(client, f"{FACTOR}/replace")).hex() not in kept


def test_a_wrong_first_code_sets_nothing_up(client: FlaskClient, database: Database) -> None:
    with_password(client, HILDE)

    page = visit(client, FACTOR).submit(holding="code", code="000000")

    assert page.status == 422
    assert database.count(SecondFactor) == 1


def test_an_agent_may_have_one_and_may_take_it_off(client: FlaskClient, clock: Clock, database: Database) -> None:
    assert path_of(with_password(client, BILAL)) == HERE
    secret = secret_on(visit(client, FACTOR))
    set_up(client)
    page = visit(client, FACTOR)
    clock.forward(minutes=1)

    gone = page.submit(holding="code", press=("act", "off"), code=code_at(secret, step_at(clock.now)))

    assert path_of(gone) == DOOR
    assert path_of(with_password(client, BILAL)) == HERE
    acts = database.all(select(JournalEntry.act).where(JournalEntry.subject == "person").order_by(JournalEntry.id))
    assert acts == ["changed", "removed"]


def test_dora_does_not_take_hers_off(client: FlaskClient, clock: Clock) -> None:
    with_telephone(client, DORA)
    page = visit(client, FACTOR)
    assert "Se connecter sans elle" not in page.text
    clock.forward(minutes=1)
    token = page.form(holding="code").find(".//*[@name='csrf_token']").attrib["value"]

    sent = {"csrf_token": token, "act": "off", "code": code_for(clock.now)}
    assert client.post(f"{FACTOR}/change", data=sent).status_code == 409


def test_another_telephone_wants_a_code_of_the_one_of_today(app: Flask, client: FlaskClient, clock: Clock) -> None:
    with_telephone(client, DORA)
    page = visit(client, f"{FACTOR}/replace")
    new = code_at(secret_on(page), step_at(clock.now))
    assert page.submit(holding="present", present="000000", code=new).status == 422

    done = page.submit(holding="present", present=ON_PAPER, code=new)

    assert len(codes_on(done)) == 10
    assert with_password(app.test_client(), DORA).submit(holding="code", code=code_for(later=1)).status == 422


def test_new_codes_on_paper_are_shown_to_whoever_proves_to_be_dora(client: FlaskClient, clock: Clock) -> None:
    with_telephone(client, DORA)
    page = visit(client, FACTOR)
    assert page.submit(holding="code", press=("act", "codes"), code="000000").status == 422
    clock.forward(minutes=1)

    shown = page.submit(holding="code", press=("act", "codes"), code=code_for(clock.now))

    assert len(codes_on(shown)) == 10


def test_whoever_becomes_an_administrator_sets_it_up_before_anything_else(
    client: FlaskClient, database: Database
) -> None:
    with_password(client, BILAL)

    def promoted(session: Session) -> None:
        person = session.scalars(select(Person).where(Person.email == BILAL)).one()
        commune_id = session.scalars(select(Membership.commune_id)).first()
        add_membership(session, commune_id=commune_id, person_id=person.id, role=Role.ADMINISTRATOR)

    database.write(promoted)
    assert path_of(visit(client, HERE)) == FACTOR


def test_ones_own_password_is_changed_by_who_knows_it_and_signs_out_everywhere_else(
    app: Flask, client: FlaskClient
) -> None:
    other = app.test_client()
    for one in (client, other):
        with_password(one, BILAL)
    form = visit(client, f"{HERE}account/password")
    new = "seven purple umbrellas"
    wrong = form.submit(holding="current", current="not this one", password=new)
    assert (wrong.status, "mot de passe actuel" in wrong.text) == (422, True)
    assert form.submit(holding="current", current=PASSWORD, password="short").status == 422

    done = form.submit(holding="current", current=PASSWORD, password=new)

    assert path_of(done) == f"{HERE}account"
    assert path_of(visit(other, HERE)) == DOOR
    assert urlsplit(client.get(HERE).headers.get("Location", "")).path == ""
    assert with_password(other, BILAL).status == 422
    assert path_of(with_password(other, BILAL, new)) == HERE
