"""All attacks on all that is published of a company, over all its waves."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tests.privacy.attack import groups, rows, values
from tests.privacy.attack.examiner import Examiner, People
from tests.privacy.attack.leaks import Leak
from tests.privacy.attack.published import Published, Statement, changes
from tests.privacy.attack.reading import read

DETAILS: Final = frozenset({"count", "spread", "detail", "change"})
MOTIVES: Final = 6
"""The columns that stand first."""

Publication = tuple[bytes, Examiner]
"""The bytes of a record, and who is behind them."""


def attack(publications: Sequence[Publication], cuts: Sequence[Statement] = ()) -> list[Leak]:
    """Attack the union of what is published, and what second cuts tell; versions of one wave are attacked together."""
    found = [(read(data), examiner) for data, examiner in publications]
    told: dict[str, list[tuple[Statement, People]]] = {}
    leaks: list[Leak] = []
    for published, examiner in found:
        told.setdefault(published.wave, []).extend((each, examiner.people(each)) for each in published.statements)
        leaks += [Leak("two numbers", what) for what in published.contradictions]
        leaks += _rows(published)
    examiners = {examiner.wave: examiner for _, examiner in publications}
    for each in cuts:
        told[each.wave].append((each, examiners[each.wave].people(each)))
    for wave, statements in _with_changes(told, publications):
        published = next(each for each, _ in found if each.wave == wave)
        leaks += groups_of(published, statements)
        leaks += values_of(published, statements)
    return leaks


def _with_changes(
    told: Mapping[str, list[tuple[Statement, People]]], publications: Sequence[Publication]
) -> Iterable[tuple[str, list[tuple[Statement, People]]]]:
    """Add what changes tell of the wave before."""
    examiners = {examiner.wave: examiner for _, examiner in publications}
    for data, _ in publications:
        for then in changes(data):
            if then.wave in told and then.plus[0] in examiners[then.wave].parents:
                told[then.wave].append((then, examiners[then.wave].people(then)))
    return told.items()


def groups_of(published: Published, told: Iterable[tuple[Statement, People]]) -> list[Leak]:
    """Attack the numbers of the one base, which are all told of the same people; the details; each practice."""
    by: dict[str, set[People]] = {}
    for statement, people in told:
        kind, _, name = statement.quantity.partition(":")
        family = name if kind == "practice" else "details" if kind in DETAILS else "means"
        by.setdefault(family, set()).add(people)
    limits = {family: published.detail_k if family == "details" else published.k for family in by}
    return [
        Leak(leak.kind, f"{published.wave} {leak.what}", leak.people, leak.colluders)
        for leak in groups.attack(by, limits)
    ]


def values_of(published: Published, told: Iterable[tuple[Statement, People]]) -> list[Leak]:
    """Ask of every item that is published alone: six motives, each practice."""
    by: dict[str, dict[People, values.Told]] = {}
    for statement, people in told:
        if statement.total is not None and people:
            of = values.Told(people, statement.n, statement.total, statement.bound)
            by.setdefault(statement.quantity, {}).setdefault(people, of)
    leaks = []
    for item in published.single:
        sums = by.get(f"sum:{item}") or by.get(f"practice:{item}", {})
        counts = {value: by.get(f"count:{item}:{value}", {}) for value in range(values.LOW, values.HIGH + 1)}
        boxes = [{value: told[people] for value, told in counts.items()} for people in counts[values.LOW]]
        squares = list(by.get(f"spread:{item}", {}).values())
        leaks += values.narrowed(f"{published.wave} {item}", list(sums.values()), boxes, squares)
    return leaks


def _rows(published: Published) -> list[Leak]:
    """Read single people out of products, wherever a unit is small enough."""
    return [
        Leak("row", f"{published.wave} {code}", 1)
        for code, n, products in published.products
        for _ in rows.rebuilt(products, n, MOTIVES)
    ]
