"""The people of the commune, as Dora sees and changes them; invitations; and who reads the journal."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.references import link_token
from booking.core.roles import Role
from booking.models import JournalEntry, Membership, Person
from booking.usecases.people import open_session
from tests.databases import Database
from tests.factories import SECRET_KEY, a_commune, a_person, an_appointment, an_office
from tests.moments import EARLY
from tests.pages import Page, visit
from tests.signing import with_password
from tests.web.administrators import Desk, at_a_desk

HERE, ADMIN = "/fr/mairie-nord/agent/", "/fr/mairie-nord/admin/"
BILAL, DORA = "bilal@mairie-nord.example", "dora@mairie-nord.example"
NEW = "seven purple umbrellas"


@pytest.fixture
def dora(client: FlaskClient, database: Database) -> Desk:
    """Dora administers, Bilal is an agent; there is a second office."""
    desk = at_a_desk(client, database)

    def rows(session: Session) -> None:
        a_person(session, desk.work.commune, name="Bilal Amrani", email=BILAL)
        an_office(session, desk.work.commune, code="station")

    database.write(rows)
    return desk


def number_of(database: Database, email: str) -> int:
    return int(database.one(select(Person.id).where(Person.email == email)))


def path_of(page: Page) -> str:
    return page.response.request.path


def signed_in(app: Flask, database: Database, email: str) -> FlaskClient:
    """Another browser, in which somebody sits."""
    token = database.write(open_session, person_id=number_of(database, email), now=EARLY)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return client


def test_the_list_is_narrowed_to_whom_one_looks_for(dora: Desk) -> None:
    assert {"Bilal Amrani", "Dora"} <= set(dora.open("/people").links())
    for query, left in (
        ("q=AMRANI", {"Bilal Amrani"}),
        ("q=dora%40", {"Dora"}),
        ("role=administrator", {"Dora"}),
        ("state=deactivated", set()),
        ("role=agent&state=active&office=999", {"Bilal Amrani"}),
    ):
        rows = [
            row for row in dora.open(f"/people?{query}").tree.iter("tr") if row.find("./th[@scope='row']") is not None
        ]
        assert {"".join(row.find(".//bdi").itertext()) for row in rows} == left, query


def test_bilal_is_promoted_and_signs_in_anew_with_a_second_step_to_set_up(
    dora: Desk, app: Flask, database: Database
) -> None:
    bilal = signed_in(app, database, BILAL)
    assert bilal.get(HERE).status_code == 200

    page = dora.open(f"/people/{number_of(database, BILAL)}").submit(holding="role_agent", role_administrator="y")

    assert "enregistrées" in page.text
    assert path_of(visit(bilal, HERE)) == f"{HERE}sign-in"
    assert path_of(with_password(bilal, BILAL)) == f"{HERE}account/second-factor"


def test_what_bilal_may_is_limited_to_an_office(dora: Desk, database: Database) -> None:
    number = number_of(database, BILAL)

    page = dora.open(f"/people/{number}").submit(
        holding="role_agent", role_agent=None, role_receptionist="y", offices_receptionist=str(dora.work.office.id)
    )

    assert page.status == 200
    assert database.all(select(Membership.role).where(Membership.person_id == number)) == [Role.RECEPTIONIST]
    assert "(Maison communale" in dora.open("/people?q=bilal").text.replace("\xa0", " ")


def test_nobody_has_no_role_and_the_last_administrator_stays(dora: Desk, database: Database) -> None:
    bilal = dora.open(f"/people/{number_of(database, BILAL)}")
    assert bilal.submit(holding="role_agent", role_agent=None).status == 422

    own = dora.open(f"/people/{number_of(database, DORA)}").submit(
        holding="role_agent", role_administrator=None, role_agent="y"
    )

    assert own.status == 409
    assert database.one(select(Membership.role).where(Membership.person_id == number_of(database, DORA))) == (
        Role.ADMINISTRATOR
    )


def test_of_two_who_change_bilal_at_once_the_second_is_shown_what_the_first_did(dora: Desk, database: Database) -> None:
    page = dora.open(f"/people/{number_of(database, BILAL)}")
    page.submit(holding="role_agent", role_auditor="y")

    second = page.submit(holding="role_agent", role_receptionist="y")

    assert second.status == 409
    assert database.count(Membership, Membership.person_id == number_of(database, BILAL)) == 2


def test_bilal_is_out_at_his_next_request_when_he_is_deactivated(dora: Desk, app: Flask, database: Database) -> None:
    bilal = signed_in(app, database, BILAL)
    number = number_of(database, BILAL)

    page = dora.open(f"/people/{number}/deactivate").submit()

    assert "désactivé" in page.text
    assert path_of(visit(bilal, HERE)) == f"{HERE}sign-in"
    assert with_password(bilal, BILAL).status == 422
    dora.open(f"/people/{number}/reactivate").submit()
    assert path_of(with_password(bilal, BILAL)) == HERE


def test_a_second_administrator_is_asked_for_while_there_is_one(dora: Desk, database: Database) -> None:
    assert "seule personne" in dora.open("/").text

    hilde = {"email": "hilde@mairie-nord.example", "role": Role.ADMINISTRATOR}
    database.write(lambda session: a_person(session, dora.work.commune, **hilde) and None)

    assert "seule personne" not in dora.open("/").text


def test_who_administers_one_office_alone_sees_no_people(client: FlaskClient, database: Database) -> None:
    desk = at_a_desk(client, database, here_only=True)

    assert "/people" not in " ".join(desk.open("/").links().values())
    assert desk.open("/people").status == desk.open("/people/new").status == 403


def test_somebody_of_another_commune_is_not_found(dora: Desk, database: Database) -> None:
    def emil(session: Session) -> int:
        moulin = a_commune(session, slug="moulin", slug_nl="molen", postcodes=("1998",))
        return a_person(session, moulin, email="emil@moulin.example").id

    number = database.write(emil)

    for address in ("", "/deactivate", "/reset", "/withdraw"):
        assert dora.open(f"/people/{number}{address}").status == 404


def invite(dora: Desk, email: str = "salma@nord.example", **typed: object) -> Page:
    facts = {"email": email, "name": "Salma", "role": "agent", "language": "fr"} | typed
    return dora.open("/people/new").submit(holding="email", **facts)


def link_of(database: Database) -> str:
    """Where the letter leads; the worker writes it into the mail."""
    nonce = database.one(select(Membership.invitation_nonce).where(Membership.invitation_nonce.is_not(None)))
    return f"{HERE}invitation/open/{link_token(SECRET_KEY, 'invitation', nonce)}"


def test_salma_comes_by_her_link_and_works_at_once(dora: Desk, app: Flask, database: Database) -> None:
    assert "en route" in invite(dora).text
    salma = app.test_client()
    form = visit(salma, link_of(database))
    assert "agent au guichet" in form.text
    assert form.submit(holding="password", name=" ", password="short").status == 422

    arrived = form.submit(holding="password", name="Salma El Idrissi", password=NEW, language="nl")

    assert path_of(arrived) == "/nl/gemeente-noord/agent/"
    assert "Salma El Idrissi" in arrived.text
    assert visit(app.test_client(), f"{HERE}invitation").status == 410


def test_a_link_that_was_taken_back_is_over(dora: Desk, app: Flask, database: Database) -> None:
    invite(dora)
    link = link_of(database)
    dora.open(f"/people/{number_of(database, 'salma@nord.example')}/withdraw").submit()

    over = visit(app.test_client(), link)

    assert over.status == 410
    assert "ne fonctionne plus" in over.heading
    assert visit(app.test_client(), link[:-1] + ("0" if link[-1] != "0" else "1")).status == 410


def test_emil_of_another_commune_accepts_with_the_account_he_has(dora: Desk, app: Flask, database: Database) -> None:
    def rows(session: Session) -> None:
        moulin = a_commune(session, slug="moulin", slug_nl="molen", postcodes=("1998",))
        a_person(session, moulin, name="Emil", email="emil@moulin.example")

    database.write(rows)
    invite(dora, "emil@moulin.example")
    emil = app.test_client()
    assert "un compte" in visit(emil, link_of(database)).text

    arrived = with_password(emil, "emil@moulin.example")
    assert path_of(arrived) == f"{HERE}invitation"
    assert path_of(arrived.submit(holding="csrf_token")) == HERE
    assert {"Emil", "Bilal Amrani"} <= set(dora.open("/people").links())


def test_an_invitation_is_not_for_whoever_happens_to_be_signed_in(dora: Desk, app: Flask, database: Database) -> None:
    def rows(session: Session) -> None:
        moulin = a_commune(session, slug="moulin", slug_nl="molen", postcodes=("1998",))
        a_person(session, moulin, name="Emil", email="emil@moulin.example")

    database.write(rows)
    invite(dora, "emil@moulin.example")

    assert visit(signed_in(app, database, BILAL), link_of(database)).status == 409


def test_who_works_here_is_not_invited_again(dora: Desk) -> None:
    refused = invite(dora, BILAL)

    assert refused.status == 422
    assert "travaille déjà ici" in refused.text
    assert invite(dora, "not an address").status == 422


# The journal


def test_an_auditor_reads_the_journal_and_nothing_else(app: Flask, client: FlaskClient, database: Database) -> None:
    desk = at_a_desk(client, database, role=Role.AUDITOR)
    visit_ = database.write(lambda session: an_appointment(session, desk.work.counter, desk.work.service).id)

    assert path_of(with_password(app.test_client(), DORA)) == f"{ADMIN}journal"
    assert desk.open("/journal").status == desk.open("/figures").status == 200
    assert desk.open("/figures").links()["Journal"] == f"{ADMIN}journal"
    for address in (HERE, ADMIN, f"{ADMIN}people", f"{ADMIN}services", f"{HERE}visits/{visit_}", f"{HERE}find"):
        assert client.get(address).status_code == 403, address
    assert client.get(f"{HERE}account").status_code == 200


def test_the_journal_says_who_did_what_to_whom_and_links_no_resident_for_an_auditor(
    dora: Desk, app: Flask, database: Database
) -> None:
    number = database.write(lambda session: an_appointment(session, dora.work.counter, dora.work.service).id)
    visit(dora.client, f"{HERE}visits/{number}")
    him = dora.open(f"/people/{number_of(database, BILAL)}")
    him.submit(holding="role_agent", role_agent=None, role_auditor="y")
    shown = dora.open("/journal")
    for word in ("consultation", "modification", "Bilal Amrani", "rôles"):
        assert word in shown.text
    assert f"n° {number}" in shown.text.replace("\xa0", " ")
    assert "Ana" not in shown.text

    auditor = signed_in(app, database, BILAL)
    links = visit(auditor, f"{ADMIN}journal").links().values()
    assert not [link for link in links if "/visits/" in link]


def test_the_journal_is_read_page_by_page(dora: Desk, database: Database) -> None:
    def acts(session: Session) -> None:
        own = {"commune_id": dora.work.commune.id, "at": EARLY, "act": "changed", "subject": "service", "fields": ""}
        session.add_all(JournalEntry(**own, subject_id=number) for number in range(1, 121))

    database.write(acts)
    page, read = dora.open("/journal"), 0
    for rows in (50, 50, 20):
        assert len(list(page.tree.iter("tr"))) - 1 == rows
        read += rows
        if rows == 50:
            page = visit(dora.client, page.links()["Entrées plus anciennes"])
    assert read == 120
    assert "Entrées plus anciennes" not in page.links()


def test_a_day_that_cannot_be_read_is_said_at_its_field(dora: Desk) -> None:
    assert "Écrivez une date" in dora.open("/journal?from=hier").text
    assert "Écrivez une date" not in dora.open("/journal?from=1/12/2026&until=31.12.2026").text


def test_the_journal_goes_out_of_the_house_as_a_file_and_says_so_itself(dora: Desk, database: Database) -> None:
    dora.open(f"/people/{number_of(database, BILAL)}/deactivate").submit()

    file = dora.client.get(f"{ADMIN}journal.csv?act=deactivated")

    assert file.headers["Content-Disposition"].startswith("attachment; filename=journal-2027-01-04")
    lines = file.get_data().decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    number = number_of(database, BILAL)
    assert lines[1].split(";")[1:] == [
        "Dora", "gestionnaire", "désactivée", "membre du personnel", str(number), "Bilal Amrani", ""
    ]  # fmt: skip
    assert database.all(select(JournalEntry.act).where(JournalEntry.subject == "journal")) == ["exported"]
