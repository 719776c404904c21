"""The kinds of values a file has: each is read from what was typed, with its faults, and written again."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from booking.core.configuration.tree import Branch, FaultKind, Faults, Leaf, Node, Row
from booking.core.text import looks_like_national_number, visible
from booking.core.translated import LANGUAGES, OFFICIAL, Translated


class Unread:
    """Stands for what could not be read: its fault is noted."""


UNREAD: Final = Unread()
NEEDED: Final = Unread()
"""The default of a key that has to be there."""


class Bare(str):
    """A text that stands without quotes in a file: a day, a time, an amount."""


class Kind(Protocol):
    def read(self, node: Node, faults: Faults) -> Any: ...

    def write(self, value: Any) -> Any: ...


class Scalar:
    """What one text says. ``parse`` gives the value, or ``None`` for what it cannot be."""

    fault = FaultKind.NOT_ONE

    def read(self, node: Node, faults: Faults) -> Any:
        if not isinstance(node, Leaf):
            faults.note(node.line, FaultKind.NOT_ONE)
            return UNREAD
        if node.text is None:
            return self.nothing(node, faults)
        found = self.parse(node.text, node.line, faults)
        if found is None:
            faults.note(node.line, self.fault, self.expected())
            return UNREAD
        return found

    def nothing(self, node: Leaf, faults: Faults) -> Any:
        faults.note(node.line, self.fault, self.expected())
        return UNREAD

    def parse(self, text: str, line: int, faults: Faults) -> Any:
        raise NotImplementedError

    def expected(self) -> object:
        return ""

    def write(self, value: Any) -> Any:
        return value


@dataclass(frozen=True)
class Optional:
    """A value, or nothing (``null``)."""

    kind: Kind

    def read(self, node: Node, faults: Faults) -> Any:
        return None if isinstance(node, Leaf) and node.text is None else self.kind.read(node, faults)

    def write(self, value: Any) -> Any:
        return None if value is None else self.kind.write(value)


@dataclass(frozen=True)
class Text(Scalar):
    """A text of at most so many signs; of a ``long`` one lines stay lines."""

    most: int
    long: bool = False

    def nothing(self, node: Leaf, faults: Faults) -> Any:
        return ""

    def parse(self, text: str, line: int, faults: Faults) -> str:
        lines = [visible(line) for line in text.splitlines()]
        said = ("\n" if self.long else " ").join(lines).strip()
        if len(said) > self.most:
            faults.note(line, FaultKind.TOO_LONG, self.most)
        if looks_like_national_number(said):
            faults.note(line, FaultKind.NATIONAL_NUMBER)
        return said


MISSING = {"fr": FaultKind.FRENCH_MISSING, "nl": FaultKind.DUTCH_MISSING}


@dataclass(frozen=True)
class Texts:
    """A text in up to four languages. ``both``: where it says anything at all, it does in French and in Dutch.

    ``shape`` is what each of them has to look like, with the fault it is otherwise.
    """

    most: int
    long: bool = False
    both: bool = True
    shape: tuple[str, FaultKind] | None = None

    def read(self, node: Node, faults: Faults) -> Any:
        if not isinstance(node, Branch):
            faults.note(node.line, FaultKind.NOT_KEYS, ", ".join(LANGUAGES))
            return UNREAD
        one, said = Text(self.most, self.long), {}
        for language, inner in node.items.items():
            if language not in LANGUAGES:
                faults.note(node.lines[language], FaultKind.UNKNOWN_KEY, language)
                continue
            found = one.read(inner, faults)
            if found is not UNREAD and found and self.shape and not re.fullmatch(self.shape[0], found):
                faults.note(inner.line, self.shape[1])
            said[language] = "" if found is UNREAD else found
        text = Translated(said)
        for language in text.missing(OFFICIAL) if self.both else ():
            faults.note(node.line, MISSING[language])
        return text

    def write(self, value: Translated) -> dict[str, str]:
        return dict(value)


@dataclass(frozen=True)
class Many:
    """A list, of at most so many. ``check`` looks at all of it, given the nodes it was read from."""

    kind: Kind
    most: int
    check: Callable[[Sequence[Any], Sequence[Node], Faults], None] | None = None
    make: Callable[[Sequence[Any]], Any] = tuple

    def read(self, node: Node, faults: Faults) -> Any:
        if isinstance(node, Leaf) and node.text is None:
            return self.make(())
        if not isinstance(node, Row):
            faults.note(node.line, FaultKind.NOT_LIST)
            return UNREAD
        if len(node.items) > self.most:
            faults.note(node.line, FaultKind.TOO_MANY, self.most)
            return UNREAD
        pairs = [(self.kind.read(item, faults), item) for item in node.items]
        read = [(value, item) for value, item in pairs if value is not UNREAD]
        if self.check:
            self.check([value for value, _ in read], [item for _, item in read], faults)
        return self.make([value for value, _ in read]) if len(read) == len(pairs) else UNREAD

    def write(self, value: Collection[Any]) -> list[Any]:
        return [self.kind.write(one) for one in value]


@dataclass(frozen=True)
class Key:
    """What belongs to a key; without a ``default`` the key has to be there."""

    kind: Kind
    default: Any = NEEDED


@dataclass(frozen=True)
class Record:
    """Keys, each with its kind. ``make`` builds what they say; ``check`` looks at it, given the node it was read from.

    Whatever is as by default is left out when it is written.
    """

    keys: Mapping[str, Key]
    make: Callable[..., Any] = dict
    check: Callable[[Any, Branch, Faults], None] | None = None
    taken: Callable[[Any], Mapping[str, Any]] = field(default=lambda value: value)

    def read(self, node: Node, faults: Faults) -> Any:
        if not isinstance(node, Branch):
            faults.note(node.line, FaultKind.NOT_KEYS, ", ".join(self.keys))
            return UNREAD
        for name in node.items.keys() - self.keys.keys():
            faults.note(node.lines[name], FaultKind.UNKNOWN_KEY, name)
        values = {name: self.value_of(name, key, node, faults) for name, key in self.keys.items()}
        if any(value is UNREAD for value in values.values()):
            return UNREAD
        made = self.make(**values)
        if self.check:
            self.check(made, node, faults)
        return made

    def value_of(self, name: str, key: Key, node: Branch, faults: Faults) -> Any:
        if name in node.items:
            return key.kind.read(node.items[name], faults)
        if key.default is NEEDED:
            faults.note(node.line, FaultKind.KEY_MISSING, name)
            return UNREAD
        return key.default

    def write(self, value: Any) -> dict[str, Any]:
        facts = self.taken(value)
        return {name: key.kind.write(facts[name]) for name, key in self.keys.items() if facts[name] != key.default}


def unlike(what: Callable[[Any], object]) -> Callable[[Sequence[Any], Sequence[Node], Faults], None]:
    """A check of a list: no two of it say the same where ``what`` looks."""

    def check(values: Sequence[Any], nodes: Sequence[Node], faults: Faults) -> None:
        met: set[object] = set()
        for value, node in zip(values, nodes, strict=True):
            name = what(value)
            if name in met:
                faults.note(node.line, FaultKind.SAME_NAME, name)
            met.add(name)

    return check
