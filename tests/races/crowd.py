"""A crowd over real HTTP: each person in a thread with an address and cookies of their own, all starting together."""

from __future__ import annotations

import html
import http.client
import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

T = TypeVar("T")

PATIENCE = 120


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    location: str

    def says(self, sentence: str) -> bool:
        """Whether the page holds a sentence, typographic marks aside."""
        return sentence in html.unescape(self.text).replace("’", "'")

    def buttons(self, name: str) -> list[str]:
        """The values of the buttons of one name."""
        return re.findall(rf'<button[^>]*name="{name}"[^>]*value="([^"]*)"', self.text)

    def hidden(self, name: str) -> str:
        """The value of a hidden field of the page."""
        found = re.search(rf'<input[^>]*name="{name}"[^>]*>', self.text)
        value = re.search(r'value="([^"]*)"', found.group(0)) if found else None
        assert value, f"no field {name} in: {self.text[:500]}"
        return value.group(1)


@dataclass
class Resident:
    """A browser without scripts behind one trusted proxy, which says where it comes from."""

    server: str
    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, **fields: object) -> Answer:
        return self.ask("POST", path, urlencode(fields))

    def ask(self, method: str, path: str, body: str = "") -> Answer:
        connection = http.client.HTTPConnection(urlsplit(self.server).netloc, timeout=PATIENCE)
        headers = {"X-Forwarded-For": self.address, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        for header in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(answer.status, text, answer.headers.get("Location") or "")


def all_at_once(people: Sequence[T], act: Callable[[T], Answer]) -> list[Answer]:
    """Everybody acts as soon as everybody is ready."""
    barrier = threading.Barrier(len(people))

    def start(person: T) -> Answer:
        barrier.wait()
        return act(person)

    with ThreadPoolExecutor(len(people)) as crowd:
        return list(crowd.map(start, people))
