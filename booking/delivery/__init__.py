"""Outward letters: writing them from the facts of ``core.letters`` and carrying them. Knows no request."""

from __future__ import annotations

from pathlib import Path

from booking.delivery.kept import Keeper
from booking.delivery.smtp import Sender


def carrier(smtp_url: str, mailbox: Path) -> Sender | Keeper:
    """A real carrier when there is a server, else one that keeps the messages; use it in a ``with`` block."""
    return Sender(smtp_url) if smtp_url else Keeper(mailbox)
