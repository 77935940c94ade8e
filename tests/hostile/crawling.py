"""Every page that can be reached, every form on it, and every name that a view asks of a request: found, not listed."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urljoin, urlsplit

from flask import Flask, request
from flask.testing import FlaskClient
from lxml import html
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

A_FEW: Final = 3
"""Addresses of one route that are opened."""
Field = tuple[str, str]
"""A name and a value, as a browser would send them."""


@dataclass(frozen=True)
class Sent:
    """A form as it stands on a page."""

    address: str
    fields: tuple[Field, ...] = ()
    files: tuple[str, ...] = ()
    typed: frozenset[str] = frozenset()
    """Names of fields that somebody types into."""


@dataclass
class Found:
    """What a walk through the pages has found."""

    pages: dict[str, list[str]] = field(default_factory=dict)
    """Addresses of pages, by route."""
    forms: dict[str, list[Sent]] = field(default_factory=dict)
    """Forms that are posted, by the route that takes them."""


@dataclass
class Ear:
    """Which names the views of an app ask for: of the address, a form, its files, the cookies."""

    names: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """By route and source ("args", "form", "files", "cookies")."""

    def listen(self, app: Flask) -> None:
        """Hear every question from now on."""
        app.before_request_funcs.setdefault(None, []).insert(0, self._begin)

    def _begin(self) -> None:
        if request.url_rule is None:
            return
        for source in ("args", "form", "files", "cookies"):
            heard = self.names.setdefault((request.url_rule.endpoint, source), set())
            request.__dict__[source] = _Heard(getattr(request, source), heard)


class _Heard(ImmutableMultiDict[str, Any]):
    """What was sent, and the names under which anybody looked for it."""

    def __init__(self, sent: ImmutableMultiDict[str, Any], heard: set[str]) -> None:
        super().__init__(sent)
        self._heard = heard

    def __contains__(self, name: object) -> bool:
        self._heard.add(str(name))
        return super().__contains__(name)

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - as werkzeug has it
        self._heard.add(name)
        return super().__getitem__(name)

    def get(self, name: str, *more: Any, **how: Any) -> Any:  # type: ignore[override] # noqa: ANN401 - as werkzeug has it
        """Note the name."""
        self._heard.add(name)
        return super().get(name, *more, **how)

    def getlist(self, name: str, *more: Any) -> Any:  # noqa: ANN401 - as werkzeug has it
        """Note the name."""
        self._heard.add(name)
        return super().getlist(name, *more)


def route(app: Flask, address: str, method: str = "GET") -> str:
    """Return which route an address belongs to, "" for none."""
    try:
        endpoint, _ = app.url_map.bind("localhost").match(urlsplit(address).path, method)
    except RequestRedirect:
        return ""
    except HTTPException:
        return ""
    return str(endpoint)


def walk(app: Flask, client: FlaskClient, starts: Iterable[str], few: int = A_FEW, skip: Collection[str] = ()) -> Found:
    """Open pages from `starts` on, following links, at most `few` of each route; note every form on the way.

    Routes of `skip` are noted and not opened: making a file takes a second.
    """
    found, waiting, seen = Found(), list(starts), set[str]()
    while waiting:
        address = waiting.pop(0)
        endpoint = route(app, address)
        if not endpoint or address in seen or len(found.pages.get(endpoint, [])) >= few:
            continue
        seen.add(address)
        if endpoint in skip:
            found.pages.setdefault(endpoint, []).append(address)
            continue
        with client.get(address) as answer:
            if answer.status_code != 200:
                waiting += [answer.location] if answer.location else []
                continue
            found.pages.setdefault(endpoint, []).append(address)
            if answer.mimetype == "text/html":
                links, forms = read(answer.get_data(as_text=True), address)
                waiting += links
                for form in forms:
                    kept = found.forms.setdefault(route(app, form.address, "POST"), [])
                    if len(kept) < few and form not in kept:
                        kept.append(form)
    return found


def read(text: str, address: str) -> tuple[list[str], list[Sent]]:
    """Return the links of a page, those of forms that are sent with GET among them, and the forms that are posted."""
    page = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    links = [_here(address, each.get("href", "")) for each in page.iter("a", "iframe") if each.get("href")]
    posted = []
    for form in page.iter("form"):
        to = _here(address, form.get("action") or address)
        if form.get("method", "get").lower() == "post":
            posted.append(_form(form, to))
            buttons = [each for each in form.iter("button") if each.get("formaction")]
            posted += [_form(form, _here(address, each.get("formaction"))) for each in buttons]
        else:
            links.append(to)
    return [link for link in links if link], posted


def _here(address: str, link: str) -> str:
    """Return where a link of a page leads on this site, "" where it leads elsewhere."""
    parts = urlsplit(urljoin("http://localhost" + address, link))
    query = f"?{parts.query}" if parts.query else ""
    return parts.path + query if parts.netloc == "localhost" else ""


def _form(form: html.HtmlElement, address: str) -> Sent:
    fields: list[Field] = []
    files, typed = [], set()
    inside = [*form.iter("input", "select", "textarea", "button")]
    if form.get("id"):
        inside += form.getroottree().xpath("//*[@form=$id]", id=form.get("id"))
    for each in inside:
        name, kind = each.get("name"), each.get("type", "text")
        if not name or name == "csrf_token":
            continue
        if kind == "file":
            files.append(name)
            continue
        if each.tag == "textarea" or (each.tag == "input" and kind not in {"hidden", "radio", "checkbox", "submit"}):
            typed.add(name)
        fields += [(name, value) for value in _values(each, kind)]
    return Sent(address, tuple(fields), tuple(files), frozenset(typed))


def _values(each: html.HtmlElement, kind: str) -> Iterator[str]:
    if each.tag == "select":
        options = [one.get("value", "") for one in each.iter("option")]
        chosen = [one.get("value", "") for one in each.iter("option") if one.get("selected") is not None]
        yield next(iter(chosen), None) or next((one for one in options if one), "")
    elif each.tag == "textarea":
        yield each.text_content() or "words"
    elif kind in {"radio", "checkbox"}:
        if each.get("checked") is not None or kind == "checkbox":
            yield each.get("value", "on")
    else:
        yield each.get("value") or FILLED.get(kind, "words")


FILLED: Final = {
    "email": "fay@example.com",
    "date": "2026-11-30",
    "time": "18:00",
    "number": "6",
    "password": "a river runs through it",
    "hidden": "",
    "submit": "",
}
"""What stands in a field that is empty on its page."""


def query(address: str) -> list[Field]:
    """Return what the address of a page asks for."""
    return parse_qsl(urlsplit(address).query, keep_blank_values=True)


def arguments(rule: str) -> list[str]:
    """Return the names of what stands in the path of a route."""
    return re.findall(r"<(?:[^:>]+:)?([^>]+)>", rule)
