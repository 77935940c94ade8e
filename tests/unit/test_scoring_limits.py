"""Whole sentences of refused files, composites beside the index, and the limits of matching and of change."""

import numpy as np
import pytest
from msgspec.structs import replace

from survey.i18n import Refused
from survey.instruments.model import Composite
from survey.scoring.before_after import (
    ALL_ALIKE,
    TOO_FEW,
    Difference,
    Start,
    Verdict,
    difference_in_differences,
    match,
    verdict,
)
from survey.scoring.columns import ColumnSpec
from survey.scoring.estimable import NotEstimable
from survey.scoring.files import FileRefused, read_answers
from survey.scoring.moments import moments_by_unit
from survey.scoring.practices import practice_moments
from survey.scoring.scored import score
from survey.scoring.summaries import Interval
from survey.scoring.unit_summaries import summaries
from survey.scoring.within import NO_POOL
from tests.unit.scoring_data import INSTRUMENT

NAMES = ", ".join(item.id for item in INSTRUMENT.items)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"team,play\n", "The file has a header but no answers below it."),
        (b"team\0play\n", "The file is not a CSV text. Save it as CSV (UTF-8)."),
        (b"team,play\n\xff\xff,1\n", "The file is neither UTF-8 nor CP949. Save it as CSV (UTF-8)."),
        (
            b'team,play\n"A,1\n',
            "The file is no CSV table near line 2: a quotation mark is not closed, or a cell is too long.",
        ),
        (b"unit,play\nA,1\n", "There is no column team. The columns are: unit, play."),
        (b"team,play,play\nA,1,1\n", "There are two columns play."),
        (b"team,luck\nA,1\n", f"No column is named as an item of total-motivation. Its items are: {NAMES}."),
    ],
)
def test_a_refused_file_says_one_whole_sentence(data: bytes, sentence: str) -> None:
    """What is wrong with a file as a whole, and what to do, from the first letter to the full stop."""
    with pytest.raises(Refused) as refused:
        read_answers(data, INSTRUMENT, "team")
    assert refused.value.sentence.to("en") == sentence


def test_each_fault_says_one_whole_sentence() -> None:
    """A row of another length, a unit that is missing, a cell that is no answer: with row, column and the cell."""
    with pytest.raises(FileRefused) as refused:
        read_answers(b"team,play\nA,4,5\n ,4\nA,x\n", INSTRUMENT, "team")
    assert refused.value.lines("en") == [
        "Faults in the file: 3. Nothing of it was used.",
        "Row 2, column play: The row has 3 cells, but the header has 2.",
        "Row 3, column team: The unit is missing.",
        "Row 4, column play: 'x' is no answer. Choose a whole number from 1 to 7, or leave it empty.",
    ]


@pytest.mark.parametrize(("faults", "lines"), [(50, 51), (51, 52)])
def test_fifty_faults_are_listed_without_a_count_of_more(faults: int, lines: int) -> None:
    """With exactly fifty faults there are no more to count; with fifty-one there is one."""
    with pytest.raises(FileRefused) as refused:
        read_answers(b"team,play\n" + b"A,9\n" * faults, INSTRUMENT, "team")
    told = refused.value.lines("en")
    assert len(told) == lines
    assert (told[-1] == "... and 1 more.") is (faults == 51)


def test_rows_may_end_as_on_old_computers() -> None:
    """A file whose rows end with a carriage return alone has as many rows as one with line feeds."""
    assert read_answers(b"team,play\rA,4\rB,5\r", INSTRUMENT, "team").codes == ("A", "B")


def test_half_of_the_items_of_a_scale_are_not_alone() -> None:
    """One of two items of a facet gives the facet; one of five items about the plan gives nothing, and is told."""
    assert score(read_answers(b"team,creativity_1\nA,3\n", INSTRUMENT, "team")).alone == ()
    assert score(read_answers(b"team,tactical_1,tactical_2\nA,3,3\n", INSTRUMENT, "team")).alone == (
        "tactical_1",
        "tactical_2",
    )


def test_composites_beside_the_index_are_scored_on_their_range() -> None:
    """A second composite of an instrument is in the summaries with its own weights, brought to its own range."""
    gap = Composite(
        id="gap",
        name={"en": "Gap", "ko": "차이"},
        weights={"adaptive": "1", "tactical": "-1"},
        low=-6,
        high=6,
        rescale=(1, 7),
    )
    other = replace(INSTRUMENT, composites=(*INSTRUMENT.composites, gap))
    header = ",".join(item.id for item in other.items)
    row = ",".join("6" if item.scale == "tactical" else "4" for item in other.items)
    (unit,) = score(read_answers(f"team,{header}\nA,{row}\n".encode(), other, "team")).units.values()
    made = unit.scales["gap"]
    assert made is not None
    assert made.mean == pytest.approx(-2)


