from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from survey.privacy.cut_room import Item, Kinds, NoRoom, Settled, Told, kinds, settle

LOW, HIGH = 1, 7
Cells = list[list[int]]


def item(people: list[int], sums: list[int], loose: frozenset[int] = frozenset()) -> Item:
    """Classes of so many people, with these sums of an item from 1 to 7."""
    return Item(np.array(people), np.array(sums), LOW, HIGH, loose)


def test_sums_that_leave_room_are_told_as_they_are() -> None:
    """Two departments of ten, cut in two across: the sums of the new groups are told as they are, unflagged."""
    before = Told([[0, 1], [2, 3]], [40, 44])
    assert settle(item([5, 5, 5, 5], [18, 22, 24, 20]), before, [[0, 2], [1, 3]]) == Settled([42, 42], [0, 0])


def test_an_extreme_part_is_moved_inside_what_was_told() -> None:
    """Half of a department answered 1: the new group says "or less", its sister "or more", and the total stays."""
    before = Told([[0, 1]], [35])
    assert settle(item([5, 5], [5, 30]), before, [[0], [1]]) == Settled([8, 27], [-1, 1])


def test_departments_do_not_speak_for_each_other() -> None:
    """What the second part of a department may say follows from its first part, whatever other departments say."""
    before = Told([[0, 1], [2, 3]], [35, 35])
    told = settle(item([5, 5, 5, 5], [5, 30, 30, 5]), before, [[0], [1], [2], [3]])
    assert told == Settled([8, 27, 27, 8], [-1, 1, 1, -1])


def test_a_sum_that_just_has_room_says_the_same() -> None:
    """At the bound the flag does not say whether points were moved, so that it gives nothing away."""
    before = Told([[0, 1]], [35])
    assert settle(item([5, 5], [8, 27]), before, [[0], [1]]) == Settled([8, 27], [-1, 1])


def test_a_department_at_its_end_cannot_be_cut() -> None:
    """Where everybody of a department answered 1 its sum has no room for two parts, whatever is told of them."""
    before = Told([[0, 1]], [13])
    with pytest.raises(NoRoom):
        settle(item([5, 5], [6, 7]), before, [[0], [1]])


def test_a_sum_that_is_not_that_of_the_answers_is_never_told_without_a_word() -> None:
    """Where room is left by one sum alone, "or more" cannot be said of it: it is told if it is true, or not at all."""
    people, before, cells = [1, 2, 2, 3], Told([[0, 1], [2, 3]], [6, 29]), [[0, 2], [1, 3]]
    alone = frozenset([0])
    assert kinds([*before.cells, *cells], people) == Kinds(alone, frozenset())
    assert settle(item(people, [1, 5, 11, 18], alone), before, cells) == Settled([12, 23], [0, 0])
    with pytest.raises(NoRoom):
        settle(item(people, [4, 2, 14, 15], alone), before, cells)


def test_where_nothing_has_room_nothing_new_is_needed_to_say_so() -> None:
    """A sum at its very end leaves no witness, even where no group is asked for."""
    with pytest.raises(NoRoom):
        settle(item([5], [5]), Told([[0]], [5]), [])


def test_groups_of_whole_departments_need_no_room() -> None:
    """What is made of whole cells was known before: it is told as it is, at a bound or not."""
    before = Told([[0], [1], [2]], [8, 32, 20])
    assert settle(item([5, 5, 5], [8, 32, 20]), before, [[0, 1]]) == Settled([40], [0])


def test_sums_bound_each_other() -> None:
    """No class is determined here, and yet both sums together would say that whoever is alone answered 4."""
    people, sums = [1, 6, 6, 6], [4, 6, 42, 24]
    before = Told([[0, 1], [2, 3]], [10, 66])
    assert settle(item(people, sums, frozenset([0])), before, [[0, 2], [1, 3]]) == Settled([40, 36], [1, -1])


def test_whoever_is_alone_must_have_a_way_out() -> None:
    """Alone where two cells cross there is a way around; alone in a cell of her own there is none."""
    assert kinds([[0, 1], [2, 3], [0, 2], [1, 3]], [1, 5, 5, 5]) == Kinds(frozenset([0]), frozenset())
    assert kinds([[0, 1], [1]], [1, 5]).fixed == {0}
    assert kinds([[0, 1, 2], [1, 2]], [1, 5, 1]) == Kinds(frozenset([2]), frozenset([0]))


