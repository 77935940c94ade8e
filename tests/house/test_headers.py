import re
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace
from sqlalchemy import Engine

from survey.settings import Settings
from survey.web.factory import create_app
from survey.web.headers import ALWAYS, HTTPS, POLICY
from tests import cast
from tests.hardened import faults
from tests.journeys.doors import TOKEN, Visitor, loaded, published
from tests.sendable import sendable


def addresses(app: Flask) -> list[str]:
    """Return an address of every route, with made-up values in it; a wrong one must be as safe as a right one."""
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        found = set()
        for rule in app.url_map.iter_rules():
            values = dict.fromkeys(rule.arguments, "1")  # a number and a word
            method = "GET" if "GET" in (rule.methods or set()) else "POST"
            found.add(adapter.build(rule.endpoint, values, method=method))
        return sorted(found)


ODD: Final = ("/no/such/page", "/s/no/such/page?lang=en", "/h/1?lang=ko", "/%00", "/static/none")
PARTS: Final = "multipart/form-data"
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@pytest.mark.parametrize("at", ["http://localhost", "https://survey.example.com"])
def test_every_answer_is_hardened(settings: Settings, engine: Engine, at: str) -> None:
    """Every route answers every method with all that `tests.hardened` asks for, errors and odd addresses included.

    Over https cookies have a guarded name and the browser is told to stay there. The rest of the suite opens files,
    streams, redirects and failures through the same check (`tests.sendable`).
    """
    app = create_app(replace(settings, base_url=at))
    app.wsgi_app = sendable(app.wsgi_app)  # type: ignore[assignment, method-assign] # Flask's documented way
    loaded(engine)
    client = app.test_client()
    seen = set()
    for address in [*addresses(app), *ODD]:
        for method in METHODS:
            with client.open(address, method=method, base_url=at) as answer:
                seen.add(answer.status_code)
    assert {200, 303, 400, 404, 405} <= seen
    app.extensions["survey.engine"].dispose()


def test_what_is_too_large_or_too_often_is_hardened_too(client: FlaskClient, engine: Engine) -> None:
    """A form without end, one with too many parts, a guess too many and a bucket that is not there: each is a page."""
    loaded(engine)
    assert client.post("/sign-in", environ_overrides={"CONTENT_LENGTH": str(1 << 40)}).status_code == 413
    assert client.post("/sign-in", data={str(n): "x" for n in range(2000)}, content_type=PARTS).status_code == 413
    visitor = Visitor(client)
    assert [visitor.post("/sign-in").status_code for _ in range(21)][-1] == 429


def test_a_missing_header_is_noticed() -> None:
    """The check itself: an answer with nothing, and one that tells and lets through too much."""
    assert len(faults("/", [("Content-Type", "text/html")], https=True)) > len(ALWAYS)
    fine = [*ALWAYS.items(), ("Cache-Control", "no-store"), ("Content-Type", "text/html; charset=utf-8")]
    assert faults("/", fine, https=False) == []
    for name, value in (
        ("Server", "waitress"),
        ("Access-Control-Allow-Origin", "*"),
        ("Set-Cookie", "account=1; HttpOnly; Path=/"),
        ("Set-Cookie", "account=1; HttpOnly; Path=/; SameSite=Lax; Domain=example.com"),
        ("Location", "https://elsewhere.example/"),
        ("Strict-Transport-Security", "max-age=1"),
        ("Cache-Control", "no-cache"),
        ("Content-Security-Policy", f"{POLICY}; script-src 'unsafe-inline'"),
        ("Content-Type", "text/html"),
    ):
        assert faults("/", [*fine, (name, value)], https=False), name
    assert faults("/s", [*fine, ("Set-Cookie", "a=1; HttpOnly; Path=/; SameSite=Lax")], https=False)


