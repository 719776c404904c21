"""What every refusal is, and the one that tells least."""

from __future__ import annotations


class BookingError(Exception):
    """A refusal a person is told about. ``facts`` are the blanks of its sentence; a class asks for those it has."""

    def __init__(self, **facts: object) -> None:
        super().__init__(type(self).__name__, facts)
        self.facts = facts


class Unknown(BookingError):
    """There is no such thing here, or it belongs to somebody else: the two are told alike."""
