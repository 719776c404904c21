"""The kiosk looks through its camera at the code of a slip; where it cannot, the reference is typed as ever."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import segno
from playwright.sync_api import BrowserContext, BrowserType, Page, expect
from sqlalchemy.orm import Session

from tests.databases import Database
from tests.factories import a_working_commune, an_appointment
from tests.moments import MONDAY, Clock, at

WIDTH, HEIGHT, MODULE = 640, 480, 12
BLACK, WHITE = 16, 235
FAKE = ["--use-fake-device-for-media-stream"]
ALLOWED = ["--use-fake-ui-for-media-stream"]

# Chromium on Linux has no detector: this one knows the picture that the camera is given by how much of it is black,
# sees nothing at first, and then says what stands in the code.
DETECTOR = """
window.looks = 0;
window.BarcodeDetector = class {
  constructor(wanted) { window.wanted = wanted; }
  async detect(picture) {
    window.looks += 1;
    document.documentElement.dataset.looks = window.looks;
    const board = new OffscreenCanvas(picture.videoWidth, picture.videoHeight).getContext("2d");
    board.drawImage(picture, 0, 0);
    const { data } = board.getImageData(0, 0, picture.videoWidth, picture.videoHeight);
    let black = 0;
    for (let at = 0; at < data.length; at += 4) black += data[at] < 64;
    const share = black / (data.length / 4);
    return window.looks > 1 && Math.abs(share - %f) < 0.02 ? [{ rawValue: "%s" }] : [];
  }
};
"""


@dataclass(frozen=True)
class Slip:
    """The code of a slip before a camera: what it says, as a film, and how much of the picture is black."""

    reference: str
    film: Path
    black: float


@pytest.fixture
def slip(database: Database, clock: Clock, tmp_path: Path) -> Slip:
    clock.now = at(MONDAY, "08:50")

    def rows(session: Session) -> str:
        home = a_working_commune(session)
        return an_appointment(session, home.counter, home.service).reference or ""

    reference = database.write(rows)
    picture = picture_of(reference)
    film = tmp_path / "slip.y4m"
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip C420jpeg\n".encode()
    grey = bytes([128]) * (WIDTH * HEIGHT // 2)
    film.write_bytes(head + (b"FRAME\n" + picture + grey) * 2)
    return Slip(reference, film, picture.count(BLACK) / len(picture))


def picture_of(reference: str) -> bytes:
    """The code as a camera sees it: the brightness of each point, line by line."""
    code = [list(row) for row in segno.make(reference, micro=False, error="m").matrix]
    side = len(code) * MODULE
    left, top = (WIDTH - side) // 2, (HEIGHT - side) // 2
    lines = [bytearray([WHITE]) * WIDTH for _line in range(HEIGHT)]
    for y, row in enumerate(code):
        for x, is_black in enumerate(row):
            if is_black:
                for line in lines[top + y * MODULE : top + (y + 1) * MODULE]:
                    line[left + x * MODULE : left + (x + 1) * MODULE] = bytes([BLACK]) * MODULE
    return b"".join(lines)


@pytest.fixture
def kiosk(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    listening: Callable[[BrowserContext], BrowserContext],
    site: str,
    slip: Slip,
) -> Iterator[Callable[..., Page]]:
    """Opens the page of the reference at a kiosk whose camera sees the slip."""
    opened = []

    def open_kiosk(*flags: str, detector: str = "") -> Page:
        args = [*browser_type_launch_args["args"], *FAKE, f"--use-file-for-fake-video-capture={slip.film}", *flags]
        browser = browser_type.launch(**browser_type_launch_args | {"args": args})
        opened.append(browser)
        page = listening(browser.new_context(locale="fr-BE")).new_page()
        if detector:
            page.add_init_script(detector)
        page.goto(f"{site}/fr/mairie-nord/kiosk/town-hall/appointment")
        return page

    yield open_kiosk
    for browser in opened:
        browser.close()


def camera(page: Page) -> Any:
    return page.locator("[data-scan]")


def test_where_no_browser_reads_codes_there_is_no_button_and_typing_works(
    kiosk: Callable[..., Page], slip: Slip
) -> None:
    page = kiosk(*ALLOWED, detector="delete window.BarcodeDetector;")

    expect(page.locator(".kiosk-keys")).to_be_visible()
    expect(camera(page)).to_be_hidden()
    page.fill("[name=reference]", slip.reference)
    page.get_by_role("button", name="Je suis là").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("A\u00a0001")


def test_the_code_of_a_slip_is_seen_and_sent_by_itself(kiosk: Callable[..., Page], slip: Slip) -> None:
    page = kiosk(*ALLOWED, detector=DETECTOR % (slip.black, slip.reference))
    assert page.evaluate("window.wanted") == {"formats": ["qr_code"]}

    camera(page).click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("A\u00a0001")
    expect(page.locator("body")).not_to_contain_text("Ana")


def test_while_it_looks_the_picture_is_shown_and_a_code_that_is_none_is_told(
    kiosk: Callable[..., Page], slip: Slip
) -> None:
    page = kiosk(*ALLOWED, detector=DETECTOR % (9, slip.reference))
    camera(page).click()
    expect(page.locator("[data-camera]")).to_be_visible()
    expect(page.locator("[data-camera]")).to_have_js_property("videoWidth", WIDTH)
    expect(page.locator("html")).to_have_attribute("data-looks", re.compile("[3-9]"))

    other = kiosk(*ALLOWED, detector=DETECTOR % (slip.black, "https://example.org"))
    camera(other).click()

    expect(other.get_by_role("alert")).to_contain_text("Une référence")


def test_whoever_may_not_use_the_camera_is_led_to_the_field(kiosk: Callable[..., Page], slip: Slip) -> None:
    page = kiosk("--deny-permission-prompts", detector=DETECTOR % (slip.black, slip.reference))

    camera(page).click()

    expect(camera(page)).to_be_hidden()
    expect(page.locator("[name=reference]")).to_be_focused()
