"""What residents see, for the camera: the way to an appointment and through its life, with what can go wrong on it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import select

from booking.core.checklist import Answers
from booking.core.references import link_token
from booking.demo.content.questions import CHECKLISTS
from booking.demo.days import ways
from booking.demo.screens import secret_of
from booking.models import WaitingEntry
from tests.browser.camera import Camera
from tests.browser.looks_of_staff import everything_behind
from tests.browser.studio import (
    MAIN_OFFICES,
    OWN_ADDRESS,
    Studio,
    a_notice,
    a_walk_in,
    called,
    given_back,
    passed_on,
    start_of,
    taken_by_others,
)
from tests.moments import EARLY

OFFERED = ("collection", "death", "certificates", "parking-card", "driving-licence", "identity-card", "marriage")
"""One service of each way in which a service is offered."""

CARDS = {"fr": "carte+perdue", "nl": "kaart+kwijt"}
DETAILS = "#details .govuk-button[type=submit]"
JOINING = "#earlier .govuk-button[type=submit]"
ONE_THING = "main form .govuk-button"
OTHERS_VISIT = {"together": "persons=2&with=kids-id:1", "apart": "with=birth:1"}
PAPERS = {"slip-on-a4": ("", 718), "slip-on-a-receipt": ("?paper=receipt", 272)}
"""The slip on paper, by its name: what is asked for, and how many pixels lie between the margins."""


def everything_of_residents(camera: Camera, here: Studio) -> None:
    finding(camera, here)
    more_than_one(camera, here)
    what_to_bring(camera, here)
    a_time(camera, here)
    a_booking(camera, here)
    an_earlier_time(camera, here)
    everything_behind(camera, here, urlsplit(here.home).path + "/")
    a_change(camera, here)
    the_day(camera, here)
    in_a_help_language(camera, here)
    what_cannot_be(camera, here)
    the_hall(camera, here)


def the_hall(camera: Camera, here: Studio) -> None:
    """The screen on the wall, which is in both languages whatever the reader's; a ticket from first to last."""
    code = here.content.code
    camera.open(f"{here.address}/screen/{secret_of(code, MAIN_OFFICES[code])}", "hall")
    here.clock.now = EARLY + timedelta(hours=2)
    ticket = a_walk_in(here)
    camera.open(f"{here.home}/kiosk/{MAIN_OFFICES[code]}/tickets/{ticket.status_key}", "kiosk-ticket")
    camera.open(f"{here.home}/status/{ticket.status_key}", "status-waiting")
    called(here, ticket)
    camera.open(f"{here.home}/status/{ticket.status_key}", "status-called")
    camera.open(f"{here.address}/screen/{secret_of(code, MAIN_OFFICES[code])}", "hall-called")
    camera.open(f"{here.home}/board", "board")
    camera.open(f"{here.home}/figures", "figures")
    here.clock.now = EARLY + timedelta(days=1)
    camera.open(f"{here.home}/status/{ticket.status_key}", "status-over")
    here.at_the_beginning()


def finding(camera: Camera, here: Studio) -> None:
    """From the first page to a service, or to what takes no appointment."""
    language = urlsplit(here.home).path[:4]
    camera.open(f"{here.address}/", "first")
    camera.open(here.address + language, "communes")
    camera.open(f"{here.address}{language}?postcode=4999", "communes-elsewhere")
    camera.open(f"{here.home}/", "services")
    camera.open(f"{here.home}/?q={CARDS[language[1:3]]}", "search")
    camera.open(f"{here.home}/?q=zzzzz", "search-nothing")
    for service in OFFERED:
        camera.open(f"{here.home}/services/{service}", f"service-{service}")
    a_notice(here)
    camera.open(f"{here.home}/", "services-with-a-notice")


def what_to_bring(camera: Camera, here: Studio) -> None:
    """The questions of two services, and the pages that answers lead to."""
    outcomes = {
        "list-urgent": ("identity-card", {"why": "damaged", "whom": "me", "when": "soon"}),
        "list-today": ("identity-card", {"why": "stolen", "whom": "me", "when": "soon"}),
        "list-phone": ("identity-card", {"why": "first", "whom": "homebound", "when": "later"}),
        "list-other-commune": ("passport", {"belgian": "elsewhere", "before": "no", "when": "later"}),
        "list-other-service": ("passport", {"belgian": "refugee", "before": "no", "when": "later"}),
        "list-elsewhere": ("passport", {"belgian": "yes", "before": "lost", "when": "now"}),
        # Last, because what follows is for whoever has answered so.
        "list": ("identity-card", {"why": "expired", "whom": "child", "when": "later"}),
    }
    camera.open(f"{here.home}/services/identity-card/questions", "questions")
    camera.press("#questions .govuk-button", "questions-errors")
    for name, (service, answers) in outcomes.items():
        answer(camera, here, service, answers)
        camera.take(name)


