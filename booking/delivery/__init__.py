"""Outward letters: writing them from the facts of ``core.letters`` and carrying them. Knows no request."""

from __future__ import annotations

from pathlib import Path

from booking.delivery.gateway import TextSender
from booking.delivery.kept import Keeper
from booking.delivery.smtp import Sender
from booking.textgateway import TextGateway


def carrier(smtp_url: str, mailbox: Path) -> Sender | Keeper:
    """A real carrier when there is a server, else one that keeps the messages; use it in a ``with`` block."""
    return Sender(smtp_url) if smtp_url else Keeper(mailbox)


def text_sender(gateway: TextGateway | None) -> TextSender | None:
    """Who carries text messages, or ``None`` when nobody does."""
    return TextSender(gateway) if gateway else None
