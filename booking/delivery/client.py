"""SMTP clients that come to an end: each answer has its time, and so has a letter as a whole."""

from __future__ import annotations

import io
import smtplib
import time
from typing import Any

from booking.core.letters import TO_BE_TAKEN, TO_HAND_OVER


class Client(smtplib.SMTP):
    """Waits ``timeout`` for the next piece of an answer, and for all answers up to a letter's end ``TO_HAND_OVER``.

    Only for the answer to a whole letter it waits longer, ``TO_BE_TAKEN``: the server may be reading it with care,
    and whoever leaves before it has answered sends the letter a second time.
    """

    def __init__(self, *where: Any, **options: Any) -> None:
        self.begin()
        super().__init__(*where, **options)

    def begin(self) -> None:
        """From now on counts the time of the next letter."""
        self.until, self.is_letter_sent = time.monotonic() + TO_HAND_OVER.total_seconds(), False

    def send(self, said: Any) -> None:
        """Commands are sent as text; bytes are a letter, up to the dot that ends it."""
        self.watch()
        super().send(said)
        if isinstance(said, bytes):
            self.until, self.is_letter_sent = time.monotonic() + TO_BE_TAKEN.total_seconds(), True

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            self.file = io.BufferedReader(Answers(self))
        reply: tuple[int, bytes] = super().getreply()
        if self.is_letter_sent:
            self.begin()
        return reply

    def watch(self) -> None:
        """Let the connection wait no longer than there is time. Raises ``TimeoutError`` when there is none left."""
        left = self.until - time.monotonic()
        if left <= 0:
            self.close()
            raise TimeoutError("timed out")
        if self.sock:
            self.sock.settimeout(left if self.is_letter_sent else min(left, self.timeout))


class SecureClient(Client, smtplib.SMTP_SSL):
    """The same over TLS from the first byte on."""


class Answers(io.RawIOBase):
    """What a server says, as far as it says it in time: one that dribbles has no more time than one that is silent."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.client.watch()
        return int(self.client.sock.recv_into(buffer))
