"""Questions, and what the answers lead to: papers, who must come, minutes, the urgent procedure, or another way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from booking.core.translated import Translated

NOTHING = Translated({})
Answers = Mapping[str, str]
"""The code of a question → the code of the answer that was given."""


class Procedure(StrEnum):
    """How quickly what was asked for is made; each has its own fee."""

    NORMAL = "normal"
    URGENT = "urgent"


class UrgentMode(StrEnum):
    """How one comes for the urgent procedure of a service."""

    APPOINTMENT = "appointment"
    WALK_IN = "walk_in"


class PhotoRule(StrEnum):
    """Where the photo comes from: an office takes it at the counter, or it has to be brought."""

    AT_COUNTER = "at_counter"
    BRING = "bring"


class Attendee(StrEnum):
    """Who has to come, as a picture beside the words."""

    PERSON = "person"
    CHILD = "child"
    PARENT = "parent"
    BOTH = "both"
    EVERYBODY = "everybody"


class Way(StrEnum):
    """What stands instead of an appointment."""

    WALK_IN = "walk_in"
    OTHER_COMMUNE = "other_commune"
    OTHER_SERVICE = "other_service"
    PHONE = "phone"
    NOT_POSSIBLE = "not_possible"
    ELSEWHERE = "elsewhere"

    @property
    def is_visit(self) -> bool:
        """Whether one comes here all the same, and needs the list."""
        return self == Way.WALK_IN


@dataclass(frozen=True)
class Condition:
    """That a question was answered by one of these."""

    question: str
    answers: tuple[str, ...]


When = tuple[Condition, ...]
"""Every one of these conditions; none means always."""


@dataclass(frozen=True)
class Answer:
    code: str
    text: Translated


@dataclass(frozen=True)
class Question:
    """Asked always, or only after certain answers to earlier questions."""

    code: str
    text: Translated
    answers: tuple[Answer, ...]
    when: When = ()


@dataclass(frozen=True)
class Paper:
    """Something to bring. With ``taken_here`` it is a photo: an office that takes it itself says that instead."""

    code: str
    text: Translated
    when: When = ()
    taken_here: Translated = NOTHING


@dataclass(frozen=True)
class Attendance:
    """Who must come, in words, with the picture beside them."""

    who: Attendee
    text: Translated
    when: When = ()


@dataclass(frozen=True)
class Caution:
    """Something to know before anything else."""

    text: Translated
    when: When = ()


@dataclass(frozen=True)
class Urgency:
    """Answers that ask for the urgent procedure."""

    when: When = ()


@dataclass(frozen=True)
class Longer:
    """Answers with which the visit takes some minutes more, a multiple of five."""

    minutes: int
    when: When = ()


@dataclass(frozen=True)
class Outcome:
    """Another way than an appointment; ``service`` is the code of the other service, ``link`` an address per language.

    Of several that apply the first one counts.
    """

    way: Way
    text: Translated
    when: When = ()
    service: str = ""
    link: Translated = NOTHING


@dataclass(frozen=True, kw_only=True)
class Checklist:
    """What a service asks and what it wants brought; without questions it is a plain list."""

    questions: tuple[Question, ...] = ()
    papers: tuple[Paper, ...] = ()
    attendance: tuple[Attendance, ...] = ()
    warnings: tuple[Caution, ...] = ()
    urgent: tuple[Urgency, ...] = ()
    longer: tuple[Longer, ...] = ()
    outcomes: tuple[Outcome, ...] = ()

    def rules(self) -> Iterator[tuple[str, int, Rule]]:
        """Whatever depends on answers but the questions: the list it stands in, its place there, the rule."""
        for name in RULES:
            yield from ((name, place, rule) for place, rule in enumerate(getattr(self, name)))

    def texts(self) -> Iterator[tuple[str, int, Translated]]:
        """Every text that is always needed, with the list it stands in and its place there."""
        for place, question in enumerate(self.questions):
            yield "questions", place, question.text
            yield from (("questions", place, answer.text) for answer in question.answers)
        for name, place, rule in self.rules():
            if not isinstance(rule, Urgency | Longer):
                yield name, place, rule.text
            if isinstance(rule, Paper) and rule.taken_here:
                yield name, place, rule.taken_here


Rule = Paper | Attendance | Caution | Urgency | Longer | Outcome
RULES = ("papers", "attendance", "warnings", "urgent", "longer", "outcomes")

EMPTY = Checklist()


@dataclass(frozen=True)
class ToBring:
    """A paper of somebody's list. ``photo_rule`` says for which offices a photo is told so; ``None``: for all."""

    code: str
    text: Translated
    photo_rule: PhotoRule | None = None

    @property
    def can_be_ticked(self) -> bool:
        """What the office takes itself is nothing to think of."""
        return self.photo_rule != PhotoRule.AT_COUNTER


