"""What somebody may need when they come: said or not, it is never a condition of an appointment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

MOST_MINUTES = 60


class Need(StrEnum):
    """A need that the office can prepare for."""

    LOW_COUNTER = "low_counter"
    FETCH_ME = "fetch_me"
    SILENT_CALL = "silent_call"
    SIGN_LANGUAGE = "sign_language"
    INTERPRETER_MINE = "interpreter_mine"
    INTERPRETER_WANTED = "interpreter_wanted"


@dataclass(frozen=True)
class NeedTimes:
    """By how many minutes each need lengthens a visit; ``minutes`` holds those that do, in the order of ``Need``."""

    minutes: tuple[tuple[Need, int], ...] = ()

    @classmethod
    def of(cls, minutes: Mapping[Need, int]) -> NeedTimes:
        return cls(tuple((need, minutes[need]) for need in Need if minutes.get(need)))

    def for_(self, needs: Collection[Need]) -> int:
        """The minutes that all of ``needs`` together add: who needs two things needs the longer time, not both."""
        return max((minutes for need, minutes in self.minutes if need in needs), default=0)


def known_needs(codes: Iterable[str]) -> frozenset[Need]:
    """The needs among ``codes``; what is none is passed over."""
    return frozenset(Need(code) for code in codes if code in set(Need))
