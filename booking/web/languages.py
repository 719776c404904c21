"""The reader's language: taken from the address, kept when the reader switches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import Babel, refresh
from markupsafe import Markup
from werkzeug.routing import BaseConverter, BuildError

from booking.web.addresses import address_of
from booking.words.catalogues import INTERFACE_LANGUAGES, OWN_NAMES, texts

NEUTRAL = "fr"
KEPT = 8192
"""Texts that a process keeps ready: more than the templates have, in every language."""

babel = Babel(configure_jinja=False)


class LanguageConverter(BaseConverter):
    regex = "|".join(INTERFACE_LANGUAGES)


class RowConverter(BaseConverter):
    """The number of a row: small enough for any database, so that a made-up one is merely not found."""

    regex = r"[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)


def init_app(app: Flask) -> None:
    app.url_map.converters["lang"] = LanguageConverter
    app.url_map.converters["row"] = RowConverter
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    babel.init_app(app, default_translation_directories="translations", locale_selector=current_language)
    # A page has a hundred texts: they are looked up straight in the catalogue of the reader's language.
    app.jinja_env.globals.update(_=gettext, gettext=gettext, ngettext=ngettext)
    app.context_processor(lambda: {"languages": language_links, "language": current_language(), "own_names": OWN_NAMES})


def gettext(text: str, /, **blanks: Any) -> Markup:
    """A text of a template in the reader's language; what stands in its blanks is escaped."""
    found = said(current_language(), text)
    return found % blanks if blanks else whole(found)


def ngettext(one: str, many: str, number: int, /, **blanks: Any) -> Markup:
    """The same for a number, which may stand in the text as ``num``."""
    return Markup(texts(current_language()).ngettext(one, many, number)) % {"num": number, **blanks}  # noqa: S704 - ours


@lru_cache(maxsize=KEPT)
def said(language: str, text: str) -> Markup:
    """A text of the catalogues, which do not change while the process lives."""
    return Markup(texts(language).gettext(text))  # noqa: S704 - a translation of ours


@lru_cache(maxsize=KEPT)
def whole(text: Markup) -> Markup:
    """A text without blanks, in which a sign for them is written twice."""
    return text % {}


def current_language() -> str:
    try:
        return g.language or NEUTRAL
    except (AttributeError, RuntimeError):
        # Before the address was read, or outside any request.
        return NEUTRAL


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Inside it everything is said in ``language``, whatever the reader's: a sheet in both languages is made so."""
    before, g.language = g.language, language
    # What is looked up late has its language from Flask-Babel, which remembers that of the request.
    refresh()
    try:
        yield
    finally:
        g.language = before
        refresh()


def language_links() -> list[tuple[str, str, str]]:
    """``(code, own name, address of this page in that language)``, the current one included."""
    return [(code, OWN_NAMES[code], this_page_in(code)) for code in INTERFACE_LANGUAGES]


def this_page_in(language: str) -> str:
    """This page in another language; after a step that has no address to return to, ``g.page`` or the first page.

    ``g.place`` is what ``g.page`` needs to know and the address of the step does not say.
    """
    slugs = getattr(g, "slugs", None)
    rule = request.url_rule
    returnable = rule is not None and "GET" in (rule.methods or ())
    endpoint = getattr(g, "page", None) or (request.endpoint if returnable else None)
    if endpoint and current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        place = {**(request.view_args or {}), **getattr(g, "place", {})}
        where = {**place, "lang": language} | ({"commune": slugs[language]} if slugs else {})
        try:
            return address_of(endpoint, where, request.args.items(multi=True))
        except BuildError:
            pass
    if slugs:
        return url_for("resident.services", lang=language, commune=slugs[language])
    return url_for("first.communes", lang=language)
