"""An agent is invited, comes, is promoted and let go: by whom it is done, and in front of whose screen."""

from __future__ import annotations

import re
from base64 import b32decode
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from booking.core.second_factor import code_at, step_at
from tests.browser.commune import DORA, a_commune_at_work
from tests.browser.conftest import Look
from tests.browser.readers import Reader
from tests.databases import Database
from tests.factories import code_for
from tests.moments import EARLY

pytestmark = pytest.mark.engines("sqlite")

SALMA, NEW = "salma@nord.example", "seven purple umbrellas"


def link_in(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    found = re.search(r"http\S+/invitation/open/\S+", body.get_content())
    assert found is not None
    return found[0]


def telephone_of(reader: Reader) -> bytes:
    letters = reader.page.locator(".factor__secret").inner_text()
    return b32decode(letters.replace(" ", ""))


def test_an_agent_is_invited_promoted_and_deactivated_while_signed_in(
    site: str,
    open_browser: Callable[..., Page],
    database: Database,
    post: Callable[[], EmailMessage],
    look: Look,
) -> None:
    database.write(a_commune_at_work)
    dora, salma = (Reader(open_browser(), site, language) for language in ("fr", "nl"))
    dora.sign_in(DORA, code=code_for())

    invite(dora, look)
    come(salma, link_in(post()), look)
    promote(dora, look)

    salma.page.reload()
    salma.is_at("Sign in")
    prove_it(salma, look)
    read_the_journal(salma, look)

    let_go(dora, look)
    salma.page.reload()
    salma.is_at("Sign in")


def invite(dora: Reader, look: Look) -> None:
    dora.go_to("Administration")
    dora.reads(dora.words("Invite somebody"))
    look(dora.page)
    dora.open("admin/people")
    look(dora.page)
    dora.follow("Invite somebody")
    dora.press("Send the invitation")
    expect(dora.page.locator(".govuk-error-message")).to_have_count(2)
    look(dora.page)
    dora.type(email=SALMA, name="Salma")
    dora.page.check("input[name=language][value=nl]")
    dora.press("Send the invitation")
    dora.is_at("Salma")
    look(dora.page)


def come(salma: Reader, link: str, look: Look) -> None:
    salma.page.goto(link)
    salma.is_at("You are invited")
    look(salma.page)
    salma.type(name="Salma El Idrissi", password=NEW)
    salma.press("Accept")
    salma.reads(salma.words("Welcome. You work here from now on."))
    salma.reads("Salma El Idrissi")


def promote(dora: Reader, look: Look) -> None:
    dora.open("admin/people?q=salma")
    dora.page.get_by_role("link", name="Salma El Idrissi").click()
    dora.page.check("#role_administrator")
    look(dora.page)
    dora.press("Save")
    dora.reads(dora.words("%(name)s is saved.", name="Salma El Idrissi"))


def prove_it(salma: Reader, look: Look) -> None:
    """Her new role wants a second step: she sets it up, keeps the codes on paper, and her pages open."""
    salma.type(email=SALMA, password=NEW)
    salma.press("Sign in")
    salma.is_at("Set up the second step")
    look(salma.page)
    salma.type(code=code_at(telephone_of(salma), step_at(EARLY)))
    salma.press("This is my telephone")
    salma.is_at("Your codes on paper")
    expect(salma.page.locator(".codes__code")).to_have_count(10)
    look(salma.page)
    salma.follow("I have kept them: go on")
    salma.open("agent/account/second-factor")
    salma.is_at("Second step")
    look(salma.page)


def read_the_journal(salma: Reader, look: Look) -> None:
    salma.open("admin/journal")
    salma.page.select_option("#journal-act", "invited")
    salma.press("Show")
    expect(salma.page.locator("tbody tr")).to_have_count(1)
    salma.reads("Dora Willems")
    look(salma.page)
    salma.open("agent/account/password")
    look(salma.page)


def let_go(dora: Reader, look: Look) -> None:
    dora.open("admin/people?q=salma")
    dora.page.get_by_role("link", name="Salma El Idrissi").click()
    dora.follow("Deactivate the account")
    look(dora.page)
    dora.press("Deactivate the account")
    dora.reads(
        dora.words("The account of %(name)s is deactivated, and signed out everywhere.", name="Salma El Idrissi")
    )
