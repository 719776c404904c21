"""Pages on paper: drawn from files of ours and from nothing else, whatever a page asks for."""

from __future__ import annotations

import sys
from io import BytesIO

import pytest
from pypdf import PdfReader

from booking.paper import pdf
from booking.paper.pdf import BASE, NoPrinter, can_print, file_named_by, pdf_of

PAGE = '<!doctype html><html lang="nl"><head><title>Brief</title>{head}</head><body><p>{body}</p></body></html>'
STYLED = "<style>body { font-family: var(--paper-font) }</style>"


def test_a_page_keeps_its_language_its_title_and_its_marks_for_screen_readers() -> None:
    file = PdfReader(BytesIO(pdf_of(PAGE.format(head=STYLED, body="Dag"))))

    assert file.root_object["/Lang"] == "nl"
    assert file.metadata is not None
    assert file.metadata.title == "Brief"
    assert file.root_object["/MarkInfo"]["/Marked"]
    assert file.xmp_metadata is not None
    assert b"pdfuaid" in file.xmp_metadata.stream.get_data()


def test_every_letter_of_a_name_is_printed_in_a_font_that_travels_along() -> None:
    (page,) = PdfReader(BytesIO(pdf_of(PAGE.format(head=STYLED, body="Łódźka Çelik Şahin")))).pages

    assert "Łódźka Çelik Şahin" in page.extract_text()
    fonts = {font.get_object()["/BaseFont"].partition("+")[2] for font in page["/Resources"]["/Font"].values()}
    assert fonts == {"Paper-Latin", "Paper-Extended"}


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/x.png",
        "https://example.org/x.png",
        "file:///etc/passwd",
        f"{BASE}../requirements.txt",
        f"{BASE}%2e%2e/requirements.txt",
        f"file://example.org{BASE.removeprefix('file://')}letter.css",
        "data:text/css,p{}",
    ],
)
def test_nothing_but_our_own_files_is_ever_read(address: str) -> None:
    with pytest.raises(ValueError, match="not one of our files"):
        file_named_by(address)


def test_a_page_that_asks_for_more_is_printed_without_it() -> None:
    page = PAGE.format(head="", body='<img src="file:///etc/hostname" alt="picture"> Dag')

    (printed,) = PdfReader(BytesIO(pdf_of(page))).pages
    assert "Dag" in printed.extract_text()


def test_a_machine_without_pango_says_that_it_cannot_print(monkeypatch: pytest.MonkeyPatch) -> None:
    assert can_print()
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    pdf.printer.cache_clear()

    assert not can_print()
    with pytest.raises(NoPrinter):
        pdf_of(PAGE.format(head="", body="Dag"))
    pdf.printer.cache_clear()
