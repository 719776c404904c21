"""A file is read with the line of everything that is wrong with it, and nothing in it can blow up or run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from booking import yamlfile
from booking.core.configuration.kinds import Bare, Key, Many, Record, Text
from booking.core.configuration.scalars import Day, Flag, Number, Wall
from booking.core.configuration.tree import Branch, Fault, FaultKind, Faults, Leaf, Node, Row, Unreadable

BOMB = b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"


def plain(node: Node) -> object:
    if isinstance(node, Leaf):
        return node.text
    if isinstance(node, Row):
        return [plain(one) for one in node.items]
    return {key: plain(one) for key, one in node.items.items()}


@pytest.mark.parametrize(
    ("content", "line", "kind"),
    [
        (BOMB, 1, FaultKind.ALIAS),
        (b"a: 1\nb: *a", 2, FaultKind.ALIAS),
        (b"a: 1\nb: !!python/object/apply:os.system [x]", 2, FaultKind.TAG),
        (b"a: 1\na: 2", 2, FaultKind.KEY_TWICE),
        (b"a: [1", 1, FaultKind.NOT_YAML),
        (b"a:\n\t- 1", 2, FaultKind.NOT_YAML),
        (b"[" * 5_000, 1, FaultKind.TOO_DEEP),
        (b"a: " + b"x" * yamlfile.MOST_BYTES, 1, FaultKind.TOO_LARGE),
        (b"a: 1\n---\nb: 2", 2, FaultKind.SECOND_DOCUMENT),
        (b"? [a, b]\n: 1", 1, FaultKind.KEY_UNCLEAR),
        (b"a: 1\nb: \xff", 2, FaultKind.NOT_TEXT),
        (b"", 1, FaultKind.EMPTY),
        (b"# nothing but this", 1, FaultKind.EMPTY),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(content: bytes, line: int, kind: FaultKind) -> None:
    with pytest.raises(Unreadable) as refused:
        yamlfile.read(content)

    assert (refused.value.fault.line, refused.value.fault.kind) == (line, kind)


def test_a_file_of_too_many_values_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yamlfile, "MOST_NODES", 100)

    with pytest.raises(Unreadable) as refused:
        yamlfile.read(b"- a\n" * 200)

    assert refused.value.fault == Fault(100, FaultKind.TOO_DEEP)


def test_values_are_the_texts_that_were_typed_each_with_its_line() -> None:
    tree = yamlfile.read(b"a: no\nb:\n  - 08:30\n  - null\n")

    assert tree == Branch(1, {"a": Leaf(1, "no"), "b": Row(3, (Leaf(3, "08:30"), Leaf(4, None)))}, {"a": 1, "b": 2})


texts_ = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
facts = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 10**6)
    | texts_
    | st.lists(texts_, min_size=2, max_size=3).map("\n".join),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts_.filter(bool), inner, max_size=3),
    max_leaves=12,
)


def as_typed(value: object) -> object:
    if isinstance(value, dict):
        return {key: as_typed(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_typed(one) for one in value]
    if value is None or isinstance(value, str):
        return value
    return str(value).lower()


@given(st.dictionaries(texts_.filter(bool), facts, min_size=1, max_size=4))
def test_whatever_is_written_is_read_as_it_was_here_and_by_others(said: dict[str, object]) -> None:
    text = yamlfile.write(said, about="two lines\nabove it")

    assert plain(yamlfile.read(text.encode())) == as_typed(said)
    assert YAML(typ="safe", pure=True).load(text) == said


def test_texts_of_several_lines_stand_as_they_are() -> None:
    text = yamlfile.write({"a": {"fr": "Bonjour\u00a0!\n\nÀ bientôt"}, "b": [{"day": Bare("2027-01-04"), "number": 1}]})

    assert text == ("a:\n  fr: |-\n    Bonjour\u00a0!\n\n    À bientôt\nb:\n  - day: 2027-01-04\n    number: 1\n")


THING = Record(
    {
        "name": Key(Text(5)),
        "day": Key(Day(), None),
        "at": Key(Wall(), None),
        "open": Key(Flag(), False),
        "numbers": Key(Many(Number(0, 9), 3), ()),
    }
)


def faults_in(text: str) -> list[Fault]:
    faults = Faults()
    THING.read(yamlfile.read(text.encode()), faults)
    return list(faults.in_order())


def test_everything_that_is_wrong_is_named_at_once_line_by_line() -> None:
    wrong = "name: too long\nday: 31/12/2027\nat: 25:00\nopen: yes\nnumbers: [1, x, 12]\ncolour: red\n"

    assert faults_in(wrong) == [
        Fault(1, FaultKind.TOO_LONG, "5"),
        Fault(2, FaultKind.DAY),
        Fault(3, FaultKind.TIME),
        Fault(4, FaultKind.FLAG),
        Fault(5, FaultKind.NUMBER, "0–9"),
        Fault(6, FaultKind.UNKNOWN_KEY, "colour"),
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("day: 2027-01-04", Fault(1, FaultKind.KEY_MISSING, "name")),
        ("- name", Fault(1, FaultKind.NOT_KEYS, "name, day, at, open, numbers")),
        ("name: [a]", Fault(1, FaultKind.NOT_ONE)),
        ("name: a\nnumbers: 3", Fault(2, FaultKind.NOT_LIST)),
        ("name: a\nnumbers: [1, 2, 3, 4]", Fault(2, FaultKind.TOO_MANY, "3")),
    ],
)
def test_each_thing_is_where_it_belongs(text: str, fault: Fault) -> None:
    assert faults_in(text) == [fault]


def test_what_is_as_by_default_is_not_written() -> None:
    read = THING.read(yamlfile.read(b"name: Ana\nnumbers: []\nopen: false"), Faults())

    assert THING.write(read) == {"name": "Ana"}
