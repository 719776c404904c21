"""Every way through the questions of a checklist, for those who look at all of it."""

from __future__ import annotations

from collections.abc import Iterator

from booking.core.checklist import Checklist, asked


def paths(checklist: Checklist) -> Iterator[dict[str, str]]:
    """Every way through the questions, from the first answer of each to the last."""
    yield from onward(checklist, {})


def onward(checklist: Checklist, answers: dict[str, str]) -> Iterator[dict[str, str]]:
    nearest = next((one for one in asked(checklist, answers) if one.code not in answers), None)
    if nearest is None:
        yield answers
        return
    for answer in nearest.answers:
        yield from onward(checklist, {**answers, nearest.code: answer.code})
