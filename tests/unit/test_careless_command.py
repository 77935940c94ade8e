"""`survey careless`: marks for each row of a file that somebody owns."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from survey.cli import main
from survey.instruments.load import builtin
from survey.scoring.careless import strings, variability

ASKED = [item.id for item in builtin().asked()]


def run(path: Path, *options: str) -> Result:
    """Ask for the marks of a file."""
    return CliRunner().invoke(main, ["--lang", "en", "careless", str(path), "--by", "team", *options])


def written(path: Path, rows: list[list[str]], names: list[str] | None = None) -> Path:
    """Write a file of answers."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["team", *(names or ASKED)], *rows])
    return path


def people(n: int) -> list[list[str]]:
    """Return careful people's answers, with two who were not: one straight on, one in a long string."""
    random = np.random.default_rng(3)
    answers = random.integers(1, 8, (n, len(ASKED))).astype(str).tolist()
    answers[1][:6] = ["4"] * 6
    answers[2][6:] = ["5"] * 15
    return [["=A1", *row] for row in answers]


def marks_of(result: Result) -> list[dict[str, str]]:
    """Read what was printed."""
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_each_row_has_its_marks(tmp_path: Path) -> None:
    """A line a row of the file, counted as a spreadsheet does; flags are 1 where the product would flag."""
    rows = people(40)
    result = run(written(tmp_path / "a.csv", rows))
    found = marks_of(result)
    assert result.exit_code == 0
    assert [line["row"] for line in found] == [str(row) for row in range(2, 42)]
    assert [line["row"] for line in found if line["same_motives"] == "1"] == ["3"]
    assert [line["row"] for line in found if line["long_string"] == "1"] == ["4"]
    values = np.array([list(map(float, row[1:])) for row in rows])
    assert [int(line["longest"]) for line in found] == list(strings(values).longest)
    assert [float(line["variability"]) for line in found] == pytest.approx(variability(values))
    assert sum(float(line["distance"]) for line in found) == pytest.approx(21 * 39)
    assert all(-1 <= float(line["even_odd"]) <= 1 for line in found if line["even_odd"])
    assert found[0]["unit"] == "'=A1"


def test_marks_that_cannot_be_had_are_empty(tmp_path: Path) -> None:
    """With few questions and people there are no long strings, halves or distances; the reason is told."""
    result = run(written(tmp_path / "a.csv", [["A", "4", "4"], ["B", "", "2"]], ["play", "purpose"]))
    found = marks_of(result)
    assert [(line["long_string"], line["even_odd"], line["distance"]) for line in found] == [("", "", "")] * 2
    assert [line["variability"] for line in found] == ["0.0", ""]
    assert "Too few questions were asked" in result.stderr
    assert "The distance needs more people" in result.stderr


def test_a_faulty_file_is_refused_whole(tmp_path: Path) -> None:
    """One wrong cell, and nothing is printed but where it is."""
    result = run(written(tmp_path / "a.csv", [["A", "9", "4"]], ["play", "purpose"]))
    assert result.exit_code != 0
    assert result.stdout == ""
    assert "Row 2, column play" in result.stderr
