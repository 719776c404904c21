"""Carrying text messages to the gateway of the settings."""

from __future__ import annotations

from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from booking.core.letters import VisitLetter
from booking.core.list_letters import ListLetter
from booking.delivery.carriers import Later, Refused
from booking.delivery.short import short_text
from booking.textgateway import TextGateway

TIMEOUT: Final = 15
"""Seconds to wait for the gateway."""

WRONG_MESSAGE: Final = frozenset({400, 406, 409, 410, 413, 414, 415, 416, 422})
"""Answers that are about this message. Others below 500 are about the installation, and wait for its repair."""


class Stay(HTTPRedirectHandler):
    """Follows no redirection: number, text and secret are for the gateway that was named."""

    def redirect_request(self, *_told: Any) -> None:
        return None


class TextSender:
    """Hands text messages to one gateway."""

    def __init__(self, gateway: TextGateway) -> None:
        self.gateway = gateway
        self.opener = build_opener(Stay, ProxyHandler({}))

    def send(self, letter: VisitLetter | ListLetter, *, number: int) -> None:
        """Send the short text of a letter, whose message has this ``number``. Raises ``Refused`` or ``Later``."""
        url, body, headers = self.gateway.request(to=letter.phone, text=short_text(letter), number=number)
        # The address is the administrator's, checked to be one of the web when the settings were read.
        request = Request(url, data=body, headers=headers)  # noqa: S310
        try:
            with self.opener.open(request, timeout=TIMEOUT):
                return
        except HTTPError as fault:
            fault.close()
            told = f"gateway answered {fault.code}"
            raise (Refused(None, told) if fault.code in WRONG_MESSAGE else Later(told)) from None
        except (OSError, HTTPException) as fault:
            # Its words may hold the address, and with it the number.
            raise Later(f"gateway away: {type(fault).__name__}") from None
