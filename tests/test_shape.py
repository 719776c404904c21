"""The suite guards the shape: floors, doors, refusals, migrations, texts and pages."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import signature
from pathlib import Path
from pkgutil import walk_packages

import pytest
from alembic.script import ScriptDirectory
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask import Flask

import booking
from booking.core.errors import BookingError
from booking.web.answers import ANSWERS, sentence_of
from booking.words.catalogues import INTERFACE_LANGUAGES, SOURCE
from tests.databases import Database, Databases
from tests.shape import MIGRATIONS, ROOT, blanks, called_in, calls_in, imports_of, migrate, schema_of, texts_in_the_tree

# An allow-list: on which places of booking/ each may lean. Whatever is not said here is refused.
FLOORS = {"core", "models", "usecases"}
LEANS_ON = {
    "core": {"core"},
    "models": {"core", "models"},
    "usecases": FLOORS,
    "words": {"core", "words"},
    "settings": {"core", "mailserver", "textgateway"},
    "mailbox": set(),
    "mailserver": set(),
    "textgateway": set(),
    "passwords": set(),
    "yamlfile": {"core"},
    "archive": {*FLOORS, "yamlfile"},
    "pictures": {"core"},
    "paper": {"core", "words", "paper"},
    "logs": {"settings"},
    "database": {"models", "settings"},
    # The edges stand side by side and do not know one another, except that commands start the rest.
    "delivery": {"core", "words", "delivery", "mailbox", "mailserver", "textgateway"},
    # How a letter reads is shown before it is sent; carrying it is the business of delivery alone.
    "web": {*FLOORS, "words", "settings", "database", "mailbox", "passwords", "pictures", "paper", "web"}
    | {"delivery.writing", "yamlfile", "archive"},
    "worker": {*FLOORS, "settings", "database", "delivery", "mailbox", "paper"},
    "demo": {*FLOORS, "settings", "database", "passwords", "demo"},
    "serving": {"core", "settings", "demo"},
    "cli": {*FLOORS, "words", "cli", "database", "passwords", "yamlfile", "archive", "demo", "serving", "worker"},
    "__init__": {"settings", "logs", "database", "web", "cli"},
}
# What those may import beside the standard library that are meant to be read, tested or moved alone.
BESIDE = {
    "core": set(),
    "models": {"sqlalchemy"},
    "usecases": {"holidays", "rapidfuzz", "snowballstemmer", "sqlalchemy"},
    "words": {"babel", "icalendar", "phonenumbers"},
    "settings": set(),
    "mailbox": set(),
    "mailserver": set(),
    "textgateway": set(),
    "passwords": {"argon2"},
    "yamlfile": {"ruamel"},
    "pictures": {"PIL"},
    "delivery": {"jinja2", "markupsafe"},
    "paper": {"jinja2", "markupsafe", "weasyprint"},
}

MODULES = sorted((ROOT / "booking").rglob("*.py"))
WEB_TEMPLATES = sorted((ROOT / "booking/web/templates").rglob("*.html"))
OWN_STATIC = sorted(path for path in (ROOT / "static").rglob("*") if path.suffix in {".css", ".js", ".svg"})
CATALOGUES = tuple(language for language in INTERFACE_LANGUAGES if language != SOURCE)

# The same word in English, on purpose.
SAME: dict[str, set[str]] = {
    "fr": {
        "Absence",
        "Actions",
        "Agenda",
        "Agent",
        "Logo",
        "Commune",
        "Communes",
        "Configuration",
        "Journal",
        "Message",
        "Messages",
        "Organisation",
        "Ticket",
        "Ticket %(number)s",
        "Tickets",
        "absence",
        "commune",
        "journal",
        "ticket",
    },
    "nl": {
        "%(office)s: %(paper)s",
        "%(outcome)s, link",
        "Agenda",
        "Logo",
        "Platform",
        "Postcodes",
        "Privacy",
        "Ticket",
        "Ticket %(number)s",
        "Tickets",
        "Week",
        "auditor",
        "letter",
        "open",
        "ticket",
    },
    "de": {"%(office)s: %(paper)s", "Logo", "Name", "Organisation"},
}


def modules(place: str) -> list[Path]:
    """The files of a place: a folder of booking/, or a single file."""
    return sorted((ROOT / "booking" / place).rglob("*.py")) or [ROOT / "booking" / f"{place}.py"]


def places(name: str) -> tuple[str, str]:
    """What is imported: the package it comes from, and which floor of ours when it is ours."""
    package, _, rest = name.partition(".")
    return package, rest.partition(".")[0] if package == "booking" else ""


def is_within(name: str, allowed: set[str]) -> bool:
    """Whether what is imported from ``booking`` is in one of these places, or in one module of a place."""
    parts = name.split(".")[1:]
    return bool(allowed & {".".join(parts[:1]), ".".join(parts[:2])})


def name_of(path: object) -> str:
    return str(path.relative_to(ROOT)) if isinstance(path, Path) else str(path)


def test_every_module_has_its_place() -> None:
    assert {path.relative_to(ROOT / "booking").parts[0].removesuffix(".py") for path in MODULES} == LEANS_ON.keys()


@pytest.mark.parametrize("place", LEANS_ON)
def test_nothing_leans_on_what_is_above_or_beside_it(place: str) -> None:
    for path in modules(place):
        for name in imports_of(path):
            package, _ = places(name)
            if package == "booking":
                assert is_within(name, LEANS_ON[place]), f"{name_of(path)} imports {name}"
            elif place in BESIDE:
                assert package in sys.stdlib_module_names | BESIDE[place], f"{name_of(path)} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_what_is_imported_is_named_in_full_where_it_can_be_seen(path: Path) -> None:
    assert [name for name in imports_of(path) if name.startswith((".", "importlib", "pkgutil", "runpy"))] == []
    assert "__import__" not in called_in(path)


def test_a_transaction_ends_in_the_database_module_only() -> None:
    ending = {name_of(path) for path in MODULES if {"commit", "rollback"} & called_in(path)}

    assert ending == {"booking/database.py"}


@pytest.mark.parametrize("path", modules("web"), ids=name_of)
def test_pages_read_and_leave_writing_to_use_cases(path: Path) -> None:
    statements = {"insert", "update", "delete"} & {
        name.split(".")[-1] for name in imports_of(path) if "sqlalchemy" in name
    }
    asked = {verb for on, verb in calls_in(path) if on in {"read", "session"}} & {
        "add",
        "add_all",
        "delete",
        "merge",
        "flush",
    }

    assert statements | asked == set()


def test_only_the_database_module_knows_flask_sqlalchemy() -> None:
    knowing = [path for path in MODULES if "flask_sqlalchemy" in {places(n)[0] for n in imports_of(path)}]

    assert [name_of(path) for path in knowing] == ["booking/database.py"]


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("production", [False, True], ids=["in development", "in production"])
def test_every_view_says_who_it_is_for(make_app: Callable[..., Flask], production: bool) -> None:
    views = make_app(production=production).view_functions
    silent = [name for name, view in views.items() if not hasattr(view, "open_to")]

    assert silent == []


def every_refusal() -> list[type[BookingError]]:
    """Wherever in the tree somebody has declared one."""
    for module in walk_packages(booking.__path__, "booking."):
        import_module(module.name)
    return list(refusals_below(BookingError))


def refusals_below(refusal: type[BookingError]) -> Iterator[type[BookingError]]:
    for one in refusal.__subclasses__():
        yield one
        yield from refusals_below(one)


@pytest.mark.parametrize("refusal", every_refusal(), ids=lambda refusal: refusal.__name__)
def test_every_refusal_has_a_status_and_a_sentence_that_its_facts_fill(refusal: type[BookingError]) -> None:
    own = signature(refusal).parameters.values()
    said = sentence_of(refusal(**{fact.name: 2 for fact in own if fact.kind == fact.KEYWORD_ONLY}))

    assert 400 <= ANSWERS[refusal][0] < 500
    assert said.endswith((".", "?"))
    assert "%" not in said


def revisions() -> list[str]:
    """The numbers of the migrations, first to last; fails when the chain has two ends."""
    script = ScriptDirectory(str(MIGRATIONS))
    (head,) = script.get_heads()
    return [step.revision for step in script.walk_revisions("base", head)][::-1]


def test_migrations_are_one_chain_of_numbers_that_their_files_carry() -> None:
    numbered = [f"{number:04}" for number in range(1, len(revisions()) + 1)]

    assert revisions() == numbered
    assert [path.name[:5] for path in sorted((MIGRATIONS / "versions").glob("*.py"))] == [f"{n}_" for n in numbered]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_migrations_build_the_schema_that_the_models_describe(
    engine: str, databases: Databases, app_on: Callable[[Database], Flask]
) -> None:
    described, migrated = (databases.bare(engine, use) for use in ("described", "migrated"))
    described.create()
    migrate(app_on(migrated), to="head")

    assert schema_of(migrated.engine) == schema_of(described.engine)


@pytest.fixture(scope="module", params=CATALOGUES)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    with catalogue_file(request.param).open("rb") as file:
        return read_po(file, locale=request.param)


@pytest.fixture(scope="module")
def wanted() -> dict[str, tuple[str, ...]]:
    """The sentences that a catalogue must have."""
    return texts_in_the_tree()


def catalogue_file(language: str, suffix: str = ".po") -> Path:
    return (ROOT / "booking/translations" / language / "LC_MESSAGES/messages").with_suffix(suffix)


def test_every_sentence_of_the_tree_is_translated(catalogue: Catalog, wanted: dict[str, tuple[str, ...]]) -> None:
    known = {
        (message.id if isinstance(message.id, str) else message.id[0]): message for message in catalogue if message.id
    }

    assert wanted.keys() - known.keys() == set(), "sentences without an entry"
    assert known.keys() - wanted.keys() == set(), "entries that nobody says any more"
    assert [id_ for id_, message in known.items() if message.fuzzy] == []
    empty = [id_ for id_, message in known.items() if not all(strings_of(message.string))]
    assert empty == []


def test_every_translation_has_the_blanks_of_its_sentence(catalogue: Catalog) -> None:
    for message in catalogue:
        wished, said = strings_of(message.id), [string for string in strings_of(message.string) if string]
        if message.id and said:
            # A singular may say its number in words; the plural has every blank.
            assert blanks(said[-1]) == blanks(wished[-1]), said
            assert all(blanks(string) <= blanks(wished[-1]) for string in said), said
    assert [(message.id, faults) for message, faults in catalogue.check()] == []


def test_no_sentence_has_a_bare_percent_sign() -> None:
    """Every sentence is filled like a form, so a lone % breaks the page it stands on."""
    assert [
        id_ for ids in texts_in_the_tree().values() for id_ in ids if id_ and re.search(r"%(?!\(\w+\)[sd])", id_)
    ] == []


def test_no_translation_was_left_in_english(catalogue: Catalog) -> None:
    left = {message.id for message in catalogue if message.id and message.id == message.string}

    assert left - SAME[str(catalogue.locale)] == set()


@pytest.mark.parametrize("language", CATALOGUES)
def test_the_compiled_catalogue_says_what_the_source_says(language: str) -> None:
    with catalogue_file(language).open("rb") as source, catalogue_file(language, ".mo").open("rb") as compiled:
        said = [
            {
                strings_of(message.id): strings_of(message.string)
                for message in catalogue
                if message.id and message.string
            }
            for catalogue in (read_po(source), read_mo(compiled))
        ]

    assert said[0] == said[1]


def test_french_leaves_no_plain_space_before_its_high_punctuation() -> None:
    with catalogue_file("fr").open("rb") as file:
        said = [string for message in read_po(file) if message.id for string in strings_of(message.string)]

    assert [string for string in said if re.search(r" [;:!?»]|« ", string)] == []
    assert [string for string in said if re.search("«[^\u00a0]|[^\u00a0]»", string)] == [], "the wide one inside quotes"


UNITS = (
    "minutes?|jours?|semaines|mois|personnes?|caractères|octobre|"
    "minuut|minuten|dag|dagen|weken|maand|maanden|persoon|personen|tekens|oktober|"
    "Minuten?|Tagen?|Wochen|Monaten?|Personen?|Zeichen|Oktober"
)


def test_no_line_ends_between_a_number_and_its_unit_nor_inside_a_title(catalogue: Catalog) -> None:
    said = [string for message in catalogue if message.id for string in strings_of(message.string)]

    assert [string for string in said if re.search(rf"(\d|%\(\w+\)s) ({UNITS})\b", string)] == []
    assert [string for string in said if "\u00ad" in string] == [], "a soft hyphen would travel into titles and copies"


def strings_of(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


INLINE = {
    "a script in the page": r"<script(?![^>]*\bsrc=)",
    "a style sheet in the page": r"<style\b",
    "a style on an element": r"\sstyle\s*=",
    "a handler on an element": r"<[^>]*\son[a-z]+\s*=",
    "an address that runs": r"javascript:",
}
# Whatever would follow it: a tag, a style sheet or a script. The name of a notation is an address that nobody fetches.
ELSEWHERE = r"""(?<![:\w])(?<!xmlns=")(?:(?:https?|wss?):)?//\w"""


@pytest.mark.parametrize("template", WEB_TEMPLATES, ids=name_of)
def test_no_page_has_scripts_styles_or_handlers_inside(template: Path) -> None:
    said = without_comments(template.read_text())

    assert [what for what, pattern in INLINE.items() if re.search(pattern, said, re.IGNORECASE)] == []


@pytest.mark.parametrize("path", [*WEB_TEMPLATES, *OWN_STATIC], ids=name_of)
def test_nothing_is_fetched_from_anywhere_else(path: Path) -> None:
    assert re.findall(ELSEWHERE, without_comments(path.read_text()), re.IGNORECASE) == []


def without_comments(template: str) -> str:
    return re.sub(r"\{#.*?#\}|/\*.*?\*/", "", template, flags=re.DOTALL)


def test_no_test_sleeps_or_asks_what_day_it_is() -> None:
    waits = {"sleep", "wait_for_timeout", "today", "now", "utcnow"}
    waiting = {name_of(path): waits & called_in(path) for path in (ROOT / "tests").rglob("*.py")}

    assert {path: calls for path, calls in waiting.items() if calls} == {}
