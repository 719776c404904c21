"""The form of a checklist: questions with their answers, and rows for whatever the answers lead to.

A row that says nothing is no row; an empty one stands at the end of each list, and a button adds more. Codes travel in
hidden fields, so that an answer keeps its own when its words are written anew. What is seldom
changed (on which answers a row depends, English and German) travels so as well until it is opened: shown at once it
would be most of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, request
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, SelectField, SelectMultipleField, StringField

from booking.core.checklist import Attendee, Checklist, Condition, Paper, Way, When
from booking.core.seen import word_for
from booking.core.translated import Translated
from booking.web.admin.fields import SeenForm, rows_of, said_in, spread, texts
from booking.web.forms import choices

SPARE_ANSWERS = 1
FIRST_ANSWERS = 2
"""So many empty answers a new question has: fewer would be none."""
MOST_ROWS = 40
LONGEST = 300


@dataclass(frozen=True)
class Section:
    """A list of the checklist: how its rows are called, how many empty ones there are, and what a row is called."""

    row: str
    field: str
    spare: int
    legend: Any


SECTIONS = (
    Section("question", "questions", 1, _l("Question %(number)s")),
    Section("paper", "papers", 1, _l("Paper %(number)s")),
    Section("attendance", "attendance", 1, _l("Who comes, %(number)s")),
    Section("warning", "warnings", 1, _l("To know, %(number)s")),
    Section("urgent", "urgent", 1, _l("Urgent procedure, %(number)s")),
    Section("longer", "longer", 1, _l("Longer visit, %(number)s")),
    Section("outcome", "outcomes", 1, _l("Another way, %(number)s")),
)
SAYING = ("question", "paper", "attendance", "warning", "outcome")
"""The rows that have a text."""
MORE = {"paper": "here", "outcome": "link"}
"""The second text of a row."""

ATTENDEES = (
    (Attendee.PERSON, _l("One person")),
    (Attendee.CHILD, _l("A child")),
    (Attendee.PARENT, _l("A parent with a child")),
    (Attendee.BOTH, _l("Two people")),
    (Attendee.EVERYBODY, _l("Everybody")),
)
WAYS = (
    (Way.WALK_IN, _l("Come without an appointment")),
    (Way.OTHER_COMMUNE, _l("Another commune")),
    (Way.OTHER_SERVICE, _l("Another service")),
    (Way.PHONE, _l("By phone")),
    (Way.NOT_POSSIBLE, _l("Not possible: who can instead")),
    (Way.ELSEWHERE, _l("At another authority")),
)


class ChecklistForm(SeenForm):
    """``sized`` gives it its rows: ``rows`` counts them by section, ``answers`` those of each question."""

    rows: dict[str, int] = {}  # noqa: RUF012 - said once for a class, never changed
    answers: Sequence[int] = ()

    def names(self, row: str) -> Iterator[str]:
        return (f"{row}_{number}" for number in range(self.rows[row]))

    def names_of_answers(self, question: int) -> Iterator[str]:
        return (f"question_{question}_answer_{number}" for number in range(self.answers[question]))

    def names_of_texts(self, row: str) -> Iterator[str]:
        """Every text of a list, for those languages that stand together below it."""
        for number, name in enumerate(self.names(row)):
            yield name
            if row == "question":
                yield from self.names_of_answers(number)
            elif row in MORE:
                yield f"{name}_{MORE[row]}"

    def has_opened(self, key: str) -> bool:
        """Whether there is something of this name to open: a list's texts, a row's conditions, a photo's sentence."""
        return key in SAYING or f"{key}_when" in self or (key.endswith("_here") and f"{key}_fr" in self)

    def in_order(self) -> list[Field]:
        """The fields as they stand on the page, which is how their errors are listed."""
        return [field for field in self if field.type not in {"HiddenField", "CSRFTokenField"}]


def sized(rows: dict[str, int], answers: Sequence[int], services: Sequence[tuple[str, str]]) -> type[ChecklistForm]:
    """The form with so many rows; ``services`` are those an answer may lead to."""

    class Sized(ChecklistForm):
        pass

    Sized.rows, Sized.answers = rows, answers
    for section in SECTIONS:
        for number in range(rows[section.row]):
            name, legend = f"{section.row}_{number}", section.legend % {"number": number + 1}
            if section.row in SAYING:
                texts(name, legend, most=LONGEST)(Sized)
            if section.row == "question":
                add_answers(Sized, name, answers[number], legend)
            add_own_fields(Sized, section.row, name, legend, services)
            when = SelectMultipleField(_l("When?"), validate_choice=False, description=legend)
            setattr(Sized, f"{name}_when", when)
    return Sized


def add_answers(form: type[ChecklistForm], name: str, number_of_answers: int, legend: Any) -> None:
    setattr(form, f"{name}_code", HiddenField())
    for number in range(number_of_answers):
        which = _l("%(question)s, answer %(number)s", question=legend, number=number + 1)
        texts(f"{name}_answer_{number}", which, most=LONGEST)(form)
        setattr(form, f"{name}_answer_{number}_code", HiddenField())


