"""Where text messages are handed over: an HTTP gateway, as the settings describe it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

HEADER = re.compile(r"([A-Za-z0-9-]+):\s*(\S[ -~]*)")


@dataclass(frozen=True)
class TextGateway:
    """One gateway. ``url`` and the strings of ``body`` hold the blanks ``{to}``, ``{text}`` and ``{id}``.

    ``body`` is what a JSON request says; without one everything stands in the address, which is then fetched.
    """

    url: str = field(repr=False)
    body: Any = None
    header: tuple[str, str] | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, url: str, body: str, secret: str) -> TextGateway:
        """Raises ``ValueError``; its words name the setting and quote nothing of it."""
        header = HEADER.fullmatch(secret)
        if secret and not header:
            raise ValueError("SMS_SECRET is a whole header, like Authorization: Bearer 0123456789.")
        try:
            written = json.loads(body) if body else None
        except ValueError:
            written = ""
        if body and not isinstance(written, dict):
            raise ValueError('SMS_BODY is a JSON object like {"to": "{to}", "text": "{text}"}.')
        if not is_address(url):
            raise ValueError("SMS_URL looks like https://sms.example/send?to={to}&text={text}.")
        if any(blank not in url + body for blank in ("{to}", "{text}")):
            raise ValueError("SMS_URL, or SMS_BODY, holds the blanks {to} and {text}.")
        return cls(url, written, (header[1], header[2]) if header else None)

    def request(self, *, to: str, text: str, number: int) -> tuple[str, bytes | None, dict[str, str]]:
        """Address, body (``None`` when it is to be fetched) and headers for one message; ``to`` is E.164.

        ``number`` is the message's own: a gateway that knows it sends a repeated one once.
        """
        blanks = {"to": to, "text": text, "id": f"guichet-{number}"}
        url = filled(self.url, {name: quote(value, safe="") for name, value in blanks.items()})
        headers = dict([self.header]) if self.header else {}
        if self.body is None:
            return url, None, headers
        return url, json.dumps(filled_in(self.body, blanks)).encode(), headers | {"Content-Type": "application/json"}


def is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def filled(pattern: str, blanks: Mapping[str, str]) -> str:
    """In one pass: what a message says is never taken for a blank."""
    return re.sub(r"\{(to|text|id)\}", lambda found: blanks[found[1]], pattern)


def filled_in(facts: Any, blanks: Mapping[str, str]) -> Any:
    if isinstance(facts, dict):
        return {name: filled_in(value, blanks) for name, value in facts.items()}
    if isinstance(facts, list):
        return [filled_in(one, blanks) for one in facts]
    return filled(facts, blanks) if isinstance(facts, str) else facts
