"""The checklist of a service as it stands in a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from booking.core.checklist import (
    EMPTY,
    Answer,
    Attendance,
    Attendee,
    Caution,
    Checklist,
    Condition,
    Longer,
    Outcome,
    Paper,
    Question,
    Urgency,
    Way,
)
from booking.core.checklist_problems import MOST_MINUTES, Problem, problems
from booking.core.configuration.kinds import Key, Many, Record, Text, Texts
from booking.core.configuration.scalars import Choice, Number
from booking.core.configuration.tree import Branch, FaultKind, Faults, Row
from booking.core.translated import Translated

MOST_LINES = 60
NOTHING = Translated({})

CODE = Text(40)
SAID = Texts(600)
ALWAYS: tuple[Condition, ...] = ()


def record(make: Any, **keys: Any) -> Record:
    return Record({name: key if isinstance(key, Key) else Key(key) for name, key in keys.items()}, make, taken=vars)


WHEN = Key(Many(record(Condition, question=CODE, answers=Many(CODE, MOST_LINES)), MOST_LINES), ALWAYS)
LISTS: Mapping[str, Record] = {
    "questions": record(
        Question, code=CODE, text=SAID, answers=Many(record(Answer, code=CODE, text=SAID), MOST_LINES), when=WHEN
    ),
    "papers": record(Paper, code=CODE, text=SAID, when=WHEN, taken_here=Key(SAID, NOTHING)),
    "attendance": record(Attendance, who=Choice(Attendee), text=SAID, when=WHEN),
    "warnings": record(Caution, text=SAID, when=WHEN),
    "urgent": record(Urgency, when=WHEN),
    "longer": record(Longer, minutes=Number(5, MOST_MINUTES, 5), when=WHEN),
    "outcomes": record(
        Outcome, way=Choice(Way), text=SAID, when=WHEN, service=Key(Text(60), ""), link=Key(Texts(300), NOTHING)
    ),
}
CHECKLIST = Record({name: Key(Many(one, MOST_LINES), ()) for name, one in LISTS.items()}, Checklist, taken=vars)
EMPTY_LIST = Key(CHECKLIST, EMPTY)


def check_list(checklist: Checklist, node: Branch, services: frozenset[str], faults: Faults) -> None:
    """What does not hold together, each at its line; ``services`` are those an outcome may lead to."""
    for problem in problems(checklist, services):
        faults.note(line_of(problem, node), FaultKind.CHECKLIST, problem.kind.value)


def line_of(problem: Problem, node: Branch) -> int:
    listed = node.items.get(problem.field)
    if isinstance(listed, Row) and problem.place < len(listed.items):
        return listed.items[problem.place].line
    return node.lines.get(problem.field, node.line)
