"""The reader's language: taken from the address, kept when the reader switches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, g, request, url_for
from flask_babel import Babel, refresh
from werkzeug.routing import BaseConverter, BuildError

from booking.web.addresses import address_of
from booking.words.catalogues import INTERFACE_LANGUAGES, OWN_NAMES, texts

NEUTRAL = "fr"

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
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: texts(current_language()).gettext(text),
        ngettext=lambda one, many, number: texts(current_language()).ngettext(one, many, number),
        newstyle=True,
    )
    app.context_processor(lambda: {"languages": language_links, "language": current_language(), "own_names": OWN_NAMES})


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
    if endpoint and getattr(g, "address_has_language", False):
        place = {**(request.view_args or {}), **getattr(g, "place", {})}
        where = {**place, "lang": language} | ({"commune": slugs[language]} if slugs else {})
        try:
            return address_of(endpoint, where, request.args.items(multi=True))
        except BuildError:
            pass
    if slugs:
        return url_for("resident.services", lang=language, commune=slugs[language])
    return url_for("first.communes", lang=language)
