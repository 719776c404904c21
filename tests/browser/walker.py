"""Somebody who walks a section of the service from its first page to its last, and looks at every state on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from email.message import EmailMessage
from typing import Any

import pytest
from playwright.sync_api import Page

from booking.words import formatting
from booking.words.catalogues import texts
from tests.browser.readers import Reader
from tests.moments import MONDAY

ANA = {"name": "Ana Peeters", "email": "ana@example.org"}
WALKS = [
    pytest.param(("fr", True), id="fr, with scripts"),
    pytest.param(("nl", False), id="nl, without scripts"),
    pytest.param(("fr", False), id="fr, without scripts", marks=pytest.mark.races),
    pytest.param(("nl", True), id="nl, with scripts", marks=pytest.mark.races),
]
"""The official languages, each with scripts and without: two of the four at once, the others among the long tests."""


@dataclass(frozen=True)
class Walker(Reader):
    """What a resident does to come from one page to the next; ``look`` is what is looked for on each."""

    scripts: bool
    look: Callable[[Page], None]

    @property
    def path(self) -> str:
        """Where the commune's pages begin, as links say it."""
        return self.home.removeprefix(self.site)

    def is_at(self, sentence: str, **facts: object) -> None:
        super().is_at(sentence, **facts)
        self.looks()

    def finds(self, sentence: str, **facts: object) -> None:
        """The page, which may be the one it was, now says this."""
        self.reads(self.words(sentence, **facts))
        self.looks()

    def looks(self) -> None:
        """No state breaks a rule that a machine can check."""
        self.page.wait_for_load_state()
        self.look(self.page)

    def said(self, form: str, *of: Any) -> str:
        """A moment, a length or a number as this reader reads it: ``ana.said("minutes", 18)``."""
        written: str = getattr(formatting, form)(*of, self.language)
        return written

    def counted(self, one: str, many: str, num: int, **facts: object) -> str:
        """A sentence with a number in it."""
        return texts(self.language).ngettext(one, many, num) % {"num": num, **facts}

    def moment(self, wall: str, *, day: date = MONDAY) -> str:
        return self.said("moment_sentence", day, time.fromisoformat(wall))

    def take_the_first(self) -> None:
        self.page.locator("button.soonest__time").first.click()

    def answer(self, **answers: str) -> None:
        """Choose these answers to the questions of a service, and send them."""
        for question, code in answers.items():
            self.page.locator(f"[name=question-{question}][value={code}]").check(force=True)
        self.press("Show my list")

    def finish(self, **typed: str) -> None:
        """Fill in the details and make the appointment; who reads another language says which one they speak."""
        self.type(**(typed or ANA))
        if not self.page.locator("[name=language]:checked").count():
            self.page.check("[name=language][value=nl]")
        self.press("Make the appointment")

    def book(self, wall: str = "10:30", *, day: date = MONDAY, **typed: str) -> None:
        """Have an appointment for an identity card; these pages are looked at elsewhere."""
        plain = Reader(self.page, self.site, self.language)
        plain.hold(wall, day=day)
        self.finish(**typed)
        plain.is_at("Your appointment is made.")

    def opens(self, letter: EmailMessage, ending: str = "") -> None:
        """Follow the link of a letter; of several, the one that ends so."""
        self.page.goto(link_in(letter, ending))


def link_in(letter: EmailMessage, ending: str = "") -> str:
    """The link of a letter that opens something."""
    body = letter.get_body(("plain",))
    assert body is not None
    return link_of(str(body.get_content()), ending)


def link_of(text: str, ending: str = "") -> str:
    found = [link for link in re.findall(r"http\S+/(?:open|a|e)/\S+", text) if link.endswith(ending)]
    assert found, text
    return str(found[0])


def stands_still(page: Page) -> None:
    """Nothing scrolls sideways: what can be seen of a page without asking a script of its own."""
    # Asked of an element that is waited for: a page that is just coming has none yet.
    whole = page.locator("html")
    assert not whole.evaluate("html => html.scrollWidth > innerWidth"), f"{page.url} scrolls sideways"