def test_practices_are_scored_as_they_are_answered() -> None:
    """A practice's mean is that of its answers, on the range of its item."""
    answers = np.full((2, len(INSTRUMENT.items)), 4, dtype=np.uint8)
    answers[:, [item.id for item in INSTRUMENT.items].index("stand_ups")] = [5, 6]
    made = practice_moments(answers, np.zeros(2, dtype=np.int32), 1, INSTRUMENT, np.ones(2, dtype=np.bool_))
    assert made["stand_ups"].columns == (ColumnSpec("stand_ups", 1, 1, 7),)
    assert made["stand_ups"][0].mean("stand_ups") == 5.5


def test_numbers_that_cannot_be_had_are_masked() -> None:
    """Nobody has no mean, one person no standard deviation; two have both."""
    play = (ColumnSpec("play", 1, 1, 7),)
    groups = moments_by_unit(np.array([[3], [4], [5]]), np.array([1, 2, 2], dtype=np.int32), 3, play)
    made = summaries(groups, "play", NO_POOL)
    assert made.mean.tolist() == [None, 3.0, 4.5]
    assert made.sd.tolist() == [None, None, pytest.approx(0.5**0.5)]
    assert groups.means("play").tolist() == [None, 3.0, 4.5]
    assert groups.variances("play").tolist() == [None, None, 0.5]
    assert [group.n for group in groups[1:]] == [1, 2]
    assert groups[1:].means("play").tolist() == [3.0, 4.5]


def test_of_two_as_near_the_first_code_is_taken() -> None:
    """In whatever order units are handed over, the nearest is taken by its code, so that nobody can choose."""
    others = [Start("z", 10.25), Start("far", 0.0), Start("b", 9.75), Start("further", 20.0)]
    assert match([Start("A", 10.0)], others, per=1) == {0: (2,)}


def test_within_reach_is_half_a_standard_deviation_of_the_stratum() -> None:
    """The spread of all starts in the stratum (n - 1) is what counts, with the unit itself, without other strata."""
    assert match([Start("A", 0.0)], [Start("b", 1.0), Start("c", 4.3)], per=1) == {0: (0,)}
    near = [Start("b", 1.0, "x"), Start("c", 1.5, "x")]
    assert match([Start("A", 0.0, "x"), Start("D", 100.0, "y")], near, per=1) == {}


def test_two_sets_have_a_difference() -> None:
    """Two sets are enough, one is not; the interval rests on the sets' own spread."""
    made = difference_in_differences([(6.0, [1.0, 3.0]), (3.0, [0.0, 2.0])])
    assert isinstance(made, Difference)
    assert (made.interval.basis, made.interval.df, made.sets) == ("own", 1, 2)
    assert difference_in_differences([(6.0, [1.0, 3.0])]) == TOO_FEW


@pytest.mark.parametrize(
    ("changes", "alike"),
    [
        ([1.0, 1.0 + 1e-10, 1.0 - 1e-10], True),
        ([1e6, 1e6 + 1e-4, 1e6 - 1e-4], True),
        ([1.0, 1.0 + 1e-5, 1.0 - 1e-5], False),
        ([0.0, 1e-7, -1e-7], False),
    ],
)
def test_only_rounding_is_no_spread(changes: list[float], alike: bool) -> None:  # noqa: FBT001 - a column of the table
    """Changes that differ by a thousand-millionth of themselves are alike; however small, a true spread is one."""
    made = difference_in_differences([(change, [0.0]) for change in changes])
    assert (made == ALL_ALIKE) is alike


def difference(low: float, high: float) -> Difference:
    """Return a difference with this interval."""
    return Difference((low + high) / 2, Interval(low, high, 9, "own"), 0.01, 10)


@pytest.mark.parametrize(
    ("found", "p", "before", "word"),
    [
        (difference(0.1, 7.0), 0.05, difference(-2.0, 3.0), "higher after"),
        (difference(-7.0, -0.1), 0.05, difference(-2.0, 3.0), "lower after"),
        (difference(0.0, 7.0), 0.05, difference(-2.0, 3.0), "no detectable difference"),
        (difference(-7.0, 0.0), 0.05, difference(-2.0, 3.0), "no detectable difference"),
        (difference(0.1, 7.0), 0.05, difference(0.0, 3.0), "higher after"),
        (difference(0.1, 7.0), 0.05, difference(-3.0, 0.0), "higher after"),
        (difference(0.1, 7.0), 0.05, difference(-3.0, -0.1), "moved apart before"),
        (difference(0.1, 7.0), 0.05, TOO_FEW, "higher after"),
    ],
)
def test_intervals_that_touch_nought_leave_the_word_out(
    found: Difference, p: float, before: Difference | NotEstimable, word: Verdict
) -> None:
    """An end of exactly 0 is no difference after, and no moving apart before; an adjusted p of .05 is enough."""
    assert verdict(found, p, before, enough=True) == word
