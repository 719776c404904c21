from __future__ import annotations

from datetime import date, time

import pytest

from booking.words import formatting

THURSDAY = date(2026, 12, 3)
NEW_YEAR = date(2027, 1, 1)

# A tilde stands for U+00A0 and a low line for U+202F, so that the eye can tell them from a space.
SHOWN = str.maketrans({"\u00a0": "~", "\u202f": "_"})


def shown(text: str) -> str:
    return text.translate(SHOWN)


DATES = [
    # function, day, fr, nl, de, en
    (
        formatting.date_sentence,
        THURSDAY,
        "jeudi 3~décembre 2026",
        "donderdag 3~december 2026",
        "Donnerstag, 3.~Dezember 2026",
        "Thursday 3~December 2026",
    ),
    (
        formatting.date_sentence,
        NEW_YEAR,
        "vendredi 1er~janvier 2027",
        "vrijdag 1~januari 2027",
        "Freitag, 1.~Januar 2027",
        "Friday 1~January 2027",
    ),
    (
        formatting.date_without_year,
        THURSDAY,
        "jeudi 3~décembre",
        "donderdag 3~december",
        "Donnerstag, 3.~Dezember",
        "Thursday 3~December",
    ),
    (
        formatting.date_without_weekday,
        NEW_YEAR,
        "1er~janvier 2027",
        "1~januari 2027",
        "1.~Januar 2027",
        "1~January 2027",
    ),
    (formatting.date_narrow, THURSDAY, "je. 3~déc.", "do. 3~dec.", "Do., 03.12.2026", "Thu 3~Dec"),
    (formatting.date_narrow, NEW_YEAR, "ve. 1er~janv.", "vr. 1~jan.", "Fr., 01.01.2027", "Fri 1~Jan"),
    (formatting.date_narrow, date(2027, 5, 11), "ma. 11~mai", "di. 11~mei", "Di., 11.05.2027", "Tue 11~May"),
    (formatting.date_numeric, THURSDAY, "03/12/2026", "03/12/2026", "03.12.2026", "03/12/2026"),
    (formatting.day_of_week, THURSDAY, "jeudi", "donderdag", "Donnerstag", "Thursday"),
    (formatting.day_of_week_short, THURSDAY, "je", "do", "Do", "Thu"),
]

TIMES = [
    (formatting.time_sentence, time(8, 30), "8_h_30", "8.30~uur", "8.30~Uhr", "8:30"),
    (formatting.time_sentence, time(9), "9_h", "9~uur", "9~Uhr", "9:00"),
    (formatting.time_sentence, time(9, 5), "9_h_05", "9.05~uur", "9.05~Uhr", "9:05"),
    (formatting.time_sentence, time(14, 30), "14_h_30", "14.30~uur", "14.30~Uhr", "14:30"),
    (formatting.time_short, time(8, 30), "8_h_30", "8.30", "8.30", "8:30"),
    (formatting.time_short, time(9), "9_h", "9.00", "9.00", "9:00"),
]

SPANS = [
    (
        time(8, 30),
        time(12, 30),
        "de 8_h_30 à 12_h_30",
        "van 8.30 tot 12.30~uur",
        "von 8.30 bis 12.30~Uhr",
        "8:30 to 12:30",
    ),
    (time(9), time(12), "de 9_h à 12_h", "van 9 tot 12~uur", "von 9 bis 12~Uhr", "9:00 to 12:00"),
]

