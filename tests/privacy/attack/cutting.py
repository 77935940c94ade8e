"""Second cuts for the attack: random groups of a wave's report units, and what their records tell."""

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from survey.i18n import Refused
from survey.privacy.cut_plan import CutPlan
from survey.privacy.cut_thaw import dump_cut
from survey.privacy.record import Record
from survey.privacy.second_cut import Told, freeze_cut
from survey.privacy.thaw import dump
from survey.privacy.tree import TreeUnit
from tests.privacy.attack.drawn import Wave
from tests.privacy.attack.published import Statement, UnknownNumber

SHOWN = frozenset({"n", "index", "scales"})


def cut(wave: Wave, record: Record, seed: int) -> bytes:
    """Group the report units of a wave at random, in two levels, and return the record; b"" where none may be made."""
    random = np.random.default_rng(seed)
    inner = {facts.unit.parent for facts in wave.inputs.facts}
    leaves = [facts.unit.code for facts in wave.inputs.facts if facts.unit.code not in inner]
    tops = [TreeUnit(f"X{place}", None) for place in range(2)]
    groups = [TreeUnit(f"Y{place}", f"X{place % 2}") for place in range(int(random.integers(2, 5)))]
    places = {leaf: str(random.choice([group.code for group in groups])) for leaf in leaves if random.random() < 0.9}
    plan = CutPlan("other", (*tops, *groups), places)
    try:
        return dump_cut(freeze_cut(wave.inputs, Told(record, dump(record)[1]), plan))[0]
    except Refused:
        return b""


def read_cut(data: bytes, columns: Mapping[str, int]) -> list[Statement]:
    """Read what a second cut tells; `columns` are the scales of the publication with their denominators."""
    record = json.loads(data)
    groups = {group["code"]: group for group in record["groups"]}
    told: list[Statement] = []
    for code, group in groups.items():
        if group["sums"] is None:
            assert group["figures"] is None
            continue
        if group["figures"].keys() != SHOWN or group["sums"].keys() != {"n", "totals"}:
            raise UnknownNumber(code)
        units = tuple(unit for other, below in groups.items() if _under(groups, other, code) for unit in below["units"])
        for (scale, denominator), total in zip(columns.items(), group["sums"]["totals"], strict=True):
            told.append(_statement(record, units, group, (scale, Fraction(total, denominator))))
    return told


def _statement(
    record: Mapping[str, Any], units: Sequence[str], group: Mapping[str, Any], told: tuple[str, Fraction]
) -> Statement:
    bound = group["figures"]["scales"][told[0]]["bound"]
    n = group["sums"]["n"]
    return Statement(record["wave"], f"sum:{told[0]}", tuple(units), (), told[1], n, bound, alone=True)


def _under(groups: Mapping[str, Mapping[str, Any]], code: str, top: str) -> bool:
    at: str | None = code
    while at is not None and at != top:
        at = groups[at]["parent"]
    return at == top
