"""A page as the test client got it: what it says, and its forms filled as a person would without scripts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

UNSENT = {"submit", "button", "image", "reset"}
OURSELVES = "localhost"
CHOSEN = {"checkbox", "radio"}
WITHIN_A_LINE = {
    "a",
    "abbr",
    "b",
    "bdi",
    "code",
    "em",
    "i",
    "kbd",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "time",
    "wbr",
}


class Page:
    """The document of ``response``; assert on ``page.status``, ``page.text`` and ``page.heading``.

    HTML that a browser would have to repair, scripts and styles inside the page, and anything fetched from elsewhere
    fail at once, on whatever page they are met.
    """

    def __init__(self, client: FlaskClient, response: TestResponse) -> None:
        self.client, self.response, self.status = client, response, response.status_code
        self.tree, faults = read(response.text)
        assert not faults, f"{response.request.path}: {faults}"

    @property
    def text(self) -> str:
        """Every word of the body, spaces folded; no-break spaces are kept."""
        return words(self.tree.find("body"))

    @property
    def heading(self) -> str:
        return words(self.tree.find(".//h1"))

    @property
    def language(self) -> str:
        return self.tree.attrib.get("lang", "")

    def links(self) -> dict[str, str]:
        """What each link says, and where it leads."""
        return {words(link): link.attrib.get("href", "") for link in self.tree.iter("a")}

    def follow(self, text: str) -> Page:
        """Go where the link that says ``text`` leads."""
        return visit(self.client, urljoin(self.response.request.path, self.links()[text]))

    def form(self, *, holding: str | None = None, pressed: tuple[str, str] | None = None) -> Element:
        """The page's form: the one with a control named ``holding``, else the only one in ``main``.

        Of several forms it is the one that ``pressed``, a button's name and value, belongs to.
        """
        forms = list(self.tree.iter("form"))
        if holding is not None:
            forms = [form for form in forms if any(one.attrib.get("name") == holding for one in self.owned(form))]
            if len(forms) > 1 and pressed:
                forms = [form for form in forms if pressed in map(sends, self.owned(form))]
        elif len(forms) > 1:
            forms = list(self.tree.findall(".//main//form"))
        if len(forms) != 1:
            raise AssertionError(f"{len(forms)} forms on {self.response.request.path}: {self.text[:300]}")
        return forms[0]

    def owned(self, form: Element) -> Iterator[Element]:
        """The controls of a form: those inside, and those elsewhere that name it."""
        yield from form.iter()
        name = form.attrib.get("id")
        yield from (control for control in self.tree.iter() if name and control.attrib.get("form") == name)

    def submit(
        self,
        *,
        holding: str | None = None,
        press: tuple[str, str] | None = None,
        follow: bool = True,
        headers: Mapping[str, str] | None = None,
        elsewhere: str | None = None,
        **typed: Any,
    ) -> Page:
        """Send a form as it stands, with what was ``typed`` (by name; None leaves it out) and the button pressed.

        A name that is not on the form fails: a person cannot fill a field that is not there. The button that sends the
        form to another address than its own is named by the end of that address, as ``elsewhere``.
        """
        form = self.form(holding=holding, pressed=press)
        filled = MultiDict(controls(form))
        if unknown := set(typed) - {control.attrib.get("name") for control in form.iter()}:
            raise AssertionError(f"no field {sorted(unknown)} in this form: {sorted(filled)}")
        for name, value in typed.items():
            filled.poplist(name)
            if value is not None:
                filled.setlist(name, [value] if isinstance(value, str) else list(value))
        if press:
            filled.add(*press)
        action = form.attrib.get("action")
        if elsewhere:
            ways = {one.attrib.get("formaction", "") for one in self.owned(form)}
            (action,) = (way for way in ways if way.endswith(elsewhere))
        address = urljoin(self.response.request.path, action or self.response.request.full_path)
        if form.attrib.get("method", "get").lower() == "get":
            return visit(self.client, address, query_string=filled)
        response = self.client.post(local(address), data=filled, headers=headers, follow_redirects=follow)
        return Page(self.client, response)


def sends(button: Element) -> tuple[str, str]:
    return button.attrib.get("name", ""), button.attrib.get("value", "")


def without_token(html: str) -> str:
    """A document but for the token of its forms: it is stamped with the second in which it was made."""
    return re.sub(r'(name="csrf_token"[^>]*value=")[^"]*', r"\1", html)


def visit(client: FlaskClient, address: str, **options: Any) -> Page:
    """Open an address and follow where it leads."""
    return Page(client, client.get(local(address), follow_redirects=True, **options))


def read(html: str) -> tuple[Element, list[str]]:
    """A document, and what is wrong with it."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree: Element = parser.parse(html)
    return tree, [*faults_of(parser, tree), *forbidden_in(tree)]


