"""A commune's data is written into one archive, and the commune then deleted by whoever types its name."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Appointment, Commune
from tests.databases import Database
from tests.factories import a_working_commune, an_appointment

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, database: Database) -> Run:
    """In front of two communes, each with a visit to come."""

    def begin(session: Session) -> None:
        for work in (a_working_commune(session), a_working_commune(session, slug="sud")):
            an_appointment(session, work.counter, work.service)

    database.write(begin)
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=words)


def test_all_that_is_kept_is_in_one_archive_that_nobody_else_can_read(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "nord.zip"

    assert f"Written: {file}" in run("export-data", "mairie-nord", str(file)).output

    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as found:
        assert json.loads(found.read("rows/appointment.jsonl"))["name"] == "Ana Peeters"
        assert b"Ana Peeters;identity-card;town-hall;1" in found.read("appointments-to-come.csv")


def test_a_commune_goes_only_with_its_name_and_when_that_is_meant(run: Run, database: Database) -> None:
    assert "This is not the name of the commune." in run("remove-commune", "sud", "--name", "Mairie Sud").output
    refused = run("remove-commune", "sud", "--name", "Mairie Nord")
    assert "1 appointments are still to come" in refused.output
    assert database.count(Commune) == 2

    gone = run("remove-commune", "sud", "--name", "Mairie Nord", "--with-appointments")

    assert gone.exit_code == 0, gone.output
    assert database.count(Commune) == database.count(Appointment) == 1
    assert database.one(select(Commune.email)) == "population@mairie-nord.example"
