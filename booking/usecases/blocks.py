"""Blocks: a break, an absence or a kept quarter of an hour at one counter, claimed like a visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from booking.core.errors import SlotTaken, Unknown
from booking.core.timespan import Span
from booking.models import Block, Claim, Counter
from booking.models.opening import BlockReason
from booking.usecases.rows import refusing


@dataclass(frozen=True)
class Kept:
    """A span of a counter's time on the five-minute grid, and why nobody can book it."""

    counter_id: int
    span: Span
    reason: BlockReason


def add_blocks(session: Session, *, commune_id: int, blocks: Sequence[Kept]) -> list[int]:
    """Keep counters free of visits, and give the ids in order; all of them or none.

    Raises ``SlotTaken`` when something is there already, or ``Unknown``. The key of the claims decides.
    """
    if not blocks:
        return []
    wanted = {block.counter_id for block in blocks}
    mine = select(func.count()).where(Counter.commune_id == commune_id, Counter.id.in_(wanted))
    if session.scalar(mine) != len(wanted):
        raise Unknown
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
