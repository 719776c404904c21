"""Values that are one text in a file: what each is read as, and how it is written again."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from zoneinfo import available_timezones

from booking.core.configuration.kinds import Bare, Scalar
from booking.core.configuration.tree import FaultKind, Faults
from booking.core.text import clean, folded
from booking.core.typed import typed_cents, typed_day, typed_number, typed_time


@dataclass(frozen=True)
class Shaped(Scalar):
    """A text of a certain shape."""

    shape: str
    kind: FaultKind
    most: int = 254

    def parse(self, text: str, line: int, faults: Faults) -> str | None:
        said = clean(text)
        return said if len(said) <= self.most and re.fullmatch(self.shape, said) else None

    @property
    def fault(self) -> FaultKind:  # type: ignore[override]
        return self.kind


@dataclass(frozen=True)
class Word(Scalar):
    """A short name in addresses and in this file: letters, digits and hyphens."""

    most: int
    fault = FaultKind.WORD

    def parse(self, text: str, line: int, faults: Faults) -> str | None:
        return text if text and len(text) <= self.most and text == "-".join(folded(text).split()) else None

    def write(self, value: str) -> Bare:
        return Bare(value)


@dataclass(frozen=True)
class Among(Scalar):
    """One of the names that stand elsewhere in the file: a service, a counter, a group."""

    names: Collection[str]
    fault = FaultKind.UNKNOWN_NAME

    def parse(self, text: str, line: int, faults: Faults) -> str | None:
        if text not in self.names:
            faults.note(line, FaultKind.UNKNOWN_NAME, text)
        return text


@dataclass(frozen=True)
class Choice(Scalar):
    """One of the values of an enumeration."""

    of: type[StrEnum]
    fault = FaultKind.CHOICE

    def parse(self, text: str, line: int, faults: Faults) -> StrEnum | None:
        return self.of(text) if text in {*self.of} else None

    def expected(self) -> str:
        return ", ".join(self.of)

    def write(self, value: StrEnum) -> Bare:
        return Bare(value.value)


@dataclass(frozen=True)
class OneOf(Scalar):
    """One of a few words."""

    words: Sequence[str]
    fault = FaultKind.CHOICE

    def parse(self, text: str, line: int, faults: Faults) -> str | None:
        return text if text in self.words else None

    def expected(self) -> str:
        return ", ".join(self.words)

    def write(self, value: str) -> Bare:
        return Bare(value)


@dataclass(frozen=True)
class Number(Scalar):
    """A whole number between two bounds, on a step."""

    least: int
    most: int
    step: int = 1
    fault = FaultKind.NUMBER

    def parse(self, text: str, line: int, faults: Faults) -> int | None:
        number = -(typed_number(text[1:]) or 0) if text.startswith("-") else typed_number(text)
        fits = number is not None and self.least <= number <= self.most and number % self.step == 0
        return number if fits else None

    def expected(self) -> str:
        return f"{self.least}–{self.most}"


@dataclass(frozen=True)
class Flag(Scalar):
    fault = FaultKind.FLAG

    def parse(self, text: str, line: int, faults: Faults) -> bool | None:
        return {"true": True, "false": False}.get(text.lower())


@dataclass(frozen=True)
class Day(Scalar):
    """A day, written 2027-01-04."""

    fault = FaultKind.DAY

    def parse(self, text: str, line: int, faults: Faults) -> date | None:
        return typed_day(text) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None

    def write(self, value: date) -> Bare:
        return Bare(value.isoformat())


@dataclass(frozen=True)
class Wall(Scalar):
    """A time on the wall, written 08:30."""

    fault = FaultKind.TIME

    def parse(self, text: str, line: int, faults: Faults) -> time | None:
        return typed_time(text) if re.fullmatch("[0-9]{1,2}:[0-9]{2}", text) else None

    def write(self, value: time) -> str:
        return f"{value:%H:%M}"


@dataclass(frozen=True)
class DayOfYear(Scalar):
    """A day that comes back every year, written 07-01 for the first of July."""

    fault = FaultKind.DAY_OF_YEAR

    def parse(self, text: str, line: int, faults: Faults) -> tuple[int, int] | None:
        found = re.fullmatch("([0-9]{2})-([0-9]{2})", text)
        try:
            return (date(2024, int(found[1]), int(found[2])).month, int(found[2])) if found else None
        except ValueError:
            return None

    def write(self, value: tuple[int, int]) -> str:
        return f"{value[0]:02}-{value[1]:02}"


@dataclass(frozen=True)
class Euro(Scalar):
    """An amount in euro, as cents."""

    most: int = 99_999_999
    fault = FaultKind.AMOUNT

    def parse(self, text: str, line: int, faults: Faults) -> int | None:
        cents = typed_cents(text) if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{2})?", text) else None
        return cents if cents is not None and cents <= self.most else None

    def write(self, value: int) -> Bare:
        return Bare(f"{value // 100}.{value % 100:02}")


@dataclass(frozen=True)
class Zone(Scalar):
    fault = FaultKind.ZONE

    def parse(self, text: str, line: int, faults: Faults) -> str | None:
        return text if text in available_timezones() else None

    def write(self, value: str) -> Bare:
        return Bare(value)
