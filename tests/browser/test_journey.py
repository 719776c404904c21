"""The whole way: Ana books, Bilal finds her in his agenda, Dora shortens the Thursday and Ana is told.

In French and in Dutch, with scripts and without, on both databases. Every page on it is valid HTML (``served``), and no
browser complains (``complaints``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.browser.commune import BILAL, DORA, THURSDAY, a_commune_at_work
from tests.browser.readers import Reader
from tests.databases import Database
from tests.factories import code_for
from tests.moments import at

ANA = "Ana Peeters-Ó Súilleabháin"


@dataclass(frozen=True)
class Said:
    """What stands on the pages and in the letters of one language, word by word."""

    commune: str
    searched: str
    service: str
    thursday: str
    six: str
    moment: str
    subject: str
    file: str
    reason: str


SAID = {
    "fr": Said(
        commune="Mairie Nord",
        searched="identite",
        service="Carte d’identité",
        thursday="Jeudi 7\u00a0janvier",
        six="18\u202fh",
        moment="Jeudi 7\u00a0janvier 2027 à 18\u202fh",
        subject="jeudi 7\u00a0janvier",
        file="rendez-vous.ics",
        reason="Grève",
    ),
    "nl": Said(
        commune="Gemeente Noord",
        searched="IDENTITEIT",
        service="Identiteitskaart",
        thursday="Donderdag 7\u00a0januari",
        six="18\u00a0uur",
        moment="Donderdag 7\u00a0januari 2027 om 18\u00a0uur",
        subject="donderdag 7\u00a0januari",
        file="afspraak.ics",
        reason="Staking",
    ),
}
REASONS = {language: said.reason for language, said in SAID.items()}


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_whole_way_with_scripts(
    open_browser: Callable[..., Page],
    site: str,
    database: Database,
    post: Callable[[], EmailMessage],
    language: str,
    tmp_path: Path,
) -> None:
    database.write(a_commune_at_work, language)
    the_whole_way(lambda: Reader(open_browser(), site, language), post, tmp_path)


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_whole_way_without_scripts(
    open_browser: Callable[..., Page],
    site: str,
    database: Database,
    post: Callable[[], EmailMessage],
    language: str,
    tmp_path: Path,
) -> None:
    database.write(a_commune_at_work, language)
    the_whole_way(lambda: Reader(open_browser(java_script_enabled=False), site, language), post, tmp_path)


def the_whole_way(reader: Callable[[], Reader], post: Callable[[], EmailMessage], folder: Path) -> None:
    ana = reader()
    choose_a_time(ana)
    fill_in_the_details(ana)
    reference = read_the_confirmation(ana, folder)
    letter = post()
    come_from_the_letter(ana, letter)
    correct_the_contact(ana, post)
    find_it_on_another_computer(reader(), reference)

    bilal = reader()
    bilal.sign_in(BILAL)
    mark_whoever_is_here(bilal)
    see_who_comes_on_thursday(bilal)

    dora = reader()
    dora.sign_in(DORA, code=code_for())
    shorten_the_thursday(dora)
    read_why_it_is_cancelled(ana, post(), letter)


def choose_a_time(ana: Reader) -> None:
    """From the first page to the time: two persons, Thursday at six in the evening."""
    page, said = ana.page, SAID[ana.language]
    page.goto(ana.site)
    page.get_by_role("link", name=said.commune).click()
    ana.is_at("What do you need?")
    page.fill("[name=q]", said.searched)
    ana.press("Search")
    expect(page.locator(".card--service")).to_have_count(1)
    page.get_by_role("link", name=said.service).click()
    ana.follow("Choose a time")

    page.select_option("[name=persons]", "2")
    ana.press("Show the times")
    page.get_by_role("link", name=said.thursday).click()
    page.get_by_role("button", name=said.six, exact=True).click()
    ana.is_at("Who is the appointment for?")
    ana.reads(said.moment)


def fill_in_the_details(ana: Reader) -> None:
    """A slip is named at the top and leads to its field; what was typed stays, in the other language as well."""
    page, other = ana.page, "nl" if ana.language == "fr" else "fr"
    page.fill("[name=name]", ANA)
    page.fill("[name=email]", "ana@example")
    ana.press("Make the appointment")
    fault = page.locator(".govuk-error-summary").get_by_role("link")
    expect(fault).to_have_text(ana.words("Write an e-mail address like name@example.be."))
    fault.click()
    expect(page.locator("[name=email]")).to_be_focused()

    page.locator(f".languages [lang={other}]").click()
    expect(page.locator("html")).to_have_attribute("lang", other)
    expect(page.locator("[name=name]")).to_have_value(ANA)
    expect(page.locator("[name=email]")).to_have_value("ana@example")
    page.locator(f".languages [lang={ana.language}]").click()
    expect(page.locator("html")).to_have_attribute("lang", ana.language)

    page.fill("[name=email]", "ana@example.org")
    page.select_option("[name=help_language]", "en")
    ana.press("Make the appointment")
    ana.is_at("Your appointment is made.")


def read_the_confirmation(ana: Reader, folder: Path) -> str:
    """Everything that matters is on the page and in the calendar file; gives the reference."""
    ana.reads(SAID[ana.language].moment)
    ana.reads(ANA)
    with ana.page.expect_download() as download:
        ana.follow("Add to my calendar")
    assert download.value.suggested_filename == SAID[ana.language].file
    download.value.save_as(folder / "visit.ics")
    (event,) = Calendar.from_ical((folder / "visit.ics").read_bytes()).events
    assert event["DTSTART"].dt == at(THURSDAY, "18:00")
    assert event["DTEND"].dt == at(THURSDAY, "18:25")
    assert SAID[ana.language].service in event["SUMMARY"]
    return ana.page.locator(".reference").inner_text()


def come_from_the_letter(ana: Reader, letter: EmailMessage) -> None:
    """The message is in Ana's language, with English below and its invitation; its link leaves no trace."""
    assert letter["To"].addresses[0].addr_spec == "ana@example.org"
    assert SAID[ana.language].subject in letter["Subject"]
    assert 0 <= text_of(letter).find(ana.words("Hello,")) < text_of(letter).find("Hello,")
    ana.page.goto(f"{ana.site}/dev/mail")
    ana.page.get_by_role("link", name=SAID[ana.language].subject).first.click()
    ana.page.locator("main a[href*='/appointment/open/']").first.click()
    assert ana.page.url == f"{ana.home}appointment"
    ana.is_at("Your appointment")


