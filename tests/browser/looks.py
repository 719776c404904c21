"""Photograph every page and state, in French and Dutch, wide and narrow: ``python -m tests.browser.looks``.

The pictures go to ``looks/``, one folder for each language and width, with contact sheets beside them. It ends with 1
when a page scrolls sideways or a text has too little contrast, and names the page.
"""

from __future__ import annotations

import shutil
import sys
from collections import Counter as Tally
from urllib.parse import urldefrag, urlsplit

from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.references import link_token
from booking.core.waiting import USUAL_TERMS
from booking.models import Appointment, Service, WaitingEntry
from booking.usecases.cancellations import cancel
from booking.usecases.journal import SYSTEM
from booking.usecases.waiting_answers import pass_on
from tests.browser.camera import FOLDER, Camera, contact_sheets
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.studio import ADDRESSES, DORA, Studio, studio, taken_by_others
from tests.factories import PASSWORD
from tests.moments import EARLY

WIDTHS = (1280, 375)


def a_booking(camera: Camera, here: Studio, commune: str) -> None:
    """The resident's way from the first page to the confirmation, with what can go wrong on it."""
    page, home = camera.page, here.address + commune
    make_it = page.locator("#details .govuk-button[type=submit]").first
    camera.open(f"{here.address}/", "first")
    camera.open(here.address + commune[:4], "communes")
    camera.open(f"{home}/", "services")
    camera.open(f"{home}/?q=carte", "search")
    camera.open(f"{home}/?q=zzzzz", "search-nothing")
    for outcome in ("walk_in", "online", "elsewhere"):
        camera.open(f"{home}/services/{outcome}", f"service-{outcome}")
    camera.open(f"{home}/services/identity-card", "service")
    asked_and_answered(camera, home)
    times = f"{home}/services/identity-card/times"
    for asked, name in (("view=list", "list"), ("part=evening", "nothing"), ("day=2027-01-10", "closed-day")):
        camera.open(f"{times}?{asked}", f"times-{name}")
    camera.open(times, "times")
    page.locator(".month__day--free").nth(2).click()
    page.wait_for_url("**day=**")
    camera.take("times-of-a-day")
    page.locator("button.time").first.click()
    page.wait_for_url("**/details")
    camera.open(times, "times-holding")
    page.locator(".holding .govuk-button").click()
    camera.take("details")
    make_it.click()
    camera.take("details-errors")
    page.fill("[name=name]", "Ana Peeters-Vandenbroucke")
    page.fill("[name=email]", "ana@gmial.com")
    make_it.click()
    camera.take("details-mistyped-address")
    page.fill("[name=email]", "ana@example.org")
    taken_by_others(here)
    make_it.click()
    camera.take("lost")
    page.locator("button.near__time").first.click()
    camera.take("another-time")
    here.clock.forward(minutes=11)
    make_it.click()
    camera.take("lapsed")
    page.locator("main form .govuk-button[type=submit]").first.click()
    make_it.click()
    camera.take("booked")
    camera.open(f"{home}/appointment/coming", "coming")
    camera.open(f"{home}/nowhere", "not-found")


def an_earlier_time(camera: Camera, here: Studio, commune: str) -> None:
    """The list for an earlier appointment: joining it, the place, the time that is kept; and with an appointment."""
    page, home = camera.page, here.address + commune
    send = page.locator("#earlier .govuk-button[type=submit]").last
    here.database.write(lambda session: session.execute(update(Service).values(earlier_list=True)) and None)
    camera.open(f"{home}/services/identity-card/earlier", "earlier-join")
    send.click()
    camera.take("earlier-join-errors")
    page.fill("[name=name]", "Nguyễn Thị Minh")
    page.fill("[name=email]", "minh@example.org")
    send.click()
    camera.take("earlier-asked")
    nonce = here.database.one(select(WaitingEntry.nonce))
    page.goto(f"{home}/earlier/open/{link_token(here.app.config['SECRET_KEY'], 'earlier', nonce)}")
    camera.take("earlier-confirm")
    page.locator("main form .govuk-button").first.click()
    camera.take("earlier-place")
    camera.open(f"{home}/appointment/earlier", "earlier-wishes")
    send.click()
    camera.take("appointment-waits")
    here.database.write(given_back)
    camera.open(f"{home}/earlier", "earlier-kept")
    page.locator("main .link-button").first.click()
    camera.take("earlier-left")
    here.database.write(to_the_next)
    camera.open(f"{home}/appointment", "appointment-kept")


def given_back(session: Session) -> None:
    """The first of the morning's other visitors to come cancels."""
    other = session.scalars(select(Appointment).where(Appointment.name == "Ali")).one()
    own = {"commune_id": other.commune_id, "appointment_id": other.id, "version": other.version}
    cancel(session, **own, actor=SYSTEM, now=EARLY)


def to_the_next(session: Session) -> None:
    """The worker passes on what was kept for whoever left."""
    pass_on(session, terms=USUAL_TERMS, now=EARLY)


def more_than_one(camera: Camera, here: Studio, commune: str) -> None:
    """One visit for several services, two that adjoin, and the two steps of a service."""
    page, services = camera.page, f"{here.address}{commune}/services"
    for what, name in (
        ("persons=2&with=passport:1", "together"),
        ("with=birth:1", "apart"),
        ("with=marriage", "never"),
    ):
        camera.open(f"{services}/identity-card/together?{what}", name)
    for what, name in (("persons=2&with=passport:1", "together"), ("with=birth:1", "apart")):
        camera.open(f"{services}/identity-card/times?{what}", f"times-{name}")
        page.locator(".soonest__time").first.click()
        page.wait_for_url("**/details")
        camera.take(f"details-{name}")
    camera.open(f"{services}/marriage", "service-in-steps")
    camera.open(f"{services}/marriage/times", "times-information")
    page.locator(".soonest__time").first.click()
    page.wait_for_url("**first=**")
    camera.take("times-file")
    page.locator(".soonest__time").first.click()
    page.wait_for_url("**/details")
    page.fill("[name=name]", "Marie Peeters")
    page.fill("[name=email]", "marie@example.org")
    page.locator("#details .govuk-button[type=submit]").first.click()
    camera.take("booked-two")
    camera.open(f"{here.address}{commune}/appointment/cancel", "cancel-one-of-two")


