"""What people write about themselves: kept as it is, but for what must not be kept."""

from __future__ import annotations

import pytest

from booking.core.errors import BookingError, LooksLikeNationalNumber, NameMissing, TextTooLong
from booking.core.text import NAME_LENGTH, clean, clean_name, folded, looks_like_national_number

BORN_IN_1985, BORN_IN_2012 = "85073003328", "12010100163"
"""Their checks hold for their own century alone: the second counts with a 2 in front."""


@pytest.mark.parametrize(
    "typed",
    [
        BORN_IN_1985,
        BORN_IN_2012,
        "85.07.30-033.28",
        "12.01.01-001.63",
        "12 01 01 001 63",
        "12/01/01-001-63",
        f"Ana Peeters ({BORN_IN_1985})",
        f"02 123 45 67, {BORN_IN_2012}",
    ],
)
def test_a_national_number_is_recognised_however_it_is_written(typed: str) -> None:
    assert looks_like_national_number(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "85073003329",
        "12010100164",
        f"1{BORN_IN_1985}",
        f"{BORN_IN_1985}0",
        BORN_IN_1985[:-1],
        "0470 12 34 56",
        "B-2012-001",
        "",
    ],
)
def test_a_file_number_or_a_telephone_is_nobodys_national_number(typed: str) -> None:
    assert not looks_like_national_number(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ana \t Peeters\n", "Ana Peeters"),
        ("Ana\u00a0Peeters", "Ana Peeters"),
        ("Chloe\u0301", "Chloé"),
        ("Ana\x00 \x07Peeters", "Ana Peeters"),
        ("ana\u202egnp.exe", "anagnp.exe"),
        ("An\u200ba\ufeff", "Ana"),
        ("نرگس\u200cزاده", "نرگس\u200cزاده"),
        ("D’Hondt-O'Brien", "D’Hondt-O'Brien"),
    ],
    ids=["spaces", "a fixed space", "composed", "control", "direction", "nothing to see", "a joiner", "marks"],
)
def test_what_is_typed_stands_on_one_line_without_what_nobody_sees(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize("name", ["Ana", "李", "محمد", "Ngọc Ánh", "X Æ A-12", "Ana 2", "N" * NAME_LENGTH])
def test_a_name_is_kept_in_any_script_and_one_word_is_enough(name: str) -> None:
    assert clean_name(f" {name} ") == name


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", NameMissing),
        (" \u200b ", NameMissing),
        ("12", NameMissing),
        ("!", NameMissing),
        (BORN_IN_1985, LooksLikeNationalNumber),
        (f"Ana {BORN_IN_2012}", LooksLikeNationalNumber),
        ("N" * (NAME_LENGTH + 1), TextTooLong),
    ],
)
def test_what_is_no_name_is_refused_by_its_own_word(typed: str, refusal: type[BookingError]) -> None:
    with pytest.raises(refusal):
        clean_name(typed)


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("Chloé", "chloe"),
        ("D’Hondt", "d hondt"),
        ("Œuvré-Straße", "oeuvre strasse"),
        ("Łukasz Ørsted", "lukasz orsted"),
        ("YILDIZ Işık", "yildiz isik"),
        ("Van  den\u00a0Bossche", "van den bossche"),
    ],
)
def test_a_name_is_found_by_who_types_it_on_a_plain_keyboard(written: str, searched: str) -> None:
    assert folded(written) == searched
    assert folded(searched) == searched