def test_which_classes_are_small() -> None:
    """From five people on a class keeps its room; four may be loose, and a class of nobody is nothing."""
    crossed = [[0, 1], [2, 3], [0, 2], [1, 3]]
    assert kinds(crossed, [4, 9, 9, 9]) == Kinds(frozenset([0]), frozenset())
    assert kinds(crossed, [5, 9, 9, 9]) == kinds([[0, 1], [1, 2]], [9, 0, 9]) == Kinds(frozenset(), frozenset())


@pytest.mark.parametrize(
    ("people", "sums", "loose", "told"),
    [
        ([1, 5, 2, 5, 5, 2], [5, 8, 12, 33, 24, 9], [0], [38, 32, 21]),
        ([1, 2, 2, 2, 1, 2], [4, 5, 3, 5, 7, 11], [0, 4], [9, 12, 14]),
    ],
)
def test_one_point_is_enough_to_say_nothing(
    people: list[int], sums: list[int], loose: list[int], told: list[int]
) -> None:
    """A sum that could be a point lower and a point higher has no flag, even where two points would be too many."""
    rows, columns = [[0, 1, 2], [3, 4, 5]], [[0, 3], [1, 4], [2, 5]]
    before = Told(rows, [sum(sums[index] for index in row) for row in rows])
    assert settle(item(people, sums, frozenset(loose)), before, columns) == Settled(told, [0, 0, 0])