def correct_the_contact(ana: Reader, post: Callable[[], EmailMessage]) -> None:
    ana.follow("Correct the contact")
    ana.page.fill("[name=email]", "ana.peeters@example.org")
    ana.press("Save")
    ana.reads(ana.words("The contact is corrected. The confirmation is on its way."))
    assert post()["To"].addresses[0].addr_spec == "ana.peeters@example.org"


def find_it_on_another_computer(ana: Reader, reference: str) -> None:
    """Without the message: with the reference, typed as it was spoken. Nobody after her sees it there."""
    ana.open()
    ana.go_to("Find my appointment")
    ana.page.fill("[name=reference]", reference.lower())
    ana.page.fill("[name=contact]", "ana.peeters@example.org")
    ana.press("Find")
    ana.is_at("Your appointment")
    ana.press("Forget this device")
    ana.is_at("What do you need?")
    ana.open("appointment")
    ana.is_at("Find my appointment")


def mark_whoever_is_here(bilal: Reader) -> None:
    row = bilal.page.locator("tr", has=bilal.page.get_by_role("link", name="Yusuf Demir"))
    row.get_by_role("button", name=bilal.words("Arrived")).click()
    expect(row).to_contain_text(bilal.words("arrived"))
    row.get_by_role("button", name=bilal.words("Done")).click()
    expect(row).to_contain_text(bilal.words("done"))


def see_who_comes_on_thursday(bilal: Reader) -> None:
    """By its date, and by the name without its accents; the contact is one press away."""
    bilal.page.fill("[name=day]", "7/1/2027")
    bilal.press("Show")
    expect(bilal.page.get_by_role("link", name=ANA)).to_be_visible()
    bilal.go_to("Find a person")
    bilal.page.fill("[name=wanted]", "o suilleabhain")
    bilal.press("Find")
    bilal.page.get_by_role("link", name=ANA).click()
    bilal.press("Show the contact")
    bilal.reads("ana.peeters@example.org")


def shorten_the_thursday(dora: Reader) -> None:
    """Dora closes at six instead of seven: she keeps Nadia, and cancels Ana with a reason in both languages."""
    page = dora.page
    dora.go_to("Administration")
    dora.follow("Opening hours")
    page.locator(".sentences__item").nth(1).get_by_role("link", name=dora.words("Change")).click()
    expect(page.locator("[name=end]")).to_have_value("19:00")
    page.fill("[name=end]", "18h")
    dora.press("See the effect")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    rows.filter(has_text="Nadia Haddad").get_by_role("combobox").select_option("keep")
    rows.filter(has_text=ANA).get_by_role("combobox").select_option("cancel")
    dora.press("Save the change")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    for language, reason in REASONS.items():
        page.fill(f"[name=why_{language}]", reason)
    dora.press("Save the change")
    dora.reads(dora.words("The change is saved."))

    dora.open("agent/?day=2027-01-07")
    expect(page.locator("tr", has_text="Nadia Haddad")).to_contain_text(dora.words("outside hours"))
    expect(page.get_by_role("link", name=ANA)).to_have_count(0)


def read_why_it_is_cancelled(ana: Reader, letter: EmailMessage, first: EmailMessage) -> None:
    assert letter["To"].addresses[0].addr_spec == "ana.peeters@example.org"
    assert SAID[ana.language].reason in text_of(letter)
    invited, taken_back = (calendar_in(each) for each in (first, letter))
    assert (invited["METHOD"], taken_back["METHOD"]) == ("REQUEST", "CANCEL")
    assert invited.events[0]["UID"] == taken_back.events[0]["UID"]
    assert invited.events[0].get("SEQUENCE", 0) < taken_back.events[0]["SEQUENCE"]

    ana.open("appointment")
    ana.is_at("Your appointment is cancelled.")
    ana.reads(SAID[ana.language].reason)


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def calendar_in(letter: EmailMessage) -> Calendar:
    (part,) = (part for part in letter.walk() if part.get_content_type() == "text/calendar")
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    assert isinstance(calendar, Calendar)
    return calendar
