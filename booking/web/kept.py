"""Answers that many ask for at once: made by the first who asks, and good for all for a few seconds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass
class Box(Generic[T]):
    lock: Lock = field(default_factory=Lock)
    made: tuple[datetime, T] | None = None


class Kept(Generic[T]):
    """One answer per key. Whoever asks while it is being made waits for it instead of making it too."""

    def __init__(self, seconds: int) -> None:
        self.lasts = timedelta(seconds=seconds)
        self.boxes: defaultdict[Hashable, Box[T]] = defaultdict(Box)
        self.lock = Lock()

    def get(self, key: Hashable, now: datetime, make: Callable[[], T]) -> T:
        with self.lock:
            box = self.boxes[key]
        with box.lock:
            if box.made is None or not timedelta(0) <= now - box.made[0] < self.lasts:
                box.made = now, make()
            return box.made[1]
