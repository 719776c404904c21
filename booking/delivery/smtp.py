"""Carrying messages over SMTP."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.errors import MessageError
from email.message import EmailMessage
from types import TracebackType
from typing import Final

from booking.delivery.carriers import Later, Refused, nameless
from booking.delivery.client import Client, SecureClient
from booking.mailserver import MailServer

TIMEOUT: Final = 15
"""Seconds to wait for any one answer of the server, but for the one to a whole letter."""


class Sender:
    """Sends messages to one server, over one connection while its ``with`` block lasts."""

    def __init__(self, url: str) -> None:
        self.server = MailServer.parse(url)
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
            self.client = connected_to(self.server)
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


def connected_to(server: MailServer) -> Client:
    if server.is_tls:
        context = ssl.create_default_context()
        client: Client = SecureClient(server.host, server.port, timeout=TIMEOUT, context=context)
    else:
        client = Client(server.host, server.port, timeout=TIMEOUT)
    try:
        if server.wants_starttls:
            client.starttls(context=ssl.create_default_context())
        if server.user:
            client.login(server.user, server.password)
    except BaseException:
        client.close()
        raise
    return client


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
