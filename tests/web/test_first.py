"""Before any commune: two languages, the communes in their colours, and what they say of themselves."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import a_commune, a_working_commune
from tests.pages import visit


@pytest.mark.parametrize(("language", "name"), [("fr", "Mairie Nord"), ("nl", "Gemeente Noord")])
def test_ana_finds_her_commune_by_its_postcode_on_the_very_first_page(
    client: FlaskClient, database: Database, language: str, name: str
) -> None:
    database.write(a_working_commune)
    page = visit(client, "/")
    form = next(form for form in page.tree.iter("form") if form.attrib["action"] == f"/{language}/")
    assert [field.attrib["name"] for field in form.iter("input")] == ["postcode"]

    found = visit(client, form.attrib["action"], query_string={"postcode": "1999"})
    assert (found.language, name in found.links()) == (language, True)
    assert name not in visit(client, form.attrib["action"], query_string={"postcode": "1000"}).links()


@pytest.mark.parametrize("address", ["/", "/nl/", "/nl/?postcode=1999"])
def test_every_commune_is_shown_in_its_own_colour(client: FlaskClient, database: Database, address: str) -> None:
    north = database.write(lambda session: a_commune(session, theme_brand="#0b5563"))
    south = database.write(
        lambda session: a_commune(session, slug="sud", slug_nl="zuid", postcodes=("1998",), theme_brand="#8a1538")
    )
    page = client.get(address).text
    (sheet,) = re.findall(r'href="(/theme/tiles-[0-9a-f]+\.css)"', page)
    answer = client.get(sheet)

    assert f'class="tile tile--{north.id}"' in page
    assert f".tile--{north.id} {{\n  --commune-brand: #0b5563;" in answer.text
    assert f".tile--{south.id} {{\n  --commune-brand: #8a1538;" in answer.text
    assert (answer.mimetype, "immutable" in answer.headers["Cache-Control"]) == ("text/css", True)
    assert client.get("/theme/tiles-000000000000.css").status_code == 404


@pytest.mark.parametrize(
    ("address", "link", "leads_to"),
    [
        ("/", "Déclaration d’accessibilité", "/fr/mairie-nord/accessibility"),
        ("/", "Privacy", "/nl/gemeente-noord/privacy"),
        ("/fr/", "Vie privée", "/fr/mairie-nord/privacy"),
        ("/nl/", "Toegankelijkheidsverklaring", "/nl/gemeente-noord/accessibility"),
    ],
)
def test_every_first_page_leads_to_what_the_communes_say_of_access_and_privacy(
    client: FlaskClient, database: Database, address: str, link: str, leads_to: str
) -> None:
    database.write(a_commune)
    statements = visit(client, address).follow(link)

    assert leads_to in statements.links().values()
