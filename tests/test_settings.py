"""What the environment decides, and what production refuses to do without."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from booking.settings import MissingSettings, Settings, WrongSettings, kept_secret
from tests.shape import ROOT

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


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("GUICHET_ENV", "prod"),
        ("GUICHET_ENV", "Production"),
        ("DATABASE_URL", "guichet"),
        ("DATABASE_URL", "mysql://guichet@db.example/guichet"),
        ("DATABASE_URL", "postgresql://db.example:port/guichet"),
        ("DATABASE_URL", "postgresql://db.example"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("BASE_URL", "rendez-vous.mairie-nord.example"),
        ("BASE_URL", "ftp://mairie-nord.example"),
        ("BASE_URL", "https://"),
        ("SMS_URL", "sms.example"),
        ("SMS_URL", "ftp://sms.example/{to}/{text}"),
        ("SMS_URL", "https://sms.example:port/{to}/{text}"),
        ("SMS_URL", "https://sms.example/send?to={to}"),
        ("SMS_BODY", "to={to}&text={text}"),
        ("SMS_SECRET", "0123456789"),
        ("BASE_URL", "https://mairie-nord.example/guichet"),
        ("BASE_URL", "https://mairie-nord.example:https"),
        ("SMTP_URL", "mail.mairie-nord.example:25"),
        ("SMTP_URL", "smtp://guichet:pass/word@mail.example"),
        ("SMTP_URL", "smtp://mail.example?starttls=yes"),
        ("TRUSTED_PROXIES", "1    # nginx"),
        ("TRUSTED_PROXIES", "-1"),
        ("PORT", "http"),
        ("PORT", "65536"),
        ("HOLD_MINUTES", "0"),
        ("HOLD_MINUTES", "999999999"),
        ("STAFF_SESSION_HOURS", "999999999"),
        ("HOLDS_PER_CLIENT", "ten"),
        ("APPOINTMENTS_PER_CONTACT", "1.5"),
        ("STAFF_IDLE_MINUTES", "½"),
        ("STAFF_SESSION_HOURS", "12h"),
        ("FIND_MISSES", "0"),
        ("FIND_PAUSE_MINUTES", "1441"),
        ("SIGN_IN_MISSES", "21"),
        ("SIGN_IN_PAUSE_MINUTES", "4"),
        ("COPIES_PER_MESSAGE", "none"),
        ("OFFER_MINUTES", "0"),
        ("OFFER_MINUTES_TODAY", "half an hour"),
        ("OFFERS_A_DAY", "0"),
        ("ANSWER_DAYS", "15"),
    ],
)
def test_a_setting_that_cannot_be_is_named_at_the_start(tmp_path: Path, name: str, typed: str) -> None:
    with pytest.raises(WrongSettings, match=name):
        Settings.from_environment({**PRODUCTION, "INSTANCE_DIR": str(tmp_path), name: typed})


NUMBERS = {
    "trusted_proxies": "TRUSTED_PROXIES",
    "hold_minutes": "HOLD_MINUTES",
    "holds_per_client": "HOLDS_PER_CLIENT",
    "appointments_per_contact": "APPOINTMENTS_PER_CONTACT",
    "appointments_per_helper": "APPOINTMENTS_PER_HELPER",
    "copies_per_message": "COPIES_PER_MESSAGE",
    "caution_days": "CAUTION_DAYS",
    "offer_minutes": "OFFER_MINUTES",
    "offer_minutes_today": "OFFER_MINUTES_TODAY",
    "offers_a_day": "OFFERS_A_DAY",
    "answer_days": "ANSWER_DAYS",
    "find_misses": "FIND_MISSES",
    "find_pause_minutes": "FIND_PAUSE_MINUTES",
    "sign_in_misses": "SIGN_IN_MISSES",
    "sign_in_pause_minutes": "SIGN_IN_PAUSE_MINUTES",
    "staff_idle_minutes": "STAFF_IDLE_MINUTES",
    "staff_session_hours": "STAFF_SESSION_HOURS",
}


def test_every_limit_is_a_setting_that_an_installation_decides() -> None:
    assert {each.name for each in fields(Settings) if each.type == "int"} == NUMBERS.keys()

    chosen = Settings.from_environment({**PRODUCTION, **dict.fromkeys(NUMBERS.values(), "7")})
    assert {getattr(chosen, name) for name in NUMBERS} == {7}


@pytest.mark.parametrize(("name", "variable"), NUMBERS.items())
def test_every_limit_is_in_the_papers_with_what_it_is_when_nobody_decides(name: str, variable: str) -> None:
    assert f"| `{variable}` | `{getattr(Settings, name)}` |" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://guichet@/guichet?host=/var/run/postgresql",
        "postgres://guichet:secret@db.example:5433/guichet",
        "sqlite:////var/lib/guichet/guichet.sqlite3",
        "sqlite:///guichet.sqlite3",
    ],
)
def test_both_databases_are_named_as_the_papers_write_them(url: str) -> None:
    assert Settings.from_environment({**PRODUCTION, "DATABASE_URL": url}).database_url == url


UNREADABLE = {**PRODUCTION, "SMTP_URL": "smtp://guichet:hunter/2@mail.example"}


def test_a_mail_server_that_is_not_understood_is_named_without_its_password() -> None:
    with pytest.raises(WrongSettings) as fault:
        Settings.from_environment(UNREADABLE)

    assert "hunter" not in "".join(traceback.format_exception(fault.value))


def test_development_may_be_named(tmp_path: Path) -> None:
    settings = Settings.from_environment({"GUICHET_ENV": "development", "INSTANCE_DIR": str(tmp_path)})

    assert not settings.production


@pytest.mark.parametrize(
    ("environ", "kept"),
    [
        ({}, True),
        ({"SMTP_URL": "smtp://mail.example"}, False),
        (PRODUCTION, False),
    ],
)
def test_messages_are_kept_to_be_read_only_where_they_cannot_leave(
    tmp_path: Path, environ: dict[str, str], kept: bool
) -> None:
    assert Settings.from_environment({**environ, "INSTANCE_DIR": str(tmp_path)}).keeps_messages == kept


@pytest.mark.parametrize(
    ("choices", "status"),
    [({}, 200), ({"smtp_url": "smtp://127.0.0.1"}, 404), ({"production": True, "base_url": "http://localhost"}, 404)],
)
@pytest.mark.engines("sqlite")
def test_the_page_of_kept_messages_is_there_only_where_they_are_kept(
    make_app: Callable[..., Flask], choices: dict[str, Any], status: int
) -> None:
    assert make_app(**choices).test_client().get("/dev/mail").status_code == status


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
