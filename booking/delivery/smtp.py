"""Carrying messages over SMTP."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.message import EmailMessage
from types import TracebackType
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from booking.delivery.carriers import Later, Refused, nameless
from booking.delivery.client import Client, SecureClient

TIMEOUT: Final = 15
"""Seconds to wait for any one answer of the server, but for the one to a whole letter."""


@dataclass(frozen=True)
class Server:
    """Where to connect and as whom."""

    host: str
    port: int
    is_tls: bool
    wants_starttls: bool
    user: str
    password: str = field(repr=False)

    @classmethod
    def parse(cls, url: str) -> Server:
        """Read ``smtp://user:password@host:25?starttls=1`` or ``smtps://…``. Raises ``ValueError``."""
        try:
            parts = urlsplit(url)
            options = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
            known = options in ({}, {"starttls": ["0"]}, {"starttls": ["1"]}) and parts.path in {"", "/"}
            understood = known and parts.scheme in {"smtp", "smtps"} and parts.hostname and parts.port != 0
        except ValueError:
            understood = False
        if not understood:
            raise ValueError(
                "SMTP_URL looks like smtp://user:password@host:25?starttls=1 or smtps://user:password@host, "
                "signs of the password written as in addresses (%2F for /)."
            )
        is_tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if is_tls else 25),
            is_tls=is_tls,
            wants_starttls=options.get("starttls") == ["1"],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )

    def connect(self) -> Client:
        if self.is_tls:
            context = ssl.create_default_context()
            client: Client = SecureClient(self.host, self.port, timeout=TIMEOUT, context=context)
        else:
            client = Client(self.host, self.port, timeout=TIMEOUT)
        try:
            if self.wants_starttls:
                client.starttls(context=ssl.create_default_context())
            if self.user:
                client.login(self.user, self.password)
        except BaseException:
            client.close()
            raise
        return client


class Sender:
    """Sends messages to one server, over one connection while its ``with`` block lasts."""

    def __init__(self, url: str) -> None:
        self.server = Server.parse(url)
        self.client: Client | None = None

    def __enter__(self) -> Sender:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def send(self, message: EmailMessage) -> None:
        """Hand one message with one recipient to the server. Raises ``Refused`` or ``Later``."""
        sender, recipient = (message[header].addresses[0].addr_spec for header in ("From", "To"))
        client = self.connected()
        try:
            client.send_message(message, sender, [recipient])
        except smtplib.SMTPRecipientsRefused as fault:
            raise answered(*fault.recipients[recipient], recipient) from None
        except smtplib.SMTPDataError as fault:
            raise answered(fault.smtp_code, fault.smtp_error, recipient) from None
        except (smtplib.SMTPNotSupportedError, ValueError, MessageError) as fault:
            self.close()
            raise Refused(None, f"cannot be sent: {type(fault).__name__}") from None
        except (smtplib.SMTPException, OSError) as fault:
            self.close()
            raise Later(reason(fault, recipient)) from None

    def connected(self) -> Client:
        """A connection that still answers, its time for one letter ahead: servers hang up on one quiet for long."""
        if self.client is not None:
            self.client.begin()
            with suppress(smtplib.SMTPException, OSError):
                if self.client.noop()[0] == 250:
                    return self.client
            self.close()
        try:
            self.client = self.server.connect()
        except (smtplib.SMTPException, OSError) as fault:
            raise Later(reason(fault)) from None
        return self.client

    def close(self) -> None:
        client, self.client = self.client, None
        if client is not None:
            client.begin()
            with suppress(smtplib.SMTPException, OSError):
                client.quit()
            client.close()


def answered(code: int, text: bytes | str, recipient: str) -> Refused | Later:
    """5xx is final, anything else is not."""
    told = nameless(text.decode("utf-8", "replace") if isinstance(text, bytes) else text, recipient)
    return Refused(code, told) if 500 <= code < 600 else Later(f"{code} {told}")


def reason(fault: Exception, recipient: str = "") -> str:
    """Why not now. A refused sender or password is the installation's fault: the letter waits for its repair."""
    if isinstance(fault, smtplib.SMTPResponseException):
        text = fault.smtp_error
        said = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
        return f"{fault.smtp_code} {nameless(said, recipient)}"
    return f"{type(fault).__name__}: {nameless(str(fault), recipient)}"
