"""Dora gives her commune its name, its colours, its logo and its sender; what cannot be read is not accepted."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from booking.core.roles import Role
from booking.models import Commune, JournalEntry, Logo
from tests.databases import Database
from tests.pages import Page, visit
from tests.test_pictures import a_head_of, a_picture
from tests.web.administrators import Desk, at_a_desk
from tests.web.booking import HOME

LOOK = {
    "name_fr": "Val-du-Nord",
    "name_nl": "Noorddal",
    "first_language": "nl",
    "brand": "#8A1538",
    "strong": "#6a0f2b",
    "soft": "#fbf0f3",
}


@pytest.fixture
def dora(client: FlaskClient, database: Database) -> Desk:
    return at_a_desk(client, database)


def commune(database: Database) -> Commune:
    return database.one(select(Commune))


def save(page: Page, **typed: str) -> Page:
    return page.submit(holding="brand", **typed)


def test_names_order_and_colours_are_those_of_every_page_at_once(dora: Desk, database: Database) -> None:
    before = visit(dora.client, f"{HOME}/").response.text
    assert save(dora.open("/commune/look"), **LOOK).status == 200

    page = visit(dora.client, f"{HOME}/")
    assert page.text.index("Noorddal") < page.text.index("Val-du-Nord")
    sheet = next(link for link in page.response.text.split('"') if link.startswith("/theme/"))
    assert sheet not in before, "another look is another address"
    assert "--commune-brand: #8a1538" in dora.client.get(sheet).text
    assert database.all(select(JournalEntry.fields)) == [
        "first_language,name,theme_brand,theme_brand_soft,theme_brand_strong"
    ]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"brand": "#ffcc00"}, "celle-ci a un contraste de 1,3 pour 1\u202f; il faut 4,5."),
        ({"strong": "#d98ca2"}, "Choisissez-en une plus foncée."),
        ({"soft": "#555555"}, "Choisissez-en une plus claire."),
        ({"brand": "teal"}, "Écrivez une couleur comme #0b5563"),
        ({"brand": "#8a1538;} body {display:none"}, "Écrivez une couleur comme #0b5563"),
        ({"name_nl": ""}, "Le texte néerlandais manque."),
        ({"first_language": "de"}, "Choisissez quel nom vient en premier."),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_saved(
    dora: Desk, database: Database, typed: dict[str, str], sentence: str
) -> None:
    page = save(dora.open("/commune/look"), **LOOK | typed)

    assert page.status == 422
    assert page.text.replace("\u00a0", " ").count(sentence.replace("\u202f", " ").replace("\u00a0", " ")) or (
        sentence in page.text
    )
    assert 'value="Val-du-Nord"' in page.response.text, "nothing typed is lost"
    assert commune(database).theme_brand == "#1d4f91"
    assert commune(database).name.in_("fr") == "Mairie Nord"


def test_colours_can_be_seen_before_they_are_saved(dora: Desk, database: Database) -> None:
    page = dora.open("/commune/look").submit(holding="brand", press=("step", "try"), **LOOK)

    assert page.status == 200
    assert 'fill="#8a1538"' in page.response.text
    assert commune(database).theme_brand == "#1d4f91"


def test_two_people_do_not_write_over_one_another(dora: Desk, database: Database) -> None:
    old = dora.open("/commune/look")
    save(dora.open("/commune/look"), **LOOK)
    page = save(old, **LOOK | {"brand": "#0b5563"})

    assert page.status == 409
    assert commune(database).theme_brand == "#8a1538"
    assert save(page).status == 200, "whoever sends it again has been told"


def send(dora: Desk, content: bytes, name: str = "logo.png") -> Page:
    token = next(dora.open("/commune/logo").tree.iterfind(".//input[@name='csrf_token']")).attrib["value"]
    sent = {"csrf_token": token, "picture": (io.BytesIO(content), name)}
    address = "/fr/mairie-nord/admin/commune/logo"
    return Page(
        dora.client,
        dora.client.post(address, data=sent, content_type="multipart/form-data", follow_redirects=True),
    )


def test_a_logo_stands_beside_the_name_as_a_picture_of_our_own(dora: Desk, database: Database) -> None:
    page = send(dora, a_picture("JPEG", (800, 400)), "../../etc/logo.php")
    assert "Le logo est enregistré" in page.text

    shown = visit(dora.client, f"{HOME}/").tree.find(".//img[@class='wordmark__logo']")
    assert shown is not None
    assert shown.attrib["alt"] == ""
    answer = dora.client.get(shown.attrib["src"])
    with Image.open(io.BytesIO(answer.data)) as picture:
        assert (picture.format, picture.size) == ("PNG", (360, 180))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert dora.client.get(shown.attrib["src"].replace("-", "-0")).status_code == 404


def test_the_words_of_a_logo_are_in_both_languages_or_none(dora: Desk, database: Database) -> None:
    page = send(dora, a_picture("PNG"))
    half = page.submit(holding="alt_fr", alt_fr="Un moulin")
    assert half.status == 422
    assert "Le texte néerlandais manque." in half.text

    half.submit(holding="alt_fr", alt_fr="Un moulin", alt_nl="Een molen")
    image = visit(dora.client, "/nl/gemeente-noord/").tree.find(".//img[@class='wordmark__logo']")
    assert image is not None
    assert image.attrib["alt"] == "Een molen"


def test_a_logo_is_taken_away_with_its_words(dora: Desk, database: Database) -> None:
    send(dora, a_picture("PNG")).submit(holding="alt_fr", alt_fr="Un moulin", alt_nl="Een molen")
    page = dora.open("/commune/logo")
    form = next(one for one in page.tree.iter("form") if one.attrib.get("action", "").endswith("/remove"))
    token = next(form.iterfind(".//input[@name='csrf_token']")).attrib["value"]
    dora.client.post(form.attrib["action"], data={"csrf_token": token})

    assert database.all(select(Logo.commune_id)) == []
    assert not commune(database).logo_alt
    assert "wordmark__logo" not in visit(dora.client, f"{HOME}/").response.text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (a_head_of(10_000, 5_000), "Cette image a trop de pixels."),
        (b"%PDF-1.7", "Ce n’est pas une image lisible."),
        (b"", "Choisissez un fichier."),
    ],
)
def test_what_is_no_logo_is_told_at_the_field_and_the_old_one_stays(
    dora: Desk, database: Database, content: bytes, sentence: str
) -> None:
    send(dora, a_picture("PNG"))
    before = commune(database).logo_mark
    page = send(dora, content)

    assert page.status == 422
    assert page.text.count(sentence) == 2, "in the summary and at the field"
    assert commune(database).logo_mark == before


def test_a_file_sent_anywhere_else_is_not_even_read(dora: Desk) -> None:
    token = next(dora.open("/commune").tree.iterfind(".//input[@name='csrf_token']")).attrib["value"]
    sent = {"csrf_token": token, "picture": (io.BytesIO(b"x" * 100_000), "logo.png")}
    answer = dora.client.post("/fr/mairie-nord/admin/commune", data=sent, content_type="multipart/form-data")

    assert answer.status_code == 413


CONTACT = {
    "phone": "02 555 01 10",
    "email": "population@noord.example",
    "post_address_fr": "Place 2, 1999 Nord",
    "post_address_nl": "Plein 2, 1999 Noord",
    "sender_address": "rendez-vous@noord.example",
}


def test_contact_and_sender_are_written_with_a_note_on_what_the_domain_needs(dora: Desk, database: Database) -> None:
    page = dora.open("/commune/contact")
    assert "mairie-nord.example" in page.text
    assert all(word in page.text for word in ("SPF", "DKIM", "DMARC"))
    page.submit(holding="phone", **CONTACT)

    here = commune(database)
    assert (here.phone, here.sender_address) == ("+3225550110", "rendez-vous@noord.example")
    assert "02 555 01 10" in visit(dora.client, f"{HOME}/").text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"phone": ""}, "Écrivez un numéro comme 0470"),
        ({"sender_address": "rendez-vous@"}, "Écrivez une adresse e-mail"),
        ({"sender_address": "x@y.example\nBcc: z@y.example"}, "Écrivez une adresse e-mail"),
        ({"post_address_nl": ""}, "Le texte néerlandais manque."),
    ],
)
def test_a_contact_that_cannot_be_reached_is_refused(
    dora: Desk, database: Database, typed: dict[str, str], sentence: str
) -> None:
    page = dora.open("/commune/contact").submit(holding="phone", **CONTACT | typed)

    assert page.status == 422
    assert sentence in page.text
    assert commune(database).phone == "+3222000000"


def test_an_agent_changes_nothing_of_this(client: FlaskClient, database: Database) -> None:
    bilal = at_a_desk(client, database, role=Role.AGENT)
    for address in ("look", "logo", "contact", "texts", "texts/reminder"):
        assert bilal.open(f"/commune/{address}").status == 403
    assert bilal.open("/messages").status == 403
