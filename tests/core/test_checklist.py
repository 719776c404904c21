"""From answers to the exact list: papers, who comes, minutes, the procedure, or another way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as supposing
from hypothesis import strategies as some

from booking.core.checklist import (
    EMPTY,
    Attendee,
    Checklist,
    Longer,
    Outcome,
    Paper,
    PhotoRule,
    Procedure,
    Question,
    Urgency,
    Way,
    asked,
    given,
    in_words,
    resolve,
)
from booking.core.checklist_paths import paths
from booking.core.checklist_problems import Problem, ProblemKind, problems
from booking.core.translated import Translated
from tests.lists import FOR_ME, FOR_MY_CHILD, NEW_CARD, OLD_CARD, PARENT_CARD, STATEMENT, after, said

NOBODY: frozenset[str] = frozenset()


def codes(answers: dict[str, str], rule: PhotoRule | None = PhotoRule.BRING) -> list[str]:
    return [one.code for one in resolve(NEW_CARD, answers, rule).to_bring]


@pytest.mark.parametrize(
    ("answers", "papers"),
    [
        ({}, ["photo"]),
        (FOR_ME, ["card", "photo"]),
        (FOR_ME | {"why": "lost"}, ["loss", "photo"]),
        (FOR_MY_CHILD, ["card", "parent", "photo"]),
        (FOR_MY_CHILD | {"why": "lost"}, ["loss", "parent", "photo"]),
        (FOR_ME | {"why": "unheard of"}, ["photo"]),
    ],
)
def test_each_answer_adds_its_papers_in_the_order_of_the_list(answers: dict[str, str], papers: list[str]) -> None:
    assert codes(answers) == papers


def test_who_comes_how_long_and_how_quickly_follow_from_the_answers() -> None:
    alone, family = resolve(NEW_CARD, FOR_ME), resolve(NEW_CARD, FOR_MY_CHILD | {"when": "soon"})

    assert [one.who for one in alone.attending] == [Attendee.PERSON]
    assert [one.who for one in family.attending] == [Attendee.PARENT]
    assert (alone.added_minutes, family.added_minutes) == (0, 10)
    assert (alone.procedure, family.procedure) == (Procedure.NORMAL, Procedure.URGENT)
    assert alone.warnings == ()


def test_a_rule_that_names_two_questions_needs_both_answers() -> None:
    lost_later, lost_soon = FOR_ME | {"why": "lost"}, FOR_ME | {"why": "lost", "when": "soon"}

    assert resolve(NEW_CARD, lost_later).outcome is None
    assert resolve(NEW_CARD, lost_soon).outcome == NEW_CARD.outcomes[1]


def test_of_several_ways_the_first_on_the_list_counts() -> None:
    found = resolve(NEW_CARD, {"why": "lost", "whom": "absent", "when": "soon"})

    assert found.outcome
    assert found.outcome.way == Way.PHONE


def test_a_photo_is_told_as_the_office_has_it_and_for_both_before_one_is_chosen() -> None:
    photo = {rule: resolve(NEW_CARD, FOR_ME, rule).to_bring[1:] for rule in (None, *PhotoRule)}

    assert [(one.text.in_("fr"), one.can_be_ticked) for one in photo[PhotoRule.AT_COUNTER]] == [("pas de photo", False)]
    assert [(one.text.in_("fr"), one.can_be_ticked) for one in photo[PhotoRule.BRING]] == [("une photo", True)]
    assert [one.photo_rule for one in photo[None]] == [PhotoRule.AT_COUNTER, PhotoRule.BRING]


def test_a_question_is_put_only_after_the_answers_it_waits_for() -> None:
    def put(answers: dict[str, str]) -> list[str]:
        return [question.code for question in asked(NEW_CARD, answers)]

    assert put({}) == ["why", "whom", "when"]
    assert put({"whom": "child"}) == ["why", "whom", "school", "when"]
    assert put({"why": "expired", "whom": "absent"}) == ["why", "whom"], "nobody is asked on once it goes another way"


def test_an_answer_to_a_question_that_was_not_put_counts_for_nothing() -> None:
    sent = FOR_ME | {"school": "yes", "made up": "yes"}

    assert given(NEW_CARD, sent) == FOR_ME
    assert in_words(NEW_CARD, sent)[0] == (
        said("Pourquoi une carte ?", "Waarom een kaart?"),
        said("Périmée", "Vervallen"),
    )


def test_what_is_not_answered_is_still_to_be_asked() -> None:
    assert [one.code for one in resolve(NEW_CARD, {"why": "expired"}).unanswered] == ["whom", "when"]
    assert resolve(NEW_CARD, FOR_MY_CHILD).unanswered == ()
    assert resolve(NEW_CARD, {"why": "lost", "whom": "absent"}).unanswered == ()


def test_the_same_paper_from_two_rules_stands_on_the_list_once() -> None:
    twice = replace(NEW_CARD, papers=(OLD_CARD, Paper("again", OLD_CARD.text)))

    assert [one.text for one in resolve(twice, FOR_ME).to_bring] == [OLD_CARD.text]


def test_a_plain_list_asks_nothing() -> None:
    plain = Checklist(papers=(Paper("card", OLD_CARD.text),))

    assert list(paths(plain)) == [{}]
    assert [one.code for one in resolve(plain, {}).to_bring] == ["card"]
    assert resolve(EMPTY, {}).to_bring == ()


def test_every_way_through_the_questions_is_found_once_and_leaves_nothing_open() -> None:
    found = list(paths(NEW_CARD))

    assert len(found) == len({tuple(one.items()) for one in found}) == 2 * (2 + 4 + 1)
    assert all(not resolve(NEW_CARD, answers).unanswered for answers in found)


SENT = some.dictionaries(
    some.sampled_from(["why", "whom", "school", "when", "other"]),
    some.sampled_from(["expired", "lost", "me", "child", "absent", "yes", "no", "later", "soon", "other"]),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@supposing(SENT)
def test_whatever_is_sent_what_is_kept_leads_to_the_same_list(sent: dict[str, str]) -> None:
    kept = given(NEW_CARD, sent)

    assert given(NEW_CARD, kept) == kept
    assert resolve(NEW_CARD, sent) == resolve(NEW_CARD, kept)
    assert kept.items() <= sent.items()


# What an administrator can get wrong


def test_a_checklist_that_holds_together_has_no_problem() -> None:
    assert problems(NEW_CARD, NOBODY) == ()
    assert problems(EMPTY, NOBODY) == ()


WHY, WHOM, SCHOOL, WHEN = NEW_CARD.questions
HALF = Translated.of(fr="une photo")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"questions": (*NEW_CARD.questions, Question("more", WHY.text, WHY.answers))},
            Problem(ProblemKind.TOO_MANY_QUESTIONS, "questions", 4),
        ),
        (
            {"questions": (WHY, replace(WHOM, answers=WHOM.answers[:1]))},
            Problem(ProblemKind.TOO_FEW_ANSWERS, "questions", 1),
        ),
        (
            {"questions": (replace(WHY, answers=WHY.answers * 5),)},
            Problem(ProblemKind.TOO_MANY_ANSWERS, "questions", 0),
        ),
        ({"questions": (WHY, WHY)}, Problem(ProblemKind.SAME_CODE, "questions", 1)),
        ({"questions": (SCHOOL, WHOM)}, Problem(ProblemKind.ASKED_TOO_LATE, "questions", 0)),
        (
            {"papers": (replace(OLD_CARD, when=after(nothing="yes")),)},
            Problem(ProblemKind.UNKNOWN_QUESTION, "papers", 0),
        ),
        (
            {"papers": (STATEMENT, replace(OLD_CARD, when=after(why="eaten")))},
            Problem(ProblemKind.UNKNOWN_ANSWER, "papers", 1),
        ),
        ({"papers": (PARENT_CARD, PARENT_CARD)}, Problem(ProblemKind.SAME_CODE, "papers", 1)),
        ({"papers": (Paper("photo", HALF),)}, Problem(ProblemKind.DUTCH_MISSING, "papers", 0)),
        (
            {"papers": (Paper("photo", OLD_CARD.text, taken_here=HALF),)},
            Problem(ProblemKind.DUTCH_MISSING, "papers", 0),
        ),
        ({"urgent": (Urgency(),)}, Problem(ProblemKind.URGENT_WITHOUT_ANSWER, "urgent", 0)),
        ({"longer": (Longer(7),)}, Problem(ProblemKind.MINUTES, "longer", 0)),
        ({"longer": (Longer(0),)}, Problem(ProblemKind.MINUTES, "longer", 0)),
        ({"outcomes": (Outcome(Way.PHONE, OLD_CARD.text),)}, Problem(ProblemKind.ALWAYS_ELSEWHERE, "outcomes", 0)),
        (
            {"outcomes": (Outcome(Way.OTHER_SERVICE, OLD_CARD.text, after(why="lost"), service="passport"),)},
            Problem(ProblemKind.UNKNOWN_SERVICE, "outcomes", 0),
        ),
        (
            {"outcomes": (Outcome(Way.ELSEWHERE, OLD_CARD.text, after(why="lost")),)},
            Problem(ProblemKind.LINK_MISSING, "outcomes", 0),
        ),
    ],
)
def test_what_does_not_hold_together_is_named_with_its_place(changes: dict[str, object], problem: Problem) -> None:
    assert problem in problems(replace(NEW_CARD, **changes), NOBODY)  # type: ignore[arg-type]