def answer(camera: Camera, here: Studio, service: str, answers: Answers | None = None) -> None:
    """The questions of a service, answered so, or as leads to an appointment; some are only asked after others."""
    page, given = camera.page, answers or ways(CHECKLISTS[service])[0]
    page.goto(f"{here.home}/services/{service}/questions")
    while page.url.endswith("/questions"):
        for question, code in given.items():
            for choice in page.locator(f"[name=question-{question}][value={code}]").all():
                choice.check(force=True)
        page.locator("#questions .govuk-button").click()


def more_than_one(camera: Camera, here: Studio) -> None:
    """One visit for several services, two that adjoin, and the two steps of a service."""
    page, card = camera.page, f"{here.home}/services/identity-card"
    for service in ("identity-card", "kids-id", "birth", "marriage"):
        answer(camera, here, service)
    for name, what in (*OTHERS_VISIT.items(), ("never", "with=marriage")):
        camera.open(f"{card}/together?{what}", name)
    for name, what in OTHERS_VISIT.items():
        camera.open(f"{card}/times?{what}", f"times-{name}")
        page.locator(".soonest__time").first.click()
        page.wait_for_url("**/details")
        camera.take(f"details-{name}")
    camera.open(f"{here.home}/services/marriage/times", "times-information")
    page.locator(".soonest__time").first.click()
    page.wait_for_url("**first=**")
    camera.take("times-file")
    page.locator(".soonest__time").first.click()
    page.wait_for_url("**/details")
    page.fill("[name=name]", "Marie-Joséphine Vandenbroucke-Charlier")
    page.fill("[name=email]", "marie@example.org")
    camera.press(DETAILS, "booked-two")
    camera.letters(here.letters(), "mail-two-steps")
    camera.open(f"{here.home}/appointment/coming", "coming")
    camera.press(ONE_THING, "coming-said")
    camera.open(f"{here.home}/appointment/cancel", "cancel-one-of-two")


def a_time(camera: Camera, here: Studio) -> None:
    """Choosing it: month, list, a part of the day, a closed day, a month with nothing left, a day."""
    page, times = camera.page, f"{here.home}/services/identity-card/times"
    for asked, name in (
        ("view=list", "list"),
        ("part=evening&weekday=4", "evening"),
        ("weekday=1&part=evening", "nothing"),
        ("day=2027-01-10", "closed-day"),
    ):
        camera.open(f"{times}?{asked}", f"times-{name}")
    camera.open(f"{here.home}/services/foreign-licence/times?month=2027-01", "times-full-month")
    camera.open(f"{here.home}/services/eu-registration/times", "times-open-on-mondays")
    camera.open(times, "times")
    page.locator(".month__day--free").nth(5).click()
    page.wait_for_url("**day=**")
    camera.take("times-of-a-day")


def a_booking(camera: Camera, here: Studio) -> None:
    """The form beside the held time: what is missing, what is mistyped, a time that is lost, minutes that are over."""
    page = camera.page
    page.locator("button.time").first.click()
    page.wait_for_url("**/details")
    camera.open(f"{here.home}/services/identity-card/times", "times-holding")
    camera.press(".holding .govuk-button", "details")
    camera.press("[formaction$='more-time']", "details-more-time")
    page.locator("[name=for_other]").check(force=True)
    camera.press(DETAILS, "details-errors")
    page.locator("[name=for_other]").uncheck(force=True)
    page.fill("[name=name]", "Ana Peeters 85.07.30-033.28")
    page.fill("[name=email]", "ana@gmial.com")
    camera.press(DETAILS, "details-mistyped")
    page.fill("[name=name]", "Ana Peeters-Vandenbroucke")
    page.fill("[name=email]", OWN_ADDRESS)
    page.fill("[name=phone]", "0470 12 34 56")
    taken_by_others(here)
    camera.press(DETAILS, "lost")
    camera.press("button.near__time", "another-time")
    here.clock.forward(minutes=11)
    camera.press(DETAILS, "lapsed")
    page.locator("main form .govuk-button[type=submit]").first.click()
    camera.press(DETAILS, "booked")
    camera.letters(here.letters(), "mail-confirmation")


def an_earlier_time(camera: Camera, here: Studio) -> None:
    """The list for an earlier appointment: joining it, the place, the time that is kept; and with an appointment."""
    page = camera.page
    answer(camera, here, "identity-card")
    camera.open(f"{here.home}/services/identity-card/earlier", "earlier-join")
    camera.press(JOINING, "earlier-join-errors")
    page.fill("[name=name]", "Nguyễn Thị Minh")
    page.fill("[name=email]", "minh@example.org")
    camera.press(JOINING, "earlier-asked")
    camera.letters(here.letters(), "mail-list-proof")
    newest = select(WaitingEntry.nonce).order_by(WaitingEntry.id.desc())
    nonce = here.database.all(newest)[0]
    token = link_token(here.app.config["SECRET_KEY"], "earlier", nonce)
    camera.open(f"{here.home}/earlier/open/{token}", "earlier-confirm")
    camera.press(ONE_THING, "earlier-place")
    camera.open(f"{here.home}/appointment/earlier", "earlier-wishes")
    camera.press(JOINING, "appointment-waits")
    given_back(here)
    camera.open(f"{here.home}/earlier", "earlier-kept")
    camera.letters(here.letters(), "mail-list-offer")
    camera.press("main .link-button", "earlier-left")
    passed_on(here)
    camera.open(f"{here.home}/appointment", "appointment-kept")
    camera.letters(here.letters(), "mail-list-offer-instead")
    camera.press("[formaction$='decline']", "appointment-declined")


