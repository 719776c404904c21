"""Style, script, font and icons: an address names its content, so browsers may keep it for good."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

FOLDER = Path(__file__).resolve().parents[2] / "static"
SERVED = {".css", ".js", ".svg", ".woff2"}


def init_app(app: Flask) -> None:
    """Nothing else in the folder is served, and no file under a name that another content may bear later."""
    files = WhiteNoise(app.wsgi_app, immutable_file_test=lambda path, url: True, add_headers_function=harden)
    for path in FOLDER.rglob("*"):
        if path.suffix in SERVED:
            files.add_file_to_dictionary(static_url(path.relative_to(FOLDER).as_posix()), str(path))
    app.wsgi_app = files  # type: ignore[method-assign]
    app.jinja_env.globals["static_url"] = static_url


@cache
def static_url(name: str) -> str:
    """The address of a file of ``static/``: ``js/guichet.js`` is at ``/static/js/guichet.1c0ffee1c0ff.js``.

    A font keeps its name, in which its version stands: style sheets name it too.
    """
    path = FOLDER / name
    if path.suffix == ".woff2":
        return f"/static/{name}"
    mark = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return f"/static/{name.removesuffix(path.suffix)}.{mark}{path.suffix}"


def harden(headers: Headers, path: str, url: str) -> None:
    """What every answer carries; these files are served without passing through the application."""
    headers["X-Content-Type-Options"] = "nosniff"
