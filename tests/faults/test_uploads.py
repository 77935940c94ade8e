"""Files that broke on their way, or that are not what they are called: each door says so, and nothing has changed."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from survey.database import engine as open_engine
from survey.instruments.load import FOLDER
from tests import cast
from tests.faults.killed import held
from tests.journeys.test_setting_up import NAMES, Operator
from tests.services.test_publication_import import UNITS, answers
from tests.services.workbooks import SHEET, workbook

PNG: Final = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89" + bytes(400)
CENTRAL: Final = b"PK\x01\x02"
TO_SIZE: Final = 24
"""Bytes from the head of an entry of a ZIP's list of contents to the size that it claims."""


def claiming(data: bytes, size: int) -> bytes:
    """Return a workbook whose list of contents lies about the size of its sheet."""
    at = data.index(SHEET.encode(), data.index(CENTRAL)) - 46
    assert data[at : at + 4] == CENTRAL
    return data[: at + TO_SIZE] + struct.pack("<I", size) + data[at + TO_SIZE + 4 :]


def _zipped(data: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("roster.csv", data)
    return made.getvalue()


DAMAGES: Final[dict[str, Callable[[bytes], bytes]]] = {
    "empty": lambda _whole: b"",
    "cut early": lambda whole: whole[: len(whole) // 7],
    "cut late": lambda whole: whole[: -len(whole) // 7],
    "a picture": lambda _whole: PNG,
    "a folder of files": _zipped,
    "another encoding": lambda whole: whole.decode("utf-8", "replace").encode("utf-16-le"),
    "half a character": lambda whole: whole + "가".encode()[:2],
    "nothing but zeros": lambda whole: bytes(len(whole)),
    "zeros at the end": lambda whole: whole[: len(whole) // 2] + bytes(len(whole) // 2),  # as a full disk leaves it
}
STILL_A_TABLE: Final = {
    ("roster", "cut early"),
    ("roster", "cut late"),
    ("outcomes", "cut late"),
    ("answers", "cut late"),
    ("workbook", "larger"),
}
"""Nobody can tell of a text that it had more rows; of a ZIP counts what is in it, and not what it claims."""


@pytest.fixture
def operator(home: Path, sqlite_template: Path) -> Operator:
    """Give an operator of a company with a measure."""
    (home / "survey.db").write_bytes(sqlite_template.read_bytes())
    made = Operator(SURVEY_HOME=str(home))
    made.done("init", *NAMES)
    made.done("note-measure", "csat", "--ko", "만족도", "--en", "Satisfaction", "--better", "higher")
    return made


def files() -> dict[str, tuple[str, bytes, tuple[str, ...]]]:
    """Return for each door what its file is called, a whole one, and the command with its further words."""
    rows = [line.split(",") for line in cast.roster_csv().decode().splitlines()]
    outcomes = "unit,period,measure,value\n" + "".join(f"CO,{year},csat,{year}.5\n" for year in range(2000, 2026))
    imported = ("import-answers", "--wave", "paper-2025", "--instrument", "w-sdi", "--on", "2025-03-02")
    return {
        "roster": ("roster.csv", cast.roster_csv(), ("import-roster",)),
        "workbook": ("roster.xlsx", workbook(rows), ("import-roster",)),
        "outcomes": ("outcomes.csv", outcomes.encode(), ("import-outcomes",)),
        "answers": ("answers.csv", answers({"A": 12, "B": 7}), imported),
        "instrument": ("ours.toml", (FOLDER / "w-sdi.toml").read_bytes(), ("add-instrument",)),
        "practices": ("ours.toml", (FOLDER / "practices.toml").read_bytes(), ("add-practices",)),
        "verify": ("report.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 20, ("verify",)),
        "backup": ("all.backup", b"survey backup\n" + bytes(range(256)) * 20, ("restore",)),
    }


@pytest.mark.parametrize("door", list(files()))
def test_a_damaged_file_is_refused_in_a_sentence(operator: Operator, home: Path, tmp_path: Path, door: str) -> None:
    """Exit code 1 or 2, one sentence, no traceback, and every row as it was: whatever the file has become."""
    name, whole, words = files()[door]
    file = tmp_path / name
    opened = open_engine(f"sqlite:///{home / 'survey.db'}")
    before = held(opened)
    lies = {"smaller": claiming(whole, 10), "larger": claiming(whole, 1 << 30)} if door == "workbook" else {}
    few = {"cut late", "nothing but zeros"} if door == "verify" else DAMAGES.keys()  # each report starts a process
    # A ZIP is read from its end, and may have anything behind it.
    damaged = {how: DAMAGES[how](whole) for how in few if (door, how) != ("workbook", "half a character")}
    for how, data in {**damaged, **lies}.items():
        file.write_bytes(data)
        result = operator.run(words[0], file, *words[1:])
        if result.exit_code == 0 and (door, how) in STILL_A_TABLE:
            before = held(opened)
            continue
        assert result.exit_code in {1, 2}, (how, result.output)
        assert result.stderr.strip(), how
        assert "Traceback" not in result.output
        assert "mistake in survey" not in result.output
        assert held(opened) == before, how
    opened.dispose()


def test_answers_with_a_damaged_tree_are_refused(operator: Operator, tmp_path: Path) -> None:
    """The second file of an import is looked at as hard as the first one."""
    (tmp_path / "answers.csv").write_bytes(answers({"A": 12, "B": 7}))
    words = ("--wave", "paper-2025", "--instrument", "w-sdi", "--on", "2025-03-02", "--units", tmp_path / "units.csv")
    for damage in (DAMAGES["empty"], DAMAGES["a picture"], DAMAGES["another encoding"], DAMAGES["half a character"]):
        (tmp_path / "units.csv").write_bytes(damage(UNITS))
        assert operator.refused("import-answers", tmp_path / "answers.csv", *words)
    (tmp_path / "units.csv").write_bytes(UNITS)
    operator.done("import-answers", tmp_path / "answers.csv", *words)
