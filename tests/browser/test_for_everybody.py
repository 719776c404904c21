"""No page and no state of it breaks a rule of WCAG 2.2 AA that a machine can check, one look at each.

That is axe, and 1.4.10 beside it: at 320 pixels, which is a wide window enlarged four times, nothing scrolls sideways.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import ServiceMode
from booking.core.checklist import Checklist, Paper
from booking.core.opening import Mode
from booking.core.translated import Translated
from booking.models import Appointment, Banner, ChecklistVersion, Commune, Counter, Service, ServiceFee, ServiceGroup
from tests.browser.commune import BILAL, DORA, THURSDAY, a_commune_at_work
from tests.browser.conftest import Look
from tests.browser.readers import Reader
from tests.databases import Database
from tests.factories import (
    PASSWORD,
    a_closure,
    a_commune,
    a_counter,
    a_person,
    a_service,
    a_session,
    a_working_commune,
    add,
    an_appointment,
    an_office,
    code_for,
)
from tests.moments import EARLY, MONDAY, Clock, at
from tests.web.asking import asks

ANYTHING = Translated.of(fr="Tout ce qu’il faut", nl="Alles wat nodig is")
SITE = Translated.of(fr="https://example.org/fr", nl="https://example.org/nl")
BESIDES = {"link": SITE, "by_phone": ANYTHING, "by_post": ANYTHING, "authority": ANYTHING}


def every_kind_of_service(session: Session) -> None:
    """Three offices; services by appointment, without one, online and elsewhere; one free from February on, one never.

    It is a demonstration, in the week of a strike.
    """
    home = a_working_commune(session, is_demonstration=True)
    group = session.scalars(select(ServiceGroup)).one()
    modes = (ServiceMode.WALK_IN, ServiceMode.BOTH, ServiceMode.ONLINE, ServiceMode.ELSEWHERE)
    kinds = {mode: a_service(session, home.commune, group=group, code=mode, mode=mode, **BESIDES) for mode in modes}
    annex = an_office(session, home.commune, code="annex", name=Translated.of(fr="Antenne", nl="Wijkkantoor"))
    there = a_counter(session, annex, serves=[home.service, *kinds.values()])
    a_session(session, annex, [there])
    a_session(session, annex, [there], start="13:00", end="16:00", mode=Mode.WALK_IN)
    busy = a_service(session, home.commune, group=group, code="busy")
    mondays = {"release_weekday": 0, "release_time": time(8), "release_weeks": 1}
    never = a_service(session, home.commune, group=group, code="never", **mondays)
    third = an_office(session, home.commune, code="third")
    once = a_counter(session, third, serves=[busy])
    a_session(session, third, [once], valid_from=MONDAY + timedelta(days=30))
    a_session(session, third, [a_counter(session, third, label="2", serves=[never])], valid_until=MONDAY)
    steps = a_service(session, home.commune, group=group, code="steps", information_minutes=20, information_days=7)
    a_session(session, third, [a_counter(session, third, label="3", serves=[steps])])
    add(session, *(a_notice(home.commune, reason) for reason in ("Grève jeudi.", "Panne vendredi.")))


def a_notice(commune: Commune, reason: str) -> Banner:
    shown = {"shown_from": at(MONDAY, "07:00"), "shown_until": at(MONDAY, "18:00")}
    return Banner(commune_id=commune.id, text=Translated.of(fr=reason, nl=reason), **shown)


@pytest.fixture
def ana(page: Page, site: str) -> Reader:
    return Reader(page, site, "fr")


def test_finding_a_service_and_a_time(ana: Reader, database: Database, look: Look) -> None:
    database.write(every_kind_of_service)
    for address in (
        "/",
        "/fr/",
        "/fr/?postcode=4999",
        "/nl/",
        "/en/mairie-nord/",
        "/de/mairie-nord/services/online",
        "/fr/nowhere/at/all",
        "/dev/mail",
    ):
        ana.page.goto(ana.site + address)
        look(ana.page)
    services = [f"services/{code}" for code in ("identity-card", "walk_in", "both", "online", "elsewhere", "never")]
    narrowed = [
        "view=list",
        "office=annex&view=list&from=2027-01-20",
        "part=evening",
        "office=annex&weekday=2&part=morning",
    ]
    choosing = ["times", "times?office=annex", "times?office=annex&persons=4&month=2027-02", "times?day=2027-01-10"]
    choosing += [f"times?{choice}" for choice in narrowed]
    choosing += ["together", "together?persons=2&with=both:2", "times?with=both:2", "together?with=never"]
    full = [
        "services/steps",
        "services/steps/times",
        f"services/steps/times?first={int(at(MONDAY, '10:30').timestamp()) // 60}",
    ]
    full += ["services/busy/times?month=2027-01", "services/never/times"]
    refused = ["services/walk_in/times", "services/nothing", "nowhere", "details", "appointment"]
    others = ["", "?q=zzz", "?q=carte", "privacy", "legal", "accessibility", "find"]
    for address in (*others, *services, *(f"services/identity-card/{each}" for each in choosing), *full, *refused):
        ana.open(address)
        look(ana.page)


def test_filling_in_the_details(
    ana: Reader, open_browser: Callable[..., Page], database: Database, clock: Clock, look: Look
) -> None:
    database.write(lambda session: a_working_commune(session) and None)
    ana.hold("11:00")
    look(ana.page)
    ana.open("services/identity-card/times")
    look(ana.page)
    ana.follow("Continue with this time")
    ana.press("Make the appointment")
    expect(ana.page.locator(".govuk-error-summary")).to_be_focused()
    look(ana.page)
    ana.type(name="Ana Peeters", email="ana@gmial.com")
    ana.press("Make the appointment")
    look(ana.page)
    for _ in range(3):
        ana.press("I need more time")
        look(ana.page)
        if not ana.control("button", "I need more time").count():
            break
    clock.forward(minutes=31)
    ana.type(email="ana@example.org")
    ana.press("Make the appointment")
    ana.is_at("The minutes are over")
    look(ana.page)
    yusuf = Reader(open_browser(), ana.site, "fr")
    yusuf.hold("11:00")
    ana.press("The time is still free: take it again")
    ana.is_at("This time is no longer free")
    look(ana.page)
    ana.follow("Show all free times")
    yusuf.hold("11:30")
    ana.page.get_by_role("button", name="11\u202fh\u202f30", exact=True).click()
    ana.is_at("This time is no longer free")
    look(ana.page)


def test_an_appointment_and_what_becomes_of_it(ana: Reader, database: Database, clock: Clock, look: Look) -> None:
    database.write(lambda session: a_working_commune(session) and None)
    page = ana.page
    ana.hold("08:00", day=THURSDAY)
    ana.type(name="Ana Peeters", email="ana@example.org")
    ana.press("Make the appointment")
    look(page)
    reference = page.locator(".reference").inner_text()
    for address in ("contact", "name"):
        ana.open(f"appointment/{address}")
        look(page)
    ana.open("appointment/contact")
    ana.type(email="ana@")
    ana.press("Save")
    look(page)
    ana.open("appointment")
    ana.press("Send the message again")
    look(page)
    ana.open("find")
    ana.press("Find")
    look(page)
    ana.type(reference=reference, contact="somebody@example.org")
    ana.press("Find")
    look(page)
    ana.open("appointment/cancel")
    look(page)
    ana.open("appointment/coming")
    look(page)
    ana.press("I am coming")
    look(page)
    ana.open("appointment/coming")
    look(page)
    for paper in ("", "?paper=receipt"):
        ana.open(f"appointment/slip{paper}")
        look(page)
    clock.now = at(THURSDAY, "07:00")
    ana.open("appointment")
    look(page)
    ana.open("appointment/cancel")
    look(page)
    clock.now = at(MONDAY, "08:00")
    ana.open("appointment/cancel")
    ana.press("Yes, cancel")
    ana.is_at("Your appointment is cancelled.")
    look(page)
    for address in ("appointment/data", "appointment/erase"):
        ana.open(address)
        look(page)
    ana.press("Yes, erase")
    ana.is_at("Your data is erased.")
    look(page)


def test_a_time_that_is_moved_and_a_cancellation_taken_back(ana: Reader, database: Database, look: Look) -> None:
    database.write(lambda session: a_working_commune(session) and None)
    ana.hold("08:00", day=THURSDAY)
    ana.type(name="Ana Peeters", email="ana@example.org")
    ana.press("Make the appointment")
    ana.open("appointment/change")
    look(ana.page)
    ana.press("Choose another time")
    look(ana.page)
    ana.page.locator("button.time").last.click()
    ana.is_at("Is this right?")
    look(ana.page)
    ana.press("Yes, change my appointment")
    look(ana.page)
    ana.open("appointment/cancel")
    ana.press("Yes, cancel")
    look(ana.page)
    ana.press("Undo the cancellation")
    ana.is_at("Your appointment")
    look(ana.page)


def test_the_questions_of_a_service_and_what_the_answers_lead_to(ana: Reader, database: Database, look: Look) -> None:
    def rows(session: Session) -> None:
        home = a_working_commune(session)
        asks(session, home)
        a_session(session, home.office, home.counters, start="13:00", end="15:00", mode=Mode.WALK_IN)

    database.write(rows)
    page = ana.page

    def answer(**answers: str) -> None:
        for question, code in answers.items():
            page.locator(f"[name=question-{question}][value={code}]").check(force=True)
        ana.press("Show my list")

    ana.open("services/identity-card")
    look(page)
    ana.follow("Make my list")
    look(page)
    ana.press("Show my list")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    look(page)
    answer(why="lost", whom="absent")
    ana.is_at("For you it goes another way")
    look(page)
    ana.open("services/identity-card/questions")
    answer(why="lost", whom="me", when="soon")
    ana.is_at("Your list")
    look(page)
    ana.open("services/identity-card/questions")
    answer(why="expired", whom="child", when="later")
    ana.reads(ana.words("One more question follows from your answers."))
    look(page)
    answer(school="yes")
    ana.is_at("Your list")
    look(page)
    ana.hold("08:00", day=THURSDAY)
    ana.type(name="Ana Peeters", email="ana@example.org")
    look(page)
    ana.press("Make the appointment")
    look(page)
    ana.open("appointment")
    page.locator("[name=ready]").first.check()
    ana.press("Save what is ready")
    ana.reads(ana.words("Your list is saved."))
    look(page)


def test_the_confirmation_prints_as_one_sheet_with_papers_and_the_whole_fee(ana: Reader, database: Database) -> None:
    long = Translated.of(fr="le bail à votre nom, ou l’accord écrit de qui vous loge, avec copie de sa carte", nl="…")
    later = Translated.of(fr="Pour la carte, lors de la deuxième visite.", nl="…")

    def rows(session: Session) -> None:
        home = a_working_commune(session, is_demonstration=True)
        own = {"commune_id": home.commune.id, "service_id": home.service.id}
        home.service.who_comes = ANYTHING
        papers = tuple(Paper(f"p{place}", long) for place in range(4))
        add(session, ChecklistVersion(**own, version=1, content=Checklist(papers=papers), created_at=EARLY))
        add(session, ServiceFee(**own, valid_from=MONDAY, cents=2500, note=later))

    database.write(rows)
    ana.hold("08:00", day=THURSDAY)
    ana.type(name="Marie-Joséphine Vandenbroucke-Charlier de Montpellier", email="ana@example.org")
    ana.press("Make the appointment")
    ana.reads("25\u00a0€ · Pour la carte, lors de la deuxième visite.")
    assert sheets(ana.page) == [(595, 842)]
    ana.open("appointment/slip")
    assert sheets(ana.page) == [(595, 842)], "one A4"
    ana.open("appointment/slip?paper=receipt")
    assert sheets(ana.page) == [(227, 842)], "one receipt of 80 mm"


def sheets(page: Page) -> list[tuple[int, int]]:
    """The width and height of each printed page, in points."""
    paper = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)
    return [(round(float(width)), round(float(height))) for width, height in boxes]


def test_signing_in_and_what_an_agent_may_not(ana: Reader, database: Database, look: Look) -> None:
    database.write(a_commune_at_work)
    page = ana.page
    ana.open("agent/sign-in")
    ana.type(email=BILAL, password="not this one")
    ana.press("Sign in")
    look(page)
    ana.open("agent/password")
    look(page)
    page.fill("[name=email]", BILAL)
    page.press("[name=email]", "Enter")
    look(page)
    ana.open("agent/password/open/nonsense")
    look(page)
    ana.sign_in(BILAL)
    ana.open("admin/hours")
    look(page)


def test_a_new_password_from_its_link(
    ana: Reader, post: Callable[[], EmailMessage], database: Database, look: Look
) -> None:
    database.write(a_commune_at_work)
    ana.open("agent/password")
    ana.type(email=BILAL)
    ana.page.press("[name=email]", "Enter")
    letter = post().get_body(("plain",))
    assert letter is not None
    ana.page.goto(next(word for word in str(letter.get_content()).split() if "/password/open/" in word))
    look(ana.page)
    ana.type(password="short")
    ana.page.press("[name=password]", "Enter")
    expect(ana.page.locator(".govuk-error-summary")).to_be_visible()
    look(ana.page)


def test_the_days_and_finds_of_an_agent_that_are_out_of_the_ordinary(
    ana: Reader, database: Database, look: Look
) -> None:
    """A day without visits, a closed day, a Sunday; nobody found, nothing asked; a mark that came too late."""

    def rows(session: Session) -> None:
        a_commune_at_work(session)
        home = session.scalars(select(Commune)).one()
        a_closure(session, home, first_day=THURSDAY + timedelta(days=1), last_day=THURSDAY + timedelta(days=1))

    database.write(rows)
    page = ana.page
    ana.sign_in(BILAL)
    days = ("5/1/2027", "8/1/2027", "10/1/2027")
    for address in (f"?day={day}{view}" for day in days for view in ("", "&view=grid")):
        ana.open(f"agent/{address}")
        look(page)
    for wanted, found in (("", ".govuk-error-summary"), ("zzz", "h2"), ("haddad", "table")):
        ana.open("agent/find")
        ana.type(wanted=wanted)
        ana.press("Find")
        expect(page.locator(f"main {found}").first).to_be_visible()
        look(page)
    ana.open("agent/")
    database.write(lambda session: session.execute(update(Appointment).values(version=9)) and None)
    page.locator("tr", has=page.get_by_role("link", name="Yusuf Demir")).get_by_role("button").first.click()
    ana.reads(ana.words("The appointment has changed since this page was opened. You see it as it is now."))
    look(page)


def test_a_form_without_its_token_and_an_office_that_is_not_there_yet(
    ana: Reader, database: Database, look: Look
) -> None:
    def rows(session: Session) -> None:
        a_commune_at_work(session)
        a_person(session, a_commune(session, slug="vide", slug_nl="leeg"), email="emil@vide.example")

    database.write(rows)
    page = ana.page
    ana.open("find")
    page.evaluate("document.querySelector('[name=csrf_token]').value = 'old'")
    ana.press("Find")
    ana.is_at("Please send this form again")
    look(page)
    page.goto(f"{ana.site}/fr/vide/agent/sign-in")
    ana.type(email="emil@vide.example", password=PASSWORD)
    ana.press("Sign in")
    ana.is_at("There is no office yet")
    look(page)


@pytest.fixture
def dora(page: Page, site: str, database: Database) -> Reader:
    """Dora, signed in, in a commune where nobody has an address on Thursday evening; closed: Friday, the library."""

    def rows(session: Session) -> None:
        a_commune_at_work(session)
        home = session.scalars(select(Commune)).one()
        friday = THURSDAY + timedelta(days=1)
        a_closure(session, home, first_day=friday, last_day=friday)
        session.execute(update(Appointment).values(email=None, phone="+32470123456"))
        add(session, a_notice(home, "Grève jeudi."))
        library = Translated.of(fr="Bibliothèque", nl="Bibliotheek")
        an_office(session, home, code="library", name=library, retired_at=EARLY - timedelta(days=1))

    database.write(rows)
    reader = Reader(page, site, "fr")
    reader.sign_in(DORA, code=code_for())
    return reader


def test_the_pages_of_an_administrator(dora: Reader, look: Look) -> None:
    hours = ("hours/town-hall", "hours/town-hall/new", "hours/town-hall/extra", "closures", "closures/new/town-hall")
    hours += ("hours/town-hall/year/2027", "hours/town-hall/copy", "hours/town-hall/temporary")
    hours += ("closures/holidays/town-hall/2027", "closures/heat/town-hall")
    services = ("services", "services/new", "services/identity-card", "services/identity-card/deactivate")
    services += ("services/identity-card/checklist", "services/copy")
    offices = ("counters", "counters/new/town-hall", "offices/town-hall", "offices/new", "offices/town-hall/deactivate")
    why = ("why", *(f"why?service=identity-card&day={day}" for day in ("2027-01-04", "2027-01-10", "2027-06-01")))
    others = ("commune/look", "commune/logo", "commune/contact", "commune/texts", "commune/texts/moved", "messages")
    others += (
        "",
        "commune",
        "helpers",
        "offices/library/reactivate",
        "banners",
        "banners/new",
        "earlier",
        "rebookings",
    )
    for address in (*hours, *services, *offices, *others, *why):
        dora.open(f"admin/{address}")
        dora.reads("Dora Willems")
        look(dora.page)
    for address, step in (("hours/town-hall", "end"), ("counters", "deactivate"), ("banners", "remove")):
        dora.open(f"admin/{address}")
        dora.page.locator(f"main a[href$='/{step}']").first.click()
        dora.reads("Dora Willems")
        look(dora.page)


def test_the_preview_of_a_checklist_follows_what_dora_types(dora: Reader, look: Look) -> None:
    page = dora.page
    dora.open("admin/services/identity-card/checklist")
    page.fill("#paper_0_nl", "de blauwe kaart")
    page.fill("#paper_0_fr", "la carte bleue")
    found = page.locator("#found")
    expect(found).to_contain_text("la carte bleue")
    look(page)

    page.fill("#paper_0_nl", "")
    expect(found.get_by_role("link")).to_contain_text("Le texte néerlandais manque.")
    expect(page.locator("#said")).to_have_text("L’aperçu revient dès que tout est cohérent.")
    look(page)


def test_an_answer_that_dora_names_can_be_chosen_at_once_and_her_draft_answered(dora: Reader, look: Look) -> None:
    page = dora.page
    dora.open("admin/services/identity-card/checklist")
    page.fill("#question_0_fr", "Perdue ?")
    page.fill("#question_0_nl", "Verloren?")
    page.fill("#question_0_answer_0_fr", "Oui")
    page.fill("#question_0_answer_0_nl", "Ja")
    page.fill("#paper_0_fr", "l’attestation")
    page.fill("#paper_0_nl", "het attest")
    page.click("button[name=open][value=paper_0]")
    row = page.locator("#paper_0-when")
    row.get_by_role("checkbox").check()
    look(page)

    page.fill("#question_0_answer_1_fr", "Non")
    page.fill("#question_0_answer_1_nl", "Nee")
    expect(row.get_by_role("checkbox")).to_have_count(2)
    expect(row.get_by_role("checkbox").first).to_be_checked()
    expect(page.locator("#question_0_answer_1_nl")).to_be_focused()

    tried = page.locator("#tried")
    tried.get_by_role("radio", name="Non").check()
    expect(tried).to_contain_text("15\u00a0minutes")
    expect(tried).not_to_contain_text("l’attestation")
    tried.get_by_role("radio", name="Oui").check()
    expect(tried).to_contain_text("l’attestation")
    look(page)

    papers = page.locator("#checklist [name$=_place]").count()
    page.click("button[name=add][value=paper]")
    expect(page.locator(f"#paper_{papers}_fr")).to_be_focused()
    expect(row.get_by_role("checkbox")).to_have_count(2)


def test_what_an_administrator_wrote_wrongly(dora: Reader, look: Look) -> None:
    """Each form sent as it opens, with one thing in it that cannot be read; and a service nobody may publish yet."""
    page = dora.page
    forms = ("hours/town-hall/new", "hours/town-hall/extra", "closures/new/town-hall")
    forms += ("services/new", "counters/new/town-hall", "offices/new", "banners/new", "why")
    forms += ("hours/town-hall/copy", "hours/town-hall/temporary", "closures/heat/town-hall")
    for address in forms:
        dora.open(f"admin/{address}")
        page.locator("main form input[type=text]:visible").last.fill("?")
        page.locator("main form .govuk-button").first.click()
        expect(page.locator(".govuk-error-summary")).to_be_focused()
        look(page)
    dora.open("admin/services/new")
    dora.type(name_fr="Carte bleue", name_nl="Blauwe kaart", code="blue-card")
    page.locator("main form .govuk-button").first.click()
    dora.reads("Carte bleue")
    for address in ("", "/publish"):
        dora.open(f"admin/services/blue-card{address}")
        look(page)


def test_a_change_of_hours_and_whom_it_touches(dora: Reader, database: Database, look: Look) -> None:
    dora.open("admin/hours/town-hall/new")
    dora.press("See the effect")
    look(dora.page)
    dora.open("admin/closures/new/town-hall")
    dora.type(first="7/1/2027", reason_fr="Grève", reason_nl="Staking")
    dora.press("See the effect")
    look(dora.page)
    dora.press("Save the change")
    look(dora.page)

    def one_more(session: Session) -> None:
        counter, service = session.scalars(select(Counter)).first(), session.scalars(select(Service)).first()
        assert counter
        assert service
        an_appointment(session, counter, service, start=at(THURSDAY, "17:00"), name="Ali")

    database.write(one_more)
    dora.page.get_by_role("radio", name=dora.words("Cancel"), exact=True).check()
    dora.type(why_fr="Grève", why_nl="Staking")
    dora.press("Save the change")
    dora.reads("Ali")
    look(dora.page)
    dora.press("Save the change")
    dora.is_at("Call list")
    look(dora.page)
