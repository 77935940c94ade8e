"""What commands print of a hostile company moves no cursor and colours nothing; errors repeat nothing that would."""

import csv
import io
import json
from pathlib import Path
from typing import Final
from unicodedata import normalize

import pytest
from click.testing import CliRunner

from survey.app import main
from survey.cli import context
from survey.cli.context import shown
from survey.instruments.load import builtin
from survey.spreadsheets import unmarked
from tests.hostile.company import DRAFT, LATER, PAPER
from tests.hostile.conftest import Stage
from tests.hostile.corpus import CORPUS, MIXED, names
from tests.hostile.opened import runs
from tests.services.rounds import WAVE

COMMANDS: Final = (
    ("waves",),
    ("results", "--wave", PAPER),
    ("results", "--wave", WAVE),
    ("audit", "--wave", PAPER),
    ("practices",),
    ("practices", "--register"),
    ("instruments",),
    ("keyholders",),
    ("foresee", "--wave", DRAFT),
    ("checklist", "--wave", DRAFT),
    ("promise", "--wave", LATER),
    ("second-cuts", "--wave", WAVE),
    ("second-cuts", "--wave", WAVE, "--name", "by-place"),
    ("second-cuts", "--wave", WAVE, "--format", "csv"),
    ("second-cuts", "--wave", WAVE, "--format", "json"),
    ("invite-leaders", "--yes"),
    ("licences",),
    ("sbom",),
    ("verify-audit-log",),
    ("invite-leaders",),
    ("doctor",),
)
ASKING: Final = (
    ("grant", "{}", "SALES"),
    ("revoke", "ada@example.com", "{}"),
    ("deactivate-account", "{}"),
    ("create-account", "{}", "--name", "{}", "--role", "hr", "--password", "a river runs through it"),
    ("mark-unit", "{}", "tool", "--name", "{}"),
    ("note-measure", "{}", "--ko", "{}", "--en", "{}", "--better", "higher"),
    ("open-wave", "--wave", "{}"),
    ("results", "--wave", "{}"),
    ("report", "--wave", WAVE, "--unit", "{}", "-o", "/dev/null/x"),
    ("import-roster", "{}"),
    ("retire-practice", "{}"),
    ("remove-keyholder", "{}"),
    ("test-mail", "{}"),
    ("verify", "{}"),
)


def moves(text: str) -> list[str]:
    """Return the characters of an output that a terminal would obey, or that turn the direction of writing."""
    return [each for each in text if not each.isprintable() and each not in "\n\t\N{NO-BREAK SPACE}"]


def run(stage: Stage, language: str, words: tuple[str, ...]) -> tuple[int, str]:
    """Run a command of the installation; return its exit code and all that it printed."""
    found = CliRunner().invoke(main, ["--lang", language, *words], env=_here(stage))
    return found.exit_code, found.output


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_is_printed_is_read_and_not_obeyed(hostile: Stage, language: str) -> None:
    """Lists of names, results, the doctor: plain lines, whatever was written."""
    printed = {words: run(hostile, language, words) for words in COMMANDS}
    assert {words: said for words, (code, said) in printed.items() if code not in {0, 1}} == {}
    assert {words: moves(said) for words, (_, said) in printed.items() if moves(said)} == {}
    assert any("canary" in said for _, said in printed.values())
    assert "\N{REPLACEMENT CHARACTER}%" not in printed["foresee", "--wave", DRAFT][1]


def test_json_on_a_terminal_is_escaped_and_means_the_same(hostile: Stage) -> None:
    """Results as JSON hold the names as they are, without a character that a terminal obeys."""
    for command in (("results", "--wave", PAPER, "--format", "json"), ("doctor", "--json")):
        code, said = run(hostile, "en", command)
        assert (code in {0, 1}, moves(said)) == (True, [])
        assert json.loads(said)


def test_errors_repeat_nothing_that_moves(hostile: Stage) -> None:
    """Whatever is typed after a command: a sentence, never a traceback, never an escape."""
    found = {}
    for place, pattern in enumerate(ASKING):
        some = (MIXED, *CORPUS[place :: len(ASKING)])
        for text in [each for each in some if each.sendable and len(each.text) < 5000]:
            words = tuple(word.replace("{}", text.text) for word in pattern)
            code, said = run(hostile, "en", words)
            if code not in {0, 1, 2} or moves(said):
                found[words] = (code, said[-300:])
    assert found == {}


def answers(path: Path, units: list[str], more: str = "", wrong: str = "") -> str:
    """Write answers of two people of each unit, with a column that is no item, or a cell that is no answer."""
    items = [item.id for item in builtin().asked()]
    rows = [[unit, *(1 + (place + at) % 7 for at in range(len(items))), "x"] for place, unit in enumerate(units * 2)]
    if wrong:
        rows[0][1] = wrong
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["team", *items, more or "more"], *rows])
    return str(path)


def test_commands_print_through_one_place() -> None:
    """No command prints past what cleans it, but for a promise, which is handed out byte for byte."""
    commands = Path(context.__file__).parent.glob("*.py")
    found = {file.name for file in commands if "click.echo(" in file.read_text("utf-8")}
    assert found == {"context.py", "promise.py"}


@pytest.mark.parametrize("command", ["score", "careless"])
def test_tables_of_an_operators_file_are_cleaned_too(hostile: Stage, tmp_path: Path, command: str) -> None:
    """Names of units out of a file of answers: as a table, as CSV without a formula, as JSON with every name whole."""
    units = list(dict.fromkeys(text for each in names() if (text := each.text.strip()) and "\r" not in text))
    file = answers(tmp_path / "answers.csv", units, more=MIXED.text.replace("\r\n", " "))
    for form in ("table", "csv", "json") if command == "score" else ("csv",):
        asked = ("--format", form) if command == "score" else ()
        found = CliRunner().invoke(main, ["--lang", "en", command, file, "--by", "team", *asked], env=_here(hostile))
        assert (found.exit_code, moves(found.output)) == (0, []), form
        if form == "csv":
            cells = [cell for row in csv.reader(io.StringIO(found.stdout)) for cell in row]
            assert [cell for cell in cells if runs(cell)] == []
            assert {unmarked(cell) for cell in cells} >= {shown(composed(unit)) for unit in units}
        if form == "json":
            assert set(json.loads(found.stdout)["units"]) == {composed(unit) for unit in units}


def composed(unit: str) -> str:
    """Return a name as files of answers are read."""
    return normalize("NFC", unit)


def test_files_that_are_refused_are_told_without_what_moves(hostile: Stage, tmp_path: Path) -> None:
    """A cell that is no answer, a heading that is none, a name of a file: told, and obeyed by no terminal."""
    found = {}
    for place, text in enumerate([each.text for each in (MIXED, *CORPUS) if each.sendable and each.short]):
        file = answers(tmp_path / f"{place}.csv", ["A"], wrong=text)
        for command in (
            ("score", file, "--by", "team"),
            ("careless", file, "--by", text),
            ("import-answers", file, "--wave", "2026-Q2", "--by", "team"),
        )[place % 3 :: 3]:
            code, said = run(hostile, "en", command)
            if code not in {1, 2} or moves(said):
                found[command] = (code, said[-300:])
    assert found == {}


def _here(stage: Stage) -> dict[str, str | None]:
    return {"SURVEY_HOME": str(stage.home), "SURVEY_DATABASE_URL": None}
