"""What is wrong with a checklist as an administrator wrote it, all of it at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from booking.core.checklist import Checklist, Longer, Outcome, Paper, Urgency, Way, When

MOST_QUESTIONS = 4
MOST_ANSWERS = 8
MOST_MINUTES = 120


class ProblemKind(StrEnum):
    """What can be wrong with a checklist as it was written."""

    TOO_MANY_QUESTIONS = "too_many_questions"
    TOO_FEW_ANSWERS = "too_few_answers"
    TOO_MANY_ANSWERS = "too_many_answers"
    SAME_CODE = "same_code"
    UNKNOWN_QUESTION = "unknown_question"
    UNKNOWN_ANSWER = "unknown_answer"
    ASKED_TOO_LATE = "asked_too_late"
    FRENCH_MISSING = "french_missing"
    DUTCH_MISSING = "dutch_missing"
    ALWAYS_ELSEWHERE = "always_elsewhere"
    URGENT_WITHOUT_ANSWER = "urgent_without_answer"
    MINUTES = "minutes"
    UNKNOWN_SERVICE = "unknown_service"
    LINK_MISSING = "link_missing"


@dataclass(frozen=True)
class Problem:
    """What is wrong, in which list of the checklist, and at which place of it, from 0."""

    kind: ProblemKind
    field: str
    place: int


MISSING = {"fr": ProblemKind.FRENCH_MISSING, "nl": ProblemKind.DUTCH_MISSING}


def problems(checklist: Checklist, services: frozenset[str]) -> tuple[Problem, ...]:
    """Everything that keeps a checklist from being used; ``services`` are the codes an outcome may lead to."""
    found = [*problems_of_questions(checklist), *problems_of_rules(checklist, services)]
    found += [
        Problem(MISSING[language], name, place)
        for name, place, text in checklist.texts()
        for language in text.missing()
    ]
    return tuple(dict.fromkeys(found))


def problems_of_questions(checklist: Checklist) -> Iterator[Problem]:
    if len(checklist.questions) > MOST_QUESTIONS:
        yield Problem(ProblemKind.TOO_MANY_QUESTIONS, "questions", MOST_QUESTIONS)
    before: dict[str, set[str]] = {}
    for place, question in enumerate(checklist.questions):
        codes = [answer.code for answer in question.answers]
        if len(codes) < 2:
            yield Problem(ProblemKind.TOO_FEW_ANSWERS, "questions", place)
        if len(codes) > MOST_ANSWERS:
            yield Problem(ProblemKind.TOO_MANY_ANSWERS, "questions", place)
        if question.code in before or len(set(codes)) < len(codes):
            yield Problem(ProblemKind.SAME_CODE, "questions", place)
        later = {one.code for one in checklist.questions[place:]}
        if any(condition.question in later for condition in question.when):
            yield Problem(ProblemKind.ASKED_TOO_LATE, "questions", place)
        else:
            yield from problems_of_conditions(question.when, before, "questions", place)
        before[question.code] = set(codes)


def problems_of_rules(checklist: Checklist, services: frozenset[str]) -> Iterator[Problem]:
    known = {question.code: {answer.code for answer in question.answers} for question in checklist.questions}
    codes: set[str] = set()
    for name, place, rule in checklist.rules():
        yield from problems_of_conditions(rule.when, known, name, place)
        match rule:
            case Paper():
                if rule.code in codes:
                    yield Problem(ProblemKind.SAME_CODE, name, place)
                codes.add(rule.code)
            case Longer():
                if rule.minutes % 5 or not 0 < rule.minutes <= MOST_MINUTES:
                    yield Problem(ProblemKind.MINUTES, name, place)
            case Urgency():
                if not rule.when:
                    yield Problem(ProblemKind.URGENT_WITHOUT_ANSWER, name, place)
            case Outcome():
                yield from problems_of_outcome(rule, services, name, place)


def problems_of_outcome(outcome: Outcome, services: frozenset[str], name: str, place: int) -> Iterator[Problem]:
    if not outcome.when:
        yield Problem(ProblemKind.ALWAYS_ELSEWHERE, name, place)
    if outcome.way == Way.OTHER_SERVICE and outcome.service not in services:
        yield Problem(ProblemKind.UNKNOWN_SERVICE, name, place)
    if outcome.way == Way.ELSEWHERE and not outcome.link:
        yield Problem(ProblemKind.LINK_MISSING, name, place)
    for language in outcome.link.missing() if outcome.link else ():
        yield Problem(MISSING[language], name, place)


def problems_of_conditions(when: When, known: Mapping[str, set[str]], name: str, place: int) -> Iterator[Problem]:
    for condition in when:
        if condition.question not in known:
            yield Problem(ProblemKind.UNKNOWN_QUESTION, name, place)
        elif not condition.answers or not set(condition.answers) <= known[condition.question]:
            yield Problem(ProblemKind.UNKNOWN_ANSWER, name, place)
