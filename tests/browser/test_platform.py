"""Nora runs the platform in a browser: every page of it is for everybody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from booking.usecases.people import open_session
from tests.browser.test_importing import let_in
from tests.databases import Database
from tests.factories import a_person, a_second_factor, a_working_commune, an_appointment
from tests.moments import EARLY

Look = Callable[[Page], None]


@pytest.fixture
def token(database: Database) -> str:
    def arrive(session: Session) -> str:
        work = a_working_commune(session)
        an_appointment(session, work.counter, work.service)
        nora = a_person(session, name="Nora", email="nora@platform.example", platform_since=EARLY)
        a_second_factor(session, nora)
        return open_session(session, person_id=nora.id, now=EARLY)

    return str(database.write(arrive))


def test_communes_come_change_and_leave(
    page: Page, context: BrowserContext, served: Flask, site: str, token: str, look: Look, tmp_path: Path
) -> None:
    let_in(context, served, site, token)
    page.goto(f"{site}/platform/fr/")
    look(page)
    page.get_by_role("link", name="Ajouter une commune").click()
    page.get_by_role("button", name="Ajouter la commune").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page)
    page.goto(f"{site}/platform/fr/")
    page.get_by_role("link", name="Mairie Nord").click()
    look(page)
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Télécharger la configuration").click()
    file = tmp_path / "nord.yaml"
    downloading.value.save_as(file)
    text = file.read_text()

    file.write_text(text.replace("max_persons: 4", "max_persons: many"))
    page.get_by_role("link", name="Reprendre une configuration").click()
    page.set_input_files("[name=file]", file)
    page.get_by_role("button", name="Voir l’effet").click()
    expect(page.get_by_role("alert")).to_contain_text("Il faut un nombre entier ici")
    look(page)
    file.write_text(text.replace('end: "12:00"', 'end: "09:00"').replace("max_persons: 4", "max_persons: 2"))
    page.set_input_files("[name=file]", file)
    page.get_by_role("button", name="Voir l’effet").click()
    expect(page.get_by_text("1 rendez-vous perdrait son heure")).to_be_visible()
    look(page)

    page.goto(f"{site}/platform/fr/")
    page.get_by_role("link", name="Mairie Nord").click()
    page.get_by_role("link", name="Supprimer la commune").click()
    page.get_by_label("Nom de la commune").fill("Mairie Nord")
    page.get_by_role("button", name="Supprimer définitivement la commune").click()
    expect(page.get_by_role("alert")).to_contain_text("encore à venir")
    look(page)
    page.get_by_label("Les rendez-vous à venir sont supprimés aussi").check()
    page.get_by_role("button", name="Supprimer définitivement la commune").click()
    expect(page.get_by_role("status")).to_contain_text("La commune est supprimée")
    look(page)
