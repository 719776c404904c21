"""References that are told on the telephone, and links that only we can make."""

from __future__ import annotations

import pytest

from booking.core.references import (
    ALPHABET,
    digest,
    link_token,
    new_key,
    new_reference,
    nonce_of,
    short_token,
    token_of,
    typed_reference,
    wish_key,
)

NONCE = "0" * 32


def test_a_reference_has_no_vowel_and_nothing_that_is_heard_as_something_else() -> None:
    drawn = {new_reference() for _ in range(200)}

    assert len(drawn) == 200
    assert {len(reference) for reference in drawn} == {8}
    assert not set("".join(drawn)) & set("AEIOUY01L")


@pytest.mark.parametrize("typed", ["K7F29MXD", "k7f2 9mxd", " K7F2-9MXD. "])
def test_ana_types_her_reference_as_she_likes(typed: str) -> None:
    assert typed_reference(typed) == "K7F29MXD"


@pytest.mark.parametrize("typed", ["", "K7F29MX", "K7F29MXDD", "K7F29MXO", "K7F29MX0", "é7F29MXD"])
def test_what_cannot_be_a_reference_is_not_searched_for(typed: str) -> None:
    assert typed_reference(typed) is None


def test_a_link_opens_what_it_was_made_for_and_nothing_else() -> None:
    token = link_token("secret", "view", NONCE)

    assert nonce_of("secret", "view", token) == NONCE
    assert nonce_of("secret", "cancel", token) is None
    assert nonce_of("another", "view", token) is None
    assert nonce_of("secret", "view", token[:-1]) is None
    assert nonce_of("secret", "view", f"{token}0") is None
    assert nonce_of("secret", "view", "1" + token[1:]) is None
    assert nonce_of("secret", "view", "é") is None


def test_a_token_is_shorter_in_a_text_message_and_the_same_when_it_comes_back() -> None:
    token = link_token("secret", "view", NONCE)

    assert len(short_token(token)) == 43
    assert token_of(short_token(token)) == token
    for made_up in ("", "x", "é", "/", short_token(token)[:-1], f"{short_token(token)}AAAA"):
        assert nonce_of("secret", "view", token_of(made_up)) is None


def test_the_same_link_can_be_written_again_days_later() -> None:
    assert link_token("secret", "view", NONCE) == link_token("secret", "view", NONCE)
    assert link_token("secret", "view", NONCE) != link_token("secret", "view", new_key())


def test_a_wish_sent_twice_has_one_key_that_nobody_else_can_tell() -> None:
    assert wish_key("secret", "ana", "9:00") == wish_key("secret", "ana", "9:00")
    assert (
        len({wish_key("secret", "ana", "9:00"), wish_key("secret", "ana9", ":00"), wish_key("s", "ana", "9:00")}) == 3
    )


def test_parts_of_a_digest_are_not_run_together() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert len(digest("ab", "c")) == 32


def test_the_alphabet_has_each_sign_once() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET)
