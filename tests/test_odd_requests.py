"""Whatever a browser sends, behind the question mark of an address or in a form, no page breaks or leads elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from booking.core.roles import Role
from tests.databases import Database
from tests.factories import PASSWORD, a_person, a_session, a_ticket, a_working_commune, an_appointment
from tests.pages import Page, controls, local, visit
from tests.signing import with_telephone
from tests.web.booking import choosing

ODD = (
    "_anchor=x&_external=1&_scheme=https&_method=POST",
    "endpoint=x&self=1&values=1&lang=xx&commune=elsewhere&service=x&office=x&token=x&number=x&step=x",
    "q=%FF&q=b&persons=%D9%A3&office=&day=2027-02-31&month=9999-99&week=0000-00-00&view=&counter=99999999999999999999",
    "day=9999-12-31&week=9999-12-31&month=0001-01&persons=-1&counter=-1&service=%F0%9F%98%80&postcode=%E2%82%AC&&=&=x",
)
DORA = "dora@mairie-nord.example"
ANYTHING = dict.fromkeys(("token", "mark", "name", "attachment", "secret", "key"), "x") | {
    "day": "2027-01-04",
    "form": "pdf",
    "kind": "reminder",
    "source": "town-hall",
    "first": "1-7",
    "last": "15-8",
}


def a_commune_with_a_visit(session: Session) -> dict[str, int]:
    """The numbers of what has one, by the word its address begins with; Dora runs the commune."""
    home = a_working_commune(session)
    visit_ = an_appointment(session, home.counter, home.service)
    a_person(session, home.commune, email=DORA, role=Role.ADMINISTRATOR)
    ticket = a_ticket(session, home.office, home.service)
    summer = {"start": "18:00", "end": "19:00", "season_first": 701, "season_last": 815}
    a_session(session, home.office, [home.counter], **summer)
    return {
        "year": 2027,
        "holidays": 2027,
        "tickets": ticket.id,
        "visits": visit_.id,
        "hours": home.opening.id,
        "counters": home.counter.id,
        "theme": home.commune.id,
    }


def addresses(app: Flask, numbers: dict[str, int]) -> Iterator[str]:
    """Every page of the map, and one under the name it has in the other language, from which one is led on."""
    build = app.url_map.bind("localhost").build
    here = {"lang": "fr", "commune": "mairie-nord", "service": "identity-card", "office": "town-hall"} | ANYTHING
    for rule in app.url_map.iter_rules():
        number = next((numbers[word] for word in numbers if f"/{word}/" in rule.rule), 1)
        where = here | {"number": number, "step": "deactivate"}
        if "GET" in (rule.methods or ()):
            yield build(rule.endpoint, {name: where[name] for name in rule.arguments})
    yield build("resident.times", {"lang": "nl", "commune": "mairie-nord", "service": "identity-card"})


@pytest.mark.parametrize("query", ODD)
def test_no_query_breaks_a_page_or_leads_out_of_it(
    app: Flask, client: FlaskClient, database: Database, query: str
) -> None:
    numbers = database.write(a_commune_with_a_visit)
    with_telephone(client, DORA)

    for address in addresses(app, numbers):
        odd = client.get(f"{address}?{query}")
        assert odd.status_code < 500, address
        assert urlsplit(odd.headers.get("Location", "")).netloc in {"", "localhost"}, address
        if odd.mimetype == "text/html":
            led = [urlsplit(link) for link in Page(client, odd).links().values()]
            assert [link.geturl() for link in led if link.netloc or link.scheme not in {"", "tel", "mailto"}] == []


def test_the_page_in_the_other_language_keeps_the_whole_query(client: FlaskClient, database: Database) -> None:
    database.write(a_commune_with_a_visit)
    query = "?q=a%20card&q=b&_anchor=x&lang=xx&persons=2"

    page = visit(client, f"/fr/mairie-nord/services/identity-card{query}")

    assert page.links()["Nederlands"] == (
        "/nl/gemeente-noord/services/identity-card?q=a+card&q=b&_anchor=x&lang=xx&persons=2"
    )


def test_control_characters_in_any_field_break_no_form(app: Flask, client: FlaskClient, database: Database) -> None:
    numbers = database.write(a_commune_with_a_visit)
    with_telephone(client, DORA)
    choosing(client)
    sent = set()

    for address in addresses(app, numbers):
        answer = client.get(address)
        forms = Page(client, answer).tree.iter("form") if answer.mimetype == "text/html" else ()
        for form in forms:
            action = local(urljoin(address, form.attrib.get("action", "")))
            if form.attrib.get("method") == "post" and "/sign-out" not in action:
                spoilt = {
                    name: value if name == "csrf_token" else f"{value or 'a'}\x00\x07" for name, value in controls(form)
                }
                assert client.post(action, data=spoilt).status_code < 500, action
                sent.add(action)

    assert len(sent) > 15


def test_what_is_pasted_with_control_characters_is_taken_without_them(client: FlaskClient, database: Database) -> None:
    database.write(a_commune_with_a_visit)
    spoilt = {"email": f"{DORA}\x00", "password": f"\x02{PASSWORD}\x7f"}

    page = visit(client, "/fr/mairie-nord/agent/sign-in").submit(holding="password", **spoilt)

    assert page.response.request.path == "/fr/mairie-nord/agent/sign-in/code"


def test_a_file_in_the_place_of_a_name_is_a_name_left_out(client: FlaskClient, database: Database) -> None:
    database.write(a_commune_with_a_visit)
    token = dict(controls(visit(client, "/fr/mairie-nord/find").form(holding="reference")))["csrf_token"]
    sent = {"csrf_token": token, "contact": "ana@example.org", "reference": (BytesIO(b"K7F29MXD"), "reference.txt")}

    assert client.post("/fr/mairie-nord/find", data=sent).status_code == 422


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("address", ["/", "/fr/mairie-nord/", "/fr/nobody/find", "/not-here", "/health"])
def test_whoever_asks_for_another_host_in_production_is_told_which_one_is_ours(
    make_app: Callable[..., Flask], database: Database, address: str
) -> None:
    database.write(a_working_commune)
    client = make_app(production=True, base_url="https://rendez-vous.mairie-nord.example").test_client()

    for send in (client.get, client.post):
        answer = send(address, headers={"Host": "elsewhere.example"})
        assert (answer.status_code, answer.text) == (400, "https://rendez-vous.mairie-nord.example/\n")
    assert client.get("/health", headers={"Host": "rendez-vous.mairie-nord.example"}).status_code == 200
