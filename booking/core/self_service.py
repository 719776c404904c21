"""What people may change about their own visit by themselves, and until when; else they call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from booking.core.appointments import has_begun
from booking.core.errors import BookingError, CallToCancel, CallToMove, TooLateToCancel, TooLateToMove, TooManyMoves


class WhyCancelled(StrEnum):
    """What people may choose when they cancel, or leave open. None of it says anything about their health."""

    UNSUITABLE = "unsuitable"
    NOT_NEEDED = "not-needed"
    DONE_OTHERWISE = "done-otherwise"
    PAPERS_MISSING = "papers-missing"


@dataclass(frozen=True)
class SelfService:
    """How late, how often, and whether at all, a visit may be moved or cancelled by the person it belongs to."""

    notice: timedelta
    may_move: bool
    may_cancel: bool
    max_moves: int

    @classmethod
    def of_all(cls, services: Iterable[SelfService]) -> SelfService:
        """Of a visit for several services, never none: what each of them allows."""
        every = list(services)
        return cls(
            notice=max(one.notice for one in every),
            may_move=all(one.may_move for one in every),
            may_cancel=all(one.may_cancel for one in every),
            max_moves=min(one.max_moves for one in every),
        )

    def is_too_late(self, start: datetime, now: datetime) -> bool:
        return has_begun(start, now) or now + self.notice > start

    def refusal_to_cancel(self, *, start: datetime, now: datetime) -> BookingError | None:
        """``CallToCancel`` where it is not done here at all, ``TooLateToCancel`` inside the notice."""
        if not self.may_cancel:
            return CallToCancel()
        return TooLateToCancel() if self.is_too_late(start, now) else None

    def refusal_to_move(self, *, start: datetime, moves: int, now: datetime) -> BookingError | None:
        """``CallToMove`` where it is not done here at all, ``TooLateToMove`` inside the notice, or ``TooManyMoves``."""
        if not self.may_move:
            return CallToMove()
        if self.is_too_late(start, now):
            return TooLateToMove()
        return TooManyMoves(limit=self.max_moves) if moves >= self.max_moves else None


def refusal_to_move_disturbed(*, start: datetime, now: datetime) -> BookingError | None:
    """Of a visit that the commune itself cannot promise any more: only what has begun is not moved."""
    return TooLateToMove() if has_begun(start, now) else None