def test_a_debugger_cannot_be_switched_on(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Flask would read in the environment shows nobody the inside of a failure."""
    monkeypatch.setenv("FLASK_DEBUG", "1")
    made = create_app(settings)
    assert not made.debug
    made.extensions["survey.engine"].dispose()


def test_cookies_and_files_are_guarded_over_https(settings: Settings, engine: Engine) -> None:
    """Signing in by https: every cookie is `__Host-`, Secure and gone after signing out; files are told https too."""
    loaded(engine)
    made = create_app(replace(settings, base_url="https://survey.example.com"))
    client = made.test_client()
    made.wsgi_app = sendable(made.wsgi_app)  # type: ignore[assignment, method-assign] # Flask's documented way
    here = "https://survey.example.com"
    page = client.get("/sign-in?lang=en", base_url=here).text
    assert client.get_cookie("__Host-form", domain="survey.example.com")  # signing in takes it back
    form = {"email": "cy@example.com", "password": cast.PASSWORD, "csrf_token": TOKEN.findall(page)[0]}
    answer = client.post("/sign-in", data=form, base_url=here, headers={"Referer": f"{here}/sign-in"})
    assert answer.status_code == 303
    for name in ("__Host-account", "__Host-language"):
        assert client.get_cookie(name, domain="survey.example.com"), name
    with client.get("/static/styles/base.css", base_url=here) as file:
        assert file.headers["Strict-Transport-Security"] == HTTPS
    with client.get("/static/mark.svg", base_url=here) as file:
        assert file.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    home = client.get("/account/", base_url=here).text
    out = client.post(
        "/sign-out",
        data={"csrf_token": TOKEN.findall(home)[0]},
        base_url=here,
        headers={"Referer": f"{here}/account/"},
    )
    assert out.headers["Clear-Site-Data"] == '"cache"'
    assert not client.get_cookie("__Host-account", domain="survey.example.com")
    made.extensions["survey.engine"].dispose()


def test_no_file_of_results_is_kept_by_a_browser_or_a_proxy(client: FlaskClient, engine: Engine, home: Path) -> None:
    """A table or a workbook that is handed out says "no-store", as its page does, and names its wave once."""
    published(engine, home)
    hr = Visitor(client).sign_in("Cy")
    for address in ("/compare/comparison.csv", "/heat-map/map.csv", "/heat-map/map.xlsx"):
        answer = hr.get(address)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store"), address
        assert answer.headers["Content-Disposition"].count("2026-Q4") == 1, address


def test_the_policy_lets_nothing_in_line_run() -> None:
    """No unsafe-inline, no unsafe-eval, no other site; the one hash is that of an empty style element."""
    assert "unsafe" not in POLICY
    assert re.findall(r"'sha256-[^']+'", POLICY) == ["'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"]
    assert POLICY.startswith("default-src 'none'")
    assert not re.search(r"https?:|\*", POLICY)


def test_static_files_are_hardened_too(client: FlaskClient) -> None:
    """Files served before Flask carry the same headers; those of a named version are kept for good."""
    ours = client.get("/static/styles/base.css")
    vendored = client.get("/static/vendor/pretendard/pretendardvariable-dynamic-subset.css")
    for answer in (ours, vendored):
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        answer.close()
    assert "immutable" in vendored.headers["Cache-Control"]


def test_respondents_get_no_cookie_and_leave_no_referrer(client: FlaskClient) -> None:
    """The pages of respondents set no cookie whatever is asked, and tell no other page where they were."""
    for address in ("/s", "/s?lang=en", "/s/receipt", "/s/nowhere"):
        answer = client.get(address)
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_an_unexpected_failure_is_told_without_its_details(app: Flask, client: FlaskClient) -> None:
    """Our own mistakes get a page with advice; neither the page nor the log repeats what was typed."""
    app.testing = False

    @app.before_request
    def break_down() -> None:
        raise ValueError("a secret that somebody typed")

    answer = client.get("/sign-in?lang=en")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "secret" not in answer.text
