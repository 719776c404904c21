"""Texts travel compressed, whatever stands in front of the application: a small telephone has a small connection.

Every form's token is stamped with its second and signed, so that nothing secret stays the same from answer to answer
for somebody who would guess it from their lengths.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.datastructures import Accept, Headers
from werkzeug.http import parse_accept_header

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

TEXTS = frozenset({"text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml"})
WORTH_IT = 512
"""A shorter answer fits into the packet that its headers need anyway."""

EACH_TIME, KEPT = 5, 9
"""How hard it is tried: for a page that is made anew, and for a file that is kept for good."""


def init_app(app: Flask) -> None:
    app.wsgi_app = Compressing(app.wsgi_app)  # type: ignore[method-assign]


class Compressing:
    """Around an application: what it answers is compressed for whoever understands that."""

    def __init__(self, inner: WSGIApplication) -> None:
        self.inner = inner
        self.kept: dict[str, bytes] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        told: list[Any] = []

        def remember(status: str, headers: list[tuple[str, str]], fault: Any = None) -> Any:
            told[:] = [status, Headers(headers), fault]
            return None

        answer = self.inner(environ, remember)
        status, headers, fault = told
        if headers.get("Content-Type", "").partition(";")[0] in TEXTS:
            headers.add("Vary", "Accept-Encoding")
            if may_be_compressed(environ, status, headers):
                answer = [self.compressed(environ.get("PATH_INFO", ""), headers, answer)]
                headers["Content-Encoding"], headers["Content-Length"] = "gzip", str(len(answer[0]))
        start_response(status, headers.to_wsgi_list(), fault)
        return answer

    def compressed(self, path: str, headers: Headers, answer: Iterable[bytes]) -> bytes:
        known = self.kept.get(path)
        if known is None:
            try:
                body = b"".join(answer)
            finally:
                close(answer)
            if "immutable" not in headers.get("Cache-Control", ""):
                return gzip.compress(body, EACH_TIME, mtime=0)
            known = self.kept[path] = gzip.compress(body, KEPT, mtime=0)
        else:
            close(answer)
        return known


def close(answer: Iterable[bytes]) -> None:
    if hasattr(answer, "close"):
        answer.close()


def may_be_compressed(environ: WSGIEnvironment, status: str, headers: Headers) -> bool:
    """Whether there is a whole text to compress, and somebody who understands it."""
    if environ["REQUEST_METHOD"] == "HEAD" or "Content-Encoding" in headers or status.startswith(("206", "304")):
        return False
    if int(headers.get("Content-Length", WORTH_IT)) < WORTH_IT:
        return False
    return parse_accept_header(environ.get("HTTP_ACCEPT_ENCODING"), Accept)["gzip"] > 0
