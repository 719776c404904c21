"""Somebody in front of a browser, who reads one language and presses what has a name in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Locator, Page, expect

from booking.words.catalogues import texts
from tests.factories import PASSWORD
from tests.moments import MONDAY, at

SLUGS = {"fr": "mairie-nord", "nl": "gemeente-noord", "en": "mairie-nord", "de": "mairie-nord"}


@dataclass(frozen=True)
class Reader:
    """What a person does on ``page``. Names of buttons, links and fields are given in English, as the code has them."""

    page: Page
    site: str
    language: str

    @property
    def home(self) -> str:
        return f"{self.site}/{self.language}/{SLUGS[self.language]}/"

    def words(self, sentence: str, **facts: object) -> str:
        """An interface text as this reader reads it; one that changes with a number, for one."""
        known = texts(self.language)
        # Of a sentence that has forms, the plain way knows nothing and gives it back.
        said = known.gettext(sentence)
        said = known.ngettext(sentence, sentence, 1) if said == sentence else said
        return said % facts if facts else said

    def open(self, address: str = "") -> None:
        """Go to an address below the commune's."""
        self.page.goto(self.home + address)

    def control(self, role: str, sentence: str, **facts: object) -> Locator:
        """The one button, link or field of this name in what the page is about."""
        name = self.words(sentence, **facts)
        return self.page.locator("main").get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]

    def press(self, sentence: str, **facts: object) -> None:
        self.control("button", sentence, **facts).click()

    def follow(self, sentence: str, **facts: object) -> None:
        self.control("link", sentence, **facts).click()

    def go_to(self, sentence: str) -> None:
        """Follow a link of the frame: navigation or foot."""
        self.page.get_by_role("link", name=self.words(sentence), exact=True).first.click()

    def is_at(self, sentence: str, **facts: object) -> None:
        """The page says this at its top."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(self.words(sentence, **facts))

    def reads(self, text: str) -> None:
        expect(self.page.locator("body")).to_contain_text(text, ignore_case=True)

    def hold(self, wall: str, *, day: date = MONDAY) -> None:
        """Take a time for an identity card: ``ana.hold("10:30")``."""
        self.open(f"services/identity-card/times?day={day}")
        self.page.click(f"button.time[value='{int(at(day, wall).timestamp()) // 60}']")
        self.is_at("Who is the appointment for?")

    def type(self, **typed: str) -> None:
        """Write into the fields of these names."""
        for name, text in typed.items():
            self.page.fill(f"[name={name}]", text)

    def sign_in(self, email: str, *, code: str = "") -> None:
        """With the ``code`` of a telephone, for whoever needs one."""
        self.open("agent/sign-in")
        self.type(email=email, password=PASSWORD)
        self.press("Sign in")
        if code:
            self.is_at("The second step")
            self.type(code=code)
            self.press("Sign in")
