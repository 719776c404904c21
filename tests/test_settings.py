"""What the environment decides, and what production refuses to do without."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from booking.settings import MissingSettings, Settings, kept_secret

PRODUCTION = {
    "GUICHET_ENV": "production",
    "DATABASE_URL": "postgresql://guichet@/guichet",
    "SECRET_KEY": "drawn once and kept",
    "BASE_URL": "https://rendez-vous.mairie-nord.example/",
    "SMTP_URL": "smtp://mail.mairie-nord.example:587",
}


@pytest.mark.parametrize("absent", ["SECRET_KEY", "BASE_URL", "SMTP_URL"])
def test_production_refuses_to_start_without_what_it_needs_and_names_it(absent: str) -> None:
    with pytest.raises(MissingSettings, match=rf"needs {absent}:"):
        Settings.from_environment({name: value for name, value in PRODUCTION.items() if name != absent})


def test_production_names_everything_that_is_missing_at_once() -> None:
    with pytest.raises(MissingSettings, match="SECRET_KEY, BASE_URL, SMTP_URL:"):
        Settings.from_environment({"GUICHET_ENV": "production"})


def test_production_starts_with_what_it_needs() -> None:
    settings = Settings.from_environment(PRODUCTION)

    assert settings.production
    assert settings.base_url == "https://rendez-vous.mairie-nord.example"
    assert settings.engine_url == "postgresql+psycopg://guichet@/guichet"


def test_secrets_are_not_shown_where_settings_are(tmp_path: Path) -> None:
    shown = repr(Settings.from_environment({**PRODUCTION, "INSTANCE_DIR": str(tmp_path)}))

    assert "drawn once" not in shown
    assert "smtp://" not in shown


def test_development_needs_nothing_and_keeps_its_key(tmp_path: Path) -> None:
    first, second = (Settings.from_environment({"INSTANCE_DIR": str(tmp_path)}) for _ in range(2))

    assert first.engine_url == f"sqlite:///{tmp_path / 'guichet.sqlite3'}"
    assert first.secret_key == second.secret_key != ""
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_web_and_worker_starting_together_find_one_key(tmp_path: Path) -> None:
    together = 8
    with ThreadPoolExecutor(together) as pool:
        for attempt in range(20):
            line = Barrier(together)

            def start(_: int, folder: Path = tmp_path / str(attempt), line: Barrier = line) -> str:
                line.wait()
                return kept_secret(folder)

            assert len(set(pool.map(start, range(together)))) == 1
            assert [path.name for path in (tmp_path / str(attempt)).iterdir()] == ["secret_key"]
