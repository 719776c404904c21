"""Finding the service that somebody describes in words of their own.

Every service is known by its name, its synonyms, its sentence and its text, in all their languages: somebody who reads
French types a Dutch word. A word of the question meets a word of the service when both have one stem, when the one is
the beginning or a part of the other, or when a typing error lies between them. Rare words weigh more than frequent
ones, names more than texts, and a service that is called exactly what was asked comes first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log1p

import snowballstemmer
from rapidfuzz import process
from rapidfuzz.distance import OSA

from booking.core.fillers import FILLERS
from booking.core.text import folded
from booking.core.translated import LANGUAGES, Translated
from booking.models import Service

STEMMERS = {"fr": "french", "nl": "dutch", "en": "english", "de": "german"}
WEIGHTS = {"name": 1.0, "synonyms": 1.0, "summary": 0.5, "details": 0.2}
CALLS = ("name", "synonyms")
FOREIGN = 0.8
"""What a word of another language than the page's counts."""

SAME, BEGINNING, PART, MISTYPED = 1.0, 0.7, 0.55, 0.75
SHORTEST_BEGINNING, SHORTEST_PART, SHORTEST_MISTYPED, LONG = 3, 4, 5, 8
AS_CALLED = 1.5
"""How much it counts that a service is called what was asked, against the words one by one."""

HALF = 0.5
LEAST_OF_BEST = 0.3
MOST_FOUND = 8


@dataclass(frozen=True)
class Asked:
    """A word of the question: as typed, and its stem in each language. The last one may not be typed to its end."""

    word: str
    stems: Mapping[str, str]
    is_last: bool


# What a word of the question may be: a stem of a language, and how surely it is that.
Meanings = Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Words:
    """What a service says in one language: each stem with the weight of the best place it stands in.

    ``called`` holds its name and its synonyms, each as the stems that make it up.
    """

    weights: Mapping[str, float]
    called: frozenset[frozenset[str]]


@dataclass(frozen=True)
class Index:
    """The words of some services. ``spellings`` leads from each written word of a language to its stem."""

    services: tuple[Mapping[str, Words], ...]
    spellings: Mapping[str, Mapping[str, str]]
    rarity: Mapping[str, Mapping[str, float]]


def ranked(services: Sequence[Service], *, query: str, language: str) -> list[Service]:
    """The services that ``query`` may mean, best first; none when hardly a word of it is known.

    ``language`` is that of the page: its words count a little more than those of the others.
    """
    index = index_of(tuple((one.name, one.synonyms, one.summary, one.details) for one in services))
    asked = words_of(query)
    meant = [meanings_of(index, one, language) for one in asked]
    known = [found for found, one in zip(meant, asked, strict=True) if found or len(one.word) > 1]
    if not asked or sum(bool(found) for found in known) < HALF * len(known):
        return []
    scores = [score(index, number, meant, language) for number in range(len(services))]
    best = max(scores, default=0.0)
    order = sorted(range(len(services)), key=lambda number: (-scores[number], number))
    return [services[n] for n in order if scores[n] > 0 and scores[n] >= LEAST_OF_BEST * best][:MOST_FOUND]


def words_of(query: str) -> list[Asked]:
    """The words of a question that say something."""
    written = folded(query).split()
    telling = [word for word in written if word not in FILLERS]
    stems = {language: stemmed(language, telling) for language in LANGUAGES}
    return [
        Asked(word, {language: stems[language][place] for language in LANGUAGES}, place == len(telling) - 1)
        for place, word in enumerate(telling)
    ]


def meanings_of(index: Index, asked: Asked, language: str) -> Meanings:
    """The words of the services that ``asked`` may be.

    A typing error is thought of only for a word that nobody knows as it is written.
    """
    found: dict[tuple[str, str], float] = {}
    for spoken, spellings in index.spellings.items():
        for stem, likeness in alike(asked, spoken, spellings):
            found[spoken, stem] = max(found.get((spoken, stem), 0.0), likeness)
    if any(spoken == language for spoken, _ in found):
        return found
    for spoken, spellings in index.spellings.items():
        if spoken == language or not found:
            for stem, likeness in mistyped(asked.word, spellings):
                found[spoken, stem] = max(found.get((spoken, stem), 0.0), likeness)
    return found


def alike(asked: Asked, language: str, spellings: Mapping[str, str]) -> Iterator[tuple[str, float]]:
    """Stems that are that of the word, or that it begins, contains or is contained in."""
    word, stem = asked.word, asked.stems[language]
    for spelling, known in spellings.items():
        if known == stem or spelling == word:
            yield known, SAME
        elif asked.is_last and len(word) >= SHORTEST_BEGINNING and spelling.startswith(word):
            yield known, BEGINNING
        elif is_part(word, spelling):
            yield known, PART


