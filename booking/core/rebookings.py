"""Carrying visits on whose hours are gone: how far each has come, and until when somebody may answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from booking.core.timespan import floor_to_tick
from booking.core.waiting import end_of_quiet

SHORTEST_THOUGHT = timedelta(hours=1)
"""Who would have less to answer is rung instead."""

LONGEST_ANSWER_DAYS = 14


class Cause(StrEnum):
    """What has changed."""

    CLOSURE = "closure"
    HOURS = "hours"
    COUNTER = "counter"
    OFFICE = "office"
    SERVICE = "service"


class Silence(StrEnum):
    """What becomes of a visit whose person does not answer: somebody rings them, or it is cancelled."""

    CALL = "call"
    CANCEL = "cancel"


class Settled(StrEnum):
    """How far a visit has come. As long as it is ``open`` somebody, or the worker, has something to do about it.

    ``moved`` is to another counter at the same time, of which nobody is told. ``lapsed`` was cancelled because nobody
    answered, as announced. ``overtaken`` was taken over by a later change, or its time came first.
    """

    WAITING = "waiting"
    PROPOSED = "proposed"
    TO_CALL = "to-call"
    MOVED = "moved"
    KEPT = "kept"
    ACCEPTED = "accepted"
    CHOSEN = "chosen"
    BY_PHONE = "by-phone"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    OVERTAKEN = "overtaken"

    @property
    def is_open(self) -> bool:
        return self in OPEN


OPEN = (Settled.WAITING, Settled.PROPOSED, Settled.TO_CALL)


class WhyCall(StrEnum):
    """Why somebody has to be rung about another time."""

    NO_TIME = "no-time"
    TOO_LATE = "too-late"
    TOGETHER = "together"
    NO_ANSWER = "no-answer"


@dataclass(frozen=True)
class AnswerTerms:
    """How long people may think about another time, and what their silence means."""

    answer: timedelta = timedelta(days=3)
    silence: Silence = Silence.CALL


USUAL_ANSWER = AnswerTerms()


@dataclass(frozen=True)
class Thought:
    """When somebody is told of another time, and the first moment at which they could still be asked to answer."""

    told_at: datetime
    answer: timedelta

    @classmethod
    def beginning(cls, now: datetime, zone: ZoneInfo, answer: timedelta, latest: datetime) -> Thought:
        """At night it waits for the morning, unless too little would then be left before ``latest``."""
        morning = end_of_quiet(now, zone)
        return cls(morning if morning + SHORTEST_THOUGHT <= latest else now, answer)

    @property
    def soonest(self) -> datetime:
        """An answer that is due before this is asked of nobody."""
        return self.told_at + SHORTEST_THOUGHT

    def until(self, latest: datetime) -> datetime | None:
        """Until when they may answer, ``latest`` at the latest; ``None`` when that is too soon."""
        until = floor_to_tick(min(self.told_at + self.answer, latest))
        return until if until >= floor_to_tick(self.soonest) else None
