"""What pages are made of: no words outside the catalogues, and nothing that is left over."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.shape import ROOT

PAGES = ROOT / "booking/web/templates"
LETTERS = ROOT / "booking/delivery/templates"
ON_PAPER = ROOT / "booking/paper/templates"
SHEETS = sorted((ROOT / "static").glob("*.css"))

FILLED_IN = r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}"
# An element that states its own language, however small, is not translated; the page itself states its reader's.
IN_ITS_LANGUAGE = r"<(?!html\b)(\w+)\b[^>]*\slang=[^>]*>.*?</\1>"
IN_AN_ATTRIBUTE = r"""\s(?:title|alt|label|placeholder|aria-[a-z]*label|aria-description)\s*=\s*["']([^"']*)"""
WORD = r"(?<![\w-])[^\W\d_]{3,}(?![\w=-])"
NOT_FOR_READING = {"staff", "UTC"}
"""A class that a block adds, and the name of a clock that is the same everywhere."""


@pytest.mark.parametrize(
    "template",
    [*sorted(PAGES.rglob("*.html")), *sorted(LETTERS.iterdir()), *sorted(ON_PAPER.iterdir())],
    ids=lambda path: str(path.relative_to(ROOT / "booking")),
)
def test_no_word_stands_on_a_page_in_one_language_only(template: Path) -> None:
    written = re.sub(
        FILLED_IN, "|", re.sub(IN_ITS_LANGUAGE, "|", template.read_text(), flags=re.DOTALL), flags=re.DOTALL
    )
    unstyled = re.sub(r"<(style|script)\b.*?</\1>", "", written, flags=re.DOTALL)
    read = [re.sub(r"<[^>]*>", "|", unstyled), *re.findall(IN_AN_ATTRIBUTE, unstyled)]

    assert {word for text in read for word in re.findall(WORD, text)} - NOT_FOR_READING == set()


OF_RESIDENTS = [path for place in ("resident", "first", "parts") for path in sorted((PAGES / place).glob("*.html"))]
HEADS = r"<(h[1-4]|button|summary|legend)\b((?:[^<>\"]|\"[^\"]*\")*)>((?:(?!<\1\b).)*?)</\1>"
BUTTON_LIKE = r"<(a)\b([^>]*class=\"govuk-button[^>]*)>((?:(?!<a\b).)*?)</a>"


@cache
def with_a_hyphen() -> set[str]:
    """The sentences in which a word of some language has a hyphen, where a narrow line would break."""
    found = set()
    for path in (ROOT / "booking/translations").glob("*/LC_MESSAGES/messages.po"):
        with path.open("rb") as file:
            for message in read_po(file):
                said = (message.string,) if isinstance(message.string, str) else message.string
                if any(re.search(r"\w-\w", re.sub(r"%\(\w+\)s", "", one)) for one in said):
                    found.add(message.id if isinstance(message.id, str) else message.id[0])
    return found


@pytest.mark.parametrize("template", OF_RESIDENTS, ids=lambda path: path.stem)
def test_no_heading_and_no_button_breaks_inside_a_word(template: Path) -> None:
    """A phone is narrow enough for *rendez-* at the end of a line. What has blanks may hold marks and is left alone."""
    text = template.read_text()
    heads = [*re.findall(HEADS, text, flags=re.DOTALL), *re.findall(BUTTON_LIKE, text, flags=re.DOTALL)]
    said = [
        shown
        for _, attributes, body in heads
        if "visually-hidden" not in attributes
        for shown in re.findall(r"\{\{(.*?)\}\}", body)
        if "unbroken" not in shown and "%(" not in shown
    ]

    assert [one for one in said if set(re.findall(r'_\("([^"]*)"', one)) & with_a_hyphen()] == []
    assert [one for one in said if one.strip() == "title"] == []


def test_every_template_is_shown_or_used_by_one_that_is() -> None:
    named = set(re.findall(r"""["']([\w/]+\.html)["']""", tree()))

    assert {path.relative_to(PAGES).as_posix() for path in PAGES.rglob("*.html")} - named == set()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_every_class_that_is_styled_is_one_that_pages_have(sheet: Path) -> None:
    styled = set(
        re.findall(r"\.([a-z][\w-]*)", re.sub(r"/\*.*?\*/|url\([^)]*\)", "", sheet.read_text(), flags=re.DOTALL))
    )

    assert {name for name in styled - words() if not is_put_together(name)} == set()


@cache
def tree() -> str:
    """Everything that can give an element its class: templates, the code behind them, the script."""
    places = {"booking": {".html", ".py"}, "static/js": {".js"}}
    files = [path for place, kinds in places.items() for path in (ROOT / place).rglob("*") if path.suffix in kinds]
    return "\n".join(path.read_text() for path in files)


@cache
def words() -> set[str]:
    """Words of the tree that are not a sentence's."""
    return set(re.findall(r"[\w-]+", re.sub(r"""\b(?:_|_l|ngettext)\(\s*(["']).*?\1""", "", tree())))


@cache
def values() -> set[str]:
    """Words that stand alone in quotation marks: what a name may be put together from, with dashes if it likes."""
    alone = set(re.findall(r"""["']([\w-]+)["']""", tree()))
    return alone | {word.replace("_", "-") for word in alone}


@cache
def parts() -> tuple[set[str], set[str]]:
    """What stands before and behind a blank: ``state--`` in ``state--{{ word }}``, ``__item`` in ``{{ x }}__item``."""
    before = re.findall(r"""([a-z][\w-]*-)(?:\$?\{|["'] ~ )""", tree())
    behind = re.findall(r"""(?:\}| ~ ["'])(_?_[a-z][\w-]*|--[\w-]+)""", tree())
    return set(before), set(behind)


def is_put_together(name: str) -> bool:
    """Whether a template makes the name from a part it has and a value that somebody gives."""
    before, behind = parts()
    given = {name.removeprefix(part) for part in before if name.startswith(part)}
    given |= {name.removesuffix(part) for part in behind if name.endswith(part)}
    return any(value.isdecimal() or value in values() for value in given)
