"""What a service asks and wants brought, one row for each version that was ever saved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import CheckConstraint, Dialect, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from booking.core.checklist import (
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
    When,
)
from booking.core.seen import plain
from booking.core.translated import Translated
from booking.models.base import Base, own, tenant


class ChecklistText(TypeDecorator[Checklist]):
    """A ``Checklist``, kept as JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Checklist | None, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(plain(value), ensure_ascii=False, sort_keys=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Checklist | None:
        return None if value is None else checklist_of(value)


class AnswersText(TypeDecorator[dict[str, str]]):
    """Answers by the code of their question, kept as JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, str] | None, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(dict(value), sort_keys=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, str] | None:
        return None if value is None else json.loads(value)


class CodesText(TypeDecorator[tuple[str, ...]]):
    """Codes of papers, kept as JSON in alphabetical order."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(sorted(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:
        return None if value is None else tuple(json.loads(value))


class ChecklistVersion(Base):
    """A checklist as it was saved at ``created_at``: never changed, so that a visit keeps the list it was made with."""

    __tablename__ = "checklist"
    __table_args__ = tenant(
        own("service", ondelete="CASCADE"),
        UniqueConstraint("commune_id", "service_id", "version"),
        CheckConstraint("version >= 1", name="version_in_bounds"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int]
    service_id: Mapped[int]
    version: Mapped[int]
    content: Mapped[Checklist] = mapped_column(ChecklistText)
    created_at: Mapped[datetime]


@lru_cache(maxsize=1024)
def checklist_of(stored: str) -> Checklist:
    """The same few lists are met in many visits, and a frozen value can be shared."""
    facts = json.loads(stored)
    return Checklist(
        questions=tuple(question_of(one) for one in facts["questions"]),
        papers=tuple(
            Paper(one["code"], Translated(one["text"]), when_of(one), Translated(one["taken_here"]))
            for one in facts["papers"]
        ),
        attendance=tuple(
            Attendance(Attendee(one["who"]), Translated(one["text"]), when_of(one)) for one in facts["attendance"]
        ),
        warnings=tuple(Caution(Translated(one["text"]), when_of(one)) for one in facts["warnings"]),
        urgent=tuple(Urgency(when_of(one)) for one in facts["urgent"]),
        longer=tuple(Longer(one["minutes"], when_of(one)) for one in facts["longer"]),
        outcomes=tuple(outcome_of(one) for one in facts["outcomes"]),
    )


def question_of(facts: Mapping[str, Any]) -> Question:
    answers = tuple(Answer(one["code"], Translated(one["text"])) for one in facts["answers"])
    return Question(facts["code"], Translated(facts["text"]), answers, when_of(facts))


def outcome_of(facts: Mapping[str, Any]) -> Outcome:
    link = Translated(facts["link"])
    return Outcome(Way(facts["way"]), Translated(facts["text"]), when_of(facts), facts["service"], link)


def when_of(facts: Mapping[str, Any]) -> When:
    return tuple(Condition(one["question"], tuple(one["answers"])) for one in facts["when"])
