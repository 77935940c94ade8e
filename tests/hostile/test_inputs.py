"""The corpus through every door: what is read of a request is found by listening, so that new fields are met too."""

import io
import json
import logging
import shutil
import socket
from collections.abc import Iterator, Mapping
from typing import Final, NoReturn
from urllib.parse import quote

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse
from wtforms import Form

from survey.web import logs
from survey.web.access import COOKIE
from survey.web.company import first_run
from survey.web.responses import responses
from survey.web.responses.brake import Brake
from tests.hostile.conftest import Stage
from tests.hostile.corpus import CORPUS, MIXED, Text
from tests.hostile.crawling import Ear, Sent, walk
from tests.hostile.doors import MADE_BY_CHILDREN, Doors, addresses
from tests.hostile.judging import wrong, wrong_lines

LANGUAGES: Final = ("ko", "en")
DONE: Final = 303
"""Status of an answer to a form that was taken: the browser goes on to a page."""
HEADERS: Final = (
    *(
        "Accept-Language",
        "Referer",
        "User-Agent",
        "Authorization",
        "Sec-Fetch-Site",
        "Origin",
        "Range",
        "If-None-Match",
    ),
    *("If-Modified-Since", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Prefix", "Accept"),
    *("Content-Type", "Content-Encoding", "Transfer-Encoding", "Cookie", "X-HTTP-Method-Override", "Expect"),
)


@pytest.fixture(scope="module")
def doors(hostile: Stage, share: tuple[int, int], *, every: bool) -> Iterator[Doors]:
    """Walk through all pages once; letters and reports that are asked for are not made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hostile.app.extensions["survey.runs"], "wake", lambda _key: None)
        patch.setattr(responses, "BRAKE", Brake(sleep=lambda _seconds: None))
        patch.setattr(first_run, "BRAKE", Brake(sleep=lambda _seconds: None))
        patch.setattr(socket, "create_connection", _nobody_there)
        ear = Ear()
        ear.listen(hostile.app)
        client = hostile.browser()
        starts = [address for _, address in addresses(hostile, "GET")]
        starts += [f"/people/import/{name}" for name in hostile.waiting or ()]
        found = walk(hostile.app, client, starts, few=1, skip=MADE_BY_CHILDREN)
        hostile.engine.dispose()
        shutil.copyfile(hostile.home / "survey.db", hostile.home / "kept.db")
        cookie = client.get_cookie(COOKIE)
        assert cookie
        made = Doors(hostile, client, cookie.value, found, ear, every, share)
        for rule, address in addresses(hostile, "POST"):
            if rule.endpoint not in MADE_BY_CHILDREN:
                _post(made, made.forms(rule.endpoint, address)[0], {}).close()
                _restore(made)
        yield made


def _nobody_there(*_: object, **_more: object) -> NoReturn:
    """Refuse a connection: a mail server that somebody names is tried at once, and `5` is the address 0.0.0.5."""
    raise ConnectionRefusedError


@pytest.fixture(autouse=True)
def log(doors: Doors) -> Iterator[None]:
    """Whatever is sent, the log keeps lines of JSON that hold nothing of it."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.setFormatter(logs.formatter("json"))
    logging.getLogger().addHandler(handler)
    doors.asked = 0
    yield
    logging.getLogger().removeHandler(handler)
    assert wrong_lines(heard.getvalue()) == []
    _restore(doors)


def _restore(doors: Doors) -> None:
    doors.stage.engine.dispose()
    shutil.copyfile(doors.stage.home / "kept.db", doors.stage.home / "survey.db")
    doors.client.set_cookie(COOKIE, doors.secret)  # some of what is sent signs out


def _judged(answer: TestResponse, what: object, found: list[str]) -> None:
    with answer:
        found += [f"{what}: {each}" for each in wrong(answer)]


def test_every_page_is_reached(doors: Doors) -> None:
    """Each route that shows something was opened, or leads on: none is left out of what follows."""
    there = {rule.endpoint for rule, _ in addresses(doors.stage, "GET")}
    leads_on = {
        rule.endpoint
        for rule, address in addresses(doors.stage, "GET")
        if rule.endpoint not in doors.found.pages and doors.client.get(address).status_code in {302, 303, 401, 404, 409}
    }
    assert there - doors.found.pages.keys() - leads_on == set()
    assert leads_on <= LEAD_ON


LEAD_ON: Final = {
    *("first_run.show", "signing_in.show", "metrics.show", "openid.go", "openid.back", "responses.nowhere"),
    *("extensions.progress", "letters.preview"),
}
"""What shows nothing in a company that is set up, to somebody who is signed in."""


def test_addresses_hold_anything(doors: Doors) -> None:
    """What is asked for after the question mark, under every name that a view reads: a page or a sentence."""
    found: list[str] = []
    for rule, address in addresses(doors.stage, "GET"):
        if rule.endpoint in MADE_BY_CHILDREN:
            continue
        for name in doors.names(rule.endpoint, "args"):
            for place, text in enumerate(doors.texts()):
                sent = f"{name}={quote(text.text.encode('utf-8', 'surrogatepass'))}&lang={LANGUAGES[place % 2]}"
                where = f"{address}&{sent}" if "?" in address else f"{address}?{sent}"
                _judged(doors.client.get(where), (address, name, text.text[:30]), found)
    assert found == []


def test_parts_of_addresses_hold_anything(doors: Doors) -> None:
    """A code, number or name in the path of any route, of any method, may be anything."""
    found: list[str] = []
    for method in ("GET", "POST"):
        for rule, address in addresses(doors.stage, method):
            if rule.endpoint == "static" or (method == "POST" and "GET" in (rule.methods or set())):
                continue
            for name in sorted(rule.arguments):
                for text in doors.texts():
                    where = _with(rule.rule, address, name, text)
                    _judged(doors.client.open(where, method=method), (rule.rule, name, text.text[:30]), found)
        _restore(doors)
    assert found == []


NUMBERS: Final = ("9" * 9, "9" * 10, "9" * 20, "9" * 5000, "0", "-1", "\u0663")


@pytest.mark.parametrize("number", NUMBERS, ids=len)
def test_a_number_of_no_row_is_no_page(doors: Doors, number: str) -> None:
    """However long the number in an address is: there is no such page, on any database."""
    found = {}
    for method in ("GET", "POST"):
        for rule, address in addresses(doors.stage, method):
            for name in rule.arguments & {"number", "holder", "person"}:
                with doors.client.open(
                    _with(rule.rule, address, name, Text("number", number)), method=method
                ) as answer:
                    if answer.status_code not in {404, 422, 303}:
                        found[rule.rule] = answer.status_code
    assert found == {}


def _with(rule: str, address: str, name: str, text: Text) -> str:
    """Return an address of a rule with a text for one of its parts."""
    parts = zip(rule.split("/"), address.split("?", maxsplit=1)[0].split("/"), strict=True)
    sent = quote(text.text.encode("utf-8", "surrogatepass")[:6000], safe="")
    return "/".join(
        f"{pattern[: pattern.index('<')]}{sent}{pattern[pattern.index('>') + 1 :]}" if f"{name}>" in pattern else there
        for pattern, there in parts
    )


def test_forms_hold_anything(doors: Doors) -> None:
    """Each field of each form, the others as its page has them: a page, or a sentence; never a mistake of ours.

    Where it is taken, the page that follows shows it, and everything is as before for the next one.
    """
    found: list[str] = []
    for rule, address in addresses(doors.stage, "POST"):
        if rule.endpoint in MADE_BY_CHILDREN:
            continue
        forms = doors.forms(rule.endpoint, address)
        for form in forms:
            _taken(doors, _post(doors, form, {}), (rule.endpoint, "as it is"), found)
            typed = {name for name, _ in form.fields} | set(doors.names(rule.endpoint, "form"))
            for name in sorted(typed - {"csrf_token", "lang"}):
                for text in doors.texts():
                    what = (rule.endpoint, name, text.text[:30])
                    _taken(doors, _post(doors, form, {name: text.text}), what, found)
        _restore(doors)
    assert found == []


def _taken(doors: Doors, answer: TestResponse, what: object, found: list[str]) -> None:
    """Judge an answer; where something was done, the page that it leads to as well, and put everything back."""
    to, done = answer.location, answer.status_code == DONE
    _judged(answer, what, found)
    if done and to:
        _judged(doors.client.get(to), (what, "then"), found)
        _restore(doors)


def _post(doors: Doors, form: Sent, instead: Mapping[str, str]) -> TestResponse:
    data = MultiDict([(name, value) for name, value in form.fields if name not in instead])
    data.add("lang", LANGUAGES[doors.asked % 2])
    body = "&".join(
        f"{quote(name)}={quote(value.encode('utf-8', 'surrogatepass'), safe='')}"
        for name, value in [*data.items(multi=True), *instead.items()]
    )
    return doors.client.post(form.address, data=body, content_type="application/x-www-form-urlencoded")


def test_files_hold_anything(doors: Doors) -> None:
    """Each file that a form takes: anything as its content, anything as its name; and a file where text belongs."""
    found: list[str] = []
    for rule, address in addresses(doors.stage, "POST"):
        for name in doors.names(rule.endpoint, "files"):
            fields = dict(doors.forms(rule.endpoint, address)[0].fields)
            for text in doors.texts():
                called = text.text[:200].encode("utf-8", "replace").decode().replace("\0", "") + ".csv"
                for content in (text.text.encode("utf-8", "surrogatepass"), b"a,b\n1,2\n"):
                    body = {**fields, name: (io.BytesIO(content), called)}
                    answer = doors.client.post(address, data=body, content_type="multipart/form-data")
                    _judged(answer, (rule.endpoint, name, text.text[:30]), found)
        for name in doors.names(rule.endpoint, "form"):
            body = {name: (io.BytesIO(b"a,b"), "a.csv")}
            answer = doors.client.post(address, data=body, content_type="multipart/form-data")
            _judged(answer, (rule.endpoint, name, "a file"), found)
        _restore(doors)
    assert found == []


def test_cookies_and_headers_hold_anything(doors: Doors) -> None:
    """Whatever a browser, a proxy or a script says of itself: the page, or the way to the sign-in."""
    found: list[str] = []
    cookies = sorted({name for (_, source), names in doors.ear.names.items() if source == "cookies" for name in names})
    assert {"account", "language"} <= set(cookies)
    for place, text in enumerate((MIXED, *CORPUS)):
        if len(text.text) > 5000 or not doors.has(place):
            continue
        said = text.text.encode("utf-8", "surrogatepass").decode("latin-1").replace("\r", " ").replace("\n", " ")
        said = said.replace("\0", " ")
        for name in _some(doors, (*cookies, "form"), place):
            client = doors.stage.app.test_client()
            answer = client.get("/sign-in", headers={"Cookie": f"{name}={said}"})
            _judged(answer, (name, said[:30]), found)
        for address in _some(doors, ("/", "/s", "/metrics"), place):
            headers = {name: said for name in HEADERS if doors.every or (len(name) + len(said)) % 5 == 0}
            _judged(doors.client.get(address, headers=headers), (address, said[:30]), found)
    assert found == []


def _some(doors: Doors, all_of_them: tuple[str, ...], place: int) -> tuple[str, ...]:
    return all_of_them if doors.every else (all_of_them[place % len(all_of_them)],)


def test_every_field_of_every_form_was_met(doors: Doors) -> None:
    """No field of a form class is left out: views have asked for each of its names."""
    met = {
        name for (_, source), names in doors.ear.names.items() if source in {"form", "args", "files"} for name in names
    }
    missing = {
        f"{each.__name__}.{name}"
        for each in _forms(Form)
        for name in each()._fields
        if name not in met | {"csrf_token"}
    }
    assert missing == set()


def _forms(above: type[Form]) -> Iterator[type[Form]]:
    for each in above.__subclasses__():
        if each.__module__.startswith("survey.forms"):
            yield each
        yield from _forms(each)


def test_what_is_sent_as_json_is_no_form(doors: Doors) -> None:
    """No route reads JSON that is posted: it is a form without fields."""
    found: list[str] = []
    for rule, address in addresses(doors.stage, "POST"):
        if rule.endpoint not in MADE_BY_CHILDREN:
            _judged(
                doors.client.post(address, data=json.dumps({"canary": [1e309]}), content_type="application/json"),
                rule,
                found,
            )
    assert found == []
