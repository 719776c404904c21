"""The personal checklist: questions, the exact list, other ways than an appointment, and what is ready on the day."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from booking.core.checklist import Procedure, UrgentMode
from booking.core.opening import Mode
from booking.core.translated import Translated
from booking.models import ServiceFee
from tests.browser.walker import Walker
from tests.databases import Database
from tests.factories import NOTHING, a_session, a_working_commune, add
from tests.moments import MONDAY
from tests.web.asking import asks

PARENT = {"fr": "la carte du parent", "nl": "de kaart van de ouder"}
CARD = {"fr": "votre carte", "nl": "uw kaart"}
TODAY = {"fr": "Venez aujourd’hui.", "nl": "Kom vandaag."}
BY_PHONE = {"fr": "Nous venons chez vous.", "nl": "Wij komen bij u."}
AT_ONCE = Translated.of(fr="Deux jours ouvrables.", nl="Twee werkdagen.")


def a_card_that_asks(session: Session) -> None:
    """Urgent cards are asked for without an appointment, in the afternoon, and cost more."""
    home = a_working_commune(session)
    home.service.urgent_mode, home.service.urgent_text = UrgentMode.WALK_IN, AT_ONCE
    own = {"commune_id": home.commune.id, "service_id": home.service.id, "valid_from": MONDAY, "note": NOTHING}
    fees = {Procedure.NORMAL: 2500, Procedure.URGENT: 9900}
    add(session, *(ServiceFee(**own, procedure=procedure, cents=cents) for procedure, cents in fees.items()))
    a_session(session, home.office, home.counters, start="13:00", end="15:00", mode=Mode.WALK_IN)
    asks(session, home)


@pytest.fixture(autouse=True)
def commune(database: Database) -> None:
    database.write(a_card_that_asks)


def open_questions(ana: Walker) -> None:
    ana.open("services/identity-card/questions")


def test_a_parent_gets_the_exact_list_and_keeps_it_to_the_day_of_the_visit(ana: Walker) -> None:
    ana.open("services/identity-card")
    ana.looks()
    ana.follow("Make my list")
    ana.is_at("A few questions, for your exact list")
    ana.press("Show my list")
    expect(ana.page.locator(".govuk-error-summary")).to_be_visible()
    ana.looks()
    ana.answer(why="expired", whom="child", when="later")
    ana.finds("One more question follows from your answers.")
    ana.answer(school="yes")
    ana.is_at("Your list")
    ana.reads(PARENT[ana.language])
    ana.reads(ana.said("money", 2500))
    ana.reads(ana.said("minutes", 25))

    ana.follow("Choose a time")
    ana.take_the_first()
    ana.is_at("Who is the appointment for?")
    ana.reads(PARENT[ana.language])
    ana.finish()
    ana.is_at("Your appointment is made.")
    ana.reads(PARENT[ana.language])
    ana.follow("See, change or cancel the appointment")
    ana.page.get_by_label(CARD[ana.language]).check()
    ana.press("Save what is ready")
    ana.finds("Your list is saved.")
    expect(ana.page.get_by_label(CARD[ana.language])).to_be_checked()
    ana.follow("Print the appointment slip")
    for sheet in (PARENT["fr"], PARENT["nl"]):
        ana.reads(sheet)
    ana.looks()


def test_answers_that_lead_elsewhere_say_where_and_can_be_changed(ana: Walker) -> None:
    open_questions(ana)
    ana.answer(why="lost", whom="absent")
    ana.is_at("For you it goes another way")
    ana.reads(BY_PHONE[ana.language])
    expect(ana.control("link", "Choose a time")).to_have_count(0)
    ana.page.locator("main").get_by_role("link", name=ana.words("Change my answers")).first.click()
    expect(ana.page.locator("[name=question-why][value=lost]")).to_be_checked()
    ana.answer(whom="me", when="soon")
    ana.is_at("Your list")
    ana.reads(TODAY[ana.language])
    ana.reads(ana.words("open later today"))


def test_whoever_is_in_a_hurry_reads_the_urgent_procedure_and_its_fee(ana: Walker) -> None:
    open_questions(ana)
    ana.answer(why="expired", whom="me", when="soon")
    ana.is_at("Your list")
    ana.reads(ana.words("Urgent procedure: come without an appointment."))
    ana.reads(AT_ONCE.in_(ana.language))
    ana.reads(ana.said("money", 9900))
