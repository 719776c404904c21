"""A keyboard and nothing else. Wherever the focus stops, it is looked for on the picture of the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from io import BytesIO

from PIL import Image
from playwright.sync_api import Locator, Page

from booking.core.colours import contrast

MOST_STOPS = 80
LEAST_CONTRAST = 3.0

# The element with what is drawn for it: its label, the card it covers. Null when no part of it is on the screen.
STOP = """() => {
  const stop = document.activeElement;
  if (stop === document.body) return null;
  const drawn = [stop, ...(stop.labels || []), ...[stop.closest(".card, .tile")].filter(Boolean)];
  const boxes = drawn.map((one) => one.getBoundingClientRect()).filter((box) => box.width > 0);
  const left = Math.max(0, Math.min(...boxes.map((box) => box.left)) - 12);
  const top = Math.max(0, Math.min(...boxes.map((box) => box.top)) - 12);
  const right = Math.min(innerWidth, Math.max(...boxes.map((box) => box.right)) + 12);
  const bottom = Math.min(innerHeight, Math.max(...boxes.map((box) => box.bottom)) + 12);
  const seen = right > left && bottom > top;
  return {
    html: stop.outerHTML.slice(0, 300),
    width: Math.min(...boxes.map((box) => box.width)),
    clip: seen ? { x: left, y: top, width: right - left, height: bottom - top } : null,
  };
}"""


@dataclass
class Keyboard:
    """Goes from stop to stop; what was looked at once, on whatever page, is not looked at again."""

    page: Page
    seen: set[str] = field(default_factory=set)
    stops: int = 0

    def tab_to(self, wanted: Locator) -> None:
        """Press Tab until ``wanted`` has the focus; every stop on the way shows that it has it."""
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            self.look()
            if wanted.evaluate("wanted => wanted === document.activeElement"):
                return
        raise AssertionError(f"the Tab key does not lead to {wanted}")

    def press(self, wanted: Locator) -> None:
        """Go to a link or a button and press Enter, which leads elsewhere."""
        self.tab_to(wanted)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, wanted: Locator, text: str) -> None:
        self.tab_to(wanted)
        self.page.keyboard.type(text)

    def look(self) -> None:
        """The focus is on the screen, and changes at least a line of its width with a contrast of 3:1."""
        stop = self.page.evaluate(STOP)
        if stop is None or stop["html"] in self.seen:
            return
        self.seen.add(stop["html"])
        self.stops += 1
        assert stop["clip"], f"the focus is off the screen: {stop['html']}"
        with_focus = self.picture(stop["clip"])
        self.page.evaluate("() => { window.stop_ = document.activeElement; window.stop_.blur(); }")
        without = self.picture(stop["clip"])
        self.page.evaluate("() => window.stop_.focus({ preventScroll: true })")
        changed = strongly_changed(with_focus, without)
        assert changed >= stop["width"], f"the focus is hardly seen ({changed} pixels): {stop['html']}"

    def picture(self, clip: dict[str, float]) -> Image.Image:
        taken = self.page.screenshot(clip=clip, animations="disabled")  # type: ignore[arg-type]
        return Image.open(BytesIO(taken)).convert("RGB")


def strongly_changed(one: Image.Image, other: Image.Image) -> int:
    """How many pixels differ so much that people with low vision see the change."""
    pairs = zip(one.get_flattened_data(), other.get_flattened_data(), strict=True)
    return sum(is_strong(before, after) for before, after in pairs if before != after)


@cache
def is_strong(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return contrast("#{:02x}{:02x}{:02x}".format(*one), "#{:02x}{:02x}{:02x}".format(*other)) >= LEAST_CONTRAST
