"""Dora writes questions and rules in a form, sees what every answer leads to, and saves it as a new version."""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.core.checklist import NOTHING, Attendee, Procedure, Way
from booking.models import ChecklistVersion, ServiceFee
from tests.databases import Database
from tests.lists import FOR_MY_CHILD, NEW_CARD
from tests.pages import Page, visit, words
from tests.web.administrators import Desk, at_a_desk
from tests.web.asking import asks, booking_with

ADDRESS = "/services/identity-card/checklist"
MEANWHILE = "Quelqu’un d’autre a enregistré une modification ici entre-temps"
PREVIEW = ("preview", "yes")


@pytest.fixture
def dora(client: FlaskClient, database: Database) -> Desk:
    return at_a_desk(client, database)


@pytest.fixture
def asking(dora: Desk, database: Database) -> Desk:
    database.write(lambda session: asks(session, dora.work))
    return dora


def send(page: Page, **typed: object) -> Page:
    return page.submit(holding="paper_0_fr", **typed)


def versions(database: Database) -> list[int]:
    return database.all(select(ChecklistVersion.version).order_by(ChecklistVersion.version))


def newest(database: Database):  # type: ignore[no-untyped-def]
    return database.all(select(ChecklistVersion.content).order_by(ChecklistVersion.version))[-1]


def opened(page: Page, row: str, **typed: object) -> Page:
    return page.submit(holding="paper_0_fr", press=("open", row), **typed)


def added(page: Page, kind: str, **typed: object) -> Page:
    return page.submit(holding="paper_0_fr", press=("add", kind), **typed)


def test_a_plain_list_is_written_in_the_order_of_its_numbers(dora: Desk, database: Database) -> None:
    card = {"paper_0_fr": "votre carte", "paper_0_nl": "uw kaart", "paper_0_place": "2"}
    photo = {"paper_1_fr": "une photo", "paper_1_nl": "een foto", "paper_1_place": "1"}
    page = send(added(dora.open(ADDRESS), "paper", **card), **photo)

    assert "La liste est enregistrée" in page.text
    assert [paper.text.in_("nl") for paper in newest(database).papers] == ["een foto", "uw kaart"]
    assert "une photo votre carte" in visit(dora.client, "/fr/mairie-nord/services/identity-card").text


LOST = {
    "question_0_fr": "Perdue ?",
    "question_0_nl": "Verloren?",
    "question_0_answer_0_fr": "Oui",
    "question_0_answer_0_nl": "Ja",
    "question_0_answer_1_fr": "Non",
    "question_0_answer_1_nl": "Nee",
}


def test_an_answer_can_be_named_by_a_row_as_soon_as_the_row_is_opened(dora: Desk, database: Database) -> None:
    paper = {"paper_0_fr": "l’attestation", "paper_0_nl": "het attest"}
    way = {"outcome_0_way": "phone", "outcome_0_fr": "Appelez.", "outcome_0_nl": "Bel."}
    shown = opened(dora.open(ADDRESS), "paper_0", **LOST, **paper)
    assert "Perdue ? – Oui" in shown.text
    assert (shown.status, versions(database)) == (200, [])

    shown = opened(shown, "outcome_0", paper_0_when=["q1:a1"], **way)
    send(shown, outcome_0_when=["q1:a2"], attendance_0_fr="Vous", attendance_0_nl="U", attendance_0_who="both")

    content = newest(database)
    assert [(c.question, c.answers) for c in content.papers[0].when] == [("q1", ("a1",))]
    assert content.outcomes[0].way == Way.PHONE
    assert content.attendance[0].who == Attendee.BOTH


def test_an_answer_is_added_where_it_is_wished_and_what_is_unfinished_is_no_fault_yet(asking: Desk) -> None:
    page = opened(asking.open(ADDRESS), "paper_0", paper_3_fr="deux photos", paper_1_nl="")
    page = added(page, "question_0_answer", question_0_answer_2_fr="Volée", question_0_answer_2_nl="Gestolen")

    assert page.status == 200
    new = page.tree.find(".//*[@name='question_0_answer_3_fr']")
    assert new is not None
    assert "autofocus" in new.attrib, "one goes on where it was added"
    assert "Volée" in words(page.tree.find(".//*[@id='paper_0-when']")), "the open row names it at once"
    assert value_of(page, "paper_3_fr") == "deux photos"
    assert "Le texte néerlandais manque." in send(page).text


def test_while_somebody_names_an_answer_the_rows_that_are_open_are_sent_with_it(asking: Desk) -> None:
    page, live = opened(asking.open(ADDRESS), "paper_0"), {"HX-Request": "true"}
    named = {"question_0_answer_2_fr": "Volée", "question_0_answer_2_nl": "Gestolen"}
    fresh = page.submit(holding="paper_0_fr", press=PREVIEW, headers=live, paper_0_when=["why:lost"], **named)

    row = fresh.tree.find(".//*[@id='paper_0-when'][@hx-swap-oob]")
    assert "Volée" in words(row)
    assert [box.attrib["value"] for box in row.iter("input") if "checked" in box.attrib] == ["why:lost"]
    assert fresh.tree.find(".//*[@id='paper_1-when']") is None


