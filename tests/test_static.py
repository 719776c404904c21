"""The front end that is served: whose it is, how long it is kept, what it weighs, and whether it can be read."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from booking.core.colours import ENOUGH_FOR_TEXT, contrast
from booking.demo.content.communes import COMMUNES
from booking.demo.content.shapes import DemoCommune
from booking.web.staticfiles import FOLDER, SERVED, static_url
from booking.web.themes import theme_url
from tests.databases import Database
from tests.factories import a_commune
from tests.shape import ROOT

VENDOR = FOLDER / "vendor"
SHEET = (VENDOR / "govuk-frontend.min.css").read_text()
OURS = "\n".join(path.read_text() for path in sorted(FOLDER.glob("*.css")))
TEMPLATES = sorted((ROOT / "booking/web/templates").rglob("*.html"))
ENOUGH_FOR_EDGES = 3
WHITE = "#ffffff"


@pytest.mark.parametrize("trace", ["GDS Transport", "crest", "crown", "@font-face", "url(", "sourceMappingURL"])
def test_nothing_of_another_government_is_left_in_the_vendored_sheet(trace: str) -> None:
    assert trace.lower() not in SHEET.lower()


def test_what_is_vendored_is_what_was_committed() -> None:
    lines = (VENDOR / "SHA256SUMS").read_text().splitlines()
    written = {name: digest for digest, name in (line.split("  ") for line in lines)}
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.iterdir()
        if path.suffix in {".css", ".gz", ".js", ".woff2"}
    }

    assert found == written


def test_the_compressed_sheet_says_what_the_plain_one_says() -> None:
    assert gzip.decompress((VENDOR / "govuk-frontend.min.css.gz").read_bytes()).decode() == SHEET


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_pattern_that_a_page_names_is_styled(template: Path) -> None:
    """A class that is misspelled, or gone after a change of version, shows as nothing at all."""
    named = set(re.findall(r"(?<![\w/-])govuk-(?!frontend)[\w-]*\w\b", template.read_text()))

    styled = set(re.findall(r"\.([\w-]+)", SHEET + OURS))
    # A block may be styled by its parts alone.
    assert named - styled - {name.partition("__")[0] for name in styled} == set()


Visit = Callable[[str], TestResponse]


@pytest.fixture
def visit(app: Flask) -> Visit:
    """Fetch an address as a browser does, whole."""

    def fetch(address: str) -> TestResponse:
        with app.test_client().get(address, headers={"Accept-Encoding": "gzip"}) as answer:
            answer.make_sequence()
            return answer

    return fetch


def body_of(answer: TestResponse) -> bytes:
    """What a browser makes of it."""
    return gzip.decompress(answer.data) if answer.content_encoding == "gzip" else answer.data


def text_of(answer: TestResponse) -> str:
    return body_of(answer).decode()


@pytest.mark.engines("sqlite")
def test_an_address_names_its_content_and_is_kept_for_good(visit: Visit) -> None:
    for path in (path for path in FOLDER.rglob("*") if path.suffix in SERVED):
        answer = visit(static_url(path.relative_to(FOLDER).as_posix()))

        assert answer.status_code == 200, path
        assert body_of(answer) == path.read_bytes()
        assert answer.headers["Cache-Control"].endswith("public, immutable")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    "name",
    ["guichet.css", "guichet.000000000000.css", "vendor/vendor.py", "vendor/NOTICE", "vendor/../../app.py"],
)
def test_nothing_is_served_under_a_name_that_other_content_may_bear(visit: Visit, name: str) -> None:
    assert visit(f"/static/{name}").status_code == 404


@pytest.mark.engines("sqlite")
def test_style_sheets_find_the_font_that_pages_fetch_early(visit: Visit) -> None:
    named = {f"/static/{name}" for name in re.findall(r'url\("([^"]+)"\)', OURS)}
    early = re.findall(r'rel="preload" href="([^"]+)"', text_of(visit("/")))

    assert {visit(address).status_code for address in named} == {200}
    assert early
    assert set(early) <= named


@pytest.mark.engines("sqlite")
def test_a_look_that_is_not_the_commune_s_is_not_found(app: Flask, visit: Visit, database: Database) -> None:
    commune = database.write(a_commune)
    with app.test_request_context():
        address = theme_url(commune)

    assert visit(address).headers["Cache-Control"].endswith("immutable")
    assert visit(address.replace("-", "-0")).status_code == 404


def tokens(css: str) -> dict[str, str]:
    """The colours of a style sheet by name: ``ink-soft`` for ``--commune-ink-soft``."""
    return dict(re.findall(r"--commune-([\w-]+): (#[0-9a-f]{6});", css))


NEUTRAL = tokens((FOLDER / "guichet.css").read_text())


@pytest.mark.parametrize("commune", COMMUNES, ids=lambda commune: commune.code)
def test_a_commune_s_colours_can_be_read(commune: DemoCommune) -> None:
    brand, strong, soft = commune.brand, commune.brand_strong, commune.brand_soft

    for text, ground in [
        *((colour, ground) for colour in (brand, strong) for ground in (WHITE, NEUTRAL["page"], soft)),
        *((NEUTRAL[name], soft) for name in ("ink", "ink-soft")),
    ]:
        assert contrast(text, ground) >= ENOUGH_FOR_TEXT, f"{text} on {ground}"


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *((text, ground) for text in ("ink", "ink-soft", "brand", "bad") for ground in ("page", "surface")),
        *((state, f"{state}-soft") for state in ("good", "warn", "bad", "brand")),
        *(("ink", f"{state}-soft") for state in ("good", "warn", "bad")),
        ("ink", "focus"),
    ],
)
def test_every_text_has_its_contrast(text: str, ground: str) -> None:
    assert contrast(NEUTRAL[text], NEUTRAL[ground]) >= ENOUGH_FOR_TEXT


@pytest.mark.parametrize("ground", ["page", "surface", "brand-soft"])
def test_the_edges_of_controls_can_be_seen(ground: str) -> None:
    assert contrast(NEUTRAL["edge"], NEUTRAL[ground]) >= ENOUGH_FOR_EDGES
