"""Ana is one person behind her address, however she types it; a slip in it is pointed out, not corrected."""

from __future__ import annotations

import pytest

from booking.core.contacts import contact_key, contact_keys, likelier_domain, person_key, same_mailbox


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ana@gmial.com", "gmail.com"),
        ("ana@gmai.com", "gmail.com"),
        ("ana@gmaill.com", "gmail.com"),
        ("ana@gnail.com", "gmail.com"),
        ("ana@gmail.con", "gmail.com"),
        ("ana@kynet.be", "skynet.be"),
        ("ana@hotmial.be", "hotmail.be"),
        ("ana@hotmail.bee", "hotmail.be"),
        ("ana@Skynt.be", "skynet.be"),
        ("ana@telenet.e", "telenet.be"),
    ],
    ids=["swapped", "missing", "added", "changed", "changed at the end", "first missing", "swapped", "added at the end"]
    + ["missing, in capitals", "missing before the end"],
)
def test_one_slip_from_a_well_known_domain_is_asked_about(typed: str, meant: str) -> None:
    assert likelier_domain(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["ana@gmail.com", "ana@HOTMAIL.be", "ana@example.org", "ana@gmlai.com", "ana@gmaillll.com", "ana@gmia.com", "ana"],
)
def test_a_domain_that_is_known_or_further_away_is_left_alone(typed: str) -> None:
    assert likelier_domain(typed) is None


@pytest.mark.parametrize(
    ("typed", "mailbox"),
    [
        (" Ana@Example.ORG ", "ana@example.org"),
        ("ana+commune@example.org", "ana@example.org"),
        ("a.na.+x@googlemail.com", "ana@gmail.com"),
        ("a.na@example.org", "a.na@example.org"),
    ],
)
def test_an_address_is_read_as_its_provider_reads_it(typed: str, mailbox: str) -> None:
    assert same_mailbox(typed) == mailbox
    assert contact_key(typed, None) == contact_key(mailbox, None)


def test_each_contact_that_was_given_has_a_key_and_the_address_comes_first() -> None:
    email, phone = contact_key("ana@example.org", None), contact_key(None, "+32470123456")

    assert contact_keys("ana@example.org", "+32470123456") == (email, phone)
    assert contact_keys(None, "+32470123456") == (phone,)
    assert contact_keys("", "") == ()
    assert email != phone


@pytest.mark.parametrize("name", ["Chloé Peeters", "PEETERS, Chloé", "peeters  chloe"])
def test_one_person_is_known_again_however_the_name_is_written(name: str) -> None:
    assert person_key(name, "c") == person_key("Chloé Peeters", "c")


def test_a_name_of_signs_alone_is_still_one_persons() -> None:
    assert person_key("☺", "c") != person_key("☻", "c")
    assert person_key("Ana", "c") != person_key("Ana", "d")


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
