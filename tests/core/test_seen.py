"""What Dora saw in a form: one word, the same as long as nothing has changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from booking.core.appointments import ServiceMode
from booking.core.errors import ChangedMeanwhile
from booking.core.seen import check_seen, word_for
from booking.core.services import Fee, ServiceContent
from booking.core.translated import Translated

CARD = ServiceContent(
    group_id=1,
    code="card",
    mode=ServiceMode.APPOINTMENT,
    name=Translated.of(fr="Carte", nl="Kaart"),
    fees=(Fee(date(2027, 1, 1), 2500), Fee(date(2027, 2, 1), 2600)),
)


def test_the_same_facts_have_the_same_word_whatever_order_they_were_met_in() -> None:
    assert word_for(CARD) == word_for(replace(CARD, name=Translated.of(nl="Kaart", fr="Carte")))
    assert word_for(frozenset({1, 2, 300})) == word_for(frozenset({300, 2, 1}))


@pytest.mark.parametrize(
    "changes",
    [
        {"name": Translated.of(fr="Carte", nl="Kaart", en="Card")},
        {"fees": CARD.fees[::-1]},
        {"fees": (Fee(date(2027, 1, 2), 2500),)},
        {"max_persons": 2},
    ],
)
def test_whatever_changes_changes_the_word(changes: dict[str, object]) -> None:
    changed = replace(CARD, **changes)  # type: ignore[arg-type]

    check_seen(word_for(CARD), CARD)
    check_seen(None, CARD)
    with pytest.raises(ChangedMeanwhile):
        check_seen(word_for(CARD), changed)
