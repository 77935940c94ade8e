"""Whether time tells a unit that is out of a leader's reach from one that is too small or does not exist.

    python -m benchmarks.hidden

Opens each kind of page in turn, many times, as the leader of Sales in the tests' own company on SQLite, and prints the
median time of each, its ratio to that of a missing unit, and how far two halves of the missing unit's own times lie
apart: what is smaller than that nobody can see.
"""

import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

from flask.testing import FlaskClient

from survey.app import create_app
from survey.database import engine as open_engine
from survey.migrations import upgrade
from survey.settings import Settings
from tests.journeys.doors import WAVE, Visitor, published

ROUNDS: Final = 400
KINDS: Final = {"missing": "NOWHERE", "out of reach": "CARE", "too small, out of reach": "CHAT"}
PAGES: Final = {
    "unit page": "/units/{unit}",
    "report": f"/reports/{WAVE}/{{unit}}.pdf",
    "comments": f"/waves/{WAVE}/units/{{unit}}/comments",
}


def installation(home: Path) -> FlaskClient:
    """Publish the tests' company and sign in the leader of Sales."""
    (home / "secret.key").write_bytes(secrets.token_bytes(32))
    settings = Settings.from_environment({"SURVEY_HOME": str(home)})
    engine = open_engine(settings.database_url)
    upgrade(engine)
    published(engine, home)
    app = create_app(settings)
    app.testing = True
    client = app.test_client()
    Visitor(client).sign_in("Ada")
    return client


def times(client: FlaskClient, page: str) -> dict[str, list[float]]:
    """Open a page of each kind in turn; return the seconds by kind, and check that all answer alike."""
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    answers = set()
    for _ in range(ROUNDS):
        for kind, unit in KINDS.items():
            start = perf_counter()
            answer = client.get(page.format(unit=unit))
            found[kind].append(perf_counter() - start)
            answers.add((answer.status_code, len(answer.data) // 64))
    assert answers == {next(iter(answers))}, answers
    return found


def show(page: str, found: dict[str, list[float]], say: Callable[[str], None]) -> None:
    """Print a line a kind."""
    missing = found["missing"]
    noise = abs(median(missing[::2]) / median(missing[1::2]) - 1)
    for kind, seconds in found.items():
        ratio = median(seconds) / median(missing)
        say(f"{page:<10} {kind:<24} {1000 * median(seconds):6.2f} ms   {ratio:5.3f}   (itself: ±{noise:.3f})")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        client = installation(Path(folder))
        for name, page in PAGES.items():
            show(name, times(client, page), print)


if __name__ == "__main__":
    main()
