"""What commands print of a hostile company moves no cursor and colours nothing; errors repeat nothing that would."""

import json
from typing import Final

import pytest
from click.testing import CliRunner

from survey.app import main
from tests.hostile.company import DRAFT, LATER, PAPER
from tests.hostile.conftest import Stage
from tests.hostile.corpus import CORPUS, MIXED
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
    environment = {"SURVEY_HOME": str(stage.home), "SURVEY_DATABASE_URL": None}
    found = CliRunner().invoke(main, ["--lang", language, *words], env=environment)
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
    code, said = run(hostile, "en", ("results", "--wave", PAPER, "--format", "json"))
    assert (code, moves(said)) == (0, [])
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
