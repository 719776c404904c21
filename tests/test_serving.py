"""The processes of production start, answer and stop politely."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

from tests.databases import Database
from tests.moments import EARLY
from tests.serving import gunicorn, worker_process


def surroundings(database: Database, instance: Path) -> dict[str, str]:
    return {"DATABASE_URL": database.url, "INSTANCE_DIR": str(instance)}


def test_gunicorn_serves_with_every_process_and_stops_when_asked(
    database: Database, instance: Path, tmp_path: Path
) -> None:
    with gunicorn(surroundings(database, instance), workers=2, log=tmp_path / "log", moment=EARLY) as web:
        with urllib.request.urlopen(f"{web.address}/ready") as answer:
            assert json.load(answer) == {"ready": True, "oldest_message_seconds": 0}
        assert len(web.children()) == 2

    assert web.popen.returncode == 0, web.output()


def test_the_worker_stops_when_asked(database: Database, instance: Path, tmp_path: Path) -> None:
    with worker_process(surroundings(database, instance), log=tmp_path / "log") as worker:
        worker.wait_for("tidied")

    assert worker.popen.returncode == 0, worker.output()