NEAREST = {
    "the others leave it 19 at most": ("2 5 6 1", "2 9 7 6", "0123", "123", "3", Settled([19], [1])),
    "the others leave it 30 at least": (
        "6 5 6 5 1 5", "9 33 10 20 1 28", "012345 0234 15 3 01245", "45", "4", Settled([30], [-1]),
    ),
    "halves would leave it one point less": (
        "2 2 5 2 6 5 2 5", "14 7 7 5 38 13 6 25", "0245 1367 12356 047 2567 0134", "02467", "0", Settled([91], [-1]),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("people", "sums", "told", "cell", "loose", "expected"), NEAREST.values(), ids=NEAREST)
def test_the_nearest_sum_that_leaves_room(
    people: str, sums: str, told: str, cell: str, loose: str, expected: Settled
) -> None:
    """Not a point further than it must be, in whole numbers, whatever was told before of cells that cross."""
    answers = [int(total) for total in sums.split()]
    cells = [[int(index) for index in each] for each in told.split()]
    before = Told(cells, [sum(answers[index] for index in each) for each in cells])
    classes = item([int(count) for count in people.split()], answers, frozenset(map(int, loose)))
    assert settle(classes, before, [[int(index) for index in cell]]) == expected


def test_a_way_that_goes_twice_through_a_class_is_none() -> None:
    """Where one point more for her takes two from somebody else, three points of room are not enough."""
    cells = [[0, 1], [0, 2], [1, 2, 3]]
    assert kinds(cells, [1, 9, 9, 9]).fixed == {0}


def crossing(sizes: list[list[int]]) -> tuple[list[int], Cells, Cells]:
    """People by class, and the rows and columns of a table of classes."""
    wide = len(sizes[0])
    rows = [[row * wide + column for column in range(wide)] for row in range(len(sizes))]
    return [size for row in sizes for size in row], rows, [list(each) for each in zip(*rows, strict=True)]


def bounded(people: list[int], rows: Cells, sums: list[int]) -> list[int]:
    """Sums of classes that leave each row three points, as a publication would have."""
    found = list(sums)
    for row in rows:
        n = sum(people[index] for index in row)
        for step, missing in (
            (1, n * LOW + 3 - sum(found[i] for i in row)),
            (-1, sum(found[i] for i in row) - n * HIGH + 3),
        ):
            for _ in range(max(missing, 0)):
                room = [i for i in row if LOW * people[i] <= found[i] + step <= HIGH * people[i]]
                found[room[0]] += step
    return found


def possible(people: list[int], cells: Cells, told: list[int]) -> Iterator[list[int]]:
    """All sums of four classes that give what was told of two rows, and of the cells besides."""
    ranges = [range(LOW * n, HIGH * n + 1) for n in people]
    ((_, one), (_, other)), (top, below) = cells[:2], told[:2]
    for first, second in product(ranges[cells[0][0]], ranges[cells[1][0]]):
        sums = [0] * len(people)
        sums[cells[0][0]], sums[cells[1][0]], sums[one], sums[other] = first, second, top - first, below - second
        fits = all(sums[index] in allowed for index, allowed in enumerate(ranges))
        if fits and all(sum(sums[i] for i in cell) == total for cell, total in zip(cells, told, strict=True)):
            yield sums


def values_left(n: int, total: int) -> set[int]:
    """What one of n people with this total may have answered."""
    return set(range(max(LOW, total - HIGH * (n - 1)), min(HIGH, total - LOW * (n - 1)) + 1))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from([1, 2, 3, 5]), min_size=2, max_size=2), min_size=2, max_size=2),
    st.lists(st.integers(0, 30), min_size=4, max_size=4),
    st.booleans(),
)
def test_nobody_is_narrowed_below_four_of_seven(sizes: list[list[int]], extra: list[int], both: bool) -> None:  # noqa: FBT001 - drawn
    """Whatever was answered, everybody may have given four answers at least, by all that is told, flags and all."""
    people, rows, columns = crossing(sizes)
    cells = columns if both else columns[:1]
    assume(all(sum(people[index] for index in row) > 1 for row in rows + cells))
    sums = bounded(people, rows, [n + more % (6 * n + 1) for n, more in zip(people, extra, strict=True)])
    before = Told(rows, [sum(sums[index] for index in row) for row in rows])
    sorted_out = kinds(rows + cells, people)
    assume(not sorted_out.fixed)
    try:
        told = settle(item(people, sums, sorted_out.loose), before, cells)
    except NoRoom:
        return
    left: list[set[int]] = [set() for _ in people]
    for other in possible(people, rows + cells, [*before.sums, *told.sums]):
        more = [values_left(n, other[index]) for index, n in enumerate(people)]
        # Only what would show that somebody has more to choose from is worth its integer programs.
        if any(len(known) < 4 and new - known for known, new in zip(left, more, strict=True)) and (
            settle(item(people, other, sorted_out.loose), before, cells) == told
        ):
            left = [known | new for known, new in zip(left, more, strict=True)]
    assert min(len(values) for values in left) >= 4


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 9), min_size=2, max_size=4), min_size=2, max_size=4).filter(
        lambda sizes: len({len(row) for row in sizes}) == 1
    ),
    st.integers(0, 10_000),
)
def test_what_is_told_is_the_nearest_and_says_so(sizes: list[list[int]], seed: int) -> None:
    """A sum without a flag is that of the answers; "or more" is never told of a sum that is too high."""
    people, rows, columns = crossing(sizes)
    random = np.random.default_rng(seed)
    sums = bounded(people, rows, [int(random.integers(n, 7 * n + 1)) for n in people])
    before = Told(rows, [sum(sums[index] for index in row) for row in rows])
    sorted_out = kinds(rows + columns[:-1], people)
    assume(not sorted_out.fixed)
    try:
        told = settle(item(people, sums, sorted_out.loose), before, columns[:-1])
    except NoRoom:
        return
    for cell, total, flag in zip(columns, told.sums, told.flags, strict=False):
        true = sum(sums[index] for index in cell)
        assert (true - total) * flag > 0 or true == total


@pytest.mark.parametrize(
    ("low", "high", "least", "most"),
    [(1, 7, [0, 4, 5, 12], [0, 4, 11, 60]), (2, 3, [0, 2, 5, 21], [0, 3, 5, 24]), (2, 5, [0, 3, 7, 21], [0, 4, 7, 42])],
)
def test_how_far_a_witness_may_go(low: int, high: int, least: list[int], most: list[int]) -> None:
    """Three points from each end, or half of all there are; a loose class may go to the end."""
    people = np.array([0, 1, 2, 9])
    bounds = Item(people, people * low, low, high).bounds
    assert [bound.tolist() for bound in bounds] == [least, most]
    free = Item(people, people * low, low, high, frozenset([1, 3])).bounds
    assert [bound.tolist() for bound in free] == [
        [least[0], low, least[2], 9 * low],
        [most[0], high, most[2], 9 * high],
    ]
