"""All ways through the questions at once: each thing said once, as early as it is certain."""

from __future__ import annotations

from collections import Counter

from booking.core.checklist import Answer, Checklist, Condition, Paper, Question, resolve
from booking.core.checklist_paths import Fact, Minutes, Ways, paths, ways
from booking.core.translated import Translated
from tests.lists import NEW_CARD


def words(text: str) -> Translated:
    return Translated.of(fr=text, nl=text)


def leads_to(found: Ways, answers: dict[str, str]) -> list[Fact]:
    """What the tree of all ways says to whoever gave these answers."""
    facts, tree = list(found.facts), found.tree
    while tree is not None:
        (fork, branch) = next(
            (fork, branch)
            for fork in tree.forks
            for branch in fork.branches
            if answers[tree.question.code] in {one.code for one in branch.answers}
        )
        facts += [*fork.facts, *branch.facts]
        tree = fork.after
    return facts


def test_the_tree_of_all_ways_says_to_everybody_what_their_list_says() -> None:
    tree = ways(NEW_CARD)
    for answers in paths(NEW_CARD):
        found, said = resolve(NEW_CARD, answers), leads_to(tree, answers)
        if found.outcome and not found.outcome.way.is_visit:
            assert found.outcome in said
            continue
        outcome = [found.outcome] if found.outcome else []
        wanted = [*outcome, *found.warnings, *found.to_bring, *found.attending, found.procedure]
        assert Counter(said) == Counter([*wanted, Minutes(found.added_minutes)])


def test_questions_that_do_not_depend_on_one_another_are_said_one_after_the_other() -> None:
    answers = tuple(Answer(code, words(code)) for code in "abcdefgh")
    questions = tuple(Question(code, words(code), answers) for code in ("whom", "when"))
    pairs = [(question.code, answer.code) for question in questions for answer in answers]
    papers = tuple(Paper("-".join(pair), words("-".join(pair)), (Condition(pair[0], (pair[1],)),)) for pair in pairs)
    first = ways(Checklist(questions=questions, papers=papers)).tree

    assert first is not None
    (fork,) = first.forks
    assert len(fork.branches) == 8
    assert fork.after is not None
    assert (fork.after.question.code, len(fork.after.forks)) == ("when", 1)


def test_answers_that_lead_to_the_same_stand_together() -> None:
    answers = tuple(Answer(code, words(code)) for code in ("lost", "stolen", "old"))
    statement = Paper("statement", words("statement"), (Condition("why", ("lost", "stolen")),))
    found = ways(Checklist(questions=(Question("why", words("why"), answers),), papers=(statement,)))

    assert found.tree is not None
    (fork,) = found.tree.forks
    assert [[one.code for one in branch.answers] for branch in fork.branches] == [["lost", "stolen"], ["old"]]
