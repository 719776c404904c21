"""YAML, as far as a configuration needs it: keys, lists and texts with their lines; nothing that refers or runs.

What is read is a tree of texts: what each of them means is asked later, by the key it belongs to. So *no* is a word
and 08:30 a time, whatever YAML makes of them. The parser's events are taken one by one, and a file that is too large,
too deep or refers to itself is refused before anything is built from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)
from ruamel.yaml.events import MappingEndEvent as KeysEnd
from ruamel.yaml.events import SequenceEndEvent as ListEnd

from booking.core.configuration.kinds import Bare
from booking.core.configuration.tree import Branch, Fault, FaultKind, Leaf, Node, Row, Unreadable

MOST_BYTES = 1_000_000
MOST_DEEP = 12
MOST_NODES = 100_000

NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
OWN_TAGS = frozenset({None, "!"})

# Letters, digits and what stands between words: no sign that YAML reads otherwise, at the beginning or inside.
PLAIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ](?:[\wÀ-ÿ’ ().,/+-]*[\wÀ-ÿ’).])?")
NO_BREAK = frozenset({"\u00a0", "\u202f"})
READ_OTHERWISE = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})


def read(content: bytes) -> Node:
    """The tree of a file. Raises ``Unreadable``."""
    if len(content) > MOST_BYTES:
        raise Unreadable(Fault(1, FaultKind.TOO_LARGE, str(MOST_BYTES // 1_000_000)))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Unreadable(Fault(content[: fault.start].count(b"\n") + 1, FaultKind.NOT_TEXT)) from fault
    try:
        return Builder(YAML(typ="safe", pure=True).parse(text)).document()
    except MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        raise Unreadable(Fault(line, FaultKind.NOT_YAML, fault.problem or "")) from fault
    except YAMLError as fault:
        raise Unreadable(Fault(1, FaultKind.NOT_TEXT)) from fault
    except (ValueError, OverflowError, AssertionError) as fault:
        # The parser trusts the numbers of signs and of versions.
        raise Unreadable(Fault(1, FaultKind.NOT_YAML)) from fault


class Builder:
    """A tree from the events of one document."""

    def __init__(self, events: Iterator[Event]) -> None:
        self.events = (
            event for event in events if isinstance(event, NodeEvent | KeysEnd | ListEnd | DocumentStartEvent)
        )
        self.nodes = 0

    def document(self) -> Node:
        if next(self.events, None) is None:
            raise Unreadable(Fault(1, FaultKind.EMPTY))
        found = self.node(next(self.events), 1)
        after = next(self.events, None)
        if after is not None:
            raise Unreadable(Fault(line_of(after), FaultKind.SECOND_DOCUMENT))
        return found

    def node(self, event: Event, depth: int) -> Node:
        self.nodes += 1
        line = line_of(event)
        if depth > MOST_DEEP or self.nodes > MOST_NODES:
            raise Unreadable(Fault(line, FaultKind.TOO_DEEP))
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise Unreadable(Fault(line, FaultKind.ALIAS))
        if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag not in OWN_TAGS:
            raise Unreadable(Fault(line, FaultKind.TAG))
        if isinstance(event, ScalarEvent):
            event.value.encode()  # half a sign, written by its number, can be neither kept nor shown
            return Leaf(line, None if event.style is None and event.value in NOTHING else event.value)
        if isinstance(event, SequenceStartEvent):
            return Row(line, tuple(self.items(depth)))
        if isinstance(event, MappingStartEvent):
            return self.branch(line, depth)
        raise Unreadable(Fault(line, FaultKind.NOT_YAML))

    def items(self, depth: int) -> Iterator[Node]:
        for event in self.events:
            if isinstance(event, ListEnd):
                return
            yield self.node(event, depth + 1)

    def branch(self, line: int, depth: int) -> Branch:
        items: dict[str, Node] = {}
        lines: dict[str, int] = {}
        for event in self.events:
            if isinstance(event, KeysEnd):
                break
            key = self.node(event, depth + 1)
            if not isinstance(key, Leaf) or key.text is None:
                raise Unreadable(Fault(key.line, FaultKind.KEY_UNCLEAR))
            if key.text in items:
                raise Unreadable(Fault(key.line, FaultKind.KEY_TWICE, key.text))
            lines[key.text] = key.line
            items[key.text] = self.node(next(self.events), depth + 1)
        return Branch(line, items, lines)


def line_of(event: Event) -> int:
    return int(event.start_mark.line) + 1


def write(facts: Mapping[str, Any], *, about: str = "") -> str:
    """A file that ``read`` gives back as it was; ``about`` stands above it."""
    comment = "".join(f"# {line}\n" for line in about.splitlines())
    return comment + "\n".join(lines_of(facts, "")) + "\n"


def lines_of(value: Mapping[str, Any] | list[Any], indent: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from entry(f"{indent}{scalar(key)}:", inner, indent + "  ")
    else:
        for inner in value:
            yield from item(inner, indent)


def entry(start: str, value: Any, indent: str) -> Iterator[str]:
    """What belongs to a key: beside it, or below it."""
    if isinstance(value, Mapping | list) and value:
        yield start
        yield from lines_of(value, indent)
    elif is_block(value):
        yield f"{start} |-"
        yield from (f"{indent}{line}".rstrip() for line in value.split("\n"))
    else:
        yield f"{start} {scalar(value)}"


def item(value: Any, indent: str) -> Iterator[str]:
    """One of a list: the first line of what it is stands behind its dash."""
    if not (isinstance(value, Mapping | list) and value):
        yield from entry(f"{indent}-", value, indent + "  ")
        return
    first, *rest = lines_of(value, indent + "  ")
    yield f"{indent}- {first[len(indent) + 2 :]}"
    yield from rest


def is_block(value: Any) -> bool:
    """A text of several lines that stands as it is."""
    if not isinstance(value, str) or "\n" not in value:
        return False
    lines = value.split("\n")
    return bool(lines[0] and lines[-1]) and all(line == line.strip() and all(map(is_shown, line)) for line in lines)


def scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Bare | int):
        return str(value)
    if isinstance(value, Mapping | list):
        return "{}" if isinstance(value, Mapping) else "[]"
    is_plain = PLAIN.fullmatch(value) and value.lower() not in READ_OTHERWISE
    return str(value) if is_plain else quoted(value)


def quoted(text: str) -> str:
    """In double quotes, where JSON and YAML agree; what no editor shows is written by its number."""
    said = json.dumps(text, ensure_ascii=False)
    return "".join(sign if is_shown(sign) else f"\\U{ord(sign):08x}" for sign in said)


def is_shown(sign: str) -> bool:
    """Whether an editor shows it as it is: French has narrow and wide spaces at which no line breaks."""
    return sign.isprintable() or sign in NO_BREAK
