"""Refusals of files that administrators bring along."""

from __future__ import annotations

from booking.core.errors.refusal import BookingError


class FileMissing(BookingError):
    """No file was chosen, or an empty one."""


class FileTooLarge(BookingError):
    """Facts: ``limit`` in megabytes."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(limit=limit)


class FileUnreadable(BookingError):
    """Not a table of text: another kind of file, or in no encoding that is known here."""


class TableTooLong(BookingError):
    """Facts: ``limit``."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(limit=limit)


class NoLines(BookingError):
    """A table with headings and nothing below them, or with less than that."""


class ColumnsMissing(BookingError):
    """Nobody said yet in which column the day, the time, the name or the service stand."""


class ImportGone(BookingError):
    """The file is no longer kept: its time is over, or somebody has discarded it."""


class ImportUnderWay(BookingError):
    """Its first lines are booked: from then on columns stay as they are."""


class ImportTouches(BookingError):
    """What a file says would take their time from appointments to come. Facts: ``number``."""

    def __init__(self, *, number: int) -> None:
        super().__init__(number=number)
