"""Everything the environment can decide, read once into one frozen value."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from booking.core.rebookings import LONGEST_ANSWER_DAYS, AnswerTerms
from booking.core.retention import MISSES
from booking.core.typed import typed_number
from booking.core.waiting import OfferTerms
from booking.mailserver import MailServer
from booking.textgateway import TextGateway

PRODUCTION, DEVELOPMENT = "production", "development"
INSTANCE = Path(__file__).resolve().parent.parent / "instance"

LONGEST_PAUSE = MISSES // timedelta(minutes=1)
"""Misses are forgotten by then, and a pause with them."""

LONGEST_CAUTION = 365
"""A mark about a person that lasted longer would be kept for no reason that is still known."""

MOST_SIGN_IN_MISSES, SHORTEST_SIGN_IN_PAUSE = 20, 5
"""Within these, one client alone has fewer misses in an hour than lock an account for everybody."""


class WrongSettings(RuntimeError):
    """The environment says something we cannot start with; the message names the variable."""


class MissingSettings(WrongSettings):
    """Production lacks something it cannot start without; the message names every missing variable."""


@dataclass(frozen=True)
class Settings:
    """How this installation runs. Durations are in the unit their name says."""

    database_url: str = ""
    secret_key: str = field(default="", repr=False)
    base_url: str = "http://127.0.0.1:5000"
    smtp_url: str = field(default="", repr=False)
    sms_url: str = field(default="", repr=False)
    sms_body: str = ""
    sms_secret: str = field(default="", repr=False)
    trusted_proxies: int = 0
    production: bool = False
    instance: Path = INSTANCE
    hold_minutes: int = 10
    holds_per_client: int = 5
    appointments_per_contact: int = 4
    appointments_per_helper: int = 12
    find_misses: int = 5
    find_pause_minutes: int = 15
    sign_in_misses: int = 10
    sign_in_pause_minutes: int = 5
    staff_idle_minutes: int = 30
    staff_session_hours: int = 12
    copies_per_message: int = 3
    caution_days: int = 90
    offer_minutes: int = 120
    offer_minutes_today: int = 30
    offers_a_day: int = 3
    answer_days: int = 3
    demo_password: str = "sint-pieter 2027"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read the variables of the README's table. Raises ``WrongSettings``, ``MissingSettings`` in production."""
        production = is_production(environ)
        needed = ("SECRET_KEY", "BASE_URL", "SMTP_URL")
        missing = [name for name in needed if production and not environ.get(name)]
        if missing:
            raise MissingSettings(f"GUICHET_ENV=production needs {', '.join(missing)}: set them and start again.")
        instance = Path(environ.get("INSTANCE_DIR") or INSTANCE)
        number = partial(whole_number, environ)
        port = number("PORT", 5000, least=1, most=65535)
        return cls(
            database_url=database_address(environ.get("DATABASE_URL", "")),
            base_url=base_address(environ.get("BASE_URL") or f"http://127.0.0.1:{port}"),
            smtp_url=mail_server(environ.get("SMTP_URL", "")),
            **text_gateway(environ),
            trusted_proxies=number("TRUSTED_PROXIES", cls.trusted_proxies, least=0),
            production=production,
            instance=instance,
            hold_minutes=number("HOLD_MINUTES", cls.hold_minutes, least=1),
            holds_per_client=number("HOLDS_PER_CLIENT", cls.holds_per_client, least=1),
            appointments_per_contact=number("APPOINTMENTS_PER_CONTACT", cls.appointments_per_contact, least=1),
            appointments_per_helper=number("APPOINTMENTS_PER_HELPER", cls.appointments_per_helper, least=1),
            find_misses=number("FIND_MISSES", cls.find_misses, least=1),
            find_pause_minutes=number("FIND_PAUSE_MINUTES", cls.find_pause_minutes, least=1, most=LONGEST_PAUSE),
            sign_in_misses=number("SIGN_IN_MISSES", cls.sign_in_misses, least=1, most=MOST_SIGN_IN_MISSES),
            sign_in_pause_minutes=number(
                "SIGN_IN_PAUSE_MINUTES", cls.sign_in_pause_minutes, least=SHORTEST_SIGN_IN_PAUSE, most=LONGEST_PAUSE
            ),
            copies_per_message=number("COPIES_PER_MESSAGE", cls.copies_per_message, least=1),
            caution_days=number("CAUTION_DAYS", cls.caution_days, least=1, most=LONGEST_CAUTION),
            offer_minutes=number("OFFER_MINUTES", cls.offer_minutes, least=1),
            offer_minutes_today=number("OFFER_MINUTES_TODAY", cls.offer_minutes_today, least=1),
            answer_days=number("ANSWER_DAYS", cls.answer_days, least=1, most=LONGEST_ANSWER_DAYS),
            offers_a_day=number("OFFERS_A_DAY", cls.offers_a_day, least=1),
            staff_idle_minutes=number("STAFF_IDLE_MINUTES", cls.staff_idle_minutes, least=1),
            staff_session_hours=number("STAFF_SESSION_HOURS", cls.staff_session_hours, least=1),
            secret_key=environ.get("SECRET_KEY") or kept_secret(instance),
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
    def keeps_messages(self) -> bool:
        """Whether messages stay in ``mailbox``, to be read in the browser, instead of leaving."""
        return not self.production and not self.smtp_url

    @property
    def text_gateway(self) -> TextGateway | None:
        """Where text messages go; ``None`` while there is no gateway, and people are rung instead."""
        return TextGateway.parse(self.sms_url, self.sms_body, self.sms_secret) if self.sms_url else None

    @property
    def mailbox(self) -> Path:
        """Where development keeps the messages it does not send."""
        return self.instance / "mail"

    @property
    def offers(self) -> OfferTerms:
        """How long somebody in the list for an earlier appointment may think, and how often they are asked a day."""
        answer, today = timedelta(minutes=self.offer_minutes), timedelta(minutes=self.offer_minutes_today)
        return OfferTerms(answer, today, self.offers_a_day, by_text=bool(self.sms_url))

    @property
    def answers(self) -> AnswerTerms:
        """How long people may think about another time that is proposed, unless an administrator says otherwise."""
        return AnswerTerms(timedelta(days=self.answer_days))

    @property
    def hold(self) -> timedelta:
        return timedelta(minutes=self.hold_minutes)


def is_production(environ: Mapping[str, str]) -> bool:
    """A slip in this word must not start a commune's system with the doors of development open."""
    named = environ.get("GUICHET_ENV") or DEVELOPMENT
    if named not in {PRODUCTION, DEVELOPMENT}:
        raise WrongSettings(f"GUICHET_ENV is {PRODUCTION}, or {DEVELOPMENT} (also when it is left out).")
    return named == PRODUCTION


def whole_number(environ: Mapping[str, str], name: str, default: int, *, least: int, most: int = 10_000) -> int:
    typed = environ.get(name)
    number = typed_number(typed) if typed else default
    if number is None or not least <= number <= most:
        raise WrongSettings(f"{name} is a whole number from {least} to {most}, in digits and nothing else.")
    return number


def database_address(typed: str) -> str:
    """One of the two engines; SQLite in a file, for in memory every process would have one of its own."""
    with suppress(ValueError):
        parts = urlsplit(typed)
        in_a_file = parts.scheme == "sqlite" and not parts.netloc and parts.path not in {"", "/", "/:memory:"}
        is_named = parts.port != 0 and parts.path not in {"", "/"}
        on_a_server = parts.scheme in {"postgres", "postgresql", "postgresql+psycopg"} and is_named
        if not typed or in_a_file or on_a_server:
            return typed
    raise WrongSettings("DATABASE_URL looks like postgresql://user:password@host/name or sqlite:///path.")


def base_address(typed: str) -> str:
    """The address in links, without a slash at its end."""
    with suppress(ValueError):
        parts = urlsplit(typed.rstrip("/"))
        plain = parts.path == parts.query == parts.fragment == "" and "@" not in parts.netloc
        if parts.scheme in {"http", "https"} and parts.hostname and plain and parts.port != 0:
            return parts.geturl()
    raise WrongSettings("BASE_URL looks like https://rendez-vous.commune.example, without a path behind it.")


def mail_server(typed: str) -> str:
    try:
        if typed:
            MailServer.parse(typed)
    except ValueError as fault:
        # Its words name the setting and a pattern; where it comes from may quote a password.
        raise WrongSettings(str(fault)) from None
    return typed


def text_gateway(environ: Mapping[str, str]) -> dict[str, str]:
    """The three variables of the gateway for text messages, none of which stands without the first."""
    url, body, secret = (environ.get(name, "") for name in ("SMS_URL", "SMS_BODY", "SMS_SECRET"))
    try:
        if url or body or secret:
            TextGateway.parse(url, body, secret)
    except ValueError as fault:
        raise WrongSettings(str(fault)) from None
    return {"sms_url": url, "sms_body": body, "sms_secret": secret}


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
