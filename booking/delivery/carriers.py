"""Whoever carries a letter away, and the two ways in which that can fail."""

from __future__ import annotations

import re
from email.errors import MessageError
from email.message import EmailMessage
from typing import Final, Protocol

from booking.core.letters import Letter
from booking.delivery.mail import compose
from booking.words.plain import on_one_line

LENGTH: Final = 200


class Refused(Exception):
    """This letter will never arrive: an unknown address, a message nobody can carry.

    ``code`` is the server's answer (5xx), ``None`` when the message could not even be written. The
    text names no person and fits in 200 characters.
    """

    def __init__(self, code: int | None, text: str) -> None:
        self.code = code
        self.text = text[:LENGTH]
        super().__init__(f"{code} {text}"[:LENGTH] if code else self.text)


class Later(Exception):
    """Not now: the server is away, busy or misconfigured. The reason names no person."""

    def __init__(self, reason: str) -> None:
        self.reason = reason[:LENGTH]
        super().__init__(self.reason)


class Carrier(Protocol):
    def send(self, message: EmailMessage) -> None:
        """Hand the message over. Raises ``Refused`` or ``Later``."""


def deliver(letter: Letter, carrier: Carrier) -> None:
    """Write the letter and hand it over. Raises ``Refused`` or ``Later``, and nothing else because of the letter."""
    try:
        message = compose(letter)
    except (ValueError, MessageError) as fault:
        raise Refused(None, f"cannot be written: {type(fault).__name__}") from None
    carrier.send(message)


def nameless(text: str, *addresses: str) -> str:
    """What a server said, without the addresses or the names in front of their ``@``."""
    told = re.sub(r"[^\s<>()\"']+@[^\s<>()\"']+", "…", on_one_line(text))
    for address in addresses:
        name = address.rpartition("@")[0]
        told = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "…", told, flags=re.IGNORECASE) if name else told
    return " ".join(told.split())
