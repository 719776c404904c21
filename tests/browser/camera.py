"""Keeps pictures of pages, notes what is wrong with their looks, and lays them on contact sheets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageDraw
from playwright.sync_api import Error, Page

from tests.shape import ROOT

FOLDER = ROOT / "looks"
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
LENGTH = "document.documentElement.scrollHeight"
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"

PAINTED = "new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); })"
PATIENCE = 5
"""How often a page may go while it is to be photographed."""

ROW, PER_ROW, PER_SHEET = 640, 5, 15
LABEL, GAP = 24, 16


@dataclass
class Camera:
    """One browser page, the pictures taken of it, what was wrong in them, and the addresses it was at."""

    page: Page
    folder: Path
    shots: list[Path] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def open(self, address: str, name: str) -> None:
        self.page.goto(address)
        self.take(name)

    def press(self, what: str, name: str) -> None:
        """Press the first such button, and photograph what follows."""
        self.page.locator(what).first.click()
        self.take(name)

    def letters(self, addresses: list[str], name: str) -> None:
        """Photograph letters as a mail program shows them, and as one without HTML does."""
        reading = Camera(self.page.context.new_page(), self.folder, self.shots, self.faults)
        for address in addresses:
            reading.open(f"{address}/html", name)
            reading.open(address, f"{name}-in-text")
        reading.page.close()

    def take(self, name: str) -> None:
        """Photograph the page as it stands, whole, under the next number."""
        path = self.folder / f"{len(self.shots) + 1:03}-{name}.png"
        self.photograph(path)
        self.shots.append(path)
        self.seen.add(self.page.url)
        self.faults += [f"{path.relative_to(FOLDER)}: {fault}" for fault in self.wrong()]

    def photograph(self, path: Path, tries: int = PATIENCE) -> None:
        """The page that a press leads to may begin to come only now: the one that goes is not what is wanted."""
        try:
            self.page.wait_for_load_state()
            self.page.evaluate(PAINTED)
            with self.as_long_as_the_page():
                self.page.screenshot(path=path, animations="disabled")
        except Error:
            if tries == 1:
                raise
            self.photograph(path, tries - 1)

    @contextmanager
    def as_long_as_the_page(self) -> Iterator[None]:
        """The window shows the whole page. A picture longer than the window would scroll the boxes in it."""
        usual = self.page.viewport_size
        assert usual is not None
        self.page.set_viewport_size({**usual, "height": self.page.evaluate(LENGTH)})
        try:
            yield
        finally:
            self.page.set_viewport_size(usual)

    def wrong(self) -> Iterator[str]:
        if self.page.evaluate(SIDEWAYS):
            yield "scrolls sideways"
        for violation in Axe().run(self.page, options=CONTRAST).response["violations"]:
            yield from (f"too little contrast in {node['html'][:100]}" for node in violation["nodes"])


def contact_sheets(shots: list[Path], beside: Path) -> list[str]:
    """Lay the pictures on sheets of fifteen, each under its name; gives the names of the sheets."""
    names = []
    for number, first in enumerate(range(0, len(shots), PER_SHEET), start=1):
        name = f"{beside.name}-{number}.png"
        sheet_of(shots[first : first + PER_SHEET]).save(beside.parent / name)
        names.append(name)
    return names


def sheet_of(shots: list[Path]) -> Image.Image:
    width = max(Image.open(shot).width for shot in shots) * ROW // 1000
    rows = -(-len(shots) // PER_ROW)
    sheet = Image.new("RGB", (PER_ROW * (width + GAP) + GAP, rows * (ROW + LABEL + GAP) + GAP), "#d7dae0")
    pen = ImageDraw.Draw(sheet)
    for place, shot in enumerate(shots):
        left, top = GAP + place % PER_ROW * (width + GAP), GAP + place // PER_ROW * (ROW + LABEL + GAP)
        pen.text((left, top), shot.stem, fill="#1b1f27")
        with Image.open(shot) as picture:
            # The top of a long page says enough here: the whole of it is in the folder.
            scale = width / picture.width
            shown = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, int(ROW / scale))))
            sheet.paste(shown.resize((width, int(shown.height * scale))), (left, top + LABEL))
    return sheet