def a_change(camera: Camera, here: Studio, commune: str) -> None:
    """The appointment moved from one time to another, cancelled, and had again."""
    page, own = camera.page, f"{here.address}{commune}/appointment"
    page.goto(f"{own}/change")
    page.locator("main form .govuk-button").first.click()
    camera.take("times-moving")
    page.locator("button.time").first.click()
    page.wait_for_url("**/appointment/move")
    camera.take("move")
    page.locator("#move .govuk-button").first.click()
    camera.take("moved")
    camera.open(f"{own}/cancel", "cancel")
    page.locator("main form .govuk-button").first.click()
    camera.take("cancelled")
    page.locator("main form .govuk-button").first.click()
    camera.take("undone")


def asked_and_answered(camera: Camera, home: str) -> None:
    """The questions of a passport, and the pages that answers lead to."""
    page, asking = camera.page, f"{home}/services/passport/questions"
    answers = {
        "list": {"why": "expired", "whom": "me", "when": "later"},
        "list-today": {"why": "lost", "whom": "me", "when": "soon"},
        "list-elsewhere": {"why": "lost", "whom": "absent"},
        "questions-one-more": {"why": "lost", "whom": "child", "when": "later"},
    }
    camera.open(f"{home}/services/passport", "service-asking")
    camera.open(asking, "questions")
    page.locator("#questions .govuk-button").click()
    camera.take("questions-errors")
    for name, given in answers.items():
        page.goto(asking)
        for question, code in given.items():
            page.locator(f"[name=question-{question}][value={code}]").check(force=True)
        page.locator("#questions .govuk-button").click()
        camera.take(name)


def sign_in(camera: Camera, here: Studio, commune: str) -> None:
    page = camera.page
    camera.open(f"{here.address}{commune}/agent/sign-in", "sign-in")
    page.fill("[name=email]", DORA)
    page.fill("[name=password]", "not this one")
    page.press("[name=password]", "Enter")
    camera.take("sign-in-wrong")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    camera.take("signed-in")


def everything_behind(camera: Camera, here: Studio, start: str) -> None:
    """One page of each view that links lead to from ``start``, in its language."""
    views, seen = here.app.url_map.bind("localhost"), Tally[str]()
    ahead, known = [start], {start}
    while ahead:
        path = ahead.pop(0)
        view, _ = views.match(path.partition("?")[0])
        answer = camera.page.request.get(here.address + path)
        if seen[view] or "text/html" not in answer.headers["content-type"]:
            continue
        seen[view] += 1
        camera.open(here.address + path, view.replace(".", "-"))
        links = camera.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        for link in (urldefrag(link).url for link in links if link.startswith(f"{here.address}{start[:4]}")):
            path = urlsplit(link)._replace(scheme="", netloc="").geturl()
            if path not in known:
                known.add(path)
                ahead.append(path)


def a_closed_day(camera: Camera, here: Studio, commune: str) -> None:
    """The day by counter, and a closure from its form to whom it touches and who is called."""
    page = camera.page
    camera.open(f"{here.address}{commune}/agent/?view=grid", "agent-agenda-grid")
    camera.open(f"{here.address}{commune}/agent/?day=10/1/2027", "agent-agenda-shut")
    page.goto(f"{here.address}{commune}/admin/closures/new/town-hall")
    for name, typed in (("first", "4/1/2027"), ("reason_fr", "Grève"), ("reason_nl", "Staking")):
        page.fill(f"[name={name}]", typed)
    page.locator("main form .govuk-button").first.click()
    camera.take("admin-effect")
    page.locator("[name=step][value=apply]").click()
    camera.take("admin-effect-undecided")
    page.locator("[name=for_all][value=keep]").check()
    page.locator("[name=step][value=apply]").click()
    camera.take("admin-closed")
    camera.open(f"{here.address}{commune}/agent/", "agent-agenda-closed")


def photograph(browser: Browser, language: str, width: int) -> Camera:
    folder = FOLDER / f"{language}-{width}"
    folder.mkdir(parents=True)
    commune = ADDRESSES[language]
    context = browser.new_context(viewport={"width": width, "height": 800}, locale=f"{language}-BE")
    context.set_default_timeout(10_000)
    camera = Camera(context.new_page(), folder)
    with studio(language) as here:
        more_than_one(camera, here, commune)
        a_booking(camera, here, commune)
        an_earlier_time(camera, here, commune)
        everything_behind(camera, here, f"{commune}/")
        a_change(camera, here, commune)
        sign_in(camera, here, commune)
        everything_behind(camera, here, urlsplit(camera.page.url).path)
        a_closed_day(camera, here, commune)
    context.close()
    return camera


def main() -> int:
    shutil.rmtree(FOLDER, ignore_errors=True)
    faults: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for language in ADDRESSES:
            for width in WIDTHS:
                camera = photograph(browser, language, width)
                faults += camera.faults
                sheets = contact_sheets(camera.shots, FOLDER / f"{language}-{width}")
                print(f"{language}, {width} wide: {len(camera.shots)} pages on {', '.join(sheets)}")
        browser.close()
    print("\n".join(faults) or "No page scrolls sideways, and every text has its contrast.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
