"""The list of those whom a change touches: shown in parts, and carried by the form with what was decided so far.

However many they are, the form stays small: it names those alone who were decided about one by one. For all the
others it holds a word, which is another one as soon as anybody is on the list who was not on it when it was shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import g, request

from booking.core.seen import word_for
from booking.core.typed import typed_number
from booking.database import read
from booking.usecases.effects import Agreed, Decision, Effect
from booking.usecases.elsewhere import labels_of
from booking.usecases.touched import Touched, people_in
from booking.web.formatting import as_sent

PART = 100
"""So many are shown at once."""

UNDER_WAY = 1
"""In the minutes before a list was shown, somebody may have pressed the button whom it could not know yet."""

DECISION = "decision-"
FIELDS = frozenset({"shown", "listed", "listed_at", "part", "turn", "for_all", *(f"each_{one}" for one in Decision)})


@dataclass(frozen=True)
class Part:
    """A part of the list: its number, from which to which of all it goes, and the days of the first and the last."""

    number: int
    first: int
    last: int
    from_day: date
    until_day: date


@dataclass(frozen=True)
class Listed:
    """The list as a page shows it: one part of it, and what the form carries for the rest.

    ``instead`` is the label of the counter that could have a visit of this part at its own time.
    """

    people: tuple[Touched, ...]
    parts: Sequence[Part]
    part: Part | None
    new: frozenset[int]
    chosen: Mapping[int, Decision]
    word: str
    at: int
    instead: Mapping[int, str]

    @property
    def to_call(self) -> tuple[Touched, ...]:
        """Those of this part whom no mail reaches."""
        return tuple(one for one in self.people if not one.appointment.email)

    def elsewhere(self, decision: str) -> str:
        """Those who were decided about one by one and are in another part, as the form carries them."""
        here = {one.appointment.id for one in self.people}
        return " ".join(str(number) for number, one in self.chosen.items() if one == decision and number not in here)


def was_listed() -> bool:
    """Whether the form that was sent carries a list."""
    return request.form.get("shown") == "effect"


def has_changed(effect: Effect) -> bool:
    """Whether the list that was shown is no longer the list of those who are touched."""
    return was_listed() and request.form.get("listed") != word_for(effect.ids)


def come_meanwhile(effect: Effect) -> frozenset[int]:
    """Those on a changed list who booked since it was shown, or may have been booking at that very moment."""
    if not has_changed(effect):
        return frozenset()
    since = (typed_number(request.form.get("listed_at", "")) or 0) - UNDER_WAY
    return frozenset(one.id for one in effect.touched if one.booked_at and as_sent(one.booked_at) >= since)


def listed(effect: Effect) -> Listed:
    """The part of the list that is wished for. Of a changed list it is the first, with those who came meanwhile."""
    new = come_meanwhile(effect)
    order = sorted(effect.touched, key=lambda one: one.id not in new)
    parts = list(parts_of(order))
    wished = 1 if has_changed(effect) else typed_number(request.form.get("turn") or request.form.get("part", "")) or 1
    part = parts[min(max(wished, 1), len(parts)) - 1] if parts else None
    ids = [one.id for one in order[part.first - 1 : part.last]] if part else []
    found = {one.appointment.id: one for one in people_in(read(), ids)}
    return Listed(
        people=tuple(found[number] for number in ids if number in found),
        parts=parts,
        part=part,
        new=new,
        chosen={number: one for number, one in decided_singly().items() if number in set(effect.ids)},
        word=word_for(effect.ids),
        at=as_sent(g.now),
        instead=labels_instead(effect, ids),
    )


def labels_instead(effect: Effect, ids: Sequence[int]) -> dict[int, str]:
    """Of these visits, those that could stay at their time: the label of the counter each would have."""
    places = {number: effect.elsewhere[number][0] for number in ids if number in effect.elsewhere}
    labels = labels_of(read(), commune_id=g.commune.id, counter_ids=set(places.values())) if places else {}
    return {number: labels[counter] for number, counter in places.items()}


def parts_of(order: Sequence[Agreed]) -> Iterable[Part]:
    for number, first in enumerate(range(0, len(order), PART), start=1):
        some = order[first : first + PART]
        days = [one.visit.day for one in some]
        yield Part(number, first + 1, first + len(some), min(days), max(days))


def decided_singly() -> dict[int, Decision]:
    """What was decided about single people: in this part of the list, and before in another."""
    found = {
        number: decision
        for decision in Decision
        for one in request.form.get(f"each_{decision}", "").split()
        if (number := typed_number(one)) is not None
    }
    for name, wish in request.form.items():
        number = typed_number(name.removeprefix(DECISION)) if name.startswith(DECISION) else None
        if number is not None:
            found.pop(number, None)
            if wish in {*Decision}:
                found[number] = Decision(wish)
    return found


def decisions_about(effect: Effect) -> dict[int, Decision]:
    """What becomes of everybody on the list: their own decision, else the one for all, if there is any."""
    singly, for_all = decided_singly(), request.form.get("for_all")
    rest = dict.fromkeys(effect.ids, Decision(for_all)) if for_all in {*Decision} else {}
    return rest | {number: singly[number] for number in effect.ids if number in singly}


def is_of_the_list(name: str) -> bool:
    """Whether a field of the form that was sent belongs to the list, not to the change."""
    return name in FIELDS or name.startswith(DECISION)
