"""What a visit is wished for: one or several services, each for so many persons, taken at one counter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from booking.core.appointments import BookingWindow, OwnTime, Part, Step, minutes_of_parts, rounded_to_ticks
from booking.core.checklist import Told
from booking.core.errors import NotBookable, TooManyPersons, Unknown
from booking.core.schedules import Wanted
from booking.core.steps import OtherStep
from booking.core.timespan import Span, ticks_for
from booking.core.translated import Translated
from booking.models import AppointmentLine, Commune, Service, WaitingLine
from booking.usecases.checklists import NO_LIST, newest

# Made once: building a statement costs more than running it.
WITH_HOST = (
    select(Service, Commune.sender_address)
    .join(Commune, Commune.id == Service.commune_id)
    .where(Service.commune_id == bindparam("of_commune"), Service.id.in_(bindparam("of_services", expanding=True)))
)


STEPS = {
    Step.INFORMATION: Translated.of(fr="information", nl="informatie", en="information", de="Information"),
    Step.FILE: Translated.of(fr="dossier", nl="dossier", en="file", de="Unterlagen"),
}
"""What is added to the name of a service that takes two visits: names are kept as they were, in every language."""


@dataclass(frozen=True)
class WishedLine:
    """A line of a basket as plain values, so that a unit of work can be run again."""

    service_id: int
    persons: int = 1
    added_minutes: int = 0
    told: Told | None = None
    step: Step | None = None


@dataclass(frozen=True)
class BasketLine:
    """One service of a visit, for so many persons; ``added_minutes`` are those their answers cost.

    ``told`` is what its checklist was answered; ``None`` where nobody was asked: then it is the newest list.
    """

    service: Service
    persons: int = 1
    added_minutes: int = 0
    told: Told | None = None
    step: Step | None = None

    @classmethod
    def kept(cls, service: Service, line: AppointmentLine | WaitingLine) -> BasketLine:
        """The line of a visit, or of a wish for one, once more: the same persons, answers and minutes."""
        answers = tuple(sorted((line.answers or {}).items()))
        told = Told(line.checklist_version or 0, answers, line.procedure)
        step = line.step if isinstance(line, AppointmentLine) else None
        return cls(service, line.persons, line.added_minutes, told, step)

    @property
    def part(self) -> Part:
        return Part(self.service.terms_of(self.step), self.persons, self.added_minutes)

    @property
    def wished(self) -> WishedLine:
        return WishedLine(self.service.id, self.persons, self.added_minutes, self.told, self.step)

    @property
    def name(self) -> Translated:
        """What the visit is called from now on, wherever its service is named: which step it is, too."""
        if self.step is None:
            return self.service.name
        word = STEPS[self.step]
        return Translated({language: f"{name} – {word.in_(language)}" for language, name in self.service.name})


@dataclass(frozen=True)
class Basket:
    """The services of one visit in the order they were chosen, never none; ``lengthened`` is minutes of a need.

    One that is ``apart`` is had in two adjoining visits, because no counter takes all of it. Of a service in steps
    ``other`` is the visit that is chosen already: nothing is offered that would not keep their order. ``own`` is the
    time of the appointment that is to be moved: to who moves it, it is free. With ``at_once`` no notice is kept: it was
    the commune that could not keep the time before. With ``only_time`` nothing else changes by a move: the start it has
    would be none, and is not offered.
    """

    lines: tuple[BasketLine, ...]
    lengthened: int = 0
    own: OwnTime | None = None
    apart: bool = False
    other: OtherStep | None = None
    at_once: bool = False
    only_time: bool = False

    @classmethod
    def of(cls, service: Service, persons: int = 1) -> Basket:
        return cls((BasketLine(service, persons),))

    @property
    def wished(self) -> tuple[WishedLine, ...]:
        """The lines as a use-case takes them."""
        return tuple(line.wished for line in self.lines)

    @property
    def services(self) -> tuple[Service, ...]:
        return tuple(line.service for line in self.lines)

    @property
    def service_ids(self) -> frozenset[int]:
        return frozenset(service.id for service in self.services)

    @property
    def chosen(self) -> tuple[tuple[Service, int], ...]:
        """Each service with for how many persons it is wished."""
        return tuple((line.service, line.persons) for line in self.lines)

    @property
    def asks_names(self) -> bool:
        """Whether a counter prepares for each person who comes, and their names may be given."""
        return any(line.service.asks_names and line.persons > 1 for line in self.lines)

    @property
    def main(self) -> Service:
        """The service that was chosen first: its address is that of the wish."""
        return self.lines[0].service

    @property
    def persons(self) -> int:
        """For how many persons the first service is wished."""
        return self.lines[0].persons

    @cached_property
    def wanted(self) -> Wanted:
        """What a counter must be able to take, as schedules name it."""
        ids = self.service_ids
        return next(iter(ids)) if len(ids) == 1 else ids

    @property
    def minutes(self) -> int:
        """The length of the visit, as everybody is told. Raises ``TooManyPersons``."""
        return sum(self.minutes_of_lines)

    @cached_property
    def minutes_of_lines(self) -> tuple[int, ...]:
        return minutes_of_parts([line.part for line in self.lines], lengthened=self.lengthened)

    @property
    def buffer(self) -> int:
        """For how many minutes the counter stays free afterwards, in whole ticks: the most that one service needs."""
        return rounded_to_ticks(max(service.buffer_minutes for service in self.services))

    @property
    def ticks(self) -> int:
        """How long the visit takes its counter, the buffer with it. Raises ``TooManyPersons``."""
        return ticks_for(self.minutes + self.buffer)

    def in_two(self) -> Iterator[tuple[Basket, Basket]]:
        """Every way to have it in two visits, the service that was chosen first in the first of them."""
        main, *others = self.lines
        for chosen in product((True, False), repeat=len(others)):
            beside = [line for line, is_beside in zip(others, chosen, strict=True) if is_beside]
            left = [line for line, is_beside in zip(others, chosen, strict=True) if not is_beside]
            if left:
                yield Basket((main, *beside), self.lengthened), Basket(tuple(left), self.lengthened)

    @property
    def window(self) -> BookingWindow:
        """When it can be booked: the longest notice and the shortest horizon of the services, in the order of steps."""
        terms = [service.terms for service in self.services]
        notice, horizon = max(one.notice for one in terms), min(one.horizon for one in terms)
        if self.at_once:
            notice = timedelta(0)
        releases = tuple(one.release for one in terms if one.release)
        if self.other is None:
            return BookingWindow(notice, horizon, releases=releases)
        over_by = self.other.over_by
        not_after = over_by - timedelta(minutes=self.minutes) if over_by else None
        return BookingWindow(notice, horizon, self.other.not_before, not_after, releases)

    @property
    def step(self) -> Step | None:
        """Which visit it is of a service that takes two."""
        return self.lines[0].step

    def of_step(self, step: Step, other: OtherStep | None = None) -> Basket:
        """One of the two visits of a service in steps."""
        # What answers cost is spent on the file.
        is_first = step == Step.INFORMATION
        lines = (replace(line, step=step, added_minutes=0 if is_first else line.added_minutes) for line in self.lines)
        return replace(self, lines=tuple(lines), other=other)

    def informed(self, start: datetime, zone: ZoneInfo) -> OtherStep:
        """The visit for the information at this start (UTC), which the file comes after."""
        ends = start + timedelta(minutes=self.of_step(Step.INFORMATION).minutes)
        return OtherStep(Step.INFORMATION, Span(start, ends), self.main.information_days or 0, zone)

    def lasting(self, minutes: int) -> Basket:
        """The same, as long as it is agreed to be when that is longer: answers and needs take their time."""
        try:
            missing = minutes - self.minutes
        except TooManyPersons:
            return self
        return replace(self, lengthened=self.lengthened + max(missing, 0))

    def check_bookable(self) -> None:
        """Raises ``NotBookable`` when one of the services is not to be booked."""
        if not all(service.is_public and service.mode.is_bookable for service in self.services):
            raise NotBookable

    def check_persons(self) -> None:
        """Raises ``TooManyPersons`` for a number that a service does not take."""
        for line in self.lines:
            line.service.terms.minutes(line.persons)

    def rows(self) -> Iterator[dict[str, Any]]:
        """What the lines of an appointment say of it."""
        for position, (line, minutes) in enumerate(zip(self.lines, self.minutes_of_lines, strict=True), start=1):
            told = line.told or Told()
            yield {
                "position": position,
                "service_id": line.service.id,
                "service_name": line.name,
                "persons": line.persons,
                "minutes": minutes,
                "added_minutes": line.added_minutes,
                "procedure": told.procedure,
                "checklist_version": told.version or None,
                "answers": dict(told.answers) or None,
                "step": line.step,
            }


def basket_and_host(
    session: Session,
    *,
    commune_id: int,
    lines: Sequence[WishedLine],
    lengthened: int = 0,
    own: OwnTime | None = None,
) -> tuple[Basket, str]:
    """The basket with its services as they are now, and the commune's host for identifiers in calendars.

    Raises ``Unknown`` when one of them is none of this commune's, or when there is none.
    """
    wanted = {"of_commune": commune_id, "of_services": sorted({line.service_id for line in lines})}
    found = session.execute(WITH_HOST, wanted).all()
    services = {row.Service.id: row.Service for row in found}
    if not lines or any(line.service_id not in services for line in lines):
        raise Unknown
    unasked = {line.service_id for line in lines if line.told is None}
    lists = newest(session, commune_id=commune_id, service_ids=unasked) if unasked else {}
    chosen = (
        BasketLine(
            services[line.service_id],
            line.persons,
            line.added_minutes,
            line.told or Told(lists.get(line.service_id, NO_LIST).number),
            line.step,
        )
        for line in lines
    )
    return Basket(tuple(chosen), lengthened, own), found[0].sender_address.rpartition("@")[2]
