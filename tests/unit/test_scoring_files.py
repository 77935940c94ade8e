import csv
import io
import json
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
import pytest
from click.testing import CliRunner, Result
from scipy import stats

from survey.cli import main
from survey.i18n import Refused
from survey.instruments.load import builtin
from survey.scoring.files import FileRefused, read_answers
from survey.scoring.scored import score
from tests.unit.scoring_data import INSTRUMENT, without_motives

MOTIVES = ("play", "purpose", "potential", "emotional_pressure", "economic_pressure", "inertia")
HEADER = "team,play,purpose,potential,emotional_pressure,economic_pressure,inertia"
WELL, BADLY, SO_SO = "6,6,5,2,3,2", "2,3,3,5,6,6", "4,5,6,3,5,3"


def run(tmp_path: Path, content: str | bytes, *options: str, language: str = "en") -> Result:
    """Run `survey score` on a file with this content, by the column team."""
    path = tmp_path / "answers.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return CliRunner().invoke(main, ["--lang", language, "score", str(path), "--by", "team", *options])


def as_json(tmp_path: Path, content: str | bytes, *options: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the units of `survey score --format json`."""
    result = run(tmp_path, content, "--format", "json", *options)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["units"]


def test_scores_are_those_of_the_people(tmp_path: Path) -> None:
    """n, mean, sd and a t interval of the unit's own answers, in full precision, for every motive and the index."""
    random = np.random.default_rng(3)
    answers = random.integers(1, 8, size=(12, 6))
    rows = "\n".join(",".join(["A", *map(str, row)]) for row in answers.tolist())
    units = as_json(tmp_path, f"{HEADER}\n{rows}\n")
    assert list(units["A"]["scales"]) == [*MOTIVES, "total_motivation"]
    index = answers @ np.array([10, 5, 5 / 3, -5 / 3, -5, -10])
    for scale, values in {"play": answers[:, 0], "inertia": answers[:, 5], "total_motivation": index}.items():
        made = units["A"]["scales"][scale]
        assert made["n"] == units["A"]["n"] == 12
        assert made["mean"] == pytest.approx(values.mean(), abs=1e-12)
        assert made["sd"] == pytest.approx(values.std(ddof=1), rel=1e-12)
        low, high = stats.t.interval(0.95, 11, values.mean(), values.std(ddof=1) / 12**0.5)
        assert (made["low"], made["high"]) == pytest.approx((low, high), rel=1e-9)
        assert made["interval"] == "own"


def test_small_units_get_the_pooled_interval_and_keep_their_own_sd(tmp_path: Path) -> None:
    """Below ten responses the interval rests on the spread within all units of the file, and says so."""
    units = as_json(tmp_path, "team,play\nA,4\nA,6\nB,3\nB,4\nB,5\n")
    made = units["A"]["scales"]["play"]
    pooled = ((2 + 2) / 3) ** 0.5
    low, high = stats.t.interval(0.95, 3, 5, pooled / 2**0.5)
    assert made["sd"] == pytest.approx(2**0.5)
    assert (made["low"], made["high"]) == pytest.approx((low, high))
    assert made["interval"] == "pooled"


def test_what_cannot_be_estimated_is_null(tmp_path: Path) -> None:
    """One response in the whole file has a mean and nothing else."""
    made = as_json(tmp_path, "team,play\nA,4\n")["A"]["scales"]["play"]
    assert made == {"n": 1, "mean": 4.0, "sd": None, "low": None, "high": None, "interval": None}


def test_some_of_the_items_give_what_they_can(tmp_path: Path) -> None:
    """With some motives there is no index; a scale is there when at least half of its items are."""
    content = "team,play,creativity_1,tactical_1,stand_ups,name\nA,4,5,6,2,x\nA,5,5,6,,y\n"
    result = run(tmp_path, content, "--format", "json")
    scales = json.loads(result.stdout)["units"]["A"]["scales"]
    assert {scale: made["n"] for scale, made in scales.items()} == {"play": 2, "creativity": 2, "stand_ups": 1}
    assert "Columns that are no item and were not read: name." in result.stderr
    assert "tactical_1" in result.stderr


def test_a_file_may_hold_no_scale_at_all(tmp_path: Path) -> None:
    """Questions about practices alone, or one item of a longer scale alone, are no fault: everybody counts."""
    units = as_json(tmp_path, "team,stand_ups\nA,3\nA,5\nB,\n")
    assert {code: unit["n"] for code, unit in units.items()} == {"A": 2, "B": 1}
    assert units["A"]["scales"]["stand_ups"]["mean"] == 4
    assert units["B"]["scales"]["stand_ups"]["mean"] is None
    assert as_json(tmp_path, "team,tactical_1\nA,3\nA,5\n")["A"]["scales"] == {}


def test_nothing_is_dropped_in_silence(tmp_path: Path) -> None:
    """A response that skipped a motive is set aside for all scales, counted with its unit and told."""
    result = run(tmp_path, f"{HEADER}\nA,{WELL}\nA,6,6,5,2,3,\nB,4,4,4,4,4,\n", "--format", "json")
    units = json.loads(result.stdout)["units"]
    assert (units["A"]["n"], units["A"]["set_aside"]) == (1, 1)
    assert (units["B"]["n"], units["B"]["set_aside"]) == (0, 1)
    nothing = {"n": 0, "mean": None, "sd": None, "low": None, "high": None, "interval": None}
    assert units["B"]["scales"]["total_motivation"] == nothing
    assert "Set aside: 2 of 3 responses" in result.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_korean_files_are_read_in_each_encoding(tmp_path: Path, encoding: str) -> None:
    """UTF-8 with or without BOM and CP949 give the same units."""
    units = as_json(tmp_path, f"{HEADER}\n영업1팀,{WELL}\n고객지원팀,{BADLY}\n".encode(encoding))
    assert list(units) == ["영업1팀", "고객지원팀"]
    assert units["영업1팀"]["scales"]["total_motivation"]["mean"] == 60.0


def test_hangul_in_parts_is_the_same_unit(tmp_path: Path) -> None:
    """A unit written in decomposed Hangul, as some systems do, or with spaces around it, is no second unit."""
    units = as_json(tmp_path, "team,play\n영업,4\n" + normalize("NFD", "영업") + ",6\n 영업 ,5\n")
    assert {code: unit["n"] for code, unit in units.items()} == {"영업": 3}


def test_columns_without_a_name_are_told(tmp_path: Path) -> None:
    """A column that has no name is not read, and said so by its place."""
    assert "were not read: #2." in run(tmp_path, "team,,play\nA,x,4\n").stderr


def test_every_fault_is_told_by_row_and_column(tmp_path: Path) -> None:
    """Cells that are no answers, rows without a unit and rows of another length stop the whole file."""
    content = "team,play,purpose\nA,0,8\nA,-1,3.5\n\nB,7 ,4\n,4,4\nB,4\nB,4,4,4\nB,٣,4\n"
    result = run(tmp_path, content)
    assert result.exit_code == 1
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert lines[0] == "Faults in the file: 9. Nothing of it was used."
    assert [line.split(":")[0] for line in lines[1:]] == [
        "Row 2, column play",
        "Row 2, column purpose",
        "Row 3, column play",
        "Row 3, column purpose",
        "Row 5, column play",
        "Row 6, column team",
        "Row 7, column play",
        "Row 8, column purpose",
        "Row 9, column play",
    ]
    assert "'7 ' is no answer. Choose a whole number from 1 to 7" in lines[5]


def test_many_faults_are_counted_not_listed(tmp_path: Path) -> None:
    """Fifty faults are listed, the rest is a number; in Korean too."""
    result = run(tmp_path, "team,play\n" + "A,9\n" * 60, language="ko")
    lines = result.stderr.splitlines()
    assert len(lines) == 52
    assert lines[0].endswith("파일에서 오류를 60개 찾았어요. 파일의 내용은 하나도 반영하지 않았어요.")
    assert lines[-1] == "이 밖에 10개가 더 있어요."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "The file is empty."),
        ("\n,,\n", "The file is empty."),
        ("team,play\n", "no answers below it"),
        ("unit,play\nA,1\n", "There is no column team. The columns are: unit, play."),
        ("team,luck\nA,1\n", "No column is named as an item of total-motivation. Its items are: play,"),
        ("team,play,play\nA,1,1\n", "There are two columns play."),
        ("team,team,play\nA,B,1\n", "There are two columns team."),
        ('team,play\n"A,1\n', "no CSV table near line 2"),
        (b"\xff\xfe\x00", "not a CSV text"),
        (b"team,play\n\xff\xff,1\n", "neither UTF-8 nor CP949"),
    ],
)
def test_a_file_that_is_no_table_of_answers_is_refused(tmp_path: Path, content: str | bytes, sentence: str) -> None:
    """Each kind of wrong file gets a sentence that tells what is wrong, and exit code 1."""
    result = run(tmp_path, content)
    assert result.exit_code == 1
    assert sentence in result.stderr