def a_change(camera: Camera, here: Studio) -> None:
    """The appointment moved from one time to another, cancelled, and had again."""
    page, own = camera.page, f"{here.home}/appointment"
    page.goto(f"{own}/change")
    camera.press(ONE_THING, "times-moving")
    page.locator(".month__day--free").nth(4).click()
    page.wait_for_url("**day=**")
    page.locator("button.time").first.click()
    page.wait_for_url("**/appointment/move")
    camera.take("move")
    camera.press("#move .govuk-button", "moved")
    camera.letters(here.letters(), "mail-moved")
    camera.open(f"{own}/cancel", "cancel")
    camera.press(ONE_THING, "cancelled")
    camera.letters(here.letters(), "mail-cancelled")
    camera.press(ONE_THING, "undone")
    camera.letters(here.letters(), "mail-restored")
    page.goto(f"{own}/name")
    page.fill("#name-form [name=name]", "Somebody Else")
    camera.press("#name-form .govuk-button", "name-refused")
    page.goto(f"{own}/contact")
    page.fill("#contact [name=email]", "ana")
    camera.press("#contact .govuk-button", "contact-errors")


def the_day(camera: Camera, here: Studio) -> None:
    """The reminder, the slip on paper, the day itself, and the end of what is kept."""
    page, own, start = camera.page, f"{here.home}/appointment", start_of(here)
    here.clock.now = start - timedelta(hours=24)
    camera.letters([one for one in here.letters() if here.is_to(one, OWN_ADDRESS)], "mail-reminder")
    page.emulate_media(media="print")
    wide = page.viewport_size
    assert wide is not None
    for name, (asked, width) in PAPERS.items():
        page.set_viewport_size({"width": width, "height": 1000})
        camera.open(f"{own}/slip{asked}", name)
    page.emulate_media(media="screen")
    page.set_viewport_size(wide)
    here.clock.now = start - timedelta(minutes=40)
    camera.open(own, "appointment-today")
    camera.press("#late button.time", "appointment-late")
    camera.open(f"{own}/cancel", "cancel-too-late")
    here.clock.now = start + timedelta(minutes=5)
    camera.open(own, "appointment-begun")
    here.clock.now = start - timedelta(minutes=40)
    camera.open(f"{own}/erase", "erase")
    camera.press(ONE_THING, "erased")
    camera.open(own, "appointment-erased")
    here.at_the_beginning()


def in_a_help_language(camera: Camera, here: Studio) -> None:
    """English beside French, German beside Dutch: the pages, and the letter in both languages."""
    page, counter_language = camera.page, urlsplit(here.home).path[1:3]
    help_language = {"fr": "en", "nl": "de"}[counter_language]
    home = f"{here.address}/{help_language}/{here.content.slugs[help_language]}"
    camera.open(f"{home}/", "help-services")
    camera.open(f"{home}/services/residence-card", "help-service")
    camera.open(f"{home}/services/residence-card/times", "help-times")
    page.locator(".soonest__time").first.click()
    page.wait_for_url("**/details")
    page.fill("[name=name]", "محمد أمين")
    page.fill("[name=email]", "mohammed@example.org")
    page.check(f"[name=language][value={counter_language}]")
    camera.take("help-details")
    camera.press(DETAILS, "help-booked")
    camera.letters(here.letters()[-1:], "mail-help-language")
    camera.open(f"{home}/appointment/slip", "help-slip")


def what_cannot_be(camera: Camera, here: Studio) -> None:
    """Addresses that lead nowhere, links that are over, a form that is sent too late, and too many tries."""
    page = camera.page
    camera.open(f"{here.home}/nowhere", "not-found")
    camera.open(f"{here.address}/nowhere", "not-found-anywhere")
    camera.open(f"{here.home}/appointment/open/nothing", "link-over")
    camera.open(f"{here.home}/services/collection/times", "not-bookable")
    camera.open(f"{here.home}/find", "find")
    camera.press("#find .govuk-button", "find-errors")
    for name in ("find-nothing", *["find-nothing"] * 4, "find-too-often"):
        page.goto(f"{here.home}/find")
        page.fill("[name=reference]", "K7F2 9MXD")
        page.fill("[name=contact]", OWN_ADDRESS)
        page.locator("#find .govuk-button").click()
        if page.url and name not in {shot.stem[4:] for shot in camera.shots}:
            camera.take(name)
    page.goto(f"{here.home}/find")
    page.context.clear_cookies()
    camera.press("#find .govuk-button", "form-too-old")
    camera.open(f"{here.home}/details", "no-time-held")
    camera.open(f"{here.home}/appointment", "no-appointment")
