"""Make the README's picture from the demonstration: ``python -m tests.browser.picture``."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from booking import create_app
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.studio import found, settings_in
from tests.moments import MONDAY, at
from tests.serving import ROOT, free_port, live_server

MOMENT = at(MONDAY, "10:05")
TARGET = ROOT / "docs" / "pictures" / "readme.png"
VIEW = {"width": 1100, "height": 820}
WIDTH, GAP, COLOURS = 720, 16, 128


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        found(Path(folder), MOMENT)
        port = free_port()
        settings = settings_in(Path(folder), port=port)
        app = create_app(settings, lambda: MOMENT)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with live_server(app, port=port) as address:
            views = seen(browser.new_page(viewport=VIEW), address, settings.demo_password)
        browser.close()
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    side_by_side(views).quantize(COLOURS).save(TARGET, optimize=True)


def seen(page: Page, address: str, password: str) -> list[Image.Image]:
    """Choosing a service in French, a time in Dutch, and the agenda of the day by counter."""
    views = []
    for path in ("/fr/val-saint-pierre/", "/nl/sint-pietersdal/services/residence-card/times?office=town-hall"):
        page.goto(address + path)
        views.append(view(page))
    page.goto(f"{address}/fr/val-saint-pierre/agent/")
    page.fill("[type=email]", "bilal@val-saint-pierre.example")
    page.fill("[type=password]", password)
    page.click("main [type=submit]")
    page.goto(f"{address}/fr/val-saint-pierre/agent/?view=grid")
    return [*views, view(page)]


def view(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def side_by_side(views: list[Image.Image]) -> Image.Image:
    for one in views:
        one.thumbnail((WIDTH, WIDTH))
    picture = Image.new("RGB", (sum(one.width + GAP for one in views) - GAP, max(one.height for one in views)), "white")
    left = 0
    for one in views:
        picture.paste(one, (left, 0))
        left += one.width + GAP
    return picture


if __name__ == "__main__":
    main()
