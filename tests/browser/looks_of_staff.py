"""What agents and administrators see, for the camera."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urldefrag, urlsplit

from werkzeug.exceptions import HTTPException

from booking.demo import code_now
from booking.demo.content.people import PLATFORM
from tests.browser.camera import Camera
from tests.browser.studio import ADMINISTRATORS, MAIN_OFFICES, Studio, asked_at, said_without_a_connection


def everything_of_staff(camera: Camera, here: Studio) -> None:
    here.at_the_beginning()
    sign_in(camera, here)
    said_without_a_connection(here)
    camera.open(f"{here.home}/agent/late-marks", "agent-late-marks")
    everything_behind(camera, here, urlsplit(camera.page.url).path)
    a_counter_at_work(camera, here)
    an_old_agenda(camera, here)
    a_closed_day(camera, here)
    a_day_to_rearrange(camera, here)
    somebody_new(camera, here)
    the_platform(camera, here)


def sign_in(camera: Camera, here: Studio) -> None:
    page = camera.page
    camera.open(f"{here.home}/agent/sign-in", "sign-in")
    page.fill("[name=email]", ADMINISTRATORS[here.content.code])
    page.fill("[name=password]", "not this one")
    page.press("[name=password]", "Enter")
    camera.take("sign-in-wrong")
    page.fill("[name=password]", here.app.extensions["settings"].demo_password)
    page.press("[name=password]", "Enter")
    camera.take("second-step")
    page.fill("[name=code]", code_now(here.clock.now))
    page.press("[name=code]", "Enter")
    camera.take("signed-in")


def everything_behind(camera: Camera, here: Studio, start: str) -> None:
    """One page of each view that links lead to from ``start``, in its language; those seen before are only read."""
    views = here.app.url_map.bind("localhost")

    def view_at(path: str) -> str | None:
        """What answers at an address; nothing does where a form was sent to, or where nothing is."""
        with suppress(HTTPException):
            return str(views.match(urlsplit(path).path)[0])
        return None

    photographed, read = {view_at(address) for address in camera.seen}, set[str]()
    ahead, known = [start], {start}
    while ahead:
        path = ahead.pop(0)
        view = view_at(path)
        if view is None or view in read:
            continue
        answer = camera.page.request.get(here.address + path)
        if "text/html" not in answer.headers["content-type"]:
            continue
        read.add(view)
        if view in photographed:
            camera.page.goto(here.address + path)
        else:
            camera.open(here.address + path, view.replace(".", "-"))
        links = camera.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        for link in (urldefrag(link).url for link in links if link.startswith(f"{here.address}{start[:4]}")):
            path = urlsplit(link)._replace(scheme="", netloc="").geturl()
            if path not in known:
                known.add(path)
                ahead.append(path)


def a_counter_at_work(camera: Camera, here: Studio) -> None:
    """A counter from its opening over the first visitor to its closing, as the hall stands at that hour."""
    page = camera.page
    page.goto(f"{here.home}/agent/desk")
    counters = page.locator("#desk-person .counters__one button")
    for place in range(counters.count()):
        counters.nth(place).click()
        page.locator("#forward").wait_for()
        if page.locator("#queue-lines").count():
            break
        page.locator("#close-counter").click()
        counters.first.wait_for()
    else:
        counters.first.click()
        page.locator("#forward").wait_for()
    camera.take("agent-desk-open")
    for state in ("called", "serving"):
        if page.locator("#queue-lines .line, .state--called").count():
            page.locator("#forward").click()
            page.locator(f".state--{state}").wait_for()
            camera.take(f"agent-desk-{state}")
    page.locator("#close-counter").click()
    page.locator("#desk-person .counters").wait_for()


def a_closed_day(camera: Camera, here: Studio) -> None:
    """The day by counter, and a closure from its form to whom it touches, who is called and who is written to."""
    page = camera.page
    camera.open(f"{here.home}/agent/?view=grid", "agent-agenda-grid")
    camera.open(f"{here.home}/agent/?day=10/1/2027", "agent-agenda-shut")
    for day, state in (("2027-01-04", "booked"), ("2027-01-10", "shut"), ("2027-03-01", "not-open")):
        camera.open(f"{here.home}/admin/why?service=eu-registration&day={day}", f"admin-why-{state}")
    page.goto(f"{here.home}/admin/closures/new/{MAIN_OFFICES[here.content.code]}")
    for name, typed in (("first", "7/1/2027"), ("reason_fr", "Grève"), ("reason_nl", "Staking")):
        page.fill(f"[name={name}]", typed)
    page.locator("main form .govuk-button").first.click()
    camera.take("admin-effect")
    page.locator("[name=step][value=apply]").click()
    camera.take("admin-effect-undecided")
    page.locator("[name=for_all][value=cancel]").check()
    page.locator("[name=step][value=apply]").click()
    camera.take("admin-closed")
    camera.open(f"{here.home}/agent/?day=7/1/2027", "agent-agenda-closed")
    camera.letters(here.letters()[:1], "mail-cancelled-by-commune")


def a_day_to_rearrange(camera: Camera, here: Studio) -> None:
    """A day whose people are asked about another time: the list, how far it is, what each reads and answers."""
    page = camera.page
    page.goto(f"{here.home}/admin/closures/new/{MAIN_OFFICES[here.content.code]}")
    for name, typed in (("first", "14/1/2027"), ("reason_fr", "Grève"), ("reason_nl", "Staking")):
        page.fill(f"[name={name}]", typed)
    page.locator("main form .govuk-button").first.click()
    page.locator("[name=for_all][value=propose]").check()
    camera.take("admin-effect-propose")
    page.locator("[name=step][value=apply]").click()
    camera.take("admin-rebooking-waiting")
    followed, letters = page.url, here.letters()
    camera.open(followed, "admin-rebooking")
    camera.open(f"{here.home}/admin/rebookings", "admin-rebookings")
    page.goto(followed)
    page.locator("main tbody a").first.click()
    camera.take("agent-visit-proposal")
    camera.letters(letters[-1:], "mail-rebooking")
    camera.open(asked_at(here), "appointment-proposal")


def somebody_new(camera: Camera, here: Studio) -> None:
    """An invitation that lacks something, the one that is sent, and its letter."""
    page = camera.page
    page.goto(f"{here.home}/admin/people/new")
    page.locator("#invite-form .govuk-button").click()
    camera.take("admin-invite-incomplete")
    page.fill("[name=email]", "salma@courrier.example")
    page.fill("[name=name]", "Salma El Idrissi")
    page.locator("#invite-form .govuk-button").click()
    camera.take("admin-invited")
    camera.letters(here.letters()[:1], "mail-invitation")


def an_old_agenda(camera: Camera, here: Studio) -> None:
    """A table of another system, from its columns to what became of it."""
    page = camera.page
    lines = ["Date;Heure;Nom;Service;E-mail", "12/1/2027;9:00;Zoé Lambert;passport;zoe@example.org"]
    lines += ["12/1/2027;9:07;Karim Benali;passport;", "4/1/2026;9:00;Noor Maes;Permis de pêche;"]
    content = "\n".join(lines).encode()
    page.goto(f"{here.home}/admin/import")
    page.set_input_files("[name=file]", {"name": "agenda.csv", "mimeType": "text/csv", "buffer": content})
    page.locator("main form .govuk-button").first.click()
    camera.take("admin-import-columns")
    page.locator("[name=office_id]").select_option(index=1)
    page.locator("#columns-form .govuk-button").click()
    camera.take("admin-import-effect")
    page.locator("main form .govuk-button").first.click()
    camera.take("admin-import-booked")
    page.locator("main form .govuk-button").last.click()


def the_platform(camera: Camera, here: Studio) -> None:
    """What those see who run the platform, and a configuration from its faults to its effect."""
    page, start = camera.page, f"/platform/{here.content.first_language}/"
    page.context.clear_cookies()
    camera.open(f"{here.address}{start}", "platform-sign-in")
    page.fill("[name=email]", PLATFORM.email)
    page.fill("[name=password]", here.app.extensions["settings"].demo_password)
    page.press("[name=password]", "Enter")
    page.fill("[name=code]", code_now(here.clock.now))
    page.press("[name=code]", "Enter")
    page.locator(".staff-nav").wait_for()
    everything_behind(camera, here, start)
    text = page.request.get(f"{here.address}{start}communes/1/configuration.yaml").text()
    for changed, name in (("max_persons: many", "platform-faults"), ("max_persons: 3", "platform-effect")):
        content = text.replace("max_persons: 5", changed).encode()
        page.goto(f"{here.address}{start}configuration")
        page.set_input_files("[name=file]", {"name": "val.yaml", "mimeType": "text/yaml", "buffer": content})
        page.locator("main form .govuk-button").click()
        camera.take(name)
