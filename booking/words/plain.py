"""What may travel in a header or a calendar file: one line of text, one plain address."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LOCAL_PART: Final = re.compile(r"[^\s<>,;:\"\\()\[\]@]+")
DOMAIN: Final = re.compile(r"[A-Za-z0-9.-]+")


def on_one_line(text: str) -> str:
    """The text without what could start a new line or hide: control characters and line separators.

    No-break spaces and every letter of every script stay.
    """
    blank = {"Cc", "Zl", "Zp"}
    kept = (" " if unicodedata.category(c) in blank else c for c in text if unicodedata.category(c) != "Cs")
    return "".join(kept).strip()


def wire_address(email: str) -> str:
    """The address as mail and calendars carry it, its domain in ASCII.

    Raises ``ValueError`` for something that is not one address.
    """
    local, _, domain = email.strip().rpartition("@")
    wire = domain.encode("idna").decode("ascii")
    if not (local.isprintable() and LOCAL_PART.fullmatch(local) and DOMAIN.fullmatch(wire)):
        raise ValueError("not one mail address")
    return f"{local}@{wire}"
