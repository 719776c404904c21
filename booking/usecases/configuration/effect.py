"""What applying a file does to a commune: noted step by step while it is done, and shown before it counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from booking.core.opening import SessionRule
from booking.core.translated import Translated
from booking.usecases.configuration.hours import NamedClosure
from booking.usecases.journal import Actor, note


class Act(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"
    BACK = "back"


class Subject(StrEnum):
    COMMUNE = "commune"
    GROUP = "service_group"
    SERVICE = "service"
    OFFICE = "office"
    COUNTER = "counter"
    SESSION = "opening_session"
    CLOSURE = "closure"


@dataclass(frozen=True)
class Item:
    """One thing that is new, other than before, gone, or back.

    ``name`` is what it is called, ``place`` the office it is in, ``fields`` the keys that differ; of hours the rule
    itself, with labels and codes in the place of numbers.
    """

    act: Act
    subject: Subject
    name: Translated | str = ""
    place: Translated | str = ""
    fields: tuple[str, ...] = ()
    rule: SessionRule | NamedClosure | None = None


@dataclass(frozen=True)
class Effect:
    """What a file does. ``touched`` are the appointments to come that would lose their time: then it does nothing."""

    commune_id: int | None
    is_new: bool
    items: tuple[Item, ...]
    touched: tuple[int, ...]


@dataclass
class Work:
    """One unit in which a file is applied: from ``since`` on it counts, and what it has done so far."""

    session: Session
    commune_id: int
    since: date
    actor: Actor
    now: datetime
    items: list[Item] = field(default_factory=list)
    in_the_way: set[int] = field(default_factory=set)
    """Appointments to come for which an office, a counter or a service cannot go."""

    @property
    def own(self) -> dict[str, Any]:
        return {"commune_id": self.commune_id}

    @property
    def named(self) -> dict[str, Any]:
        """What most verbs are told beside what they do."""
        return {"commune_id": self.commune_id, "actor": self.actor, "now": self.now}

    def done(self, act: Act, subject: Subject, name: Translated | str = "", **facts: Any) -> None:
        self.items.append(Item(act, subject, name, **facts))

    def journal(self, act: str, subject: Subject, number: int, fields: Iterable[str] = ()) -> None:
        note(
            self.session,
            self.actor,
            **self.own,
            act=act,
            subject=subject,
            subject_id=number,
            fields=fields,
            now=self.now,
        )


def differing(before: Any, after: Any) -> tuple[str, ...]:
    """The names of the fields in which two of the same kind differ."""
    old, new = vars(before), vars(after)
    return tuple(name for name in new if old[name] != new[name])