@pytest.mark.parametrize("key", ["paper_1", "paper", "paper_1_here", "question", "urgent_0"])
def test_what_is_opened_comes_alone_and_what_travelled_hidden_is_in_it(asking: Desk, key: str) -> None:
    alone = opened_live(asking.open(ADDRESS), key)

    assert alone.status == 200
    assert len(alone.tree.findall(".//*[@class='opened']")) == 1
    assert alone.tree.find(f".//input[@name='opened'][@value='{key}']") is not None


@pytest.mark.parametrize("key", ["urgent", "nothing", "paper_99", "paper_99_here", "_here"])
def test_what_is_not_there_cannot_be_opened(asking: Desk, key: str) -> None:
    assert opened_live(asking.open(ADDRESS), key).tree.find(".//form") is not None


def opened_live(page: Page, key: str) -> Page:
    return page.submit(holding="paper_0_fr", press=("open", key), headers={"HX-Request": "true"})


def value_of(page: Page, name: str) -> str:
    found = page.tree.find(f".//*[@name='{name}']")
    assert found is not None
    return found.attrib["value"]


def test_english_and_german_are_kept_unseen_until_they_are_opened(asking: Desk, database: Database) -> None:
    helped = opened(asking.open(ADDRESS), "paper")
    send(helped, paper_0_en="your card", paper_0_de="Ihre Karte")

    send(asking.open(ADDRESS), paper_1_fr="une autre attestation")
    assert newest(database).papers[0].text.in_("de") == "Ihre Karte"
    assert "your card" in {value_of(opened(asking.open(ADDRESS), "paper"), "paper_0_en")}


def test_who_opens_the_last_urgent_row_finds_it(asking: Desk) -> None:
    page = opened(asking.open(ADDRESS), "urgent_1")

    assert "Jamais" not in words(page.tree.find(".//*[@id='urgent_1-when']"))
    assert page.tree.find(".//input[@name='urgent_1_when']") is not None


def trying(page: Page, **answers: str) -> Page:
    typed = {f"try-{code}": answer for code, answer in answers.items()}
    return page.submit(holding="paper_0_fr", press=PREVIEW, **typed)


def tried(page: Page) -> str:
    return words(page.tree.find(".//*[@id='tried']"))


def test_dora_answers_her_draft_and_sees_the_list_of_whoever_answers_so(asking: Desk, database: Database) -> None:
    own = {"commune_id": asking.work.commune.id, "service_id": asking.work.service.id, "valid_from": date(2026, 1, 1)}
    fees = [ServiceFee(**own, procedure=Procedure.NORMAL, cents=2500, note=NOTHING)]
    database.write(lambda session: session.add_all(fees))
    page = asking.open(ADDRESS)
    assert "Va-t-il à l’école" not in tried(page)
    assert "Il reste 3 questions" in tried(page)

    page = trying(page, why="expired", whom="child", when="later")
    assert "Va-t-il à l’école" in tried(page)
    assert "la carte du parent" not in tried(page).partition("Il reste une question")[2]

    page = page.submit(holding="paper_0_fr", press=PREVIEW, **{"try-school": "yes"}, paper_2_fr="deux cartes")
    for said in ("votre carte", "deux cartes", "Vous et l’enfant", "25 €", "25 minutes"):
        assert said in tried(page), said
    assert "attestation de perte" not in tried(page)
    assert versions(database) == [1]


def test_an_answer_that_leads_elsewhere_says_where_in_the_draft(asking: Desk) -> None:
    page = trying(asking.open(ADDRESS), why="expired", whom="absent")

    assert "Nous venons chez vous." in tried(page)
    assert "Par téléphone" in tried(page)
    assert "À apporter" not in tried(page)


def test_the_form_shows_again_exactly_what_is_kept(asking: Desk, database: Database) -> None:
    page = send(asking.open(ADDRESS))

    assert page.status == 200
    assert versions(database) == [1], "saved as it is, it is no new version"
    assert newest(database) == NEW_CARD


def preview_of(page: Page) -> str:
    found = page.tree.find(".//*[@id='found']")
    assert found is not None
    return words(found)


def test_the_preview_says_what_every_answer_leads_to(asking: Desk, database: Database) -> None:
    own = {"commune_id": asking.work.commune.id, "service_id": asking.work.service.id, "valid_from": date(2026, 1, 1)}
    fees = [ServiceFee(**own, procedure=Procedure.NORMAL, cents=2500, note=NOTHING)]
    fees += [ServiceFee(**own, procedure=Procedure.URGENT, cents=13000, note=NOTHING)]
    database.write(lambda session: session.add_all(fees))
    said = preview_of(asking.open(ADDRESS))

    assert said.startswith("14\u00a0parcours")
    assert "Procédure urgente · 130\u00a0€ par personne" in said
    assert "Procédure normale · 25\u00a0€ par personne" in said
    for question in NEW_CARD.questions:
        assert question.text.in_("fr") in said
        assert all(answer.text.in_("fr") in said for answer in question.answers)
    for _, _, text in NEW_CARD.texts():
        assert text.in_("fr") in said


