"""So many questions a minute from one place: for pages without a person that are asked for again and again."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from threading import Lock

from booking.core.errors import TooManyTries


class Pacing:
    """Counts what each client asks in the minute that runs, in the memory of the process: it costs no statement.

    Everybody in a hall may come from one address, so ``most`` is meant for all of their phones together.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.minute = 0
        self.asked: Counter[str] = Counter()
        self.lock = Lock()

    def count(self, client: str, now: datetime) -> None:
        """Raises ``TooManyTries`` when this client has asked too often."""
        minute = int(now.timestamp()) // 60
        with self.lock:
            if minute != self.minute:
                self.minute = minute
                self.asked.clear()
            self.asked[client] += 1
            if self.asked[client] > self.most:
                raise TooManyTries(minutes=1)
