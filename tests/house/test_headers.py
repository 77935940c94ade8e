import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from survey.web.headers import ALWAYS, POLICY
from tests.journeys.doors import Visitor, loaded, published

STRICTER = {*POLICY.split("; "), "style-src 'self'"}
"""What pages of respondents may say instead: the same, without fonts and without the style hash."""


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


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_every_answer_is_hardened(app: Flask, client: FlaskClient, engine: Engine, method: str) -> None:
    """Every route answers every method with the policy and its companions, errors included; pages are never stored."""
    app.testing = False
    loaded(engine)
    for address in [*addresses(app), "/no/such/page"]:
        answer = client.open(address, method=method)
        policy = answer.headers["Content-Security-Policy"]
        assert policy == POLICY or set(policy.split("; ")) <= STRICTER, address
        assert answer.headers["Cache-Control"] == "no-store" or address.startswith("/static"), address
        assert ALWAYS.keys() <= set(answer.headers.keys()), address


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