def add_own_fields(
    form: type[ChecklistForm], row: str, name: str, legend: Any, services: Sequence[tuple[str, str]]
) -> None:
    """What a row of one kind has that others have not."""
    marks = {"inputmode": "numeric", "autocomplete": "off"}
    if row == "paper":
        setattr(form, f"{name}_code", HiddenField())
        setattr(form, f"{name}_place", StringField(_l("Place on the list"), description=legend, render_kw=marks))
        texts(f"{name}_here", _l("%(paper)s, where the office takes the photo", paper=legend), most=LONGEST)(form)
    elif row == "attendance":
        setattr(form, f"{name}_who", SelectField(_l("Picture"), choices=choices(ATTENDEES), description=legend))
    elif row == "longer":
        setattr(form, f"{name}_minutes", StringField(_l("Minutes more"), description=legend, render_kw=marks))
    elif row == "outcome":
        setattr(form, f"{name}_way", SelectField(_l("Where to"), choices=choices(WAYS), description=legend))
        offered = choices([("", _l("– none –")), *services])
        chosen = SelectField(_l("Which service?"), choices=offered, validate_choice=False, description=legend)
        setattr(form, f"{name}_service", chosen)
        texts(f"{name}_link", _l("%(outcome)s, link", outcome=legend), most=LONGEST)(form)


def checklist_form(content: Checklist, services: Sequence[tuple[str, str]]) -> ChecklistForm:
    """The form as it was sent, or as ``content`` fills it; a rule names the answers as they are written there."""
    filled = {section.row: len(getattr(content, section.field)) for section in SECTIONS}
    rows = {section.row: wished_rows(section.row, filled[section.row] + section.spare) for section in SECTIONS}
    known = [len(question.answers) for question in content.questions]
    answers = [
        wished_rows(
            f"question_{number}_answer", known[number] + SPARE_ANSWERS if number < len(known) else FIRST_ANSWERS
        )
        for number in range(rows["question"])
    ]
    form = sized(rows, answers, services)(data=shown(content, rows, answers), seen=word_for(content))
    offer_answers(form)
    begin_at_added(form)
    return form


def begin_at_added(form: ChecklistForm) -> None:
    """Whoever adds a row goes on in it."""
    kind = request.form.get("add", "")
    added = [field for field in form if re.fullmatch(rf"{re.escape(kind)}_[0-9]+_fr", field.name)]
    if added:
        added[-1].render_kw = {**added[-1].render_kw, "autofocus": True}


def wished_rows(kind: str, wanted: int) -> int:
    """How many rows of a kind there are, with the one that is asked for by its button."""
    return min(rows_of(kind, wanted, most=MOST_ROWS) + (request.form.get("add") == kind), MOST_ROWS)


def offer_answers(form: ChecklistForm) -> None:
    """Every rule may name the answers of the questions as they stand in the form; a question those before it."""
    offered: list[tuple[str, str]] = []
    for number, name in enumerate(form.names("question")):
        set_choices(form[f"{name}_when"], offered)
        question = said_in(form, name)
        for answer in form.names_of_answers(number):
            if question and (text := said_in(form, answer)):
                offered.append((f"{form[f'{name}_code'].data}:{form[f'{answer}_code'].data}", words(question, text)))
    for section in SECTIONS[1:]:
        for name in form.names(section.row):
            set_choices(form[f"{name}_when"], offered)


def words(question: Translated, answer: Translated) -> str:
    return f"{question.joined(g.language)} – {answer.joined(g.language)}"


def set_choices(field: Field, offered: Sequence[tuple[str, str]]) -> None:
    known = {value for value, _ in offered}
    lost = [(value, _l("an answer that is no longer there")) for value in field.data or () if value not in known]
    field.choices = choices([*offered, *lost])


def shown(content: Checklist, rows: dict[str, int], answers: Sequence[int]) -> dict[str, Any]:
    """A checklist as its fields show it. Empty rows have their codes already: those that nothing has."""
    data: dict[str, Any] = {}
    for number, code in enumerate(fresh([one.code for one in content.questions], "q", rows["question"])):
        data[f"question_{number}_code"] = code
        known = content.questions[number].answers if number < len(content.questions) else ()
        for place, answer_code in enumerate(fresh([one.code for one in known], "a", answers[number])):
            data[f"question_{number}_answer_{place}_code"] = answer_code
        for place, answer in enumerate(known):
            data |= spread(f"question_{number}_answer_{place}", answer.text)
    for number, code in enumerate(fresh([one.code for one in content.papers], "p", rows["paper"])):
        data[f"paper_{number}_code"] = code
    for section in SECTIONS:
        for number, one in enumerate(getattr(content, section.field)):
            data |= shown_row(f"{section.row}_{number}", one, number)
    return data


def shown_row(name: str, one: Any, number: int) -> dict[str, Any]:
    data: dict[str, Any] = {f"{name}_when": [f"{c.question}:{answer}" for c in one.when for answer in c.answers]}
    for field in ("who", "way", "service", "minutes"):
        if hasattr(one, field):
            data[f"{name}_{field}"] = str(getattr(one, field))
    if hasattr(one, "text"):
        data |= spread(name, one.text)
    if isinstance(one, Paper):
        data |= spread(f"{name}_here", one.taken_here) | {f"{name}_place": str(number + 1)}
    if hasattr(one, "link"):
        data |= spread(f"{name}_link", one.link)
    return data


def fresh(taken: Sequence[str], letter: str, number: int) -> list[str]:
    """The codes of so many rows: those that are taken, then new ones."""
    codes = list(taken)
    candidates = (f"{letter}{count}" for count in range(1, MOST_ROWS * 4) if f"{letter}{count}" not in taken)
    return [*codes, *(next(candidates) for _ in range(number - len(codes)))][:number]


def when_of(field: Field) -> When:
    """The conditions that were ticked, by question."""
    by_question: dict[str, list[str]] = {}
    for value in field.data or ():
        question, _, answer = value.partition(":")
        by_question.setdefault(question, []).append(answer)
    return tuple(Condition(question, tuple(answers)) for question, answers in by_question.items())
