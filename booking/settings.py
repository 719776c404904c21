"""Everything the environment can decide, read once into one frozen value."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

INSTANCE = Path(__file__).resolve().parent.parent / "instance"


class MissingSettings(RuntimeError):
    """Production lacks something it cannot start without; the message names every missing variable."""


@dataclass(frozen=True)
class Settings:
    """How this installation runs. Durations are in the unit their name says."""

    database_url: str = ""
    secret_key: str = field(default="", repr=False)
    base_url: str = "http://127.0.0.1:5000"
    smtp_url: str = field(default="", repr=False)
    trusted_proxies: int = 0
    production: bool = False
    instance: Path = INSTANCE
    hold_minutes: int = 10
    holds_per_client: int = 5
    appointments_per_contact: int = 4
    find_misses: int = 5
    find_pause_minutes: int = 15
    sign_in_misses: int = 10
    sign_in_pause_minutes: int = 5
    staff_idle_minutes: int = 30
    staff_session_hours: int = 12
    copies_per_message: int = 3
    demo_password: str = "sint-pieter 2027"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read the variables of the README's table. Raises ``MissingSettings`` in production."""
        production = environ.get("GUICHET_ENV") == "production"
        needed = ("SECRET_KEY", "BASE_URL", "SMTP_URL")
        missing = [name for name in needed if production and not environ.get(name)]
        if missing:
            raise MissingSettings(f"GUICHET_ENV=production needs {', '.join(missing)}: set them and start again.")
        instance = Path(environ.get("INSTANCE_DIR") or INSTANCE)
        return cls(
            database_url=environ.get("DATABASE_URL", ""),
            secret_key=environ.get("SECRET_KEY") or kept_secret(instance),
            base_url=(environ.get("BASE_URL") or f"http://127.0.0.1:{environ.get('PORT') or 5000}").rstrip("/"),
            smtp_url=environ.get("SMTP_URL", ""),
            trusted_proxies=int(environ.get("TRUSTED_PROXIES") or 0),
            production=production,
            instance=instance,
            hold_minutes=int(environ.get("HOLD_MINUTES") or cls.hold_minutes),
            holds_per_client=int(environ.get("HOLDS_PER_CLIENT") or cls.holds_per_client),
            appointments_per_contact=int(environ.get("APPOINTMENTS_PER_CONTACT") or cls.appointments_per_contact),
            staff_idle_minutes=int(environ.get("STAFF_IDLE_MINUTES") or cls.staff_idle_minutes),
            staff_session_hours=int(environ.get("STAFF_SESSION_HOURS") or cls.staff_session_hours),
        )

    @property
    def engine_url(self) -> str:
        """The address SQLAlchemy connects to: ``DATABASE_URL``, or SQLite in the instance folder."""
        url = self.database_url or f"sqlite:///{self.instance / 'guichet.sqlite3'}"
        for plain in ("postgres://", "postgresql://"):
            if url.startswith(plain):
                return "postgresql+psycopg://" + url.removeprefix(plain)
        return url

    @property
    def mailbox(self) -> Path:
        """Where development keeps the messages it does not send."""
        return self.instance / "mail"

    @property
    def hold(self) -> timedelta:
        return timedelta(minutes=self.hold_minutes)


def kept_secret(instance: Path) -> str:
    """Development's own key: made once, kept in the instance folder, readable by its owner alone."""
    path = instance / "secret_key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=instance)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
        # Web and worker may start together: the first key that stands whole is everybody's.
        with suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    return path.read_text().strip()