@dataclass(frozen=True)
class Attending:
    who: Attendee
    text: Translated


@dataclass(frozen=True)
class Told:
    """What a visit keeps of a checklist: the version (0: none there was), what was answered, and the procedure."""

    version: int = 0
    answers: tuple[tuple[str, str], ...] = ()
    procedure: Procedure = Procedure.NORMAL


@dataclass(frozen=True)
class Resolution:
    """What some answers lead to. ``unanswered`` are the questions that are still to be asked."""

    to_bring: tuple[ToBring, ...]
    attending: tuple[Attending, ...]
    warnings: tuple[Translated, ...]
    procedure: Procedure
    added_minutes: int
    outcome: Outcome | None
    unanswered: tuple[Question, ...]


def holds(when: When, answers: Answers) -> bool:
    return all(answers.get(condition.question) in condition.answers for condition in when)


def asked(checklist: Checklist, answers: Answers, *, to_the_end: bool = False) -> tuple[Question, ...]:
    """The questions to be put to whoever gave these answers: up to one that leads elsewhere, or ``to_the_end``."""
    questions: list[Question] = []
    given: dict[str, str] = {}
    for question in checklist.questions:
        if not holds(question.when, given):
            continue
        questions.append(question)
        answer = answers.get(question.code)
        if answer is None or answer not in {one.code for one in question.answers}:
            continue
        given[question.code] = answer
        outcome = outcome_of(checklist, given)
        if outcome is not None and not outcome.way.is_visit and not to_the_end:
            break
    return tuple(questions)


def given(checklist: Checklist, answers: Answers) -> dict[str, str]:
    """Of what was sent, the answers to questions that were really put."""
    return {
        question.code: answers[question.code]
        for question in asked(checklist, answers)
        if answers.get(question.code) in {one.code for one in question.answers}
    }


def outcome_of(checklist: Checklist, answers: Answers) -> Outcome | None:
    return next((outcome for outcome in checklist.outcomes if holds(outcome.when, answers)), None)


def resolve(checklist: Checklist, answers: Answers, photo_rule: PhotoRule | None = None) -> Resolution:
    """The list for these answers. Without an office's ``photo_rule`` a photo is told for both rules."""
    known = given(checklist, answers)
    return Resolution(
        to_bring=tuple(
            {
                line.text: line
                for paper in checklist.papers
                if holds(paper.when, known)
                for line in lines_of(paper, photo_rule)
            }.values()
        ),
        attending=tuple(
            dict.fromkeys(Attending(one.who, one.text) for one in checklist.attendance if holds(one.when, known))
        ),
        warnings=tuple(dict.fromkeys(one.text for one in checklist.warnings if holds(one.when, known))),
        procedure=Procedure.URGENT if any(holds(one.when, known) for one in checklist.urgent) else Procedure.NORMAL,
        added_minutes=sum(one.minutes for one in checklist.longer if holds(one.when, known)),
        outcome=outcome_of(checklist, known),
        unanswered=tuple(question for question in asked(checklist, known) if question.code not in known),
    )


def lines_of(paper: Paper, photo_rule: PhotoRule | None) -> Iterator[ToBring]:
    if not paper.taken_here:
        yield ToBring(paper.code, paper.text)
        return
    if photo_rule != PhotoRule.BRING:
        yield ToBring(paper.code, paper.taken_here, PhotoRule.AT_COUNTER)
    if photo_rule != PhotoRule.AT_COUNTER:
        yield ToBring(paper.code, paper.text, PhotoRule.BRING)


def in_words(checklist: Checklist, answers: Answers) -> tuple[tuple[Translated, Translated], ...]:
    """The questions that were answered, each with its answer."""
    known = given(checklist, answers)
    return tuple(
        (question.text, answer.text)
        for question in checklist.questions
        for answer in question.answers
        if known.get(question.code) == answer.code
    )