def test_a_scale_of_one_item_may_be_named_by_its_scale() -> None:
    """Where an item has another name than its single-item scale either will do, but not both."""
    other = _renamed()
    assert read_answers(b"team,play\nA,3\n", other, "team").asked == ("item_1",)
    assert read_answers(b"team,item_1\nA,3\n", other, "team").asked == ("item_1",)
    with pytest.raises(Refused, match=r"^Two columns hold the answers to item_1\.$"):
        read_answers(b"team,item_1,play\nA,3,3\n", other, "team")


def _renamed() -> Any:  # noqa: ANN401 - an instrument, replaced by msgspec
    base = json.loads(INSTRUMENT.to_json())
    for item in base["items"]:
        item["id"] = "item_1" if item["id"] == "play" else item["id"]
    return type(INSTRUMENT).from_json(json.dumps(base))


def test_other_instruments_are_scored_too(tmp_path: Path) -> None:
    """W-SDI is scored from its items: means of three, and its index from -36 to 36."""
    other = builtin("w-sdi")
    items = [item.id for item in other.items]
    best = ["7" if other.scale(item.scale).direction == "direct" else "1" for item in other.items]
    units = as_json(tmp_path, f"team,{','.join(items)}\nA,{','.join(best)}\n", "--instrument", "w-sdi")
    assert units["A"]["scales"]["w_sdi"]["mean"] == 36.0
    assert units["A"]["scales"]["intrinsic"]["mean"] == 7.0