def faults_of(parser: html5lib.HTMLParser, tree: Element) -> list[str]:
    """What is wrong with a document: its syntax, ids given twice, labels and descriptions that point nowhere."""
    faults = [f"{code} at {place}: {facts}" for place, code, facts in parser.errors]
    ids = Counter(element.attrib["id"] for element in tree.iter() if "id" in element.attrib)
    faults += [f"id {name} {times} times" for name, times in ids.items() if times > 1]
    pointing = ("for", "aria-describedby", "aria-labelledby", "aria-controls")
    pointed = {
        name for element in tree.iter() for attribute in pointing for name in element.attrib.get(attribute, "").split()
    }
    return faults + [f"nothing has the id {name}" for name in sorted(pointed - ids.keys())]


def forbidden_in(tree: Element) -> Iterator[str]:
    """What the content security policy would stop: scripts, styles and handlers in the page, other people's files."""
    for element in tree.iter():
        if element.tag == "style" or (element.tag == "script" and "src" not in element.attrib):
            yield f"<{element.tag}> in the page"
        yield from (f"{name} on <{element.tag}>" for name in element.attrib if name == "style" or name.startswith("on"))
        fetched = ("src", "srcset", "poster", "data", "action") + (("href",) if element.tag == "link" else ())
        yield from (
            f"<{element.tag}> from {address}"
            for address in (element.attrib.get(name, "") for name in fetched)
            if urlsplit(address).netloc not in {"", OURSELVES}
        )


def local(address: str) -> str:
    """An address without its host: the test client has only one."""
    return urlsplit(address)._replace(scheme="", netloc="").geturl() or "/"


def words(element: Element | None) -> str:
    """The text inside an element, its line breaks and runs of plain spaces folded."""
    if element is None:
        return ""
    said = "".join(spoken(element)).replace("\n", " ").replace("\t", " ")
    return " ".join(word for word in said.split(" ") if word)


def spoken(element: Element) -> Iterator[str]:
    if element.tag in {"script", "style", "template"}:
        return
    yield element.text or ""
    for child in element:
        apart = "" if child.tag in WITHIN_A_LINE else " "
        yield from (apart, *spoken(child), apart, child.tail or "")


def controls(form: Element) -> Iterator[tuple[str, str]]:
    """What a browser would send of a form nobody touched."""
    for control in form.iter():
        name, kind = control.attrib.get("name"), control.attrib.get("type", "text")
        if not name or "disabled" in control.attrib:
            continue
        if control.tag == "input" and kind not in UNSENT and (kind not in CHOSEN or "checked" in control.attrib):
            yield name, control.attrib.get("value", "on" if kind in CHOSEN else "")
        elif control.tag == "textarea":
            yield name, (control.text or "").removeprefix("\n")
        elif control.tag == "select":
            options = list(control.iter("option"))
            chosen = [option for option in options if "selected" in option.attrib]
            for option in chosen or ([] if "multiple" in control.attrib else options[:1]):
                yield name, option.attrib.get("value", option.text or "")
