"""The suite guards the shape: floors, doors, refusals, migrations, texts and pages."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask import Flask

from booking.core.errors import BookingError
from booking.web.answers import ANSWERS
from tests.databases import Database, Databases
from tests.shape import MIGRATIONS, ROOT, blanks, called_in, imports_of, migrate, schema_of, texts_in_the_tree

# An allow-list: what a floor may import beside the standard library, and which floors it may lean on.
BESIDE = {
    "core": set(),
    "models": {"sqlalchemy"},
    "usecases": {"sqlalchemy"},
    "words": {"babel", "icalendar", "phonenumbers"},
    "delivery": {"jinja2", "markupsafe"},
}
LEANS_ON = {
    "core": {"core"},
    "models": {"core", "models"},
    "usecases": {"core", "models", "usecases"},
    "words": {"core", "words"},
    "delivery": {"core", "words", "delivery", "mailbox"},
}
# The edges stand side by side and do not know one another, except that commands start the worker and the demonstration.
NOT_FOR = {
    "delivery": {"web", "cli", "worker", "demo", "database"},
    "web": {"delivery", "cli", "worker", "demo"},
    "worker": {"web", "cli", "demo"},
    "demo": {"web", "cli", "worker", "delivery"},
}

WEB_TEMPLATES = sorted((ROOT / "booking/web/templates").rglob("*.html"))
OWN_STATIC = sorted(path for path in (ROOT / "static").rglob("*") if path.suffix in {".css", ".js", ".svg"})
INTERFACE = ("fr", "nl")
# The same word in English, on purpose.
SAME: dict[str, set[str]] = {"fr": {"Actions", "Agenda", "Message"}, "nl": {"Agenda", "Privacy", "Week"}}


def modules(floor: str) -> list[Path]:
    """The files of a floor: a folder of booking/, or a single file."""
    return sorted((ROOT / "booking" / floor).rglob("*.py")) or [ROOT / "booking" / f"{floor}.py"]


def places(name: str) -> tuple[str, str]:
    """What is imported: the package it comes from, and which floor of ours when it is ours."""
    package, _, rest = name.partition(".")
    return package, rest.partition(".")[0] if package == "booking" else ""


def name_of(path: object) -> str:
    return str(path.relative_to(ROOT)) if isinstance(path, Path) else str(path)


@pytest.mark.parametrize("floor", BESIDE)
def test_no_floor_leans_on_what_is_above_it(floor: str) -> None:
    for path in modules(floor):
        for name in imports_of(path):
            package, place = places(name)
            if package == "booking":
                assert place in LEANS_ON[floor], f"{name_of(path)} imports {name}"
            else:
                assert package in sys.stdlib_module_names | BESIDE[floor], f"{name_of(path)} imports {name}"


@pytest.mark.parametrize("edge", NOT_FOR)
def test_the_edges_do_not_know_one_another(edge: str) -> None:
    for path in modules(edge):
        for name in imports_of(path):
            assert places(name)[1] not in NOT_FOR[edge], f"{name_of(path)} imports {name}"


@pytest.mark.parametrize("kept_for", [("worker", {"cli"}), ("demo", {"cli", "serving"})], ids=lambda pair: pair[0])
def test_the_worker_and_the_demonstration_are_started_by_commands_only(kept_for: tuple[str, set[str]]) -> None:
    kept, commands = kept_for
    for path in (ROOT / "booking").rglob("*.py"):
        inside = path.relative_to(ROOT / "booking").parts[0].removesuffix(".py")
        if inside not in {kept, *commands}:
            assert kept not in {places(name)[1] for name in imports_of(path)}, f"{name_of(path)} imports {kept}"


def test_only_the_database_module_knows_flask_sqlalchemy() -> None:
    knowing = [
        path
        for path in (ROOT / "booking").rglob("*.py")
        if "flask_sqlalchemy" in {places(n)[0] for n in imports_of(path)}
    ]

    assert [name_of(path) for path in knowing] == ["booking/database.py"]


@pytest.mark.engines("sqlite")
def test_every_view_says_who_it_is_for(app: Flask) -> None:
    silent = [name for name, view in app.view_functions.items() if not hasattr(view, "open_to")]

    assert silent == []


def every_refusal(of: type[BookingError] = BookingError) -> Iterator[type[BookingError]]:
    """Subclasses of subclasses too."""
    for refusal in of.__subclasses__():
        yield refusal
        yield from every_refusal(refusal)


@pytest.mark.parametrize("refusal", list(every_refusal()), ids=lambda refusal: refusal.__name__)
def test_every_refusal_has_a_status_and_a_sentence(refusal: type[BookingError]) -> None:
    status, sentence = ANSWERS[refusal]

    assert 400 <= status < 500
    assert str(sentence).endswith((".", "?"))


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


@pytest.fixture(scope="module")
def wanted() -> dict[str, tuple[str, ...]]:
    return texts_in_the_tree()


@pytest.fixture(scope="module", params=INTERFACE)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    with catalogue_file(request.param).open("rb") as file:
        return read_po(file, locale=request.param)


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


def test_no_sentence_has_a_bare_percent_sign(wanted: dict[str, tuple[str, ...]]) -> None:
    """Every sentence is filled like a form, so a lone % breaks the page it stands on."""
    assert [id_ for ids in wanted.values() for id_ in ids if id_ and re.search(r"%(?!\(\w+\)[sd])", id_)] == []


def test_no_translation_was_left_in_english(catalogue: Catalog) -> None:
    left = {message.id for message in catalogue if message.id and message.id == message.string}

    assert left - SAME[str(catalogue.locale)] == set()


@pytest.mark.parametrize("language", INTERFACE)
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


def strings_of(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


INLINE = {
    "a script in the page": r"<script(?![^>]*\bsrc=)",
    "a style sheet in the page": r"<style\b",
    "a style on an element": r"\sstyle\s*=",
    "a handler on an element": r"<[^>]*\son[a-z]+\s*=",
    "an address that runs": r"javascript:",
}
ELSEWHERE = (
    r"""(?:\b(?:src|srcset|href|action|poster|data)\s*=\s*["']?|url\(\s*["']?|@import\s*["'])\s*(?:https?:)?//"""
)


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
    waits = {"sleep", "wait_for_timeout", "today"}
    waiting = {name_of(path): waits & set(called_in(path)) for path in (ROOT / "tests").rglob("*.py")}

    assert {path: calls for path, calls in waiting.items() if calls} == {}
