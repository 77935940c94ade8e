"""Who may open what: every route, every method, every role; the page docs/access.md is made of it.

What is expected stands in a table by right. Which right a route needs stands in `rights.DOORS`; a route that is not
there has no right, and the test fails.

    python -m tests.journeys.matrix    writes docs/access.md
"""

import secrets
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Literal

from flask import Flask
from werkzeug.routing import Rule

from survey.migrations import upgrade
from survey.settings import Settings
from survey.web.factory import RESPONDENTS, create_app
from tests.journeys.rights import DOORS

PAGE: Final = Path(__file__).parents[2] / "docs" / "access.md"

Outcome = Literal["opens", "signs in", "second step", "refused", "own units"]
OUTCOMES: Final[Mapping[Outcome, str]] = {
    "opens": "opens",
    "signs in": "asked to sign in",
    "second step": "asked for the second step",
    "refused": "refused (403)",
    "own units": "opens for units at and below a grant, else there is no such page (404)",
}
VISITORS: Final = {
    "nobody": "nobody is signed in",
    "halfway": "HR between password and second step",
    "closed": "a closed account with its old cookie",
    "hr": "HR",
    "leader": "leader",
    "observer": "observer",
    "auditor": "auditor",
}
OUTSIDE: Final[Mapping[str, Outcome]] = {"nobody": "signs in", "halfway": "second step", "closed": "signs in"}
RIGHTS: Final[Mapping[str, tuple[str, Mapping[str, Outcome]]]] = {
    "anyone": ("open to everybody: these pages look after themselves", dict.fromkeys(VISITORS, "opens")),
    "respondent": (
        "no account and no cookie: the code of a letter, or the key in an address, is looked at",
        dict.fromkeys(VISITORS, "opens"),
    ),
    "signed in": (
        "every account, for what is its own",
        {**OUTSIDE, "hr": "opens", "leader": "opens", "observer": "opens", "auditor": "opens"},
    ),
    "hr": (
        "HR only",
        {**OUTSIDE, "hr": "opens", "leader": "refused", "observer": "refused", "auditor": "refused"},
    ),
    "leaders": (
        "whoever may note something about units",
        {**OUTSIDE, "hr": "opens", "leader": "opens", "observer": "refused", "auditor": "refused"},
    ),
    "readers": (
        "what was published; each sees the part of the tree that is granted",
        {**OUTSIDE, "hr": "opens", "leader": "opens", "observer": "opens", "auditor": "refused"},
    ),
    "unit": (
        "what was published of one unit",
        {**OUTSIDE, "hr": "opens", "leader": "own units", "observer": "own units", "auditor": "refused"},
    ),
    "auditors": (
        "what an auditor checks; it holds no result",
        {**OUTSIDE, "hr": "opens", "leader": "refused", "observer": "refused", "auditor": "opens"},
    ),
}
"""By right: what it is about, and what each visitor meets."""


def right_of(rule: Rule) -> str:
    """Return the right that a route needs; raises KeyError for one that nobody has written down."""
    blueprint = rule.endpoint.split(".")[0]
    if blueprint in {each.name for each in RESPONDENTS}:
        return "respondent"
    return DOORS[rule.endpoint]


def methods(rule: Rule) -> list[str]:
    """Return the methods that a route takes, without those that follow by themselves."""
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def render(app: Flask) -> str:
    """Return docs/access.md."""
    return "\n".join((*_head(), *_table(), *_routes(app)))


def _head() -> Iterator[str]:
    yield "# Who may open what"
    yield ""
    yield "This page is written by `python -m tests.journeys.matrix` from the routes of the program and the table of"
    yield "rights that `tests/journeys/test_access_matrix.py` holds against every route, with every method, for"
    yield "everybody below. A new route without a right fails that test, and so does a page that is out of date."
    yield ""
    yield "The columns: " + "; ".join(f"**{name}**: {said}" for name, said in VISITORS.items()) + "."
    yield ""


def _table() -> Iterator[str]:
    yield f"| right | {' | '.join(VISITORS)} |"
    yield f"| --- |{' --- |' * len(VISITORS)}"
    for right, (_, expected) in RIGHTS.items():
        yield f"| {right} | {' | '.join(expected[visitor] for visitor in VISITORS)} |"
    yield ""
    yield from (f"- *{outcome}*: {said}" for outcome, said in OUTCOMES.items() if outcome != said)
    yield ""


def _routes(app: Flask) -> Iterator[str]:
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, methods(rule)))
    for right, (said, _) in RIGHTS.items():
        yield f"## {right}"
        yield ""
        yield f"{said[0].upper()}{said[1:]}."
        yield ""
        yield from (f"- {' '.join(methods(rule))} `{rule.rule}`" for rule in rules if right_of(rule) == right)
        yield ""


def _write() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "secret.key").write_bytes(secrets.token_bytes(32))
        app = create_app(Settings.from_environment({"SURVEY_HOME": str(home)}))
        upgrade(app.extensions["survey.engine"])
        PAGE.write_text(render(app), "utf-8")


if __name__ == "__main__":
    _write()
