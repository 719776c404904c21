"""Dora publishes a service from nothing, in Dutch: texts, questions, what is missing, the preview, and the resident."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Counter, CounterService, Service
from tests.browser.commune import DORA, a_commune_at_work
from tests.browser.conftest import Look
from tests.browser.readers import Reader
from tests.databases import Database
from tests.factories import code_for

TEXTS = {
    "name_fr": "Carte de riverain",
    "name_nl": "Bewonerskaart",
    "summary_fr": "Demander une carte de stationnement",
    "code": "parking-card",
    "follow_up_fr": "Prête dans environ trois semaines, sans rendez-vous.",
    "follow_up_nl": "Klaar na ongeveer drie weken, zonder afspraak.",
}
QUESTION = {
    "question_0_fr": "Première demande ?",
    "question_0_nl": "Eerste aanvraag?",
    "question_0_answer_0_fr": "Oui",
    "question_0_answer_0_nl": "Ja",
    "question_0_answer_1_fr": "Non",
    "question_0_answer_1_nl": "Nee",
    "paper_0_fr": "le certificat d’immatriculation",
    "paper_0_nl": "het inschrijvingsbewijs",
}


@pytest.fixture
def dora(page: Page, site: str, database: Database) -> Reader:
    database.write(lambda session: a_commune_at_work(session, "nl"))
    reader = Reader(page, site, "nl")
    reader.sign_in(DORA, code=code_for())
    return reader


def test_a_service_is_published_from_nothing_with_its_questions(dora: Reader, database: Database, look: Look) -> None:
    page = dora.page
    dora.open("admin/services")
    dora.follow("Add a service")
    dora.type(**TEXTS)
    dora.press("Save as a draft")
    expect(page.locator("h1")).to_contain_text("Bewonerskaart")
    look(page)

    dora.follow("Publish")
    missing = page.get_by_role("link", name=dora.words("%(field)s: the Dutch text is missing.", field="In één zin"))
    look(page)
    missing.click()
    expect(page).to_have_url(f"{dora.home}admin/services/parking-card#summary_nl")
    dora.type(summary_nl="Een parkeerkaart aanvragen")
    dora.press("Save")

    dora.follow("Questions and what to bring")
    dora.type(**QUESTION)
    dora.press("Save as a new version")
    expect(page.locator(".said")).to_be_visible()

    def serve(session: Session) -> None:
        service = session.scalars(select(Service).where(Service.code == "parking-card")).one()
        for counter in session.scalars(select(Counter)):
            own = {"commune_id": service.commune_id, "counter_id": counter.id, "service_id": service.id}
            session.add(CounterService(**own))

    database.write(serve)
    dora.open("admin/services/parking-card/preview")
    dora.reads(TEXTS["follow_up_nl"])
    look(page)
    dora.open("admin/services/parking-card/publish")
    dora.press("Publish")
    dora.reads("Bewonerskaart")

    ana = Reader(page, dora.site, "nl")
    ana.open("services/parking-card")
    ana.reads("Een parkeerkaart aanvragen")
    ana.follow("Make my list")
    ana.reads("Eerste aanvraag?")
    page.get_by_label("Ja", exact=True).check()
    ana.press("Show my list")
    ana.reads(QUESTION["paper_0_nl"])
    look(page)
