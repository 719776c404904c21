"""What people type leads to the service they mean, with the words that the demonstration carries."""

from __future__ import annotations

import pytest

from booking.core.text import folded
from booking.core.translated import LANGUAGES, OFFICIAL
from booking.demo.content.communes import COMMUNES
from booking.demo.content.services import SERVICES, content_of
from booking.demo.content.synonyms import SYNONYMS
from booking.models import Service
from booking.usecases.search import ranked
from tests.demo.queries import ASKED_OF_US, EVERYDAY, MADE_UP, NOTHING_MEANT

OFFERED = [
    Service(code=said.code, name=said.name, synonyms=said.synonyms, summary=said.summary, details=said.details)
    for said in (content_of(one, COMMUNES[0], group_id=1) for one in SERVICES)
]

EVERY_QUESTION = [*ASKED_OF_US, *MADE_UP, *EVERYDAY]
MOST_SIGNS = 1000


def found(typed: str, language: str) -> list[str]:
    return [service.code for service in ranked(OFFERED, query=typed, language=language)]


@pytest.mark.parametrize(("language", "typed", "wanted"), EVERY_QUESTION)
def test_the_first_service_is_the_one_that_was_meant(language: str, typed: str, wanted: set[str]) -> None:
    assert found(typed, language)[:1] in [[code] for code in wanted]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", NOTHING_MEANT)
def test_what_means_nothing_finds_nothing(typed: str, language: str) -> None:
    assert found(typed, language) == []


@pytest.mark.parametrize(("language", "typed", "wanted"), EVERY_QUESTION)
def test_a_question_is_answered_by_a_few_services_and_never_by_the_whole_list(
    language: str, typed: str, wanted: set[str]
) -> None:
    assert len(found(typed, language)) <= 8


def test_every_service_has_words_of_its_own_in_every_language() -> None:
    assert SYNONYMS.keys() == {service.code for service in SERVICES}
    assert [code for code, words in SYNONYMS.items() if words.missing(LANGUAGES)] == []


def test_the_words_of_a_service_fit_into_the_form_where_they_are_changed() -> None:
    assert [code for code, words in SYNONYMS.items() if any(len(text) > MOST_SIGNS for _, text in words)] == []


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.code)
@pytest.mark.parametrize("language", OFFICIAL)
def test_a_service_is_found_by_each_of_its_names(service, language) -> None:  # type: ignore[no-untyped-def]
    for name in SYNONYMS[service.code].in_(language).splitlines():
        if len(folded(name)) > 2:
            assert service.code in found(name, language)[:3], name
