"""A file as it was written, before anybody asks what it means: texts, lists and keys, each with its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MOST_FAULTS = 200
"""Whoever has more to correct begins with these."""


@dataclass(frozen=True)
class Leaf:
    """One value as it was typed; ``None`` where nothing was."""

    line: int
    text: str | None


@dataclass(frozen=True)
class Row:
    """A list."""

    line: int
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Branch:
    """Keys with what belongs to each, and the line each key stands in."""

    line: int
    items: Mapping[str, Node]
    lines: Mapping[str, int]


Node = Leaf | Row | Branch


class FaultKind(StrEnum):
    """What can be wrong with a file; ``words/faults.py`` says it in a sentence, with ``what`` in its blank."""

    TOO_LARGE = "too_large"
    NOT_YAML = "not_yaml"
    NOT_TEXT = "not_text"
    ALIAS = "alias"
    TAG = "tag"
    TOO_DEEP = "too_deep"
    SECOND_DOCUMENT = "second_document"
    KEY_TWICE = "key_twice"
    KEY_UNCLEAR = "key_unclear"
    EMPTY = "empty"
    OTHER_VERSION = "other_version"
    UNKNOWN_KEY = "unknown_key"
    KEY_MISSING = "key_missing"
    NOT_KEYS = "not_keys"
    NOT_LIST = "not_list"
    NOT_ONE = "not_one"
    TOO_MANY = "too_many"
    TOO_LONG = "too_long"
    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"
    TIME = "time"
    DAY_OF_YEAR = "day_of_year"
    AMOUNT = "amount"
    CHOICE = "choice"
    WORD = "word"
    ADDRESS = "address"
    PHONE = "phone"
    POSTCODE = "postcode"
    ZONE = "zone"
    LINK = "link"
    COLOUR = "colour"
    CONTRAST = "contrast"
    NATIONAL_NUMBER = "national_number"
    FRENCH_MISSING = "french_missing"
    DUTCH_MISSING = "dutch_missing"
    UNKNOWN_NAME = "unknown_name"
    SAME_NAME = "same_name"
    HOURS = "hours"
    HALF_KEPT = "half_kept"
    WITHOUT_ANCHOR = "without_anchor"
    CLASH = "clash"
    CHECKLIST = "checklist"
    NOT_PUBLISHABLE = "not_publishable"


@dataclass(frozen=True)
class Fault:
    """Something wrong in a line; ``what`` fills the blank of its sentence."""

    line: int
    kind: FaultKind
    what: str = ""


@dataclass
class Faults:
    """All that is wrong with a file, as far as it was read."""

    found: list[Fault] = field(default_factory=list)

    def note(self, line: int, kind: FaultKind, what: object = "") -> None:
        fault = Fault(line, kind, str(what))
        if len(self.found) < MOST_FAULTS and fault not in self.found:
            self.found.append(fault)

    def in_order(self) -> tuple[Fault, ...]:
        return tuple(sorted(self.found, key=lambda fault: fault.line))


class Unreadable(Exception):
    """A file that cannot be read any further."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault
