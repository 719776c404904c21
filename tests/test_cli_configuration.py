"""A commune's technician writes its configuration into a file, changes a line, and sees what that does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from booking.models import Commune, Service
from tests.databases import Database
from tests.factories import Working, a_working_commune, an_appointment

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    runner = app.test_cli_runner()
    return lambda *words, **options: runner.invoke(args=words, **options)


@pytest.fixture
def work(database: Database) -> Working:
    return database.write(a_working_commune)  # type: ignore[no-any-return]


@pytest.fixture
def file(tmp_path: Path, run: Run, work: Working) -> Path:
    said = run("export-commune", "gemeente-noord")
    assert said.exit_code == 0, said.output
    path = tmp_path / "nord.yaml"
    path.write_text(said.stdout)
    return path


def edit(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after))


def test_a_line_is_changed_seen_and_applied(run: Run, database: Database, file: Path) -> None:
    edit(file, "max_persons: 4", "max_persons: 2")

    dry = run("import-commune", str(file), "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert "changed service: Identity card (max_persons)" in dry.output
    assert database.one(select(Service.max_persons)) == 4

    assert "Applied." in run("import-commune", str(file)).output
    assert database.one(select(Service.max_persons)) == 2
    assert "as the file says already" in run("import-commune", str(file)).output


def test_every_fault_is_told_with_its_line(run: Run, database: Database, file: Path) -> None:
    edit(file, "max_persons: 4", "max_persons: many")
    edit(file, "mode: appointment\n    name", "mood: appointment\n    name")
    lines = file.read_text().splitlines()

    said = run("import-commune", str(file))

    assert said.exit_code == 1
    number = next(place for place, line in enumerate(lines, start=1) if "many" in line)
    assert f"{file}:{number}: A whole number belongs here: 1–20." in said.output
    assert "There is no key “mood” here." in said.output
    assert "Nothing was changed." in said.output


def test_what_is_no_file_of_ours_is_told_in_a_line(run: Run, work: Working, tmp_path: Path) -> None:
    path = tmp_path / "bomb.yaml"
    path.write_text("a: &a [x]\nb: *a\n")

    said = run("import-commune", str(path))

    assert said.exit_code == 1
    assert f"{path}:1: Anchors and references are not read" in said.output


def test_appointments_that_would_be_stranded_are_named(run: Run, database: Database, work: Working, file: Path) -> None:
    visit = database.write(lambda session: an_appointment(session, work.counter, work.service))
    edit(file, 'end: "12:00"', 'end: "09:00"')

    said = run("import-commune", str(file))

    assert said.exit_code == 1
    assert f"touched {visit.reference}: 2027-01-04 09:00, counter 1" in said.output
    assert run("export-commune", "mairie-nord").stdout != file.read_text()


def test_a_new_commune_comes_from_a_file(run: Run, database: Database, file: Path) -> None:
    edit(file, "mairie-nord", "mairie-sud")
    edit(file, "gemeente-noord", "gemeente-zuid")

    assert "new     commune: Mairie Nord" in run("import-commune", str(file)).output
    assert database.count(Commune) == 2
    taken = edit_and_run(run, file)
    assert "Another commune already has this word in its addresses." in taken.output


def edit_and_run(run: Run, file: Path) -> Result:
    edit(file, "fr: mairie-sud", "fr: mairie-est")
    return run("import-commune", str(file))
