"""Ana looks for a service in words of her own."""

from __future__ import annotations

import pytest

from booking.core.translated import Translated
from booking.models import Service
from booking.usecases.search import ranked

NOTHING = Translated({})


def a_service(code: str, name: Translated, synonyms: Translated = NOTHING, details: Translated = NOTHING) -> Service:
    return Service(code=code, name=name, synonyms=synonyms, summary=NOTHING, details=details)


BIKES = a_service(
    "bikes",
    Translated.of(fr="Plaque de vélo", nl="Fietsplaat"),
    Translated.of(fr="bicyclette\ntrottinette électrique", nl="bromfiets, brommer"),
)
BEES = a_service(
    "bees",
    Translated.of(fr="Déclaration de ruches", nl="Bijenkasten aangeven"),
    details=Translated.of(fr="Pas de vélo."),
)
FIREWORKS = a_service("fireworks", Translated.of(fr="Feux d’artifice", nl="Vuurwerk"))
SERVICES = [BEES, BIKES, FIREWORKS]


def found(typed: str, language: str = "fr", services: list[Service] = SERVICES) -> list[str]:
    return [service.code for service in ranked(services, query=typed, language=language)]


@pytest.mark.parametrize(
    "typed", ["vélo", "VELO", "velo", "  vélo !", "des vélos", "je voudrais une plaque pour mon vélo"]
)
def test_accents_case_plurals_and_small_talk_do_not_matter(typed: str) -> None:
    assert found(typed)[0] == "bikes"


@pytest.mark.parametrize("typed", ["bicylette", "bicyclete", "trotinette", "trottinete electrik"])
def test_a_letter_too_few_too_many_or_wrong_does_not_matter(typed: str) -> None:
    assert found(typed) == ["bikes"]


def test_synonyms_count_like_a_name_whether_a_line_or_a_comma_parts_them() -> None:
    assert found("bromfiets", "nl") == found("brommer", "nl") == ["bikes"]


def test_a_word_of_another_language_than_the_page_is_found_too() -> None:
    assert found("vuurwerk", "fr") == ["fireworks"]
    assert found("ruche", "en") == ["bees"]


def test_a_part_of_a_long_word_is_enough_and_so_is_its_beginning() -> None:
    assert found("kasten", "nl") == ["bees"]
    assert found("vuur", "nl") == ["fireworks"]


def test_what_a_service_is_called_comes_before_what_is_merely_said_of_it() -> None:
    assert found("vélo")[0] == "bikes"
    assert found("vélo", services=[BEES, FIREWORKS]) == ["bees"]


def test_a_short_word_is_not_guessed_at() -> None:
    assert found("velu") == []


@pytest.mark.parametrize("typed", ["", "  ", "?!", "je", "le la les", "x", "qwertz uiop", "5"])
def test_words_that_say_nothing_find_nothing(typed: str) -> None:
    assert found(typed) == []


def test_a_question_that_is_hardly_understood_is_not_answered() -> None:
    assert found("vélo samedi piscine musée") == []


def test_new_words_count_from_the_moment_they_are_written() -> None:
    assert found("steps", "nl") == []

    renamed = a_service("bikes", BIKES.name, Translated.of(nl="step"))
    assert found("steps", "nl", [BEES, renamed]) == ["bikes"]


def test_a_commune_without_services_finds_none() -> None:
    assert found("vélo", services=[]) == []
