"""Helping somebody else, being late, and one's own data: read, taken along and erased."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import time, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.translated import Translated
from booking.models import Appointment
from tests.browser.commune import BILAL
from tests.browser.readers import Reader
from tests.browser.walker import Walker
from tests.databases import Database
from tests.factories import a_person, a_working_commune
from tests.moments import MONDAY, Clock, at

TUESDAY = MONDAY + timedelta(days=1)
SAMIRA = {"helper_name": "Samira Haddad", "helper_email": "samira@asbl.example"}
RULE = Translated.of(fr="Après, revenez un autre jour.", nl="Kom daarna een andere dag terug.")
OWN_PRIVACY = Translated.of(fr="Nos mots sur la vie privée.", nl="Onze woorden over privacy.")
OWN_LEGAL = Translated.of(fr="Nos mentions.", nl="Onze vermeldingen.")


@pytest.fixture(autouse=True)
def commune(database: Database) -> None:
    def rows(session: Session) -> None:
        home = a_working_commune(session, privacy_text=OWN_PRIVACY, legal_text=OWN_LEGAL)
        home.office.late_rule = RULE
        a_person(session, home.commune, email=BILAL)

    database.write(rows)


def test_whoever_helps_somebody_gets_the_messages_and_is_named(ana: Walker, post: Callable[[], EmailMessage]) -> None:
    ana.hold("10:30")
    ana.page.get_by_label(ana.words("I am booking for somebody else")).check()
    ana.finish(name="Yusuf Demir", helper_name="Samira Haddad")
    expect(ana.page.locator(".govuk-error-summary")).to_be_visible()
    ana.looks()
    ana.finish(name="Yusuf Demir", **SAMIRA)
    ana.is_at("Your appointment is made.")
    ana.reads(ana.words("We are sending a confirmation to %(address)s.", address=SAMIRA["helper_email"]))

    letter = post()
    assert letter["To"].addresses[0].addr_spec == SAMIRA["helper_email"]
    ana.opens(letter)
    ana.is_at("Your appointment")
    ana.reads(ana.words("Booked by %(name)s, who gets the messages too:", name="Samira Haddad"))


def test_on_the_day_one_press_says_that_ana_is_late_and_another_that_she_is_not(ana: Walker, clock: Clock) -> None:
    ana.book("08:30", day=TUESDAY)
    ana.open("appointment")
    ana.finds("If you are late")
    clock.now = at(TUESDAY, "08:20")
    ana.open("appointment")
    ana.reads(ana.words("We wait for you until %(time)s.", time=ana.said("time_sentence", time(8, 45))))
    ana.reads(RULE.in_(ana.language))
    ana.page.locator("button.time[value='20']").click()
    ana.finds("You told us that you will be %(minutes)s late.", minutes=ana.said("minutes", 20))
    ana.press("I will be on time after all")
    expect(ana.control("button", "I will be on time after all")).to_have_count(0)
    ana.looks()


def test_ana_reads_what_is_kept_and_which_role_looked_takes_it_along_and_erases_it(
    ana: Walker, open_browser: Callable[..., Page], database: Database, tmp_path: Path
) -> None:
    ana.book(day=TUESDAY)
    somebody_looks(Reader(open_browser(), ana.site, "fr"), database)
    ana.open("appointment")
    ana.follow("What we keep, who looked, erase it")
    ana.is_at("What we keep about you")
    ana.reads(ana.words("Seen by an agent, %(moment)s", moment=ana.moment("08:00")))
    expect(ana.page.locator("body")).not_to_contain_text("Bilal")
    with ana.page.expect_download() as download:
        ana.follow("Download everything as a file (JSON)")
    download.value.save_as(tmp_path / "own.json")
    assert json.loads((tmp_path / "own.json").read_text())["appointment"]["email"] == "ana@example.org"

    ana.follow("Erase my data now")
    ana.is_at("Erase your data now?")
    ana.press("Yes, cancel and erase")
    ana.is_at("Your data is erased.")
    kept = select(Appointment.state, Appointment.name, Appointment.email)
    assert database.all(kept) == [(AppointmentState.CANCELLED, None, None)]
    ana.open("appointment")
    ana.is_at("Find my appointment")


def somebody_looks(bilal: Reader, database: Database) -> None:
    bilal.sign_in(BILAL)
    bilal.open(f"agent/visits/{database.one(select(Appointment.id))}")
    bilal.reads("Ana Peeters")


def test_the_commune_says_in_its_own_words_what_it_does_with_data_and_who_publishes(ana: Walker) -> None:
    ana.open()
    ana.go_to("Privacy")
    ana.is_at("Privacy")
    ana.reads(OWN_PRIVACY.in_(ana.language))
    ana.go_to("Legal notice")
    ana.is_at("Legal notice")
    ana.reads(OWN_LEGAL.in_(ana.language))
    ana.follow("Accessibility statement")
    ana.is_at("Accessibility statement")
