"""What a web process starts with: nothing heavy that only a few pages, or another process, need."""

import subprocess
import sys
from pathlib import Path

import pytest

STARTED = """
import logging
import sys
from survey.cli.installation import prepare
from survey.cli.serve import create_app
from survey.migrations import require_newest
from survey.settings import Settings

settings = Settings.from_environment()
require_newest(prepare(settings))
create_app(settings).test_client().get("/healthz")
print(*sorted({name.split(".")[0] for name in sys.modules}))
names = ("survey", "waitress", "waitress.queue")
print(*(name for name in names if logging.getLogger(name).isEnabledFor(logging.WARNING)))
"""
HEAVY = {
    *("scipy", "webauthn", "authlib", "requests", "alembic", "psycopg", "matplotlib", "pandas"),
    *("weasyprint", "xlsxwriter", "pptx", "lxml", "openpyxl", "pypdfium2", "boto3", "procrastinate"),
}
NEEDED = {"flask", "waitress", "sqlalchemy", "numpy"}


@pytest.fixture
def started(home: Path, sqlite_template: Path) -> list[set[str]]:
    """Give the packages that are loaded once `survey serve` answers on SQLite, and who of some may warn in its log."""
    (home / "survey.db").write_bytes(sqlite_template.read_bytes())
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", STARTED], check=True, capture_output=True, text=True, env={"SURVEY_HOME": str(home)}
    )
    return [set(line.split()) for line in done.stdout.splitlines()]


def test_a_web_process_starts_without_what_few_pages_need(started: list[set[str]]) -> None:
    """Start and memory are held by what is not imported, never by a clock: each of these waits until it is used."""
    assert started[0] & HEAVY == set()
    assert started[0] >= NEEDED


def test_no_line_of_the_log_tells_at_what_pace_people_answer(started: list[set[str]]) -> None:
    """The web server would log each request that has to wait; whatever is wrong is logged all the same."""
    assert started[1] == {"survey", "waitress"}
