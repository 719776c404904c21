"""A week of an office as a picture: counters down, days across, what is open as blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from booking.core.opening import Mode, on_the_wall, shut_on, without
from booking.core.schedules import Schedule
from booking.core.translated import Translated


@dataclass(frozen=True)
class Block:
    """An open stretch of one counter, in wall times."""

    start: time
    end: time
    mode: Mode


@dataclass(frozen=True)
class Cell:
    """A counter's day: what is open, and why what would be open is not."""

    blocks: tuple[Block, ...]
    reasons: tuple[Translated, ...]


@dataclass(frozen=True)
class Row:
    label: str
    cells: tuple[Cell, ...]


def week_of(
    schedule: Schedule, counters: Sequence[tuple[int, str]], monday: date, reasons: Mapping[int, Translated]
) -> list[Row]:
    """Seven days from ``monday`` on, one row for each counter; ``reasons`` are those of the closures, by their ids."""
    days = [monday + timedelta(days=number) for number in range(7)]
    return [Row(label, tuple(cell_of(schedule, counter, day, reasons) for day in days)) for counter, label in counters]


def cell_of(schedule: Schedule, counter: int, day: date, reasons: Mapping[int, Translated]) -> Cell:
    shut = [
        (closure, hole) for closure, hole in shut_on(schedule.closures, day, schedule.zone) if closure.shuts(counter)
    ]
    blocks: list[Block] = []
    why: dict[int, Translated] = {}
    for rule in schedule.rules:
        span = rule.span_on(day, schedule.zone) if rule.staffs(counter) else None
        if span is None:
            continue
        left = without([span], [hole for _, hole in shut])
        blocks += [Block(*on_the_wall(part, schedule.zone), rule.mode) for part in left]
        cutting = [closure.id for closure, hole in shut if hole.overlaps(span)]
        why |= {one: reasons[one] for one in cutting if one in reasons}
    return Cell(tuple(sorted(blocks, key=lambda block: (block.start, block.end))), tuple(why.values()))
