"""A slip in an address is asked about; an honest address is left alone."""

from __future__ import annotations

import pytest

from booking.core.contacts import likelier_domain


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ana@gmial.com", "gmail.com"),
        ("ana@gmail.be", "gmail.com"),
        ("ana@Gmail.fr", "gmail.com"),
        ("ana@telenet.com", "telenet.be"),
        ("ana@proximus.com", "proximus.be"),
        ("ana@skynet.net", "skynet.be"),
        ("ana@icloud.be", "icloud.com"),
    ],
)
def test_ana_is_asked_whether_she_meant_the_name_with_its_own_ending(typed: str, meant: str) -> None:
    assert likelier_domain(typed) == meant


@pytest.mark.parametrize(
    "address",
    [
        *("ana@gmail.com", "ana@hotmail.fr", "ana@outlook.fr", "ana@live.nl", "ana@yahoo.de", "ana@telenet.be"),
        *("ana@proximus.example.org", "ana@me.be", "ana@voo.eu", "ana@mairie-nord.example"),
    ],
)
def test_an_address_that_can_be_right_is_not_questioned(address: str) -> None:
    assert likelier_domain(address) is None
