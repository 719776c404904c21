"""Development's carrier: messages are kept in a folder instead of leaving the house."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from types import TracebackType

from booking import mailbox


class Keeper:
    """Keeps each message once: the same ``Message-ID`` again replaces the first copy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Keeper:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        """Nothing is open between two messages."""

    def send(self, message: EmailMessage) -> None:
        mailbox.keep(self.folder, message.as_bytes(), str(message["Message-ID"]))