def test_while_somebody_types_only_the_preview_is_sent_and_nothing_is_saved(asking: Desk, database: Database) -> None:
    page, live = asking.open(ADDRESS), {"HX-Request": "true"}
    shown = page.submit(holding="paper_0_fr", press=PREVIEW, headers=live, paper_0_fr="la carte bleue")
    assert (shown.status, "la carte bleue" in preview_of(shown)) == (200, True)
    assert shown.tree.find(".//form") is None

    faulty = page.submit(holding="paper_0_fr", press=PREVIEW, headers=live, paper_0_nl="")
    assert faulty.status == 422
    assert "Le texte néerlandais manque." in preview_of(faulty)
    assert faulty.tree.find(".//a[@href='#paper_0_nl']") is not None
    assert versions(database) == [1]


def test_a_change_is_a_new_version_and_a_visit_already_made_keeps_its_own(asking: Desk, database: Database) -> None:
    booking_with(asking.client, **FOR_MY_CHILD)

    send(asking.open(ADDRESS), paper_2_fr="deux cartes de parents", paper_2_nl="twee kaarten van ouders")

    assert versions(database) == [1, 2]
    shown = visit(asking.client, "/fr/mairie-nord/appointment").text
    assert "la carte du parent" in shown
    assert "deux cartes de parents" not in shown


SLIPS = [
    ({"paper_0_nl": ""}, "paper_0_nl", "Le texte néerlandais manque."),
    ({"question_1_fr": ""}, "question_1_fr", "Le texte français manque."),
    ({"question_0_answer_1_nl": ""}, "question_0_answer_1_nl", "Le texte néerlandais manque."),
    (
        {"question_0_answer_1_fr": "", "question_0_answer_1_nl": ""},
        "question_0_fr",
        "Une question a au moins deux réponses.",
    ),
    (
        {"question_1_answer_2_fr": "", "question_1_answer_2_nl": ""},
        "outcome_0_when",
        "Ceci dépend d’une réponse qui n’existe plus.",
    ),
    ({"outcome_0_when": None}, "outcome_0_when", "Dites pour quelles réponses la voie est différente"),
    ({"longer_0_minutes": "7"}, "longer_0_minutes", "Écrivez un multiple de cinq"),
    ({"longer_0_minutes": "dix"}, "longer_0_minutes", "Écrivez un multiple de cinq"),
    ({"outcome_0_way": "other_service"}, "outcome_0_service", "Choisissez la démarche"),
    ({"outcome_0_way": "elsewhere"}, "outcome_0_link_fr", "Écrivez l’adresse de l’autre administration."),
    ({"warning_0_fr": "x" * 301}, "warning_0_fr", "300"),
]


@pytest.mark.parametrize(
    ("typed", "place", "sentence"), SLIPS, ids=[f"{place}-{n}" for n, (_, place, _) in enumerate(SLIPS)]
)
def test_what_does_not_hold_together_is_said_at_its_place_and_nothing_typed_is_lost(
    asking: Desk, database: Database, typed: dict[str, str | None], place: str, sentence: str
) -> None:
    page = send(asking.open(ADDRESS), paper_1_fr="une autre attestation", **typed)

    assert page.status == 422
    assert page.text.count(sentence) >= 2, "in the summary and at the field"
    assert page.tree.find(f".//*[@id='{place}-error']") is not None
    values = {control.attrib.get("value") for control in page.form(holding="paper_0_fr").iter("input")}
    assert "une autre attestation" in values
    assert versions(database) == [1]


def test_a_fifth_question_is_one_too_many(asking: Desk, database: Database) -> None:
    page = asking.open(ADDRESS)
    one_more = {"question_4_fr": "Encore ?", "question_4_nl": "Nog?"}
    answers = {f"question_4_answer_{n}_{language}": "x" for n in (0, 1) for language in ("fr", "nl")}
    refused = send(page, **one_more, **answers)

    assert refused.status == 422
    assert "Au plus 4\u00a0questions" in refused.text
    assert versions(database) == [1]


def test_who_saves_second_is_told_and_loses_nothing(asking: Desk, database: Database) -> None:
    form = asking.open(ADDRESS)
    send(asking.open(ADDRESS), paper_0_fr="la leur")

    page = send(form, paper_0_fr="la mienne")
    assert page.status == 409
    assert MEANWHILE in page.text

    assert send(page).status == 200
    assert newest(database).papers[0].text.in_("fr") == "la mienne"


def test_another_language_keeps_what_was_typed_and_saves_nothing(asking: Desk, database: Database) -> None:
    page = asking.open(ADDRESS).submit(holding="paper_0_fr", press=("switch_to", "nl"), paper_0_fr="autre chose")

    assert (page.status, page.language) == (200, "nl")
    assert versions(database) == [1]
    found = page.tree.find(".//input[@id='paper_0_fr']")
    assert found is not None
    assert found.attrib["value"] == "autre chose"
