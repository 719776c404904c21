"""What every answer carries and every request must respect, whatever the page."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, current_app, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import SecurityError
from werkzeug.formparser import FormDataParser
from werkzeug.middleware.proxy_fix import ProxyFix

from booking.core.references import keyed_digest
from booking.settings import Settings

KILOBYTE = 1024

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self'; manifest-src 'self'; worker-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
PUBLIC = frozenset({"themes.stylesheet", "health.health"})

# All of C0 and C1 but the tab and the ends of lines, which a text of several lines needs.
UNTYPED = dict.fromkeys({*range(0x20), *range(0x7F, 0xA0)} - set(map(ord, "\t\n\r")))

csrf = CSRFProtect()


FILES = {
    "admin.logo": 8 * KILOBYTE * KILOBYTE,
    "admin.imports": 3 * KILOBYTE * KILOBYTE,
    "platform.configuration": 2 * KILOBYTE * KILOBYTE,
}
"""The pages that take a file, and how much of it is read: more than they accept, so that they can say what is wrong."""


class WhatCanBeTyped(FormDataParser):
    """Forms without control characters, which come along when something is pasted, and without files.

    Nobody means them, and below they are a fault: PostgreSQL takes no NUL, and few pages of ours expect a file.
    """

    takes_files = False

    def parse(self, *args: Any, **options: Any) -> tuple[Any, MultiDict[str, str], MultiDict[str, Any]]:
        stream, form, files = super().parse(*args, **options)
        typed = [(name, value.translate(UNTYPED)) for name, value in form.items(multi=True)]
        if self.takes_files:
            return stream, self.cls(typed), files
        for _, file in files.items(multi=True):
            file.close()
        return stream, self.cls(typed), self.cls()


class WhatCanBeSent(WhatCanBeTyped):
    """The same with files, where one is expected."""

    takes_files = True


class TypedRequest(Request):
    @property
    def form_data_parser_class(self) -> type[FormDataParser]:  # type: ignore[override]
        return WhatCanBeSent if self.endpoint in FILES else WhatCanBeTyped

    @property
    def max_content_length(self) -> int | None:  # type: ignore[override]
        return FILES.get(self.endpoint or "") or super().max_content_length


def init_app(app: Flask, settings: Settings) -> None:
    app.request_class = TypedRequest
    base = urlsplit(settings.base_url)
    secure = base.scheme == "https"
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=64 * KILOBYTE,
        MAX_FORM_MEMORY_SIZE=64 * KILOBYTE,
        MAX_FORM_PARTS=500,
        SESSION_COOKIE_NAME="__Host-guichet" if secure else "guichet",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # An hour-old form must not lose what was typed in it.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        TRUSTED_HOSTS=[base.hostname] if settings.production else None,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.before_request(lambda: refuse_another_host(settings.base_url))
    csrf.init_app(app)
    app.before_request(refuse_what_no_database_takes)
    app.after_request(lambda answer: protect(answer, secure=secure))


def refuse_another_host(base_url: str) -> Response | None:
    """Who asks for a host that is not ours is told which one is. No page can be made there: none of its addresses."""
    if isinstance(request.routing_exception, SecurityError):
        return Response(f"{base_url}/\n", 400, mimetype="text/plain")
    return None


def refuse_what_no_database_takes() -> None:
    """A NUL is in no honest address, and PostgreSQL refuses it far below."""
    if "\x00" in request.path or any("\x00" in value for _, value in request.args.items(multi=True)):
        abort(400)


def protect(answer: Response, *, secure: bool) -> Response:
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    if secure:
        answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint not in PUBLIC:
        answer.headers.setdefault("Cache-Control", "no-store")
    return answer


def client() -> str:
    """Who asks, as a digest: the address behind the trusted proxies; in IPv6 the network of 64 bits.

    There are few enough addresses to try them all, so the digest has a key.
    """
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        place = "unknown"
    else:
        place = str(ip_network((address, 64), strict=False) if address.version == 6 else address)
    return keyed_digest(current_app.config["SECRET_KEY"], "client", place)
