"""Blocks: a break, an absence or a kept quarter of an hour at one counter, claimed like a visit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from booking.core.errors import SlotTaken, Unknown
from booking.core.timespan import Span
from booking.models import Block, Claim, Counter
from booking.models.opening import BlockReason
from booking.usecases.claims import office_shared, remove_lapsed
from booking.usecases.rows import refusing


@dataclass(frozen=True)
class Kept:
    """A span of a counter's time on the five-minute grid, and why nobody can book it."""

    counter_id: int
    span: Span
    reason: BlockReason


def add_blocks(session: Session, *, commune_id: int, blocks: Sequence[Kept], now: datetime) -> list[int]:
    """Keep counters free of visits, and give the ids in order; all of them or none.

    Holds that lapsed give way. Raises ``SlotTaken`` when something else is there already, or ``Unknown``. The key
    of the claims decides.
    """
    if not blocks:
        return []
    make_room(session, commune_id=commune_id, blocks=blocks, now=now)
    own = {"commune_id": commune_id}
    rows = [
        own | {"counter_id": block.counter_id, "reason": block.reason, "start": block.span.start, "end": block.span.end}
        for block in blocks
    ]
    with refusing(session, SlotTaken, on="pk_claim"):
        ids = list(session.scalars(insert(Block).returning(Block.id, sort_by_parameter_order=True), rows))
        claims = [
            own | {"counter_id": block.counter_id, "tick": tick, "block_id": number}
            for number, block in zip(ids, blocks, strict=True)
            for tick in block.span.ticks()
        ]
        session.execute(insert(Claim), claims)
    return ids


def make_room(session: Session, *, commune_id: int, blocks: Sequence[Kept], now: datetime) -> None:
    """Share the rows of the offices, in their order, and remove the lapsed holds there. Raises ``Unknown``."""
    spans: dict[int, list[Span]] = defaultdict(list)
    for block in blocks:
        spans[block.counter_id].append(block.span)
    mine = select(Counter.office_id, Counter.id).where(Counter.commune_id == commune_id, Counter.id.in_(spans))
    counters = sorted((office_id, counter_id) for office_id, counter_id in session.execute(mine))
    if len(counters) != len(spans):
        raise Unknown
    for office_id, found in groupby(counters, key=itemgetter(0)):
        here = [counter_id for _, counter_id in found]
        office_shared(session, commune_id=commune_id, office_id=office_id)
        kept = [span for counter_id in here for span in spans[counter_id]]
        start, end = min(span.start for span in kept), max(span.end for span in kept)
        remove_lapsed(session, office_id=office_id, counters=here, start=start, end=end, now=now)