NUMBERS = [
    (formatting.money, 2500, "25~€", "25~€", "25~€", "€25"),
    (formatting.money, 640, "6,40~€", "6,40~€", "6,40~€", "€6.40"),
    (formatting.money, 125000, "1_250~€", "1.250~€", "1.250~€", "€1,250"),
    (formatting.money, 0, "gratuit", "gratis", "kostenlos", "free"),
    (formatting.minutes, 15, "15~minutes", "15~minuten", "15~Minuten", "15~minutes"),
    (formatting.minutes, 1, "1~minute", "1~minuut", "1~Minute", "1~minute"),
    (formatting.month_name, 12, "décembre", "december", "Dezember", "December"),
    (formatting.listing, ["a", "b", "c"], "a, b et c", "a, b en c", "a, b und c", "a, b and c"),
    (formatting.listing, [], "", "", "", ""),
    (formatting.phone_shown, "+3221234567", "02~123~45~67", "02~123~45~67", "02~123~45~67", "+32~2~123~45~67"),
    (formatting.phone_shown, "+32470123456", "0470~12~34~56", "0470~12~34~56", "0470~12~34~56", "+32~470~12~34~56"),
    (formatting.phone_shown, "+33123456789", "+33~1~23~45~67~89", "+33~1~23~45~67~89", "+33~1~23~45~67~89",
     "+33~1~23~45~67~89"),
    (formatting.phone_shown, "par l’accueil", "par l’accueil", "par l’accueil", "par l’accueil", "par l’accueil"),
]  # fmt: skip

IN_ORDER = ("fr", "nl", "de", "en")


@pytest.mark.parametrize(("write", "given", "fr", "nl", "de", "en"), [*DATES, *TIMES, *NUMBERS])
def test_each_language_writes_its_own_way(write, given, fr, nl, de, en):
    assert [shown(write(given, language)) for language in IN_ORDER] == [fr, nl, de, en]


@pytest.mark.parametrize(("start", "end", "fr", "nl", "de", "en"), SPANS)
def test_hours_from_and_until(start, end, fr, nl, de, en):
    assert [shown(formatting.span_sentence(start, end, language)) for language in IN_ORDER] == [fr, nl, de, en]


def test_a_moment_is_a_day_and_a_time_in_one_breath():
    told = [shown(formatting.moment_sentence(THURSDAY, time(8, 30), language)) for language in IN_ORDER]
    assert told == [
        "jeudi 3~décembre 2026 à 8_h_30",
        "donderdag 3~december 2026 om 8.30~uur",
        "Donnerstag, 3.~Dezember 2026, um 8.30~Uhr",
        "Thursday 3~December 2026 at 8:30",
    ]


def test_a_subject_line_leaves_the_year_out():
    told = [shown(formatting.moment_without_year(THURSDAY, time(8, 30), language)) for language in IN_ORDER]
    assert told == [
        "jeudi 3~décembre à 8_h_30",
        "donderdag 3~december om 8.30~uur",
        "Donnerstag, 3.~Dezember, um 8.30~Uhr",
        "Thursday 3~December at 8:30",
    ]


def test_a_calendar_is_headed_by_month_and_year():
    assert [formatting.month_title(2026, 12, language) for language in IN_ORDER] == [
        "Décembre 2026",
        "December 2026",
        "Dezember 2026",
        "December 2026",
    ]


def test_in_a_sentence_a_month_is_written_as_any_other_word():
    assert [formatting.month_sentence(2026, 12, language) for language in IN_ORDER] == [
        "décembre 2026",
        "december 2026",
        "Dezember 2026",
        "December 2026",
    ]


def test_a_whole_hour_never_shows_its_zeros_in_a_french_or_dutch_sentence():
    for hour in range(24):
        assert "00" not in formatting.time_sentence(time(hour), "fr")
        assert "00" not in formatting.time_sentence(time(hour), "nl")


def test_both_languages_share_one_clock_in_the_hall():
    assert formatting.time_plain(time(8, 5)) == "08:05"


def test_a_reference_is_read_out_in_two_groups():
    assert shown(formatting.reference_shown("K7F29MXD")) == "K7F2~9MXD"


def test_a_number_that_somebody_wrote_in_groups_stays_on_one_line():
    assert formatting.numbers_whole("Appelez le 02 555 01 10.") == "Appelez le 02\u00a0555\u00a001\u00a010."
