"""A telephone's codes and those on paper: right, in time, readable, and never in the open in the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from booking.core.second_factor import (
    CODES,
    address,
    code_at,
    coming_secret,
    kept_code,
    new_codes,
    new_secret,
    opened,
    sealed,
    spelled,
    step_at,
    step_of,
    typed_code,
)

# RFC 6238, appendix B: the secret of its examples, moments, and the last six of the eight digits it gives.
EXAMPLE = b"12345678901234567890"
GIVEN = {
    59: "287082",
    1_111_111_109: "081804",
    1_111_111_111: "050471",
    1_234_567_890: "005924",
    2_000_000_000: "279037",
    20_000_000_000: "353130",
}
NOW = datetime(2027, 1, 4, 7, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "code"), GIVEN.items())
def test_a_telephone_shows_what_the_standard_gives(seconds: int, code: str) -> None:
    assert code_at(EXAMPLE, step_at(datetime.fromtimestamp(seconds, UTC))) == code


@pytest.mark.parametrize(("late", "counts"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_a_code_counts_half_a_minute_before_and_after_its_own(late: int, counts: bool) -> None:
    shown = code_at(EXAMPLE, step_at(NOW + timedelta(seconds=late)))

    assert (step_of(EXAMPLE, shown, now=NOW) is not None) == counts


def test_a_code_is_typed_as_it_is_shown_in_two_groups() -> None:
    shown = code_at(EXAMPLE, step_at(NOW))

    assert step_of(EXAMPLE, f" {shown[:3]} {shown[3:]} ", now=NOW) == step_at(NOW)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "１２３４５６", "abcdef", "\ud800"])
def test_what_is_no_code_counts_for_nothing(typed: str) -> None:
    assert step_of(EXAMPLE, typed, now=NOW) is None


def test_a_secret_is_sealed_anew_each_time_and_opened_with_its_key_alone() -> None:
    secret = new_secret()
    one, other = sealed("key", secret), sealed("key", secret)

    assert one != other
    assert secret.hex() not in one
    assert opened("key", one) == opened("key", other) == secret
    assert opened("another key", one) != secret


def test_a_session_is_shown_one_secret_and_another_session_another() -> None:
    assert coming_secret("key", "token") == coming_secret("key", "token") != coming_secret("key", "another")
    assert coming_secret("key", "token") != coming_secret("another key", "token")


def test_the_secret_is_told_in_letters_and_for_a_camera() -> None:
    assert spelled(EXAMPLE) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    assert address(EXAMPLE, account="dora@nord.example", issuer="Guichet") == (
        "otpauth://totp/Guichet%3Adora%40nord.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Guichet"
    )


def test_codes_on_paper_are_read_however_they_are_typed() -> None:
    code, *others = new_codes()

    assert len({code, *others}) == CODES
    assert kept_code(1, code) == kept_code(1, code.lower().replace("-", "  ")) != kept_code(2, code)
    assert typed_code("287082") is None