def is_part(word: str, spelling: str) -> bool:
    """Whether one of the two stands in the other, as in *bewonerskaart* and *Wohnsitzbescheinigung*."""
    inside = len(word) >= SHORTEST_PART and spelling.endswith(word)
    around = len(spelling) >= SHORTEST_PART and (word.startswith(spelling) or word.endswith(spelling))
    return inside or around


def mistyped(word: str, spellings: Mapping[str, str]) -> Iterator[tuple[str, float]]:
    """Stems of words that differ by a letter, or by two when the word is long: one wrong, missing, added or swapped."""
    if len(word) < SHORTEST_MISTYPED or word.isdigit():
        return
    most = 2 if len(word) >= LONG else 1
    for spelling, errors, _ in process.extract(
        word, list(spellings), scorer=OSA.distance, score_cutoff=most, limit=None
    ):
        yield spellings[spelling], MISTYPED / errors


def score(index: Index, number: int, meant: Sequence[Meanings], language: str) -> float:
    """How well a service answers: what its words weigh, and how near it comes to being called what was asked."""
    said = index.services[number]
    weight = {spoken: 1.0 if spoken == language else FOREIGN for spoken in said}
    words = sum(
        max(
            (
                sureness * index.rarity[spoken][stem] * said[spoken].weights.get(stem, 0.0) * weight[spoken]
                for (spoken, stem), sureness in meanings.items()
            ),
            default=0.0,
        )
        for meanings in meant
    )
    return words + AS_CALLED * max(nearness(index, number, meant, spoken) * weight[spoken] for spoken in said)


def nearness(index: Index, number: int, meant: Sequence[Meanings], language: str) -> float:
    """What the question and the nearest name or synonym have in common, weighed by how rare the words are.

    It is all of their weight when both are the same, and the less of it the more either says besides.
    """
    rarity = index.rarity[language]
    here = [{stem: sure for (spoken, stem), sure in meanings.items() if spoken == language} for meanings in meant]
    asked = sum(max((rarity[stem] for stem in stems), default=1.0) for stems in here)
    best = 0.0
    for called in index.services[number][language].called:
        both = sum(max((stems[stem] * rarity[stem] for stem in stems.keys() & called), default=0.0) for stems in here)
        best = max(best, 2 * both * both / (asked + sum(rarity[stem] for stem in called)))
    return best


@lru_cache(maxsize=64)
def index_of(texts: tuple[tuple[Translated, ...], ...]) -> Index:
    """The words of services (``WEIGHTS`` says which texts, in that order), made once while these stay what they are."""
    spellings: dict[str, dict[str, str]] = {}
    services: list[dict[str, Words]] = [{} for _ in texts]
    rarity: dict[str, dict[str, float]] = {}
    for language in LANGUAGES:
        written = {word for said in texts for text in said for word in telling(text.texts.get(language, ""))}
        ordered = sorted(written)
        spellings[language] = dict(zip(ordered, stemmed(language, ordered), strict=True))
        for place, said in enumerate(texts):
            services[place][language] = words_in(said, language, spellings[language])
        frequency = Counter(stem for service in services for stem in service[language].weights)
        rarity[language] = {stem: log1p(len(texts) / times) for stem, times in frequency.items()}
    return Index(tuple(services), spellings, rarity)


def words_in(said: tuple[Translated, ...], language: str, spellings: Mapping[str, str]) -> Words:
    weights: dict[str, float] = {}
    called = set()
    for field, text in zip(WEIGHTS, said, strict=True):
        written = text.texts.get(language, "")
        for phrase in phrases(written) if field in CALLS else [written]:
            stems = frozenset(spellings[word] for word in telling(phrase))
            weights |= {stem: max(weights.get(stem, 0.0), WEIGHTS[field]) for stem in stems}
            if field in CALLS and stems:
                called.add(stems)
    return Words(weights, frozenset(called))


def phrases(text: str) -> list[str]:
    """What a name or a list of synonyms is made of: one by line, comma, colon or bracket."""
    for mark in ",;:()":
        text = text.replace(mark, "\n")
    return text.splitlines()


def telling(text: str) -> list[str]:
    return [word for word in folded(text).split() if word not in FILLERS]


def stemmed(language: str, words: Sequence[str]) -> list[str]:
    """The stems of folded words. A stemmer remembers the word it works on, so each call has one of its own."""
    return list(snowballstemmer.stemmer(STEMMERS[language]).stemWords(words))
