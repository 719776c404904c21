"""Every way through the questions of a checklist, for those who look at all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from booking.core.checklist import (
    Answer,
    Answers,
    Attending,
    Checklist,
    Outcome,
    Procedure,
    Question,
    ToBring,
    asked,
    resolve,
)
from booking.core.translated import Translated


def paths(checklist: Checklist) -> Iterator[dict[str, str]]:
    """Every way through the questions, from the first answer of each to the last."""
    yield from onward(checklist, {})


def onward(checklist: Checklist, answers: dict[str, str]) -> Iterator[dict[str, str]]:
    nearest = next_of(checklist, answers)
    if nearest is None:
        yield answers
        return
    for answer in nearest.answers:
        yield from onward(checklist, {**answers, nearest.code: answer.code})


def next_of(checklist: Checklist, answers: Answers) -> Question | None:
    return next((one for one in asked(checklist, answers) if one.code not in answers), None)


@dataclass(frozen=True)
class Minutes:
    """By how much the answers lengthen the visit, perhaps not at all."""

    added: int


Fact = Outcome | Translated | ToBring | Attending | Procedure | Minutes
"""One thing that answers lead to; a text by itself is something to know."""


@dataclass(frozen=True)
class Branch:
    """Answers that lead to the same: what they add to what was said before them."""

    answers: tuple[Answer, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Fork:
    """Branches after which the questions go on alike, with what all of them have in common."""

    branches: tuple[Branch, ...]
    facts: tuple[Fact, ...]
    after: Tree | None


@dataclass(frozen=True)
class Tree:
    """A question, and where its answers lead."""

    question: Question
    forks: tuple[Fork, ...]


@dataclass(frozen=True)
class Ways:
    """All ways through the questions, each thing said once, as early as it is certain.

    What is certain is so for whoever comes: with answers that lead elsewhere nobody does, and only that is said there.
    """

    facts: tuple[Fact, ...]
    tree: Tree | None
    goes_elsewhere: bool


def ways(checklist: Checklist, answers: Answers | None = None) -> Ways:
    """Where every answer leads, after those that were given."""
    answers = answers or {}
    question = next_of(checklist, answers)
    if question is None:
        return end(checklist, answers)
    led = {answer: ways(checklist, {**answers, question.code: answer.code}) for answer in question.answers}
    certain = common(led.values())
    alike: dict[Tree | None, dict[Answer, Ways]] = {}
    for answer, way in led.items():
        alike.setdefault(way.tree, {})[answer] = way
    forks = tuple(fork(those, certain, after) for after, those in alike.items())
    return Ways(certain, Tree(question, forks), all(way.goes_elsewhere for way in led.values()))


def end(checklist: Checklist, answers: Answers) -> Ways:
    found = resolve(checklist, answers)
    outcome = (found.outcome,) if found.outcome else ()
    if found.outcome and not found.outcome.way.is_visit:
        return Ways((*outcome, *found.warnings), None, goes_elsewhere=True)
    papers_and_people = (*found.to_bring, *found.attending)
    facts = (*outcome, *found.warnings, *papers_and_people, found.procedure, Minutes(found.added_minutes))
    return Ways(facts, None, goes_elsewhere=False)


def fork(those: dict[Answer, Ways], certain: tuple[Fact, ...], after: Tree | None) -> Fork:
    shared = without(common(those.values()), certain)
    same: dict[tuple[Fact, ...], list[Answer]] = {}
    for answer, way in those.items():
        same.setdefault(without(way.facts, (*certain, *shared)), []).append(answer)
    return Fork(tuple(Branch(tuple(answers), facts) for facts, answers in same.items()), shared, after)


def common(led: Iterable[Ways]) -> tuple[Fact, ...]:
    """What is certain for whoever comes; where nobody does, what all of them are told."""
    everybody = list(led)
    coming = [way for way in everybody if not way.goes_elsewhere] or everybody
    return tuple(fact for fact in coming[0].facts if all(fact in way.facts for way in coming))


def without(facts: tuple[Fact, ...], said: tuple[Fact, ...]) -> tuple[Fact, ...]:
    return tuple(fact for fact in facts if fact not in said)
