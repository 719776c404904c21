"""Photograph every page and state of both demonstration communes: ``python -m tests.browser.looks``.

In French and in Dutch, wide and narrow, the letters and the slips too. The pictures go to ``looks/``, one folder for
each commune, language and width, with contact sheets beside them. It ends with 1 when a page scrolls sideways or a text
has too little contrast, and names the page.
"""

from __future__ import annotations

import logging
import multiprocessing
import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path

from playwright.sync_api import sync_playwright

from booking.demo.content.communes import COMMUNES
from tests.browser.camera import FOLDER, Camera, contact_sheets
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.looks_of_residents import everything_of_residents
from tests.browser.looks_of_staff import everything_of_staff
from tests.browser.studio import found, studio

LANGUAGES = ("fr", "nl")
WIDTHS = (375, 1280)
AT_ONCE = 2
"""So many browsers: each keeps a core busy."""


def photograph(founded: Path, place: int, language: str, width: int) -> tuple[str, list[str]]:
    """Every picture of one commune in one language at one width; gives what was made and what is wrong in it.

    Staff's pages are taken where they are at home: in the language that the commune names first.
    """
    logging.disable()
    content = COMMUNES[place]
    folder = FOLDER / f"{content.code}-{language}-{width}"
    folder.mkdir(parents=True)
    with sync_playwright() as playwright, studio(founded, content, language) as here:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(viewport={"width": width, "height": 800}, locale=f"{language}-BE")
        context.set_default_timeout(60_000)
        camera = Camera(context.new_page(), folder)
        everything_of_residents(camera, here)
        if language == content.first_language:
            everything_of_staff(camera, here)
        browser.close()
    sheets = contact_sheets(camera.shots, folder)
    return f"{folder.name}: {len(camera.shots)} pictures on {', '.join(sheets)}", camera.faults


def main() -> int:
    shutil.rmtree(FOLDER, ignore_errors=True)
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        found(Path(folder))
        # Both wide ones come last: they are shorter, and the two browsers end together.
        wanted = [(Path(folder), place, *what) for *what, place in product(LANGUAGES, WIDTHS, range(len(COMMUNES)))]
        with ProcessPoolExecutor(AT_ONCE, mp_context=multiprocessing.get_context("spawn")) as pool:
            running = [pool.submit(photograph, *one) for one in wanted]
            try:
                for made, wrong in (one.result() for one in running):
                    print(made, flush=True)
                    faults += wrong
            finally:
                pool.shutdown(cancel_futures=True)
    print("\n".join(faults) or "No page scrolls sideways, and every text has its contrast.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
