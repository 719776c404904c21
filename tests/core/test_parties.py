from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from booking.core.parties import Block, Place, blocks_for


def hours(*parts: tuple[int, int]) -> int:
    """Ticks of a day as bits, from one to before another."""
    return sum(((1 << after - first) - 1) << first for first, after in parts)


def ways(free: dict[int, int], *, number: int, ticks: int = 3, **other: dict[int, int]) -> list[Block]:
    return blocks_for(free, other.get("taken", {}), ticks=ticks, number=number, starts=hours((0, 288)))


def told(block: Block) -> list[tuple[int, int]]:
    return [(place.start, place.counter) for place in block.places]


def test_a_party_is_seen_one_after_another_or_side_by_side() -> None:
    one, two = ways({1: hours((96, 144)), 2: hours((96, 144))}, number=4)

    assert told(one) == [(96, 1), (99, 1), (102, 1), (105, 1)]
    assert told(two) == [(96, 1), (96, 2), (99, 1), (99, 2)]
    assert (one.ticks, two.ticks, two.counters) == (12, 6, (1, 2))


def test_the_quieter_of_two_hours_is_chosen() -> None:
    free = {1: hours((96, 108), (120, 132))}

    [busy_first] = ways(free, number=4, taken={2: hours((96, 100))})
    [busy_later] = ways(free, number=4, taken={2: hours((120, 124))})

    assert (busy_first.start, busy_later.start) == (120, 96)


def test_the_last_round_of_an_odd_party_is_a_short_one() -> None:
    found = ways({1: hours((96, 102)), 2: hours((96, 99))}, number=3)

    assert [told(one) for one in found] == [[(96, 1), (96, 2), (99, 1)]]


def test_a_party_for_which_there_is_no_room_has_no_way() -> None:
    assert ways({1: hours((96, 105), (106, 144))}, number=13) == []
    assert ways({}, number=2) == []
    assert blocks_for({1: hours((96, 144))}, {}, ticks=3, number=2, starts=0) == []


@settings(max_examples=150, deadline=None)
@given(
    free=st.dictionaries(st.integers(1, 4), st.integers(0, 2**24 - 1), max_size=4),
    number=st.integers(2, 8),
    ticks=st.integers(1, 4),
)
def test_whatever_is_proposed_has_every_tick_free_and_none_twice(free: dict[int, int], number: int, ticks: int) -> None:
    for block in blocks_for(free, {}, ticks=ticks, number=number, starts=2**24 - 1):
        taken = [(one.counter, tick) for one in block.places for tick in range(one.start, one.start + ticks)]
        assert len(block.places) == number
        assert len(taken) == len(set(taken))
        assert all(free[counter] >> tick & 1 for counter, tick in taken)
        assert max(one.start for one in block.places) + ticks - block.start == block.ticks
        assert isinstance(block.places[0], Place)
