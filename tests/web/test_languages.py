"""French and Dutch are whole; English and German help, and never hide that a text is not written in them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from booking.core.appointments import ServiceMode
from booking.core.translated import Translated
from tests.databases import Database
from tests.factories import a_service, a_working_commune
from tests.pages import Page, visit, words
from tests.test_shape import WEB_TEMPLATES, name_of

SITE = Translated.of(fr="https://site.example/fr", nl="https://site.example/nl")


def marked(page: Page) -> dict[str, set[str]]:
    """What the page marks as written in another language than its own, language by language."""
    found: dict[str, set[str]] = {}
    for element in page.tree.find("body").iter("span"):
        if (language := element.attrib.get("lang")) and "wordmark__name" not in element.attrib.get("class", ""):
            found.setdefault(language, set()).add(words(element))
    return found


def a_half_translated_place(session: Session) -> None:
    place = a_working_commune(session)
    both = dict.fromkeys(("by_phone", "by_post"), Translated.of(fr="Appelez.", nl="Bel."))
    name = Translated.of(fr="Adresse", nl="Adres", en="Address")
    a_service(session, place.commune, code="address", name=name, mode=ServiceMode.ONLINE, link=SITE, **both)


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_text_without_english_or_german_is_read_in_french_and_dutch_each_marked(
    client: FlaskClient, database: Database, language: str
) -> None:
    database.write(a_half_translated_place)
    told = marked(visit(client, f"/{language}/mairie-nord/services/identity-card"))

    assert "Demander une carte" in told["fr"]
    assert "Een kaart aanvragen" in told["nl"]
    assert ("Identiteitskaart" in told["nl"]) == (language == "de")


def test_a_title_names_both_in_one_line(client: FlaskClient, database: Database) -> None:
    database.write(a_half_translated_place)
    page = visit(client, "/de/mairie-nord/services/identity-card")

    assert words(page.tree.find("head/title")) == ("Carte d’identité / Identiteitskaart · Mairie Nord / Gemeente Noord")


def test_a_link_to_another_site_is_given_in_both_languages(client: FlaskClient, database: Database) -> None:
    database.write(a_half_translated_place)
    links = visit(client, "/de/mairie-nord/services/address").links()

    assert links["Online erledigen (Français)"] == "https://site.example/fr"
    assert links["Online erledigen (Nederlands)"] == "https://site.example/nl"
    assert visit(client, "/nl/gemeente-noord/services/address").links()["Online regelen"] == "https://site.example/nl"


def test_french_and_dutch_pages_are_in_one_language(client: FlaskClient, database: Database) -> None:
    database.write(a_half_translated_place)

    assert "Een kaart aanvragen" not in visit(client, "/fr/mairie-nord/services/identity-card").text


@pytest.mark.parametrize(
    ("language", "notice"),
    [
        ("en", "Translation. The French and Dutch texts are the official ones."),
        ("de", "Übersetzung. Verbindlich sind die französische und die niederländische Fassung."),
    ],
)
def test_a_page_in_a_help_language_says_which_texts_are_official(
    client: FlaskClient, database: Database, language: str, notice: str
) -> None:
    database.write(a_half_translated_place)

    assert notice in visit(client, f"/{language}/mairie-nord/").text
    assert "offici" not in visit(client, "/fr/mairie-nord/").text


def test_english_and_german_are_small_links_on_the_first_page(client: FlaskClient, database: Database) -> None:
    database.write(a_half_translated_place)
    links = visit(client, "/").links()

    assert links["Continue in English"].endswith("/en/")
    assert links["Weiter auf Deutsch"].endswith("/de/")
    assert "Was ist Ihr Anliegen?" in visit(client, "/de/mairie-nord/").text


MARKED = r"\|(?:translated|told)\b(?!\|as_text|\|striptags)"
WHERE_NO_MARK_CAN_STAND = {
    "a choice in a list": rf"<option[^>]*>[^<]*{MARKED}",
    "an attribute": rf"""="[^"<>]*\{{\{{[^"<>]*{MARKED}[^"<>]*"[ >]""",
    "a title": rf"<title>[^<]*{MARKED}",
    "a list in a sentence": r"map\(.translated.\)(?!\|map\(.as_text.\))[^}]*\|listing",
    "what breaks lines itself": r"\|(?:translated|told)\|unbroken",
}


@pytest.mark.parametrize("template", WEB_TEMPLATES, ids=name_of)
def test_the_mark_of_a_language_stands_only_where_a_page_can_hold_one(template: Path) -> None:
    text = template.read_text()

    assert [what for what, pattern in WHERE_NO_MARK_CAN_STAND.items() if re.search(pattern, text)] == []


def test_an_address_that_was_written_before_is_given_only_where_it_is_the_same(app: Flask) -> None:
    def written(root: str) -> list[str]:
        with app.test_request_context("/fr/", base_url=f"http://localhost{root}"):
            ways: list[dict[str, Any]] = [{"page": 1}, {"page": True}, {"page": "1"}, {"page": [1, 2]}, {}]
            return [url_for("first.communes", lang=lang, **way) for lang in ("fr", "nl") for way in ways]

    queries = ("?page=1", "?page=True", "?page=1", "?page=1&page=2", "")
    expected = [f"/{lang}/{query}" for lang in ("fr", "nl") for query in queries]
    assert written("") == written("") == expected
    assert written("/under") == [f"/under{address}" for address in expected]
