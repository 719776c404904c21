from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.words.plain import on_one_line, wire_address


def test_a_line_stays_one_line_and_keeps_honest_letters():
    typed = "Zoë\r\nATTENDEE:x\u2028\u0085\x0b\x00 محمد\ud800 8\u202fh "
    assert on_one_line(typed) == "Zoë  ATTENDEE:x     محمد 8\u202fh"


@settings(deadline=None)
@given(st.text(alphabet=st.characters(blacklist_categories=[])))
def test_whatever_is_typed_comes_out_as_one_line_that_can_be_encoded(typed):
    told = on_one_line(typed)
    assert len(told.splitlines()) <= 1
    assert told.encode().decode() == told


@pytest.mark.parametrize(
    ("typed", "carried"),
    [
        ("ana@example.be", "ana@example.be"),
        (" ana.silva+passport@example.be ", "ana.silva+passport@example.be"),
        ("ana@müller.example", "ana@xn--mller-kva.example"),
        ("été@example.be", "été@example.be"),
    ],
)
def test_an_address_keeps_its_name_and_gets_an_ascii_domain(typed, carried):
    assert wire_address(typed) == carried


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ana",
        "@example.be",
        "ana@",
        "ana@example.be, bilal@example.be",
        "ana@example.be\r\nBcc: bilal@example.be",
        "ana\r\nBcc: x@example.be",
        "ana@exam ple.be",
        "ana\x00@example.be",
        '"ana"@example.be',
        "ana@example..be",
    ],
)
def test_what_is_not_one_address_is_refused(typed):
    with pytest.raises(ValueError, match=r"address|label"):
        wire_address(typed)
