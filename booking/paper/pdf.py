"""A page of ours as a PDF file that a screen reader can read too (PDF/UA-1).

The library that draws it stands on Pango, a part of the system: it is looked for when the first page is printed, and
where it is missing everything else works, and the same page can be printed from a browser.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from mimetypes import guess_type
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import unquote, urlsplit

STATIC: Final = Path(__file__).resolve().parents[2] / "static"
BASE: Final = STATIC.as_uri() + "/"
FONTS: Final = "paper-fonts.css"
"""The style sheet that brings our font to paper: everything that is printed has it embedded."""


class NoPrinter(Exception):
    """This machine cannot make PDF files: Pango is not there."""


@dataclass(frozen=True)
class Printer:
    """What draws a page, reads a style sheet, knows the fonts of both, and fetches what they name."""

    page: Any
    style: Any
    fonts: Any
    fetcher: Any


def can_print() -> bool:
    """Whether PDF files can be made here."""
    try:
        printer()
    except NoPrinter:
        return False
    return True


def pdf_of(page: str) -> bytes:
    """A whole HTML page, as a tagged PDF file in the language and with the title that the page states.

    Style sheets and fonts are named as in ``static/``; nothing is fetched from anywhere else. Raises ``NoPrinter``.
    """
    press = printer()
    fetch, known = press.fetcher(), press.fonts()
    fonts = press.style(url=f"{BASE}{FONTS}", url_fetcher=fetch, font_config=known)
    drawn = press.page(string=page, base_url=BASE, url_fetcher=fetch)
    return cast(bytes, drawn.write_pdf(stylesheets=[fonts], font_config=known, pdf_variant="pdf/ua-1"))


@cache
def printer() -> Printer:
    """The library, once it was found. Raises ``NoPrinter``."""
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except (ImportError, OSError) as fault:
        raise NoPrinter from fault

    class OurFiles(URLFetcher):
        """Gives the files of ``static/`` and no other, whatever a page asks for."""

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            path = file_named_by(url)
            kind, _ = guess_type(path.name)
            return URLFetcherResponse(url, path.read_bytes(), headers={"Content-Type": kind or "font/woff2"})

    return Printer(HTML, CSS, FontConfiguration, OurFiles)


def file_named_by(url: str) -> Path:
    """The file of ``static/`` that an address names. Raises ``ValueError`` for every other address."""
    parts = urlsplit(url)
    path = Path(unquote(parts.path)).resolve()
    if parts.scheme != "file" or parts.netloc or not path.is_relative_to(STATIC):
        raise ValueError("not one of our files")
    return path
