"""Refusals of what a person typed."""

from __future__ import annotations

from booking.core.errors.refusal import BookingError


class NameMissing(BookingError):
    """A name has at least one letter, of any script."""


class TextTooLong(BookingError):
    """Facts: ``limit`` in characters."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(limit=limit)


class LooksLikeNationalNumber(BookingError):
    """A national register number is neither asked nor stored."""


class ContactMissing(BookingError):
    """Neither an e-mail address nor a phone number."""
