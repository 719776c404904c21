"""From the rows of the form to a checklist, and from what is wrong with it to the rows again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from booking.core.checklist import (
    Answer,
    Attendance,
    Attendee,
    Caution,
    Checklist,
    Longer,
    Outcome,
    Paper,
    Question,
    Urgency,
    Way,
)
from booking.core.checklist_problems import MOST_ANSWERS, MOST_MINUTES, MOST_QUESTIONS, Problem, ProblemKind, problems
from booking.core.typed import typed_number
from booking.web.admin.checklist_form import ChecklistForm, when_of
from booking.web.admin.fields import ask_for, said, said_in

SENTENCES = {
    ProblemKind.TOO_MANY_QUESTIONS: _l("At most %(most)s questions: fewer is better.", most=MOST_QUESTIONS),
    ProblemKind.TOO_FEW_ANSWERS: _l("A question has at least two answers."),
    ProblemKind.TOO_MANY_ANSWERS: _l("A question has at most %(most)s answers.", most=MOST_ANSWERS),
    ProblemKind.SAME_CODE: _l("Something stands here twice."),
    ProblemKind.UNKNOWN_QUESTION: _l("This depends on a question that is no longer there. Tick its answers anew."),
    ProblemKind.UNKNOWN_ANSWER: _l("This depends on an answer that is no longer there. Tick its answers anew."),
    ProblemKind.ASKED_TOO_LATE: _l("A question can depend only on those that stand before it."),
    ProblemKind.ALWAYS_ELSEWHERE: _l("Say for which answers it goes another way: nobody could make an appointment."),
    ProblemKind.URGENT_WITHOUT_ANSWER: _l("Say for which answers the procedure is urgent."),
    ProblemKind.MINUTES: _l("Write a multiple of five, at most %(most)s.", most=MOST_MINUTES),
    ProblemKind.UNKNOWN_SERVICE: _l("Choose the service this leads to."),
    ProblemKind.LINK_MISSING: _l("Write the address of the other authority."),
}
AT_ITS_CONDITIONS = {
    ProblemKind.UNKNOWN_QUESTION,
    ProblemKind.UNKNOWN_ANSWER,
    ProblemKind.ASKED_TOO_LATE,
    ProblemKind.ALWAYS_ELSEWHERE,
    ProblemKind.URGENT_WITHOUT_ANSWER,
}
AT_A_FIELD = {
    ProblemKind.MINUTES: "minutes",
    ProblemKind.UNKNOWN_SERVICE: "service",
    ProblemKind.LINK_MISSING: "link_fr",
}


@dataclass(frozen=True)
class Written:
    """A checklist as it was typed. ``rows`` names the row of each of its entries, by list; ``texts`` every text."""

    content: Checklist
    rows: dict[str, list[str]]
    texts: tuple[str, ...]

    def row_of(self, problem: Problem) -> str:
        return self.rows[problem.field][min(problem.place, len(self.rows[problem.field]) - 1)]


def written(form: ChecklistForm) -> Written:
    """What the rows say, those that say something."""
    rows: dict[str, list[str]] = {}
    texts: list[str] = []

    def said_rows(row: str, field: str) -> list[str]:
        names = [name for name in form.names(row) if said_in(form, name)]
        rows[field] = names
        texts.extend(names)
        return names

    questions = [question_of(form, name, texts) for name in said_rows("question", "questions")]
    papers = sorted(said_rows("paper", "papers"), key=lambda name: place_of(form, name))
    rows["papers"] = papers
    texts.extend(f"{name}_here" for name in papers if said_in(form, f"{name}_here"))
    attendance = [
        Attendance(Attendee(form[f"{name}_who"].data), said_in(form, name), when_of(form[f"{name}_when"]))
        for name in said_rows("attendance", "attendance")
    ]
    warnings = [
        Caution(said_in(form, name), when_of(form[f"{name}_when"])) for name in said_rows("warning", "warnings")
    ]
    outcomes = [outcome_of(form, name) for name in said_rows("outcome", "outcomes")]
    texts.extend(f"{name}_link" for name in rows["outcomes"] if said_in(form, f"{name}_link"))
    rows["urgent"] = [name for name in form.names("urgent") if form[f"{name}_when"].data]
    rows["longer"] = [name for name in form.names("longer") if said(form[f"{name}_minutes"])]
    content = Checklist(
        questions=tuple(questions),
        papers=tuple(paper_of(form, name) for name in papers),
        attendance=tuple(attendance),
        warnings=tuple(warnings),
        urgent=tuple(Urgency(when_of(form[f"{name}_when"])) for name in rows["urgent"]),
        longer=tuple(
            Longer(typed_number(form[f"{name}_minutes"].data or "") or 0, when_of(form[f"{name}_when"]))
            for name in rows["longer"]
        ),
        outcomes=tuple(outcomes),
    )
    return Written(content, rows, tuple(texts))


def question_of(form: ChecklistForm, name: str, texts: list[str]) -> Question:
    number = int(name.rpartition("_")[2])
    names = [answer for answer in form.names_of_answers(number) if said_in(form, answer)]
    texts.extend(names)
    answers = tuple(Answer(code_of(form, answer, "a"), said_in(form, answer)) for answer in names)
    return Question(code_of(form, name, "q"), said_in(form, name), answers, when_of(form[f"{name}_when"]))


def paper_of(form: ChecklistForm, name: str) -> Paper:
    when = when_of(form[f"{name}_when"])
    return Paper(code_of(form, name, "p"), said_in(form, name), when, said_in(form, f"{name}_here"))


def outcome_of(form: ChecklistForm, name: str) -> Outcome:
    way = Way(form[f"{name}_way"].data)
    service = said(form[f"{name}_service"]) if way == Way.OTHER_SERVICE else ""
    link = said_in(form, f"{name}_link")
    return Outcome(way, said_in(form, name), when_of(form[f"{name}_when"]), service, link)


def code_of(form: ChecklistForm, name: str, letter: str) -> str:
    """The code that a row carries; of one that carries none, its number."""
    return said(form[f"{name}_code"]) or f"{letter}{int(name.rpartition('_')[2]) + 1}"


def place_of(form: ChecklistForm, name: str) -> tuple[int, int]:
    number = int(name.rpartition("_")[2])
    return typed_number(form[f"{name}_place"].data or "") or number + 1, number


def put_problems(form: ChecklistForm, typed: Written, services: frozenset[str]) -> bool:
    """Put a sentence at whatever does not hold together; false when there is nothing."""
    for name in typed.texts:
        ask_for(form, name, said_in(form, name).missing())
    for problem in problems(typed.content, services):
        if problem.kind in SENTENCES:
            field: Any = form[field_of(typed, problem)]
            field.errors = [*field.errors, str(SENTENCES[problem.kind])]
    return any(field.errors for field in form)


def field_of(typed: Written, problem: Problem) -> str:
    row = typed.row_of(problem)
    if problem.kind in AT_ITS_CONDITIONS:
        return f"{row}_when"
    return f"{row}_{AT_A_FIELD.get(problem.kind, 'fr')}"
