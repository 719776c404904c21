"""On a tablet held upright nothing of staff's pages is cut off, with the long names of the demonstration."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from booking.demo import code_now
from booking.demo.content.communes import COMMUNES
from booking.demo.content.shapes import DemoCommune
from tests.browser.studio import ADMINISTRATORS, found, studio
from tests.moments import MONDAY, at

UPRIGHT = {"width": 768, "height": 1024}
MID_MORNING = at(MONDAY, "10:40")
PAGES = (
    "",
    "?view=grid",
    "sheet",
    "desk",
    "keys",
    "reception",
    "reception/walk-in",
    "reception/paper",
    "find",
    "book",
    "group",
    "unmarked",
    "end-of-day",
    "calls",
    "counters",
    "outage",
    "late-marks",
    "skills",
    "account",
)
CUT = """() => [...document.querySelectorAll("main :is(a, button, input, select, .state)")].filter((one) => {
  const { width, left, right } = one.getBoundingClientRect();
  return width && !one.closest(".scroll-box, .day-box") && (left < 0 || right > document.documentElement.clientWidth);
}).map((one) => one.innerText || one.name)"""
"""What can be pressed or tells a state, and is not in sight; a box that scrolls by itself may hold more."""


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demonstration")
    found(folder, MID_MORNING)
    return folder


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize("content", COMMUNES, ids=lambda content: content.code)
def test_no_page_of_staff_is_wider_than_a_tablet_held_upright(
    open_browser: Callable[..., Page], demonstration: Path, content: DemoCommune, language: str
) -> None:
    with studio(demonstration, content, language) as here:
        here.clock.now = MID_MORNING
        page = open_browser(viewport=UPRIGHT, locale=f"{language}-BE")
        page.goto(f"{here.home}/agent/sign-in")
        page.fill("[name=email]", ADMINISTRATORS[content.code])
        page.fill("[name=password]", here.app.extensions["settings"].demo_password)
        page.press("[name=password]", "Enter")
        page.fill("[name=code]", code_now(MID_MORNING))
        page.press("[name=code]", "Enter")
        page.wait_for_url(lambda address: "sign-in" not in address)
        wrong = {}
        for address in PAGES:
            answer = page.goto(f"{here.home}/agent/{address}")
            assert answer is not None
            assert answer.ok, address
            assert page.locator("html").get_attribute("lang") == language
            wide, cut = page.evaluate("document.documentElement.scrollWidth"), page.evaluate(CUT)
            if wide > UPRIGHT["width"] or cut:
                wrong[address] = wide, cut
        assert not wrong
