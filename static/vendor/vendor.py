"""Fetch the vendored front end from npm and make it ours: no foreign typeface, no crest, no address outside.

Run by hand when a version changes (needs npm): ``python static/vendor/vendor.py``. The results are committed.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
GOVUK_VERSION, FONT_VERSION, HTMX_VERSION = "6.6.0", "5.3.0", "2.0.11"
GOVUK = f"govuk-frontend@{GOVUK_VERSION}"
FONT = f"@fontsource-variable/atkinson-hyperlegible-next@{FONT_VERSION}"
HTMX = f"htmx.org@{HTMX_VERSION}"
# A font carries its version in its name, so that it may be kept for good under the name that style sheets give it.
FONT_FILES = {
    "atkinson-hyperlegible-next-latin-wght-normal.woff2": f"atkinson-latin-{FONT_VERSION}.woff2",
    "atkinson-hyperlegible-next-latin-ext-wght-normal.woff2": f"atkinson-latin-ext-{FONT_VERSION}.woff2",
}
SHEET = "govuk-frontend.min.css"
SCRIPT = f"htmx-{HTMX_VERSION}.min.js"
KEPT = {".css", ".gz", ".js", ".woff2"}


def fetched(package: str, folder: Path) -> Path:
    """The unpacked folder of one npm package."""
    packed = subprocess.run(  # noqa: S603
        ["npm", "pack", "--silent", package],  # noqa: S607
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()[-1]
    target = folder / packed.removesuffix(".tgz")
    with tarfile.open(folder / packed) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def ours(css: str) -> str:
    """The style sheet without the typeface reserved for another government, its crest and its source map."""
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = css.replace("GDS Transport,arial,sans-serif", "var(--commune-font,arial,sans-serif)")
    css = re.sub(r"[^{}]*\{[^{}]*govuk-crest\.svg[^{}]*\}", "", css)
    css = re.sub(r"[^{}]*crown[^{}]*\{[^{}]*\}", "", css)
    css = re.sub(r"/\*#.*?\*/", "", css)
    # The name of another site's typeface may still stand alone in a fallback list.
    return css.replace("GDS Transport", "arial")


def put_away_what_was() -> None:
    for path in HERE.iterdir():
        if path.suffix in KEPT:
            path.unlink()


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        govuk, font, htmx = (fetched(one, folder) for one in (GOVUK, FONT, HTMX))
        put_away_what_was()
        css = ours((govuk / "dist/govuk" / SHEET).read_text()).encode()
        (HERE / SHEET).write_bytes(css)
        # Compressed once here: what serves it needs no proxy to be quick on a telephone.
        (HERE / f"{SHEET}.gz").write_bytes(gzip.compress(css, mtime=0))
        script = (htmx / "dist/htmx.min.js").read_bytes()
        (HERE / SCRIPT).write_bytes(script)
        (HERE / f"{SCRIPT}.gz").write_bytes(gzip.compress(script, mtime=0))
        for name, short in FONT_FILES.items():
            (HERE / short).write_bytes((font / "files" / name).read_bytes())
        (HERE / "atkinson.LICENSE.txt").write_text((font / "LICENSE").read_text())
    (HERE / "NOTICE").write_text(NOTICE)
    kept = sorted(path for path in HERE.iterdir() if path.suffix in KEPT)
    sums = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in kept)
    (HERE / "SHA256SUMS").write_text("".join(sums))


NOTICE = f"""\
govuk-frontend {GOVUK_VERSION}: its style sheet, without its typeface, its crest and everything else reserved for
GOV.UK. This is not a site of the United Kingdom. MIT licence:

    Copyright (c) 2017 Crown Copyright (Government Digital Service)

    Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
    documentation files (the "Software"), to deal in the Software without restriction, including without limitation
    the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and
    to permit persons to whom the Software is furnished to do so, subject to the following conditions:

    The above copyright notice and this permission notice shall be included in all copies or substantial portions of
    the Software.

    THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO
    THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
    AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF
    CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS
    IN THE SOFTWARE.

Atkinson Hyperlegible Next (variable, Latin and extended Latin), copyright Braille Institute of America, SIL Open
Font License 1.1 (atkinson.LICENSE.txt), as packaged by fontsource {FONT_VERSION}.

htmx {HTMX_VERSION}, by Big Sky Software and its contributors. Zero-Clause BSD licence: permission to use, copy, modify,
and/or distribute this software for any purpose with or without fee is granted; the software is provided "as is",
without warranty of any kind.

All are fetched and prepared by vendor.py; SHA256SUMS says what was committed.
"""

if __name__ == "__main__":
    main()