def test_an_instrument_without_an_index_is_scored() -> None:
    """Scales are summarised where there is nothing to weigh."""
    made = score(read_answers(b"team,vigour_1,vigour_2,vigour_3\nA,0,6,\nA,3,3,3\n", without_motives(), "team"))
    summary = made.units["A"].scales["vigour"]
    assert summary is not None
    assert summary.mean == 3.0
    assert list(made.units["A"].scales) == ["vigour"]


def test_the_table_is_for_reading(tmp_path: Path) -> None:
    """The table is rounded and aligned, wide Korean signs included; what is missing is a dash."""
    result = run(tmp_path, f"{HEADER}\n영업,{WELL}\nB,{BADLY}\nB,{SO_SO}\n")
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["unit", "scale", "n", "mean", "sd", "low", "high", "interval"]
    assert "영업  total_motivation    1   60.00      -" in result.stdout
    assert len({line.rstrip()[-6:] for line in lines[1:]}) == 1


def test_csv_has_full_precision_and_runs_no_formula(tmp_path: Path) -> None:
    """CSV holds the same numbers as JSON; a unit that looks like a formula is a text."""
    content = f"{HEADER}\n=1+1,{WELL}\n=1+1,{SO_SO}\n"
    rows = list(csv.DictReader(io.StringIO(run(tmp_path, content, "--format", "csv").stdout)))
    made = as_json(tmp_path, content)["=1+1"]["scales"]["total_motivation"]
    index = next(row for row in rows if row["scale"] == "total_motivation")
    assert index["unit"] == "'=1+1"
    assert float(index["low"]) == made["low"]


def test_a_hundred_thousand_answers_are_read() -> None:
    """A large file is read whole, and gives the mean of all its rows."""
    body = "\n".join(f"T{row % 97},{row % 7 + 1}" for row in range(100_000))
    made = score(read_answers(f"team,play\n{body}\n".encode(), INSTRUMENT, "team"))
    assert sum(unit.n for unit in made.units.values()) == 100_000
    assert len(made.units) == 97


def test_faults_are_there_for_other_callers() -> None:
    """A page or command can list the faults itself."""
    with pytest.raises(FileRefused) as refused:
        read_answers(b"team,play\nA,9\n", INSTRUMENT, "team")
    (fault,) = refused.value.faults
    assert (fault.row, fault.column) == (2, "play")
