"""On the day of the change: Dora brings along the old agenda in a browser, with scripts or without."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.models import Appointment
from booking.usecases.people import open_session
from tests.databases import Database
from tests.factories import a_person, a_working_commune
from tests.moments import EARLY
from tests.old_agendas import as_file, old_agenda

Look = Callable[[Page], None]


@pytest.fixture
def token(database: Database) -> str:
    """Dora's session, in a commune with two counters."""

    def arrive(session: Session) -> str:
        work = a_working_commune(session, counters=2)
        dora = a_person(session, work.commune, name="Dora", email="dora@nord.example", role=Role.ADMINISTRATOR)
        return open_session(session, person_id=dora.id, now=EARLY)

    return str(database.write(arrive))


@pytest.fixture
def agenda(tmp_path: Path) -> Path:
    path = tmp_path / "agenda.csv"
    path.write_bytes(as_file(old_agenda(), encoding="cp1252"))
    return path


def let_in(context: BrowserContext, served: Flask, site: str, token: str) -> None:
    signed = SecureCookieSessionInterface().get_signing_serializer(served)
    assert signed is not None
    name = served.config["SESSION_COOKIE_NAME"]
    context.add_cookies([{"name": name, "value": str(signed.dumps({"_user_id": token})), "url": site}])


def bring(page: Page, site: str, agenda: Path) -> None:
    page.goto(f"{site}/fr/mairie-nord/admin/import")
    page.get_by_label("Fichier").set_input_files(agenda)
    page.get_by_role("button", name="Continuer").click()


def test_the_old_agenda_is_brought_along_and_every_page_of_it_is_for_everybody(
    page: Page,
    context: BrowserContext,
    served: Flask,
    site: str,
    token: str,
    agenda: Path,
    database: Database,
    look: Look,
) -> None:
    let_in(context, served, site, token)
    page.goto(f"{site}/fr/mairie-nord/admin/import")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("alert")).to_contain_text("Choisissez un fichier qui n’est pas vide.")
    look(page)
    bring(page, site, agenda)
    expect(page.get_by_text("Visiteur 000")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Voir l’effet").click()
    expect(page.get_by_text("193 rendez-vous peuvent être repris.")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Reprendre 193 rendez-vous").click()
    expect(page.get_by_text("193 rendez-vous sont repris.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Permis de pêche")).to_contain_text("78")
    look(page)
    assert database.count(Appointment) == 193


def test_without_scripts_it_goes_the_same_way(
    page_no_js: Page, served: Flask, site: str, token: str, agenda: Path, database: Database
) -> None:
    let_in(page_no_js.context, served, site, token)
    bring(page_no_js, site, agenda)
    page_no_js.get_by_role("button", name="Voir l’effet").click()
    page_no_js.get_by_role("button", name="Reprendre 193 rendez-vous").click()

    expect(page_no_js.get_by_text("193 rendez-vous sont repris.")).to_be_visible()
    assert database.count(Appointment) == 193
